"""What a response's status, encoding and headers mean, the same for a live and for an archived one."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from .. import urls
from ..errors import FetchError, ParseError
from ..types import FetchLimits, Validators
from . import Request

REDIRECTS = frozenset((301, 302, 303, 307, 308))
PERMANENT = frozenset((400, 401, 403, 404, 405, 410, 451))  # asking again will not help
WHOLE = frozenset((200, 203))  # statuses that come with the whole resource; 203 from a proxy
DAY = 86_400.0  # seconds; nobody is left alone for longer on one word of his
PART = 206  # what was asked for a part of (RFC 9110, section 15.3.7)
_STEP = 65_536  # bytes taken off a compressed stream at a time: what a bomb can cost beyond its bound
_MEMBERS = 1_000  # of one gzip stream: honest writers make one per 64 KiB at most, and each costs a fresh decoder
_VALIDATOR = re.compile(r"[\x20-\x7e]{1,1000}")  # printable: a stored one goes into a request header
_NONE = Validators()
_COOKIES = frozenset(("set-cookie", "set-cookie2"))


# --- status and redirects --------------------------------------------------------------------------------------------


def check_status(url: str, status: int, headers: Mapping[str, str], now: datetime, *, beginning: bool = False) -> None:
    """Raise FetchError of kind http unless `status` is one that comes with the whole resource.

    beginning: or with the first part of it.
    """
    if beginning and status == PART:
        if not headers.get("content-range", "bytes 0-").startswith("bytes 0-"):
            raise FetchError(url, "another part came than the one asked for", status=status, permanent=True)
    elif status not in WHOLE:
        wait = retry_after(headers.get("retry-after", ""), now) if status in (429, 503) else None
        raise FetchError(url, f"HTTP {status}", status=status, permanent=status in PERMANENT, retry_after=wait)


def retry_after(value: str, now: datetime) -> float | None:
    """Seconds to wait as a Retry-After header asks, at most a day; None where it says nothing usable.

    Source: RFC 9110, section 10.2.3: whole seconds or a date.
    """
    value = value.strip()
    if re.fullmatch(r"\d{1,12}", value, re.ASCII):
        seconds = float(value)
    else:
        try:
            moment = parsedate_to_datetime(value)
            seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now.timestamp()
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    return min(seconds, DAY) if seconds > 0 else None


def redirect(asked: str, current: str, location: str) -> str:
    """Where a redirect leads, relative to where it stood and without fragment. Raises FetchError."""
    if not location:
        raise FetchError(asked, "redirect without a Location")
    try:
        parsed = urls.parse(location.encode("utf-8", "replace").decode(), current)
    except ParseError as exc:
        raise FetchError(asked, f"redirect refused: {exc.what}", kind="refused", permanent=True) from exc
    parsed.hash = ""
    return str(parsed.href)


def too_many_redirects(url: str, most: int) -> FetchError:
    return FetchError(url, f"more than {most} redirects", kind="bounds")


# --- headers ---------------------------------------------------------------------------------------------------------


def lower_names(fields: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Header fields by lower-case name; several values of one name joined by ", " (RFC 9110, section 5.3).

    A value said twice counts once, as two equal Content-Types do no harm. Cookies are left behind; broken bytes,
    which come as lone surrogates, become `?`.
    """
    named: dict[str, str] = {}
    for field, said in fields:
        name = field.lower()
        if name in _COOKIES:
            continue
        value = said if said.isascii() else said.encode("utf-8", "replace").decode()
        before = named.get(name)
        if before is None:
            named[name] = value
        elif value != before:
            named[name] = f"{before}, {value}"
    return named


def conditions(validators: Validators) -> dict[str, str]:
    """Headers that ask for the resource only if it changed (RFC 9110, section 13.1)."""
    asked = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in asked.items() if value and _VALIDATOR.fullmatch(value)}


def given(headers: Mapping[str, str], kept: Validators = _NONE) -> Validators:
    """The validators of an answer. kept: those asked with, which a 304 may leave out (RFC 9110, section 15.4.5)."""
    return Validators(
        etag=headers.get("etag") or kept.etag, last_modified=headers.get("last-modified") or kept.last_modified
    )


# --- bodies ----------------------------------------------------------------------------------------------------------


