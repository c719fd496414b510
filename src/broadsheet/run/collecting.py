"""Collect: ask the sources, then read every page that waits."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path

from ..errors import UsageError
from ..execute import Executor
from ..fetch import Fetcher, Transport
from ..fetch.archive import ArchivingTransport, file_for
from ..fetch.http import HttpTransport, user_agent
from ..fetch.live import LiveFetcher
from ..fetch.offline import open_offline
from ..fetch.outside import Outside
from ..fetch.politeness import Politeness
from ..store import Store
from ..types import HostState, Ledger, Publication, Struct
from .asking import Asked, ask_sources
from .ledger import states_of
from .publication import Progress
from .reading import Read, read_pages


class Collected(Struct, frozen=True):
    """What was fetched in one cycle. carried: addresses that waited before it. paused: why it stopped early."""

    asked: Asked
    read: Read
    carried: int = 0

    @property
    def handled(self) -> tuple[str, ...]:
        """Addresses that were to be read and got an outcome, each once."""
        return tuple(sorted({*self.asked.settled, *self.read.handled}))

    @property
    def paused(self) -> str:
        return self.asked.paused or self.read.paused


def collect(
    publication: Publication,
    store: Store,
    pool: Executor,
    outside: Outside,
    now: datetime,
    *,
    hosts: Callable[[], tuple[HostState, ...]] = tuple,
    progress: Progress,
) -> Collected:
    """Ask every source that is due, then read every page that waits. Raises StoreError.

    hosts: gives what hosts asked of us meanwhile, to be kept for the next cycle.
    """
    store.put_sources(publication.sources)
    carried = store.count_waiting(now)
    try:
        asked = ask_sources(store, pool, outside, now, _worker(), progress)
        store.put_hosts(hosts())
        read = Read() if asked.paused else read_pages(publication, store, pool, outside, now, progress)
    finally:
        store.put_hosts(hosts())
    return Collected(asked, read, carried)


def ledger_of(collected: Collected, store: Store, now: datetime) -> Ledger:
    """The accounts of a cycle, as the store has them now."""
    return Ledger(
        listed=collected.asked.listed,
        classes=collected.asked.classes,
        carried=collected.carried,
        queued=collected.asked.queued,
        states=states_of(store.outcomes(urls=collected.handled)),
        left=store.count_waiting(now),
    )


def open_fetcher(
    publication: Publication,
    now: datetime,
    offline: Path | None,
    hosts: Mapping[str, str],
    known: Iterable[HostState] = (),
    archive: Path | None = None,
) -> tuple[Fetcher, Callable[[], tuple[HostState, ...]]]:
    """HTTP, or what was saved under `offline`; and what gives the hosts' states that changed.

    hosts: added to those of the settings. known: hosts' states from earlier cycles. archive: a
    folder, or a `.warc.gz`, that keeps a record of what is fetched. What was saved says nothing of how hosts are to be
    asked now, so their states are not kept. Raises UsageError.
    """
    if offline is not None and archive is not None:
        raise UsageError("what comes from an archive needs no other", str(archive), "give --offline or --archive")
    if offline is not None:
        return open_offline(offline, now, publication.fetch, known), tuple
    limits = publication.fetch
    agent = user_agent(publication.contact, publication.url)
    politeness = Politeness(known, now, delay=limits.delay, patience=limits.patience)
    transport: Transport = HttpTransport(limits, agent, {**publication.hosts, **hosts})
    if archive is not None:
        transport = ArchivingTransport(transport, file_for(archive, now), now)
    return LiveFetcher(transport, politeness, limits, now), politeness.changed


def _worker() -> str:
    """This machine and this run: the folder lock lets one process of a machine work on a store, so leases of earlier
    runs of it are free."""
    return f"{socket.gethostname()}/{secrets.token_hex(4)}"
