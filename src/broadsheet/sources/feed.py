"""RSS 0.9x to 2.0, RSS 1.0 (RDF), Atom 0.3 and 1.0, and CDF; well-formed or not.

A well-formed feed is read from its lxml tree. What libxml2 complains about is repaired (stray `&`, HTML entities) and
read again; what is still broken is also given to feedparser, and the fuller reading wins.
"""

from __future__ import annotations

import base64
import re
from itertools import islice
from typing import Any

from lxml import etree
from msgspec.structs import replace

from .. import urls
from ..errors import ParseError
from ..types import Listing, Page, Source, Struct
from . import _hub, _xml
from ._claims import MARKUP, Medium, Said, address, entry, kind_of, newest
from ._loose import listing_of_broken

LOOSE = 2 * 1024 * 1024  # bytes of a broken feed that feedparser is asked to read: it takes seconds for a megabyte
LONGEST_WAIT = 7 * 86_400.0  # seconds: who asks for more has not written a feed of news, or has a typing error
ROOTS = {"rss", "feed", "rdf", "channel"}

_ITEMS = tuple(f"{{*}}{name}" for name in ("item", "entry", "Item", "Entry", "ITEM", "ENTRY"))
_ITEMS += ("rss:item", "atom:entry")  # with a prefix that nobody declared
_ITEM_TAG = re.compile(rb"<(?:[\w.-]+:)?(?:item|entry)\b", re.IGNORECASE)
_MEDIA = tuple(f"{{*}}{name}" for name in ("content", "thumbnail", "title", "description", "credit"))
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|div|p|h1)\b", re.IGNORECASE)
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_PERIODS = {"hourly": 3_600.0, "daily": 86_400.0, "weekly": 604_800.0, "monthly": 2_592_000.0, "yearly": 31_536_000.0}
# The elements that may say a thing once, best first.
_FIELDS = {
    "title": ("title", "dc:title", "itunes:title"),
    "summary": ("summary", "description", "abstract", "dc:description", "itunes:summary", "itunes:subtitle"),
    "content": ("content:encoded", "content", "fullitem", "body", "xhtml:body"),
    "id": ("id", "guid", "dc:identifier"),
    "published": (
        "pubdate", "published", "issued", "dc:date", "dcterms:issued", "dcterms:created", "created", "dcterms:date",
    ),
    "updated": ("updated", "modified", "dcterms:modified", "lastbuilddate"),
    "language": ("dc:language", "language"),
}  # fmt: skip
_RANKED = {key: (name, rank) for name, keys in _FIELDS.items() for rank, key in enumerate(keys)}
_DATES = (*_FIELDS["published"], *_FIELDS["updated"])
_AUTHORS = ("author", "dc:creator", "creator", "dc:author", "itunes:author", "dc:contributor")
_MANY = {*_AUTHORS, "link", "guid", "a", "feedburner:origlink", "category", "dc:subject", "itunes:keywords"}
_MANY |= {"enclosure", "image", "itunes:image", "yt:videoid"}
_HAS_BASE = etree.XPath("boolean(//@xml:base)")

# Bounds of one item: children and media that are read; items around it (an item that is not closed holds all the next).
CHILDREN = 1_000
MEDIA = 100
NESTED = 8


class _Feed(Struct, frozen=True):
    """What holds for every entry of one feed."""

    base: str
    language: str = ""
    authors: tuple[str, ...] = ()
    is_atom: bool = False
    has_base: bool = False
    has_media: bool = False  # at any depth of an item; else among its children
    wait: float = 0.0  # seconds
    links: tuple[tuple[str, str], ...] = ()  # of the feed itself: relations and address


def recognises(page: Page) -> bool:
    """Does the first element look like a feed's? Reads the first 4 KB."""
    head = _xml.head(page)
    return _xml.root_name(head) in ROOTS or _xml.root_name(_xml.bare(head)) in ROOTS


