"""The web site as files: what every page says, links to and never says."""

from __future__ import annotations

import gzip
import itertools
import re
from datetime import timedelta

import msgspec
import pytest
from lxml import html

from broadsheet.outputs import site
from broadsheet.types import Change, Development, Edition, FetchLimits, Image, Picture, Reason, Source, Topic

from . import coast
from .build import NOW, article, provider, story

OTHERS = ("provider/", "archive/", "search/", "subscribe/", "corrections/", "llms.txt")
HOSTILE = '</script><script>window.__pwned=1</script>" onload="x\x00\x1b'


def pages(edition: Edition) -> dict[str, str]:
    return {file.path: file.data.decode() for file in site.render(edition)}


def read(page: str) -> html.HtmlElement:
    return html.document_fromstring(page)


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def linked(page: str) -> dict[str, object]:
    return msgspec.json.decode(read(page).xpath("//script[@type='application/ld+json']")[0].text)


@pytest.fixture(scope="module")
def edition() -> Edition:
    return coast.edition()


@pytest.fixture(scope="module")
def printed(edition) -> dict[str, str]:
    return pages(edition)


def test_the_paths_are_those_of_the_plan(printed):
    """Front, about, 404, robots, one page a story, one a topic and more where a topic has over thirty stories.

    The others are in test_site_pages.
    """
    topics = {f"topic/{topic.id}/index.html" for topic in coast.TOPICS}
    stories = {f"story/2026-03-01-story-{n}/index.html" for n in range(1, 43)}
    rest = {
        "index.html",
        "about/index.html",
        "404.html",
        "robots.txt",
        "style.css",
        "pages.css",
        "topic/coast/page/2/index.html",
    }
    assert topics | stories | rest == {path for path in printed if not path.startswith(OTHERS)}


def test_the_page_of_a_merged_story_leads_on_and_stands_in_nobodys_place(edition, printed):
    """It says where, and is small; where another story has that page now, that story's page stays."""
    first, second, *rest = edition.stories
    names = ("2026-02-01-gone", second.name)
    moved = msgspec.structs.replace(first, merged=("a", "b"), merged_names=names)

    changed = msgspec.structs.replace(edition, stories=(moved, second, *rest))
    found = pages(changed)

    assert sorted({*printed, "story/2026-02-01-gone/index.html"}) == sorted(file.path for file in site.render(changed))
    page = found["story/2026-02-01-gone/index.html"]
    assert len(page) < 1_500
    assert [f"../../story/{first.name}/"] == read(page).xpath("//a/@href")
    assert first.lead.title in words(read(page))


def test_a_later_clock_alone_changes_no_byte(edition, printed):
    """The moment of printing is on no page."""
    assert printed == pages(msgspec.structs.replace(edition, now=NOW + timedelta(days=2)))


def test_a_changed_story_touches_only_pages_that_show_it(edition, printed):
    """A new headline and a new time of the edition leave the pages of other stories and topics alone."""
    first = edition.stories[20]
    lead = msgspec.structs.replace(first.lead, title="Battery barge sinks")
    changed = msgspec.structs.replace(first, articles=(lead,))
    stories = (*edition.stories[:20], changed, *edition.stories[21:])
    again = pages(msgspec.structs.replace(edition, stories=stories, updated=NOW))
    topics = {f"topic/{name}/index.html" for name in ("coast", "ferries", "electric-ferries")}
    lists = {"search/index.json", f"provider/{lead.provider.domain}/index.html"}
    pages_of_it = {"index.html", f"story/{first.name}/index.html"} | topics | lists
    assert pages_of_it == {p for p in again if again[p] != printed[p]}


def test_the_front_page_stays_within_its_budget(printed):
    """At most 60 KB with its style, 15 KB of them packed, for 31 stories; no script to run, no file of another host."""
    front, style = printed["index.html"].encode(), printed["style.css"].encode()
    assert len(front) + len(style) <= 60_000
    assert len(gzip.compress(front)) + len(gzip.compress(style)) <= 15_000
    tree = read(printed["index.html"])
    assert ["application/ld+json"] == [script.get("type") for script in tree.iter("script")]
    assert ["style.css"] == tree.xpath("//link[@rel='stylesheet']/@href")
    assert [] == tree.xpath("//img | //iframe | //object | //style | //*[@style]")
    assert "url(" not in printed["style.css"]
    assert [] == [a for element in tree.iter() for a in element.attrib if str(a).startswith("on")]


