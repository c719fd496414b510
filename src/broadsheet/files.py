"""The one place that touches a publication folder's files: read its settings, lock it, print into it, commit it."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from .errors import OutputError, UsageError
from .types import File, Struct

STATE = ".broadsheet"  # folder for what is ours and never committed: store, lock, ledger, git index
COMPONENT = 200  # bytes; file systems take 255
SETTING = 16 * 1024 * 1024  # bytes, far beyond any settings file
_TEMPORARY = ".broadsheet-tmp"  # one name in each folder, so that what a crash leaves is found again
# Names that a file system or git reads as something else: git's own folder and its short names (CVE-2014-9390,
# CVE-2019-1352), devices of Windows, with any extension.
_RESERVED = re.compile(r"\.git|git~\d|\.broadsheet(?:-tmp)?|(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\\\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_NOT_OURS = re.compile(  # variables with which a calling git would point ours at another repository
    r"GIT_(?:DIR|WORK_TREE|INDEX_FILE|INDEX_VERSION|PREFIX|COMMON_DIR|NAMESPACE|OBJECT_DIRECTORY|"
    r"ALTERNATE_OBJECT_DIRECTORIES|LITERAL_PATHSPECS|GLOB_PATHSPECS|NOGLOB_PATHSPECS|ICASE_PATHSPECS)"
)


class Written(Struct, frozen=True):
    """What one printing did. Paths relative to the site."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int


# --- printing --------------------------------------------------------------------------------------------------------


def write(root: Path, files: Iterable[File], ledger: Path) -> Written:
    """Make the folder `root` hold exactly `files` of ours: write what changed, remove what is no longer printed.

    ledger: file that lists what we wrote, one path a line. Files of others are left alone unless one of ours has their
    path. Each file is replaced whole or not at all; a crash at any point leaves nothing that the next call would not
    mend. The caller holds `lock`. Raises OutputError, before anything is written where a path is unsafe or given twice.
    """
    new = _checked(files)
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


def _checked(files: Iterable[File]) -> dict[str, bytes]:
    """Bytes by path, each path once and safe."""
    new: dict[str, bytes] = {}
    order: dict[str, int] = {}
    for number, file in enumerate(files, 1):
        if wrong := unsafe(file.path):
            raise OutputError(f"unsafe path: {wrong}", ascii(file.path)[:300])
        if file.path in new:
            raise OutputError("two files with one path", file.path, f"they are files {order[file.path]} and {number}")
        new[file.path], order[file.path] = file.data, number
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


def _replace(root: Path, path: str, data: bytes) -> bool:
    """Write one file if its bytes differ; True when it was written. Raises OSError."""
    target = root / path
    with suppress(FileNotFoundError, NotADirectoryError):
        same_kind = target.is_file() and not target.is_symlink()
        if same_kind and target.stat().st_size == len(data) and target.read_bytes() == data:
            return False
    target.parent.mkdir(parents=True, exist_ok=True)
    _put(target, data)
    return True


def _put(target: Path, data: bytes) -> None:
    """Replace one file whole: bytes are on the disk before its name points at them. Raises OSError."""
    temporary = target.parent / _TEMPORARY
    temporary.unlink(missing_ok=True)
    try:
        with temporary.open("xb") as file:  # x: never through a link that lies there
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


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
    _put(ledger, "".join(f"{path}\n" for path in sorted(paths)).encode())


# --- reading ---------------------------------------------------------------------------------------------------------


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


# --- one at a time ---------------------------------------------------------------------------------------------------


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
            raise UsageError("another broadsheet is at work here", str(folder), "wait for it or stop it") from exc
        yield


# --- git -------------------------------------------------------------------------------------------------------------


