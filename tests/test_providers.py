"""What providers promises: one identity for each organisation, a fit name, and whose voice an article is."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet import extract, heat, providers, record
from broadsheet.run.judging import judge
from broadsheet.types import Article, Image, Provider, Story, Twin

from .build import NOW, article, page, provider, publication, source, story

PROSE = "".join(
    f"<p>The harbour master counted {n} ferries on the day when the storm passed, and wrote down what the pilots had "
    f"told him about the breakwater, the price of fodder and the patience of the passengers in queue number {n}.</p>"
    for n in range(3, 8)
)


def read(head: str = "", body: str = PROSE, url: str = "https://www.harbour-post.example/news/ferries-return-today"):
    """The article of a page with this head and this text."""
    markup = (
        f"<!DOCTYPE html><html lang=en><head><title>Ferries return</title>{head}</head><body><article>"
        f"<h1>Ferries return to Norhaven</h1>{body}</article></body></html>"
    )
    return extract.read(page(markup, url=url), (), NOW)


def ld(**node: object) -> str:
    news = {"@type": "NewsArticle", "headline": "Ferries return to Norhaven"} | node
    return f'<script type="application/ld+json">{json.dumps(news)}</script>'


# --- identity --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("domain", "url"),
    [
        ("harbour.example", "https://news.harbour.example/a"),
        ("harbour.co.uk", "https://www.news.harbour.co.uk/a"),
        ("xn--mnchen-3ya.example", "https://www.München.example/a"),
        ("xn--85x722f.xn--55qx5d.cn", "https://www.食狮.公司.cn/"),
        ("one.github.io", "https://one.github.io/a"),
        ("github.io", "https://github.io/"),
        ("192.0.2.7", "http://192.0.2.7:8080/a"),
        ("192.0.2.7", "http://3221225991/a"),
        ("[2001:db8::7]", "https://[2001:DB8::7]:8443/a"),
        ("localhost", "http://localhost:8000/"),
        ("intranet", "http://intranet/news"),
        ("harbour.example", "https://harbour.example./a"),
    ],
)
def test_a_provider_is_its_registrable_domain(domain, url):
    """By the public suffix list; an address in numbers, a single label and a public suffix stand for themselves."""
    assert domain == providers.domain(url)


# --- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "claimed"),
    [
        ("Harbour Post", "Harbour Post"),
        ("Harbour Post", "Harbour Post | News of the coast"),
        ("The Harbour Post", "The Harbour Post - ferries, fish and weather"),
        ("The Harbour Post", "News of the coast – The Harbour Post"),
        ("HarbourPost", "HarbourPost: first at sea"),
        ("Harbour Post", '  "Harbour&nbsp;Post" '),
        ("Harbour", "Harbour | The coast in print"),
        ("Coast & Sea | North", "Coast & Sea | North"),
        ("Harbour-Post.example", "Harbour-Post.example"),
        ("Ferries, fish and everything else that a reader of the coast", "Ferries, fish and everything else that a reader of the coast - may want to know about on a day"),
        ("", "https://harbour-post.example/"),
        ("", "www.harbour-post.example"),
        ("", "@harbourpost"),
        ("", "desk@harbour-post.example"),
        ("", "Home"),
        ("", "WordPress"),
        ("", "| - |"),
        ("", "X"),
        ("", ""),
        ("", "a word " * 20),
    ],
)  # fmt: skip
def test_a_name_is_what_readers_would_say(name, claimed):
    """No motto where the domain repeats the name, no address, nothing of a template; quotes and markup are taken off."""
    assert name == providers.clean_name(claimed, "harbour-post.example")


@given(
    st.text(max_size=120), st.sampled_from(["harbour-post.example", "192.0.2.7", "localhost", "xn--mnchen-3ya.example"])
)
def test_cleaning_a_name_twice_gives_the_same(claimed, key):
    once = providers.clean_name(claimed, key)

    assert once == providers.clean_name(once, key)
    assert len(once) <= providers.LONGEST


@pytest.mark.parametrize(
    ("name", "key"),
    [("Harbour Post", "harbour-post.example"), ("München", "xn--mnchen-3ya.example"), ("192.0.2.7", "192.0.2.7"), ("[2001:db8::7]", "[2001:db8::7]"), ("Localhost", "localhost")],
)  # fmt: skip
def test_a_domain_is_made_readable(name, key):
    assert name == providers.name_from(key)


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("Harbour Site", ld(isPartOf={"@type": "WebSite", "name": "Harbour Site"}, publisher={"name": "Harbour Media"}) + '<meta property="og:site_name" content="By OG">'),
        ("Harbour Media", ld(publisher={"@type": "Organization", "name": "Harbour Media"}) + '<meta property="og:site_name" content="By OG">'),
        ("Harbour Site", ld() + '<script type="application/ld+json">{"@type":"WebSite","name":"Harbour Site"}</script><meta property="og:site_name" content="By OG">'),
        ("By OG", ld() + '<meta property="og:site_name" content="By OG"><meta name="application-name" content="App">'),
        ("By OG", ld(publisher={"@type": "Person", "name": "Ines Marsh"}) + '<meta property="og:site_name" content="By OG">'),
        ("By OG", ld(publisher={"name": "harbour-post.example"}) + '<meta property="og:site_name" content="By OG">'),
        ("By OG", ld(publisher={"name": "Reuters"}) + '<meta property="og:site_name" content="By OG">'),
        ("By OG", ld(publisher={"name": "https://harbour-post.example"}) + '<meta property="og:site_name" content="By OG">'),
        ("Harbour Post", ld()),
    ],
)  # fmt: skip
def test_the_page_names_its_site_by_the_strongest_claim(name, head):
    """JSON-LD's site and publisher, then Open Graph, then the domain; never a person, an address or an agency."""
    assert name == read(head).provider.name


