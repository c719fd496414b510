"""A careless client: aiohttp and feedparser with their defaults. What it gets wrong shows that the table can fail."""

from __future__ import annotations

import asyncio
import multiprocessing
import resource
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from typing import Any

import aiohttp
import feedparser

from broadsheet.errors import ParseError
from broadsheet.types import Entry, Listing

from . import TABLE, measuring
from .behaviour import Behaviour
from .expected import Failed, Unread, said
from .server import SECRET, Web
from .visiting import Result

# Rows that this client is sent to: what it should be proof against, had it been made for a hostile web.
CHOSEN = (
    "good", "status-404", "silence", "drip-headers", "drip-body", "body-that-stops", "endless-body", "gzip-bomb", "brotli-bomb",
    "to-loopback", "to-loopback-decimal", "to-loopback-v6", "to-localhost", "to-loopback-for-ever",
    "comments-escaped-700-kb", "attributes-100000", "gzip-unsaid", "cp1251-labelled-utf-8",
    "utf-16-without-bom", "reference-surrogate", "reference-beyond-unicode", "reference-of-5000-digits",
    "date-year-9999", "date-year-negative", "title-bidi", "title-html", "title-of-10000-characters",
    "link-javascript", "html-with-200",
)  # fmt: skip
SECONDS = 5  # on the clock for what waits, of processor time for what reckons
MEMORY = 768 * 1_048_576  # bytes of address space
GROWTH = 200  # MiB that one visit may take


def visit(web: Web) -> Iterator[Result]:
    """Each chosen row in a process of its own, which is killed when it does not end."""
    waiting = [TABLE[name] for name in CHOSEN if TABLE[name].group in ("network", "compression")]
    yield from _side_by_side(web, waiting)
    for name in CHOSEN:
        if TABLE[name] not in waiting:
            yield from _side_by_side(web, [TABLE[name]])


def _side_by_side(web: Web, rows: Sequence[Behaviour]) -> Iterator[Result]:
    fork = multiprocessing.get_context("fork")  # nothing runs here beside this thread
    started = []
    for row in rows:
        ours, theirs = fork.Pipe(duplex=False)
        child = fork.Process(target=_child, args=(web, row, theirs), daemon=True)
        child.start()
        theirs.close()
        started.append((row, child, ours))
    for row, child, ours in started:
        child.join(timeout=SECONDS)
        hangs = child.is_alive()
        child.kill()
        child.join()
        try:
            yield ours.recv()
        except EOFError:
            why = f"hangs: killed after {SECONDS} s" if hangs else f"ended by signal {-(child.exitcode or 0)}"
            yield Result(name=row.name, failed=why, found=why)
        ours.close()


def _child(web: Web, row: Behaviour, answer: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    measuring.stay_at_home()
    before = measuring.reset_peak()
    found: Any
    try:
        found = _listing(asyncio.run(_body(web, row)))
    except Exception as exc:  # noqa: BLE001  whatever it raises is what it came to
        found = exc
    growth = measuring.peak() - before
    answer.send(Result(name=row.name, failed=_fault(row, found, growth), found=said(found), mebibytes=round(growth, 1)))


async def _body(web: Web, row: Behaviour) -> bytes:
    async with aiohttp.ClientSession() as session:
        url = f"http://127.0.0.1:{web.ports[row.listener]}/feed"
        async with session.get(url, headers={"Host": row.host}) as reply:
            return await reply.read()


def _listing(body: bytes) -> Listing:
    parsed = feedparser.parse(body)
    if parsed.bozo and not parsed.entries:
        raise ParseError(f"broken feed: {parsed.bozo_exception}")
    return Listing(entries=tuple(map(_entry, parsed.entries)))


def _entry(item: Any) -> Entry:
    parts = item.get("published_parsed")
    return Entry(
        source="",
        url=item.get("link", ""),
        id=item.get("id", ""),
        title=item.get("title", ""),
        published=datetime(*parts[:6], tzinfo=UTC) if parts else None,
    )


def _fault(row: Behaviour, found: Any, growth: float) -> str:
    """What is wrong with what it came to; an error is right where one is expected, whatever it says."""
    if growth > GROWTH:
        return f"grew by {growth:.0f} MiB"
    if SECRET in str(found):
        return "holds what the canary keeps"
    if isinstance(row.expected, Failed | Unread):
        return "" if isinstance(found, aiohttp.ClientError | ParseError) else f"no error but {said(found)}"
    return row.expected.why_not(found)
