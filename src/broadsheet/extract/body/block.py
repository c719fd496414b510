"""One block of an article's text, as a reader of pages finds it."""

from __future__ import annotations

from ...types import Struct


class Block(Struct, frozen=True, kw_only=True):
    kind: str  # "paragraph", "heading", "item", "quote", "code", "table", "caption"
    text: (
        str  # clean text; one line, but for code (lines as they are) and table (one row a line, cells parted by " | ")
    )
    level: int = 0  # heading 1 to 6; nesting of a list item from 0
    ordered: int = 0  # number of an item in an ordered list; 0 in an unordered one
