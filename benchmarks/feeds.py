"""Feeds: entries per CPU-second beside feedparser in the same run, recall, exceptions, and what a small feed costs."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import fastfeedparser
import feedparser

from broadsheet import sources
from broadsheet.errors import BroadsheetError
from broadsheet.types import Entry, Page, Source

NOW = datetime(2026, 3, 1, tzinfo=UTC)
URL = "https://saved.example/feed"
PARAGRAPH = "<p>The <b>ferry</b> to the islands sails at noon &amp; at six, says the <a href='/crew'>crew</a>.</p>"
REPEATS = 200  # of the small feed


def main(data: Path) -> None:
    real = {file.name: gzip.decompress(file.read_bytes()) for file in sorted((data / "feeds" / "real").glob("*.gz"))}
    if not real:
        print(f"  no feeds in {data / 'feeds' / 'real'}")
        return
    ours, theirs, others = Reader(ours_of), Reader(feedparser_of), Reader(fastfeedparser_of)
    small, small_by_feedparser, small_by_other = Reader(ours_of), Reader(feedparser_of), Reader(fastfeedparser_of)
    for name, body in real.items():  # in turn, so that all three see the same machine
        for reader in (ours, theirs, others):
            reader.read(name, body)
    print(f"  {len(real)} feeds, {sum(map(len, real.values())) / 1e6:.0f} MB")
    for label, reader in (("broadsheet", ours), ("feedparser", theirs), ("fastfeedparser", others)):
        rate = reader.entries / reader.seconds
        ratio = f"{rate * theirs.seconds / theirs.entries:.1f} times feedparser"
        print(f"  {label}: {reader.entries} entries, {rate:,.0f} per CPU-second, {ratio}, {reader.failed} feeds failed")
    recall(ours, theirs, others)
    uncaught(real, data)
    body = small_feed()
    for n in range(REPEATS):
        small.read(str(n), body)
        if n < REPEATS // 20:
            small_by_feedparser.read(str(n), body)
            small_by_other.read(str(n), body)
    per_feed = small.seconds / REPEATS
    ratio = small_by_feedparser.seconds / (REPEATS // 20) / per_feed
    print(
        f"  a feed of {len(body) / 1000:.0f} kB and 20 entries: {per_feed * 1000:.2f} ms, {ratio:.0f} times feedparser"
    )


class Reader:
    """One way to read feeds, with what it took (CPU seconds) and found: keys of each entry, by feed."""

    def __init__(self, read: Callable[[bytes], list[tuple[str, ...]]]) -> None:
        self._read = read
        self.seconds, self.entries, self.failed = 0.0, 0, 0
        self.found: dict[str, list[tuple[str, ...]]] = {}

    def read(self, name: str, body: bytes) -> None:
        started = time.process_time()
        try:
            found = self._read(body)
        except Exception:  # noqa: BLE001 -- a peer's failure is a figure here
            found = []
            self.failed += 1
        self.seconds += time.process_time() - started
        self.entries += len(found)
        self.found[name] = found


def read(body: bytes) -> tuple[Entry, ...]:
    page = Page(url=URL, final_url=URL, status=200, body=body, fetched_at=NOW)
    return sources.read(page, Source(url=URL)).entries


def ours_of(body: bytes) -> list[tuple[str, ...]]:
    return [(entry.url, entry.id, entry.title) for entry in read(body)]


def feedparser_of(body: bytes) -> list[tuple[str, ...]]:
    return [keys(entry) for entry in feedparser.parse(BytesIO(body)).entries]


def fastfeedparser_of(body: bytes) -> list[tuple[str, ...]]:
    return [keys(entry) for entry in fastfeedparser.parse(body).entries]


def keys(entry: Any) -> tuple[str, ...]:
    return tuple(str(entry.get(name) or "") for name in ("link", "id", "title"))


def recall(ours: Reader, *peers: Reader) -> None:
    """Share of what either peer found that we found, too: an entry with the same link, id or title in the same feed."""
    wanted = found = 0
    for name, entries in ours.found.items():
        have = {plain(key) for entry in entries for key in entry if key}
        union = {tuple(map(plain, entry)) for peer in peers for entry in peer.found[name]}
        missing = [entry for entry in union if any(entry) and not have & {key for key in entry if key}]
        wanted, found = wanted + len(union), found + len(union) - len(missing)
    print(f"  recall of what either peer found: {found} of {wanted}, {found / max(1, wanted):.4f}")


def plain(key: str) -> str:
    """Links apart from their tracking, and titles apart from their markup, compare by letters and digits."""
    return "".join(char for char in key.partition("?utm_")[0].casefold() if char.isalnum())


def uncaught(real: dict[str, bytes], data: Path) -> None:
    """Exceptions that are not ours, on every file of both folders."""
    bodies = list(real.values())
    bodies += [file.read_bytes() for file in sorted((data / "feeds" / "wellformed").rglob("*")) if file.is_file()]
    kinds: list[str] = []
    for body in bodies:
        try:
            read(body)
        except BroadsheetError:
            pass
        except Exception as exc:  # noqa: BLE001 -- what is counted
            kinds.append(repr(exc)[:80])
    print(f"  uncaught exceptions: {len(kinds)} in {len(bodies)} files", *sorted(set(kinds)), sep="\n    ")


def small_feed() -> bytes:
    items = "".join(
        f"<item><title>Ferry number {n} &amp;amp; its crew</title><link>https://harbour.example/2026/03/{n}/</link>"
        f"<guid isPermaLink='false'>post-{n}</guid><pubDate>Mon, 02 Mar 2026 10:{n:02}:00 +0100</pubDate>"
        f"<dc:creator>Jo Kim</dc:creator><category>Ferries</category><category>Islands</category>"
        f"<description><![CDATA[{PARAGRAPH * 3}]]></description></item>"
        for n in range(20)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>Harbour Post</title><link>https://harbour.example/</link>{items}</channel></rss>"
    ).encode()
