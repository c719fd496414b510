"""Builders of values for tests: a plain default, changed by keyword."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from broadsheet.types import Article, Edition, Page, PrintedRecord, Provider, Publication, Record, Source, Story, Topic

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def provider(domain: str = "harbour.example", **changes: Any) -> Provider:
    return Provider(**{"domain": domain, "name": domain.split(".")[0].capitalize()} | changes)


def article(n: int = 1, **changes: Any) -> Article:
    """Article number n: published n hours before NOW."""
    facts = {
        "url": f"https://harbour.example/news/{n}",
        "original_url": f"https://harbour.example/news/{n}",
        "web_url": f"https://harbour.example/news/{n}",
        "title": f"Ferry line number {n} opens",
        "published": NOW - timedelta(hours=n),
        "first_seen": NOW,
        "language": "en",
        "provider": provider(),
    }
    return Article(**facts | changes)


def story(*articles: Article, **changes: Any) -> Story:
    return Story(**{"id": "s1", "name": "2026-03-02-ferry-line-opens", "articles": articles or (article(),)} | changes)


def page(body: bytes | str, url: str = "https://harbour.example/feed.xml", **changes: Any) -> Page:
    data = body.encode() if isinstance(body, str) else body
    return Page(**{"url": url, "final_url": url, "status": 200, "body": data, "fetched_at": NOW} | changes)


def source(url: str = "https://harbour.example/feed.xml", **changes: Any) -> Source:
    return Source(**{"url": url} | changes)


def topic(name: str = "Ferries", **changes: Any) -> Topic:
    return Topic(**{"id": name.lower().replace(" ", "-"), "name": name, "keywords": (name.lower(),)} | changes)


def publication(**changes: Any) -> Publication:
    return Publication(**{"title": "Ferry Times", "url": "https://ferries.example/", "topics": (topic(),)} | changes)


def record(n: int = 1, **changes: Any) -> Record:
    """Record number n: of article(n), printed with a quality and heat of 80."""
    facts = {
        "title": f"Ferry line number {n} opens",
        "excerpt": "Two boats an hour.",
        "published_at": NOW - timedelta(hours=n),
        "original_url": f"https://harbour.example/news/{n}",
        "web_url": f"https://harbour.example/news/{n}",
        "quality": 80,
        "heat": 80,
        "published": True,
        "provider": provider(),
        "topics": ("Ferries",),
    }
    return Record(**facts | changes)


def printed(n: int = 1, **changes: Any) -> PrintedRecord:
    return PrintedRecord(name=f"2026-03-02-ferry-line-number-{n}-opens.md", record=record(n, **changes))


def edition(*records: PrintedRecord, **changes: Any) -> Edition:
    """An edition of records alone, without stories."""
    return Edition(
        **{"publication": publication(), "now": NOW, "stories": (), "records": records, "updated": NOW} | changes
    )