def listing(page: Page, source: Source) -> Listing:
    """Every entry of the feed in its order, of more than 2,000 the newest; none for a feed without any.

    An entry without a usable link has url "". Raises ParseError when it is no feed or cannot be read.
    """
    data = _xml.bare(_xml.utf8(page))
    root, well_formed = _xml.tree(data)
    if not well_formed:
        for mend in (_xml.repaired, _xml.quoted):
            if not well_formed:
                data = mend(data)
                root, well_formed = _xml.tree(data)
    is_feed = root is not None and _xml.key(root.tag) in ROOTS | {"rdf:rdf"}
    found = _listing(root, page, source) if is_feed else Listing()
    is_loose = not (well_formed and found.entries) and len(data) <= LOOSE and not _is_web_page(page, data)
    if is_loose and _ITEM_TAG.search(data):  # without one there is nothing to find, however long one looks
        other = listing_of_broken(data, page, source, required=not is_feed)
        if _completeness(other) > _completeness(found):
            found = replace(found, entries=other.entries, cut=other.cut)
    if not found.entries and not is_feed:
        raise _refusal(page, data)
    return found


def _listing(root: Any, page: Page, source: Source) -> Listing:
    feed = _feed(root, page)
    items, cut = newest(_items(root), _date, page.fetched_at)
    hub, topic = _hub.of_links(feed.links, page.final_url)
    entries = tuple(entry(_said(item, feed), source, page.fetched_at) for item in items)
    return Listing(entries=entries, cut=cut, wait=feed.wait, hub=hub, topic=topic)


def _completeness(found: Listing) -> tuple[int, int]:
    """Entries, and links and titles in them: a stray end tag can shut an item before its link."""
    return len(found.entries), sum(bool(one.url) + bool(one.title) for one in found.entries)


def _is_web_page(page: Page, data: bytes) -> bool:
    return _xml.root_name(data) not in ROOTS and bool(_HTML.match(data) or "html" in page.content_type.lower())


def _refusal(page: Page, data: bytes) -> ParseError:
    if _is_web_page(page, data):
        return ParseError("a web page, not a feed", page.final_url, "`broadsheet add` finds the feed of a page")
    name = _xml.root_name(data)
    return ParseError(f"not a feed (it opens with <{name[:40]}>)" if name else "not a feed", page.final_url)


# --- the tree --------------------------------------------------------------------------------------------------------


def _items(root: Any) -> list[Any]:
    """Items wherever they stand: inside the channel, beside it (RSS 1.0), or nested (CDF)."""
    return [
        item
        for item in root.iter(*_ITEMS)
        if (item.prefix is None or _xml.key(item.tag) in ("item", "entry"))
        and len([*item.iterancestors(*_ITEMS)]) <= NESTED
    ]


def _feed(root: Any, page: Page) -> _Feed:
    channel = next((child for child in root if _xml.key(child.tag) == "channel"), root)
    is_atom = _xml.key(root.tag) == "feed"
    link, language = "", root.get(_XML_LANG) or channel.get(_XML_LANG) or ""
    authors: list[str] = []
    links: list[tuple[str, str]] = []
    said: dict[str, str] = {}
    for child in channel:
        key = _xml.key(child.tag)
        if key == "link":
            href, rel = (child.get("href") or child.text or "").strip(), child.get("rel", "alternate")
            links.append((rel, href))
            if not link and rel == "alternate":
                link = address(href, page.final_url)
        elif key in ("language", "dc:language") and not language:
            language = child.text or ""
        elif key == "author" and is_atom:
            authors += _people(child)
        elif key in ("ttl", "sy:updateperiod", "sy:updatefrequency"):
            said.setdefault(key, _text(child))
    # RFC 4287 resolves against the document's own address; RSS says nothing, and there links are meant for the site.
    own = page.final_url if urls.is_http(page.final_url) else ""
    return _Feed(
        base=(own or link) if is_atom else (link or own),
        language=language,
        authors=tuple(authors),
        is_atom=is_atom,
        has_base=bool(_HAS_BASE(root)),
        has_media="mrss" in " ".join((*root.nsmap.values(), *channel.nsmap.values())).lower(),
        wait=_wait(said),
        links=tuple(links),
    )


def _wait(said: dict[str, str]) -> float:
    """Seconds, at most LONGEST_WAIT: RSS 2.0 `ttl` in minutes, else a period and how often in it (RSS 1.0 module)."""
    ttl, frequency = said.get("ttl", ""), said.get("sy:updatefrequency", "")
    if ttl.isascii() and ttl.isdigit():
        seconds = 60.0 * int(ttl[:9])
    else:
        times = int(frequency[:9]) if frequency.isascii() and frequency.isdigit() else 1
        seconds = _PERIODS.get(said.get("sy:updateperiod", "").lower(), 0.0) / max(1, times)
    return min(seconds, LONGEST_WAIT)


