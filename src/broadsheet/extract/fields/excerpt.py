"""The excerpt: the publisher's description where it is a real one, else how the text begins."""

from __future__ import annotations

from collections.abc import Sequence

from ... import text
from ..said import Said
from . import Found, candidates


def find(saids: Sequence[Said], heading: str, body: str) -> Found[str]:
    """The description where it is a real one: not a repetition of the title, and longer than a label; else the text's start."""
    told = [(text.one_line(raw), place) for said in saids for raw, place in said.descriptions[:2]]
    known = candidates("excerpt", told)
    for line, place in told:
        if len(line) >= 40 and text.fold(line) != text.fold(heading):
            return Found(text.excerpt(line), place, known)
    start = text.excerpt(body)
    return Found(start, "text" if start else "", known)
