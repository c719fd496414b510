"""One exchange with a host that breaks the rules: of HTTP, of time, of size, of TLS. Each ends in one typed error."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import ssl
import subprocess
import sys
import time
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiohttp.abc import AbstractResolver, ResolveResult

from broadsheet.errors import FetchError
from broadsheet.fetch import Reply, Transport
from broadsheet.fetch.http import HttpTransport
from broadsheet.types import FetchLimits

OK = b"HTTP/1.1 200 OK\r\n"
MOST = 200_000
LIMITS = FetchLimits(total=2.0, connect=1.0)
GENEROUS = 30.0  # seconds: a deadline that only a hang reaches
SHORT = 0.4

Speak = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Host:
    """A host that says what it was told to. seen: heads of requests; open: connections that it still has."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.open = 0
        self.port = 0


@asynccontextmanager
async def host(says: bytes | Speak, tls: ssl.SSLContext | None = None) -> AsyncIterator[Host]:
    state = Host()

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        state.open += 1
        try:
            if callable(says):
                await says(reader, writer)
            else:
                state.seen.append((await reader.readuntil(b"\r\n\r\n")).decode("latin-1"))
                writer.write(says)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass  # the other side has had enough
        finally:
            state.open -= 1
            writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0, ssl=tls)
    state.port = server.sockets[0].getsockname()[1]
    async with server:
        yield state


def asked(
    says: bytes | Speak,
    *,
    url: str = "http://harbour.example/",
    most: int = MOST,
    seconds: float = GENEROUS,
    limits: FetchLimits = LIMITS,
    headers: Mapping[str, str] | None = None,
) -> tuple[Host, Reply | FetchError]:
    """What one exchange with such a host gives. Nothing of it may be left behind: no connection, no task."""

    async def work() -> tuple[Host, Reply | FetchError]:
        async with host(says) as state:
            before = asyncio.all_tasks()
            found: Reply | FetchError
            async with HttpTransport(limits, "t", {"*.example": f"127.0.0.1:{state.port}"}) as transport:
                try:
                    found = await transport.exchange(url, most=most, seconds=seconds, headers=headers)
                except FetchError as exc:
                    found = exc
                    for _ in range(200):  # the host hears of it while the transport is still open
                        if not state.open:
                            break
                        await asyncio.sleep(0.01)
                    assert 0 == state.open
                    assert before == asyncio.all_tasks()
            return state, found

    return asyncio.run(work())


def failure(says: bytes | Speak, **settings: Any) -> tuple[str, str]:
    found = asked(says, **settings)[1]
    assert isinstance(found, FetchError), found
    assert 0 < len(found.reason) < 120
    return found.kind, found.reason


def reply(says: bytes | Speak, **settings: Any) -> Reply:
    found = asked(says, **settings)[1]
    assert isinstance(found, Reply), found
    return found


def with_body(body: bytes, *fields: bytes) -> bytes:
    return OK + b"".join(field + b"\r\n" for field in fields) + b"Content-Length: %d\r\n\r\n" % len(body) + body


# --- one exchange ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [201, 204, 206, 301, 302, 304, 307, 400, 404, 410, 418, 429, 500, 503, 999])
def test_a_status_is_never_an_error_and_no_redirect_is_followed(status):
    """One request; the answer as it is, without the body of what is not the resource."""
    state, found = asked(b"HTTP/1.1 %d Odd\r\nLocation: /else\r\nContent-Length: 0\r\n\r\n" % status)

    assert isinstance(found, Reply)
    assert (status, b"", "/else") == (found.status, found.body, found.headers["location"])
    assert 1 == len(state.seen)


@pytest.mark.parametrize("status", [200, 203])
def test_the_whole_resource_comes_with_its_body(status):
    found = reply(b"HTTP/1.1 %d \r\nContent-Length: 3\r\n\r\nabc" % status, url="http://HARBOUR.example#part")

    assert ("http://harbour.example/", b"abc") == (found.url, found.body)
    assert found.seconds > 0


