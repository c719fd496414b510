"""outputs.records: every kept article as its record, topics and organisations beside them as they are."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from broadsheet import edition, record
from broadsheet.outputs import records
from broadsheet.run import opened
from broadsheet.run.deciding import Act
from broadsheet.run.importing import bring
from broadsheet.run.publication import quiet
from broadsheet.run.reviewing import review
from broadsheet.types import File, Membership, Placed
from tests import build, web


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


def stories(related: str) -> dict[str, bytes]:
    """Records of three stories with one, two and four members, one of them below the gate."""
    made = [
        build.story(
            *(
                build.article(
                    10 * size + m,
                    url=f"https://p{m}.example/{size}",
                    web_url=f"https://p{m}.example/{size}",
                    title=f'Report {m}: boats & "quays" of {size} # ports',
                    provider=build.provider(f"p{m}.example"),
                    topics=("Ferries",),
                    quality=80 - m,
                )
                for m in range(size)
            ),
            id=f"s{size}",
            name=f"2026-03-01-story-{size}",
            heat=90,
            published=size != 2,
        )
        for size in (1, 2, 4)
    ]
    placed = {
        a.url: Placed(url=a.url, name=f"2026-03-01-{one.id}-{m}.md", membership=Membership(url=a.url, story=one.id))
        for one in made
        for m, a in enumerate(one.articles)
    }
    built = edition.build(build.publication(related=related), made, placed, {}, {}, build.NOW)
    return {file.path.removeprefix("_news/"): file.data for file in records.render(built)}


@pytest.mark.parametrize("related", ["full", "lead"])
def test_records_come_back_through_an_import_whichever_list_their_stories(tmp_path: Path, related):
    """The same bytes are printed, and the same records make one story again, whatever the publication itself lists."""
    given = stories(related)
    folder = web.publication(tmp_path / "publication")
    source = tmp_path / "records"
    source.mkdir()
    for name, data in given.items():
        (source / name).write_bytes(data)

    report = bring(folder, [source], build.NOW, progress=quiet)

    assert (7, 3, ()) == (report.records, report.stories, report.failures)
    assert given == {path.name: path.read_bytes() for path in (folder / "site/_news").iterdir()}
    with opened(folder) as (_, store):
        grouped = {place.url: place.membership.story for place in store.placed() if place.membership}
    assert 1 == len({grouped[f"https://p{m}.example/4"] for m in range(4)})


def test_an_imported_article_that_is_killed_leaves_the_records_that_list_it(tmp_path: Path):
    """Its own record stays and says so; those of its story, which stood as they came, are printed anew without it."""
    folder = web.publication(tmp_path / "publication")
    source = tmp_path / "records"
    source.mkdir()
    given = stories("full")
    for name, data in given.items():
        (source / name).write_bytes(data)
    bring(folder, [source], build.NOW, progress=quiet)

    act = Act(kind="kill", keys=("https://p3.example/4",), by="ana")
    review(folder, act, build.NOW + timedelta(hours=1), publish=True, progress=quiet)

    printed = {path.name: path.read_bytes() for path in (folder / "site/_news").iterdir()}
    assert {f"2026-03-01-s4-{m}.md" for m in range(4)} == {name for name in printed if printed[name] != given[name]}
    assert ["2026-03-01-s4-3.md"] == [name for name, data in printed.items() if b"https://p3.example/4" in data]
    assert record.parse(printed["2026-03-01-s4-3.md"])[0].removed
    api = [path.read_bytes() for path in (folder / "site/api").rglob("*.json")]
    assert not any(b"https://p3.example/4" in data for data in api)
    assert any(b"https://p2.example/4" in data for data in api)
