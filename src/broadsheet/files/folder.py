"""A publication's own files: read the settings, put one, read saved pages, and keep other writers out."""

from __future__ import annotations

import fcntl
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ..errors import OutputError, UsageError
from ..types import File
from .printing import replace

STATE = ".broadsheet"  # folder for what is ours and never committed: store, lock, ledger, git index
BUSY = "another broadsheet is at work here"
SETTING = 16 * 1024 * 1024  # bytes, far beyond any settings file
SAVED = 64 * 1024 * 1024  # bytes of a saved page, feed or list of articles, unpacked


def read_tree(folder: Path, patterns: Sequence[str]) -> dict[str, bytes]:
    """Files below `folder` that match any glob pattern, by relative name with forward slashes, in order of name.

    Raises UsageError when one cannot be read or has more than 16 MiB.
    """
    found = {file.relative_to(folder).as_posix(): file for pattern in patterns for file in folder.glob(pattern)}
    return {name: _setting(file) for name, file in sorted(found.items()) if file.is_file()}


def read_publication(folder: Path) -> dict[str, bytes]:
    """The settings of a publication: `broadsheet.toml`, `topics/*.yaml`, `sources.opml`, `organizations/*.md`.

    Raises UsageError, also where there is no publication file.
    """
    if not (folder / "broadsheet.toml").is_file():
        raise UsageError("no broadsheet.toml here", str(folder), f"make one with `broadsheet init {folder}`")
    patterns = ("broadsheet.toml", "sources.opml", "topics/*.yaml", "topics/*.yml", "organizations/*.md")
    return read_tree(folder, patterns)


def _setting(file: Path) -> bytes:
    try:
        if file.stat().st_size > SETTING:
            raise UsageError(f"file has more than {SETTING // 1_048_576} MiB", str(file))
        return file.read_bytes()
    except OSError as exc:
        raise UsageError("cannot read", str(file), exc.strerror or "") from exc


def put(folder: Path, file: File) -> None:
    """Write one settings file whole, making its folders. Raises OutputError."""
    target = folder / file.path
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        replace(target, file.data)
    except OSError as exc:
        raise OutputError("cannot write", str(target), exc.strerror or "") from exc


def names(folder: Path, pattern: str) -> frozenset[str]:
    """Names of the files below `folder` that match a glob pattern; none where there is no folder."""
    return frozenset(file.name for file in folder.glob(pattern) if not file.name.startswith("."))


def remove(folder: Path, path: str) -> None:
    """Remove one file of the publication. Raises OutputError."""
    try:
        (folder / path).unlink(missing_ok=True)
    except OSError as exc:
        raise OutputError("cannot remove", str(folder / path), exc.strerror or "") from exc


def read_saved(file: Path, most: int = SAVED) -> bytes:
    """Bytes of a saved page or feed; `.gz` is unpacked. Raises UsageError when it cannot be read or is over `most`."""
    try:
        with file.open("rb") as saved:
            raw = saved.read(most + 1)
        if file.suffix == ".gz":
            raw = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(raw, most + 1)
    except OSError as exc:
        raise UsageError("cannot read", str(file), exc.strerror or "") from exc
    except zlib.error as exc:
        raise UsageError("not a gzip file", str(file), "is it cut off?") from exc
    if len(raw) > most:
        raise UsageError(f"over {most // 1_048_576} MiB", str(file), "split it")
    return raw


@contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Keep every other broadsheet out of `folder` while inside. The kernel lets go when this process ends, however.

    Raises UsageError when another is at work, or the folder cannot be written.
    """
    try:
        (folder / STATE).mkdir(exist_ok=True)
        held = (folder / STATE / "lock").open("ab")
    except OSError as exc:
        raise UsageError("cannot work in this folder", str(folder), exc.strerror or "") from exc
    with held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            raise UsageError(BUSY, str(folder), "wait for it or stop it") from exc
        yield
