"""The list of printed files: what was written where, with digests, so that what stands is known without reading it.

One line a file, `path TAB digest TAB shows TAB size TAB time`. Lines are appended, and a later one of the same path
counts: first a bare `path`, which says that the file is being written, then, once it is on the disk, what it holds;
`path TAB -` when it was removed. A line without its end was cut by a crash and says nothing. A file that only lists
paths, as earlier versions wrote it, reads the same.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from ..errors import OutputError

_GONE = ["-"]
_SPARE = 5_000  # lines that say nothing any more, beside as many as there are files, before the list is written anew


class Line(NamedTuple):
    """What one file was when it was last seen to be right. digest: of its bytes; empty while it is being written, or
    where that is not known. shows: of what it was made from, see types.Sheet. time: of its last change, ns."""

    digest: str = ""
    shows: str = ""
    size: str = ""
    time: str = ""


BEING_WRITTEN = Line()
_WHOLE = 1 + len(Line._fields)


class Listed(NamedTuple):
    """The list as it was read: lines by path, how many lines the file has, and whether its last one was cut."""

    lines: dict[str, Line]
    written: int = 0
    cut: bool = False

    @property
    def is_long(self) -> bool:
        """True when most of its lines say nothing any more."""
        return self.written > 2 * len(self.lines) + _SPARE


def digest(data: bytes) -> str:
    """128 bits of BLAKE2b, in hexadecimal."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def line(data: bytes, shows: str, found: os.stat_result) -> Line:
    """What stands on the disk. found: of the file, after it was written."""
    return Line(digest(data), shows, str(found.st_size), str(found.st_mtime_ns))


def read(ledger: Path) -> Listed:
    """The list in `ledger`; an empty one before the first printing. Raises OutputError."""
    try:
        text = ledger.read_bytes().decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        return Listed({})
    except OSError as exc:
        raise OutputError("cannot read the list of printed files", str(ledger), exc.strerror or "") from exc
    *whole, rest = text.split("\n")
    lines: dict[str, Line] = {}
    for row in whole:
        told = row.split("\t")
        if len(told) == _WHOLE:
            lines[told[0]] = Line._make(told[1:])
        elif told[1:] == _GONE:
            lines.pop(told[0], None)
        elif told[0]:
            lines[told[0]] = BEING_WRITTEN
    return Listed(lines, len(whole), bool(rest))


def append(ledger: Path, listed: Listed, lines: Mapping[str, Line], removed: Iterable[str] = ()) -> None:
    """Add lines, on the disk before this returns. Raises OSError."""
    rows = [*(_row(path, line) for path, line in lines.items()), *(f"{path}\t-\n" for path in removed)]
    if not rows:
        return
    ledger.parent.mkdir(parents=True, exist_ok=True)
    with ledger.open("ab") as file:
        file.write(("\n" * listed.cut + "".join(rows)).encode("utf-8", "surrogateescape"))
        file.flush()
        os.fsync(file.fileno())


def text(lines: Mapping[str, Line]) -> bytes:
    """The whole list, one line a file."""
    return "".join(_row(path, lines[path]) for path in sorted(lines)).encode("utf-8", "surrogateescape")


def _row(path: str, line: Line) -> str:
    return f"{path}\n" if line == BEING_WRITTEN else "\t".join((path, *line)) + "\n"
