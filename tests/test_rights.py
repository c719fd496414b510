"""Opt-out signals: what each takes away, where it may stand, and what is left of the article."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet import extract, rights
from broadsheet.errors import OptedOut, ParseError
from broadsheet.types import Entry, Rights

from .build import NOW, page

URL = "https://harbour.example/news/ferries-return"
PROSE = "".join(
    f"<p>The harbour master of Norhaven counted {n} ferries on the day when the storm passed, and wrote down what the "
    f"pilots had told him about the breakwater, the price of fodder and the patience of passengers in queue {n}.</p>"
    for n in range(3, 8)
)
DESCRIPTION = "The first ferry in four days has left the port of Norhaven with fodder, medicine and eleven lorries."

UNLISTED, NO_TEXT, NO_IMAGES = {"listed": False}, {"text": False}, {"images": False}
NO_EXCERPT = {"text": False, "excerpt": 0}
# Each: directives, and what they take away. They mean the same in X-Robots-Tag and in a meta element.
DIRECTIVES = [
    ("", {}), ("all", {}), ("index, follow", {}), ("nofollow", {}), ("noodp, noydir, notranslate", {}), ("gibberish", {}),
    ("noindex", UNLISTED), ("NOINDEX", UNLISTED), (" noindex , follow", UNLISTED), ("none", UNLISTED),
    ("noindex nofollow", UNLISTED), ("index, noindex", UNLISTED), ("noindex,", UNLISTED),
    ("nosnippet", NO_EXCERPT), ("max-snippet:0", NO_EXCERPT), ("max-snippet: 0", NO_EXCERPT),
    ("max-snippet:-1", {}), ("max-snippet:160", NO_TEXT | {"excerpt": 160}), ("max-snippet:many", {}), ("max-snippet:", {}),
    ("max-snippet:160, max-snippet:50", NO_TEXT | {"excerpt": 50}), ("nosnippet, max-snippet:-1", NO_EXCERPT),
    ("noarchive", NO_TEXT), ("nocache", NO_TEXT), ("noai", NO_TEXT), ("noimageai", NO_IMAGES), ("noimageindex", NO_IMAGES),
    ("noai, noimageai", NO_TEXT | NO_IMAGES), ("index,noai", NO_TEXT),
    ("max-image-preview:large", {}), ("max-image-preview:standard", {}), ("max-image-preview:none", NO_IMAGES),
    ("max-video-preview:-1, noai", NO_TEXT), ("max-audio-preview:3, noai", NO_TEXT), ("max-snippet:20 noimageai", NO_TEXT | {"excerpt": 20} | NO_IMAGES),
    ("unavailable_after: 2026-03-01", UNLISTED), ("unavailable_after: 2026-03-03", {}), ("unavailable_after:2026-03-02T12:00:00Z", UNLISTED),
    ("unavailable_after: 2026-03-02T13:30:00+02:00", UNLISTED), ("unavailable_after: 2026-03-02T15:00:00+02:00", {}),
    ("unavailable_after: 25 Jun 2010 15:00:00 PST", UNLISTED), ("unavailable_after: 25 Jun 2040 15:00:00 PST", {}),
    ("unavailable_after: Wed, 25 Feb 2026 15:00:00 GMT, noai", UNLISTED | NO_TEXT), ("noai, unavailable_after: Wednesday, 25-Feb-26 15:00:00 GMT", UNLISTED | NO_TEXT),
    ("unavailable_after: Feb 25, 2026, noai", UNLISTED | NO_TEXT), ("unavailable_after: soon, noai", NO_TEXT), ("unavailable_after:", {}),
]  # fmt: skip


def taken(given: Rights) -> Rights:
    """The rights without their evidence."""
    return Rights(listed=given.listed, text=given.text, images=given.images, excerpt=given.excerpt)


@pytest.mark.parametrize(("content", "expected"), DIRECTIVES)
def test_each_directive_takes_away_what_it_names(content, expected):
    header = rights.of_headers({"x-robots-tag": content}, NOW)
    meta = rights.of_metas({"robots": [content]}, NOW)

    assert Rights(**expected) == taken(header)
    assert Rights(**expected) == taken(meta)
    assert bool(expected) == bool(header.evidence) == bool(meta.evidence)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("googlebot: noindex", {}),
        ("googlebot: noindex, nofollow, noarchive", {}),
        ("noai, googlebot: noindex", NO_TEXT),
        ("broadsheet: noindex", UNLISTED),
        ("Broadsheet: noai, noimageai", NO_TEXT | NO_IMAGES),
        ("googlebot: noindex, broadsheet: noai", NO_TEXT),
        ("broadsheet: noai, googlebot: noindex", NO_TEXT),
        ("*: noai", NO_TEXT),
        ("broadsheet: max-snippet:30", NO_TEXT | {"excerpt": 30}),
        ("otherbot: max-snippet:30", {}),
        ("otherbot: unavailable_after: 25 Jun 2010 15:00:00 PST", {}),
        ("broadsheet: unavailable_after: Wed, 25 Jun 2010 15:00:00 GMT", UNLISTED),
        ("broadsheet-images: noindex", {}),
        (":noindex", {}),
        ("otherbot:", {}),
    ],
)
def test_a_header_may_speak_to_one_agent(header, expected):
    assert Rights(**expected) == taken(rights.of_headers({"x-robots-tag": header}, NOW))


@pytest.mark.parametrize(
    ("metas", "expected"),
    [
        ({"broadsheet": ["noindex"]}, UNLISTED),
        ({"googlebot": ["noindex"]}, {}),
        ({"robots": ["index"], "broadsheet": ["noai"]}, NO_TEXT),
        ({"robots": ["noai"], "broadsheet": ["all"]}, NO_TEXT),
        ({"robots": ["noai", "noimageai"]}, NO_TEXT | NO_IMAGES),
        ({"tdm-reservation": ["1"]}, NO_TEXT | NO_IMAGES),
        ({"tdm-reservation": [" 1 "], "tdm-policy": ["https://harbour.example/policy.json"]}, NO_TEXT | NO_IMAGES),
        ({"tdm-reservation": ["0"]}, {}),
        ({"tdm-reservation": ["yes"]}, {}),
        ({"tdm-policy": ["https://harbour.example/policy.json"]}, {}),
        ({}, {}),
    ],
)
def test_metas_speak_to_all_or_to_us(metas, expected):
    assert Rights(**expected) == taken(rights.of_metas(metas, NOW))


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"tdm-reservation": "1"}, NO_TEXT | NO_IMAGES),
        ({"tdm-reservation": "0"}, {}),
        ({"tdm-reservation": "2"}, {}),
        ({"tdm-policy": "https://harbour.example/policy.json"}, {}),
        ({"content-signal": "ai-train=no"}, NO_TEXT | NO_IMAGES),
        ({"content-signal": "search=yes, ai-input=no"}, NO_TEXT | NO_IMAGES),
        ({"content-signal": "search=no"}, UNLISTED),
        ({"content-signal": "AI-Train = NO , Search=Yes"}, NO_TEXT | NO_IMAGES),
        ({"content-signal": "search=yes, ai-train=yes, ai-input=yes"}, {}),
        ({"content-signal": "ai-train=nope, ai-train"}, {}),
        ({"x-robots-tag": "noindex", "tdm-reservation": "1"}, UNLISTED | NO_TEXT | NO_IMAGES),
        ({}, {}),
    ],
)
def test_other_headers_take_away_what_they_reserve(headers, expected):
    assert Rights(**expected) == taken(rights.of_headers(headers, NOW))


def test_evidence_keeps_the_words_and_their_place():
    said = rights.combined(
        rights.of_metas({"robots": ["noai"], "tdm-reservation": ["1"]}, NOW),
        rights.of_headers({"x-robots-tag": "broadsheet: max-snippet:9", "tdm-reservation": "1", "tdm-policy": "https://a.example/p"}, NOW),
        rights.of_signals(["search=yes, ai-train=no"], "robots.txt"),
        rights.of_metas({"robots": ["noai"]}, NOW),
    )  # fmt: skip

    assert (
        "meta robots: noai",
        "meta tdm-reservation: 1",
        "X-Robots-Tag: broadsheet: max-snippet: 9",
        "header tdm-reservation: 1 (policy https://a.example/p)",
        "robots.txt Content-Signal: ai-train=no",
    ) == said.evidence


RIGHTS = st.builds(Rights, listed=st.booleans(), text=st.booleans(), images=st.booleans(), excerpt=st.integers(-1, 400))


@given(st.lists(RIGHTS, max_size=5), RIGHTS)
def test_combining_only_takes_away(several, one):
    before, after = rights.combined(*several), rights.combined(*several, one)

    assert (after.listed <= before.listed, after.text <= before.text, after.images <= before.images) == (True,) * 3
    assert before.excerpt < 0 or 0 <= after.excerpt <= before.excerpt


@given(st.text(max_size=200), st.text(max_size=80))
def test_any_text_is_read_without_an_error(words, more):
    rights.of_headers({"x-robots-tag": words, "content-signal": more, "tdm-reservation": more}, NOW)
    rights.of_metas({"robots": [words], "tdm-reservation": [more]}, NOW)
    rights.of_tdm_file(words, URL)
    rights.matches("/" + words, "/" + more)


# --- tdmrep.json ------------------------------------------------------------------------------------------------------


def rule(location: object, reservation: object = 1, **more: object) -> dict[str, object]:
    return {"location": location, "tdm-reservation": reservation} | more


@pytest.mark.parametrize(
    ("rules", "reserved"),
    [
        ([rule("/")], True),
        ([rule("/", 0)], False),
        ([rule("/", "1")], True),
        ([rule("/", True)], False),
        ([rule("/", 2)], False),
        ([rule("/news/")], True),
        ([rule("/images/")], False),
        ([rule("/news/", 0), rule("/")], False),  # the first that matches counts
        ([rule("/"), rule("/news/", 0)], True),
        ([rule("/images/"), rule("/*ferries*")], True),
        ([rule("/news/ferries-return$")], True),
        ([rule("/news$")], False),
        ([rule("news/")], False),
        ([rule("/NEWS/")], False),
        ([rule("/%6Eews/")], True),
        ([rule(7), {}, "x", None, [], rule("/")], True),
        ([], False),
        ({"location": "/"}, False),
        (None, False),
    ],
)
def test_a_tdm_file_reserves_what_its_first_matching_rule_says(rules, reserved):
    found = rights.of_tdm_file(json.dumps(rules), URL)

    assert Rights(text=not reserved, images=not reserved) == taken(found)


@pytest.mark.parametrize(
    "text", ["", "{", "[", "<!DOCTYPE html>", "[" * 50_000, '[{"location": "\ud800"}]', "1", '"/"']
)
def test_a_broken_tdm_file_reserves_nothing(text):
    assert Rights() == rights.of_tdm_file(text, URL)


def test_evidence_of_a_tdm_file_names_rule_and_policy():
    text = json.dumps([rule("/news/", **{"tdm-policy": "https://harbour.example/policy.json"})])

    expected = ("tdmrep.json tdm-reservation: 1 for /news/ (policy https://harbour.example/policy.json)",)
    assert expected == rights.of_tdm_file(text, URL).evidence


@pytest.mark.parametrize(
    ("pattern", "path", "covers"),
    [
        ("/", "/", True), ("/", "/a", True), ("/a", "/b", False), ("/a$", "/a", True), ("/a$", "/ab", False),
        ("/*.pdf", "/a/b.pdf", True), ("/*.pdf$", "/a.pdf?x", False), ("/*.pdf$", "/a.pdf", True), ("/a*b*c", "/a1b2c3", True),
        ("/a*b*c", "/a1c2b3", False), ("/a*a$", "/a", False), ("/a*a$", "/aa", True), ("*", "/x", True), ("*b", "/ab", True),
        ("/a**b", "/axb", True), ("/?q=", "/?q=1", True), ("", "/a", False), ("$", "/", False), ("/%7Ea", "/~a", True),
        ("/*$", "/anything", True), ("/a*$", "/b", False), ("/" + "*a" * 400 + "$", "/" + "a" * 3_000, True), ("/" + "*a" * 400 + "b", "/" + "a" * 3_000, False),
    ],
)  # fmt: skip
def test_patterns_match_as_in_robots_txt(pattern, path, covers):
    assert covers == rights.matches(pattern, path)


def test_the_reference_lists_every_signal():
    """docs/reference/politeness.md names each that takes something away."""
    text = Path("docs/reference/politeness.md").read_text()
    names = (
        *rights._PLAIN,
        *rights._SIGNALS,
        "max-snippet:N",
        "max-image-preview:none",
        "unavailable_after",
        "tdm-reservation: 1",
    )

    assert [] == [name for name in names if f"`{name}" not in text]


# --- what is left of the article --------------------------------------------------------------------------------------


def html(*metas: str, structured: bool = False, description: str = DESCRIPTION) -> str:
    data = {"@type": "NewsArticle", "headline": "Ferries return", "articleBody": "All the words of it. " * 500}
    script = f'<script type="application/ld+json">{json.dumps(data)}</script>' if structured else ""
    told = f'<meta name="description" content="{description}">' if description else ""
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>Ferries return</title>{"".join(metas)}{told}{script}</head>'
        f'<body><article><h1>Ferries return</h1><time datetime="2026-03-01T09:00:00Z"></time>{PROSE}</article></body></html>'
    )


def meta(content: str, name: str = "robots") -> str:
    return f'<meta name="{name}" content="{content}">'


def read(markup: str, *entries: Entry, kept: bool = True, **changes):
    return extract.read(page(markup, url=URL, **changes), entries, NOW, kept=kept)


def entry(**said: str) -> Entry:
    return Entry(source="https://harbour.example/feed.xml", url=URL, title="Ferries return", **said)


def test_a_page_without_signals_keeps_everything():
    """What the others are compared with."""
    found = read(html())

    assert (Rights(), True, DESCRIPTION) == (found.rights, "harbour master" in found.text, found.excerpt)


@pytest.mark.parametrize("content", ["noarchive", "noai", "nosnippet", "max-snippet:500"])
def test_without_a_right_to_the_text_only_its_length_is_kept(content):
    whole, found = read(html()), read(html(meta(content)))

    assert ("", whole.words, False) == (found.text, found.words, found.rights.text)
    assert whole.words > 100
    assert "text" not in found.claims


def test_the_text_does_not_come_from_json_ld_or_the_feed_instead():
    """The control: without the signal both bring it."""
    feed = entry(content="<p>The feed has it all.</p>" * 200)

    assert ("json-ld", "feed") == (read(html(structured=True)).claims["text"], read(html(), feed).claims["text"])
    assert "" == read(html(meta("noai"), structured=True)).text == read(html(meta("noai")), feed).text


@pytest.mark.parametrize(
    ("content", "longest"), [("nosnippet", 0), ("max-snippet:0", 0), ("max-snippet:1", 1), ("max-snippet:50", 50), ("max-snippet:-1", 300)]
)  # fmt: skip
@pytest.mark.parametrize("origin", ["page", "feed", "text"])
def test_the_excerpt_is_as_long_as_is_allowed_wherever_it_comes_from(content, longest, origin):
    """From the page's description, the feed's summary, or the start of the text."""
    markup = html(meta(content), description=DESCRIPTION if origin == "page" else "")
    found = read(markup, entry(summary=DESCRIPTION) if origin == "feed" else entry())

    assert len(found.excerpt) <= longest
    assert (longest > 0) == bool(found.excerpt)


def test_noai_leaves_the_excerpt():
    assert DESCRIPTION == read(html(meta("noai"))).excerpt


@pytest.mark.parametrize(
    ("changes", "metas", "said"),
    [
        ({}, ["noindex"], "meta robots: noindex"),
        ({"rights": rights.of_headers({"x-robots-tag": "noindex"}, NOW)}, [], "X-Robots-Tag: noindex"),
        ({"rights": rights.of_signals(["search=no"], "robots.txt")}, [], "robots.txt Content-Signal: search=no"),
        ({}, ["unavailable_after: 2026-03-01"], "meta robots: unavailable_after: 2026-03-01"),
    ],
)
def test_a_page_that_asks_not_to_be_listed_ends_as_opted_out(changes, metas, said):
    with pytest.raises(OptedOut) as caught:
        read(html(*map(meta, metas)), **changes)

    assert (f"asks not to be listed ({said})", URL) == (caught.value.what, caught.value.where)
    assert isinstance(caught.value, ParseError)
    assert str(caught.value) == str(pickle.loads(pickle.dumps(caught.value)))  # noqa: S301 -- it crosses processes


def test_rights_of_site_headers_and_page_add_up():
    found = read(html(meta("noimageai")), rights=rights.of_headers({"x-robots-tag": "noai"}, NOW))

    assert Rights(text=False, images=False, evidence=("X-Robots-Tag: noai", "meta robots: noimageai")) == found.rights
    assert "" == found.text


def test_who_looks_at_a_page_of_his_own_sees_all_of_it():
    """`kept=False` tells the rights and enforces none."""
    found = read(html(meta("noindex, noai")), kept=False)

    assert "harbour master" in found.text
    assert not found.rights.listed
