"""Printing into a publication folder: whole files, nothing outside, nothing left behind, one commit."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from broadsheet.errors import OutputError, UsageError
from broadsheet.files import Written, commit, lock, printing, read_publication, read_tree, unsafe, write
from broadsheet.files import printed as listing
from broadsheet.files.folder import SETTING
from broadsheet.types import File, Sheet

from .build import NOW


def printed(**data: str) -> list[File]:
    """Files by path; `__` stands for a slash."""
    return [File(path=path.replace("__", "/"), data=text.encode()) for path, text in data.items()]


def tree(root: Path) -> dict[str, str]:
    return {f.relative_to(root).as_posix(): f.read_text() for f in sorted(root.rglob("*")) if f.is_file()}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return tmp_path / "site"


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / ".broadsheet" / "printed"


# --- write -----------------------------------------------------------------------------------------------------------


def test_only_what_changed_is_written(site, ledger):
    """The same input again writes nothing and touches no file; one change writes one."""
    assert ("a", "x/y/b") == write(site, printed(a="1", x__y__b="2"), ledger).written
    before = {f: f.stat().st_mtime_ns for f in [*site.rglob("*"), ledger]}

    assert Written(written=(), removed=(), unchanged=2) == write(site, printed(a="1", x__y__b="2"), ledger)
    assert before == {f: f.stat().st_mtime_ns for f in [*site.rglob("*"), ledger]}
    assert Written(written=("a",), removed=(), unchanged=1) == write(site, printed(a="3", x__y__b="2"), ledger)
    assert {"a": "3", "x/y/b": "2"} == tree(site)


def sheet(path: str, shows: str, made: list[str]) -> Sheet:
    """A sheet that notes in `made` that it was made."""

    def make() -> bytes:
        made.append(path)
        return shows.encode()

    return Sheet(path=path, shows=shows.encode(), make=make)


def test_a_sheet_is_made_only_where_it_shows_something_else(site, ledger):
    """Once, and again when what it shows has changed, or the file is not what we wrote."""
    made: list[str] = []

    def printed_now(a: str) -> tuple[str, ...]:
        made.clear()
        return write(site, [sheet("a", a, made), sheet("b", "2", made)], ledger).written

    assert ("a", "b") == printed_now("1")
    assert ((), []) == (printed_now("1"), made)
    assert (("a",), ["a"]) == (printed_now("3"), made)
    (site / "b").write_text("another")
    assert (("b",), ["b"]) == (printed_now("3"), made)
    (site / "b").unlink()
    assert ("b",) == printed_now("3")
    assert {"a": "3", "b": "2"} == tree(site)


def test_what_somebody_wrote_and_has_nowhere_else_is_not_overwritten(site, ledger):
    """Neither replaced nor removed, and nothing else is written; what he has elsewhere, or did not change, is."""
    write(site, printed(a="1", b="2"), ledger)
    (site / "b").write_text("by hand")

    for files in (printed(a="3", b="4"), printed(a="3")):
        with pytest.raises(OutputError, match=r"somebody changed what is to be printed anew: .*/b: commit the change"):
            write(site, files, ledger, unsaved=lambda: {"a", "b"})
    assert {"a": "1", "b": "by hand"} == tree(site)

    assert ("b",) == write(site, printed(a="1", b="4"), ledger, unsaved=lambda: {"a"}).written
    assert ("a", "b") == write(site, printed(a="3", b="5"), ledger, unsaved=lambda: {"a", "b"}).written


def test_a_file_of_somebody_else_in_our_way_is_not_overwritten(site, ledger):
    """Where one of ours shall have the path of one that is nowhere else."""
    site.mkdir()
    (site / "a").write_text("by hand")
    with pytest.raises(OutputError, match="somebody changed"):
        write(site, printed(a="1"), ledger, unsaved=lambda: {"a"})
    assert ("a",) == write(site, printed(a="1"), ledger).written


def test_the_list_of_printed_files_does_not_grow_for_ever(site, ledger, monkeypatch):
    """It is written anew once most of it says nothing any more, and the next printing knows all files by it."""
    monkeypatch.setattr(listing, "_SPARE", 10)
    for n in range(40):
        write(site, printed(a=str(n), b="2"), ledger)
    assert 20 > len(ledger.read_text().splitlines())
    assert Written(written=(), removed=(), unchanged=2) == write(site, printed(a="39", b="2"), ledger)


def test_a_line_that_a_crash_cut_off_says_nothing(site, ledger):
    """The file that it was about is written again, and what is appended later is a line of its own."""
    write(site, printed(a="1", b="2"), ledger)
    whole = ledger.read_bytes()
    ledger.write_bytes(whole + b"c\t0123")
    assert ("c",) == write(site, printed(a="1", b="2", c="3"), ledger).written
    assert Written(written=(), removed=(), unchanged=3) == write(site, printed(a="1", b="2", c="3"), ledger)


def test_copies_are_printed_like_all_other_files(site, ledger, tmp_path):
    """From a file beside the site: written once, again when it changed, removed when it is no longer named."""
    kept = tmp_path / "kept.webp"
    kept.write_bytes(b"one")

    assert ("a", "images/k.webp") == write(site, printed(a="1"), ledger, {"images/k.webp": kept}).written
    assert 2 == write(site, printed(a="1"), ledger, {"images/k.webp": kept}).unchanged
    kept.write_bytes(b"two")
    assert ("images/k.webp",) == write(site, printed(a="1"), ledger, {"images/k.webp": kept}).written
    assert {"a": "1", "images/k.webp": "two"} == tree(site)
    assert ("images/k.webp",) == write(site, printed(a="1"), ledger).removed
    assert {"a": "1"} == tree(site)


def test_a_copy_has_a_path_of_its_own_and_a_file_that_is_there(site, ledger, tmp_path):
    """One path twice, a path that leads out of the site, a source that is gone: refused, and what stood stays."""
    write(site, printed(a="1"), ledger)
    for copies in ({"a": ledger}, {"../b": ledger}, {"b": tmp_path / "gone"}):
        with pytest.raises(OutputError):
            write(site, printed(a="1"), ledger, copies)

    assert {"a": "1"} == tree(site)


def test_what_is_no_longer_printed_goes_with_the_folders_it_leaves_empty(site, ledger):
    """Files that we did not print stay, also in our folders."""
    write(site, printed(a="1", x__y__b="2", x__z__c="3", kept__d="4"), ledger)
    (site / "kept" / "theirs").write_text("human")

    result = write(site, printed(a="1"), ledger)

    assert ("kept/d", "x/y/b", "x/z/c") == result.removed
    assert {"a": "1", "kept/theirs": "human"} == tree(site)
    assert not (site / "x").exists()


def test_a_file_may_become_a_folder_and_back(site, ledger):
    write(site, printed(a="1", b__c__d="2"), ledger)

    write(site, printed(a__x="3", b="4"), ledger)
    assert {"a/x": "3", "b": "4"} == tree(site)

    write(site, printed(a="1", b__c__d="2"), ledger)
    assert {"a": "1", "b/c/d": "2"} == tree(site)


def test_one_path_twice_is_refused_before_anything_is_written(site, ledger):
    with pytest.raises(OutputError, match="two files with one path: b: they are files 2 and 3"):
        write(site, [*printed(a="1", b="2"), *printed(b="3")], ledger)
    assert not site.exists()


def test_one_path_as_file_and_folder_is_refused(site, ledger):
    with pytest.raises(OutputError, match="one path is a file and a folder: a/b: the file is a"):
        write(site, printed(a="1", a__b="2"), ledger)


@pytest.mark.parametrize(
    "path",
    [
        "", "/etc/passwd", "../a", "a/../b", "a//b", "./a", "a/.", "a/", "a\\b", "a\nb", "a\0b", "a\x7fb", "a\u202eb",
        "a\u200cb", ".git/config", "a/.GIT/hooks/x", ".git./x", "git~1/x", "con", "a/NUL.html", "lpt1.txt", "a.", "a ",
        ".broadsheet/x", ".broadsheet-tmp", "x" * 201, "é" * 101, "a/\ud800",
    ],
)  # fmt: skip
def test_unsafe_paths_are_refused(site, ledger, path):
    """The error is printable, and nothing is written."""
    with pytest.raises(OutputError, match="unsafe path") as caught:
        write(site, [File(path=path, data=b"x")], ledger)
    str(caught.value).encode()
    assert not site.exists()


@pytest.mark.parametrize(
    "path",
    ["a.html", "_news/2026-03-02-a.md", ".well-known/x", ".nojekyll", "console/auxiliary.html", "新闻/x", "x" * 200],
)
def test_usual_paths_are_safe(path):
    assert "" == unsafe(path)


def test_a_link_that_leads_out_of_the_site_is_never_followed(site, ledger, tmp_path):
    """Neither for writing nor for removing nor for cleaning up."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a").write_text("theirs")
    (outside / ".broadsheet-tmp").write_text("theirs")
    write(site, printed(x__a="1"), ledger)
    (site / "x" / "a").unlink()
    (site / "x").rmdir()
    (site / "x").symlink_to(outside)

    for next_one in (printed(x__a="2"), printed(b="2")):
        with pytest.raises(OutputError, match="symbolic link leads out"):
            write(site, next_one, ledger)

    assert {".broadsheet-tmp": "theirs", "a": "theirs"} == tree(outside)


