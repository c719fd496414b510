"""What urls.py promises: one canonical form, no doors for other schemes, redirectors seen through."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet import urls
from broadsheet.errors import ParseError

PART = st.text(st.sampled_from("aZ09-._~%/?#&=+: éß語\u0301@[]\\\"'<>{}|^`"), max_size=40)


@pytest.mark.parametrize(
    ("canonical", "given_url"),
    [
        ("https://example.org/b?id=7", "HTTPS://Example.org:443/a/../b?utm_source=x&id=7#top"),
        ("https://example.org/", "https://example.org"),
        ("https://example.org/a", "https://example.org./a"),
        ("https://example.org:8443/a", "https://example.org:8443/a"),
        ("https://xn--mnchen-3ya.example/%C3%BC", "https://München.example/ü"),
        ("https://example.org/~jo/a-b", "https://example.org/%7ejo/%61%2Db"),
        ("https://example.org/%C3%A9", "https://example.org/%c3%a9"),
        ("https://example.org/b", "https://example.org/a/%2e%2E/b"),
        ("https://example.org/a", "https://example.org/a?"),
        ("https://example.org/a?b=1&a=2", "https://example.org/a?b=1&a=2"),
        ("https://example.org/a?source=wire", "https://example.org/a?source=wire&fbclid=1&UTM_Medium=2"),
        ("https://example.org/a", "https://example.org/a?source=rss&ref=feed"),
        ("https://example.org/a", "https://example.org/a?%75tm_source=x"),
        ("https://example.org/a", "  https://example.org/a\n"),
    ],
)
def test_addresses_of_one_thing_have_one_canonical_form(canonical, given_url):
    """Case, ports, dots, escapes and tracking do not make another address; order of what is left stays."""
    assert canonical == urls.canonical(given_url)


@given(PART, PART)
def test_canonical_is_idempotent(path, query):
    """What canonical prints, canonical prints again, whatever stands in path and query."""
    try:
        once = urls.canonical(f"https://example.org/{path}?{query}")
    except ParseError:
        return
    assert once == urls.canonical(once)


@given(st.text(max_size=60), st.sampled_from([None, "https://example.org/a/", "no base", "mailto:a@example.org"]))
def test_any_text_is_an_address_or_a_parse_error(text, base):
    """No other exception leaves this module, whatever the text and whatever it is relative to."""
    for function in (lambda: urls.canonical(text, base), lambda: urls.amp_cache(text), lambda: urls.identity(text)):
        with suppress(ParseError):
            assert function()
    urls.unwrap(text)


@pytest.mark.parametrize(
    "refused",
    ["javascript:alert(1)", "mailto:jo@example.org", "data:text/html,x", "file:///etc/hosts", "ftp://example.org/",
     "https://jo:secret@example.org/", "https://", "", "https://example.org/" + "a" * urls.MAX_LENGTH],
)  # fmt: skip
def test_what_is_no_plain_web_address_is_refused(refused):
    """Other schemes, user names, overlong and empty addresses raise ParseError."""
    with pytest.raises(ParseError):
        urls.canonical(refused)


def test_relative_links_resolve_against_their_base():
    assert "https://example.org/news/1" == urls.canonical("../1", "https://example.org/news/today/")
    assert "https://other.example/1" == urls.canonical("//other.example/1", "https://example.org/")


@pytest.mark.parametrize(
    ("inner", "outer"),
    [
        ("https://example.org/a?b=1", "https://www.google.com/url?rct=j&url=https://example.org/a%3Fb%3D1&ct=ga"),
        ("https://example.org/a", "https://www.google.co.uk/url?q=https://example.org/a&sa=D"),
        ("https://example.org/a", "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2Fa&h=x"),
        ("https://some-site.org/a/amp/", "https://some--site-org.cdn.ampproject.org/c/s/some-site.org/a/amp/"),
        ("http://some-site.org/a?b=1", "https://some--site-org.cdn.ampproject.org/v/some-site.org/a?b=1"),
        ("https://www.google.com/url?q=javascript:alert(1)", "https://www.google.com/url?q=javascript:alert(1)"),
        ("https://example.org/url?url=https://b.example/", "https://example.org/url?url=https://b.example/"),
    ],
)
def test_known_wrappers_give_what_they_wrap(inner, outer):
    """Alert and social redirectors and the AMP cache are seen through; nothing else is."""
    assert inner == urls.unwrap(outer)


def test_two_spellings_of_one_address_share_an_identity():
    """Scheme, www., a mobile or AMP host, an index page and the last slash do not part two addresses."""
    plain = urls.identity("https://example.org/a/")
    others = ["http://www.example.org/a/index.html", "https://m.example.org/a", "https://amp.example.org/a/?utm_id=1"]

    assert {plain} == {urls.identity(other) for other in others}
    assert plain != urls.identity("https://example.org/a?id=1")


@pytest.mark.parametrize(
    ("cached", "amp"),
    [
        (
            "https://www-some--site-org.cdn.ampproject.org/c/s/www.some-site.org/a/amp/",
            "https://www.some-site.org/a/amp/",
        ),
        ("https://example-org.cdn.ampproject.org/c/example.org/a", "http://example.org/a"),
        ("https://xn---org-4na.cdn.ampproject.org/c/s/xn--1ca.org/", "https://xn--1ca.org/"),
    ],
)
def test_amp_cache_addresses_follow_the_documented_rule(cached, amp):
    """Hyphens double, dots become hyphens in the Unicode host, and https adds `s/`."""
    assert cached == urls.amp_cache(amp)


def test_an_amp_host_that_is_no_label_is_hashed():
    """A host over 63 characters gives the base32 of its SHA-256: 52 characters."""
    address = urls.amp_cache("https://" + "a" * 40 + "." + "b" * 40 + ".example/")

    assert 52 == len(urls.host(address).split(".")[0])
