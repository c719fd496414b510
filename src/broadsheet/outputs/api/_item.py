"""One printed story: its item, all its coverage, and the reasons of its numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import tzinfo
from functools import partial
from typing import Any

from ... import urls
from ...types import Edition, File, PrintedRecord, Publication, Related, Sheet, Story
from .. import _stories
from .._sheets import marks, sheet
from ._form import file, item_path, reason, time
from ._pages import item, paywalled


def items(edition: Edition, zone: tzinfo) -> Iterator[File | Sheet]:
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
        make = partial(_made, publication, story, printed, zone, closed)
        yield sheet(edition, item_path(story.name), (marks(edition, [story]), printed), make)


def _made(
    publication: Publication, story: Story, printed: PrintedRecord, zone: tzinfo, closed: Collection[str]
) -> bytes:
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
    return file(item_path(story.name), value).data


def _related(one: Related, zone: tzinfo) -> dict[str, Any]:
    return {
        "title": one.title,
        "provider": {"name": one.provider.name, "domain": one.provider.domain},
        "webUrl": one.web_url if urls.is_http(one.web_url) else None,
        "publishedDateTime": time(one.published, zone),
        "quality": one.quality,
    }
