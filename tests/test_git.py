"""Editions in git: what is staged, what people do beside it, and how editions of several machines reach one remote."""

from __future__ import annotations

import contextlib
import os
import pty
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from broadsheet.errors import OutputError
from broadsheet.files import begin, commit, lock, push, pushing, unfinished, unsaved, waiting

from .build import NOW

pytestmark = pytest.mark.skipif(
    subprocess.run(["git", "--version"], capture_output=True).returncode != 0, reason="git is not installed"
)


def git(folder: Path, *args: str) -> str:
    return subprocess.run(["git", *args], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def put(folder: Path, **files: str) -> None:
    """Files below `folder`; `__` stands for a slash."""
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def by_hand(folder: Path, message: str, **files: str) -> str:
    """A person's commit of these files."""
    put(folder, **files)
    for name in files:
        git(folder, "add", "--", name.replace("__", "/"))
    git(folder, "-c", "user.name=Ann", "-c", "user.email=ann@example.org", "commit", "-q", "-m", message)
    return git(folder, "rev-parse", "HEAD")


def edition(folder: Path, hour: int, **site: str) -> str | None:
    """The edition of an hour, committed."""
    at = NOW + timedelta(hours=hour)
    put(folder / "site", **site)
    return commit(folder, "site", f"Edition {hour}\n\nEdition: {at:%Y-%m-%dT%H:%M:%SZ}\nStories: 1", at)


def pushed(folder: Path, **others: object) -> str | None:
    return push(folder, "site", "origin", "", **{"sleep": lambda _: None} | others)


def subjects(folder: Path, at: str = "HEAD") -> list[str]:
    return git(folder, "log", "--format=%s", at).splitlines()


def content(folder: Path, path: str, at: str = "main") -> str:
    return git(folder, "show", f"{at}:{path}")


@pytest.fixture(autouse=True)
def nobody(tmp_path, monkeypatch):
    """A git that knows nobody and no settings."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """The remote, with one commit of a person's on `main`."""
    remote = tmp_path / "remote.git"
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "remote.git")
    first = tmp_path / "first"
    first.mkdir()
    git(first, "init", "-q", "-b", "main")
    by_hand(first, "first", notes="1", plans="1")
    git(first, "push", "-q", str(remote), "main")
    return remote


def clone(bare: Path, name: str) -> Path:
    git(bare.parent, "clone", "-q", str(bare), name)
    return bare.parent / name


@pytest.fixture
def one(bare: Path) -> Path:
    return clone(bare, "one")


@pytest.fixture
def two(bare: Path) -> Path:
    return clone(bare, "two")


# --- what a commit looks at ------------------------------------------------------------------------------------------


def printing(folder: Path, hour: int, paths: tuple[str, ...], **site: str) -> str | None:
    """Begun, written, committed by paths."""
    begin(folder)
    put(folder / "site", **site)
    return commit(folder, "site", f"Edition {hour}", NOW + timedelta(hours=hour), paths)


def at_head(folder: Path) -> dict[str, str]:
    names = git(folder, "ls-tree", "-r", "--name-only", "HEAD", "site/").splitlines()
    return {name.removeprefix("site/"): content(folder, name, "HEAD") for name in names}


def test_of_a_printing_that_was_begun_only_its_paths_are_committed(one):
    """Written, new and removed ones; what a person changed beside them stays uncommitted, and the site's index clean."""
    printing(one, 0, (), a="1", b="1", c__d="1")
    put(one / "site", b="by hand", new="by hand")
    begin(one)
    put(one / "site", a="2", e__f="2")
    (one / "site" / "c" / "d").unlink()

    assert commit(one, "site", "Edition 1", NOW, ("a", "c/d", "e/f", "a"))

    assert {"a": "2", "b": "1", "e/f": "2"} == at_head(one)
    assert ["M site/b", "?? site/new"] == [
        line.strip() for line in git(one, "status", "--porcelain", "site").split("\n")
    ]


