"""The Fetcher protocol served from WARC files or from a folder of saved pages: the same run, without a network."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from .. import urls
from ..errors import FetchError, ParseError, UsageError
from ..types import FetchLimits, Page, Struct, Validators
from . import Request, response

_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")


class Place(Struct, frozen=True):
    """Where a saved response lies: a file of its own, or a record `offset` bytes into a WARC file."""

    file: Path
    offset: int = -1
    status: int = 200
    content_type: str = ""


class Saved(Struct, frozen=True):
    """One saved response with its encodings taken off."""

    status: int
    headers: dict[str, str]
    body: bytes


class Line(msgspec.Struct, frozen=True, rename={"content_type": "contentType"}):
    """One line of an index: `{"file": "html/a.html.gz", "url": "https://...", "contentType"?, "status"?}`."""

    file: str
    url: str
    content_type: str = ""
    status: int = 200


def open_offline(path: Path, now: datetime, limits: FetchLimits | None = None) -> OfflineFetcher:
    """A Fetcher that answers from `path` alone: a `.warc` or `.warc.gz`, a folder of them, or a folder of saved pages.

    A folder of pages has an `index.jsonl` (or any `*.jsonl`) whose lines name `file`, relative to the folder or to its
    `html/`, and `url`; a `.gz` file is decompressed. now: written into each page. limits: the sizes hold here too.
    Only the index is kept in memory. Raises UsageError when there is nothing to serve.
    """
    if not path.exists():
        raise UsageError("no such file or folder", str(path), "give a WARC file or a folder of saved pages")
    archives = _warc_files(path)
    places = _index_warc(archives) if archives else _index_folder(path)
    if not places:
        raise UsageError("no saved page in it", str(path), "an index needs lines with `file` and `url`")
    return OfflineFetcher(places, now, limits or FetchLimits())


class OfflineFetcher:
    """Answers from saved responses, looked up by canonical URL, else by the looser urls.identity."""

    def __init__(self, places: dict[str, Place], now: datetime, limits: FetchLimits) -> None:
        self.now, self.limits = now, limits
        self._places = places
        self._spellings: dict[str, str] = {}
        for url in places:  # of two spellings of one address the first stays
            self._spellings.setdefault(urls.identity(url), url)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Canonical URL of everything that is saved, sorted."""
        return tuple(sorted(self._places))

    async def get(self, request: Request) -> Page:
        """The saved page, through saved redirects; status 304 where the body is the one of `request.validators`."""
        where = request.url
        for _ in range(self.limits.redirects + 1):
            saved = self._read(request, where)
            if saved.status not in response.REDIRECTS:
                return self._page(request, where, saved)
            where = response.redirect(request.url, where, saved.headers.get("location", ""))
        raise FetchError(request.url, f"more than {self.limits.redirects} redirects")

    def _read(self, request: Request, where: str) -> Saved:
        try:
            canonical = urls.canonical(where)
            known = canonical if canonical in self._places else self._spellings.get(urls.identity(canonical), "")
        except ParseError as exc:
            raise FetchError(request.url, exc.what, permanent=True) from exc
        if not known:
            raise FetchError(request.url, "not in the offline archive", permanent=True)
        place, most = self._places[known], response.decoded_limit(request, self.limits)
        try:
            return (
                _saved_file(request.url, place, most) if place.offset < 0 else _saved_record(request.url, place, most)
            )
        except OSError as exc:  # fastwarc's errors are OSErrors too
            reason = " ".join((exc.strerror or str(exc)).split())[:80]
            raise FetchError(request.url, f"saved page cannot be read: {reason}", permanent=True) from exc

    def _page(self, request: Request, where: str, saved: Saved) -> Page:
        response.check_status(request.url, saved.status, saved.headers, self.now)
        etag = f'"{hashlib.sha256(saved.body).hexdigest()[:32]}"'
        held = request.validators.etag == etag
        return Page(
            url=request.url, final_url=where, status=304 if held else 200, body=b"" if held else saved.body,
            headers=saved.headers, content_type=saved.headers.get("content-type", ""), fetched_at=self.now,
            validators=Validators(etag=etag),
        )  # fmt: skip

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        return None


# --- a folder of saved pages -----------------------------------------------------------------------------------------


def _index_folder(folder: Path) -> dict[str, Place]:
    if not folder.is_dir():
        raise UsageError(
            "neither a WARC file nor a folder", str(folder), "give a .warc, a .warc.gz or a folder of pages"
        )
    own = folder / "index.jsonl"
    indexes = [own] if own.is_file() else sorted(folder.glob("*.jsonl"))
    if not indexes:
        advice = 'put lines of {"file": ..., "url": ...} into index.jsonl'
        raise UsageError("a folder of saved pages needs an index", str(folder), advice)
    places: dict[str, Place] = {}
    for index in indexes:
        for line in _lines(index, strict=index == own):
            file = _saved_as(folder, line.file)
            if file is None:
                raise UsageError(
                    f"saved page not found: {line.file[:200]}", str(index), "is the file beside its index?"
                )
            try:
                where = urls.canonical(line.url)
            except ParseError as exc:
                raise UsageError(str(exc), str(index)) from exc
            places[where] = Place(file=file, status=line.status, content_type=line.content_type)
    return places


