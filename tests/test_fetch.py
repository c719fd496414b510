"""The live fetcher against a real web server on this machine that does what the web does at its worst."""

from __future__ import annotations

import asyncio
import gzip
import pickle
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from aiohttp import web

from broadsheet.errors import FetchError, UsageError
from broadsheet.fetch import CannedFetcher, Fetcher, Request, response
from broadsheet.fetch.http import HttpTransport, user_agent
from broadsheet.types import FetchLimits, Page, Validators

from .build import NOW
from .live import live

FEED = b"<rss>" + b"news " * 1000 + b"</rss>"
BOMB = gzip.compress(bytes(100_000_000))
SMALL = FetchLimits(raw=200_000, decoded_source=300_000, decoded_page=250_000, image=100_000)
QUICK = FetchLimits(total=0.8)


class Web:
    """What the server saw: requests in order, and how many were served at one moment."""

    def __init__(self) -> None:
        self.seen: list[web.Request] = []
        self.open: dict[str, int] = {}
        self.most_open: dict[str, int] = {}
        self.port = 0

    def url(self, path: str, host: str = "harbour.example") -> str:
        return f"http://{host}{path}"


async def etag(request: web.Request) -> web.Response:
    headers = {"ETag": '"v1"', "Last-Modified": "Mon, 02 Mar 2026 11:00:00 GMT", "Set-Cookie": "who=you"}
    if request.headers.get("If-None-Match") == '"v1"' or "If-Modified-Since" in request.headers:
        return web.Response(status=304)
    return web.Response(body=FEED, headers=headers, content_type="application/rss+xml")


async def gzipped(request: web.Request) -> web.Response:
    named = request.query.get("as", "gzip")
    if "bomb" in request.query:
        return web.Response(body=BOMB, headers={"Content-Encoding": "gzip"})
    body = gzip.compress(bytes(int(request.query["zeros"]))) if "zeros" in request.query else gzip.compress(FEED)
    return web.Response(body=body[: len(body) - int(request.query.get("cut", 0))], headers={"Content-Encoding": named})


async def plain(request: web.Request) -> web.Response:
    return web.Response(body=bytes(int(request.query["size"])))


async def endless(request: web.Request) -> web.StreamResponse:
    reply = web.StreamResponse()
    await reply.prepare(request)
    while True:
        await reply.write(bytes(20_000))


async def drip(request: web.Request) -> web.StreamResponse:
    reply = web.StreamResponse()
    await reply.prepare(request)
    while True:
        await reply.write(b".")
        await asyncio.sleep(0.05)


async def status(request: web.Request) -> web.Response:
    headers = {"Retry-After": request.query["wait"]} if "wait" in request.query else {}
    return web.Response(status=int(request.match_info["code"]), headers=headers)


async def hop(request: web.Request) -> web.Response:
    left = int(request.match_info["left"])
    target = f"../hop/{left - 1}#part" if left else request.query.get("to", "/etag")
    return web.Response(status=302, headers={"Location": target})


async def slow(request: web.Request) -> web.Response:
    await asyncio.sleep(0.05)
    return web.Response(body=b"slow")


@asynccontextmanager
async def web_server() -> AsyncIterator[Web]:
    """A web of any host name, on one free port of this machine."""
    web_state = Web()

    @web.middleware
    async def watch(request: web.Request, handler: Callable[[web.Request], Awaitable[Any]]) -> Any:
        host = request.host
        web_state.seen.append(request)
        web_state.open[host] = web_state.open.get(host, 0) + 1
        web_state.most_open[host] = max(web_state.most_open.get(host, 0), web_state.open[host])
        try:
            return await handler(request)
        finally:
            web_state.open[host] -= 1

    app = web.Application(middlewares=[watch])
    for path, answer in {"/etag": etag, "/gzip": gzipped, "/plain": plain, "/endless": endless, "/drip": drip}.items():
        app.router.add_get(path, answer)
    app.router.add_get("/slow/{n:.*}", slow)
    app.router.add_get("/status/{code}", status)
    app.router.add_get("/hop/{left}", hop)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    web_state.port = runner.addresses[0][1]
    try:
        yield web_state
    finally:
        await runner.cleanup()


