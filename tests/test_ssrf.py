"""No address that a stranger can write leads inside: every spelling, by every way into the program, with real sockets.

A canary listens on this machine and counts connections. Nothing leaves the machine: a fence around the event loop
notes what is about to be dialled and fails the call for any address that is not loopback.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, suppress
from html import escape
from itertools import cycle
from typing import Any

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from broadsheet import config, sources
from broadsheet.errors import BroadsheetError, FetchError
from broadsheet.fetch import Request, guard
from broadsheet.fetch.live import LiveFetcher
from broadsheet.fetch.resolve import Resolver
from broadsheet.types import FetchLimits, Source

from .build import NOW, page, source
from .live import live

PUBLIC = "9.9.9.9"  # the fence keeps every test from dialling it
PUBLIC6 = "2620:fe::fe"
HERE = ("::1", "0.0.0.0", "::", "::ffff:127.0.0.1")  # noqa: S104  spellings of this machine, nothing is bound

# {p} is the canary's port, which the limits allow: only the address can be what refuses.
FORMS = (
    # this machine, spelled as an IPv4 address
    "http://127.0.0.1:{p}/", "http://127.0.0.1:{p}", "HTTP://127.0.0.1:{p}/", "http:127.0.0.1:{p}/",
    "http:/127.0.0.1:{p}/", "http:///127.0.0.1:{p}/", "http://127.1:{p}/", "http://127.0.1:{p}/",
    "http://2130706433:{p}/", "http://0177.0.0.1:{p}/", "http://0177.0.0.01:{p}/", "http://017700000001:{p}/",
    "http://0x7f.0.0.1:{p}/", "http://0x7f.1:{p}/", "http://0x7f000001:{p}/", "http://0X7F.0x0.0x0.0x1:{p}/",
    "http://0:{p}/", "http://0.0.0.0:{p}/", "http://127.255.255.254:{p}/", "http://127.0.0.1.:{p}/",
    "http://١٢٧.0.0.1:{p}/", "http://１２７.０.０.１:{p}/", "http://①②⑦.⓪.⓪.①:{p}/", "http://127。0。0。1:{p}/",
    "http://127．0．0．1:{p}/", "http://%31%32%37.0.0.1:{p}/", "http://127.0.0.1%00.public.test:{p}/",
    "http://127.0.0.1\0.public.test:{p}/",
    # in IPv6
    "http://[::1]:{p}/", "http://[0:0:0:0:0:0:0:1]:{p}/", "http://[::]:{p}/", "http://[::ffff:127.0.0.1]:{p}/",
    "http://[::ffff:7f00:1]:{p}/", "http://[::127.0.0.1]:{p}/", "http://[::ffff:0:127.0.0.1]:{p}/",
    "http://[64:ff9b::7f00:1]:{p}/", "http://[64:ff9b:1::7f00:1]:{p}/", "http://[2002:7f00:1::]:{p}/",
    "http://[2001:0:7f00:1::1]:{p}/", "http://[fe80::1%25lo]:{p}/", "http://[fe80::1%lo]:{p}/",
    "http://[fec0::1]:{p}/", "http://[fd00:ec2::254]:{p}/", "http://[ff02::1]:{p}/", "http://[::1%25lo]:{p}/",
    # by a name
    "http://localhost:{p}/", "http://LOCALHOST:{p}/", "http://localhost.:{p}/", "http://loop.test:{p}/",
    "http://loop.test.:{p}/", "http://ｌｏｏｐ.test:{p}/", "http://loop6.test:{p}/", "http://mapped.test:{p}/",
    "http://mixed.test:{p}/", "http://mixed6.test:{p}/", "http://metadata.test:{p}/", "http://nat64.test:{p}/",
    "http://scoped.test:{p}/", "http://inside.test:{p}/",
    # hidden behind what one parser reads and another does not
    "http://public.test@127.0.0.1:{p}/", "http://public.test:80@127.0.0.1:{p}/", "http://127.0.0.1:{p}\\@public.test/",
    "http://127.0.0.1:{p}#@public.test/", "http://127.0.0.1:{p}?@public.test/", "http://\t127.0.0.1:{p}/",
    "http://127.\t0.0.1:{p}/", "http://127.0.0.1:{p}\t/", "ht\ntp://127.0.0.1:{p}/", "http://127.0.\r\n0.1:{p}/",
    "\x01http://127.0.0.1:{p}/", "http:\\\\127.0.0.1:{p}\\", "http://127.0.0.1 :{p}/", "http://127.0.0.1:0{p}/",
    # other machines inside
    "http://169.254.169.254/latest/meta-data/", "http://2852039166/", "http://[::ffff:169.254.169.254]/",
    "http://10.0.0.1/", "http://172.16.0.1/", "http://192.168.1.1/", "http://100.64.0.1/", "http://192.0.0.192/",
    # ports and schemes
    "http://127.0.0.1:22/", "http://127.0.0.1:25/", "http://127.0.0.1:6379/", "http://public.test:22/",
    "http://public.test:25/", "http://public.test:6379/", f"http://{PUBLIC}:22/", "https://127.0.0.1:{p}/",
    "file:///etc/passwd", "file://127.0.0.1:{p}/", "gopher://127.0.0.1:{p}/_GET", "ftp://127.0.0.1:{p}/",
    "dict://127.0.0.1:{p}/x", "ws://127.0.0.1:{p}/", "jar:http://127.0.0.1:{p}!/", "view-source:http://127.0.0.1:{p}/",
    "javascript:fetch('http://127.0.0.1:{p}/')", "data:text/html,http://127.0.0.1:{p}/",
)  # fmt: skip

ZONES: dict[str, tuple[str, ...]] = {
    "public.test": (PUBLIC,),
    "loop.test": ("127.0.0.1",),
    "localhost": ("127.0.0.1", "::1"),
    "loop6.test": ("::1",),
    "mapped.test": ("::ffff:127.0.0.1",),
    "mixed.test": (PUBLIC, "127.0.0.1"),
    "mixed6.test": (PUBLIC6, PUBLIC, "::1"),
    "metadata.test": ("169.254.169.254",),
    "nat64.test": ("64:ff9b::7f00:1",),
    "scoped.test": ("fe80::1%lo",),
    "inside.test": ("10.0.0.1", "192.168.1.1"),
}


class Zones(AbstractResolver):
    """A DNS of our own. `answers`: what each name resolves to; a list of answers is given in turn."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.asked: list[str] = []
        self._answers = {name: cycle(a if isinstance(a, list) else [a]) for name, a in answers.items()}

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,  # noqa: ARG002
    ) -> list[ResolveResult]:
        self.asked.append(host)
        if host.rstrip(".") not in self._answers:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return [
            ResolveResult(
                hostname=host, host=address, port=port, proto=socket.IPPROTO_TCP, flags=0,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
            )
            for address in next(self._answers[host.rstrip(".")])
        ]  # fmt: skip

    async def close(self) -> None:
        return None


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Addresses that a socket was about to be connected to; those that are not loopback fail as unreachable."""
    seen: list[str] = []
    loop_type = asyncio.SelectorEventLoop
    connect = loop_type.sock_connect

    async def fenced(self: Any, sock: socket.socket, address: tuple[Any, ...]) -> None:
        seen.append(f"{address[0]}:{address[1]}")
        if not address[0].startswith("127.") and address[0] not in HERE:
            raise OSError(101, "fenced")
        await connect(self, sock, address)

    monkeypatch.setattr(loop_type, "sock_connect", fenced)
    yield seen


class Outside:
    """The canary's port, what reached it, and a server of an allowed host that redirects to FORMS[n] for /n."""

    def __init__(self) -> None:
        self.hits: list[str] = []
        self.port = self.redirects = 0

    def forms(self) -> list[str]:
        return [form.replace("{p}", str(self.port)) for form in FORMS]


