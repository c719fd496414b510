"""outputs.sitemap: what it lists, its limits, its schemas, and what a reader of sitemaps makes of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from importlib.resources import files
from types import ModuleType

import msgspec
import pytest
from lxml import etree

from broadsheet.outputs import _stories, site, sitemap
from broadsheet.types import Edition, File

from . import coast, test_feed_archives
from .build import NOW

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SITE = "https://coast.example/"
PROVIDERS = {article.provider.domain for story in coast.edition().stories for article in story.articles}
AROUND = {"about/", "archive/", "corrections/", "provider/", "search/", "subscribe/"}
PAGES = 1 + len(AROUND) + len(PROVIDERS) + len(coast.TOPICS) + 42  # front page, topics, stories


def printed(edition: Edition) -> dict[str, bytes]:
    return {file.path: file.data for file in sitemap.render(edition)}


def schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(files("broadsheet.outputs") / "schemas" / name)))


def listed(data: bytes) -> dict[str, str | None]:
    """Address -> lastmod."""
    return {one.findtext(f"{SITEMAP}loc"): one.findtext(f"{SITEMAP}lastmod") for one in etree.fromstring(data)}


@pytest.fixture(scope="module")
def edition() -> Edition:
    return coast.edition()


def test_every_page_stands_once_with_its_newest_fact(edition):
    """Addresses are absolute; lastmod is the newest fact of that page, in UTC, and absent where a page shows none."""
    data = printed(edition)["sitemap.xml"]
    told = listed(data)
    assert (PAGES, PAGES) == (len(told), len(etree.fromstring(data)))
    assert "2026-03-02T11:53:00Z" == told[SITE]
    newest = min(max(a.published for a in coast.story(1).articles), NOW)
    assert newest.isoformat().replace("+00:00", "Z") == told[f"{SITE}story/2026-03-01-story-1/"]
    assert told[f"{SITE}about/"] is None


def test_every_address_is_a_page_that_the_site_prints(edition):
    """Also where topics have no stories, where there are no stories at all, and where there are days of the past."""
    days = msgspec.structs.replace(test_feed_archives.months()[12].edition, publication=coast.publication())
    assert 10 < sum("/day/" in url for url in listed(printed(days)["sitemap.xml"]))
    for made in (edition, coast.edition(3), coast.edition(0), days):
        pages = {f"{SITE}{file.path.removesuffix('index.html')}" for file in site.render(made)}
        assert set(listed(printed(made)["sitemap.xml"])) <= pages


def test_without_pages_there_is_no_sitemap():
    """Where the site is not printed its pages are nowhere."""
    assert {} == printed(coast.edition(3, publication=coast.publication(outputs=("records", "sitemap"))))


def test_an_output_of_ones_own_lists_its_pages(monkeypatch):
    """A module that offers `addresses` is asked for them; an address that two outputs give stands once."""
    own = ModuleType("own_pages.ferries")

    def addresses(edition: Edition) -> Iterator[tuple[str, datetime]]:
        yield "", edition.updated
        yield "routes/Åland & back/", NOW

    own.addresses = addresses
    monkeypatch.setitem(sys.modules, "own_pages", ModuleType("own_pages"))
    monkeypatch.setitem(sys.modules, "own_pages.ferries", own)
    made = coast.edition(1, publication=coast.publication(outputs=("own_pages.ferries", "sitemap", "site")))
    data = printed(made)["sitemap.xml"]
    assert f"{SITE}routes/%C3%85land%20%26%20back/" in listed(data)
    assert schema("sitemap.xsd").validate(etree.fromstring(data))


def test_lastmod_changes_with_the_page_alone(edition):
    """A later clock changes none; a new article in one story changes that of its page, its topics, the front page and
    the lists that show it."""
    assert printed(edition) == printed(coast.edition(now=NOW.replace(hour=23)))
    first, *rest = edition.stories
    article = msgspec.structs.replace(first.lead, url="https://quay.example/new", published=NOW, first_seen=NOW)
    grown = msgspec.structs.replace(first, articles=(*first.articles, article))
    before = listed(printed(edition)["sitemap.xml"])
    after = listed(printed(msgspec.structs.replace(edition, stories=(grown, *rest), updated=NOW))["sitemap.xml"])
    pages = {f"story/{first.name}/", "provider/", "search/"}
    pages |= {f"topic/{topic.id}/" for topic in coast.TOPICS if topic.name in first.lead.topics}
    pages |= {f"provider/{one.provider.domain}/" for one in grown.articles}
    assert {SITE, *(f"{SITE}{page}" for page in pages)} == {url for url in after if before[url] != after[url]}


def test_many_pages_become_an_index_of_sitemaps(monkeypatch, edition):
    """Beyond the protocol's limit sitemap.xml is an index; its parts hold every page once, none over the limit."""
    monkeypatch.setattr(sitemap, "MOST", 10)
    found = printed(edition)
    index = found.pop("sitemap.xml")
    assert schema("sitemap-index.xsd").validate(etree.fromstring(index))
    assert [f"{SITE}{path}" for path in found] == list(listed(index))
    sizes = [len(etree.fromstring(data)) for data in found.values()]
    assert (10, PAGES) == (max(sizes), sum(sizes))
    assert PAGES == len({url for data in found.values() for url in listed(data)})
    for path, data in found.items():
        assert max(filter(None, listed(data).values()), default=None) == listed(index)[f"{SITE}{path}"]


