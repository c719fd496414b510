"""One cycle over 2,000 sources on loopback, beside the library `reader`: sources per second, entries per CPU-second.

Each contender runs in a fresh process, twice: over sound sources alone, and over a mix with slow, dead and hostile
ones. The web has a process of its own, whose time counts for nobody. `reader` keeps its defaults but for ten workers;
both store in SQLite. Needs no data.
"""

from __future__ import annotations

import cProfile
import json
import pstats
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing import forkserver
from pathlib import Path
from typing import Any

from benchmarks import _web

SOURCES = 2_000
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
WORKERS = 10  # threads of reader's
MIXES = ("sound", "mixed")


def main(_data: Path) -> None:
    for mix in MIXES:
        print(f"  {SOURCES} sources, {mix}")
        with web(mix) as port:
            first, later, theirs = (run(contender, mix, port) for contender in ("broadsheet", "later", "reader"))
        show("broadsheet, the first cycle of a day: it asks for 2,000 robots.txt, too", first)
        show("broadsheet, a later cycle", later)
        show("reader", theirs)
        ratios = [(ours["entries"] / ours["cpu"]) / (theirs["entries"] / theirs["cpu"]) for ours in (first, later)]
        print(f"    entries per CPU-second: {ratios[0]:.1f} and {ratios[1]:.1f} times those of reader (wanted: 10)")
    with web("sound") as port:
        costs(run("profile", "sound", port))


def show(contender: str, found: dict[str, Any]) -> None:
    print(
        f"    {contender}: {SOURCES / found['wall']:.0f} sources/s, {found['entries'] / found['cpu']:,.0f} entries per "
        f"CPU-second, {1000 * found['cpu'] / SOURCES:.2f} ms CPU a source, {found['entries']} entries stored; "
        f"{found['read']} read, {found['failed']} with a reason, {SOURCES - found['read'] - found['failed']} lost"
    )


