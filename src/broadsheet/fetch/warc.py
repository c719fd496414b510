"""Read WARC files (ISO 28500) record by record, past what is broken, with fastwarc from the extra `warc`."""

from __future__ import annotations

import io
import os
import re
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from ..errors import FetchError, UsageError
from ..types import Struct
from . import response

SUFFIXES = (".warc", ".warc.gz", ".warc.part", ".warc.gz.part")  # .part: still being written, or its writer was killed
KINDS = ("response", "resource", "revisit", "metadata")  # records that say what a URL answered

_LENGTH = re.compile(rb"\ncontent-length:[ \t]*(\d{1,18})", re.IGNORECASE)
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_GZIP, _PLAIN = b"\x1f\x8b\x08", b"WARC/1."  # how a record begins
_STEP = 1_048_576  # bytes looked through at a time for the next record
_HEADER = 65_536  # bytes that a record's own header may have


class Record(Struct, frozen=True, kw_only=True):
    """What one URL answered, as it was saved: its encodings are still on the body."""

    file: Path
    number: int  # of the record among those of its file, broken ones not counted
    offset: int  # bytes into the file, where reading may begin
    kind: str  # one of KINDS
    url: str  # WARC-Target-URI, as given
    at: datetime | None  # WARC-Date
    cut: str = ""  # WARC-Truncated: why its writer left some of it out
    status: int  # of HTTP; 200 for a resource, 0 where an HTTP header is no header
    fields: tuple[tuple[str, str], ...] = ()  # of the HTTP header
    body: bytes = b""  # as far as it was wanted


class Broken(Struct, frozen=True):
    """A place in a file where no whole record is. The file is read on behind it."""

    file: Path
    offset: int
    reason: str
    url: str = ""  # of the record, where that much of it is there

    def __str__(self) -> str:
        return f"{self.file}: broken record at byte {self.offset}: {self.reason}"


Wanted = Callable[[Record], int]


def files_in(path: Path) -> list[Path]:
    """The WARC file that `path` is, or those of the folder, by name."""
    candidates = [path] if path.is_file() else sorted(path.iterdir()) if path.is_dir() else []
    return [file for file in candidates if file.name.lower().endswith(SUFFIXES)]


def records(file: Path, wanted: Wanted, start: int = 0) -> Iterator[Record | Broken]:
    """Whole records of KINDS from byte `start` on, in the file's order, and where something is broken.

    wanted: of a record without its body, bytes of the body to bring; one more comes where there are more, and the rest
    is passed over. Memory is that of one body. Behind a broken place reading begins again at the next thing that
    begins like a record. Raises UsageError without fastwarc, or where the file cannot be opened.
    """
    iterator = _iterator()
    try:
        with file.open("rb") as stream:
            yield from _Reader(file, stream, wanted, iterator).read(start)
    except OSError as exc:
        raise UsageError("cannot read", str(file), exc.strerror or " ".join(str(exc).split())[:120]) from exc


def _iterator() -> Any:
    try:
        from fastwarc import warc
    except ImportError as exc:
        raise UsageError("reading WARC needs the extra `warc`", "fastwarc", "pip install 'broadsheet[warc]'") from exc
    return warc.ArchiveIterator