def test_no_sitemap_is_larger_than_the_protocol_allows(monkeypatch, edition):
    """Long addresses fill a file before there are too many of them."""
    monkeypatch.setattr(sitemap, "MOST_BYTES", 1_000)
    found = printed(edition)
    del found["sitemap.xml"]
    assert 900 < max(map(len, found.values())) <= 1_000
    assert PAGES == sum(len(etree.fromstring(data)) for data in found.values())


def test_the_limits_are_those_of_the_protocol():
    assert (50_000, 52_428_800) == (sitemap.MOST, sitemap.MOST_BYTES)


@pytest.mark.parametrize(
    ("spoilt", "instead"),
    [
        ("<loc>https://coast.example/", "<loc>/"),
        ("<loc>https://coast.example/about/", "<loc>https://coast.example/"),
        ("11:53:00Z", "11:53:00"),
        ("2026-03-02T11:53:00Z", "yesterday"),
        ("<lastmod>", "<changed>"),
    ],
)
def test_the_schema_refuses_what_is_wrong(spoilt, instead, edition):
    """A relative address, one that stands twice, a time without zone, no time at all, an unknown element."""
    data = printed(edition)["sitemap.xml"].decode()
    assert schema("sitemap.xsd").validate(etree.fromstring(data.encode()))
    wrong = data.replace(spoilt, instead, 1).replace("<changed>2026-03-02T11:53:00Z</lastmod>", "<changed/>")
    assert wrong != data
    assert not schema("sitemap.xsd").validate(etree.fromstring(wrong.encode()))


def test_a_reader_of_sitemaps_finds_every_page(edition):
    """ultimate-sitemap-parser reads addresses and moments as they are."""
    parser = pytest.importorskip("usp.fetch_parse")
    data = printed(edition)["sitemap.xml"]
    read = {page.url: page.last_modified for page in parser.SitemapStrParser(data.decode()).sitemap().all_pages()}
    told = {url: datetime.fromisoformat(when) if when else None for url, when in listed(data).items()}
    assert told == read


def test_without_facts_the_front_page_has_no_lastmod():
    assert listed(printed(coast.edition(0, updated=_stories.NEVER))["sitemap.xml"])[SITE] is None


def test_a_sitemap_is_a_file_at_once(edition):
    assert [File] == [type(one) for one in sitemap.render(edition)]
