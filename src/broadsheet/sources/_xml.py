"""Bytes of an XML or JSON resource as text, and text as a tree: no entities, no DTD, no network, bounded."""

from __future__ import annotations

import html
import html.entities
import re
import zlib
from typing import Any

from lxml import etree

from ..errors import ParseError
from ..types import Page

MAX_DECODED = 15 * 1024 * 1024  # bytes of a gzip body once unpacked: fetch's own limit for a source

# Labels that the WHATWG Encoding Standard knows and Python names otherwise; a label of neither table is not believed
# (`zlib_codec` and `utf-7` are Python codecs, too). ASCII and Latin 1 mean windows-1252 there.
_LABELS = {
    "ascii": "cp1252", "us-ascii": "cp1252", "latin1": "cp1252", "iso-8859-1": "cp1252", "iso8859-1": "cp1252",
    "x-cp1252": "cp1252", "cp1251": "cp1251", "win-1251": "cp1251", "x-cp1251": "cp1251", "cp1250": "cp1250",
    "iso-8859-9": "cp1254", "latin5": "cp1254", "iso-8859-11": "cp874", "tis-620": "cp874", "windows-874": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs", "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932",
    "windows-31j": "cp932", "euc-jp": "euc_jp", "x-euc-jp": "euc_jp", "iso-2022-jp": "iso2022_jp", "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949", "windows-949": "cp949", "koi8-r": "koi8_r", "koi8-u": "koi8_u", "macintosh": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic", "ibm866": "cp866", "cp866": "cp866", "utf-8": "utf-8", "utf8": "utf-8",
    "utf-16": "utf-16-le", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be",
}  # fmt: skip
_LABELS |= {f"iso-8859-{n}": f"iso8859_{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)}
_LABELS |= {f"windows-125{n}": f"cp125{n}" for n in range(9)}

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_DECLARED = re.compile(
    rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)|<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE
)
_ROOTS = {"rss", "feed", "rdf", "channel", "urlset", "sitemapindex", "html"}
_START = re.compile(r"<\?xml\b|<rss\b|<feed\b|<rdf:rdf\b", re.IGNORECASE)
_PROLOG = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
# What may stand in a DOCTYPE and hide its end: quoted text, comments, the internal subset.
_DOCTYPE_PART = re.compile(r"\"[^\"]*\"|'[^']*'|<!--.*?(?:-->|\Z)|[\[\]>]", re.DOTALL)
_ROOT = re.compile(r"<((?:[\w.-]+:)?[\w.-]+)")
_AMPERSAND = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(#[0-9]+;|#[xX][0-9a-fA-F]+;|[a-zA-Z][a-zA-Z0-9]{1,31};)?", re.DOTALL
)
_NUMERIC = re.compile(r"&#(?:[0-9]+|[xX][0-9a-fA-F]+);?")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
TAG = re.compile(r"<[\w:.-]+\s[^<>]*>")
_ATTRIBUTE = re.compile(r"(\s[\w:.-]+\s*=\s*)(\"[^\"]*\"|'[^']*'|[^\s\"'<>]+?(?=\s|/?>))")
_XML_NAMES = {"amp;", "lt;", "gt;", "quot;", "apos;"}


def decoded(page: Page) -> str:
    """The body as text: BOM, else valid UTF-8, else the charset of HTTP, else the document's own label.

    gzip is unpacked first (`.xml.gz` sitemaps). Raises ParseError when that goes over MAX_DECODED or there is nothing.
    """
    body = unpacked(page)
    if not body.strip(b"\x00\t\n\r "):
        raise ParseError("empty body", page.final_url)
    for bom, codec in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if body.startswith(bom):
            return body[len(bom) :].decode(codec, "replace")
    if 0 in body[:4]:  # UTF-16 without a BOM: `<` beside a zero byte
        return body.decode("utf-16-be" if body[0] == 0 else "utf-16-le", "replace")
    labels = [m.group(1) for m in [_CHARSET.search(page.content_type)] if m]
    labels += [(m.group(1) or m.group(2)).decode("ascii") for m in [_DECLARED.search(body[:4096])] if m]
    codecs = [_LABELS[label.lower()] for label in labels if label.lower() in _LABELS]
    if not (b"\x1b$" in body and "iso2022_jp" in codecs):  # ISO-2022-JP is 7 bits and would pass for UTF-8
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError:
            pass
    likely = [codec for codec in codecs if codec != "utf-8"]
    # A document labelled UTF-8 that is nearly so has a few bad bytes; without any label it is the West's old default.
    return body.decode(likely[0] if likely else "utf-8" if codecs else "cp1252", "replace")


