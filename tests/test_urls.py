"""What urls promises: one canonical form, no doors for other schemes, redirectors seen through."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import quote

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
        ("https://example.org/~", "https://example.org/%%37e"),
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


REFUSED = {
    "scheme": ["javascript:alert(1)", "mailto:jo@example.org", "data:text/html,x", "file:///etc/hosts", "ftp://example.org/", "feed:https://example.org/"],
    "user name": ["https://jo:secret@example.org/", "https://jo@example.org/", "https://@example.org/", "https://:@example.org/", "https://example.org%40@other.example/"],
    "control character or a backslash": [
        "https://exam\tple.org/", "https://example.org/a\nb", "ht\rtps://example.org/", "https://example.org/\x00", "https://example.org\x00.other.example/",
        "https://example.org/\x7f", "https://example.org\\@other.example/", "https:\\\\example.org/", "https://example.org/a\\b", "\x01https://example.org/",
    ],
    "no host": ["https://", "https:///example.org/a", "https:example.org", "https:/example.org", "https://?a", "https://#a", "http:a"],
    "not a URL": ["", "   ", "no url", "/a", "//example.org/a", "https://example.org%00.other.example/", "https://exam ple.org/", "https://exam%20ple.org/", "https://example.org:99999/", "https://[::1/", "https://1.2.3.400/"],
    "empty label": ["https://./", "https://../a", "https://example..org/", "https://example.org../a"],
    "longer than 2048": ["https://example.org/" + "a" * urls.MAX_LENGTH, "https://example.org/" + "\u8a9e" * 300],
}  # fmt: skip


@pytest.mark.parametrize(("why", "refused"), [(why, one) for why, many in REFUSED.items() for one in many])
def test_what_is_no_plain_web_address_is_refused_with_a_reason(why, refused):
    """Other schemes, user names, what parsers disagree about, hosts that are none, overlong ones: each says which."""
    with pytest.raises(ParseError, match=why):
        urls.parse(refused)
    with pytest.raises(ParseError, match=why):
        urls.canonical(refused)
    assert not urls.is_http(refused)


@pytest.mark.parametrize("link", ["//jo@example.org/a", "..\\a", "a\tb", "https:a", "//"])
def test_a_relative_link_opens_no_other_door(link):
    """What is refused of an absolute address is refused of one relative to a base."""
    with pytest.raises(ParseError):
        urls.parse(link, "https://example.org/")


def test_a_link_inherits_no_user_name_from_its_base():
    with pytest.raises(ParseError, match="user name"):
        urls.parse("a", "https://jo:secret@example.org/")


@pytest.mark.parametrize("around", [" ", "\n\t", "\r\n", "\xa0", "\ufeff", "\f"])
def test_white_space_around_a_link_is_nobodys_meaning(around):
    assert "https://example.org/a" == urls.canonical(f"{around}https://example.org/a{around}")


@given(PART, PART)
def test_what_is_printed_reads_back_as_itself(path, query):
    """Parsing what was printed gives the same host and the same address: what is stored is what will be asked."""
    with suppress(ParseError):
        href = urls.parse(f"https://Example.org/{path}?{query}").href
        assert (href, "example.org") == (urls.parse(href).href, urls.host(href))


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("example.org", "https://EXAMPLE.org:8443/a:b"),
        ("[2001:db8::1]", "https://[2001:DB8:0::1]:8443/"),
        ("127.0.0.1", "http://0x7f.1/"),
        ("xn--mnchen-3ya.example", "https://M\u00dcNCHEN.example"),
        ("a.example", "http://a.example?b@c"),
    ],
)
def test_the_host_is_what_would_be_asked(host, url):
    """Numbers in any notation are an address, letters are A-labels in lower case, a port is no part of it."""
    assert host == urls.host(url) == urls.parse(url).hostname


def test_relative_links_resolve_against_their_base():
    assert "https://example.org/news/1" == urls.canonical("../1", "https://example.org/news/today/")
    assert "https://other.example/1" == urls.canonical("//other.example/1", "https://example.org/")


def tracking_names() -> Iterator[str]:
    """Every name of the table, a wildcard with an ending."""
    for names in urls.TRACKING.values():
        yield from (name.replace("*", "x1") for name in names.split())


@pytest.mark.parametrize("name", list(tracking_names()))
def test_every_tracking_parameter_is_dropped_wherever_it_stands(name):
    """First, last, alone, in capitals, without a value: what is left stays as it was."""
    assert "https://example.org/a?id=7&p=2" == urls.canonical(f"https://example.org/a?{name}=1&id=7&{name}&p=2&{name}=")
    assert "https://example.org/a" == urls.canonical(f"https://example.org/a?{name.upper()}=x%20y")


def test_no_tracking_parameter_stands_in_the_table_twice():
    assert sorted(set(tracking_names())) == sorted(tracking_names())


@pytest.mark.parametrize(
    ("canonical", "given_url"),
    [
        ("https://example.org/a", "https://example.org/a?utm_source=rss&utm_medium=feed&utm_campaign=x"),
        ("https://example.org/a", "https://example.org/a?fbclid=IwAR0&gclid=1&msclkid=2"),
        ("https://example.org/a?id=3", "https://example.org/a?mc_cid=1&id=3&mc_eid=2"),
        ("https://example.org/a", "https://example.org/a?at_medium=RSS&at_campaign=rss&at_bbc_team=x"),
        ("https://example.org/a", "https://example.org/a?xtor=RSS-3208"),
        ("https://example.org/a", "https://example.org/a?.tsrc=rss"),
        ("https://example.org/a", "https://example.org/a?from=rss&via=feed"),
        ("https://example.org/a", "https://example.org/a#:~:text=ferry"),
        ("https://example.org/a/amp/", "https://example.org/a/amp/?amp_js_v=0.1&usqp=mq331"),
    ],
)
def test_where_a_click_came_from_is_no_part_of_an_address(canonical, given_url):
    assert canonical == urls.canonical(given_url)


@pytest.mark.parametrize(
    "query",
    ["id=7", "p=12", "page=2", "v=dQw4w9WgXcQ", "ref=main", "source=ap", "story=1", "src=2", "from=2026-01-01", "via=Lyon", "cid=12", "channel=4",
     "share=1", "feature=x", "mod=article", "campaign=ferry", "medium=oil", "utm=32N", "s=1", "q=rss", "lang=de", "amp=1", "outputType=amp",
     "gad=1", "mbid=1", "trackingid=1", "t=10", "a=1&a=2", "b=2&a=1", "category=rss", "format=rss", "feed=rss"],
)  # fmt: skip
def test_what_may_choose_the_content_stays(query):
    """Order, repetition and any name that a site may use of its own; nor is an AMP page's address guessed away."""
    assert f"https://example.org/amp/a?{query}" == urls.canonical(f"https://example.org/amp/a?{query}")


