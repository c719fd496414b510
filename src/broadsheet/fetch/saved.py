"""A folder of saved pages: files, and an index that says which address each of them has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from .. import urls
from ..errors import FetchError, ParseError, UsageError
from ..types import Struct
from . import response


class Line(msgspec.Struct, frozen=True, rename={"content_type": "contentType"}):
    """One line of an index: `{"file": "html/a.html.gz", "url": "https://...", "contentType"?, "status"?}`."""

    file: str
    url: str
    content_type: str = ""
    status: int = 200


class SavedPage(Struct, frozen=True, kw_only=True):
    """What a line of an index names: a file that is there, and a URL as urls.canonical prints it."""

    file: Path
    url: str
    content_type: str = ""
    status: int = 200


def indexes_in(folder: Path) -> list[Path]:
    """Its `index.jsonl`, else every `*.jsonl`."""
    own = folder / "index.jsonl"
    return [own] if own.is_file() else sorted(folder.glob("*.jsonl"))


def pages(folder: Path) -> Iterator[SavedPage]:
    """What the indexes of `folder` name, line by line.

    Files are relative to the folder or to its `html/`, and lie in it. In an index that was not made to be one (any
    other name than `index.jsonl`) lines of another kind are left out. Raises UsageError.
    """
    if not folder.is_dir():
        advice = "give a .warc, a .warc.gz or a folder of pages"
        raise UsageError("neither a WARC file nor a folder", str(folder), advice)
    indexes = indexes_in(folder)
    if not indexes:
        advice = 'put lines of {"file": ..., "url": ...} into index.jsonl'
        raise UsageError("a folder of saved pages needs an index", str(folder), advice)
    for index in indexes:
        for line in _lines(index, strict=index.name == "index.jsonl"):
            file = _saved_as(folder, line.file)
            if file is None:
                advice = "is the file beside its index?"
                raise UsageError(f"saved page not found: {line.file[:200]}", str(index), advice)
            try:
                url = urls.canonical(line.url)
            except ParseError as exc:
                raise UsageError(str(exc), str(index)) from exc
            yield SavedPage(file=file, url=url, content_type=line.content_type, status=line.status)


def body_of(page: SavedPage, most: int) -> bytes:
    """At most `most` bytes; a `.gz` file is decompressed. Raises FetchError of kind bounds, OSError."""
    with page.file.open("rb") as file:
        raw = file.read(most + 1)
    return response.decoded(page.url, raw, ("gzip",) if page.file.suffix == ".gz" else (), most)


def unreadable(page: SavedPage, exc: OSError) -> FetchError:
    reason = " ".join((exc.strerror or str(exc)).split())[:80]
    return FetchError(page.url, f"saved page cannot be read: {reason}", permanent=True)


def _lines(index: Path, strict: bool) -> Iterator[Line]:
    decoder = msgspec.json.Decoder(Line)
    try:
        with index.open("rb") as rows:
            for number, row in enumerate(rows, 1):
                try:
                    if row.strip():
                        yield decoder.decode(row)
                except (msgspec.MsgspecError, UnicodeError) as exc:
                    if strict:
                        raise UsageError(f"line {number}: {exc}", str(index)) from exc
    except OSError as exc:
        raise UsageError("cannot read the index", str(index), exc.strerror or "") from exc


def _saved_as(folder: Path, name: str) -> Path | None:
    """The file that an index names, inside the folder and nowhere else."""
    root = folder.resolve()
    try:
        found = ((parent / name).resolve() for parent in (root, root / "html"))
        return next((file for file in found if file.is_relative_to(root) and file.is_file()), None)
    except (OSError, ValueError):  # a name that no file can have
        return None
