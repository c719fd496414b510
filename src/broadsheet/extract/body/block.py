"""The text of a page as others take it: blocks in order, who read them, and what was seen on the way."""

from __future__ import annotations

from ...types import Struct


class Block(Struct, frozen=True, kw_only=True):
    """One block of an article's text.

    kind: "paragraph", "heading", "item", "quote", "code", "table" or "caption".
    text: clean; one line, but for code (its lines as they are) and a table (one row a line, cells parted by " | ").
    level: of a heading 1 to 6; of an item how many lists it is in, beyond the first. ordered: an item's number in an
    ordered list, 0 in another one.
    """

    kind: str
    text: str
    level: int = 0
    ordered: int = 0


class Body(Struct, frozen=True, kw_only=True):
    """The text of a page. origin: "blocks", "trafilatura", "json-ld" or "feed"; empty where there is none.

    doubts: signs that the text is not the whole of it, or not an article's, in words.
    linked: share of the page's visible characters that are links, 0 to 1. said: all that it shows, a line for a block.
    sure: what share of a perfect reader's text this is expected to be (an F1), 0 to 1.
    """

    blocks: tuple[Block, ...]
    origin: str
    doubts: tuple[str, ...] = ()
    linked: float = 0.0
    said: str = ""
    sure: float = 0.0


def joined(blocks: tuple[Block, ...]) -> str:
    """Plain text: blocks parted by a blank line."""
    return "\n\n".join(block.text for block in blocks)
