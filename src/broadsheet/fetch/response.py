"""What a response's status, encoding and headers mean, the same for a live and for an archived one."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from .. import urls
from ..errors import FetchError, ParseError
from ..types import FetchLimits
from . import Request

REDIRECTS = frozenset((301, 302, 303, 307, 308))
PERMANENT = frozenset((400, 401, 403, 404, 405, 410, 451))  # asking again will not help
DAY = 86_400.0  # seconds; nobody is left alone for longer on one word of his
_STEP = 65_536  # bytes taken off a compressed stream at a time: what a bomb can cost beyond its bound


def check_status(url: str, status: int, headers: Mapping[str, str], now: datetime) -> None:
    """Raise FetchError unless `status` is one that comes with the whole resource (200, or 203 from a proxy)."""
    if status not in (200, 203):
        wait = retry_after(headers.get("retry-after", ""), now) if status in (429, 503) else None
        raise FetchError(url, f"HTTP {status}", permanent=status in PERMANENT, retry_after=wait)


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
        raise FetchError(asked, f"redirect refused: {exc.what}", permanent=True) from exc
    parsed.hash = ""
    return str(parsed.href)


def encodings(values: Iterable[str]) -> tuple[str, ...]:
    """Names in Content-Encoding fields in order, lower case, without those that do nothing. `x-gzip` is gzip."""
    named = (name.strip().lower() for value in values for name in value.split(","))
    return tuple("gzip" if name == "x-gzip" else name for name in named if name not in ("", "identity"))


def decoded(url: str, raw: bytes, encoding: tuple[str, ...], most: int) -> bytes:
    """The body with its encoding taken off, at most `most` bytes. Only gzip, and that once, is taken: we ask no other.

    Raises FetchError.
    """
    if encoding and encoding != ("gzip",):
        raise FetchError(url, f"encoding {', '.join(encoding)[:60]} was not asked for", permanent=True)
    if len(raw) > most:
        raise too_big(url, most)
    try:
        body = gunzip(raw, most) if encoding and raw else raw
    except zlib.error as exc:
        raise FetchError(url, "body is not the gzip that it claims to be") from exc
    if len(body) > most:
        raise too_big(url, most)
    return body


def gunzip(raw: bytes, most: int) -> bytes:
    """Decompressed bytes, or a few more than `most` where there would be more: the caller refuses those.

    Several members in a row are one stream; what follows them is ignored (RFC 1952, section 2.2). Raises zlib.error
    when the first member is not gzip or any of them is broken off.
    """
    out = bytearray()
    while raw:
        stream = zlib.decompressobj(wbits=31)
        pending = raw
        while not stream.eof and len(out) <= most:
            piece = stream.decompress(pending, _STEP)
            pending = stream.unconsumed_tail
            if not piece and not pending and not stream.eof:
                raise zlib.error("broken off")
            out += piece
        if len(out) > most or not stream.unused_data.startswith(b"\x1f\x8b"):
            break
        raw = stream.unused_data
    return bytes(out)


def too_big(url: str, most: int) -> FetchError:
    size = f"{most / 1_048_576:g} MiB" if most >= 1_048_576 else f"{most} bytes"
    return FetchError(url, f"body over {size}", permanent=True)


def decoded_limit(request: Request, limits: FetchLimits) -> int:
    """Bytes that a body may have after decoding, by what it is for."""
    return limits.decoded_source if request.purpose == "source" else limits.decoded_page


def lower_names(fields: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Header fields by lower-case name, the last value of each; cookies are left behind, broken bytes become `?`."""
    named = {name.lower(): value.encode("utf-8", "replace").decode() for name, value in fields}
    return {name: value for name, value in named.items() if name not in ("set-cookie", "set-cookie2")}
