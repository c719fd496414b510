"""Hand editions on to a remote: it only ever moves from what we saw there, and nobody's commit is dropped."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from ..errors import OutputError
from .folder import STATE
from .git import own_index
from .moving import move, united
from .plumbing import Done, Git, first_line, keeper, repository

TRIES = 5  # to push; somebody else pushed in between each time
PATIENCE = 120.0  # seconds that a remote has for one answer
# What `git push --porcelain` and a server say where somebody else was faster, in the words of LC_ALL=C.
_OVERTAKEN = re.compile(
    r"stale info|fetch first|non-fast-forward|needs force|cannot lock ref|failed to (?:lock|update)|"
    r"incorrect old value|reference already exists"
)


class Place(NamedTuple):
    """Where editions go. seen: ref that holds the commit at which we saw it last, or to which we moved it."""

    remote: str
    branch: str  # there

    @property
    def name(self) -> str:
        return f"{self.remote}/{self.branch}"

    @property
    def seen(self) -> str:
        return f"refs/broadsheet/seen/{self.name}"

    @property
    def fetched(self) -> str:
        return f"refs/broadsheet/fetched/{self.name}"


def push(
    folder: Path,
    subtree: str,
    remote: str,
    branch: str,
    sleep: Callable[[float], object],
    patience: float = PATIENCE,
) -> str | None:
    """Push the commit that is checked out where it holds an edition that `branch` of `remote` has not; the commit, or
    None where there was nothing to push.

    branch: empty for the one that is checked out. sleep: waits so many seconds (1, 2, 4, 8 between tries).
    Where somebody else pushed meanwhile, our editions are made again on top of what he pushed, or, where a person's
    commits stand below them here, both are merged. A person's changes there come into the work tree; local changes that
    are in their way, and changes of people on both sides, end it. The caller holds `lock`.
    Raises OutputError; the commits stay, and the next call pushes them.
    """
    found = repository(folder, subtree, own_index(folder))
    if found is None or not (head := found[0].head()):
        return None
    run, subtree = found
    place = _place(run, remote, branch)
    theirs: str | None = None  # where the branch stands, once that was asked; empty where there is none
    for number in range(TRIES):
        seen = _seen(run, place) if theirs is None else theirs
        if head == seen or not _has_edition(run, head, seen):
            return head if number else None
        if (not seen or run.is_ancestor(seen, head)) and _pushed(run, place, head, seen, patience):
            return head
        if number:
            sleep(2.0 ** (number - 1))
        theirs = _fetched(run, place, head, patience)
        if theirs and not run.is_ancestor(theirs, head) and _has_edition(run, head, theirs):
            new = united(run, subtree, head, theirs, place.name)
            move(run, head, new, place.name)
            head = new
        if theirs:
            run("update-ref", place.seen, theirs)
    advice = "your commits are kept, and the next edition pushes them"
    raise OutputError(f"others pushed to {place.name} first, {TRIES} times", str(run.folder), advice)


def waiting(folder: Path, subtree: str, remote: str, branch: str) -> tuple[str, int]:
    """Name of the remote's branch, and how many commits here are not there, as far as is known without asking it.

    Raises OutputError where there is no such remote, or no branch is checked out.
    """
    run = keeper(folder, subtree, folder / STATE / "git-index")
    if run is None or not (head := run.head()):
        return f"{remote}/{branch}", 0
    place = _place(run, remote, branch)
    seen = _seen(run, place)
    return place.name, int(run("rev-list", "--count", head, *((f"^{seen}",) if seen else ())))


def _place(run: Git, remote: str, branch: str) -> Place:
    """Raises OutputError where it cannot be one."""
    where = str(run.folder)
    if remote not in run.answer("remote").split("\n"):
        raise OutputError(f"no remote {remote!r} here", where, f"git remote add {remote} URL, or set [git] remote")
    here = run.answer("symbolic-ref", "-q", "--short", "HEAD")
    if not here:
        raise OutputError("no branch is checked out", where, "git switch BRANCH, then run again")
    if not run.tries("check-ref-format", f"refs/heads/{branch or here}"):
        raise OutputError(f"{branch!r} is no name for a branch", where, "set [git] branch")
    return Place(remote, branch or here)


def _seen(run: Git, place: Place) -> str:
    """The commit at which we, or a person's own git, saw the remote's branch last; empty where nobody did."""
    ours = run.answer("rev-parse", "-q", "--verify", place.seen)
    persons = run.answer("rev-parse", "-q", "--verify", f"refs/remotes/{place.name}^{{commit}}")
    return persons if persons and (not ours or run.is_ancestor(ours, persons)) else ours


def _has_edition(run: Git, head: str, seen: str) -> bool:
    """There is one that was not pushed. A person's commits alone are his to push."""
    since = (f"^{seen}",) if seen else ()
    return bool(run.answer("rev-list", "-1", "--grep=^Edition: ", head, *since))


def _pushed(run: Git, place: Place, head: str, seen: str, patience: float) -> bool:
    """Push; False where the remote stands somewhere else by now. Raises OutputError where it refuses.

    The lease makes the remote compare: it moves from `seen` or not at all, and `head` descends from that.
    """
    target = f"refs/heads/{place.branch}"
    done = run.asks(
        "push", "--porcelain", "--no-follow-tags", "--recurse-submodules=no", f"--force-with-lease={target}:{seen}",
        place.remote, f"{head}:{target}", patience=patience,
    )  # fmt: skip
    if done.ok:
        run("update-ref", place.seen, head)
        return True
    reason = _reason(done)
    if _OVERTAKEN.search(reason):
        return False
    raise OutputError(f"cannot push to {place.name}", str(run.folder), reason)


def _reason(done: Done) -> str:
    """Why a push was refused: what the remote says of the branch, and its hook's own first line.

    https://git-scm.com/docs/git-push#_output: flag, tab, from:to, tab, summary (reason).
    """
    refused = [line.split("\t")[-1] for line in done.answer.split("\n") if line.startswith("!\t")]
    told = [line.removeprefix("remote:").strip() for line in done.said.splitlines() if line.startswith("remote:")]
    hook = next((line for line in told if line), "")
    if refused:
        return first_line(f"{refused[0]} {hook}")
    return first_line("\n".join(line for line in done.said.splitlines() if not line.startswith(("To ", "hint:"))))


def _fetched(run: Git, place: Place, head: str, patience: float) -> str:
    """The commit on which the remote's branch stands now, with all that belongs to it; empty where there is no branch.

    Raises OutputError, also where its history was rewritten: commits that we saw there are gone, which somebody meant.
    """
    done = run.asks(
        "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--no-auto-maintenance",
        place.remote, f"+refs/heads/{place.branch}:{place.fetched}", patience=patience,
    )  # fmt: skip
    if not done.ok and "couldn't find remote ref" in done.said:
        return ""
    if not done.ok:
        raise OutputError(f"cannot fetch {place.name}", str(run.folder), first_line(done.said))
    theirs, seen = run("rev-parse", place.fetched), run.answer("rev-parse", "-q", "--verify", place.seen)
    if seen and run.is_ancestor(seen, head) and not run.is_ancestor(seen, theirs):
        advice = f"git reset --keep {place.name} to follow, or git push --force to insist, then run again"
        raise OutputError(f"somebody rewrote the history of {place.name}", str(run.folder), advice)
    return theirs
