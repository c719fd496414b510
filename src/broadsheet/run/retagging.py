"""After a change of the topic tree alone, judge again only the articles that it can touch; the others are said to be up
to date. The tree that the stored articles were last judged by is kept beside the store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import msgspec

from .. import config, files
from ..execute import Executor
from ..store import Store
from ..tag import touching
from ..types import Article, File, Publication, Struct, Topic
from .judging import judge
from .publication import PRIVATE, Progress

TREE = f"{PRIVATE}/judged.json"
AT_ONCE = 1_000  # articles whose texts are in memory together


class JudgedBy(Struct, frozen=True):
    """What the stored articles were judged by. others: the fingerprint without the tree."""

    fingerprint: str
    others: str
    topics: tuple[Topic, ...]


class Retagged(Struct, frozen=True):
    """What came of it. judged: articles that were judged again. kept: those that the change cannot touch."""

    judged: int = 0
    kept: int = 0


def retag(folder: Path, publication: Publication, store: Store, pool: Executor, *, progress: Progress) -> Retagged:
    """Bring the articles up to date that were judged by the tree before this one; all others are left to curate.

    The result is that of judging all of them. Killed at any point, the next call goes on with those that are left.
    Raises StoreError.
    """
    before = _judged_by(folder)
    if before is None or before.fingerprint == publication.fingerprint or before.others != _others(publication):
        return Retagged()
    stale = [article.url for article in store.articles() if article.scored_with == before.fingerprint]
    change = touching.change(before.topics, publication.topics, publication.learnt.contexts)
    if not stale or change.everything:
        return Retagged()
    judged = 0
    progress("judging again", 0, len(stale))
    for first in range(0, len(stale), AT_ONCE):
        articles = store.articles(urls=stale[first : first + AT_ONCE], text=True)
        touched = [article for article in articles if touching.may_touch(change, article)]
        store.put_curation(_brought_up(publication, pool, articles, touched), ())
        judged += len(touched)
        progress("judging again", first + len(articles), len(stale))
    return Retagged(judged, len(stale) - judged)


def _brought_up(
    publication: Publication, pool: Executor, articles: Sequence[Article], touched: Sequence[Article]
) -> Iterator[Article]:
    """All of `articles` as this publication has them, by URL; those that are not touched with its fingerprint alone."""
    again: dict[str, Article] = {}
    for article, value in pool.map(partial(judge, publication), touched):
        if isinstance(value, Exception):
            raise value
        again[article.url] = value
    for article in articles:
        yield again.get(article.url) or msgspec.structs.replace(article, text="", scored_with=publication.fingerprint)


def note_tree(folder: Path, publication: Publication) -> None:
    """Keep what every stored article is judged by now. Raises OutputError."""
    now = JudgedBy(publication.fingerprint, _others(publication), publication.topics)
    if _judged_by(folder) != now:
        files.put(folder, File(path=TREE, data=msgspec.json.encode(now)))


def _judged_by(folder: Path) -> JudgedBy | None:
    """None where nothing is known of it, or what is there cannot be read: then all are judged again."""
    data = files.read_tree(folder, (TREE,)).get(TREE, b"")
    try:
        return msgspec.json.decode(data, type=JudgedBy) if data else None
    except msgspec.MsgspecError:
        return None


def _others(publication: Publication) -> str:
    """The fingerprint without the tree; one of its own where topics change more than tags.

    The predecessor's quality counts keywords inside words, and a factor from elsewhere may read anything.
    """
    if publication.profile == "classic" or any("." in name for name in publication.quality_factors):
        return publication.fingerprint
    return config.fingerprint(msgspec.structs.replace(publication, topics=()))
