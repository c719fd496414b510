"""Stories: what joins, what opens one, and whether the explanation is the arithmetic."""

from __future__ import annotations

import math
from datetime import timedelta
from hashlib import sha256
from itertools import permutations

import msgspec
import pytest

from broadsheet import cluster
from broadsheet.cluster import Member, final, stream
from broadsheet.cluster._habits import REMEMBERED, Habits
from broadsheet.types import Membership

from .build import NOW

FERRY = [
    "Ferry Aldora runs aground off Kestrel Point with 210 people aboard",
    "All 210 safe after ferry Aldora strikes rocks near Kestrel Point",
    "Captain of grounded ferry Aldora was on his first night alone",
    "Inquiry opens into grounding of the Aldora at Kestrel Point",
]
BANK = [
    "Norvik central bank raises its main rate to 4.5 percent",
    "Rate rise in Norvik surprises markets as central bank acts on prices",
    "What the Norvik central bank rate decision means for mortgages",
]
OTHERS = [
    "Rare orchid found in a quarry by schoolchildren",
    "New stadium roof opens two years late",
    "Library lends out telescopes for the winter",
    "Beavers return to the upper valley after a century",
]


def member(n: int, title: str, **changes: object) -> Member:
    """Member number n, n hours after NOW."""
    facts = {
        "url": f"https://p{n}.example/{n}",
        "title": title,
        "published": NOW + timedelta(hours=n),
        "language": "en",
    }
    return Member(**facts | changes)


def place(live: list[Member], new: list[Member], days: int, **changes: object) -> tuple[Membership, ...]:
    return cluster.place(live, new, days, at=NOW, **changes).memberships


def mixed() -> list[Member]:
    titles = [title for group in zip(FERRY, [*BANK, OTHERS[0]], OTHERS, strict=True) for title in group]
    return [member(n, title) for n, title in enumerate(titles)]


def stories(memberships: tuple[Membership, ...] | list[Membership], titles: list[str]) -> set[str]:
    urls = {one.url for one in mixed() if one.title in titles}
    return {one.story for one in memberships if one.url in urls}


def test_reports_of_one_event_are_one_story():
    """Four reports on a ferry and three on a bank make two stories, and what is alone stays alone."""
    found = place([], mixed(), days=14)

    assert 1 == len(stories(found, FERRY))
    assert 1 == len(stories(found, BANK))
    assert 3 == len(stories(found, OTHERS[1:]))
    assert stories(found, FERRY).isdisjoint(stories(found, BANK))


def test_the_order_of_the_new_makes_no_difference():
    few = mixed()[:6]
    first = place([], few, days=14)

    assert sorted(few, key=lambda m: (m.published, m.url)) == [m for one in first for m in few if m.url == one.url]
    assert all(place([], order, days=14) == first for order in permutations(few))


def test_a_story_is_named_by_the_article_that_opened_it():
    """Its id is the first 12 hex digits of the SHA-256 of that URL."""
    opener = mixed()[0]
    found = place([], mixed(), days=14)

    assert {sha256(opener.url.encode()).hexdigest()[:12]} == stories(found, FERRY)


def test_new_articles_join_live_stories_and_live_ids_stay():
    live = [member(n, title, story="aaaaaaaaaaaa") for n, title in enumerate(FERRY[:2])]
    live += [member(10 + n, title, story=f"bbbbbbbbbbb{n}") for n, title in enumerate(OTHERS)]

    found = place(live, [member(20, FERRY[3])], days=14)

    assert ["aaaaaaaaaaaa"] == [one.story for one in found]


def test_the_window_closes():
    """A story takes nothing more than `days` after its last member."""
    live = [
        member(0, FERRY[0], story="aaaaaaaaaaaa"),
        *(member(1 + n, title, story=title) for n, title in enumerate(OTHERS)),
    ]

    early = place(live, [member(24 * 13, FERRY[1])], days=14)
    late = place(live, [member(24 * 15, FERRY[1])], days=14)

    assert "aaaaaaaaaaaa" == early[0].story
    assert "aaaaaaaaaaaa" != late[0].story


def test_languages_do_not_mix():
    """The same words under two languages are two stories; `en-GB` is `en`."""
    found = place(
        [], [member(1, FERRY[0]), member(2, FERRY[0], language="de"), member(3, FERRY[0], language="en-GB")], 14
    )

    assert found[0].story == found[2].story
    assert found[0].story != found[1].story


def test_a_twin_goes_to_its_originals_story():
    """Whatever its words and its language, without a threshold, with the original as its nearest."""
    original, other = member(1, FERRY[0]), member(2, OTHERS[0], language="de")

    found = place([], [original, other], days=14, twins={other.url: original.url})

    assert found[0].story == found[1].story
    assert (original.url, 0.0) == (found[1].nearest, found[1].threshold)