def test_a_file_that_is_a_link_is_replaced_not_followed(site, ledger, tmp_path):
    (tmp_path / "theirs").write_text("1")
    site.mkdir()
    (site / "a").symlink_to(tmp_path / "theirs")

    write(site, printed(a="1"), ledger)

    assert not (site / "a").is_symlink()
    assert "1" == (tmp_path / "theirs").read_text()


def test_a_failure_to_replace_leaves_the_old_file_whole_and_no_trace(site, ledger, monkeypatch):
    """The disk refuses at the last step: an OutputError with the path, old bytes, no temporary file; then it works."""
    write(site, printed(a="old", b="old"), ledger)
    real = os.replace

    def refusing(source: str, target: str, **rest: object) -> None:
        if Path(target).name == "b":
            raise OSError(28, "No space left on device", source, None, target)
        real(source, target)

    monkeypatch.setattr(os, "replace", refusing)
    with pytest.raises(OutputError, match=r"cannot write: .*/site/b: No space left on device"):
        write(site, printed(a="new", b="new", c="new"), ledger)
    monkeypatch.undo()

    assert {"a": "new", "b": "old"} == tree(site)
    write(site, printed(c="new"), ledger)
    assert {"c": "new"} == tree(site)


def test_what_an_interrupted_printing_wrote_is_known_to_the_next(site, ledger, monkeypatch):
    """The ledger names new files before they exist, so none is ever orphaned."""

    def interrupted(root: Path, path: str, data: bytes) -> bool:
        if path == "b":
            raise KeyboardInterrupt
        return printing.replace(root / path, data) or True

    monkeypatch.setattr(printing, "_replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_into = printed(a="1", b="2")
        write(site, write_into, ledger)
    monkeypatch.undo()

    assert {"a": "1"} == tree(site)
    assert ("a",) == write(site, printed(c="3"), ledger).removed


def test_a_ledger_cannot_make_us_remove_what_we_could_not_have_written(site, ledger, tmp_path):
    theirs = tmp_path / "theirs"
    theirs.write_text("human")
    ledger.parent.mkdir()
    ledger.write_bytes(b"../theirs\n" + str(theirs).encode() + b"\n\xff\xfe\n\n.git/config\n")

    write(site, printed(a="1"), ledger)

    assert "human" == theirs.read_text()


def test_a_folder_where_a_file_should_be_is_an_output_error(site, ledger):
    (site / "a" / "b").mkdir(parents=True)

    with pytest.raises(OutputError, match="cannot write"):
        write(site, printed(a="1"), ledger)


def test_files_are_readable_like_any_other(site, ledger):
    """Mode by the umask, not the private one of temporary files: a web server has to read them."""
    write(site, printed(a="1"), ledger)
    (site / "b").write_text("2")

    assert (site / "b").stat().st_mode == (site / "a").stat().st_mode


LOOP = """
import pathlib, sys
from broadsheet.files import lock, write
from broadsheet.files import printed as listing
from broadsheet.types import File, Sheet
folder = pathlib.Path(sys.argv[1])
n = 0
with lock(folder):
    while True:
        n += 1
        edition = [File(path=f"{(n + k) % 7}/{k}.html", data=(f"{n} {k} " * 2000).encode()) for k in range(12)]
        write(folder / "site", edition, folder / ".broadsheet" / "printed")
        print(n, flush=True)
"""


def test_a_printing_that_is_killed_is_mended_by_the_next(tmp_path):
    """kill -9 at ten moments: every file is whole, the lock is free, and the next printing leaves exactly its own."""
    for n in range(10):
        child = subprocess.Popen([sys.executable, "-c", LOOP, tmp_path], stdout=subprocess.PIPE)
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(n * 0.005)
        child.kill()
        child.wait()
        child.stdout.close()
        for file in (tmp_path / "site").rglob("*.html"):
            first = file.read_text().split(" ")[:2]
            assert " ".join([*first, ""]) * 2000 == file.read_text()

    with lock(tmp_path):
        write(tmp_path / "site", printed(only="1"), tmp_path / ".broadsheet" / "printed")

    assert {"only": "1"} == tree(tmp_path / "site")
    assert [tmp_path / "site" / "only"] == list((tmp_path / "site").rglob("*"))


# --- read ------------------------------------------------------------------------------------------------------------


def test_a_publication_is_its_settings_by_relative_name(tmp_path):
    """Nothing else in the folder is read."""
    names = ["broadsheet.toml", "organizations/a.example.md", "sources.opml", "topics/01-a.yaml", "topics/02-b.yml"]
    for name in [*names, "notes.md", "topics/readme.md", "site/_news/a.md"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)

    assert {name: name.encode() for name in names} == read_publication(tmp_path)
    assert names == list(read_publication(tmp_path))


def test_a_folder_without_a_publication_file_says_what_to_do(tmp_path):
    for folder in (tmp_path, tmp_path / "absent"):
        with pytest.raises(UsageError, match=f"no broadsheet.toml here: .*: make one with `broadsheet init {folder}`"):
            read_publication(folder)


def test_a_settings_file_that_cannot_be_one_is_a_usage_error(tmp_path):
    with (tmp_path / "a.yaml").open("wb") as file:
        file.truncate(SETTING + 1)

    with pytest.raises(UsageError, match="more than 16 MiB"):
        read_tree(tmp_path, ("*.yaml",))


# --- lock ------------------------------------------------------------------------------------------------------------


def test_two_do_not_work_in_one_folder(tmp_path):
    with lock(tmp_path), pytest.raises(UsageError, match="another broadsheet is at work here"), lock(tmp_path):
        pass
    with lock(tmp_path):  # free again
        pass


def test_a_lock_in_a_folder_that_is_none_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match="cannot work in this folder"), lock(tmp_path / "absent"):
        pass


