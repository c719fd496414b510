"""Who leads a story, and which stories a page shows first."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta

import msgspec
import pytest

from broadsheet import edition, ordering
from broadsheet.outputs import site
from broadsheet.outputs.site._view import coverage
from broadsheet.types import (
    Article,
    Decision,
    Development,
    Edition,
    Front,
    Image,
    Membership,
    Placed,
    Provider,
    Story,
    Twin,
)

from .build import NOW, article, provider, publication, story

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def report(n: int, quality: int = 60, *, out: float = 0, seen: float | None = None, **changes: object) -> Article:
    """The report of provider n, out and first seen that many hours after NOW."""
    return article(
        n,
        **{
            "url": f"https://p{n}.example/",
            "provider": provider(f"p{n}.example"),
            "quality": quality,
            "published": NOW + out * HOUR,
            "first_seen": NOW + (out if seen is None else seen) * HOUR,
        }
        | changes,
    )


def gathered(*articles: Article, **changes: object) -> Story:
    """A story as it comes from gathering: by quality."""
    ordered = sorted(articles, key=lambda a: -a.quality)
    here = tuple(Membership(url=a.url, story="s1") for a in ordered)
    return story(*ordered, **{"memberships": here} | changes)


def lead(one: Story, chosen: dict[str, Decision] | None = None, **settings: object) -> str:
    return ordering.led(one, publication(**settings), chosen or {}).lead.url


def numbers(one: Story) -> dict[str, int]:
    return {url: sum(reason.points for reason in reasons) for url, reasons in one.claims.items()}


# --- the lead of a story ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("winner", "loser"),
    [
        (report(1, 70), report(2, 60)),
        (report(1, 60), report(2, 65, paywalled=True)),
        (report(1, 60), report(2, 65, agency="apnews.com", voice="apnews.com")),
        (report(1, 60, images=(Image(url="https://p1.example/a.jpg", width=900),)), report(2, 62)),
        (report(1, 60, out=40, seen=41), report(2, 63, out=0, seen=41)),
    ],
    ids=["quality", "free to read", "its own report", "a picture", "newer"],
)
def test_what_readers_are_served_best_with_leads(winner, loser):
    """Quality first; then what is not free, a copy, without a picture or older gives way to its near equal."""
    assert winner.url == lead(gathered(winner, loser))


def test_a_much_better_report_leads_whatever_speaks_against_it():
    """None of the lesser signs outweighs a report that is better by far."""
    assert report(2).url == lead(gathered(report(1, 50), report(2, 95, paywalled=True, out=-20, seen=0)))


def test_a_weaker_article_that_arrives_changes_nothing():
    """Nor one that is better by a little: who leads stays, and the claim says why."""
    held, weaker, little = report(1, 70), report(2, 40, out=1), report(3, 75, out=1)

    found = ordering.led(gathered(held, weaker, little), publication(), {})

    assert held.url == found.lead.url
    assert "present_lead" == found.claims[held.url][-1].factor
    assert numbers(found)[held.url] >= max(numbers(found).values())


def test_a_clearly_better_article_takes_the_lead():
    """By the margin, and then the first one does not come back."""
    first, better, third = report(1, 60), report(2, 66, out=1), report(3, 71, out=2)

    assert better.url == lead(gathered(first, better))
    assert better.url == lead(gathered(first, better, third))


def test_the_lead_is_what_it_was_at_every_moment_before():
    """Made again of what was known then, an older edition has its own lead: nothing that came later is in it."""
    all_of_them = [report(n, 50 + 9 * n, out=n) for n in range(5)]
    leads = [lead(gathered(*all_of_them[: n + 1])) for n in range(5)]

    assert [one.url for one in all_of_them] == leads
    assert leads[2] == lead(gathered(*(a for a in all_of_them if a.first_seen <= NOW + 2 * HOUR)))


def test_articles_of_one_cycle_have_no_lead_before_them():
    """Seen together, the best of them leads by a single point."""
    assert report(2).url == lead(gathered(report(1, 60), report(2, 61)))


def test_a_reprint_never_leads_while_the_original_is_there():
    """However good it looks, and even if it was here first."""
    copy, original = report(1, 99), report(2, 30, out=5)
    twin = Twin(url=copy.url, original=original.url, resemblance=0.9)

    assert original.url == lead(gathered(copy, original, reprints={copy.url: twin}))


def test_the_editor_decides_who_leads():
    """An act in force wins over any number; the latest of two; and it is told."""
    best, worst = report(1, 90), report(2, 10)
    acts = [Decision(kind="lead", target=one.url, by="ana", at=NOW + n * HOUR) for n, one in enumerate((best, worst))]

    found = ordering.led(gathered(best, worst), publication(), {act.target: act for act in acts})

    assert worst.url == found.lead.url
    assert "chosen by ana on 2026-03-02 13:00" == found.claims[worst.url][-1].value
    assert worst.url == lead(gathered(best, worst), {worst.url: acts[1]}, profile="classic")


def test_classic_leads_by_quality_alone():
    """The order that the story comes with stays; nobody has a claim."""
    held = gathered(report(1, 90, paywalled=True), report(2, 89, out=-5))

    assert held == ordering.led(held, publication(profile="classic"), {})


def test_coverage_stands_by_claim_and_every_claim_adds_up():
    """The others follow by what speaks for them; memberships stand in the order of their articles."""
    free, closed, copy = (
        report(1, 60),
        report(2, 62, paywalled=True),
        report(3, 55, agency="apnews.com", voice="afp.com"),
    )

    found = ordering.led(gathered(free, closed, copy), publication(), {})

    assert [free.url, closed.url, copy.url] == [a.url for a in found.articles] == [m.url for m in found.memberships]
    assert {free.url: 60, closed.url: 50, copy.url: 45} == numbers(found)


def test_a_records_related_stay_by_quality():
    """The format's law; only the site shows the order of claims."""
    free, closed, copy = (
        report(1, 60),
        report(2, 64, paywalled=True),
        report(3, 66, agency="afp.com", voice="afp.com", paywalled=True),
    )
    found = ordering.led(gathered(free, closed, copy, published=True), publication(), {})
    placed = {a.url: Placed(url=a.url, name=f"{n}.md") for n, a in enumerate(found.articles)}

    made = edition.build(publication(), [found], placed, {}, {}, NOW)

    assert [free.url, closed.url, copy.url] == [m.article.url for told in coverage(found) for m in told.members]
    (lead_record,) = (printed.record for printed in made.records if printed.record.published)
    assert [66, 64] == [related.quality for related in lead_record.related]


