"""Every field of an article within its bounds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from broadsheet import text
from broadsheet.errors import ParseError
from broadsheet.normalise import normalise
from broadsheet.types import Image

from .build import NOW, article


@pytest.mark.parametrize(
    ("moment", "claim"),
    [
        (NOW + timedelta(days=3), "first-seen (said: 2026-03-05)"),
        (datetime(1969, 12, 31, tzinfo=UTC), "first-seen (said: 1969-12-31)"),
        (datetime.max.replace(tzinfo=timezone(timedelta(hours=-14))), "first-seen (said: 9999-12-31)"),
    ],
)
def test_a_date_that_cannot_be_falls_back_to_first_seen_and_says_so(moment, claim):
    """The claim keeps what was said, also when the article is made fit a second time."""
    found = normalise(article(published=moment), NOW)

    assert (NOW, False, claim) == (found.published, found.date_known, found.claims["published"])
    assert found == normalise(found, NOW)


def test_a_title_of_nothing_is_no_article():
    with pytest.raises(ParseError):
        normalise(article(title=" \u200b \x00 "), NOW)


def test_long_fields_are_cut():
    found = normalise(article(title="word " * 500, excerpt="word " * 500), NOW)

    assert len(found.title) <= text.TITLE
    assert len(found.excerpt) <= text.EXCERPT


def test_a_picture_counts_once_and_needs_an_address():
    lead = Image(url="https://harbour.example/a.jpg", width=1200, height=630)
    found = normalise(article(images=(lead, lead, Image(url="data:image/png;base64,AA"), Image(url="/b.jpg"))), NOW)

    assert (lead,) == found.images


def test_normalising_twice_is_normalising_once():
    once = normalise(article(text="One.\n\nTwo words here."), NOW)

    assert once == normalise(once, NOW)
    assert 4 == once.words
