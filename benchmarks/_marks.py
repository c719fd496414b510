"""How what a reader told of a page is marked against the gold, and the mean over pages."""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from statistics import fmean
from typing import Any
from urllib.parse import urlsplit

import msgspec

from ._readers import Told

LOW = 0.8  # text F1 of a page below which somebody would notice
MINUTE = 60  # seconds


class Gold(msgspec.Struct, frozen=True):
    """What is true of a page; empty where nobody says. covers: addresses of the lead picture in all its sizes."""

    text: str = ""
    title: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    covers: tuple[str, ...] = ()
    article: bool = True


def marks(told: Told, gold: Gold) -> dict[str, float]:
    """Marks of one page, 0 to 1, for each thing that its gold has. Of a page that is no article, the text alone.

    text: F1 of words. title: the same but for case and punctuation, or one begins the other. authors: F1 of the words
    of their names. day: the same date in the zone of the gold. minute: the same instant within a minute, where the gold
    has a zone and a time. cover: the same file name as any size of the gold's.
    """
    found: dict[str, float] = {}
    if gold.text:
        found["text"] = f1(words(told.text), words(gold.text))
    if not gold.article:
        return found
    if gold.title:
        ours, theirs = folded(told.title), folded(gold.title)
        found["title"] = float(bool(ours) and (ours.startswith(theirs) or theirs.startswith(ours)))
    if gold.authors:
        found["authors"] = f1(folded(" ".join(told.authors)).split(), folded(" ".join(gold.authors)).split())
    if gold.published:
        found |= moments(told.published, gold.published)
    if gold.covers:
        found["cover"] = float(bool(told.cover) and file_name(told.cover) in map(file_name, gold.covers))
    return found


def moments(told: datetime | None, gold: datetime) -> dict[str, float]:
    local = told.astimezone(gold.tzinfo) if told and told.tzinfo and gold.tzinfo else told
    found = {"day": float(local is not None and local.date() == gold.date())}
    if gold.tzinfo and gold.time().replace(microsecond=0).isoformat() != "00:00:00":
        zoned = told is not None and told.tzinfo is not None
        found["minute"] = float(zoned and abs((told - gold).total_seconds()) <= MINUTE)
    return found


def means(pages: Sequence[dict[str, float]]) -> dict[str, Any]:
    """Mean of each mark over the pages that have it, and `below`, how many pages have a text below .8."""
    names = ("text", "title", "authors", "day", "minute", "cover")
    by_name = {name: [page[name] for page in pages if name in page] for name in names}
    found: dict[str, Any] = {name: round(fmean(values), 4) for name, values in by_name.items() if values}
    return found | {"below": sum(mark < LOW for mark in by_name["text"])}


def gate(pairs: Iterable[tuple[bool, bool]]) -> dict[str, float]:
    """Precision, recall and F1 of "this is an article". pairs: whether it was called one, whether it is one."""
    counts = Counter(pairs)
    right, wrong, missed = counts[True, True], counts[True, False], counts[False, True]
    return {
        "precision": round(right / max(1, right + wrong), 4),
        "recall": round(right / max(1, right + missed), 4),
        "F1": round(2 * right / max(1, 2 * right + wrong + missed), 4),
    }


def f1(found: Sequence[str], wanted: Sequence[str]) -> float:
    """F1 of two bags of words; `wanted` is not empty, or nothing but nothing is right."""
    if not wanted or not found:
        return float(not wanted and not found)
    return 2 * (Counter(found) & Counter(wanted)).total() / (len(found) + len(wanted))


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def folded(text: str) -> str:
    return " ".join(words(unicodedata.normalize("NFKC", html.unescape(text))))


def file_name(url: str) -> str:
    return urlsplit(url).path.rpartition("/")[2]


def moment(text: str | None) -> datetime | None:
    """A date or time of the gold; None where it is none."""
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
