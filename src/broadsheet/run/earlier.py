"""Articles as they were: what a publisher changed later is taken back, for an edition of the past."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from ..store import Store
from ..types import Article, Publication
from .judging import judge


def as_they_were(
    publication: Publication, store: Store, articles: Sequence[Article], as_of: datetime
) -> tuple[Article, ...]:
    """`articles` with the headlines and dates that they had at `as_of`, judged by what was learnt when they were read.

    Only those that were changed since are touched, and of these nothing but headline and date is known of before: their
    text, excerpt and pictures are those of today. They come without their text. Raises StoreError.
    """
    changed = [article.url for article in articles if any(change.at > as_of for change in article.changes)]
    if not changed:
        return tuple(articles)
    held = {article.url: article for article in store.articles(urls=changed, text=True)}
    return tuple(
        _as_it_was(publication, store, held[article.url], as_of) if article.url in held else article
        for article in articles
    )


def _as_it_was(publication: Publication, store: Store, article: Article, as_of: datetime) -> Article:
    kept = tuple(change for change in article.changes if change.at <= as_of)
    was = {change.field: change.old for change in reversed(article.changes) if change.at > as_of}  # the first of each
    published = datetime.fromisoformat(was["published"]) if "published" in was else article.published
    earlier = replace(article, title=was.get("title", article.title), published=published, changes=kept)
    read_at = kept[-1].at if kept else article.first_seen
    return replace(judge(replace(publication, learnt=store.learnt(read_at)), earlier), text="")