def test_a_story_page_stays_within_its_budget(printed):
    """At most 14 KB, and there are stories of seven articles over several days among them."""
    sizes = {path: len(page.encode()) for path, page in printed.items() if path.startswith("story/")}
    assert 42 == len(sizes)
    assert max(sizes.values()) <= 14_000


def test_the_front_page_follows_the_rank(edition, printed):
    """Headlines come in the order of the edition and link to the originals, a video without one to its page here."""
    tree = read(printed["index.html"])
    told = [(words(a), a.get("href")) for a in tree.xpath("//article//h3/a")]
    shown = edition.stories[: len(told)]
    assert 31 == len(told)
    assert [(" ".join(s.lead.title.split()), s.lead.web_url) for s in shown] == told
    video = read(pages(coast.edition(stories=(coast.story(42),)))["index.html"])
    assert ["story/2026-03-01-story-42/"] == [a.get("href") for a in video.xpath("//article//h3/a")]


def test_a_card_names_other_providers_and_counts_sources(printed):
    """More links to other providers' articles with their headline as title; the count links to the story's page."""
    card = read(printed["index.html"]).xpath("//article[.//a[contains(., 'Floating turbines')]]")[0]
    more = card.xpath(".//p[@class='more']/a")
    assert ["Harbour Post", "Marlin"] == [words(a) for a in more]
    assert more[0].get("title").startswith("Analysis: Floating turbines")
    tally = card.xpath(".//p[@class='tally']/a")[0]
    assert ("3 sources", "story/2026-03-01-story-2/") == (words(tally), tally.get("href"))
    assert tally.get("aria-label").startswith("3 sources: Floating turbines")
    assert "heat 171" in words(card)


def test_headings_are_in_order_and_there_is_one_first(printed):
    """Every page has one h1 and no level is skipped on the way down; ids are unique."""
    for path, page in printed.items():
        if path.endswith(".html"):
            tree = read(page)
            levels = [int(h.tag[1]) for h in tree.iter("h1", "h2", "h3", "h4")]
            assert 1 == levels.count(1), path
            assert all(b - a <= 1 for a, b in itertools.pairwise(levels)), path
            ids = tree.xpath("//@id")
            assert len(ids) == len(set(ids)), path


@pytest.mark.parametrize(
    ("number", "language", "direction"), [(5, "ar", "rtl"), (13, "he", "rtl"), (7, "ja", None), (2, None, None)]
)
def test_headlines_say_their_language_and_direction(printed, number, language, direction):
    """A headline carries lang and dir of its article, on the front page and on its own, where they are not those of
    the page, which is in English."""
    title = coast.story(number).lead.title
    for page in (printed["index.html"], printed[f"story/2026-03-01-story-{number}/index.html"]):
        heading = next(h for h in read(page).iter("h1", "h3") if words(h) == title)
        assert (language, direction) == (heading.get("lang"), heading.get("dir"))


def test_times_are_absolute_and_in_utc(printed):
    """Every time element has a machine form in UTC; the date line reads as words."""
    tree = read(printed["index.html"])
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", moment) for moment in tree.xpath("//time/@datetime"))
    assert "Monday, 2 March 2026" in words(tree)
    assert "Updated 11:53 UTC" in words(tree)
    assert "2 Mar 2026, 10:25 UTC" in words(read(printed["story/2026-03-01-story-1/index.html"]))


def test_a_story_page_explains_its_numbers(printed):
    """The points of each table add up to the total below them, and the gate says why it is printed."""
    tree = read(printed["story/2026-03-01-story-1/index.html"])
    for table, total in zip(tree.iter("table"), (214, 65), strict=True):
        points = [int(words(td).replace("−", "-")) for td in table.xpath("./tbody//td")]
        assert (total, total) == (sum(points), int(words(table.xpath("./tfoot//td")[0])))
    assert "Printed: heat 214 reaches the gate of 70." in words(tree)


