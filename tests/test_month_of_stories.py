"""Thirty days of stories through the pure stages, two editions a day: who fills the pages, and who leads them.

One provider posts five hundred pieces a day, better made than anybody's; forty others have sixty stories a day between
them. One story says the same for five days in ever more papers; another develops every day.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec
import pytest

from broadsheet import gate, heat, ordering
from broadsheet.outputs import _stories
from broadsheet.types import Article, Development, Edition, Front, Story

from .build import NOW, article, provider, publication

DAYS, MILL, OTHERS, SHOWN = 30, 500, 60, timedelta(days=3)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
START = NOW.replace(hour=0)
SETTINGS = publication(topics=())
EDITIONS = (9, 18)  # hours of the day
REPEATED, LIVE = range(3, 8), range(12, 17)  # days on which these stories have articles


def piece(url: str, who: str, quality: int, at: datetime) -> Article:
    """Seen by the next edition after it was out."""
    return article(
        1,
        url=url,
        title=url,
        provider=provider(who),
        quality=quality,
        published=at,
        first_seen=at + timedelta(minutes=5),
    )


def of_day(day: int) -> Iterator[tuple[str, Article, bool]]:
    """Story id, article, and whether it says something new, of everything that appears on one day."""
    midnight = START + day * DAY
    for n in range(MILL):
        at = midnight + n * DAY / MILL
        yield f"mill-{day}-{n}", piece(f"https://mill.example/{day}/{n}", "mill.example", 88 + n % 5, at), True
    for n in range(OTHERS):
        at = midnight + n * DAY / OTHERS
        who = f"p{(7 * day + n) % 40}.example"
        yield f"other-{day}-{n}", piece(f"https://{who}/{day}/{n}", who, 70 + (3 * n + day) % 12, at), True
    for name, days, develops in (("repeated", REPEATED, False), ("live", LIVE, True)):
        for n in range(6 if day in days else 0):
            who = f"{name}{6 * (day - days[0]) + n}.example"
            new = n == 0 and (develops or day == days[0])
            yield name, piece(f"https://{who}/{day}", who, 75, midnight + (6 + n) * HOUR), new


class Made(NamedTuple):
    """One edition, and which articles each of its stories has."""

    edition: Edition
    members: dict[str, frozenset[str]]


def editions(days: int = DAYS, *, backwards: bool = False) -> Iterator[Made]:
    """Every edition of the month; backwards: the stages are given everything in the other order."""
    held: dict[str, list[Article]] = defaultdict(list)
    told: dict[str, list[Development]] = defaultdict(list)
    scored: dict[str, Story] = {}
    fronts: list[Front] = []
    for day in range(days):
        coming = sorted(of_day(day), key=lambda one: one[1].first_seen)
        for hour in EDITIONS:
            now = START + day * DAY + hour * HOUR
            while coming and coming[0][1].first_seen <= now:
                story, one, new = coming.pop(0)
                held[story].append(one)
                scored.pop(story, None)
                if new:
                    told[story].append(Development(url=one.url, at=one.published, novelty=1.0))
            for story in [key for key, members in held.items() if now - members[-1].published > SHOWN]:
                del held[story]
                scored.pop(story, None)
            for story in held.keys() - scored.keys():
                scored[story] = settled(story, held[story][:: -1 if backwards else 1], tuple(told[story]))
            rank = heat.ranking(SETTINGS, now)
            stories = [rank(story) for _, story in sorted(scored.items(), reverse=backwards)]
            ranked = ordering.by_rank(ordering.fronted(stories, SETTINGS, fronts, now))
            fronts.append(Front(at=now, stories=tuple(story.id for story in ranked[: ordering.FRONT])))
            edition = Edition(publication=SETTINGS, now=now, stories=ranked, updated=now)
            yield Made(edition, {key: frozenset(a.url for a in members) for key, members in held.items()})


def settled(key: str, members: Sequence[Article], told: tuple[Development, ...]) -> Story:
    """A story as it stands whatever the clock."""
    by_quality = sorted(members, key=lambda a: (-a.quality, a.url))
    story = Story(id=key, name=key, articles=tuple(by_quality), developments=told)
    return gate.decide(heat.score(ordering.led(story, SETTINGS, {}), SETTINGS), SETTINGS, {})


@pytest.fixture(scope="module")
def month() -> list[Made]:
    return list(editions())


def share(stories: Sequence[Story]) -> int:
    return Counter(map(ordering.owner, stories))["mill.example"]


def leads(month: Sequence[Made], name: str) -> list[int]:
    """Days on which a story led an edition."""
    days = {(made.edition.now - START).days for made in month if made.edition.stories[0].id == name}
    return sorted(days)


def test_a_flood_fills_no_page(month):
    """On no front page, page of a topic or feed has the one provider more than a fifth, although its pieces rank first."""
    assert sum(made.edition.stories[0].lead.provider.domain == "mill.example" for made in month) > 5
    for made in month[4:]:  # before, the others have too few for three pages
        stories = made.edition.stories
        assert share(stories[: ordering.FRONT]) <= ordering.FRONT // 5
        spread = _stories.shared_out(SETTINGS, stories, 30)
        assert max(share(spread[n : n + 30]) for n in range(0, 90, 30)) <= 6
        (feed,) = _stories.feeds(made.edition)
        assert (50, 10) == (len(feed.stories), share(feed.stories))
        assert sorted(s.id for s in stories) == sorted(s.id for s in spread)


def test_a_story_that_says_the_same_for_days_leads_once(month):
    """It is the hottest of all on each of its days, and on the page on the next one."""
    assert REPEATED[0:1] == range(leads(month, "repeated")[0], leads(month, "repeated")[-1] + 1)
    second = next(made.edition.stories for made in month if made.edition.now == START + REPEATED[1] * DAY + 9 * HOUR)
    held = next(story for story in second if story.id == "repeated")

    assert held.heat == max(story.heat for story in second)
    assert "it led 2026-03-05, and has not developed since" == held.rank_reasons[-1].value
    assert "repeated" == second[1].id


def test_a_story_that_develops_leads_again(month):
    """Every day that brought something new, and not the day after the last."""
    assert list(LIVE) == leads(month, "live")


def test_no_story_but_one_that_develops_leads_on_two_days(month):
    """A month of leads."""
    days: dict[str, set[int]] = defaultdict(set)
    for made in month:
        days[made.edition.stories[0].id].add((made.edition.now - START).days)

    assert {"live"} == {story for story, led in days.items() if len(led) > 1}
    assert set(range(DAYS)) == set().union(*days.values())


def test_every_rank_is_the_sum_of_its_reasons_and_the_order_is_theirs(month):
    for made in month:
        ranks = [story.rank for story in made.edition.stories]
        assert ranks == [sum(reason.points for reason in story.rank_reasons) for story in made.edition.stories]
        assert ranks == sorted(ranks, reverse=True)


def test_ids_are_stable(month):
    """An article is in the story with the same id in every edition that holds it."""
    homes: dict[str, set[str]] = defaultdict(set)
    for made in month:
        for story in made.edition.stories:
            assert {a.url for a in story.articles} == made.members[story.id]
            for one in story.articles:
                homes[one.url].add(story.id)

    assert {1} == {len(ids) for ids in homes.values()}
    assert len(homes) > DAYS * MILL * 0.7


def test_the_order_of_what_is_given_makes_no_difference(month):
    """Stories and members the other way round: the same pages."""
    for made, turned in zip(month[:14], editions(7, backwards=True), strict=True):
        assert [s.id for s in made.edition.stories] == [s.id for s in turned.edition.stories]
        assert [s.lead.url for s in made.edition.stories] == [s.lead.url for s in turned.edition.stories]


def test_the_last_edition_stays_as_it_is_when_nothing_comes(month):
    """A week later the front page is the same, ranks being lower by the same for all."""
    last = month[-1].edition
    fronts = [Front(at=made.edition.now, stories=tuple(s.id for s in made.edition.stories)) for made in month]
    plain = [msgspec.structs.replace(s, rank=s.heat, rank_reasons=()) for s in last.stories]

    later = last.now + 7 * DAY
    ranked = [heat.rank(story, SETTINGS, later) for story in plain]
    again = ordering.by_rank(ordering.fronted(ranked, SETTINGS, fronts, later))

    assert [s.id for s in last.stories[: ordering.FRONT]] == [s.id for s in again[: ordering.FRONT]]
