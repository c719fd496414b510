"""Ask the sources that are due, and sort what they list: what is new is put down to be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

import msgspec

from .. import admission, dates, polling, sources
from ..admission import Admission
from ..errors import BroadsheetError, FetchError, ParseError
from ..execute import Executor
from ..fetch import Request
from ..fetch.outside import Answer, Outside
from ..store import Claim, Reading, Store
from ..types import Listed, Listing, Outcome, Page, Source, Struct
from . import ledger, weather
from .publication import Progress

LEASE = timedelta(hours=1)
AT_ONCE = 500  # sources that are claimed together
DEATHS = 3  # times in a row that the program may end while it reads a source, before the source is passed over
LOOK_BACK = 2_000  # earlier entries of a source that new ones are compared with
UNREAD = ("waiting", "fetch-failed")  # states of an entry that was never read: a new address of it is worth a try
REREAD = ("held", "printed", "related", "below-gate", "held-back", "off-topic")  # states of one that may be read again


class Asked(Struct, frozen=True):
    """What came of asking. failures: one line each. queued: addresses put down to be read. settled: addresses that
    were to be read and need not be. paused: why nothing was held against those that failed; empty otherwise."""

    sources: int = 0
    unchanged: int = 0
    failures: tuple[str, ...] = ()
    listed: int = 0
    classes: dict[str, int] = {}
    queued: int = 0
    settled: tuple[str, ...] = ()
    paused: str = ""


class Parsed(Struct, frozen=True):
    """What a worker makes of a source. entries: those of the listing, which comes without them, ready for the store."""

    listing: Listing
    entries: tuple[Listed, ...]
    window: float  # seconds, see polling.window_of


_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(Parsed).decode


class _Count(msgspec.Struct):
    """What is added up while answers come in."""

    asked: list[str] = []
    unchanged: int = 0
    listed: int = 0
    classes: list[dict[str, int]] = []
    queued: int = 0
    settled: list[str] = []
    failed: list[tuple[Claim, Exception]] = []


def ask_sources(
    store: Store, pool: Executor, outside: Outside, now: datetime, worker: str, progress: Progress
) -> Asked:
    """Ask every source that is due. Raises StoreError.

    Failures are noted when all have been asked: if nearly all fail, it is we who are cut off, and the sources are asked
    again a little later as if nothing had been.
    """
    count = _Count()
    total = sum(s.enabled and not s.stopped and s.due_at <= now for s in store.source_states())
    for answers in outside.answers(_requests(store, now, worker, count)):
        _take(store, pool, answers, now, count)
        progress("asking sources", len(count.asked), max(total, len(count.asked)))
    errors = [error for _, error in count.failed if isinstance(error, FetchError)]
    skipped = {error.url for error in errors if not weather.was_asked(error)}
    ours = weather.is_ours([url for url in count.asked if url not in skipped], errors)
    store.note_sources([(_postponed if ours else _failed)(claim, error, now) for claim, error in count.failed], now)
    return Asked(
        sources=len(count.asked),
        unchanged=count.unchanged,
        failures=tuple(sorted(f"{claim.source.url}: {reason(error)}" for claim, error in count.failed)),
        listed=count.listed,
        classes=ledger.totals(count.classes),
        queued=count.queued,
        settled=tuple(count.settled),
        paused=f"{len(errors)} of {len(count.asked)} sources failed at once: is the network down?" if ours else "",
    )


def _requests(store: Store, now: datetime, worker: str, count: _Count) -> Iterator[tuple[Claim, Request]]:
    while claims := store.claim_sources(now, worker, AT_ONCE, LEASE):
        for claim in claims:
            url = claim.health.address or claim.source.url
            count.asked.append(url)
            if claim.unfinished > DEATHS:
                died = f"the program ended {claim.unfinished - 1} times while it was read"
                count.failed.append((claim, ParseError(died, url)))
            else:
                yield claim, Request(url=url, purpose="source", validators=claim.validators)


def _take(store: Store, pool: Executor, answers: Sequence[Answer[Claim]], now: datetime, count: _Count) -> None:
    """Parse, sort and store one batch of answers."""
    readings: list[Reading] = []
    fresh: list[tuple[Page, Source]] = []
    claims = {claim.source.url: claim for claim, _ in answers}
    for claim, value in answers:
        if isinstance(value, FetchError):
            count.failed.append((claim, value))
        elif value.status == 304:
            count.unchanged += 1
            readings.append(_read(claim, value, Parsed(Listing(), (), 0.0), Admission(), (), now))
        else:
            fresh.append((value, claim.source))
    parsed: list[tuple[Claim, Page, Parsed]] = []
    for (page, source), data in pool.map(parse, fresh):
        if isinstance(data, Exception):
            count.failed.append((claims[source.url], data))
        else:
            parsed.append((claims[source.url], page, _unpack(data)))
    admitted = list(_admitted(store, parsed, now, count))
    lost = store.note_sources([*readings, *(reading for reading, _ in admitted)], now)
    for reading, settled in admitted:
        if reading.claim.source.url not in lost:
            count.queued += sum(outcome.state == "waiting" for outcome in reading.outcomes)
            count.settled += settled


def parse(item: tuple[Page, Source]) -> bytes:
    """A Parsed of one fetched source, packed: for a thousand entries that is cheaper to hand over than objects.

    Pure and picklable. Raises ParseError.
    """
    page, source = item
    listing = sources.read(page, source)
    entries = tuple(admission.listed(entry) for entry in listing.entries)
    dated = [e.published for e in entries if e.published and dates.sensible(e.published, page.fetched_at)]
    return _pack(Parsed(msgspec.structs.replace(listing, entries=()), entries, polling.window_of(dated)))


def _admitted(
    store: Store, parsed: Sequence[tuple[Claim, Page, Parsed]], now: datetime, count: _Count
) -> Iterator[tuple[Reading, list[str]]]:
    """A reading for each listing, and the due addresses that it settles. Of two listings with one new address the first
    has it."""
    seen = store.seen((claim.source.url, entry) for claim, _, found in parsed for entry in found.entries)
    anywhere = set(seen.urls)
    ordered: list[tuple[Claim, Page, Parsed, Admission]] = []
    for claim, page, found in parsed:
        url = claim.source.url
        here = seen.entries.get(url, {})
        strangers = claim.health.first_read and any(entry.key not in here for entry in found.entries)
        before = store.listed_before(url, LOOK_BACK) if strangers else ()
        admitted = admission.admit(found.entries, here, before, anywhere, found.listing.cut)
        anywhere.update(admitted.new, admitted.moved)
        ordered.append((claim, page, found, admitted))
        count.listed += len(found.entries) + found.listing.cut
        count.classes.append(admitted.classes)
    wanted = [url for *_, one in ordered for url in (*one.changed, *one.moved.values())]
    states = {outcome.url: outcome for outcome in store.outcomes(urls=wanted)} if wanted else {}
    for claim, page, found, admitted in ordered:
        outcomes = tuple(_outcomes(admitted, states.get, now))
        settled = [o.url for o in outcomes if (was := states.get(o.url)) and o.state != "waiting" and _is_due(was, now)]
        yield _read(claim, page, found, admitted, outcomes, now), settled


def _is_due(outcome: Outcome, now: datetime) -> bool:
    return outcome.state == "waiting" and outcome.retry_at is not None and outcome.retry_at <= now


def _outcomes(admitted: Admission, state: Callable[[str], Outcome | None], now: datetime) -> Iterator[Outcome]:
    """Outcomes of what is to be read, and of what is known under another address. Every other entry has its own."""
    for url in admitted.new:
        yield Outcome(url=url, state="waiting", reason="not read yet", retry_at=now)
    for url in admitted.changed:
        known = state(url)
        if known is not None and known.state in REREAD:
            yield Outcome(url=url, state="waiting", reason="its source changed it", article=known.article, retry_at=now)
    for url, old in admitted.moved.items():
        known = state(old)
        if known is not None and known.state in UNREAD:
            yield Outcome(url=url, state="waiting", reason=f"not read yet; listed as {old} before", retry_at=now)
            yield Outcome(url=old, state="duplicate", reason=f"moved to {url} before it was read")
        else:
            article = known.article if known is not None else ""
            yield Outcome(url=url, state="duplicate", reason=f"another address of {old}", article=article)


def _read(
    claim: Claim, page: Page, found: Parsed, admitted: Admission, outcomes: tuple[Outcome, ...], now: datetime
) -> Reading:
    arrivals = [_arrived(entry, now) for entry in admitted.arrivals]
    health = polling.after_read(claim.health, page, found.listing, arrivals, found.window, now)
    if admitted.classes.get("redated"):
        health = msgspec.structs.replace(health, redated=health.redated + 1)
    return Reading(
        claim=claim,
        health=health,
        due_at=polling.due_after_read(health, claim.source.url, now),
        # Those of another address mean nothing at this one.
        validators=page.validators if health.address == claim.health.address else type(page.validators)(),
        entries=admitted.store,
        outcomes=outcomes,
    )


def _arrived(entry: Listed, now: datetime) -> datetime:
    return entry.published if entry.published and dates.sensible(entry.published, now) else now


def _failed(claim: Claim, error: Exception, now: datetime) -> Reading:
    health = polling.after_failure(claim.health, error, reason(error), now)
    gone = polling.is_gone(health, now)
    return Reading(
        claim=claim,
        health=health,
        due_at=polling.due_after_failure(health, error, claim.source.url, now),
        validators=claim.validators if health.address == claim.health.address else type(claim.validators)(),
        stopped=f"gone: it answered HTTP 410 since {health.gone_at:%Y-%m-%d}" if gone else "",
    )


def _postponed(claim: Claim, _error: Exception, now: datetime) -> Reading:
    return Reading(claim=claim, health=claim.health, due_at=now + weather.PAUSE, validators=claim.validators)


def reason(error: Exception) -> str:
    """A short phrase for the ledger. A foreign exception is a defect of ours and names its type."""
    if isinstance(error, FetchError):
        return error.reason
    return error.what if isinstance(error, BroadsheetError) else f"{type(error).__name__}: {error}"
