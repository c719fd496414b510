"""What a publication learns from its own history, and what readers turned to."""

from __future__ import annotations

import json
from datetime import timedelta

import msgspec
import pytest

from broadsheet.cli import run
from broadsheet.run import opened, update
from broadsheet.run.learning import learn, with_learnt
from broadsheet.store import open_store
from broadsheet.types import Article, Decision, Learnt, Membership, Outcome, Placed, Standing, Story, Twin

from . import web as small_web
from .build import NOW, article, provider, publication, story, topic

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def report(who: str, hours: float = 0, **changes: object) -> Article:
    """By that provider, so many hours before NOW."""
    by = provider(f"{who}.example", owner=str(changes.pop("owner", "")))
    at = NOW - hours * HOUR
    url = f"https://{who}.example/{hours}"
    return article(1, **{"url": url, "provider": by, "published": at, "topics": ("Ferries",)} | changes)


def standings(*stories: Story, in_force: dict[str, Decision] | None = None) -> dict[str, Standing]:
    return learn(stories, in_force or {}, Learnt(), NOW).standings


def test_articles_count_for_their_provider():
    """Kept ones, those of printed stories, the related included."""
    printed = story(report("one", 1), report("two", 2), published=True)
    hidden = story(report("one", 3))

    found = standings(printed, hidden)

    assert (2, 1) == (found["one.example"].articles, found["one.example"].printed)
    assert (1, 1) == (found["two.example"].articles, found["two.example"].printed)


def test_the_first_report_that_others_took_up_counts():
    """Not one that nobody took up, that only its own house or a reprint took up, or that came with another at once."""
    taken_up = story(report("one", 9), report("two", 8))
    alone = story(report("one", 7), report("one", 6))
    of_one_house = story(report("one", 5, owner="house"), report("three", 4, owner="house"))
    copy = report("two", 2)
    reprinted = story(
        report("one", 3), copy, reprints={copy.url: Twin(url=copy.url, original=report("one", 3).url, resemblance=0.9)}
    )
    at_once = story(report("one", 1), report("two", 1))

    found = standings(taken_up, alone, of_one_house, reprinted, at_once)

    assert {"one.example": 1, "two.example": 0, "three.example": 0} == {d: s.first for d, s in found.items()}


def test_a_copy_of_an_agencys_report_is_nobodys_first():
    """Whoever prints the agency first did not report first."""
    one = story(report("one", 9, agency="apnews.com", voice="apnews.com"), report("two", 8), report("six", 7))

    assert (0, 1) == (standings(one)["one.example"].first, standings(one)["two.example"].first)


def test_what_an_editor_refused_counts_and_what_an_import_says_does_not():
    held, killed, brought, fine = (report("one", n) for n in range(4))
    acts = {
        a.url: Decision(kind=kind, target=a.url, by=by, at=NOW)
        for a, kind, by in (
            (held, "hold", "ana"),
            (killed, "kill", "bo"),
            (brought, "kill", "import"),
            (fine, "publish", "ana"),
        )
    }

    assert (
        Standing(articles=4, refused=2)
        == standings(*(story(a) for a in (held, killed, brought, fine)), in_force=acts)["one.example"]
    )


def test_what_is_long_ago_is_forgotten_by_the_newest_article_and_not_by_the_clock():
    """Sixty days before the newest; a year of silence changes nothing."""
    stories = [story(report("one", 24 * 70)), story(report("one", 24 * 50)), story(report("two", 0))]

    now, later = (learn(stories, {}, Learnt(), NOW + n * DAY) for n in (0, 400))

    assert 1 == now.standings["one.example"].articles
    assert msgspec.structs.replace(now, at=later.at) == later


def daily(counts: list[int], **changes: object) -> list[Story]:
    """So many articles on each day, the newest day first."""
    return [
        story(report("one", 24 * day + n / 100, **changes)) for day, count in enumerate(counts) for n in range(count)
    ]


def arrivals(counts: list[int], before: dict[str, float] | None = None) -> dict[str, float]:
    return learn(daily(counts), {}, Learnt(arrivals=before or {}), NOW).arrivals


