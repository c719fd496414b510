"""A simulated web of many sources over weeks, as a Transport: what each host does is a function of the clock."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from email.utils import format_datetime
from types import TracebackType
from typing import NamedTuple, Self

from broadsheet.errors import FetchError
from broadsheet.fetch import Reply

from .build import NOW

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SHOWN = 8  # entries in a feed


class Item(NamedTuple):
    """One thing that a source publishes."""

    number: int
    at: datetime


class Feed(NamedTuple):
    """One source and its habits. Moments are absolute; what never happens is None.

    own: a host of its own; else it shares one. gap: between two items. stops: publishes nothing more. moves: answers 301
    from then on, and at its old address 404 a week later. gone: answers 410. rotates: gives all items new ids; reslugs:
    new ids and new addresses. redates: gives every item the moment of the request as its date.
    """

    number: int
    host: str
    gap: timedelta
    begins: datetime
    stops: datetime | None = None
    down: tuple[datetime, datetime] | None = None
    moves: datetime | None = None
    gone: datetime | None = None
    rotates: datetime | None = None
    reslugs: datetime | None = None
    redates: bool = False

    @property
    def url(self) -> str:
        return f"https://{self.host}/{self.number}/feed.xml"

    @property
    def new_url(self) -> str:
        return f"https://new-{self.host}/{self.number}/feed.xml"

    def items(self, now: datetime) -> list[Item]:
        """Everything published until `now`, oldest first."""
        until = min(now, self.stops or now)
        count = (until - self.begins) // self.gap + 1
        return [Item(n, self.begins + n * self.gap) for n in range(count)]

    def address(self, item: Item, now: datetime) -> str:
        slug = f"{item.number}-again" if self.reslugs and now >= self.reslugs else f"{item.number}"
        return f"https://{self.host}/{self.number}/{slug}"


class Month:
    """The web. requests: how often each host was asked in each hour; pages: how often each page was fetched."""

    def __init__(self, feeds: list[Feed], cut_off: tuple[datetime, datetime], limits: Mapping[str, int]) -> None:
        """cut_off: when our own line is down. limits: host -> requests an hour, beyond which it answers 429."""
        self.now = NOW
        self.feeds = {url: feed for feed in feeds for url in (feed.url, feed.new_url)}
        self.by_page = {f"{feed.host}/{feed.number}": feed for feed in feeds}
        self.cut_off, self.limits = cut_off, limits
        self.requests: Counter[tuple[str, datetime]] = Counter()
        self.refused: Counter[str] = Counter()
        self.pages: Counter[str] = Counter()

    async def exchange(
        self,
        url: str,
        *,
        most: int,  # noqa: ARG002  what it answers is always small, and comes at once
        seconds: float,  # noqa: ARG002
        headers: Mapping[str, str] | None = None,
        cut: bool = False,  # noqa: ARG002
    ) -> Reply:
        if self.cut_off[0] <= self.now < self.cut_off[1]:
            raise FetchError(url, "host not found", kind="network")
        host = url.split("/")[2]
        hour = self.now.replace(minute=0, second=0, microsecond=0)
        self.requests[host, hour] += 1
        if host in self.limits and self.requests[host, hour] > self.limits[host]:
            self.refused[host] += 1
            return Reply(url=url, status=429, headers={"retry-after": str(3 * 3600)})
        return self._answer(url, headers or {})

    def _answer(self, url: str, headers: Mapping[str, str]) -> Reply:
        if url.endswith(("/robots.txt", "/tdmrep.json")):
            return Reply(url=url, status=404)
        feed = self.feeds.get(url)
        if feed is None:
            return self._page(url)
        if feed.down and feed.down[0] <= self.now < feed.down[1]:
            if feed.number % 2:
                raise FetchError(url, "connection refused", kind="network")
            return Reply(url=url, status=503)
        if feed.gone and self.now >= feed.gone:
            return Reply(url=url, status=410)
        if feed.moves and self.now >= feed.moves and url == feed.url:
            if self.now >= feed.moves + 7 * DAY:
                return Reply(url=url, status=404)
            return Reply(url=url, status=301, headers={"location": feed.new_url})
        body = self._feed(feed)
        etag = f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'
        if headers.get("If-None-Match") == etag:
            return Reply(url=url, status=304)
        return Reply(url=url, status=200, headers={"etag": etag, "content-type": "application/rss+xml"}, body=body)

    def _feed(self, feed: Feed) -> bytes:
        rows = []
        for item in reversed(feed.items(self.now)[-SHOWN:]):
            renewed = [moment for moment in (feed.rotates, feed.reslugs) if moment and self.now >= moment]
            date = self.now if feed.redates else item.at
            rows.append(
                f"<item><title>{headline(feed, item)}</title><link>{feed.address(item, self.now)}</link>"
                f'<guid isPermaLink="false">{feed.number}:{item.number}:{len(renewed)}</guid>'
                f"<pubDate>{format_datetime(date, usegmt=True)}</pubDate></item>"
            )
        return f'<rss version="2.0"><channel><title>F</title>{"".join(rows)}</channel></rss>'.encode()

    def _page(self, url: str) -> Reply:
        """A page that is not to be listed, which is quickly settled: what is tried here is the way to it."""
        self.pages[url] += 1
        headers = {"content-type": "text/html", "x-robots-tag": "noindex"}
        return Reply(url=url, status=200, headers=headers, body=b"<html><body><p>Only for members.</p></body></html>")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        return None


def headline(feed: Feed, item: Item) -> str:
    return f"Harbour {feed.number} reports its day number {item.number}"


def feeds(number: int) -> list[Feed]:
    """Sources of every habit; a tenth of them on one host that they share."""
    made = []
    for n in range(number):
        host = "planet.example" if n % 10 == 9 else f"h{n}.example"
        gap = (14 * HOUR, DAY, 2 * DAY, 4 * DAY)[n % 4] + (n % 7) * HOUR
        made.append(Feed(n, host, gap, NOW - 20 * gap - (n % 11) * HOUR)._replace(**_habit(n)))
    return made


def _habit(n: int) -> dict[str, object]:
    """What source n does beside publishing; most do nothing else."""
    habits: dict[int, Callable[[], dict[str, object]]] = {
        1: lambda: {"down": (NOW + 3 * DAY, NOW + 6 * DAY)},
        2: lambda: {"moves": NOW + 5 * DAY},
        3: lambda: {"rotates": NOW + 12 * DAY},
        4: lambda: {"reslugs": NOW + 14 * DAY},
        5: lambda: {"redates": True},
        6: lambda: {"gone": NOW + 20 * DAY},
        7: lambda: {"stops": NOW + 10 * DAY},
    }
    return habits.get(n % 20, dict)()


def clock(days: int, step: timedelta) -> Iterator[datetime]:
    """Moments of the simulation."""
    return (NOW + n * step for n in range(int(days * DAY / step) + 1))
