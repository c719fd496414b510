"""Titles, names and reasons of strangers, as long and as odd as they come: pages stay small, whole and as wide as they are."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
from lxml import html

from broadsheet.outputs import site
from broadsheet.types import Article, Change, Edition, Reason, Topic

from . import coast
from .browsing import in_browser, laid, served
from .build import NOW, article, provider, story

TITLES = {
    "long": "word " * 2_000,
    "unbroken": "W" * 10_000,
    "overridden": "\u202e\u2067" * 50 + "drawkcab" + "\u202d" * 50,
    "marked": "Z" + "\u0301\u0489" * 5_000,
    "markup": "</script><!--<script>]]>\"'><style>*{display:none}</style><h1>" * 20,
    "control": "".join(map(chr, range(1, 32))) + "\x7f\x85\u2028\u2029\ufeff\ufffe text",
    "templated": "{{ 7 * 7 }}{% include 'layout.html' %}{# #}",
    "wide": "﷽" * 2_000 + "𒐫" * 2_000,
    "empty": "",
}


def odd(number: int, words: str) -> Article:
    return article(
        number,
        url=f"https://harbour.example/{number}",
        title=words,
        excerpt=words,
        authors=(words,) * 3,
        provider=provider(f"p{number}.example", name=words),
        language="en",
        reasons=(Reason(factor=words[:300], value=words, points=5),),
        quality=5,
        changes=(Change(field="title", old=words, new="x", at=NOW),),
        topics=("Coast", "Ports"),
    )


@pytest.fixture(scope="module")
def edition() -> Edition:
    told = [
        story(odd(n, words), odd(n + 100, words), odd(n + 200, words), id=name, name=f"2026-03-02-{name}", heat=80)
        for n, (name, words) in enumerate(TITLES.items(), start=1)
    ]
    topics = tuple(msgspec.structs.replace(t, name="Ports" * 30) if t.id == "tides" else t for t in coast.TOPICS)
    assert all(isinstance(topic, Topic) for topic in topics)
    return coast.edition(stories=tuple(told), publication=coast.publication(topics=topics))


@pytest.fixture(scope="module")
def printed(edition) -> dict[str, bytes]:
    return {file.path: file.data for file in site.render(edition)}


def test_pages_stay_small(printed):
    """No title of 10,000 characters makes a front page of over 60 KB, or a story page of over 25."""
    assert len(printed["index.html"]) < 60_000
    assert max(len(data) for path, data in printed.items() if path.startswith("story/")) < 25_000


def test_nothing_of_them_is_markup(printed):
    """Every page has the elements of its own alone: no script but linked data, no style, one first heading."""
    for path, data in printed.items():
        if path.startswith(("story/", "topic/", "index")) and path.endswith(".html"):
            tree = html.document_fromstring(data)
            assert ["application/ld+json"] == [script.get("type") for script in tree.iter("script")], path
            assert [] == list(tree.iter("style")), path
            assert 1 == len(list(tree.iter("h1"))), path
            msgspec.json.decode(tree.xpath("//script")[0].text)
            assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]", data.decode()), path
            assert b"49" not in re.findall(rb"<h1[^>]*>(.*?)</h1>", data, re.DOTALL), path


def test_a_headline_is_never_empty(printed):
    """A link and a heading have words, whatever the title."""
    for path in ("index.html", "story/2026-03-02-empty/index.html"):
        tree = html.document_fromstring(printed[path])
        assert [] == [h.tag for h in tree.iter("h1", "h2", "h3", "a") if not h.text_content().strip()], path


@in_browser
def test_pages_are_as_wide_as_the_screen(edition, tmp_path: Path, browser):
    """At 320 CSS pixels no page scrolls sideways, and no element sticks out of it, whatever stands in it."""
    out = """() => [...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > 320.5)
        .filter(e => !e.closest('.unseen')).map(e => e.outerHTML.slice(0, 90))"""
    page = browser.new_page(viewport={"width": 320, "height": 800})
    with served(laid(site.render(edition), tmp_path)) as home:
        for path in ("", "topic/ports/", *(f"story/2026-03-02-{name}/" for name in TITLES)):
            page.goto(home + path)
            assert (320, []) == (page.evaluate("document.documentElement.scrollWidth"), page.evaluate(out)), path
    page.close()
