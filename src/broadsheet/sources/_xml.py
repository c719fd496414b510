"""Bytes of an XML or JSON resource as UTF-8, and UTF-8 as a tree: no entities, no DTD, no network, bounded."""

from __future__ import annotations

import html
import html.entities
import re
import zlib
from functools import lru_cache
from typing import Any

from lxml import etree

from .. import charset
from ..errors import ParseError
from ..types import Page

MAX_DECODED = 15 * 1024 * 1024  # bytes of a gzip body once unpacked: fetch's own limit for a source
MAX_MEMBERS = 100  # of one gzip body: each costs a copy of what follows it

_ROOTS = {"rss", "feed", "rdf", "channel", "urlset", "sitemapindex", "html"}
_START = re.compile(rb"<\?xml\b|<rss\b|<feed\b|<rdf:rdf\b", re.IGNORECASE)
_PROLOG = re.compile(rb"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
# What may stand in a DOCTYPE and hide its end: quoted text, comments, the internal subset.
_DOCTYPE_PART = re.compile(rb"\"[^\"]*\"|'[^']*'|<!--.*?(?:-->|\Z)|[\[\]>]", re.DOTALL)
_ROOT = re.compile(rb"<((?:[\w.-]+:)?[\w.-]+)")
# CDATA, and each `&` that starts no reference of XML itself, with the name of the entity that it may start instead.
_AMPERSAND = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?!(?:amp|lt|gt|quot|apos|#[0-9]++|#[xX][0-9a-fA-F]++);)([a-zA-Z][a-zA-Z0-9]{1,31};)?",
    re.DOTALL,
)
_NUMERIC = re.compile(r"&#(?:[0-9]+|[xX][0-9a-fA-F]+);?")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
TAG = re.compile(rb"<[\w:.-]+\s[^<>]*>")
_ATTRIBUTE = re.compile(rb"(\s[\w:.-]+\s*=\s*)(\"[^\"]*\"|'[^']*'|[^\s\"'<>]+?(?=\s|/?>))")
_GZIP = b"\x1f\x8b"
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")

# What a namespace is used for, by a part of its name: publishers vary scheme, case and the last slash.
_NAMESPACES = (
    ("search.yahoo.com/mrss", "media:"),
    ("video.search.yahoo.com/mrss", "media:"),
    ("purl.org/dc/elements", "dc:"),
    ("purl.org/dc/terms", "dcterms:"),
    ("modules/content", "content:"),
    ("podcast-1.0.dtd", "itunes:"),
    ("itunes.com/dtds", "itunes:"),
    ("feedburner", "feedburner:"),
    ("pheedo", "feedburner:"),
    ("xml/schemas/2015", "yt:"),
    ("1999/02/22-rdf-syntax-ns", "rdf:"),
    ("1999/xhtml", "xhtml:"),
    ("modules/syndication", "sy:"),
    ("purl.org/rss/1.0/modules", "?:"),
    ("purl.org/rss/1.0", ""),
    ("purl.org/net/rss1.1", ""),
    ("my.netscape.com/rdf", ""),
    ("backend.userland.com/rss", ""),
    ("harvard.edu/tech/rss", ""),
    ("rssboard.org", ""),
    ("purl.org/atom/ns", ""),
    ("w3.org/2005/atom", ""),
)


def utf8(page: Page) -> bytes:
    """The body in UTF-8; gzip is unpacked first (`.xml.gz` sitemaps).

    Raises ParseError when that goes over MAX_DECODED or there is nothing.
    """
    body = unpacked(page)
    if not body.strip(b"\x00\t\n\r "):
        raise ParseError("empty body", page.final_url)
    return charset.utf8(body, page.content_type)


def unpacked(page: Page) -> bytes:
    """The body, unpacked when it is gzip: all its members, or what is there of one that was cut off.

    Raises ParseError for a broken one, for more than MAX_DECODED bytes and for more than MAX_MEMBERS members.
    """
    if not page.body.startswith(_GZIP):
        return page.body
    try:
        data = _gunzip(page.body, MAX_DECODED)
    except zlib.error as exc:
        raise ParseError(f"broken gzip body ({exc})", page.final_url) from exc
    if len(data) > MAX_DECODED:
        raise ParseError(f"gzip body of more than {MAX_DECODED} bytes", page.final_url)
    return data


def _gunzip(packed: bytes, most: int) -> bytes:
    """At most `most` + 1 bytes. Raises zlib.error."""
    data = b""
    for _ in range(MAX_MEMBERS):
        if len(data) > most or not packed.startswith(_GZIP):
            return data
        unpack = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
        data += unpack.decompress(packed, most + 1 - len(data))
        packed = unpack.unused_data
    if packed:
        raise zlib.error(f"more than {MAX_MEMBERS} members")
    return data


def head(page: Page, most: int = 4096) -> bytes:
    """The first bytes, cheaply, for recognising; markup is ASCII in every encoding that matters here."""
    body = page.body
    if body.startswith(_GZIP):
        try:
            body = _gunzip(body, most)
        except zlib.error:
            return b""
    body = body[: most * 2].replace(b"\x00", b"")
    return next((body[len(bom) :] for bom in _BOMS if body.startswith(bom)), body)


def root_name(data: bytes) -> str:
    """Local name of the first element in lower case, empty when `data` does not open as markup does."""
    found = _ROOT.match(data, _skip_prolog(data))
    return found[1].rsplit(b":", 1)[-1].lower().decode("ascii") if found else ""


def bare(data: bytes) -> bytes:
    """The document from its root element on: junk before it, XML declaration and DOCTYPE are dropped.

    Without a DOCTYPE there is no entity to expand and nothing external to read.
    """
    if root_name(data) not in _ROOTS:
        start = _START.search(data, 0, 8192)
        data = data[start.start() :] if start else data
    return data[_skip_prolog(data) :]


def _skip_prolog(data: bytes) -> int:
    at = 0
    while True:
        if found := _PROLOG.match(data, at):
            at = found.end()
        elif data[at : at + 9].upper() == b"<!DOCTYPE":
            at = _doctype_end(data, at)
        else:
            return at


def _doctype_end(data: bytes, at: int) -> int:
    depth = 0
    for part in _DOCTYPE_PART.finditer(data, at + 9):
        depth += {b"[": 1, b"]": -1}.get(part[0], 0)
        if part[0] == b">" and depth <= 0:
            return part.end()
    return len(data)


def tree(data: bytes) -> tuple[Any, bool]:
    """Root element of a bare document and whether it was well-formed; None when nothing could be read.

    Depth at most 256 and text nodes at most 10 MB (libxml2's own limits, kept).
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True, remove_comments=True,
        remove_pis=True, collect_ids=False, encoding="utf-8",
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError):
        return None, False
    # An undeclared prefix changes nothing for us: names are compared by what the prefix is used for.
    return root, all(error.domain_name == "NAMESPACE" for error in parser.error_log)


def repaired(data: bytes) -> bytes:
    """The document with what XML forbids made harmless: stray `&`, HTML entities, impossible references, controls."""
    text = _ILLEGAL.sub("", data.decode("utf-8", "replace"))
    # Impossible references go first and everywhere: libxml2 would keep surrogates, and nobody can decode those.
    return _AMPERSAND.sub(_reference, _NUMERIC.sub(_possible, text)).encode()


def quoted(data: bytes) -> bytes:
    """The document with quotes around attribute values that have none (`version=2.0`), as HTML allows."""
    return TAG.sub(lambda tag: _ATTRIBUTE.sub(_quote, tag[0]), data)


def _quote(found: re.Match[bytes]) -> bytes:
    name, value = found.groups()
    return found[0] if value[:1] in (b'"', b"'") else b'%b"%b"' % (name, value)


def _reference(found: re.Match[str]) -> str:
    name = found[1]
    if name is None:
        return "&amp;" if found[0] == "&" else found[0]
    char = html.entities.html5.get(name)
    return html.escape(char) if char else f"&amp;{name}"


def _possible(found: re.Match[str]) -> str:
    """A numeric reference, or U+FFFD for one to no character of XML 1.0 (section 2.2) or with needless digits."""
    digits = found.group()[2:].rstrip(";")
    if len(digits) <= 8:
        code = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
        if code < 0x110000 and not _ILLEGAL.match(chr(code)):
            return found.group()
    return "\ufffd"


@lru_cache(maxsize=4_096)
def key(tag: Any, own: str = "") -> str:
    """Name of an element in lower case with the usual prefix of what its namespace is for; empty for other nodes.

    own: the namespace of the item that it is a child of, whose names count as the feed's own.
    """
    if not isinstance(tag, str):
        return ""
    if not tag.startswith("{"):
        return tag.lower().removeprefix("rss:").removeprefix("atom:")  # an undeclared prefix is still in the name
    namespace, _, name = tag[1:].rpartition("}")
    if namespace == own:
        return name.lower()
    namespace = namespace.lower()
    for part, prefix in _NAMESPACES:
        if part in namespace:
            return prefix + name.lower()
    return f"?:{name.lower()}"
