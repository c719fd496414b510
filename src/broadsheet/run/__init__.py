"""One cycle: collect, curate, print. The only room that joins I/O and stages."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from ..cluster import dense
from ..execute import Executor, open_executor
from ..fetch.outside import Outside
from ..pictures import copying
from ..store import Run, Store
from ..types import Ledger, Publication, Struct
from .collecting import Collected, collect, ledger_of, open_fetcher
from .curating import curate
from .delivering import deliver
from .keeping import Kept, forget, keep_pictures
from .learning import with_learnt
from .ledger import check
from .printing import Printed, facts_of, print_edition, stories_of
from .publication import Opened, Progress, opened, quiet
from .retagging import note_tree, retag
from .sizing import Sized, size_leads

__all__ = ["Collected", "Opened", "Printed", "Progress", "Report", "opened", "quiet", "update"]


class Report(Struct, frozen=True, rename="camel"):
    """What one cycle did. dropped: outcome state -> number of entries handled in this cycle that ended there."""

    now: datetime
    sources: int = 0  # asked
    unchanged_sources: int = 0  # that answered 304
    failures: tuple[str, ...] = ()  # sources that could not be read, one line each
    undelivered: tuple[str, ...] = ()  # what could not be handed on of the edition, one line each: see deliver
    listed: int = 0  # entries in the sources that were read, an address twice where two list it
    new: int = 0  # addresses that were to be read: new ones, changed ones, and those that waited
    fetched: int = 0  # pages of new entries
    kept: int = 0  # articles that have a record now and had none before
    dropped: dict[str, int] = {}
    stories: int = 0  # printed
    articles: int = 0  # with a record, in all
    pictures: int = 0  # asked for: their beginnings for the size, or whole to be kept
    written: int = 0
    removed: int = 0
    commit: str = ""
    paused: str = ""  # why the cycle fetched no more; empty when it went to its end
    ledger: Ledger = Ledger()


def update(
    folder: Path,
    now: datetime,
    *,
    executor: str = "serial",
    offline: Path | None = None,
    archive: Path | None = None,
    hosts: dict[str, str] | None = None,
    progress: Progress = quiet,
) -> Report:
    """One cycle for the publication in `folder` at the moment `now`.

    offline: serve all fetches from there. archive: keep what is fetched there; see collecting.open_fetcher.
    A cycle may be killed at any moment: the next one takes up what is left and ends in the same edition.
    Raises BroadsheetError when nothing can be done; what fails for one source or page is in the report and the ledger.
    """
    with opened(folder) as (publication, store), open_executor(executor) as pool:
        if publication.pictures.thumbnails:
            copying.require()
        if publication.story_dense:
            dense.require()
        publication = with_learnt(publication, store, now)
        fetcher, states = open_fetcher(publication, now, offline, hosts or {}, store.hosts(), archive)
        with Outside(fetcher) as outside:
            collected = collect(publication, store, pool, outside, now, hosts=states, progress=progress)
            try:
                sized = _size(publication, store, pool, outside, now, collected, progress)
                retag(folder, publication, store, pool, progress=progress)
                kept = curate(publication, store, pool, now, progress=progress)
                note_tree(folder, publication)
                shown = _illustrate(
                    folder, publication, store, pool, outside, now, collected.paused or sized.paused, progress
                )
            finally:
                store.put_hosts(states())
        printed = print_edition(folder, publication, store, now, progress=progress)
        ledger = ledger_of(collected, store, now)
        report = Report(
            now=now,
            sources=collected.asked.sources,
            unchanged_sources=collected.asked.unchanged,
            failures=collected.asked.failures,
            listed=collected.asked.listed,
            new=len(collected.handled),
            fetched=collected.read.fetched,
            kept=kept,
            dropped={state: n for state, n in ledger.states.items() if state not in KEPT},
            stories=len(printed.edition.stories),
            articles=len(printed.edition.records),
            written=len(printed.files.written),
            removed=len(printed.files.removed),
            commit=printed.commit or "",
            pictures=sized.asked + shown.asked,
            paused=collected.paused or sized.paused or shown.paused,
            ledger=ledger,
        )
        if collected.handled or collected.asked.sources:
            store.put_run(Run(started_at=now, counts=_counts(report), ledger=ledger))
        check(ledger)
        # Last of all, so that the cycle is done and counted whatever others say.
        undelivered = deliver(folder, publication, printed.files.written, hosts or {}, hubs=offline is None)
        return replace(
            report, undelivered=undelivered
        )  # last of all: the cycle is done and counted whatever others say


def _size(
    publication: Publication,
    store: Store,
    pool: Executor,
    outside: Outside,
    now: datetime,
    collected: Collected,
    progress: Progress,
) -> Sized:
    if collected.paused or not publication.pictures.sizes:
        return Sized()
    return size_leads(publication, store, pool, outside, now, progress)


def _illustrate(
    folder: Path,
    publication: Publication,
    store: Store,
    pool: Executor,
    outside: Outside,
    now: datetime,
    paused: str,
    progress: Progress,
) -> Kept:
    """Keep the pictures of the edition that is about to be printed; what may be kept no longer goes in any case."""
    known = store.pictures()
    if not publication.pictures.thumbnails and not any(picture.state == "kept" for picture in known):
        return Kept()
    facts = facts_of(store, now)
    forget(folder, store, known, facts.articles, now)
    if paused or not publication.pictures.thumbnails:
        return Kept()
    stories = stories_of(publication, facts, now)
    return keep_pictures(folder, publication, store, pool, outside, stories, now, progress)


KEPT = frozenset({"printed", "related", "below-gate", "held-back", "killed", "imported"})  # states that have a record


def _counts(report: Report) -> dict[str, int]:
    numbers = {name: getattr(report, name) for name in report.__struct_fields__ if type(getattr(report, name)) is int}
    return numbers | {"failed_sources": len(report.failures)} | report.dropped
