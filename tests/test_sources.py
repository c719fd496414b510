"""What sources/ promises: every entry of a feed, cleaned; one of our errors for all else; nothing is ever fetched."""

from __future__ import annotations

import gzip
import json
import socket
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet import plugins, sources
from broadsheet.errors import ParseError
from broadsheet.types import Image

from .build import page, source

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>Harbour Post</title><link>https://harbour.example/</link><language>en-GB</language>
<item>
  <title>Ferry &amp;amp; tide: a &lt;em&gt;quiet&lt;/em&gt; year</title>
  <link>/news/1?utm_source=feed</link>
  <guid isPermaLink="false">post-1</guid>
  <description><![CDATA[<p>Few boats.</p><p>No storms.</p><script>steal()</script>]]></description>
  <content:encoded><![CDATA[<p>Few boats sailed.</p><p>No storms came.</p>]]></content:encoded>
  <dc:creator>desk@harbour.example (Jo Kim)</dc:creator><dc:creator>By Ana Bo, Li Wei</dc:creator>
  <pubDate>Mon, 02 Mar 2026 09:30:00 +0100</pubDate>
  <category>Ferries</category><category>Sea</category>
  <media:content url="https://img.harbour.example/small.jpg" medium="image" width="100" height="50"/>
  <media:content url="https://img.harbour.example/large.jpg" medium="image" width="1200" height="600"/>
</item>
<item><title>Second</title><guid>https://harbour.example/news/2</guid></item>
<item><title>No address</title><guid isPermaLink="false">post-3</guid></item>
<item><title>Refused</title><link>javascript:alert(1)</link></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr" xml:base="https://harbour.example/blog/">
<title>Blog</title><author><name>Ana Bo</name><email>ana@harbour.example</email></author>
<link rel="self" href="https://harbour.example/blog/atom.xml"/><link href="https://elsewhere.example/"/>
<entry><id>tag:harbour.example,2026:1</id><title type="html">L&amp;#8217;île</title>
  <link rel="edit" href="https://harbour.example/edit/1"/><link rel="alternate" type="text/html" href="2026/ile"/>
  <published>2026-03-01T10:00:00Z</published><updated>2026-03-02T10:00:00Z</updated>
  <category term="mer" label="La mer"/>
  <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Un.</p><p>Deux.</p></div></content></entry>
<entry xml:lang="en"><id>2</id><title>Use &lt;b&gt; well</title><link href="2026/b"/>
  <updated>2026-03-02T10:00:00Z</updated><author><name>Li Wei</name></author></entry>
</feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
  xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://harbour.example/"><title>H</title>
  <dc:language>de</dc:language></channel>
<item rdf:about="https://harbour.example/a"><title>Eins</title><dc:date>2026-03-01</dc:date></item>
<item rdf:about="https://harbour.example/b"><title>Zwei</title><link>https://harbour.example/b2</link></item></rdf:RDF>"""

CDF = """<CHANNEL HREF="https://harbour.example/"><ITEM HREF="https://harbour.example/cdf" LASTMOD="2026-03-01T10:00">
<TITLE>Old</TITLE><ABSTRACT>Format</ABSTRACT></ITEM></CHANNEL>"""

JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "language": "tr-TR",
        "authors": [{"name": "Ana Bo"}],
        "items": [
            {
                "id": 7,
                "url": "/news/7",
                "title": "Seven",
                "content_html": "<p>A.</p><p>B.</p>",
                "date_published": "2026-03-01T10:00:00+03:00",
                "image": "/7.jpg",
                "tags": ["sea", 3],
            },
            {
                "id": "https://harbour.example/8",
                "author": {"name": "Jo"},
                "attachments": [{"url": "/8.mp4", "mime_type": "video/mp4"}],
            },
            {"title": ["wrong"], "url": {"also": "wrong"}, "authors": "no", "tags": "no", "attachments": {"url": None}},
            "not an object",
        ],
    }
)

SITEMAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://harbour.example/news/1</loc><lastmod>2026-03-02</lastmod><image:image>
 <image:loc>https://harbour.example/1.jpg</image:loc></image:image><news:news><news:publication><news:name>H</news:name>
 <news:language>en</news:language></news:publication><news:publication_date>2026-03-01T08:00:00Z</news:publication_date>
 <news:title>Quay opens</news:title><news:keywords>quay, port</news:keywords></news:news></url>