@pytest.mark.parametrize("more", [(), ("x.tmp",)], ids=["all tracked", "one ignored"])
def test_paths_and_the_whole_subtree_give_the_same_commit(one, two, more):
    """Also where a file becomes a folder and the reverse, and names are unusual."""
    names = ("a", "a/x", "b/c", "b", 'é \n"*', ":(top)y", *more)
    for folder in (one, two):
        put(folder, **{".gitignore": "*.tmp\n"})
        printing(folder, 0, (), a="1", b__c="1")
        begin(folder)
        (folder / "site" / "a").unlink()
        (folder / "site" / "b" / "c").unlink()
        (folder / "site" / "b").rmdir()
        put(folder / "site", a__x="2", b="2", **dict.fromkeys(names[4:], "2"))

    assert commit(one, "site", "1", NOW, names) == commit(two, "site", "1", NOW, None)
    assert {"a/x", "b", 'é \n"*', ":(top)y"} == set(
        git(one, "ls-tree", "-rz", "--name-only", "HEAD:site").split("\0")
    ) - {""}


def test_a_printing_that_wrote_nothing_is_no_commit(one):
    """And the next one is still believed."""
    printing(one, 0, (), a="1")
    put(one / "site", theirs="1")

    assert printing(one, 1, ()) is None
    assert printing(one, 2, ("a",), a="2")
    assert {"a": "2"} == at_head(one)


def test_what_a_killed_printing_wrote_is_committed_by_the_next(one):
    """Its paths are known to nobody: the next commit looks at every file."""
    printing(one, 0, (), a="1")
    begin(one)
    put(one / "site", killed="1")  # and no commit

    printing(one, 1, ("a",), a="2")

    assert {"a": "2", "killed": "1"} == at_head(one)


def test_without_a_beginning_every_file_is_looked_at(one):
    printing(one, 0, (), a="1")
    put(one / "site", a="2", b="2")

    commit(one, "site", "Edition 1", NOW, ("a",))

    assert {"a": "2", "b": "2"} == at_head(one)


@pytest.mark.parametrize(
    "undo",
    [
        lambda folder: git(folder, "reset", "-q", "--soft", "HEAD~1"),
        lambda folder: (folder / ".broadsheet" / "git-index").unlink(),
        lambda folder: (folder / ".broadsheet" / "git-index").write_bytes(b"garbage"),
    ],
    ids=["another commit is checked out", "no index", "a broken index"],
)
def test_where_the_last_commit_is_not_the_one_we_made_every_file_is_looked_at(one, undo):
    printing(one, 0, (), a="1")
    printing(one, 1, ("b",), b="1")
    undo(one)

    printing(one, 2, ("c",), c="1")

    assert {"a": "1", "b": "1", "c": "1"} == at_head(one)


def test_a_path_that_git_objects_to_makes_it_look_at_every_file(one):
    """A person moved one of our folders and left a link."""
    printing(one, 0, (), x__a="1", b="1")
    begin(one)
    put(one / "site", b="2")
    (one / "site" / "x").rename(one / "site" / "y")
    (one / "site" / "x").symlink_to("y")

    assert commit(one, "site", "Edition 1", NOW, ("x/a", "b"))

    assert {"x": "y", "y/a": "1", "b": "2"} == at_head(one)


# --- what a person does there ----------------------------------------------------------------------------------------


def test_unsaved_files_are_those_that_differ_from_the_last_commit(one):
    """Changed, gone, new, staged and changed again; not: ignored ones, other folders', touched ones, and what was staged
    and then put back."""
    edition(one, 0, changed="1", gone="1", staged="1", back="1", touched="1", same="1")
    put(one, **{".gitignore": "*.tmp\n"}, notes="changed")
    put(one / "site", changed="2", staged="2", back="2", new__x="1", **{'é \n"': "1", "x.tmp": "1"})
    (one / "site" / "gone").unlink()
    git(one, "add", "site/staged", "site/back")
    put(one / "site", back="1")
    os.utime(one / "site" / "touched", (1, 1))

    assert ("changed", "gone", "new/x", "staged", 'é \n"') == unsaved(one, "site")


def test_nothing_is_unsaved_after_a_commit_and_where_there_is_no_repository(one, tmp_path):
    assert () == unsaved(one, "site")
    put(one / "site", a="1")
    assert ("a",) == unsaved(one, "site")
    edition(one, 0)
    assert () == unsaved(one, "site")
    put(tmp_path / "bare" / "site", a="1")
    assert () == unsaved(tmp_path / "bare", "site")


