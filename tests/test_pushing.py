"""A cycle in a repository with a remote: what it commits is pushed, and says what is new."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from broadsheet.errors import OutputError
from broadsheet.run import opened, update
from broadsheet.run.answering import doctor

from . import web as small_web
from .build import NOW
from .test_run import git, git_init

LATER = NOW + timedelta(days=1)


def published(folder: Path, bare: Path) -> Path:
    """A publication in a repository that pushes to a bare one."""
    folder = small_web.publication(folder)
    git_init(folder)
    with (folder / "broadsheet.toml").open("a") as file:
        file.write("\n[git]\npush = true\n")
    git(folder, "add", "-A")
    git(folder, "-c", "user.name=Ann", "-c", "user.email=ann@example.org", "commit", "-q", "-m", "begun")
    subprocess.run(["git", "init", "-q", "--bare", str(bare)], check=True)
    git(folder, "remote", "add", "origin", str(bare))
    return folder


def test_a_cycle_pushes_its_edition_and_says_in_it_what_is_new(tmp_path):
    """Subject, headlines and trailers as git shows them; a later cycle without news pushes nothing."""
    bare = tmp_path / "remote.git"
    folder, saved = published(tmp_path / "p", bare), small_web.saved(tmp_path / "saved")

    report = update(folder, NOW, offline=saved)
    update(folder, LATER, offline=saved)

    count = len(small_web.EVENTS)
    branch = git(folder, "symbolic-ref", "--short", "HEAD").strip()
    told = git(bare, "log", "-1", "--format=%H%n%B", branch).splitlines()
    assert [report.commit, f"{count} new stories ({NOW:%Y-%m-%d %H:%M} UTC)", "", "New:"] == told[:4]
    assert count == sum(line.startswith("* ") for line in told)
    assert [f"Edition: {NOW:%Y-%m-%dT%H:%M:%SZ}", f"Stories: {count}"] == [line for line in told if line][-2:]
    assert "begun" == git(bare, "log", "-1", "--format=%s", f"{branch}~1").strip()
    assert () == report.undelivered


def test_a_cycle_that_cannot_push_is_done_all_the_same(tmp_path):
    """It says why in one line, its run is in the ledger, and the next cycle pushes what waits."""
    bare = tmp_path / "remote.git"
    folder, saved = published(tmp_path / "p", bare), small_web.saved(tmp_path / "saved")
    bare.rename(tmp_path / "away")

    report = update(folder, NOW, offline=saved)

    (why,) = report.undelivered
    assert "cannot push to origin/" in why
    with opened(folder, lock=False) as (_, store):
        assert [NOW] == [run.started_at for run in store.runs(10)]
    (tmp_path / "away").rename(bare)
    assert () == update(folder, LATER, offline=saved).undelivered
    assert report.commit == git(bare, "rev-parse", git(folder, "symbolic-ref", "--short", "HEAD").strip()).strip()


def test_nothing_is_written_in_the_middle_of_a_merge(tmp_path):
    folder, saved = small_web.publication(tmp_path / "p"), small_web.saved(tmp_path / "saved")
    git_init(folder)
    (folder / ".git" / "MERGE_HEAD").write_text("")

    with pytest.raises(OutputError, match="a merge is not finished"):
        update(folder, NOW, offline=saved)

    assert not (folder / "site").exists()
    (folder / ".git" / "MERGE_HEAD").unlink()
    assert update(folder, NOW, offline=saved).commit


def test_doctor_names_the_remote_and_what_waits_for_it(tmp_path):
    """Without asking it; a remote that is not there is told with what to do."""
    folder = published(tmp_path / "p", tmp_path / "remote.git")
    branch = git(folder, "symbolic-ref", "--short", "HEAD").strip()

    assert [(True, f"origin/{branch}, 1 commit to push")] == [
        (check.ok, check.found) for check in doctor(folder, NOW) if check.name == "remote"
    ]
    git(folder, "remote", "remove", "origin")
    assert [(False, "no remote 'origin' here")] == [
        (check.ok, check.found) for check in doctor(folder, NOW) if check.name == "remote"
    ]