def fetched(
    *requests: Request | str, limits: FetchLimits = SMALL, **settings: Any
) -> tuple[Web, list[Page | FetchError]]:
    """Results of all requests, sent at once, and what the server saw."""

    async def work() -> tuple[Web, list[Page | FetchError]]:
        async with web_server() as served:
            hosts = settings.get("hosts") or {"*.example": f"127.0.0.1:{served.port}"}
            async with live(limits, user_agent("desk@ferries.example", ""), NOW, hosts) as fetcher:
                asked = [Request(url=served.url(r)) if isinstance(r, str) else r for r in requests]
                found = await asyncio.gather(*(fetcher.get(r) for r in asked), return_exceptions=True)
        return served, found  # type: ignore[return-value]

    return asyncio.run(work())


def one(request: Request | str, limits: FetchLimits = SMALL) -> Page:
    found = fetched(request, limits=limits)[1][0]
    assert isinstance(found, Page), found
    return found


def refused(request: Request | str, limits: FetchLimits = SMALL) -> FetchError:
    found = fetched(request, limits=limits)[1][0]
    assert isinstance(found, FetchError), found
    return found


def test_a_page_carries_what_http_said_and_the_clock_given():
    """Body, type, validators, headers without cookies, the clock's moment."""
    page = one("/etag#part")

    assert (200, FEED, "application/rss+xml") == (page.status, page.body, page.content_type.split(";")[0])
    assert Validators(etag='"v1"', last_modified="Mon, 02 Mar 2026 11:00:00 GMT") == page.validators
    assert NOW == page.fetched_at
    assert "http://harbour.example/etag" == page.final_url
    assert "set-cookie" not in page.headers


def test_validators_that_hold_give_an_empty_304_that_keeps_them():
    validators = Validators(etag='"v1"', last_modified="Mon, 02 Mar 2026 11:00:00 GMT")

    page = one(Request(url="http://harbour.example/etag", validators=validators))

    assert (304, b"", validators) == (page.status, page.body, page.validators)


def test_a_304_that_nobody_asked_for_is_a_failure():
    assert "HTTP 304" == refused("/status/304").reason


def test_we_introduce_ourselves_and_ask_for_gzip_only():
    """The user agent names program, version and contact; no cookie is ever sent back."""
    served, _ = fetched("/etag", "/etag?again")

    assert {"gzip"} == {request.headers["Accept-Encoding"] for request in served.seen}
    assert all(request.headers["User-Agent"].startswith("Broadsheet/") for request in served.seen)
    assert all("(+desk@ferries.example)" in request.headers["User-Agent"] for request in served.seen)
    assert not any("Cookie" in request.headers for request in served.seen)


def test_a_user_agent_cannot_break_its_header():
    assert "(+desk@ferries.exampleX-Evil:1)" == user_agent("desk@ferries.example\r\nX-Evil: (1)", "").split(" ")[1]


@pytest.mark.parametrize("named", ["gzip", "x-gzip", "GZIP", "identity, gzip"])
def test_gzip_is_taken_off(named):
    assert FEED == one(f"/gzip?as={named}").body


@pytest.mark.parametrize("named", ["br", "gzip, gzip", "deflate", "zstd", "nonsense"])
def test_encodings_that_were_not_asked_for_are_refused(named):
    assert f"encoding {named} was not asked for" == refused(f"/gzip?as={named}").reason


def test_a_gzip_bomb_stops_at_the_bound():
    """100 MB of zeros in 100 kB: refused after the decoded bound, for a page and for a source alike."""
    for purpose in ("page", "source"):
        request = Request(url="http://harbour.example/gzip?bomb", purpose=purpose)
        assert "body over" in refused(request).reason


def test_a_broken_off_gzip_is_no_page():
    assert "body is not the gzip that it claims to be" == refused("/gzip?cut=20").reason


@pytest.mark.parametrize("path", ["/plain?size=250001", "/endless"])
def test_a_body_beyond_the_bound_is_refused(path):
    """With a length announced, and without."""
    failure = refused(path)

    assert ("body over 250000 bytes", "bounds", True) == (failure.reason, failure.kind, failure.permanent)


def test_a_body_at_the_bound_is_taken():
    assert 250_000 == len(one("/plain?size=250000").body)


