"""News in JSON (ninjs 3.1): one object a story, for newsrooms whose systems read that. Not printed unless asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

import msgspec

from .. import text
from ..types import Article, Edition, File, Publication, Sheet, Story, Withdrawn
from . import _sheets, _stories

FOLDER = "api/ninjs/"
STANDARD = {"name": "ninjs", "version": "3.1", "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#"}
MEDIA_TOPICS = "http://cv.iptc.org/newscodes/mediatopic/"


def render(edition: Edition) -> Iterator[File | Sheet]:
    """`api/ninjs/<name of the page>.json` for every printed story, and for every withdrawn one, of which only its state
    is told; `api/ninjs/index.json` lists them. Source: IPTC ninjs 3.1."""
    since = {printing.story: printing.at for printing in edition.printings}
    index: list[dict[str, str]] = []
    for story in _stories.newest(edition):
        path, first = _path(story.name), since.get(story.id)
        shows = (edition.marks.get(story.id, story), first)
        yield _sheets.sheet(edition, path, shows, partial(_document, edition, story, first))
        listed = _identity(edition.publication, story.name, "usable")
        index.append(listed | {"versionCreated": _stories.rfc3339(_stories.changed([story]))} | _href(edition, path))
    for gone in edition.withdrawn:
        told = _withdrawn(edition.publication, gone)
        yield File(path=_path(gone.name), data=_bytes(told))
        index.append(told | _href(edition, _path(gone.name)))
    yield File(path=f"{FOLDER}index.json", data=_bytes({"items": index}))


def _path(name: str) -> str:
    return f"{FOLDER}{name.removesuffix('.md')}.json"


def _href(edition: Edition, path: str) -> dict[str, str]:
    return {"href": _stories.absolute(edition.publication, path)}


def _identity(publication: Publication, name: str, status: str) -> dict[str, str]:
    return {"uri": _stories.absolute(publication, _stories.page_of(name)), "pubStatus": status}


def _withdrawn(publication: Publication, gone: Withdrawn) -> dict[str, str]:
    return _identity(publication, gone.name, gone.state)


def _document(edition: Edition, story: Story, first: datetime | None) -> bytes:
    publication, item = edition.publication, _stories.item(edition, story)
    document: dict[str, object] = {
        **_identity(publication, story.name, "usable"),
        "standard": STANDARD,
        "type": "video" if story.lead.type == "video" else "text",
        "representationType": "partial",  # the whole of it is at its provider
        "firstCreated": _stories.rfc3339(first) if first is not None else "",
        "versionCreated": _stories.rfc3339(item.updated),
        "contentCreated": _stories.rfc3339(item.published),
        "language": item.language,
        "headlines": [{"value": item.title}],
        "descriptions": [{"role": "summary", "contentType": "text/plain", "value": item.summary}]
        if item.summary
        else [],
        "by": ", ".join(item.authors),
        "subjects": _subjects(publication, story.lead),
        "infoSources": [_source(article) for article in (story.lead, *_stories.others(story))],
        "altIds": [{"role": "story", "value": story.id}, {"role": "original", "value": item.original}],
        "renditions": _renditions(publication, item),
        "associations": [
            {
                "name": f"coverage-{number}",
                "rel": "coverage",
                "uri": article.url,
                "headlines": [{"value": text.clean(article.title) or _stories.provider_name(article)}],
                "infoSources": [_source(article)],
            }
            for number, article in enumerate(story.related, start=1)
        ],
    }
    return _bytes({key: value for key, value in document.items() if value})


def _subjects(publication: Publication, lead: Article) -> list[dict[str, str]]:
    """Each of its topics by our page for it, and by its IPTC Media Topic where it has one."""
    found = []
    for topic in publication.topics:
        if topic.name in lead.topics:
            name = text.clean(topic.name)
            found.append({"name": name, "uri": _stories.absolute(publication, _stories.topic_page(topic))})
            if code := topic.media_topic.removeprefix("medtop:"):
                found.append({"name": name, "uri": f"{MEDIA_TOPICS}{code}"})
    return found


def _source(article: Article) -> dict[str, str]:
    return {"name": _stories.provider_name(article), "role": "publisher", "literal": article.provider.domain}


def _renditions(publication: Publication, item: _stories.Item) -> list[dict[str, object]]:
    if item.picture is None:
        return []
    told = _stories.picture(publication, item.picture)
    size = {"width": int(told["width"]), "height": int(told["height"])}
    return [{"name": "thumbnail", "href": told["url"], "contentType": told["type"], **size}]


def _bytes(document: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"
