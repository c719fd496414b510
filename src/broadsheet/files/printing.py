"""Print into a folder: changed files only, each replaced whole, what is no longer printed removed."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path

from ..errors import OutputError
from ..types import File, Sheet, Struct
from . import printed
from .printed import Line

COMPONENT = 200  # bytes; file systems take 255
_TEMPORARY = ".broadsheet-tmp"  # one name in each folder, so that what a crash leaves is found again
# Names that a file system or git reads as something else: git's own folder and its short names (CVE-2014-9390,
# CVE-2019-1352), devices of Windows, with any extension.
_RESERVED = re.compile(r"\.git|git~\d|\.broadsheet(?:-tmp)?|(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
# What nearly all paths are like: plain names that mean nothing else to anybody.
_PLAIN = re.compile(
    r"(?:(?!(?:con|prn|aux|nul|com\d|lpt\d|git~\d)(?:[./]|\Z))[a-z0-9_](?:[a-z0-9_.-]{0,150}[a-z0-9_-])?(?:/(?!\Z)|\Z))+",
    re.ASCII,
)
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\\\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


_NONE: Mapping[str, Path] = {}


class Written(Struct, frozen=True):
    """What one printing did. Paths relative to the site."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int


def write(
    root: Path,
    files: Iterable[File | Sheet],
    ledger: Path,
    copies: Mapping[str, Path] = _NONE,
    unsaved: Callable[[], Container[str]] = tuple,
) -> Written:
    """Make the folder `root` hold exactly `files` of ours: write what changed, remove what is no longer printed.

    A sheet is made only where it shows something else than when it was printed last, or the file is not what it was.
    copies: path below `root` -> file whose bytes are printed there, too. No more than one of either is in memory.

    ledger: see printed.py. Files of others are left alone unless one of ours has their path. unsaved: gives the paths
    that somebody changed and has nowhere else: when one of these would be lost nothing is written; it is asked only
    where a file is not as we wrote it. Each file is replaced whole or not at all; a crash at any point leaves nothing
    that the next call would not mend. The caller holds `lock`. Raises OutputError, before anything is written where a
    path is unsafe, given twice, or unsaved.
    """
    new = _planned(files, copies)
    listed = printed.read(ledger)
    old = listed.lines
    stale = sorted(path for path in old.keys() - new.keys() if not unsafe(path))
    try:
        root.mkdir(parents=True, exist_ok=True)
        real = root.resolve()
        due = [path for path, one in new.items() if not _stands(real, path, one, old.get(path))]
        folders = {_inside(real, folder) for folder in {path.rpartition("/")[0] for path in (*due, *stale)}}
        _sweep(folders)
        _refuse_unsaved(real, [*due, *stale], new, old, unsaved)
        printed.append(ledger, listed, dict.fromkeys(due, printed.BEING_WRITTEN))
        # Where a file becomes a folder or a folder a file, the old has to go before the new can come.
        parents = _folders(due)
        early = [path for path in stale if path in parents or not new.keys().isdisjoint(_folders([path]))]
        removed = [path for path in early if _remove(real, path)]
        written, lines = [], {}
        for path in due:
            data = new[path].data
            if _replace(real, path, data):
                written.append(path)
            lines[path] = printed.line(data, _shows(new[path]), (real / path).lstat())
        gone = set(early)
        removed += [path for path in stale if path not in gone and _remove(real, path)]
        for folder in folders & {(real / path).parent for path in (*written, *removed)}:
            _sync(folder)
        if listed.is_long:
            replace(ledger, printed.text({path: lines.get(path) or old[path] for path in new}))
        else:
            printed.append(ledger, listed._replace(cut=listed.cut and not due), lines, old.keys() - new.keys())
    except OSError as exc:
        advice = f"{exc.strerror or exc}; mend that and run again"
        raise OutputError("cannot write", str(exc.filename2 or exc.filename or root), advice) from exc
    return Written(written=tuple(written), removed=tuple(sorted(removed)), unchanged=len(new) - len(written))


