"""Seal the text of articles: the ring of keys, what is due after a cycle, opening, rotation, erasure."""

from __future__ import annotations

import base64
import os
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from .. import seal
from ..errors import OutputError, SealError, UsageError
from ..seal import Content, Place
from ..store import Store
from ..store.seals import Sealed
from ..types import Publication, Struct
from .finding import article_named
from .publication import PRIVATE, Progress

KEYS = "keys"  # below the private folder
AT_ONCE = 200  # articles in memory together
_NAME = re.compile(r"(\d{4})-([0-9a-f]{8})\.key")


class Ring(NamedTuple):
    """The publication's keys. keys: id -> 32 bytes, oldest first: the last one seals."""

    keys: dict[str, bytes]

    @property
    def newest(self) -> str:
        """Id of the key that seals; empty without any."""
        return next(reversed(self.keys), "")


class Rotated(Struct, frozen=True):
    """What came of sealing again. failures: one line for each value that did not open."""

    sealed: int
    already: int
    failures: tuple[str, ...] = ()


class OpenedText(Struct, frozen=True, kw_only=True):
    """What was sealed of one article."""

    url: str
    record: str
    authors: tuple[str, ...] = ()
    text: str


# --- keys ------------------------------------------------------------------------------------------------------------


def ring(folder: Path) -> Ring:
    """The keys in `.broadsheet/keys`, `0001-<id>.key` and so on. Raises UsageError for a file that holds none."""
    found: dict[str, bytes] = {}
    for file in sorted((folder / PRIVATE / KEYS).glob("*.key")):
        named = _NAME.fullmatch(file.name)
        try:
            secret = bytes.fromhex(file.read_text(encoding="ascii").strip())
        except (OSError, ValueError) as exc:
            raise UsageError("not a key", str(file), "bring it back from a backup") from exc
        if named is None or len(secret) != seal.KEY or seal.key_id(secret) != named[2]:
            raise UsageError("not the key that its name says", str(file), "bring it back from a backup")
        found[named[2]] = secret
    return Ring(found)


def new_key(folder: Path) -> str:
    """Draw a key and put it into the ring, for its owner's eyes alone: it seals from now on. Returns its id.

    The file is on the disk before anything is sealed with it. Raises OutputError.
    """
    held, secret = ring(folder), secrets.token_bytes(seal.KEY)
    name = f"{len(held.keys) + 1:04}-{seal.key_id(secret)}.key"
    place = folder / PRIVATE / KEYS
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(place / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secret.hex() + "\n")
            file.flush()
            os.fsync(descriptor)
    except OSError as exc:
        raise OutputError("cannot keep a key", str(place / name), exc.strerror or "") from exc
    return seal.key_id(secret)


# --- sealing ---------------------------------------------------------------------------------------------------------


def seal_due(folder: Path, publication: Publication, store: Store, *, progress: Progress) -> int:
    """Seal the text of every article that is not sealed as it is now, where the publication wants it and its publisher
    lets it be kept; returns how many were looked at.

    The first key is drawn here. Where something was sealed with one that is gone none is: what is sealed is carried
    through, and nothing more is sealed until it is back (`doctor` says so). Raises StoreError, OutputError, UsageError.
    """
    if not publication.seal.text:
        return 0
    due = store.seals.due()
    keys = ring(folder)
    if due and not keys.keys:
        if store.seals.values():
            return 0
        new_key(folder)
        keys = ring(folder)
    done = 0
    progress("sealing", 0, len(due))
    for urls in _batches(due):
        names = {place.url: place.name for place in store.placed(urls) if place.name}
        held = {one.url: one for one in store.seals.find(urls)}
        made = []
        for article in store.articles(urls=urls, text=True):
            if article.url not in names or not article.rights.text:
                continue  # it has no record, or its text may not be kept
            own = held[article.url].key if article.url in held else _text(secrets.token_bytes(seal.KEY))
            where = Place(publication=publication.url, record=names[article.url])
            value = _seal(seal.content(article), where, keys, own)
            made.append(Sealed(url=article.url, key=own, value=value, text_hash=due[article.url]))
        store.seals.put(made)
        done += len(urls)
        progress("sealing", done, len(due))
    return done


