"""Authors: whose names a claim or a byline holds, in many languages, and which place is believed."""

from __future__ import annotations

import lxml.html
import pytest

from broadsheet.extract import bylines, document, markup, names
from broadsheet.extract.fields import authors
from broadsheet.extract.said import Said, Told

TITLE = "Ferries return to Norhaven after the storm"


def page(after: str = "", before: str = "", below: str = "") -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(
        f"<html><body>{before}<article><h1>{TITLE}</h1>{after}<p>The first ferry left the pier at dawn.</p></article>{below}</body></html>"
    )


def said(*people: str, origin: str = "json-ld", bodies: tuple[str, ...] = ()) -> Said:
    return Said(
        origin=origin,
        people=tuple(Told(name, f"{origin} author") for name in people),
        bodies=tuple(Told(name, f"{origin} author") for name in bodies),
    )


def signed(
    after: str = "", *saids: Said, sites: tuple[str, ...] = ("The Harbour Post", "harbour-post")
) -> tuple[str, ...]:
    return authors.find(saids, page(after), sites, TITLE).value


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("By Ines Marsh", ["Ines Marsh"]),
        ("Von Jörg Lindqvist und Anna Weiß", ["Jörg Lindqvist", "Anna Weiß"]),
        ("Par Élodie Marchand et Luc Ferrand", ["Élodie Marchand", "Luc Ferrand"]),
        ("Por María Ortega y Juan Gil", ["María Ortega", "Juan Gil"]),
        ("di Marco Bellini e Sara Conti", ["Marco Bellini", "Sara Conti"]),
        ("Por João Seabra", ["João Seabra"]),
        ("Door Pieter de Vos en Anna Bakker", ["Pieter de Vos", "Anna Bakker"]),
        ("Av Kari Strand og Ola Dal", ["Kari Strand", "Ola Dal"]),
        ("Af Søren Holm", ["Søren Holm"]),
        ("Autor: Jan Kowal", ["Jan Kowal"]),
        ("Автор: Иван Петров", ["Иван Петров"]),
        ("Yazar: Ayşe Demir", ["Ayşe Demir"]),
        ("Oleh Budi Santoso dan Siti Rahma", ["Budi Santoso", "Siti Rahma"]),
        ("文／田中 花子", ["田中 花子"]),
        ("田中花子記者", ["田中花子"]),
        ("记者：王小明", ["王小明"]),
        ("홍길동 기자", ["홍길동"]),
        ("بقلم: ليلى حداد", ["ليلى حداد"]),
        ("מאת דנה לוי", ["דנה לוי"]),
        ("Από Νίκος Παππάς", ["Νίκος Παππάς"]),
        ("अनिता शर्मा", ["अनिता शर्मा"]),
        ("Nguyễn Văn An", ["Nguyễn Văn An"]),
    ],
)
def test_a_byline_is_read_in_its_language(line, expected):
    """What leads to a name and what joins two is known in many languages; what is left looks like persons."""
    assert expected == list(names.people(line))
    assert all(map(names.is_person, expected))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Marsh, Ines", ["Ines Marsh"]),
        ("Marsh, Ines; Lind, Bo", ["Ines Marsh", "Bo Lind"]),
        ("Marsh, Ines T.", ["Ines T. Marsh"]),
        ("Ines Marsh, Bo Lind and Ada Vale", ["Ines Marsh", "Bo Lind", "Ada Vale"]),
        ("Ines Marsh, Senior Correspondent", ["Ines Marsh"]),
        ("Ines Marsh, MD, FACP", ["Ines Marsh"]),
        ("Ines Marsh Senior Correspondent", ["Ines Marsh"]),
        ("Ines Marsh (Norhaven)", ["Ines Marsh"]),
        ("Ines Marsh / Journalist", ["Ines Marsh"]),
        ("Ines Marsh in Norhaven", ["Ines Marsh"]),
        ("Text: Ines Marsh | Foto: Bo Lind", ["Ines Marsh"]),
        ("Written by Ines Marsh | Reviewed by | Bo Lind", ["Ines Marsh"]),
        ("This post was written by Ines Marsh", ["Ines Marsh"]),
        ("By | Ines Marsh | March 3, 2026 | 4 min read | Share", ["Ines Marsh"]),
        ("Center for Trade and Research", ["Center for Trade and Research"]),
        ("https://social.example/harbourpost", []),
        ("ines.marsh@harbour.example", []),
        ("3 March 2026", []),
        ("Staff", []),
        ("admin", []),
        ("Journalist", []),
    ],
)
def test_only_names_are_left_of_a_line(line, expected):
    """Posts, degrees, places, dates, links, placeholders and those who did not write the text are dropped."""
    assert expected == list(names.people(line))


@pytest.mark.parametrize(
    "name",
    [
        "Ludwig van der Berg",
        "Maria de la Cruz",
        "M. K. Rao",
        "Jean-Luc O’Brien",
        "ADA VALE",
        "Ólafur Þór",
        "Larry Page",
        "山田太郎",
    ],
)
def test_names_of_persons(name):
    """Particles may be small; initials, hyphens, apostrophes and capitals are part of names."""
    assert names.is_person(name)


@pytest.mark.parametrize(
    "name",
    [
        "Harbour News",
        "Redaktion Norhaven",
        "Reuters",
        "Read More",
        "the first ferry",
        "Agent 007",
        "Subscribe",
        "Norhaven University",
    ],
)
def test_names_of_nobody(name):
    """Organisations, agencies, buttons and sentences are no persons."""
    assert not names.is_person(name)


