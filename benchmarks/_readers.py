"""Readers of article pages: ours and its peers, each called as its own documentation calls it, and what each told.

A reader is `read`, which is timed, and `told`, which brings the result into one form and is not. Its libraries are
imported when it first reads, so that a process holds those of its own reader alone.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, NamedTuple
from urllib.parse import quote

import msgspec

NOW = datetime(2026, 11, 24, tzinfo=UTC)  # after every page
NOWHERE = "https://unknown.invalid/"  # for a peer that wants an address where the page has none


class Saved(msgspec.Struct, frozen=True):
    """A saved page. url: empty where nobody tells it. html: `body` decoded, which is what the peers are given."""

    name: str
    url: str
    body: bytes
    html: str


class Told(msgspec.Struct, frozen=True):
    """What a reader says of a page. article: False where it refuses the page; `text` may then still be there."""

    text: str = ""
    title: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None  # naive where the reader knows no zone
    cover: str = ""
    article: bool = False


class Reader(NamedTuple):
    read: Callable[[Saved], Any]
    told: Callable[[Any], Told]
    fields: tuple[str, ...]  # of Told, that it can tell


ALL = ("text", "title", "authors", "published", "cover")


def read_by_broadsheet(saved: Saved) -> Any:
    from broadsheet import extract, normalise
    from broadsheet.errors import BroadsheetError
    from broadsheet.types import Page

    url = saved.url or extract.UNKNOWN + quote(saved.name)
    page = Page(url=url, final_url=url, status=200, body=saved.body, fetched_at=NOW)
    try:
        return normalise.normalise(extract.read(page, (), NOW, kept=False), NOW)
    except BroadsheetError as refused:
        return refused


def told_by_broadsheet(article: Any) -> Told:
    if isinstance(article, Exception):
        return Told(text=getattr(article, "text", ""))
    return Told(
        text=article.text,
        title=article.title,
        authors=article.authors,
        published=article.published if article.date_known else None,
        cover=article.images[0].url if article.images else "",
        article=bool(article.text),
    )


def read_by_trafilatura(saved: Saved) -> Any:
    import trafilatura

    return trafilatura.bare_extraction(saved.html, url=saved.url or None, with_metadata=True)


def read_text_by_trafilatura(saved: Saved) -> Any:
    import trafilatura

    return trafilatura.bare_extraction(saved.html)


def told_by_trafilatura(document: Any) -> Told:
    if document is None:
        return Told()
    return Told(
        text=document.text or "",
        title=document.title or "",
        authors=tuple((document.author or "").split("; ")),
        published=datetime.fromisoformat(document.date) if document.date else None,
        cover=document.image or "",
        article=bool(document.text),
    )


def read_by_newspaper(saved: Saved) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it lacks nltk, which parsing does not use
        import newspaper

    for settings in ({}, {"language": "en"}):
        article = newspaper.Article(saved.url or NOWHERE, fetch_images=False, **settings)
        try:
            return article.download(input_html=saved.html).parse()
        except ImportError as lacking:  # the extra of a language without spaces: then as any other language
            failure = lacking
    raise failure


def told_by_newspaper(article: Any) -> Told:
    return Told(
        text=article.text or "",
        title=article.title or "",
        authors=tuple(article.authors),
        published=article.publish_date or None,
        cover=article.top_image or "",
        article=bool(article.text),
    )


def read_by_readability(saved: Saved) -> Any:
    import readability

    document = readability.Document(saved.html)
    return document.title(), document.summary()


def told_by_readability(result: Any) -> Told:
    import lxml.html

    title, summary = result
    spaced = re.sub(r"(?=<(?:p|div|br|li|h\d|td|tr)\b)", " ", summary)  # words of two blocks are two words
    text = " ".join(lxml.html.document_fromstring(spaced).text_content().split())
    return Told(text=text, title=title, article=bool(text))


READERS = {
    "broadsheet": Reader(read_by_broadsheet, told_by_broadsheet, ALL),
    "trafilatura": Reader(read_by_trafilatura, told_by_trafilatura, ALL),
    "trafilatura, text only": Reader(read_text_by_trafilatura, told_by_trafilatura, ("text",)),
    "newspaper4k": Reader(read_by_newspaper, told_by_newspaper, ALL),
    "readability-lxml": Reader(read_by_readability, told_by_readability, ("text", "title")),
}
VERSIONS = ("trafilatura", "newspaper4k", "readability-lxml", "lxml")


def versions() -> dict[str, str]:
    return {name: version(name) for name in VERSIONS}


def quiet() -> None:
    """What these libraries log of a page is of no interest here."""
    logging.disable(logging.CRITICAL)