@contextmanager
def web(mix: str) -> Iterator[int]:
    """The web in a process of its own; gives its port."""
    command = [sys.executable, "-m", "benchmarks._web", mix, str(SOURCES)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdin is not None and server.stdout is not None
        try:
            yield int(server.stdout.readline())
        finally:
            server.stdin.close()  # which ends it


def run(contender: str, mix: str, port: int) -> dict[str, Any]:
    """What one contender did, in a fresh process."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.polling", contender, mix, str(port), folder]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


# --- in a contender's process ----------------------------------------------------------------------------------------

Counts = tuple[int, int, int]  # sources read, sources that failed with a reason, entries stored
Poll = tuple[Callable[[], None], Callable[[], Counts]]  # the measured part, and what is counted after it


def contend(contender: str, mix: str, port: int, folder: Path) -> None:
    """Poll once and print what it took. Only the cycle is measured: neither imports nor adding the sources."""
    prepare = {"broadsheet": broadsheet, "later": later, "profile": broadsheet, "reader": reader}[contender]
    poll, counts = prepare(mix, port, folder)
    profile = cProfile.Profile()
    before, started = spent(), time.perf_counter()
    (profile.runcall if contender == "profile" else lambda call: call())(poll)
    wall, cpu = time.perf_counter() - started, spent() - before
    read, failed, entries = counts()
    found: dict[str, Any] = {"wall": wall, "cpu": cpu, "read": read, "failed": failed, "entries": entries}
    if contender == "profile":
        found["rooms"] = rooms(profile)
    print(json.dumps(found))


def spent() -> float:
    """CPU-seconds of this process and of its children that have ended, the server of our workers included."""
    forkserver._forkserver._stop()  # type: ignore[attr-defined]  # what it and its workers took counts when it has ended
    uses = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(use.ru_utime + use.ru_stime for use in uses)


def broadsheet(mix: str, port: int, folder: Path) -> Poll:
    from broadsheet.run import opened

    def counts() -> Counts:
        with opened(folder) as (_, store):
            states = store.source_states()
        failed = sum(state.health.last_read is None and bool(state.health.error) for state in states)
        return sum(bool(s.health.last_read) for s in states), failed, sum(state.entries for state in states)

    publication(folder, mix, port)
    with opened(folder) as (settings, store):
        store.put_sources(settings.sources)
    return lambda: poll_broadsheet(folder), counts


def later(mix: str, port: int, folder: Path) -> Poll:
    """The same when every host's robots.txt is known, as in all cycles of a day but the first."""
    from broadsheet.run import opened
    from broadsheet.types import HostState

    poll = broadsheet(mix, port, folder)
    until = NOW + timedelta(hours=1)
    with opened(folder) as (_, store):
        store.put_hosts(HostState(origin=f"http://{host}", robots_until=until) for host in _web.names(SOURCES, mix))
    return poll


def poll_broadsheet(folder: Path, executor: str = "processes:2") -> None:
    """The sources half of one cycle: ask all that are due, read them, store what they list."""
    from broadsheet.execute import open_executor
    from broadsheet.fetch.outside import Outside
    from broadsheet.run import asking, collecting, opened, quiet

    with opened(folder) as (settings, store), open_executor(executor) as pool:
        fetcher, states = collecting.open_fetcher(settings, NOW, None, {}, store.hosts())
        with Outside(fetcher) as outside:
            asking.ask_sources(store, pool, outside, NOW, "bench/1", quiet)
        store.put_hosts(states())


def publication(folder: Path, mix: str, port: int) -> None:
    """A publication folder with every source; `[fetch.hosts]` leads their names to the web."""
    (folder / "topics").mkdir()
    (folder / "topics" / "00-coast.yaml").write_text("_id: coast\nname: Coast\nkeywords: [harbour]\n")
    (folder / "broadsheet.toml").write_text(
        'title = "Polling"\nurl = "https://polling.example/"\n[fetch]\nconcurrency = 64\nprivate = ["*.example"]\n'
        f'[fetch.hosts]\n"*.refused.example" = "127.0.0.1:{closed_port()}"\n"*.example" = "127.0.0.1:{port}"\n'
    )
    lines = "".join(f'<outline text="{host}" xmlUrl="{address(host)}"/>\n' for host in _web.names(SOURCES, mix))
    (folder / "sources.opml").write_text(f'<opml version="2.0"><head/><body>\n{lines}</body></opml>\n')


def reader(mix: str, port: int, folder: Path) -> Poll:
    import feedparser_sgmllib
    from reader import make_reader

    sys.modules["sgmllib"] = feedparser_sgmllib  # its own copy of feedparser asks for the module's former name
    database = str(folder / "reader.sqlite")
    lead_names_to(port, closed_port())
    library = make_reader(database)
    for host in _web.names(SOURCES, mix):
        library.add_feed(address(host))

    def counts() -> Counts:
        feeds = list(library.get_feeds())
        failed = sum(feed.last_updated is None and feed.last_exception is not None for feed in feeds)
        return sum(feed.last_updated is not None for feed in feeds), failed, library.get_entry_counts().total or 0

    return lambda: library.update_feeds(workers=WORKERS), counts


def lead_names_to(port: int, refused: int) -> None:
    """Let this process find the web's names as `[fetch.hosts]` lets Broadsheet: it has no such setting of its own."""
    look_up = socket.getaddrinfo

    def found(host: Any, asked: Any, *rest: Any, **named: Any) -> Any:
        if not str(host).endswith(".example"):
            return look_up(host, asked, *rest, **named)
        return look_up("127.0.0.1", refused if ".refused." in str(host) else port, *rest, **named)

    socket.getaddrinfo = found


def address(host: str) -> str:
    return f"http://{host}/feed.xml"


def closed_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


# --- where our time goes ---------------------------------------------------------------------------------------------

ROOMS = {
    "aiohttp/": "HTTP (aiohttp)",
    "asyncio/": "event loop (asyncio)",
    "selectors.py": "event loop (asyncio)",
    "concurrent/": "resolver's threads",
    "sqlalchemy/": "SQLAlchemy",
    "broadsheet/fetch": "fetch",
    "broadsheet/sources": "sources",
    "broadsheet/dates": "dates",
    "broadsheet/text": "text cleaning",
    "broadsheet/urls": "URLs",
    "broadsheet/store": "store",
    "broadsheet/run": "run",
    "pickle": "pickling",
    "multiprocessing/": "pickling",
}


def rooms(profile: cProfile.Profile) -> dict[str, float]:
    """Own seconds by room; a built-in counts for the Python that called it."""
    found: Counter[str] = Counter()
    for (file, _, _), (_, _, own, _, callers) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        shares = [(caller[0], value[2]) for caller, value in callers.items()] if file == "~" else [(file, own)]
        for where, seconds in shares:
            found[next((label for part, label in ROOMS.items() if part in where), "other")] += seconds
    return dict(found)


def costs(found: dict[str, Any]) -> None:
    total = sum(found["rooms"].values())
    largest = sorted(found["rooms"].items(), key=lambda room: -room[1])[:8]
    print("  largest costs: " + ", ".join(f"{room} {100 * own / total:.0f} %" for room, own in largest))


if __name__ == "__main__":
    contend(sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