class _Reader:
    """One file on its way from front to back."""

    def __init__(self, file: Path, stream: BinaryIO, wanted: Wanted, iterator: Any) -> None:
        self.file, self.stream, self.wanted, self.iterator = file, stream, wanted, iterator
        first = stream.read(len(_PLAIN))
        self.packed = first.startswith(_GZIP[:2]) or (".gz" in file.suffixes and first != _PLAIN)
        self.number = 0

    def read(self, begin: int) -> Iterator[Record | Broken]:
        reported = -1
        while begin >= 0:
            self.stream.seek(begin)
            whole = at = -1  # offsets of the last whole record, and of the one that is being read
            reason = url = ""
            try:
                for given in self.iterator(self.stream, parse_http=False):
                    at = given.stream_pos
                    record = self._record(given)
                    if record is None:
                        reason, url = "cut off", _target(given)
                        break
                    whole = at
                    self.number += 1
                    if record.kind in KINDS:
                        yield record
            except OSError as exc:  # fastwarc's own errors are OSErrors, too
                reason = " ".join(str(exc).split())[:120]
            if reason == "cut off":
                place, search = at, at + 1
            elif whole >= 0:
                place = search = self._end(whole)
                if not reason and place < self._size():
                    reason = "cut off"
            else:
                place, search = begin, begin + 1
            if reason and place != reported:
                reported = place
                yield Broken(self.file, place, reason, url)
            begin = self._next(search) if reason else -1

    def _record(self, given: Any) -> Record | None:
        """A record with as much of its body as is wanted; None where the file ends within it."""
        kind = given.headers.get("WARC-Type") or ""
        fields: tuple[tuple[str, str], ...] = (("Content-Type", given.headers.get("Content-Type") or ""),)
        status = 200
        if given.headers.get("Content-Length") is None:
            return None
        if given.is_http and kind in KINDS:
            try:
                given.parse_http()
                fields, status = given.http_headers.to_tuples(), given.http_headers.status_code or 0
            except OSError:  # no header there: that must not cost the rest of the file
                fields, status = (), 0
        record = Record(
            file=self.file,
            number=self.number,
            offset=given.stream_pos if self._begins(given.stream_pos) else -1,
            kind=kind,
            url=_target(given),
            at=_moment(given.headers.get("WARC-Date") or ""),
            cut=given.headers.get("WARC-Truncated") or "",
            status=status,
            fields=fields,
        )
        most = self.wanted(record) if kind in KINDS else 0
        body = _read_up_to(given.reader, most + 1) if most else b""
        if len(body) + given.reader.consume() < given.content_length:
            return None
        return msgspec.structs.replace(record, body=body) if body else record

    # --- places in the file

    def _size(self) -> int:
        return os.fstat(self.stream.fileno()).st_size

    def _at(self, offset: int, size: int) -> bytes:
        """Bytes of the file, while fastwarc reads it elsewhere."""
        return os.pread(self.stream.fileno(), size, offset)

    def _begins(self, offset: int) -> bool:
        """Is there something that begins like a record? A record within a longer gzip member has no place."""
        if not self.packed:
            return self._at(offset, len(_PLAIN)) == _PLAIN and self._at(offset - 1, 1) == b"\n" if offset else True
        if self._at(offset, len(_GZIP)) != _GZIP:
            return False
        try:
            return zlib.decompressobj(wbits=31).decompress(self._at(offset, 4096), 16).startswith(_PLAIN)
        except zlib.error:
            return False

    def _end(self, offset: int) -> int:
        """Where the whole record at `offset` ends; the end of the file where records have no places."""
        if not self._begins(offset):
            return self._size()
        if not self.packed:
            head, _, _ = self._at(offset, _HEADER).partition(b"\r\n\r\n")
            length = _LENGTH.search(head)
            offset += len(head) + 4 + (int(length[1]) if length else 0)
            after = self._at(offset, 4)  # two line ends, which sloppy writers forget
            return offset + len(after) - len(after.lstrip(b"\r\n"))
        member = zlib.decompressobj(wbits=31)
        while not member.eof and (piece := self._at(offset, 16_384)):
            member.decompress(piece)
            offset += len(piece) - len(member.unused_data)
        return offset

    def _next(self, offset: int) -> int:
        """Where the next thing begins that begins like a record, from `offset` on; -1 where nothing does."""
        magic = _GZIP if self.packed else _PLAIN
        while len(block := self._at(offset, _STEP)) >= len(magic):
            found = block.find(magic)
            while found >= 0:
                if self._begins(offset + found):
                    return offset + found
                found = block.find(magic, found + 1)
            offset += len(block) - len(magic) + 1
        return -1


def _target(given: Any) -> str:
    return (given.headers.get("WARC-Target-URI") or "").strip("<> ")  # WARC 1.0 showed it in brackets


def _moment(date: str) -> datetime | None:
    """A WARC-Date, a W3C date in UTC."""
    try:
        moment = datetime.fromisoformat(date)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


# --- the body of a record --------------------------------------------------------------------------------------------


def headers_of(record: Record) -> dict[str, str]:
    """The record's HTTP header as a Reply has it."""
    return response.lower_names(record.fields)


def payload(record: Record, most: int) -> bytes:
    """The record's body with its encodings taken off, at most `most` bytes. Raises FetchError of kind bounds.

    Crawlers often take off an encoding and leave the header that announced it: such a body is taken as it is.
    """
    raw, url = record.body, record.url
    if record.cut:
        reason = f"saved response is cut off ({' '.join(record.cut.split())[:40]})"
        raise FetchError(url, reason, kind="bounds", permanent=True)
    if len(raw) > most:
        raise response.too_big(url, most)
    if "chunked" in headers_of(record).get("transfer-encoding", "").lower():
        raw = unchunked(raw)
    encoding = response.encodings(value for name, value in record.fields if name.lower() == "content-encoding")
    if encoding == ("br",):
        return _unbrotli(url, raw, most)
    if encoding == ("gzip",) and not raw.startswith(_GZIP[:2]):
        return raw
    return response.decoded(url, raw, encoding, most)


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

    try:
        body = _read_up_to(BrotliReader(io.BytesIO(raw)), most + 1)
    except OSError as exc:
        raise FetchError(url, "body is not the brotli that it claims to be", kind="bounds", permanent=True) from exc
    if len(body) > most:
        raise response.too_big(url, most)
    return body


def _read_up_to(reader: Any, most: int) -> bytes:
    out = bytearray()
    while len(out) < most and (piece := reader.read(min(65_536, most - len(out)))):
        out += piece
    return bytes(out)
