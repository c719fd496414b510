"""Curate: judge again what the settings changed, find reprints, group into stories, name the records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

import msgspec

from .. import cluster, dedupe, record, stories, text
from ..execute import Executor
from ..language import primary
from ..store import Store
from ..stories import Arrival
from ..types import Article, Membership, Placed, Publication, Regrouping, Struct, Twin
from .judging import judge
from .publication import Progress

PROSE = 12  # words from which a paragraph counts as prose
LEAD = 4  # paragraphs of prose that tell what an article is about, and
CHARACTERS = 1_000  # of them, at most, that are kept for later


class Kept(Struct, frozen=True, array_like=True):
    """What is stored of a placed article, so that the next cycle need not read its text again."""

    form: int  # of what follows: one that is made in another way is made anew
    sketch: bytes  # as dedupe packs it
    lead: str  # what grouping looks at beside the title
    sense: bytes = b""  # what both mean, where that is asked for


FORM = 1
_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(Kept).decode


class Curated(Struct, frozen=True, kw_only=True):
    """What came of the new articles."""

    placed: tuple[Placed, ...] = ()
    regroupings: tuple[Regrouping, ...] = ()
    features: dict[str, bytes] = {}
    vocabularies: dict[str, bytes] = {}


def curate(
    publication: Publication,
    store: Store,
    pool: Executor,
    now: datetime,
    *,
    progress: Progress,
) -> int:
    """Place every kept article that has no place yet. Returns how many got a record.

    What it decides depends on the set of new articles and not on the order in which they came, so that a cycle that was
    killed while collecting ends as an undisturbed one. What came of them, and of the stories that they changed, is
    stored all or none. Of articles that have their place nothing is read but what was kept for this. Raises StoreError.
    """
    rejudged = {article.url: article for article in _judge_again(publication, store, pool, progress)}
    waiting = {article.url: article for article in store.unplaced()} | rejudged
    came = store.places()
    new = sorted(url for url, article in waiting.items() if article.topics and url not in came)
    curated = Curated()
    if new:
        progress("grouping stories", 0, len(new))
        since = min(waiting[url].published for url in new) - timedelta(days=publication.story_days)
        window = [rejudged.get(article.url, article) for article in store.articles(since=since)]
        curated = _place(publication, store, window, frozenset(new), came, since, now)
        progress("grouping stories", len(new), len(new))
    if rejudged or new:
        store.put_curation(
            rejudged.values(), curated.placed, curated.regroupings, curated.features, curated.vocabularies
        )
    return sum(bool(place.name) for place in curated.placed)


def _judge_again(publication: Publication, store: Store, pool: Executor, progress: Progress) -> tuple[Article, ...]:
    """Articles that were judged under other settings, judged under these; changed ones only."""
    stale = store.stale(publication.fingerprint)
    if not stale:
        return ()
    progress("judging again", 0, len(stale))
    articles = store.articles(urls=stale, text=True)
    judged = [value for _, value in pool.map(partial(judge, publication), articles)]
    progress("judging again", len(stale), len(stale))
    for value in judged:
        if isinstance(value, Exception):
            raise value
    return tuple(sorted((value for value in judged if isinstance(value, Article)), key=lambda article: article.url))


def _place(
    publication: Publication,
    store: Store,
    window: Sequence[Article],
    new: frozenset[str],
    came: Mapping[str, Arrival],
    since: datetime,
    now: datetime,
) -> Curated:
    """Places of the articles whose URLs are in `new`, and what became of stories. window: all that were published from
    `since` on."""
    known = {a.url: a for a in window if a.topics and (a.url in new or a.url in came)}
    kept = _kept(store, since)
    texts = store.articles(urls=[url for url in known if url not in kept], text=True)
    made = {a.url: _keep(msgspec.structs.replace(known[a.url], text=a.text)) for a in texts}
    kept = {url: one for url, one in (kept | made).items() if url in known}
    if publication.story_dense:
        sensed = _senses(known, kept)
        made, kept = made | sensed, kept | sensed
    sketches = {url: dedupe.unpack(one.sketch) for url, one in kept.items()}
    live = [url for url in known if url not in new]
    originals = {place.url: place.twin.original for place in store.placed(urls=live) if place.twin is not None}
    twins = dedupe.twins([sketches[url] for url in new], [sketches[url] for url in live], originals)
    repeats = {url: twin for url, twin in twins.items() if _same_provider(url, twin, known)}
    lives = stories.trace(came, store.regroupings(), store.decisions())
    grouped = cluster.place(
        [_member(known[url], kept[url], lives.homes[url]) for url in live if url in lives.homes],
        [_member(known[url], kept[url]) for url in new if url not in repeats],
        publication.story_days,
        dense=publication.story_dense,
        vocabularies=store.vocabularies(),
        twins=originals | {url: twin.original for url, twin in twins.items() if url not in repeats},
        together=lives.together,
        apart=lives.apart,
        printed=frozenset(lives.homes[url] for url in store.printed() if url in lives.homes),
        taken={arrival.story for arrival in came.values()} | {*lives.into, *lives.pages, *lives.homes.values()},
        at=now,
    )
    memberships = {membership.url: membership for membership in grouped.memberships}
    return Curated(
        placed=tuple(_named([known[url] for url in new], came, twins, memberships)),
        regroupings=grouped.regroupings,
        features={url: _pack(one) for url, one in made.items()},
        vocabularies=grouped.vocabularies,
    )


def _kept(store: Store, since: datetime) -> dict[str, Kept]:
    """What was kept of articles published from `since` on; what an older version made in another way is left out."""
    found: dict[str, Kept] = {}
    for url, data in store.features(since).items():
        with suppress(msgspec.DecodeError):
            if (one := _unpack(data)).form == FORM:
                found[url] = one
    return found


def _keep(article: Article) -> Kept:
    """What grouping looks at is the excerpt and the paragraphs that are prose, since a byline or a repeated headline
    says nothing about the event."""
    prose = [p for p in text.plain(article.text).split("\n\n") if text.count_words(p) >= PROSE and p != article.title]
    lead = " ".join([article.excerpt, *prose[:LEAD]])[:CHARACTERS]
    return Kept(FORM, dedupe.pack(dedupe.sketch(article)), lead)


def _senses(known: Mapping[str, Article], kept: Mapping[str, Kept]) -> dict[str, Kept]:
    """Of English articles whose sense was not kept yet, with it."""
    urls = [url for url, one in kept.items() if not one.sense and primary(known[url].language) == cluster.SENSED]
    senses = cluster.senses([_member(known[url], kept[url]) for url in urls])
    return {url: msgspec.structs.replace(kept[url], sense=sense) for url, sense in zip(urls, senses, strict=True)}


def _same_provider(url: str, twin: Twin, known: Mapping[str, Article]) -> bool:
    return known[url].provider.domain == known[twin.original].provider.domain


def _member(article: Article, kept: Kept, story: str = "") -> cluster.Member:
    """story: where a placed one is now."""
    return cluster.Member(
        url=article.url,
        title=article.title,
        text=kept.lead,
        published=article.published,
        language=article.language,
        provider=article.provider.domain,
        slug=cluster.slug(article.url),
        story=story,
        sense=kept.sense,
    )


def _named(
    new: Sequence[Article],
    came: Mapping[str, Arrival],
    twins: Mapping[str, Twin],
    memberships: Mapping[str, Membership],
) -> Iterator[Placed]:
    """Places of the new articles, in order of time. What repeats an article of its own provider gets no record."""
    taken = {arrival.name for arrival in came.values()}
    for article in sorted(new, key=lambda one: (one.published, one.url)):
        if article.url not in memberships:
            yield Placed(url=article.url, twin=twins[article.url])
            continue
        name = record.file_name(article.published, article.title, article.url, article.provider.domain, taken)
        taken.add(name)
        yield Placed(url=article.url, name=name, membership=memberships[article.url], twin=twins.get(article.url))
