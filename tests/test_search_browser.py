"""Search and the pages around the stories in a real browser: what is found, what is said, and that nobody is asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from broadsheet.outputs import site
from broadsheet.types import Change, Front, Topic

from . import coast
from .browsing import NEEDS, laid, served
from .build import NOW, article, provider, story
from .test_site_pages import printing

pytestmark = NEEDS
HOSTILE = "<img src=x onerror=window.__pwned=1> & <b>bold</b>"
TITLES = (
    "Überfahrt nach Norden",
    "Øresund bridge closed",
    "GROSSE Straße gesperrt",
    "Елисеев открыл музей",
    "ΟΔΟΣ ΕΡΜΟΥ reopens",
    "الأمواج تضرب الميناء",
    "浮体式洋上風力の係留索",
    "हिन्दी में समाचार",
    "İstanbul ferries halted",
    HOSTILE,
    *(f"Tide table {n}" for n in range(60)),
)

CHANGE = Change(field="title", old="V" * 500, new="W" * 500, at=NOW)
PAGES = (
    "day/2026/03/02/", "archive/", "provider/", "provider/long.example/", "search/?q=tide", "subscribe/",
    "corrections/", "about/",
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    stories = tuple(
        story(
            article(n, title=title, topics=("Coast",), provider=provider(name="Küstenblatt" if n == 1 else "Quay")),
            id=f"s{n}",
            name=f"2026-03-01-story-{n}",
        )
        for n, title in enumerate(TITLES)
    )
    long = article(99, title="W" * 500, provider=provider("long.example", name="W" * 80, owner="W" * 80))
    stories = (*stories, story(replace(long, changes=(CHANGE,)), id="long", name="2026-03-01-long"))
    edition = coast.edition(
        stories=stories,
        publication=coast.publication(topics=(Topic(id="coast", name="Coast"), Topic(id="w", name="W" * 80))),
        printings=tuple(printing(one, NOW) for one in stories),
        fronts=(Front(at=NOW, stories=tuple(one.id for one in stories[-31:])),),
    )
    return laid(site.render(edition), tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def home(folder) -> Iterator[str]:
    """Address of the site, served from a folder on this machine."""
    with served(folder) as address:
        yield address


@pytest.fixture
def page(browser, home):
    """A page of a browser that keeps what it asked for and what it complained of."""
    context = browser.new_context()
    opened = context.new_page()
    opened.asked, opened.complaints = [], []
    opened.on("request", lambda request: opened.asked.append(request.url))
    opened.on("console", lambda message: opened.complaints.append(message.text))
    opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
    yield opened
    context.close()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_pages_fit_their_width_and_ask_for_nothing_elsewhere(page, home, width):
    """No page scrolls sideways or complains, whatever is as long as it may be; all that is fetched is of this site."""
    page.set_viewport_size({"width": width, "height": 900})
    for path in PAGES:
        page.goto(home + path)
        assert width == page.evaluate("document.documentElement.scrollWidth"), path
    assert [] == page.complaints
    assert all(url.startswith((home, "data:")) for url in page.asked)


def find(page, home: str, asked: str) -> list[str]:
    """Headlines that are found, once the page says how many."""
    page.goto(f"{home}search/")
    page.locator("#q").fill(asked)
    page.locator("#found:not(:empty)").wait_for()
    return page.locator("#results a").all_inner_texts()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("uber", "Überfahrt nach Norden"),
        ("NORD über", "Überfahrt nach Norden"),
        ("oresund", "Øresund bridge closed"),
        ("kustenblatt", "Øresund bridge closed"),
        ("große strasse", "GROSSE Straße gesperrt"),
        ("елисееВ", "Елисеев открыл музей"),
        ("музеи", "Елисеев открыл музей"),
        ("οδός", "ΟΔΟΣ ΕΡΜΟΥ reopens"),
        ("الامواج", "الأمواج تضرب الميناء"),
        ("洋上風力", "浮体式洋上風力の係留索"),
        ("हिन्दी", "हिन्दी में समाचार"),
        ("istanbul", "İstanbul ferries halted"),
        ("coast reopens", "ΟΔΟΣ ΕΡΜΟΥ reopens"),
        ("<b> img", HOSTILE),
    ],
)
def test_words_are_found_in_any_case_and_accent(page, home, asked, found):
    """Beginnings of words of the headline, the provider and the topics, in any script; all of them have to be there."""
    assert [found] == find(page, home, asked)


@pytest.mark.parametrize("asked", ["resund", "bridge music", "हिन्दू"])
def test_what_is_not_there_is_said(page, home, asked):
    """The middle of a word, one word of two, or another vowel sign find nothing, and the page says so."""
    assert [] == find(page, home, asked)
    assert page.locator("#found").inner_text().startswith("Nothing printed here has ")


def test_the_count_is_announced_and_the_newest_fifty_shown(page, home):
    """A status region says how many were found; results are links to our pages, newest first."""
    found = find(page, home, "tide")
    assert [f"Tide table {n}" for n in range(50)] == found
    assert "60 stories, the newest 50 shown" == page.locator("[role=status]").inner_text()
    assert "../story/2026-03-01-story-10/" == page.locator("#results a").first.get_attribute("href")


def test_the_address_keeps_what_was_asked(page, home):
    """It can be shared: opened again it shows the same, and Back leaves the search at once."""
    page.goto(home)
    page.goto(f"{home}search/?q=%C3%B8resund+bridge")
    page.locator("#results a").wait_for()
    assert "øresund bridge" == page.locator("#q").input_value()
    page.locator("#q").fill("tide & 7")
    page.locator("#q").press("Enter")
    page.wait_for_url("**/search/?q=tide%20%26%207")
    page.go_back()
    assert home == page.url


def test_hostile_headlines_stay_text_and_nothing_is_asked_elsewhere(page, home):
    """Only the page, its style, script and index are fetched, from here; markup of a headline is shown, never made."""
    assert [HOSTILE] == find(page, home, "onerror")
    assert page.evaluate("window.__pwned === undefined && !document.querySelector('#results img, #results b')")
    own = {f"{home}search/", f"{home}search/search.js", f"{home}search/index.json"}
    assert own == set(page.asked) - {f"{home}style.css", f"{home}pages.css"}
    assert [] == page.complaints


def test_without_a_script_there_is_no_field_but_a_way_on(browser, home):
    """The form is not shown; the page says why and leads to the archive."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{home}search/")
    assert not page.locator("#search").is_visible()
    told = page.locator("noscript p")
    assert told.is_visible()
    assert "needs JavaScript" in told.inner_text()
    assert told.locator("a").is_visible()
    context.close()


def test_an_index_that_cannot_be_read_is_said_and_tried_again(page, home):
    """A failing server costs a message; the next search reads anew."""
    page.route("**/index.json", lambda route: route.fulfill(status=503))
    find(page, home, "tide")
    assert "cannot be read" in page.locator("#found").inner_text()
    page.unroute("**/index.json")
    page.locator("#q").press("Enter")
    page.locator("#results a").first.wait_for()


def test_parts_of_a_large_index_are_all_searched(page, home):
    """Where the index names parts, stories of each are found, in the order of the parts."""
    lines = {
        "2026.json": '[["New tide","Quay","2026-03-01","story/new/",[]]]',
        "2025.json": '[["Old tide","Quay","2025-03-01","story/old/",["coast"]]]',
        "index.json": '{"topics":{"coast":"Coast"},"parts":["2026.json","2025.json"]}',
    }
    page.route("**/search/*.json", lambda route: route.fulfill(body=lines[route.request.url.rpartition("/")[2]]))
    assert ["New tide", "Old tide"] == find(page, home, "tide")
