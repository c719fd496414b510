"""Heat and rank of a story under the profile `standard`."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from broadsheet import heat
from broadsheet.errors import UsageError
from broadsheet.types import Article, Learnt, Story, Topic, Twin

from .build import NOW, article, provider, publication, story

SCORES = Path(__file__).parent.parent / "docs" / "reference" / "scores.md"


def voice(n: int, quality: int = 50, **changes: object) -> Article:
    """The report of provider n, n hours before NOW."""
    return article(n, url=f"https://p{n}.example/", provider=provider(f"p{n}.example"), quality=quality, **changes)


def points(factor: str, one: Story, **settings: object) -> int:
    scored = heat.score(one, publication(**settings))
    return next(reason.points for reason in scored.reasons if reason.factor == factor)


@pytest.mark.parametrize(("expected", "count"), [(0, 1), (15, 2), (24, 3), (30, 4), (45, 8)])
def test_voices_count_by_doublings(expected, count):
    assert expected == points("voices", story(*(voice(n) for n in range(count))))


def test_reprints_and_repetition_are_no_voices():
    """Ten reprints of one report, or ten reports of one provider, are as hot as one article by quality alone."""
    first = voice(0)
    copies = [voice(n) for n in range(1, 11)]
    reprints = {one.url: Twin(url=one.url, original=first.url, resemblance=0.9) for one in copies}
    own = [article(n, quality=50) for n in range(10)]

    assert 50 == heat.score(story(first, *copies, reprints=reprints), publication()).heat
    assert 50 == heat.score(story(*own), publication()).heat


def test_points_add_up():
    """Heat is the sum of the reasons, one a factor, in the profile's order."""
    scored = heat.score(story(voice(3, 62), voice(2, 48), voice(1, 40)), publication())

    assert list(heat.STANDARD) == [reason.factor for reason in scored.reasons]
    assert 62 + 24 + 7 + 6 + 0 == scored.heat == sum(reason.points for reason in scored.reasons)


def test_a_thin_report_passes_the_gate_with_company():
    """Of quality 44 it is below 70 alone and with one more voice; with three more it passes."""
    hot = [heat.score(story(*(voice(n, 44) for n in range(count))), publication()).heat for count in (1, 2, 4)]

    assert [True, True, False] == [value < 70 for value in hot]


def test_only_voices_of_the_first_hours_are_speed():
    """Within 6 hours of the first report; an undated report does not tell."""
    assert 4 == points("speed", story(voice(10), voice(5), voice(1)))
    assert 0 == points("speed", story(voice(10), voice(5, date_known=False)))


@pytest.mark.parametrize(("expected", "hourly"), [(11, 0.01), (8, 4 / 6), (4, 4.0), (0, 100.0)])
def test_speed_is_measured_against_what_is_usual(expected, hourly):
    """Three further voices are a rush where a topic has few articles, and nothing where it has hundreds an hour."""
    rush = story(*(voice(n, topics=("Ferries", "Sea")) for n in range(4)))

    assert expected == points("speed", rush, learnt=Learnt(arrivals={"Ferries": hourly, "Sea": 500.0}))


def test_providers_of_one_owner_are_one_voice():
    """Three papers of one house and the house's own site count once; a fifth provider makes two."""
    house = [
        article(n, url=f"https://p{n}.example/", provider=provider(f"p{n}.example", owner="house.example"), quality=50)
        for n in range(3)
    ]
    house.append(article(4, url="https://house.example/", provider=provider("house.example"), quality=50))

    assert (0, 0) == (points("voices", story(*house)), points("depth", story(*house)))
    assert 15 == points("voices", story(*house, voice(9)))


@pytest.mark.parametrize(
    ("expected", "others"), [(0, ()), (6, (60,)), (8, (60, 40)), (9, (40, 60, 44)), (9, (40, 60, 44, 30))]
)
def test_the_best_other_voices_give_depth(expected, others):
    """A tenth of the second voice's quality, a twentieth of the third's, a fortieth of the fourth's."""
    assert expected == points("depth", story(voice(0, 80), *(voice(n, q) for n, q in enumerate(others, start=1))))


