"""What a listing brings that is new: games that feeds play with ids, links and dates, none of which may re-flood."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.admission import CLASSES, MOST_CHANGES, Admission, Known, admit, listed
from broadsheet.types import Entry, Listed

from .build import NOW

FEED = "https://harbour.example/feed.xml"


def entry(n: int = 1, **changes: Any) -> Listed:
    facts = {
        "source": FEED,
        "url": f"https://harbour.example/{n}",
        "id": f"tag:harbour.example,2026:{n}",
        "title": f"Ferry {n} sails",
        "published": NOW - timedelta(hours=n),
        "published_raw": f"{n} hours ago",
    }
    return listed(Entry(**facts | changes))


def known(one: Listed, changes: int = 0) -> Known:
    return Known(url=one.url, key=one.key, id=one.id, title=one.title, date=one.date, changes=changes)


def again(entries: Sequence[Listed], before: Sequence[Listed], changes: int = 0) -> Admission:
    """Admit a listing of a source that listed `before` earlier."""
    held = {one.key: known(one, changes) for one in before}
    return admit(entries, held, held.values(), {one.url for one in before})


TEN = [entry(n) for n in range(10)]


def test_a_first_listing_is_all_new() -> None:
    assert {"new": 10} == admit(TEN, {}, (), ()).classes


def test_the_same_listing_again_brings_nothing() -> None:
    """Not even a write."""
    found = again(TEN, TEN)

    assert ({"known": 10}, (), ()) == (found.classes, found.store, found.new)


def test_new_ids_on_old_links_bring_nothing() -> None:
    """A feed whose ids all change, as when a publisher changes its software, is the feed that it was."""
    found = again([entry(n, id=f"urn:uuid:{n}") for n in range(10)], TEN)

    assert {"known": 10} == found.classes


@pytest.mark.parametrize(
    "moves",
    [
        {},  # ids and titles as they were
        {"id": ""},  # ids gone, titles and dates as they were
        {"title": "Another headline"},  # the id and the date
        {"published": NOW, "published_raw": "now"},  # the id and the title
    ],
)
def test_entries_under_other_addresses_are_known_again(moves: dict[str, Any]) -> None:
    """When two of id, title and date are those of an entry that is listed no more, it has only moved."""
    one = entry(3, url="https://new.harbour.example/three", **moves)

    found = again([one], TEN)

    assert ({"moved": 1}, {one.url: TEN[3].url}) == (found.classes, found.moved)
    assert (one,) == found.store
    assert () == found.new


@pytest.mark.parametrize(
    "other",
    [
        {"id": entry(3).id, "title": "Something else", "published": NOW},  # an id used again
        {"id": "", "title": "Ferry 3 sails", "published": NOW},  # a headline used again
        {"id": "", "title": "", "published": None, "published_raw": ""},  # nothing to know it by
    ],
)
def test_one_likeness_is_not_enough(other: dict[str, Any]) -> None:
    """An id or a headline that comes again at another address is another entry."""
    assert {"new": 1} == again([entry(77, **other)], TEN).classes


def test_an_entry_that_is_still_listed_has_not_moved() -> None:
    """Two addresses side by side are two entries, whatever they share."""
    twin = entry(3, url="https://harbour.example/3/video")

    assert {"known": 10, "new": 1} == again([*TEN, twin], TEN).classes


def test_sources_that_give_all_entries_one_id_and_one_date() -> None:
    """What they share is no likeness of two of them: each new one is new."""
    same = {"id": "feed", "published": NOW, "published_raw": "now"}
    before = [entry(n, **same) for n in range(5)]

    assert {"new": 1} == again([entry(9, **same)], before).classes
    assert {"new": 2} == again([entry(n, **same) for n in (8, 9)], before[:1]).classes


def test_one_link_for_all_entries_is_one_entry() -> None:
    """The first counts, the others are counted as repeats of it."""
    found = admit([entry(n, url="https://harbour.example/") for n in range(4)], {}, (), ())

    assert ({"new": 1, "repeated": 3}, 1) == (found.classes, len(found.store))


def test_entries_without_a_link_are_counted_and_not_read() -> None:
    found = admit([entry(1, url=""), entry(2, url=""), entry(3, url="", id="", title="")], {}, (), ())

    assert ({"unlinked": 3}, 3, ()) == (found.classes, len(found.store), found.new)
    assert {"unlinked": 2} == again([entry(1, url=""), entry(2, url="")], [entry(1, url=""), entry(2, url="")]).classes


def test_what_another_source_listed_is_not_read_again() -> None:
    found = admit([entry()], {}, (), {entry().url})

    assert ({"also listed": 1}, (entry(),), ()) == (found.classes, found.store, found.new)


@pytest.mark.parametrize("change", [{"title": "Ferry 3 does not sail"}, {"published": NOW, "published_raw": "now"}])
def test_a_change_is_kept_and_read_again(change: dict[str, Any]) -> None:
    """A correction of one headline or date; but not for ever, since some feeds change at every look."""
    changed = entry(3, **change)
    listing = [one if one.url != changed.url else changed for one in TEN]

    found = again(listing, TEN)

    assert ({"known": 9, "changed": 1}, (changed,), (changed.url,)) == (found.classes, found.store, found.changed)
    tired = again(listing, TEN, changes=MOST_CHANGES)
    assert ((changed,), ()) == (tired.store, tired.changed)


def test_new_dates_on_most_entries_are_not_believed() -> None:
    """A feed that re-dates everything says nothing new: the dates that we hold stay."""
    redated = [entry(n, published=NOW - timedelta(minutes=5), published_raw="now") for n in range(10)]

    found = again([*redated[:6], *TEN[6:]], TEN)

    assert ({"redated": 6, "known": 4}, (), ()) == (found.classes, found.store, found.changed)


def test_a_changed_headline_in_a_redated_feed_is_still_a_change() -> None:
    redated = [entry(n, published=NOW, published_raw="now") for n in range(9)]
    changed = entry(9, title="Ferry 9 sank", published=NOW, published_raw="now")

    assert (changed.url,) == again([*redated, changed], TEN).changed


def test_a_date_that_is_only_written_otherwise_is_the_same() -> None:
    assert {"known": 1} == again([entry(1, published_raw="2026-03-02T11:00Z")], [entry(1)]).classes


entries = st.lists(
    st.builds(
        entry,
        st.integers(0, 6),
        url=st.sampled_from(["", "https://a.example/", *(f"https://harbour.example/{n}" for n in range(5))]),
        id=st.sampled_from(["", "1", "2", "3"]),
        title=st.sampled_from(["", "A", "B"]),
        published=st.sampled_from([None, NOW, NOW - timedelta(days=1)]),
    ),
    max_size=12,
)


@given(entries, entries, st.integers(0, 3))
def test_every_entry_is_counted_once(listing: list[Listed], before: list[Listed], cut: int) -> None:
    """Whatever a source lists, the classes add up to it, and what is to be read is stored."""
    held = {one.key: known(one) for one in before}

    found = admit(listing, held, held.values(), {one.url for one in before[:3]}, cut)

    assert len(listing) + cut == sum(found.classes.values())
    assert set(found.classes) <= set(CLASSES)
    assert {*found.new, *found.changed, *found.moved} <= _urls(found.store)
    assert len(found.store) == len({one.key for one in found.store})


@given(entries)
def test_listing_the_same_twice_brings_nothing(listing: list[Listed]) -> None:
    """Whatever a source lists, listing it again changes nothing."""
    first = admit(listing, {}, (), ())

    second = again(listing, first.store)

    assert ((), (), {}) == (second.new, second.changed, second.moved)
    assert () == second.store


def _urls(entries: Iterable[Listed]) -> set[str]:
    return {one.url for one in entries}