def test_unsaved_knows_a_site_that_is_its_own_repository_and_a_folder_deep_in_one(one):
    put(one / "pubs" / "ferries" / "site", a="1")
    git(one, "init", "-q", "own")
    put(one / "own" / ".broadsheet", x="1")
    put(one / "own", b="1")

    assert ("a",) == unsaved(one / "pubs" / "ferries", "site")
    assert ("b",) == unsaved(one, "own")


def conflicting(folder: Path, *command: str) -> None:
    """A merge (or the like) of two lines of one file that ends in the middle."""
    git(folder, "switch", "-q", "-c", "side")
    by_hand(folder, "side", notes="side")
    git(folder, "switch", "-q", "main")
    by_hand(folder, "here", notes="here")
    who = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org"]
    subprocess.run(["git", *who, *command], cwd=folder, capture_output=True)


@pytest.mark.parametrize("doing", ["merge", "rebase", "cherry-pick"])
def test_in_the_middle_of_a_merge_nothing_is_committed(one, doing):
    """One line says what to finish; once it is given up, the edition is committed."""
    conflicting(one, doing, "side")
    before = git(one, "rev-parse", "HEAD")
    assert doing == unfinished(one)

    with pytest.raises(
        OutputError, match=rf"a {doing} is not finished: .*: git {doing} --continue or git {doing} --abort"
    ):
        edition(one, 0, a="1")

    assert before == git(one, "rev-parse", "HEAD")
    git(one, doing, "--abort")
    assert "" == unfinished(one)
    assert edition(one, 0, a="1")


def test_a_revert_and_a_bisect_are_to_be_finished_too(one):
    by_hand(one, "second", notes="2")
    by_hand(one, "third", notes="3")
    subprocess.run(["git", "revert", "HEAD~1"], cwd=one, capture_output=True)
    assert "revert" == unfinished(one)
    git(one, "revert", "--abort")
    git(one, "bisect", "start", "HEAD", "HEAD~2")

    with pytest.raises(OutputError, match=r"a bisect is not finished: .*: git bisect reset, then run again"):
        edition(one, 0, a="1")


def test_outside_a_repository_nothing_is_unfinished(tmp_path):
    assert "" == unfinished(tmp_path)


# --- one publisher ---------------------------------------------------------------------------------------------------


def test_an_edition_is_pushed_once(one, bare):
    made = edition(one, 0, a="1")

    assert made == pushed(one) == git(bare, "rev-parse", "main")
    assert pushed(one) is None
    assert ["Edition 0", "first"] == subjects(bare, "main")


def test_nothing_to_push_asks_no_remote(one, bare):
    """It may be away."""
    edition(one, 0, a="1")
    pushed(one)
    bare.rename(bare.with_name("away"))

    assert pushed(one) is None


def test_the_first_push_makes_the_branch(one, bare):
    edition(one, 0, a="1")

    assert push(one, "site", "origin", "pages", lambda _: None) == git(bare, "rev-parse", "pages")
    assert ["first"] == subjects(bare, "main")


def test_a_remote_that_is_empty_gets_everything(one, tmp_path):
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "empty.git")
    git(one, "remote", "add", "mirror", str(tmp_path / "empty.git"))
    edition(one, 0, a="1")

    push(one, "site", "mirror", "", lambda _: None)

    assert ["Edition 0", "first"] == subjects(tmp_path / "empty.git", "main")


def test_a_persons_commits_below_an_edition_are_pushed_along_and_those_alone_are_not(one, bare):
    """They are his to push, until an edition stands on them."""
    edition(one, 0, a="1")
    pushed(one)
    by_hand(one, "mine", notes="2")

    assert pushed(one) is None
    assert ["Edition 0", "first"] == subjects(bare, "main")
    edition(one, 1, a="2")
    pushed(one)
    assert ["Edition 1", "mine", "Edition 0", "first"] == subjects(bare, "main")


def test_what_a_person_pushed_himself_is_not_pushed_again(one, bare):
    edition(one, 0, a="1")
    git(one, "push", "-q")

    assert pushed(one) is None


def test_a_branch_that_was_deleted_there_is_made_again(one, bare):
    """It holds nobody's work."""
    edition(one, 0, a="1")
    pushed(one)
    git(bare, "update-ref", "-d", "refs/heads/main")
    made = edition(one, 1, a="2")

    assert made == pushed(one) == git(bare, "rev-parse", "main")


