"""Every kind of page in a real browser: axe finds nothing, nothing moves, sticks out or comes from elsewhere.

A page of each kind is opened once at each setting; the tests then read what was seen.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

from .browsing import NEEDS, served
from .node import MODULES, needs
from .printed import Printed, kinds, pages

pytestmark = [*NEEDS, needs("axe-core")]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TREES = ("demo_printed", "coast_printed")
# Name -> width in CSS pixels, colour scheme, whether the page's scripts run, pixels of the screen a CSS pixel.
SETTINGS = {
    "wide": (1280, "light", True, 1),
    "dark": (390, "dark", True, 2),
    "narrow": (320, "light", True, 2),
    "scriptless": (390, "light", False, 2),
}
HEIGHT = 800  # of the window, CSS pixels

AXE = "tags => axe.run({runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'], preload: false})"
# Down to the end and back, so that what is loaded late has been.
SCROLL = """async () => {
  const frame = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  for (let y = 0; y < document.body.scrollHeight; y += innerHeight) { scrollTo(0, y); await frame(); }
  await Promise.all([...document.images].map(image => image.decode().catch(() => {})));
  scrollTo(0, 0); await frame();
}"""
# Where a page's scripts are off, no timer ever fires, for axe neither: what waits for one goes on at once.
AT_ONCE = "() => { window.setTimeout = (f, _, ...given) => { Promise.resolve().then(() => f(...given)); return 0; }; }"
SHIFTS = """() => {
  const observer = new PerformanceObserver(() => {});
  observer.observe({type: 'layout-shift', buffered: true});
  return observer.takeRecords().map(shift => shift.value);
}"""
ABOVE = """() => [...document.images].filter(image => image.getBoundingClientRect().top < innerHeight
  && image.getClientRects().length).map(image => image.currentSrc)"""


class Seen(NamedTuple):
    """What a page showed at one setting. violations: rule and first element. shifts: share of the window each.
    elsewhere: addresses of other hosts that it asked for. images: addresses of those in the first window."""

    violations: list[str]
    wide: int
    shifts: list[float]
    elsewhere: list[str]
    images: list[str]


@pytest.fixture(scope="module")
def look(browser):
    """Open pages of a tree at a setting."""
    axe = (MODULES / "axe-core" / "axe.min.js").read_text(encoding="utf-8")

    def look(printed: Printed, paths: dict[str, str], setting: str) -> Iterator[tuple[str, Seen]]:
        width, light, scripts, pixels = SETTINGS[setting]
        with served(printed.folder) as home:
            context = browser.new_context(
                viewport={"width": width, "height": HEIGHT},
                color_scheme=light,
                java_script_enabled=scripts,
                device_scale_factor=pixels,
            )
            for kind, path in paths.items():
                asked: list[str] = []
                page = context.new_page()
                page.on("request", lambda request, asked=asked: asked.append(request.url))
                page.goto(home + path.removesuffix("index.html"))
                images = page.evaluate(ABOVE)
                page.evaluate(SCROLL if scripts else AT_ONCE)
                page.evaluate(axe)
                found = page.evaluate(AXE, TAGS)["violations"]
                yield (
                    kind,
                    Seen(
                        violations=[f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]],
                        wide=page.evaluate("document.documentElement.scrollWidth"),
                        shifts=page.evaluate(SHIFTS),
                        elsewhere=[url for url in asked if not url.startswith((home, "data:"))],
                        images=[urlsplit(url).path.lstrip("/") for url in images if url.startswith(home)],
                    ),
                )
                page.close()
            context.close()

    return look


@pytest.fixture(scope="module", params=[(tree, setting) for tree in TREES for setting in SETTINGS], ids="-".join)
def seen(request, look) -> dict[str, Seen]:
    """Kind of page -> what it showed, for a tree at a setting."""
    tree, setting = request.param
    printed = request.getfixturevalue(tree)
    return dict(look(printed, kinds(printed), setting))


def test_axe_finds_nothing(seen):
    """No page violates WCAG 2.2 AA or a good practice that axe can see."""
    assert {"front", "story", "topic", "about"} <= seen.keys()
    assert {} == {kind: page.violations for kind, page in seen.items() if page.violations}


def test_pages_are_as_wide_as_the_window(request, seen):
    """Nothing makes a page scroll sideways, at 320 CSS pixels (WCAG 2.2, 1.4.10) or more."""
    width = SETTINGS[request.node.callspec.params["seen"][1]][0]
    assert {} == {kind: page.wide for kind, page in seen.items() if page.wide != width}


def test_nothing_moves(seen):
    """What is loaded late takes the room that was kept for it."""
    assert {} == {kind: page.shifts for kind, page in seen.items() if page.shifts}


def test_nothing_is_asked_of_other_hosts(seen):
    """A page needs its own host alone."""
    assert {} == {kind: page.elsewhere for kind, page in seen.items() if page.elsewhere}


def front(printed: Printed) -> list[bytes]:
    """The front page, and the style sheets that it names."""
    sheets = pages(printed)["index.html"].xpath("//link[@rel='stylesheet']/@href")
    return [(printed.folder / name).read_bytes() for name in ("index.html", *sheets)]


def test_what_a_reader_waits_for_is_small(request, seen):
    """The front page with its style is at most 15 KB, compressed; as printed, with the pictures of its first window, 150 KB."""
    printed: Printed = request.getfixturevalue(request.node.callspec.params["seen"][0])
    read = front(printed)
    pictures = sum((printed.folder / name).stat().st_size for name in seen["front"].images)
    assert sum(len(gzip.compress(data)) for data in read) <= 15_000
    assert sum(map(len, read)) + pictures <= 150_000


@pytest.mark.parametrize("tree", TREES)
def test_the_front_page_has_at_most_60_kb(request, tree):
    """With its style and as printed, without its pictures."""
    assert sum(map(len, front(request.getfixturevalue(tree)))) <= 60_000


def test_what_is_wrong_is_seen(look, tmp_path):
    """A page without alt that is too wide, moves and asks another host fails on each count."""
    (tmp_path / "index.html").write_text(
        "<!doctype html><html lang=en><title>Bad</title><main><h1>Bad</h1><p id=late hidden>Late</p>"
        "<img src=http://127.0.0.1:9/x.png><p style='width:2000px'>Wide</p>"
        "<script>requestAnimationFrame(() => requestAnimationFrame(() => { late.style.height = '300px';"
        "late.hidden = false; }))</script></main></html>"
    )
    tree = Printed(tmp_path, "https://ours.example/")
    bad, still = (dict(look(tree, {"front": "index.html"}, setting))["front"] for setting in ("wide", "scriptless"))
    assert [["image-alt"]] * 2 == [[line.split(":")[0] for line in one.violations] for one in (bad, still)]
    assert bad.wide >= 2000
    assert sum(bad.shifts) > 0
    assert ["http://127.0.0.1:9/x.png"] == bad.elsewhere