def test_points_that_no_reason_explains_are_said_so():
    """Where reasons do not add up to the score (a floor at zero) the difference has a line of its own."""
    lead = article(quality=0, reasons=(Reason(factor="length", value="very long", points=-12),))
    tree = read(pages(coast.edition(stories=(story(lead, heat=0),)))["story/2026-03-02-ferry-line-opens/index.html"])
    quality = list(tree.iter("table"))[1]
    assert ["−12", "+12", "0"] == [words(td) for td in quality.iter("td")]


def test_coverage_names_every_article_by_provider_and_time(printed):
    """Providers come in order of their best, each with its articles by time, their quality, and whose report they
    repeat."""
    tree = read(printed["story/2026-03-01-story-1/index.html"])
    groups = tree.xpath("//ul[@class='coverage']/li")
    names = ["Harbour Post", "Tidewater Review", "Nordkyst Tidende", "The Quay", "Beacon & Buoy", "Salt Marsh Bulletin"]
    assert names == [words(group.find("h3")) for group in groups]
    assert "../../provider/harbour.example/" == groups[0].xpath("./h3/a/@href")[0]
    marks = [words(p) for p in tree.xpath("//p[@class='marks'][time]")]
    assert "2 Mar, 10:25 UTC · Leads · Quality 65" == marks[0]
    assert "2 Mar, 10:59 UTC · Reprint of Harbour Post · Quality 65" == marks[2]
    assert "28 Feb, 00:05 UTC · First to report · Quality 65" == marks[5]


def test_articles_of_one_provider_stand_together_by_time():
    """A provider with two articles is one source, the earlier of them first."""
    other = provider("quay.example")
    articles = (article(1), article(2, provider=other, url="https://quay.example/2"), article(3))
    tree = read(pages(coast.edition(stories=(story(*articles),)))["story/2026-03-02-ferry-line-opens/index.html"])
    groups = tree.xpath("//ul[@class='coverage']/li")
    told = [[words(p) for p in group.xpath("./p[@class='what']")] for group in groups]
    assert [["Ferry line number 3 opens", "Ferry line number 1 opens"], ["Ferry line number 2 opens"]] == told
    assert "Coverage by 2 sources" in words(tree)


def test_what_a_publisher_changed_is_said():
    """A headline or time that its publisher changed stands under the article, with the day and what it was."""
    changes = (
        Change(field="title", old="Ferry <b>sinks", new="Ferry rests", at=NOW),
        Change(field="published", old="2026-03-01T00:00:00Z", new="2026-03-02T11:00:00Z", at=NOW),
    )
    page = pages(coast.edition(stories=(story(article(changes=changes)),)))[
        "story/2026-03-02-ferry-line-opens/index.html"
    ]
    said = "Corrected by its publisher on 2 Mar 2026, 12:00 UTC:"
    found = [words(p) for p in read(page).xpath("//p[@class='changed']")]
    assert [f"{said} headline was “Ferry <b>sinks”", f"{said} time was 1 Mar 2026, 00:00 UTC"] == found


def test_a_timeline_needs_more_than_one_day(printed):
    """A story of one day has none; one of several has its days in order."""
    assert [] == read(printed["story/2026-03-01-story-2/index.html"]).xpath("//ol")
    days = read(printed["story/2026-03-01-story-1/index.html"]).xpath("//ol[@class='timeline']/li/b")
    assert ["Saturday, 28 February", "Monday, 2 March"] == [words(day) for day in days]


def test_a_timeline_tells_what_was_new():
    """Where it is known which reports said something new, the timeline has those alone, the oldest first."""
    articles = [article(n * 20, url=f"https://harbour.example/{n}", title=f"Report {n}") for n in (1, 2, 3)]
    new = tuple(Development(url=a.url, at=a.published, novelty=1.0) for a in (articles[2], articles[0]))
    edition = coast.edition(stories=(story(*articles, developments=new),))
    tree = read(pages(edition)["story/2026-03-02-ferry-line-opens/index.html"])
    assert ["Report 3", "Report 1"] == [words(bdi) for bdi in tree.xpath("//ol[@class='timeline']//li/span/bdi[1]")]


def test_an_embedded_video_is_only_a_link(printed):
    """The markup that embeds a video is never printed; the page links to where it plays."""
    page = printed["story/2026-03-01-story-42/index.html"]
    assert "iframe" not in page
    assert ["https://lanterna.example/2026/03/42-0"] == read(page).xpath("//a[starts-with(@class, 'button')]/@href")


