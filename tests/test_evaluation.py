"""What an editor's acts say, and the arithmetic of it: by hand, and against the plain definition."""

from __future__ import annotations

import math
from datetime import timedelta
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.evaluation import labels, scores
from broadsheet.evaluation.scores import Item, Verdict
from broadsheet.stories import Arrival
from broadsheet.types import Decision, Regrouping

from .build import NOW, article, topic

groups = st.dictionaries(st.sampled_from("abcdefghij"), st.sampled_from("xyz"), min_size=1)


# --- arithmetic ------------------------------------------------------------------------------------------------------


def test_b_cubed_by_hand():
    """Six articles, two true stories of three; one of the first strays into the second's group."""
    gold = dict.fromkeys("abc", "1") | dict.fromkeys("def", "2")
    found = dict.fromkeys("ab", "x") | dict.fromkeys("cdef", "y")

    found_scores = scores.b_cubed(gold, found)

    assert (6, pytest.approx((1 + 1 + 1 / 4 + 3 * 3 / 4) / 6)) == (found_scores.n, found_scores.precision)
    assert pytest.approx((2 * 2 / 3 + 1 / 3 + 3) / 6) == found_scores.recall


@given(groups, groups)
def test_b_cubed_is_what_its_definition_says(gold, found):
    """Of each article: the share of its found group that belongs with it, and of its true group that was found."""
    both = sorted(gold.keys() & found.keys())
    shares = []
    for one in both:
        made = {other for other in both if found[other] == found[one]}
        true = {other for other in both if gold[other] == gold[one]}
        shares.append((len(made & true) / len(made), len(made & true) / len(true)))

    told = scores.b_cubed(gold, found)

    for place, value in enumerate((told.precision, told.recall)):
        assert (sum(s[place] for s in shares) / len(shares) if shares else 1.0) == pytest.approx(value)
    weights = dict.fromkeys(both, 1.0)
    for items, value in zip(scores.b_cubed_items(gold, found, weights), (told.precision, told.recall), strict=True):
        assert scores.ratio(items, {}, "found") == pytest.approx(value)
        assert {gold[one] for one in both} == {item.unit for item in items}  # whole stories are resampled


@given(groups, groups)
def test_pairs_are_what_counting_them_gives(gold, found):
    both = sorted(gold.keys() & found.keys())
    true = {pair for pair in combinations(both, 2) if gold[pair[0]] == gold[pair[1]]}
    made = {pair for pair in combinations(both, 2) if found[pair[0]] == found[pair[1]]}

    told = scores.pairwise(gold, found)

    assert (len(true & made) / len(made) if made else 1.0) == pytest.approx(told.precision)
    assert (len(true & made) / len(true) if true else 1.0) == pytest.approx(told.recall)


verdicts = st.lists(
    st.builds(
        Verdict, unit=st.sampled_from("abcdef"), heat=st.integers(0, 9), wanted=st.booleans(), weight=st.just(1.0)
    )
)


@given(verdicts)
def test_the_area_is_how_often_a_wanted_story_has_more_heat(decided):
    pairs = [(one.heat, other.heat) for one in decided for other in decided if one.wanted and not other.wanted]
    won = sum((one > other) + (one == other) / 2 for one, other in pairs)

    assert (won / len(pairs) if pairs else 0.5) == pytest.approx(scores.area(decided))


@given(verdicts, st.integers(0, 9))
def test_no_other_gate_is_better_than_the_best(decided, present):
    best = scores.best_gate(decided, present)

    def f1(at: int) -> float:
        items = scores.at_gate(decided, at)
        return scores.f1(scores.ratio(items, {}, "found"), scores.ratio(items, {}, "wanted"))

    if any(one.wanted for one in decided):
        assert all(f1(best) >= f1(at) - 1e-9 for at in range(11))
    else:
        assert present == best


def test_a_gate_that_is_as_good_as_the_best_stays():
    """Between two heats every gate divides alike: the present one need not move."""
    decided = [Verdict(unit="a", heat=50, wanted=False), Verdict(unit="b", heat=80, wanted=True)]

    assert [51, 60, 80] == [scores.best_gate(decided, present) for present in (10, 60, 95)]


