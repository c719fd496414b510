"""What is wrong with a feed: the usual mistakes, each by one rule, so that ours can be shown to make none of them."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime

from lxml import etree, html

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
MEDIA = "{http://search.yahoo.com/mrss/}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
# RFC 822 as RSS has it, with a numeric zone; the weekday is checked against the date.
RFC822 = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} [+-]\d{4}")
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
RELATIONS = {"self", "alternate", "hub", "via", "current", "prev-archive", "next-archive", "first", "last", "next",
             "previous", "related", "enclosure", "edit"}  # fmt: skip
UNSAFE = ("script", "iframe", "object", "embed", "form", "style", "link", "meta", "base")


def of_rss(data: bytes, address: str) -> set[str]:
    """Names of the mistakes in an RSS document that is fetched from `address`."""
    try:
        root = etree.fromstring(data)
    except etree.XMLSyntaxError:
        return {"not well-formed"}
    return set(_rss(root, address)) | set(_words(root))


def of_atom(data: bytes, address: str) -> set[str]:
    """The same of an Atom document."""
    try:
        root = etree.fromstring(data)
    except etree.XMLSyntaxError:
        return {"not well-formed"}
    return set(_atom(root, address)) | set(_words(root))


def of_json(data: bytes, address: str) -> set[str]:
    """The same of a JSON Feed."""
    try:
        return set(_json(json.loads(data), address))
    except ValueError:
        return {"not JSON"}


def _rss(root: etree._Element, address: str) -> Iterator[str]:
    channel = root.find("channel")
    yield from (f"no channel {tag}" for tag in ("title", "link", "description") if not channel.findtext(tag))
    own = [link.get("href") for link in channel.iterfind(f"{ATOM}link[@rel='self']")]
    if len(own) != 1:
        yield "not one self"
    elif own != [address]:
        yield "self is another address"
    if "2.0" != root.get("version"):
        yield "version"
    if channel.find("language") is not None and not LANGUAGE.fullmatch(channel.findtext("language")):
        yield "language"
    image = channel.find("image")
    if image is not None and any(image.findtext(tag) != channel.findtext(tag) for tag in ("title", "link")):
        yield "image does not match channel"
    for date in root.iter("pubDate", "lastBuildDate"):
        yield from _rfc822(date.text)
    items = channel.findall("item")
    guids = [item.findtext("guid") for item in items]
    if None in guids:
        yield "no guid"
    if len(set(guids)) < len(guids):
        yield "guid twice"
    for item in items:
        guid = item.find("guid")
        if guid is not None and guid.get("isPermaLink") != "false" and not _absolute(guid.text):
            yield "guid is no URL"
        if not _absolute(item.findtext("link")):
            yield "relative link"
        if not (item.findtext("title") or item.findtext("description")):
            yield "neither title nor description"
        if item.find("author") is not None and "@" not in item.findtext("author"):
            yield "author is no e-mail address"
        if item.find("source") is not None and not _absolute(item.find("source").get("url")):
            yield "source without url"
        for enclosure in item.iterfind("enclosure"):
            if not all(enclosure.get(name) for name in ("url", "length", "type")):
                yield "enclosure without url, length or type"
        yield from _media(item)
        yield from _html(item.findtext("description") or "")
    if any(link.get("rel") not in RELATIONS for link in channel.iterfind(f"{ATOM}link")):
        yield "unknown relation"


def _atom(root: etree._Element, address: str) -> Iterator[str]:
    entries = root.findall(f"{ATOM}entry")
    links = root.findall(f"{ATOM}link")
    own = [link.get("href") for link in links if link.get("rel") == "self"]
    if len(own) != 1:
        yield "not one self"
    elif own != [address]:
        yield "self is another address"
    for element in (root, *entries):
        kind = "feed" if element is root else "entry"
        yield from (f"no {kind} {tag}" for tag in ("id", "title", "updated") if not element.findtext(f"{ATOM}{tag}"))
        if element.findtext(f"{ATOM}id") and not _absolute(element.findtext(f"{ATOM}id")):
            yield "relative id"
        alternates = Counter(
            (link.get("type"), link.get("hreflang"))
            for link in element.iterfind(f"{ATOM}link")
            if link.get("rel", "alternate") == "alternate"
        )
        if any(count > 1 for count in alternates.values()):
            yield "two equal alternates"
        for link in element.iterfind(f"{ATOM}link"):
            if link.get("rel", "alternate") not in RELATIONS:
                yield "unknown relation"
            if not _absolute(link.get("href")):
                yield "relative link"
        for title in element.iterfind(f"{ATOM}title"):
            if title.get("type", "text") not in ("text", "html"):
                yield "type of title"
        for author in element.iterfind(f"{ATOM}author"):
            if not author.findtext(f"{ATOM}name"):
                yield "author without a name"
        language = element.get("{http://www.w3.org/XML/1998/namespace}lang", "en")
        if not LANGUAGE.fullmatch(language):
            yield "language"
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    if len(set(ids)) < len(ids):
        yield "id twice"
    for date in root.iter(f"{ATOM}updated", f"{ATOM}published"):
        if not RFC3339.fullmatch(date.text or ""):
            yield "date without zone"
    for entry in entries:
        if root.find(f"{ATOM}author") is None and entry.find(f"{ATOM}author") is None:
            yield "no author"
        content = entry.find(f"{ATOM}content")
        if (content is None or content.get("src")) and entry.find(f"{ATOM}summary") is None:
            yield "no summary"
        yield from _media(entry)
        if content is not None and content.get("type") == "html":
            yield from _html(content.text or "")
    if root.find(f"{HISTORY}archive") is not None and not any(link.get("rel") == "current" for link in links):
        yield "archive without current"


def _json(feed: dict, address: str) -> Iterator[str]:
    if feed.get("version") != "https://jsonfeed.org/version/1.1":
        yield "version"
    if not feed.get("title"):
        yield "no title"
    if feed.get("feed_url") != address:
        yield "feed_url is another address"
    if feed.get("next_url") == feed.get("feed_url"):
        yield "next_url is feed_url"
    if not LANGUAGE.fullmatch(feed.get("language", "en")):
        yield "language"
    if any(set(hub) != {"type", "url"} for hub in feed.get("hubs", ())):
        yield "hub without type or url"
    if not isinstance(feed.get("items"), list):
        yield "no items"
        return
    ids = [item.get("id") for item in feed["items"]]
    if any(type(one) is not str or not one for one in ids):
        yield "id is no string"
    if len(set(map(str, ids))) < len(ids):
        yield "id twice"
    for item in feed["items"]:
        if "content_html" not in item and "content_text" not in item:
            yield "no content"
        if "author" in item:
            yield "author, not authors"
        for key in ("date_published", "date_modified"):
            if key in item and not RFC3339.fullmatch(item[key]):
                yield "date without zone"
        for key in ("url", "external_url", "image"):
            if key in item and not _absolute(item[key]):
                yield "relative link"
        if not LANGUAGE.fullmatch(item.get("language", "en")):
            yield "language"
        if "title" in item and CONTROL.search(item["title"]):
            yield "control character"
        if any("." in key for key in item if key.startswith("_")):
            yield "dot in the name of an extension"
        yield from _html(item.get("content_html", ""))


def _rfc822(date: str | None) -> Iterator[str]:
    if not RFC822.fullmatch(date or ""):
        yield "date is not RFC 822 with a numeric zone"
    elif WEEKDAYS[parsedate_to_datetime(date).weekday()] != date[:3]:
        yield "wrong weekday"


def _html(content: str) -> Iterator[str]:
    if not content:
        return
    for element in html.fragment_fromstring(content, create_parent="div").iter(etree.Element):
        if element.tag in UNSAFE or any(name.startswith("on") for name in element.attrib):
            yield "script in content"
        for name in ("href", "src"):
            if name in element.attrib and not _absolute(element.get(name)):
                yield "relative reference in content"


def _media(entry: etree._Element) -> Iterator[str]:
    for content in entry.iterfind(f"{MEDIA}content"):
        if not _absolute(content.get("url")) or not all(content.get(name) for name in ("width", "height", "medium")):
            yield "media without url, size or medium"


def _words(root: etree._Element) -> Iterator[str]:
    """Of titles: HTML entities that nobody unescaped, and what no text may hold."""
    for title in root.iter("title", f"{ATOM}title"):
        if re.search(r"&(?:amp|lt|gt|quot|#\d+);", title.text or "") or (
            title.get("type", "text") == "text" and re.search(r"</?(?:b|i|em|strong|p|a)\b[^>]*>", title.text or "")
        ):
            yield "markup in a plain title"
        if CONTROL.search(title.text or ""):
            yield "control character"


def _absolute(url: str | None) -> bool:
    return re.match(r"https?://[^/\s]+/\S*\Z", url or "") is not None


def moment(text: str) -> datetime:
    """Of either form."""
    return datetime.fromisoformat(text) if RFC3339.fullmatch(text) else parsedate_to_datetime(text)
