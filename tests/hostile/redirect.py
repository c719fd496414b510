"""Where a server sends its visitors: nowhere, in circles, to other schemes and ports, and inside the house."""

from __future__ import annotations

from functools import partial

from .behaviour import wire
from .expected import Failed, Listed
from .network import FEED
from .server import Ask
from .writing import GOOD

READ = Listed(titles=GOOD)
redirect = partial(wire, "redirect")
GOOD_HOST = "good.hostile.example"


async def _to(ask: Ask, location: str, status: str = "302 Found") -> None:
    await ask.reply(b"", "text/plain", f"Location: {location}", status=status)


def _sends(name: str, does: str, location: str, expected: Failed | Listed, status: str = "302 Found") -> None:
    """A behaviour that sends to `location`, where {name} and {canary} stand for its name and the canary's port."""

    async def play(ask: Ask) -> None:
        await _to(ask, location.format(name=name, canary=ask.web.canary), status)

    redirect(expected, name=name, does=does)(play)


_THERE = f"http://{GOOD_HOST}/feed"
_sends("to-another-host", "302 to another host: the control", _THERE, READ)
_sends("to-another-host-for-ever", "301 to another host", _THERE, READ, "301 Moved Permanently")
_sends("to-another-host-by-303", "303 to another host", _THERE, READ, "303 See Other")
_sends("to-another-host-by-308", "308 to another host", _THERE, READ, "308 Permanent Redirect")
_sends("to-a-host-alone", "`//host/path`: the scheme stays", f"//{GOOD_HOST}/feed", READ)
_sends("to-a-fragment", "An address with a fragment, which is not sent", f"{_THERE}#items", READ)

_SCHEME = Failed("refused", "scheme", permanent=True)
_sends("to-javascript", "A script instead of an address", "javascript:alert(1)", _SCHEME)
_sends("to-a-file", "A file of this machine", "file:///etc/passwd", _SCHEME)
_sends("to-data", "The answer in the address itself", "data:application/rss+xml,<rss/>", _SCHEME)
_sends("to-ftp", "Another protocol", "ftp://127.0.0.1:{canary}/{name}", _SCHEME)
_sends("to-gopher", "The protocol that talks to everything", "gopher://127.0.0.1:{canary}/_{name}", _SCHEME)

_PRIVATE = Failed("refused", "public|private|not allowed", permanent=True)
_sends("to-loopback", "127.0.0.1", "http://127.0.0.1:{canary}/{name}", _PRIVATE)
_sends("to-loopback-decimal", "127.0.0.1 as 2130706433", "http://2130706433:{canary}/{name}", _PRIVATE)
_sends("to-loopback-hexadecimal", "127.0.0.1 as 0x7f.1", "http://0x7f.1:{canary}/{name}", _PRIVATE)
_sends("to-loopback-octal", "127.0.0.1 as 0177.0.0.1", "http://0177.0.0.1:{canary}/{name}", _PRIVATE)
_sends("to-loopback-full-width", "127.0.0.1 in full-width digits (escaped)", "http://%EF%BC%91%EF%BC%92%EF%BC%97.0.0.1:{canary}/{name}", _PRIVATE)  # fmt: skip
_sends("to-loopback-other", "127.8.9.10", "http://127.8.9.10:{canary}/{name}", _PRIVATE)
_sends("to-any-address", "0.0.0.0", "http://0.0.0.0:{canary}/{name}", _PRIVATE)  # noqa: S104
_sends("to-loopback-v6", "[::1]", "http://[::1]:{canary}/{name}", _PRIVATE)
_sends("to-loopback-mapped", "127.0.0.1 within IPv6", "http://[::ffff:127.0.0.1]:{canary}/{name}", _PRIVATE)
_sends("to-loopback-nat64", "127.0.0.1 behind NAT64 (RFC 6052)", "http://[64:ff9b::7f00:1]:{canary}/{name}", _PRIVATE)
_sends("to-localhost", "localhost", "http://localhost:{canary}/{name}", _PRIVATE)
_sends("to-loopback-for-ever", "301 to 127.0.0.1", "http://127.0.0.1:{canary}/{name}", _PRIVATE, "301 Moved Permanently")  # fmt: skip
_sends("to-a-metadata-service", "169.254.169.254, where clouds keep keys", "http://169.254.169.254/latest/", _PRIVATE)
_sends("to-a-private-network", "10.0.0.1", "http://10.0.0.1/", _PRIVATE)
_sends("to-a-port-of-ssh", "Port 22 of a public address", "http://8.8.8.8:22/", Failed("refused", "port", permanent=True))  # fmt: skip
_sends("to-a-port-of-a-database", "Port 6379 of a public address", "http://8.8.8.8:6379/", Failed("refused", "port", permanent=True))  # fmt: skip