def test_a_storys_page_says_why_its_lead_leads():
    """Every part that counts, and their sum; a story of one report has nothing to say of it."""
    two = ordering.led(gathered(report(1, 60, paywalled=True), report(2, 40), id="s1", name="two"), publication(), {})
    alone = story(report(3, 60), id="s2", name="alone")
    made = Edition(publication=publication(half_lives={"Ferries": 72.0}), now=NOW, stories=(two, alone), updated=NOW)

    pages = {file.path: file.data.decode() for file in site.render(made)}

    table = pages["story/two/index.html"].split("Claim of the lead")[1].split("</table>")[0]
    assert ["+60", "−12", "48"] == re.findall(r"<td>([^<]+)</td>", table)
    assert "Claim of the lead" not in pages["story/alone/index.html"]
    assert "halves every 24 hours, in <span>Ferries</span> every 72." in pages["about/index.html"]


def test_what_joined_from_another_story_does_not_push_the_lead_aside():
    """A merger brings an older article of equal quality in: the page keeps its lead."""
    ours, theirs = report(1, 60, out=5), report(2, 64, out=0)
    joined = gathered(
        ours, theirs, memberships=(Membership(url=ours.url, story="s1"), Membership(url=theirs.url, story="s0"))
    )

    assert ours.url == lead(joined)


# --- the order of pages ----------------------------------------------------------------------------------------------


def ranked(n: int, rank: int, who: str = "", *, owner: str = "", **changes: object) -> Story:
    """Printed story number n with one article of provider `who`."""
    by: Provider = provider(who or f"p{n}.example", owner=owner)
    one = article(n, provider=by, first_seen=NOW - 3 * DAY)
    return story(one, **{"id": f"s{n}", "name": f"n{n:04}", "rank": rank, "published": True} | changes)


def order(stories: list[Story], fronts: tuple[Front, ...] = (), now: datetime = NOW, **settings: object) -> list[str]:
    return [s.id for s in ordering.by_rank(ordering.fronted(stories, publication(**settings), fronts, now))]


def flood(count: int = 100, others: int = 60) -> list[Story]:
    """A provider whose stories all rank above everybody's."""
    return [ranked(n, 500 - n, "mill.example") for n in range(count)] + [
        ranked(1000 + n, 200 - n) for n in range(others)
    ]


def held(stories: list[Story], page: list[str]) -> Counter[str]:
    owners = {s.id: ordering.owner(s) for s in stories}
    return Counter(owners[one] for one in page)


