"""The Transport protocol served from WARC files or from a folder of saved pages: the same run, without a network."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self
from urllib.parse import urlsplit

import msgspec

from .. import urls
from ..errors import FetchError, ParseError, UsageError
from ..types import FetchLimits, HostState
from . import Reply, archive, response, saved, warc
from .live import LiveFetcher
from .politeness import Politeness

_UNBOUNDED = float("inf")
_CUT_FROM = 8 * 1024 * 1024  # bytes that a saved answer may have, for its beginning to be taken
_OF_THE_SITE = frozenset(("/robots.txt", "/.well-known/tdmrep.json"))  # where it is not saved, there was none


class Place(NamedTuple):
    """Where an answer is saved: a record `offset` bytes into file number `file`, or a file of its own."""

    kind: str  # as of warc.Record; "page": a file of its own; "broken": see warc.Broken
    status: int
    at: datetime | None
    file: int
    offset: int = -1
    content_type: str = ""


def open_offline(path: Path, now: datetime, limits: FetchLimits, known: Iterable[HostState] = ()) -> LiveFetcher:
    """A Fetcher that answers from `path` alone, as OfflineTransport does, and waits for nobody.

    limits: the sizes hold here too. known: what hosts asked of us in earlier cycles; a robots.txt that was saved holds
    as well. Raises UsageError when there is nothing to serve.
    """
    politeness = Politeness(known, now, patience=_UNBOUNDED, sleep=_at_once)
    return LiveFetcher(OfflineTransport(path, now), politeness, limits, now)


async def _at_once(_seconds: float) -> None:
    """Wait for nobody."""


class OfflineTransport:
    """Answers from what was saved, looked up by the URL as it is asked, else by urls.canonical, else urls.identity.

    Only an index is in memory: digests of addresses, and where their answers lie.
    """

    def __init__(self, path: Path, now: datetime) -> None:
        """path: a `.warc` or `.warc.gz`, a folder of them, or a folder of saved pages with its index (see saved.pages).

        now: the clock of the cycle. Of several answers of a URL the one of exactly that moment counts, which is how a
        cycle that was archived is replayed; else the last whole one not after it; else the first whole one after it;
        else the same of failures. Raises UsageError when there is nothing to serve.
        """
        if not path.exists():
            raise UsageError("no such file or folder", str(path), "give a WARC file or a folder of saved pages")
        self.now = now
        self._files: list[Path] = []
        self._places: dict[bytes, Place] = {}
        self._beginnings: dict[bytes, Place] = {}  # answers of which only a beginning is saved
        self._unchanged: dict[bytes, Place] = {}  # 304s of exactly this moment: the answers to conditional requests
        self._spellings: dict[bytes, bytes] = {}  # looser form -> the first address that has it
        archives = warc.files_in(path)
        for url, place in self._archived(archives) if archives else self._saved(path):
            self._add(url, place)
        if not self._places and not self._unchanged and not self._beginnings:
            raise UsageError("no saved page in it", str(path), "is it an archive of something else?")

    async def exchange(
        self,
        url: str,
        *,
        most: int,
        seconds: float,  # noqa: ARG002
        headers: Mapping[str, str] | None = None,
        cut: bool = False,
    ) -> Reply:
        """What was saved: its status, header and body; 304 where the header asks for another ETag than its own.

        A saved page without an ETag has one made of its body. A failure that was archived is raised again; what was
        not saved is a permanent FetchError, but for a missing robots.txt and the like, which are answered with 404.
        """
        asked = {name.lower(): value for name, value in (headers or {}).items()}
        key = self._found(url)
        conditional = "if-none-match" in asked or "if-modified-since" in asked
        if cut and key in self._beginnings:
            place = self._beginnings[key]
        elif key in self._unchanged and (conditional or key not in self._places):
            place = self._unchanged[key]
        elif key in self._places:
            place = self._places[key]
        elif urlsplit(url).path in _OF_THE_SITE:
            return Reply(url=url, status=404)
        else:
            raise FetchError(url, "not in the offline archive", status=404, permanent=True)
        bound = max(most, _CUT_FROM) if cut else most
        reply = self._page(url, place, bound) if place.kind == "page" else self._record(url, place, bound)
        if cut and len(reply.body) > most:
            return msgspec.structs.replace(reply, status=response.PART, body=reply.body[:most])
        is_whole = reply.status in response.WHOLE
        if place.at != self.now and is_whole and asked.get("if-none-match") == reply.headers["etag"]:
            return msgspec.structs.replace(reply, status=304, body=b"")
        return reply

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        return None

    # --- the index

    def _archived(self, files: list[Path]) -> Iterator[tuple[str, Place]]:
        for number, file in enumerate(files):
            self._files.append(file)
            for record in warc.records(file, archive.failure_size):
                if isinstance(record, warc.Broken):
                    yield record.url, Place("broken", 0, None, number, record.offset)
                    continue
                if record.offset < 0:
                    raise UsageError("compressed as one piece", str(file), "`fastwarc recompress` makes it readable")
                if record.kind != "metadata" or archive.failure_of(record):
                    yield record.url, Place(record.kind, record.status, record.at, number, record.offset)

    def _saved(self, folder: Path) -> Iterator[tuple[str, Place]]:
        for page in saved.pages(folder):
            yield page.url, Place("page", page.status, None, len(self._files), content_type=page.content_type)
            self._files.append(page.file)

    def _add(self, url: str, place: Place) -> None:
        try:
            parsed = urls.parse(url)
            parsed.hash = ""
            exact, canonical = str(parsed.href), urls.canonical(url)
        except ParseError:
            return  # dns: and the like
        key = _key(exact)
        for other in (canonical, urls.identity(canonical)):
            self._spellings.setdefault(_key(other), key)
        if place.kind == "revisit":
            if place.status == 304 and place.at == self.now:
                self._unchanged[key] = place
        elif place.status == response.PART:
            if key not in self._beginnings or self._rank(place) >= self._rank(self._beginnings[key]):
                self._beginnings[key] = place
        elif key not in self._places or self._rank(place) >= self._rank(self._places[key]):
            self._places[key] = place

    def _rank(self, place: Place) -> tuple[bool, bool, bool, float]:
        """What decides between two answers of a URL; of equals the later one in the files counts."""
        past = place.at is None or place.at <= self.now
        age = abs((self.now - place.at).total_seconds()) if place.at else 0.0
        return place.at == self.now, place.status in response.WHOLE, past, -age

    def _found(self, url: str) -> bytes:
        key = _key(url)
        if key in self._places or key in self._unchanged or key in self._beginnings:
            return key
        try:
            canonical = urls.canonical(url)
            forms = (_key(canonical), _key(urls.identity(canonical)))
        except ParseError as exc:
            raise FetchError(url, exc.what, kind="refused", permanent=True) from exc
        return next((self._spellings[form] for form in forms if form in self._spellings), b"")

    # --- answers

    def _page(self, url: str, place: Place, most: int) -> Reply:
        headers = {"content-type": place.content_type} if place.content_type else {}
        page = saved.SavedPage(file=self._files[place.file], url=url, status=place.status)
        try:
            body = saved.body_of(page, most)
        except OSError as exc:
            raise saved.unreadable(page, exc) from exc
        return _reply(url, place.status, headers, body)

    def _record(self, url: str, place: Place, most: int) -> Reply:
        found = warc.records(self._files[place.file], lambda _: most, place.offset)
        record = next(found, None)
        if not isinstance(record, warc.Record):
            reason = f"saved response is {record.reason}" if record else "the archive has changed"
            raise FetchError(url, reason, kind="bounds", permanent=True)
        if failure := archive.failure_of(record):
            raise failure
        if not record.status:
            raise FetchError(url, "saved response has no HTTP header", permanent=True)
        headers = warc.headers_of(record)
        if record.status not in response.WHOLE and record.status != response.PART:
            return Reply(url=url, status=record.status, headers=headers)
        if record.status == response.PART:  # that it is cut off is no fault of it
            record = msgspec.structs.replace(record, cut="")
        body = warc.payload(msgspec.structs.replace(record, url=url), most)
        if place.at == self.now or record.status == response.PART:
            return Reply(url=url, status=record.status, headers=headers, body=body)
        return _reply(url, record.status, headers, body)


def _reply(url: str, status: int, headers: dict[str, str], body: bytes) -> Reply:
    if status in response.WHOLE and "etag" not in headers:
        headers = {**headers, "etag": f'"{hashlib.sha256(body).hexdigest()[:32]}"'}
    return Reply(url=url, status=status, headers=headers, body=body if status in response.WHOLE else b"")


def _key(url: str) -> bytes:
    return hashlib.blake2b(url.encode(), digest_size=16).digest()
