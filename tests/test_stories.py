"""How stories change: what the machine and editors do to them, one event after the other."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from broadsheet.stories import Arrival, story_id, trace
from broadsheet.types import Decision, Regrouping

from .build import NOW

A, B, C, D = (f"https://{name}.example/1" for name in ("alpha", "beta", "gamma", "delta"))


def url(story: str, n: int = 1) -> str:
    """Article n of a story that `https://STORY.example/1` opened."""
    return f"https://{story}.example/{n}"


def came(**sizes: int) -> dict[str, Arrival]:
    """Arrivals: stories by name with so many articles each, the first of which opened it."""
    return {
        url(name, n): Arrival(f"2026-03-02-{name}-{n}.md", story_id(url(name)))
        for name, size in sizes.items()
        for n in range(1, size + 1)
    }


def merged(story: str, into: str, hour: int = 1) -> Regrouping:
    return Regrouping(at=NOW + timedelta(hours=hour), story=story_id(url(story)), into=story_id(url(into)))


def act(kind: str, target: str, *others: str, hour: int = 2) -> Decision:
    return Decision(kind=kind, target=target, others=others, by="ana", at=NOW + timedelta(hours=hour))


def members(lives) -> set[frozenset[str]]:
    """The stories as sets of articles."""
    ids = set(lives.homes.values())
    return {frozenset(u for u, home in lives.homes.items() if home == story) for story in ids}


def test_without_events_every_article_is_where_it_arrived():
    arrivals = came(alpha=2, beta=1) | {"https://off.example/": Arrival("", "")}

    lives = trace(arrivals, ())

    assert {u: a.story for u, a in arrivals.items() if a.story} == lives.homes
    assert ({}, frozenset()) == (lives.into, lives.changed)


def test_a_merged_story_leads_to_the_one_that_took_it_in():
    lives = trace(came(alpha=2, beta=2), [merged("beta", "alpha")])

    assert {story_id(url("alpha"))} == set(lives.homes.values())
    assert {story_id(url("beta")): story_id(url("alpha"))} == lives.into


def test_a_chain_of_mergers_is_one_hop():
    """c into b, then b into a, then a into d: each of the three leads straight to d."""
    chain = [merged("gamma", "beta", 1), merged("beta", "alpha", 2), merged("alpha", "delta", 3)]

    lives = trace(came(alpha=1, beta=1, gamma=1, delta=1), chain)

    assert {story_id(url(name)): story_id(url("delta")) for name in ("alpha", "beta", "gamma")} == lives.into


def test_a_merger_into_a_story_that_is_no_more_goes_to_its_heir():
    lives = trace(came(alpha=1, beta=1, gamma=1), [merged("beta", "alpha", 1), merged("gamma", "beta", 2)])

    assert {story_id(url("alpha"))} == set(lives.homes.values())


def test_two_stories_that_are_merged_into_each_other_are_merged_once():
    lives = trace(came(alpha=1, beta=1), [merged("beta", "alpha", 1), merged("alpha", "beta", 2)])

    assert {story_id(url("alpha"))} == set(lives.homes.values())
    assert {story_id(url("beta")): story_id(url("alpha"))} == lives.into


def test_only_the_named_articles_move_and_only_from_where_they_are():
    """An article that an editor had taken elsewhere is not moved by an event that looks for it in its old story."""
    arrivals = came(alpha=3, beta=1, gamma=1)
    first, third = story_id(url("alpha")), story_id(url("gamma"))
    moved = Regrouping(at=NOW + timedelta(hours=3), story=first, into=third, urls=(url("alpha", 2), url("alpha", 3)))

    lives = trace(arrivals, [moved], [act("split", url("alpha", 3), hour=2)])

    assert third == lives.homes[url("alpha", 2)]
    assert lives.homes[url("alpha", 3)] not in (first, third)


def test_articles_move_between_the_heirs_of_stories_that_are_no_more():
    events = [
        merged("alpha", "gamma", 1),
        merged("beta", "delta", 1),
        Regrouping(
            at=NOW + timedelta(hours=2), story=story_id(url("alpha")), into=story_id(url("beta")), urls=(url("alpha"),)
        ),
    ]

    assert story_id(url("delta")) == trace(came(alpha=2, beta=1, gamma=1, delta=1), events).homes[url("alpha")]


def test_a_story_whose_articles_all_went_leads_to_where_the_first_of_them_is():
    arrivals = came(alpha=2, beta=1, gamma=1)
    alpha, beta, gamma = (story_id(url(name)) for name in ("alpha", "beta", "gamma"))
    events = [
        Regrouping(at=NOW, story=alpha, into=beta, urls=(url("alpha", 1),)),
        Regrouping(at=NOW, story=alpha, into=gamma, urls=(url("alpha", 2),)),
    ]

    assert {alpha: beta} == trace(arrivals, events).into


def test_an_editors_merge_takes_the_story_of_the_target_into_that_of_the_other():
    lives = trace(came(alpha=2, beta=2), (), [act("merge", url("beta", 2), url("alpha", 2))])

    assert {story_id(url("alpha"))} == set(lives.homes.values())
    assert {story_id(url("beta")): story_id(url("alpha"))} == lives.into
    assert {story_id(url("alpha"))} == lives.changed


def test_an_editors_split_makes_a_story_of_its_own_with_its_own_page():
    lives = trace(came(alpha=3), (), [act("split", url("alpha", 3), url("alpha", 2))])

    own = story_id(url("alpha", 3))
    assert {url("alpha"): story_id(url("alpha")), url("alpha", 2): own, url("alpha", 3): own} == lives.homes
    assert {own: "2026-03-02-alpha-3"} == lives.pages
    assert {own, story_id(url("alpha"))} == lives.changed


def test_the_article_that_opened_a_story_leaves_its_id_and_its_page_behind():
    """The others keep the address; alone or with others that opened none, what is split off has another."""
    alone = trace(came(alpha=3), (), [act("split", url("alpha"))])
    both = trace(came(alpha=3), (), [act("split", url("alpha"), url("alpha", 2))])

    for lives in (alone, both):
        assert story_id(url("alpha")) == lives.homes[url("alpha", 3)] != lives.homes[url("alpha")]
        assert len(lives.pages) == 1
        assert "2026-03-02-alpha-1" not in lives.pages.values()
    assert story_id(url("alpha", 2)) == both.homes[url("alpha")]
    assert ["2026-03-02-alpha-1_2"] == list(alone.pages.values())


def test_no_split_is_given_an_id_that_ever_was():
    """Split, taken back, split again, merged, split once more: five stories of one article never share an id."""
    acts = [
        act("split", url("alpha", 2), hour=1),
        act("undo", url("alpha", 2), hour=2),
        act("split", url("alpha", 2), hour=3),
        act("merge", url("alpha", 2), url("alpha", 1), hour=4),
        act("split", url("alpha", 2), hour=5),
    ]
    ids = [trace(came(alpha=2), (), acts[:n]).homes[url("alpha", 2)] for n in (1, 3, 5)]

    assert 3 == len({*ids, story_id(url("alpha"))} - {story_id(url("alpha"))})


def test_later_arrivals_change_no_id_and_no_page():
    """What was decided is decided: articles that come to either side of a split later leave its ids as they are."""
    split = [act("split", url("alpha", 1), url("alpha", 2))]
    before = trace(came(alpha=3), (), split)
    late = {
        "https://late.example/1": Arrival("2026-03-03-late.md", story_id(url("alpha"))),
        "https://late.example/2": Arrival("2026-03-03-later.md", before.homes[url("alpha")]),
    }

    after = trace(came(alpha=3) | late, (), split)

    assert before.homes.items() <= after.homes.items()
    assert before.pages == after.pages


def test_a_merge_that_is_taken_back_had_never_been():
    acts = [act("merge", url("beta"), url("alpha"), hour=1), act("undo", url("beta"), hour=2)]

    undone = trace(came(alpha=2, beta=2), (), acts)

    assert trace(came(alpha=2, beta=2), ()).homes == undone.homes
    assert ({}, (), ()) == (undone.into, undone.acts, undone.together)


def test_a_split_that_is_taken_back_brings_home_what_joined_meanwhile():
    """And the address that the new story had leads back, too."""
    acts = [act("split", url("alpha", 2), hour=1), act("undo", url("alpha", 2), hour=3)]
    own, home = story_id(url("alpha", 2)), story_id(url("alpha"))
    late = {"https://late.example/1": Arrival("2026-03-03-late.md", own)}

    lives = trace(came(alpha=3) | late, (), acts)

    assert {home} == set(lives.homes.values())
    assert {own: home} == lives.into
    assert () == lives.apart
    assert frozenset() == trace(came(alpha=3), (), acts).changed


def test_undo_takes_back_the_last_act_on_that_article_alone():
    acts = [
        act("split", url("alpha", 2), hour=1),
        act("split", url("beta", 2), hour=2),
        act("undo", url("alpha", 2), hour=3),
    ]

    lives = trace(came(alpha=2, beta=2), (), acts)

    assert lives.homes[url("alpha", 2)] == lives.homes[url("alpha")]
    assert lives.homes[url("beta", 2)] != lives.homes[url("beta")]


def test_of_one_moment_the_editor_has_the_last_word():
    """A cycle takes an article out of a story at the second in which an editor merges by that very article."""
    alpha, beta = story_id(url("alpha")), story_id(url("beta"))
    machine = Regrouping(at=NOW, story=alpha, into=beta, urls=(url("alpha", 2),))
    editor = Decision(kind="merge", target=url("alpha", 2), others=(url("gamma"),), by="ana", at=NOW)

    lives = trace(came(alpha=2, beta=1, gamma=1), [machine], [editor])

    assert story_id(url("gamma")) == lives.homes[url("alpha", 2)]


def test_what_an_editor_split_is_apart_pair_by_pair():
    lives = trace(came(alpha=4), (), [act("split", url("alpha", 3), url("alpha", 4))])

    expected = {tuple(sorted((url("alpha", m), url("alpha", n)))) for m in (1, 2) for n in (3, 4)}
    assert expected == set(lives.apart)


def test_what_an_editor_merged_is_together():
    """Every article of the story is tied to one: it can be left by none."""
    lives = trace(came(alpha=2, beta=2), (), [act("merge", url("beta"), url("alpha"))])

    tied = {url("alpha")} | {u for pair in lives.together for u in pair}
    assert set(lives.homes) == tied
    assert all(url("alpha") in pair for pair in lives.together)


def test_a_later_merge_ends_that_a_split_keeps_apart_and_a_later_split_that_a_merge_ties():
    split, merge = act("split", url("alpha", 2), hour=1), act("merge", url("alpha", 2), url("alpha"), hour=2)
    one = trace(came(alpha=2), (), [split, merge])
    merge, split = act("merge", url("beta"), url("alpha"), hour=1), act("split", url("beta"), hour=2)
    two = trace(came(alpha=1, beta=1), (), [merge, split])

    assert ((), ((url("alpha"), url("alpha", 2)),)) == (one.apart, one.together)
    assert (((url("alpha"), url("beta")),), ()) == (two.apart, two.together)


def test_what_was_ended_keeps_nothing_apart_when_articles_part_again():
    """A split that was taken back, and one that a merge ended: the machine may take the same articles apart, and what
    it took apart it may join."""
    alpha, beta = story_id(url("alpha")), story_id(url("beta"))
    acts = [act("split", url("alpha", 2), hour=1), act("undo", url("alpha", 2), hour=2)]
    moved = Regrouping(at=NOW + timedelta(hours=3), story=alpha, into=beta, urls=(url("alpha", 2),))
    taken_back = trace(came(alpha=2, beta=1), [moved], acts)

    acts = [
        act("split", url("alpha", 2), hour=1),
        act("merge", url("alpha", 2), url("alpha"), hour=2),
        act("split", url("alpha", 2), url("alpha", 3), hour=3),
    ]
    home = trace(came(alpha=3, beta=1), (), acts).homes[url("alpha", 3)]
    moved = Regrouping(at=NOW + timedelta(hours=4), story=home, into=beta, urls=(url("alpha", 3),))
    ended = trace(came(alpha=3, beta=1), [moved], acts)

    assert () == taken_back.apart
    assert (url("alpha", 2), url("alpha", 3)) not in ended.apart


def test_two_splits_taken_back_one_by_one_leave_what_the_other_keeps_apart():
    acts = [
        act("split", url("alpha", 2), hour=1),
        act("split", url("alpha", 3), hour=2),
        act("undo", url("alpha", 3), hour=3),
    ]

    lives = trace(came(alpha=3), (), acts)

    assert {(url("alpha"), url("alpha", 2)), (url("alpha", 2), url("alpha", 3))} == set(lives.apart)


@pytest.mark.parametrize(
    "decision",
    [
        act("merge", "https://gone.example/", url("alpha")),
        act("merge", url("alpha"), "https://gone.example/"),
        act("merge", url("alpha"), url("alpha", 2)),
        act("merge", url("alpha")),
        act("split", "https://gone.example/"),
        act("undo", url("alpha")),
        act("publish", url("alpha")),
    ],
    ids=lambda decision: f"{decision.kind} {decision.target} {decision.others}",
)
def test_an_act_on_what_is_not_here_moves_nothing(decision):
    assert trace(came(alpha=2), ()).homes == trace(came(alpha=2), (), [decision]).homes


def test_the_order_of_arrivals_makes_no_difference():
    arrivals = came(alpha=3, beta=2, gamma=1)
    events = [merged("gamma", "beta", 1), merged("beta", "alpha", 3)]
    acts = [act("split", url("beta", 2), hour=2), act("merge", url("beta", 2), url("gamma"), hour=4)]
    first = trace(arrivals, events, acts)

    for shuffled in itertools.islice(itertools.permutations(arrivals.items()), 0, 720, 60):
        assert first == trace(dict(shuffled), events, acts)
