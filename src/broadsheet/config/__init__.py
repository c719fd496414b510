"""The publication file and what lies beside it, as frozen settings: bytes in, a Publication out, no I/O."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from typing import Any

import msgspec

from .. import __version__, plainyaml, text, topics, urls
from ..errors import ParseError, UsageError
from ..types import (
    Feeds,
    FetchLimits,
    File,
    Git,
    Image,
    Pictures,
    Places,
    Provider,
    Publication,
    Seal,
    Site,
    WebSub,
)
from ._wire import PublicationFile
from .newsletter import newsletter
from .opml import SOURCES_FILE, outline, parse_opml, with_sources
from .zones import zone_of

__all__ = ["SOURCES_FILE", "fingerprint", "outline", "parse", "parse_opml", "plain", "with_sources"]

PUBLICATION_FILE = "broadsheet.toml"


def parse(files: Mapping[str, bytes], over: File | None = None) -> Publication:
    """Settings of a publication folder, given as relative path -> bytes.

    files: `broadsheet.toml`, `topics/*.yaml`, `sources.opml`, `organizations/*.md`; all but the first may be absent.
    over: a TOML file that is laid over them: its keys are those of `broadsheet.toml`, where a table goes key by key and
    any other value takes the place of the old one; `[topics."NAME"]` does the same to a topic file.
    Raises UsageError naming the file, what is wrong in it and what to do.
    """
    top = _publication_file(files[PUBLICATION_FILE])
    topical = {path: data for path, data in files.items() if path.startswith("topics/")}
    if over is not None:
        raw = _toml(over.data, over.path)
        topical = topics.with_changes(topical, raw.pop("topics", {}), over.path)
        top = _converted(_laid_over(_toml(files[PUBLICATION_FILE], PUBLICATION_FILE), raw), over.path)
    tree = topics.parse_tree(topical)
    sources = parse_opml(files[SOURCES_FILE]) if SOURCES_FILE in files else ()
    known = {topic.name for topic in tree}
    for source in sources:
        for name in source.topics:
            if name not in known:
                raise UsageError(
                    f"topic {name} of source {source.url} does not exist", SOURCES_FILE, topics.nearest(name, known)
                )
    for name in top.stories.half_life:
        if name not in known:
            where = f"{PUBLICATION_FILE} [stories.half_life]"
            raise UsageError(f"topic {name} does not exist", where, topics.nearest(name, known))
    site_url = _site_url(top.url)
    organizations = tuple(
        _organization(path, data, site_url) for path, data in sorted(files.items()) if path.startswith("organizations/")
    )
    publication = Publication(
        title=text.one_line(top.title),
        url=site_url,
        description=text.one_line(top.description),
        locale=top.locale,
        timezone=top.timezone,
        contact=top.contact,
        profile=top.profile,
        publish_at=top.publish_at,
        vendor=top.vendor,
        outputs=top.outputs,
        unpublished_records=top.records.unpublished,
        related=top.records.related,
        site=Site(theme=top.site.theme, offline=top.site.offline),
        feeds=Feeds(hubs=tuple(_hub(url) for url in top.feeds.hubs)),
        git=Git(push=top.git.push, remote=top.git.remote, branch=top.git.branch),
        seal=Seal(text=top.seal.text),
        newsletter=newsletter(top.newsletter, known),
        story_days=top.stories.days,
        story_dense=top.stories.dense,
        half_life_hours=top.stories.half_life_hours,
        half_lives=top.stories.half_life,
        provider_share=top.front.provider_share,
        story_weight=top.stories.weight,
        quality_factors=top.quality,
        heat_factors=top.heat,
        topics=tree,
        places=Places(**{name: getattr(top.topics, name) for name in Places.__struct_fields__}),
        sources=sources,
        organizations=organizations,
        fetch=FetchLimits(**{name: getattr(top.fetch, name) for name in FetchLimits.__struct_fields__}),
        websub=WebSub(callback=_callback(top.websub.callback), listen=top.websub.listen),
        pictures=Pictures(**{name: getattr(top.images, name) for name in Pictures.__struct_fields__}),
        hosts=top.fetch.hosts,
        store=top.store.url,
        topic_files=_beside(files, "topics/"),
        organization_files=_beside(files, "organizations/"),
    )
    return msgspec.structs.replace(publication, fingerprint=fingerprint(publication))


def _publication_file(data: bytes) -> PublicationFile:
    return _converted(_toml(data, PUBLICATION_FILE), PUBLICATION_FILE)


def _toml(data: bytes, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise UsageError(f"broken TOML ({exc})", where, "mend that line") from exc


def _converted(raw: dict[str, Any], where: str) -> PublicationFile:
    try:
        top = msgspec.convert(raw, PublicationFile)
    except msgspec.ValidationError as exc:
        raise UsageError(str(exc).replace("Object", "it", 1), where, "see docs/reference/publication.md") from exc
    if top.profile not in ("standard", "classic"):
        raise UsageError(f"profile {top.profile} is unknown", where, "use standard or classic")
    return top


def _laid_over(base: dict[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with what `over` says: tables key by key, anything else in full."""
    merged = dict(base)
    for key, value in over.items():
        old = merged.get(key)
        merged[key] = _laid_over(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


def _site_url(url: str) -> str:
    try:
        return urls.canonical(url).rstrip("/") + "/"
    except ParseError as exc:
        raise UsageError(f"url: {exc.what}", PUBLICATION_FILE, "give the address where the site will stand") from exc


def _callback(url: str) -> str:
    try:
        return urls.canonical(url).rstrip("/") + "/" if url else ""
    except ParseError as exc:
        raise UsageError(f"websub.callback: {exc.what}", PUBLICATION_FILE, "give the address hubs can reach") from exc


def _hub(url: str) -> str:
    try:
        return urls.canonical(url)
    except ParseError as exc:
        raise UsageError(f"feeds.hubs: {exc.what}", PUBLICATION_FILE, "give the address of a WebSub hub") from exc


def _beside(files: Mapping[str, bytes], folder: str) -> tuple[File, ...]:
    return tuple(File(path=path, data=data) for path, data in sorted(files.items()) if path.startswith(folder))


def fingerprint(publication: Publication) -> str:
    """Changes exactly when stored topics and quality may no longer be what this publication would give.

    What is learnt is no part of it: what is stored was judged with what was known then.
    """
    judged_by = (
        __version__,
        publication.profile,
        publication.vendor,
        publication.quality_factors,
        publication.topics,
        publication.places,
        sorted((s.url, s.topics, s.provider, s.tier) for s in publication.sources),
        publication.organizations,
    )
    return hashlib.sha256(msgspec.json.encode(judged_by, order="deterministic")).hexdigest()[:16]


# --- organisations ---------------------------------------------------------------------------------------------------


def _organization(path: str, data: bytes, site_url: str) -> Provider:
    """One file of `organizations/`: front matter with `domain`, `name`, `images`, `tier`, `zone`, `owner`.

    Raises UsageError.

    An image address that begins with `/` means a file of the site, as the predecessor wrote them.
    """
    front = data.decode("utf-8", "replace").replace("\r\n", "\n").removeprefix("---\n").partition("\n---")[0]
    try:
        raw = plainyaml.load(front)
    except ParseError as exc:
        raise UsageError(exc.what, f"{path} {exc.where}".strip(), "mend the file") from exc
    if not isinstance(raw, dict) or not raw.get("domain") or not raw.get("name"):
        raise UsageError("an organisation needs `domain` and `name`", path, "add them")
    images = raw.get("images") or []
    tier = str(raw.get("tier") or "0")
    zone = zone_of(str(raw.get("zone") or ""), path)
    try:
        logos = tuple(_logo(image, site_url) for image in images)
        name, domain = text.clean(raw["name"]), urls.host(f"https://{raw['domain']}/")
        owner = text.one_line(str(raw.get("owner") or ""))
        return Provider(domain=domain, name=name, images=logos, known=True, tier=int(tier), zone=zone, owner=owner)
    except (KeyError, ValueError, TypeError, AttributeError, ParseError) as exc:
        raise UsageError(f"domain, image or tier is wrong ({exc})", path, "give url, width and height") from exc


def _logo(image: Mapping[str, Any], site_url: str) -> Image:
    url = urls.canonical(str(image["url"]).lstrip("/"), site_url)
    return Image(url=url, width=int(image.get("width") or 0), height=int(image.get("height") or 0))


def plain(publication: Publication) -> dict[str, Any]:
    """Every setting by name, defaults included, for `config dump`; the bytes of files are left out."""
    hidden = {"topic_files", "organization_files", "theme_files"}
    kept = {name: getattr(publication, name) for name in publication.__struct_fields__ if name not in hidden}
    found: dict[str, Any] = msgspec.to_builtins(kept)
    return found