def test_the_explanation_is_the_arithmetic():
    """Who joined was over the threshold and over the runner-up; who opened a story was below it; terms are shared."""
    found = list(stream(mixed(), days=14))
    joined = [one for one in found if one.nearest]
    opened = [one for one in found if not one.nearest]

    assert joined and all(
        one.similarity >= one.threshold and one.similarity >= one.runner_up_similarity for one in joined
    )
    assert all(one.similarity == 0.0 and one.runner_up_similarity < one.threshold for one in opened)
    captain = next(one for one in joined if "Captain" in mixed()[int(one.url.rsplit("/", 1)[1])].title)
    assert "aldora" in captain.terms


def test_identical_articles_have_a_similarity_of_one():
    found = list(stream([member(1, FERRY[0]), member(2, OTHERS[0]), member(3, FERRY[0])], days=14))

    assert found[2].story == found[0].story
    assert found[2].similarity > 0.97


def test_the_stream_knows_only_what_came_before():
    """What it says of the first half is the same without the second."""
    assert list(stream(mixed()[:6], 14)) == list(stream(mixed(), 14))[:6]


def test_the_final_grouping_merges_and_keeps_the_order():
    """Two stories that a third report ties together are one in the end; why each joined stays as it was."""
    parts = [
        member(1, "Aldora aground off Kestrel Point"),
        member(2, "Rescue boats take 210 passengers ashore in gale"),
        member(3, "Gale: rescue boats took 210 passengers off the Aldora, aground at Kestrel Point"),
        *(member(4 + n, title) for n, title in enumerate(OTHERS)),
    ]

    arrival, end = list(stream(parts, 14)), final(parts, 14)

    assert [one.url for one in arrival] == [one.url for one in end]
    assert arrival[0].story != arrival[1].story
    assert {arrival[0].story} == {one.story for one in end[:3]}
    assert [(one.terms, one.threshold) for one in arrival] == [(one.terms, one.threshold) for one in end]


def test_items_of_a_series_are_not_one_story():
    """One provider's weekly report opens a story each week; another provider's report of the day joins."""
    first = member(0, "Weekly fuel prices: petrol down, diesel unchanged", provider="fuel.example")
    other = member(3, "Weekly fuel prices: petrol down, diesel the same", provider="town.example")
    second = member(24 * 7, "Weekly fuel prices: petrol up, diesel unchanged", provider="fuel.example")
    rest = [member(200 + n, title) for n, title in enumerate(OTHERS)]

    alone = place([], [first, second, *rest], days=14)
    joined = place([], [first, other, *rest], days=14)

    assert alone[0].story != alone[1].story
    assert joined[0].story == joined[1].story


def test_scripts_without_spaces_are_grouped():
    titles = [
        "汉阳地铁隧道塌陷 三百居民疏散",
        "汉阳隧道塌陷事故原因查明",
        "图书馆冬季开放天文望远镜",
        "新体育场屋顶开启",
    ]

    found = place([], [member(n, title, language="zh") for n, title in enumerate(titles)], days=14)

    assert found[0].story == found[1].story
    assert 3 == len({one.story for one in found})


def test_strange_input_is_harmless():
    """No words at all, a title of one endless word, and dates at the ends of time."""
    odd = [
        member(1, ""),
        member(2, "…!?"),
        member(3, "x" * 100_000, published=NOW.replace(year=1)),
        member(4, "''''’’’", published=NOW.replace(year=9999)),
    ]

    assert 4 == len(place([], odd, days=14))
    assert 4 == len(final(odd, days=14))
    assert () == place([], [], days=14)


def grouped(live: list[Member], new: list[Member], **changes: object) -> cluster.Grouped:
    return cluster.place(live, new, 14, at=NOW, **changes)


def parted() -> tuple[list[Member], Member]:
    """Two stories of a cycle before, and a report that ties them together."""
    live = [
        member(1, "Aldora aground off Kestrel Point", story="aaaaaaaaaaaa"),
        member(2, "Aldora: what we know", story="aaaaaaaaaaaa"),
        member(3, "Rescue boats take 210 passengers ashore in gale", story="bbbbbbbbbbbb"),
        *(member(4 + n, title, story=title) for n, title in enumerate(OTHERS)),
    ]
    return live, member(9, "Gale: rescue boats took 210 passengers off the Aldora, aground at Kestrel Point")