<url><loc>https://harbour.example/about</loc></url></urlset>"""

INDEX = """<!DOCTYPE html><html lang="en"><head><title>Harbour Post</title>
<link rel="alternate" type="application/rss+xml" href="/feed.xml"><link rel="stylesheet" href="/a.css">
<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/1">
<link rel="alternate" type="application/feed+json" href="https://harbour.example/feed.json">
<link rel="alternate" hreflang="fr" href="/fr/">
<link rel="alternate" type="application/atom+xml" href="feed.xml"></head>
<body><nav><ul><li><a href="/2026/03/01/all-of-our-menus">All of our many sections here</a></ul></nav>
<main><article><time datetime="2026-03-01T08:00:00Z">1 March</time>
<a href="/2026/03/01/quay-opens-late"><img src="q.jpg"></a>
<h2><a href="/2026/03/01/quay-opens-late">Quay opens a year late</a></h2>
<a href="/tag/quay-news-of-2026">More on this very topic</a></article>
<article><h2><a href="/news/港が一年遅れて開港する-20260301">港が一年遅れて開港する</a></h2></article>
<article><a href="/2026/02/28/storm-bends-the-pier?utm_source=home">
<h3>Storm bends the old pier</h3><p>And a long teaser.</p></a></article>
<ul><li><a href="https://elsewhere.example/2026/03/01/other-site-story">A story on another site</a></li>
<li><a href="/about">About all of us here</a></li>
<li><a href="/2026/03/01/quay-opens-late#comments">12 comments</a></li></ul></main>
<footer><a href="/2020/01/01/terms-of-our-service">Terms of our whole service</a></footer></body></html>"""


def read(body, **changes):
    return sources.read(page(body), source(**changes)).entries


def test_an_rss_item_becomes_a_clean_entry():
    """Markup, entities, e-mail addresses and tracking are taken off; dates are UTC; the largest picture is taken."""
    entry = read(RSS)[0]

    assert "Ferry & tide: a quiet year" == entry.title
    assert "https://harbour.example/news/1" == entry.url
    assert "post-1" == entry.id
    assert "Few boats.\n\nNo storms." == entry.summary
    assert "Few boats sailed.\n\nNo storms came." == entry.content
    assert ("Jo Kim", "Ana Bo", "Li Wei") == entry.authors
    assert datetime(2026, 3, 2, 8, 30, tzinfo=UTC) == entry.published
    assert "Mon, 02 Mar 2026 09:30:00 +0100" == entry.published_raw
    assert "en" == entry.language
    assert ("Ferries", "Sea") == entry.categories
    assert Image(url="https://img.harbour.example/large.jpg", width=1200, height=600) == entry.image


def test_entries_without_a_usable_link_stay_with_an_empty_one():
    """A permalink guid serves as link; what has none, or one that is refused, is listed with url ""."""
    assert ["https://harbour.example/news/1", "https://harbour.example/news/2", "", ""] == [e.url for e in read(RSS)]


def test_an_atom_entry_keeps_to_the_specification():
    """Links resolve against xml:base, the feed's author and language are inherited, `type` says what is markup."""
    first, second = read(ATOM)

    assert ("L’île", "https://harbour.example/blog/2026/ile") == (first.title, first.url)
    assert ("Un.\n\nDeux.", ("La mer",), "fr", ("Ana Bo",)) == (
        first.content,
        first.categories,
        first.language,
        first.authors,
    )
    assert datetime(2026, 3, 1, 10, tzinfo=UTC) == first.published
    assert datetime(2026, 3, 2, 10, tzinfo=UTC) == first.updated
    assert ("Use <b> well", "en", ("Li Wei",), None) == (
        second.title,
        second.language,
        second.authors,
        second.published,
    )


