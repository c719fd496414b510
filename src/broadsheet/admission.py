"""Which entries of a listing are new, and what the others are: every listed entry is counted in exactly one class.

A source may change all its ids, repeat a link, move its pages to other addresses or give everything a new date: none of
that may bring back what was published already.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from .types import Entry, Listed, Struct

REDATED = 4  # known entries that a listing must have, for new dates on more than half of them to be no news
MOST_CHANGES = 5  # times that one page is read again because a source changed its entry

CLASSES = {
    "new": "an address that nobody had listed before",
    "also listed": "new in this source, but known from another one or from an import",
    "known": "listed before, and unchanged",
    "changed": "listed before, with another title or date: it is read again",
    "redated": "listed before, with another date like most of its source: the date is not believed",
    "moved": "a known entry under another address",
    "repeated": "the same address twice in one listing",
    "unlinked": "without an address that can be followed",
    "cut": "beyond the entries that are taken of one listing",
}

_encode = msgspec.json.Encoder().encode


class Known(Struct, frozen=True, kw_only=True):
    """What is stored of an entry that a source listed before; see Listed. changes: times that a source changed it."""

    url: str
    key: str
    id: str = ""
    title: str = ""
    date: str = ""
    changes: int = 0


class Admission(Struct, frozen=True, kw_only=True):
    """One listing, sorted. classes: class -> entries; together they are all that was listed.

    store: entries to be written. new: addresses to be read; changed: addresses to be read again. moved: address -> the
    known address of the same entry. arrivals: entries that its source had not listed before.
    """

    store: tuple[Listed, ...] = ()
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    moved: dict[str, str] = {}
    arrivals: tuple[Listed, ...] = ()
    classes: dict[str, int] = {}


def listed(entry: Entry) -> Listed:
    """The entry as it is stored, with its digests.

    An entry is told apart from the others of its source by its link; one without a link by its id, and one without
    either by what it says.
    """
    said = "\n".join((entry.title, entry.published_raw, entry.summary))
    date = entry.published.isoformat() if entry.published else entry.published_raw
    return Listed(
        url=entry.url,
        key=digest(entry.url or (f"id {entry.id}" if entry.id else f"said {said}")),
        id=digest(entry.id),
        title=digest(entry.title),
        date=digest(date),
        published=entry.published,
        data=_encode(entry).decode(),
    )


def digest(value: str) -> str:
    """128 bits in hex: short enough for any index, and no two entries ever share one. Empty for nothing."""
    return hashlib.blake2b(value.encode("utf-8", "replace"), digest_size=16).hexdigest() if value else ""


def admit(
    entries: Sequence[Listed],
    here: Mapping[str, Known],
    before: Iterable[Known],
    elsewhere: Collection[str],
    cut: int = 0,
) -> Admission:
    """Sort one listing. Of two entries with one key the first counts: feeds list the newest first.

    here: key -> what this source listed before under that key. before: everything that it listed before, for entries
    that come back under another address. elsewhere: addresses that are known at all, from whatever source.
    """
    first: dict[str, Listed] = {}
    for entry in entries:
        first.setdefault(entry.key, entry)
    redated = _is_redated(first, here)
    strangers = [entry for entry in first.values() if entry.key not in here]
    twins = _same_entries(strangers, [known for known in before if known.url and known.key not in first])
    counts = Counter(repeated=len(entries) - len(first), cut=cut)
    store, arrivals, new, changed = [], [], [], []
    moved: dict[str, str] = {}
    for entry in first.values():
        known = here.get(entry.key)
        kind = _class(entry, known, redated=redated, elsewhere=elsewhere, twin=twins.get(entry.key))
        counts[kind] += 1
        if known is None or kind == "changed":
            store.append(entry)
        if kind == "changed" and known is not None and known.changes < MOST_CHANGES:
            changed.append(entry.url)
        elif kind == "new":
            new.append(entry.url)
        elif kind == "moved":
            moved[entry.url] = twins[entry.key].url
        if known is None and kind != "moved":
            arrivals.append(entry)
    return Admission(
        store=tuple(store),
        new=tuple(new),
        changed=tuple(changed),
        moved=moved,
        arrivals=tuple(arrivals),
        classes={kind: n for kind, n in sorted(counts.items()) if n},
    )


def _class(entry: Listed, known: Known | None, *, redated: bool, elsewhere: Collection[str], twin: Known | None) -> str:
    if not entry.url:
        return "unlinked"
    if known is None:
        return "also listed" if entry.url in elsewhere else "new" if twin is None else "moved"
    if (entry.title, entry.date) == (known.title, known.date):
        return "known"
    return "redated" if redated and entry.title == known.title else "changed"


def _is_redated(first: Mapping[str, Listed], here: Mapping[str, Known]) -> bool:
    """True when more than half of the known entries have another date under the same title."""
    pairs = [(entry, here[key]) for key, entry in first.items() if key in here]
    others = sum(entry.date != known.date and entry.title == known.title for entry, known in pairs)
    return len(pairs) >= REDATED and 2 * others > len(pairs)


def _same_entries(strangers: Sequence[Listed], before: Sequence[Known]) -> dict[str, Known]:
    """Key of each stranger that is a known entry under another address -> that entry.

    Two of three must agree: id, title and date; and no other entry, old or new, may share the two, since there are
    sources that give all their entries one id or one date.
    """
    found: dict[str, Known] = {}
    if not strangers or not before:
        return found
    for one, other in (("id", "title"), ("title", "date"), ("id", "date")):
        pairs = Counter(_pair(entry, one, other) for entry in strangers)
        olds = Counter(_pair(known, one, other) for known in before)
        by_pair = {_pair(known, one, other): known for known in before}
        for entry in strangers:
            pair = _pair(entry, one, other)
            if all(pair) and pairs[pair] == 1 and olds[pair] == 1:
                found.setdefault(entry.key, by_pair[pair])
    return found


def _pair(entry: Listed | Known, one: str, other: str) -> tuple[str, str]:
    return getattr(entry, one), getattr(entry, other)