@pytest.mark.parametrize(
    "markup",
    [
        '<div class="byline">By <a href="/x">Ines Marsh</a>, <time>3 March 2026</time></div>',
        '<span class="post-author__name">Ines Marsh</span>',
        '<p itemprop="author">Ines Marsh</p>',
        "<address>Ines Marsh</address>",
        '<div><a href="/authors/ines-marsh">Ines Marsh</a> | 3 March 2026</div>',
        "<p>By Ines Marsh</p>",
        "<div><span>Von</span> <b>Ines Marsh</b></div>",
        '<div class="author"><span>Ines</span> <span>Marsh</span></div>',
        "<div><span>Ines Marsh</span> <span>3.3.2026</span></div>",
        "<p><strong>Ines Marsh</strong></p>",
        '<div class="authors"><b>Ines Marsh</b><i>Reporter</i></div>',
    ],
)
def test_a_byline_near_the_headline_is_found(markup):
    """Marked by its class, property or link, by a word that leads to it, or bare beside the date."""
    assert ("Ines Marsh",) == signed(markup)


@pytest.mark.parametrize(
    "markup",
    [
        '<div class="comments"><span class="comment-author">Bo Lind</span></div>',
        '<div class="related-posts"><span class="author">Bo Lind</span></div>',
        '<figure><figcaption class="author">Bo Lind</figcaption></figure>',
        '<footer><a href="/authors/bo-lind">Bo Lind</a></footer>',
    ],
)
def test_authors_of_other_things_are_left_alone(markup):
    """Who comments, who wrote what is related and who took the picture did not write the article."""
    below = authors.find((), page(below=f"{'<p>Text.</p>' * 300}{markup}"), (), TITLE).value
    assert () == below


def test_two_bylines_of_one_list_are_two_authors():
    """Elements that are alike and next to each other name one author each."""
    listed = '<ul><li><span class="author">Ines Marsh</span></li><li><span class="author">Bo Lind</span></li></ul>'
    assert ("Ines Marsh", "Bo Lind") == signed(listed)


def test_persons_of_the_markup_come_first():
    """A byline is not asked where the markup names a person."""
    assert ("Ada Vale",) == signed('<div class="byline">By Ines Marsh</div>', said("Ada Vale"))


def test_an_organisation_beside_a_person_stays_and_comes_last():
    """An agency of the same list is kept behind the persons; the site itself is not."""
    told = said("Ada Vale", bodies=("Reuters", "The Harbour Post"))
    assert ("Ada Vale", "Reuters") == signed("", told)


def test_the_site_as_author_gives_way_to_a_byline():
    """A template that names the site as the person who wrote it says less than the byline."""
    assert ("Ines Marsh",) == signed('<div class="byline">By Ines Marsh</div>', said("The Harbour Post"))
    assert ("The Harbour Post",) == signed("", said("The Harbour Post"))


def test_a_user_of_the_system_gives_way_to_a_byline():
    """Nothing but a name in small letters is that of a user; without a byline it stays."""
    assert ("Ines Marsh",) == signed('<div class="byline">By Ines Marsh</div>', said("imarsh"))
    assert ("imarsh",) == signed("", said("imarsh"))


def test_a_longer_list_completes_a_shorter_one():
    """Some places have room for one author: another that names the same and more is taken."""
    assert ("Ines Marsh", "Bo Lind") == signed("", said("Ines Marsh"), said("Bo Lind", "Ines Marsh", origin="meta"))[
        ::-1
    ]


def test_capitals_are_spelt_as_another_place_spells_them():
    """A name in capitals is set in small letters where another claim has it so, and nowhere else."""
    assert ("Ines Marsh", "BO LIND") == signed("", said("INES MARSH", "BO LIND"), said("Ines Marsh", origin="meta"))


def test_authors_of_comments_and_teasers_in_microdata_are_not_those_of_the_article():
    """Its own item is the one around the heading; a comment inside it has authors of its own."""
    article = "itemscope itemtype='https://schema.org/NewsArticle'"
    name = "<span itemprop='author' itemscope itemtype='https://schema.org/Person'><b itemprop='name'>{}</b></span>"
    root = lxml.html.document_fromstring(
        f"<div {article}>{name.format('Ada Vale')}</div><div {article}><h1 itemprop='headline'>{TITLE}</h1>{name.format('Ines Marsh')}"
        f"<ol class='comment-list'><li>{name.format('Bo Lind')}</li></ol></div>"
    )
    named = document.by_name(root.iter())
    assert ("Ines Marsh",) == authors.find(markup.read(root, named, markup.meta_contents(named)), root, (), TITLE).value


def test_every_line_stays_a_candidate():
    """What was found and not taken can be shown, each with its place."""
    found = authors.find(
        (said("The Harbour Post"),), page('<div class="byline">By Ines Marsh | Reuters</div>'), ("harbour-post",), TITLE
    )
    assert {"json-ld author", "byline"} <= {place for claim in found.candidates for place in claim.places}


def test_a_name_of_common_words_is_no_byline():
    """Words that the page writes small elsewhere are a section or a button, and no name."""
    text = "<div><span>Ferry Traffic</span> <span>3.3.2026</span></div><p>All ferry traffic stopped.</p>"
    assert () == signed(text)


def test_a_page_of_nested_authors_is_read_in_bounds():
    """Names of elements repeated without end give a few lines."""
    root = lxml.html.document_fromstring("<div class='author'>" * 200 + "<div class='author'>Bo Lind</div>" * 3000)
    assert len(bylines.read(root, TITLE)) <= 40