@pytest.mark.parametrize("fetched", [False, True])
def test_commits_that_somebody_took_away_there_are_not_pushed_again(one, bare, fetched):
    """A secret, say: one line, until a person follows or insists; whether he has fetched or not."""
    edition(one, 0, a="1")
    pushed(one)
    git(bare, "update-ref", "refs/heads/main", "main~1")
    if fetched:
        git(one, "fetch", "-q")
    edition(one, 1, a="2")

    with pytest.raises(
        OutputError, match=r"somebody rewrote the history of origin/main: .*git reset --keep origin/main"
    ):
        pushed(one)
    assert ["first"] == subjects(bare, "main")

    git(one, "reset", "-q", "--keep", "origin/main")
    edition(one, 2, a="3")
    pushed(one)
    assert ["Edition 2", "first"] == subjects(bare, "main")


def test_before_the_first_commit_and_outside_a_repository_there_is_nothing_to_push(tmp_path):
    put(tmp_path / "p" / "site", a="1")
    assert pushed(tmp_path / "p") is None
    git(tmp_path / "p", "init", "-q")
    assert pushed(tmp_path / "p") is None


def test_a_site_that_is_its_own_repository_is_pushed_from_there(one, tmp_path):
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "pages.git")
    put(one / "site", a="1")
    git(one / "site", "init", "-q", "-b", "main")
    git(one / "site", "remote", "add", "origin", str(tmp_path / "pages.git"))
    edition(one, 0)

    pushed(one)

    assert "1" == content(tmp_path / "pages.git", "a")


def test_what_waits_is_counted_without_a_remote(one, bare):
    bare.rename(bare.with_name("away"))
    assert ("origin/main", 0) == waiting(one, "site", "origin", "")
    edition(one, 0, a="1")
    by_hand(one, "mine", notes="2")

    assert ("origin/main", 2) == waiting(one, "site", "origin", "")


# --- a remote that cannot or will not --------------------------------------------------------------------------------


def refuses(folder: Path, match: str, **others: object) -> None:
    """Pushing ends in one line, with the commit kept."""
    before = git(folder, "rev-parse", "HEAD")
    with pytest.raises(OutputError, match=match) as caught:
        push(folder, "site", **{"remote": "origin", "branch": "", "sleep": lambda _: None} | others)
    assert "\n" not in str(caught.value)
    assert before == git(folder, "rev-parse", "HEAD")


def test_a_remote_that_is_not_there_is_named(one):
    edition(one, 0, a="1")
    refuses(one, "no remote 'backup' here: .*: git remote add backup URL, or set .git. remote", remote="backup")


def test_a_branch_that_can_be_none_is_named(one):
    edition(one, 0, a="1")
    refuses(one, r"'a\.\.b' is no name for a branch", branch="a..b")
    refuses(one, "'a:b' is no name for a branch", branch="a:b")


def test_without_a_branch_checked_out_nothing_is_pushed(one):
    git(one, "switch", "-q", "--detach")
    edition(one, 0, a="1")
    refuses(one, "no branch is checked out: .*: git switch BRANCH, then run again")


def test_a_remote_that_is_away_is_a_line_and_the_next_edition_pushes_both(one, bare):
    bare.rename(bare.with_name("away"))
    edition(one, 0, a="1")
    refuses(one, "cannot push to origin/main: .*does not appear to be a git repository")
    bare.with_name("away").rename(bare)
    edition(one, 1, a="2")

    pushed(one)

    assert ["Edition 1", "Edition 0", "first"] == subjects(bare, "main")


def hook(repository: Path, name: str, script: str) -> None:
    file = repository / "hooks" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


def test_a_hook_of_the_remote_that_refuses_is_quoted_in_one_line(one, bare):
    """Whatever it prints."""
    hook(bare, "pre-receive", "printf 'not before\\033[31m noon\\nand more\\n' >&2; exit 1")
    edition(one, 0, a="1")
    refuses(one, r"cannot push to origin/main: .*pre-receive hook declined.*not before \[31m noon$")


def test_a_hook_of_the_person_that_refuses_is_quoted(one):
    hook(one / ".git", "pre-push", "echo 'not from here' >&2; exit 1")
    edition(one, 0, a="1")
    refuses(one, "cannot push to origin/main: .*: not from here")


