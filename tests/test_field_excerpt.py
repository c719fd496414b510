"""The excerpt: the publisher's own description where it is a real one, else the text's first sentences."""

from __future__ import annotations

import pytest

from broadsheet import extract, text

from .build import NOW, page

TITLE = "Harbour bridge opens after two years of work"
TEXT = (
    "The new bridge over the harbour opened on Monday morning, and thousands walked across it in the rain. "
    "Its building took two years and cost eleven million crowns, twice of what the council had planned. "
    "The mayor said that the ferry will go on for those who fear heights."
)
MORE = "Shops near the old pier hope that visitors come back now that the detour along the river is history. " * 4
REAL = "Thousands crossed the new harbour bridge on its first day, two years after work on it had begun."


def excerpt(description: str, head: str = "", lead: str = TEXT) -> str:
    head += f'<meta name="description" content="{description}">' if description else ""
    html = f"<html><head><title>{TITLE}</title>{head}</head><body><article><h1>{TITLE}</h1><p>{lead}</p><p>{MORE}</p></article></body></html>"
    return extract.read(page(html, url="https://post.example/2026/03/harbour-bridge"), (), NOW).excerpt


def test_a_real_description_is_taken_as_it_is():
    assert excerpt(REAL) == REAL


@pytest.mark.parametrize(
    "description",
    [
        TITLE,
        "News",
        "bridge, harbour, council, mayor, ferry, news, opening, town",
        "Your trusted source for independent journalism, analysis, podcasts, sports scores, lifestyle tips and weather since 1887.",
    ],
)
def test_what_is_no_description_gives_way_to_the_first_sentences(description):
    assert excerpt(description).startswith("The new bridge over the harbour opened on Monday")


def test_the_sites_own_slogan_is_none_even_where_its_words_fit():
    slogan = "The new harbour town post: what the council, the mayor and the ferry did, every Monday morning."
    site = (
        f'<script type="application/ld+json">{{"@type": "WebSite", "name": "Post", "description": "{slogan}"}}</script>'
    )

    assert excerpt(slogan, site).startswith("The new bridge")


@pytest.mark.parametrize("end", ["...", "…", " [...]", ""])
def test_one_that_was_cut_off_is_completed_from_the_text(end):
    cut = "The new bridge over the harbour opened on Monday morning, and thousands walked acr" + end

    assert (
        "The new bridge over the harbour opened on Monday morning, and thousands walked across it in the rain."
        == excerpt(cut).partition(" Its")[0]
    )


def test_one_that_was_cut_off_elsewhere_ends_at_its_last_whole_sentence():
    assert "Thousands came to the opening of the bridge." == excerpt(
        "Thousands came to the opening of the bridge. The council and the ma..."
    )


def test_a_whole_description_comes_before_one_that_was_cut_off():
    assert REAL == excerpt(REAL, f'<meta property="og:description" content="{REAL[:60]}...">')


@pytest.mark.parametrize("more", ["Read more", " Continue reading →", " ... Weiterlesen »", " (read the full story)"])
def test_an_invitation_to_read_on_is_dropped(more):
    assert REAL == excerpt(f"{REAL} {more}")


def test_the_title_before_a_description_is_dropped():
    assert REAL == excerpt(f"{TITLE} | {REAL}")


def test_entities_and_markup_are_gone():
    assert "Thousands crossed the “new” bridge & cheered on its first day, says the council." == excerpt(
        "Thousands crossed the &amp;#8220;new&amp;#8221; &lt;b&gt;bridge&lt;/b&gt; &amp;amp; cheered on its first day, says the council."
    )


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("A. B. Smith of the U.S. Navy came on 17. März by ship. " + "X" * 300, "A. B. Smith of the U.S. Navy came on 17. März by ship."),
        ("大橋が開通した。" * 60, "大橋が開通した。" * 37),
        ("पुल खुल गया है। " * 30, ("पुल खुल गया है। " * 18).strip()),
        ("افتتح الجسر اليوم؟ " * 30, ("افتتح الجسر اليوم؟ " * 15).strip()),
        ("“It is open at last!” she said. " + "He left" + " and left" * 50, "“It is open at last!” she said."),
    ],
)  # fmt: skip
def test_excerpts_are_cut_at_a_sentence_in_any_script(line, kept):
    most = 300 if len(kept) > 100 else 80

    found = text.excerpt(line, most)

    assert kept == found
    assert len(found) <= most