@pytest.mark.parametrize(("purpose", "most"), [("source", 300_000), ("page", 250_000), ("image", 100_000)])
def test_the_purpose_decides_how_large_a_body_may_be(purpose, most):
    """Compressed or not: the bound is that of what it is for, once unpacked."""
    for path in ("gzip?zeros", "plain?size"):
        address = f"http://harbour.example/{path}="
        assert most == len(one(Request(url=f"{address}{most}", purpose=purpose)).body)
        assert f"body over {most} bytes" == refused(Request(url=f"{address}{most + 1}", purpose=purpose)).reason


def test_a_body_that_drips_ends_at_the_deadline():
    """Bytes that keep coming do not put the total deadline off."""
    failure = refused("/drip", QUICK)

    assert ("deadline of 0.8 s passed", "network", False) == (failure.reason, failure.kind, failure.permanent)


@pytest.mark.parametrize(
    ("code", "permanent"), [(400, True), (403, True), (404, True), (410, True), (451, True), (408, False), (500, False)]
)
def test_a_status_says_whether_to_ask_again(code, permanent):
    failure = refused(f"/status/{code}")

    assert (f"HTTP {code}", "http", code) == (failure.reason, failure.kind, failure.status)
    assert permanent == failure.permanent


@pytest.mark.parametrize(("code", "seconds"), [(429, 120.0), (503, 120.0), (500, None)])
def test_a_busy_host_says_how_long_to_wait(code, seconds):
    assert seconds == refused(f"/status/{code}?wait=120").retry_after


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", None), ("7", 7.0), ("-5", None), ("999999999", 86_400.0), ("9" * 5000, None), ("soon", None), ("", None),
        ("٣", None), ("Mon, 99 Foo 2026 12:00:00 GMT", None),
        (format_datetime(NOW + timedelta(minutes=5)), 300.0), (format_datetime(NOW - timedelta(minutes=5)), None),
    ],
)  # fmt: skip
def test_retry_after_is_seconds_or_a_date_and_at_most_a_day(value, seconds):
    assert seconds == response.retry_after(value, NOW)


def test_redirects_are_followed_and_the_last_address_kept():
    """Relative ones too, at most five."""
    page = one("/hop/4")

    assert ("http://harbour.example/hop/4", "http://harbour.example/etag") == (page.url, page.final_url)
    assert FEED == page.body


def test_more_than_five_redirects_end_the_chase():
    served, [failure] = fetched("/hop/5")

    assert ("more than 5 redirects", "bounds") == (failure.reason, failure.kind)
    assert 6 == len(served.seen)


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("file:///etc/passwd", "redirect refused: scheme file is not http or https"),
        ("http://me:secret@harbour.example/", "redirect refused: URL carries a user name"),
        ("http://[", "redirect refused: not a URL"),
    ],
)
def test_a_redirect_to_what_is_not_a_web_address_is_refused(target, reason):
    failure = refused(f"/hop/0?to={target}")

    assert (reason, "refused", True) == (failure.reason, failure.kind, failure.permanent)


def test_a_redirect_to_another_host_waits_for_that_host():
    """Two hosts that redirect to each other at the same moment block nobody."""
    _, found = fetched(
        Request(url="http://a.example/hop/0?to=http://b.example/etag"),
        Request(url="http://b.example/hop/0?to=http://a.example/etag"),
    )

    assert ["http://b.example/etag", "http://a.example/etag"] == [page.final_url for page in found]


def test_a_host_is_asked_one_thing_at_a_time():
    """Requests to one host never overlap, those to another do not wait for them."""
    ours = [Request(url=f"http://{host}.example/slow/{n}") for n in range(4) for host in ("a", "b")]

    served, found = fetched(*ours)

    assert {b"slow"} == {page.body for page in found}
    assert {"a.example": 1, "b.example": 1} == served.most_open


def test_waiting_for_the_host_does_not_use_up_the_deadline():
    """Twenty pages of 0.05 s each from one host take longer than the deadline of one; all arrive."""
    _, found = fetched(*(f"/slow/{n}" for n in range(20)), limits=QUICK)

    assert {b"slow"} == {page.body for page in found}


