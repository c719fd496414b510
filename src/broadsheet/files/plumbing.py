"""Run git: one command at a time, with an index of our own, its objections in one line."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from ..errors import OutputError

_NOT_OURS = re.compile(  # variables with which a calling git would point ours at another repository
    r"GIT_(?:DIR|WORK_TREE|INDEX_FILE|INDEX_VERSION|PREFIX|COMMON_DIR|NAMESPACE|OBJECT_DIRECTORY|"
    r"ALTERNATE_OBJECT_DIRECTORIES|LITERAL_PATHSPECS|GLOB_PATHSPECS|NOGLOB_PATHSPECS|ICASE_PATHSPECS)"
)
_HERE = 600.0  # seconds for a command that asks no other machine
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]+")


class Done(NamedTuple):
    """What became of a command. said: its complaints."""

    ok: bool
    answer: str
    said: str


class Git:
    """git, run in one folder with an index of our own.

    Names of files are text as Python has it: bytes that are no UTF-8 are surrogates, there and back.
    """

    def __init__(self, git: str, folder: Path, index: Path) -> None:
        self.git, self.folder, self.index = git, folder, index
        self.env = {name: value for name, value in os.environ.items() if not _NOT_OURS.fullmatch(name)}
        self.env |= {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}

    def __call__(self, *args: str, text: str = "", env: Mapping[str, str] | None = None, own_index: bool = True) -> str:
        """What git prints. Raises OutputError."""
        done = self._run(args, text, self._indexed(own_index) | dict(env or {}))
        if not done.ok:
            raise self.failed(args[0], done.said)
        return done.answer

    def answer(self, *args: str) -> str:
        """What git prints; empty where it has no answer."""
        done = self._run(args, "", {})
        return done.answer if done.ok else ""

    def tries(self, *args: str, text: str = "", own_index: bool = True) -> bool:
        """True when git succeeds."""
        return self._run(args, text, self._indexed(own_index)).ok

    def does(self, *args: str) -> Done:
        """A command on a person's own index, with what became of it. Raises OutputError only where it did not run."""
        return self._run(args, "", {})

    def asks(self, *args: str, patience: float) -> Done:
        """A command that talks to another machine: it may ask nobody for a password and is ended after `patience`
        seconds, with all that it started. Raises OutputError where it is."""
        env = dict(self.env)
        if not {"GIT_SSH", "GIT_SSH_COMMAND"} & env.keys() and not self.answer("config", "core.sshCommand"):
            env["GIT_SSH_COMMAND"] = "ssh -o BatchMode=yes"  # ssh would ask on the terminal, whoever sits there
        # A session of its own: no terminal to ask on, and one name for git and the transport that it starts, which
        # would otherwise go on, and hold our pipes open.
        asked = subprocess.Popen(  # noqa: S603  git itself, arguments of ours, no shell
            [self.git, *args], cwd=self.folder, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, encoding="utf-8", errors="surrogateescape", start_new_session=True,
        )  # fmt: skip
        try:
            answer, said = asked.communicate(timeout=patience)
        except subprocess.TimeoutExpired as exc:
            where = str(self.folder)
            raise OutputError(
                f"git {args[0]} had no answer for {patience:g} seconds", where, "it is tried again"
            ) from exc
        finally:
            with suppress(ProcessLookupError):
                os.killpg(asked.pid, signal.SIGKILL)
            asked.wait()
        return Done(asked.returncode == 0, answer.rstrip("\n"), said)

    def works_here(self) -> bool:
        """The folder lies in a work tree. Raises OutputError where git has another objection, such as to its owner."""
        done = self._run(("rev-parse", "--is-inside-work-tree"), "", {})
        if not done.ok and "not a git repository" not in done.said:
            raise self.failed("rev-parse", done.said)
        return done.answer == "true"

    def is_ancestor(self, old: str, new: str) -> bool:
        """The commit `new` has `old` in its history, or is it."""
        return self.tries("merge-base", "--is-ancestor", old, new)

    def head(self) -> str:
        """Id of the commit that is checked out; empty before the first one."""
        return self.answer("rev-parse", "-q", "--verify", "HEAD^{commit}")

    def load_index(self, head: str) -> bool:
        """Our index as `head` has it; False where it was made anew.

        `-m` keeps what it knows of unchanged files, so that they are not read again.
        """
        if head and self.index.exists() and self.tries("read-tree", "-m", head):
            return True
        self.index.unlink(missing_ok=True)
        self("read-tree", head or "--empty")
        return False

    def failed(self, command: str, said: str) -> OutputError:
        return OutputError(f"git {command} failed", str(self.folder), first_line(said))

    def _indexed(self, own_index: bool) -> dict[str, str]:
        return {"GIT_INDEX_FILE": str(self.index)} if own_index else {}

    def _run(self, args: Sequence[str], text: str, env: Mapping[str, str]) -> Done:
        try:
            done = subprocess.run(  # noqa: S603  git itself, arguments of ours, no shell
                [self.git, *args], cwd=self.folder, env=self.env | dict(env), input=text, capture_output=True,
                encoding="utf-8", errors="surrogateescape", timeout=_HERE, check=False,
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as exc:
            raise OutputError(f"git {args[0]} did not run", str(self.folder), str(exc)) from exc
        return Done(done.returncode == 0, done.stdout.rstrip("\n"), done.stderr)


def first_line(said: str) -> str:
    """The first line of a complaint that says something, at most 400 characters, nothing in it that is no text."""
    lines = (_INVISIBLE.sub(" ", line).strip() for line in said.splitlines())
    return next((line for line in lines if line), "no reason given")[:400]


def repository(folder: Path, subtree: str, index: Path) -> tuple[Git, str] | None:
    """git for the repository that keeps `subtree` of `folder`, and its path from there: `.` where it is one of its own.

    None without git, without the subtree, and outside a work tree. Raises OutputError as Git.works_here does.
    """
    git = shutil.which("git")
    if git is None or not (folder / subtree).is_dir():
        return None
    if (folder / subtree / ".git").exists():  # the site is a repository of its own
        folder, subtree = folder / subtree, "."
    run = Git(git, folder, index)
    return (run, subtree) if run.works_here() else None


def keeper(folder: Path, subtree: str, index: Path) -> Git | None:
    """git for the repository that keeps `subtree`, or will once it is there; None without one. Raises OutputError."""
    found = repository(folder, subtree, index) or repository(folder, ".", index)
    return found[0] if found else None