@asynccontextmanager
async def outside() -> AsyncIterator[Outside]:
    state = Outside()

    async def canary(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        state.hits.append(str(writer.get_extra_info("peername")))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nsecret")
        writer.close()

    async def redirect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).split(b" ")[1][1:]
        if path.isdigit():
            writer.write(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nConnection: close\r\nLocation: ")
            writer.write(state.forms()[int(path)].encode() + b"\r\n\r\n")
        else:
            writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    first = await asyncio.start_server(canary, "127.0.0.1", 0)
    state.port = first.sockets[0].getsockname()[1]
    servers = [first, await asyncio.start_server(redirect, "127.0.0.1", 0)]
    state.redirects = servers[1].sockets[0].getsockname()[1]
    if socket.has_ipv6:
        with suppress(OSError):  # a machine without IPv6 has no such door
            servers.append(await asyncio.start_server(canary, "::1", state.port))
    try:
        yield state
    finally:
        for server in servers:
            server.close()
            await server.wait_closed()


def fetcher(state: Outside, zones: Zones, private: tuple[str, ...] = ()) -> LiveFetcher:
    limits = FetchLimits(ports=(80, 443, state.port), total=3.0, private=private)
    return live(limits, "t", NOW, {"allowed.test": f"127.0.0.1:{state.redirects}"}, resolver=zones)


# --- ways into the program: each takes one form and fetches it as the program would -----------------------------------

Way = Callable[[LiveFetcher, Outside, int], Coroutine[Any, Any, None]]


async def directly(http: LiveFetcher, state: Outside, n: int) -> None:
    await http.get(Request(url=state.forms()[n]))


async def by_redirect(http: LiveFetcher, state: Outside, n: int) -> None:
    await http.get(Request(url=f"http://allowed.test/{n}"))


async def by_feed_link(http: LiveFetcher, state: Outside, n: int) -> None:
    link = escape(state.forms()[n]).replace("\0", "").replace("\x01", "")
    feed = (
        f"<rss version='2.0'><channel><title>T</title><item><title>A</title><link>{link}</link></item></channel></rss>"
    )
    for entry in sources.read(page(feed), source()).entries:
        await http.get(Request(url=entry.url))


async def by_image(http: LiveFetcher, state: Outside, n: int) -> None:
    await http.get(Request(url=state.forms()[n], purpose="image"))


async def by_opml(http: LiveFetcher, state: Outside, n: int) -> None:
    line = escape(state.forms()[n]).replace("\0", "").replace("\x01", "")
    listed = config.parse_opml(f'<opml version="2.0"><body><outline xmlUrl="{line}"/></body></opml>'.encode())
    for one in listed:
        assert isinstance(one, Source)
        await http.get(Request(url=one.url, purpose="source"))


@pytest.mark.parametrize("way", [directly, by_redirect, by_feed_link, by_image, by_opml])
def test_no_spelling_reaches_the_inside(way: Way, dialled: list[str]) -> None:
    """Every form by every way: the canary is never hit, nothing but the allowed host is even dialled."""

    async def work() -> tuple[Outside, list[object]]:
        async with outside() as state, fetcher(state, Zones(ZONES)) as http:
            ended = [_result(await _caught(way(http, state, n))) for n in range(len(FORMS))]
            return state, ended

    state, ended = asyncio.run(work())

    assert [] == state.hits
    assert {f"127.0.0.1:{state.redirects}"} >= set(dialled)
    assert 30 < len(FORMS)
    assert [] == [(form, end) for form, end in zip(FORMS, ended, strict=True) if end not in _ENDS[way.__name__]]


# What a form may end as. A line of OPML that is no web address stops the reading. `network`: without its NUL it is a
# name that nobody has. `http`: some forms are relative to the host that redirects to them, which knows no such page.
_ENDS: dict[str, tuple[str, ...]] = {
    "directly": ("refused",),
    "by_redirect": ("refused", "network", "http"),
    "by_feed_link": ("refused", "network", "nothing"),
    "by_image": ("refused",),
    "by_opml": ("refused", "network", "UsageError"),
}


async def _caught(work: Coroutine[Any, Any, None]) -> Exception | None:
    try:
        await work
    except BroadsheetError as exc:
        return exc
    return None


def _result(error: Exception | None) -> str:
    if error is None:
        return "nothing"
    return error.kind if isinstance(error, FetchError) else type(error).__name__


def test_without_the_guard_the_same_forms_reach_the_inside(dialled: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the table: with the judging of addresses taken out, at least thirty forms hit the canary."""
    monkeypatch.setattr(guard, "objection", lambda _: "")

    async def work() -> int:
        async with outside() as state, fetcher(state, Zones(ZONES)) as http:
            for n in range(len(FORMS)):
                await _caught(directly(http, state, n))
            return len(state.hits)

    assert asyncio.run(work()) >= 30


def test_a_plain_client_walks_in(dialled: list[str]) -> None:
    """The control: the same forms, the same canary, aiohttp as it comes. At least five hit."""

    async def work() -> int:
        async with (
            outside() as state,
            aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(resolver=Zones(ZONES)), timeout=aiohttp.ClientTimeout(total=1.0)
            ) as session,
        ):
            reached = 0
            for form in state.forms():
                before = len(state.hits)
                try:
                    async with session.get(form) as answer:
                        await answer.read()
                except (aiohttp.ClientError, OSError, ValueError):
                    pass
                reached += len(state.hits) > before
            return reached

    assert asyncio.run(work()) >= 5


# --- names that change their mind ------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", [(PUBLIC,), ("127.0.0.1",)])
def test_a_name_that_alternates_never_leads_inside(first: tuple[str, ...], dialled: list[str]) -> None:
    """Rebinding: one look-up for each connection, and what it answered is dialled or refused."""
    answers = [first, ("127.0.0.1",) if first == (PUBLIC,) else (PUBLIC,)]

    async def work() -> tuple[list[str], list[str], list[str]]:
        zones = Zones({"rebind.test": answers})
        async with outside() as state, fetcher(state, zones) as http:
            ended = []
            for _ in range(6):
                with pytest.raises(FetchError) as caught:
                    await http.get(Request(url=f"http://rebind.test:{state.port}/"))
                ended.append(caught.value.kind)
            return state.hits, zones.asked, ended

    hits, asked, ended = asyncio.run(work())

    assert [] == hits
    assert ["rebind.test"] * 6 == asked
    assert sorted(["refused", "network"] * 3) == sorted(ended)
    assert {PUBLIC} == {address.rpartition(":")[0] for address in dialled}
    assert 3 == len(dialled)


def test_a_name_with_one_private_address_is_refused_wholly(dialled: list[str]) -> None:
    """The public one of a mixed answer is not dialled either, and the reason names the other."""

    async def work() -> FetchError:
        async with outside() as state, fetcher(state, Zones(ZONES)) as http:
            with pytest.raises(FetchError) as caught:
                await http.get(Request(url=f"http://mixed.test:{state.port}/"))
            return caught.value

    failure = asyncio.run(work())

    assert ("refused", True) == (failure.kind, failure.permanent)
    assert "127.0.0.1 is not a public address (loopback, RFC 1122)" == failure.reason
    assert [] == dialled


def test_a_socket_is_not_opened_for_an_address_that_was_never_judged() -> None:
    """The second lock: whatever hands the connector an address, the socket for it is refused here."""
    resolver = Resolver({}, (), threads=1)
    for family, address in ((socket.AF_INET, ("127.0.0.1", 80)), (socket.AF_INET6, ("fd00::1", 80, 0, 0))):
        with pytest.raises(OSError, match="is not a public address"):
            resolver.open_socket((family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", address))
    with pytest.raises(OSError, match="not an IP address"):
        resolver.open_socket((socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("localhost", 80)))


def test_the_system_knows_this_machine_by_its_name_and_is_not_followed() -> None:
    """Without a resolver of ours: `localhost` by the system's own."""

    async def work() -> tuple[list[str], FetchError]:
        async with (
            outside() as state,
            live(FetchLimits(ports=(state.port,), total=3.0)) as http,
        ):
            with pytest.raises(FetchError) as caught:
                await http.get(Request(url=f"http://localhost:{state.port}/"))
            return state.hits, caught.value

    hits, failure = asyncio.run(work())

    assert ([], "refused") == (hits, failure.kind)


# --- an intranet is allowed by name ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("private", "url", "allowed"),
    [
        (("loop.test",), "http://loop.test:{p}/", True),
        (("LOOP.test.",), "http://loop.test.:{p}/", True),
        (("*.test",), "http://loop.test:{p}/", True),
        (("*.test",), "http://mixed.test:{p}/", True),
        (("*.loop.test",), "http://loop.test:{p}/", False),
        (("test",), "http://loop.test:{p}/", False),
        (("127.0.0.1",), "http://127.0.0.1:{p}/", True),
        (("127.0.0.1",), "http://0x7f.1:{p}/", True),
        (("[::1]",), "http://[::1]:{p}/", True),
        (("0:0:0:0:0:0:0:1",), "http://[::1]:{p}/", True),
        (("127.0.0.1",), "http://loop.test:{p}/", False),
        (("loop.test",), "http://127.0.0.1:{p}/", False),
        (("*.0.0.1",), "http://127.0.0.1:{p}/", False),
        ((), "http://loop.test:{p}/", False),
    ],
)
def test_a_host_named_in_the_settings_may_be_private(
    private: tuple[str, ...], url: str, allowed: bool, dialled: list[str]
) -> None:
    """The permission is for the host as the URL names it, at any port, and for no other name of that address."""

    async def work() -> str:
        async with outside() as state:
            limits = FetchLimits(ports=(80,) if allowed else (80, state.port), total=3.0, private=private)
            async with live(limits, resolver=Zones(ZONES)) as http:
                try:
                    await http.get(Request(url=url.replace("{p}", str(state.port))))
                except FetchError as exc:
                    return exc.kind
                return "came"

    assert ("came" if allowed else "refused") == asyncio.run(work())


def test_an_allowed_host_opens_its_address_to_no_other_name(dialled: list[str]) -> None:
    """After an intranet name was fetched, a stranger's name for the same address is refused still."""

    async def work() -> tuple[int, list[str]]:
        zones = Zones({"intra.test": ("127.0.0.1",), "evil.test": ("127.0.0.1",)})
        async with outside() as state, fetcher(state, zones, private=("intra.test",)) as http:
            await http.get(Request(url=f"http://intra.test:{state.port}/"))
            kinds = []
            for url in (f"http://evil.test:{state.port}/", f"http://127.0.0.1:{state.port}/"):
                with pytest.raises(FetchError) as caught:
                    await http.get(Request(url=url))
                kinds.append(caught.value.kind)
            return len(state.hits), kinds

    assert (1, ["refused", "refused"]) == asyncio.run(work())
