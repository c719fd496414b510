"""An edition of the past, made again from the store in a fresh folder, has the bytes that it had."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from broadsheet.run import opened, update
from broadsheet.run.earlier import as_they_were
from broadsheet.run.printing import facts_of, print_edition
from broadsheet.run.publication import quiet
from broadsheet.types import Decision, Engagement

from . import web as small_web
from .build import NOW
from .test_run import tree

DAYS = tuple(NOW + timedelta(days=day) for day in range(3))
OLD, NEW = b"Night ferry wins a prize for its kitchen", b"Night ferry honoured for what its kitchen cooks"


@pytest.fixture(scope="module")
def log(tmp_path_factory) -> tuple[Path, tuple[dict[str, str], ...]]:
    """A publication after three days, and what it had printed on each. Between the days an editor merged two stories,
    chose a lead, published and removed articles, and readers were counted; on the third day a headline was changed."""
    base = tmp_path_factory.mktemp("log")
    folder = small_web.publication(base / "p")
    trees = []
    for day, now in enumerate(DAYS, start=1):
        saved = small_web.saved(base / f"web{day}", day)
        if day == 3:
            for file in saved.iterdir():
                file.write_bytes(file.read_bytes().replace(OLD, NEW))
        update(folder, now, offline=saved)
        trees.append(tree(folder))
        _between(folder, day, now + timedelta(hours=1))
    return folder, tuple(trees)


def _between(folder: Path, day: int, at: datetime) -> None:
    with opened(folder) as (_, store):
        urls = sorted(article.url for article in store.articles() if f"/{day}/" in article.url)
        acts = [("merge", urls[0], urls[-1]), ("kill", urls[1]), ("publish", urls[2]), ("lead", urls[3])]
        store.put_decisions(Decision(kind=k, target=t, others=tuple(o), by="ines", at=at) for k, t, *o in acts)
        store.put_engagements([Engagement(url=urls[4], at=at, count=40 * day)])


def again(log_folder: Path, fresh: Path, at: datetime) -> dict[str, str]:
    """What is printed as of `at` in another folder that has the settings and the store alone."""
    shutil.copytree(log_folder, fresh, ignore=shutil.ignore_patterns("site", "printed*"))
    with opened(fresh) as (publication, store):
        print_edition(fresh, publication, store, at, progress=quiet)
    return tree(fresh)


@pytest.mark.parametrize("day", [1, 2, 3])
def test_an_edition_made_again_days_later_is_the_same(log, tmp_path, day):
    """Merges, acts, counts and a changed headline of later days are not in it."""
    folder, trees = log
    assert len({str(sorted(printed.items())) for printed in trees}) == 3  # each day told something else

    assert trees[day - 1] == again(folder, tmp_path / "fresh", DAYS[day - 1])


def test_what_was_made_again_leaves_the_ledger_and_the_fronts_as_they_are(log, tmp_path):
    """An edition of the past is for looking at: what became of entries is what the newest edition says."""
    folder, _ = log
    far = DAYS[-1] + timedelta(days=1)
    with opened(folder) as (_, store):
        before = store.outcomes(), store.fronts(DAYS[0], far)

    again(folder, tmp_path / "fresh", DAYS[0])

    with opened(tmp_path / "fresh") as (_, store):
        assert before == (store.outcomes(), store.fronts(DAYS[0], far))


def test_a_headline_is_the_one_of_that_time(log):
    """And so is the rest that a publisher changed and the article remembers."""
    folder, _ = log
    with opened(folder, lock=False) as (publication, store):
        changed = [article.url for article in store.articles() if article.changes]
        then, now = (
            {a.url: a for a in as_they_were(publication, store, facts_of(store, at).articles, at)}
            for at in (DAYS[1], DAYS[2])
        )

    assert changed
    for url in changed:
        if url in then:
            assert (OLD.decode(), NEW.decode()) == (then[url].title, now[url].title)
            assert ((), 1) == (then[url].changes, len(now[url].changes))
