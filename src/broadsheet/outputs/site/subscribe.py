"""Every way to follow the publication: feeds of all and of a topic, its sources, its API, and the newsletter."""

from __future__ import annotations

import msgspec

from ... import urls
from ...errors import ParseError
from ...letters import choosing
from ...types import Edition, File, Publication, Topic
from .. import _stories
from ._page import Shared, page

FEEDS = (("rss", "feed.xml", "RSS"), ("atom", "atom.xml", "Atom"), ("jsonfeed", "feed.json", "JSON Feed"))


class Feeds(msgspec.Struct, frozen=True, kw_only=True):
    """The feeds of a topic, or of everything. found: (format, path) of each."""

    topic: Topic | None
    found: tuple[tuple[str, str], ...]


def subscribe(edition: Edition, shared: Shared) -> File:
    publication = edition.publication
    form, origin = newsletter(publication)
    return page(
        "subscribe/index.html",
        "subscribe.html",
        publication,
        shared,
        root="../",
        title=f"Subscribe – {publication.title}",
        description=f"Follow {publication.title} in a feed reader, by mail or by program.",
        whole=feeds(publication, None),
        topical=[feeds(publication, topic) for topic in publication.topics if topic.parent],
        form=form,
        issues="newsletter" in publication.outputs and bool(choosing.printed(edition)),
        policy=f"form-action {origin}" if origin else "form-action 'none'",
    )


def feeds(publication: Publication, topic: Topic | None) -> Feeds:
    folder = _stories.topic_page(topic) if topic is not None else ""
    return Feeds(topic=topic, found=tuple((name, f"{folder}{file}") for out, file, name in on(publication)))


def on(publication: Publication) -> list[tuple[str, str, str]]:
    """Those of FEEDS that are printed."""
    return [feed for feed in FEEDS if feed[0] in publication.outputs]


def newsletter(publication: Publication) -> tuple[str, str]:
    """Address that a reader's own is sent to, and its origin; both empty where there is no newsletter to ask for."""
    try:
        parsed = urls.parse(publication.newsletter.url)
    except ParseError:
        return "", ""
    return f"{str(parsed.href).rstrip('/')}/subscribe", str(parsed.origin)
