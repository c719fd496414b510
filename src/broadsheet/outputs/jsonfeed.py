"""JSON Feed 1.1: `feed.json` of the publication and of every topic, the newest fifty stories each."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from .. import text
from ..types import Edition, File, Publication, Story
from . import _stories


def render(edition: Edition) -> Iterator[File]:
    """One file a feed. Source: jsonfeed.org, version 1.1."""
    for feed in _stories.feeds(edition):
        publication = edition.publication
        document = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title,
            "home_page_url": _stories.absolute(publication, feed.page),
            "feed_url": _stories.absolute(publication, f"{feed.folder}feed.json"),
            "description": feed.description,
            "language": _stories.language(publication.locale),
            "items": [_item(publication, story) for story in feed.stories],
        }
        data = msgspec.json.format(msgspec.json.encode(document), indent=1)
        yield File(path=f"{feed.folder}feed.json", data=data + b"\n")


def _item(publication: Publication, story: Story) -> dict[str, object]:
    """id and url are the story's page, which never moves; external_url is the original. Absent values have no key."""
    lead = story.lead
    page = _stories.absolute(publication, _stories.story_page(story))
    item: dict[str, object] = {
        "id": page,
        "url": page,
        "external_url": _stories.target(lead),
        "title": text.clean(lead.title),
        "summary": _stories.summary(lead),
        "content_html": _stories.content(publication, story),
        "date_published": _stories.rfc3339(lead.published),
        "date_modified": _stories.rfc3339(_stories.changed([story])),
        "authors": [{"name": text.clean(name)} for name in lead.authors or (_stories.provider_name(lead),)],
        "tags": [text.clean(topic) for topic in lead.topics],
        "language": lead.language if _stories.is_language(lead.language) else "",
        "_broadsheet": {"heat": story.heat, "sources": len(_stories.others(story)) + 1}
        | ({"paywalled": True} if lead.paywalled else {}),
    }
    return {key: value for key, value in item.items() if value}
