"""outputs.records: every kept article as its record, topics and organisations beside them as they are."""

from __future__ import annotations

import msgspec

from broadsheet import record
from broadsheet.outputs import records
from broadsheet.types import File
from tests import build


def test_each_record_is_printed_under_its_name_with_its_own_line_ends():
    """What is printed is the record's own bytes, also for a file that came with CRLF."""
    unix, windows = build.printed(1), msgspec.structs.replace(build.printed(2), newline="\r\n")

    files = list(records.render(build.edition(unix, windows)))

    assert [f"_news/{unix.name}", f"_news/{windows.name}"] == [file.path for file in files]
    assert [(unix.record, "\n"), (windows.record, "\r\n")] == [record.parse(file.data) for file in files]


def test_unpublished_records_are_printed_unless_the_publication_says_no():
    """Below the gate an article keeps its record; a setting leaves it out; a stub is never printed."""
    below = build.printed(1, heat=20, published=False)
    stub = build.printed(2, quality=None, heat=None, published=None)
    shy = build.publication(unpublished_records=False)

    assert [f"_news/{below.name}"] == [file.path for file in records.render(build.edition(below, stub))]
    assert list(records.render(build.edition(below, stub, publication=shy))) == []


def test_topics_and_organisations_are_printed_byte_for_byte():
    """Files of the publication folder stand under `_data/` under their own names."""
    site = build.publication(
        topic_files=(File(path="topics/00-ferries.yaml", data=b"_id: ferries\r\n"),),
        organization_files=(File(path="organizations/harbour.example.md", data=b"---\n---\n"),),
    )

    assert [
        File(path="_data/topics/00-ferries.yaml", data=b"_id: ferries\r\n"),
        File(path="_data/organizations/harbour.example.md", data=b"---\n---\n"),
    ] == list(records.render(build.edition(publication=site)))