def _seal(what: Content, where: Place, keys: Ring, own: str) -> str:
    return seal.seal(what, where, keys.keys[keys.newest], _own(own), secrets.token_bytes(seal.NONCE))


def rotate(folder: Path, publication: Publication, store: Store, *, progress: Progress) -> Rotated:
    """Seal again, with the newest key, what is sealed with another. Each value is opened once more before it takes the
    place of the old one. Stopped at any moment, the next call goes on. Raises StoreError, UsageError."""
    keys = ring(folder)
    if not keys.keys:
        raise UsageError("no keys", str(folder / PRIVATE / KEYS), "broadsheet seal keys --new draws one")
    values = store.seals.values()
    old = [url for url, value in values.items() if seal.sealed_with(value) != keys.newest]
    failures: list[str] = []
    done = 0
    progress("sealing again", 0, len(old))
    for urls in _batches(old):
        names = {place.url: place.name for place in store.placed(urls)}
        made = []
        for one in store.seals.find(urls):
            where = Place(publication=publication.url, record=names.get(one.url, ""))
            try:
                made.append(_again(one, where, keys))
            except SealError as exc:
                failures.append(f"{one.url}: {exc}")
        store.seals.put(made)
        done += len(urls)
        progress("sealing again", done, len(old))
    return Rotated(len(old) - len(failures), len(values) - len(old), tuple(failures))


def _again(one: Sealed, where: Place, keys: Ring) -> Sealed:
    what = seal.unseal(one.value, where, keys.keys, _own(one.key))
    value = _seal(what, where, keys, one.key)
    if seal.unseal(value, where, keys.keys, _own(one.key)) != what:
        raise SealError("does not open after it was sealed again", where.record, "the old value stays")
    return replace(one, value=value)


def open_texts(
    folder: Path, publication: Publication, store: Store, keys: Sequence[str]
) -> tuple[tuple[OpenedText, ...], tuple[str, ...]]:
    """What is sealed in the records of these articles (URLs or record names), and one line for each that does not open.

    Raises UsageError, StoreError.
    """
    held, found, failures = ring(folder), [], []
    for url in urls_of(keys, publication, store):
        record = next((place.name for place in store.placed([url])), "")
        one = next(iter(store.seals.find([url])), None)
        try:
            if one is None or not one.key:
                raise SealError("nothing sealed", url, "its text was never sealed, or erased")
            where = Place(publication=publication.url, record=record)
            what = seal.unseal(one.value, where, held.keys, _own(one.key))
        except SealError as exc:
            failures.append(str(exc))
        else:
            found.append(OpenedText(url=url, record=record, authors=what.authors, text=what.text))
    return tuple(found), tuple(failures)


def urls_of(keys: Sequence[str], publication: Publication, store: Store) -> tuple[str, ...]:
    """URLs of the articles that these keys name. Raises UsageError."""
    placed = {place.url: place for place in store.placed()}
    return tuple(article_named(key, store, (), placed, publication) for key in keys)


def lost(folder: Path, store: Store) -> tuple[str, ...]:
    """Ids of keys that something is sealed with and that are not in the ring, sorted. Raises UsageError, StoreError."""
    held = ring(folder)
    return tuple(sorted(name for name in used(store, held) if name not in held.keys))


def used(store: Store, keys: Ring) -> Mapping[str, int]:
    """Key id -> how many values are sealed with it, of all in the ring and of those that are missing there."""
    counts = dict.fromkeys(keys.keys, 0)
    for value in store.seals.values().values():
        name = seal.sealed_with(value)
        counts[name] = counts.get(name, 0) + 1
    return counts


def _batches(urls: Iterable[str]) -> Iterator[Sequence[str]]:
    rest = iter(urls)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode()


def _own(key: str) -> bytes:
    return base64.b64decode(key)
