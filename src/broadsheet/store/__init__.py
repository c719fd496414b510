"""What is kept between cycles: the Store protocol and `open_store(url)`.

A write is all or none. Any method may raise StoreError. Times are aware UTC in and out. Reading order is by primary
key, so that the same facts give the same sequence on every engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from types import TracebackType
from typing import Protocol, Self

from ..types import Article, Decision, Entry, Outcome, Page, Placed, PrintedRecord, Source, Struct, Validators


class Claim(Struct, frozen=True, kw_only=True):
    """One source that is ours to fetch until its lease ends.

    token: new at each claim; a write with an old one is refused.
    """

    source: Source
    validators: Validators = Validators()
    token: str


class Imported(Struct, frozen=True, kw_only=True):
    """An article that came with a record of its own, as that record stood in its file."""

    url: str
    printed: PrintedRecord


class SourceState(Struct, frozen=True, kw_only=True):
    """How one source fares, for `stats` and `doctor`."""

    source: Source
    enabled: bool
    due_at: datetime
    last_ok_at: datetime | None = None
    failures: int = 0  # in a row
    last_error: str = ""
    entries: int = 0  # ever seen


class Run(Struct, frozen=True, kw_only=True):
    """One cycle, for `stats`. counts: name -> number, as the report prints them."""

    started_at: datetime
    counts: dict[str, int] = {}


class Store(Protocol):
    def put_sources(self, sources: Sequence[Source]) -> None:
        """Make `sources` the enabled ones: new ones are due at once, absent ones are disabled and keep their history.

        Where a source's own settings changed, its validators are forgotten, so that it comes in full once more.
        """

    def claim_sources(self, now: datetime, worker: str, limit: int, lease: timedelta) -> tuple[Claim, ...]:
        """Lease up to `limit` enabled sources that are due and not leased to another worker, longest due first.

        Own old leases are taken up again, so a worker that died goes on where it stopped.
        """

    def note_fetch(self, claim: Claim, page: Page, entries: Sequence[Entry], now: datetime, due_at: datetime) -> int:
        """A source was read (or answered 304, with no entries): keep validators and entries, set the next time, end the
        lease, all in one transaction. Returns how many (source, url) pairs were new. A lost lease writes nothing."""

    def note_failure(self, claim: Claim, reason: str, due_at: datetime) -> None:
        """A source could not be read: count the failure, keep the reason, end the lease."""

    def pending(self, now: datetime, limit: int) -> tuple[Entry, ...]:
        """Entries whose URL has no outcome yet or waits for a retry that is due, one an URL (the one from the first
        source by URL), by URL."""

    def sightings(self, urls: Sequence[str]) -> dict[str, tuple[Entry, ...]]:
        """Every source's entry for each of these URLs, by source."""

    def put_articles(self, articles: Iterable[Article], outcomes: Iterable[Outcome]) -> None:
        """Insert or update articles by canonical URL, and set outcomes by entry URL. Of two entries with one canonical
        URL the article with the smaller original_url stays, whichever came first. An update without text keeps the
        stored text of the same original_url."""

    def put_imports(
        self,
        imports: Iterable[Imported],
        articles: Iterable[Article],
        placed: Iterable[Placed],
        outcomes: Iterable[Outcome],
        decisions: Iterable[Decision],
    ) -> None:
        """Imported records with all that follows from them, in one transaction. Importing again replaces; an article
        without text keeps the stored text, and a decision that is there already is kept once."""

    def put_curation(self, articles: Iterable[Article], placed: Iterable[Placed]) -> None:
        """Re-judged articles (text stays as stored where it is empty here) and new placements, in one transaction."""

    def put_outcomes(self, outcomes: Iterable[Outcome]) -> int:
        """Set outcomes by URL; returns how many rows changed."""

    def articles(
        self, since: datetime | None = None, urls: Sequence[str] | None = None, text: bool = False
    ) -> tuple[Article, ...]:
        """Articles published at or after `since`, or those of `urls`; without their text unless asked. By URL.

        Given both, those of `urls` that are also new enough.
        """

    def placed(self, urls: Sequence[str] | None = None) -> tuple[Placed, ...]:
        """Placements, by URL."""

    def imports(self) -> tuple[Imported, ...]: ...

    def decisions(self) -> tuple[Decision, ...]:
        """Oldest first."""

    def outcomes(self, urls: Sequence[str] | None = None) -> tuple[Outcome, ...]: ...

    def source_states(self) -> tuple[SourceState, ...]: ...

    def put_run(self, run: Run) -> None: ...

    def runs(self, limit: int) -> tuple[Run, ...]:
        """Newest first."""

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None: ...


def open_store(url: str) -> Store:
    """Open `sqlite:///path` or `postgresql://...`, bringing its schema up to date. Raises StoreError."""
    from .engine import open_engine  # here, since SQLAlchemy takes a while to load and `extract` needs no store
    from .sql import SqlStore

    return SqlStore(*open_engine(url))
