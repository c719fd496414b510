"""What speaks for or against a block of a page being part of its text: signs with names, read from a walk.

A sign says something of the block itself (its length, how it ends, what it says), of where it stands (what elements it
is in, and what their classes call them), or of what is around it (what its container, its neighbours and the blocks
that look like it hold). Nothing here depends on a language but for a table of words that pages use around their text.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable

from ...types import Struct
from . import callings, phrases
from .walk import PLACES, Node, Seen, Walk

_ENDS = tuple(".!?…。！？؟।۔")
_CLOSING = "\"'”’»)]」』）】›"
_MARKS = frozenset("•·-–—*→►▶»›|+#@✓✔©")
_WIDTH = (1, 3, 6, 11, 19, 39, 79)  # words, the most in each bin
_CHECKED = 400  # characters of a block whose punctuation is looked at
_SHARES = (0.0, 0.05, 0.15, 0.35, 0.6, 0.85)
_LINKED = (0.0, 0.2, 0.5, 0.85)
_FAR = (0, 1, 3, 8)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_COMMON = frozenset(("p", "li", "div", "td"))
_BESIDE = [
    (tag, PLACES[tag]) for tag in ("figure", "aside", "table", "li", "blockquote", "section", "header", "footer")
]
# Signs by number: to look one up takes a third of the time of writing it.
_LOOK = [f"look {n}" for n in range(len(_SHARES) + 1)]
_PLACE = [f"place {n}" for n in range(5)]
_HEADS = [f"heads {n}" for n in range(3)]
_SINCE = [[f"since prose {n} until {m}" for m in range(len(_FAR) + 1)] for n in range(len(_FAR) + 1)]
_SIZES = [[f"width {n} linked {m}" for m in range(len(_LINKED) + 1)] for n in range(len(_WIDTH) + 1)]
_PLACE_SIGNS = [{bit: f"{where} {name}" for name, bit in callings.BITS.items()} for where in ("own", "near", "far")]
_PLACE_SIGNS.append({bit: f"in {tag}" for tag, bit in PLACES.items()})
PROSE = 12  # words of a block that reads as prose


def ends_sentence(text: str) -> bool:
    """Whether text ends as a sentence does, in any script."""
    return text.rstrip(_CLOSING)[-1:] in _ENDS


def _end(text: str) -> str:
    if text[-1] in ":：":
        return "colon"
    if text.endswith(("...", "…", "[...]", "[…]")):
        return "cut"
    return "sentence" if ends_sentence(text) else "else"


def is_prose(block: Seen) -> bool:
    """A block of some length, little of it links: what texts are made of, and little else is."""
    return (
        block.words >= PROSE and block.linked * 3 < len(block.text) and (block.words >= 30 or ends_sentence(block.text))
    )


class _Sums(Struct, frozen=True, kw_only=True):
    """Of each node, itself and all below it: words of prose, characters, those of links, blocks, pictures."""

    prose: list[int]
    chars: list[int]
    linked: list[int]
    blocks: list[int]
    pictures: list[int]


def _sums(walk: Walk, prose: list[int]) -> _Sums:
    nodes = walk.nodes
    masses, chars, linked, blocks, pictures = ([0] * len(nodes) for _ in range(5))
    for place in walk.pictures:
        pictures[place] += 1
    for block, mass in zip(walk.blocks, prose, strict=True):
        masses[block.node] += mass
        chars[block.node] += len(block.text)
        linked[block.node] += block.linked
        blocks[block.node] += 1
    for place in range(len(nodes) - 1, 0, -1):  # children come after their parent
        above = nodes[place].parent
        masses[above] += masses[place]
        chars[above] += chars[place]
        linked[above] += linked[place]
        blocks[above] += blocks[place]
        pictures[above] += pictures[place]
    return _Sums(prose=masses, chars=chars, linked=linked, blocks=blocks, pictures=pictures)


Place = tuple[int, int, int, int]  # what its node is called, what those near above are, those further, and PLACES


def read(
    walk: Walk, title: str, description: str, hopeless: Callable[[Place, Seen], bool] | None = None
) -> list[tuple[Place, list[str]]]:
    """For each block of the walk: its place, which `place_names` tells in words, and the other signs that it shows.

    These are not looked for where a block is `hopeless` by its place and itself: most blocks of a page are a menu's.
    """
    nodes, blocks = walk.nodes, walk.blocks
    prose = [block.words if is_prose(block) else 0 for block in blocks]
    total = sum(prose) or 1
    sums = _sums(walk, prose)
    own, near, far = _callings(nodes)
    core = _core(nodes, sums.prose, total)
    inside, branch = _inside(nodes, core)
    heading = title.casefold()
    told = description.casefold()
    looks: dict[tuple[str, str, str], int] = {}
    depths: dict[int, int] = {}
    times: dict[str, int] = {}
    listed = 0
    for block, mass in zip(blocks, prose, strict=True):
        like = look(nodes, block)
        looks[like] = looks.get(like, 0) + mass
        depth = nodes[block.node].depth
        depths[depth] = depths.get(depth, 0) + mass
        times[block.text] = times.get(block.text, 0) + 1
        if nodes[block.node].within & PLACES["li"]:
            listed += mass
    lists = bisect_left((0.0, 0.05, 0.15, 0.35), listed / total)
    news = _news(walk, prose, inside, listed / total)
    article = _articles(nodes)
    titled = _titled(blocks, heading)
    main = article[blocks[titled].node] if titled >= 0 else -1
    held = bisect_left((0.1, 0.3, 0.6), sums.prose[main] / total) if main >= 0 else 0
    first = next((i for i, mass in enumerate(prose) if mass and inside[blocks[i].node] >= 0), 0)
    last = next((i for i in range(len(prose) - 1, -1, -1) if prose[i] and inside[blocks[i].node] >= 0), 0)
    kinds = [_kind(block, mass) for block, mass in zip(blocks, prose, strict=True)]
    until = _until(prose)
    page = bisect_left((30, 100, 250, 600, 1500), total)
    since = heads = 0
    containers: dict[int, tuple[str, ...]] = {}  # what blocks in one parent share
    signs: list[tuple[Place, list[str]]] = []
    for i, block in enumerate(blocks):
        node = nodes[block.node]
        place = (own[block.node], near[block.node], far[block.node], node.within)
        if hopeless and hopeless(place, block):
            signs.append((place, []))
            heads += block.tag == "h1"
            since = 0 if prose[i] else since + 1
            continue
        names = _own(block, node, heading, told)
        width = bisect_left(_WIDTH, block.words)
        parent = max(node.parent, 0)
        if (container := containers.get(node.parent)) is None:
            grand = max(nodes[parent].parent, 0)
            container = containers[node.parent] = (
                f"depth {bisect_left(_SHARES, depths[node.depth] / total)}",
                f"in parent {bisect_left(_SHARES, sums.prose[parent] / total)}",
                f"in grandparent {bisect_left(_SHARES, sums.prose[grand] / total)}",
                f"parent linked {bisect_left(_LINKED, sums.linked[parent] / (sums.chars[parent] or 1))}",
                f"grandparent linked {bisect_left(_LINKED, sums.linked[grand] / (sums.chars[grand] or 1))}",
            )
        deep = inside[block.node]
        alike = bisect_left(_SHARES, looks[look(nodes, block)] / total)
        names += (
            _LOOK[alike],
            *container,
            f"page {page} width {min(width, 5)}",
            _PLACE[5 * i // len(blocks)],
            f"before {kinds[i - 1] if i else 'none'}",
            f"after {kinds[i + 1] if i + 1 < len(kinds) else 'none'}",
            f"two before {kinds[i - 2] if i > 1 else 'none'}",
            f"two after {kinds[i + 2] if i + 2 < len(kinds) else 'none'}",
            _SINCE[bisect_left(_FAR, since)][bisect_left(_FAR, until[i])],
        )
        amid = "out" if deep < 0 else "ahead" if i < first else "behind" if i > last else "amid"
        if deep >= 0:
            share = bisect_left(_SHARES, sums.prose[branch[block.node]] / total)
            names += (f"core {amid} deep {min(deep, 4)}", f"branch {share} deep {min(deep, 3)}")
            if node.within & PLACES["li"]:
                names.append(f"list {amid} of {lists} linked {bisect_left(_LINKED, block.linked / len(block.text))}")
            if node.within & PLACES["aside"]:
                names.append(f"aside {amid} {share}")
        if sums.pictures[parent] and sums.blocks[parent] <= 3:
            names.append(f"beside a picture width {min(width, 5)} of {min(sums.blocks[parent], 3)}")
        names += (
            f"news {news} {'head' if block.tag in _HEADINGS else block.tag if block.tag in _COMMON else 'other'} {amid}",
            f"news {news} width {width} linked {bisect_left(_LINKED, block.linked / len(block.text))}",
            f"news {news} look {alike}",
        )
        names += [f"news {news} {name}" for name, bit in _BESIDE if node.within & bit]
        if times[block.text] > 1:
            names.append(f"repeated {min(times[block.text], 4)} width {min(width, 4)}")
        if titled >= 0:
            names.append("past the title" if i > titled else "ahead of the title" if i < titled else "the title")
        if main >= 0:
            inner = article[block.node]
            names.append(
                "in the title's article"
                if inner == main
                else f"in another article when the title's holds {held}"
                if inner >= 0
                else "in no article"
            )
        if block.tag == "h1":
            heads += 1
        names.append(_HEADS[min(heads, 2)])
        signs.append((place, names))
        since = 0 if prose[i] else since + 1
    return signs


def _news(walk: Walk, prose: list[int], inside: list[int], listed: float) -> int:
    """How much the page is made like those of newspapers, in four bins.

    These have few headings and lists in their prose, and many links, articles and pictures around it. A guide or a
    blog's post is the other way round, and counts more of what stands beside its prose to its text.
    """
    nodes, blocks = walk.nodes, walk.blocks
    total = sum(prose) or 1
    amid = [i for i, mass in enumerate(prose) if mass and inside[blocks[i].node] >= 0]
    between = range(amid[0], amid[-1] + 1) if amid else range(0)
    heads = sum(blocks[i].tag in _HEADINGS for i in between if inside[blocks[i].node] >= 0)
    links = sum(block.linked * 2 > len(block.text) for block in blocks)
    articles = sum(node.tag == "article" for node in nodes)
    figures = sum(node.tag in ("figure", "figcaption") for node in nodes)
    score = -3.0 * listed - 1.6 * heads / (total / 100 + 1) - 0.007 * total / len(amid or [0])
    score += 0.55 * math.log1p(links) + 0.45 * math.log1p(articles) + 0.45 * math.log1p(figures)
    return bisect_left((0.5, 1.7, 2.9), score)


def _articles(nodes: list[Node]) -> list[int]:
    """The innermost article element that each node is in, -1 for none."""
    found: list[int] = []
    for place, node in enumerate(nodes):
        found.append(place if node.tag == "article" else found[node.parent] if node.parent >= 0 else -1)
    return found


def _titled(blocks: list[Seen], title: str) -> int:
    """The block that is the page's title, -1 where none is: an h1 before any other heading."""
    best = -1
    for i, block in enumerate(blocks):
        if block.tag == "h1" or (block.tag == "h2" and best < 0):
            folded = block.text.casefold()
            if title and (folded == title or (len(folded) > 15 and (folded in title or title in folded))):
                if block.tag == "h1":
                    return i
                best = i
    return best