def test_rdf_and_cdf_feeds_are_feeds():
    """RSS 1.0 keeps items beside the channel and its address in rdf:about; CDF writes attributes in capitals."""
    one, two = read(RDF)
    (old,) = read(CDF)

    assert ("https://harbour.example/a", "https://harbour.example/b2") == (one.url, two.url)
    assert (datetime(2026, 3, 1, tzinfo=UTC), "de") == (one.published, one.language)
    assert ("https://harbour.example/cdf", "Old", "Format") == (old.url, old.title, old.summary)


def test_a_json_feed_given_as_feed_is_read_as_one_and_wrong_types_are_left_out():
    """The default kind sees what the bytes are; a value of the wrong type is absent and its item stays."""
    seven, eight, wrong, text = read(JSON)

    assert ("7", "https://harbour.example/news/7", "A.\n\nB.", "tr") == (
        seven.id,
        seven.url,
        seven.content,
        seven.language,
    )
    assert (("Ana Bo",), ("sea",)) == (seven.authors, seven.categories)
    assert datetime(2026, 3, 1, 7, tzinfo=UTC) == seven.published
    assert ("https://harbour.example/8", "video", ("Jo",)) == (eight.url, eight.type, eight.authors)
    assert ("", "") == (wrong.url, text.url)


@pytest.mark.parametrize("pack", [str.encode, lambda text: gzip.compress(text.encode())])
def test_a_news_sitemap_says_title_date_language_and_picture(pack):
    """Sitemaps are read plain and packed; an address without more is an entry, too."""
    news, about = read(pack(SITEMAP))

    assert ("Quay opens", "en", ("quay", "port")) == (news.title, news.language, news.categories)
    assert (datetime(2026, 3, 1, 8, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)) == (news.published, news.updated)
    assert Image(url="https://harbour.example/1.jpg") == news.image
    assert "https://harbour.example/about" == about.url


def test_an_index_of_sitemaps_is_refused_with_what_to_add():
    index = "<sitemapindex><sitemap><loc>https://harbour.example/s1.xml</loc></sitemap><sitemap><loc>/2</loc></sitemap></sitemapindex>"

    with pytest.raises(ParseError, match=r"index of 2 sitemaps.*such as https://harbour.example/s1.xml"):
        read(index)


def test_a_sitemap_over_the_cap_keeps_the_newest():
    """Of 2,001 addresses the one with the oldest date is left out, wherever it stands."""
    urls = [
        f"<url><loc>https://harbour.example/{n}</loc><lastmod>{2000 + n % 20}-01-01</lastmod></url>"
        for n in range(1, 2001)
    ]
    old = "<url><loc>https://harbour.example/old</loc><lastmod>1999-01-01</lastmod></url>"

    entries = read(f"<urlset>{old}{''.join(urls)}</urlset>")

    assert 2_000 == len(entries)
    assert "https://harbour.example/1" == entries[0].url


def test_links_of_an_index_page_that_look_like_articles_become_entries():
    """Headlines of the site's own articles, once each, with their date; menus, lists and other sites are left out."""
    entries = sources.read(page(INDEX, url="https://harbour.example/"), source(kind="page")).entries

    assert ["Quay opens a year late", "港が一年遅れて開港する", "Storm bends the old pier"] == [
        e.title for e in entries
    ]
    assert "https://harbour.example/2026/02/28/storm-bends-the-pier" == entries[2].url
    assert [datetime(2026, 3, 1, 8, tzinfo=UTC), None, None] == [e.published for e in entries]


def test_a_page_names_its_feeds_in_order_and_once():
    """RSS, Atom and JSON feeds count; style sheets, translations and REST interfaces do not."""
    assert (
        ("feed", "https://harbour.example/feed.xml"),
        ("jsonfeed", "https://harbour.example/feed.json"),
    ) == sources.feeds_of(page(INDEX, url="https://harbour.example/"))
    assert () == sources.feeds_of(page(b"\x00\xff no page"))


@pytest.mark.parametrize(
    ("said", "body"),
    [
        ("web page, not a feed.*broadsheet add", INDEX),
        ("web page, not a feed.*broadsheet add", "<html><body><p>Not found & lost<br></body>"),
        ("empty body", b" \n"),
        ("empty body", b""),
        ("not a feed", "Service unavailable"),
        ("not a feed .*<opml>", "<opml version='2.0'><body/></opml>"),
        ("broken JSON", '{"version": "https://jsonfeed.org/version/1", "items": ['),
        ("broken gzip", b"\x1f\x8b\x08broken"),
    ],
)
def test_what_is_no_feed_says_what_it_is(said, body):
    """The error names what was found and what to do about it."""
    with pytest.raises(ParseError, match=said):
        read(body)


