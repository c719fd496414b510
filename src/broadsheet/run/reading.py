"""Read the pages that wait: fetch each, make an article of it, and settle what becomes of its entry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import chain, zip_longest

import msgspec

from .. import extract, gate, normalise, providers
from ..errors import FetchError, NotAnArticle, OptedOut, Poisonous
from ..execute import Executor
from ..fetch import Request
from ..fetch.outside import Outside
from ..store import Store
from ..types import Article, Change, Decision, Entry, Outcome, Page, Publication, Source, Struct
from . import parts, weather
from .asking import reason
from .judging import judge, known
from .publication import Progress

ATTEMPTS = 5  # at a page that fails for a passing reason, or ends the program
FIRST_RETRY = timedelta(hours=1)  # then four times as long each time
SUSPECT = 2  # times that the program may end while a page is read with others, until it is read by itself
AT_ONCE = 500  # pages that are put down as being read together
BEING_READ = "being read"  # the reason of an outcome whose attempt has begun; found later, it ended the program
MOST_CHANGES = 20  # that are kept of one article

_Item = tuple[Page, tuple[Entry, ...]]


class Read(Struct, frozen=True):
    """What came of reading. fetched: pages. handled: addresses that got an outcome. paused: see Asked."""

    fetched: int = 0
    handled: tuple[str, ...] = ()
    paused: str = ""


def read_pages(
    publication: Publication, store: Store, pool: Executor, outside: Outside, now: datetime, progress: Progress
) -> Read:
    """Fetch and read until nothing waits. Raises StoreError.

    That an attempt begins is written down before it does. So a page that takes the whole program down is known when
    the program comes back: when that has happened twice it is read by itself, and after five times it is quarantined.
    """
    reader = _Reader(publication, store, pool, outside, now)
    handled: list[str] = []
    fetched = 0
    total = store.count_waiting(now)
    while waiting := store.waiting(now, AT_ONCE):
        suspects = [outcome for outcome in waiting if outcome.reason == BEING_READ and outcome.attempts >= SUSPECT]
        batch = suspects[:1] or list(waiting)
        pages, paused = reader.read(batch)
        fetched += pages
        handled += [outcome.url for outcome in batch]
        if paused:
            return Read(fetched, tuple(handled), paused)
        progress("reading pages", len(handled), max(total, len(handled)))
    return Read(fetched, tuple(handled))


class _Reader:
    """What every batch of one cycle shares."""

    def __init__(self, publication: Publication, store: Store, pool: Executor, outside: Outside, now: datetime) -> None:
        self.store, self.pool, self.outside, self.now = store, pool, outside, now
        self.begin = partial(begin_article, publication, now)
        self.read_whole = partial(read_whole, publication, now)
        self.imported = frozenset(imported.url for imported in store.imports())
        latest = gate.latest(store.decisions())
        self.killed = {url: decision for url, decision in latest.items() if decision.kind == "kill"}

    def read(self, waiting: Sequence[Outcome]) -> tuple[int, str]:
        """Settle a batch. Returns how many pages came, and why reading has to pause (then what failed waits on)."""
        settled = [one for one in map(self._settled_already, waiting) if one is not None]
        self.store.put_outcomes(settled)
        done = {outcome.url for outcome in settled}
        before = {outcome.url: outcome for outcome in waiting if outcome.url not in done}
        self.store.put_outcomes(_begun(outcome, self.now) for outcome in before.values())
        seen = self.store.sightings(list(before))
        failed: list[FetchError] = []
        fetched = 0
        for answers in self.outside.answers((url, Request(url=url)) for url in interleaved(before)):
            items = [(value, seen.get(url, ())) for url, value in answers if isinstance(value, Page)]
            failed += [value for _, value in answers if isinstance(value, FetchError)]
            fetched += len(items)
            self._put(items, before)
        spared = {error.url for error in failed if not weather.was_asked(error)}
        asked = [url for url in before if url not in spared]
        if weather.is_ours(asked, failed):
            later = self.now + weather.PAUSE
            back = [msgspec.structs.replace(before[error.url], retry_at=later) for error in failed]
            self.store.put_outcomes(back)
            return fetched, f"{len(failed)} of {len(before)} pages failed at once: is the network down?"
        self.store.put_outcomes(after_failure(error, before[error.url], self.now) for error in failed)
        return fetched, ""

    def _settled_already(self, outcome: Outcome) -> Outcome | None:
        """The outcome of what need not, or must not, be fetched; else None."""
        if decision := self.killed.get(outcome.url):
            return Outcome(url=outcome.url, state="killed", reason=_removal(decision), article=outcome.article)
        if outcome.reason == BEING_READ and outcome.attempts >= ATTEMPTS:
            why = f"not read in {outcome.attempts} attempts, the last of which ended the program"
            return Outcome(url=outcome.url, state="quarantined", reason=why, attempts=outcome.attempts)
        return None

    def _put(self, items: Sequence[_Item], before: Mapping[str, Outcome]) -> None:
        """Read pages and store what they are."""
        articles: list[Article] = []
        outcomes: list[Outcome] = []
        for page, value in self._read(items):
            ended = outcome_of(page.url, value, self.imported)
            if not ended.article:  # an article that we hold stays held, although its page cannot be read any more
                ended = msgspec.structs.replace(ended, article=before[page.url].article)
            outcomes.append(msgspec.structs.replace(ended, attempts=before[page.url].attempts + 1))
            if isinstance(value, Article) and ended.state == "held":
                articles.append(value)
        held = {article.url: article for article in self.store.articles(urls=[a.url for a in articles])}
        kept = [_again(article, held.get(article.url), self.now) for article in articles]
        self.store.put_articles(kept, outcomes)
        reserved = [article.original_url for article in kept if not article.rights.text]
        self.store.forget_content([*reserved, *(ended.url for ended in outcomes if ended.state == "opt-out")])

    def _read(self, items: Sequence[_Item]) -> Iterator[tuple[Page, Article | Exception]]:
        """Each page with its article; those that go on on other pages last, with what these say."""
        going_on: dict[str, tuple[_Item, tuple[Article, str]]] = {}
        for item, value in self.pool.map(self.begin, items):
            if isinstance(value, Exception):
                yield item[0], value
            elif value[1] and outcome_of(item[0].url, value[0], self.imported).state == "held":
                going_on[item[0].url] = item, value
            else:
                yield item[0], value[0]
        if not going_on:
            return
        firsts = {url: value for url, (_, value) in going_on.items()}
        gathered = parts.gather(firsts, self.outside, self.pool, self.now)
        again = [(item, gathered[url]) for url, (item, _) in going_on.items()]
        for (item, _), article in self.pool.map(self.read_whole, again):
            yield item[0], article


def _begun(outcome: Outcome, now: datetime) -> Outcome:
    return msgspec.structs.replace(outcome, reason=BEING_READ, attempts=outcome.attempts + 1, retry_at=now)


def _removal(decision: Decision) -> str:
    note = f": {decision.note}" if decision.note else ""
    return f"removed by {decision.by} on {decision.at:%Y-%m-%d %H:%M}{note}"


def interleaved(addresses: Iterable[str]) -> Iterator[str]:
    """The same addresses, one of each host in turn, so that no host holds up the others."""
    by_host: defaultdict[str, list[str]] = defaultdict(list)
    for url in addresses:
        by_host[weather.host_of(url)].append(url)
    return (url for url in chain.from_iterable(zip_longest(*by_host.values())) if url is not None)


def _again(article: Article, held: Article | None, now: datetime) -> Article:
    """An article that was read again: first seen when it was, and with the values that its publisher changed."""
    if held is None or held.original_url != article.original_url:
        return article
    pairs = (
        ("title", held.title, article.title),
        ("published", f"{held.published:%Y-%m-%dT%H:%M:%SZ}", f"{article.published:%Y-%m-%dT%H:%M:%SZ}"),
    )
    changes = [Change(field=field, old=old, new=new, at=now) for field, old, new in pairs if old != new]
    return msgspec.structs.replace(
        article, first_seen=held.first_seen, changes=(*held.changes, *changes)[-MOST_CHANGES:]
    )


def read_article(publication: Publication, now: datetime, item: _Item) -> Article:
    """Page and what sources say of it to a judged article. Pure and picklable. Raises ParseError."""
    return begin_article(publication, now, item)[0]


def begin_article(publication: Publication, now: datetime, item: _Item) -> tuple[Article, str]:
    """The same, and the address of the page on which the article goes on; empty where it ends on this one."""
    page, entries = item
    article, following = extract.begin(page, entries, now, zone=_zone(publication, page.final_url, entries))
    return _judged(publication, article, item, now), following


def read_whole(publication: Publication, now: datetime, item: tuple[_Item, parts.Gathered]) -> Article:
    """The same of an article with what its other pages say."""
    (page, entries), gathered = item
    zone = _zone(publication, page.final_url, entries)
    article = extract.read(page, entries, now, zone=zone, more=gathered.parts)
    claims = article.claims | ({"pages": gathered.claim} if gathered.claim else {})
    return _judged(publication, msgspec.structs.replace(article, claims=claims), item[0], now)


def _judged(publication: Publication, article: Article, item: _Item, now: datetime) -> Article:
    page, entries = item
    sources = known(publication).sources
    listing = [sources[entry.source] for entry in entries if entry.source in sources]
    return judge(publication, _with_sources(normalise.normalise(article, now), page.url, listing))


def _zone(publication: Publication, url: str, entries: Sequence[Entry]) -> str:
    """The zone of a page's times: what a source that lists it says, else its provider's in the registry."""
    registry, sources = known(publication)
    listed = [sources[entry.source] for entry in entries if entry.source in sources]
    if said := next((source.zone for source in sorted(listed, key=lambda s: s.url) if source.zone), ""):
        return said
    return registry[domain].zone if (domain := providers.domain(url)) in registry else ""


def _with_sources(article: Article, entry_url: str, listing: Sequence[Source]) -> Article:
    changed: dict[str, object] = {
        "original_url": entry_url,
        "sources": tuple(sorted(source.url for source in listing)),
        "source_topics": tuple(sorted({topic for source in listing for topic in source.topics})),
    }
    return msgspec.structs.replace(article, **changed)


_STATES: tuple[tuple[type[Exception], str], ...] = (  # the first that fits
    (NotAnArticle, "not-an-article"),
    (OptedOut, "opt-out"),
    (Poisonous, "quarantined"),
    (MemoryError, "quarantined"),
    (RecursionError, "quarantined"),
    (Exception, "parse-error"),
)


def outcome_of(url: str, value: Article | Exception, imported: frozenset[str]) -> Outcome:
    """What becomes of an entry whose page was read. imported: URLs of articles that came with a record of their own."""
    if isinstance(value, Exception):
        state = next(state for kind, state in _STATES if isinstance(value, kind))
        return Outcome(url=url, state=state, reason=reason(value))
    if value.url in imported:
        return Outcome(url=url, state="duplicate", reason="its record was imported", article=value.url)
    if parts.is_later(url, value.url):
        return Outcome(url=url, state="duplicate", reason=f"a later page of {value.url}", article=value.url)
    return Outcome(url=url, state="held", reason="read, not yet in an edition", article=value.url)


def after_failure(error: FetchError, before: Outcome, now: datetime) -> Outcome:
    """What becomes of an entry whose page could not be had. before: its outcome before this attempt."""
    wait = timedelta(seconds=error.retry_after or 0)
    if error.kind == "held" or (error.kind == "robots" and not error.permanent):  # nobody was asked: no attempt
        at = now + max(wait, FIRST_RETRY / 4)
        return msgspec.structs.replace(before, reason=error.reason, retry_at=at)
    attempts = before.attempts + 1
    ended = msgspec.structs.replace(before, reason=error.reason, attempts=attempts, retry_at=None)
    if error.kind == "robots":
        return msgspec.structs.replace(ended, state="robots")
    if error.permanent or attempts >= ATTEMPTS:
        return msgspec.structs.replace(ended, state="fetch-failed")
    return msgspec.structs.replace(ended, retry_at=now + max(FIRST_RETRY * 4 ** (attempts - 1), wait))
