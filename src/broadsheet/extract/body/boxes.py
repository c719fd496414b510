"""Places of a walk corrected by the boxes they stand in: what one box of a page holds is of one kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from ... import text
from .walk import PLACES, Node, Seen, Walk

_MOST = 0.2  # share of all kept words; a box that holds more is the article, whatever it is called
_FEW = 12  # words that may be more than that share of a short text
_ENOUGH = 40  # words of prose outside that are a text without its comments
_NEAR = 12  # blocks that a text begins behind its heading
_SET_OFF = 10  # words of what a box says within a text
_GAP = 5  # words of a paragraph between two others
_START, _END = r"(?:^|[\s_-])", r"(?:$|[\s_-])"
# Boxes of other things than the text, as names of elements call them; the second line are names that say so alone.
_WALL = re.compile(rf"{_START}(?:pay-?wall|reg-?wall|meter-?wall|barrier){_END}", re.IGNORECASE)
_OFFER = 80  # words of one
_OTHER = re.compile(
    rf"{_START}(?:pay-?wall|reg-?wall|meter-?wall|subscription-widget\w*|newsletter\w*|nl-signup|share-(?:bar|buttons?|tools?|links?)|social-(?:share|links?|media)|"
    rf"up-?next|read-?next|also-read|related\w*|most-(?:read|popular|viewed)|noprint|no-print|author-?(?:bio|box)|about-author){_END}|"
    r"(?:^|\s)(?:barrier|subscribe|subscription|upsell|sign-?up|cta|\w+-cta|(?:\w+-)+call-to-action|share|sharing|social|odds|deals|playlist|bio|contact|ads?|advert|advertisement|sponsored|banner)(?:$|\s)",
    re.IGNORECASE,
)
_COMMENTS = re.compile(
    rf"{_START}(?:comments(?:-?(?:list|area|section|thread|wrapper))?|discussion|talk-?backs?|disqus\w*|kommentare|commentaires|comentarios){_END}",
    re.IGNORECASE,
)
_HEADINGS = frozenset(["h2", "h3", "h4", "h5"])
_BOXES = frozenset(["div", "section", "aside", "footer", "header", "ul", "table", "form"])


def mended(walk: Walk, places: Sequence[int], title: str) -> list[int]:
    """The same places without other things' boxes and without further articles; with the paragraphs that are missing between two."""
    kept = _without_boxes(walk, places)
    kept = _without_teasers(walk, _without_articles(walk, kept, title))
    return _without_gaps(walk, _with_beginning(walk, kept))


def _without_boxes(walk: Walk, places: Sequence[int]) -> list[int]:
    """Without boxes that are named for other things or are menus, where they hold the lesser part of what is kept."""
    nodes = walk.nodes
    around: set[int] = set()  # the kept blocks
    for i in places:
        place = walk.blocks[i].node
        while place >= 0 and place not in around:
            around.add(place)
            place = nodes[place].parent
    boxes: list[int] = []  # of each node the outermost box of other things that it stands in; negative for comments
    for place, node in enumerate(nodes):
        box = boxes[node.parent] if node.parent >= 0 else 0
        if not box and place in around:
            kind = "nav" if node.tag == "nav" else _kind(node.said) if node.tag in _BOXES else ""
            if kind:
                box = -place if kind == "comments" else place
        boxes.append(box)
    words: dict[int, int] = {}
    for i in places:
        box = boxes[walk.blocks[i].node]
        words[box] = words.get(box, 0) + walk.blocks[i].words
    total = sum(words.values())
    said = sum(count for box, count in words.items() if box >= 0)
    dropped = {
        box
        for box, count in words.items()
        if (box > 0 and count <= max(_FEW, _MOST * total))
        or (box > 0 and count <= _OFFER and 2 * count <= total + _FEW and _WALL.search(nodes[box].said))
        or (box < 0 and said >= _ENOUGH)
    }
    return [i for i in places if boxes[walk.blocks[i].node] not in dropped] if dropped else list(places)


@lru_cache(8_192)
def _kind(said: str) -> str:
    if not said:
        return ""
    return "other" if _OTHER.search(said) else "comments" if _COMMENTS.search(said) else ""


