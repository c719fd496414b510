"""Builders of values for tests: a plain default, changed by keyword."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from broadsheet.types import Article, Page, Provider, Publication, Source, Story, Topic

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
