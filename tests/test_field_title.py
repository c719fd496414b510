"""The title: which of the places that claim one is believed, and what of it is the site's name or a kicker."""

from __future__ import annotations

import lxml.html
import pytest

from broadsheet.extract import document, headings, markup
from broadsheet.extract.fields import provider, title
from broadsheet.extract.said import Claims, Said, Told

SITES = ("The Harbour Post", "harbour-post.example", "harbour-post")
HEADLINE = "Ferries return to Norhaven after the storm"


def find(*claims: tuple[str, str], url: str = "") -> str:
    """The title of pairs of place and value, each in a claim of its own."""
    saids = [Said(origin="html", titles=(Told(value, place),)) for place, value in claims]
    return title.find(saids, SITES, url).value


def read(body: str, head: str = "") -> list[Told]:
    root = lxml.html.document_fromstring(f"<html><head>{head}</head><body>{body}</body></html>")
    return list(headings.read(root, document.by_name(root.iter())))


@pytest.mark.parametrize(
    "whole",
    [
        f"{HEADLINE} | The Harbour Post",
        f"{HEADLINE} - Harbour Post",
        f"The Harbour Post: {HEADLINE}",
        f"{HEADLINE} – harbour-post.example",
        f"{HEADLINE} ｜ The Harbour Post",
    ],
)
def test_the_name_of_the_site_is_no_part(whole):
    """A bar, dash or colon parts a title from the name of its site, at either end."""
    assert HEADLINE == find(("title element", whole))


def test_what_the_title_element_adds_is_the_site():
    """What stands behind the headline there is taken off every other claim, however the site is called elsewhere."""
    claims = (
        ("h1", HEADLINE),
        ("title element", f"{HEADLINE} | HP News"),
        ("og:title", "All boats sail again | HP News"),
    )
    found = title.find([Said(origin="html", titles=tuple(Told(v, p) for p, v in claims))], SITES)
    assert HEADLINE == found.value
    assert "All boats sail again" in [claim.value for claim in found.candidates]


@pytest.mark.parametrize(
    ("headline", "teaser"),
    [
        (HEADLINE, "Boats, boats, boats: ten things to know"),
        ("Fähren kehren nach dem Sturm zurück", "Warum Norhaven aufatmet"),
        ("Паром вернулся в Норхавен после шторма", "Что известно о переправе"),
        ("嵐の後、フェリーが港に戻る", "港で何が起きたのか"),
        ("عودة العبارات إلى الميناء بعد العاصفة", "ماذا حدث في الميناء"),
    ],
)
def test_a_heading_and_a_headline_beat_one_copied_teaser(headline, teaser):
    """The title element and og:title are one field of one plug-in: together they count little more than one."""
    assert headline == find(
        ("og:title", teaser), ("title element", teaser), ("h1", headline), ("json-ld headline", headline)
    )


def test_a_heading_unlike_all_else_is_of_a_section():
    """A heading that shares no word with claims that agree names a section."""
    assert HEADLINE == find(("h1", "Perspectives"), ("og:title", HEADLINE), ("title element", HEADLINE))


def test_a_later_heading_may_be_the_one():
    """Of several headings the one that other places repeat is the headline."""
    assert HEADLINE == find(("h1", "Our blog"), ("h1", HEADLINE), ("title element", f"{HEADLINE} | The Harbour Post"))


def test_quotes_case_and_dashes_do_not_tell_claims_apart():
    """Claims that differ in quotes, capitals and entities are one claim."""
    claims = (
        ("json-ld headline", "“All clear”, says the harbour’s chief"),
        ("json-ld name", "&quot;All Clear&quot;, says the harbour's chief"),
    )
    assert claims[0][1] == find(*claims, ("title element", "Harbour chief interview"))


def test_the_address_decides_between_equals():
    """A slug of many words is made of the headline."""
    claims = ("og:title", "Norhaven breathes again as boats sail"), ("json-ld headline", HEADLINE)
    slug = "https://harbour-post.example/2026/03/ferries-return-to-norhaven-after-the-storm-12345.html"
    assert HEADLINE == find(*claims, url=slug)


def test_an_umlaut_in_a_slug_is_two_letters():
    """Slugs spell ä as ae and ß as ss."""
    claims = (
        ("og:title", "Norhaven atmet auf nach Tagen"),
        ("json-ld headline", "Fähren fahren über große Straße zurück"),
    )
    assert claims[1][1] == find(*claims, url="https://a.example/faehren-fahren-ueber-grosse-strasse-zurueck")


