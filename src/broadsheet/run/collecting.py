"""Collect: ask the sources, keep what they list, fetch and read each new page; each article for itself."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import msgspec

from .. import extract, normalise, sources
from ..errors import BroadsheetError, FetchError, NotAnArticle
from ..execute import Executor
from ..fetch import Fetcher, Request
from ..fetch.http import HttpFetcher, user_agent
from ..fetch.warc import open_offline
from ..store import Claim, Store
from ..types import Article, Entry, Listing, Outcome, Page, Publication, Source, Struct
from .judging import judge
from .publication import Progress

INTERVAL = timedelta(minutes=15)  # between two looks at a source
AFTER_FAILURE = timedelta(hours=1)
LEASE = timedelta(minutes=10)
ATTEMPTS = 5  # at a page that fails for a passing reason
FIRST_RETRY = timedelta(hours=1)  # then four times as long each time
SOURCES_AT_ONCE = 200
PAGES_AT_ONCE = 100

Answers = Callable[[Sequence[Request]], list[Page | FetchError]]


class Collected(Struct, frozen=True):
    """What was fetched in one cycle. handled: entry URLs that got an outcome in it."""

    sources: int = 0
    unchanged: int = 0
    failures: tuple[str, ...] = ()
    listed: int = 0
    fetched: int = 0
    handled: tuple[str, ...] = ()


def collect(
    publication: Publication,
    store: Store,
    pool: Executor,
    now: datetime,
    *,
    offline: Path | None,
    hosts: Mapping[str, str],
    progress: Progress,
) -> Collected:
    """Ask every source that is due, then read every page that waits. Raises StoreError, UsageError."""
    store.put_sources(publication.sources)
    with asyncio.Runner() as loop:
        outside = fetcher(publication, now, offline, hosts)
        loop.run(outside.__aenter__())

        def get(requests: Sequence[Request]) -> list[Page | FetchError]:
            return loop.run(_get_all(outside, requests))

        try:
            asked = _ask_sources(store, pool, get, now, progress)
            fetched, handled = _read_pages(publication, store, pool, get, now, progress)
        finally:
            loop.run(outside.__aexit__(None, None, None))
    return Collected(
        sources=asked.sources,
        unchanged=asked.unchanged,
        failures=asked.failures,
        listed=asked.listed,
        fetched=fetched,
        handled=handled,
    )


def fetcher(publication: Publication, now: datetime, offline: Path | None, hosts: Mapping[str, str]) -> Fetcher:
    """HTTP, or what was saved under `offline`. hosts: added to those of the settings. Raises UsageError."""
    if offline is not None:
        return open_offline(offline, now, publication.fetch)
    agent = user_agent(publication.contact, publication.url)
    return HttpFetcher(publication.fetch, agent, now, {**publication.hosts, **hosts})


async def _get_all(outside: Fetcher, requests: Sequence[Request]) -> list[Page | FetchError]:
    """Answers in the order of `requests`; a failure is a value."""

    async def get(request: Request) -> Page | FetchError:
        try:
            return await outside.get(request)
        except FetchError as exc:
            return exc

    return list(await asyncio.gather(*(get(request) for request in requests)))


# --- sources ---------------------------------------------------------------------------------------------------------


def _ask_sources(store: Store, pool: Executor, get: Answers, now: datetime, progress: Progress) -> Collected:
    asked = unchanged = listed = 0
    failures: list[str] = []
    total = sum(state.enabled and state.due_at <= now for state in store.source_states())

    def failed(claim: Claim, error: Exception) -> None:
        store.note_failure(claim, _reason(error), now + AFTER_FAILURE)
        failures.append(f"{claim.source.url}: {_reason(error)}")

    while claims := store.claim_sources(now, _worker(), SOURCES_AT_ONCE, LEASE):
        progress("asking sources", asked, total)
        fresh: list[tuple[Page, Source]] = []
        by_url = {claim.source.url: claim for claim in claims}
        requests = [Request(url=c.source.url, purpose="source", validators=c.validators) for c in claims]
        for claim, answer in zip(claims, get(requests), strict=True):
            if isinstance(answer, FetchError):
                failed(claim, answer)
            elif answer.status == 304:
                store.note_fetch(claim, answer, (), now, now + INTERVAL)
                unchanged += 1
            else:
                fresh.append((answer, claim.source))
        for (page, source), listing in pool.map(_read_source, fresh):
            claim = by_url[source.url]
            if isinstance(listing, Exception):
                failed(claim, listing)
            else:
                store.note_fetch(claim, page, listing.entries, now, now + INTERVAL)
                listed += len(listing.entries)
        asked += len(claims)
        progress("asking sources", asked, max(asked, total))
    return Collected(sources=asked, unchanged=unchanged, failures=tuple(sorted(failures)), listed=listed)


def _read_source(item: tuple[Page, Source]) -> Listing:
    page, source = item
    return sources.read(page, source)


def _worker() -> str:
    """This machine: the folder lock lets one process of it work on a store, so its old leases are its own."""
    return socket.gethostname()


# --- pages -----------------------------------------------------------------------------------------------------------

_Item = tuple[Page, tuple[Entry, ...]]


def _read_pages(
    publication: Publication, store: Store, pool: Executor, get: Answers, now: datetime, progress: Progress
) -> tuple[int, tuple[str, ...]]:
    """Fetch and read until nothing waits. Returns how many pages came and the entry URLs that got an outcome."""
    imported = frozenset(imported.url for imported in store.imports())
    read = partial(read_article, publication, now)
    fetched = 0
    handled: list[str] = []
    while entries := store.pending(now, PAGES_AT_ONCE):
        progress("reading pages", len(handled), len(handled) + len(entries))
        addresses = [entry.url for entry in entries]
        seen = store.sightings(addresses)
        before = {known.url: known for known in store.outcomes(urls=addresses)}
        items: list[_Item] = []
        outcomes: list[Outcome] = []
        for url, answer in zip(addresses, get([Request(url=url) for url in addresses]), strict=True):
            if isinstance(answer, FetchError):
                outcomes.append(_after_failure(url, answer, before.get(url), now))
            else:
                items.append((answer, seen[url]))
        fetched += len(items)
        articles: list[Article] = []
        for (page, _), value in pool.map(read, items):
            ended = outcome(page.url, value, imported)
            outcomes.append(ended)
            if isinstance(value, Article) and ended.state == "held":
                articles.append(value)
        store.put_articles(articles, outcomes)
        handled += addresses
        progress("reading pages", len(handled), len(handled))
    return fetched, tuple(handled)


def read_article(publication: Publication, now: datetime, item: _Item) -> Article:
    """Page and what sources say of it to a judged article. Pure and picklable. Raises ParseError, NotAnArticle."""
    page, entries = item
    by_url = {source.url: source for source in publication.sources}
    listing = [by_url[entry.source] for entry in entries if entry.source in by_url]
    article = normalise.normalise(extract.read(page, entries, now), now)
    return judge(publication, _with_sources(article, page.url, listing))


def _with_sources(article: Article, entry_url: str, listing: Sequence[Source]) -> Article:
    changed: dict[str, object] = {
        "original_url": entry_url,
        "sources": tuple(sorted(source.url for source in listing)),
        "source_topics": tuple(sorted({topic for source in listing for topic in source.topics})),
    }
    return msgspec.structs.replace(article, **changed)


def outcome(url: str, value: Article | Exception, imported: frozenset[str]) -> Outcome:
    if isinstance(value, NotAnArticle):
        return Outcome(url=url, state="not-an-article", reason=_reason(value))
    if isinstance(value, Exception):
        return Outcome(url=url, state="parse-error", reason=_reason(value))
    if value.url in imported:
        return Outcome(url=url, state="duplicate", reason="its record was imported", article=value.url)
    return Outcome(url=url, state="held", reason="read, not yet in an edition", article=value.url)


def _after_failure(url: str, error: FetchError, before: Outcome | None, now: datetime) -> Outcome:
    attempts = (before.attempts if before else 0) + 1
    if error.permanent or attempts >= ATTEMPTS:
        return Outcome(url=url, state="fetch-failed", reason=error.reason, attempts=attempts)
    wait = max(FIRST_RETRY * 4 ** (attempts - 1), timedelta(seconds=error.retry_after or 0))
    return Outcome(url=url, state="waiting", reason=error.reason, attempts=attempts, retry_at=now + wait)


def _reason(error: Exception) -> str:
    """A short phrase for the ledger. A foreign exception is a defect of ours and names its type."""
    if isinstance(error, FetchError):
        return error.reason
    return error.what if isinstance(error, BroadsheetError) else f"{type(error).__name__}: {error}"