class Body:
    """A body as it comes in, its encoding taken off piece by piece, never more than a step beyond its bounds in memory.

    Only gzip, and that once, is taken: we ask for no other.
    """

    def __init__(self, url: str, encoding: tuple[str, ...], raw: int, most: int, *, cut: bool = False) -> None:
        """encoding: as `encodings` gives it. raw: bytes that it may have compressed. most: bytes as it is read.

        cut: one that has more is cut there; `is_cut` says so then, and nothing more is to be added.

        Raises FetchError of kind bounds where the encoding was not asked for.
        """
        if encoding and encoding != ("gzip",):
            reason = f"encoding {', '.join(encoding)[:60]} was not asked for"
            raise FetchError(url, reason, kind="bounds", permanent=True)
        self._url, self._most, self._cut = url, most, cut
        self.is_cut = False
        self._gzip = Gunzip() if encoding else None
        self._raw = raw if encoding else most  # what is not compressed has one size
        self._came = 0
        self._data = bytearray()

    def expect(self, length: int | None) -> None:
        """The length that was announced, if any. Raises FetchError when it is beyond the bound."""
        if length is not None and length > self._raw and not self._cut:
            raise too_big(self._url, self._raw)

    def add(self, piece: bytes) -> None:
        """The next bytes as sent. Raises FetchError of kind bounds."""
        self._came += len(piece)
        if self._came > self._raw and not (self._cut and self._gzip is None):
            raise too_big(self._url, self._raw)
        try:
            for out in (piece,) if self._gzip is None else self._gzip.pieces(piece):
                self._data += out
                if len(self._data) > self._most:
                    if not self._cut:
                        raise too_big(self._url, self._most)
                    del self._data[self._most :]
                    self.is_cut = True
                    return
        except zlib.error as exc:
            raise self._no_gzip() from exc

    def end(self) -> bytes:
        """All of it. Raises FetchError when a compressed body was broken off."""
        if self._gzip is not None and self._came and not self._gzip.whole and not self._cut:
            raise self._no_gzip()
        return bytes(self._data)

    def _no_gzip(self) -> FetchError:
        return FetchError(self._url, "body is not the gzip that it claims to be", kind="bounds")


class Gunzip:
    """gzip taken off as it comes. Several members in a row are one stream; what follows them is ignored (RFC 1952)."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(wbits=31)
        self._between = b""  # what came after a member, until it shows whether that is another one
        self._over = False
        self._members = 1

    @property
    def whole(self) -> bool:
        """True when what came ends with a whole member, or with what is no member."""
        return self._over or self._member.eof

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """Decompressed bytes, at most 64 KiB at a time. Raises zlib.error."""
        while data and not self._over:
            if self._member.eof:
                data, self._between = self._between + data, b""
                if len(data) == 1 and data == b"\x1f":
                    self._between = data
                    return
                if not data.startswith(b"\x1f\x8b"):
                    self._over = True
                    return
                self._members += 1
                if self._members > _MEMBERS:
                    raise zlib.error("too many members")
                self._member = zlib.decompressobj(wbits=31)
            piece = self._member.decompress(data, _STEP)
            while piece:
                yield piece
                piece = b"" if self._member.eof else self._member.decompress(self._member.unconsumed_tail, _STEP)
            data = self._member.unused_data


def encodings(values: Iterable[str]) -> tuple[str, ...]:
    """Names in Content-Encoding fields in order, lower case, without those that do nothing. `x-gzip` is gzip."""
    named = (name.strip().lower() for value in values for name in value.split(","))
    return tuple("gzip" if name == "x-gzip" else name for name in named if name not in ("", "identity"))


def decoded(url: str, raw: bytes, encoding: tuple[str, ...], most: int) -> bytes:
    """A body that is here already with its encoding taken off, at most `most` bytes before and after.

    Raises FetchError of kind bounds.
    """
    body = Body(url, encoding, most, most)
    body.add(raw)
    return body.end()


def too_big(url: str, most: int) -> FetchError:
    size = f"{most / 1_048_576:g} MiB" if most >= 1_048_576 else f"{most} bytes"
    return FetchError(url, f"body over {size}", kind="bounds", permanent=True)


def decoded_limit(request: Request, limits: FetchLimits) -> int:
    """Bytes that a body may have after decoding, by what it is for."""
    match request.purpose:
        case "source":
            return limits.decoded_source
        case "image":
            return limits.image
        case _:
            return limits.decoded_page
