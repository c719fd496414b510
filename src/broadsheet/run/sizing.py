"""Ask for the beginnings of lead pictures whose size no markup gives, and judge their articles by what comes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

import msgspec

from .. import text
from ..errors import FetchError
from ..execute import Executor
from ..fetch import Request
from ..fetch.outside import Outside
from ..pictures import leads, measuring
from ..pictures.measuring import Measured
from ..store import Store
from ..types import Article, Page, Picture, Publication, Struct
from . import weather
from .asking import reason
from .judging import judge
from .publication import Progress
from .reading import interleaved

MOST = 500  # pictures that one cycle asks for
ROUNDS = 3  # candidates of one article that one cycle looks at, should the first ones be none
ATTEMPTS = 3  # at a picture that fails for a passing reason
FIRST_RETRY = timedelta(hours=1)  # then four times as long each time


class Sized(NamedTuple):
    """What came of it. asked: pictures. paused: why nothing was held against those that failed, see Asked."""

    asked: int = 0
    paused: str = ""


def size_leads(
    publication: Publication, store: Store, pool: Executor, outside: Outside, now: datetime, progress: Progress
) -> Sized:
    """Sizes for the leads of articles that have a record and are as new as a live story, the newest first.

    What comes of each is stored at once, so that a cycle that is killed asks nobody twice; a cycle that goes on under
    the same clock asks for no more than it would have. Raises StoreError.
    """
    imported = {one.url for one in store.imports()}
    live = store.articles(since=now - timedelta(days=publication.story_days))
    articles = {one.url: one for one in live if one.topics and leads.lacks_size(one) and one.url not in imported}
    known = _known(store, articles.values())
    left = MOST - sum(picture.use == "lead" for picture in store.pictures(since=now))
    asked, paused = 0, ""
    for _ in range(ROUNDS):
        wanted = list(_wanted(articles.values(), known, now))[: max(left, 0)]
        if not wanted or paused:
            break
        found, paused = _ask(wanted, known, store, pool, outside, now, progress)
        known |= found
        asked, left = asked + len(wanted), left - len(wanted)
    _apply(publication, store, pool, articles, known)
    return Sized(asked, paused)


def _known(store: Store, articles: Iterable[Article]) -> dict[str, Picture]:
    urls = [image.url for article in articles for image in article.images]
    return {picture.url: picture for picture in store.pictures(urls=urls) if picture.use == "lead"}


def _wanted(articles: Iterable[Article], known: Mapping[str, Picture], now: datetime) -> Iterator[str]:
    """Addresses to ask, each once, of the newest articles first."""
    newest = sorted(articles, key=lambda article: (-article.published.timestamp(), article.url))
    urls = (leads.to_ask(article, known, now) for article in newest)
    return (url for url in dict.fromkeys(urls) if url)


def _ask(
    wanted: Sequence[str],
    known: Mapping[str, Picture],
    store: Store,
    pool: Executor,
    outside: Outside,
    now: datetime,
    progress: Progress,
) -> tuple[dict[str, Picture], str]:
    """What comes of these addresses, stored batch by batch; and why to go no further, empty when all is well."""
    found: dict[str, Picture] = {}
    failed: list[FetchError] = []
    requests = ((url, Request(url=url, purpose="image", beginning=measuring.BEGINNING)) for url in interleaved(wanted))
    progress("sizing pictures", 0, len(wanted))
    for answers in outside.answers(requests):
        failed += [value for _, value in answers if isinstance(value, FetchError)]
        bodies = [Beginning(url=url, body=value.body) for url, value in answers if isinstance(value, Page)]
        some = [_sized(one.url, value, known.get(one.url), now) for one, value in pool.map(measured, bodies)]
        store.put_pictures(some)
        found |= {picture.url: picture for picture in some}
        progress("sizing pictures", len(found) + len(failed), len(wanted))
    if reason := weather.pause("pictures", wanted, failed):
        return found, reason
    some = [after_failure(error, "lead", known.get(error.url), now) for error in failed]
    store.put_pictures(some)
    return found | {picture.url: picture for picture in some}, ""


class Beginning(Struct, frozen=True, kw_only=True):
    """The first bytes of the file at `url`."""

    url: str
    body: bytes


def measured(beginning: Beginning) -> Measured:
    """Pure and picklable, for worker processes: the bytes are hostile."""
    return measuring.measure(beginning.body)


def _sized(url: str, value: Measured | Exception, before: Picture | None, now: datetime) -> Picture:
    """What is known of a picture whose beginning came."""
    if isinstance(value, Exception):
        value = Measured(reason=text.clean(reason(value)))
    state = "sized" if value.is_fit else "unfit"
    return Picture(
        url=url, state=state, kind=value.kind, width=value.width, height=value.height, reason=value.reason,
        fetched_at=now, attempts=before.attempts + 1 if before else 1,
    )  # fmt: skip


def after_failure(error: FetchError, use: str, before: Picture | None, now: datetime) -> Picture:
    """What is known of a picture that could not be had: what was known, and when to ask again, if ever."""
    known = before or Picture(url=error.url, use=use, state="failed", fetched_at=now, attempts=0)
    wait = timedelta(seconds=error.retry_after or 0)
    retry_at: datetime | None
    if error.kind == "held" or (error.kind == "robots" and not error.permanent):  # nobody was asked: no attempt
        retry_at, attempts = now + max(wait, FIRST_RETRY / 4), known.attempts
    else:
        attempts = known.attempts + 1
        again = not error.permanent and attempts < ATTEMPTS
        retry_at = now + max(FIRST_RETRY * 4 ** (attempts - 1), wait) if again else None
    return msgspec.structs.replace(
        known, state="failed", reason=error.reason, fetched_at=now, attempts=attempts, retry_at=retry_at
    )


def _apply(
    publication: Publication,
    store: Store,
    pool: Executor,
    articles: Mapping[str, Article],
    known: Mapping[str, Picture],
) -> None:
    """Store and judge again every article that what is known changes."""
    changed = [url for url, article in articles.items() if leads.applied(article, known) is not article]
    if not changed:
        return
    whole = [leads.applied(article, known) for article in store.articles(urls=changed, text=True)]
    judged = [value for _, value in pool.map(partial(judge, publication), whole)]
    for value in judged:
        if isinstance(value, Exception):
            raise value
    store.put_curation([value for value in judged if isinstance(value, Article)], ())