def test_the_registry_wins_over_sources_and_these_over_the_page():
    """A file names its domain; a source that files articles elsewhere names that place; else it is the page's claim."""
    found = read(ld(publisher={"name": "Harbour Media"}))
    feed = source(provider="coast.example", title="The Coast - all news")
    filed = judge(publication(sources=(feed,)), article(url=found.url, publisher=found.publisher, sources=(feed.url,)))
    listed = Provider(
        domain="coast.example", name="Coast", known=True, images=(Image(url="https://ferries.example/c.png"),)
    )
    by_registry = judge(publication(sources=(feed,), organizations=(listed,)), filed)

    assert "Harbour Media" == judge(publication(), found).provider.name
    assert ("coast.example", "The Coast") == (filed.provider.domain, filed.provider.name)
    assert listed == by_registry.provider


def test_leaving_the_registry_gives_back_what_the_page_says():
    """Judging is a function of the facts: what a registry file put over them does not stick."""
    found = read(ld(publisher={"name": "Harbour Media", "logo": "/logo.png"}))
    known = Provider(domain="harbour-post.example", name="The Post", known=True)
    judged = judge(publication(organizations=(known,)), found)

    assert known == judged.provider
    assert found.provider == judge(publication(), judged).provider


def test_of_several_names_the_most_frequent_is_taken():
    """Of equals the first in the alphabet, in whatever order they come."""
    assert "B" == providers.name_among(["A", "B", "C", "B"])
    assert "A" == providers.name_among(["B", "A"]) == providers.name_among(["A", "B"])
    assert "" == providers.name_among([])


# --- logos -----------------------------------------------------------------------------------------------------------


def icon(side: int, name: str = "", height: int = 0) -> Image:
    return Image(url=f"https://harbour-post.example/{name or side}.png", width=side, height=height or side)


@pytest.mark.parametrize(
    ("chosen", "claims"),
    [
        ((icon(48), icon(192)), [icon(16), icon(192), icon(48), icon(32), icon(152)]),
        ((icon(50), icon(400)), [icon(50), icon(400), icon(1200)]),
        ((icon(32), icon(600, "wide", 60)), [icon(600, "wide", 60), icon(32)]),
        ((icon(600, "wide", 60), icon(0, "unsized")), [icon(600, "wide", 60), icon(0, "unsized"), icon(0, "third")]),
        ((icon(180),), [icon(0, "180"), icon(180)]),
        ((), [Image(url="https://harbour-post.example/logo.svg?v=2", width=50, height=50)]),
        ((), []),
    ],
)
def test_two_logos_are_kept_a_small_and_a_larger_one(chosen, claims):
    """Nearly square ones of known size first; what is only known to be wide, or of no known size, fills up."""
    assert chosen == providers.logos(claims)