# --- intervals -------------------------------------------------------------------------------------------------------


def test_a_unit_is_drawn_once_on_average_and_by_the_law_of_poisson():
    drawn = [n for unit in range(200) for n in scores.draws(f"story {unit}")]

    for count in range(5):
        share = math.exp(-1) / math.factorial(count)
        assert abs(drawn.count(count) / len(drawn) - share) < 0.005
    assert abs(sum(drawn) / len(drawn) - 1) < 0.01


def test_an_interval_is_as_wide_as_theory_has_it():
    """80 of 100 stories right: the standard error of a share is 4 points, so 95 % lie within about 8 of it."""
    items = [Item(unit=f"s{n}", hit=float(n < 80), found=1.0, wanted=1.0) for n in range(100)]

    told = scores.figure(lambda counts: scores.ratio(items, counts, "found"), [item.unit for item in items])

    assert 0.8 == told.value
    assert told.low == pytest.approx(0.72, abs=0.02) and told.high == pytest.approx(0.88, abs=0.02)


def test_articles_of_one_story_do_not_make_an_interval_narrow():
    """A hundred articles of four stories are worth four facts, and not a hundred."""
    few = [Item(unit=f"s{n % 4}", hit=float(n % 4 > 0), found=1.0, wanted=1.0) for n in range(100)]
    many = [Item(unit=f"s{n}", hit=float(n % 4 > 0), found=1.0, wanted=1.0) for n in range(100)]

    wide, narrow = (
        scores.figure(lambda counts, items=items: scores.ratio(items, counts, "found"), [i.unit for i in items])
        for items in (few, many)
    )

    assert wide.high - wide.low > 2 * (narrow.high - narrow.low)


def test_the_same_facts_in_any_order_give_the_same_figure():
    items = [Item(unit=f"s{n}", hit=float(n % 3 > 0), found=1.0, wanted=1.0) for n in range(40)]

    one, other = (
        scores.figure(lambda counts, held=held: scores.ratio(held, counts, "found"), [i.unit for i in held])
        for held in (items, items[::-1])
    )

    assert one == other


def test_the_halves_are_halves():
    """About as many stories are locked as open, and a story stays where it is."""
    locked = [scores.is_locked(f"{n:012x}") for n in range(2_000)]

    assert 900 < sum(locked) < 1_100
    assert locked == [scores.is_locked(f"{n:012x}") for n in range(2_000)]


# --- groupings -------------------------------------------------------------------------------------------------------

CAME = {
    url: Arrival(f"{url}.md", story)
    for url, story in zip("abcdefg", ("s1", "s1", "s1", "s2", "s2", "s3", "s4"), strict=True)
}
SEEN = {url: NOW + timedelta(hours=hour) for hour, url in enumerate("abcdefg")}
LATE = NOW + timedelta(days=1)


def act(kind: str, target: str, *others: str, at=LATE, note: str = "", by: str = "ines") -> Decision:
    return Decision(kind=kind, target=target, others=others, by=by, at=at, note=note)


def told(*standing: Decision, regroupings=(), left_out=frozenset()) -> dict[str, tuple[str, str, float]]:
    found = labels.groupings(CAME, SEEN, regroupings, standing, left_out)
    return {url: (label.story, label.found, label.weight) for url, label in found.items()}


def test_a_merge_says_that_all_of_both_belong_together():
    assert dict.fromkeys("abc", ("s2", "s1", 1.0)) | dict.fromkeys("de", ("s2", "s2", 1.0)) == told(
        act("merge", "a", "d")
    )


def test_a_split_says_who_belongs_with_whom():
    found = told(act("split", "b"))

    assert {"a": "s1", "b": "s1", "c": "s1"} == {url: label[1] for url, label in found.items()}
    assert found["a"][0] == found["c"][0] == "s1" != found["b"][0]


