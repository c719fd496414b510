"""JSON Feed 1.1: `feed.json` of the publication and of every topic, with pages that lead back to the first story."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

import msgspec

from ..types import Edition, File, Sheet
from . import _archives, _sheets, _stories


def render(edition: Edition) -> Iterator[File | Sheet]:
    """A head and the pages behind it a feed, which are the archives of the Atom feed.

    Source: jsonfeed.org, version 1.1.
    `feed_url` of every page is that of the head, since that is what the feed is known by.
    """
    for chain in _archives.chains(edition):
        feed, last = chain.head, len(chain.parts)
        items = (_stories.item(edition, story) for story in feed.stories)
        older = _page_path(feed.folder, chain.older(last))
        yield File(path=f"{feed.folder}feed.json", data=_document(edition, feed, items, older))
        for number, part in enumerate(chain.parts):
            older = _page_path(feed.folder, chain.older(number))
            make = partial(_page, edition, feed, part, older)
            yield _sheets.sheet(
                edition, _page_path(feed.folder, part.name), (older, _archives.shows(edition, part)), make
            )


def _page_path(folder: str, name: str) -> str:
    return f"{folder}feed/{name}.json" if name else ""


def _page(edition: Edition, feed: _stories.Feed, part: _archives.Part, older: str) -> bytes:
    return _document(edition, feed, (_archives.item(edition, entry) for entry in part.shown), older)


def _document(edition: Edition, feed: _stories.Feed, items: Iterable[_stories.Item], older: str) -> bytes:
    """older: path of the next page, may be empty."""
    publication = edition.publication
    language = _stories.language(publication.locale)
    document: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": _stories.absolute(publication, feed.page),
        "feed_url": _stories.absolute(publication, f"{feed.folder}feed.json"),
        "description": feed.description,
        "next_url": _stories.absolute(publication, older) if older else "",
        "language": language if _stories.is_language(language) else "",
        "hubs": [{"type": "WebSub", "url": hub} for hub in publication.feeds.hubs],
    }
    told = {key: value for key, value in document.items() if value}
    told["items"] = [_item(edition, item) for item in items]
    return msgspec.json.format(msgspec.json.encode(told), indent=1) + b"\n"


def _item(edition: Edition, item: _stories.Item) -> dict[str, object]:
    """id and url are the story's page, which never moves; external_url is the original. Absent values have no key."""
    picture = _stories.picture(edition.publication, item.picture)["url"] if item.picture is not None else ""
    found: dict[str, object] = {
        "id": item.page,
        "url": item.page,
        "external_url": item.target,
        "title": item.title,
        "summary": item.summary,
        "content_html": item.content,
        "image": picture,
        "date_published": _stories.rfc3339(item.published),
        "date_modified": _stories.rfc3339(item.updated),
        "authors": [{"name": name} for name in item.authors or (item.provider,)],
        "tags": list(item.topics),
        "language": item.language,
        "_broadsheet": {"heat": item.heat, "sources": item.sources} | ({"paywalled": True} if item.paywalled else {})
        if item.heat is not None
        else {},
    }
    return {key: value for key, value in found.items() if value}
