"""The publication file and what lies beside it, as frozen settings: bytes in, a Publication out, no I/O."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from typing import Annotated, Any
from xml.sax.saxutils import quoteattr

import msgspec
from lxml import etree

from . import __version__, dates, plainyaml, text, topics, urls
from .errors import ParseError, UsageError
from .types import FetchLimits, File, Image, Pictures, Places, Provider, Publication, Source, WebSub

PUBLICATION_FILE = "broadsheet.toml"
SOURCES_FILE = "sources.opml"
STORE = "sqlite:///.broadsheet/store.db"

_Positive = Annotated[int, msgspec.Meta(ge=1)]
_Weight = Annotated[float, msgspec.Meta(ge=0, le=10)]


class _Stories(msgspec.Struct, forbid_unknown_fields=True):
    days: _Positive = 14
    dense: bool = False
    half_life_hours: Annotated[float, msgspec.Meta(gt=0)] = 24.0
    weight: int = 20
    half_life: dict[str, Annotated[float, msgspec.Meta(gt=0)]] = {}


class _Front(msgspec.Struct, forbid_unknown_fields=True):
    provider_share: Annotated[float, msgspec.Meta(gt=0, le=1)] = 0.2


class _Records(msgspec.Struct, forbid_unknown_fields=True):
    unpublished: bool = True


class _Fetch(msgspec.Struct, forbid_unknown_fields=True):
    connect: Annotated[float, msgspec.Meta(gt=0)] = 5.0
    total: Annotated[float, msgspec.Meta(gt=0)] = 20.0
    redirects: Annotated[int, msgspec.Meta(ge=0, le=20)] = 5
    raw: _Positive = 5 * 1024 * 1024
    decoded_source: _Positive = 15 * 1024 * 1024
    decoded_page: _Positive = 10 * 1024 * 1024
    image: _Positive = 8 * 1024 * 1024
    concurrency: _Positive = 64
    ports: tuple[Annotated[int, msgspec.Meta(ge=1, le=65_535)], ...] = (80, 443, 8080, 8443)
    private: tuple[str, ...] = ()
    delay: Annotated[float, msgspec.Meta(ge=0, le=3_600)] = 0.0
    patience: Annotated[float, msgspec.Meta(ge=0, le=3_600)] = 60.0
    hosts: dict[str, str] = {}


class _WebSub(msgspec.Struct, forbid_unknown_fields=True):
    callback: str = ""
    listen: Annotated[str, msgspec.Meta(pattern=r"^(\[[0-9A-Fa-f:.]+\]|[^\s:\[\]]+):\d{1,5}$")] = "127.0.0.1:8765"


class _Images(msgspec.Struct, forbid_unknown_fields=True):
    sizes: bool = True
    thumbnails: bool = False


class _Places(msgspec.Struct, forbid_unknown_fields=True):
    title: _Weight = 1.0
    excerpt: _Weight = 1.0
    opening: _Weight = 1.0
    text: _Weight = 0.5


class _StoreTable(msgspec.Struct, forbid_unknown_fields=True):
    url: str = STORE


class _PublicationFile(msgspec.Struct, forbid_unknown_fields=True):
    """Wire form of broadsheet.toml; defaults are those of types.Publication."""

    title: Annotated[str, msgspec.Meta(min_length=1)]
    url: str
    description: str = ""
    locale: str = "en-us"
    timezone: str = "UTC"
    contact: str = ""
    profile: str = "standard"
    publish_at: int = 70
    vendor: str = ""
    outputs: tuple[str, ...] = ("records", "api", "rss", "atom", "jsonfeed", "sitemap", "site")
    topics: _Places = msgspec.field(default_factory=_Places)
    stories: _Stories = msgspec.field(default_factory=_Stories)
    front: _Front = msgspec.field(default_factory=_Front)
    records: _Records = msgspec.field(default_factory=_Records)
    fetch: _Fetch = msgspec.field(default_factory=_Fetch)
    images: _Images = msgspec.field(default_factory=_Images)
    store: _StoreTable = msgspec.field(default_factory=_StoreTable)
    websub: _WebSub = msgspec.field(default_factory=_WebSub)
    quality: dict[str, float] = {}
    heat: dict[str, float] = {}


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
        pictures=Pictures(sizes=top.images.sizes, thumbnails=top.images.thumbnails),
        hosts=top.fetch.hosts,
        store=top.store.url,
        topic_files=_beside(files, "topics/"),
        organization_files=_beside(files, "organizations/"),
    )
    return msgspec.structs.replace(publication, fingerprint=fingerprint(publication))


def _publication_file(data: bytes) -> _PublicationFile:
    return _converted(_toml(data, PUBLICATION_FILE), PUBLICATION_FILE)


def _toml(data: bytes, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise UsageError(f"broken TOML ({exc})", where, "mend that line") from exc


def _converted(raw: dict[str, Any], where: str) -> _PublicationFile:
    try:
        top = msgspec.convert(raw, _PublicationFile)
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
    zone = _zone(str(raw.get("zone") or ""), path)
    try:
        logos = tuple(_logo(image, site_url) for image in images)
        name, domain = text.clean(raw["name"]), urls.host(f"https://{raw['domain']}/")
        owner = text.one_line(str(raw.get("owner") or ""))
        return Provider(domain=domain, name=name, images=logos, known=True, tier=int(tier), zone=zone, owner=owner)
    except (KeyError, ValueError, TypeError, AttributeError, ParseError) as exc:
        raise UsageError(f"domain, image or tier is wrong ({exc})", path, "give url, width and height") from exc


def _zone(name: str, where: str) -> str:
    """Raises UsageError on a name that no time zone has."""
    if name and dates.iana(name) is None:
        raise UsageError(f"zone {name[:80]} is unknown", where, "use an IANA name such as Europe/Paris")
    return name


def _logo(image: Mapping[str, Any], site_url: str) -> Image:
    url = urls.canonical(str(image["url"]).lstrip("/"), site_url)
    return Image(url=url, width=int(image.get("width") or 0), height=int(image.get("height") or 0))


# --- sources.opml ----------------------------------------------------------------------------------------------------


def parse_opml(data: bytes) -> tuple[Source, ...]:
    """Sources of an OPML 2.0 file, in its order: every outline with an `xmlUrl`, at any depth.

    Beside the standard `text`, `title` and `xmlUrl` an outline may carry our `kind`, `provider`, `topics` (separated by
    commas), `language`, `tier` and `zone`. One URL listed twice counts once. Raises UsageError.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as exc:
        raise UsageError(f"broken OPML ({exc.msg})", SOURCES_FILE, "mend that line") from exc
    found: dict[str, Source] = {}
    for outline in root.iter("outline"):
        address = outline.get("xmlUrl") or outline.get("xmlurl")
        if not address:
            continue
        where = f"{SOURCES_FILE} line {outline.sourceline}"
        try:
            url = str(urls.parse(address).href)
            tier = int(outline.get("tier") or 0)
            provider = urls.host(f"https://{outline.get('provider')}/") if outline.get("provider") else ""
        except ParseError as exc:
            raise UsageError(exc.what, f"{where}, {address[:80]}", "mend the address") from exc
        except ValueError as exc:
            raise UsageError("tier is not a number", where, "use 1, 2 or 3") from exc
        found.setdefault(
            url,
            Source(
                url=url,
                kind=outline.get("kind") or "feed",
                title=text.clean(outline.get("title") or outline.get("text") or ""),
                provider=provider,
                topics=tuple(filter(None, (text.clean(name) for name in (outline.get("topics") or "").split(",")))),
                language=(outline.get("language") or "").lower().split("-")[0],
                tier=tier,
                zone=_zone(outline.get("zone") or "", where),
            ),
        )
    return tuple(found.values())


