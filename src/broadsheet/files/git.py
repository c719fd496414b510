"""Keep editions in git: one commit of the site, crash-safe, beside whatever a person has staged."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from ..errors import OutputError
from .folder import STATE

_NOT_OURS = re.compile(  # variables with which a calling git would point ours at another repository
    r"GIT_(?:DIR|WORK_TREE|INDEX_FILE|INDEX_VERSION|PREFIX|COMMON_DIR|NAMESPACE|OBJECT_DIRECTORY|"
    r"ALTERNATE_OBJECT_DIRECTORIES|LITERAL_PATHSPECS|GLOB_PATHSPECS|NOGLOB_PATHSPECS|ICASE_PATHSPECS)"
)


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


def work_tree(folder: Path) -> Path | None:
    """Root of the git work tree that `folder` lies in; None without one, or without git."""
    git = shutil.which("git")
    found = _Git(git, folder, folder / STATE / "git-index").answer("rev-parse", "--show-toplevel") if git else ""
    return Path(found) if found else None


def start_git(folder: Path) -> None:
    """Make `folder` a repository, unless it lies in one or git is not installed. Raises OutputError."""
    git = shutil.which("git")
    if git is not None and work_tree(folder) is None:
        _Git(git, folder, folder / STATE / "git-index")("init", "--quiet")


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