# --- commit ----------------------------------------------------------------------------------------------------------


def git(folder: Path, *args: str) -> str:
    return subprocess.run(["git", *args], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A publication in a repository with one commit, and a git that knows nobody."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = tmp_path / "repo"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    (folder / "notes.md").write_text("first\n")
    git(folder, "add", "-A")
    git(folder, "-c", "user.name=H", "-c", "user.email=h@example.org", "commit", "-q", "-m", "first")
    (folder / "site").mkdir()
    (folder / "site" / "a").write_text("1")
    return folder


def test_a_printing_is_one_commit_and_nothing_new_is_none(repo):
    first = commit(repo, "site", "Print: 1 story", NOW)

    assert first == git(repo, "rev-parse", "HEAD")
    assert commit(repo, "site", "Print: 1 story", NOW) is None
    assert ["Print: 1 story", "first"] == git(repo, "log", "--format=%s").splitlines()
    assert "Broadsheet <broadsheet@localhost> 1772452800" == git(repo, "log", "-1", "--format=%an <%ae> %ct")
    assert "site/a" == git(repo, "diff", "--name-only", "HEAD~1", "HEAD")


def test_a_commit_is_a_pure_function_of_tree_parent_and_clock(repo, tmp_path):
    """The same printing in a copy of the repository has the same id."""
    git(tmp_path, "clone", "-q", str(repo), "copy")
    (tmp_path / "copy" / "site").mkdir()
    (tmp_path / "copy" / "site" / "a").write_text("1")

    assert commit(repo, "site", "Print", NOW) == commit(tmp_path / "copy", "site", "Print", NOW)


def test_changes_and_removals_are_committed(repo):
    (repo / "site" / "b").write_text("2")
    commit(repo, "site", "one", NOW)
    (repo / "site" / "b").unlink()
    (repo / "site" / "a").write_text("3")

    assert commit(repo, "site", "two", NOW + timedelta(hours=1))

    assert ["M\tsite/a", "D\tsite/b"] == git(repo, "diff", "--name-status", "HEAD~1", "HEAD").splitlines()


def test_what_people_do_outside_the_site_is_left_as_it_is(repo):
    """Changed, staged and new files stay exactly that; the site shows as clean."""
    (repo / "notes.md").write_text("changed\n")
    (repo / "new.md").write_text("new\n")
    (repo / "staged.md").write_text("staged\n")
    git(repo, "add", "staged.md")

    commit(repo, "site", "Print", NOW)

    status = {line.strip() for line in git(repo, "status", "--porcelain").splitlines()}
    assert {"M notes.md", "A  staged.md", "?? new.md", "?? .broadsheet/"} == status


def test_our_state_is_never_committed(repo):
    """Not even where the whole folder is what is printed."""
    (repo / "deep" / ".broadsheet").mkdir(parents=True)
    (repo / "deep" / ".broadsheet" / "key").write_text("secret")

    commit(repo, ".", "Print", NOW)

    assert ["notes.md", "site/a"] == git(repo, "ls-tree", "-r", "--name-only", "HEAD").splitlines()


def test_locks_and_indexes_that_a_crash_left_are_no_hindrance(repo):
    """Our own lock is removed; a broken index of ours is made anew; a person's index lock is not ours to remove."""
    state = repo / ".broadsheet"
    state.mkdir()
    (state / "git-index.lock").write_bytes(b"")
    (state / "git-index").write_bytes(b"garbage")
    (repo / ".git" / "index.lock").write_bytes(b"")

    assert commit(repo, "site", "Print", NOW)
    assert (repo / ".git" / "index.lock").exists()


def test_the_first_commit_of_a_repository_can_be_ours(tmp_path, repo):
    fresh = tmp_path / "fresh"
    (fresh / "site").mkdir(parents=True)
    git(fresh, "init", "-q")

    assert commit(fresh, "site", "nothing yet", NOW) is None
    (fresh / "site" / "a").write_text("1")
    assert commit(fresh, "site", "Print", NOW)
    assert "site/a" == git(fresh, "ls-tree", "-r", "--name-only", "HEAD")


def test_a_folder_deep_in_a_repository_commits_its_own_part(repo):
    deep = repo / "pubs" / "ferries"
    (deep / "site").mkdir(parents=True)
    (deep / "site" / "a").write_text("1")

    commit(deep, "site", "Print", NOW)

    assert ["notes.md", "pubs/ferries/site/a"] == git(repo, "ls-tree", "-r", "--name-only", "HEAD").splitlines()


def test_a_site_that_is_its_own_repository_is_committed_there(repo):
    git(repo / "site", "init", "-q")

    commit(repo, "site", "Print", NOW)

    assert "a" == git(repo / "site", "ls-tree", "-r", "--name-only", "HEAD")
    assert "notes.md" == git(repo, "ls-tree", "-r", "--name-only", "HEAD")


def test_the_identity_that_git_knows_is_used(repo, monkeypatch):
    git(repo, "config", "user.name", "Desk")
    git(repo, "config", "user.email", "desk@example.org")
    monkeypatch.setenv("GIT_COMMITTER_NAME", "Cron")

    commit(repo, "site", "Print", NOW)

    assert "Desk <desk@example.org> Cron <desk@example.org>" == git(repo, "log", "-1", "--format=%an <%ae> %cn <%ce>")


def test_no_repository_no_site_an_ignored_site_and_no_git_mean_no_commit(repo, tmp_path, monkeypatch):
    outside = tmp_path / "outside"
    (outside / "site").mkdir(parents=True)
    assert commit(outside, "site", "Print", NOW) is None
    assert commit(repo, "absent", "Print", NOW) is None
    (repo / ".gitignore").write_text("site/\n")
    assert commit(repo, "site", "Print", NOW) is None
    (repo / ".gitignore").unlink()
    monkeypatch.setenv("PATH", "")
    assert commit(repo, "site", "Print", NOW) is None


def test_variables_of_a_calling_git_do_not_lead_elsewhere(repo, tmp_path, monkeypatch):
    """Started from a hook, git's variables name the hook's repository."""
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git" / "index"))

    made = commit(repo, "site", "Print", NOW)
    monkeypatch.delenv("GIT_DIR")
    monkeypatch.delenv("GIT_INDEX_FILE")

    assert made == git(repo, "rev-parse", "HEAD")
    assert not (other / ".git" / "index").exists()


def test_what_git_objects_to_is_an_output_error_of_one_line(repo):
    (repo / ".git" / "refs" / "heads" / "main.lock").write_bytes(b"")

    with pytest.raises(OutputError, match="git update-ref failed") as caught:
        commit(repo, "site", "Print", NOW)

    assert "\n" not in str(caught.value)
    (repo / ".git" / "refs" / "heads" / "main.lock").unlink()
    assert commit(repo, "site", "Print", NOW)


def test_a_commit_that_is_killed_at_any_step_is_made_by_the_next_run(repo):
    """kill -9 at twelve moments, git's own processes too: the repository stays sound and gets its one commit.

    Locks that a killed git leaves in `.git` are a person's to judge, as after any git; here they are removed.
    """
    script = (
        "import pathlib, sys, datetime\nfrom broadsheet.files import commit, lock\n"
        "folder = pathlib.Path(sys.argv[1])\nprint('.', flush=True)\n"
        "with lock(folder):\n    commit(folder, 'site', 'Print', datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC))\n"
    )
    for n in range(12):
        child = subprocess.Popen([sys.executable, "-c", script, repo], stdout=subprocess.PIPE, start_new_session=True)
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(n * 0.01)
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()

    for left in (repo / ".git").rglob("*.lock"):
        left.unlink()
    with lock(repo):
        commit(repo, "site", "Print", NOW)
    assert "Print\nfirst" == git(repo, "log", "--format=%s")
    assert "1" == git(repo, "show", "HEAD:site/a")
    git(repo, "fsck", "--strict")