def test_a_site_that_says_nothing_else_keeps_its_title():
    """Where all claims are the site's name, that is the title."""
    assert "The Harbour Post" == find(("title element", "The Harbour Post"))
    assert "" == find()


@pytest.mark.parametrize("name", ["kicker", "article__overline", "c-dachzeile", "post-category", "screen-reader-text"])
def test_a_kicker_inside_the_heading_is_left_out(name):
    """What is named a kicker, a category or for readers of the screen alone stands beside the headline."""
    assert [Told(HEADLINE, "h1")] == read(f'<h1><span class="{name}">Harbour</span> <span>{HEADLINE}</span></h1>')


def test_a_headline_with_a_badge_around_it_stays():
    """A part that is most of the heading is the headline, whatever its names say."""
    assert [Told(HEADLINE, "h1")] == read(
        f'<h1><span class="topic">Sea</span> <span class="badge label">{HEADLINE}</span></h1>'
    )


@pytest.mark.parametrize(
    "markup",
    [
        '<h1 class="site-title">The Harbour Post</h1>',
        '<h1><a rel="home" href="/">The Harbour Post</a></h1>',
        '<div class="breadcrumbs"><h1>The Harbour Post</h1></div>',
        '<ol><li><a href="/">Home</a></li><li><h1>The Harbour Post</h1></li></ol>',
        '<div><a href="/">Home</a> / <a href="/sea">Sea</a> / <h1>The Harbour Post</h1></div>',
        "<nav><h1>The Harbour Post</h1></nav>",
    ],
)
def test_headings_of_the_site_are_aside(markup):
    """A logo, a menu and the end of a trail of links tell where one is; the headline comes before them."""
    assert [Told(HEADLINE, "h1"), Told("The Harbour Post", "h1 aside")] == read(
        f"{markup}<article><h1>{HEADLINE}</h1></article>"
    )


def test_behind_a_trail_the_second_level_holds_the_headline():
    """Where the first level ends a trail of links, the heading below that og:title repeats is the headline."""
    body = f'<nav class="breadcrumb"><h1>Norhaven ferry timetable</h1></nav><article><h2>Sea <b>now</b></h2><h2>{HEADLINE}</h2></article>'
    head = f'<title>Norhaven ferry timetable</title><meta property="og:title" content="{HEADLINE}">'
    root = lxml.html.document_fromstring(f"<html><head>{head}</head><body>{body}</body></html>")
    named = document.by_name(root.iter())
    assert HEADLINE == title.find(markup.read(root, named, markup.meta_contents(named)), SITES).value


def test_lines_of_a_heading_are_words_apart():
    """A line break parts words."""
    assert [Told("Ferries return", "h1")] == read("<h1>Ferries<br>return</h1>")


def test_a_heading_that_nobody_closes_is_bounded():
    """A page inside its heading costs no more than a heading."""
    assert all(len(told.value) <= 2_000 for told in read("<h1>" + "<span class='kicker'>word " * 5_000))


@pytest.mark.parametrize(
    ("names", "domain", "expected"),
    [
        (["Norhaven Media AG", "Harbour-Post"], "harbourpost.example", "Harbour-Post"),
        (["Blogspot", "Der Hafenbote"], "der-hafenbote.example", "Der Hafenbote"),
        (["The Harbour Post", "harbourpost"], "theharbourpost.example", "The Harbour Post"),
        (["港湾新聞", "Kowan"], "kowan.example", "港湾新聞"),
        (["Norhaven Times", "Sea News"], "nt.example", "Norhaven Times"),
        (["Home", "harbour.example"], "harbour.example", "harbour.example"),
        ([], "harbour.example", ""),
    ],
)
def test_the_site_is_called_as_its_domain_says(names, domain, expected):
    """Of several names the one that the domain repeats; else the first; a name in another script stays."""
    said = Said(origin="og", sites=tuple(Told(name, "og:site_name") for name in names))
    nothing = Said(origin="")
    claims = Claims(nothing, nothing, said, nothing, nothing, nothing, nothing, nothing)

    assert expected == provider.find(claims, lxml.html.fromstring("<html><body><p>Nothing"), domain).value
