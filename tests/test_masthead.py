"""The name of a site that does not say it in its markup."""

from __future__ import annotations

import lxml.html
import pytest

from broadsheet.extract.fields import masthead
from broadsheet.extract.said import Told


def name(title, body="", domain="kelpbay.example", heading="Gull steals a speech"):
    root = lxml.html.fromstring(f"<html><head><title>{title}</title></head><body>{body}</body></html>")
    return masthead.name(root, (Told(title, "title element"), Told(heading, "h1")), domain)[0]


@pytest.mark.parametrize(
    ("title", "body", "expected"),
    [
        ("Gull steals a speech | The Foghorn", '<a href="/">The Foghorn</a>', "The Foghorn"),
        ("The Foghorn: Gull steals a speech", '<a href="/"><img alt="The Foghorn"></a>', "The Foghorn"),
        ("Gull steals a speech – Kelp Bay", "", "Kelp Bay"),
        ("Чайка украла речь :: Туман", '<link rel="alternate" type="application/rss+xml" title="Туман">', "Туман"),
        ("海鸥偷走讲稿_海湾晚报", '<a href="/">海湾晚报</a>', "海湾晚报"),
        ("Gull steals a speech", '<a href="/">Kelp Bay</a>', "Kelp Bay"),
    ],
)
def test_a_part_of_the_title_that_is_shown_elsewhere_is_the_name(title, body, expected):
    """In a link to the first page, a logo, a feed or the domain; in any script."""
    assert expected == name(title, body)


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Gull steals a speech | Sport", '<a href="/sport">Sport</a>'),
        ("Gull steals a speech | All the news of the coast", ""),
        ("Gull steals a speech: what we know", '<img alt="Gull steals a speech">'),
        ("Gull steals a speech | Home", '<a href="/">Home</a>'),
        ("Gull steals a speech | Elsewhere", '<a href="https://elsewhere.example/">Elsewhere</a>'),
    ],
)
def test_a_section_a_motto_and_another_site_are_no_name(title, body):
    assert name(title, body) == ""
