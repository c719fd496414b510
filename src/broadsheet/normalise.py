"""An article made fit to keep: dates within the window, lengths within limits, pictures that are links."""

from __future__ import annotations

import re
from datetime import datetime

from msgspec.structs import replace

from . import dates, text, urls
from .errors import ParseError
from .types import Article, Image

MAX_TEXT = 400_000  # characters: a long report; more is a data dump
MAX_AUTHORS = 20
MAX_IMAGES = 10
_NAME = 120  # characters of an author's or a provider's name
_LAST_BREAK = re.compile(r"(?<=[.!?。！？])\s")


def normalise(article: Article, now: datetime) -> Article:
    """The same article with every field within its bounds. Idempotent. Raises ParseError when no title is left.

    A date outside [1990, now + 24 h] becomes the one of the first sight, with `date_known` False, and the claim says
    what was said.
    """
    title = text.one_line(article.title[: 20 * text.TITLE])
    if not title:
        raise ParseError("page has no title", article.url)
    known = article.date_known and dates.sensible(article.published, now)
    updated = article.updated if article.updated and dates.sensible(article.updated, now) else None
    body = _cut(text.clean_markdown(article.text))
    return replace(
        article,
        title=_shorten(title),
        excerpt=text.excerpt(article.excerpt),
        text=body,
        published=article.published if known else article.first_seen,
        date_known=known,
        updated=updated,
        claims=article.claims if known else article.claims | {"published": _first_seen(article)},
        web_url="" if article.featured_content else article.url,
        authors=_names(article.authors),
        images=_pictures(article.images),
        amp_url=article.amp_url if urls.is_http(article.amp_url) else "",
        words=text.count_words(text.plain(body)) if body else article.words,
    )


def _first_seen(article: Article) -> str:
    """Claim of an article without a date that can be: `first-seen (said: 2099-01-01)`."""
    if article.date_known:
        return f"first-seen (said: {article.published.date().isoformat()})"
    origin = article.claims.get("published", "")
    return origin if origin.startswith("first-seen") else "first-seen"


def _shorten(title: str) -> str:
    if len(title) <= text.TITLE:
        return title
    cut = title[: text.TITLE - 1]
    return cut[: cut.rfind(" ")].rstrip(" ,;:–—-") + "…" if " " in cut else cut + "…"


def _cut(body: str) -> str:
    """A text that is too long ends after the last block that fits; within the first where that does not fit."""
    if len(body) <= MAX_TEXT:
        return body
    kept: list[str] = []
    left = MAX_TEXT + 2
    for block in text.blocks(body):
        left -= len(block) + 2
        if left < 0:
            return "\n\n".join(kept) or _within(block)
        kept.append(block)
    return "\n\n".join(kept)


def _within(block: str) -> str:
    """The beginning of a block: whole lines where it has several, else whole sentences, else whole words."""
    fence = block[: len(block) - len(block.lstrip("`"))]
    body = block[: MAX_TEXT - len(fence) - 1]
    ends = [match.start() for match in _LAST_BREAK.finditer(body, MAX_TEXT - 5_000)]
    if "\n" in body:
        ends = [body.rfind("\n")]
    body = body[: ends[-1]] if ends else body.rpartition(" ")[0] or body
    return f"{body}\n{fence}" if fence else body.rstrip().rstrip("\\")


def _names(authors: tuple[str, ...]) -> tuple[str, ...]:
    names = {text.fold(name): name for author in authors if (name := text.one_line(author)) and len(name) <= _NAME}
    return tuple(names.values())[:MAX_AUTHORS]


def _pictures(images: tuple[Image, ...]) -> tuple[Image, ...]:
    """Absolute http(s) links, each once; a size out of range is no size."""
    found: dict[str, Image] = {}
    for image in images:
        if not urls.is_http(image.url) or image.url in found:
            continue
        fits = 0 < image.width <= 20_000 and 0 < image.height <= 20_000
        found[image.url] = image if fits or not (image.width or image.height) else replace(image, width=0, height=0)
    return tuple(found.values())[:MAX_IMAGES]