def test_stories_of_earlier_cycles_are_merged_with_an_event():
    """The larger one keeps its id; the event says which went where, when and why, and its parts are the similarity."""
    live, tie = parted()

    found = grouped(live, [tie])
    (event,) = found.regroupings

    assert ("bbbbbbbbbbbb", "aaaaaaaaaaaa", (), NOW) == (event.story, event.into, event.urls, event.at)
    assert event.similarity >= event.threshold > 0
    assert abs(sum(part.value for part in event.parts) - event.similarity) < 1e-9
    assert ["aaaaaaaaaaaa"] == [one.story for one in found.memberships]


def test_a_printed_story_keeps_its_id():
    """Whatever the size of the one that goes into it."""
    live, tie = parted()

    (event,) = grouped(live, [tie], printed=["bbbbbbbbbbbb"]).regroupings

    assert ("aaaaaaaaaaaa", "bbbbbbbbbbbb") == (event.story, event.into)


def test_what_an_editor_parted_stays_apart():
    """Stories with such a pair are not merged, and an article does not join the other's story."""
    live, tie = parted()

    kept = grouped(live, [tie], apart=[(live[2].url, live[0].url)])
    alone = grouped(live, [tie], apart=[(tie.url, one.url) for one in live[:3]])

    assert () == kept.regroupings
    assert alone.memberships[0].story not in {"aaaaaaaaaaaa", "bbbbbbbbbbbb"}


def test_what_an_editor_put_together_stays_together():
    """A new article goes to the story of its pair, however little they share."""
    live, _ = parted()
    new = member(9, "Weather records from a lighthouse")

    found = grouped(live, [new], together=[(new.url, live[3].url)])

    assert [live[3].story] == [one.story for one in found.memberships]


def test_vocabularies_carry_on():
    """A cycle that has what the cycle before kept groups as one that sees all articles at once."""
    first, second = mixed()[:6], mixed()[6:]

    before = grouped([], first)
    story = {one.url: one.story for one in before.memberships}
    live = [msgspec.structs.replace(one, story=story[one.url]) for one in first]
    after = cluster.place(live, second, 14, vocabularies=before.vocabularies, at=NOW)

    assert [one.story for one in place([], mixed(), 14)] == [
        one.story for one in (*before.memberships, *after.memberships)
    ]


def test_parts_and_shares_explain_the_similarity():
    """The parts by feature add up to it, and the terms' shares to no more than what words gave."""
    joined = [one for one in stream(mixed(), days=14) if one.nearest]

    assert all(abs(sum(part.value for part in one.parts) - one.similarity) < 1e-9 for one in joined)
    for one in joined:
        words = next(part.value for part in one.parts if part.name == "words")
        assert len(one.terms) == len(one.shares)
        assert 0 < sum(one.shares) <= words + 1e-9


def test_what_a_provider_writes_above_every_story_brings_none_together():
    """Words of a provider's own titles lose their rarity for that provider, story after story, and for no other."""
    habits = Habits()
    for slot in range(12):
        habits.note([1, 2, 100 + slot], slot)

    said, seldom, never = habits.rarer([1, 107, 999], [6.0, 6.0, 6.0])

    assert (6.0, 6.0) == (seldom, never)
    assert math.log(16 / 11) == pytest.approx(said)


def test_many_articles_of_one_story_are_no_habit():
    """Who reports ten times on one event keeps the words of it."""
    habits = Habits()
    for _ in range(10):
        habits.note([1], 7)

    assert [6.0] == habits.rarer([1], [6.0])


def test_habits_are_bounded():
    """A provider of ever new words is not remembered for ever; what it repeats is."""
    habits = Habits()
    for slot in range(20_000):
        habits.note([1, 10 + slot], slot)

    assert len(habits.stories) <= REMEMBERED + 2
    assert 20_000 == habits.stories[1][0]


def test_the_words_of_an_address_count():
    """Whose headline plays with words may still have the names in its address; a number or a section says nothing."""
    assert "ferry aldora aground kestrel" == cluster.slug(
        "https://p.example/2026/03/ferry-aldora-aground-off-kestrel-3141"
    )
    assert "" == cluster.slug("https://p.example/news/6646224") == cluster.slug("https://p.example/")
    rest = [member(200 + n, title) for n, title in enumerate(OTHERS)]
    said = [member(n, title, published=NOW) for n, title in enumerate(FERRY[:2])]
    quip = "How not to park"

    without = place([], [*said, member(5, quip), *rest], days=14)
    found = place([], [*said, member(5, quip, slug="ferry aldora aground kestrel point"), *rest], days=14)

    def where(placed, url):
        return next(one.story for one in placed if one.url == url)

    assert where(without, "https://p5.example/5") != where(without, "https://p0.example/0")
    assert where(found, "https://p5.example/5") == where(found, "https://p0.example/0")
