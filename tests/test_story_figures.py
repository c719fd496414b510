"""Figures of stories: the marks, what counts as a series, and a crowd that is the same every time."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import islice

import pytest
from benchmarks import _crowd, _groupers, _kept, stories
from benchmarks.stories import Row

from broadsheet.cluster import Member

from .build import NOW

TITLES = [
    "Ferry runs aground off Kestrel Point",
    "Ferry Aldora is aground at Kestrel Point",
    "Central bank of Norvik raises its rate",
    "Norvik rate rise surprises the bank",
    "Rare orchid found in a quarry",
]


def row(n: int, title: str, story: str, provider: str = "p.example", reprint_of: str = "") -> Row:
    member = Member(url=str(n), title=title, published=NOW + timedelta(days=n), language="en", provider=provider)
    return Row(member, story, f"a{n}", reprint_of)


def test_the_table_of_stories_in_the_readme_is_what_the_kept_figures_print():
    """Between the markers stands the table of benchmarks/stories.json, to the byte; nothing before it was measured."""
    block = _kept.between(_kept.README.read_text(encoding="utf-8"), "stories")
    kept = _kept.read("stories")

    assert (stories.table(kept) if kept else "") == block


@pytest.mark.parametrize(
    ("found", "precision", "recall"),
    [
        ("aabbb", 1.0, 1.0),
        ("aaaaa", 0.52, 1.0),  # (2 * 2/5 + 3 * 3/5) / 5
        ("abcde", 1.0, 0.4),  # (2 * 1/2 + 3 * 1/3) / 5
        ("aaabb", 0.7333, 0.7333),  # (2/3 + 2/3 + 1/3 + 1 + 1) / 5 and (1 + 1 + 1/3 + 2/3 + 2/3) / 5
    ],
)
def test_marks_are_b_cubed(found, precision, recall):
    """Counted by hand for two stories of two and three articles."""
    marked = stories.bcubed("xxyyy", found)

    assert (precision, recall) == (marked["precision"], marked["recall"])
    assert pytest.approx(2 * precision * recall / (precision + recall), abs=1e-4) == marked["F1"]


def test_strangers_of_the_other_half_spoil_a_story():
    """The marks of a half are those of its articles in the stories that all articles make up."""
    assert {"precision": 0.5, "recall": 1.0, "F1": 0.6667} == stories.bcubed("xy", "aa", only=[0])


def test_items_of_a_series_are_pairs_of_one_provider_that_are_no_story():
    """The same words before a colon or at the end make a series; another provider or the same gold story does not."""
    rows = [
        row(0, "Weekly fuel prices: petrol down", "s0"),
        row(1, "Weekly fuel prices: diesel up", "s1"),
        row(2, "Weekly fuel prices: petrol up", "s2", provider="q.example"),
        row(3, "Lindqvist Prizes 2025: the full list of winners", "s3"),
        row(4, "Meridian Awards 2026: the full list of winners", "s4"),
        row(5, "Ferry disaster: what we know", "s5"),
        row(6, "Ferry disaster: captain held", "s5"),
    ]

    assert {"pairs": 2, "joined": [["a3", "a4"]]} == stories.series(rows, ["a", "b", "a", "c", "c", "d", "d"])


def test_a_reprint_is_found_where_its_original_is():
    """One in its original's story, one elsewhere, one whose original is not in the set."""
    rows = [
        row(0, "Ferry aground", "s"),
        row(1, "Ferry aground", "s", reprint_of="a0"),
        row(2, "Ferry aground", "s", reprint_of="a0"),
        row(3, "Orchid found", "t", reprint_of="a9"),
    ]

    assert {"reprints": 3, "found": 1} == stories.reprints(rows, ["x", "x", "y", "y"])


def test_titles_that_share_only_boiler_plate_are_announcements_of_their_own():
    """What all titles of a site say does not hold two of them together; rare words do."""
    titles = [f"Cloud service {name} is now available" for name in ("Maps", "Vaults", "Queues", "Alerts", "Disks")]
    words = [Counter(title.split()) for title in [*titles, "Maps and Maps tiles for Norvik"]]

    assert (5, 1) == (
        stories.announcements(words, stories.rarity(words)),
        stories.announcements([words[0], words[5]], stories.rarity(words)),
    )


@pytest.mark.parametrize("name", sorted(_groupers.PEERS))
def test_a_peer_labels_every_text_for_every_parameter(name):
    """Also one text alone, and a text that is nothing but common words."""
    for texts in (TITLES, TITLES[:1], [*TITLES, "the of and"]):
        runs = list(_groupers.PEERS[name](texts))

        assert [len(texts)] * len(runs) == [len(run.labels) for run in runs]
        assert len(runs) == len({run.parameter for run in runs}) > 1


@pytest.mark.parametrize("name", sorted(set(_groupers.PEERS) - {"HDBSCAN over TF-IDF and SVD"}))
def test_a_peer_tells_two_events_apart(name):
    """With some parameter the headlines of one ferry are one story and those of one bank another."""
    gold = ["ferry", "ferry", "bank", "bank", "orchid"]

    assert max(stories.bcubed(gold, run.labels)["F1"] for run in _groupers.PEERS[name](TITLES)) > 0.85


def test_a_crowd_is_the_same_every_time_and_comes_by_time():
    """As many headlines as asked for, within the window, with events of one and of many."""
    crowd = list(_crowd.crowd(TITLES * 20, 2_000))
    sizes = Counter(event for _, event in crowd)
    times = [member.published for member, _ in crowd]

    assert 2_000 == len(crowd) == len({member.url for member, _ in crowd})
    assert sorted(times) == times
    assert timedelta(days=_crowd.DAYS) > times[-1] - times[0] > timedelta(days=_crowd.DAYS - 4)
    assert 1 == min(sizes.values())
    assert max(sizes.values()) > 20
    assert list(islice(_crowd.crowd(TITLES * 20, 2_000), 50)) == crowd[:50]
