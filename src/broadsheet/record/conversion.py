"""From the article that we hold to the record that is printed and back; the names of records' files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container, Sequence
from datetime import UTC, datetime

import msgspec

from .. import providers, text, urls
from ..errors import ParseError, RecordError
from ..types import Article, Hit, Image, Provider, Reason, Record, Related

LOGO = 50  # pixels: side of the logo that a record's provider carries


def file_name(published: datetime, title: str, url: str, domain: str, taken: Container[str]) -> str:
    """Name of a new record's file, without folder: `YYYY-MM-DD-<slug>.md`, the day in UTC.

    url: canonical URL; domain: its provider's. A title that leaves no slug (a non-Latin script) takes the domain and
    eight hexadecimal digits of the URL's SHA-256 in its place. taken: names in use; then `-2`, `-3` follow.
    """
    slug = text.slug(title)
    if not slug:
        host = re.sub(r"[^a-z0-9]+", "-", domain.lower()).strip("-")
        slug = f"{host}-{hashlib.sha256(url.encode()).hexdigest()[:8]}".lstrip("-")
    stem = f"{published.astimezone(UTC).date().isoformat()}-{slug}"
    name, count = f"{stem}.md", 1
    while name in taken:
        count += 1
        name = f"{stem}-{count}.md"
    return name


def identity(printed: Record | Related) -> str:
    """Canonical URL of what a record, or an item of its `related` list, shows; empty where it gives no usable one."""
    url = printed.web_url or (printed.original_url if isinstance(printed, Record) else None)
    try:
        return urls.canonical(url) if url else ""
    except ParseError:
        return ""


def to_article(record: Record, name: str, now: datetime) -> Article:
    """The article of an imported record: its facts and judgements as they stand, its text made clean.

    name: the record's file name, for messages and reasons. The predecessor left entities and line ends in titles;
    the article has none, the record keeps them. Raises RecordError when no URL says what the record is about.
    """
    url = identity(record)
    if not url:
        raise RecordError("record has no usable webUrl or originalUrl", name, "add one of them")
    return Article(
        url=url,
        original_url=record.original_url or "",
        web_url=record.web_url or "",
        title=text.clean(text.unescape(record.title))[: text.TITLE],
        excerpt=text.clean(text.unescape(record.excerpt or "")),
        published=record.published_at,
        first_seen=min(record.published_at, now),
        type=record.type,
        provider=record.provider or providers.resolve(url, "", {}),
        images=_absolute(record.images),
        amp_url=record.amp_url or "",
        featured_content=record.featured_content or "",
        claims=dict.fromkeys(("title", "excerpt", "published", "provider"), "record"),
        topics=record.topics,
        hits=tuple(Hit(topic=topic, keyword="", where="record") for topic in record.topics),
        quality=record.quality or 0,
        reasons=_imported(record, name),
    )


def _imported(record: Record, name: str) -> tuple[Reason, ...]:
    if record.quality is None:
        return ()
    return (Reason(factor="imported", value=f"as {name} states", points=record.quality),)


def from_article(
    article: Article,
    heat: int,
    published: bool,
    related: Sequence[Related],
    secured: str | None = None,
    removed: bool = False,
) -> Record:
    """The record of one article. `related` is printed in the order given. web_url is absent for an embedded video."""
    amp_url, cdn_amp_url = _amp(article)
    web_url = article.web_url or None
    return Record(
        title=article.title,
        excerpt=article.excerpt,
        published_at=article.published,
        # The two are equal wherever both stand: the address as the entry gave it is nobody's to read.
        original_url=(web_url or article.original_url) if article.original_url else None,
        web_url=web_url,
        amp_url=amp_url or None,
        cdn_amp_url=cdn_amp_url or None,
        type=article.type,
        quality=article.quality,
        heat=heat,
        removed=removed,
        published=published and not removed,
        featured_content=article.featured_content or None,
        provider=_with_logo(article),
        topics=article.topics,
        images=_absolute(article.images),
        related=tuple(related),
        secured=secured,
    )


def related_of(article: Article) -> Related:
    """An article as the records of its story's other members list it."""
    amp_url, cdn_amp_url = _amp(article)
    return Related(
        title=article.title,
        excerpt=article.excerpt,
        published=article.published,
        web_url=article.web_url or article.original_url or article.url,
        amp_url=amp_url,
        cdn_amp_url=cdn_amp_url,
        type=article.type,
        provider=Provider(domain=article.provider.domain, name=article.provider.name),
        quality=article.quality,
        images=_absolute(article.images),
    )


def _amp(article: Article) -> tuple[str, str]:
    """The AMP page and its cache address: both, or neither where the page's own claim is no address."""
    if not _is_absolute(article.amp_url):
        return "", ""
    try:
        return article.amp_url, urls.amp_cache(article.amp_url)
    except ParseError:
        return "", ""


def _with_logo(article: Article) -> Provider:
    """With one logo at most: the one of LOGO pixels, else the first. What a page only claims is not printed, unless it
    is kept here; then its address is one of ours, and needs no `isCached` beside it."""
    provider = article.provider
    named = provider.known or article.publisher is None
    logos = [
        msgspec.structs.replace(logo, is_cached=False) for logo in _absolute(provider.images) if named or logo.is_cached
    ]
    small = [logo for logo in logos if logo.width == logo.height == LOGO] or list(logos)
    return Provider(domain=provider.domain, name=provider.name, images=tuple(small[:1]), known=provider.known)


def _absolute(images: Sequence[Image]) -> tuple[Image, ...]:
    return tuple(image for image in images if _is_absolute(image.url))


def _is_absolute(url: str) -> bool:
    """Printed as it is, so the scheme must stand there as readers of a record look for it."""
    return url.startswith(("https://", "http://")) and urls.is_http(url)
