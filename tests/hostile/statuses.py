"""Statuses that bring nothing, with and without a time to wait, and status lines that are none."""

from __future__ import annotations

from functools import partial

from .behaviour import wire
from .expected import DAY, Failed, Listed
from .server import Ask
from .writing import GOOD, feed

FEED = feed().encode()
network = partial(wire, "network")

# Status and phrase; whether asking again cannot help.
_STATUSES = {
    "204 No Content": False, "205 Reset Content": False, "206 Partial Content": False, "226 IM Used": False,
    "300 Multiple Choices": False, "304 Not Modified": False, "305 Use Proxy": False, "400 Bad Request": True,
    "401 Unauthorized": True, "402 Payment Required": None, "403 Forbidden": True, "404 Not Found": True,
    "405 Method Not Allowed": True, "407 Proxy Authentication Required": None, "410 Gone": True,
    "418 I am a teapot": None, "425 Too Early": False, "451 Unavailable For Legal Reasons": True,
    "500 Internal Server Error": False, "502 Bad Gateway": False, "503 Service Unavailable": False,
    "504 Gateway Timeout": False, "999 Request denied": None,
}  # fmt: skip


def _status(line: str, permanent: bool | None) -> None:
    code = int(line[:3])
    body = b"" if code in (204, 205, 304) else FEED

    async def play(ask: Ask) -> None:
        await ask.reply(body, "application/rss+xml", status=line)

    does = f"`{line}`, with a feed that does not count" if body else f"`{line}`, which nobody asked for"
    network(Failed("http", str(code), status=code, permanent=permanent), name=f"status-{code}", does=does)(play)


for _line, _permanent in _STATUSES.items():
    _status(_line, _permanent)


# Status, value of Retry-After, and the seconds that it means; None: it means nothing, and a rule of ours decides.
_WAITS = {
    "seconds": ("429 Too Many Requests", "120", 120.0),
    "date": ("429 Too Many Requests", "Mon, 02 Mar 2026 13:00:00 GMT", 3_600.0),
    "date-of-rfc-850": ("429 Too Many Requests", "Sunday, 02-Mar-26 13:00:00 GMT", 3_600.0),
    "past": ("429 Too Many Requests", "Mon, 02 Mar 2020 13:00:00 GMT", None),
    "negative": ("429 Too Many Requests", "-120", None),
    "senseless": ("429 Too Many Requests", "when the tide is out", None),
    "fraction": ("429 Too Many Requests", "1.5e3", None),
    "huge": ("429 Too Many Requests", "9" * 400, None),
    "ten-years": ("429 Too Many Requests", "315360000", DAY),
    "year-9999": ("503 Service Unavailable", "Fri, 31 Dec 9999 23:59:59 GMT", DAY),
    "unavailable": ("503 Service Unavailable", "120", 120.0),
}


def _wait(name: str, line: str, value: str, seconds: float | None) -> None:
    async def play(ask: Ask) -> None:
        await ask.reply(b"", "text/plain", f"Retry-After: {value}", status=line)

    code = int(line[:3])
    shown = value if len(value) < 50 else f"{value[:10]}... ({len(value)} digits)"
    network(
        Failed("http", str(code), status=code, permanent=False, wait=seconds),
        name=f"retry-after-{name}",
        does=f"{code} with `Retry-After: {shown}`",
    )(play)


for _name, (_line, _value, _seconds) in _WAITS.items():
    _wait(_name, _line, _value, _seconds)


@network(Listed(titles=GOOD))
async def status_without_reason(ask: Ask) -> None:
    """A status line that ends behind the number."""
    await ask.send(f"HTTP/1.1 200\r\nContent-Length: {len(FEED)}\r\n\r\n", FEED)


@network(Listed(titles=GOOD))
async def status_203(ask: Ask) -> None:
    """A proxy changed the answer on its way: still the whole resource."""
    await ask.reply(FEED, status="203 Non-Authoritative Information")


@network(Failed("network http", "not HTTP|HTTP 20"))
async def status_of_two_digits(ask: Ask) -> None:
    """A status line with `20`."""
    await ask.reply(FEED, status="20 OK")


@network(Failed("network", "not HTTP"))
async def status_of_four_digits(ask: Ask) -> None:
    """A status line with `2000`."""
    await ask.reply(FEED, status="2000 OK")


@network(Failed("network", "not HTTP"))
async def status_of_words(ask: Ask) -> None:
    """A status line with `fine`."""
    await ask.reply(FEED, status="fine OK")
