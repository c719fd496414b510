"""Open a publication folder: its settings, its store, and the lock that makes one writer of us."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from .. import config, files
from ..store import Store, open_store
from ..types import Publication

SITE = "site"
PRIVATE = ".broadsheet"

Progress = Callable[[str, int, int], None]  # what is being done, how far, of how many


def quiet(what: str, done: int, total: int) -> None:
    """Show no progress."""


class Opened(NamedTuple):
    publication: Publication
    store: Store


def settings(folder: Path) -> Publication:
    """The publication's settings. Raises UsageError."""
    return config.parse(files.read_publication(folder))


def store_url(folder: Path, publication: Publication) -> str:
    """The store's URL with a relative SQLite path made relative to the publication folder."""
    prefix = "sqlite:///"
    path = publication.store.removeprefix(prefix)
    if not publication.store.startswith(prefix) or Path(path).is_absolute():
        return publication.store
    return f"{prefix}{(folder / path).resolve()}"


@contextmanager
def opened(folder: Path, *, lock: bool = True) -> Iterator[Opened]:
    """Settings and store of `folder`, locked against a second writer. Raises BroadsheetError."""
    publication = settings(folder)
    if not lock:
        with open_store(store_url(folder, publication)) as store:
            yield Opened(publication, store)
        return
    with files.lock(folder), open_store(store_url(folder, publication)) as store:
        yield Opened(publication, store)