@pytest.mark.parametrize(
    "body",
    [
        "<rss><channel><title>T</title></channel></rss>",
        '<feed xmlns="http://www.w3.org/2005/Atom"/>',
        '{"version": "https://jsonfeed.org/version/1.1", "items": []}',
        "<urlset/>",
    ],
)
def test_a_well_formed_feed_without_entries_is_empty_and_no_error(body):
    assert () == read(body)


@pytest.mark.parametrize(
    "broken",
    [
        "<rss><channel><item><title>Fish & chips</title><link>https://a.example/1?x=1&y=2</link></item></channel></rss>",
        "<rss><channel><item><title>Fish &amp; chips</title><link>https://a.example/1?x=1&amp;y=2</link></item>",
        "\ufeff\n<?xml version='1.0'?><rss><channel><item><title>Fish &amp;&#32;chips</title><link>https://a.example/1?x=1&y=2",
        "PHP notice: x<br/>\n<rss><channel><item><title>Fish & chips</b></title><link>https://a.example/1?x=1&y=2</link></item></rss>",
        "<?xml?xml version='1.0' ??><rss version=2.0><channel><item><title>Fish & chips</title>"
        "<link>https://a.example/1?x=1&y=2</link></item></channel></rss>",
    ],
)
def test_a_broken_feed_still_gives_its_entries(broken):
    """Stray ampersands, missing ends, junk in front and unquoted attributes cost neither title nor link."""
    assert [("Fish & chips", "https://a.example/1?x=1&y=2")] == [(e.title, e.url) for e in read(broken)]


@pytest.mark.parametrize("hard", ["&#xD800;", "&#x110000;", f"&#{'9' * 5_000};", "&nosuch;", "\x00\x0b"])
@pytest.mark.parametrize("mess", ["", "<b>", '<b a="<![CDATA[">&#xDFFF;</b>'])
def test_impossible_characters_do_not_cost_an_entry(hard, mess):
    """References past Unicode, to surrogates, with 5,000 digits, or to nothing: the entry stays."""
    (entry,) = read(
        f"<rss><channel><item><title>Tide {hard}{mess}table</title><link>https://a.example/</link></item></channel></rss>"
    )

    assert entry.title.startswith("Tide")


TIDE = "<rss><channel><item><title>Прилив и ночь</title></item></channel></rss>"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (TIDE.encode("utf-16"), ""),
        (TIDE.encode("utf-16-le"), ""),
        (TIDE.encode("cp1251"), "text/xml; charset=windows-1251"),
        (f"<?xml version='1.0' encoding='koi8-r'?>{TIDE}".encode("koi8-r"), ""),
        (f"<?xml version='1.0' encoding='cp1251'?>{TIDE}".encode(), "text/xml; charset=zlib_codec"),
    ],
)
def test_text_is_decoded_by_bom_then_utf8_then_labels(body, content_type):
    """A BOM, valid UTF-8, HTTP's charset, the declaration: the first that holds, and no codec that is no encoding."""
    (entry,) = sources.read(page(body, content_type=content_type), source()).entries

    assert "Прилив и ночь" == entry.title


def test_no_declared_entity_is_expanded_and_nothing_is_opened(monkeypatch, tmp_path):
    """Entity bombs and external entities cost nothing, and no leaf opens a file or a socket."""
    secret = tmp_path / "secret"
    secret.write_text("s3cret")
    opened = []
    monkeypatch.setattr(socket.socket, "connect", lambda *a: opened.append(a))
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    subset = (
        f'<!ENTITY e0 "boom">{bomb}<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY % p SYSTEM "http://127.0.0.1:9/p">%p;'
    )
    items = "<item><title>A &e9; &x;</title><link>https://a.example/1</link></item>"

    for root in ("rss", "rss><b"):  # read as XML, and past it
        (entry,) = read(
            f'<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/" [{subset}]><{root}><channel>{items}</channel></rss>'
        )
        assert "boom" not in entry.title
        assert "s3cret" not in entry.title

    for address in (str(secret), secret.as_uri(), "http://127.0.0.1:9/feed"):
        with pytest.raises(ParseError):
            read(address)
    assert [] == opened


