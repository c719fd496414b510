"""The whole cycle: an edition out of sources, the same for the same facts, whatever happens on the way."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from broadsheet import record
from broadsheet.run import opened, update
from broadsheet.run.importing import bring
from broadsheet.run.publication import quiet

from . import web as small_web
from .build import NOW


@pytest.fixture
def web() -> Iterator[small_web.Web]:
    with small_web.served() as found:
        yield found


def tree(folder: Path) -> dict[str, str]:
    """Relative path -> hash of every printed file."""
    site = folder / "site"
    return {
        str(p.relative_to(site)): hashlib.sha256(p.read_bytes()).hexdigest() for p in site.rglob("*") if p.is_file()
    }


def git(folder: Path, *args: str) -> str:
    return subprocess.run(["git", "-C", str(folder), *args], capture_output=True, text=True, check=True).stdout


def test_a_cycle_prints_every_story_and_accounts_for_every_entry(tmp_path, web):
    """Over real HTTP: five events become five stories; the dead link is in the ledger with its reason."""
    folder = small_web.publication(tmp_path / "p", address=web.address)

    report = update(folder, NOW)

    assert (4, ()) == (report.sources, report.failures)
    assert len(small_web.EVENTS) == report.stories
    assert {"fetch-failed": 1} == report.dropped
    with opened(folder) as (_, store):
        states = [outcome.state for outcome in store.outcomes()]
        entries = {e.url for seen in store.sightings([o.url for o in store.outcomes()]).values() for e in seen}
        assert report.new == len(states) == len(entries)
        assert ["HTTP 404"] == [o.reason for o in store.outcomes() if o.state == "fetch-failed"]
        assert {"printed", "related", "fetch-failed"} == set(states)


def test_unchanged_facts_write_no_file_and_make_no_commit(tmp_path):
    """The same clock or a later one: nothing is written, nothing committed."""
    folder, saved = small_web.publication(tmp_path / "p"), small_web.saved(tmp_path / "saved")
    git_init(folder)
    first = update(folder, NOW, offline=saved)

    again = update(folder, NOW, offline=saved)
    later = update(folder, NOW + timedelta(days=1), offline=saved)

    assert first.commit and first.written
    assert (0, 0, "") == (again.written, again.removed, again.commit)
    assert (0, 0, "") == (later.written, later.removed, later.commit)
    assert "1" == git(folder, "rev-list", "--count", "HEAD").strip()
    assert "" == git(folder, "status", "--porcelain", "site").strip()


def git_init(folder: Path) -> None:
    git(folder, "init", "-q")
    (folder / ".gitignore").write_text(".broadsheet/\n")


def test_two_folders_and_any_order_give_the_same_tree(tmp_path):
    """Same input in another folder, sources and pages reversed, in other processes: identical trees."""
    saved, turned = small_web.saved(tmp_path / "saved"), small_web.saved(tmp_path / "turned", reverse=True)
    one, two = small_web.publication(tmp_path / "one"), small_web.publication(tmp_path / "two")
    shuffled = small_web.publication(tmp_path / "shuffled", reverse=True)

    update(one, NOW, offline=saved)
    update(two, NOW, offline=saved, executor="processes:2")
    update(shuffled, NOW, offline=turned)

    assert len(tree(one)) > 20
    assert tree(one) == tree(two) == tree(shuffled)


@pytest.mark.slow
def test_a_killed_cycle_run_again_ends_in_the_same_tree(tmp_path):
    """SIGKILL at ten moments, half of them while files are written: the next run ends where an undisturbed one does."""
    saved = small_web.saved(tmp_path / "saved")
    calm = small_web.publication(tmp_path / "calm")
    git_init(calm)
    calls = int(cycle(calm, saved, kill_at=-1).stdout)
    want, found = tree(calm), set()
    for part in (0.02, 0.2, 0.5, 0.7, 0.9, 0.991, 0.996, 0.997, 0.998, 0.9995):
        folder = small_web.publication(tmp_path / f"killed-{part}")
        git_init(folder)
        assert -signal.SIGKILL == cycle(folder, saved, kill_at=int(part * calls)).returncode
        found.add((len(list(folder.rglob("*"))), (folder / ".git" / "refs" / "heads").exists()))

        update(folder, NOW, offline=saved)

        assert want == tree(folder), f"killed after {part:.0%} of the calls"
        assert "" == git(folder, "status", "--porcelain", "site").strip()
    assert len(found) > 3, f"{found}: the kills did not spread over the cycle"


CYCLE = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from broadsheet.run import update

calls, last = 0, int(sys.argv[3])

def count(frame, event, arg):
    global calls
    name = frame.f_code.co_filename
    calls += "broadsheet" in name and "extract" not in name and "timeline" not in name
    if calls == last:
        os.kill(os.getpid(), signal.SIGKILL)

sys.setprofile(count)
update(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[4]), offline=Path(sys.argv[2]))
sys.setprofile(None)
print(calls)
"""


def cycle(folder: Path, saved: Path, *, kill_at: int) -> subprocess.CompletedProcess[str]:
    """One cycle in a process of its own that kills itself at its `kill_at`th call of ours; prints how many it made.

    Calls of the rooms that look at words do not count: they are nine of ten, and write nothing.
    """
    args = [sys.executable, "-c", CYCLE, str(folder), str(saved), str(kill_at), NOW.isoformat()]
    return subprocess.run(args, capture_output=True, text=True, check=False)


