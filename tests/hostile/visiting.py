"""Visit the whole table: fetch each behaviour, read what it answers in a worker, and judge what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from msgspec.structs import replace

from broadsheet.errors import FetchError
from broadsheet.execute.processes import Processes
from broadsheet.fetch import Fetcher, Request
from broadsheet.fetch.http import user_agent
from broadsheet.types import FetchLimits, Page, Struct

from ..build import NOW
from ..live import live
from . import TABLE, measuring, reading
from .behaviour import SHORT, USUAL, Behaviour
from .expected import said
from .reading import Fetched
from .server import SECRET, Web

MEMORY = 1_536 * 1_048_576  # bytes of address space of a worker: the libraries that read pages take a third
AT_ONCE = 32  # rows that are fetched before what they brought is read
SECONDS = 12  # of processor time: more than any row allows, which sets its own bound


class Result(Struct, frozen=True, kw_only=True):
    """How one behaviour ended. failed: why that is wrong, empty where it is right. The rest is for people."""

    name: str
    failed: str
    found: str
    seconds: float = 0.0  # until the fetch ended, and of processor time in the worker
    mebibytes: float = 0.0  # growth of the process that fetches, or of the worker, whichever grew more


class Closing(Struct, frozen=True, kw_only=True):
    """What a visit left behind. beyond: addresses outside this machine that somebody tried to reach."""

    peak: float  # resident MiB at the most, of the process that fetches
    beyond: list[str]
    sockets: int
    tasks: int
    lost: list[str]  # items beside those that took their worker down which did not come through


@asynccontextmanager
async def open_fetcher(limits: FetchLimits, web: Web) -> AsyncIterator[Fetcher]:
    """The one place that knows how a fetcher is made. The authority that it trusts comes with SSL_CERT_FILE."""
    hosts = {row.host: f"127.0.0.1:{web.ports[row.listener]}" for row in TABLE.values()}
    limits = replace(limits, ports=(*limits.ports, web.canary))  # so that its address alone keeps the canary safe
    async with live(limits, user_agent("desk@ferries.example", ""), NOW, hosts) as fetcher:
        yield fetcher


def visit(web: Web) -> Iterator[Result | Closing]:
    """All rows: what ends at the deadline side by side, the others one after the other; then what was left behind."""
    beyond = measuring.stay_at_home()
    rows = [row for row in TABLE.values() if row.play is not None]
    short, others = ([row for row in rows if (row.limits is SHORT) == is_short] for is_short in (True, False))
    visits = _Visits()
    with Processes(1, seconds=SECONDS, memory=MEMORY) as pool:
        for batch in [short, *(others[at : at + AT_ONCE] for at in range(0, len(others), AT_ONCE))]:
            asyncio.run(visits.fetch(web, batch, together=batch is short))
            yield from visits.taken()
            yield from _read(pool, visits.fetched)
            visits.fetched.clear()
    lost: list[str] = []
    yield from _attack(lost)
    yield Closing(peak=visits.peak, beyond=beyond, sockets=visits.sockets, tasks=visits.tasks, lost=lost)


class _Visits:
    """What fetching brought: results that are final, pages that are still to be read, and what was left open."""

    def __init__(self) -> None:
        self.results: list[Result] = []
        self.fetched: list[Fetched] = []
        self.peak, self.sockets, self.tasks = 0.0, 0, 0

    def taken(self) -> list[Result]:
        taken, self.results = self.results, []
        return taken

    async def fetch(self, web: Web, rows: Sequence[Behaviour], *, together: bool) -> None:
        sockets = measuring.open_sockets()
        async with open_fetcher(SHORT if together else USUAL, web) as fetcher:
            await fetcher.get(Request(url=TABLE["good"].url))  # what is loaded once is charged to nobody
            if together:
                await self._measured(fetcher, rows)
            else:
                for row in rows:
                    await self._measured(fetcher, [row])
        for _ in range(50):  # a connection is closed at the next turn of the loop, TLS a little later
            if measuring.open_sockets() > sockets or len(asyncio.all_tasks()) > 1:
                await asyncio.sleep(0.05)
        self.sockets += measuring.open_sockets() - sockets
        self.tasks += len(asyncio.all_tasks()) - 1

    async def _measured(self, fetcher: Fetcher, rows: Sequence[Behaviour]) -> None:
        """Rows that run side by side, each charged with what all of them cost."""
        before = measuring.reset_peak()
        ended = await asyncio.gather(*(_fetch(fetcher, row) for row in rows))
        peak = measuring.peak()
        self.peak = max(self.peak, peak)
        for row, (found, seconds) in zip(rows, ended, strict=True):
            if isinstance(found, Page) and row.expected.reads:
                cost = {"seconds": seconds, "mebibytes": peak - before}
                self.fetched.append(Fetched(name=row.name, url=row.url, page=found, **cost))
            else:
                self.results.append(_judged(row, found, seconds, peak - before))


async def _fetch(fetcher: Fetcher, row: Behaviour) -> tuple[Page | Exception, float]:
    """The page, or what was raised; and after how many seconds."""
    loop = asyncio.get_running_loop()
    started = loop.time()
    found: Page | Exception
    try:
        async with asyncio.timeout(row.seconds):
            found = await fetcher.get(Request(url=row.url, purpose=row.purpose))
    except FetchError as exc:
        found = exc
    except TimeoutError:
        found = TimeoutError(f"hangs: no end after {row.seconds:g} s")
    except Exception as exc:  # noqa: BLE001  a fetcher raises nothing else: that it did is the finding
        found = exc
    return found, loop.time() - started


def _read(pool: Processes, fetched: Sequence[Fetched]) -> Iterator[Result]:
    """Every page in a worker, as a run reads it."""
    for item, value in pool.map(reading.read, fetched):
        row = TABLE[item.name]
        if isinstance(value, Exception):
            yield _judged(row, value, item.seconds, item.mebibytes)
        else:
            cost = max(item.mebibytes, value.mebibytes)
            yield _judged(row, value.found, item.seconds + value.seconds, cost)


def _attack(lost: list[str]) -> Iterator[Result]:
    """What takes a worker down, with items that do nothing before and after each."""
    attacks = [row.name for row in TABLE.values() if row.attack is not None]
    items = [name for attack in attacks for name in (f"before {attack}", attack)] + ["the last"]
    with Processes(1, seconds=1, memory=MEMORY) as pool:
        for name, value in pool.map(reading.suffer, items):
            if name in TABLE:
                yield _judged(TABLE[name], value, 0.0, 0.0)
            elif value != name:
                lost.append(f"{name}: {said(value)}")


def _judged(row: Behaviour, found: Any, seconds: float, mebibytes: float) -> Result:
    wrong = [why] if (why := row.expected.why_not(found)) else []
    if mebibytes > row.mebibytes:
        wrong.append(f"grew by {mebibytes:.0f} MiB")
    if SECRET in str(found):
        wrong.append("holds what the canary keeps")
    return Result(name=row.name, failed="; ".join(wrong), found=said(found), seconds=round(seconds, 2), mebibytes=round(mebibytes, 1))  # fmt: skip