@pytest.mark.parametrize(
    ("kind", "item"),
    [
        ("video", "<link>https://www.youtube.com/watch?v=abc</link>"),
        ("video", "<link>https://a.example/1</link><enclosure url='https://a.example/1.mp4' type='video/mp4'/>"),
        ("article", "<link>https://a.example/1</link><enclosure url='https://a.example/1.mp3' type='audio/mpeg'/>"),
        ("article", "<link>https://a.example/youtube.com/watch?v=1</link>"),
    ],
)
def test_media_and_address_tell_a_video(kind, item):
    (entry,) = read(f"<rss><channel><item>{item}</item></channel></rss>")

    assert kind == entry.type


def test_long_fields_are_cut_and_a_long_description_is_content():
    """A summary ends at 2,000 characters; where the whole article stands in it, that is the content."""
    (entry,) = read(f"<rss><channel><item><description>{'Long tale. ' * 1_000}</description></item></channel></rss>")

    assert 2_000 >= len(entry.summary) > 1_000
    assert 10_999 == len(entry.content)


def test_at_most_two_thousand_entries_are_read_in_their_order():
    entries = read(
        "<rss><channel>" + "".join(f"<item><title>{n}</title></item>" for n in range(2_500)) + "</channel></rss>"
    )

    assert [str(n) for n in range(2_000)] == [entry.title for entry in entries]


def long_feed(kind: str, dates: list[str]) -> str:
    """A feed of numbered entries with these dates; an empty one is left out."""
    if kind == "jsonfeed":
        items = [{"title": str(n)} | ({"date_published": d} if d else {}) for n, d in enumerate(dates)]
        return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})
    tag, item = ("updated", "entry") if kind == "atom" else ("pubDate", "item")
    items = [f"<{item}><title>{n}</title>{f'<{tag}>{d}</{tag}>' if d else ''}</{item}>" for n, d in enumerate(dates)]
    if kind == "atom":
        return f'<feed xmlns="http://www.w3.org/2005/Atom">{"".join(items)}</feed>'
    return f"<rss><channel>{''.join(items)}</channel></rss>{'<broken' if kind == 'loose' else ''}"


@pytest.mark.parametrize("kind", ["rss", "atom", "jsonfeed", "loose"])
def test_of_a_feed_over_the_cap_the_newest_stay_and_the_others_are_counted(kind):
    """Oldest first or newest first; a date that cannot be counts for nothing; without dates the first stay."""
    days = [f"{datetime(2010, 1, 1) + timedelta(hours=n):%Y-%m-%dT%H:%M:%SZ}" for n in range(2_003)]
    days[2] = "2099-01-01T00:00:00Z"

    oldest_first = sources.read(page(long_feed(kind, days)), source())
    newest_first = sources.read(page(long_feed(kind, days[::-1])), source())
    undated = sources.read(page(long_feed(kind, [""] * 2_003)), source())

    assert (3, 3, 3) == (oldest_first.cut, newest_first.cut, undated.cut)
    everything = {str(n) for n in range(2_003)}
    assert {"0", "1", "2"} == everything - {entry.title for entry in oldest_first.entries}
    assert {"2000", "2001", "2002"} == everything - {entry.title for entry in newest_first.entries}
    assert [str(n) for n in range(2_000)] == [entry.title for entry in undated.entries]


@pytest.mark.parametrize("said", ["2099-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT", "yesterday", "31 Feb 2026"])
def test_a_date_that_cannot_be_is_absent_and_kept_as_it_was_said(said):
    """In every format; a date a few hours ahead is only a clock that is wrong."""
    ahead = "2026-03-03T11:00:00Z"
    feeds = [
        "<rss><channel><item><title>a</title><pubDate>{}</pubDate></item></channel></rss>",
        json.dumps({"items": [{"title": "a", "date_published": "{}"}], "version": "https://jsonfeed.org/version/1"})
        .replace("{", "{{")
        .replace("}", "}}")
        .replace('"{{}}"', '"{}"'),
        "<urlset><url><loc>https://a.example/1</loc><news><publication_date>{}</publication_date></news></url></urlset>",
    ]
    for feed in feeds:
        (entry,) = read(feed.format(said))
        (early,) = read(feed.format(ahead))

        assert (None, said) == (entry.published, entry.published_raw)
        assert datetime(2026, 3, 3, 11, tzinfo=UTC) == early.published


