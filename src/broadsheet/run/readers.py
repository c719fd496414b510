"""The list of readers as an editor keeps it: look, add, remove, bring in a file, suppress."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from .. import addresses, files
from ..errors import ParseError, UsageError
from ..letters import tokens
from ..store import Store
from ..types import Struct, Subscriber
from . import letterbox
from .mailing import letter_names
from .publication import PRIVATE, opened


class Added(Struct, frozen=True, kw_only=True, rename="camel"):
    """What came of adding. failures: one line each."""

    added: int = 0
    known: int = 0
    failures: tuple[str, ...] = ()


def all_of(folder: Path) -> tuple[Subscriber, ...]:
    """Everybody, by address, whatever the state; wishes that wait in the letterbox are not yet in it."""
    with opened(folder, lock=False) as (_, store):
        return store.letters.subscribers()


def add(folder: Path, given: Iterable[str], now: datetime, topic: str = "", how: str = "command") -> Added:
    """Let these get letters at once. Who left, complained or bounced is not added again: see suppress.

    topic: the letter of this topic beside what they get; empty for the main letter. Raises UsageError, StoreError.
    """
    failures = []
    with opened(folder) as (publication, store):
        if topic not in letter_names(publication):
            raise UsageError("no letter of this topic", topic, "name it in topics under [newsletter]")
        letterbox.empty(folder / PRIVATE, store.letters, now)
        barred = {one.digest: one.reason for one in store.letters.suppressions()}
        held = {one.address: one for one in store.letters.subscribers()}
        fresh: dict[str, Subscriber] = {}
        known = 0
        for address in given:
            try:
                one = addresses.normalised(address)
            except ParseError as exc:
                failures.append(str(exc))
                continue
            before = held.get(one)
            topics = before.topics if before is not None and before.state == "active" else ()
            if (reason := barred.get(tokens.digest(one))) is not None:
                failures.append(f"{one}: not added: {reason}; `suppress --lift` would allow it")
            elif topic in topics or one in fresh:
                known += 1
            else:
                fresh[one] = letterbox.subscriber(one, now, (*topics, topic), how)
        store.letters.put_subscribers(fresh.values())
    return Added(added=len(fresh), known=known, failures=tuple(failures))


def bring(folder: Path, file: Path, now: datetime, topic: str = "") -> Added:
    """Add the addresses of a file: one a line, or the first column of a CSV file with or without a head.

    What `export` wrote comes back as it was: a line whose state is not active is passed over. Raises UsageError.
    """
    said = files.read_saved(file).decode("utf-8-sig", "replace")
    rows = [row for row in csv.reader(io.StringIO(said, newline="")) if row and row[0].strip()]
    if rows and "@" not in rows[0][0]:
        rows = rows[1:]
    wanted = [row[0] for row in rows if len(row) < 2 or row[1].strip() in ("", "active")]
    return add(folder, wanted, now, topic, how="import")


def remove(folder: Path, given: Sequence[str]) -> int:
    """Forget these readers, and what was sent to them; returns how many were there. Raises ParseError, StoreError."""
    with opened(folder) as (_, store):
        return store.letters.remove_subscribers([addresses.normalised(address) for address in given])


def suppress(folder: Path, given: Sequence[str], now: datetime, *, lift: bool = False) -> tuple[str, ...]:
    """Write to these no more, known or not, or lift that; returns them as they are spelled here. Raises ParseError."""
    wanted = tuple(addresses.normalised(address) for address in given)
    with opened(folder) as (_, store):
        letterbox.empty(folder / PRIVATE, store.letters, now)
        for address in wanted:
            _suppress(store, address, now, lift=lift)
    return wanted


def _suppress(store: Store, address: str, now: datetime, *, lift: bool) -> None:
    if lift:
        store.letters.allow(tokens.digest(address))
    else:
        letterbox.leave(store.letters, tokens.digest(address), now, "complaint")


def line(one: Subscriber) -> str:
    """A reader as a line of CSV: address, state, since, letters."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(
        (one.address, one.state, one.since.isoformat(timespec="seconds"), "; ".join(one.topics))
    )
    return out.getvalue()
