"""Stories that turn out to be two, and items of series: what is parted, what never is, and under which id."""

from __future__ import annotations

from datetime import timedelta

import pytest

from broadsheet import cluster
from broadsheet.cluster import Member, final
from broadsheet.cluster._grouping import Grouping
from broadsheet.stories import Arrival, story_id, trace
from broadsheet.types import Decision, Regrouping

from .build import NOW

DAM = [
    "Cracks found in the Orsova dam, valley told to leave",
    "Orsova dam: engineers lower the water behind the cracks",
    "Villagers return below Orsova dam after the cracks are sealed",
    "Who signed off the Orsova dam? Cracks were known for years",
    "Orsova dam cracks: the valley council wants an inquiry",
]
SINGER = [
    "Singer Petra Lund cancels her winter tour over illness",
    "Petra Lund tour off: fans of the singer get refunds",
    "Promoter counts losses after singer Petra Lund drops tour",
]
LATER = "Orsova dam valley: cracks inquiry begins"
MIXED = "a0a0a0a0a0a0"


def member(n: int, title: str, **changes: object) -> Member:
    """Member number n, n hours after NOW."""
    facts = {
        "url": f"https://q{n}.example/{n}",
        "title": title,
        "published": NOW + timedelta(hours=n),
        "language": "en",
    }
    return Member(**facts | changes)


def drifted() -> list[Member]:
    """A live story of two events."""
    return [member(n, title, story=MIXED) for n, title in enumerate([*DAM, *SINGER])]


def place(live: list[Member], new: list[Member], **changes: object) -> cluster.Grouped:
    return cluster.place(live, new, 14, at=NOW, **changes)


def test_a_story_of_two_events_is_parted_when_it_grows():
    """The fewer leave with an event that says who, after which similarity and below which threshold."""
    live = drifted()

    found = place(live, [member(20, LATER)])
    (event,) = found.regroupings

    assert tuple(one.url for one in live[len(DAM) :]) == event.urls
    assert (MIXED, story_id(live[len(DAM)].url), NOW) == (event.story, event.into, event.at)
    assert event.similarity < event.threshold
    assert abs(sum(part.value for part in event.parts) - event.similarity) < 1e-9
    assert [MIXED] == [one.story for one in found.memberships]


def test_a_story_of_one_event_is_not_parted():
    """Also where its reports look at it from two sides."""
    sides = [
        "Orsova dam cracks: villagers leave their homes",
        "Villagers who left their homes below Orsova dam ask about cracks",
        "Homes of Orsova villagers stand empty below the dam and its cracks",
        "Orsova dam cracks: engineers lower the water",
        "Engineers lower water at Orsova dam to reach the cracks",
        "Water below the cracks of Orsova dam, engineers say",
    ]
    live = [member(n, title, story=MIXED) for n, title in enumerate(sides)]

    found = place(live, [member(20, "Orsova dam: villagers and engineers wait for water below the cracks")])

    assert [MIXED] == [one.story for one in found.memberships]
    assert () == found.regroupings


def test_a_new_article_of_the_group_that_leaves_arrives_in_the_new_story():
    """Its own reason stays; only the story is another."""
    live = drifted()

    found = place(live, [member(20, LATER), member(21, "Singer Petra Lund on her illness and the lost tour")])

    assert [MIXED, story_id(live[len(DAM)].url)] == [one.story for one in found.memberships]
    assert found.memberships[1].similarity >= found.memberships[1].threshold


def test_events_lead_every_article_to_where_grouping_has_it():
    """What `trace` makes of the event is two stories, and the new one is named after an article that is in it."""
    live = drifted()
    (event,) = place(live, [member(20, LATER)]).regroupings

    homes = trace({one.url: Arrival("n.md", MIXED) for one in live}, [event]).homes

    assert [MIXED] * len(DAM) + [event.into] * len(SINGER) == [homes[one.url] for one in live]


def test_parting_settles():
    """Merging again changes nothing, however often."""
    grouping = Grouping(14)
    for one in drifted():
        grouping.seed(one)
    grouping.merge()
    homes, events = dict(grouping.homes), list(grouping.regroupings)
    assert 2 == len(set(homes.values()))

    for _ in range(2):
        for room in grouping.rooms.values():
            for story in room.live():
                room.touched.add(story.slot)
                story.compared = story.tested = 0
        grouping.merge()

    assert (homes, events) == (grouping.homes, grouping.regroupings)


