"""Write what is exchanged with the web into a WARC file (ISO 28500:2017, WARC 1.1), one gzip member a record."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from .. import __version__
from ..errors import FetchError, OutputError
from . import Reply, Transport
from .warc import Record

PART = ".part"  # added to the name until the cycle is over
SERVER_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_FORMAT = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
_FIELDS, _REQUEST, _RESPONSE = (
    "application/warc-fields",
    "application/http;msgtype=request",
    "application/http;msgtype=response",
)
_UNTRUE = frozenset(("content-encoding", "transfer-encoding", "content-length", "trailer"))  # of a decoded body
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, section 5.6.2
_BREAK = re.compile(r"[\r\n\x00]+")
_FAILURE = 16_384  # bytes that a record of a failure may have
_STEP = 65_536


def file_for(path: Path, now: datetime) -> Path:
    """The archive of one cycle: `path` itself where it is named like one, else a file of its own in that folder."""
    if path.name.lower().endswith(".warc.gz"):
        return path
    return path / f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-broadsheet.warc.gz"


class ArchivingTransport:
    """A Transport that keeps a record of every exchange of another one.

    An answer becomes a request and a response record (with status 206 for a beginning), a 304 a `revisit`, a FetchError
    a `metadata` record, so that a replay meets the same. All carry the cycle's clock as their date. Bodies are kept as
    they were handed on: decoded.
    """

    def __init__(self, inner: Transport, file: Path, now: datetime) -> None:
        """file: ends in `.warc.gz`; what is there already stays, and the cycle is added to it. now: the clock."""
        self._inner, self._now = inner, now
        self._archive = _Archive(file, now)

    async def exchange(
        self, url: str, *, most: int, seconds: float, headers: Mapping[str, str] | None = None, cut: bool = False
    ) -> Reply:
        """As the inner transport. Raises OutputError, too, when the record cannot be written."""
        try:
            reply = await self._inner.exchange(url, most=most, seconds=seconds, headers=headers, cut=cut)
        except FetchError as exc:
            self._archive.add_failure(url, exc)
            raise
        self._archive.add_exchange(url, headers or {}, reply)
        return reply

    async def __aenter__(self) -> Self:
        self._archive.open()
        await self._inner.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        try:
            await self._inner.__aexit__(kind, exc, tb)
        finally:
            self._archive.close()


# --- failures, there and back ----------------------------------------------------------------------------------------


def failure_size(record: Record) -> int:
    """Bytes of a record's body that may tell of a failure; 0 for one that tells of an answer."""
    return _FAILURE if record.kind == "metadata" else 0


def failure_of(record: Record) -> FetchError | None:
    """The failure that a `metadata` record of ours tells of; None for any other record."""
    if record.kind != "metadata":
        return None
    lines = record.body.decode("utf-8", "replace").splitlines()
    said = {name: value for name, _, value in (line.partition(": ") for line in lines)}
    kind = said.get("broadsheet-failure", "")
    if kind not in FetchError.KINDS:
        return None
    wait, status = said.get("retry-after", ""), said.get("status", "")
    return FetchError(
        record.url,
        said.get("reason", ""),
        kind=kind,
        status=int(status) if re.fullmatch(r"\d{1,3}", status, re.ASCII) else 0,
        permanent=said.get("permanent") == "yes",
        retry_after=float(wait) if re.fullmatch(r"\d{1,9}(?:\.\d{1,9})?", wait, re.ASCII) else None,
    )


def _failure_lines(error: FetchError) -> dict[str, str]:
    lines = {"broadsheet-failure": error.kind, "reason": error.reason, "status": str(error.status)}
    lines["permanent"] = "yes" if error.permanent else "no"
    return lines if error.retry_after is None else lines | {"retry-after": f"{error.retry_after:.6f}"}


# --- the file --------------------------------------------------------------------------------------------------------