def test_what_is_usual_is_the_median_day():
    """A rush of one day is not; a day without any counts."""
    assert {"Ferries": 0.25} == arrivals([100, 6, 6, 6, 6])
    assert {"Ferries": round(2 / 24, 4)} == arrivals([4, 0, 4, 0, 2])


def test_two_days_tell_nothing_of_what_is_usual():
    assert {} == arrivals([5, 5])
    assert {"Ferries": 3.0} == arrivals([5, 5], {"Ferries": 3.0})


@pytest.mark.parametrize(("expected", "old"), [(0.3, 0.3), (0.2, 0.2), (0.25, 0.4), (0.25, 0.16), (0.25, 0.0)])
def test_a_rate_that_hardly_changed_stays(expected, old):
    """So that heat does not tremble: 0.25 replaces what is half as much again, or less than two thirds."""
    assert {"Ferries": expected} == arrivals([6] * 5, {"Ferries": old})


@pytest.fixture
def store(tmp_path):
    with open_store(f"sqlite:///{tmp_path}/store.db") as opened_store:
        one, two = (msgspec.structs.replace(a, first_seen=NOW - 5 * HOUR) for a in (report("one", 9), report("two", 8)))
        opened_store.put_articles([one, two], [])
        opened_store.put_curation(
            [],
            [
                Placed(url=a.url, name=f"{n}.md", membership=Membership(url=a.url, story="s"))
                for n, a in enumerate((one, two))
            ],
        )
        yield opened_store


def test_a_day_is_learnt_from_once(store):
    """The first cycle of a day learns; the others, and an edition of that day made again, know the same."""
    first = with_learnt(publication(), store, NOW).learnt
    store.put_articles([msgspec.structs.replace(report("six", 1), first_seen=NOW)], [])

    assert {"one.example", "two.example"} == set(first.standings)
    assert first == with_learnt(publication(), store, NOW + HOUR).learnt
    assert first == store.learnt(NOW + HOUR)
    assert Learnt() == store.learnt(NOW - HOUR)


def test_the_day_is_that_of_the_publications_zone(store):
    """At 13:00 UTC it is another day in Auckland than at 10:00."""
    zone = publication(timezone="Pacific/Auckland")
    first = with_learnt(zone, store, NOW - 2 * HOUR).learnt

    assert (first.at, NOW + HOUR) == (NOW - 2 * HOUR, with_learnt(zone, store, NOW + HOUR).learnt.at)


def test_a_cycle_that_goes_on_after_it_was_killed_learns_what_it_would_have(store):
    """What it stored itself before it died is not part of its own history."""
    mine = msgspec.structs.replace(report("six", 1), first_seen=NOW)
    store.put_articles([mine], [])
    store.put_curation([], [Placed(url=mine.url, name="6.md", membership=Membership(url=mine.url, story="t"))])

    assert {"one.example", "two.example"} == set(with_learnt(publication(), store, NOW).learnt.standings)


def test_a_cycle_judges_by_what_it_learnt(tmp_path):
    """An editor who held a provider's articles finds it in the reasons of the next ones."""
    folder = small_web.publication(tmp_path / "p")
    update(folder, NOW, offline=small_web.saved(tmp_path / "one", 1))
    with opened(folder) as (_, store):
        known = {a.url for a in store.articles()}
        some = store.articles()[0].provider.domain
        mine = [a.url for a in store.articles() if a.provider.domain == some]
        store.put_decisions([Decision(kind="hold", target=url, by="ana", at=NOW) for url in mine])

    update(folder, NOW + DAY, offline=small_web.saved(tmp_path / "two", 2))

    with opened(folder) as (_, store):
        new = [a for a in store.articles() if a.url not in known and a.provider.domain == some]
        told = [r.value for a in new for r in a.reasons if r.factor == "provider"]
    assert told and all(f"{len(mine)} refused by an editor" in value for value in told)


