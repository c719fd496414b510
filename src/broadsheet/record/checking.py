"""What is wrong with a record's file: rules broken, bytes that would not come back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import RecordError
from ..types import Record
from .keys import ALWAYS, JUDGED, KEYS
from .reading import line_of, read
from .writing import dump


def check(data: bytes) -> tuple[str, ...]:
    """What is wrong with a record's file, one sentence a problem; empty when it is right.

    It must parse, keep the rules of the format and print back to the same bytes.
    """
    try:
        front, record, newline = read(data)
    except RecordError as exc:
        return (str(exc),)
    problems = list(_broken_rules(front, record))
    if data != (again := dump(record, newline)):
        problems.append(_difference(data, again, front))
    return tuple(problems)


def _broken_rules(front: Mapping[str, Any], record: Record) -> Iterator[str]:
    stub = not any(key in front for key in JUDGED)
    if not stub:
        yield from (f"no {key}: add it" for key in ALWAYS if key not in front)
        yield from (f"no {key}: quality, heat and published stand together" for key in JUDGED if key not in front)
        if not (record.web_url or record.original_url):
            yield "neither webUrl nor originalUrl: add one"
    if ("ampWebUrl" in front) != ("cdnAmpWebUrl" in front):
        yield "ampWebUrl and cdnAmpWebUrl stand together: add the other or take both out"
    if record.removed and record.published:
        yield "removed and published: what is removed is not printed"
    if record.heat == -1 and record.published:
        yield "published with heat -1: another member leads its story"
    if record.type not in ("article", "video"):
        yield f"type {record.type[:40]}: write article or video"
    if (record.quality or 0) < 0 or (record.heat or 0) < -1:
        yield "quality is below 0 or heat below -1"
    for url in _addresses(record):
        if not url.startswith(("https://", "http://")):
            yield f"{url[:80]!r} is no absolute http or https address"


def _addresses(record: Record) -> Iterator[str]:
    for url in (record.original_url, record.web_url, record.amp_url, record.cdn_amp_url):
        if url is not None:
            yield url
    yield from (image.url for image in (record.provider.images if record.provider else ()))
    yield from (image.url for image in record.images)
    for item in record.related:
        yield from filter(None, (item.web_url, item.amp_url, item.cdn_amp_url))
        yield from (image.url for image in item.images)


def _difference(data: bytes, again: bytes, front: Mapping[str, Any]) -> str:
    order = [key for key in KEYS if key in front]
    for key, right in zip(front, order, strict=True):
        if key != right:
            return f"keys out of order: {line_of(data, key)}: {right} comes before {key}"
    old, new = data.split(b"\n"), again.split(b"\n")
    at = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    want = new[at].decode("utf-8", "replace")[:80] if at < len(new) else "the end"
    return f"does not print back to the same bytes: line {at + 1}: it would be {want!r}"
