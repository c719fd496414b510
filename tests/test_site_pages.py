"""The pages around the stories: providers, days, archive, search, subscribing, corrections, how it is made."""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urljoin, urlsplit

import msgspec
import pytest
from lxml import html
from msgspec.structs import replace

from broadsheet import plugins
from broadsheet.outputs import site
from broadsheet.outputs._stories import NEVER, provider_page
from broadsheet.outputs.site._lists import addresses
from broadsheet.outputs.site.search import index
from broadsheet.types import Change, Edition, Front, Picture, Printing, Publication, Source, Story, Topic, Withdrawn

from . import coast
from .build import NOW, article, provider, story

HOSTILE = '</script><script>window.__pwned=1</script>" onload="x\x00\x1b [a](javascript:x) `# *'
FIRST, SECOND, THIRD = (datetime(2026, 2, day, 18, 30, tzinfo=UTC) for day in (26, 27, 28))
OURS = ("day/", "archive/", "provider/", "search/", "subscribe/", "corrections/", "about/", "llms.txt")


def pages(edition: Edition) -> dict[str, str]:
    return {file.path: file.data.decode() for file in site.render(edition)}


def read(page: str) -> html.HtmlElement:
    return html.document_fromstring(page)


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def printing(of: Story, at: datetime, **changes: Any) -> Printing:
    lead = of.lead
    facts = {
        "story": of.id,
        "name": of.name,
        "at": at,
        "url": lead.url,
        "title": lead.title,
        "excerpt": lead.excerpt,
        "web_url": lead.web_url,
        "language": lead.language,
        "published": lead.published,
        "provider": lead.provider,
        "topics": lead.topics,
    }
    return Printing(**facts | changes)


def three_days(**changes: Any) -> Edition:
    """Stories 1 to 4 printed on the first day, 5 and 6 on the second, 7 on the third; fronts by number."""
    stories = {number: coast.story(number) for number in range(1, 8)}
    at = {1: FIRST, 2: FIRST, 3: FIRST, 4: FIRST, 5: SECOND, 6: SECOND, 7: THIRD}
    facts = {
        "stories": tuple(stories.values()),
        "printings": tuple(printing(stories[number], moment) for number, moment in at.items()),
        "fronts": (front(FIRST, 3, 1, 2, 4), front(SECOND, 5, 3, 6), front(THIRD, 7, 5)),
        "now": THIRD,
    }
    return coast.edition(**facts | changes)


def front(at: datetime, *numbers: int) -> Front:
    return Front(at=at, stories=tuple(f"s{number}" for number in numbers))


def day(moment: datetime) -> str:
    return f"day/{moment:%Y/%m/%d}/index.html"


@pytest.fixture(scope="module")
def printed() -> dict[str, str]:
    return pages(three_days())


# --- days ------------------------------------------------------------------------------------------------------------


def test_a_day_shows_its_last_front_page_in_order_with_its_time(printed):
    """The front page of the day as a ranked list, headlines linking to the originals, and when that was."""
    tree = read(printed[day(FIRST)])
    told = [(words(a), a.get("href")) for a in tree.xpath("//ol[@class='ranked']/li/h3/a")]
    leads = [coast.story(number).lead for number in (3, 1, 2, 4)]
    assert [(lead.title, lead.web_url) for lead in leads] == told
    assert "The front page at 18:30 UTC" == words(tree.xpath("//h2[@id='front']")[0])
    assert "Thursday, 26 February 2026" == words(tree.xpath("//h1")[0])


def test_a_day_lists_everything_first_printed_on_it(printed):
    """What was printed for the first time that day, and nothing of other days, in the order of its printing."""
    river = read(printed[day(SECOND)]).xpath("//section[contains(@class, 'river')]//li//a")
    assert [coast.story(number).lead.title for number in (6, 5)] == [words(a) for a in river]


