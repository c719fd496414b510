"""Announce: tell WebSub hubs which feeds changed, once their files are in place.

What is told is only that there is something new: a hub fetches the feed itself. How a publisher tells its hub is no
part of the standard (WebSub, W3C Recommendation of 23 January 2018, section 6). Hubs take a form with
`hub.mode=publish` and the feed as `hub.url`, some as `hub.topic`, so it stands in both; one request a feed, since not
every hub takes more. What a killed program did not tell is told when the feed changes next; until then its readers ask
as ever.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Protocol

from ..errors import FetchError
from ..fetch import Reply
from ..fetch.http import HttpTransport, user_agent
from ..outputs import _stories
from ..types import Publication

FILES = {"rss": "feed.xml", "atom": "atom.xml", "jsonfeed": "feed.json"}  # output -> name of the head of each feed
TRIES = 3
WAITS = (2.0, 8.0)  # seconds before the second and the third
AGAIN = (408, 429)  # below 500, what may go better a little later
NONE: Mapping[str, str] = {}


class Poster(Protocol):
    """The guarded way to a hub."""

    async def post(self, url: str, form: Mapping[str, str]) -> Reply:
        """Send `form` URL-encoded, follow no redirect. Raises FetchError; a status is no error here."""
        ...


def changed_feeds(publication: Publication, written: Iterable[str]) -> tuple[str, ...]:
    """Addresses of the feeds among the files that were written, sorted. Archives are none: nobody subscribes to them.

    written: paths below the site.
    """
    folders = ("", *(_stories.topic_page(topic) for topic in publication.topics))
    names = [FILES[output] for output in publication.outputs if output in FILES]
    heads = {f"{folder}{name}" for folder in folders for name in names}
    return tuple(sorted(_stories.absolute(publication, path) for path in heads.intersection(written)))


def announce(publication: Publication, written: Iterable[str], hosts: Mapping[str, str] = NONE) -> tuple[str, ...]:
    """Tell every hub of the publication of every feed among `written`: one line for each hub that could not be told.

    hosts: added to those of the settings. Never raises for what a hub does. Without hubs nothing is opened.
    """
    feeds = changed_feeds(publication, written)
    if not feeds or not publication.feeds.hubs:
        return ()

    async def work() -> tuple[str, ...]:
        agent = user_agent(publication.contact, publication.url)
        async with HttpTransport(publication.fetch, agent, {**publication.hosts, **hosts}) as transport:
            return await tell(publication.feeds.hubs, feeds, transport, asyncio.sleep)

    return asyncio.run(work())


async def tell(
    hubs: Iterable[str], feeds: Sequence[str], poster: Poster, wait: Callable[[float], Awaitable[None]]
) -> tuple[str, ...]:
    """Tell each hub of each feed, the hubs side by side: one line for each hub that was not told of all.

    wait: for so many seconds. A hub that does not answer is given up after TRIES, with all feeds that it has not been
    told of; one that refuses a feed is told of the others.
    """

    async def one(hub: str) -> str:
        missed, reason = 0, ""
        for told, feed in enumerate(feeds):
            failure, is_final = await _publish(poster, hub, feed, wait)
            reason = reason or failure
            if failure and not is_final:
                missed += len(feeds) - told
                break
            missed += bool(failure)
        return f"hub {hub} was not told of {missed} of {len(feeds)} feeds that changed: {reason}" if missed else ""

    return tuple(filter(None, await asyncio.gather(*map(one, dict.fromkeys(hubs)))))


async def _publish(poster: Poster, hub: str, feed: str, wait: Callable[[float], Awaitable[None]]) -> tuple[str, bool]:
    """Why the hub was not told, empty when it was; and whether that is its answer about this feed, not its silence."""
    form = {"hub.mode": "publish", "hub.url": feed, "hub.topic": feed}
    failure = ""
    for number in range(TRIES):
        if number:
            await wait(WAITS[number - 1])
        try:
            status = (await poster.post(hub, form)).status
        except FetchError as exc:
            failure = exc.reason
            if exc.permanent:
                break
            continue
        if 200 <= status < 300:
            return "", True
        failure = f"HTTP {status}"
        if status < 500 and status not in AGAIN:
            return failure, True
    return failure, False
