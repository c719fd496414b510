"""Bytes of a page to one tree: decode once, bound its size, parse with lxml."""

from __future__ import annotations

import codecs
import re
from typing import Any

import lxml.etree
import lxml.html

from ..errors import ParseError
from ..types import Page

MAX_BYTES = 10 * 1024 * 1024  # what fetch allows a page to decode to
MAX_ELEMENTS = 60_000  # a long live blog has 20,000; stages behind this one are not linear in it
MAX_ATTRIBUTES = 2_000  # of one tag; libxml2 takes time quadratic in it (100,000: two minutes)

# Labels of the WHATWG Encoding Standard by the Python codec that reads them. Labels outside it (utf-7, ebcdic) are
# attacks or mistakes; the standard's `replacement` encodings are left out, so they count as not said.
_LABELS = {
    label: codec
    for codec, labels in {
        "utf-8": "utf-8 utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8",
        "cp1252": "windows-1252 cp1252 x-cp1252 ascii us-ascii ansi_x3.4-1968 iso-8859-1 iso8859-1 iso88591 iso_8859-1 latin1 l1 ibm819 cp819",
        "cp1250": "windows-1250 cp1250 x-cp1250", "iso8859-2": "iso-8859-2 iso8859-2 iso88592 iso_8859-2 latin2 l2",
        "iso8859-3": "iso-8859-3 iso8859-3 latin3", "iso8859-4": "iso-8859-4 iso8859-4 latin4",
        "cp1251": "windows-1251 cp1251 x-cp1251", "iso8859-5": "iso-8859-5 iso8859-5 cyrillic", "cp866": "ibm866 cp866 866 csibm866",
        "koi8-r": "koi8-r koi8 koi koi8_r cskoi8r", "koi8-u": "koi8-u koi8-ru", "cp1253": "windows-1253 cp1253 x-cp1253",
        "iso8859-7": "iso-8859-7 iso8859-7 greek greek8", "cp1254": "windows-1254 cp1254 x-cp1254 iso-8859-9 iso8859-9 latin5 l5",
        "cp1255": "windows-1255 cp1255 x-cp1255", "iso8859-8": "iso-8859-8 iso8859-8 iso-8859-8-i hebrew logical visual",
        "cp1256": "windows-1256 cp1256 x-cp1256", "iso8859-6": "iso-8859-6 iso8859-6 arabic", "cp1257": "windows-1257 cp1257 x-cp1257",
        "cp1258": "windows-1258 cp1258 x-cp1258", "iso8859-10": "iso-8859-10 iso8859-10 latin6", "iso8859-13": "iso-8859-13 iso8859-13",
        "iso8859-14": "iso-8859-14 iso8859-14", "iso8859-15": "iso-8859-15 iso8859-15 iso885915 latin9 l9", "iso8859-16": "iso-8859-16",
        "cp874": "windows-874 dos-874 tis-620 iso-8859-11 iso8859-11", "mac-roman": "macintosh mac x-mac-roman",
        "mac-cyrillic": "x-mac-cyrillic x-mac-ukrainian", "gb18030": "gb18030 gbk gb2312 gb_2312 gb_2312-80 chinese csgb2312 x-gbk iso-ir-58",
        "big5hkscs": "big5 big5-hkscs cn-big5 x-x-big5 csbig5", "euc-jp": "euc-jp x-euc-jp", "iso2022-jp": "iso-2022-jp csiso2022jp",
        "cp932": "shift_jis shift-jis sjis x-sjis ms_kanji ms932 windows-31j csshiftjis",
        "cp949": "euc-kr ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 korean windows-949 cseuckr",
        "utf-16-le": "utf-16 utf-16le ucs-2 unicode iso-10646-ucs-2 csunicode unicodefeff", "utf-16-be": "utf-16be unicodefffe",
    }.items()
    for label in labels.split()
}  # fmt: skip
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_META = re.compile(
    rb"<meta[^>]{0,500}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})|<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})",
    re.IGNORECASE,
)
_MEANINGLESS = bytes(c for c in range(32) if c not in b"\t\n\r\f") + b"\x7f"  # libxml2 ends a document at NUL
# A start tag as the HTML Standard reads it; possessive, so that a search stays linear.
_ATTRIBUTE = rb"""[\s/]*+[^\s/>=][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+"""
_START_TAG = re.compile(rb"<[a-zA-Z][^\s/>]*+(?:" + _ATTRIBUTE + rb")*+")
_SCRIPT = re.compile(rb"<script\b(?:.*?</script|.*)", re.IGNORECASE | re.DOTALL)
_MAGIC = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"RIFF")


