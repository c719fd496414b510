"""One page becomes an article: what its markup claims (said.py), the text (body/), and one file a field (fields/) that chooses."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from .. import urls
from ..errors import BroadsheetError, ParseError
from ..types import Article, Entry, Page
from . import reading
from .fields import address
from .reading import Part

__all__ = ["UNKNOWN", "Part", "begin", "go_on", "read", "row"]

UNKNOWN = f"https://{address.UNKNOWN}/"  # prefix of the address of a page that nobody knows

# What these libraries say of a page goes to nobody: a hostile page would write into the log at will.
for _name in ("trafilatura", "htmldate", "courlan", "readability", "justext"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)


def read(
    page: Page, entries: Sequence[Entry], now: datetime, *, kept: bool = True, zone: str = "", more: Sequence[Part] = ()
) -> Article:
    """The article that a fetched page is. `entries`: what sources said of it, the first to list it first.

    A page at a host `unknown.invalid` is one whose address nobody knows: its own claim of it is then believed.
    What is kept stays within the page's rights (its site's, its headers', its metas'): without text where that may not
    be kept, with as much excerpt as is allowed. kept: False for one who looks at a page of his own and keeps nothing.
    zone: IANA name of the one that its provider's times are in where they do not say. more: the other pages of the
    article, in order.
    Raises ParseError (empty, too large, unreadable), OptedOut (it asks not to be listed) and NotAnArticle (a list, a
    home page, a shop ...), nothing else.
    """
    return begin(page, entries, now, kept=kept, zone=zone, more=more)[0]


def begin(
    page: Page, entries: Sequence[Entry], now: datetime, *, kept: bool = True, zone: str = "", more: Sequence[Part] = ()
) -> tuple[Article, str]:
    """The same, and the address of the page on which the article goes on; empty where it ends on this one."""
    with _errors_of(page):
        article, following = reading.read(page, entries, now, kept=kept, zone=zone, more=more)
        return (reading.within_rights(article) if kept else article), following if article.rights.text else ""


def go_on(page: Page, first: Article, now: datetime) -> Part:
    """A later page of the article `first`; without blocks where it is another article. Raises ParseError, OptedOut."""
    with _errors_of(page):
        return reading.read_part(page, first, now)


@contextmanager
def _errors_of(page: Page) -> Iterator[None]:
    try:
        yield
    except BroadsheetError:
        raise
    except Exception as exc:  # of the libraries, on a hostile page: it costs this page alone
        raise ParseError(f"page cannot be read ({type(exc).__name__})", page.url) from exc


def row(article: Article) -> dict[str, Any]:
    """An article as the command line prints it: one JSON object, keys of values that are missing left out."""
    amp = article.amp_url
    line: dict[str, Any] = {
        "url": article.url,
        "originalUrl": article.original_url,
        "title": article.title,
        "excerpt": article.excerpt,
        "text": article.text,
        "publishedDateTime": article.published.strftime("%Y-%m-%dT%H:%M:%SZ") if article.date_known else "",
        "type": article.type,
        "paywalled": article.paywalled,
        "language": article.language,
        "provider": {"name": article.provider.name, "domain": article.provider.domain},
        "authors": list(article.authors),
        "images": [_picture(image.url, image.width, image.height) for image in article.images],
        "ampWebUrl": amp,
        "cdnAmpWebUrl": urls.amp_cache(amp) if amp else "",
    }
    return {key: value for key, value in line.items() if value}


def _picture(url: str, width: int, height: int) -> dict[str, Any]:
    sizes = {"width": width, "height": height}
    return {"url": url} | {side: pixels for side, pixels in sizes.items() if pixels}
