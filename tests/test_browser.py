"""The site in a real browser: nothing runs, nothing is fetched, nothing sticks out, at any width and in both lights."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from broadsheet.outputs import site

from . import coast
from .browsing import NEEDS, laid, served

pytestmark = NEEDS
PAGES = (
    "",
    "topic/coast/",
    "story/2026-03-01-story-1/",
    "story/2026-03-01-story-19/",
    "story/2026-03-01-story-39/",
    "about/",
)

# Contrast of every visible text against the nearest painted background, by WCAG 2.2's formula; the worst one counts.
CONTRAST = """() => {
  const parts = c => c.match(/[\\d.]+/g).map(Number);
  const linear = v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const light = c => { const [r, g, b] = parts(c).map(v => linear(v / 255));
    return .2126 * r + .7152 * g + .0722 * b; };
  const ground = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
    if (parts(c)[3] !== 0) return c; } return 'rgb(255, 255, 255)'; };
  let worst = 99;
  for (const e of document.querySelectorAll('body *')) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) || !e.getClientRects().length) continue;
    const [a, b] = [light(getComputedStyle(e).color), light(ground(e))].sort((x, y) => y - x);
    worst = Math.min(worst, (a + .05) / (b + .05));
  }
  return worst; }"""


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Iterator[str]:
    """Address of the fictional edition, served from a folder on this machine."""
    with served(laid(site.render(coast.edition()), tmp_path_factory.mktemp("site"))) as address:
        yield address


@pytest.fixture(scope="module")
def open_page(browser, home):
    """Open a page of the site at a width and in a light; keeps what it asked for and what it complained of."""
    contexts = {}

    def open_at(path: str, width: int = 1280, light: str = "light"):
        if (width, light) not in contexts:
            size = {"width": width, "height": 900}
            contexts[width, light] = browser.new_context(viewport=size, color_scheme=light)
        page = contexts[width, light].new_page()
        page.asked, page.complaints = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(home + path)
        return page

    yield open_at
    for context in contexts.values():
        context.close()


@pytest.mark.parametrize("light", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_pages_fit_their_width_quietly_and_readably(open_page, home, width, light):
    """No page scrolls sideways, complains, or asks for anything but itself and its style; all text has a contrast of 4.5 to 1."""
    for path in PAGES:
        page = open_page(path, width, light)
        assert width == page.evaluate("document.documentElement.scrollWidth"), path
        assert ([], home + path) == (page.complaints, page.asked[0])
        assert {f"{home}style.css", f"{home}pages.css"} >= set(page.asked[1:])
        assert page.evaluate(CONTRAST) >= 4.5, path


def test_dark_and_light_differ(open_page):
    """The page follows the reader's colour scheme."""
    grounds = [
        open_page("", 390, light).evaluate("getComputedStyle(document.body).backgroundColor")
        for light in ("light", "dark")
    ]
    assert 2 == len(set(grounds))


def test_headlines_are_shown_as_written(open_page):
    """The text that a reader sees is the headline of each story in order, markup in it included."""
    shown = open_page("").locator("article h3").all_inner_texts()
    assert [s.lead.title for s in coast.edition().stories[: len(shown)]] == shown


def test_hostile_titles_never_run(open_page):
    """Neither a front page nor a story page runs what a title or an excerpt holds."""
    for path in ("", "story/2026-03-01-story-19/", "topic/marine-science/"):
        assert open_page(path).evaluate("window.__pwned === undefined"), path


def test_the_skip_link_comes_first_and_works(open_page):
    """One Tab reaches a visible skip link; Enter and another Tab reach the first link of the stories."""
    page = open_page("")
    page.keyboard.press("Tab")
    assert "Skip to the stories" == page.evaluate("document.activeElement.textContent")
    assert page.evaluate("document.activeElement.getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    assert "none" != page.evaluate("getComputedStyle(document.activeElement).outlineStyle")


def test_links_that_stand_alone_are_large_enough(open_page):
    """Navigation, source counts, chips and buttons are at least 24 CSS pixels high on a phone (WCAG 2.2, 2.5.8)."""
    for path in PAGES:
        page = open_page(path, 390)
        found = page.locator(".tabs a, .tally a, .kicker a, .chips a, .button, .foot a, .crumbs a, .coverage h3 a")
        heights = found.evaluate_all("links => links.map(a => a.getBoundingClientRect().height)")
        assert heights, path
        assert min(heights) >= 24, path


def test_right_to_left_headlines_start_at_the_right(open_page):
    """An Arabic headline is set from the right edge of its column."""
    where = """h => { const range = document.createRange(); range.selectNodeContents(h.querySelector('a').firstChild);
        const text = range.getBoundingClientRect(), box = h.getBoundingClientRect();
        return [box.right - text.right, text.left - box.left]; }"""
    right, left = open_page("").locator("article h3[lang=ar]").first.evaluate(where)
    assert right < 2
    assert left >= 0


def test_print_leaves_navigation_out(open_page):
    """On paper there is no navigation, and the coverage shows its addresses."""
    page = open_page("story/2026-03-01-story-1/")
    page.emulate_media(media="print")
    assert not page.locator(".tabs").is_visible()
    content = "getComputedStyle(document.querySelector('.what a'), '::after').content"
    assert "https://harbour.example/2026/03/1-0" in page.evaluate(content)
