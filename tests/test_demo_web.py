"""The demo's web keeps the promises that the demo, the tutorial and the end-to-end tests rely on."""

from __future__ import annotations

import gzip
import http.client
import re
import unicodedata
from urllib.parse import urlsplit

import pytest

from broadsheet import config, demo, plugins, providers, text
from broadsheet.demo import content, pages, web
from broadsheet.errors import BroadsheetError
from broadsheet.types import Entry, Page, Source

Answer = tuple[int, dict[str, str], bytes]


def ask(address: str, url: str, **headers: str) -> Answer:
    """Status, headers (lower case) and body of a GET of `url` from the server at `address`."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(address, timeout=10)
    sent = {"Host": parts.netloc} | {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), headers=sent)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, {name.lower(): value for name, value in response.getheaders()}, body


@pytest.fixture(scope="module")
def first():
    with web.serve(1) as served:
        yield served.address


@pytest.fixture(scope="module")
def second():
    with web.serve(2) as served:
        yield served.address


@pytest.fixture(scope="module")
def publication():
    return config.parse(demo.publication_files())


def entries(address: str, source: Source) -> tuple[Entry, ...]:
    status, headers, body = ask(address, source.url)
    at = Page(
        url=source.url,
        final_url=source.url,
        status=status,
        body=body,
        content_type=headers["content-type"],
        fetched_at=demo.CLOCK[1],
    )
    return plugins.find("sources", source.kind).listing(at, source).entries  # type: ignore[no-any-return]


def printed(body: bytes) -> str:
    """All text of a page, white space made plain."""
    return text.clean(text.from_html(body.decode()))


def script(letters: str) -> str:
    """The script that most letters of a text are of, by the first word of their Unicode names."""
    names = [unicodedata.name(c, "?").split()[0] for c in letters if c.isalpha()]
    most = max(set(names), key=names.count)
    return "JAPANESE" if most in ("HIRAGANA", "KATAKANA", "CJK") else most


def test_there_is_as_much_as_the_demo_says():
    """At least 14 providers, 90 articles, 25 of them new on day 2, in six scripts or more and nine languages."""
    out = demo.expected(2)

    assert 20 == len({piece.provider for piece in content.published(2)})
    assert 90 <= out.articles
    assert 25 <= out.articles - demo.expected(1).articles
    assert 9 == len(out.languages)
    assert {"LATIN", "JAPANESE", "ARABIC", "CYRILLIC", "GREEK", "DEVANAGARI"} == {
        script(piece.text) for piece in content.published(2)
    }


def test_every_article_prints_every_paragraph_of_its_text(second):
    """Each page answers 200 and holds the title and each paragraph; no text is under 90 words."""
    for piece in content.published(2):
        status, headers, body = ask(second, content.url(piece))
        page = printed(body)

        assert (200, "text/html; charset=utf-8") == (status, headers["content-type"]), piece.key
        assert [] == [p for p in (piece.title, *piece.paragraphs) if text.clean(p) not in page], piece.key
        assert 90 <= demo.expected(2).words[content.url(piece)], piece.key


def test_looks_differ():
    """At least eleven templates are in use, and no two give the same page for the same piece."""
    looks = {site.look for site in content.sites().values() if content.published(2, site)}
    piece = content.published(2, content.sites()["deckcam"])[0]

    assert 11 <= len(looks)
    assert len(looks) == len({pages.article(piece, 2, look) for look in looks})


def test_day_two_keeps_day_one_and_adds_to_it(first, second):
    """What day 1 serves is there on day 2; what came later answers 404 on day 1."""
    old, new = demo.expected(1).words, demo.expected(2).words

    assert set(old) < set(new)
    assert {404} == {ask(first, url)[0] for url in set(new) - set(old)}


def test_the_web_is_the_same_each_time_it_is_served(second):
    """Two servers give the same bytes."""
    with web.serve(2) as again:
        for url in (
            "http://compasswire.example/feeds/all.rss",
            "http://marinewatts.example/",
            *demo.expected(2).reprints,
        ):
            assert ask(second, url) == ask(again.address, url)


@pytest.mark.parametrize("kind", ["feed", "jsonfeed", "sitemap", "page"])
def test_every_kind_of_source_is_listed_and_can_be_read(kind, second, publication):
    """Each source but the three that are broken gives entries, and each entry's page answers, but for the one gone."""
    broken = {"ghostnet-weekly.example", "fogbank.example", "seastate-bulletin.example"}
    listed = [s for s in publication.sources if s.kind == kind and providers.domain(s.url) not in broken]
    gone = set(demo.expected(2).gone)

    assert listed
    for source in listed:
        found = entries(second, source)
        assert found, source.url
        assert {200} == {ask(second, entry.url)[0] for entry in found if entry.url not in gone}, source.url


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("http://ghostnet-weekly.example/feed.xml", 404),
        ("http://fogbank.example/rss", 500),
        ("http://seastate-bulletin.example/feed", 200),
    ],
)
def test_three_sources_are_broken(url, status, second, publication):
    """One is gone, one fails, one gives a page where a feed was: none of them is a feed."""
    source = next(source for source in publication.sources if source.url == url)

    assert status == ask(second, url)[0]
    with pytest.raises(BroadsheetError):
        entries(second, source)


