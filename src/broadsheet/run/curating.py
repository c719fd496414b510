"""Curate: judge again what the settings changed, find reprints, group into stories, name the records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial

from .. import cluster, dedupe, record, text
from ..execute import Executor
from ..store import Store
from ..types import Article, Membership, Placed, Publication, Twin
from .judging import judge
from .publication import Progress

PROSE = 12  # words from which a paragraph counts as prose
LEAD = 4  # paragraphs of prose that tell what an article is about


def curate(publication: Publication, store: Store, pool: Executor, *, progress: Progress) -> int:
    """Place every kept article that has no place yet. Returns how many got a record.

    What it decides depends on the set of new articles and not on the order in which they came, so that a cycle that was
    killed while collecting ends as an undisturbed one. Raises StoreError.
    """
    rejudged = _judge_again(publication, store, pool, progress)
    placed = {place.url: place for place in store.placed()}
    light = {article.url: article for article in (*store.articles(), *rejudged)}
    new = [article.url for article in light.values() if article.topics and article.url not in placed]
    placements: tuple[Placed, ...] = ()
    if new:
        progress("grouping stories", 0, len(new))
        reach = timedelta(days=publication.story_days)
        since = min(light[url].published for url in new) - reach
        fresh = {article.url: article for article in rejudged}
        window = [fresh.get(a.url, a) for a in store.articles(since=since, text=True) if light[a.url].topics]
        placements = tuple(_place(publication, window, placed))
        progress("grouping stories", len(new), len(new))
    if rejudged or placements:
        store.put_curation(rejudged, placements)
    return sum(bool(place.name) for place in placements)


def _judge_again(publication: Publication, store: Store, pool: Executor, progress: Progress) -> tuple[Article, ...]:
    """Articles that were judged under other settings, judged under these; changed ones only."""
    stale = [article.url for article in store.articles() if article.scored_with != publication.fingerprint]
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


def _place(publication: Publication, window: Sequence[Article], placed: Mapping[str, Placed]) -> Iterator[Placed]:
    """Placements of the articles of `window` that have none, in order of time."""
    by_url = {article.url: article for article in window}
    new = sorted((a for a in window if a.url not in placed), key=lambda a: (a.published, a.url))
    live = [a for a in window if a.url in placed]
    originals = {a.url: twin.original for a in live if (twin := placed[a.url].twin) is not None}
    twins = dedupe.twins([dedupe.sketch(a) for a in new], [dedupe.sketch(a) for a in live], originals)
    repeats = {url: twin for url, twin in twins.items() if _same_provider(url, twin, by_url)}
    kept = [article for article in new if article.url not in repeats]
    memberships = _group(publication, live, kept, placed, {u: t.original for u, t in twins.items() if u not in repeats})
    taken = {place.name for place in placed.values() if place.name}
    for article in new:
        if article.url in repeats:
            yield Placed(url=article.url, twin=repeats[article.url])
            continue
        name = record.file_name(article.published, article.title, article.url, article.provider.domain, taken)
        taken.add(name)
        yield Placed(url=article.url, name=name, membership=memberships[article.url], twin=twins.get(article.url))


def _same_provider(url: str, twin: Twin, by_url: Mapping[str, Article]) -> bool:
    return by_url[url].provider.domain == by_url[twin.original].provider.domain


def _group(
    publication: Publication,
    live: Iterable[Article],
    new: Iterable[Article],
    placed: Mapping[str, Placed],
    originals: Mapping[str, str],
) -> dict[str, Membership]:
    """Memberships of `new` by URL. originals: reprint -> the article whose report it repeats."""
    settled = [_member(a, m.story) for a in live if (m := placed[a.url].membership) is not None]
    arriving = [_member(a, "") for a in new]
    return {m.url: m for m in cluster.place(settled, arriving, publication.story_days, originals)}


def _member(article: Article, story: str) -> cluster.Member:
    """What grouping looks at: the excerpt and the paragraphs that are prose, since a byline or a repeated headline
    says nothing about the event."""
    prose = [p for p in text.plain(article.text).split("\n\n") if text.count_words(p) >= PROSE and p != article.title]
    return cluster.Member(
        url=article.url,
        title=article.title,
        text=" ".join([article.excerpt, *prose[:LEAD]]),
        published=article.published,
        language=article.language,
        provider=article.provider.domain,
        story=story,
    )
