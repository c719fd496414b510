"""Keep editions in git: one commit of the site, crash-safe, beside whatever a person has staged."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from ..errors import OutputError
from .folder import STATE
from .plumbing import Git, keeper, repository
from .printing import replace

# In `.broadsheet`: the tree of the site as we last committed it. It has its name while the work tree holds just that,
# and `_BEGUN` while we write; of a printing that was killed neither is left once the next has begun.
_KEPT = "git-tree"
_BEGUN = "git-tree.begun"
# Files as they stand, or as gone. `git add` would compare every path with every file of the index.
_STAGE = ("update-index", "--add", "--remove", "--replace", "-z", "--stdin")
_UNFINISHED = {  # what lies in git's own folder while something is in the middle of being done, and how it is ended
    "MERGE_HEAD": "merge",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
    "rebase-merge": "rebase",
    "rebase-apply": "rebase",
    "BISECT_LOG": "bisect",
}


def begin(folder: Path) -> None:
    """Say that files below `folder` are about to be written, so that `commit` believes the paths that it is given.

    Without this, or where an earlier printing was killed before its commit, it looks at every file. The caller holds
    `lock`. Raises OutputError.
    """
    state = folder / STATE
    try:
        try:
            (state / _KEPT).replace(state / _BEGUN)
        except FileNotFoundError:
            (state / _BEGUN).unlink(missing_ok=True)
            return
        number = os.open(state, os.O_RDONLY | os.O_DIRECTORY)  # the name is on the disk before any file of the site
        try:
            os.fsync(number)
        finally:
            os.close(number)
    except OSError as exc:
        raise OutputError("cannot prepare to print", str(state), exc.strerror or "") from exc


def commit(folder: Path, subtree: str, message: str, now: datetime, paths: Sequence[str] | None = None) -> str | None:
    """Commit `subtree` of `folder` as it stands, and nothing else; the commit's id, or None where nothing changed.

    None also without git, outside a work tree, and where git ignores the subtree. We use an index of our own, so what
    a person has staged or changed elsewhere stays as it is; a crash leaves at most unused objects. The caller holds
    `lock`. now: author and committer date.
    paths: below the subtree, of all that was written or removed since `begin`; other files are not looked at then, so
    that it takes no time for them. All are where that is None, where there was no `begin` or a printing was killed
    after it, and where the last commit holds another subtree than the one that we made.
    Raises OutputError with git's own first line, and before anything is written in the middle of a merge or rebase.
    """
    index = own_index(folder)
    found = repository(folder, subtree, index)
    if found is None or found[0].tries("check-ignore", "-q", "--", found[1]):
        return None
    run, subtree = found
    _finished(run)
    head = run.head()
    known = paths is not None and bool(head) and _begun(folder) == _tree(run, head, subtree)
    listed = _listed(run, subtree, paths) if known and paths else ""
    if known and not paths:
        _keep(folder, _tree(run, head, subtree))
        return None
    few = run.load_index(head) and bool(listed) and run.tries(*_STAGE, text=listed)
    if not few:
        run("add", "-A", "--", subtree, f":(exclude,top,glob)**/{STATE}/**")
    tree = run("write-tree")
    if tree == (run("rev-parse", f"{head}^{{tree}}") if head else run("mktree", text="")):
        _keep(folder, _tree(run, head, subtree) if head else "")
        return None
    identity = _identity(run, now)
    parents = ("-p", head) if head else ()
    new = run("commit-tree", tree, *parents, "-F", "-", text=message.replace("\0", "") + "\n", env=identity)
    run("update-ref", "-m", "broadsheet: print", "HEAD", new, head, env=identity)  # refused if HEAD moved meanwhile
    # Best effort, both: a person's index would else show the old files as staged; loose objects would pile up.
    if not (few and run.tries(*_STAGE, text=listed, own_index=False)):
        run.tries("reset", "-q", "--", subtree, own_index=False)
    run.tries("-c", "gc.autoDetach=false", "gc", "--auto", "--quiet", own_index=False)
    _keep(folder, _tree(run, new, subtree))
    return new


def _listed(run: Git, subtree: str, paths: Sequence[str]) -> str:
    """The paths for `_STAGE`; empty where git ignores one of them, which it does not look at."""
    names = sorted({path if subtree == "." else f"{subtree}/{path}" for path in paths})
    listed = "".join(f"{name}\0" for name in names)
    return "" if run.tries("check-ignore", "--no-index", "-q", "-z", "--stdin", text=listed) else listed


def _tree(run: Git, at: str, subtree: str) -> str:
    """Id of the subtree in a commit; empty where it has none."""
    return run.answer("rev-parse", "-q", "--verify", f"{at}:./{'' if subtree == '.' else subtree}")


def _begun(folder: Path) -> str | None:
    """The subtree that stood there when this printing began; None where that is not known."""
    try:
        return (folder / STATE / _BEGUN).read_text("ascii").strip() or None
    except (OSError, ValueError):
        return None


def _keep(folder: Path, tree: str) -> None:
    """Say that the work tree holds what was committed. Best effort: else the next commit looks at every file."""
    with suppress(OSError):
        (folder / STATE / _BEGUN).unlink(missing_ok=True)
        replace(folder / STATE / _KEPT, f"{tree}\n".encode())


def own_index(folder: Path) -> Path:
    """Our own index, in `.broadsheet` of the publication; a lock left on it by a crash is stale, since we hold ours."""
    state = folder / STATE
    try:
        state.mkdir(exist_ok=True)
        (state / "git-index.lock").unlink(missing_ok=True)
    except OSError as exc:
        raise OutputError("cannot prepare a commit", str(state), exc.strerror or "") from exc
    return state.resolve() / "git-index"


def _identity(run: Git, now: datetime) -> dict[str, str]:
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


# --- what a person is doing there ------------------------------------------------------------------------------------


def unfinished(folder: Path, subtree: str = ".") -> str:
    """What a person is in the middle of in the repository that keeps `subtree` (`merge`, `rebase`, `cherry-pick`,
    `revert`, `bisect`); empty where nothing is, and without a repository. Raises OutputError."""
    run = keeper(folder, subtree, folder / STATE / "git-index")
    return _doing(run) if run else ""


def finished(folder: Path, subtree: str = ".") -> None:
    """Raise OutputError where something is `unfinished`: asked before anything is written, as `commit` would refuse.

    Where git ignores the subtree nothing is committed, and nothing refused.
    """
    run = keeper(folder, subtree, folder / STATE / "git-index")
    if run is not None and not run.tries("check-ignore", "-q", "--", subtree):
        _finished(run)


def _finished(run: Git) -> None:
    if doing := _doing(run):
        ending = "git bisect reset" if doing == "bisect" else f"git {doing} --continue or git {doing} --abort"
        raise OutputError(f"a {doing} is not finished", str(run.folder), f"{ending}, then run again")


def _doing(run: Git) -> str:
    private = Path(run("rev-parse", "--absolute-git-dir"))
    return next((doing for name, doing in _UNFINISHED.items() if (private / name).exists()), "")


def unsaved(folder: Path, subtree: str) -> tuple[str, ...]:
    """Paths below `subtree` whose files differ from the last commit, are gone, or are in none; sorted.

    What git ignores is left out, and so is what was staged and then put back. Empty without a repository. The caller
    holds `lock`. Raises OutputError.
    """
    found = repository(folder, subtree, own_index(folder))
    if found is None or found[0].tries("check-ignore", "-q", "--", found[1]):
        return ()
    run, subtree = found
    if not run.load_index(run.head()):
        run.tries("update-index", "-q", "--refresh")  # else every file is read again each time
    top = run("rev-parse", "--show-prefix") + ("" if subtree == "." else f"{subtree}/")
    # Against our index, which is as the last commit: a person's own says what he has staged, which is not asked.
    status = run(
        "status", "--porcelain=v2", "-z", "--untracked-files=all", "--ignored=no", "--no-renames", "--",
        subtree, f":(exclude,top,glob)**/{STATE}/**",
    )  # fmt: skip
    # https://git-scm.com/docs/git-status#_porcelain_format_version_2: `1` has eight fields before the path, `?` one.
    fields = (entry.split(" ", 8 if entry.startswith("1") else 1) for entry in status.split("\0") if entry)
    return tuple(sorted(field[-1].removeprefix(top) for field in fields))


def work_tree(folder: Path) -> Path | None:
    """Root of the git work tree that `folder` lies in; None without one, or without git."""
    git = shutil.which("git")
    found = Git(git, folder, folder / STATE / "git-index").answer("rev-parse", "--show-toplevel") if git else ""
    return Path(found) if found else None


def start_git(folder: Path) -> None:
    """Make `folder` a repository, unless it lies in one or git is not installed. Raises OutputError."""
    git = shutil.which("git")
    if git is not None and work_tree(folder) is None:
        Git(git, folder, folder / STATE / "git-index")("init", "--quiet")