def test_a_day_of_the_past_stays_as_it_was_byte_for_byte():
    """Neither a changed headline, provider and score of a story nor further days change the page of a day."""
    before = pages(three_days())
    first = coast.story(1)
    lead = replace(first.lead, title="Barge sinks", provider=provider("barge.example"), excerpt="", language="fr")
    changed = replace(first, articles=(lead, *first.related), heat=7, rank=7)
    edition = three_days()
    stories = (changed, *edition.stories[1:], coast.story(8), coast.story(9))
    fourth, fifth = THIRD + timedelta(days=1), THIRD + timedelta(days=2)
    later = replace(
        edition,
        stories=stories,
        printings=(*edition.printings, printing(stories[-2], fourth), printing(stories[-1], fifth)),
        fronts=(*edition.fronts, front(fourth, 8), front(fifth, 9)),
    )
    after = pages(later)
    assert {moment: before[day(moment)] for moment in (FIRST, SECOND)} == {
        moment: after[day(moment)] for moment in (FIRST, SECOND)
    }
    assert "Barge sinks" in after["index.html"]


def test_the_newest_day_changes_once_when_there_is_a_day_after_it():
    """It gains the link to the next day and the time of its last front page together, and then stays."""
    edition = three_days()
    two = replace(edition, printings=edition.printings[:-1], stories=edition.stories[:-1], fronts=edition.fronts[:2])
    open_page, closed = pages(two)[day(SECOND)], pages(edition)[day(SECOND)]
    assert [] == read(open_page).xpath("//a[@rel='next']")
    assert ["../../../../day/2026/02/28/"] == read(closed).xpath("//a[@rel='next']/@href")
    assert ["../../../../day/2026/02/26/"] == read(closed).xpath("//a[@rel='prev']/@href")
    assert "so far" in words(read(open_page).xpath("//h2[@id='front']")[0])


def test_time_alone_changes_no_page(printed):
    """A later edition of the same day, and one of a day without news, print the same bytes: no day page is new."""
    edition = three_days()
    evening, quiet = THIRD + timedelta(hours=5), THIRD + timedelta(days=3)
    later = replace(edition, now=evening, fronts=(*edition.fronts[:2], front(evening, 7, 5)))
    without_news = replace(edition, now=quiet, fronts=(*edition.fronts, front(quiet, 7, 5)))
    assert printed == pages(later)
    assert printed == pages(without_news)


def test_what_is_withdrawn_leaves_without_a_trace():
    """Its headline, its page and its name are on no page; a day that had nothing else has none any more."""
    edition = three_days()
    gone = coast.story(7)
    withdrawn = (Withdrawn(story=gone.id, name=gone.name, state="canceled", at=NOW, note="Asked for by its author"),)
    found = pages(replace(edition, stories=edition.stories[:-1], withdrawn=withdrawn))
    assert day(THIRD) not in found
    assert not [path for path, page in found.items() if gone.lead.title in page or f"{gone.name}/" in page]


def test_a_merged_story_shows_the_one_it_went_into():
    """On a front page of the past the other stands in its place, once, as it was first printed; links still lead."""
    edition = three_days()
    taking = replace(edition.stories[4], merged=("s1", "s3"), merged_names=(coast.story(1).name, coast.story(3).name))
    stories = (edition.stories[1], edition.stories[3], taking, *edition.stories[5:])
    tree = read(pages(replace(edition, stories=stories))[day(FIRST)])
    told = [words(a) for a in tree.xpath("//ol[@class='ranked']/li/h3/a")]
    assert [coast.story(number).lead.title for number in (5, 2, 4)] == told
    assert 2 == len(tree.xpath("//section[contains(@class, 'river')]//li"))


def test_headlines_of_a_day_say_their_language_and_direction(printed):
    """Story 5 is in Arabic: its headline says so in both lists."""
    tree = read(printed[day(SECOND)])
    assert 2 == len(tree.xpath("//*[@lang='ar' and @dir='rtl'][.//a]"))


# --- archive ---------------------------------------------------------------------------------------------------------


