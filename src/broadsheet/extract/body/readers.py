"""Other readers of a page's text, and when they are believed: its own data, its feed, and trafilatura."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping

import lxml.etree
import lxml.html
import trafilatura

from ... import text as words
from . import foreign, shape, walk
from .block import Block, Body

_MARKUP = re.compile(r"<(?:p|h[1-6]|li|blockquote|pre)\b", re.IGNORECASE)
_CLEAR = 0.9  # expected F1 from which on the page's own blocks need no other reader
_ENOUGH = 80  # words that a text told elsewhere must have to stand for the page's


def told(found: str, sure: float, others: Mapping[str, str]) -> Body | None:
    """What else gives the text, by the name of who does, where that is better than what was found; else None.

    A text twice as long is the whole of what the page holds back. One of about the same length is free of what stands
    around it on the page, so it is better where the page's blocks are not clear; but its structure is lost, so only
    there. `sure`: the F1 that is expected of what was found.
    """
    for origin, other in others.items():
        if len(other) <= 200:
            continue
        plain = words.from_html(other)
        if len(plain) > 2 * len(found) + 200:
            doubt = f"the page shows less than half of what its {origin} gives"
        elif sure < _CLEAR and len(plain) * 10 > len(found) * 6 and words.count_words(plain[:5000]) >= _ENOUGH:
            doubt = f"the page is not clear, its {origin} gives the text"
        else:
            continue
        return Body(blocks=_marked(other) or foreign.paragraphs(plain), origin=origin, doubts=(doubt,))
    return None


def _marked(markup: str) -> tuple[Block, ...]:
    """Markup as blocks; empty for plain text, and for what cannot be parsed."""
    if not _MARKUP.search(markup):
        return ()
    try:
        root = lxml.html.document_fromstring(markup)
    except (lxml.etree.LxmlError, ValueError):
        return ()
    page = walk.read(root)
    return shape.blocks(page, range(len(page.blocks)))


def second(root: lxml.html.HtmlElement) -> tuple[Block, ...]:
    """The text that trafilatura finds; empty where it fails."""
    try:
        found = trafilatura.bare_extraction(root, include_comments=False, with_metadata=False)
    except Exception as exc:  # noqa: BLE001 -- a bug of its own on an odd page: the other readers still stand
        logging.getLogger(__name__).debug("no text: %r", exc)
        found = None
    return foreign.blocks(getattr(found, "body", None))