def test_a_second_day_joins_the_stories_of_the_first(tmp_path):
    """Articles of the next day are taken in; what was printed keeps its file names."""
    folder = small_web.publication(tmp_path / "p")
    update(folder, NOW, offline=small_web.saved(tmp_path / "one", 1))
    before = set(tree(folder))

    report = update(folder, NOW + timedelta(days=1), offline=small_web.saved(tmp_path / "two", 2))

    assert report.new > 0
    assert {name for name in before if name.startswith("_news/")} <= set(tree(folder))


def test_a_new_keyword_takes_in_what_was_off_topic(tmp_path):
    """Nothing is thrown away: an article without topic is printed once a keyword matches it."""
    folder, saved = small_web.publication(tmp_path / "p"), small_web.saved(tmp_path / "saved")
    topic = folder / "topics" / "00-ferries.yaml"
    topic.write_text("_id: ferries\nname: Ferries\nkeywords: [submarine]\n")
    nothing = update(folder, NOW, offline=saved)

    topic.write_text(small_web.TOPIC)
    something = update(folder, NOW + timedelta(minutes=1), offline=saved)

    assert 0 == nothing.stories == nothing.articles
    assert nothing.dropped["off-topic"] == something.articles > 0


def test_a_feed_that_dies_is_reported_and_the_others_are_printed(tmp_path, web):
    """A 404 for a whole source costs that source alone."""
    folder = small_web.publication(tmp_path / "p", address=web.address)
    del web.bodies["http://p1.example/feed.xml"]

    report = update(folder, NOW)

    assert ("http://p1.example/feed.xml: HTTP 404",) == report.failures
    assert 3 <= report.stories


RECORD = """---
category: news
title: "{title}"
excerpt: "An old excerpt&#8217;s text\\r\\n"
publishedDateTime: 2020-05-0{day}T10:00:00Z
originalUrl: "https://old.example/{day}"
webUrl: "https://old.example/{day}"
type: article
quality: {quality}
heat: {heat}
published: {published}

provider:
  name: Old
  domain: old.example

topics:
  - Ferries
{related}
secured: "c2VhbGVk;aXY="
---

"""


def related(title: str, day: int, quality: int) -> str:
    return (
        f'\nrelated:\n  - title: "{title}"\n    excerpt: "Stale"\n    publishedDateTime: 2020-05-0{day}T10:00:00Z\n'
        f'    webUrl: "https://old.example/{day}"\n    type: article\n    provider:\n      name: Old\n'
        f"      domain: old.example\n    quality: {quality}\n"
    )


@pytest.fixture
def old_records(tmp_path) -> Path:
    """Two records that list each other, one of them with CRLF, and one alone; heats that no rule of ours would give."""
    folder = tmp_path / "old" / "_news"
    folder.mkdir(parents=True)
    parts = [
        ("one", 1, 80, 103, "true", related("Two", 2, 60), "\n"),
        ("two", 2, 60, -1, "false", related("One", 1, 80), "\r\n"),
        ("three", 3, 20, 20, "false", "", "\n"),
    ]
    for name, day, quality, heat, published, listed, newline in parts:
        made = RECORD.format(
            title=name.title(), day=day, quality=quality, heat=heat, published=published, related=listed
        )
        (folder / f"2020-05-0{day}-{name}.md").write_bytes(made.replace("\n", newline).encode())
    return folder.parent


def test_imported_records_print_the_same_bytes(tmp_path, old_records):
    """Line ends, entities, stale excerpts and sealed values included; a broken file is reported and the rest is taken."""
    folder = small_web.publication(tmp_path / "p")
    (old_records / "_news" / "2020-05-04-broken.md").write_text("---\ntitle: [\n---\n")

    report = bring(folder, [old_records], NOW, progress=quiet)

    assert (3, 2, 1) == (report.records, report.stories, len(report.failures))
    printed = {p.name: p.read_bytes() for p in (folder / "site" / "_news").iterdir()}
    assert {p.name: p.read_bytes() for p in (old_records / "_news").glob("*.md") if "broken" not in p.name} == printed


def test_two_records_of_one_address_both_stay(tmp_path, old_records):
    """A headline that was changed left two files behind: each prints its own bytes."""
    folder, old = small_web.publication(tmp_path / "p"), old_records / "_news"
    again = (old / "2020-05-03-three.md").read_text().replace('"Three"', '"Three, renamed"')
    (old / "2020-05-04-three-renamed.md").write_text(again)

    report = bring(folder, [old_records], NOW, progress=quiet)

    assert (4, ()) == (report.records, report.failures)
    assert again == (folder / "site" / "_news" / "2020-05-04-three-renamed.md").read_text()


def test_an_imported_story_takes_a_new_member_and_becomes_ours(tmp_path, old_records):
    """When an article joins an imported story its records change; the sealed value and the line ends stay."""
    folder = small_web.publication(tmp_path / "p")
    bring(folder, [old_records], NOW, progress=quiet)
    before = tree(folder)

    update(folder, NOW, offline=small_web.saved(tmp_path / "saved"))

    old = {name: digest for name, digest in before.items() if name.startswith("_news/")}
    assert old == {name: tree(folder)[name] for name in old}  # unrelated news leaves them alone
    for path in (folder / "site" / "_news").glob("2026-*.md"):
        assert () == record.check(path.read_bytes())
