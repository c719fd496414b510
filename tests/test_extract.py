"""A page becomes an article with every field and its origin, or one of our errors, and nothing else."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet import extract
from broadsheet.errors import NotAnArticle, ParseError
from broadsheet.types import Entry, Image

from .build import NOW, page

PROSE = "".join(
    f"<p>The harbour master of Norhaven counted {n} ferries on the day when the storm passed, and wrote down what the "
    f"pilots had told him about the breakwater, the price of fodder and the patience of passengers in queue {n}.</p>"
    for n in range(3, 8)
)
LD = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "WebSite", "name": "The Harbour Post"},
        {
            "@type": "NewsArticle",
            "headline": "Ferries return to Norhaven",
            "datePublished": "2026-03-01T09:15:00+01:00",
            "author": [{"@type": "Person", "name": "Ines Marsh"}, {"@type": "Person", "name": "Staff"}],
            "image": {"@type": "ImageObject", "url": "/img/ferry.jpg", "width": 1600, "height": 900},
            "publisher": {"@type": "Organization", "name": "The Harbour Post", "logo": "/logo.png"},
        },
    ],
}


def html(
    head: str = "", body: str = PROSE, lang: str = "en", title: str = "Ferries return to Norhaven | The Harbour Post"
) -> str:
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><title>{title}</title>{head}</head>'
        f"<body><article><h1>{title.split(' | ')[0]}</h1>{body}</article></body></html>"
    )


def ld(data: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def read(
    markup: str | bytes,
    *entries: Entry,
    url: str = "https://harbour.example/news/ferries-return-to-norhaven",
    **changes,
):
    return extract.read(page(markup, url=url, **changes), entries, NOW)


def test_structured_data_gives_every_field_with_its_origin():
    """A JSON-LD graph: title, exact time in UTC, persons without placeholders, the image with its size."""
    found = read(html(ld(LD)))

    assert "Ferries return to Norhaven" == found.title
    assert datetime(2026, 3, 1, 8, 15, tzinfo=UTC) == found.published
    assert ("Ines Marsh",) == found.authors
    assert Image(url="https://harbour.example/img/ferry.jpg", width=1600, height=900) == found.images[0]
    assert "The Harbour Post" == found.provider.name
    assert ("json-ld datePublished", "json-ld author") == (found.claims["published"], found.claims["authors"])
    assert "harbour master" in found.text


def test_open_graph_alone_is_enough():
    head = (
        '<meta property="og:type" content="article"><meta property="og:title" content="Ferries return to Norhaven">'
        '<meta property="article:published_time" content="2026-03-01T08:15:00Z">'
        '<meta property="og:image" content="https://harbour.example/f.jpg"><meta property="og:image:width" content="1200">'
        '<meta property="og:description" content="The first ferry in four days has left the port of Norhaven.">'
    )
    found = read(html(head))

    assert datetime(2026, 3, 1, 8, 15, tzinfo=UTC) == found.published
    assert ("https://harbour.example/f.jpg", 1200) == (found.images[0].url, found.images[0].width)
    assert "The first ferry in four days has left the port of Norhaven." == found.excerpt


def test_broken_json_ld_costs_nothing_else():
    """A script that is no JSON is passed over; what the rest of the page says still counts."""
    found = read(html('<script type="application/ld+json">{"@type": "NewsArticle", </script>'))

    assert "Ferries return to Norhaven" == found.title


def test_only_the_page_may_name_its_amp_address():
    with_amp = read(html(ld(LD) + '<link rel="amphtml" href="/amp/ferries">'))

    assert "https://harbour.example/amp/ferries" == with_amp.amp_url
    assert "" == read(html(ld(LD))).amp_url


def test_a_canonical_address_counts_within_the_same_domain_only():
    """On another domain it says where the text comes from, and the page keeps its own address."""
    own = read(html(ld(LD) + '<link rel="canonical" href="https://www.harbour.example/n/1">'))
    other = read(html(ld(LD) + '<link rel="canonical" href="https://wire.example/1">'))

    assert "https://www.harbour.example/n/1" == own.url
    assert ("https://harbour.example/news/ferries-return-to-norhaven", "https://wire.example/1") == (
        other.url,
        other.syndicated_from,
    )


def test_without_any_date_it_says_so():
    found = read(html())

    assert (False, NOW, "first-seen") == (found.date_known, found.published, found.claims["published"])


def test_a_year_in_the_prose_is_no_date():
    """A page without a date that speaks of 2014 is not from the first of January 2014."""
    found = read(
        html(body=PROSE + "<p>Nobody had seen its like since the great gale of 2014, the old pilots said.</p>")
    )

    assert not found.date_known


def test_the_entry_fills_what_the_page_does_not_say():
    entry = Entry(
        source="https://harbour.example/feed.xml",
        url="https://harbour.example/news/ferries-return-to-norhaven",
        title="Ferries return",
        published=datetime(2026, 3, 1, 7, tzinfo=UTC),
        authors=("Bo Lind",),
    )
    found = read(html(), entry)

    assert (datetime(2026, 3, 1, 7, tzinfo=UTC), "feed") == (found.published, found.claims["published"])
    assert ("Bo Lind",) == found.authors


@pytest.mark.parametrize(
    ("codec", "label", "head"),
    [
        ("windows-1251", "text/html; charset=windows-1251", ""),
        ("windows-1251", "text/html", '<meta charset="windows-1251">'),
        ("utf-8", "text/html; charset=iso-8859-1", ""),
        ("utf-16", "text/html", ""),
    ],
)
def test_letters_survive_the_encoding(codec, label, head):
    """Right label, label in the page, a wrong label on valid UTF-8, and a byte order mark."""
    title = "Паром вернулся в Норхавен"
    body = "".join(
        f"<p>Начальник порта насчитал {n} паромов в тот день, когда шторм ушёл на север.</p>" for n in range(9)
    )
    found = read(html(head, body, "ru", title).encode(codec), content_type=label)

    assert title == found.title


@pytest.mark.parametrize("body", [b"", b"   ", b"\x89PNG\r\n\x1a\n" + b"\x00" * 500, b"%PDF-1.7 " + b"x" * 500])
def test_what_is_no_page_is_a_parse_error(body):
    with pytest.raises(ParseError):
        read(body)


def test_a_list_of_links_is_no_article_and_says_why():
    """A tag page, without date or author, mostly links: refused with a reason, and what was read is kept."""
    links = "".join(
        f'<li><a href="/n/{n}">Ferry number {n} sails for the northern isles today</a></li>' for n in range(40)
    )
    with pytest.raises(NotAnArticle) as caught:
        read(html("", f"<p>Everything on ferries.</p><ul>{links}</ul>"), url="https://harbour.example/tag/ferries")

    assert caught.value.what.startswith("page is a list by its address (score .")


def test_a_shop_is_no_article():
    offer = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": "Life jacket",
        "offers": {"@type": "Offer", "price": "40"},
    }
    with pytest.raises(NotAnArticle):
        read(
            html(ld(offer), "<p>Life jacket, red, for adults. In stock.</p>"),
            url="https://harbour.example/shop/jacket/",
        )


@pytest.mark.parametrize(
    "hostile",
    [
        "<div>" * 5_000 + "text" + "</div>" * 5_000,
        "<!--" * 20_000,
        "<p " + " ".join(f"a{n}=1" for n in range(5_000)) + ">x</p>",
        "&#xD800;&#x110000;&#" + "9" * 5_000 + ";",
        "\x00" * 1_000 + PROSE,
        '<script type="application/ld+json">' + "[" * 50_000 + "</script>",
    ],
)
def test_hostile_markup_ends_in_an_article_or_one_of_our_errors(hostile):
    try:
        found = read(html("", hostile + PROSE))
    except ParseError:
        return
    assert found.title


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=300), st.integers(0, 3_000), st.integers(0, 3_000))
def test_damaged_pages_raise_nothing_of_others(noise, start, length):
    """A good page with a piece replaced by noise: an article or a ParseError."""
    good = html(ld(LD)).encode()
    try:
        found = read(good[:start] + noise + good[start + length :])
    except ParseError:
        return
    assert found.url.startswith("https://harbour.example/")


def test_a_row_leaves_out_what_is_missing():
    found = extract.row(read(html()))

    assert "publishedDateTime" not in found
    assert {"name": "The Harbour Post", "domain": "harbour.example"} == found["provider"]  # as its title ends