def commit(folder: Path, subtree: str, message: str, now: datetime) -> str | None:
    """Commit `subtree` of `folder` as it stands, and nothing else; the commit's id, or None where nothing changed.

    None also without git, outside a work tree, and where git ignores the subtree. We use an index of our own, so what
    a person has staged or changed elsewhere stays as it is; a crash leaves at most unused objects. The caller holds
    `lock`. now: author and committer date. Raises OutputError with git's own first line.
    """
    git = shutil.which("git")
    if git is None or not (folder / subtree).is_dir():
        return None
    index = _own_index(folder)
    if (folder / subtree / ".git").exists():  # the site is a repository of its own
        folder, subtree = folder / subtree, "."
    run = _Git(git, folder, index)
    if not run.works_here() or run.tries("check-ignore", "-q", "--", subtree):
        return None
    head = run.answer("rev-parse", "-q", "--verify", "HEAD^{commit}")
    run.load_index(head)
    run("add", "-A", "--", subtree, f":(exclude,top,glob)**/{STATE}/**")
    tree = run("write-tree")
    if tree == (run("rev-parse", f"{head}^{{tree}}") if head else run("mktree", text="")):
        return None
    identity = _identity(run, now)
    parents = ("-p", head) if head else ()
    new = run("commit-tree", tree, *parents, "-F", "-", text=message.replace("\0", "") + "\n", env=identity)
    run("update-ref", "-m", "broadsheet: print", "HEAD", new, head, env=identity)  # refused if HEAD moved meanwhile
    # Best effort, both: a person's index would else show the old files as staged; loose objects would pile up.
    run.tries("reset", "-q", "--", subtree, own_index=False)
    run.tries("-c", "gc.autoDetach=false", "gc", "--auto", "--quiet", own_index=False)
    return new


def _own_index(folder: Path) -> Path:
    """Our own index, in `.broadsheet` of the publication; a lock left on it by a crash is stale, since we hold ours."""
    state = folder / STATE
    try:
        state.mkdir(exist_ok=True)
        (state / "git-index.lock").unlink(missing_ok=True)
    except OSError as exc:
        raise OutputError("cannot prepare a commit", str(state), exc.strerror or "") from exc
    return state.resolve() / "git-index"


def _identity(run: _Git, now: datetime) -> dict[str, str]:
    """Who commits, and when: git's own settings, ours where it has none."""
    moment = f"{int(now.timestamp())} +0000"
    named = {"NAME": ("user.name", "Broadsheet"), "EMAIL": ("user.email", "broadsheet@localhost")}
    env = {"GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
    for part, (key, ours) in named.items():
        for role in ("AUTHOR", "COMMITTER"):
            variable = f"GIT_{role}_{part}"
            if not os.environ.get(variable) and not run.answer("config", f"{role.lower()}.{part.lower()}"):
                env[variable] = run.answer("config", key) or ours
    return env


class _Git:
    """git, run in one folder with an index of our own."""

    def __init__(self, git: str, folder: Path, index: Path) -> None:
        self.git, self.folder, self.index = git, folder, index
        self.env = {name: value for name, value in os.environ.items() if not _NOT_OURS.fullmatch(name)}
        self.env |= {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}

    def __call__(self, *args: str, text: str = "", env: Mapping[str, str] | None = None) -> str:
        """What git prints. Raises OutputError."""
        done = self._run(args, text, {"GIT_INDEX_FILE": str(self.index)} | dict(env or {}))
        if done.returncode != 0:
            raise self._failed(args, done.stderr)
        return done.stdout.strip()

    def answer(self, *args: str) -> str:
        """What git prints; empty where it has no answer."""
        done = self._run(args, "", {})
        return done.stdout.strip() if done.returncode == 0 else ""

    def tries(self, *args: str, own_index: bool = True) -> bool:
        """True when git succeeds."""
        return self._run(args, "", {"GIT_INDEX_FILE": str(self.index)} if own_index else {}).returncode == 0

    def works_here(self) -> bool:
        """The folder lies in a work tree. Raises OutputError where git has another objection, such as to its owner."""
        done = self._run(("rev-parse", "--is-inside-work-tree"), "", {})
        if done.returncode != 0 and "not a git repository" not in done.stderr:
            raise self._failed(("rev-parse",), done.stderr)
        return done.stdout.strip() == "true"

    def load_index(self, head: str) -> None:
        """Our index as HEAD has it. `-m` keeps what it knows of unchanged files, so that they are not read again."""
        if head and self.index.exists() and self.tries("read-tree", "-m", head):
            return
        self.index.unlink(missing_ok=True)
        self("read-tree", head or "--empty")

    def _run(self, args: Sequence[str], text: str, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        try:
            return subprocess.run(  # noqa: S603  git itself, arguments of ours, no shell
                [self.git, *args], cwd=self.folder, env=self.env | dict(env), input=text,
                capture_output=True, encoding="utf-8", errors="replace", timeout=600, check=False,
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as exc:
            raise OutputError(f"git {args[0]} did not run", str(self.folder), str(exc)) from exc

    def _failed(self, args: Sequence[str], said: str) -> OutputError:
        first = next((line for line in said.splitlines() if line.strip()), "no reason given")
        return OutputError(f"git {args[0]} failed", str(self.folder), first[:400])