def test_header_fields_have_lower_names_and_joined_values():
    """Several values of one name are joined, one said twice counts once, cookies are dropped, broken bytes replaced."""
    fields = [
        b"X-Robots-Tag: noai", b"Set-Cookie: a=b", b"x-robots-tag: noindex, nofollow", b"Content-Type: text/html",
        b"Content-Type: text/html", b"SET-COOKIE2: c=d", b"X-Odd: \xff\xe9a", "X-Name: ü".encode(),
    ]  # fmt: skip

    assert {
        "x-robots-tag": "noai, noindex, nofollow", "content-type": "text/html", "x-odd": "??a", "x-name": "ü",
        "content-length": "0",
    } == reply(with_body(b"", *fields)).headers  # fmt: skip


def test_what_we_send_is_a_plain_get():
    """No cookie, no credentials; the headers given are added to our own."""
    state, _ = asked(with_body(b""), headers={"If-None-Match": '"v1"'})

    assert {"host", "user-agent", "accept", "accept-encoding", "if-none-match"} == {
        line.partition(":")[0].lower() for line in state.seen[0].split("\r\n")[1:] if line
    }
    assert state.seen[0].startswith("GET / HTTP/1.1\r\n")
    assert "\r\nAccept-Encoding: gzip\r\n" in state.seen[0]