@pytest.mark.parametrize(("most", "share"), [(6, 0.2), (15, 0.5), (1, 0.01), (31, 1.0)])
def test_no_provider_holds_more_than_its_share_of_the_front_page(most, share):
    page = order(flood(), provider_share=share)[: ordering.FRONT]

    assert most == held(flood(), page)["mill.example"]
    assert "s0" == page[0]


def test_providers_of_one_owner_share_a_share():
    """Ten papers of one house have no more of the page than one paper."""
    stories = [ranked(n, 500 - n, f"paper{n % 10}.example", owner="house") for n in range(50)]
    stories += [ranked(1000 + n, 200 - n) for n in range(60)]

    assert 6 == held(stories, order(stories)[: ordering.FRONT])["house"]


def test_where_others_have_too_few_the_page_is_filled_evenly():
    """The share is raised one by one: three providers fill the page in equal parts, a fourth is there with all it has."""
    stories = [ranked(n + 100 * k, 500 - n - 100 * k, f"p{k}.example") for k in range(3) for n in range(40)]
    stories += [ranked(900 + n, 1 - n, "small.example") for n in range(4)]

    counts = held(stories, order(stories)[: ordering.FRONT])

    assert {"p0.example": 9, "p1.example": 9, "p2.example": 9, "small.example": 4} == dict(counts)


def test_a_page_that_is_not_full_leaves_the_order_alone():
    stories = [ranked(n, 500 - n, "mill.example") for n in range(20)] + [ranked(99, 1)]

    assert [s.id for s in stories] == order(stories)


def test_every_displacement_is_a_reason_of_the_rank():
    """The reasons of a rank add up to it, and the order is that of the ranks."""
    stories = [
        msgspec.structs.replace(s, rank_reasons=(ordering.Reason(factor="heat", value="", points=s.rank),))
        for s in flood()
    ]

    found = ordering.fronted(stories, publication(), (), NOW)

    assert all(s.rank == sum(reason.points for reason in s.rank_reasons) for s in found)
    moved = [s for s in found if s.rank_reasons[-1].factor == "provider_share"]
    assert "6 of 31 places of the front page are held by mill.example already" == moved[0].rank_reasons[-1].value
    assert 94 == len(moved)


def test_the_order_in_which_stories_come_changes_nothing():
    """And what comes back is in the order of what was given."""
    stories = flood(40, 30)
    turned = ordering.fronted(stories[::-1], publication(), (), NOW)

    assert turned[::-1] == ordering.fronted(stories, publication(), (), NOW)


def test_a_list_is_spread_over_its_pages():
    """Nothing is lost, each page keeps the given order and the share, and nobody waits longer than he must."""
    stories = flood(20, 60)

    found = ordering.spread(stories, 10, 0.2)
    pages = [[s.id for s in found[n : n + 10]] for n in range(0, 80, 10)]

    assert sorted(s.id for s in stories) == sorted(s.id for s in found)
    places = {s.id: n for n, s in enumerate(stories)}
    assert all(page == sorted(page, key=places.__getitem__) for page in pages)
    assert [2, 2, 2, 2, 2, 2, 2, 6] == [held(stories, page)["mill.example"] for page in pages]


def test_pages_of_a_topic_are_shared_out():
    """What the site prints: no page of thirty has more than six of the flood."""
    stories = []
    for n in range(200):
        who = "mill" if n % 4 else f"p{n}"
        at = NOW - n * HOUR
        one = article(n, provider=provider(f"{who}.example"), topics=("Ferries",), published=at, first_seen=at)
        stories.append(story(one, id=f"s{n}", name=f"{who}-{n}", rank=500 - n, published=True))
    made = Edition(publication=publication(), now=NOW, stories=tuple(stories), updated=NOW)

    pages = {file.path: file.data.decode() for file in site.render(made)}

    for path in ("topic/ferries/index.html", "topic/ferries/page/2/index.html"):
        shown = set(re.findall(r"story/([a-z0-9]+-\d+)/", pages[path].split("<main")[1]))
        assert (30, 6) == (len(shown), sum(name.startswith("mill") for name in shown)), path


# --- yesterday's lead ------------------------------------------------------------------------------------------------


