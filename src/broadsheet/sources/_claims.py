"""What a source says of one thing, still raw, and how that becomes an Entry: cleaned, bounded, never believed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import TypeVar

from .. import dates, text, urls
from ..errors import ParseError
from ..types import Entry, Image, Source, Struct

MAX_ENTRIES = 2_000  # of one resource
LOOKED_AT = 50_000  # things that one resource lists, of which those are chosen: as many as a sitemap may have
SUMMARY = 2_000  # characters of plain text
MARKUP = 200_000  # characters of markup that are read for one field
NAMES = 30  # authors or categories of one entry

_Item = TypeVar("_Item")
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
_EMAIL = re.compile(r"[<(\[]?\s*(?:mailto:)?[^\s<>()\[\],;@]{1,64}@[^\s<>()\[\],;@]{1,255}\s*[>)\]]?")
_BY = re.compile(r"^\s*(?:by|von|par|por|di|door|av)\s*:?\s+(?=\S)", re.IGNORECASE)
_LANGUAGE = re.compile(r"\s*([a-zA-Z]{2,3})(?:[-_][\w-]*)?\s*\Z")
_NO_LANGUAGE = {"und", "mul", "zxx", "mis"}
_ESCAPED = re.compile(r"</[a-zA-Z]|&#?\w{1,31};")
_VIDEO = re.compile(
    r"https?://(?:(?:www\.|m\.)?youtube\.com/(?:watch\?|shorts/|live/|embed/)|youtu\.be/\w|(?:www\.|player\.)?vimeo\.com/(?:video/)?\d)",
    re.IGNORECASE,
)


class Medium(Struct, frozen=True):
    """A file that an entry points to. kind: image, video, audio, or empty when nothing says."""

    url: str
    kind: str = ""
    width: str = ""
    height: str = ""
    title: str = ""


class Said(Struct, frozen=True):
    """The claims of one item, as text of its source. Fields with `_html` may carry markup, the others do not."""

    links: tuple[str, ...] = ()  # best first; the first that is an http address wins
    base: str = ""
    id: str = ""
    title: str = ""
    title_html: str = ""
    summary: str = ""
    summary_html: str = ""
    content: str = ""
    content_html: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""
    updated: str = ""
    language: str = ""
    media: tuple[Medium, ...] = ()
    categories: tuple[str, ...] = ()
    is_video: bool = False


def entry(said: Said, source: Source, now: datetime) -> Entry:
    """The Entry of one item, fetched at `now`. url is empty where no link of it is an http or https address.

    A date that cannot be (see dates.sensible) is absent, and stays in published_raw for whoever explains it.
    """
    url = next(filter(None, (address(link, said.base) for link in said.links)), "")
    summary = plain(said.summary, said.summary_html)
    is_same = said.content_html == said.summary_html and said.content == said.summary
    content = summary if is_same else plain(said.content, said.content_html)
    if len(summary) > SUMMARY:
        content = content or summary  # the whole article stands in the description
        summary = text.excerpt(summary[: 2 * SUMMARY], SUMMARY)  # an excerpt has one space for a blank line
    elif content == summary:
        content = ""
    raw = text.clean(said.published[:200])
    return Entry(
        source=source.url,
        url=url,
        id=text.clean(said.id[:1_000]),
        title=_title(said),
        summary=summary,
        content=content,
        authors=names(said.authors),
        published=moment(raw, now),
        published_raw=raw,
        updated=moment(said.updated, now),
        language=language(said.language) or language(source.language),
        image=_image(said) if said.media else None,
        categories=_categories(said.categories),
        type="video" if said.is_video or _shows_video(url, said.media) else "article",
    )


def newest(items: Sequence[_Item], said: Callable[[_Item], str], now: datetime) -> tuple[Sequence[_Item], int]:
    """At most MAX_ENTRIES of what a resource lists, in its order, and how many were left out.

    said: the date of one, as written. The newest are kept; without dates the first, since feeds list the newest first.
    """
    if len(items) <= MAX_ENTRIES:
        return items, 0
    moments = [moment(said(item), now) or _LONG_AGO for item in items[:LOOKED_AT]]
    by_date = sorted(range(len(moments)), key=moments.__getitem__, reverse=True)  # equals stay in order
    return [items[i] for i in sorted(by_date[:MAX_ENTRIES])], len(items) - MAX_ENTRIES


def address(link: str, base: str = "") -> str:
    """Canonical form of a link, or empty where it is none that we follow."""
    if not link or len(link) > 4 * urls.MAX_LENGTH or link.isspace():
        return ""
    try:
        return urls.canonical(urls.unwrap(link), base or None)
    except ParseError:
        return ""


def plain(literal: str, markup: str) -> str:
    """Plain text of a field: `markup` without its tags, else `literal` as it stands; a blank line parts paragraphs."""
    if markup:
        return text.from_html(markup[:MARKUP])
    return text.clean_paragraphs(literal[:MARKUP])


def _title(said: Said) -> str:
    if said.title_html or _ESCAPED.search(said.title[:5_000]):
        # Text that is called plain and holds closing tags or entities was escaped twice.
        found = text.one_line((said.title_html or said.title)[:5_000])
    else:
        found = text.clean(said.title[:5_000])
    return found if len(found) <= text.TITLE else text.excerpt(found, text.TITLE)


def moment(raw: str, now: datetime) -> datetime | None:
    """A publisher's date as aware UTC; None where it is absent, no date, not sensible, or longer than a date can be."""
    found = dates.parse(raw) if raw and len(raw) <= 200 else None
    return found if found and dates.sensible(found, now) else None