def test_hostile_text_stays_text():
    """Markup, quotes and control characters in any fetched field, and a URL that runs a script, do nothing."""
    bad = article(
        title=HOSTILE,
        excerpt=HOSTILE,
        web_url="javascript:window.__pwned=1",
        url="https://harbour.example/1",
        authors=(HOSTILE,),
        language='en" onload="x',
        provider=provider(name=HOSTILE),
        reasons=(Reason(factor=HOSTILE, value=HOSTILE, points=1),),
        quality=1,
    )
    printed = pages(coast.edition(stories=(story(bad, article(2, title=HOSTILE), gate=HOSTILE),)))
    for path in ("index.html", "story/2026-03-02-ferry-line-opens/index.html"):
        tree = read(printed[path])
        assert ["application/ld+json"] == [script.get("type") for script in tree.iter("script")]
        assert "javascript:" not in printed[path]
        assert not re.search("[\x00\x1b]", printed[path])
        assert [] == tree.xpath("//@onload")
        assert "</script><script>" in words(next(tree.iter("article")))
    item = linked(printed["index.html"])["mainEntity"]["itemListElement"][0]["item"]
    assert item["headline"].startswith("</script>")


def test_linked_data_never_claims_articles_as_ours(edition, printed):
    """A page is a collection; its items keep the address and the publisher of the original."""
    front = linked(printed["index.html"])
    assert ("CollectionPage", "https://coast.example/") == (front["@type"], front["url"])
    items = [element["item"] for element in front["mainEntity"]["itemListElement"]]
    assert [s.lead.web_url for s in edition.stories[: len(items)]] == [item["url"] for item in items]
    assert {"@type": "Organization", "name": "Harbour Post"} == items[0]["publisher"]
    assert all(len(item["headline"]) <= 110 for item in items)


def test_pages_point_to_feeds_and_to_themselves(printed):
    """Canonical and Open Graph addresses are absolute; a topic's page offers the topic's own feeds."""
    tree = read(printed["topic/ports/index.html"])
    assert ["https://coast.example/topic/ports/"] == tree.xpath("//link[@rel='canonical']/@href")
    assert ["https://coast.example/topic/ports/"] == tree.xpath("//meta[@property='og:url']/@content")
    feeds = tree.xpath("//link[@rel='alternate'][@type!='application/json']/@href")
    assert [f"https://coast.example/topic/ports/{name}" for name in ("feed.xml", "atom.xml", "feed.json")] == feeds
    assert "../../api/news/ports/index.json" in tree.xpath("//main//a/@href")


@pytest.mark.parametrize(
    ("path", "json"),
    [
        ("", "index.json"),
        ("topic/coast/", "index.json"),
        ("topic/ports/", "ports/index.json"),
        ("story/2026-03-01-story-2/", "2026/03/01/story-2/index.json"),
    ],
)
def test_a_page_names_the_json_that_holds_the_same(printed, path, json):
    """In its head and at its foot; the API has no pages of their own for the root topic."""
    tree = read(printed[f"{path}index.html"])
    found = tree.xpath("//link[@type='application/json']/@href")
    assert [f"https://coast.example/api/news/{json}"] == found
    assert "../" * path.count("/") + f"api/news/{json}" in tree.xpath("//footer//a/@href")


def test_every_page_says_what_it_is(printed):
    """A title, a description, and but for the page for no address a canonical address and a card for sharing."""
    for path, page in printed.items():
        if path.endswith(".html"):
            tree = read(page)
            assert tree.xpath("//meta[@name='description']/@content")[0], path
            assert 1 == len(tree.xpath("//link[@rel='canonical'] | //meta[@name='robots']")), path
            assert len(tree.findtext(".//title")) <= 200, path


