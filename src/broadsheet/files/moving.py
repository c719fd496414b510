"""Bring editions and what others pushed meanwhile together, in the history and in the work tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from ..errors import OutputError
from .plumbing import Git, first_line

AGAIN = 20  # editions that are made again on top of another history; more are merged with it
_FIELDS = ("%H", "%an", "%ae", "%cn", "%ce", "%at", "%ct", "%(trailers:key=Edition,valueonly)", "%B")


class _Commit(NamedTuple):
    id: str
    edition: bool  # one of ours, or of another machine's
    who: dict[str, str]  # author, committer and time, as variables for git
    message: str


class _Change(NamedTuple):
    """What a path became. old: its mode before. Modes as git writes them, all zeros for nothing."""

    old: str
    mode: str
    id: str


def united(run: Git, subtree: str, ours: str, theirs: str, name: str) -> str:
    """A commit with all of `theirs`, and with the editions of `ours` that are not there yet. Nothing is moved yet.

    Its tree is that of `theirs` with our subtree, but for what people changed in that: their changes are kept. Editions
    are made again on top of `theirs`, each with its message, people and time; one that changes nothing there is left
    out. Where a person's commits are among ours, or there are more than AGAIN, both are merged instead, so that no
    commit of his becomes another.
    name: of theirs, for the error. Raises OutputError where people changed something on both sides, or a file that an
    edition changed, too.
    """
    where, advice = str(run.folder), "pull or rebase, then run again"
    base = run.answer("merge-base", ours, theirs)
    if not base:
        raise OutputError(f"the branch and {name} have no commit in common", where, advice)
    mine, others = _commits(run, base, ours), _commits(run, base, theirs)
    if not all(one.edition for one in mine) and not all(one.edition for one in others):
        raise OutputError(f"the branch and {name} have diverged", where, advice)
    by_people = _touched(run, [one.id for one in others if not one.edition])
    inside = _top(run, subtree)
    changes = {
        path: change
        for path, change in _changes(run, base, theirs).items()
        if path in by_people or not path.startswith(inside)
    }
    for path, change in _changes(run, base, ours).items():
        if path in changes and change != changes[path]:
            if path in by_people:
                both = f"both changed {ascii(path)[1:-1][:200]}: {advice}"
                raise OutputError(f"the branch and {name} have diverged", where, both)
            del changes[path]  # editions of another publication in this repository, here and there: ours stands
    if all(one.edition for one in mine) and len(mine) <= AGAIN:
        for one in mine:
            tree = _laid_over(run, one.id, changes)
            if tree != run("rev-parse", f"{theirs}^{{tree}}"):
                theirs = _made(run, one, one.message, tree, theirs)
        return theirs
    last = next((one for one in reversed(mine) if one.edition), mine[-1])
    stamped = "\n".join(line for line in last.message.splitlines() if line.startswith("Edition: "))
    told = f"Editions made here, together with {name}\n\n{stamped}"
    return _made(run, last, told, _laid_over(run, ours, changes), ours, theirs)


def move(run: Git, head: str, new: str, name: str) -> None:
    """Move the checked-out branch from `head` to `new`, with the work tree and a person's index.

    Files that are the same in both keep their local changes. Raises OutputError, before anything is moved, where there
    are local changes, or files that no commit knows, in the way. name: of what came, for the error.
    """
    if new == head:
        return
    blocked = OutputError(f"local changes are in the way of {name}", str(run.folder), "")
    if way := _unknown(run, _changes(run, head, new)):
        raise _advised(blocked, f"move {ascii(way)[1:-1][:200]} away, then run again")
    run.tries("update-index", "-q", "--refresh", own_index=False)  # what was only touched is not changed
    # The rules for two trees of https://git-scm.com/docs/git-read-tree: all or nothing, never over a local change.
    # The branch comes last: killed before, the next call does the same again.
    done = run.does("read-tree", "-m", "-u", head, new)
    if not done.ok:
        raise _advised(blocked, f"{first_line(done.said)}: commit or stash, then run again")
    run("update-ref", "-m", f"broadsheet: on top of {name}", "HEAD", new, head)


def _advised(error: OutputError, advice: str) -> OutputError:
    return OutputError(error.what, error.where, advice)


def _unknown(run: Git, changes: Mapping[str, _Change]) -> str:
    """A file that would be overwritten, or a folder that is none, and that a person's index does not know; else "".

    git itself overwrites one where it is ignored.
    """
    top = Path(run("rev-parse", "--show-toplevel"))
    new = [path for path, change in changes.items() if not int(change.old)]
    ways = {str(way) for path in new for way in (Path(path), *Path(path).parents[:-1])}
    blocking = {way for way in ways if _blocks(top / way, way in new)}
    if not blocking:
        return ""
    listed = run("ls-files", "-z", "--full-name", str(top), own_index=False).split("\0")
    known = {str(way) for path in listed for way in (Path(path), *Path(path).parents[:-1])}
    return min(blocking - known, default="")


def _blocks(file: Path, wanted: bool) -> bool:
    """Something lies there: anything at all where the file itself is `wanted`, no folder where one is."""
    there = file.is_symlink() or file.exists()
    return there and (wanted or not file.is_dir() or file.is_symlink())


def _commits(run: Git, base: str, tip: str) -> tuple[_Commit, ...]:
    """Those of `tip` that `base` has not, oldest first.

    An edition says so, and was committed in the very second that it names: what a person amended was not.
    """
    form = "%x00".join(_FIELDS)
    text = run("-c", "i18n.logOutputEncoding=UTF-8", "log", "-z", "--reverse", "--topo-order", f"--format={form}",
               tip, f"^{base}")  # fmt: skip
    fields = text.split("\0")
    return tuple(_commit(*fields[n : n + len(_FIELDS)]) for n in range(0, len(fields) - 1, len(_FIELDS)))


def _commit(key: str, an: str, ae: str, cn: str, ce: str, at: str, ct: str, edition: str, message: str) -> _Commit:
    who = {"GIT_AUTHOR_NAME": an, "GIT_AUTHOR_EMAIL": ae, "GIT_COMMITTER_NAME": cn, "GIT_COMMITTER_EMAIL": ce}
    who |= {"GIT_AUTHOR_DATE": f"{at} +0000", "GIT_COMMITTER_DATE": f"{ct} +0000"}
    then = datetime.fromtimestamp(int(ct), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return _Commit(key, at == ct and edition.strip() == then, who, message)


def _made(run: Git, like: _Commit, message: str, tree: str, *parents: str) -> str:
    """A commit by the people and at the time of another."""
    given = [word for parent in parents for word in ("-p", parent)]
    return run("commit-tree", tree, *given, "-F", "-", text=message.rstrip("\n") + "\n", env=like.who)


def _laid_over(run: Git, commit: str, changes: Mapping[str, _Change]) -> str:
    """The tree of a commit with changes made to it. Raises OutputError where a file would become a folder of others."""
    if not changes:
        return run("rev-parse", f"{commit}^{{tree}}")
    run.load_index(commit)
    ordered = sorted(changes.items(), key=lambda item: bool(int(item[1].mode)))  # what goes makes room for what comes
    lines = "".join(f"{change.mode} {change.id}\t{path}\0" for path, change in ordered)
    run("update-index", "-z", "--index-info", text=lines)
    return run("write-tree")


def _changes(run: Git, old: str, new: str) -> dict[str, _Change]:
    """Path from the top -> what became of it. https://git-scm.com/docs/git-diff-tree#_raw_output_format"""
    fields = run("diff-tree", "-r", "-z", "--no-renames", old, new).split("\0")
    found = {}
    for told, path in zip(fields[0::2], fields[1::2], strict=False):
        before, mode, _, key, _ = told.removeprefix(":").split(" ")
        found[path] = _Change(before, mode, key)
    return found


def _touched(run: Git, commits: Iterable[str]) -> frozenset[str]:
    """Paths from the top that any of these changed; of a merge those that are as in none of its parents."""
    listed = "".join(f"{commit}\n" for commit in commits)
    if not listed:
        return frozenset()
    told = run("diff-tree", "--stdin", "-r", "-c", "-z", "--root", "--no-renames", "--no-commit-id", "--name-only",
               text=listed)  # fmt: skip
    return frozenset(told.split("\0")) - {""}


def _top(run: Git, subtree: str) -> str:
    """How paths from the top begin that lie in the subtree."""
    return run("rev-parse", "--show-prefix") + ("" if subtree == "." else f"{subtree}/")