def test_a_refused_connection_is_said_so():
    """Port 1 of this machine listens to nobody."""
    _, [failure] = fetched(Request(url="http://harbour.example/"), hosts={"harbour.example": "127.0.0.1:1"})

    assert ("connection refused", "network", False) == (failure.reason, failure.kind, failure.permanent)


@pytest.mark.parametrize(
    "url", ["ftp://harbour.example/", "harbour.example", "", "http://me@harbour.example/", "http://a b/"]
)
def test_what_is_no_web_address_is_never_asked_for(url):
    served, [failure] = fetched(Request(url=url))

    assert ("refused", True, []) == (failure.kind, failure.permanent, served.seen)


@pytest.mark.parametrize("path", ["/slow/%7Ba%7D|b", "/slow/a?q=%C3%BC|{}", "/slow/ü", "/slow/a%2Fb"])
def test_any_address_that_parses_can_be_asked_for(path):
    assert b"slow" == one(path).body


def test_hosts_maps_names_and_suffixes_but_keeps_the_name_in_the_request():
    """The nearest line wins; the Host header is the URL's."""

    async def work() -> list[str]:
        async with web_server() as served:
            hosts = {
                "*.example": "127.0.0.1:1",
                "*.b.example": f"127.0.0.1:{served.port}",
                "c.example": f"localhost:{served.port}",
            }
            async with live(SMALL, "t", NOW, hosts) as fetcher:
                await fetcher.get(Request(url="http://a.b.example/etag"))
                await fetcher.get(Request(url="http://C.Example/etag"))
                with pytest.raises(FetchError, match="connection refused"):
                    await fetcher.get(Request(url="http://d.example/etag"))
            return [request.host for request in served.seen]

    assert ["a.b.example", "c.example"] == asyncio.run(work())


@pytest.mark.parametrize("name", ["a b", "", "a/b c", "127.0.0.1", "[::1]", "::1"])
def test_a_name_in_hosts_that_is_none_is_a_usage_error(name):
    """An address is asked as it stands: a mapping for it would never be looked at."""
    with pytest.raises(UsageError, match="hosts"):
        HttpTransport(SMALL, "t", {name: "127.0.0.1:1"})


def test_a_private_host_that_is_no_name_is_a_usage_error():
    with pytest.raises(UsageError, match="private: a b"):
        HttpTransport(FetchLimits(private=("a b",)), "t")


@pytest.mark.parametrize("address", ["", "127.0.0.1:99999", "http://x/", "::1", "a b"])
def test_an_address_in_hosts_that_is_none_is_a_usage_error(address):
    with pytest.raises(UsageError, match="not an address"):
        HttpTransport(SMALL, "t", {"a.example": address})


def test_validators_that_cannot_be_a_header_are_left_out():
    """A stored ETag with a line break asks unconditionally instead of breaking the request."""
    served, [page] = fetched(Request(url="http://harbour.example/etag", validators=Validators(etag='"a"\r\nX-Evil: 1')))

    assert 200 == page.status
    assert "X-Evil" not in served.seen[0].headers


def test_several_gzip_members_are_one_stream_and_padding_is_ignored():
    packed = gzip.compress(b"one") + gzip.compress(b"two") + b"\0\0"

    assert b"onetwo" == response.decoded("http://a.example/", packed, ("gzip",), 100)


def test_unpacking_stops_a_step_beyond_its_bound():
    """Many members as well as one: what is unpacked at a time is at most 64 KiB."""
    for bomb in (gzip.compress(bytes(10_000_000)), gzip.compress(bytes(50_000)) * 100):
        assert all(0 < len(piece) <= 65_536 for piece in response.Gunzip().pieces(bomb))
        with pytest.raises(FetchError, match="body over 200000 bytes"):
            response.decoded("http://a.example/", bomb, ("gzip",), 200_000)


def test_a_fetch_error_survives_pickling():
    """It crosses process borders with all its parts."""
    failure = FetchError("http://a.example/", "HTTP 429", permanent=False, retry_after=60.0)

    again = pickle.loads(pickle.dumps(failure))  # noqa: S301  our own

    assert (failure.url, failure.reason, failure.retry_after) == (again.url, again.reason, again.retry_after)


def test_all_fetchers_fit_the_protocol():
    fetchers: list[Fetcher] = [CannedFetcher({}, NOW), live(SMALL)]

    assert 2 == len(fetchers)