def test_a_story_that_was_published_as_it_was_is_likely_right():
    """One of several articles is confirmed with all of them; one that stands alone says nothing of grouping."""
    assert dict.fromkeys("de", ("s2", "s2", 0.5)) == told(act("publish", "d"), act("publish", "g"))


def test_what_came_after_the_act_was_not_looked_at():
    assert dict.fromkeys("ab", ("s1", "s1", 0.5)) == told(act("publish", "a", at=SEEN["b"]))


def test_publishing_what_was_merged_makes_it_no_less_sure():
    merge = act("merge", "a", "d")
    later = act("publish", "d", at=LATE + timedelta(hours=1))

    assert told(merge) == told(merge, later)


def test_what_the_machine_did_after_the_act_is_not_what_it_is_judged_by():
    """It has not found a story by itself that an editor made before."""
    after = Regrouping(at=LATE + timedelta(hours=1), story="s3", into="s2")
    before = Regrouping(at=NOW + timedelta(hours=8), story="s1", into="s2")

    assert told(act("merge", "a", "d")) == told(act("merge", "a", "d"), regroupings=(after,))
    assert {} == told(act("merge", "a", "d"), regroupings=(before,))  # they were one already: it moved nothing


def test_a_killed_article_says_nothing_of_where_it_belongs():
    assert set("ac") == set(told(act("publish", "a"), left_out=frozenset("b")))


# --- topics ----------------------------------------------------------------------------------------------------------

TREE = (
    topic("Sea"), topic("Ferries", parent="Sea"), topic("Fast ferries", parent="Ferries"), topic("Wind", parent="Sea"),
)  # fmt: skip
TAGGED = article(1, topics=("Sea", "Ferries", "Fast ferries"))


def said(*acts: Decision) -> tuple[set[str], set[str], float]:
    label = labels.topics([TAGGED], acts, TREE)[TAGGED.url]
    return set(label.right), set(label.wrong), label.weight


@pytest.mark.parametrize("note", ["off-topic", "Off-topic, it is a song", "off topic: some song"])
def test_a_refusal_without_names_refuses_all_topics(note):
    assert (set(), {"Sea", "Ferries", "Fast ferries", "Wind"}, 1.0) == said(act("kill", TAGGED.url, note=note))


def test_a_refused_topic_takes_those_below_it_with_it():
    assert (set(), {"Ferries", "Fast ferries"}, 1.0) == said(act("hold", TAGGED.url, note="off-topic: ferries"))


def test_publishing_confirms_and_a_note_names_what_was_missed():
    assert ({"Sea", "Ferries", "Fast ferries"}, set(), 0.5) == said(act("publish", TAGGED.url))
    assert ({"Sea", "Wind"}, set(), 1.0) == said(act("publish", TAGGED.url, note="on-topic: Wind"))


def test_a_kill_for_another_reason_says_nothing_of_topics():
    assert {} == labels.topics([TAGGED], [act("kill", TAGGED.url, note="not interesting")], TREE)


def test_topics_that_follow_from_others_are_not_counted():
    assert {"Fast ferries"} == labels.deepest(TAGGED.topics, TREE)
    assert {"Ferries", "Wind"} == labels.deepest(("Sea", "Ferries", "Wind"), TREE)


# --- the gate --------------------------------------------------------------------------------------------------------


def test_the_last_act_decides_and_refusals_for_a_topic_or_by_an_import_do_not():
    one, two = article(1), article(2)
    acts = [
        act("publish", one.url),
        act("kill", two.url, at=LATE + timedelta(hours=1), note="off-topic"),
        act("hold", two.url, at=LATE + timedelta(hours=2), by="import"),
    ]

    for last in acts[1:]:
        in_force = {one.url: acts[0], two.url: last}
        assert [acts[0]] == list(labels.verdicts([one, two], in_force, "import"))
    both = [acts[0], act("hold", two.url, at=LATE + timedelta(hours=1))]
    assert both == list(labels.verdicts([two, one], {d.target: d for d in both}, "import"))
    assert all(a.at <= b.at for a, b in pairwise(both))