def test_credentials_and_proxies_of_the_environment_are_not_used(monkeypatch, tmp_path):
    """A .netrc and proxy variables change nothing: a hostile proxy is not hit, no Authorization is sent."""
    (tmp_path / ".netrc").write_text("machine harbour.example login me password secret\ndefault login a password b\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("HOME", str(tmp_path))

    async def work() -> tuple[Host, Host]:
        async with host(with_body(b"proxied")) as proxy, host(with_body(b"direct")) as state:
            for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
                monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
            async with HttpTransport(LIMITS, "t", {"*.example": f"127.0.0.1:{state.port}"}) as transport:
                found = await transport.exchange("http://harbour.example/", most=MOST, seconds=GENEROUS)
            assert b"direct" == found.body
            return proxy, state

    proxy, state = asyncio.run(work())

    assert [] == proxy.seen
    assert "authorization" not in state.seen[0].lower()


def test_it_fits_the_protocol():
    transport: Transport = HttpTransport(LIMITS, "t")

    assert transport


def test_used_outside_its_context_it_says_so():
    with pytest.raises(RuntimeError, match="async with"):
        asyncio.run(HttpTransport(LIMITS, "t").exchange("http://a.example/", most=1, seconds=1.0))


# --- what is not HTTP ------------------------------------------------------------------------------------------------

BROKEN: dict[str, tuple[bytes, str, str]] = {
    "nothing": (b"", "network", "connection closed"),
    "garbage": (b"\0\x01\x02\xff nonsense\r\n\r\n", "network", "not HTTP"),
    "HTTP/0.9": (b"<html>hello</html>", "network", "not HTTP"),
    "HTTP/2 in clear": (b"HTTP/2 200 OK\r\n\r\nabc", "network", "not HTTP"),
    "another protocol": (b"220 mail.harbour.example ESMTP\r\n", "network", "not HTTP"),
    "status of four digits": (b"HTTP/1.1 2000 OK\r\n\r\n", "network", "not HTTP"),
    "broken off in the header": (OK + b"Content-Type: te", "network", "closed"),
    "field without a colon": (OK + b"Content\r\n\r\n", "network", "not HTTP"),
    "field with a NUL": (with_body(b"", b"X: a\0b"), "network", "not HTTP"),
    "field with a bare CR": (with_body(b"", b"X: a\rSet-Cookie: b"), "network", "not HTTP"),
    "length too long": (OK + b"Content-Length: 9\r\n\r\nabc", "network", "body broken off"),
    "length too short": (OK + b"Content-Length: 3\r\n\r\nabcdef", "network", "not HTTP"),
    "negative length": (OK + b"Content-Length: -1\r\n\r\nabc", "network", "not HTTP"),
    "length in words": (OK + b"Content-Length: ten\r\n\r\nabc", "network", "not HTTP"),
    "two lengths": (OK + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", "network", "not HTTP"),
    "length beyond numbers": (OK + b"Content-Length: " + b"9" * 30 + b"\r\n\r\nabc", "network", "not HTTP"),
    "length beyond the bound": (OK + b"Content-Length: 99999999\r\n\r\nabc", "bounds", "body over 200000 bytes"),
    "length and chunks": (OK + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "network", "HTTP"),
    "chunk beyond numbers": (OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"F" * 30 + b"\r\nabc", "network", "HTTP"),
    "negative chunk": (OK + b"Transfer-Encoding: chunked\r\n\r\n-1\r\nabc\r\n0\r\n\r\n", "network", "not HTTP"),
    "chunk in words": (OK + b"Transfer-Encoding: chunked\r\n\r\nten\r\nabc\r\n0\r\n\r\n", "network", "not HTTP"),
    "chunk that lies": (OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nabcdef\r\n0\r\n\r\n", "network", "not HTTP"),
    "chunks without an end": (OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "network", "body broken off"),
    "trailing garbage": (with_body(b"abc") + b"garbage" * 20, "network", "not HTTP"),
    "one long field": (OK + b"X: " + b"a" * 100_000 + b"\r\n\r\n", "bounds", "header"),
    "one long name": (OK + b"a" * 100_000 + b": x\r\n\r\n", "bounds", "header"),
    "one long reason": (b"HTTP/1.1 200 " + b"a" * 100_000 + b"\r\n\r\n", "bounds", "header"),
    "500 fields": (OK + b"X: a\r\n" * 500 + b"\r\n", "bounds", "header"),
    "80 KiB of fields": (OK + (b"X: " + b"a" * 1000 + b"\r\n") * 80 + b"\r\n", "bounds", "header over 64 KiB"),
    "2,000 trailers": (OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n" + b"X: a\r\n" * 2000 + b"\r\n", "bounds", "header"),
    "endless cookies": (OK + b"Set-Cookie: a=b\r\n" * 10_000 + b"\r\n", "bounds", "header"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_not_http_is_one_typed_error(name):
    """Whatever is said instead of HTTP: a FetchError with a short reason, and nothing of it is left open."""
    says, kind, words = BROKEN[name]

    found = failure(says)

    assert kind == found[0]
    assert words in found[1]


@pytest.mark.parametrize(
    "says",
    [
        b"HTTP/1.0 200\r\n\r\nabc",
        b"HTTP/1.1 200\nContent-Length: 3\n\nabc",
        b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 5 + with_body(b"abc"),
        OK + b"Transfer-Encoding: chunked\r\n\r\n3;name=value\r\nabc\r\n0\r\nX: y\r\n\r\n",
        with_body(b"abc", *([b"Set-Cookie: " + b"a" * 400] * 90)),
    ],
    ids=["no reason, no length", "bare line feeds", "early hints", "chunk extension, trailer", "90 cookies"],
)
def test_what_is_odd_but_plain_is_read(says):
    assert b"abc" == reply(says).body


def test_any_bytes_at_all_end_in_a_reply_or_one_typed_error():
    """Good answers with one byte changed, cut or put in, at every place: nothing else is ever raised."""
    good = OK + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
    packed = gzip.compress(b"news " * 20, mtime=0)
    good += b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    variants = [good[:n] for n in range(0, len(good), 3)]
    variants += [good[:n] + odd + good[n + 1 :] for odd in (b"\0", b"\xff", b"\r\n") for n in range(0, len(good), 3)]

    async def work() -> list[object]:
        turn = iter(variants)

        async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(next(turn, b""))

        async with (
            host(speak) as state,
            HttpTransport(LIMITS, "t", {"*.example": f"127.0.0.1:{state.port}"}) as transport,
        ):
            exchanges = (
                transport.exchange(f"http://h{n}.example/", most=MOST, seconds=GENEROUS) for n in range(len(variants))
            )
            return list(await asyncio.gather(*exchanges, return_exceptions=True))

    assert set() == {type(found) for found in asyncio.run(work())} - {Reply, FetchError}


# --- bounds while it streams -----------------------------------------------------------------------------------------


async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(OK + b"\r\n")
    while True:
        writer.write(bytes(20_000))
        await writer.drain()


async def endless_header(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(OK)
    while True:
        writer.write(b"X: a\r\n")
        await writer.drain()


def test_a_body_without_end_stops_at_the_bound():
    assert ("bounds", "body over 200000 bytes") == failure(endless)


def test_a_header_without_end_stops_at_the_bound():
    assert "bounds" == failure(endless_header)[0]


def test_a_body_at_the_bound_is_taken_and_one_byte_more_is_not():
    assert MOST == len(reply(with_body(bytes(MOST))).body)
    assert ("bounds", "body over 200000 bytes") == failure(with_body(bytes(MOST + 1)))


def test_a_compressed_body_has_two_bounds():
    """`raw` as it is sent, `most` once unpacked; what is not compressed is bound by `most` alone."""
    noise = b"".join(zlib.crc32(b"%d" % n).to_bytes(4, "big") for n in range(2_000))
    packed = gzip.compress(noise)
    limits = FetchLimits(total=2.0, raw=len(packed) - 1)

    assert ("bounds", f"body over {len(packed) - 1} bytes") == failure(
        with_body(packed, b"Content-Encoding: gzip"), limits=limits
    )
    assert ("bounds", "body over 7999 bytes") == failure(with_body(packed, b"Content-Encoding: gzip"), most=7_999)
    assert noise == reply(with_body(packed, b"Content-Encoding: gzip"), most=8_000).body
    assert noise == reply(with_body(noise), limits=limits).body


@pytest.mark.parametrize("named", [b"br", b"zstd", b"deflate", b"gzip, gzip", b"gzip, br", b"\xff", b"aes128gcm"])
def test_an_encoding_that_was_not_asked_for_is_refused_before_the_body_is_read(named):
    """The body never comes: whoever waited for it would end at the deadline."""

    async def header_only(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(OK + b"Content-Encoding: " + named + b"\r\nContent-Length: 900\r\n\r\n")
        await reader.read()

    kind, reason = failure(header_only)

    assert "bounds" == kind
    assert reason.endswith("was not asked for")


def test_two_encoding_fields_are_two_encodings():
    assert ("bounds", "encoding gzip, gzip was not asked for") == failure(
        with_body(b"abc", b"Content-Encoding: gzip", b"Content-Encoding: gzip")
    )


@pytest.mark.parametrize("step", [1, 2, 7, 1000])
def test_gzip_that_comes_in_pieces_is_put_together(step):
    """Cut anywhere: inside its header, between two members, before what follows them."""
    packed = gzip.compress(b"one " * 300) + gzip.compress(b"two " * 300) + b"\0\0\0"

    async def pieces(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed))
        for at in range(0, len(packed), step):
            writer.write(packed[at : at + step])
            await writer.drain()
            await asyncio.sleep(0)

    assert b"one " * 300 + b"two " * 300 == reply(pieces).body


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(b"news" * 100)[:-9],
        gzip.compress(b"a") + gzip.compress(b"news" * 100)[:-9],
        b"plain text",
        b"\x1f",
    ],
    ids=["cut off", "second member cut off", "no gzip", "first byte only"],
)
def test_a_broken_gzip_is_no_page(body):
    assert ("bounds", "body is not the gzip that it claims to be") == failure(
        with_body(body, b"Content-Encoding: gzip")
    )


def test_an_empty_body_may_claim_to_be_gzip():
    assert b"" == reply(with_body(b"", b"Content-Encoding: gzip")).body


def test_a_flood_of_tiny_members_is_refused():
    """Each costs a new decoder: no honest writer makes thousands."""
    member = gzip.compress(b"")

    assert ("bounds", "body is not the gzip that it claims to be") == failure(
        with_body(member * 5_000, b"Content-Encoding: gzip")
    )


_CHILD = """
import asyncio, json, zlib
from pathlib import Path
from broadsheet.errors import FetchError
from broadsheet.fetch.http import HttpTransport
from broadsheet.types import FetchLimits

packer = zlib.compressobj(9, wbits=31)
head = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
again = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)  # the same bytes each time from here on
bomb = head + again * 1023  # 1 GiB of zeros

def memory(what):  # MiB; the peak as the kernel counts it for this process alone
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(what))

async def speak(reader, writer):
    await reader.readuntil(b"\\r\\n\\r\\n")
    writer.write(b"HTTP/1.1 200 OK\\r\\nContent-Encoding: gzip\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(bomb) + bomb)
    writer.close()

async def main():
    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    hosts = {"*.example": "127.0.0.1:%d" % server.sockets[0].getsockname()[1]}
    async with server, HttpTransport(FetchLimits(), "t", hosts) as transport:
        before = memory("VmRSS")
        try:
            await transport.exchange("http://a.example/", most=15 << 20, seconds=30.0)
        except FetchError as exc:
            reason = exc.reason
        grown = memory("VmHWM") - before
        unbounded = zlib.decompressobj(wbits=31).decompress(bomb, 200 << 20)
        control = memory("VmHWM") - before
    print(json.dumps([reason, grown, control, len(bomb)]))

asyncio.run(main())
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
def test_a_bomb_of_a_gibibyte_costs_little_memory():
    """1 MB that would become 1 GiB, in a process of its own: refused, and memory grows by less than 100 MiB.

    The control, a fifth of it unpacked without the bound, is seen by the same measure.
    """
    done = subprocess.run([sys.executable, "-c", _CHILD], capture_output=True, timeout=60, check=True)
    reason, grown, control, size = json.loads(done.stdout)

    assert "body over 15 MiB" == reason
    assert grown < 100 < control
    assert size < 2_000_000


# --- time ------------------------------------------------------------------------------------------------------------


async def drip_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(OK + b"\r\n")
    while True:
        writer.write(b".")
        await writer.drain()
        await asyncio.sleep(0.05)


async def drip_header(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(OK)
    while True:
        writer.write(b"X")
        await writer.drain()
        await asyncio.sleep(0.05)


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def interim_flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    while True:
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)
        await writer.drain()


@pytest.mark.parametrize("says", [drip_body, drip_header, silent, interim_flood])
def test_a_host_that_takes_its_time_ends_at_the_deadline(says):
    """Bytes that keep coming do not put the total deadline off."""
    assert ("network", f"deadline of {SHORT} s passed") == failure(says, seconds=SHORT)


def test_a_host_that_never_shakes_hands_ends_at_the_connect_limit():
    """TLS belongs to connecting; each address has so long."""
    limits = FetchLimits(connect=SHORT)

    assert ("network", f"no connection within {SHORT} s") == failure(
        silent, url="https://harbour.example/", limits=limits
    )


class Slow(AbstractResolver):
    """A resolver that never answers."""

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC) -> Any:  # noqa: ARG002
        await asyncio.sleep(3_600)

    async def close(self) -> None:
        return None


def test_looking_the_name_up_counts():
    async def work() -> FetchError:
        async with HttpTransport(LIMITS, "t", resolver=Slow()) as transport:
            with pytest.raises(FetchError) as caught:
                await transport.exchange("http://harbour.test/", most=MOST, seconds=SHORT)
            assert {asyncio.current_task()} == asyncio.all_tasks()
            return caught.value

    ended = asyncio.run(work())

    assert ("network", f"deadline of {SHORT} s passed") == (ended.kind, ended.reason)


def test_names_that_hang_hold_up_no_other(monkeypatch):
    """Forty look-ups hang in the system's resolver; one more name is looked up at once, in a thread that is free."""
    look_up, hung = socket.getaddrinfo, []

    def system(name: str, *rest: Any, **more: Any) -> Any:
        if str(name).startswith("hangs"):
            hung.append(name)
            time.sleep(2 * SHORT)
            raise socket.gaierror(socket.EAI_AGAIN, "no answer")
        return look_up(name, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", system)
    limits = FetchLimits(concurrency=41, private=("localhost",))

    async def work() -> list[object]:
        async with host(with_body(b"abc")) as state, HttpTransport(limits, "t") as transport:
            names = [f"http://hangs{n}.test/" for n in range(40)]
            return await asyncio.gather(
                *(transport.exchange(name, most=MOST, seconds=SHORT) for name in names),
                transport.exchange(f"http://localhost:{state.port}/", most=MOST, seconds=GENEROUS),
                return_exceptions=True,
            )

    *failed, found = asyncio.run(work())

    assert {f"deadline of {SHORT} s passed"} == {failure.reason for failure in failed}
    assert b"abc" == found.body
    assert 40 == len(hung)


@pytest.mark.parametrize("name", ["a" * 64 + ".test", "a..test", ".test", "xn--a.test", "a." * 130 + "test"])
def test_a_name_that_no_dns_can_have_is_a_fetch_error(name):
    """By the system's resolver, which raises UnicodeError for some."""

    async def work() -> FetchError:
        async with HttpTransport(LIMITS, "t") as transport:
            with pytest.raises(FetchError) as caught:
                await transport.exchange(f"http://{name}/", most=MOST, seconds=GENEROUS)
            return caught.value

    assert asyncio.run(work()).kind in ("network", "refused")


class Answers(AbstractResolver):
    """A resolver with one answer for every name."""

    def __init__(self, *addresses: tuple[str, int]) -> None:
        self.addresses = addresses

    async def resolve(
        self,
        host: str,
        port: int = 0,  # noqa: ARG002
        family: socket.AddressFamily = socket.AF_INET,
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=address, port=at, family=family, proto=0, flags=0)
            for address, at in self.addresses
        ]

    async def close(self) -> None:
        return None


def test_a_second_address_is_tried_where_the_first_is_dead():
    async def work() -> Reply:
        async with host(with_body(b"abc")) as state:
            resolver = Answers(("127.0.0.2", 1), ("127.0.0.1", state.port))
            limits = FetchLimits(private=("harbour.test",))
            async with HttpTransport(limits, "t", resolver=resolver) as transport:
                return await transport.exchange("http://harbour.test/", most=MOST, seconds=GENEROUS)

    assert b"abc" == asyncio.run(work()).body


def test_a_name_without_addresses_is_a_fetch_error():
    async def work() -> FetchError:
        async with HttpTransport(LIMITS, "t", resolver=Answers()) as transport:
            with pytest.raises(FetchError) as caught:
                await transport.exchange("http://harbour.test/", most=MOST, seconds=GENEROUS)
            return caught.value

    ended = asyncio.run(work())

    assert ("network", "host not found") == (ended.kind, ended.reason)


# --- turns -----------------------------------------------------------------------------------------------------------


def test_waiting_for_a_host_takes_no_slot_from_another():
    """Two slots; three requests to one host and one to another: the other is served before the host's second."""
    order: list[str] = []

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            order.append(head.split(b"\r\nHost: ")[1].split(b".")[0].decode())
            await asyncio.sleep(0.05)
            writer.write(with_body(b"abc"))

    async def work() -> None:
        limits = FetchLimits(concurrency=2)
        async with (
            host(speak) as state,
            HttpTransport(limits, "t", {"*.example": f"127.0.0.1:{state.port}"}) as outside,
        ):
            await asyncio.gather(
                *(
                    outside.exchange(f"http://{name}.example/{n}", most=MOST, seconds=GENEROUS)
                    for n, name in enumerate(("a", "a", "a", "b"))
                )
            )

    asyncio.run(work())

    assert ["a", "a", "a", "b"] == sorted(order)
    assert "b" in order[:2]


def test_pages_of_one_host_come_over_one_connection():
    """Opened once, kept between two pages, and closed with the transport."""
    opened: list[int] = []

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        opened.append(1)
        while await reader.readuntil(b"\r\n\r\n"):
            writer.write(with_body(b"abc"))

    async def work() -> int:
        async with host(speak) as state:
            async with HttpTransport(LIMITS, "t", {"*.example": f"127.0.0.1:{state.port}"}) as transport:
                for n in range(5):
                    await transport.exchange(f"http://a.example/{n}", most=MOST, seconds=GENEROUS)
            await asyncio.sleep(0.05)
            return state.open

    assert 0 == asyncio.run(work())
    assert [1] == opened


def test_a_host_that_hangs_up_is_not_asked_again():
    """One request: a new connection that brings nothing is not opened a second time."""
    state, found = asked(b"")

    assert isinstance(found, FetchError)
    assert 1 == len(state.seen)


def test_a_kept_connection_that_was_closed_meanwhile_is_opened_again():
    """The host answers once for a connection and then hangs up on the next request: each page still comes."""
    heads: list[bytes] = []

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(with_body(b"abc"))
        heads.append(await reader.readuntil(b"\r\n\r\n"))

    async def work() -> list[bytes]:
        async with (
            host(speak) as state,
            HttpTransport(LIMITS, "t", {"*.example": f"127.0.0.1:{state.port}"}) as transport,
        ):
            pages = [await transport.exchange(f"http://a.example/{n}", most=MOST, seconds=GENEROUS) for n in range(4)]
            return [page.body for page in pages]

    assert [b"abc"] * 4 == asyncio.run(work())
    assert 3 == len(heads)


# --- TLS -------------------------------------------------------------------------------------------------------------

OURS = trustme.CA()
STRANGER = trustme.CA()


def served_with(certificate: Any) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def self_signed(folder: Path) -> ssl.SSLContext:
    """The authority's own certificate, served as if it were a host's."""
    both = folder / "both.pem"
    both.write_bytes(STRANGER.private_key_pem.bytes() + STRANGER.cert_pem.bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return context


def over_tls(server: ssl.SSLContext, *, trusting: bool = True) -> Reply | FetchError:
    """harbour.example over TLS by a transport that trusts our authority, or only those of the system."""

    async def work() -> Reply | FetchError:
        async with host(with_body(b"abc"), tls=server) as state:
            client = ssl.create_default_context()
            OURS.configure_trust(client)
            hosts = {"*.example": f"127.0.0.1:{state.port}"}
            async with HttpTransport(LIMITS, "t", hosts, ssl_context=client if trusting else None) as transport:
                try:
                    return await transport.exchange("https://harbour.example/", most=MOST, seconds=GENEROUS)
                except FetchError as exc:
                    return exc

    return asyncio.run(work())


def test_a_good_certificate_of_a_trusted_authority_is_taken():
    """The name of the URL is what is verified, wherever `hosts` sends the connection."""
    found = over_tls(served_with(OURS.issue_cert("harbour.example")))

    assert isinstance(found, Reply), found
    assert b"abc" == found.body


@pytest.mark.parametrize(
    "which", ["expired", "wrong host", "address only", "unknown authority", "self-signed", "not ours"]
)
def test_a_bad_certificate_is_a_tls_error(which, tmp_path):
    """Never content, never another kind of error; the reason begins with TLS."""
    past = datetime(2020, 1, 1, tzinfo=UTC)
    server = {
        "expired": lambda: served_with(OURS.issue_cert("harbour.example", not_before=past, not_after=past)),
        "wrong host": lambda: served_with(OURS.issue_cert("other.example")),
        "address only": lambda: served_with(OURS.issue_cert("127.0.0.1")),
        "unknown authority": lambda: served_with(STRANGER.issue_cert("harbour.example")),
        "self-signed": lambda: self_signed(tmp_path),
        "not ours": lambda: served_with(OURS.issue_cert("harbour.example")),
    }[which]()

    found = over_tls(server, trusting=which != "not ours")

    assert isinstance(found, FetchError), found
    assert ("network", "TLS: ") == (found.kind, found.reason[:5])


def test_plain_http_where_tls_was_asked_is_a_tls_error():

    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    kind, reason = failure(plain, url="https://harbour.example/")

    assert ("network", "TLS: ") == (kind, reason[:5])
