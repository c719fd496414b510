"""Every parser on inputs that somebody would write to break it: our own error or a value within its bounds."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet import charset, config, dates, extract, plainyaml, record, sources, text, urls
from broadsheet.errors import ParseError, RecordError, UsageError
from broadsheet.fetch import response
from broadsheet.sources import _claims

from .build import NOW, page, printed, source

some = settings(max_examples=200, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
few = settings(some, max_examples=40)

# --- what a hostile publisher writes ---------------------------------------------------------------------------------

HOSTILE = [
    "", " ", "\x00", "\x1b[31m", "\u202e evil", "\ud800", "\ufffe", "e" + "\u0301" * 40, "👩\u200d🚀", "می\u200cخواهم", "&", "&amp;lt;",
    "&#xD800;", "&#99999999999;", "&nosuch;", "<", "<!--", "-->", "<![CDATA[", "]]>", "<script>", "</script", "<p>a</p>", "<b",
    "<a href='javascript:x'>y</a>", "&lt;img src=x onerror=y&gt;", "http://[", "//a.example/b", "https://a.example/?q=%00&utm_x=1",
    "https://u:p@a.example/", "HTTPS://A.example:443/../%7e#f", "mailto:jo@a.example", "jo@a.example (Jo)", "By A B, C D", "99999999",
    "0001-01-01T00:00:00+14:00", "Mon, 02 Mar 2026 10:00:00 +9999", "2026-03-02T10:00:00Z", "1e309", "-1", "٣", "en-GB", "x" * 3_000,
]  # fmt: skip
VALUES = st.sampled_from(HOSTILE) | st.text(max_size=20) | st.text(alphabet="<>&;/!-='\" abp", max_size=30)
TAGS = [
    "title", "link", "guid", "description", "content:encoded", "dc:creator", "dc:date", "pubDate", "category", "enclosure", "media:content",
    "media:group", "media:thumbnail", "itunes:image", "item", "entry", "author", "name", "summary", "content", "updated", "id", "ttl",
    "sy:updatePeriod", "sy:updateFrequency", "image", "url", "loc", "lastmod", "news:news", "news:title", "image:image", "a", "p", "x:y",
]  # fmt: skip
ATTRIBUTES = [
    "href", "url", "rel", "type", "mode", "term", "label", "width", "medium", "isPermaLink", "xml:base", "xml:lang", "xmlns", "rdf:about",
]  # fmt: skip
SPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
)


def escaped(value: str) -> str:
    return value.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def element(tag: str, attributes: dict[str, str], inner: str) -> str:
    said = "".join(f' {name}="{escaped(value)}"' for name, value in attributes.items())
    return f"<{tag}{said}>{inner}</{tag}>"


def elements(tags: list[str], leaves: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Trees of these tags with hostile attributes and text: well-formed where the leaves are."""
    attributes = st.dictionaries(st.sampled_from(ATTRIBUTES), VALUES, max_size=3)
    return st.recursive(
        leaves,
        lambda inner: st.builds(element, st.sampled_from(tags), attributes, st.lists(inner, max_size=5).map("".join)),
        max_leaves=25,
    )


LEAVES = VALUES.map(escaped) | VALUES.map(lambda value: f"<![CDATA[{value}]]>") | VALUES
ROOTS = [
    f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0" {SPACES}><channel>{{}}</channel></rss>',
    f'<feed xmlns="http://www.w3.org/2005/Atom" {SPACES}>{{}}</feed>',
    f'<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" {SPACES}>{{}}</rdf:RDF>',
    f"<urlset {SPACES}>{{}}</urlset>",
    "<sitemapindex><sitemap>{}</sitemap></sitemapindex>",
    "<html><head><base href='/a/'></head><body><main><h2>{}</h2></main></body></html>",
    "<!DOCTYPE rss [<!ENTITY e 'x'>]><rss><channel>{}",
    "{}",
]
ITEMS = st.builds(
    element,
    st.sampled_from(["item", "entry", "url"]),
    st.dictionaries(st.sampled_from(ATTRIBUTES), VALUES, max_size=1),
    st.lists(elements(TAGS, LEAVES) | st.builds(element, st.sampled_from(TAGS), st.just({}), LEAVES), min_size=1, max_size=6).map("".join),
)  # fmt: skip
DOCUMENTS = st.builds(
    lambda root, parts: root.replace("{}", "".join(parts)), st.sampled_from(ROOTS), st.lists(ITEMS | elements(TAGS, LEAVES), min_size=1, max_size=4)
)  # fmt: skip
WORDS = [
    *TAGS,
    "items",
    "url",
    "external_url",
    "date_published",
    "content_html",
    "authors",
    "tags",
    "attachments",
    "hubs",
    "feed_url",
]
JSON = st.recursive(
    VALUES | st.none() | st.booleans() | st.integers() | st.floats(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=6),
    max_leaves=20,
)
FEEDS_IN_JSON = st.builds(
    lambda rest, items: json.dumps({"version": "https://jsonfeed.org/version/1.1"} | rest | {"items": items}),
    st.dictionaries(st.sampled_from(WORDS), JSON, max_size=4),
    st.lists(st.dictionaries(st.sampled_from(WORDS), JSON, max_size=6) | JSON, max_size=4),
)
CODECS = st.sampled_from(
    ["utf-8"] * 6 + ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251", "shift_jis", "gb18030"]
)
CHANGES = st.just([]) | st.lists(st.tuples(st.floats(0, 1), st.integers(0, 30), st.binary(max_size=8)), max_size=4)
ENDS = st.sampled_from([1.0, 1.0, 1.0, 0.9, 0.5, 0.1])
HEADERS = st.sampled_from(
    ["", "text/xml", "text/html; charset=utf-8", "text/xml; charset=shift_jis", "application/feed+json; charset=idna"]
)