def test_a_remote_has_no_terminal_to_ask_for_a_password_on(one, tmp_path):
    """Even where we have one: it is refused at once, and the terminal is not waited at."""
    script = tmp_path / "transport"
    script.write_text(
        "#!/bin/sh\nif (: </dev/tty) 2>/dev/null; then echo asked >&2; else echo no terminal >&2; fi; exit 1\n"
    )
    script.chmod(0o755)
    git(one, "config", "protocol.ext.allow", "always")
    git(one, "remote", "set-url", "origin", f"ext::{script}")
    edition(one, 0, a="1")
    push_it = "import pathlib, sys\nfrom broadsheet.files import push\npush(pathlib.Path(sys.argv[1]), 'site', 'origin', '', None)"

    child, terminal = pty.fork()
    if child == 0:
        os.execv(sys.executable, [sys.executable, "-c", push_it, str(one)])  # noqa: S606
    told = b""
    with contextlib.suppress(OSError):  # Linux says EIO where the other end was closed
        while part := os.read(terminal, 4096):
            told += part
    os.waitpid(child, 0)

    assert b"cannot push to origin/main" in told
    assert b"no terminal" in told


def test_a_remote_that_never_answers_is_given_up_with_all_that_was_started(one, tmp_path):
    """The transport, which holds a lock here, is ended, too: it would hold our pipes open."""
    script = tmp_path / "transport"
    script.write_text(f"#!/bin/sh\nexec flock {tmp_path}/held sleep 600\n")
    script.chmod(0o755)
    git(one, "config", "protocol.ext.allow", "always")
    git(one, "remote", "set-url", "origin", f"ext::{script}")
    edition(one, 0, a="1")

    refuses(one, "git push had no answer for 1 seconds", patience=1.0)

    assert 0 == subprocess.run(["flock", "--wait", "60", tmp_path / "held", "true"]).returncode


# --- others push there, too ------------------------------------------------------------------------------------------


def test_what_another_machine_pushed_stays_below_ours(one, two, bare):
    """Our edition is made again on top: its message, people and time; its site as it stands here."""
    edition(one, 0, a="one", b="one")
    pushed(one)
    edition(two, 1, a="two", c="two")
    git(two, "config", "user.name", "Desk")

    last = pushed(two)

    assert last == git(bare, "rev-parse", "main") == git(two, "rev-parse", "HEAD")
    assert ["Edition 1", "Edition 0", "first"] == subjects(bare, "main")
    assert {"a": "two", "c": "two"} == at_head(two)
    assert "Broadsheet 1772456400 1772456400" == git(bare, "log", "-1", "--format=%an %at %ct", "main")
    assert "" == git(two, "status", "--porcelain", "--untracked-files=no")


def test_two_in_alternation_lose_no_edition(one, two, bare):
    for hour in range(6):
        folder = (one, two)[hour % 2]
        edition(folder, hour, a=f"{hour}")
        pushed(folder)

    assert ["first", *(f"Edition {hour}" for hour in range(6))] == subjects(bare, "main")[::-1]
    assert "5" == content(bare, "site/a")
    git(bare, "fsck", "--strict")


def test_several_editions_that_wait_are_all_made_again(one, two, bare):
    edition(one, 0, a="one")
    pushed(one)
    for hour in (1, 2, 3):
        edition(two, hour, a=f"two {hour}")

    pushed(two)

    assert ["Edition 3", "Edition 2", "Edition 1", "Edition 0", "first"] == subjects(bare, "main")
    assert ["two 2", "two 1", "one"] == [content(bare, "site/a", f"main~{n}") for n in (1, 2, 3)]


def test_many_that_wait_are_merged(one, two, bare, monkeypatch):
    """Bounded: each would cost several calls of git."""
    monkeypatch.setattr("broadsheet.files.moving.AGAIN", 2)
    edition(one, 0, a="one")
    pushed(one)
    for hour in (1, 2, 3):
        edition(two, hour, a=f"two {hour}")

    pushed(two)

    merged, *others = subjects(bare, "main")
    assert "Editions made here, together with origin/main" == merged
    assert {"Edition 0", "Edition 1", "Edition 2", "Edition 3", "first"} == set(others)
    assert "two 3" == content(bare, "site/a")
    edition(one, 4, a="one 4")
    pushed(one)  # such a merge is no person's
    assert "Edition 4" == subjects(bare, "main")[0]


