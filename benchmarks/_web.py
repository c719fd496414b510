"""A web of feeds on loopback for measuring: a raw server in a process of its own, every body rendered beforehand.

`python -m benchmarks._web MIX SOURCES` prints its port and serves until its standard input is closed.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import sys
from collections.abc import Sequence
from itertools import cycle, islice

ENTRIES = 20  # in each feed
SLOW = 1.0  # seconds that a slow source takes to answer
# What a source of the mix does, by its number modulo 100: 5 % are slow, 3 % dead, 2 % hostile, the others sound.
MIXED = {7: "slow", 14: "refused", 21: "slow", 28: "hostile", 35: "slow", 42: "closed", 56: "slow", 63: "refused"}
MIXED |= {77: "slow", 84: "hostile"}
HOSTILE = ("endless", "bomb", "garbage", "deep")
WORDS = (
    "harbour", "tide", "pilot", "winter", "council", "ferry", "bridge", "engine",
    "cargo", "island", "storm", "crew", "quay", "lantern", "market", "timber",
    "anchor", "coast", "signal", "winch", "rope", "ledger", "mast", "current",
    "chart", "gull", "breakwater", "diesel", "battery", "tariff", "subsidy", "vote",
    "meeting", "engineer", "captain", "school", "teacher", "hospital", "line", "plan",
    "report", "figure", "season", "contract", "repair", "dock", "crane", "inspection",
    "museum", "archive", "letter", "photograph", "village", "railway", "station", "delay",
    "passenger", "ticket", "price", "budget", "opposition", "committee",
)  # fmt: skip


def name(number: int, mix: str) -> str:
    """Host of source `number`: its first label says what the source does."""
    kind = MIXED.get(number % 100, "sound") if mix == "mixed" else "sound"
    kind = HOSTILE[number // 50 % len(HOSTILE)] if kind == "hostile" else kind
    return f"s{number:04}.{kind}.example"


def names(sources: int, mix: str) -> list[str]:
    return [name(number, mix) for number in range(sources)]


def feed(number: int) -> bytes:
    """An RSS feed of 13 KB: twenty entries with links, guids, dates, categories and HTML summaries, no two alike."""
    site = f"https://www.paper{number}.example"
    items = "".join(_item(site, number, entry) for entry in range(ENTRIES))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:atom="http://www.w3.org/2005/Atom">\n<channel>\n'
        f"<title>Paper {number}</title>\n<link>{site}/</link>\n<description>{_words(number, 8)}</description>\n"
        f'<atom:link href="http://{name(number, "sound")}/feed.xml" rel="self" type="application/rss+xml"/>\n'
        f"<language>en</language>\n{items}</channel>\n</rss>\n"
    ).encode()


def _item(site: str, number: int, entry: int) -> str:
    seed = 16 * (number * ENTRIES + entry)
    link = f"{site}/2026/03/{_words(seed, 4).replace(' ', '-')}-{entry}.html"
    summary = (
        f'&lt;p&gt;{_words(seed + 1, 11).capitalize()}, &lt;a href="{site}/tag/{_words(seed + 2, 1)}"&gt;'
        f"{_words(seed + 3, 2)}&lt;/a&gt; {_words(seed + 4, 7)} &amp;amp; {_words(seed + 5, 2)}.&lt;/p&gt;"
    )
    return (
        f"<item>\n<title>{_words(seed, 7).capitalize()}</title>\n<link>{link}?utm_source=rss</link>\n"
        f'<guid isPermaLink="false">{site}/?p={number * ENTRIES + entry}</guid>\n'
        f"<pubDate>Mon, 02 Mar 2026 {entry % 24:02}:{seed % 60:02}:00 +0100</pubDate>\n"
        f"<dc:creator><![CDATA[{_words(seed + 6, 2).title()}]]></dc:creator>\n"
        f"<category>{_words(seed + 7, 1)}</category><category>{_words(seed + 8, 1)}</category>\n"
        f"<description>{summary}</description>\n</item>\n"
    )


def _words(seed: int, count: int) -> str:
    """`count` words that follow from `seed` alone."""
    digest = hashlib.sha256(str(seed).encode()).digest()
    return " ".join(WORDS[byte % len(WORDS)] for byte in islice(cycle(digest), count))


def _hostile(kind: str) -> bytes:
    """A whole answer. What is endless ends after 16 MiB, since a peer without a bound would never come back."""
    start = b"<rss><channel><title>x</title>"
    if kind == "endless":  # no length: it goes on until somebody hangs up
        return b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + start + b" " * 16 * 1024**2
    if kind == "bomb":
        return _answer(gzip.compress(start + bytes(32 * 1024**2)), gzipped=True)
    if kind == "deep":
        return _answer(b"<rss>" + b"<a>" * 50_000)
    noise = b"".join(hashlib.sha256(str(n).encode()).digest() for n in range(400))
    return _answer(noise)


def _answer(body: bytes, *, gzipped: bool = False) -> bytes:
    encoding = "Content-Encoding: gzip\r\n" if gzipped else ""
    etag = hashlib.sha256(body[:5_000]).hexdigest()[:16]
    head = (
        f"HTTP/1.1 200 OK\r\nServer: paper\r\nContent-Type: application/rss+xml; charset=utf-8\r\n{encoding}"
        f'ETag: "{etag}"\r\nLast-Modified: Mon, 02 Mar 2026 11:00:00 GMT\r\nVary: Accept-Encoding\r\n'
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def answers(sources: int, mix: str) -> dict[bytes, bytes]:
    """Host -> its whole answer. Every second sound feed comes compressed, as most of the web does."""
    hostile = {kind: _hostile(kind) for kind in HOSTILE} if mix == "mixed" else {}
    found: dict[bytes, bytes] = {}
    for number, host in enumerate(names(sources, mix)):
        kind = host.split(".")[1]
        body = feed(number)
        plain = number % 2 == 0
        sound = _answer(body) if plain else _answer(gzip.compress(body, 6), gzipped=True)
        found[host.encode()] = hostile.get(kind, sound)
    return found


MISSING = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


class Connection(asyncio.Protocol):
    """One connection: answers each GET by its Host; anything but `/feed.xml` is a 404 (robots.txt, for one)."""

    def __init__(self, bodies: dict[bytes, bytes]) -> None:
        self.bodies = bodies
        self.read = b""
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.read += data
        while b"\r\n\r\n" in self.read:
            head, _, self.read = self.read.partition(b"\r\n\r\n")
            lines = head.split(b"\r\n")
            host = next((line[5:].strip() for line in lines if line[:5].lower() == b"host:"), b"").split(b":")[0]
            self._reply(host, lines[0].split(b" ")[1] == b"/feed.xml")

    def _reply(self, host: bytes, is_feed: bool) -> None:
        assert self.transport is not None
        kind = host.split(b".")[1] if host.count(b".") == 2 else b""
        if kind == b"closed":
            self.transport.abort()
        elif not is_feed or host not in self.bodies:
            self.transport.write(MISSING)
        elif kind == b"slow":
            asyncio.get_running_loop().call_later(SLOW, self.transport.write, self.bodies[host])
        else:
            self.transport.write(self.bodies[host])
            if kind == b"endless":
                self.transport.close()


async def serve(mix: str, sources: int) -> None:
    bodies = answers(sources, mix)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(bodies), "127.0.0.1", 0, backlog=1_024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


def main(arguments: Sequence[str]) -> None:
    mix, sources = arguments
    asyncio.run(serve(mix, int(sources)))


if __name__ == "__main__":
    main(sys.argv[1:])