def test_the_archive_counts_stories_by_day_newest_first(printed):
    """Every day with a page is linked, with how many stories were first printed on it."""
    days = read(printed["archive/index.html"]).xpath("//div[@class='months']//li/a")
    assert [
        ("../day/2026/02/28/", "Saturday, 28 February 1 story"),
        ("../day/2026/02/27/", "Friday, 27 February 2 stories"),
        ("../day/2026/02/26/", "Thursday, 26 February 4 stories"),
    ] == [(a.get("href"), words(a)) for a in days]


def test_the_archive_splits_by_year_when_there_are_more_than_two():
    """Three years: the first page has the newest and links to a page for each; two years stand on one page."""
    stories = [coast.story(number) for number in (1, 2, 3)]
    at = [datetime(year, 5, 4, tzinfo=UTC) for year in (2024, 2025, 2026)]
    printings = tuple(printing(one, moment) for one, moment in zip(stories, at, strict=True))
    three = pages(coast.edition(stories=tuple(stories), printings=printings))
    two = pages(coast.edition(stories=tuple(stories[:2]), printings=printings[:2]))
    main = read(three["archive/index.html"])
    assert ["../archive/2026/", "../archive/2025/", "../archive/2024/"] == main.xpath("//ul[@class='chips']//a/@href")
    assert ["../day/2026/05/04/"] == main.xpath("//div[@class='months']//a/@href")
    assert ["../../day/2024/05/04/"] == read(three["archive/2024/index.html"]).xpath("//div[@class='months']//a/@href")
    assert ["archive/index.html"] == [path for path in two if path.startswith("archive/")]
    assert 2 == len(read(two["archive/index.html"]).xpath("//div[@class='months']//a"))


# --- providers -------------------------------------------------------------------------------------------------------


def test_every_provider_of_a_printed_story_has_a_page(printed):
    """Of leads and of other members; the list of providers links to each."""
    domains = {a.provider.domain for number in range(1, 8) for a in coast.story(number).articles}
    assert {f"provider/{domain}/index.html" for domain in domains} == {
        path for path in printed if path.startswith("provider/") and path != "provider/index.html"
    }
    links = read(printed["provider/index.html"]).xpath("//ul[@class='sources']//a/@href")
    assert {f"../provider/{domain}/" for domain in domains} == set(links)


def test_a_provider_page_counts_stories_leads_and_first_reports():
    """Two of three stories, one of them led, one reported first although another leads it."""
    early = article(9, provider=provider("quay.example", owner="Quay Group"), url="https://quay.example/9")
    stories = (
        story(article(1), early, id="s1", name="2026-03-02-one"),
        story(article(2, provider=provider("quay.example")), id="s2", name="2026-03-02-two"),
        story(article(3), id="s3", name="2026-03-02-three"),
    )
    tree = read(pages(coast.edition(stories=stories))["provider/quay.example/index.html"])
    facts = [(words(dt), words(dd)) for dt, dd in zip(tree.xpath("//dt"), tree.xpath("//dd"), strict=True)]
    assert [
        ("In stories printed here", "2 67 % of all"),
        ("Leads", "1"),
        ("First to report, where others followed", "1"),
    ] == facts
    assert ["https://quay.example/"] == tree.xpath("//div[contains(@class, 'head')]//a[starts-with(@href, 'h')]/@href")


def test_a_provider_page_names_owner_and_shows_the_logo_that_is_kept():
    """The owner is what the registry has; the logo is a file of ours; without either there is nothing."""
    owned = article(1, provider=provider("quay.example", owner="Quay Group"))
    logo = Picture(url="x", use="logo", state="kept", width=200, height=200, hash="ab12", fetched_at=NOW)
    edition = coast.edition(stories=(story(owned),), logos={"quay.example": logo})
    tree = read(pages(edition)["provider/quay.example/index.html"])
    plain = read(pages(coast.edition(stories=(story(),)))["provider/harbour.example/index.html"])
    assert ["../../images/ab/ab12-400x400.png"] == tree.xpath("//main//img/@src")
    assert "quay.example · owned by Quay Group" == words(tree.xpath("//p[@class='byline']")[0])
    assert [] == plain.xpath("//main//img")
    assert "owned" not in words(plain)