def dated(n: int, rank: int, seen: datetime, *developed: datetime, **changes: object) -> Story:
    """A story seen first at `seen`, with a development at each further moment."""
    moments = (seen, *developed)
    articles = [
        article(100 * n + k, provider=provider(f"p{n}.example"), published=at, first_seen=at)
        for k, at in enumerate(moments)
    ]
    told = tuple(Development(url=a.url, at=a.published, novelty=1.0) for a in articles)
    facts = {"id": f"s{n}", "name": f"n{n}", "rank": rank, "published": True, "developments": told}
    return story(*articles, **facts | changes)


YESTERDAY = Front(at=NOW - DAY, stories=("s1", "s2"))


def test_what_led_yesterday_gives_way_to_todays_news():
    """However high it stands; and the reason says so."""
    old, new = dated(1, 200, NOW - 30 * HOUR), dated(2, 80, NOW - HOUR)

    found = ordering.fronted([old, new], publication(), (YESTERDAY,), NOW)

    assert ["s2", "s1"] == [s.id for s in ordering.by_rank(found)]
    reasons = [s.rank_reasons[-1] for s in found]
    assert [("lead_of_the_day", 0), ("lead_of_the_day", 121)] == [(r.factor, r.points) for r in reasons]
    assert "it led 2026-03-01, and has not developed since" == reasons[0].value


def test_yesterdays_lead_follows_at_once():
    """It stays where its rank puts it: only what leads now is put before it."""
    stories = [dated(1, 200, NOW - 30 * HOUR)] + [dated(n, 80, NOW - n * HOUR) for n in range(2, 9)]

    assert ["s2", "s1", "s3"] == order(stories, (YESTERDAY,))[:3]


def test_a_development_lets_it_lead_again():
    old, new = dated(1, 200, NOW - 30 * HOUR, NOW - 2 * HOUR), dated(2, 80, NOW - HOUR)

    assert ["s1", "s2"] == order([old, new], (YESTERDAY,))


def test_a_development_counts_once():
    """The day after it led with it, it needs another."""
    old, new = dated(1, 200, NOW - 60 * HOUR, NOW - 30 * HOUR), dated(2, 80, NOW - HOUR)
    fronts = (Front(at=NOW - 2 * DAY, stories=("s1",)), Front(at=NOW - DAY, stories=("s1",)))

    assert ["s2", "s1"] == order([old, new], fronts)


def test_the_whole_day_is_one_edition():
    """What led this morning leads this evening; days are those of the publication's time zone."""
    old, new = dated(1, 200, NOW - 30 * HOUR), dated(2, 80, NOW - HOUR)
    morning = Front(at=NOW - 11 * HOUR, stories=("s1",))  # 01:00 UTC, still yesterday in New York

    assert ["s1", "s2"] == order([old, new], (morning,))
    assert ["s2", "s1"] == order([old, new], (morning,), timezone="America/New_York")


def test_an_edition_without_news_is_that_of_before():
    """Days later, what led last leads, although others never did: nothing changes because time passes."""
    stories = [dated(1, 200, NOW - 60 * HOUR), dated(2, 80, NOW - 50 * HOUR), dated(3, 190, NOW - 55 * HOUR)]
    fronts = (Front(at=NOW - 2 * DAY, stories=("s1",)), Front(at=NOW - DAY, stories=("s2",)))

    assert ["s2", "s1", "s3"] == order(stories, fronts)
    assert ["s2", "s1", "s3"] == order(stories, fronts, NOW + 9 * DAY)


def test_an_old_piece_that_is_listed_now_is_no_news():
    """It does not take yesterday's lead down."""
    old, late = dated(1, 200, NOW - 30 * HOUR), dated(2, -900, NOW - HOUR)
    years_ago = tuple(msgspec.structs.replace(a, published=NOW - 900 * DAY) for a in late.articles)
    told = tuple(Development(url=a.url, at=a.known_at, novelty=1.0) for a in years_ago)
    late = msgspec.structs.replace(late, articles=years_ago, developments=told)

    assert ["s1", "s2"] == order([old, late], (YESTERDAY,))


def test_a_story_that_took_in_yesterdays_lead_has_led():
    """A merger is no way back to the top."""
    old, new = dated(9, 200, NOW - 30 * HOUR, merged=("s1",)), dated(2, 80, NOW - HOUR)

    assert ["s2", "s9"] == order([old, new], (YESTERDAY,))


def test_what_is_not_printed_takes_no_place():
    """Neither as news nor on the page."""
    old = dated(1, 200, NOW - 30 * HOUR)
    hidden = dated(2, 80, NOW - HOUR, published=False)

    assert (old, hidden) == ordering.fronted([old, hidden], publication(), (YESTERDAY,), NOW)
