"""The static JSON API: pages as the predecessor's clients read them; archive, items, counts and schemas beside them.

_pages      published records, newest first, 25 a page        _item      one printed story with its coverage and reasons
_archive    stories in the order in which they were printed   _counts    how many there are
_schema     JSON Schema of all of these                       _openapi   where each of them lies
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ...errors import UsageError
from ...types import Edition, File, Sheet
from ._archive import archive
from ._counts import counts
from ._item import items
from ._openapi import openapi
from ._pages import pages
from ._schema import schema


def render(edition: Edition) -> Iterator[File | Sheet]:
    """`api/...`. Nothing in it names what is not printed; times carry the offset of the publication's time zone.

    Raises UsageError when the system does not know that zone.
    """
    zone = _zone(edition.publication.timezone)
    yield from pages(edition, zone)
    yield from archive(edition, zone)
    yield from items(edition, zone)
    yield counts(edition, zone)
    yield schema(edition.publication)
    yield openapi(edition.publication)


def _zone(name: str) -> tzinfo:
    if name == "UTC":  # also where the system has no time zone database
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
        raise UsageError("unknown time zone", name, "use an IANA name such as Europe/Paris") from exc
