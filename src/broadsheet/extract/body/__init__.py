"""From a parsed page to the article's text as blocks.

One walk over the tree gives blocks of text (`walk`), each shows signs for or against being the article's (`signs`), the
signs have weights (`weights`), and the set of blocks is kept that is expected to be most right (`choose`). What the page
says of itself elsewhere, and a second reader, are asked where the result shows that something went wrong (`readers`).
"""

from __future__ import annotations

import lxml.html

from ... import text as words
from . import choose, readers, shape, signs, walk
from .block import Block, Body, joined

__all__ = ["Block", "Body", "joined", "read"]

_LITTLE = 60  # words of prose; a page that shows less may hide its text until a script shows it
_UNSURE = 0.6  # expected F1 below which a second reader is asked


def read(root: lxml.html.HtmlElement, *, told_text: str, fed: str, title: str = "", description: str = "") -> Body:
    """The text of a page. Does not change the tree.

    told_text, fed: the text as the page's JSON-LD and its feed give it, plain or HTML; empty where they do not.
    title, description: of the article, where known.
    """
    page = walk.read(root)
    shown = sum(block.words for block in page.blocks if signs.is_prose(block))
    doubts: list[str] = []
    if shown < _LITTLE:
        whole = walk.read(root, unseen=True)
        hidden = sum(block.words for block in whole.blocks if signs.is_prose(block))
        if hidden > 2 * shown + _LITTLE:
            page, shown = whole, hidden
            doubts.append("text is hidden until a script shows it")
    places, sure = choose.kept(page, choose.chances(page, title, description)) if page.blocks else ([], 0.0)
    places = choose.without_title(page, places, title)
    blocks = shape.blocks(page, places)
    origin = "blocks" if blocks else ""
    body = joined(blocks)
    if sure < _UNSURE and shown:
        doubts.append("little of it looks like text")
    for other, name in ((told_text, "json-ld"), (fed, "feed")):
        if len(other) > 2 * len(body) + 200:
            blocks, origin = readers.paragraphs(words.from_html(other)), name
            body = joined(blocks)
            doubts.append(f"the page shows less than half of what its {name} gives")
    chars = sum(len(block.text) for block in page.blocks)
    return Body(
        blocks=blocks,
        origin=origin,
        doubts=tuple(doubts),
        linked=min(1.0, sum(block.linked for block in page.blocks) / chars) if chars else 0.0,
        prose=sum(page.blocks[i].words for i in places if signs.is_prose(page.blocks[i])),
        shown=shown,
        headings=sum(block.kind == "heading" for block in blocks),
        sure=sure,
    )