def test_links_among_pages_lead_to_files_that_are_there(printed):
    """Every relative link of every page resolves to a printed page, feed or API file."""
    others = re.compile(
        r"(topic/[a-z-]+/)?(feed\.xml|atom\.xml|feed\.json)|api/news/([a-z0-9/-]+/)?index\.json|sitemap\.xml|sources\.opml"
        r"|api/openapi\.json"
    )
    for path, page in printed.items():
        if not path.endswith(".html"):
            continue
        for href in read(page).xpath("//a/@href"):
            if href.startswith(("http", "#", "mailto:")):
                continue
            steps = [*path.split("/")[:-1], *href.split("/")]
            while ".." in steps:
                at = steps.index("..")
                steps = steps[: at - 1] + steps[at + 1 :]
            goal = "/".join(step for step in steps[:-1] if step != ".") + "/" * (len(steps) > 1) + steps[-1]
            goal = goal.removeprefix("/")
            found = goal if goal and not goal.endswith("/") else f"{goal}index.html"
            assert found in printed or others.fullmatch(found), (path, href)


def test_outputs_that_are_off_are_not_linked():
    """Without feeds, API and sitemap in the publication no page and no robots.txt mentions them."""
    printed = pages(coast.edition(3, publication=coast.publication(outputs=("site",), sources=())))
    assert not [path for path, page in printed.items() if re.search(r"feed\.|atom\.xml|api/news|sitemap", page)]


def test_an_empty_edition_has_a_friendly_front():
    """Without stories the front page says so, names the gate and no date of 1970, and every page still exists."""
    printed = pages(coast.edition(0))
    assert "Nothing on the press yet" in printed["index.html"]
    assert "1970" not in printed["index.html"]
    assert "topic/ports/index.html" in printed


def test_a_publication_without_topics_prints():
    """Topics are not needed for a front page and story pages."""
    printed = pages(coast.edition(2, publication=coast.publication(topics=())))
    assert {"index.html", "404.html", "about/index.html", "robots.txt"} < set(printed)


def test_deep_topics_are_reached_and_shown_as_kickers():
    """A story wears its most special topic; topic pages lead up and down the tree."""
    topics = (Topic(id="a", name="A"), Topic(id="b", name="B", parent="A"), Topic(id="c", name="C", parent="B"))
    edition = coast.edition(
        stories=(story(article(topics=("A", "B", "C"))),), publication=coast.publication(topics=topics)
    )
    printed = pages(edition)
    assert ["C"] == [words(p) for p in read(printed["index.html"]).xpath("//a[@class='kicker']")]
    middle = read(printed["topic/b/index.html"])
    assert ["../../topic/a/"] == middle.xpath("//p[@class='crumbs']/a/@href")
    assert ["../../topic/c/"] == middle.xpath("//ul[@class='chips']//a/@href")


def test_addresses_of_sources_that_may_be_private_are_not_shown():
    """The about page names every source, but not an address with a query, which may hold a key, nor a private host."""
    sources = (
        Source(url="https://harbour.example/feed?key=secret"),
        Source(url="https://quay.example/feed", title="Quay"),
        Source(url="https://wiki.inside.example/feed"),
    )
    settings = coast.publication(sources=sources, fetch=FetchLimits(private=("*.inside.example",)))
    about = pages(coast.edition(0, publication=settings))["about/index.html"]
    assert "inside.example" not in about
    assert "secret" not in about
    assert "harbour.example" in about
    assert ["https://quay.example/feed"] == read(about).xpath("//ul[@class='sources']//a/@href")


def test_robots_and_404(printed):
    """robots.txt allows all and names the sitemap; the 404 page has absolute links, for it is served anywhere."""
    assert "User-agent: *\nAllow: /\n\nSitemap: https://coast.example/sitemap.xml\n" == printed["robots.txt"]
    links = read(printed["404.html"]).xpath("//body//a/@href")
    assert ["#main"] == [href for href in links if not href.startswith("https://coast.example/")]


def test_an_unknown_date_is_said():
    """Where nobody said when an article appeared, its page says that the time is ours."""
    page = pages(coast.edition(stories=(story(article(date_known=False)),)))[
        "story/2026-03-02-ferry-line-opens/index.html"
    ]
    assert "first seen; the original gives no time" in page


# --- pictures, and much of everything ---------------------------------------------------------------------------------


def illustrated(count: int = 31) -> Edition:
    """An edition whose every lead has a kept picture of its own."""
    urls = [f"https://cdn.example/{number}.jpg" for number in range(1, count + 1)]
    kept = {
        url: Picture(url=url, state="kept", kind="jpeg", width=1600, height=900, hash=f"{n:020x}", fetched_at=NOW)
        for n, url in enumerate(urls)
    }
    stories = []
    for number, url in enumerate(urls, start=1):
        told = coast.story(number)
        lead = msgspec.structs.replace(told.lead, images=(Image(url=url, width=1600, height=900, is_cached=True),))
        stories.append(msgspec.structs.replace(told, articles=(lead, *told.related)))
    return coast.edition(stories=tuple(stories), pictures=kept)