_MALFORMED = Failed("refused network", "redirect|URL|not HTTP|user|control|backslash|character|space")
_sends("to-a-user", "A user name that looks like a host", f"http://{GOOD_HOST}@127.0.0.1:{{canary}}/{{name}}", _MALFORMED)  # fmt: skip
_sends("to-a-backslash", "A backslash, which parsers read in two ways", f"http://127.0.0.1:{{canary}}\\@{GOOD_HOST}/{{name}}", _MALFORMED)  # fmt: skip
_sends("to-a-tab", "A tab within the host", "http://127.0.\t0.1:{canary}/{name}", _MALFORMED)
_sends("to-a-control-character", "A control character within the path", f"http://{GOOD_HOST}/\x01feed", _MALFORMED)
_sends("to-a-space", "A space within the host", "http://127.0.0.1 .example:{canary}/{name}", _MALFORMED)
_sends("to-no-host", "An address without a host", "http://", _MALFORMED)
_sends("to-no-port", "A port beyond 65,535", f"http://{GOOD_HOST}:99999/feed", _MALFORMED)
_sends("to-a-long-address", "An address of 5,000 characters", f"http://{GOOD_HOST}/{'a' * 5_000}", Failed("refused bounds", "longer|long", permanent=True))  # fmt: skip


@redirect(Failed("http", "Location", permanent=None))
async def location_missing(ask: Ask) -> None:
    """302 without saying where to."""
    await ask.reply(b"", "text/plain", status="302 Found")


@redirect(Failed("http", "Location", permanent=None))
async def location_empty(ask: Ask) -> None:
    """302 to nothing."""
    await _to(ask, "")


@redirect(READ)
async def location_relative(ask: Ask) -> None:
    """302 to a path beside its own."""
    await (ask.reply(FEED) if ask.path == "/here" else _to(ask, "../x/../here"))


@redirect(READ)
async def location_in_utf_8(ask: Ask) -> None:
    """302 to a path in bytes that should have been escaped."""
    await (ask.reply(FEED) if ask.path == "/f%C3%B8de" else _to(ask, "/f\xc3\xb8de"))


@redirect(READ)
async def body_without_end(ask: Ask) -> None:
    """302 with a body without end: only its address is wanted."""
    await ask.send(f"HTTP/1.1 302 Found\r\nLocation: http://{GOOD_HOST}/feed\r\n\r\n")
    await ask.for_ever(bytes(65_536))


@redirect(Failed("bounds", "redirect"))
async def to_itself(ask: Ask) -> None:
    """302 to its own address."""
    await _to(ask, ask.path)


@redirect(Failed("bounds", "redirect"))
async def loop_of_two(ask: Ask) -> None:
    """302 from a to b and from b to a."""
    await _to(ask, "/a" if ask.path == "/b" else "/b")


@redirect(Failed("bounds", "redirect"))
async def chain_of_20(ask: Ask) -> None:
    """Twenty redirects and then a feed."""
    await _chain(ask, 20)


@redirect(READ)
async def chain_of_3(ask: Ask) -> None:
    """Three redirects and then a feed."""
    await _chain(ask, 3)


async def _chain(ask: Ask, most: int) -> None:
    at = int(ask.path[1:]) if ask.path[1:].isdigit() else 0
    await (ask.reply(FEED) if at == most else _to(ask, f"/{at + 1}"))


@redirect(Failed("bounds network", "redirect|deadline"))
async def flight_without_end(ask: Ask) -> None:
    """302 to ever new addresses."""
    await _to(ask, f"{ask.path}{'x' * 10}")


@redirect(READ, scheme="https", listener="good")
async def down_to_http(ask: Ask) -> None:
    """From https to http: feeds do that, and nothing in them is secret."""
    await _to(ask, _THERE)
