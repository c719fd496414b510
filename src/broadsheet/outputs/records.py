"""The edition as records: `_news/NAME` for every kept article, and the topics and organisations beside them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import msgspec

from .. import record
from ..types import Edition, File, Image, Picture, Sheet
from ._sheets import sheet


def render(edition: Edition) -> Iterator[File | Sheet]:
    """Records by name, then `_data/`. A stub (a record without quality, heat and published) is never printed."""
    publication = edition.publication
    for printed in edition.records:
        shown = printed.record.published is not None and (printed.record.published or publication.unpublished_records)
        if shown:
            make = partial(record.dump, printed.record, printed.newline)
            yield sheet(edition, f"_news/{printed.name}", printed, make)
    for file in publication.topic_files:
        yield File(path=f"_data/topics/{file.path.rsplit('/', 1)[-1]}", data=file.data)
    known = zip(publication.organizations, publication.organization_files, strict=False)
    logos = {file.path: edition.logos[one.domain] for one, file in known if one.domain in edition.logos}
    for file in publication.organization_files:
        data = record.with_logos(file.data, _logos(logos[file.path])) if file.path in logos else file.data
        yield File(path=f"_data/organizations/{file.path.rsplit('/', 1)[-1]}", data=data)
    if edition.pictures:
        yield File(path="_data/pictures.json", data=_index(edition))


def _logos(logo: Picture) -> tuple[Image, ...]:
    """A kept logo as a provider's file names it: from the root of the site."""
    return tuple(Image(url=f"/{logo.path(f'{side}x{side}.png')}", width=side, height=side) for side in logo.sides)


def _index(edition: Edition) -> bytes:
    """Where the copies of cached pictures lie: address of a picture -> paths, widths and heights of its copies."""
    found = {
        url: [
            {"path": picture.path(f"{width}.{end}"), "width": width, "height": picture.height_at(width)}
            for width in picture.widths
            for end in ("jpg", "webp")
        ]
        for url, picture in edition.pictures.items()
    }
    return msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n"