def outline(source: Source) -> str:
    """One outline element of `sources.opml`."""
    pairs = [("type", "rss"), ("text", source.title or source.url), ("xmlUrl", source.url)]
    pairs += [("kind", source.kind)] if source.kind != "feed" else []
    pairs += [("provider", source.provider)] if source.provider else []
    pairs += [("topics", ", ".join(source.topics))] if source.topics else []
    pairs += [("language", source.language)] if source.language else []
    pairs += [("tier", str(source.tier))] if source.tier else []
    pairs += [("zone", source.zone)] if source.zone else []
    return f"<outline {' '.join(f'{key}={quoteattr(value)}' for key, value in pairs)}/>"


def with_sources(opml: bytes, new: tuple[Source, ...]) -> bytes:
    """The OPML file with outlines for `new` put before its `</body>`; the rest of it stays byte for byte.

    Raises UsageError when there is no `</body>`.
    """
    before, end, after = opml.rpartition(b"</body>")
    if not end:
        raise UsageError("there is no </body>", SOURCES_FILE, "mend the file")
    lines = "".join(f"    {outline(source)}\n" for source in new)
    return before.rstrip(b" \t") + lines.encode() + b"  " + end + after


def plain(publication: Publication) -> dict[str, Any]:
    """Every setting by name, defaults included, for `config dump`; the bytes of files are left out."""
    hidden = {"topic_files", "organization_files"}
    kept = {name: getattr(publication, name) for name in publication.__struct_fields__ if name not in hidden}
    found: dict[str, Any] = msgspec.to_builtins(kept)
    return found
