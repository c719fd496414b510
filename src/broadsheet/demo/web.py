"""Serve the demo's web on loopback: every site on one port, told apart by the Host header."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

from ..types import Struct
from . import content, feeds, pages, pictures
from .content import CLOCK, Feed, Piece, Site

__all__ = ["CLOCK", "DOMAINS", "Resource", "Web", "resources", "serve"]

DOMAINS = tuple(site.domain for site in content.sites().values())
_HTML = "text/html; charset=utf-8"
_TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "rss-full": "application/rss+xml; charset=utf-8",
    "rdf": "application/rdf+xml",
    "atom": "application/atom+xml; charset=utf-8",
    "jsonfeed": "application/feed+json",
    "sitemap": "application/xml",
}
_MISSING = b"<!doctype html><title>Not found</title><h1>Not found</h1><p>There is nothing at this address."
_FAILING = b"<!doctype html><title>Error</title><h1>Something went wrong</h1><p>We have been told."
_MOVED = (
    b"<!doctype html><html><head><title>We have moved</title></head>"
    b"<body><h1>We have moved</h1><p>The bulletin is now sent by post.</body></html>"
)


class Picture(Struct, frozen=True, kw_only=True):
    """What to draw when somebody asks for it."""

    scene: str
    width: int
    height: int
    seed: int


class Resource(Struct, frozen=True, kw_only=True):
    """What stands at one address."""

    status: int = 200
    content_type: str = _HTML
    body: bytes = b""
    modified: datetime = content.CLOCK[0]
    picture: Picture | None = None

    def data(self) -> bytes:
        if self.picture is None:
            return self.body
        return pictures.png(self.picture.scene, self.picture.width, self.picture.height, self.picture.seed)


class Web(Struct, frozen=True, kw_only=True):
    """The web while it is served: `address` is "127.0.0.1:PORT"."""

    address: str


@contextmanager
def serve(day: int) -> Iterator[Web]:
    """Serve the web of day 1 or 2 on a free port of 127.0.0.1 until the block ends.

    Day 2 adds the pieces of its day and keeps the older ones. Raises ValueError for another day, OSError when there is
    no port to be had.
    """
    if day not in (1, 2):
        raise ValueError(f"day must be 1 or 2, got {day}")
    served = resources(day)

    class Answers(_Answers):
        at = served

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="demo-web", daemon=True)
    thread.start()
    try:
        yield Web(address=f"127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@cache
def resources(day: int) -> dict[str, Resource]:
    """Everything that is served on that day: host and path (with query, without fragment) -> what stands there."""
    found: dict[str, Resource] = {}
    for site in content.sites().values():
        host = site.host or site.domain
        here = {f"{host}{path}": resource for path, resource in _of_site(site, day)}
        found |= here
        if host != site.domain:  # the bare domain answers, too
            found |= {site.domain + key.removeprefix(host): resource for key, resource in here.items()}
    return found


def _of_site(site: Site, day: int) -> Iterator[tuple[str, Resource]]:
    own = content.published(day, site)
    newest = own[0].at if own else CLOCK[0]
    robots = "User-agent: *\nDisallow: /subscribers/\nDisallow: /search\n"
    yield "/robots.txt", Resource(content_type="text/plain; charset=utf-8", body=robots.encode())
    shown = [piece for piece in own if piece.kind != "robots"]
    yield "/", Resource(body=pages.front(site, day, shown[:20]), modified=newest)
    for pixels in (50, 400):
        drawn = Picture(scene="noon", width=pixels, height=pixels, seed=zlib.crc32(site.key.encode()))
        yield f"/images/logo-{pixels}x{pixels}.png", Resource(content_type="image/png", picture=drawn)
    for piece in own:
        yield from _of_piece(piece, site, day)
    for feed in site.feed:
        yield feed.path, _feed(feed, site, day, newest)
        for extra in feed.extra:
            if extra.kind == "tag-page":
                yield (
                    urlsplit(extra.url).path,
                    Resource(body=pages.front(site, day, shown[:8], extra.title), modified=newest),
                )


def _of_piece(piece: Piece, site: Site, day: int) -> Iterator[tuple[str, Resource]]:
    path = content.url(piece).removeprefix(site.origin)
    yield path, Resource(body=pages.article(piece, day), modified=piece.at)
    if site.look == "accelerated":
        yield f"{path}/amp", Resource(body=pages.article(piece, day, "amp"), modified=piece.at)
    if piece.copy:
        yield piece.copy, Resource(body=pages.article(piece, day, canonical=piece.copy_canonical), modified=piece.at)
    if piece.video:
        player = f"<!doctype html><title>{piece.slug}</title><p>{piece.video} s</p>".encode()
        yield f"/embed/{piece.slug}", Resource(body=player, modified=piece.at)
    width, height = piece.size
    if width:
        seed = zlib.crc32((piece.story or piece.key).encode())
        drawn = Picture(scene=piece.image.split()[0], width=width, height=height, seed=seed)
        image = content.image_url(piece).removeprefix(site.origin)
        yield image, Resource(content_type="image/png", picture=drawn, modified=piece.at)


def _feed(feed: Feed, site: Site, day: int, newest: datetime) -> Resource:
    if feed.form == "gone":
        return Resource(status=404, body=_MISSING)
    if feed.form == "failing":
        return Resource(status=500, body=_FAILING)
    if feed.form == "moved":
        return Resource(body=_MOVED)
    if feed.form == "index":
        relative = "relative" in feed.quirks
        body = pages.front(site, day, feeds.listed(feed, site, day), f"{site.name}: {site.nav[0]}", relative)
        return Resource(body=body, modified=newest)
    encoded = "application/rss+xml" if "windows-1251" in feed.quirks else _TYPES[feed.form]
    extra = [e.at for e in feed.extra if e.at <= CLOCK[day - 1]]
    return Resource(
        content_type=encoded, body=feeds.render(feed, site, day), modified=max([*extra, newest]) if extra else newest
    )


class _Answers(BaseHTTPRequestHandler):
    """HTTP/1.1 with validators (RFC 9110, section 13) and gzip for those who ask; keeps no log and names no clock."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # headers and body in one write
    disable_nagle_algorithm = True
    timeout = 30
    at: dict[str, Resource] = {}  # set in a class made for each server

    def do_GET(self) -> None:
        host = (self.headers.get("Host") or "").partition(":")[0].lower()
        found = self.at.get(host + self.path) or self.at.get(host + urlsplit(self.path).path)
        self._answer(found or Resource(status=404, body=_MISSING))

    do_HEAD = do_GET  # noqa: N815 - the name that http.server looks for

    def _answer(self, found: Resource) -> None:
        body = found.data()
        etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
        unchanged = found.status == 200 and self._holds(etag, found.modified)
        self.send_response_only(304 if unchanged else found.status)
        if found.status == 200:
            self.send_header("ETag", etag)
            self.send_header("Last-Modified", format_datetime(found.modified, usegmt=True))
            self.send_header("Vary", "Accept-Encoding")
        if not unchanged:
            self.send_header("Content-Type", found.content_type)
            if found.picture is None and "gzip" in self.headers.get("Accept-Encoding", ""):
                self.send_header("Content-Encoding", "gzip")
                body = gzip.compress(body, 6, mtime=0)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET" and not unchanged:
            self.wfile.write(body)

    def _holds(self, etag: str, modified: datetime) -> bool:
        """Is what the client has still good? If-None-Match is asked first, as the RFC says."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return tags.strip() == "*" or etag in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
        since = self.headers.get("If-Modified-Since")
        try:
            return since is not None and parsedate_to_datetime(since) >= modified
        except (ValueError, TypeError):
            return False

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's name
        """Keep quiet."""
