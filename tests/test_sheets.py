"""Printing what changed gives what printing everything anew gives, whatever changed."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from broadsheet import plugins
from broadsheet.cli import run
from broadsheet.run import quiet
from broadsheet.run.printing import print_edition
from broadsheet.run.publication import opened
from broadsheet.stories import story_id
from broadsheet.types import Article, Change, Membership, Outcome, Placed, Regrouping

from .build import NOW, article, provider

HOUR = timedelta(hours=1)
STORIES = 70  # more than two pages of a topic, and than a feed's head
TOML = """title = "Ferry Times"
url = "https://ferries.example/"
publish_at = 50
outputs = [{}]
"""


def held(n: int, **changes) -> Article:
    domain = f"paper{n % 5}.example"
    facts = {
        "url": f"https://{domain}/{n}", "original_url": f"https://{domain}/{n}", "web_url": f"https://{domain}/{n}",
        "title": f"Ferry number {n} opens", "published": NOW - n * HOUR, "first_seen": NOW - n * HOUR,
        "provider": provider(domain), "topics": ("Ferries", "Harbours") if n % 3 else ("Ferries",), "quality": 60 + n % 9,
    }  # fmt: skip
    return article(n, **facts | changes)


def placed(n: int, story: str = "") -> Placed:
    url = held(n).url
    return Placed(url=url, name=f"2026-03-02-{n}.md", membership=Membership(url=url, story=story or story_id(url)))


def put(
    folder: Path, *articles: Article, places: list[Placed] | None = None, regroupings: list[Regrouping] | None = None
):
    with opened(folder) as (publication, store):
        judged = [replace(one, scored_with=publication.fingerprint) for one in articles]
        store.put_articles(judged, [Outcome(url=one.url, state="held", article=one.url) for one in judged])
        store.put_curation(judged, places or [], regroupings or [])


@pytest.fixture(scope="module")
def first(tmp_path_factory) -> Path:
    """A publication by every output that there is, printed once."""
    folder = tmp_path_factory.mktemp("first")
    (folder / "topics").mkdir()
    (folder / "topics" / "00-ferries.yaml").write_text("_id: ferries\nname: Ferries\nkeywords: [ferry]\n")
    (folder / "topics" / "01-harbours.yaml").write_text(
        "_id: harbours\nname: Harbours\nparent: Ferries\nkeywords: [quay]\n"
    )
    (folder / "broadsheet.toml").write_text(TOML.format(", ".join(f'"{name}"' for name in plugins.names("outputs"))))
    put(folder, *(held(n) for n in range(STORIES)), places=[placed(n) for n in range(STORIES)])
    publish(folder)
    return folder


def publish(folder: Path, hours: int = 0) -> tuple[str, ...]:
    with opened(folder) as (publication, store):
        done = print_edition(folder, publication, store, NOW + hours * HOUR, progress=quiet, commit=False)
    return (*done.files.written, *done.files.removed)


def tree(folder: Path) -> dict[str, bytes]:
    site = folder / "site"
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def correct(folder: Path) -> None:
    title = "Ferry number 30 sinks"
    put(folder, held(30, title=title, changes=(Change(field="title", old=held(30).title, new=title, at=NOW),)))


def join(folder: Path) -> None:
    put(folder, held(100, provider=provider("late.example")), places=[placed(100, story_id(held(30).url))])


def come(folder: Path) -> None:
    put(folder, held(101, published=NOW, first_seen=NOW), places=[placed(101)])


def merge(folder: Path) -> None:
    at, homes = NOW + HOUR, [story_id(held(n).url) for n in (30, 31)]
    put(folder, regroupings=[Regrouping(at=at, story=homes[1], into=homes[0])])


def review(kind: str, n: int):
    def act(folder: Path) -> None:
        at = (NOW + HOUR).isoformat()
        assert 0 == run(["review", kind, held(n).url, "-C", str(folder), "--now", at, "--json"])

    return act


def rename(folder: Path) -> None:
    file = folder / "broadsheet.toml"
    file.write_text(file.read_text().replace("Ferry Times", "Ferry News"))


def nothing(folder: Path) -> None:
    """Time goes by."""


WHAT = {
    "correct": correct, "join": join, "come": come, "merge": merge, "kill": review("kill", 5), "hold": review("hold", 40),
    "rename": rename, "nothing": nothing,
}  # fmt: skip


@pytest.mark.parametrize("what", WHAT)
def test_what_changed_is_printed_as_everything_would_be_anew(first, tmp_path, what):
    """To the byte: a headline, a report, a story that comes, one that goes into another, a kill, a hold, a setting."""
    folder, anew = tmp_path / "changed", tmp_path / "anew"
    shutil.copytree(first, folder)
    WHAT[what](folder)
    shutil.copytree(folder, anew, ignore=shutil.ignore_patterns("site", "printed"))

    changed = publish(folder, 2)
    publish(anew, 2)

    assert tree(anew) == tree(folder)
    assert (what == "nothing") == (changed == ())


def test_after_one_thing_and_another_it_is_still_the_same(first, tmp_path):
    """One printing after each, and one for all."""
    folder, anew = tmp_path / "changed", tmp_path / "anew"
    shutil.copytree(first, folder)
    for hours, act in enumerate(WHAT.values(), start=2):
        act(folder)
        publish(folder, hours)
    shutil.copytree(folder, anew, ignore=shutil.ignore_patterns("site", "printed"))
    publish(anew, hours)
    assert tree(anew) == tree(folder)