def unpacked(page: Page) -> bytes:
    """The body, unpacked when it is gzip. Raises ParseError for a broken or too large one."""
    if not page.body.startswith(b"\x1f\x8b"):
        return page.body
    unpack = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        data = unpack.decompress(page.body, MAX_DECODED + 1)
    except zlib.error as exc:
        raise ParseError("broken gzip body", page.final_url) from exc
    if len(data) > MAX_DECODED:
        raise ParseError(f"gzip body of more than {MAX_DECODED} bytes", page.final_url)
    return data


def head(page: Page, most: int = 4096) -> str:
    """The first characters, cheaply, for recognising; markup is ASCII in every encoding that matters here."""
    body = page.body
    if body.startswith(b"\x1f\x8b"):
        try:
            body = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS).decompress(body, most)
        except zlib.error:
            return ""
    return (
        body[: most * 2]
        .replace(b"\x00", b"")
        .decode("latin-1")
        .removeprefix("ÿþ")
        .removeprefix("þÿ")
        .removeprefix("ï»¿")
    )


def root_name(text: str) -> str:
    """Local name of the first element in lower case, empty when `text` does not open as markup does."""
    at = _skip_prolog(text)
    found = _ROOT.match(text, at)
    return found.group(1).rsplit(":", 1)[-1].lower() if found else ""


def bare(text: str) -> str:
    """The document from its root element on: junk before it, XML declaration and DOCTYPE are dropped.

    Without a DOCTYPE there is no entity to expand and nothing external to read.
    """
    if root_name(text) not in _ROOTS:
        start = _START.search(text[:8192])
        text = text[start.start() :] if start else text
    return text[_skip_prolog(text) :]


def _skip_prolog(text: str) -> int:
    at = 0
    while True:
        if found := _PROLOG.match(text, at):
            at = found.end()
        elif text[at : at + 9].upper() == "<!DOCTYPE":
            at = _doctype_end(text, at)
        else:
            return at


def _doctype_end(text: str, at: int) -> int:
    depth = 0
    for part in _DOCTYPE_PART.finditer(text, at + 9):
        depth += {"[": 1, "]": -1}.get(part.group(), 0)
        if part.group() == ">" and depth <= 0:
            return part.end()
    return len(text)


def tree(text: str) -> tuple[Any, bool]:
    """Root element of a bare document and whether it was well-formed; None when nothing could be read.

    Depth at most 256 and text nodes at most 10 MB (libxml2's own limits, kept).
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True, remove_comments=True,
        remove_pis=True, collect_ids=False, encoding="utf-8",
    )  # fmt: skip
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):
        return None, False
    # An undeclared prefix changes nothing for us: names are compared by what the prefix is used for.
    return root, all(error.domain_name == "NAMESPACE" for error in parser.error_log)


def repaired(text: str) -> str:
    """The document with what XML forbids made harmless: stray `&`, HTML entities, impossible references, controls."""
    # Impossible references go first and everywhere: libxml2 would keep surrogates, and nobody can decode those.
    return _AMPERSAND.sub(_reference, _NUMERIC.sub(_possible, _ILLEGAL.sub("", text)))


def quoted(text: str) -> str:
    """The document with quotes around attribute values that have none (`version=2.0`), as HTML allows."""
    return TAG.sub(lambda tag: _ATTRIBUTE.sub(_quote, tag.group()), text)


def _quote(found: re.Match[str]) -> str:
    name, value = found.groups()
    return found.group() if value[0] in "\"'" else f'{name}"{value}"'


def _reference(found: re.Match[str]) -> str:
    name = found.group(1)
    if name is None:
        return "&amp;" if found.group() == "&" else found.group()
    if name in _XML_NAMES or name.startswith("#"):
        return found.group()
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