NEWS = base64.urlsafe_b64encode(b"\x08\x13\x22\x19https://example.org/news/\xd2\x01\x00").decode().rstrip("=")
LONG = "https://example.org/" + "a" * 180
LONG_NEWS = base64.urlsafe_b64encode(b"\x08\x13\x22" + bytes([len(LONG) & 127 | 128, len(LONG) >> 7]) + LONG.encode())
OPAQUE = base64.urlsafe_b64encode(b"\x08\x13\x22\x0cAU_yqLNbcdef").decode().rstrip("=")
BING = base64.urlsafe_b64encode(b"https://example.org/a?b=1").decode().rstrip("=")


@pytest.mark.parametrize(
    ("inner", "outer"),
    [
        ("https://example.org/a?b=1", "https://www.google.com/url?rct=j&url=https://example.org/a%3Fb%3D1&ct=ga"),
        ("https://example.org/a", "https://www.google.co.uk/url?q=https://example.org/a&sa=D"),
        ("https://example.org/a+b", "https://google.de/url?q=https://example.org/a+b&sa=D"),
        ("https://some-site.org/a?b=1", "https://www.google.com/amp/s/some-site.org/a?b=1"),
        ("http://some-site.org/a", "https://www.google.fr/amp/some-site.org/a"),
        ("https://example.org/news/", f"https://news.google.com/articles/{NEWS}?hl=en-US&gl=US"),
        ("https://example.org/news/", f"https://news.google.com/rss/articles/{NEWS}?oc=5"),
        ("https://example.org/news/", f"https://news.google.com/__i/rss/rd/articles/{NEWS}?oc=5"),
        (LONG, f"https://news.google.com/rss/articles/{LONG_NEWS.decode()}"),
        ("https://example.org/a?b=1", "http://www.bing.com/news/apiclick.aspx?ref=FexRss&aid=&url=https%3a%2f%2fexample.org%2fa%3fb%3d1&c=1"),
        ("https://example.org/a?b=1", f"https://www.bing.com/ck/a?!&&p=0a&u=a1{BING}&ntb=1"),
        ("https://example.org/a", "https://duckduckgo.com/l/?uddg=https%3A%2F%2Fexample.org%2Fa&rut=1"),
        ("https://example.org/a", "https://r.search.yahoo.com/_ylt=A2/RV=2/RE=17/RO=10/RU=https%3a%2f%2fexample.org%2fa/RK=2/RS=x"),
        ("https://example.org/a", "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2Fa&h=x"),
        ("https://example.org/a", "https://lm.facebook.com/l.php?h=x&u=https%3A%2F%2Fexample.org%2Fa"),
        ("https://example.org/a", "https://l.instagram.com/?u=https%3A%2F%2Fexample.org%2Fa&e=AT"),
        ("https://example.org/a", "https://l.threads.net/?u=https%3A%2F%2Fexample.org%2Fa&e=AT"),
        ("https://example.org/a", "https://www.linkedin.com/safety/go?url=https%3A%2F%2Fexample.org%2Fa&trk=x"),
        ("https://example.org/a", "https://out.reddit.com/t3_abc?url=https%3A%2F%2Fexample.org%2Fa&token=x"),
        ("https://example.org/a", "https://slack-redir.net/link?url=https%3A%2F%2Fexample.org%2Fa"),
        ("https://example.org/a", "https://vk.com/away.php?to=https%3A%2F%2Fexample.org%2Fa"),
        ("https://example.org/a", "https://t.umblr.com/redirect?z=https%3A%2F%2Fexample.org%2Fa&t=x"),
        ("https://example.org/a", "https://www.youtube.com/redirect?event=x&q=https%3A%2F%2Fexample.org%2Fa"),
        ("https://example.org/a", "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2Fa&data=05%7C01&reserved=0"),
        ("https://example.org/a", "https://urldefense.proofpoint.com/v1/url?u=https://example.org/a&k=x"),
        ("https://example.org/a?b=1", "https://urldefense.proofpoint.com/v2/url?u=https-3A__example.org_a-3Fb-3D1&d=DwMFaQ&c=x"),
        ("https://example.org/a?b=1", "https://urldefense.com/v3/__https://example.org/a?b=1__;!!token!x$"),
        ("https://example.org/a#b", "https://urldefense.com/v3/__https://example.org/a*b__;Iw!!token!x$"),
        ("https://example.org/a$$$b", "https://urldefense.com/v3/__https:/example.org/a**Bb__;JCQk!!token!x$"),
        ("https://some-site.org/a/amp/", "https://some--site-org.cdn.ampproject.org/c/s/some-site.org/a/amp/"),
        ("http://some-site.org/a?b=1", "https://some--site-org.cdn.ampproject.org/v/some-site.org/a?b=1"),
        ("https://some-site.org/a", "https://cdn.ampproject.org/c/s/some-site.org/a"),
        ("https://some-site.org/a", "https://some--site-org.bing-amp.com/c/s/some-site.org/a"),
    ],
)  # fmt: skip
def test_known_wrappers_give_what_they_wrap(inner, outer):
    """Search and alert services, social networks' shims, mail filters and AMP caches are seen through."""
    assert inner == urls.unwrap(outer)
    assert inner == urls.unwrap(urls.unwrap(outer))


