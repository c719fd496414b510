"""What goes wrong between two hosts: connections that break, answers that drip, lengths that lie, headers in floods."""

from __future__ import annotations

import asyncio
from functools import partial

from .behaviour import SHORT, wire
from .expected import Answered, Either, Failed, Listed
from .server import Ask
from .writing import GOOD, feed

FEED = feed().encode()
READ = Listed(titles=GOOD)
BROKEN = Failed("network", "closed|broken off|reset", permanent=False)
LATE = Failed("network", "deadline", permanent=False)
NOT_HTTP = Failed("network", "not HTTP|broken off", permanent=False)
FLOODED = Failed("bounds network", "header|not HTTP|over")
TOO_BIG = Failed("bounds", "body over", permanent=True)

network = partial(wire, "network")
OPEN = "HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n"


async def _lengths(ask: Ask, *fields: str, body: bytes = FEED) -> None:
    """An answer with these header fields about its length, and its end."""
    await ask.send(OPEN, *(f"{field}\r\n" for field in fields), "Connection: close\r\n\r\n", body)
    ask.writer.close()


async def _chunks(ask: Ask, body: bytes) -> None:
    """A chunked answer with its head in one piece, and its end."""
    await ask.send(f"{OPEN}Transfer-Encoding: chunked\r\n\r\n".encode() + body)
    ask.writer.close()


@network(READ)
async def good(ask: Ask) -> None:
    """Nothing is wrong: the control."""
    await ask.reply(FEED)


@network(READ)
async def slow_but_sure(ask: Ask) -> None:
    """The head comes late and the body in pieces, all within the deadline."""
    await asyncio.sleep(0.2)
    await ask.send(OPEN, f"Content-Length: {len(FEED)}\r\n\r\n")
    for at in range(0, len(FEED), 100):
        await ask.send(FEED[at : at + 100])
        await asyncio.sleep(0.02)


@network(Failed("network", "refused", permanent=False), listener="closed")
async def connection_refused(ask: Ask) -> None:
    """Nobody listens on the port."""


@network(LATE, listener="silent", limits=SHORT)
async def silence(ask: Ask) -> None:
    """The connection is accepted and nothing is ever said."""


@network(BROKEN)
async def empty_reply(ask: Ask) -> None:
    """The connection is closed without a byte."""
    ask.writer.close()


@network(BROKEN)
async def reset_before_headers(ask: Ask) -> None:
    """The connection is reset as soon as the request was read."""
    ask.reset()


@network(BROKEN)
async def reset_within_headers(ask: Ask) -> None:
    """The connection is reset after the status line."""
    await ask.send("HTTP/1.1 200 OK\r\nContent-Ty")
    await asyncio.sleep(0.05)
    ask.reset()


