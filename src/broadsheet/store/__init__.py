"""What is kept between cycles: the Store protocol and `open_store(url)`.

A write is all or none. Any method may raise StoreError. Times are aware UTC in and out. Reading order is by primary
key, so that the same facts give the same sequence on every engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from ..admission import Known
from ..stories import Arrival
from ..types import (
    Article,
    Decision,
    Delivery,
    Engagement,
    Entry,
    Front,
    Health,
    HostState,
    Hub,
    Issue,
    Learnt,
    Ledger,
    Listed,
    Outcome,
    Picture,
    Placed,
    PrintedRecord,
    Printing,
    Regrouping,
    Source,
    Struct,
    Subscriber,
    Subscription,
    Suppression,
    Validators,
)

if TYPE_CHECKING:  # it needs SQLAlchemy, see open_store
    from .seals import Seals


class Claim(Struct, frozen=True, kw_only=True):
    """One source that is ours to fetch until its lease ends.

    token: new at each claim; a write with an old one is refused. unfinished: claims in a row, this one included, of
    which nothing was heard again.
    """

    source: Source
    validators: Validators = Validators()
    health: Health = Health()
    unfinished: int = 1
    token: str


class Reading(Struct, frozen=True, kw_only=True):
    """What came of asking one claimed source, all of it written together.

    entries: new and changed ones. outcomes: of entries that are to be read, or need no reading. stopped: why the source
    shall never be asked again, empty for one that shall.
    """

    claim: Claim
    health: Health
    due_at: datetime
    validators: Validators = Validators()
    entries: tuple[Listed, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    stopped: str = ""


class Seen(Struct, frozen=True, kw_only=True):
    """What is known of some entries. entries: source -> key -> what is stored. urls: those that anybody listed before,
    or that have an outcome."""

    entries: dict[str, dict[str, Known]] = {}
    urls: frozenset[str] = frozenset()


class Imported(Struct, frozen=True, kw_only=True):
    """An article that came with a record of its own, as that record stood in its file."""

    url: str
    printed: PrintedRecord


class SourceState(Struct, frozen=True, kw_only=True):
    """How one source fares, for `stats` and `doctor`."""

    source: Source
    enabled: bool  # it is in the list of sources
    stopped: str = ""  # why it is not asked any more although it is
    due_at: datetime
    health: Health = Health()
    entries: int = 0  # ever seen


class Run(Struct, frozen=True, kw_only=True):
    """One cycle, for `stats`. counts: name -> number, as the report prints them."""

    started_at: datetime
    counts: dict[str, int] = {}
    ledger: Ledger = Ledger()


class Letters(Protocol):
    """What is sent to whom. See types/letters.py; addresses are normalised."""

    def make(self, issue: Issue, addresses: Sequence[str]) -> bool:
        """Keep a new issue and plan it for these addresses, in one transaction; False when its id is there already."""

    def issues(self, as_of: datetime) -> tuple[Issue, ...]:
        """Made at or before `as_of`, oldest first, ties by id."""

    def deliveries(self, issue: str) -> tuple[Delivery, ...]:
        """Of one issue, by address."""

    def unfinished(self) -> tuple[str, ...]:
        """Ids of issues of which a delivery is still planned, oldest first."""

    def put_deliveries(self, deliveries: Iterable[Delivery]) -> None:
        """Insert or replace by issue and address."""

    def subscribers(self, state: str = "") -> tuple[Subscriber, ...]:
        """All, or those in one state, by address."""

    def subscriber(self, token: str) -> Subscriber | None: ...

    def put_subscribers(self, subscribers: Iterable[Subscriber]) -> None:
        """Insert or replace by address."""

    def remove_subscribers(self, addresses: Iterable[str]) -> int:
        """Forget them, and what became of letters to them; returns how many were there."""

    def suppressions(self) -> tuple[Suppression, ...]:
        """By digest."""

    def suppress(self, suppressions: Iterable[Suppression]) -> None:
        """Insert or replace by digest."""

    def allow(self, digest: str) -> None:
        """Let an address be written to again."""


class Store(Protocol):
    @property
    def letters(self) -> Letters:
        """What is kept for the newsletter."""

    @property
    def seals(self) -> Seals:
        """What is kept of sealed text."""

    def put_sources(self, sources: Sequence[Source]) -> None:
        """Make `sources` the enabled ones: new ones are due at once, absent ones are disabled and keep their history.

        Where a source's own settings changed, its validators are forgotten, so that it comes in full once more. One
        that was stopped is asked again after it was absent, or when its settings changed.
        """

    def claim_sources(self, now: datetime, worker: str, limit: int, lease: timedelta) -> tuple[Claim, ...]:
        """Lease up to `limit` enabled sources that are due and leased to nobody else, longest due first.

        worker: `machine/run`. Leases of the same machine's earlier runs are taken over, so a run that died is gone on
        with; those of this very run are not claimed again.
        """

    def note_sources(self, readings: Sequence[Reading], now: datetime) -> tuple[str, ...]:
        """Write what came of claimed sources and end their leases, in one transaction.

        Returns the URLs of those whose lease was lost: of them nothing is written.
        """

    def seen(self, entries: Iterable[tuple[str, Listed]]) -> Seen:
        """What is known of these entries, given with the URL of their source."""

    def listed_before(self, source: str, limit: int) -> tuple[Known, ...]:
        """Entries that a source listed before, newest first."""

    def waiting(self, now: datetime, limit: int) -> tuple[Outcome, ...]:
        """Outcomes of entries that wait to be read and are due, by URL."""

    def count_waiting(self, now: datetime) -> int:
        """How many `waiting` would give without a limit."""

    def hubs(self) -> tuple[Hub, ...]:
        """The hub of every source that is asked and names one, by source."""

    def subscriptions(self) -> tuple[Subscription, ...]:
        """What was asked of hubs, by source."""

    def put_subscription(self, subscription: Subscription) -> None:
        """Insert, or replace by source."""

    def make_due(self, source: str) -> None:
        """Let the next cycle ask `source`, whenever it would have been due."""

    def next_due(self) -> datetime | None:
        """When the next source or waiting entry is due; None when there is nothing to wait for."""

    def count_unlinked(self) -> int:
        """Entries without an address: they are kept, and have no outcome."""

    def hosts(self, origins: Sequence[str] | None = None) -> tuple[HostState, ...]:
        """What hosts asked of us, by origin."""

    def put_hosts(self, hosts: Iterable[HostState]) -> None: ...

    def pictures(self, urls: Sequence[str] | None = None, since: datetime | None = None) -> tuple[Picture, ...]:
        """What came of asking for pictures, at or after `since`, by URL and use."""

    def put_pictures(self, pictures: Iterable[Picture]) -> None:
        """Insert, or replace by URL and use."""

    def sightings(self, urls: Sequence[str]) -> dict[str, tuple[Entry, ...]]:
        """Every source's entry for each of these URLs, by source."""

    def forget_content(self, urls: Sequence[str]) -> None:
        """Drop the full text that feeds gave for these entries, since its publisher does not let it be kept."""

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

    def put_curation(
        self,
        articles: Iterable[Article],
        placed: Iterable[Placed],
        regroupings: Iterable[Regrouping] = (),
        features: Mapping[str, bytes] | None = None,
        vocabularies: Mapping[str, bytes] | None = None,
    ) -> None:
        """Re-judged articles (text stays as stored where it is empty here), new placements, what happened to stories,
        and what grouping keeps for itself: features by URL, vocabularies by language. All in one transaction."""

    def regroupings(self) -> tuple[Regrouping, ...]:
        """Oldest first."""

    def features(self, since: datetime) -> dict[str, bytes]:
        """What grouping kept of articles published at or after `since`, by URL."""

    def vocabularies(self) -> dict[str, bytes]:
        """What grouping kept of each language."""

    def put_learnt(self, learnt: Learnt) -> None:
        """Insert, or replace that of the same moment."""

    def learnt(self, as_of: datetime) -> Learnt:
        """The newest that was there at `as_of`; an empty one before the first."""

    def put_front(self, front: Front) -> None:
        """Insert, or replace that of the same moment."""

    def fronts(self, since: datetime, before: datetime) -> tuple[Front, ...]:
        """Oldest first, from `since` on, and before `before`."""

    def closing_fronts(self, before: datetime) -> tuple[Front, ...]:
        """The last one of every day in UTC among those before `before`, oldest first."""

    def put_printings(self, printings: Iterable[Printing]) -> None:
        """Keep when stories were first printed; of one that is there already nothing changes."""

    def printings(self, as_of: datetime) -> tuple[Printing, ...]:
        """Of every story that was first printed at or before `as_of`, by that moment, then by story."""

    def put_engagements(self, engagements: Iterable[Engagement]) -> None:
        """Insert, or replace by URL and moment."""

    def engagements(self, as_of: datetime) -> dict[str, int]:
        """The newest count of each article at `as_of`, by URL."""

    def put_decisions(self, decisions: Iterable[Decision]) -> None:
        """Keep an editor's acts; one that is there already is kept once."""

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

    def places(self) -> dict[str, Arrival]:
        """The little of every placement that says where its article belongs, by URL."""

    def unplaced(self) -> tuple[Article, ...]:
        """Articles that have a topic and no placement, without their text, by URL."""

    def stale(self, fingerprint: str) -> tuple[str, ...]:
        """URLs of articles that were judged under other settings than those with this fingerprint."""

    def printed(self) -> frozenset[str]:
        """URLs of the articles that the last edition showed: those that are printed, and related to them."""

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
