"""Article links of an index page (a front page, a section, a list of reports), for sites without a feed."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from .. import providers, text, urls
from ..errors import ParseError
from ..types import Listing, Page, Source
from . import _xml
from ._claims import Said, address, entry, newest

WORDS = 4  # the fewest in a headline; two characters of a script without spaces count as one
_NEAR = 5  # levels above a link in which its date is looked for
_LINKS = 20_000  # that are looked at

_CHROME = {"nav", "footer", "aside", "form", "dialog"}
_CHROME_ROLES = {"navigation", "contentinfo", "complementary", "search", "menu", "menubar"}
_HEADINGS = {"h1", "h2", "h3", "h4"}
_ITEM = {"article", "li", "td", "dt", "dd"}
_DATED = re.compile(r"/(?:19|20)\d\d[/-]?(?:0?[1-9]|1[0-2]|[a-z]{3})(?:[/-]|\b)", re.IGNORECASE)
_NUMBER = re.compile(r"\d{4,}")
# Last parts and folders of addresses that list things; the words are the same on sites of many languages.
_LISTS = {
    "tag",
    "tags",
    "category",
    "categories",
    "author",
    "authors",
    "topic",
    "topics",
    "search",
    "page",
    "login",
    "account",
    "subscribe",
}
_FEED_TYPES = {
    "application/rss+xml": "feed",
    "application/atom+xml": "feed",
    "application/rdf+xml": "feed",
    "application/feed+json": "jsonfeed",
}


def recognises(page: Page) -> bool:
    """Does it open as an HTML document does?"""
    return (
        _xml.root_name(_xml.head(page)) in ("html", "head", "body") or b"<!doctype html" in _xml.head(page, 256).lower()
    )


def listing(page: Page, source: Source) -> Listing:
    """Links that look like articles of the page's own site, in document order, each address once; the newest 2,000.

    The text of the link is the title; a `<time>` that stands with it and with no other article is its date.
    Raises ParseError when the page cannot be read.
    """
    root = _html(page)
    base = _base(root, page)
    try:
        site = providers.domain(base)
    except ParseError as exc:
        raise ParseError("the page has no address to resolve links against", page.final_url) from exc
    language = root.get("lang") or ""
    found: dict[str, tuple[Any, str]] = {}
    for count, link in enumerate(root.iter("a")):
        if count >= _LINKS:
            break
        url = address((link.get("href") or "").strip(), base)
        if url and url not in found and _is_article_of(url, site, page) and (title := _headline(link, url)):
            found[url] = (link, title)
    dates = _dates(root, found)
    listed, cut = newest(tuple(found), lambda url: dates.get(url, ""), page.fetched_at)
    said = (Said(links=(url,), title=found[url][1], published=dates.get(url, ""), language=language) for url in listed)
    return Listing(entries=tuple(entry(one, source, page.fetched_at) for one in said), cut=cut)


def advertised(page: Page) -> tuple[tuple[str, str], ...]:
    """(kind, absolute URL) of the feeds that a page names with rel=alternate or rel=feed, each once, in its order.

    Source: WHATWG HTML, section 4.6.7.1 (link type "alternate"), and the JSON Feed specification on discovery.
    """
    try:
        root = _html(page)
    except ParseError:
        return ()
    base = _base(root, page)
    found: dict[str, str] = {}
    for link in root.iter("link", "a"):
        rels = (link.get("rel") or "").lower().split()
        mime = (link.get("type") or "").partition(";")[0].strip().lower()
        href = (link.get("href") or "").strip()
        # Version 1.0 of JSON Feed used plain JSON, which also means other things (a REST interface, oEmbed).
        plain_json = mime == "application/json" and "feed" in href.lower() and "wp-json" not in href.lower()
        kind = "jsonfeed" if plain_json else _FEED_TYPES.get(mime, "feed" if "feed" in rels and not mime else "")
        if kind and ({"alternate", "feed"} & set(rels)) and (url := address(href, base)):
            found.setdefault(url, kind)
    return tuple((kind, url) for url, kind in found.items())


def _html(page: Page) -> Any:
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, recover=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(_xml.utf8(page), parser)
    except (etree.LxmlError, ValueError) as exc:
        raise ParseError("cannot be read as a web page", page.final_url) from exc
    if root is None:
        raise ParseError("cannot be read as a web page", page.final_url)
    return root


def _base(root: Any, page: Page) -> str:
    """Address that links are relative to: `<base href>`, which is itself relative to the page's own."""
    element = next(root.iter("base"), None)
    href = (element.get("href") or "").strip() if element is not None else ""
    return address(href, page.final_url) or page.final_url


def _is_article_of(url: str, site: str, page: Page) -> bool:
    """Same registrable domain, and a path as articles have: a date, a number, a long slug, or deep with a slug."""
    if providers.domain(url) != site or urls.identity(url) == _own(page):
        return False
    parsed = urls.parse(url)
    path = str(parsed.pathname)
    parts = [part for part in path.lower().split("/") if part]
    if not parts:
        return False
    if parts[-1] in _LISTS or any(part in _LISTS for part in parts[:-1]):
        return False
    words = len([word for word in re.split(r"[-_+]|%20", parts[-1]) if word])
    return bool(
        _DATED.search(path)
        or _NUMBER.search(parts[-1])
        or _NUMBER.search(str(parsed.search))
        or words >= 4
        or (len(parts) >= 2 and words >= 3)
        or (len(parts) >= 2 and parts[-1].count("%") >= 8)  # a slug in another script
        or (len(parts) >= 3 and words >= 2)
    )


def _own(page: Page) -> str:
    return urls.identity(page.final_url) if urls.is_http(page.final_url) else ""


def _headline(link: Any, url: str) -> str:
    """Title of a link that stands where headlines stand, empty for one that does not or has too few words."""
    inner = next(link.iter(*_HEADINGS), None)
    title = text.clean(" ".join((link if inner is None else inner).itertext())[:5_000])
    if text.count_words(title) < WORDS:
        return ""
    headed = inner is not None
    for above in link.iterancestors():
        if above.tag in _CHROME or (above.get("role") or "").lower() in _CHROME_ROLES:
            return ""
        headed = headed or above.tag in _HEADINGS or above.tag in _ITEM
        if above.tag == "header" and not headed:
            return ""
    return text.excerpt(title, text.TITLE) if headed or _DATED.search(url) else ""


def _dates(root: Any, found: dict[str, tuple[Any, str]]) -> dict[str, str]:
    """Date of each address: of the `<time>` in the nearest element around its link that holds no other address."""
    owners: dict[Any, set[str]] = {}
    for url, (link, _) in found.items():
        for above in _around(link):
            owners.setdefault(above, set()).add(url)
    times: dict[Any, str] = {}
    for moment in root.iter("time"):
        said = moment.get("datetime") or "".join(moment.itertext())
        for above in _around(moment):
            times.setdefault(above, said.strip()[:200])
    dates: dict[str, str] = {}
    for url, (link, _) in found.items():
        alone = (above for above in _around(link) if len(owners[above]) == 1 and above in times)
        if (nearest := next(alone, None)) is not None:
            dates[url] = times[nearest]
    return dates


def _around(element: Any) -> list[Any]:
    """The element and those above it, at most _NEAR levels."""
    above = element.iterancestors()
    return [element, *(parent for _, parent in zip(range(_NEAR), above, strict=False))]