def test_a_provider_page_has_thirty_stories_newest_first():
    """Of forty the newest thirty, in that order; each with how many sources its story has."""
    stories = tuple(story(article(n), id=f"s{n}", name=f"2026-03-02-story-{n}") for n in range(1, 41))
    tree = read(pages(coast.edition(stories=stories))["provider/harbour.example/index.html"])
    told = [words(a) for a in tree.xpath("//ul[@class='ranked']/li/h3/a")]
    assert [f"Ferry line number {n} opens" for n in range(1, 31)] == told
    assert "1 source" == words(tree.xpath("//ul[@class='ranked']/li/p/a")[0])


@pytest.mark.parametrize(
    ("domain", "page"),
    [
        ("harbour.example", "provider/harbour.example/"),
        ("xn--bcher-kva.example", "provider/xn--bcher-kva.example/"),
        ("127.0.0.1", "provider/127.0.0.1/"),
        ("console.example", "provider/console.example/"),
        ("[::1]", ""),
        ("con.example", ""),
        ("lpt1", ""),
        ("../../etc", ""),
        ("a..example", ""),
        (".git", ""),
        ("a.example/b", ""),
        ("a\u202e.example", ""),
        (f"{'a' * 201}", ""),
        ("", ""),
    ],
)
def test_a_domain_is_a_folder_only_where_any_file_system_takes_it(domain, page):
    """Names that Windows keeps, steps upwards, empty labels and what is no host name have no page."""
    assert page == provider_page(domain)


def test_a_provider_without_a_page_breaks_nothing():
    """Its story is printed, and nothing links to a page of it."""
    found = pages(coast.edition(stories=(story(article(provider=provider("[::1]", name="Loop"))),)))
    assert ["provider/index.html"] == [path for path in found if path.startswith("provider/")]


# --- search ----------------------------------------------------------------------------------------------------------


def test_the_index_has_an_array_a_story_newest_first(printed):
    """Title, provider, day, page and ids of topics; the names of topics stand once."""
    found = msgspec.json.decode(printed["search/index.json"])
    newest = max(three_days().stories, key=lambda one: one.lead.published)
    lead = newest.lead
    assert {"topics", "stories"} == set(found)
    assert [
        lead.title,
        lead.provider.name,
        f"{lead.published:%Y-%m-%d}",
        f"story/{newest.name}/",
        ["coast", "ferries", "electric-ferries"],
    ] == found["stories"][0]
    assert "Electric ferries" == found["topics"]["electric-ferries"]
    assert sorted((line[2] for line in found["stories"]), reverse=True) == [line[2] for line in found["stories"]]


def test_a_large_index_is_split_by_year_and_a_large_year_by_month():
    """Beyond 5,000 stories (here 3) the first file is a list of the others; together they have every story once."""
    times = [datetime(2026, 3, 1, tzinfo=UTC), *(datetime(2025, month, 1, tzinfo=UTC) for month in (1, 1, 2, 2))]
    stories = tuple(
        story(article(n, published=at), id=f"s{n}", name=f"2026-03-02-story-{n}") for n, at in enumerate(times)
    )
    found = {file.path: msgspec.json.decode(file.data) for file in index(coast.publication(), stories, whole=3)}
    assert ["2026.json", "2025-02.json", "2025-01.json"] == found["search/index.json"]["parts"]
    assert "stories" not in found["search/index.json"]
    lines = [line for name in found["search/index.json"]["parts"] for line in found[f"search/{name}"]]
    assert [f"story/2026-03-02-story-{n}/" for n in (0, 3, 4, 1, 2)] == [line[3] for line in lines]


