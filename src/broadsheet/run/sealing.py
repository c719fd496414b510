"""Seal the text of articles: the ring of keys, what is due after a cycle, opening, rotation, erasure."""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from .. import files, record, seal, urls
from ..errors import SealError, UsageError
from ..seal import Content, Place
from ..store import Store
from ..store.seals import Sealed
from ..types import Article, Publication, Struct
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
    """The keys in `.broadsheet/keys`, `0001-<id>.key` and so on. Raises UsageError for a file that holds none, or that
    others than its owner may read."""
    place = folder / PRIVATE / KEYS
    found: dict[str, bytes] = {}
    for name, data in files.read_secrets(place, "*.key").items():
        named = _NAME.fullmatch(name)
        try:
            secret = bytes.fromhex(data.decode("ascii").strip())
        except ValueError as exc:
            raise UsageError("not a key", str(place / name), "bring it back from a backup") from exc
        if named is None or len(secret) != seal.KEY or seal.key_id(secret) != named[2]:
            raise UsageError("not the key that its name says", str(place / name), "bring it back from a backup")
        found[named[2]] = secret
    return Ring(found)


def new_key(folder: Path) -> str:
    """Draw a key and put it into the ring, for its owner's eyes alone: it seals from now on. Returns its id.

    The file is on the disk before anything is sealed with it. Raises UsageError, OutputError.
    """
    ring(folder)  # a ring that cannot be read is mended first
    place, secret = folder / PRIVATE / KEYS, secrets.token_bytes(seal.KEY)
    # Its number is above all others: some may be lost.
    numbers = [int(name[:4]) for name in files.names(place, "*.key")]
    name = f"{max(numbers, default=0) + 1:04}-{seal.key_id(secret)}.key"
    files.put_secret(place, name, f"{secret.hex()}\n".encode())
    return seal.key_id(secret)


# --- sealing ---------------------------------------------------------------------------------------------------------


def seal_due(folder: Path, publication: Publication, store: Store, *, progress: Progress) -> int:
    """Seal the text of every article that is not sealed as it is now, where the publication wants it and its publisher
    lets it be kept; returns how many were looked at.

    The first key is drawn here. Where something was sealed with one that is gone none is, nor where one cannot be read:
    what is sealed is carried through, and nothing more is sealed until that is mended (`doctor` says so). Texts of
    erased articles that were read again go in any case. Raises StoreError, OutputError.
    """
    store.seals.erase_again()
    if not publication.seal.text:
        return 0
    due = store.seals.due()
    try:
        keys = ring(folder)
    except UsageError:  # an edition does not wait for it
        return 0
    if due and not keys.keys:
        if store.seals.values():
            return 0
        new_key(folder)
        keys = ring(folder)
    done = 0
    progress("sealing", 0, len(due))
    for some in _batches(due):
        names = {place.url: place.name for place in store.placed(some) if place.name}
        held = {one.url: one for one in store.seals.find(some)}
        made = []
        for article in store.articles(urls=some, text=True):
            if article.url not in names or not article.rights.text:
                continue  # it has no record, or its text may not be kept
            own = held[article.url].key if article.url in held else _text(secrets.token_bytes(seal.KEY))
            where = Place(publication=publication.url, record=names[article.url])
            value = _seal(seal.content(article), where, keys, own)
            about = {"text_hash": due[article.url], "publication": publication.url}
            made.append(Sealed(url=article.url, key=own, value=value, **about))
        store.seals.put(made)
        done += len(some)
        progress("sealing", done, len(due))
    return done


def values_now(store: Store, articles: Iterable[Article], *, erase: bool) -> dict[str, str]:
    """URL -> sealed value, of each article whose publisher lets its text be kept.

    erase: where he no longer does, its key is erased, so that what was printed before opens no more. Raises StoreError.
    """
    values = store.seals.values()
    reserved = [article.url for article in articles if not article.rights.text and article.url in values]
    if reserved and erase:
        store.seals.erase(reserved)
    return {url: value for url, value in values.items() if url not in reserved}


def _seal(what: Content, where: Place, keys: Ring, own: str) -> str:
    return seal.seal(what, where, keys.keys[keys.newest], _own(own), secrets.token_bytes(seal.NONCE))


def rotate(folder: Path, store: Store, *, progress: Progress) -> Rotated:
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
    for some in _batches(old):
        names = {place.url: place.name for place in store.placed(some)}
        made = []
        for one in store.seals.find(some):
            where = Place(publication=one.publication, record=names.get(one.url, ""))
            try:
                made.append(_again(one, where, keys))
            except SealError as exc:
                failures.append(f"{one.url}: {exc}")
        store.seals.put(made)
        done += len(some)
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
    """What is sealed of these articles (URLs or record names), or in these files of records, however old, and one line
    for each that does not open.

    Raises UsageError, RecordError, StoreError.
    """
    held, found, failures = ring(folder), [], []
    for key in keys:
        file = Path(key)
        url, name, value = _in_file(file) if file.is_file() else (*urls_of([key], publication, store), "", "")
        one = next(iter(store.seals.find([url])), None)
        try:
            if one is None:
                raise SealError("nothing sealed", url, "its text was never sealed in this publication")
            if not one.key:
                raise SealError("its key was erased", url, "nothing opens it any more")
            name = name or next((place.name for place in store.placed([url])), "")
            where = Place(publication=one.publication, record=name)
            what = seal.unseal(value or one.value, where, held.keys, _own(one.key))
        except SealError as exc:
            failures.append(str(exc))
        else:
            found.append(OpenedText(url=url, record=name, authors=what.authors, text=what.text))
    return tuple(found), tuple(failures)


def _in_file(file: Path) -> tuple[str, str, str]:
    """URL of the article, name and sealed value of a record's file. Raises RecordError, UsageError."""
    held, _ = record.parse(files.read_saved(file))
    if not held.secured:
        raise UsageError("nothing is sealed in it", str(file), "`secured` is absent")
    return urls.canonical(record.identity(held)), file.name, held.secured


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


def _batches(wanted: Iterable[str]) -> Iterator[Sequence[str]]:
    rest = iter(wanted)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode()


def _own(key: str) -> bytes:
    return base64.b64decode(key)