SY = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (5_400, "<ttl>90</ttl>"),
        (5_400, f"<ttl> 90 </ttl><sy:updatePeriod {SY}>daily</sy:updatePeriod>"),
        (86_400, f"<sy:updatePeriod {SY}> Daily </sy:updatePeriod>"),
        (1_800, f"<sy:updatePeriod {SY}>hourly</sy:updatePeriod><sy:updateFrequency {SY}>2</sy:updateFrequency>"),
        (3_600, f"<sy:updatePeriod {SY}>hourly</sy:updatePeriod><sy:updateFrequency {SY}>0</sy:updateFrequency>"),
        (604_800, f"<sy:updatePeriod {SY}>yearly</sy:updatePeriod>"),
        (604_800, "<ttl>99999999999999999999</ttl>"),
        (0, "<ttl>-5</ttl>"),
        (0, "<ttl>soon</ttl>"),
        (0, "<ttl>٣</ttl>"),
        (0, f"<sy:updateFrequency {SY}>2</sy:updateFrequency>"),
    ],
)
def test_a_feed_says_how_long_it_wants_to_be_left_alone(seconds, said):
    """ttl in minutes, else a period and how often in it; at most a week; nonsense is nothing."""
    assert seconds == sources.read(page(f"<rss><channel>{said}</channel></rss>"), source()).wait


ATOM_LINKS = '<a:link xmlns:a="http://www.w3.org/2005/Atom" rel="self" href="?x=1&amp;utm_source=a"/>'
ATOM_LINKS += '<a:link xmlns:a="http://www.w3.org/2005/Atom" rel="HUB" href="https://hub.example/"/>'


@pytest.mark.parametrize(
    "body",
    [
        f"<rss><channel>{ATOM_LINKS}</channel></rss>",
        f'<feed xmlns="http://www.w3.org/2005/Atom">{ATOM_LINKS}<link rel="hub" href="https://second.example/"/></feed>',
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "feed_url": "?x=1&utm_source=a",
                "hubs": [{"type": "WebSub", "url": "https://hub.example/"}],
                "items": [],
            }
        ),
    ],
)
def test_a_feed_names_its_hub_and_the_address_that_the_hub_knows_it_by(body):
    """The first hub; both absolute; the address as it is written, since a hub compares it as text."""
    listing = sources.read(page(body), source())

    assert ("https://hub.example/", "https://harbour.example/feed.xml?x=1&utm_source=a") == (listing.hub, listing.topic)


@pytest.mark.parametrize(
    ("hub", "topic", "header"),
    [
        ("https://h.example/", "", '<https://h.example/>; rel="hub"'),
        ("https://h.example/", "https://harbour.example/f", "</f>; rel=self, <https://h.example/>;rel=hub"),
        ("https://h.example/", "https://h.example/", '<https://h.example/>; title="a, b; c"; rel="x Hub self"'),
        ("", "", "<javascript:alert(1)>; rel=hub, <mailto:a@b.example>; rel=self, <http://[>; rel=hub"),
        ("", "", '<https://h.example/>; title="rel=hub", <https://h.example/>, rel=hub, <<<;;;rel="hub'),
    ],
)
def test_a_link_header_names_hub_and_topic_for_any_kind_of_source(hub, topic, header):
    """It goes before what stands in the document (WebSub, section 4)."""
    feed = "<rss><channel/></rss>"
    listing = sources.read(page(feed, headers={"link": header}), source())
    inner = sources.read(page(f"<rss><channel>{ATOM_LINKS}</channel></rss>", headers={"link": header}), source())

    assert (hub, topic) == (listing.hub, listing.topic)
    assert (hub or "https://hub.example/") == inner.hub