def test_a_truncated_feed_still_lists_what_came_whole(second, publication):
    source = next(source for source in publication.sources if "broken-buoy" in source.url)
    body = ask(second, source.url)[2]

    assert b"</rss>" not in body
    assert 2 <= len(entries(second, source))


def test_a_feed_in_windows_1251_reads_as_russian(second, publication):
    source = next(source for source in publication.sources if source.language == "ru")

    assert b"windows-1251" in ask(second, source.url)[2][:60]
    assert {"CYRILLIC"} == {script(entry.title) for entry in entries(second, source)}


@pytest.mark.parametrize(
    "url",
    [
        "http://compasswire.example/feeds/energy.atom",
        "http://elfaro-salvera.example/feed.json",
        "http://www.bluegrid-review.example/news-sitemap.xml",
        "http://notices.northharbour-authority.example/2026/",
    ],
)
def test_validators_are_honoured(url, second):
    """304 without a body for the ETag or the date that was given; 200 for an older one."""
    _, given, _ = ask(second, url)
    by_tag = ask(second, url, If_None_Match=given["etag"])
    by_date = ask(second, url, If_Modified_Since=given["last-modified"])

    assert (304, b"") == (by_tag[0], by_tag[2])
    assert (304, b"") == (by_date[0], by_date[2])
    assert 200 == ask(second, url, If_None_Match='"other"')[0]
    assert 200 == ask(second, url, If_Modified_Since="Sun, 01 Feb 2026 00:00:00 GMT")[0]


def test_a_feed_changes_from_one_day_to_the_next(first, second):
    url = "http://compasswire.example/feeds/energy.atom"

    assert ask(first, url)[1]["etag"] != ask(second, url)[1]["etag"]
    assert 200 == ask(second, url, If_None_Match=ask(first, url)[1]["etag"])[0]


def test_gzip_is_for_those_who_ask(second):
    url = "http://marinewatts.example/feed/"
    plain, packed = ask(second, url), ask(second, url, Accept_Encoding="gzip, br")

    assert "content-encoding" not in plain[1]
    assert "gzip" == packed[1]["content-encoding"]
    assert plain[2] == gzip.decompress(packed[2])


@pytest.mark.parametrize("url", ["http://marinewatts.example/no-such", "http://nobody.example/", "http://localhost/"])
def test_unknown_addresses_answer_404(url, second):
    assert 404 == ask(second, url)[0]


def test_pictures_have_the_size_that_pages_claim(second):
    """og:image answers with a PNG whose header has the claimed width and height."""
    claimed = 0
    for piece in content.published(2)[:40]:
        page = ask(second, content.url(piece))[2].decode()
        sizes = re.findall(r'og:image(?::width|:height)?" content="([^"]+)"', page)
        if len(sizes) != 3:
            continue
        status, headers, png = ask(second, sizes[0])
        claimed += 1
        assert (200, "image/png", b"\x89PNG") == (status, headers["content-type"], png[:4])
        assert (int(sizes[1]), int(sizes[2])) == (int.from_bytes(png[16:20]), int.from_bytes(png[20:24]))
    assert 10 <= claimed


def test_the_wire_report_is_reprinted_by_four_with_small_edits():
    """Four reprints of one original, some under another headline, each nearly the same text."""
    reprints = demo.expected(1).reprints
    pieces = {content.url(piece): piece for piece in content.published(1)}
    (original,) = set(reprints.values())

    assert 4 == len(reprints)
    assert 2 <= len({pieces[url].title for url in reprints} - {pieces[original].title})
    for url in reprints:
        assert pieces[original].text != pieces[url].text
        assert shared(pieces[original].text, pieces[url].text) > 0.7


def shared(one: str, other: str) -> float:
    """Jaccard of runs of five words."""
    sets = []
    for body in (one, other):
        words = list(text.tokens(body))
        sets.append({tuple(words[i : i + 5]) for i in range(len(words) - 4)})
    return len(sets[0] & sets[1]) / len(sets[0] | sets[1])