def test_the_same_edition_twice_is_there_once(one, two, bare):
    edition(one, 0, a="1")
    pushed(one)
    edition(two, 1, a="1")

    assert git(bare, "rev-parse", "main") == pushed(two)
    assert ["Edition 0", "first"] == subjects(two)


def test_what_a_person_pushed_comes_into_the_work_tree(one, two, bare):
    """Outside the site and inside it; local changes to other files stay, staged ones staged."""
    edition(one, 0, a="1")
    pushed(one)
    git(two, "pull", "-q")
    ann = by_hand(two, "by Ann", notes="2", more__x="2", site__CNAME="news.example.org")
    git(two, "push", "-q")
    put(one, plans="local", staged="local")
    git(one, "add", "staged")
    edition(one, 1, a="2")

    pushed(one)

    assert ann == git(bare, "rev-parse", "main~1")
    assert {"a": "2", "CNAME": "news.example.org"} == at_head(one)
    assert ["2", "2", "news.example.org", "local"] == [
        (one / name).read_text() for name in ("notes", "more/x", "site/CNAME", "plans")
    ]
    status = {line.strip() for line in git(one, "status", "--porcelain").splitlines()}
    assert {"M plans", "A  staged", "?? .broadsheet/"} == status
    assert "1" == content(bare, "plans")


def test_a_person_who_removes_a_file_there_is_followed(one, two, bare):
    edition(one, 0, a="1", old="1")
    pushed(one)
    git(two, "pull", "-q")
    git(two, "rm", "-q", "site/old", "plans")
    by_hand(two, "by Ann", notes="2")
    git(two, "push", "-q")
    edition(one, 1, a="2")

    pushed(one)

    assert {"a": "2"} == at_head(one)
    assert not (one / "plans").exists() and not (one / "site" / "old").exists()


def test_a_person_and_an_edition_that_changed_one_file_are_a_persons_to_join(one, two, bare):
    edition(one, 0, a="1")
    pushed(one)
    git(two, "pull", "-q")
    ann = by_hand(two, "by Ann", site__a="by Ann")
    git(two, "push", "-q")
    edition(one, 1, a="2")

    refuses(one, "the branch and origin/main have diverged: .*: both changed site/a: pull or rebase, then run again")
    assert ann == git(bare, "rev-parse", "main")

    who = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org"]
    git(one, *who, "pull", "-q", "--no-rebase", "-X", "ours")
    pushed(one)
    assert {"by Ann", "Edition 1"} < set(subjects(bare, "main"))
    assert "2" == content(bare, "site/a")


def test_people_on_both_sides_are_told_and_nothing_is_lost(one, two, bare):
    there = by_hand(two, "there", notes="there")
    git(two, "push", "-q")
    here = by_hand(one, "here", plans="here")
    made = edition(one, 0, a="1")

    refuses(one, "the branch and origin/main have diverged: .*: pull or rebase, then run again")

    assert [made, here] == git(one, "log", "--format=%H", "-2").splitlines()
    assert there == git(bare, "rev-parse", "main")


def test_a_persons_commit_here_and_anothers_edition_there_are_merged(one, two, bare):
    """His commit keeps its id, whatever stands there."""
    edition(one, 0, a="one")
    pushed(one)
    here = by_hand(two, "here", notes="here")
    edition(two, 1, a="two")

    pushed(two)

    assert here in git(bare, "log", "--format=%H", "main").splitlines()
    assert {"Edition 0", "Edition 1", "here", "first"} < set(subjects(bare, "main"))
    assert ["two", "here"] == [content(bare, path) for path in ("site/a", "notes")]
    edition(one, 2, a="one again")
    pushed(one)
    assert "here" == (one / "notes").read_text()


def test_an_edition_that_a_person_amended_is_his(one, two, bare):
    """It is not made again: it would lose what he did to it, or his name."""
    edition(one, 0, a="one")
    pushed(one)
    edition(two, 1, a="two")
    put(two, notes="amended")
    git(two, "-c", "user.name=Ann", "-c", "user.email=ann@example.org", "commit", "-q", "-a", "--amend", "--no-edit")
    amended = git(two, "rev-parse", "HEAD")

    pushed(two)

    assert amended in git(bare, "log", "--format=%H", "main").splitlines()
    assert ["amended", "two"] == [content(bare, path) for path in ("notes", "site/a")]


