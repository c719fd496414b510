"""What the store asks its tables, where that takes more than a line."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, func, or_, select, type_coerce

from .schema import ARTICLES, ENTRIES, FRONTS, OUTCOMES, PLACED, SOURCES

PRINTED = ("printed", "related")  # states of what readers see


def due_sources(now: datetime, worker: str, limit: int) -> Select[Any]:
    """Sources that `worker` may claim, longest due first; the rows are locked where the engine can."""
    machine = worker.partition("/")[0]
    ours = and_(SOURCES.c.worker != worker, SOURCES.c.worker.startswith(f"{machine}/", autoescape=True))
    free = or_(SOURCES.c.worker == "", ours, SOURCES.c.lease_until <= now)
    return (
        select(SOURCES)
        .where(SOURCES.c.enabled, SOURCES.c.stopped == "", SOURCES.c.due_at <= now, free)
        .order_by(SOURCES.c.due_at, SOURCES.c.url)
        .limit(limit)
        .with_for_update(skip_locked=True)  # PostgreSQL; SQLite has the one lock of BEGIN IMMEDIATE and ignores it
    )


def source_states() -> Select[Any]:
    """Every source with the number of its entries."""
    count = select(ENTRIES.c.source, func.count().label("n")).group_by(ENTRIES.c.source).subquery()
    query = select(SOURCES, func.coalesce(count.c.n, 0).label("n"))
    return query.outerjoin(count, count.c.source == SOURCES.c.url).order_by(SOURCES.c.url)


def is_due(now: datetime) -> ColumnElement[bool]:
    """Entries that wait to be read, and whose time has come: a wait without an end is over, too."""
    return and_(OUTCOMES.c.state == "waiting", or_(OUTCOMES.c.retry_at.is_(None), OUTCOMES.c.retry_at <= now))


# An article's JSON is written without spaces and without what is empty, and a quote inside of a text is escaped there:
# so a key with the beginning of its value stands in it only as that.


def stale(fingerprint: str) -> Select[Any]:
    """URLs of articles that were judged under other settings than those with this fingerprint."""
    key = '"scored_with":"'
    judged = ARTICLES.c.data.contains(f'{key}{fingerprint}"' if fingerprint else key, autoescape=True)
    return select(ARTICLES.c.url).where(~judged if fingerprint else judged).order_by(ARTICLES.c.url)


def unplaced() -> Select[Any]:
    """Articles with a topic and without a place."""
    joined = select(ARTICLES.c.data).outerjoin(PLACED, PLACED.c.url == ARTICLES.c.url)
    tagged = ARTICLES.c.data.contains('"topics":["', autoescape=True)
    return joined.where(PLACED.c.url.is_(None), tagged).order_by(ARTICLES.c.url)


def printed() -> Select[Any]:
    """Articles that the last edition showed."""
    return select(OUTCOMES.c.article).where(OUTCOMES.c.state.in_(PRINTED)).distinct().order_by(OUTCOMES.c.article)


def closing_fronts(before: datetime) -> Select[Any]:
    """The last front page of every day: the first ten characters of a moment, see schema.Utc."""
    day = func.substr(type_coerce(FRONTS.c.at, Text), 1, 10)
    last = select(func.max(FRONTS.c.at)).where(FRONTS.c.at < before).group_by(day)
    return select(FRONTS.c.data).where(FRONTS.c.at.in_(last)).order_by(FRONTS.c.at)
