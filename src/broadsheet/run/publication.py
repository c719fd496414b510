"""Open a publication folder: its settings, its store, and the lock that makes one writer of us."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from .. import config, files
from ..errors import UsageError
from ..store import Store, open_store
from ..types import File, Publication

SITE = "site"
PRIVATE = ".broadsheet"

Progress = Callable[[str, int, int], None]  # what is being done, how far, of how many


def quiet(what: str, done: int, total: int) -> None:
    """Show no progress."""


class Opened(NamedTuple):
    publication: Publication
    store: Store


def settings(folder: Path) -> Publication:
    """The publication's settings, with the files of its theme. Raises UsageError."""
    publication = config.parse(files.read_publication(folder))
    theme = publication.site.theme
    if not theme:
        return publication
    found = files.read_tree(folder / theme, ("*.html", "*.css"))
    if not found:
        raise UsageError("no theme here", str(folder / theme), "name a folder with templates or a style sheet")
    return replace(publication, theme_files=tuple(File(path=path, data=data) for path, data in found.items()))


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