def test_a_page_claims_its_logos_in_its_markup_and_its_icons():
    """Absolute and canonical, with their sizes where told; they are no pictures of the article."""
    head = ld(
        publisher={"name": "Harbour Media", "logo": {"@type": "ImageObject", "url": "/logo.png", "width": 600, "height": 60}},
        image=["/logo.png", "/ferry.jpg"],
    ) + (
        '<link rel="shortcut icon" href="/favicon.ico?utm_source=x"><link rel="icon" sizes="16x16 48x48" href="/48.png">'
        '<link rel="apple-touch-icon" sizes="180x180" href="//cdn.harbour-post.example/180.png">'
        '<link rel="icon" href="data:image/png;base64,AA"><link rel="icon" sizes="any" href="/logo.svg">'
    )  # fmt: skip
    found = read(head)

    assert (
        Image(url="https://www.harbour-post.example/48.png", width=48, height=48),
        Image(url="https://cdn.harbour-post.example/180.png", width=180, height=180),
    ) == found.provider.images
    assert ("https://www.harbour-post.example/ferry.jpg",) == tuple(image.url for image in found.images)


def test_a_logo_that_is_only_claimed_is_not_printed():
    """A record shows the logo of a provider in the registry, or the one that it came with."""
    found = judge(publication(), read(ld(publisher={"name": "Harbour Media", "logo": "/logo.png"})))
    logo = Image(url="https://ferries.example/logo.png", width=50, height=50)
    known = judge(publication(organizations=(provider("harbour-post.example", known=True, images=(logo,)),)), found)

    assert () == printed(found).images
    assert (logo,) == printed(known).images
    assert (logo,) == printed(article(provider=provider(images=(logo,)))).images


def printed(one: Article) -> Provider:
    """The provider as the record of an article shows it."""
    found = record.from_article(one, heat=0, published=True, related=()).provider
    assert found is not None
    return found


# --- whose report ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("agency", "said", "head", "body"),
    [
        ("reuters.com", "json-ld byline", ld(author={"@type": "Organization", "name": "Reuters"}), PROSE),
        ("reuters.com", "json-ld byline", ld(author=[{"@type": "Person", "name": "Jane Doe"}, {"name": "Reuters"}]), PROSE),
        ("apnews.com", "json-ld credit", ld(author={"name": "Jane Doe"}, sourceOrganization={"name": "Associated Press"}), PROSE),
        ("afp.com", "json-ld credit", ld(creditText="AFP"), PROSE),
        ("dpa.com", "meta byline", '<meta name="author" content="jm/dpa">', PROSE),
        ("efe.com", "meta credit", '<meta name="source" content="EFE">', PROSE),
        ("apnews.com", "canonical", '<link rel="canonical" href="https://apnews.com/article/ferries-1">', PROSE),
        ("afp.com", "syndication-source", '<meta name="syndication-source" content="https://www.afp.com/en/1">', PROSE),
        ("afp.com", "original-source", '<meta name="original-source" content="https://www.afp.com/en/1">', PROSE),
        ("reuters.com", "dateline", ld(author={"name": "Jane Doe"}), PROSE.replace("The", "NORHAVEN (Reuters) - The", 1)),
        ("dpa.com", "credit line", ld(), PROSE + "<p>(dpa)</p>"),
        ("globenewswire.com", "dateline", ld(), PROSE.replace("The", "NORHAVEN, March 1, 2026 (GLOBE NEWSWIRE) -- The", 1)),
        ("", "", ld(author={"name": "Ines Marsh"}), PROSE),
        ("", "", ld(author={"name": "Ines Marsh with Reuters"}), PROSE),
        ("", "", '<meta name="author" content="Ines Marsh mit dpa">', PROSE),
        ("", "", ld(sourceOrganization={"name": "Harbour Media"}, creditText="AP Photo/Jane Doe"), PROSE),
        ("", "", ld(), PROSE + "<p>Reuters reported that the ferries return, and AP and AFP said the same of the whole coast.</p>"),
        ("", "", '<meta name="original-source" content="https://www.afp.com/1"><meta name="original-source" content="https://apnews.com/1">', PROSE),
        ("", "", '<link rel="canonical" href="https://coast.example/1">', PROSE),
    ],
)  # fmt: skip
def test_an_article_knows_the_agency_whose_report_it_is(agency, said, head, body):
    """By its own structure alone, and it says by which part of it; a mention, a picture or help is no authorship."""
    found = read(head, body)

    assert (agency, said) == (found.agency, found.claims.get("agency", ""))


