"""Bytes of a page to one tree: decode once, bound its size, parse with lxml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import lxml.etree
import lxml.html

from .. import charset
from ..errors import ParseError
from ..types import Page

MAX_BYTES = 10 * 1024 * 1024  # what fetch allows a page to decode to
MAX_ELEMENTS = 60_000  # a long live blog has 20,000; stages behind this one are not linear in it
MAX_ATTRIBUTES = 2_000  # of one tag; libxml2 takes time quadratic in it (100,000: two minutes)

_MEANINGLESS = bytes(c for c in range(32) if c not in b"\t\n\r\f") + b"\x7f"  # libxml2 ends a document at NUL
# A start tag as the HTML Standard reads it; possessive, so that a search stays linear.
_ATTRIBUTE = rb"""[\s/]*+[^\s/>=][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+"""
_PLAIN = rb"""\s++[a-zA-Z:-]++="[^"]*+\""""  # what nearly all attributes are, which is found sooner
_START_TAG = re.compile(rb"<[a-zA-Z][^\s/>]*+(?:" + _PLAIN + rb")*+(?:" + _ATTRIBUTE + rb")*+")
_SCRIPT = re.compile(rb"<script\b(?:.*?</script|.*)", re.IGNORECASE | re.DOTALL)
_MAGIC = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"RIFF")
# One class for all elements: lxml.html looks for one by name, in Python, whenever an element is touched anew.
_ELEMENTS = lxml.etree.ElementDefaultClassLookup(element=lxml.html.HtmlElement)
_COUNT: Any = lxml.etree.XPath("count(descendant::*)")

ByName = Mapping[str, Sequence[lxml.html.HtmlElement]]


def tree(page: Page) -> lxml.html.HtmlElement:
    """The page as one lxml tree, without comments and processing instructions.

    Raises ParseError: empty, larger than 10 MiB or 60,000 elements, or no HTML at all.
    libxml2 itself stops reading below 256 levels, so no stage behind this one can run out of stack.
    """
    if len(page.body) > MAX_BYTES:
        raise ParseError(f"page is larger than {MAX_BYTES // 1024 // 1024} MiB", page.url)
    if page.body.startswith(_MAGIC):
        raise ParseError("page is no HTML", page.url)
    data = charset.utf8(page.body, page.content_type).translate(None, _MEANINGLESS)
    if not data.strip():
        raise ParseError("page is empty", page.url)
    tags = data.count(b"<")
    if tags > 4 * MAX_ELEMENTS:
        raise ParseError(f"page has more than {MAX_ELEMENTS} elements", page.url)
    if _has_crowded_tag(data) and _has_crowded_tag(_SCRIPT.sub(b"", data)):
        raise ParseError(f"a tag has more than {MAX_ATTRIBUTES} attributes", page.url)
    options: Any = {"remove_comments": True, "remove_pis": True, "collect_ids": False, "default_doctype": False}
    parser = lxml.etree.HTMLParser(encoding="utf-8", **options)
    parser.set_element_class_lookup(_ELEMENTS)
    try:
        root = lxml.html.document_fromstring(data, parser=parser)
    except (lxml.etree.LxmlError, ValueError, AssertionError) as exc:
        raise ParseError("page cannot be parsed as HTML", page.url) from exc
    lxml.etree.strip_elements(root, "template", "svg", with_tail=False)  # what nobody reads, and may hold scripts
    if tags > MAX_ELEMENTS // 2 and _COUNT(root) > MAX_ELEMENTS:  # libxml2 adds one to a tag at most
        raise ParseError(f"page has more than {MAX_ELEMENTS} elements", page.url)
    return root


def by_name(elements: Iterable[lxml.html.HtmlElement]) -> ByName:
    """Elements by their names, in their order: to search a tree for each name takes more time than all that is read."""
    found: dict[str, list[lxml.html.HtmlElement]] = {}
    for element in elements:
        found.setdefault(element.tag, []).append(element)
    return found


def _has_crowded_tag(data: bytes) -> bool:
    """True when a start tag (or what looks like one in a script) has too many attributes. Linear in the page."""
    tags = _START_TAG.findall(data)
    return any(len(re.findall(_ATTRIBUTE, tag)) > MAX_ATTRIBUTES for tag in tags if len(tag) > 2 * MAX_ATTRIBUTES)