def _date(item: Any) -> str:
    """When an item is from, as it says; cheaper than all that it says."""
    own = item.tag[1:].rpartition("}")[0]
    said = {_xml.key(child.tag, own): child for child in islice(item, CHILDREN)}
    return next((text for key in _DATES if (text := _text(said.get(key)))), "")


def _said(item: Any, feed: _Feed) -> Said:
    found: dict[str, list[Any]] = {}
    best: dict[str, tuple[int, Any]] = {}
    texts: dict[str, str] = {}  # of the best, since asking an element twice copies a whole article twice
    own = item.tag[1:].rpartition("}")[0]
    has_media = feed.has_media
    for child in islice(item, CHILDREN):
        key = _xml.key(child.tag, own)
        if key in _RANKED:
            name, rank = _RANKED[key]
            if name not in best or rank < best[name][0]:
                said = child.text or ""
                if (said and not said.isspace()) or len(child):
                    best[name], texts[name] = (rank, child), said
        if key in _MANY:
            found.setdefault(key, []).append(child)
        elif key.startswith("media:"):
            has_media = True
    media, extra = _media(item, found) if has_media else (_enclosures(found), {})
    for name, key in (("title", "title"), ("summary", "description")):
        if name not in best and key in extra:
            best[name], texts[name] = (0, extra[key]), extra[key].text or ""

    def line(name: str) -> str:
        if name not in best:
            return ""
        return _text(best[name][1]) if len(best[name][1]) else texts[name][:MARKUP].strip()

    def field(name: str) -> tuple[str, str]:
        return _field(best[name][1], texts[name], feed.is_atom) if name in best else ("", "")

    title, title_html = field("title")
    summary, summary_html = field("summary")
    content, content_html = field("content")
    return Said(
        links=tuple(_links(item, found)),
        base=_base(item, found, feed),
        id=line("id") or item.get(_RDF_ABOUT, ""),
        title=title,
        title_html=title_html,
        summary=summary,
        summary_html=summary_html,
        content=content,
        content_html=content_html,
        authors=_authors(found, extra) or feed.authors,
        published=line("published"),
        updated=line("updated") or item.get("lastmod", "") or item.get("LASTMOD", ""),
        language=item.get(_XML_LANG) or line("language") or feed.language,
        media=media,
        categories=tuple(_categories(found)),
        is_video="yt:videoid" in found,
    )


def _text(element: Any) -> str:
    """Text of an element and of what is in it, at most MARKUP characters."""
    if element is None:
        return ""
    return ((element.text or "") if not len(element) else "".join(element.itertext()))[:MARKUP].strip()


def _field(element: Any, said: str, is_atom: bool) -> tuple[str, str]:
    """(literal text, markup) of an element that begins with `said`; one of them is empty.

    Only Atom tells them apart, by `type` (RFC 4287, section 3.1).
    """
    if len(element):
        inner = "".join(etree.tostring(child, encoding="unicode") for child in islice(element, CHILDREN))
        return "", (said + inner)[:MARKUP]
    said = said[:MARKUP]
    if not is_atom:
        return "", said
    kind, mode = element.get("type", "").lower(), element.get("mode", "").lower()
    if mode == "base64" or ("/" in kind and not kind.startswith("text/") and "xml" not in kind):
        return "", _from_base64(said)
    return ("", said) if "html" in kind or mode == "escaped" else (said, "")


def _from_base64(said: str) -> str:
    """Text of an Atom construct in base64; empty for what is no text (a picture)."""
    try:
        return base64.b64decode("".join(said.split())).decode("utf-8")
    except ValueError:
        return ""