def damaged(document: str, codec: str, changes: list[tuple[float, int, bytes]], end: float) -> bytes:
    """Its bytes with some cut out and others put in, and perhaps without its end."""
    body = document.encode(codec, "replace")
    for where, cut, put in changes:
        at = int(where * len(body))
        body = body[:at] + put + body[at + cut :]
    return body[: int(end * len(body))]


RESOURCES = st.builds(damaged, DOCUMENTS | FEEDS_IN_JSON, CODECS, CHANGES, ENDS)


# --- sources ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["feed", "jsonfeed", "sitemap", "page"])
@given(body=RESOURCES, header=HEADERS, packed=st.sampled_from([False, False, False, True]))
@some
def test_a_source_gives_a_listing_within_its_bounds_or_a_parse_error(kind, body, header, packed):
    """Any document of the formats, however damaged, as any kind: nothing else is raised, and nothing unclean comes out."""
    body = gzip.compress(body) if packed else body
    try:
        listing = sources.read(page(body, content_type=header, headers={"link": header}), source(kind=kind))
    except ParseError:
        return
    assert len(listing.entries) <= _claims.MAX_ENTRIES
    assert listing.cut >= 0
    assert 0 <= listing.wait <= 7 * 86_400
    for url in (listing.hub, listing.topic):
        assert not url or urls.is_http(url)
    for entry in listing.entries:
        assert not entry.url or entry.url == urls.canonical(entry.url)
        assert entry.published is None or dates.sensible(entry.published, NOW)
        assert len(entry.title) <= text.TITLE
        assert len(entry.summary) <= _claims.SUMMARY
        assert max(len(entry.authors), len(entry.categories)) <= _claims.NAMES
        lines = (entry.title, entry.id, entry.published_raw, *entry.authors, *entry.categories)
        assert [text.clean(line) for line in lines] == list(lines)
        assert (text.clean_paragraphs(entry.summary), text.clean_paragraphs(entry.content)) == (
            entry.summary,
            entry.content,
        )
        json.dumps(sources.row(entry), ensure_ascii=False).encode()


@given(body=RESOURCES)
@some
def test_the_feeds_of_anything_are_a_list(body):
    assert all(urls.is_http(url) for _, url in sources.feeds_of(page(body)))


def test_the_strategies_reach_what_they_are_for():
    """Of the documents that are drawn many are read and many refused; else the tests above would promise little."""
    read, refused = [], []

    @given(body=RESOURCES)
    @some
    def draw(body):
        try:
            read.extend(sources.read(page(body), source()).entries)
        except ParseError:
            refused.append(body)

    draw()

    assert min(len(read), len(refused)) > 30
    for field in ("url", "title", "summary", "content", "id", "published_raw", "authors", "categories", "image"):
        assert any(getattr(entry, field) for entry in read), field


# --- articles --------------------------------------------------------------------------------------------------------

HTML = [
    "p",
    "div",
    "h1",
    "article",
    "title",
    "meta",
    "script",
    "time",
    "a",
    "img",
    "table",
    "iframe",
    "svg",
    "template",
]
PAGES = st.lists(elements(HTML, LEAVES), max_size=5).map(
    lambda parts: f"<html><head><title>A ferry</title></head><body><article>{''.join(parts)}</article></body></html>"
)


@given(body=st.builds(damaged, PAGES | DOCUMENTS, CODECS, CHANGES, ENDS), header=HEADERS)
@few
def test_a_page_is_an_article_or_a_parse_error(body, header):
    try:
        found = extract.read(page(body, "https://harbour.example/2026/03/02/a-ferry", content_type=header), (), NOW)
    except ParseError:
        return
    json.dumps(extract.row(found), ensure_ascii=False).encode()


# --- text, dates, addresses ------------------------------------------------------------------------------------------


@given(
    body=RESOURCES | st.binary(max_size=300),
    header=HEADERS | st.sampled_from(sorted(charset.LABELS)).map("text/xml; charset={}".format) | st.text(max_size=40),
)
@some
def test_any_bytes_are_text(body, header):
    """decode is total, gives no surrogates, and utf8 is the same text."""
    found = charset.decode(body, header)

    assert found.encode() == charset.utf8(body, header).removeprefix(b"\xef\xbb\xbf")


MESS = st.lists(
    VALUES | st.text(max_size=10) | st.characters(categories=["Mn", "Cf", "Zs", "Cc", "Cs", "Co"]), max_size=12
)