def _lines(index: Path, strict: bool) -> Iterator[Line]:
    """Lines of an index; where the file was not made to be one (not strict), lines of another kind are left out."""
    decoder = msgspec.json.Decoder(Line)
    try:
        with index.open("rb") as rows:
            for number, row in enumerate(rows, 1):
                try:
                    if row.strip():
                        yield decoder.decode(row)
                except (msgspec.MsgspecError, UnicodeError) as exc:
                    if strict:
                        raise UsageError(f"line {number}: {exc}", str(index)) from exc
    except OSError as exc:
        raise UsageError("cannot read the index", str(index), exc.strerror or "") from exc


def _saved_as(folder: Path, name: str) -> Path | None:
    """The file that an index names, inside the folder and nowhere else."""
    root = folder.resolve()
    try:
        found = ((parent / name).resolve() for parent in (root, root / "html"))
        return next((file for file in found if file.is_relative_to(root) and file.is_file()), None)
    except (OSError, ValueError):  # a name that no file can have
        return None


def _saved_file(url: str, place: Place, most: int) -> Saved:
    gzipped = place.file.suffix == ".gz"
    with place.file.open("rb") as file:
        raw = file.read(most + 1)
    body = response.decoded(url, raw, ("gzip",) if gzipped else (), most)
    return Saved(
        status=place.status, headers={"content-type": place.content_type} if place.content_type else {}, body=body
    )


# --- WARC (ISO 28500), read with fastwarc from the extra `warc` -------------------------------------------------------


def _warc_files(path: Path) -> list[Path]:
    candidates = [path] if path.is_file() else sorted(path.iterdir()) if path.is_dir() else []
    return [file for file in candidates if file.name.lower().endswith((".warc", ".warc.gz"))]


def _fastwarc() -> Any:
    try:
        from fastwarc import warc
    except ImportError as exc:
        raise UsageError("reading WARC needs the extra `warc`", "fastwarc", "pip install 'broadsheet[warc]'") from exc
    return warc


def _index_warc(files: list[Path]) -> dict[str, Place]:
    """Offsets of the response and resource records by canonical URL: the last that is whole, else the last."""
    places: dict[str, Place] = {}
    for file in files:
        last = -1
        for offset, target, status in _records(file):
            if offset <= last:  # one gzip member around all records: there is nothing to jump to
                raise UsageError("compressed as one piece", str(file), "`fastwarc recompress` makes it readable")
            last = offset
            try:
                where = urls.canonical(target)
            except ParseError:
                continue  # dns: and the like
            if status == 200 or where not in places or places[where].status != 200:
                places[where] = Place(file=file, offset=offset, status=status)
    return places


def _records(file: Path) -> Iterator[tuple[int, str, int]]:
    """(offset, target URL, HTTP status) of each record that holds a resource."""
    warc = _fastwarc()
    wanted = warc.WarcRecordType.response | warc.WarcRecordType.resource
    try:
        with file.open("rb") as stream:
            for record in warc.ArchiveIterator(stream, record_types=wanted, parse_http=False):
                target = (record.headers.get("WARC-Target-URI") or "").strip("<> ")
                yield record.stream_pos, target, _status(record)
    except OSError as exc:
        raise UsageError("not a readable WARC file", str(file), " ".join(str(exc).split())[:120]) from exc


def _status(record: Any) -> int:
    """HTTP status of a record; 0 where its HTTP header is no header, which must not cost the rest of the file."""
    if not record.is_http:
        return 200
    try:
        record.parse_http()
    except OSError:
        return 0
    return record.http_headers.status_code or 0


def _saved_record(url: str, place: Place, most: int) -> Saved:
    """Raises FetchError, and OSError from fastwarc."""
    if not place.status:
        raise FetchError(url, "saved response has no HTTP header", permanent=True)
    with place.file.open("rb") as stream:
        stream.seek(place.offset)
        record = next(iter(_fastwarc().ArchiveIterator(stream, parse_http=True)))
        fields = (
            record.http_headers.to_tuples()
            if record.is_http
            else [("Content-Type", record.headers.get("Content-Type", ""))]
        )
        raw = _read_up_to(record.reader, most + 1)
    if len(raw) > most:
        raise response.too_big(url, most)
    if len(raw) < record.content_length:
        raise FetchError(url, "saved response is cut off", permanent=True)
    headers = response.lower_names(fields)
    if "chunked" in headers.get("transfer-encoding", "").lower():
        raw = unchunked(raw)
    encoding = response.encodings(value for name, value in fields if name.lower() == "content-encoding")
    body = _unbrotli(url, raw, most) if encoding == ("br",) else response.decoded(url, raw, encoding, most)
    return Saved(status=place.status, headers=headers, body=body)


def unchunked(raw: bytes) -> bytes:
    """Chunks joined (RFC 9112, section 7.1). Crawlers often keep the header and save the joined body: that stays."""
    out: list[bytes] = []
    at = 0
    while match := _CHUNK.match(raw, at):
        size = int(match[1], 16)
        if size == 0:
            return b"".join(out)
        out.append(raw[match.end() : match.end() + size])
        at = match.end() + size
        at += 2 if raw[at : at + 2] == b"\r\n" else 1
    return b"".join(out) if out and at >= len(raw) else raw


def _unbrotli(url: str, raw: bytes, most: int) -> bytes:
    """Browsers that record archives ask for brotli; fastwarc brings a decoder that stops where we stop reading."""
    from fastwarc.stream_io import BrotliReader

    body = _read_up_to(BrotliReader(io.BytesIO(raw)), most + 1)
    if len(body) > most:
        raise response.too_big(url, most)
    return body


def _read_up_to(reader: Any, most: int) -> bytes:
    out = bytearray()
    while len(out) < most and (piece := reader.read(min(65_536, most - len(out)))):
        out += piece
    return bytes(out)
