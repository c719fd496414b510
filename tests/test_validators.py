"""What checkers of HTML, XML and linked data find in the printed demo and in a fictional edition: nothing."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from lxml import etree

from .node import VNU, needs
from .printed import XML, Printed, claims, dead, files, xml

TREES = ("demo_printed", "coast_printed")
# Kinds of schema.org that say: this, at its address, is a piece of journalism.
ARTICLES = (
    "Article", "NewsArticle", "AnalysisNewsArticle", "AskPublicNewsArticle", "BackgroundNewsArticle", "OpinionNewsArticle",
    "ReportageNewsArticle", "ReviewNewsArticle", "BlogPosting", "LiveBlogPosting", "Report", "SocialMediaPosting",
)  # fmt: skip


@pytest.fixture(params=TREES)
def printed(request) -> Printed:
    return request.getfixturevalue(request.param)


def checked(*folders: Path) -> list[str]:
    """What the Nu HTML checker calls an error: page, line and message."""
    options = ("--errors-only", "--skip-non-html", "--exit-zero-always", "--stdout", "--format", "json")
    command = ["java", "-Xss4m", "-jar", str(VNU), *options, *map(str, folders)]
    done = subprocess.run(command, capture_output=True, check=True)
    found = json.loads(done.stdout)["messages"]
    return [f"{one.get('url', '')}:{one.get('lastLine', 0)}: {one.get('message', '')}" for one in found]


@needs("vnu-jar", commands=("java",))
def test_the_checker_of_html_finds_nothing_but_what_is_wrong(demo_printed, coast_printed, tmp_path):
    """No page of either tree has an error; a page beside them that skips a level of headings and an alt has two."""
    (tmp_path / "bad.html").write_text(
        "<!doctype html><html lang='en'><title>Bad</title><h1>One</h1><p><img src='x.png'><p><a href='a b'>c</a></html>"
    )
    found = checked(demo_printed.folder, coast_printed.folder, tmp_path)
    wrong = [line for line in found if "/bad.html:" in line]
    assert (2, []) == (len(wrong), [line for line in found if line not in wrong])


def test_all_xml_is_well_formed(printed):
    """Feeds, sitemaps and lists of sources are read by a parser that mends nothing."""
    assert len(files(printed, *XML)) > 10
    for path in files(printed, *XML).values():
        xml(path)


@pytest.mark.parametrize("bad", ["<a>&nbsp;</a>", "<a><b></a>", "<a>\x01</a>", "<x:a/>"])
def test_what_is_not_well_formed_is_found(bad, tmp_path):
    """An undeclared entity or prefix, an open element, a control character."""
    (tmp_path / "bad.xml").write_text(bad)
    with pytest.raises(etree.XMLSyntaxError):
        xml(tmp_path / "bad.xml")


def test_every_address_of_ours_is_there(printed):
    """Whatever a page, a feed, a sitemap or the API names below the publication's address exists in the same edition."""
    assert [] == dead(printed)


def test_dead_addresses_are_found(tmp_path):
    """A missing page, picture, place in a page, feed and item are each named with the file that names them."""
    (tmp_path / "a").mkdir()
    (tmp_path / "index.html").write_text(
        "<p id=here><a href='a/'>A</a><a href='#here'>B</a><a href='#there'>C</a><a href='a/b/?q=1'>D</a>"
        "<a href='https://else.example/x'>E</a><img src=1.png srcset='2.png 1x, 3.png 2x'>"
    )
    (tmp_path / "a" / "index.html").write_text("<a href='../'>A</a><a href='../#here'>B</a><a href='/'>C</a>")
    (tmp_path / "2.png").touch()
    (tmp_path / "map.xml").write_text("<a><b>https://ours.example/a/</b><c d='https://ours.example/c/'/></a>")
    (tmp_path / "feed.json").write_text('{"items": [{"id": "https://ours.example/d/"}]}')

    found = dead(Printed(tmp_path, "https://ours.example/"))

    pages = {("index.html", address) for address in ("#there", "a/b/?q=1", "1.png", "3.png")}
    assert pages | {("map.xml", "https://ours.example/c/"), ("feed.json", "https://ours.example/d/")} == set(found)


def test_linked_data_claims_no_article_of_others_for_us(printed):
    """Every article in linked data has the address of its publisher, never one of ours."""
    found = [(name, address) for name, kind, address in claims(printed) if kind in ARTICLES]
    assert len(found) > 40
    assert [] == [one for one in found if not one[1] or one[1].startswith(printed.url)]


def test_a_claimed_article_is_found(tmp_path):
    """An article at our own address, deep inside a list and of two types, is told from one of somebody else's."""
    inner = '{"@type": "ListItem", "item": {"@type": ["Thing", "NewsArticle"], "url": "/story/a/"}}'
    other = '{"@type": "NewsArticle", "url": "https://else.example/b"}'
    (tmp_path / "index.html").write_text(
        f'<script type="application/ld+json">{{"@type": "ItemList", "itemListElement": [{inner}, {other}]}}</script>'
    )
    claimed = claims(Printed(tmp_path, "https://ours.example/"))
    found = [address for _, kind, address in claimed if kind == "NewsArticle"]
    assert ["https://ours.example/story/a/", "https://else.example/b"] == found
