"""One printed story: its item, all its coverage, and the reasons of its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

from ... import urls
from ...types import Edition, File, Related
from .. import _stories
from ._form import file, item_path, reason, time
from ._pages import item, paywalled


def items(edition: Edition, zone: tzinfo) -> Iterator[File]:
    """`api/news/YYYY/MM/DD/<slug>/index.json` of each printed story, at the name of its page, which never changes.

    It shows the record of the story's lead, and goes when the story does.
    """
    publication = edition.publication
    closed = paywalled(edition)
    records = {printed.name: printed for printed in edition.records}
    for story in edition.stories:
        printed = records.get(edition.names.get(story.lead.url, ""))
        if printed is None or not printed.record.published or printed.record.removed:
            continue
        page = _stories.absolute(publication, _stories.story_page(story)) if "site" in publication.outputs else None
        value = {
            **item(printed, zone, publication.locale, closed),
            "id": story.id,
            "pageUrl": page,
            "quality": printed.record.quality,
            "reasons": {
                "heat": [reason(one) for one in story.reasons],
                "quality": [reason(one) for one in story.lead.reasons],
            },
            "related": [_related(one, zone) for one in printed.record.related],
        }
        yield file(item_path(story.name), value)


def _related(one: Related, zone: tzinfo) -> dict[str, Any]:
    return {
        "title": one.title,
        "provider": {"name": one.provider.name, "domain": one.provider.domain},
        "webUrl": one.web_url if urls.is_http(one.web_url) else None,
        "publishedDateTime": time(one.published, zone),
        "quality": one.quality,
    }
