"""The registry of providers: who stands behind the held articles, and files in `organizations/` for those we know."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import msgspec

from .. import files, providers, record, text, urls
from ..errors import ParseError, UsageError
from ..types import Article, File, Image, Provider, Publication, Struct
from .publication import opened

FOLDER = "organizations"
MOST_TIER = 3


class Registered(Struct, frozen=True, kw_only=True):
    """One provider of held articles, or of the registry. names: what its pages call it -> how many do."""

    domain: str
    name: str
    articles: int
    known: bool  # it has a file in the registry
    tier: int = 0
    names: dict[str, int] = {}
    logos: tuple[Image, ...] = ()  # what its pages show of it; those of the registry where it is known


def listing(folder: Path) -> tuple[Registered, ...]:
    """Every provider of a held article and of the registry, most articles first. Raises BroadsheetError."""
    with opened(folder, lock=False) as (publication, store):
        return _registered(publication, store.articles())


def _registered(publication: Publication, articles: Sequence[Article]) -> tuple[Registered, ...]:
    known = {provider.domain: provider for provider in publication.organizations}
    held: defaultdict[str, list[Article]] = defaultdict(list)
    for article in articles:
        held[article.provider.domain].append(article)
    rows = [_row(domain, held[domain], known.get(domain)) for domain in {*known, *held}]
    return tuple(sorted(rows, key=lambda row: (-row.articles, row.domain)))


def _row(domain: str, articles: Sequence[Article], known: Provider | None) -> Registered:
    # Where a source files articles under another domain, what their pages say is of their own site.
    claims = [a.publisher or a.provider for a in articles]
    own = [claim for claim in claims if claim.domain == domain]
    names = Counter(claim.name for claim in own)
    logos = known.images if known else providers.logos(logo for claim in own for logo in claim.images)
    filed = articles[0].provider.name if articles else ""
    return Registered(
        domain=domain,
        name=known.name if known else providers.name_among(names.elements()) or filed,
        articles=len(articles),
        known=known is not None,
        tier=known.tier if known else 0,
        names=dict(sorted(names.items(), key=lambda pair: (-pair[1], pair[0]))),
        logos=logos,
    )


def add(
    folder: Path, domains: Sequence[str], *, name: str = "", tier: int = 0, force: bool = False
) -> tuple[Provider, ...]:
    """Write `organizations/<domain>.md` for each domain; returns what was written, in this order.

    name: else the one that most pages of the domain give, else one made of the domain. The logos that they show come
    along as addresses. tier: 1 to 3, 0 leaves it as it is. A file that is there is replaced only with `force`.
    Raises UsageError before anything is written: no domain, a name for several, one that has a file.
    """
    if not 0 <= tier <= MOST_TIER:
        raise UsageError(f"tier {tier} is unknown", "--tier", "use 1, 2 or 3")
    if name and len(domains) > 1:
        raise UsageError("one name for several domains", name, "add them one by one")
    with opened(folder) as (publication, store):
        there = {provider.domain: file.path for provider, file in _files(publication)}
        rows = {row.domain: row for row in _registered(publication, store.articles())}
        filed = {source.provider for source in publication.sources}
        wanted = [_domain(domain, {*rows, *filed}) for domain in domains]
        for domain in wanted:
            if domain in there and not force:
                raise UsageError("is in the registry already", there[domain], "replace it with --force, or edit it")
        before = {provider.domain: (provider.zone, provider.owner) for provider in publication.organizations}
        written = []
        for domain in dict.fromkeys(wanted):
            zone, owner = before.get(domain, ("", ""))
            made = _provider(domain, rows.get(domain), name, tier)
            written.append(msgspec.structs.replace(made, zone=zone, owner=owner))
        for provider in written:
            path = there.get(provider.domain, f"{FOLDER}/{provider.domain}.md")
            logos = tuple(_below(image, publication.url) for image in provider.images)
            data = record.dump_organization(msgspec.structs.replace(provider, images=logos))
            files.put(folder, File(path=path, data=data))
        return tuple(written)


def _below(image: Image, site: str) -> Image:
    """A file of our own site is written without the site, as it is read."""
    inside = image.url.startswith(site)
    return msgspec.structs.replace(image, url=f"/{image.url.removeprefix(site)}") if inside else image


def _files(publication: Publication) -> list[tuple[Provider, File]]:
    """Providers of the registry with their files: both are in the order of the files' names."""
    return list(zip(publication.organizations, publication.organization_files, strict=True))


def _domain(given: str, known: set[str]) -> str:
    """A domain as providers have it, which is fit to be a file's name. Raises UsageError."""
    try:
        if any(mark in given for mark in "/?#:@"):
            raise ParseError("it has more to it than a name")
        host = urls.host(f"https://{given.strip()}/")
    except ParseError as exc:
        raise UsageError(f"no domain ({exc.what})", given, "write it as harbour.example") from exc
    if not all(char.isalnum() or char in "-._" for char in host):
        raise UsageError("no domain", given, "write it as harbour.example")
    if host not in known and host != providers.registrable(host):
        raise UsageError("no provider has a domain below another's", given, f"write {providers.registrable(host)}")
    return host


def _provider(domain: str, row: Registered | None, name: str, tier: int) -> Provider:
    if row is None:
        row = Registered(domain=domain, name=providers.name_from(domain), articles=0, known=False)
    name = text.clean(name) or row.name
    return Provider(domain=domain, name=name, images=row.logos, known=True, tier=tier or row.tier)
