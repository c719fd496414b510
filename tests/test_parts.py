"""An article of several pages is read whole, and nothing that is another article is taken for one of its pages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import lxml.html
import pytest

from broadsheet.execute.serial import Serial
from broadsheet.extract import document
from broadsheet.extract.body.block import Block
from broadsheet.extract.body.parts import joined, next_part, part_of
from broadsheet.fetch import CannedFetcher
from broadsheet.fetch.outside import Outside
from broadsheet.run import answering, opened, parts, update

from . import web as small_web
from .build import NOW, article

SITE = "https://harbour.example"
STORM = f"{SITE}/news/storm"


@pytest.mark.parametrize(
    ("first", "address", "number"),
    [
        ("/news/storm", "/news/storm", None), ("/news/storm", "/news/storm?page=2", 2), ("/news/storm", "/news/storm/2", 2),
        ("/news/storm/", "/news/storm/2/", 2), ("/news/storm/", "/news/storm/page/3/", 3), ("/news/storm", "/news/storm/seite-2", 2),
        ("/news/storm", "/news/storm-page-2", 2), ("/news/storm.html", "/news/storm-2.html", 2), ("/news/storm.html", "/news/storm_2.html", 2),
        ("/news/storm.html", "/news/storm,2.html", 2), ("/news/storm.html", "/news/storm/2.html", 2), ("/news/storm.html", "/news/storm.html?page=2", 2),
        ("/?p=123", "/?p=123&page=2", 2), ("/view?id=7", "/view?page=2&id=7&utm_source=x", 2), ("/news/storm?page=1", "/news/storm?page=2", 2),
    ],
)  # fmt: skip
def test_a_part_has_the_address_of_the_first_and_a_number(first, address, number):
    found = part_of(SITE + address, SITE + first)

    assert found is not None
    assert number == found.number


@pytest.mark.parametrize(
    ("first", "address"),
    [
        ("/news/1", "/news/2"), ("/news/storm", "/news/storm-2"), ("/?p=123", "/?p=124"), ("/", "/2"), ("/", "/page/2/"),
        ("/news/storm", "/news/calm"), ("/news/storm", "/news/storm/2026/03"), ("/news/storm/", "/news/storm/comment-page-2/"),
        ("/news/storm", "/news/storm?cpage=2"), ("/news/storm", "/news/storm?page=2&reply=7"), ("/view?id=7", "/view?id=8&page=2"),
        ("/news/storm", "/news/storm/1234"), ("/news/storm", "/news/storm?page=all"), ("/news/storm", "/news/stormy/2"),
        ("/news/storm", "/news/storm?page=2&p=3"), ("/2026/03/01/storm", "/2026/03/02/storm"), ("/a-1.html", "/a-2.html"),
    ],
)  # fmt: skip
def test_what_has_another_address_is_no_part(first, address):
    """The next post of a blog, the next number of a list, comments, another host."""
    assert part_of(SITE + address, SITE + first) is None
    assert part_of(f"https://other.example{first}?page=2", SITE + first) is None


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ('<link rel="next" href="/news/storm?page=2">', "?page=2"),
        ('<link rel="next" href="/news/storm?page=1">', "?page=1"),
        ('<p><a rel="nofollow next" href="storm/2">on</a></p>', "/2"),
        ('<base href="https://harbour.example/news/storm/"><a rel="next" href="2">on</a>', "/2"),
        (
            '<ul class="pagination"><li>1<li><a href="/news/storm?page=3">3</a><a href="/news/storm?page=2">2</a></ul>',
            "?page=2",
        ),
        ('<nav aria-label="Pages"><a href="/news/storm/2/">2</a></nav>', "/2/"),
        ('<nav class="pager"><a href="/news/storm?page=1">1</a></nav>', ""),
        ('<div class="comments"><div class="pager"><a href="/news/storm?page=2">2</a></div></div>', ""),
        ('<p>As told in <a href="/news/storm/2">chapter 2</a></p>', ""),
        ('<link rel="next" href="/news/calm"><a rel="next" href="/2026/next-post/">Next post</a>', ""),
        ('<link rel="next" href="http://[bad"><a rel="next" href="javascript:void(0)">x</a><a rel="next">y</a>', ""),
        ('<link rel="prev" href="/news/storm?page=2">', ""),
    ],
)
def test_the_next_part_is_the_one_that_the_page_names(markup, expected):
    root = lxml.html.document_fromstring(f"<html><body><article>{markup}</article></body></html>")

    assert (STORM + expected if expected else "") == next_part(document.by_name(root.iter()), STORM)


def test_after_the_first_the_numbers_go_on():
    root = lxml.html.document_fromstring(
        '<div class="pages"><a href="?page=1">1</a><a href="?page=2">2</a><a href="?page=3">3</a></div>'
    )

    assert f"{STORM}?page=3" == next_part(document.by_name(root.iter()), f"{STORM}?page=2", STORM)
    assert "" == next_part(document.by_name(root.iter()), f"{STORM}?page=3", STORM)
    assert "" == next_part(document.by_name(root.iter()), f"{SITE}/news/calm?page=2", STORM)


def test_what_an_earlier_part_said_is_not_said_again():
    """Title, lead and captions; a short item may stand in two parts. A part that says nothing new gives nothing."""
    title, lead = Block(kind="heading", text="Storm", level=1), Block(kind="paragraph", text="It blows.")
    item, calm = Block(kind="item", text="wind"), Block(kind="paragraph", text="It is calm.")

    assert (title, lead, item, item, calm) == joined([[title, lead, item], [title, item, calm], [lead, item]])


# --- a cycle over real HTTP --------------------------------------------------------------------------------------------

TOLD = "The ferry to {0} left its berth on Monday with {1} lorries, and its pilots wrote down what the waves had done to pier {1}."


def page(
    number: int, *, links: str = "", canonical: str = "", date: str = "2026-03-01T09:00:00Z", head: str = ""
) -> bytes:
    said = {"@type": "NewsArticle", "headline": "Ferry stories of the storm", "datePublished": date}
    prose = "".join(
        f"<p>{TOLD.format(('Norhaven', 'Elmwick', 'Lund Quay')[n % 3], number * 10 + n)}</p>" for n in range(6)
    )
    canonical = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>Ferry stories of the storm</title>{canonical}{head}'
        f'<script type="application/ld+json">{json.dumps(said)}</script></head><body><article>'
        f"<h1>Ferry stories of the storm</h1><p>A ferry company tells what it saw in four days of storm at sea.</p>{prose}</article>{links}</body></html>"
    ).encode()


def following(url: str) -> str:
    return f'<a rel="next" href="{url}">Next</a>'


FIRST = "http://p0.example/1/storm"


@pytest.fixture
def web() -> Iterator[small_web.Web]:
    with small_web.served() as web:
        feed = f'<rss version="2.0"><channel><title>P0</title><item><title>Ferry stories of the storm</title><link>{FIRST}</link></item></channel></rss>'
        for n in range(4):
            web.bodies[f"http://p{n}.example/feed.xml"] = (
                feed.encode() if n == 0 else b'<rss version="2.0"><channel/></rss>'
            )
        yield web


def read(tmp_path: Path, web: small_web.Web) -> tuple[str, dict[str, str], list[str], int]:
    """Text and claims of the one article after a cycle, the pages that were asked for, and the number of outcomes."""
    folder = small_web.publication(tmp_path / "p", address=web.address)
    update(folder, NOW)
    with opened(folder) as (_, store):
        (held,) = store.articles(text=True)
        outcomes = store.outcomes()
    assert answering.why(folder, FIRST, NOW).fields == held.claims
    return (
        held.text,
        held.claims,
        [url for url, _ in web.answered if url.startswith("http://p0.example/1/")],
        len(outcomes),
    )


def test_a_cycle_reads_all_pages_of_an_article(tmp_path, web):
    """One article and one entry; what each page repeats stands once; the words of all are counted."""
    web.bodies[FIRST] = page(1, links=following(f"{FIRST}?page=2"))
    web.bodies[f"{FIRST}?page=2"] = page(2, links=following(f"{FIRST}?page=3"), canonical=FIRST)
    web.bodies[f"{FIRST}?page=3"] = page(3, canonical=f"{FIRST}?page=3")

    text, claims, asked, outcomes = read(tmp_path, web)

    assert [True] * 18 == [f" {number * 10 + n} lorries" in text for number in (1, 2, 3) for n in range(6)]
    assert 1 == text.count("four days of storm at sea")
    assert ("3", 1) == (claims["pages"], outcomes)
    assert [FIRST, f"{FIRST}?page=2", f"{FIRST}?page=3"] == asked


@pytest.mark.parametrize("executor", ["serial", "processes:2"])
def test_an_archive_is_replayed_with_all_pages(tmp_path, web, executor):
    """What a cycle fetched is read from its WARC file alike, and by workers as by one process."""
    web.bodies[FIRST] = page(1, links=following(f"{FIRST}?page=2"))
    web.bodies[f"{FIRST}?page=2"] = page(2)
    folder, copy = (small_web.publication(tmp_path / name, address=web.address) for name in ("p", "copy"))
    kept = tmp_path / "kept"
    update(folder, NOW, archive=kept)
    asked = len(web.answered)
    update(copy, NOW, offline=kept, executor=executor)

    texts = []
    for one in (folder, copy):
        with opened(one) as (_, store):
            texts.append([held.text for held in store.articles(text=True)])
    assert texts[0] == texts[1]
    assert "25 lorries" in texts[0][0]
    assert asked == len(web.answered)


def test_a_part_that_is_not_to_be_had_is_said_to_be_missing(tmp_path, web):
    web.bodies[FIRST] = page(1, links=following(f"{FIRST}/2"))
    web.bodies[f"{FIRST}/2"] = page(2, links=following(f"{FIRST}/3"))

    text, claims, _, outcomes = read(tmp_path, web)

    assert "25 lorries" in text
    assert (f"2, without {FIRST}/3: HTTP 404", 1) == (claims["pages"], outcomes)


@pytest.mark.parametrize(
    "second",
    [
        page(2, date="2026-02-20T09:00:00Z"),
        page(2, canonical="http://p0.example/1/calm"),
        page(1),
    ],
)
def test_another_article_and_a_repeat_are_no_part(tmp_path, web, second):
    """Dated otherwise, of another canonical address, or the same words again: the article ends before it."""
    web.bodies[FIRST] = page(1, links=following(f"{FIRST}?page=2"))
    web.bodies[f"{FIRST}?page=2"] = second.replace(b"</body>", following(f"{FIRST}?page=3").encode() + b"</body>")

    text, claims, asked, _ = read(tmp_path, web)

    assert "lorries" in text
    assert "25 lorries" not in text
    assert "pages" not in claims
    assert [FIRST, f"{FIRST}?page=2"] == asked


@pytest.mark.parametrize("link", ["http://p0.example/1/next-post", "http://p1.example/1/storm?page=2"])
def test_the_next_post_is_not_even_asked_for(tmp_path, web, link):
    web.bodies[FIRST] = page(1, links=following(link))
    web.bodies[link] = page(2)

    _, _, asked, _ = read(tmp_path, web)

    assert [FIRST] == asked
    assert link not in [url for url, _ in web.answered]


def test_a_part_that_asks_not_to_be_kept_is_not(tmp_path, web):
    web.bodies[FIRST] = page(1, links=following(f"{FIRST}?page=2"))
    web.bodies[f"{FIRST}?page=2"] = page(2, head='<meta name="robots" content="noarchive">')

    text, claims, _, _ = read(tmp_path, web)

    assert "25 lorries" not in text
    assert claims["pages"].startswith(f"1, without {FIRST}?page=2: asks not to be")


def test_a_later_page_that_is_listed_does_not_take_the_place_of_the_article(tmp_path, web):
    """It says itself whose page it is, so its own entry ends as a duplicate of that."""
    web.bodies[FIRST] = page(1, links=following(f"{FIRST}?page=2"))
    web.bodies[f"{FIRST}?page=2"] = page(2, canonical=FIRST)
    feed = web.bodies["http://p0.example/feed.xml"].decode()
    listed = f"<item><title>Page 2</title><link>{FIRST}?page=2</link></item></channel>"
    web.bodies["http://p0.example/feed.xml"] = feed.replace("</channel>", listed).encode()

    text, _, _, outcomes = read(tmp_path, web)

    assert ("10 lorries" in text, "25 lorries" in text, outcomes) == (True, True, 2)


def test_no_more_than_ten_pages_are_read(tmp_path, web):
    web.bodies[FIRST] = page(1, links=following(f"{FIRST}?page=2"))
    for n in range(2, 20):
        web.bodies[f"{FIRST}?page={n}"] = page(n, links=following(f"{FIRST}?page={n + 1}"))

    text, claims, asked, _ = read(tmp_path, web)

    assert 10 == len(asked)
    assert f"10, without {FIRST}?page=11: more than 10 pages" == claims["pages"]
    assert ("105 lorries" in text, "110 lorries" in text) == (True, False)


def test_pages_that_lead_in_a_circle_are_asked_once():
    """Two pages that name each other as the next end the reading."""
    second = f"{STORM}?page=2"
    bodies = {second: page(2, links=following(f"{STORM}?page=3")), f"{STORM}?page=3": page(3, links=following(second))}
    fetcher = CannedFetcher(bodies, NOW)
    with Outside(fetcher) as outside:
        found = parts.gather({STORM: (article(url=STORM, date_known=False), second)}, outside, Serial(), NOW)

    assert [second, f"{STORM}?page=3"] == fetcher.asked
    assert "3" == found[STORM].claim