@pytest.mark.parametrize("way", ["changed", "staged", "unknown", "ignored", "a file for a folder"])
def test_local_changes_in_the_way_are_never_overwritten(one, two, bare, way):
    """One line names the file; once it is out of the way, the edition is pushed."""
    names = {"changed": "notes", "staged": "notes", "unknown": "new", "ignored": "new", "a file for a folder": "dir__x"}
    edition(one, 0, a="1")
    pushed(one)
    git(two, "pull", "-q")
    by_hand(two, "by Ann", **{names[way]: "by Ann"})
    git(two, "push", "-q")
    file = one / names[way].split("__")[0]
    file.write_text("precious")
    if way == "ignored":
        (one / ".git" / "info" / "exclude").write_text("new\n")
    if way == "staged":
        git(one, "add", "notes")
    edition(one, 1, a="2")

    refuses(one, f"local changes are in the way of origin/main: .*{file.name}.*, then run again")

    assert "precious" == file.read_text()
    assert "by Ann" == content(bare, names[way].replace("__", "/"))
    if way in ("changed", "staged"):
        git(one, "checkout", "-q", "HEAD", "--", "notes")
    else:
        file.unlink()
    pushed(one)
    assert "2" == content(bare, "site/a")
    assert "by Ann" == (one / names[way].replace("__", "/")).read_text()


def test_a_file_that_was_only_touched_is_not_in_the_way(one, two, bare):
    by_hand(two, "by Ann", notes="2")
    git(two, "push", "-q")
    edition(one, 0, a="1")
    os.utime(one / "notes", (1, 1))

    pushed(one)

    assert "2" == (one / "notes").read_text()


def test_histories_without_a_common_commit_are_told(one, tmp_path):
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "other.git")
    (tmp_path / "other").mkdir()
    git(tmp_path / "other", "init", "-q", "-b", "main")
    by_hand(tmp_path / "other", "readme", readme="1")
    git(tmp_path / "other", "push", "-q", str(tmp_path / "other.git"), "main")
    git(one, "remote", "set-url", "origin", str(tmp_path / "other.git"))
    git(one, "update-ref", "-d", "refs/remotes/origin/main")
    edition(one, 0, a="1")

    refuses(one, "the branch and origin/main have no commit in common")


def test_two_publications_in_one_repository_on_two_machines(one, two, bare):
    """Each prints into its own folder; pushing one takes along what the other printed here."""
    for folder, hour in ((one, 0), (two, 1)):
        at = NOW + timedelta(hours=hour)
        for name in ("ferries", "harbours"):
            put(folder / name / "site", a=f"{hour}")
            commit(folder / name, "site", f"{name} {hour}\n\nEdition: {at:%Y-%m-%dT%H:%M:%SZ}", at)
        for name in ("ferries", "harbours"):
            push(folder / name, "site", "origin", "", lambda _: None)

    assert {"ferries 0", "harbours 0", "ferries 1", "harbours 1", "first"} == set(subjects(bare, "main"))
    assert ["1", "1"] == [content(bare, f"{name}/site/a") for name in ("ferries", "harbours")]


def test_after_five_tries_it_is_left_to_the_next_edition(one, two, bare, monkeypatch):
    """Somebody is faster each time: growing waits, a line, and nothing lost."""
    real, hours, waits = pushing._pushed, iter(range(1, 100)), []

    def overtaken(*args: object) -> bool:
        hour = next(hours)
        git(two, "pull", "-q", "--rebase")
        by_hand(two, f"by Ann {hour}", notes=f"by Ann {hour}")
        git(two, "push", "-q")
        return real(*args)

    monkeypatch.setattr(pushing, "_pushed", overtaken)
    edition(one, 0, a="1")
    with pytest.raises(
        OutputError, match=r"others pushed to origin/main first, 5 times: .*the next edition pushes them"
    ):
        pushed(one, sleep=waits.append)
    monkeypatch.undo()

    assert [1, 2, 4, 8] == waits
    assert "Edition 0" == subjects(one)[0]
    assert "Edition 0" not in subjects(bare, "main")
    pushed(one)
    assert ["Edition 0", "by Ann 5"] == subjects(bare, "main")[:2]


