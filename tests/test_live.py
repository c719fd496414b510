"""The live fetcher over a web from memory: redirects, conditions, statuses, deadlines and what a site reserves."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from broadsheet.errors import FetchError
from broadsheet.fetch import Request
from broadsheet.types import FetchLimits, HostState, Rights, Validators

from .build import NOW
from .canned import Web, fetched, moved, page, refused, reply

SITE = "https://harbour.example"
TDM = f"{SITE}/.well-known/tdmrep.json"
A, B, C = (f"{SITE}/{name}" for name in "abc")
DAY = timedelta(days=1)
FORBID_PRIVATE = reply(body="User-agent: *\nDisallow: /private")
RESERVED = json.dumps([{"location": "/free/", "tdm-reservation": 0}, {"location": "/", "tdm-reservation": 1}])


def test_a_page_carries_what_http_said_and_the_clock_given():
    web = Web(
        {A: reply(body="news", content_type="text/html", etag='"v1"', last_modified="Mon, 02 Mar 2026 11:00:00 GMT")}
    )
    found = page(web, f"{A}#part")

    assert (200, b"news", "text/html", NOW) == (found.status, found.body, found.content_type, found.fetched_at)
    assert (f"{A}#part", A, "") == (found.url, found.final_url, found.moved_to)
    assert Validators(etag='"v1"', last_modified="Mon, 02 Mar 2026 11:00:00 GMT") == found.validators
    assert '"v1"' == found.headers["etag"]


def test_it_opens_and_closes_its_transport():
    web = Web({A: reply()})
    page(web, A)

    assert 0 == web.opened
    assert web.asked


def test_an_address_that_is_none_is_refused_without_asking():
    web = Web()
    errors = [refused(web, url) for url in ("ftp://harbour.example/a", "nothing", "https://")]

    assert {("refused", True)} == {(e.kind, e.permanent) for e in errors}
    assert [] == web.urls


# --- redirects --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("location", ["/b", "b", B, "//harbour.example/b", f"{B}#part", "./x/../b"])
def test_redirects_are_followed(status, location):
    found = page(Web({A: moved(location, status), B: reply(body="b")}), A)

    assert (A, B, b"b") == (found.url, found.final_url, found.body)


@pytest.mark.parametrize(
    ("statuses", "leads_to"),
    [([301], 1), ([308], 1), ([302], 0), ([303], 0), ([307], 0), ([301, 308, 301], 3), ([301, 302], 1), ([302, 301], 0), ([301, 307, 301], 1), ([], 0)],
)  # fmt: skip
def test_only_the_permanent_redirects_at_the_start_move_an_address(statuses, leads_to):
    places = [f"{SITE}/{n}" for n in range(len(statuses) + 1)]
    web = Web({here: moved(there, s) for here, there, s in zip(places, places[1:], statuses, strict=False)})
    web.answers[places[-1]] = reply()
    found = page(web, places[0])

    assert (places[-1], places[leads_to] if leads_to else "") == (found.final_url, found.moved_to)


def chain(length: int) -> Web:
    return Web({f"{SITE}/{n}": moved(f"/{n + 1}") for n in range(length)} | {f"{SITE}/{length}": reply(body="end")})


def test_as_many_redirects_as_the_limit_are_followed_and_no_more():
    web = chain(6)

    assert b"end" == page(chain(5), f"{SITE}/0").body
    assert ("more than 5 redirects", "bounds") == (
        refused(web, f"{SITE}/0").reason,
        refused(chain(6), f"{SITE}/0").kind,
    )
    assert [f"{SITE}/{n}" for n in range(6)] == web.wanted


@pytest.mark.parametrize("loop", [[A], [A, B], [A, B, C]])
def test_redirects_in_a_circle_end_after_one_round(loop):
    web = Web({here: moved(there) for here, there in zip(loop, [*loop[1:], loop[0]], strict=True)})
    error = refused(web, A)

    assert ("redirects go round in a circle", "bounds") == (error.reason, error.kind)
    assert loop == web.wanted


@pytest.mark.parametrize(
    "location", ["", "ftp://harbour.example/", "javascript:alert(1)", "file:///etc/passwd", "https://"]
)
def test_a_redirect_to_no_web_address_ends(location):
    web = Web({A: moved(location)})

    assert A == refused(web, A).url
    assert [A] == web.wanted


def test_a_step_down_to_http_is_followed():
    assert (
        "http://harbour.example/a"
        == page(Web({A: moved("http://harbour.example/a"), "http://harbour.example/a": reply()}), A).final_url
    )


@pytest.mark.parametrize("purpose", ["source", "page", "image"])
def test_a_redirect_into_a_forbidden_path_asks_only_the_first(purpose):
    """The control: without the rule the same redirect is followed."""
    web = Web({A: moved("/private/1"), f"{SITE}/private/1": reply(body="secret"), f"{SITE}/robots.txt": FORBID_PRIVATE})
    error = refused(web, Request(A, purpose))

    assert ("robots", True, A) == (error.kind, error.permanent, error.url)
    assert [A] == web.wanted
    web.answers[f"{SITE}/robots.txt"] = reply(404)
    assert b"secret" == page(web, Request(A, purpose)).body


def test_each_hop_asks_the_robots_txt_of_its_own_host():
    other = "https://other.example"
    web = Web({A: moved(f"{other}/x"), f"{other}/robots.txt": reply(body="User-agent: *\nDisallow: /")})
    error = refused(web, A)

    assert "robots.txt of other.example forbids it" == error.reason
    assert [f"{SITE}/robots.txt", A, f"{other}/robots.txt"] == web.urls


def test_a_redirect_to_a_held_host_waits():
    held = HostState(origin="https://other.example", hold_until=NOW + timedelta(seconds=90))
    web = Web({A: moved("https://other.example/x")})

    assert ("held", 90) == (refused(web, A, states=[held]).kind, refused(web, A, states=[held]).retry_after)
    assert not any("other.example" in url for url in web.urls)


# --- conditions -------------------------------------------------------------------------------------------------------

HELD = Validators(etag='"v1"', last_modified="Mon, 02 Mar 2026 11:00:00 GMT")


@pytest.mark.parametrize(
    ("headers", "renewed"),
    [
        ({}, HELD),
        ({"etag": '"v2"'}, Validators(etag='"v2"', last_modified=HELD.last_modified)),
        ({"last_modified": "later"}, Validators(etag='"v1"', last_modified="later")),
    ],
)
def test_validators_that_hold_give_an_empty_304_that_keeps_or_renews_them(headers, renewed):
    web = Web({A: reply(304, "not wanted", **headers)})
    found = page(web, Request(A, "source", HELD))

    assert (304, b"", renewed) == (found.status, found.body, found.validators)
    assert {"If-None-Match": '"v1"', "If-Modified-Since": HELD.last_modified} == web.sent[-1]


def test_conditions_go_to_the_first_hop_only():
    """Neither robots.txt nor the place that a redirect leads to gave us these validators."""
    web = Web({A: moved(B), B: reply(etag='"b"')})
    found = page(web, Request(A, "source", HELD))

    assert [{}, {"If-None-Match": '"v1"', "If-Modified-Since": HELD.last_modified}, {}] == web.sent
    assert Validators(etag='"b"') == found.validators


@pytest.mark.parametrize("web", [Web({A: reply(304)}), Web({A: moved(B), B: reply(304)})])
def test_a_304_that_nobody_asked_for_is_a_failure(web):
    asked = HELD if B in web.answers else Validators()

    assert "HTTP 304" == refused(web, Request(A, "source", asked)).reason


def test_a_validator_that_is_no_header_is_not_sent():
    web = Web({A: reply(304)})

    assert "HTTP 304" == refused(web, Request(A, "source", Validators(etag='"a\r\nX-Evil: 1"'))).reason
    assert {} == web.sent[-1]


# --- statuses and bounds ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [s for s in range(200, 600) if s not in (200, 203, 301, 302, 303, 307, 308)])
def test_every_other_status_brings_nothing(status):
    error = refused(Web({A: reply(status)}), Request(A, "source"))

    assert (A, f"HTTP {status}", "http") == (error.url, error.reason, error.kind)
    assert (status in (400, 401, 403, 404, 405, 410, 451)) == error.permanent


def test_a_203_of_a_proxy_is_the_page():
    assert 200 == page(Web({A: reply(203, "a")}), A).status


@pytest.mark.parametrize("status", [429, 503])
def test_how_long_a_host_wants_to_wait_is_told(status):
    assert 120 == refused(Web({A: reply(status, retry_after="120")}), A).retry_after


def test_the_deadline_counts_all_hops_together_and_no_waiting_for_turns():
    """Each answer takes 8 seconds: the third hop has 4 left, a fourth has none; pauses of 30 cost nothing."""
    web = Web({A: moved(B), B: moved(C), C: moved("/d"), f"{SITE}/d": reply()}, takes=8.0)
    error = refused(web, Request(A, "source"), delay=30)

    assert ("deadline of 20 s passed", "network") == (error.reason, error.kind)
    assert [20.0, 20.0, 12.0, 4.0] == [seconds for _, seconds in web.limits]


def test_sizes_are_those_of_the_purpose():
    limits = FetchLimits(decoded_source=3_000, decoded_page=2_000)
    web = Web({A: reply()})
    page(web, Request(A, "source"), limits=limits)
    page(web, Request(A, "page"), limits=limits)

    sizes = {most for (most, _), (_, url) in zip(web.limits, web.asked, strict=True) if url == A}
    assert {3_000, 2_000} == sizes
    assert 65_536 == dict(zip(web.urls, web.limits, strict=True))[TDM][0]


@pytest.mark.parametrize("kind", ["network", "bounds", "refused"])
def test_an_error_of_the_transport_names_what_was_asked_for(kind):
    told = FetchError(B, "something", kind=kind, permanent=kind != "network")
    error = refused(Web({A: moved(B), B: told}), A)

    assert (A, "something", kind, kind != "network") == (error.url, error.reason, error.kind, error.permanent)


# --- what a site reserves ---------------------------------------------------------------------------------------------


def test_rights_of_robots_txt_headers_and_tdm_file_add_up():
    web = Web({A: reply(x_robots_tag="max-snippet:40"), TDM: reply(body=RESERVED)})
    web.answers[f"{SITE}/robots.txt"] = reply(body="User-agent: *\nContent-Signal: search=yes, ai-train=no\nAllow: /")
    found = page(web, A).rights

    assert (True, False, False, 40) == (found.listed, found.text, found.images, found.excerpt)
    assert (
        "robots.txt Content-Signal: ai-train=no",
        "X-Robots-Tag: max-snippet: 40",
        "tdmrep.json tdm-reservation: 1 for /",
    ) == found.evidence


@pytest.mark.parametrize(
    ("robots", "reserved"),
    [
        ("User-agent: *\nContent-Signal: ai-train=no", True),
        ("User-agent: Broadsheet\nContent-Signal: ai-train=no", True),
        ("User-agent: GPTBot\nContent-Signal: ai-train=no", False),
        ("User-agent: *\nContent-Signal: ai-train=no\n\nUser-agent: Broadsheet\nAllow: /", False),
        ("User-agent: *\nDisallow: /x\n\nContent-signal:ai-input=no", True),
        ("User-agent: *\n# Content-Signal: ai-train=no", False),
        ("User-agent: *\nContent-Signal: ai-train=yes", False),
    ],
)
def test_content_signals_count_in_our_group(robots, reserved):
    web = Web({A: reply(), f"{SITE}/robots.txt": reply(body=robots)})

    assert (not reserved) == page(web, A).rights.text


def test_rights_are_those_of_where_the_page_was_found():
    other = "https://other.example"
    web = Web({A: moved(f"{other}/free/1", 301), TDM: reply(body=RESERVED), f"{other}/free/1": reply()})
    web.answers[f"{other}/.well-known/tdmrep.json"] = reply(body=RESERVED)

    assert Rights() == page(web, A).rights
    assert TDM not in web.urls


def test_a_304_carries_the_rights_too():
    assert not page(Web({A: reply(304, x_robots_tag="noai")}), Request(A, "source", HELD)).rights.text


def test_the_tdm_file_is_asked_once_a_day_for_pages_alone():
    """Not for a source, nor for a page that is forbidden or not there."""
    web = Web({A: reply(), B: reply(), TDM: reply(body=RESERVED), f"{SITE}/robots.txt": FORBID_PRIVATE})
    fetched(web, Request(A, "source"), f"{SITE}/private/1", f"{SITE}/gone", Request(A, "image"))
    assert TDM not in web.urls

    _, states = fetched(web, A, B)
    assert 1 == web.urls.count(TDM)
    assert (RESERVED, NOW + DAY) == (states[0].tdm, states[0].tdm_until)

    (again,), _ = fetched(web, A, states=states, now=NOW + DAY / 2)
    assert (1, False) == (web.urls.count(TDM), again.rights.text)
    fetched(web, A, states=states, now=NOW + DAY)
    assert 2 == web.urls.count(TDM)


@pytest.mark.parametrize(
    ("answer", "hours"),
    [
        (reply(404), 24),
        (reply(200, "<!DOCTYPE html><p>Not found"), 24),
        (reply(200, "[{"), 24),
        (reply(200, b"\xff\xfe\x00"), 24),
        (moved("/.well-known/tdmrep.json"), 1),
        (reply(500), 1),
        (reply(429), 1),
        (FetchError(TDM, "body over 65536 bytes", kind="bounds", permanent=True), 24),
        (FetchError(TDM, "connection closed by the host", kind="network"), 1),
    ],
)
def test_a_tdm_file_that_is_none_reserves_nothing(answer, hours):
    """Where the failure may pass it is asked again after an hour."""
    (found,), states = fetched(Web({A: reply(), TDM: answer}), A)

    assert Rights() == found.rights
    assert NOW + timedelta(hours=hours) == states[0].tdm_until


def test_a_failure_that_may_pass_leaves_what_the_tdm_file_said():
    known = HostState(origin=SITE, tdm=RESERVED, tdm_until=NOW)

    assert not page(Web({A: reply(), TDM: reply(500)}), A, states=[known]).rights.text


def test_a_tdm_file_moves_and_obeys_robots_txt():
    web = Web({A: reply(), TDM: moved("/tdm.json"), f"{SITE}/tdm.json": reply(body=RESERVED)})
    assert not page(web, A).rights.text

    web = Web({A: reply(), TDM: reply(body=RESERVED)})
    web.answers[f"{SITE}/robots.txt"] = reply(body="User-agent: *\nDisallow: /.well-known/")
    assert page(web, A).rights.text
    assert TDM not in web.urls


def test_the_tdm_file_takes_its_turn():
    """A pause lies before it, and a line longer than the patience does not make it give up."""
    known = HostState(origin=SITE, robots_until=NOW + DAY)
    web = Web({f"{SITE}/{n}": reply() for n in range(4)} | {TDM: reply(body=RESERVED)})
    answers, _ = fetched(web, *(f"{SITE}/{n}" for n in range(4)), states=[known], delay=20, patience=60)

    assert [False] * 4 == [answer.rights.text for answer in answers]
    assert [(20.0 * n, url) for n, url in enumerate([*(f"{SITE}/{n}" for n in range(4)), TDM])] == web.asked


def test_a_page_waits_where_its_tdm_file_may_not_be_asked_for():
    """The host asked for peace in between: what it reserves is not known, and the page is fetched again later."""
    web = Web({A: reply(), B: reply(429, retry_after="90"), TDM: reply(body=RESERVED)}, takes=1.0)
    (first, second), states = fetched(web, A, B)

    assert ("held", 90, "http") == (first.kind, first.retry_after, second.kind)
    assert TDM not in web.urls
    assert states[0].tdm_until is None


IMAGE = Request(f"{SITE}/photo.jpg", "image")


def test_a_picture_is_fetched_where_nothing_speaks_against_it():
    assert b"jpeg" == page(Web({IMAGE.url: reply(body="jpeg")}), IMAGE).body


@pytest.mark.parametrize(
    ("robots", "headers", "tdm", "asked"),
    [
        ("User-agent: *\nContent-Signal: ai-train=no", {}, "", False),
        ("", {}, RESERVED, False),
        ("", {"x_robots_tag": "noimageai"}, "", True),
        ("", {"x_robots_tag": "noindex"}, "", True),
        ("", {"tdm_reservation": "1"}, "", True),
    ],
)
def test_a_picture_that_its_publisher_keeps_is_not_fetched(robots, headers, tdm, asked):
    """What its site says is known before it is asked for; what its own headers say, after."""
    web = Web({IMAGE.url: reply(body="jpeg", **headers), f"{SITE}/robots.txt": reply(body=robots)})
    error = refused(web, IMAGE, states=[HostState(origin=SITE, tdm=tdm)] if tdm else [])

    assert ("robots", True) == (error.kind, error.permanent)
    assert error.reason.startswith("pictures are to be left alone (")
    assert asked == (IMAGE.url in web.urls)