def test_what_an_editor_refuses_teaches_what_a_keyword_means(tmp_path):
    """Two articles of another meaning that were killed, two that were published: what stands around is told apart."""
    titles = ["Bryan Ferry sings an opera", "Bryan Ferry tours", "The ferry is late", "A ferry to the islands"]
    held = [report(f"p{n}", n, title=title, first_seen=NOW - HOUR) for n, title in enumerate(titles)]
    with open_store(f"sqlite:///{tmp_path}/store.db") as store:
        store.put_articles(held, [])
        placed = [
            Placed(url=a.url, name=f"{n}.md", membership=Membership(url=a.url, story=f"s{n}"))
            for n, a in enumerate(held)
        ]
        store.put_curation([], placed)
        acts = [("kill", "off-topic"), ("kill", "off-topic"), ("publish", ""), ("publish", "")]
        store.put_decisions(
            [
                Decision(kind=kind, target=a.url, by="ana", at=NOW - HOUR, note=note)
                for a, (kind, note) in zip(held, acts, strict=True)
            ]
        )

        contexts = with_learnt(publication(topics=(topic(keywords=("ferry",)),)), store, NOW).learnt.contexts

    assert contexts["Ferries"]["ferry"]["bryan"] < 0


# --- engagement ------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    made = small_web.publication(tmp_path / "p")
    update(made, NOW, offline=small_web.saved(tmp_path / "saved"))
    return made


def engage(folder, *lines: object) -> int:
    file = folder / "counts.jsonl"
    file.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines))
    return run(["engagement", str(file), "-C", str(folder), "--now", NOW.isoformat(), "--json"])


def test_counts_are_stored_by_article_and_moment(folder, capsys):
    """Addresses of entries lead to their article and add up; strange ones are counted; the newest count is in force."""
    with opened(folder) as (_, store):
        one, two = (a.url for a in store.articles()[:2])
        store.put_outcomes([Outcome(url="https://short.example/x", state="duplicate", article=two)])
    capsys.readouterr()

    code = engage(
        folder,
        {"url": one, "count": 5, "at": "2026-03-01T00:00:00Z"},
        {"url": f"{one}?utm_source=x", "count": 70, "who": "a counter"},
        {"url": two, "count": 3},
        {"url": "https://short.example/x", "count": 4},
        {"url": "https://elsewhere.example/", "count": 9},
    )

    assert 0 == code
    assert {"stored": 3, "unknown": 1} == json.loads(capsys.readouterr().out)
    with opened(folder) as (_, store):
        assert {one: 70, two: 7} == store.engagements(NOW)
        assert {one: 5} == store.engagements(NOW - HOUR)


def test_a_line_that_cannot_be_read_is_named_and_the_others_count(folder, capsys):
    with opened(folder) as (_, store):
        url = store.articles()[0].url
    capsys.readouterr()

    code = engage(
        folder,
        "nothing",
        {"url": url},
        {"url": url, "count": -1},
        {"url": "x", "count": 1},
        "",
        {"url": url, "count": 2},
    )

    report = json.loads(capsys.readouterr().out)
    assert (3, 1) == (code, report["stored"])
    assert [f"line {n}" for n in (1, 2, 3, 4)] == [
        failure.split(".jsonl ")[1].split(":")[0] for failure in report["failures"]
    ]


def test_readers_make_a_story_hotter_from_then_on(folder, capsys):
    """The count is in the heat of the next edition with its reason, and not in one of before."""
    with opened(folder) as (_, store):
        url = store.articles()[0].url
    assert 0 == engage(folder, {"url": url, "count": 999, "at": (NOW + HOUR).isoformat()})

    assert (0, "nothing known of readers") == told(folder, url, NOW, capsys)
    assert (9, "readers turned to it 999 times") == told(folder, url, NOW + HOUR, capsys)


def told(folder, url: str, now, capsys) -> tuple[int, str]:
    capsys.readouterr()
    assert 0 == run(["why", "-C", str(folder), url, "--now", now.isoformat(), "--json"])
    answer = json.loads(capsys.readouterr().out)
    assert answer["heat"] == sum(reason["points"] for reason in answer["heatReasons"])
    return next((r["points"], r["value"]) for r in answer["heatReasons"] if r["factor"] == "engagement")