def tree(page: Page) -> lxml.html.HtmlElement:
    """The page as one lxml tree, without comments and processing instructions.

    Raises ParseError: empty, larger than 10 MiB or 60,000 elements, or no HTML at all.
    libxml2 itself stops reading below 256 levels, so no stage behind this one can run out of stack.
    """
    if len(page.body) > MAX_BYTES:
        raise ParseError(f"page is larger than {MAX_BYTES // 1024 // 1024} MiB", page.url)
    if page.body.startswith(_MAGIC):
        raise ParseError("page is no HTML", page.url)
    data = utf8(page.body, page.content_type)
    if not data.strip():
        raise ParseError("page is empty", page.url)
    if data.count(b"<") > 4 * MAX_ELEMENTS:
        raise ParseError(f"page has more than {MAX_ELEMENTS} elements", page.url)
    if _has_crowded_tag(data) and _has_crowded_tag(_SCRIPT.sub(b"", data)):
        raise ParseError(f"a tag has more than {MAX_ATTRIBUTES} attributes", page.url)
    options: Any = {"remove_comments": True, "remove_pis": True, "collect_ids": False, "default_doctype": False}
    parser = lxml.html.HTMLParser(encoding="utf-8", **options)
    try:
        root = lxml.html.document_fromstring(data, parser=parser)
    except (lxml.etree.LxmlError, ValueError, AssertionError) as exc:
        raise ParseError("page cannot be parsed as HTML", page.url) from exc
    if sum(1 for _ in root.iter()) > MAX_ELEMENTS:
        raise ParseError(f"page has more than {MAX_ELEMENTS} elements", page.url)
    return root


def _has_crowded_tag(data: bytes) -> bool:
    """True when a start tag (or what looks like one in a script) has too many attributes. Linear in the page."""
    return any(
        match.end() - match.start() > 2 * MAX_ATTRIBUTES and len(re.findall(_ATTRIBUTE, match[0])) > MAX_ATTRIBUTES
        for match in _START_TAG.finditer(data)
    )


def utf8(body: bytes, content_type: str = "") -> bytes:
    """The same text in UTF-8 without BOM and control characters.

    Order: BOM, then what is valid UTF-8 (a saved page keeps the label of its first encoding, and legacy text is never
    valid UTF-8 by chance), the charset of HTTP, the one of the first 4,096 bytes' meta, windows-1252. Only labels of
    the WHATWG Encoding Standard are followed.
    """
    for bom, codec in _BOMS:
        if body.startswith(bom):
            return _again(body[len(bom) :], codec)
    said = [match[1] for match in [_CHARSET.search(content_type)] if match]
    if match := _META.search(body[:4096]):
        label = (match[1] or match[2]).decode("ascii", "replace")
        # The standard's rule: who could read this meta as ASCII cannot be UTF-16.
        said.append("utf-8" if label.lower().startswith("utf-16") else label)
    codecs_said = [_LABELS[label.lower()] for label in said if label.lower() in _LABELS]
    stateful = bool(codecs_said) and codecs_said[0] in ("iso2022-jp", "utf-16-le", "utf-16-be")  # 7-bit, or with NULs
    if not stateful and _is_utf8(body):
        return body.translate(None, _MEANINGLESS)
    return _again(body, next(iter(codecs_said), "cp1252"))


def _is_utf8(body: bytes) -> bool:
    """True for UTF-8, also when it was cut within a character at its end."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(body)
    except UnicodeDecodeError:
        return False
    return True


def _again(body: bytes, codec: str) -> bytes:
    text = body.decode(codec, "replace")
    if codec == "utf-8" and text.count("\ufffd") * 4 > sum(1 for c in text if c > "\x7f"):
        text = body.decode("cp1252", "replace")  # labelled UTF-8, but mostly not
    return text.encode("utf-8", "replace").translate(None, _MEANINGLESS)