def test_only_the_search_page_may_run_a_script_and_only_ours(printed):
    """Its policy allows files of this site alone; no other page allows any script."""
    for path, page in printed.items():
        if path.endswith(".html"):
            tree = read(page)
            policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
            scripts = tree.xpath("//script[@src]/@src")
            if path == "search/index.html":
                assert "script-src 'self'; connect-src 'self'; form-action 'none'" in policy
                assert ["search.js"] == scripts
            else:
                assert [] == scripts, path
                assert [] == re.findall(r"(?:script|worker)-src", policy), path
                assert "form-action 'none'" in policy, path
    assert len(printed["search/search.js"].encode()) <= 5_000
    assert not re.search(r"innerHTML|eval|document\.write|https?:", printed["search/search.js"])


def test_without_a_script_the_search_page_leads_to_archive_and_topics(printed):
    """It says so in words; the form is hidden until the script shows it."""
    tree = read(printed["search/index.html"])
    assert "needs JavaScript" in words(tree.xpath("//noscript")[0])
    assert tree.xpath("//form[@role='search' and @hidden]")
    links = tree.xpath("//main//ul[@class='chips']//a/@href")
    assert ["../archive/", "../provider/", "../topic/coast/"] == links[:3]
    assert 2 + len(coast.TOPICS) == len(links)


# --- subscribing, corrections, about ---------------------------------------------------------------------------------


class Mailed(Publication, frozen=True, kw_only=True):
    """A publication with a newsletter."""

    newsletter: Any = None


def mailed(url: str) -> Publication:
    return Mailed(**{**msgspec.structs.asdict(coast.publication()), "newsletter": SimpleNamespace(url=url)})


def test_subscribing_offers_the_feeds_that_are_printed(printed):
    """Of everything and of each topic below the root, in three formats; what is off is not there."""
    links = read(printed["subscribe/index.html"]).xpath("//table//td/a/@href")
    assert ["../feed.xml", "../atom.xml", "../feed.json", "../topic/ferries/feed.xml"] == links[:4]
    assert 3 * len(coast.TOPICS) == len(links)
    bare = pages(coast.edition(1, publication=coast.publication(outputs=("site", "atom", "opml"))))
    tree = read(bare["subscribe/index.html"])
    assert {"atom.xml"} == {href.rpartition("/")[2] for href in tree.xpath("//table//td/a/@href")}
    assert ["../sources.opml"] == tree.xpath("//a[contains(@href, 'opml')]/@href")


def test_a_newsletter_has_a_form_that_may_be_sent_to_it_alone():
    """The page's policy names that origin; without a newsletter there is no form."""
    found = pages(coast.edition(1, publication=mailed("https://letters.example:8443/mail/")))
    tree = read(found["subscribe/index.html"])
    assert [("post", "https://letters.example:8443/mail/subscribe")] == [
        (form.get("method"), form.get("action")) for form in tree.iter("form")
    ]
    assert ["email"] == tree.xpath("//form//input/@name")
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.endswith("form-action https://letters.example:8443")
    assert [] == list(read(pages(coast.edition(1))["subscribe/index.html"]).iter("form"))


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "letters.example", "ftp://letters.example/"])
def test_an_address_that_is_no_web_address_makes_no_form(url):
    """Where the letters cannot be reached by a web address, nothing asks for a reader's."""
    page = pages(coast.edition(1, publication=mailed(url)))["subscribe/index.html"]
    assert [] == list(read(page).iter("form"))


def changes(count: int) -> tuple[Change, ...]:
    """`count` changes of a headline, oldest first, an hour apart."""
    return tuple(
        Change(field="title", old=f"Draft {n}", new=f"Draft {n + 1}", at=NOW + timedelta(hours=n)) for n in range(count)
    )


def test_corrections_say_what_publishers_changed_newest_first():
    """From what to what and when, of a headline and of a time; the story's page is linked."""
    moved = Change(
        field="published", old="2026-03-01T10:00:00Z", new="2026-03-01T12:30:00Z", at=NOW - timedelta(days=1)
    )
    found = pages(coast.edition(stories=(story(article(language="he", changes=(moved, *changes(2)))),)))
    tree = read(found["corrections/index.html"])
    told = [
        (words(li.xpath(".//del")[0]), words(li.xpath(".//ins")[0])) for li in tree.xpath("//ul[@class='changes']/li")
    ]
    assert [
        ("Draft 1", "Draft 2"),
        ("Draft 0", "Draft 1"),
        ("1 Mar 2026, 10:00 UTC", "1 Mar 2026, 12:30 UTC"),
    ] == told
    assert "Harbour changed the headline · seen 2 Mar 2026, 13:00 UTC" in words(tree)
    assert ["he", "he"] == tree.xpath("//del/@lang")
    assert ["../story/2026-03-02-ferry-line-opens/"] * 3 == tree.xpath("//ul[@class='changes']//a/@href")