def _until(prose: list[int]) -> list[int]:
    """How many blocks lie between each block and the next of prose."""
    ahead = len(prose)
    counts = [0] * len(prose)
    for i in range(len(prose) - 1, -1, -1):
        counts[i] = ahead
        ahead = 0 if prose[i] else ahead + 1
    return counts


def look(nodes: list[Node], block: Seen) -> tuple[str, str, str]:
    """Blocks that look alike are of one kind: same element and class in a parent of the same class."""
    node = nodes[block.node]
    return node.tag, node.said, nodes[node.parent].said if node.parent >= 0 else ""


def _kind(block: Seen, mass: int) -> str:
    if mass:
        return "prose"
    if block.tag[0] == "h" and block.tag[1:].isdigit():
        return "heading"
    if block.linked * 2 > len(block.text):
        return "links"
    return "line" if block.words > 5 else "words"


def _callings(nodes: list[Node]) -> tuple[list[int], list[int], list[int]]:
    """What each node is called, what the two above it are called, and what those further above."""
    memory: dict[str, int] = {"": 0}
    own: list[int] = []
    near: list[int] = []
    far: list[int] = []
    whole: list[int] = []
    for node in nodes:
        said = node.said
        bits = memory.get(said)
        if bits is None:
            bits = memory[said] = callings.called(said)
        own.append(bits)
        parent = node.parent
        above = nodes[parent].parent if parent >= 0 else -1
        beyond = nodes[above].parent if above >= 0 else -1
        near.append((own[parent] if parent >= 0 else 0) | (own[above] if above >= 0 else 0))
        far.append(whole[beyond] if beyond >= 0 else 0)
        whole.append((whole[parent] if parent >= 0 else 0) | bits)
    return own, near, far


