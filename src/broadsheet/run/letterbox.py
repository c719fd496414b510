"""What readers ask for, written down at once beside the store, and brought into it by whoever has the store next.

The store has one writer, who may be at work for minutes; a wish to leave must not wait for that, nor be lost. So it is
a line in a file, on disk before the reader is answered.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, TypeVar

import msgspec
from msgspec.structs import replace

from ..errors import OutputError
from ..letters import tokens
from ..store import Letters
from ..types import Struct, Subscriber, Suppression

FILE = "letters.jsonl"
MOST = 16 * 1024 * 1024  # bytes: some 100,000 wishes; more than that is somebody's attack
PATIENCE = timedelta(days=7)  # in which a reader has to confirm
T = TypeVar("T")


class Wish(Struct, frozen=True, kw_only=True):
    """One thing that a reader asked for. kind: ask (with the address), join (confirms what was asked) or leave."""

    kind: str
    at: datetime
    digest: str  # of the address
    address: str = ""
    topics: tuple[str, ...] = ()
    asked: datetime | None = None  # of join: when that was


class Full(OutputError):
    """The file of wishes takes no more."""


def drop(folder: Path, wish: Wish) -> None:
    """Write a wish down, on disk when this returns. folder: the private one. Raises OutputError."""

    def append(file: BinaryIO) -> None:
        if file.seek(0, os.SEEK_END) > MOST:
            raise Full("too many wishes of readers wait", str(folder / FILE), "is a cycle running?")
        file.write(b"\n" + msgspec.json.encode(wish) + b"\n")  # a torn line of a program that died stays alone
        file.flush()
        os.fsync(file.fileno())

    _with_file(folder, append)


def waits(folder: Path) -> bool:
    """Whether there is something to bring into the store."""
    try:
        return (folder / FILE).stat().st_size > 0
    except OSError:
        return False


def empty(folder: Path, letters: Letters, now: datetime) -> int:
    """Bring every wish into the store, then forget it; returns how many. Raises OutputError, StoreError.

    A program that dies between brings them again, which changes nothing. What is not confirmed in time is forgotten.
    """

    def bring(file: BinaryIO) -> int:
        file.seek(0)
        wishes = list(_read(file.read(2 * MOST)))
        fulfil(letters, wishes)
        file.truncate(0)
        os.fsync(file.fileno())
        return len(wishes)

    done = _with_file(folder, bring) if waits(folder) else 0
    late = [one.address for one in letters.subscribers("pending") if now - one.since > PATIENCE]
    if late:
        letters.remove_subscribers(late)
    return done


def fulfil(letters: Letters, wishes: Sequence[Wish]) -> None:
    """Do what readers asked for, in their order. Raises StoreError.

    Who left may come back by asking after that. Who complained, or whose mailbox is gone, is not written to again.
    """
    barred = {one.digest: one for one in letters.suppressions()} if wishes else {}
    for wish in wishes:
        held = letters.subscriber(wish.digest)
        barrier = barred.get(wish.digest)
        if wish.kind == "ask" and (barrier is None or barrier.reason == "left"):
            if held is None or held.state != "active":
                asked = Subscriber(
                    address=wish.address, token=wish.digest, topics=wish.topics, since=wish.at, how="form"
                )
                letters.put_subscribers([asked])
        elif wish.kind == "join" and held is not None and wish.asked is not None:
            if barrier is not None and (barrier.reason != "left" or barrier.at >= wish.asked):
                continue
            letters.allow(wish.digest)
            barred.pop(wish.digest, None)
            before = held.topics if held.state == "active" else ()
            topics = (*before, *(topic for topic in wish.topics if topic not in before))
            letters.put_subscribers([replace(held, state="active", topics=topics or ("",), since=wish.at)])
        elif wish.kind == "leave":
            barred[wish.digest] = leave(letters, wish.digest, wish.at, "left", barrier)


def leave(letters: Letters, digest: str, at: datetime, reason: str, barrier: Suppression | None = None) -> Suppression:
    """Write to this address no more, whether we know it or not. A harder reason that stands stays."""
    if barrier is not None and barrier.reason != "left" and reason == "left":
        return barrier
    suppression = Suppression(digest=digest, at=at, reason=reason)
    letters.suppress([suppression])
    held = letters.subscriber(digest)
    if held is not None:
        letters.put_subscribers([replace(held, state="bounced" if reason == "bounced" else "left", since=at)])
    return suppression


def subscriber(address: str, at: datetime, topics: Iterable[str], how: str) -> Subscriber:
    """Somebody who gets letters without being asked: who runs the publication vouches for it."""
    return Subscriber(
        address=address,
        token=tokens.digest(address),
        state="active",
        topics=tuple(dict.fromkeys(topics)) or ("",),
        since=at,
        how=how,
    )


def _read(data: bytes) -> Iterable[Wish]:
    for line in data.split(b"\n"):
        try:
            if line:
                yield msgspec.json.decode(line, type=Wish)
        except msgspec.MsgspecError:
            continue  # torn: nobody was told that it was done


def _with_file(folder: Path, act: Callable[[BinaryIO], T]) -> T:
    """Do something with the file of wishes while nobody else does."""
    place = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(place, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            return act(file)
    except OSError as exc:
        raise OutputError("cannot keep what readers ask for", str(place), exc.strerror or "") from exc