def names(claimed: Iterable[str]) -> tuple[str, ...]:
    """Names of people or bodies, without addresses, without "By", each once.

    >>> names(["jo@harbour.example (Jo Kim)", "By Ana Bo, Li Wei", "desk@harbour.example"])
    ('Jo Kim', 'Ana Bo', 'Li Wei')
    """
    return tuple(dict.fromkeys(name for claim in claimed for name in _names(claim[:1_000])))[:NAMES]


@lru_cache(maxsize=1_024)  # a feed repeats a few
def _names(claim: str) -> tuple[str, ...]:
    name = _unbracketed(_EMAIL.sub(" ", text.one_line(claim)))
    parts = [part.removeprefix("and ").strip() for part in re.split(r"[,;]", _BY.sub("", name))]
    # "Ana Bo, Li Wei" are two; "Smith, John" and "Harbour Post, Inc." are one.
    found = parts if all(2 <= len(part.split()) <= 4 for part in parts) else [_BY.sub("", name)]
    return tuple(
        text.excerpt(part, 200) for part in found if part and any(char.isalpha() for char in part) and "://" not in part
    )


def _unbracketed(name: str) -> str:
    """`(Jo Kim)` is what is left of `jo@example.org (Jo Kim)`."""
    name = name.strip(" \t,;<>")
    return name[1:-1].strip() if name.startswith("(") and name.endswith(")") else name


def language(tag: str) -> str:
    """Primary subtag of a language tag in lower case (BCP 47), empty where it is none or says nothing."""
    found = _LANGUAGE.match(tag[:40]) if tag else None
    primary = found.group(1).lower() if found else ""
    return "" if primary in _NO_LANGUAGE else primary


def _categories(claimed: Iterable[str]) -> tuple[str, ...]:
    found = dict.fromkeys(name for claim in claimed if (name := _category(claim[:500])))
    return tuple(found)[:NAMES]


@lru_cache(maxsize=1_024)
def _category(claim: str) -> str:
    name = text.one_line(claim)
    return text.excerpt(name, 100) if name and "://" not in name else ""


def _image(said: Said) -> Image | None:
    """The largest picture that says its size, else the first."""
    sized = [(pixels(m.width), pixels(m.height), m) for m in said.media if m.kind == "image"]
    for width, height, medium in sorted(sized, key=lambda one: -one[0] * one[1]):  # equals stay in order
        if url := address(medium.url, said.base):
            return Image(url=url, width=width, height=height, title=text.one_line(medium.title[:500]))
    return None


def pixels(said: str) -> int:
    """A length in pixels, 0 where it is none that a picture has."""
    if not said:
        return 0
    said = said.strip().removesuffix("px")
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 5 else 0


def _shows_video(url: str, media: Iterable[Medium]) -> bool:
    return _VIDEO.match(url) is not None or any(medium.kind == "video" for medium in media)


def kind_of(mime: str, url: str = "", medium: str = "") -> str:
    """image, video or audio: as `medium` or the media type says, else by the ending of the path; empty when unknown."""
    for said in (medium.strip().lower(), mime.strip().lower().partition("/")[0]):
        if said in ("image", "video", "audio"):
            return said
    if mime and mime.strip().lower() != "application/octet-stream":
        return ""
    try:
        path = urls.parse(
            url, "https://example.invalid/"
        ).pathname.lower()  # a base, as a feed's own address may be unknown
    except ParseError:
        return ""
    for kind, endings in _ENDINGS.items():
        if path.endswith(endings):
            return kind
    return ""


_ENDINGS = {
    "image": (".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif"),
    "video": (".mp4", ".m4v", ".webm", ".mov", ".m3u8"),
    "audio": (".mp3", ".m4a", ".ogg", ".opus", ".aac", ".flac", ".wav"),
}