def test_two_at_the_same_moment_and_a_person_between_lose_nothing(one, two, bare, tmp_path):
    """Threads, real git: twelve editions and three commits of a person's, none of them gone, the remote sound."""
    ann, failed = clone(bare, "ann"), []

    def publish(folder: Path, name: str, offset: int) -> None:
        for hour in range(6):
            edition(folder, 2 * hour + offset, **{name: f"{hour}", "index": f"{name} {hour}"})
            try:
                pushed(folder)
            except OutputError as exc:
                failed.append(str(exc))

    threads = [threading.Thread(target=publish, args=args) for args in ((one, "one", 0), (two, "two", 1))]
    for thread in threads:
        thread.start()
    for n in range(3):
        by_hand(ann, f"by Ann {n}", **{f"ann{n}": "precious"})
        for _ in range(50):
            git(ann, "-c", "user.name=Ann", "-c", "user.email=ann@example.org", "pull", "-q", "--rebase")
            if subprocess.run(["git", "push", "-q"], cwd=ann, capture_output=True).returncode == 0:
                break
    for thread in threads:
        thread.join()

    for folder in (one, two):  # whoever was overtaken five times has its turn now
        pushed(folder)
    found = subjects(bare, "main")
    assert {*(f"Edition {n}" for n in range(12)), *(f"by Ann {n}" for n in range(3)), "first"} == set(found)
    assert ["precious"] * 3 == [content(bare, f"ann{n}") for n in range(3)]
    assert all("others pushed to origin/main first, 5 times" in line for line in failed)
    git(bare, "fsck", "--strict")


KILLED = """
import datetime, os, pathlib, signal, sys
from broadsheet.files import commit, lock, push
folder, at = pathlib.Path(sys.argv[1]), datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)
with lock(folder):
    commit(folder, "site", "Edition 0\\n\\nEdition: 2026-03-02T12:00:00Z", at)
    if sys.argv[2] == "commit":
        os.kill(os.getpid(), signal.SIGKILL)
    push(folder, "site", "origin", "", None)
"""


def test_killed_between_commit_and_push_the_next_run_pushes(one, bare):
    """It has nothing to commit, and pushes all the same."""
    put(one / "site", a="1")
    killed = subprocess.run([sys.executable, "-c", KILLED, one, "commit"])
    assert -signal.SIGKILL == killed.returncode
    assert ["first"] == subjects(bare, "main")

    with lock(one):
        assert commit(one, "site", "Edition 1", datetime(2026, 3, 2, 13, tzinfo=UTC)) is None
        pushed(one)

    assert ["Edition 0", "first"] == subjects(bare, "main")


@pytest.mark.parametrize("step", ["read-tree -m -u", "update-ref -m", "commit-tree", "update-ref refs/broadsheet/seen"])
def test_killed_while_it_is_made_again_the_next_run_ends_it(one, two, bare, step, monkeypatch):
    """Right after each step: one edition in the end, a person's commit below it, a clean work tree."""
    edition(one, 0, a="1")
    pushed(one)
    git(two, "pull", "-q")
    by_hand(two, "by Ann", notes="2", new="2")
    git(two, "push", "-q")
    edition(one, 1, a="2")
    dying = (
        "import subprocess, sys, os, signal, pathlib\nfrom broadsheet.files import push\nreal = subprocess.run\n"
        "def run(words, *args, **more):\n    done = real(words, *args, **more)\n"
        f"    if ' '.join(words[1:]).startswith({step!r}):\n        os.kill(os.getpid(), signal.SIGKILL)\n    return done\n"
        "subprocess.run = run\npush(pathlib.Path(sys.argv[1]), 'site', 'origin', '', lambda _: None)\n"
    )
    assert -signal.SIGKILL == subprocess.run([sys.executable, "-c", dying, one]).returncode

    edition(one, 1)
    pushed(one)

    assert ["Edition 1", "by Ann", "Edition 0", "first"] == subjects(bare, "main")
    assert ["2", "2", "2"] == [content(bare, path) for path in ("notes", "new", "site/a")]
    assert "?? .broadsheet/" == git(one, "status", "--porcelain")