def test_an_agencys_own_site_is_its_own_voice():
    """Its byline there is no agency copy; another of its domains counts as the first; of two named, its own wins."""
    dateline = PROSE.replace("The", "NORHAVEN (AP) — The", 1)
    joint = PROSE.replace("The", "Wien (APA/dpa) - The", 1)
    alien = PROSE.replace("The", "Bern (AFP) - The", 1)

    assert "" == read(ld(author={"name": "AP"}), dateline, url="https://apnews.com/article/ferries-return-1").agency
    assert "apnews.com" == read(ld(), dateline, url="https://www.ap.org/news/ferries-return-1").agency
    assert "" == read(ld(), joint, url="https://www.apa.at/news/ferries-return-1").agency
    assert "afp.com" == read(ld(), alien, url="https://www.apa.at/news/ferries-return-1").agency


def test_a_syndicated_article_says_where_it_was_taken_from():
    """By `syndication-source` as by rel=canonical; the site's own address there says nothing."""
    meta = '<meta name="syndication-source" content="{}">'

    assert "https://coast.example/1" == read(meta.format("https://coast.example/1?utm_source=x")).syndicated_from
    assert "" == read(meta.format("https://harbour-post.example/1")).syndicated_from
    assert "" == read(meta.format("javascript:alert(1)")).syndicated_from


# --- voices ----------------------------------------------------------------------------------------------------------


def outlet(n: int, **changes: object) -> Article:
    """The article of outlet n, judged."""
    one = article(
        n, url=f"https://outlet{n}.example/ferries", provider=provider(f"outlet{n}.example"), quality=50, **changes
    )
    return judge(publication(), one)


def test_ten_outlets_with_one_agency_report_are_one_voice():
    """However each edited it, known as a twin or not, and with the agency's own article beside them."""
    first = "NORHAVEN (Reuters) - The ferries returned to Norhaven on Monday after four days of storm. "
    edits = [f"<p>{first}{'Our town waited, too. ' * n}</p>{PROSE}" for n in range(10)]
    copies = [
        judge(publication(), read(ld(author={"name": "Staff"}), body, url=f"https://outlet{n}.example/ferries-return"))
        for n, body in enumerate(edits)
    ]
    own = judge(publication(), read(ld(author={"name": "Reuters"}), f"<p>{first}</p>{PROSE}", url="https://www.reuters.com/world/ferries-return"))  # fmt: skip

    assert 10 == len({one.provider.domain for one in copies})
    assert ("reuters.com",) == story(*copies).voices
    assert ("reuters.com",) == story(own, *copies).voices
    assert ("outlet11.example", "reuters.com") == story(own, *copies, outlet(11)).voices


def test_a_reprint_speaks_with_the_voice_of_what_it_repeats():
    """Along a chain of reprints, to the agency of the first; a chain that bites its tail ends all the same."""
    first, second, third = outlet(1, agency="afp.com"), outlet(2), outlet(3)
    chain = {third.url: twin(third, second), second.url: twin(second, first)}
    circle = {second.url: twin(second, third), third.url: twin(third, second)}  # of damaged facts

    assert ("afp.com",) == story(first, second, third, reprints=chain).voices
    assert {"outlet2.example", "outlet3.example"} >= set(story(second, third, reprints=circle).voices)


def twin(copy: Article, original: Article) -> Twin:
    return Twin(url=copy.url, original=original.url, resemblance=0.9)


def test_what_was_taken_from_another_site_speaks_for_that_site():
    """By its registrable domain, and with that site's own article it is one voice."""
    taken = outlet(1, syndicated_from="https://www.coast.example/1")
    own = judge(publication(), article(2, url="https://coast.example/1", provider=provider("coast.example")))

    assert ("coast.example",) == story(taken, own).voices


def test_agency_copies_add_no_heat():
    """Ten copies are as hot as one; ten reports of their own are hotter, by voices and by speed."""

    def points(one: Story) -> dict[str, int]:
        return {reason.factor: reason.points for reason in heat.score(one, publication()).reasons}

    copies = points(story(*(outlet(n, agency="afp.com") for n in range(1, 11))))
    own = points(story(*(outlet(n) for n in range(1, 11))))

    assert (0, 0) == (copies["voices"], copies["speed"])
    assert own["voices"] > 0
    assert own["speed"] > 0
