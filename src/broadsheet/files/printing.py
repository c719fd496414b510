"""Print into a folder: changed files only, each replaced whole, what is no longer printed removed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from itertools import chain
from pathlib import Path

from ..errors import OutputError
from ..types import File, Struct

COMPONENT = 200  # bytes; file systems take 255
_TEMPORARY = ".broadsheet-tmp"  # one name in each folder, so that what a crash leaves is found again
# Names that a file system or git reads as something else: git's own folder and its short names (CVE-2014-9390,
# CVE-2019-1352), devices of Windows, with any extension.
_RESERVED = re.compile(r"\.git|git~\d|\.broadsheet(?:-tmp)?|(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\\\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


_NONE: Mapping[str, Path] = {}


class Written(Struct, frozen=True):
    """What one printing did. Paths relative to the site."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int


def write(root: Path, files: Iterable[File], ledger: Path, copies: Mapping[str, Path] = _NONE) -> Written:
    """Make the folder `root` hold exactly `files` of ours: write what changed, remove what is no longer printed.

    copies: path below `root` -> file whose bytes are printed there, too; never more than one of them is in memory.

    ledger: file that lists what we wrote, one path a line. Files of others are left alone unless one of ours has their
    path. Each file is replaced whole or not at all; a crash at any point leaves nothing that the next call would not
    mend. The caller holds `lock`. Raises OutputError, before anything is written where a path is unsafe or given twice.
    """
    new = _checked(files, copies)
    old = _listed(ledger)
    stale = sorted(old - new.keys())
    try:
        root.mkdir(parents=True, exist_ok=True)
        real = root.resolve()
        folders = {_inside(real, folder) for folder in {str(Path(path).parent) for path in old | new.keys()}}
        _sweep(folders)
        if new.keys() - old:
            _list(ledger, old | new.keys())
        # Where a file becomes a folder or a folder a file, the old has to go before the new can come.
        parents = {str(parent) for path in new for parent in Path(path).parents}
        early = {path for path in stale if path in parents or any(str(p) in new for p in Path(path).parents)}
        removed = [path for path in stale if path in early and _remove(real, path)]
        written = [path for path, data in new.items() if _replace(real, path, data)]
        removed += [path for path in stale if path not in early and _remove(real, path)]
        for folder in folders & {(real / path).parent for path in (*written, *removed)}:
            _sync(folder)
        if new.keys() != old:
            _list(ledger, new.keys())
    except OSError as exc:
        advice = f"{exc.strerror or exc}; mend that and run again"
        raise OutputError("cannot write", str(exc.filename2 or exc.filename or root), advice) from exc
    return Written(written=tuple(written), removed=tuple(sorted(removed)), unchanged=len(new) - len(written))


def _checked(files: Iterable[File], copies: Mapping[str, Path]) -> dict[str, bytes | Path]:
    """Bytes, or the file that has them, by path; each path once and safe."""
    new: dict[str, bytes | Path] = {}
    order: dict[str, int] = {}
    given: Iterable[tuple[str, bytes | Path]] = chain(((file.path, file.data) for file in files), copies.items())
    for number, (path, data) in enumerate(given, 1):
        if wrong := unsafe(path):
            raise OutputError(f"unsafe path: {wrong}", ascii(path)[:300])
        if path in new:
            raise OutputError("two files with one path", path, f"they are files {order[path]} and {number}")
        new[path], order[path] = data, number
    for path in new:
        for parent in Path(path).parents:
            if str(parent) in new:
                raise OutputError("one path is a file and a folder", path, f"the file is {parent}")
    return new


def unsafe(path: str) -> str:
    """Why `path` must not be written below a site, or "" when it may: relative, plain names, forward slashes."""
    if _UNSAFE.search(path):
        return "backslash, control or invisible character"
    for name in path.split("/"):
        if name in ("", ".", ".."):
            return "absolute, or with an empty, `.` or `..` part"
        if _RESERVED.fullmatch(name.rstrip(". ")) or name != name.rstrip(". "):
            return "reserved name, or one that ends in a dot or space"
        try:
            if len(name.encode()) > COMPONENT:
                return f"a name of more than {COMPONENT} bytes"
        except UnicodeEncodeError:
            return "not Unicode"
    return ""


def _inside(root: Path, folder: str) -> Path:
    """The real folder. A symbolic link on the way may not lead out of the site."""
    real = (root / folder).resolve()
    if not real.is_relative_to(root):
        raise OutputError("a symbolic link leads out of the site", str(root / folder), "remove the link")
    return root / folder


def _sweep(folders: Iterable[Path]) -> None:
    """Remove the half-written file that a crash can have left in any of these folders."""
    for folder in folders:
        with suppress(FileNotFoundError, NotADirectoryError):
            (folder / _TEMPORARY).unlink()


def _replace(root: Path, path: str, data: bytes | Path) -> bool:
    """Write one file if its bytes differ; True when it was written. Raises OSError."""
    target = root / path
    size = len(data) if isinstance(data, bytes) else data.stat().st_size
    with suppress(FileNotFoundError, NotADirectoryError):
        same_kind = target.is_file() and not target.is_symlink()
        if same_kind and target.stat().st_size == size and target.read_bytes() == _bytes(data):
            return False
    target.parent.mkdir(parents=True, exist_ok=True)
    replace(target, _bytes(data))
    return True


def _bytes(data: bytes | Path) -> bytes:
    return data if isinstance(data, bytes) else data.read_bytes()


def replace(target: Path, data: bytes) -> None:
    """Replace one file whole: bytes are on the disk before its name points at them. Raises OSError."""
    temporary = target.parent / _TEMPORARY
    temporary.unlink(missing_ok=True)
    try:
        with temporary.open("xb") as file:  # x: never through a link that lies there
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    finally:  # gone already where all went well
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _remove(root: Path, path: str) -> bool:
    """Remove one file and the folders that it leaves empty; False when it was gone already. Raises OSError."""
    target = root / path
    try:
        target.unlink()
    except (FileNotFoundError, NotADirectoryError):
        gone = False
    except IsADirectoryError:  # somebody made a folder of it: theirs
        return False
    else:
        gone = True
    for folder in target.parents:
        if folder == root:
            break
        try:
            folder.rmdir()
        except FileNotFoundError:
            continue
        except OSError:  # not empty
            break
    return gone


def _sync(folder: Path) -> None:
    """Names on the disk as well (fsync of a folder). A folder that is gone needs none."""
    with suppress(FileNotFoundError, NotADirectoryError):
        number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def _listed(ledger: Path) -> set[str]:
    """Paths in the ledger; a line that we could not have written is left out, so nothing else is ever removed."""
    try:
        lines = ledger.read_bytes().decode("utf-8", "surrogateescape").split("\n")
    except FileNotFoundError:
        return set()
    except OSError as exc:
        raise OutputError("cannot read the list of printed files", str(ledger), exc.strerror or "") from exc
    return {line for line in lines if line and not unsafe(line)}


def _list(ledger: Path, paths: Iterable[str]) -> None:
    ledger.parent.mkdir(parents=True, exist_ok=True)
    replace(ledger, "".join(f"{path}\n" for path in sorted(paths)).encode())