def test_corrections_are_at_most_a_hundred():
    """The newest of more; values of any length are cut."""
    long = Change(field="title", old="a " * 5_000, new="b " * 5_000, at=NOW + timedelta(days=99))
    found = pages(coast.edition(stories=(story(article(changes=(*changes(150), long))),)))
    items = read(found["corrections/index.html"]).xpath("//ul[@class='changes']/li")
    assert 100 == len(items)
    assert "Draft 149 to Draft 150" in words(items[1]).replace("From ", "")
    assert len(words(items[0])) < 900


def test_corrections_tell_a_killed_story_by_day_and_note_alone():
    """Neither its title nor its page; what is only held back is not told."""
    withdrawn = (
        Withdrawn(story="x", name="2026-03-01-secret-affair", state="canceled", at=NOW, note="The source took it back"),
        Withdrawn(story="y", name="2026-03-01-other-matter", state="canceled", at=NOW - timedelta(days=2)),
        Withdrawn(story="z", name="2026-03-01-held-thing", state="withheld", at=NOW, note="Not yet"),
    )
    page = pages(coast.edition(2, withdrawn=withdrawn))["corrections/index.html"]
    told = [words(li) for li in read(page).xpath("//ul[@class='changes']/li")]
    assert ["2 March 2026: The source took it back", "28 February 2026: a story was withdrawn."] == told
    assert not re.search("secret|affair|other-matter|held-thing|Not yet", page)


@pytest.mark.parametrize(
    ("contact", "link"),
    [
        ("desk@coast.example", ["mailto:desk@coast.example"]),
        ("https://coast.example/contact", ["https://coast.example/contact"]),
        ("Ring the bell", []),
        ("javascript:alert(1)", []),
    ],
)
def test_corrections_say_how_to_ask_for_one(contact, link):
    """A mail address and a web address are links, anything else is words."""
    page = pages(coast.edition(1, publication=coast.publication(contact=contact)))["corrections/index.html"]
    asked = read(page).xpath("//main/div/p[contains(., 'Write to')]")[0]
    assert link == asked.xpath(".//a/@href")
    assert contact.removeprefix("mailto:") in words(asked)


@pytest.mark.parametrize("profile", ["standard", "classic"])
def test_about_tells_every_factor_of_the_profile_in_its_own_words(profile):
    """Names, weights and what each counts come from the settings and from the factors themselves."""
    publication = coast.publication(profile=profile)
    tree = read(pages(coast.edition(1, publication=publication))["about/index.html"])
    for room, table in zip(("quality", "heat"), tree.xpath("//table[@class='weights']"), strict=True):
        factors = plugins.room(room).factors(publication)
        rows = table.xpath("./tbody/tr")
        assert [f"{weight:g}" for weight in factors.values()] == [words(row.xpath("./td")[0]) for row in rows]
        for name, row in zip(factors, rows, strict=True):
            said = plugins.find(room, name).__doc__.partition(": ")[2].partition("\n\n")[0].split()
            assert [word.lower() for word in said] == words(row.xpath(".//small")[0]).lower().split()


def test_about_follows_the_settings():
    """Own weights, the gate, half-lives and the share of a provider are those of the publication file."""
    publication = coast.publication(
        quality_factors={"focus": 2.5},
        heat_factors={"voices": 3.0},
        publish_at=91,
        half_life_hours=36.0,
        half_lives={"Ports": 72.0},
        provider_share=0.25,
    )
    tree = read(pages(coast.edition(1, publication=publication))["about/index.html"])
    told = words(tree)
    assert ["2.5", "3"] == [words(td) for td in tree.xpath("//table//td")]
    for said in ("heat 91 on", "every 36 hours, in Ports every 72", "more than 25 % of a page"):
        assert said in told