def test_three_events_grow_on_the_second_day():
    """Three stories of five providers or more, told on both days in their own words, and five told by two or three."""
    then, now = demo.expected(1).stories, demo.expected(2).stories

    for name in ("hallan", "ysolde", "ebbelink"):
        pieces = [piece for piece in content.published(2) if piece.story == name]
        told = [(one, other) for one in pieces for other in pieces if one.key < other.key]
        assert 4 <= len({piece.provider for piece in pieces})
        assert len(then[name]) + 3 <= len(now[name])
        assert 0.1 > max(shared(one.text, other.text) for one, other in told)
    assert 5 <= sum(2 <= len({urlsplit(url).netloc for url in urls}) <= 3 for urls in now.values())


def test_market_reports_differ_in_little_but_the_noun():
    series = [piece for piece in content.published(2) if piece.kind == "market"]

    assert 6 <= len(series)
    assert {True} == {
        bool(re.search(r"^Global .* Market Size to Reach USD .* CAGR .* by 2033$", p.title)) for p in series
    }
    assert 0.4 < min(shared(series[0].text, piece.text) for piece in series)


def test_homonyms_hold_a_keyword_and_an_exclude_of_the_same_topic(publication):
    """A keyword is in each headline, as part of a phrase that the topic excludes; off-topic news holds none."""
    kinds = demo.expected(2).kinds
    homonyms = [piece for piece in content.published(2) if piece.kind == "homonym"]

    assert 4 <= kinds["homonym"]
    assert 8 <= kinds["off-topic"]
    for piece in homonyms:
        held = [
            topic.name
            for topic in publication.topics
            if any(has(piece.title, word) for word in topic.keywords)
            and any(has(piece.title, p) for p in topic.excludes)
        ]
        assert held, piece.title
    for piece in content.published(2):
        if piece.kind == "off-topic":
            assert [] == [w for t in publication.topics for w in t.keywords if has(piece.title, w)], piece.title


def has(title: str, phrase: str) -> bool:
    return re.search(rf"\b{re.escape(phrase)}\b", title, re.IGNORECASE) is not None


def test_one_article_stands_at_two_addresses(second):
    """Once both pages keep silent about it, once the second names the first by rel=canonical; the feed lists both."""
    copies = demo.expected(2).copies
    named = {copy: f'rel="canonical" href="{first}"'.encode() in ask(second, copy)[2] for copy, first in copies.items()}

    assert [False, True] == sorted(named.values())
    for copy, original in copies.items():
        site = next(site for site in content.sites().values() if copy.startswith(site.origin))
        feed = ask(second, site.origin + site.feed[0].path)[2].decode()
        assert urlsplit(copy).path in feed
        assert urlsplit(original).path in feed


def test_feeds_carry_the_usual_faults(second):
    """Tracking parameters, relative links, items without a date, full content, a tag page and a link that is gone."""
    feed = {
        key: ask(second, site.origin + site.feed[0].path)[2].decode("utf-8", "replace")
        for key, site in content.sites().items()
    }
    (gone,), (tag_page,) = demo.expected(1).gone, demo.expected(1).not_articles

    assert "utm_source=rss" in feed["courier"]
    assert "<link>/energy/" in feed["skarrowpost"]
    assert "<pubDate>" not in feed["oldquay"]
    assert "<content:encoded>" in feed["marinewatts"]
    assert 404 == ask(second, gone)[0]
    assert 200 == ask(second, tag_page)[0]
    assert gone in feed["meridian"]
    assert tag_page in feed["meridian"]


def test_robots_txt_forbids_one_article_that_a_feed_lists(second):
    """The piece under /subscribers/ is listed and served, and robots.txt asks readers to leave it alone."""
    (closed,) = (piece for piece in content.published(2) if piece.kind == "robots")
    parts = urlsplit(content.url(closed))
    status, headers, body = ask(second, f"http://{parts.netloc}/robots.txt")

    assert (200, "text/plain; charset=utf-8") == (status, headers["content-type"])
    assert b"Disallow: /subscribers/" in body
    assert parts.path.startswith("/subscribers/")
    assert parts.path in ask(second, f"http://{parts.netloc}/rss/top")[2].decode()


def test_amp_pages_and_their_articles_name_each_other(second):
    for piece in content.published(2, content.sites()["bluegrid"]):
        url = content.url(piece)
        assert f'rel="amphtml" href="{url}/amp"'.encode() in ask(second, url)[2]
        assert f'rel="canonical" href="{url}"'.encode() in ask(second, f"{url}/amp")[2]


def test_the_publication_folder_is_whole(publication):
    """The files that come with the package make a publication; every source is on a domain that is served."""
    served = set(web.DOMAINS)

    assert "The Tideline" == publication.title
    assert "Ocean Energy" == publication.root.name
    assert 6 <= len(publication.topics) - 1
    assert 6 <= len(publication.organizations)
    assert served >= {providers.domain(source.url) for source in publication.sources}
    assert served == {domain for domain in served if domain.endswith(".example")}


def test_another_day_is_refused():
    with pytest.raises(ValueError, match="day must be 1 or 2"), web.serve(3):
        pass
