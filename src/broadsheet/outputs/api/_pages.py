"""Pages of 25 published records, newest first, for the whole publication and for each topic.

The shape, its keys and their order are the predecessor's, so that its clients read us: `index.json`, `page/1/` and
`page1/` are one page, and what a record does not have is null.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import tzinfo
from functools import cache, partial
from typing import Any

from ...errors import UsageError
from ...types import Edition, File, Image, PrintedRecord, Provider, Sheet, Topic
from .._sheets import sheet
from ._form import ROOT, file, time

PAGE = 25  # records
_TAKEN = re.compile(r"archive|page\d+", re.ASCII)  # topic ids whose pages would lie where other pages do


def pages(edition: Edition, zone: tzinfo) -> Iterator[File | Sheet]:
    """`api/news/...` for all topics together and `api/news/<topic id>/...` for each below the root.

    A topic without records has one empty page, so that its address always answers. Raises UsageError for a topic whose
    pages would lie where others do.
    """
    publication = edition.publication
    shown = sorted(
        (printed for printed in edition.records if printed.record.published and not printed.record.removed),
        key=lambda printed: (-printed.record.published_at.timestamp(), printed.name),
    )
    closed = paywalled(edition)
    made = cache(lambda place: item(shown[place], zone, publication.locale, closed))  # an item stands on several pages
    yield from _pages(edition, ROOT, shown, range(len(shown)), closed, made)
    for topic in topics(publication.topics):
        places = [place for place, printed in enumerate(shown) if topic.name in printed.record.topics]
        yield from _pages(edition, f"{ROOT}/{topic.id}", shown, places, closed, made)


def topics(tree: Sequence[Topic]) -> list[Topic]:
    """Those that have pages of their own: all below the root. Raises UsageError."""
    below = [topic for topic in tree if topic.parent]
    for topic in below:
        if _TAKEN.fullmatch(topic.id):
            where = f"{ROOT}/{topic.id}/"
            raise UsageError(f"the API has other pages where those of topic {topic.id} go", where, "change its _id")
    return below


def paywalled(edition: Edition) -> frozenset[str]:
    """Addresses of printed articles that are not free to read."""
    return frozenset(article.url for story in edition.stories for article in story.articles if article.paywalled)


def _pages(
    edition: Edition,
    folder: str,
    shown: Sequence[PrintedRecord],
    places: Sequence[int],
    closed: Collection[str],
    made: Callable[[int], dict[str, Any]],
) -> Iterator[File | Sheet]:
    """places: of the records of this folder among those that are `shown`."""
    last = max(1, -(-len(places) // PAGE))
    for number in range(1, last + 1):
        here = places[(number - 1) * PAGE : number * PAGE]
        records = [shown[place] for place in here]
        shows = (records, [one.record.web_url in closed for one in records], number == last)
        make = cache(partial(_page, made, here, number, last))
        for path in (["index.json"] if number == 1 else []) + [f"page/{number}/index.json", f"page{number}/index.json"]:
            yield sheet(edition, f"{folder}/{path}", shows, make)


def _page(made: Callable[[int], dict[str, Any]], places: Sequence[int], number: int, last: int) -> bytes:
    page = {
        "page": number,
        "value": [made(place) for place in places],
        "nextPage": number + 1 if number < last else None,
    }
    return file("", page).data


def item(printed: PrintedRecord, zone: tzinfo, locale: str, closed: Collection[str]) -> dict[str, Any]:
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
        "publishedDateTime": time(record.published_at, zone),
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