@pytest.mark.parametrize(
    "left",
    [
        "https://www.google.com/url?q=javascript:alert(1)",
        "https://www.google.com/url?q=https://jo@example.org/",
        "https://www.google.com/url?url=%E9t%E9",
        "https://www.google.com/url",
        "https://www.google.com/amp/",
        "https://example.org/url?url=https://b.example/",
        "https://google.example.org/url?url=https://b.example/",
        f"https://news.google.com/rss/articles/{OPAQUE}?oc=5",
        "https://news.google.com/rss/articles/CBMi",
        "https://news.google.com/rss/articles/CBMi_____w",
        "https://www.bing.com/ck/a?u=a1x",
        "https://urldefense.com/v3/__javascript:alert(1)__;!!x$",
        "https://urldefense.com/v3/__https://example.org/__;a!!x$",
        "https://t.co/abc",
        "https://feedproxy.google.com/~r/harbour/~3/abc/",
        "https://web.archive.org/web/20260302000000/https://example.org/a",
        "https://example-org.translate.goog/a?_x_tr_sl=de",
        "https://www.youtube.com/watch?v=abc&q=https://example.org/",
        "https://example.org/a/amp/",
        "no url at all",
        "",
    ],
)
def test_everything_else_is_left_as_it_is(left):
    """What wraps no address, hides it from us, asks for a redirect, or is a document of its own."""
    assert left == urls.unwrap(left)


def test_five_layers_are_taken_off_and_a_sixth_is_a_trap():
    """A link shim in a mail filter in a search result is real; who nests deeper gets no part of the way either."""

    def wrapped(times: int) -> str:
        url = "https://example.org/a"
        for _ in range(times):
            url = f"https://l.facebook.com/l.php?u={quote(url, safe='')}"
        return url

    assert "https://example.org/a" == urls.unwrap(wrapped(5))
    assert wrapped(6) == urls.unwrap(wrapped(6))


def test_layers_of_different_kinds_are_seen_through():
    amp = "https://some--site-org.cdn.ampproject.org/c/s/some-site.org/a"
    shim = f"https://l.facebook.com/l.php?u={quote(amp, safe='')}"
    mail = f"https://eur01.safelinks.protection.outlook.com/?url={quote(shim, safe='')}"

    assert "https://some-site.org/a" == urls.unwrap(mail)


WRAPPERS = [
    "https://l.facebook.com/l.php?u=", "https://urldefense.com/v3/__", "https://www.google.com/amp/s/", "https://www.bing.com/ck/a?u=a1",
    "https://news.google.com/articles/CBMi", "https://r.search.yahoo.com/RU=", "https://urldefense.proofpoint.com/v2/url?u=",
]  # fmt: skip


@given(st.lists(st.sampled_from(WRAPPERS), max_size=7), st.text(max_size=40), st.booleans())
def test_unwrapping_ends_and_is_idempotent(layers, core, escaped):
    """Whatever is nested in whatever: the result is the address given, or one that parses, and stays as it is."""
    url = core
    for layer in layers:
        url = layer + (quote(url, safe="") if escaped else url)
    once = urls.unwrap(url)

    assert once == url or urls.is_http(once)
    assert once == urls.unwrap(once)


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