def _without_articles(walk: Walk, places: list[int], title: str) -> list[int]:
    """Without the articles that a page goes on with when it is scrolled: each has a heading of the first level."""
    headings = [block for block in walk.blocks if block.tag == "h1" and _within(walk.nodes, block, "article")]
    if len(headings) < 2:
        return places
    folded = text.fold(title)
    own = next((block for block in headings if folded and text.fold(block.text) == folded), headings[0])
    article = _article(walk.nodes, own.node)
    others = {_article(walk.nodes, block.node) for block in headings} - {article}
    others = {
        other for other in others if not _holds(walk.nodes, other, article) and not _holds(walk.nodes, article, other)
    }
    if (
        not others
        or sum(walk.blocks[i].words for i in places if _holds(walk.nodes, article, walk.blocks[i].node)) < _ENOUGH
    ):
        return places
    return [i for i in places if not any(_holds(walk.nodes, other, walk.blocks[i].node) for other in others)]


def _without_teasers(walk: Walk, places: list[int]) -> list[int]:
    """Without small articles that have a linked heading, unless they are much of the text: a page of them is a list."""
    nodes = walk.nodes
    words: dict[int, int] = {}
    heads: dict[int, int] = {}
    total = 0
    for i in places:
        block = walk.blocks[i]
        total += block.words
        if _within(nodes, block, "article"):
            article = _article(nodes, block.node)
            words[article] = words.get(article, 0) + block.words
            heads[article] = heads.get(article, 0) + (block.words if block.tag in _HEADINGS else 0)
    if len(words) + (sum(words.values()) < total) < 2:
        return places
    linked = {
        _article(nodes, block.node)
        for block in walk.blocks
        if block.tag in _HEADINGS and block.linked * 5 > len(block.text) * 4 and _within(nodes, block, "article")
    }
    small = {
        article
        for article, count in words.items()
        if article in linked and count <= _MOST * total and count > heads.get(article, 0)
    }
    if not small or sum(words[article] for article in small) > _MOST * total:
        return places
    return [i for i in places if _article(nodes, walk.blocks[i].node) not in small]


def _within(nodes: Sequence[Node], block: Seen, tag: str) -> bool:
    return bool(nodes[block.node].within & PLACES[tag])


def _article(nodes: Sequence[Node], place: int) -> int:
    while place >= 0 and nodes[place].tag != "article":
        place = nodes[place].parent
    return place


def _holds(nodes: Sequence[Node], box: int, place: int) -> bool:
    while place > box:
        place = nodes[place].parent
    return place == box


def _with_beginning(walk: Walk, places: list[int]) -> list[int]:
    """With the paragraph of prose between the heading of the page and the first block that is kept."""
    if not places:
        return places
    first = places[0]
    start = next((i for i in range(first - 1, max(-1, first - _NEAR), -1) if walk.blocks[i].tag == "h1"), -1)
    if start < 0:
        return places
    return [i for i in range(start + 1, first) if walk.blocks[i].tag == "p" and _is_prose(walk.blocks[i])] + places


def _without_gaps(walk: Walk, places: list[int]) -> list[int]:
    """With a paragraph of prose that stands, like both of its neighbours that are kept, in one box; or is set off between them."""
    found: list[int] = []
    for before, after in zip([-1, *places], [*places, -1], strict=True):
        if before >= 0 and after >= 0 and after - before in (2, 3):
            found += [
                i
                for i in range(before + 1, after)
                if (_is_alike(walk, before, i) and _is_alike(walk, i, after)) or _is_set_off(walk, before, i, after)
            ]
        if after >= 0:
            found.append(after)
    return found


def _is_alike(walk: Walk, one: int, other: int) -> bool:
    left, right = walk.blocks[one], walk.blocks[other]
    return (
        left.tag == right.tag == "p"
        and walk.nodes[left.node].parent == walk.nodes[right.node].parent
        and walk.nodes[left.node].said == walk.nodes[right.node].said
        and _is_prose(left)
        and _is_prose(right)
    )


def _is_set_off(walk: Walk, before: int, i: int, after: int) -> bool:
    """True for prose without links in a box of its own between two paragraphs of one parent."""
    nodes, block = walk.nodes, walk.blocks[i]
    parent = nodes[walk.blocks[before].node].parent
    if not _is_alike(walk, before, after) or block.linked or block.words < _SET_OFF or not _is_prose(block):
        return False
    place = block.node
    for _ in range(3):
        if nodes[place].tag != "div" or _kind(nodes[place].said):
            return False
        place = nodes[place].parent
        if place == parent:
            return True
    return False


def _is_prose(block: Seen) -> bool:
    return block.words >= _GAP and block.linked * 3 < len(block.text) and bool(text.sentence_ends(block.text))