@pytest.mark.parametrize("parts", [1, 2, 50])
def test_a_gzip_body_may_have_several_members(parts):
    body = SITEMAP.encode()
    step = len(body) // parts + 1

    assert 2 == len(read(b"".join(gzip.compress(body[i : i + step]) for i in range(0, len(body), step))))


def test_a_gzip_body_that_was_cut_off_gives_what_is_there():
    """A transfer that broke costs the entries behind the break, not those before it."""
    items = "".join(f"<item><title>{n} {hash(n * 7919) % 10**9}</title></item>" for n in range(500))
    body = gzip.compress(f"<rss><channel>{items}</channel></rss>".encode())

    assert 500 > len(read(body[: len(body) // 2])) > 100


@pytest.mark.parametrize(
    ("said", "body"),
    [
        ("more than 15728640 bytes", gzip.compress(b"<rss>" + b" " * 16_000_000)),
        ("more than 100 members", gzip.compress(b"") * 101),
    ],
)
def test_a_gzip_bomb_is_refused_at_the_bound(said, body):
    with pytest.raises(ParseError, match=said):
        read(body)


def test_items_inside_items_are_read_to_a_bounded_depth():
    """Text around all of them is not copied once for each of them."""
    nested = "<item><title>t</title><link>https://a.example/</link>" * 200 + "</item>" * 200

    assert 9 == len(read(f"<rss><channel>{nested}</channel></rss>"))


def test_the_source_says_the_language_where_the_feed_does_not():
    """Only the primary subtag is kept, and a tag that says nothing gives way."""
    silent = "<rss><channel><language>und</language><item><title>T</title></item></channel></rss>"

    assert "pt" == read(silent, language="pt-BR")[0].language


def test_a_row_is_json_with_camel_case_keys_and_without_what_is_absent():
    """`broadsheet entries` prints url always, and other keys where there is something to say."""
    rows = json.loads(json.dumps([sources.row(entry) for entry in read(RSS)]))

    assert "2026-03-02T08:30:00Z" == rows[0]["publishedDateTime"]
    assert {"url": "https://img.harbour.example/large.jpg", "width": 1200, "height": 600} == rows[0]["image"]
    assert {"url": "", "title": "Refused", "language": "en", "type": "article"} == rows[3]


SEEDS = {"feed": RSS + ATOM, "jsonfeed": JSON, "sitemap": SITEMAP, "page": INDEX}
PIECES = st.sampled_from(
    (b"<item>", b"<entry>", b"<![CDATA[", b"]]>", b"&#xD800;", b"<!--", b"<!DOCTYPE a [", b'"', b"<url>", b"\x00",
     b"<rss ", b"http://[", b"{", b"\xff\xfe", b"xml:base='", b"</", b"mode='base64'", b"99999-99-99")
)  # fmt: skip
CHANGE = st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=12) | PIECES)


@pytest.mark.parametrize("kind", sorted(SEEDS))
@given(body=st.one_of(st.binary(max_size=200), st.lists(PIECES, max_size=12).map(b"".join)))
def test_arbitrary_bytes_raise_nothing_but_a_parse_error(kind, body):
    """Whatever a server sends, each leaf answers with entries or with ParseError."""
    _only_parse_errors(kind, body)


@pytest.mark.parametrize("kind", sorted(SEEDS))
@given(changes=st.lists(CHANGE, min_size=1, max_size=6), seed=st.sampled_from([RSS, ATOM, RDF, CDF]))
def test_damaged_feeds_raise_nothing_but_a_parse_error(kind, changes, seed):
    """A valid resource with bytes cut out and put in is read or refused, never a crash."""
    body = (seed if kind == "feed" else SEEDS[kind]).encode()
    for where, cut, put in changes:
        at = int(where * len(body))
        body = body[:at] + put + body[at + cut :]
    _only_parse_errors(kind, body)


def _only_parse_errors(kind: str, body: bytes) -> None:
    leaf = plugins.find("sources", kind)
    leaf.recognises(page(body))
    try:
        entries = leaf.listing(page(body), source(kind=kind)).entries
    except ParseError:
        return
    for entry in entries:
        json.dumps(sources.row(entry)).encode()
    sources.feeds_of(page(body))