def test_the_front_shows_four_pictures_of_our_own_with_their_sizes():
    """The lead's at once, three smaller ones as they come into view, none beside the small headlines; all have sizes,
    so that nothing moves when they come."""
    tree = read(pages(illustrated())["index.html"])
    images = tree.xpath("//img")
    assert [("640", "360")] * 4 == [(image.get("width"), image.get("height")) for image in images]
    assert ["high", None, None, None] == [image.get("fetchpriority") for image in images]
    assert [None, "lazy", "lazy", "lazy"] == [image.get("loading") for image in images]
    assert [""] * 4 == [image.get("alt") for image in images]
    assert all(image.get("src").startswith("images/") for image in images)


def test_a_shared_page_shows_the_picture_of_its_story():
    """That of the lead on the front page, of its own lead on a story's, none on a topic's."""
    printed = pages(illustrated(3))
    found = {
        path: read(printed[path]).xpath("//meta[@property='og:image']/@content") for path in printed if "html" in path
    }
    assert [f"https://coast.example/images/00/{0:020x}-640.jpg"] == found["index.html"]
    assert [f"https://coast.example/images/00/{1:020x}-640.jpg"] == found["story/2026-03-01-story-2/index.html"]
    assert [] == found["topic/coast/index.html"]


def test_a_front_page_ends():
    """Fifteen lines of the newest, thirty-one stories, then the end, which leads to the rest."""
    tree = read(pages(coast.edition())["index.html"])
    assert 15 == len(tree.xpath("//section[@class='river']//li"))
    assert 31 == len(tree.xpath("//article"))
    end = tree.xpath("//p[@class='end']")[0]
    assert words(end).startswith("End of the edition.")
    assert ["topic/coast/", "archive/", "subscribe/"] == end.xpath("./a/@href")


def test_a_topic_has_ten_pages_at_most():
    """Of thirty stories each; the last leads to the archive, which has the older ones."""
    many = tuple(
        story(article(n, topics=("Coast",), provider=provider(f"p{n}.example")), id=f"s{n}", name=f"2026-03-02-n{n}")
        for n in range(1, 303)
    )
    printed = pages(coast.edition(stories=many))
    numbers = [int(path.split("/")[3]) for path in printed if path.startswith("topic/coast/page/")]
    assert list(range(2, 11)) == sorted(numbers)
    last = read(printed["topic/coast/page/10/index.html"])
    links = [(words(a), a.get("href")) for a in last.xpath("//nav[@class='pages']/a")]
    assert [("Newer stories", "../../../../topic/coast/page/9/")] == links[:1]
    assert [("Older stories are in the archive", "../../../../archive/")] == links[1:]
    assert 30 == len(last.xpath("//article"))


def test_what_is_in_the_publications_language_says_so():
    """The page's own words are English; the name of a German publication and of its topics is marked as German."""
    tree = read(pages(coast.edition(2, publication=coast.publication(locale="de-DE")))["index.html"])
    assert "en" == tree.get("lang")
    assert ("de-DE", "de-DE") == (tree.find(".//h1").get("lang"), tree.xpath("//nav//a[contains(., 'Ports')]/@lang")[0])
    assert [] == read(pages(coast.edition(2))["index.html"]).xpath("//h1/@lang")


def test_microformats_name_the_original():
    """A card is an h-entry: its name and address are those of the original, with author, time and summary."""
    card = read(pages(coast.edition(2))["index.html"]).xpath("//article[contains(@class, 'h-entry')]")[1]
    name = card.xpath(".//a[contains(@class, 'p-name')][contains(@class, 'u-url')]")[0]
    assert coast.story(2).lead.web_url == name.get("href")
    assert "Tidewater Review" == words(card.xpath(".//*[contains(@class, 'p-author')]")[0])
    assert "2026-03-02T09:00:00Z" == card.xpath(".//time[@class='dt-published']/@datetime")[0]