class _Archive:
    """A WARC file that is added to. Any OSError leaves as OutputError."""

    def __init__(self, file: Path, now: datetime) -> None:
        self.file, self.part = file, file.with_name(file.name + PART)
        self._date = f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        self._stream: BinaryIO | None = None

    def open(self) -> None:
        """Go on with the part that a killed run left, with what stands under the name already, or from nothing."""
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            if self.file.exists():
                if self.part.exists():
                    raise OutputError("two archives to go on with", str(self.part), "move one of them away")
                self.file.rename(self.part)
            self._stream = self.part.open("r+b" if self.part.exists() else "w+b")
            self._stream.seek(_whole_members(self._stream))
            self._stream.truncate()
        except OSError as exc:
            raise self._refused(exc) from exc
        about = {"software": f"Broadsheet/{__version__}", "format": "WARC File Format 1.1", "conformsTo": _FORMAT}
        body = _lines(about | {"robots": "RFC 9309"})
        self._write(("warcinfo", {"WARC-Filename": self.file.name}, _FIELDS, body))

    def add_exchange(self, url: str, asked: Mapping[str, str], reply: Reply) -> None:
        parts = urlsplit(url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        request = f"GET {target} HTTP/1.1\r\n".encode() + _lines({"host": parts.netloc} | dict(asked)) + b"\r\n"
        named = {"WARC-Target-URI": url}
        head = {name: value for name, value in reply.headers.items() if name.lower() not in _UNTRUE}
        if reply.status == 304:
            answer = ("revisit", named | {"WARC-Profile": SERVER_NOT_MODIFIED}, _RESPONSE, _header(304, head))
        else:
            if reply.status == 206 and "content-range" not in reply.headers:
                named |= {"WARC-Truncated": "length"}  # the host sent all of it, and we read no further
            whole = _header(reply.status, head | {"content-length": str(len(reply.body))}) + reply.body
            answer = ("response", named | {"WARC-Payload-Digest": _digest(reply.body)}, _RESPONSE, whole)
        self._write(answer, ("request", named, _REQUEST, request))

    def add_failure(self, url: str, error: FetchError) -> None:
        self._write(("metadata", {"WARC-Target-URI": url}, _FIELDS, _lines(_failure_lines(error))))

    def close(self) -> None:
        """The whole file on the disk, under its own name."""
        if self._stream is None:
            return
        try:
            with self._stream as stream:
                stream.flush()
                os.fsync(stream.fileno())
            self.part.rename(self.file)
        except OSError as exc:
            raise self._refused(exc) from exc
        finally:
            self._stream = None

    def _write(self, *records: tuple[str, dict[str, str], str, bytes]) -> None:
        """Records of one exchange (type, fields, content type, block) in one piece; those after the first name it."""
        if self._stream is None:
            raise RuntimeError("ArchivingTransport is used outside `async with`")
        first = ""
        pieces: list[bytes] = []
        try:
            for kind, fields, content_type, block in records:
                place = self._stream.tell() + sum(map(len, pieces))  # tells it from all others of the file
                about = f"{fields.get('WARC-Target-URI', '')} {place} {self._date}"
                name = f"<{uuid5(NAMESPACE_URL, about).urn}>"
                pieces.append(self._record(kind, name, fields, first, content_type, block))
                first = first or name
            self._stream.write(b"".join(pieces))
            self._stream.flush()
        except OSError as exc:
            raise self._refused(exc) from exc

    def _record(
        self, kind: str, name: str, fields: Mapping[str, str], first: str, content_type: str, block: bytes
    ) -> bytes:
        head = {"WARC-Type": kind, "WARC-Record-ID": name, "WARC-Date": self._date, **fields}
        if first:
            head["WARC-Concurrent-To"] = first
        head |= {"WARC-Block-Digest": _digest(block), "Content-Type": content_type, "Content-Length": str(len(block))}
        member = zlib.compressobj(wbits=31)
        return member.compress(b"WARC/1.1\r\n" + _lines(head) + b"\r\n" + block + b"\r\n\r\n") + member.flush()

    def _refused(self, exc: OSError) -> OutputError:
        return OutputError("cannot write the archive", str(self.file), exc.strerror or str(exc))


def _whole_members(stream: BinaryIO) -> int:
    """Where the last whole gzip member ends: a run that was killed may have left half of one."""
    end = at = 0
    stream.seek(0)
    member = zlib.decompressobj(wbits=31)
    while data := stream.read(_STEP):
        while data:
            try:
                member.decompress(data)
            except zlib.error:
                return end
            at += len(data) - len(member.unused_data)
            data = member.unused_data
            if member.eof:
                end, member = at, zlib.decompressobj(wbits=31)
    return end


def _digest(data: bytes) -> str:
    """As crawlers write it: SHA-1 in base 32. It guards against damage, not against an attacker."""
    return f"sha1:{base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()}"


def _header(status: int, fields: Mapping[str, str]) -> bytes:
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = ""
    return f"HTTP/1.1 {status} {phrase}\r\n".encode() + _lines(fields) + b"\r\n"


def _lines(fields: Mapping[str, str]) -> bytes:
    """`name: value` lines. A value stays on its line; a name that is none is left out."""
    lines = (f"{name}: {_BREAK.sub(' ', value)}\r\n" for name, value in fields.items() if _TOKEN.fullmatch(name))
    return "".join(lines).encode("utf-8", "replace")
