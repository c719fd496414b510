"""Take in how often readers turned to articles, as somebody outside counted it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec

from .. import files, urls
from ..errors import ParseError
from ..types import Engagement, Struct
from .publication import opened


class _Line(msgspec.Struct):
    """One line of the file; other keys are left alone."""

    url: str
    count: Annotated[int, msgspec.Meta(ge=0, le=2**53)]
    at: datetime | None = None


class EngagementReport(Struct, frozen=True, rename="camel"):
    """What came of it. unknown: addresses that no article here has. failures: lines that could not be read."""

    stored: int = 0
    unknown: int = 0
    failures: tuple[str, ...] = ()


def engage(folder: Path, path: Path, now: datetime) -> EngagementReport:
    """Store the counts in the JSON Lines of `path`: `url`, `count`, and `at` where it is not `now`.

    url: of an article, or of an entry that led to it. A count stands for everything up to its moment: the newest of an
    address replaces older ones, and those of several addresses of one article and moment are added up. Raises
    BroadsheetError.
    """
    counts: dict[tuple[str, datetime], int] = {}
    stored: dict[tuple[str, datetime], int] = {}
    failures: list[str] = []
    for number, found in _lines(files.read_saved(path).splitlines()):
        if isinstance(found, str):
            failures.append(f"{path} line {number}: {found}")
            continue
        at = (found.at or now).astimezone(UTC) if found.at is None or found.at.tzinfo else found.at.replace(tzinfo=UTC)
        counts[found.url, at] = found.count  # of one address and moment the last line counts
    with opened(folder) as (_, store):
        known = {outcome.url: outcome.article for outcome in store.outcomes(urls=sorted({url for url, _ in counts}))}
        held = {article.url for article in store.articles(urls=sorted({url for url, _ in counts} | {*known.values()}))}
        unknown = 0
        for (url, at), count in counts.items():
            article = url if url in held else known.get(url, "")
            if article in held:
                stored[article, at] = stored.get((article, at), 0) + count
            else:
                unknown += 1
        store.put_engagements([Engagement(url=url, at=at, count=n) for (url, at), n in sorted(stored.items())])
    return EngagementReport(stored=len(stored), unknown=unknown, failures=tuple(failures))


def _lines(lines: Iterable[bytes]) -> Iterator[tuple[int, _Line | str]]:
    """Lines by number, with their address in its canonical form; what is wrong with one in its place."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found = msgspec.json.decode(line, type=_Line)
            yield number, msgspec.structs.replace(found, url=urls.canonical(found.url))
        except msgspec.DecodeError as exc:
            yield number, str(exc).replace("Object", "it", 1)
        except ParseError as exc:
            yield number, exc.what