@pytest.mark.parametrize("by", ["together", "twins"])
def test_what_belongs_together_is_not_parted(by):
    """Neither what an editor merged nor a reprint and its original."""
    live = drifted()
    pairs = [(one.url, live[0].url) for one in live[len(DAM) :]]

    found = place(live, [member(20, LATER)], **{by: dict(pairs) if by == "twins" else pairs})

    assert () == found.regroupings


def test_no_story_gets_an_id_that_is_taken():
    """Neither that of a story elsewhere nor that of a live one: the next article that opened none names it."""
    live = drifted()
    first, second, _ = live[len(DAM) :]

    (event,) = place(live, [member(20, LATER)], taken=[story_id(first.url)]).regroupings

    assert story_id(second.url) == event.into


def test_the_article_that_opened_a_story_stays_with_its_id():
    """Where it is among the fewer, nothing is parted: its id would not go with the many."""
    live = [member(n, title) for n, title in enumerate([*SINGER, *DAM])]
    story = story_id(live[0].url)
    live = [member(n, title, story=story) for n, title in enumerate([*SINGER, *DAM])]

    found = place(live, [member(20, LATER)])

    assert all(live[0].url not in event.urls for event in found.regroupings)
    assert {story} == {event.story for event in found.regroupings} | {story}


def test_a_split_after_a_parting_has_an_id_of_its_own():
    """An editor splits the article that named the parted story from the others there."""
    url = [f"https://r.example/{n}" for n in range(4)]
    home, parted = story_id(url[0]), story_id(url[2])
    came = {one: Arrival(f"n{n}.md", home) for n, one in enumerate(url)}
    event = Regrouping(at=NOW, story=home, into=parted, urls=(url[2], url[3]))
    split = Decision(kind="split", target=url[2], by="ana", at=NOW + timedelta(hours=1))

    homes = trace(came, [event], [split]).homes

    assert parted == homes[url[3]]
    assert homes[url[2]] not in {home, parted}


# --- series ---------------------------------------------------------------------------------------------------------

ITEMS = [
    "Quillon Tide Search is generally available",
    "Quillon Marsh instances are generally available",
    "Quillon Heron gateway reaches users and is generally available",
    "Quillon Otter queues are now generally available",
]
BLOG = {"provider": "quillon.example"}


def homes(members: list[Member]) -> list[str]:
    return [one.story for one in final(members, 14)]


def test_items_of_a_learnt_series_do_not_join_whoever_else_is_in_the_story():
    """What a provider's titles end with again and again is a frame; another provider's report is in the story."""
    first = [member(30 * n, title, **BLOG) for n, title in enumerate(ITEMS[:3])]
    other = member(91, "Quillon Otter queues are generally available, with limits", provider="paper.example")
    last = [
        member(90, ITEMS[3], **BLOG),
        other,
        member(120, "Quillon Plover queue archive is generally available", **BLOG),
    ]

    found = homes([*first, *last])

    assert found[3] == found[4]
    assert found[5] != found[3]


def test_a_follow_up_by_the_same_provider_joins():
    """Also one that has the same frame as its titles on other events: what it names is what the story names."""
    ours = {"provider": "valley.example"}
    before = [
        member(0, "Mayor Brandt appears in court", **ours),
        member(30, "Banker Osk appears in court", **ours),
    ]
    first = member(60, "Ferry captain Aldora appears in court", **ours)
    again = member(90, "Ferry owner Aldora appears in court", **ours)
    other = member(61, "Ferry captain Aldora in court", provider="coast.example")

    found = homes([*before, first, other, again])

    assert found[2] == found[3] == found[4]


def test_series_are_learnt_in_scripts_without_spaces():
    """A notice with the ending that the provider's notices have is another story, whoever else is in that of the last."""
    titles = [
        "机场快线今日正式开通运营",
        "白石岭隧道今日正式开通运营",
        "青木湖大桥今日正式开通运营",
        "黄沙渡大桥今日正式开通运营",
    ]
    said = "开通仪式今天上午十时在施工现场举行，建设单位介绍工程历时三年，沿线居民出行时间缩短一半。"
    items = [
        member(30 * n, title, language="zh", provider="road.example", text=said if n > 1 else "")
        for n, title in enumerate(titles)
    ]
    copy = member(61, titles[2], language="zh", provider="city.example", text=said)

    found = homes([*items[:3], copy, items[3]])

    assert found[2] == found[3]
    assert found[4] not in found[:4]
