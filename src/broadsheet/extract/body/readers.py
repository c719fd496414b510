"""Other readers of a page's text, and when they are asked: its own data, its feed, and trafilatura."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence

import lxml.html
import trafilatura

from ... import text as words
from .block import Block

_WORD = re.compile(r"\w+")


def second(root: lxml.html.HtmlElement) -> str:
    """The text that trafilatura finds, paragraphs parted by a blank line; empty where it fails."""
    try:
        found = trafilatura.bare_extraction(root, include_comments=False, with_metadata=False)
    except Exception as exc:  # noqa: BLE001 -- a bug of its own on an odd page: the other readers still stand
        logging.getLogger(__name__).debug("no text: %r", exc)
        found = None
    return words.clean_paragraphs(getattr(found, "text", None) or "")


def paragraphs(text: str) -> tuple[Block, ...]:
    """Plain text, paragraphs parted by line ends, as blocks."""
    return tuple(Block(kind="paragraph", text=line) for line in text.split("\n") if line)


def shared(one: str, other: str) -> float:
    """Share of the words of `one` that `other` has too, each as often as it stands there, 0 to 1."""
    wanted: dict[str, int] = {}
    for word in _WORD.findall(other.lower()):
        wanted[word] = wanted.get(word, 0) + 1
    found = _WORD.findall(one.lower())
    hits = 0
    for word in found:
        left = wanted.get(word, 0)
        if left:
            wanted[word] = left - 1
            hits += 1
    return hits / len(found) if found else 0.0


def longest(texts: Sequence[str]) -> str:
    """The longest of them."""
    return max(texts, key=len, default="")