def test_a_voice_is_as_good_as_its_own_report_and_not_as_its_reprint():
    """A better page of the same text gives no depth."""
    other, copy = voice(2, 40), voice(3, 90)
    reprints = {copy.url: Twin(url=copy.url, original=other.url, resemblance=0.9)}

    assert 4 == points("depth", story(voice(1, 80), other, copy, reprints=reprints))


@pytest.mark.parametrize(("expected", "count"), [(0, 0), (3, 9), (6, 99), (9, 999), (12, 9_999), (12, 10**9), (0, -5)])
def test_readers_count_by_tenfolds(expected, count):
    assert expected == points("engagement", story(voice(1), engagement=count))


def test_heat_never_falls_below_zero():
    scored = heat.score(story(voice(1, 30)), publication(heat_factors={"lead_quality": -1.0}))

    assert 0 == scored.heat == sum(reason.points for reason in scored.reasons)


def test_classic_uses_its_own_factor():
    scored = heat.score(story(voice(1, 60), voice(2)), publication(profile="classic"))

    assert ["classic"] == [reason.factor for reason in scored.reasons]
    assert 80 == scored.heat


def test_an_unknown_factor_is_refused():
    with pytest.raises(UsageError, match="choose from"):
        heat.score(story(), publication(heat_factors={"luck": 1.0}))


@pytest.mark.parametrize(("expected", "hours"), [(80, 0), (70, 12), (60, 24), (-20, 120)])
def test_rank_sinks_by_half_lives(expected, hours):
    """20 points for each 24 hours since the last article; heat stays as it is."""
    one = story(voice(0), heat=80)

    ranked = heat.rank(one, publication(), NOW + timedelta(hours=hours))

    assert (80, expected) == (ranked.heat, ranked.rank)
    assert expected == sum(reason.points for reason in ranked.rank_reasons)


def test_the_half_life_is_the_publications():
    one = heat.rank(story(voice(0), heat=80), publication(half_life_hours=6.0), NOW + timedelta(hours=24))

    assert 0 == one.rank


@pytest.mark.parametrize(
    ("expected", "topics"),
    [
        (20, ("Sea",)),
        (20, ("Sea", "Ports")),
        (10, ("Sea", "Boats")),
        (10, ("Sea", "Boats", "Ferries")),
        (40, ("Sea", "Boats", "Regattas")),
        (40, ("Sea", "Boats", "Ferries", "Regattas")),
        (20, ()),
    ],
)
def test_a_topic_may_have_a_half_life_of_its_own(expected, topics):
    """The nearest of a topic and its ancestors says it; of a story's topics that one which is set deepest, whatever the
    order of the tree."""
    parents = {"Regattas": "Boats", "Boats": "Sea", "Ferries": "Boats", "Ports": "Sea", "Sea": ""}
    tree = tuple(Topic(id=name.lower(), name=name, parent=parent) for name, parent in parents.items())
    settings = publication(topics=tree, half_lives={"Boats": 48.0, "Regattas": 12.0})
    one = story(article(0, topics=topics), heat=80)

    assert 80 - expected == heat.rank(one, settings, NOW + timedelta(hours=24)).rank


def test_nobody_gains_by_a_date_in_the_future():
    """What is dated ahead counts from when we first saw it."""
    ahead = article(1, published=NOW + timedelta(hours=20), first_seen=NOW)

    assert 80 == heat.rank(story(ahead, heat=80), publication(), NOW).rank


def test_no_two_stories_change_places_because_time_passes():
    """At any later clock the difference of two ranks is the same, whole points included."""
    one, two = (story(article(n, published=NOW - timedelta(minutes=97 * n)), heat=80 - n) for n in (1, 5))
    ranks = [
        [heat.rank(s, publication(half_life_hours=7.0), NOW + timedelta(minutes=31 * m)).rank for s in (one, two)]
        for m in range(50)
    ]

    assert 1 == len({first - second for first, second in ranks})


@pytest.mark.parametrize("factor", [*heat.STANDARD, *heat.CLASSIC])
def test_the_reference_explains_every_factor(factor):
    assert f"`{factor}`" in SCORES.read_text(encoding="utf-8")