def _links(item: Any, found: dict[str, list[Any]]) -> list[str]:
    """Candidates, best first: the publisher's own address, alternates, a permalink guid, what RDF and CDF say."""
    links = [_text(element) for element in found.get("feedburner:origlink", ())]
    alternates: list[str] = []
    others: list[str] = []
    for element in found.get("link", ()):
        href = element.get("href") or element.get("HREF") or _text(element)
        rel = element.get("rel", "alternate").lower()
        if rel in ("alternate", ""):
            is_page = "html" in element.get("type", "html").lower()
            alternates.insert(0 if is_page and not alternates else len(alternates), href)
        elif rel in ("related", "via", "canonical"):
            others.append(href)
    links += alternates
    for guid in found.get("guid", ()):
        if (value := _text(guid)).lower().startswith(("http://", "https://")):
            is_permalink = guid.get("isPermaLink") or guid.get("ispermalink") or "true"
            links += [value] if is_permalink.strip().lower() != "false" else []
    links += [value for name in (_RDF_ABOUT, "href", "HREF") if (value := item.get(name))]
    links += [a.get("href") or a.get("HREF") or "" for a in found.get("a", ())]
    return [link.strip() for link in links + others if link and not link.isspace()]


def _base(item: Any, found: dict[str, list[Any]], feed: _Feed) -> str:
    if not feed.has_base:
        return feed.base
    nearest = next(iter(found.get("link", ())), item).base  # xml:base of it and of all above it (XML Base)
    try:
        return str(urls.parse(nearest, feed.base or None).href) if nearest else feed.base
    except ParseError:
        return feed.base


def _people(element: Any) -> list[str]:
    """Names in an Atom person construct, or the text of RSS's author."""
    named = [_text(child) for child in element if _xml.key(child.tag).rpartition(":")[2] == "name"]
    return named if len(element) else [_text(element)]


def _authors(found: dict[str, list[Any]], extra: dict[str, Any]) -> tuple[str, ...]:
    for key in _AUTHORS:
        named = [name for element in found.get(key, ()) for name in _people(element) if name]
        if key == "author" and all("@" in name and "(" not in name for name in named):
            continue  # RSS's author is an e-mail address; the name is in dc:creator
        if named:
            return tuple(named)
    credit = extra.get("credit")
    return (_text(credit),) if credit is not None and credit.get("role", "author") == "author" else ()


def _categories(found: dict[str, list[Any]]) -> list[str]:
    elements = found.get("category", []) + found.get("dc:subject", [])
    said: list[str] = [element.get("label") or element.get("term") or _text(element) for element in elements]
    for element in found.get("itunes:keywords", []) if not said else []:
        said += _text(element).split(",")
    return said


def _enclosures(found: dict[str, list[Any]]) -> tuple[Medium, ...]:
    files = [(element.get("url", ""), element.get("type", "")) for element in found.get("enclosure", ())]
    files += [
        (element.get("href", ""), element.get("type", ""))
        for element in found.get("link", ())
        if element.get("rel", "").lower() == "enclosure"
    ]
    media = [Medium(url=url, kind=kind) for url, mime in files if url and (kind := kind_of(mime, url))]
    media += [Medium(url=url, kind="image") for e in found.get("itunes:image", ()) if (url := e.get("href"))]
    for element in found.get("image", ()):
        inner = (_text(child) for child in element if _xml.key(child.tag) == "url")
        if url := element.get("href") or next(inner, "") or _text(element):
            media.append(Medium(url=url, kind="image"))
    return tuple(media)


def _media(item: Any, found: dict[str, list[Any]]) -> tuple[tuple[Medium, ...], dict[str, Any]]:
    """Media RSS at any depth of the item: pictures and videos, thumbnails after them; and its texts by name."""
    media: list[Medium] = []
    thumbnails: list[Medium] = []
    extra: dict[str, Any] = {}
    for element in islice(item.iter(*_MEDIA), MEDIA):
        key = _xml.key(element.tag)
        if not key.startswith("media:"):
            continue
        url, name = element.get("url", "").strip(), key[6:]
        if name in ("title", "description", "credit"):
            extra.setdefault(name, element)
        elif name == "thumbnail" and (url := url or _text(element)):
            thumbnails.append(
                Medium(url=url, kind="image", width=element.get("width", ""), height=element.get("height", ""))
            )
        elif url and (kind := kind_of(element.get("type", ""), url, element.get("medium", ""))):
            media.append(Medium(url=url, kind=kind, width=element.get("width", ""), height=element.get("height", "")))
    return tuple(media + thumbnails) + _enclosures(found), extra
