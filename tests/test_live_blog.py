"""A live blog is read in full where the page shows only the last of its updates."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from broadsheet.extract.body import live
from broadsheet.extract.body.block import Block

from .test_extract import html, ld, read

SENTENCES = (
    "The first ferry in four days has left the port with forty lorries on board, says the harbour master.",
    "Waves of six metres are counted at the outer breakwater, where the pilots wait for the tide to turn.",
    "The council opens the school gymnasium for passengers who cannot travel on before the morning.",
    "Trains to the capital run again, though the night service remains cancelled until the end of the week.",
)


def update(n: int, **changes: object) -> dict[str, object]:
    said = {
        "@type": "BlogPosting",
        "headline": f"Update number {n}",
        "articleBody": f"<p>{SENTENCES[n % 4]} ({n})</p><p>More of it in update {n}.</p>",
        "datePublished": f"2026-03-01T{8 + n:02}:05:00+01:00",
    }
    return said | changes


def blog(*updates: object, **changes: object) -> str:
    said = {
        "@type": "LiveBlogPosting",
        "headline": "Ferries return to Norhaven",
        "datePublished": "2026-03-01T07:00:00+01:00",
        "dateModified": "2026-03-01T07:30:00+01:00",
        "liveBlogUpdate": list(updates),
    }
    return ld(said | changes)


def visible(*numbers: int) -> str:
    return "".join(
        f"<h3>Update number {n}</h3><p>{SENTENCES[n % 4]} ({n})</p><p>More of it in update {n}.</p>" for n in numbers
    )


def test_a_page_that_shows_the_last_updates_is_read_in_full():
    """In the page's order; times in the clock that they are written in; the newest is the last change."""
    found = read(html(blog(*map(update, range(9, 0, -1))), visible(9, 8)))

    assert found.text.startswith(
        f"### 17:05 – Update number 9\n\n{SENTENCES[1]} (9)\n\nMore of it in update 9.\n\n### 16:05 – Update number 8\n\n"
    )
    assert 9 == found.text.count("### ")
    assert ("json-ld liveBlogUpdate", "json-ld liveBlogUpdate") == (found.claims["text"], found.claims["updated"])
    assert datetime(2026, 3, 1, 16, 5, tzinfo=UTC) == found.updated


def test_a_page_that_shows_all_of_it_is_read_as_it_is():
    found = read(html(blog(*map(update, range(4))), f"<p>What has happened so far, in short.</p>{visible(0, 1, 2, 3)}"))

    assert "json-ld liveBlogUpdate" != found.claims["text"]
    assert "in short" in found.text
    assert datetime(2026, 3, 1, 10, 5, tzinfo=UTC) == found.updated


def test_a_change_of_an_update_is_one_of_the_blog():
    found = read(html(blog(update(1, dateModified="2026-03-01T21:00:00Z"), update(2)), visible(1, 2)))

    assert datetime(2026, 3, 1, 21, 0, tzinfo=UTC) == found.updated


def test_a_live_blog_beside_the_article_counts_and_one_elsewhere_does_not():
    """Its address tells; one without an address is the page's own."""
    article = ld(
        {"@type": "NewsArticle", "headline": "Ferries return to Norhaven", "datePublished": "2026-03-01T07:00:00Z"}
    )
    many = tuple(map(update, range(9)))
    own = read(
        html(article + blog(*many, url="https://harbour.example/news/ferries-return-to-norhaven"), visible(1, 2, 3))
    )
    other = read(html(article + blog(*many, url="https://harbour.example/live/election"), visible(1, 2, 3)))

    assert "json-ld liveBlogUpdate" == own.claims["text"]
    assert "json-ld liveBlogUpdate" != other.claims["text"]
    assert other.updated is None


def test_updates_of_what_is_not_free_are_not_taken_instead():
    found = read(html(blog(*map(update, range(9)), isAccessibleForFree=False), visible(1, 2, 3)))

    assert "(8)" not in found.text


@pytest.mark.parametrize(
    ("said", "heading"),
    [
        ({}, "09:05 – Update number 1"),
        ({"datePublished": "2026-03-01 7:45"}, "07:45 – Update number 1"),
        ({"datePublished": "2026-03-01T23:59:59.123-03:00"}, "23:59 – Update number 1"),
        ({"datePublished": "2026-03-01"}, "Update number 1"),
        ({"datePublished": 7, "headline": "<b>Wind &amp; rain</b>"}, "Wind & rain"),
        ({"headline": ""}, "09:05"),
        ({"headline": None, "datePublished": ["x"]}, ""),
    ],
)
def test_a_heading_says_when_and_what(said, heading):
    found = live.blocks(live.updates({"liveBlogUpdate": update(1, **said)}))

    assert ([Block(kind="heading", text=heading, level=3)] if heading else []) == [
        b for b in found if b.kind == "heading"
    ]
    assert 2 == len([b for b in found if b.kind == "paragraph"])


def test_what_is_taken_is_bounded():
    """500 updates and 400,000 characters; what is no update is passed over."""
    many = live.updates({"liveBlogUpdate": [None, 5, {}, [], *({"articleBody": f"Wave {n}."} for n in range(2_000))]})
    long = live.updates({"liveBlogUpdate": [{"articleBody": "wave " * 40_000}] * 9})

    assert (500, "Wave 0.") == (len(many), many[0].body)
    assert 400_000 == sum(len(one.body) for one in long)
    assert "" == live.newest(many)
