"""The static JSON API: pages of 25 published records, newest first, for the whole publication and for each topic.

The shape, its keys and their order are the predecessor's, so that its clients read us: `index.json`, `page/1/` and
`page1/` are one page, and what a record does not have is null.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..errors import UsageError
from ..types import Edition, File, Image, PrintedRecord, Provider

PAGE = 25  # records
ROOT = "api/news"


def render(edition: Edition) -> Iterator[File]:
    """`api/news/...` for all topics together and `api/news/<topic id>/...` for each below the root.

    A topic without records has one empty page, so that its address always answers. Times carry the offset of the
    publication's time zone. Raises UsageError when the system does not know that zone.
    """
    publication = edition.publication
    zone = _zone(publication.timezone)
    shown = sorted(
        (printed for printed in edition.records if printed.record.published and not printed.record.removed),
        key=lambda printed: (-printed.record.published_at.timestamp(), printed.name),
    )
    closed = {article.url for story in edition.stories for article in story.articles if article.paywalled}
    items = [(printed.record.topics, _item(printed, zone, publication.locale, closed)) for printed in shown]
    yield from _pages(ROOT, [item for _, item in items])
    for topic in publication.topics:
        if topic.parent:
            yield from _pages(f"{ROOT}/{topic.id}", [item for topics, item in items if topic.name in topics])


def _zone(name: str) -> tzinfo:
    if name == "UTC":  # also where the system has no time zone database
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
        raise UsageError("unknown time zone", name, "use an IANA name such as Europe/Paris") from exc


def _pages(folder: str, items: Sequence[dict[str, Any]]) -> Iterator[File]:
    last = max(1, -(-len(items) // PAGE))
    for number in range(1, last + 1):
        value = items[(number - 1) * PAGE : number * PAGE]
        page = {"page": number, "value": value, "nextPage": number + 1 if number < last else None}
        data = json.dumps(page, ensure_ascii=False, indent=2).encode("utf-8", "replace")
        if number == 1:
            yield File(path=f"{folder}/index.json", data=data)
        yield File(path=f"{folder}/page/{number}/index.json", data=data)
        yield File(path=f"{folder}/page{number}/index.json", data=data)


def _item(printed: PrintedRecord, zone: tzinfo, locale: str, closed: Collection[str]) -> dict[str, Any]:
    """One record. closed: addresses that are not free to read; only theirs say so, by a key of ours at the end."""
    record = printed.record
    return {
        "path": f"_news/{printed.name}",
        "title": record.title,
        "excerpt": record.excerpt,
        "sourceUrl": None,
        "webUrl": record.web_url,
        "originalUrl": record.original_url,
        "featuredContent": record.featured_content,
        "highlight": None,
        "heat": record.heat,
        "tags": None,
        "images": [_image(image) for image in record.images] or None,
        "content": "\r\n",  # what stood after the front matter; clients may expect text
        "type": record.type,
        "ampWebUrl": record.amp_url,
        "cdnAmpWebUrl": record.cdn_amp_url,
        "publishedDateTime": record.published_at.astimezone(zone).isoformat(timespec="seconds"),
        "updatedDateTime": None,
        "provider": _provider(record.provider) if record.provider else None,
        "locale": locale,
        "categories": [record.category],
        "topics": list(record.topics),
        **({"isAccessibleForFree": False} if record.web_url in closed else {}),
    }


def _provider(provider: Provider) -> dict[str, Any]:
    return {
        "name": provider.name,
        "domain": provider.domain,
        "images": [_image(image) for image in provider.images] or None,
        "publishers": None,
        "authors": None,
    }


def _image(image: Image) -> dict[str, Any]:
    return {
        "url": image.url,
        "width": image.width or None,
        "height": image.height or None,
        "title": image.title or None,
        "attribution": None,
        "isCached": image.is_cached,
    }