@given(raw=MESS.map("".join))
@some
def test_clean_text_is_clean_and_stays_so(raw):
    line, lines = text.clean(raw), text.clean_paragraphs(raw)

    assert "\n" not in line
    assert (line, lines) == (text.clean(line), text.clean_paragraphs(lines))
    assert line == text.clean(lines)
    assert not any(text._BAD.search(found) or text._BAD_ABOVE.search(found) for found in (line, lines))
    line.encode()


@given(raw=MESS.map("".join))
@some
def test_text_of_markup_is_clean_and_no_longer_than_the_markup(raw):
    """But for an entity that is two characters and the blank lines between paragraphs."""
    plain, line = text.from_html(raw), text.one_line(raw)

    assert (plain, line) == (text.clean_paragraphs(plain), text.clean(line))
    assert len(plain) <= 2 * len(raw) + 2
    assert "<script" not in text.from_html(f"<p>{line.replace('<', '').replace('&', '')}<script>x</script></p>")


@given(raw=MESS.map("".join), most=st.integers(1, 400))
@some
def test_excerpts_and_slugs_keep_their_bounds(raw, most):
    short, slug = text.excerpt(raw, most), text.slug(raw, most)

    assert len(short) <= most
    assert short == text.excerpt(short, most)
    assert len(slug) <= most
    assert not set(slug) - set("abcdefghijklmnopqrstuvwxyz0123456789_-")
    assert slug == text.slug(slug, most)


@given(raw=VALUES | st.text(alphabet="0123456789-/.:TZ+ ,年月日JanMarGMT", max_size=40))
@some
def test_any_text_is_a_moment_within_bounds_or_none(raw):
    stamp = dates.examine(raw)

    assert stamp is None or dates.EARLIEST <= stamp.moment < dates.LATEST
    assert dates.parse(raw) == (stamp.moment if stamp else None)
    assert stamp is None or stamp.moment.tzinfo is UTC


@given(raw=VALUES | st.text(alphabet="htps:/.@%?#&=[]a0\\ \t\n例", max_size=40).map("https://a".__add__), base=VALUES)
@some
def test_an_address_is_canonical_for_good_or_a_parse_error(raw, base):
    """canonical, unwrap and identity are idempotent; a base that is none is no excuse."""
    for given_base in (None, "https://harbour.example/a/", base):
        try:
            once = urls.canonical(raw, given_base)
        except ParseError:
            continue
        assert once == urls.canonical(once)
        assert len(once) <= urls.MAX_LENGTH
        assert urls.is_http(once)
        assert urls.identity(once) == urls.identity(urls.canonical(once))
        assert urls.unwrap(urls.unwrap(once)) == urls.unwrap(once)


@given(raw=VALUES | st.integers().map(str) | st.datetimes().map("{:%a, %d %b %Y %H:%M:%S GMT}".format))
@some
def test_a_wait_is_none_or_at_most_a_day(raw):
    wait = response.retry_after(raw, NOW)

    assert wait is None or 0 <= wait <= 86_400


# --- files of the publication ----------------------------------------------------------------------------------------

OPML = st.lists(elements(["outline", "body", "head", "opml", "title"], LEAVES), max_size=4).map(
    lambda parts: f"<?xml version='1.0'?><opml version='2.0'><head/><body>{''.join(parts)}</body></opml>"
)


@given(body=st.builds(damaged, OPML, CODECS, CHANGES, ENDS) | st.binary(max_size=100))
@some
def test_an_opml_file_is_sources_or_a_usage_error(body):
    try:
        found = config.parse_opml(body)
    except UsageError:
        return
    assert all(urls.is_http(one.url) for one in found)


YAML = st.lists(
    st.sampled_from(["a: ", "- ", "\n", "  ", "&x ", "*x", "!!python/object:os.system ", "|\n", "> ", '"', "'", "{", "[", "]", "}", ": ", "#", "---\n", "\t", "? "])
    | VALUES,
    max_size=15,
).map("".join)  # fmt: skip


@given(body=YAML.map(lambda text: text.encode("utf-8", "surrogatepass")) | st.binary(max_size=100))
@some
def test_yaml_is_plain_data_or_a_parse_error(body):
    def plain(value: Any) -> bool:
        if isinstance(value, dict):
            return all(isinstance(key, str) and plain(inner) for key, inner in value.items())
        return all(map(plain, value)) if isinstance(value, list) else value is None or isinstance(value, str)

    try:
        assert plain(plainyaml.load(body))
    except ParseError:
        return


RECORD = record.dump(printed(1).record).decode()


@given(changes=CHANGES, end=ENDS, body=YAML)
@some
def test_a_record_is_read_or_a_record_error(changes, end, body):
    """A valid record that was damaged, and front matter of anything."""
    for data in (damaged(RECORD, "utf-8", changes, end), f"---\n{body}\n---\n".encode("utf-8", "surrogatepass")):
        try:
            value, newline = record.parse(data)
        except RecordError:
            continue
        assert newline in ("\n", "\r\n")
        assert isinstance(value.published_at, datetime)