def test_sitemaps_are_told_of_every_page_and_when_it_changed(printed):
    """Each address is a printed page, and each page but those of settings and years has one, with its newest fact."""
    listed = dict(addresses(three_days()))
    assert {f"{path}index.html" for path in listed} == {
        path for path in printed if path.startswith(OURS) and path.endswith(".html") and not path.startswith("about/")
    }
    assert (SECOND, THIRD, THIRD) == tuple(listed[f"day/2026/02/{day}/"] for day in (26, 27, 28))
    assert (THIRD, NEVER, NEVER) == tuple(listed[f"{page}/"] for page in ("archive", "corrections", "subscribe"))
    assert NEVER not in [moment for path, moment in listed.items() if path.startswith("provider/")]


def test_an_edition_without_stories_has_every_page_that_needs_none():
    """Archive, providers, search, subscribing and corrections say that there is nothing yet; there are no days."""
    empty = coast.edition(0)
    found = pages(empty)
    listed = ["archive/", "provider/", "search/", "corrections/", "subscribe/"]
    assert [(path, NEVER) for path in listed] == list(addresses(empty))
    assert all(f"{path}index.html" in found for path in listed)
    assert "Nothing here yet" in found["archive/index.html"]
    assert "No publisher has changed a report" in found["corrections/index.html"]


def test_the_page_of_the_documentation_lists_these_files():
    """docs/reference/site.md has a row for every kind of file of the site, and none that is not printed."""
    rows = re.findall(r"^\| (`.+?`) \|", Path("docs/reference/site.md").read_text(), re.MULTILINE)
    forms = [form for row in rows for form in re.findall(r"`([^`]+)`", row)]
    digits = {
        "YYYY": r"\d{4}",
        "MM": r"\d\d",
        "DD": r"\d\d",
        "DOMAIN": r"[a-z0-9.-]+",
        "ID": "[a-z-]+",
        "NAME": "[a-z0-9-]+",
        "N": r"\d+",
    }
    kinds = {
        form: re.compile(
            re.sub(
                r"\b(?:YYYY|MM|DD|DOMAIN|ID|NAME|N)\b",
                lambda found: digits[found[0]],
                form.removeprefix("/").replace(".", r"\."),
            )
        )
        for form in forms
    }
    at = [datetime(year, 5, 4, tzinfo=UTC) for year in (2024, 2025, 2026)]
    stories = tuple(replace(coast.story(n), id=f"s{n}") for n in (1, 2, 3))
    printings = tuple(printing(one, moment) for one, moment in zip(stories, at, strict=True))
    large = tuple(
        story(article(n, published=moment), id=f"l{n}", name=f"2026-03-02-l{n}")
        for n, moment in enumerate((at[0], at[1], at[1]))
    )
    many = coast.edition().stories[3:]
    paths = list(pages(coast.edition(stories=(*stories, *many), printings=printings)))
    paths += [file.path for file in index(coast.publication(), large, whole=1)]
    found = {
        path: [form for form, kind in kinds.items() if kind.fullmatch(path.removesuffix("index.html"))]
        for path in paths
    }
    assert [] == [path for path, matching in found.items() if len(matching) != 1]
    assert set(forms) - {"share.png", "sw.js"} == {form for matching in found.values() for form in matching}


# --- all of them -----------------------------------------------------------------------------------------------------


def test_llms_txt_has_the_form_of_llmstxt_org(printed):
    """A first heading, a quotation, then lists of absolute links under headings of the second level."""
    lines = [line for line in printed["llms.txt"].split("\n") if line]
    assert ["# The Coastal Ledger", "> News of harbours, ferries and the sea between them"] == lines[:2]
    assert ["## API", "## Feeds", "## Topics", "## About"] == [line for line in lines if line.startswith("## ")]
    links = [line for line in lines[3:] if not line.startswith("## ")]
    assert all(re.fullmatch(r"- \[[^\]]+\]\(https://coast\.example/\S*\)(: .+)?", line) for line in links)
    assert "- [Tides & weather](https://coast.example/topic/tides/)" in links


