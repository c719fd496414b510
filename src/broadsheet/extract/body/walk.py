"""One walk over the page's tree: its text as blocks, each with where it stands and what the markup says of it."""

from __future__ import annotations

import re

import lxml.html

from ... import text as words
from ...types import Struct

MAX_BLOCKS = 20_000  # a long live blog has 3,000
MAX_CHARS = 4_000_000  # of text of the whole page

# What is no text of the page, or is shown in place of something else.
_SILENT = frozenset([
    "script", "style", "template", "svg", "canvas", "iframe", "object", "embed", "applet", "audio", "video",
    "map", "select", "datalist", "textarea", "input", "meter", "progress", "head", "title", "meta", "link",
    "rt", "rp", "base", "frame", "frameset", "noframes", "param", "source", "track",
])  # fmt: skip
# What stands within a line. All other elements, those with names of their own included, begin and end a block.
_INLINE = frozenset([
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "img", "ins", "kbd", "label", "mark", "math", "nobr", "output", "picture", "q", "ruby", "s", "samp",
    "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
])  # fmt: skip
_SAYING = frozenset(("class", "id", "itemprop", "role", "data-testid", "data-component", "data-type", "data-block"))
_STREAMED = re.compile(r"S:[0-9a-f]+")  # ids that React gives to what a script will put in its place and show
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


class Node(Struct, frozen=True, kw_only=True):
    """An element that begins and ends blocks. parent: its place in the list of nodes, -1 for the first."""

    tag: str
    said: str  # class, id, role and the like, as they are
    parent: int
    depth: int
    within: int  # bits of PLACES of it and what it stands in


class Seen(Struct, frozen=True, kw_only=True):
    """A block of text as it stands in the page. linked: characters of it that are links."""

    text: str
    node: int  # the innermost element that begins and ends blocks
    tag: str
    words: int
    linked: int
    bold: bool = False  # all of it within b or strong


class Walk(Struct, frozen=True, kw_only=True):
    """nodes: a parent before its children. blocks: as they stand. pictures: the node of each picture."""

    nodes: list[Node]
    blocks: list[Seen]
    pictures: list[int]


# What a block can stand in, as bits.
_AROUND = [
    "article", "main", "aside", "nav", "footer", "header", "form", "figure", "figcaption", "blockquote",
    "table", "li", "ul", "ol", "dl", "section", "details", "pre", "tr", "dialog", "address", "td", "p", "div",
    "button", "noscript",
]  # fmt: skip
PLACES = {tag: 1 << place for place, tag in enumerate(_AROUND)}


def read(root: lxml.html.HtmlElement, *, unseen: bool = False) -> Walk:
    """All visible text under root; with `unseen` that too which is hidden until a script shows it.

    Does not change the tree; time and memory linear in it, without recursion.
    """
    body = root.find("body")
    body = root if body is None else body
    nodes = [Node(tag="body", said="", parent=-1, depth=0, within=0)]
    blocks: list[Seen] = []
    pictures: list[int] = []
    parts: list[str] = []
    here = 0  # the node
    in_links = in_bold = linked = 0
    plain = False  # some of it is not bold
    room = MAX_CHARS
    broken = False  # a br, and no text since

    def say(text: str | None) -> None:
        nonlocal linked, plain, broken
        if text:
            parts.append(text)
            if in_links:
                linked += len(text.strip())
            if (broken or not (plain or in_bold)) and not text.isspace():
                broken = False
                plain = plain or not in_bold

    def end() -> None:
        """What was said since the block before becomes a block, where it is any text."""
        nonlocal linked, plain, room
        if parts:
            raw = "".join(parts)
            parts.clear()
            if not raw.isspace() and (block := _block(raw, here, nodes[here], linked, not plain)):
                blocks.append(block)
                room -= len(block.text)
            linked, plain = 0, False

    def leave(tag: str, node: int) -> None:
        nonlocal here, broken, in_links, in_bold
        if node >= 0:
            end()
            broken = False
            here = nodes[node].parent
        elif tag == "a":
            in_links -= 1
        elif tag == "b" or tag == "strong":
            in_bold -= 1

    say(body.text)
    open_ = [(iter(body), body, 0)]  # what is open: its children, itself, and its node, -1 for what is within a line
    while open_:
        for element in open_[-1][0]:
            tag = element.tag
            if tag in _INLINE:
                if tag == "a":
                    in_links += 1
                elif tag == "b" or tag == "strong":
                    in_bold += 1
                elif tag == "img":
                    pictures.append(here)
                say(element.text)
                if len(element):
                    open_.append((iter(element), element, -1))
                    break
                leave(tag, -1)
            elif tag == "br":
                if broken:  # two of them part paragraphs
                    end()
                else:
                    parts.append("\n")
                broken = True
            elif isinstance(tag, str) and tag not in _SILENT:
                said, seen = _attributes(element)
                if (seen or unseen) and len(blocks) < MAX_BLOCKS and room > 0:
                    end()
                    broken = False
                    above = nodes[here]
                    within = above.within | PLACES.get(tag, 0)
                    nodes.append(Node(tag=tag, said=said, parent=here, depth=above.depth + 1, within=within))
                    here = len(nodes) - 1
                    say(element.text)
                    if len(element):
                        open_.append((iter(element), element, here))
                        break
                    leave(tag, here)
            say(element.tail)
        else:
            _, element, node = open_.pop()
            leave(element.tag, node)
            if open_:
                say(element.tail)
    return Walk(nodes=nodes, blocks=blocks, pictures=pictures)


def _block(raw: str, place: int, node: Node, linked: int, bold: bool) -> Seen | None:
    text = _lines(raw) if node.within & PLACES["pre"] else words.clean(raw)
    if not text:
        return None
    return Seen(
        text=text,
        node=place,
        tag=node.tag,
        words=words.count_words(text),
        linked=min(linked, len(text)),
        bold=bold,
    )


def _attributes(element: lxml.html.HtmlElement) -> tuple[str, bool]:
    """What the element's attributes say of its sense, and whether it is seen at all."""
    said = ""
    for name, value in element.items():
        if name in _SAYING:
            said = f"{said} {value}" if said else value
        elif (name == "hidden" and value != "until-found" and not _STREAMED.fullmatch(element.get("id", ""))) or (
            name == "style" and _UNSEEN.search(value)
        ):
            return said, False
    return said, True


def _lines(raw: str) -> str:
    """Code as it stands, without empty lines around it."""
    lines = [f"{' ' * (len(line) - len(line.lstrip()))}{words.clean(line)}" for line in raw.expandtabs(4).splitlines()]
    return "\n".join(lines).strip("\n")
