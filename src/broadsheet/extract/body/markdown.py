"""Blocks as CommonMark, with tables as GitHub Flavored Markdown has them; `text.plain` takes the marks off again.

Only what would be markup where it stands is escaped, so that prose stays as it was written. What a renderer makes of
it, raw HTML off, is these blocks and nothing else. Sources: spec.commonmark.org 0.31, github.github.com/gfm.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise

from .block import Block

MAX_NESTING = 6  # of lists; renderers stop at some depth
MAX_NUMBER = 999_999_999  # of an item: nine digits
MAX_COLUMNS = 100

_BACKSLASH = re.compile(r"\\(?=[!-/:-@\[-`{-~])")  # before punctuation of ASCII, which it would escape
_TICKS = re.compile("`+")
_RUN = re.compile(r"\*+|_+|~+")
_LINK = re.compile(r"\](?=\()")
_ENTITY = re.compile(r"&(?=#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{0,31};)")
_TAG = re.compile(r"<(?=[^\s<>=])")  # also of an address: that of a mail may begin with a digit or a sign
_SPECIAL = re.compile(r"[\\`*_~\]<&]")
# What makes a block other than a paragraph of a line, by how the line begins.
_OPENING = re.compile(
    r"\#{1,6}(?=\s|$)|>|[-+*](?=\s|$)|-(?:\s*-)+\s*$|([*_])(?:\s*\1){2,}\s*$|~{3}|`{3}|<(?=[A-Za-z/!?])|\[(?=.*\]:)|\[(?=[ xX]\](?:\s|$))"
)
_NUMBERED = re.compile(r"[0-9]{1,9}(?=[.)](?:\s|$))")
_CLOSING = re.compile(r"(?:^|(?<=\s))#+$")  # a run of # that ends a heading is no part of its text
_CELLS = re.compile(r"(?<=\s)\|(?=\s)")


def markdown(blocks: Sequence[Block]) -> str:
    """The blocks in their order, parted by a blank line, items of one list by a line end. Blocks without text are absent."""
    parts: list[str] = []
    lists = _Lists()
    for block in blocks:
        if not block.text.strip():
            continue
        if block.kind == "item":
            parts.append(("\n" if lists.follows(block) else "\n\n") + lists.item(block))
            continue
        lists = _Lists()
        parts.append(f"\n\n{_marked(block)}")
    return "".join(parts).lstrip("\n")


def _marked(block: Block) -> str:
    match block.kind:
        case "heading":
            closing = _CLOSING.search(block.text)
            at = [closing.start()] if closing else []
            return f"{'#' * min(max(block.level, 1), 6)} {_inline(block.text, at)}"
        case "quote":
            return f"> {_line(block.text)}"
        case "caption":
            return f"*{_inline(block.text, _stars(block.text))}*"
        case "code":
            return _code(block.text)
        case "table":
            return _table(block.text)
        case _:
            return _line(block.text)


def _code(said: str) -> str:
    """Fenced, by a fence that is longer than any within."""
    longest = max(map(len, _TICKS.findall(said)), default=0)
    fence = "`" * max(3, longest + 1)
    lines = said.strip("\n")
    return f"{fence}\n{lines}\n{fence}"


def _table(said: str) -> str:
    """The first row is the head; a row that is shorter than the longest has empty cells at its end."""
    rows = [
        [cell.strip() for cell in _CELLS.split(f" {row} ")][:MAX_COLUMNS] for row in said.split("\n") if row.strip()
    ]
    width = max(map(len, rows))
    lines = [[_inline(cell, _bars(cell)) for cell in row] + [""] * (width - len(row)) for row in rows]
    lines.insert(1, ["---"] * width)
    return "\n".join("|" + "".join(f" {cell} |" if cell else " |" for cell in line) for line in lines)


class _Lists:
    """The lists that are open: for each level its indent, and the number and delimiter of its last item."""

    def __init__(self) -> None:
        self.open: list[tuple[int, int, str]] = []  # width of the marker, number (0: unordered), delimiter

    def follows(self, block: Block) -> bool:
        """True where the item needs no blank line before it: a list in an item may not begin with another number than 1."""
        level = min(block.level, MAX_NESTING, len(self.open))
        return bool(self.open) and (block.ordered <= 1 or level < len(self.open))

    def item(self, block: Block) -> str:
        level = max(0, min(block.level, MAX_NESTING, len(self.open)))
        number = min(block.ordered, MAX_NUMBER) if block.ordered > 0 else 0
        last, delimiter = self.open[level][1:] if level < len(self.open) else (0, ".")
        if number and last and number != last + 1:  # of one list, only the first number counts
            delimiter = ")" if delimiter == "." else "."
        mark = f"{number}{delimiter} " if number else "- "
        indent = " " * sum(width for width, _, _ in self.open[:level])
        self.open[level:] = [(len(mark), number, delimiter)]
        return f"{indent}{mark}{_line(block.text)}"


def _line(said: str) -> str:
    """The text of a block that has a line for itself: its beginning may make it another block."""
    if numbered := _NUMBERED.match(said):
        return _inline(said, [numbered.end()])
    if opening := _OPENING.match(said):
        return _inline(said, _ticks(said) if said.startswith("`") else [opening.start()])
    return _inline(said)


def _inline(said: str, at: Iterable[int] = ()) -> str:
    """Text within a line. at: places of characters that are escaped whatever stands around them."""
    places = {*at, *_markup(said)} if _SPECIAL.search(said) else set(at)
    if not places:
        return said
    cuts = [0, *sorted(places), len(said)]
    return "\\".join(said[start:end] for start, end in pairwise(cuts))


def _markup(said: str) -> Iterator[int]:
    """Places of characters that would be markup within a line."""
    yield from (match.start() for match in _BACKSLASH.finditer(said))
    runs = Counter(map(len, _TICKS.findall(said)))
    if any(count > 1 for count in runs.values()):
        yield from _ticks(said)
    yield from _emphasis(said)
    if "[" in said:
        first = said.index("[")
        yield from (match.start() for match in _LINK.finditer(said, first))
    if "<" in said:
        last = said.rfind(">")
        yield from (match.start() for match in _TAG.finditer(said, 0, last + 1))
    yield from (match.start() for match in _ENTITY.finditer(said))


def _emphasis(said: str) -> Iterator[int]:
    """Runs of `*`, `_` or `~` that can open or close something, where one that opens comes before one that closes."""
    found: dict[str, list[tuple[bool, bool, range]]] = {}
    for run in _RUN.finditer(said):
        before = said[run.start() - 1] if run.start() else " "
        after = said[run.end()] if run.end() < len(said) else " "
        left = not after.isspace() and (not _is_sign(after) or before.isspace() or _is_sign(before))
        right = not before.isspace() and (not _is_sign(before) or after.isspace() or _is_sign(after))
        opens, closes = left, right
        if run[0][0] == "_":
            opens, closes = left and (not right or _is_sign(before)), right and (not left or _is_sign(after))
        if opens or closes:
            found.setdefault(run[0][0], []).append((opens, closes, range(run.start(), run.end())))
    for runs in found.values():
        first = next((number for number, (opens, _, _) in enumerate(runs) if opens), len(runs))
        if any(closes for _, closes, _ in runs[first + 1 :]):
            yield from chain.from_iterable(places for _, _, places in runs)


def _is_sign(char: str) -> bool:
    """Punctuation or a symbol, as the specification has it."""
    return unicodedata.category(char)[0] in "PS"


def _ticks(said: str) -> list[int]:
    return [place for place, char in enumerate(said) if char == "`"]


def _stars(said: str) -> list[int]:
    """Within stars: every star, and a backslash at the end."""
    return [place for place, char in enumerate(said) if char == "*" or (char == "\\" and place == len(said) - 1)]


def _bars(said: str) -> list[int]:
    return [place for place, char in enumerate(said) if char == "|"]