def place_names(place: Place) -> list[str]:
    """The signs of where a block stands, in words."""
    found = []
    for bits, said in zip(place, _PLACE_SIGNS, strict=True):
        while bits:
            low = bits & -bits
            found.append(said[low])
            bits ^= low
    return found


def _core(nodes: list[Node], prose: list[int], total: int) -> int:
    """The deepest node that holds most of the page's prose."""
    best = 0
    for place, mass in enumerate(prose):  # a parent comes before its children
        if mass * 10 >= total * 6 and nodes[place].depth > nodes[best].depth:
            best = place
    return best


def _inside(nodes: list[Node], core: int) -> tuple[list[int], list[int]]:
    """How far below the core each node is, -1 for what is not in it; and the child of the core that it is in."""
    depths = [-1] * len(nodes)
    branch = [core] * len(nodes)
    depths[core] = 0
    for place in range(core + 1, len(nodes)):
        above = nodes[place].parent
        if depths[above] >= 0:
            depths[place] = depths[above] + 1
            branch[place] = place if above == core else branch[above]
    return depths, branch


def size(block: Seen) -> str:
    """The sign of how long a block is and how much of it is links."""
    return _SIZES[bisect_left(_WIDTH, block.words)][bisect_left(_LINKED, block.linked / len(block.text))]


