"""robots.txt: which group is ours, what it allows, and what its answer or its absence means."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.errors import FetchError
from broadsheet.fetch import Request, robots
from broadsheet.fetch.robots import Rules
from broadsheet.types import HostState

from .build import NOW
from .canned import Web, fetched, moved, page, refused, reply

SITE = "https://harbour.example"
ROBOTS = f"{SITE}/robots.txt"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NO_ANSWER = FetchError(ROBOTS, "connection refused", kind="network")

# Each: robots.txt, paths that are allowed, paths that are forbidden.
TABLE = {
    "empty": ("", "/ /a /a?b=c", ""),
    "allow all": ("User-agent: *\nDisallow:", "/ /a", ""),
    "forbid all": ("User-agent: *\nDisallow: /", "/robots.txt", "/ /a /a?b /index.html"),
    "prefix": ("User-agent: *\nDisallow: /fish", "/ /Fish.asp /catfish /?id=fish /desert/fish", "/fish /fish.html /fish/salmon.html /fishheads /fish.php?id=anything"),
    "folder": ("User-agent: *\nDisallow: /fish/", "/fish /fish.html /animals/fish/", "/fish/ /fish/?id=anything /fish/salmon.htm"),
    "star": ("User-agent: *\nDisallow: /*.php", "/ /windows.PHP /phpinfo", "/index.php /filename.php /folder/filename.php?parameters /folder/any.php.file.html /filename.php/"),
    "star and end": ("User-agent: *\nDisallow: /*.php$", "/filename.php?parameters /filename.php/ /filename.php5 /windows.PHP", "/filename.php /folder/filename.php"),
    "star within": ("User-agent: *\nDisallow: /fish*.php", "/Fish.PHP /fish", "/fish.php /fishheads/catfish.php?parameters"),
    "trailing star": ("User-agent: *\nDisallow: /fish*", "/catfish /", "/fish /fishheads"),
    "end of the root": ("User-agent: *\nDisallow: /$", "/a /?q", "/"),
    "only the root": ("User-agent: *\nAllow: /$\nDisallow: /", "/", "/page.htm /a/"),
    "longest wins": ("User-agent: *\nDisallow: /news/\nAllow: /news/open/", "/news/open/1 /", "/news/ /news/1 /news/open"),
    "longest wins in any order": ("User-agent: *\nAllow: /news/open/\nDisallow: /news/", "/news/open/1", "/news/1"),
    "longest forbids": ("User-agent: *\nAllow: /p\nDisallow: /page", "/p /pag", "/page /page.html"),
    "of equals allow wins": ("User-agent: *\nDisallow: /folder\nAllow: /folder", "/folder/page", ""),
    "length of a star": ("User-agent: *\nAllow: /page\nDisallow: /*.htm", "/page /a", "/page.htm"),
    "query": ("User-agent: *\nDisallow: /*?", "/a /b/", "/a? /a?x=1 /?"),
    "parameter": ("User-agent: *\nDisallow: /*?*print=", "/a?x=print", "/a?print=1 /a?b=c&print=1"),
    "escape in rule": ("User-agent: *\nDisallow: /foo/%E3%83%84", "/foo/", "/foo/%E3%83%84 /foo/ツ"),
    "raw in rule": ("User-agent: *\nDisallow: /foo/ツ", "/foo/", "/foo/%E3%83%84 /foo/%e3%83%84"),
    "unreserved escape": ("User-agent: *\nDisallow: /foo/%62%61%72", "/foo/", "/foo/bar /foo/%62ar"),
    "slash stays escaped": ("User-agent: *\nDisallow: /a%2Fb", "/a/b", "/a%2fb /a%2Fb"),
    "dollar within": ("User-agent: *\nDisallow: /a$b", "/a /ab", "/a$b"),
    "ours over star": ("User-agent: *\nDisallow: /\n\nUser-agent: Broadsheet\nDisallow: /private", "/ /a", "/private"),
    "ours stands first": ("User-agent: Broadsheet\nDisallow: /private\n\nUser-agent: *\nDisallow: /", "/", "/private"),
    "ours allows all": ("User-agent: Broadsheet\nDisallow:\n\nUser-agent: *\nDisallow: /", "/ /a", ""),
    "ours without rules": ("User-agent: *\nDisallow: /\n\nUser-agent: Broadsheet", "/ /a", ""),
    "case": ("USER-AGENT: BROADSHEET\nDISALLOW: /x", "/X", "/x"),
    "version": ("User-agent: Broadsheet/1.0\nDisallow: /x", "/", "/x"),
    "words behind": ("User-agent: Broadsheet (news)\nDisallow: /x", "/", "/x"),
    "others": ("User-agent: GPTBot\nUser-agent: CCBot\nDisallow: /", "/ /a", ""),
    "a part of our name": ("User-agent: broad\nDisallow: /", "/ /a", ""),
    "one letter of it": ("User-agent: b\nDisallow: /", "/ /a", ""),
    "longer than our name": ("User-agent: Broadsheet-Images\nDisallow: /", "/ /a", ""),
    "our name within": ("User-agent: The-Broadsheet\nDisallow: /", "/ /a", ""),
    "star with a word": ("User-agent: *bot\nDisallow: /", "/ /a", ""),
    "star and a remark": ("User-agent: * # all of you\nDisallow: /", "", "/ /a"),
    "groups of ours are one": ("User-agent: Broadsheet\nDisallow: /a\n\nUser-agent: other\nDisallow: /b\n\nUser-agent: broadsheet\nDisallow: /c", "/b /", "/a /c"),
    "groups of all are one": ("User-agent: *\nDisallow: /a\n\nUser-agent: other\nDisallow: /b\n\nUser-agent: *\nDisallow: /c", "/b", "/a /c"),
    "several names": ("User-agent: other\nUser-agent: Broadsheet\nUser-agent: third\nDisallow: /a", "/", "/a"),
    "blank line in a group": ("User-agent: Broadsheet\n\nDisallow: /a\n\nDisallow: /b", "/", "/a /b"),
    "blank between names": ("User-agent: other\n\nUser-agent: Broadsheet\nDisallow: /a", "/", "/a"),
    "sitemap between names": ("User-agent: Broadsheet\nSitemap: https://harbour.example/s.xml\nUser-agent: other\nDisallow: /a", "/", "/a"),
    "sitemap in a group": ("User-agent: *\nDisallow: /a\nSitemap: https://harbour.example/s.xml\nDisallow: /b", "/", "/a /b"),
    "delay parts groups": ("User-agent: Broadsheet\nCrawl-delay: 3\nUser-agent: other\nDisallow: /", "/ /a", ""),
    "signal parts groups": ("User-agent: *\nContent-Signal: ai-train=no\nUser-agent: GPTBot\nDisallow: /", "/ /a", ""),
    "rules before any group": ("Disallow: /a\nUser-agent: *\nDisallow: /b", "/a", "/b"),
    "no group at all": ("Disallow: /", "/ /a", ""),
    "remarks": ("# hello\nUser-agent: * # all\nDisallow: /a # secret\n#Disallow: /b", "/b", "/a"),
    "spaces": ("  User-agent :  *  \n\tDisallow:/a\t\nDisallow   :   /b   ", "/", "/a /b"),
    "CRLF": ("User-agent: *\r\nDisallow: /a\r\nDisallow: /b\r\n", "/", "/a /b"),
    "CR": ("User-agent: *\rDisallow: /a\rDisallow: /b", "/", "/a /b"),
    "no colon": ("User-agent *\nDisallow /a", "/", "/a"),
    "misspelt": ("Useragent: *\nDissallow: /a\nDisalow: /b", "/", "/a /b"),
    "junk lines": ("User-agent: *\nwhat is this\n???\nDisallow: /a\n<b>x</b>", "/", "/a"),
    "unknown field": ("User-agent: *\nNoindex: /b\nDisallow: /a", "/b", "/a"),
    "a web page": ("<!DOCTYPE html>\n<html><head>\n<a href=\"https://x.example/\">x</a>\n<p>Disallow: /</p></html>", "/ /a", ""),
    "rule without slash": ("User-agent: *\nDisallow: a", "/ /a", ""),
    "rule with a star first": ("User-agent: *\nDisallow: *.pdf", "/a", "/a.pdf"),
    "index page": ("User-agent: *\nDisallow: /x\nAllow: /x/index.html", "/x/index.html /x/", "/x /x/a"),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLE)
def test_paths_are_allowed_and_forbidden_as_the_rfc_says(name):
    """RFC 9309, section 2.2, with the tolerance for what sites really write."""
    text, allowed, forbidden = TABLE[name]
    rules = Rules(text)

    assert allowed.split() == [path for path in allowed.split() if rules.allows(SITE + path)]
    assert [] == [path for path in forbidden.split() if rules.allows(SITE + path)]


BYTES = {
    "UTF-8 with BOM": b"\xef\xbb\xbfUser-agent: *\nDisallow: /a",
    "two BOMs": b"\xef\xbb\xbf\xef\xbb\xbfUser-agent: *\nDisallow: /a",
    "UTF-16": "User-agent: *\nDisallow: /a".encode("utf-16"),
    "UTF-16 without BOM": "User-agent: *\nDisallow: /a".encode("utf-16-le"),
    "NUL": b"User-agent: *\0\nDis\0allow: /a\0",
    "Latin 1 in a remark": b"# r\xe9serv\xe9\nUser-agent: *\nDisallow: /a",
    "broken bytes in a rule": b"User-agent: *\nDisallow: /\xff\xfe\nDisallow: /a",
    "a long rest": b"User-agent: *\nDisallow: /a\n" + b"#" * robots.PARSED + b"\nAllow: /a",
}


@pytest.mark.parametrize("name", BYTES)
def test_odd_bytes_do_not_hide_a_rule(name):
    rules = Rules(robots.decoded(BYTES[name]))

    assert (False, True) == (rules.allows(f"{SITE}/a"), rules.allows(f"{SITE}/b"))


def test_a_rule_in_latin_1_covers_the_path_that_it_names():
    """Octets outside ASCII compare as escapes (section 2.2.2)."""
    rules = Rules(robots.decoded(b"User-agent: *\nDisallow: /caf\xe9/"))

    assert not rules.allows(f"{SITE}/caf%E9/menu")


def test_500_kib_are_read_and_the_rest_is_left():
    head = b"User-agent: *\n" + b"Disallow: /x\n" * 50_000
    rules = Rules(robots.decoded(head + b"Disallow: /late\n"))

    assert len(head) > robots.PARSED
    assert (False, True) == (rules.allows(f"{SITE}/x"), rules.allows(f"{SITE}/late"))


@given(st.binary(max_size=400))
def test_any_bytes_are_a_robots_txt(body):
    assert Rules(robots.decoded(b"User-agent: *\n" + body)).allows(f"{SITE}/robots.txt")


@pytest.mark.parametrize(
    ("text", "delay"),
    [
        ("User-agent: *\nCrawl-delay: 3", 3.0),
        ("User-agent: *\nCrawl-delay: 0.5", 0.5),
        ("User-agent: *\nCrawl-delay: 3\n\nUser-agent: Broadsheet\nCrawl-delay: 7", 7.0),
        ("User-agent: *\nCrawl-delay: 3\n\nUser-agent: Broadsheet\nDisallow: /x", 0.0),
        ("User-agent: other\nCrawl-delay: 3", 0.0),
        ("User-agent: *\nCrawl-delay: 86400", 60.0),
        ("User-agent: *\nCrawl-delay: 1e300", 60.0),
        ("User-agent: *\nCrawl-delay: -3", 0.0),
        ("User-agent: *\nCrawl-delay: soon", 0.0),
        ("User-agent: *\nCrawl-delay: inf", 0.0),
        ("User-agent: *\nCrawl-delay: nan", 0.0),
        ("Crawl-delay: 3", 0.0),
        ("", 0.0),
    ],
)
def test_the_delay_is_that_of_our_group_and_bounded(text, delay):
    assert delay == Rules(text).delay


# --- what its answer means --------------------------------------------------------------------------------------------


def state_after(answer, before: HostState | None = None, now=NOW):
    web = Web({ROBOTS: answer, f"{SITE}/a": reply()})
    answers, states = fetched(web, Request(f"{SITE}/a", "source"), states=[before] if before else [], now=now)
    return answers[0], states[0], web


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 418, 451, 204, 304, 300])
def test_no_robots_txt_allows_everything_for_a_day(status):
    """4xx is `unavailable` (section 2.3.1.3), and so is an answer that brings none."""
    answer, state, _ = state_after(reply(status))

    assert 200 == answer.status
    assert HostState(origin=SITE, robots_until=NOW + DAY) == state


@pytest.mark.parametrize("status", [500, 501, 502, 503, 504, 520, 599])
def test_a_broken_robots_txt_forbids_everything_for_now(status):
    """5xx is `unreachable` (section 2.3.1.4): nothing is asked, the entry waits, robots.txt is asked in an hour."""
    error, state, web = state_after(reply(status))

    assert ("robots", False, 3600) == (error.kind, error.permanent, error.retry_after)
    assert f"robots.txt of harbour.example cannot be read (HTTP {status}): all is forbidden for now" == error.reason
    assert (NOW + HOUR, NOW) == (state.robots_until, state.robots_failing_since)
    assert [ROBOTS] == web.urls


def test_no_answer_forbids_everything_for_now():
    error, state, _ = state_after(NO_ANSWER)

    assert "robots.txt of harbour.example cannot be read (connection refused): all is forbidden for now" == error.reason
    assert NOW == state.robots_failing_since


@pytest.mark.parametrize(("days", "asked"), [(0, False), (29, False), (30, True), (300, True)])
def test_the_prohibition_of_a_robots_txt_that_cannot_be_had_ends_after_30_days(days, asked):
    before = HostState(origin=SITE, robots_failing_since=NOW - timedelta(days=days), robots_until=NOW)
    _, state, web = state_after(reply(503), before)

    assert asked == (f"{SITE}/a" in web.urls)
    assert before.robots_failing_since == state.robots_failing_since


def test_a_copy_of_robots_txt_serves_while_it_cannot_be_had():
    """For 30 days, and no longer."""
    copy = HostState(origin=SITE, robots="User-agent: *\nDisallow: /b", robots_until=NOW)
    web = Web({ROBOTS: NO_ANSWER, f"{SITE}/a": reply(), f"{SITE}/b": reply()})
    later = NOW + timedelta(days=31)
    old = HostState(origin=SITE, robots=copy.robots, robots_until=NOW, robots_failing_since=NOW)

    (first, second), states = fetched(web, f"{SITE}/a", f"{SITE}/b", states=[copy])
    (third,), _ = fetched(web, f"{SITE}/b", states=[old], now=later)

    assert (200, "robots", 200) == (first.status, second.kind, third.status)
    assert copy.robots == states[0].robots


@pytest.mark.parametrize(
    ("answer", "hours"), [(reply(body="User-agent: *\nDisallow: /b"), [0, 24, 48]), (reply(404), [0, 24, 48]), (reply(500), [0, 1, 2, 23, 24, 25, 47, 48])]
)  # fmt: skip
def test_it_is_asked_once_a_day_and_after_a_failure_once_an_hour(answer, hours):
    web = Web({ROBOTS: answer, f"{SITE}/a": reply()})
    asked, states = [], ()
    for hour in (0, 0.5, 1, 2, 23, 24, 24.9, 25, 47, 48):
        before = len(web.urls)
        states = fetched(web, f"{SITE}/a", states=states, now=NOW + hour * HOUR)[1] or states
        asked += [hour] if ROBOTS in web.urls[before:] else []

    assert hours == asked


def test_a_day_from_a_clock_that_went_wrong_does_not_count():
    future = HostState(origin=SITE, robots="User-agent: *\nDisallow: /", robots_until=NOW + 300 * DAY)

    assert 200 == state_after(reply(404), future)[0].status


def test_many_pages_of_one_host_ask_its_robots_txt_once():
    web = Web({f"{SITE}/{n}": reply() for n in range(20)}, takes=0.1)
    fetched(web, *(f"{SITE}/{n}" for n in range(20)))

    assert 1 == web.urls.count(ROBOTS)


def test_a_forbidden_page_is_not_asked_and_says_why():
    web = Web({ROBOTS: reply(body="User-agent: *\nDisallow: /private"), f"{SITE}/private/1": reply()})
    error = refused(web, f"{SITE}/private/1")

    assert ("robots", True) == (error.kind, error.permanent)
    assert "robots.txt of harbour.example forbids it" == error.reason
    assert [ROBOTS] == web.urls
    web.answers[ROBOTS] = reply(404)  # the page is there: only robots.txt kept us from it
    assert 200 == page(web, f"{SITE}/private/1").status


def test_sources_and_images_obey_as_pages_do():
    web = Web({ROBOTS: reply(body="User-agent: *\nDisallow: /")})

    kinds = [refused(web, Request(f"{SITE}/a", purpose)).kind for purpose in ("source", "page", "image")]
    assert ["robots"] * 3 == kinds
    assert [ROBOTS] * 3 == web.urls


def test_robots_txt_itself_is_always_allowed():
    web = Web({ROBOTS: reply(body="User-agent: *\nDisallow: /")})

    assert 200 == page(web, Request(ROBOTS, "source")).status


def test_another_port_or_scheme_is_another_origin():
    web = Web({f"http://harbour.example:8080{path}": reply() for path in ("/a",)} | {f"{SITE}/a": reply()})
    web.answers[ROBOTS] = reply(body="User-agent: *\nDisallow: /")
    answers, _ = fetched(web, f"{SITE}/a", "http://harbour.example:8080/a", "https://harbour.example:443/a")

    assert ["robots", 200, "robots"] == [getattr(a, "kind", None) or a.status for a in answers]


@pytest.mark.parametrize("hops", [1, 5])
def test_five_redirects_of_robots_txt_are_followed_to_any_host_without_asking_its_robots_txt(hops):
    places = [ROBOTS, *(f"https://h{n}.example/robots.txt" for n in range(hops))]
    web = Web({here: moved(there, 301) for here, there in pairwise(places)})
    web.answers[places[-1]] = reply(body="User-agent: *\nDisallow: /")

    assert "robots" == refused(web, f"{SITE}/a").kind
    assert places == web.urls


@pytest.mark.parametrize(
    "answer", [moved("/robots.txt"), reply(301), moved("ftp://harbour.example/robots.txt"), moved("https://")]
)
def test_redirects_of_robots_txt_that_lead_nowhere_mean_there_is_none(answer):
    """More than five (section 2.3.1.2), none at all, or to an address that is no HTTP."""
    found, state, web = state_after(answer)

    assert (200, "") == (found.status, state.robots)
    assert web.urls.count(ROBOTS) <= 6


def test_two_robots_txt_that_redirect_to_each_other_do_not_wait_for_each_other():
    one, two = "https://a.example", "https://b.example"
    web = Web({f"{one}/robots.txt": moved(f"{two}/robots.txt"), f"{two}/robots.txt": moved(f"{one}/robots.txt")}, 0.1)
    web.answers |= {f"{one}/1": reply(), f"{two}/1": reply()}

    assert [200, 200] == [a.status for a in fetched(web, f"{one}/1", f"{two}/1")[0]]


def test_a_robots_txt_of_429_holds_the_host_and_is_no_robots_txt():
    error, state, web = state_after(reply(429, retry_after="120"))

    assert ("held", 120) == (error.kind, error.retry_after)
    assert HostState(origin=SITE, hold_until=NOW + timedelta(seconds=120)) == state
    assert [ROBOTS] == web.urls


def test_a_host_that_may_not_be_asked_at_all_says_so_instead():
    """A private address is not `robots.txt cannot be read`."""
    error = FetchError(ROBOTS, "10.0.0.1 is not a public address", kind="refused", permanent=True)
    web = Web({ROBOTS: error})

    assert ("refused", True) == (refused(web, f"{SITE}/a").kind, refused(web, f"{SITE}/a").permanent)


def test_a_robots_txt_too_large_to_fetch_cannot_be_had():
    found, _, _ = state_after(FetchError(ROBOTS, "body over 5 MiB", kind="bounds", permanent=True))

    assert "robots.txt of harbour.example cannot be read (body over 5 MiB): all is forbidden for now" == found.reason
