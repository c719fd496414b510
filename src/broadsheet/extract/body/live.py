"""Live blogs: the updates that their markup lists, as blocks, where the page itself shows less of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from ... import dates, text
from ...types import Struct
from . import foreign
from .block import Block

MAX_UPDATES = 500
MAX_CHARS = 400_000  # of all updates together
COVERED = 0.9  # share of the updates' words that a page shows from which its own text is taken

_CLOCK = re.compile(r"[T ](?P<hours>[01]?[0-9]|2[0-3]):(?P<minutes>[0-5][0-9])")


class Update(Struct, frozen=True):
    """One update as its markup gives it: raw strings."""

    heading: str = ""
    body: str = ""
    published: str = ""
    updated: str = ""


def updates(node: dict[str, Any]) -> tuple[Update, ...]:
    """The updates of a LiveBlogPosting (schema.org liveBlogUpdate), in the page's order, those without text left out."""
    listed = node.get("liveBlogUpdate")
    found: list[Update] = []
    left = MAX_CHARS
    for item in listed if isinstance(listed, list) else [listed]:
        if not isinstance(item, dict):
            continue
        update = Update(
            heading=_string(item, "headline", "name")[:2_000],
            body=_string(item, "articleBody", "text", "description")[:left],
            published=_string(item, "datePublished", "dateCreated")[:100],
            updated=_string(item, "dateModified")[:100],
        )
        if update.body.strip() or update.heading.strip():
            left -= len(update.body) + len(update.heading)
            found.append(update)
        if left <= 0 or len(found) >= MAX_UPDATES:
            break
    return tuple(found)


def _string(node: dict[str, Any], *keys: str) -> str:
    return next((value for key in keys if isinstance(value := node.get(key), str) and value.strip()), "")


def newest(found: Sequence[Update]) -> str:
    """When the last of them was written or changed, as it stands there; empty where none says when."""
    said = [raw for update in found for raw in (update.published, update.updated) if raw]
    moments: list[tuple[datetime, str]] = [(moment, raw) for raw in said if (moment := dates.parse(raw))]
    return max(moments, default=(None, ""), key=lambda pair: pair[0])[1] if moments else ""


def blocks(found: Sequence[Update]) -> tuple[Block, ...]:
    """A heading of the third level for each, `14:05 – Headline`, in the clock that it is written in; then its paragraphs."""
    made: list[Block] = []
    for update in found:
        clock = _CLOCK.search(update.published)
        time = f"{int(clock['hours']):02}:{clock['minutes']}" if clock else ""
        if heading := " – ".join(filter(None, (time, text.one_line(update.heading)))):
            made.append(Block(kind="heading", text=heading, level=3))
        made += foreign.paragraphs(text.from_html(update.body))
    return tuple(made)


def shown(found: Sequence[Update], prose: str) -> bool:
    """True where `prose`, the text that the page shows, has at least COVERED of the updates' words, each as often."""
    told = Counter(chain.from_iterable(text.tokens(text.from_html(update.body)) for update in found))
    return (told & Counter(text.tokens(prose))).total() >= COVERED * told.total()