def _own(block: Seen, node: Node, title: str, description: str) -> list[str]:
    text = block.text
    width = bisect_left(_WIDTH, block.words)
    low = text[:_CHECKED]
    commas = low.count(",") + (0 if low.isascii() else low.count("、") + low.count("，") + low.count("،"))
    found = [
        size(block),
        f"tag {node.tag}" if node.tag in PLACES or (node.tag[0] == "h" and len(node.tag) == 2) else "tag other",
        f"ends {_end(text)} width {width}",
        f"commas {min(commas, 3)} width {min(width, 4)}",
    ]
    if text[0] in _MARKS:
        found.append("starts with a mark")
    elif text[0].islower():
        found.append("starts small")
    elif text[0].isdigit():
        found.append("starts with a digit")
    if "|" in low or " · " in low or " • " in low or " / " in low:
        found.append("parted")
    if block.words <= 8:
        if any(map(str.isdigit, low)):
            found.append("short with digits")
        if low.isupper():
            found.append("capitals")
    if block.bold:
        found.append(f"bold width {min(width, 4)}")
    if block.words <= 60:
        short = "short" if block.words < 12 else "long"
        found += [f"says {name} {short}" for name in phrases.said(text)]
    folded = text.casefold()
    if title and len(folded) > 3 and (folded == title or (len(folded) > 15 and (folded in title or title in folded))):
        found.append("title")
    if description and len(folded) > 25 and (folded[:80] in description or description[:80] in folded):
        found.append("description")
    return found