def test_llms_txt_keeps_marks_of_markdown_as_text():
    """A title with brackets, or with a line that begins like a heading, makes neither."""
    publication = coast.publication(title="A](x)\n# B", description="*c*", topics=(Topic(id="t", name="[d](e)"),))
    told = pages(coast.edition(0, publication=publication))["llms.txt"]
    assert told.startswith("# A\\](x) \\# B\n\n> \\*c\\*\n")
    assert "- [\\[d\\](e)](https://coast.example/topic/t/)" in told


def test_hostile_text_stays_text():
    """Markup, quotes and control characters in whatever was fetched do nothing on any of these pages."""
    bad = article(
        title=HOSTILE,
        excerpt=HOSTILE,
        web_url="javascript:window.__pwned=1",
        language='en" onload="x',
        provider=provider(name=HOSTILE, owner=HOSTILE),
        changes=(Change(field=HOSTILE, old=HOSTILE, new=HOSTILE, at=NOW), *changes(1)),
    )
    one = story(bad)
    edition = coast.edition(
        stories=(one,),
        printings=(printing(one, FIRST),),
        fronts=(Front(at=FIRST, stories=(one.id,)),),
        withdrawn=(Withdrawn(story="x", name="y", state="canceled", at=NOW, note=HOSTILE),),
        publication=coast.publication(
            title=HOSTILE,
            description=HOSTILE,
            contact=HOSTILE,
            topics=(Topic(id="t", name=HOSTILE),),
            sources=(Source(url="https://quay.example/feed", title=HOSTILE),),
        ),
    )
    for path, page in pages(edition).items():
        if path.endswith(".html") and path.startswith(OURS):
            tree = read(page)
            assert ["search.js"] * (path == "search/index.html") == tree.xpath("//script/@src"), path
            assert [] == tree.xpath("//script[not(@src)] | //@onload"), path
            assert not [href for href in tree.xpath("//@href") if href.startswith("javascript:")], path
            assert not re.search("[\x00\x1b]", page), path
    found = msgspec.json.decode(pages(edition)["search/index.json"])
    assert found["stories"][0][0].startswith("</script><script>window")


def test_pages_have_one_heading_first_and_skip_no_level(printed):
    """One h1 each, levels in order, unique ids, and an address of their own."""
    for path, page in printed.items():
        if path.endswith(".html") and path.startswith(OURS):
            tree = read(page)
            levels = [int(h.tag[1]) for h in tree.iter("h1", "h2", "h3", "h4")]
            assert (1, 1) == (levels[0], levels.count(1)), path
            assert all(b - a <= 1 for a, b in itertools.pairwise(levels)), path
            ids = tree.xpath("//@id")
            assert len(ids) == len(set(ids)), path
            own = f"https://coast.example/{path.removesuffix('index.html')}"
            assert [own] == tree.xpath("//link[@rel='canonical']/@href"), path


def test_links_lead_to_pages_that_are_there(printed):
    """Every link below the site resolves to a printed page, or to a file of another output."""
    others = re.compile(r"(?:topic/[a-z-]+/)?(?:feed\.xml|atom\.xml|feed\.json)|api/.*|sitemap\.xml|sources\.opml")
    for path, page in printed.items():
        if not path.endswith(".html") or not path.startswith(OURS):
            continue
        for href in read(page).xpath("//a/@href"):
            goal = urlsplit(urljoin(f"https://site.invalid/{path}", href))
            if goal.netloc == "site.invalid" and not href.startswith("#"):
                found = goal.path[1:]
                found = f"{found}index.html" if not found or found.endswith("/") else found
                assert found in printed or others.fullmatch(found), (path, href)