@network(BROKEN)
async def reset_within_body(ask: Ask) -> None:
    """The connection is reset after half of the body."""
    await ask.send(OPEN, f"Content-Length: {len(FEED)}\r\n\r\n", FEED[: len(FEED) // 2])
    await asyncio.sleep(0.05)
    ask.reset()


@network(NOT_HTTP)
async def http_0_9(ask: Ask) -> None:
    """The body alone, without status line and headers."""
    await ask.send(FEED)
    ask.writer.close()


@network(NOT_HTTP)
async def garbage(ask: Ask) -> None:
    """Bytes of no meaning."""
    await ask.send(bytes(range(256)) * 40)
    ask.writer.close()


@network(NOT_HTTP)
async def other_protocol(ask: Ask) -> None:
    """A mail server's greeting."""
    await ask.send("220 mail.hostile.example ESMTP ready\r\n")
    ask.writer.close()


@network(NOT_HTTP)
async def impossible_version(ask: Ask) -> None:
    """A status line of HTTP/31.7."""
    await ask.send("HTTP/31.7 200 OK\r\nContent-Length: 2\r\n\r\nok")
    ask.writer.close()


@network(LATE, limits=SHORT)
async def drip_headers(ask: Ask) -> None:
    """A byte of the header every 50 ms, without end."""
    await ask.send(OPEN)
    for n in range(2_000):
        await ask.send(f"X-{n}: {n}\r\n"[n % 5 :][:1])
        await asyncio.sleep(0.05)


@network(LATE, limits=SHORT)
async def drip_body(ask: Ask) -> None:
    """A byte of the body every 50 ms, without end."""
    await ask.send(OPEN, "\r\n")
    await ask.for_ever(b"<", every=0.05)


@network(LATE, limits=SHORT)
async def drip_chunks(ask: Ask) -> None:
    """A chunk of one byte every 50 ms, without end."""
    await ask.send(OPEN, "Transfer-Encoding: chunked\r\n\r\n")
    await ask.for_ever(b"1\r\n<\r\n", every=0.05)


@network(LATE, limits=SHORT)
async def body_that_stops(ask: Ask) -> None:
    """Half of the body, then nothing while the connection stays open."""
    await ask.send(OPEN, f"Content-Length: {len(FEED)}\r\n\r\n", FEED[: len(FEED) // 2])
    await ask.reader.read()


@network(TOO_BIG)
async def endless_body(ask: Ask) -> None:
    """A body without length and without end, as fast as it is taken."""
    await ask.send(OPEN, "\r\n")
    await ask.for_ever(b"<item></item>" * 5_000)


@network(TOO_BIG)
async def endless_chunks(ask: Ask) -> None:
    """Chunks without end, as fast as they are taken."""
    await ask.send(OPEN, "Transfer-Encoding: chunked\r\n\r\n")
    await ask.for_ever(b"10000\r\n" + bytes(65_536) + b"\r\n")


@network(FLOODED)
async def endless_headers(ask: Ask) -> None:
    """Header fields without end, as fast as they are taken."""
    await ask.send(OPEN)
    await ask.for_ever("X-Tide: high\r\n" * 500)


@network(FLOODED)
async def header_of_1_mb(ask: Ask) -> None:
    """One header field of 1 MB."""
    await ask.reply(FEED, "application/rss+xml", f"X-Tide: {'high ' * 200_000}")


@network(FLOODED)
async def headers_500(ask: Ask) -> None:
    """500 header fields."""
    await ask.reply(FEED, "application/rss+xml", *(f"X-Tide-{n}: high" for n in range(500)))


@network(FLOODED)
async def cookies_10000(ask: Ask) -> None:
    """10,000 cookies to keep."""
    await ask.reply(FEED, "application/rss+xml", *(f"Set-Cookie: c{n}={n}" for n in range(10_000)))


@network(FLOODED)
async def status_line_of_1_mb(ask: Ask) -> None:
    """A reason phrase of 1 MB."""
    await ask.reply(FEED, status=f"200 {'OK ' * 350_000}")


@network(READ)
async def cookies_ten(ask: Ask) -> None:
    """Ten cookies of 500 bytes: taken off, and nothing else happens."""
    await ask.reply(FEED, "application/rss+xml", *(f"Set-Cookie: c{n}={'x' * 500}" for n in range(10)))


@network(READ)
async def header_bytes(ask: Ask) -> None:
    """Header values in Latin 1, in UTF-8 and in neither."""
    await ask.reply(FEED, "application/rss+xml", "X-A: caf\xe9", "X-B: caf\xc3\xa9", "X-C: \xff\xfe\x80")


@network(NOT_HTTP)
async def header_with_nul(ask: Ask) -> None:
    """A NUL within a header value (RFC 9110, section 5.5)."""
    await ask.reply(FEED, "application/rss+xml", 'ETag: "a\x00b"')


@network(NOT_HTTP)
async def header_without_name(ask: Ask) -> None:
    """A header line that is no field."""
    await ask.reply(FEED, "application/rss+xml", "this is no field")


@network(BROKEN)
async def length_too_long(ask: Ask) -> None:
    """Content-Length says more than comes: what came is no page."""
    await _lengths(ask, "Content-Length: 100000")


@network(Either(Answered(b"<rss></rss>"), NOT_HTTP))
async def length_too_short(ask: Ask) -> None:
    """A second answer follows behind the length: it belongs to nobody."""
    second = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother"
    await ask.send(f"{OPEN}Content-Length: 11\r\n\r\n<rss></rss>{second}")
    ask.writer.close()


@network(NOT_HTTP)
async def length_negative(ask: Ask) -> None:
    """Content-Length: -1."""
    await _lengths(ask, "Content-Length: -1")


@network(NOT_HTTP)
async def length_of_words(ask: Ask) -> None:
    """Content-Length: many."""
    await _lengths(ask, "Content-Length: many")


@network(NOT_HTTP)
async def length_beyond_64_bits(ask: Ask) -> None:
    """Content-Length of 30 digits."""
    await _lengths(ask, f"Content-Length: {'9' * 30}")


@network(TOO_BIG)
async def length_of_terabytes(ask: Ask) -> None:
    """Content-Length of ten terabytes: refused before the body is read."""
    await _lengths(ask, "Content-Length: 10000000000000")


@network(NOT_HTTP)
async def lengths_that_differ(ask: Ask) -> None:
    """Two different Content-Length fields (RFC 9112, section 6.3: unrecoverable)."""
    await _lengths(ask, f"Content-Length: {len(FEED)}", "Content-Length: 10")


@network(NOT_HTTP)
async def lengths_in_a_list(ask: Ask) -> None:
    """Two different lengths in one field."""
    await _lengths(ask, f"Content-Length: {len(FEED)}, 10")


@network(NOT_HTTP)
async def length_and_chunks(ask: Ask) -> None:
    """Content-Length beside Transfer-Encoding (RFC 9112, section 6.3: handle as an error)."""
    await _lengths(ask, "Content-Length: 10", "Transfer-Encoding: chunked", body=b"5\r\n<rss>\r\n0\r\n\r\n")


@network(NOT_HTTP)
async def chunk_size_beyond_64_bits(ask: Ask) -> None:
    """A chunk that says it has 20 hexadecimal digits of bytes."""
    await _chunks(ask, b"F" * 20 + b"\r\n" + FEED)


@network(BROKEN)
async def chunk_size_too_long(ask: Ask) -> None:
    """A chunk of 2 GiB of which a kilobyte comes."""
    await _chunks(ask, b"7FFFFFFF\r\n" + FEED)


@network(NOT_HTTP)
async def chunk_size_too_short(ask: Ask) -> None:
    """A chunk that has more bytes than it says."""
    await _chunks(ask, b"5\r\n" + FEED + b"\r\n0\r\n\r\n")


@network(NOT_HTTP)
async def chunk_size_negative(ask: Ask) -> None:
    """A chunk of -5 bytes."""
    await _chunks(ask, b"-5\r\n" + FEED)


@network(NOT_HTTP)
async def chunk_size_not_hexadecimal(ask: Ask) -> None:
    """A chunk of `xyz` bytes."""
    await _chunks(ask, b"xyz\r\n" + FEED)


@network(Failed("network", "not HTTP|broken off|deadline", permanent=False), limits=SHORT)
async def chunk_size_wrong_and_late(ask: Ask) -> None:
    """A chunk of `xyz` bytes that comes after the headers were read: no later than the deadline it is an error."""
    await ask.send(OPEN, "Transfer-Encoding: chunked\r\n\r\n")
    await asyncio.sleep(0.05)
    await ask.send("xyz\r\n", FEED)
    ask.writer.close()


@network(BROKEN)
async def chunk_end_missing(ask: Ask) -> None:
    """The last chunk never comes: what came is no page."""
    await _chunks(ask, b"%x\r\n" % len(FEED) + FEED + b"\r\n")


@network(Failed("bounds network", "over|deadline|not HTTP|header"), limits=SHORT)
async def chunk_extensions(ask: Ask) -> None:
    """Chunks of one byte with an extension of 64 KiB each, without end."""
    await ask.send(OPEN, "Transfer-Encoding: chunked\r\n\r\n")
    await ask.for_ever("1;" + "x" * 65_536 + "\r\n<\r\n")


@network(Failed("bounds network", "over|deadline|not HTTP|header"), limits=SHORT)
async def trailers(ask: Ask) -> None:
    """Fields behind the last chunk, without end."""
    await ask.send(OPEN, "Transfer-Encoding: chunked\r\n\r\n0\r\n")
    await ask.for_ever("X-Tide: high\r\n" * 500)


@network(READ)
async def trailing_garbage(ask: Ask) -> None:
    """Bytes of no meaning some time behind a complete answer."""
    await ask.reply(FEED)
    await asyncio.sleep(0.05)
    await ask.send(bytes(range(256)) * 40)
    ask.writer.close()


@network(Either(READ, NOT_HTTP))
async def trailing_garbage_at_once(ask: Ask) -> None:
    """The same within one piece with the answer: a reader may drop it or refuse the whole (RFC 9112, section 6.3)."""
    await ask.send(f"{OPEN}Content-Length: {len(FEED)}\r\n\r\n".encode() + FEED + bytes(range(256)) * 40)
    ask.writer.close()


@network(READ)
async def early_hints(ask: Ask) -> None:
    """103 before the answer (RFC 8297)."""
    await ask.send("HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n")
    await ask.reply(FEED)


@network(Failed("bounds network", "deadline|not HTTP|over|header"), limits=SHORT)
async def informational_flood(ask: Ask) -> None:
    """100 Continue, without end."""
    await ask.for_ever("HTTP/1.1 100 Continue\r\n\r\n" * 200, every=0.002)


@network(Failed("http network", "101|not HTTP"))
async def switching_protocols(ask: Ask) -> None:
    """101, which nobody asked for."""
    await ask.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: tide\r\nConnection: Upgrade\r\n\r\n", FEED)
    ask.writer.close()
