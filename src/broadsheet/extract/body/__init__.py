"""From a parsed page to the article's text as blocks.

One walk over the tree gives blocks of text (`walk`), each shows signs for or against being the article's (`signs`), the
signs have weights (`weights`), and the set of blocks is kept that is expected to be most right (`choose`). What the page
says of itself elsewhere, and a second reader, are asked where that expectation is low (`readers`).
"""

from __future__ import annotations

import lxml.html

from . import boxes, choose, readers, shape, signs, walk
from .block import Block, Body, joined

__all__ = ["Block", "Body", "joined", "read"]

_LITTLE = 60  # words of prose; a page that shows less may hide its text until a script shows it
_STUB = 30  # words of prose; a consent or a pay wall has fewer
_UNSURE = 0.6  # expected F1 below which the text is in doubt
_HUGE = 10_000  # elements that hold blocks, from which on the second reader is too slow
_DOUBTED = 0.8  # expected F1 below which the second reader is more often right than the blocks, on pages of prose


def read(root: lxml.html.HtmlElement, *, told_text: str, fed: str, title: str = "", description: str = "") -> Body:
    """The text of a page. Does not change the tree.

    told_text, fed: the text as the page's JSON-LD and its feed give it, plain or HTML; empty where they do not.
    title, description: of the article, where known.
    """
    page, doubts = _walk(root)
    places, sure = choose.kept(page, choose.chances(page, title, description))
    places = shape.whole_tables(page, boxes.mended(page, choose.without_title(page, places, title), title))
    blocks = shape.blocks(page, places)
    origin = "blocks" if blocks else ""
    kept = [page.blocks[i] for i in places]
    prose = sum(block.words for block in kept if signs.is_prose(block))
    if prose < _STUB:
        doubts.append("hardly any prose")
    if sure < _UNSURE:
        doubts.append("much of it may be no text of the article")
    told = readers.told(joined(blocks), sure, {"json-ld": told_text, "feed": fed})
    if told:
        blocks, origin = told.blocks, told.origin
        doubts.extend(told.doubts)
    elif sure < _DOUBTED and prose * 2 > sum(block.words for block in kept) and len(page.nodes) < _HUGE:
        # A page of lists is read better by the blocks, however unsure they are: only prose is asked for elsewhere.
        blocks, origin = (second, "trafilatura") if (second := readers.second(root)) else (blocks, origin)
    chars = sum(len(block.text) for block in page.blocks)
    return Body(
        blocks=blocks,
        origin=origin,
        doubts=tuple(doubts),
        linked=min(1.0, sum(block.linked for block in page.blocks) / chars) if chars else 0.0,
        said="\n".join([block.text for block in page.blocks]),
        sure=sure,
    )


def _walk(root: lxml.html.HtmlElement) -> tuple[walk.Walk, list[str]]:
    """The walk, and what is in doubt: all that is hidden, where nothing else is."""
    page = walk.read(root)
    shown = _prose(page)
    if shown < _LITTLE:
        whole = walk.read(root, unseen=True)
        hidden = _prose(whole)
        if hidden > 2 * shown + _LITTLE:
            return whole, ["text is hidden until a script shows it"]
    return page, []


def _prose(page: walk.Walk) -> int:
    return sum(block.words for block in page.blocks if signs.is_prose(block))