def _planned(files: Iterable[File | Sheet], copies: Mapping[str, Path]) -> dict[str, File | Sheet]:
    """What is to be printed, by path; each path once and safe."""
    new: dict[str, File | Sheet] = {}
    for one in chain(files, (_copy(path, file) for path, file in copies.items())):
        if wrong := unsafe(one.path):
            raise OutputError(f"unsafe path: {wrong}", ascii(one.path)[:300])
        if one.path in new:
            first = list(new).index(one.path) + 1
            raise OutputError("two files with one path", one.path, f"they are files {first} and {len(new) + 1}")
        new[one.path] = one
    for folder in sorted(_folders(new) & new.keys()):
        inside = next(path for path in new if path.startswith(f"{folder}/"))
        raise OutputError("one path is a file and a folder", inside, f"the file is {folder}")
    return new


def _copy(path: str, file: Path) -> Sheet:
    """A file whose bytes lie elsewhere; they are read when that one changed."""
    try:
        found = file.stat()
    except OSError as exc:
        raise OutputError("cannot write", str(file), f"{exc.strerror or exc}; mend that and run again") from exc
    return Sheet(path=path, shows=f"{found.st_size} {found.st_mtime_ns}".encode(), make=file.read_bytes)


def _folders(paths: Iterable[str]) -> set[str]:
    """Every folder that one of these paths lies in, at any depth."""
    found: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found


def _shows(one: File | Sheet) -> str:
    return one.shows.hex() if isinstance(one, Sheet) else ""


def _stands(root: Path, path: str, one: File | Sheet, line: Line | None) -> bool:
    """True when the file holds what it shall hold, as far as the list and its size and time tell."""
    if line is None or not line.digest:
        return False
    if (line.shows != one.shows.hex()) if isinstance(one, Sheet) else (line.digest != printed.digest(one.data)):
        return False
    return _is_as_written(f"{root}/{path}", line)


def _is_as_written(target: str | Path, line: Line) -> bool:
    try:
        found = os.stat(target, follow_symlinks=False)  # noqa: PTH116 (once for every file: a Path costs more)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return (str(found.st_size), str(found.st_mtime_ns)) == (line.size, line.time) and stat.S_ISREG(found.st_mode)


def _refuse_unsaved(
    root: Path,
    paths: Sequence[str],
    new: Mapping[str, File | Sheet],
    old: Mapping[str, Line],
    unsaved: Callable[[], Container[str]],
) -> None:
    """Raise OutputError where printing would overwrite, or remove, what somebody wrote and has nowhere else."""
    strange = [path for path in paths if _is_strange(root / path, old.get(path))]
    theirs = unsaved() if strange else ()
    lost = [p for p in strange if p in theirs and (p not in new or new[p].data != (root / p).read_bytes())]
    if lost:
        more = f" and {len(lost) - 1} more" if len(lost) > 1 else ""
        advice = "commit the change, or take it back, and run again"
        raise OutputError("somebody changed what is to be printed anew", f"{root / lost[0]}{more}", advice)


def _is_strange(target: Path, line: Line | None) -> bool:
    """True when there is a file that we did not write so. One that was being written when we were stopped is ours."""
    if line is not None and (not line.digest or _is_as_written(target, line)):
        return False
    if target.is_symlink() or not target.is_file():
        return False
    return line is None or printed.digest(target.read_bytes()) != line.digest


def unsafe(path: str) -> str:
    """Why `path` must not be written below a site, or "" when it may: relative, plain names, forward slashes."""
    if _PLAIN.fullmatch(path):
        return ""
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


def _replace(root: Path, path: str, data: bytes) -> bool:
    """Write one file if its bytes differ; True when it was written. Raises OSError."""
    target = root / path
    with suppress(FileNotFoundError, NotADirectoryError):
        same_kind = target.is_file() and not target.is_symlink()
        if same_kind and target.stat().st_size == len(data) and target.read_bytes() == data:
            return False
    target.parent.mkdir(parents=True, exist_ok=True)
    replace(target, data)
    return True


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
