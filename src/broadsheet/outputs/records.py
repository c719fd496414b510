"""The edition as records: `_news/NAME` for every kept article, and the topics and organisations beside them."""

from __future__ import annotations

from collections.abc import Iterator

from .. import record
from ..types import Edition, File


def render(edition: Edition) -> Iterator[File]:
    """Records by name, then `_data/`. A stub (a record without quality, heat and published) is never printed."""
    publication = edition.publication
    for printed in edition.records:
        shown = printed.record.published is not None and (printed.record.published or publication.unpublished_records)
        if shown:
            yield File(path=f"_news/{printed.name}", data=record.dump(printed.record, printed.newline))
    for folder, files in (("topics", publication.topic_files), ("organizations", publication.organization_files)):
        for file in files:
            yield File(path=f"_data/{folder}/{file.path.rsplit('/', 1)[-1]}", data=file.data)
