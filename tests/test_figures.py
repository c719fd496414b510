"""Figures in the README: printed from what was measured and kept, never typed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from benchmarks import _kept, _marks, pages, press
from benchmarks._marks import Gold
from benchmarks._readers import Told

EAST = timezone(timedelta(hours=9))
LATE = datetime(2026, 3, 2, 1, 30, tzinfo=EAST)  # still the first of March in UTC


@pytest.mark.parametrize("benchmark", [pages, press], ids=["pages", "press"])
def test_a_table_in_the_readme_is_what_the_kept_figures_print(benchmark):
    """Between the markers stands the table of the benchmark's JSON, to the byte; nothing before it was measured."""
    name = benchmark.__name__.rpartition(".")[2]
    block = _kept.between(_kept.README.read_text(encoding="utf-8"), name)
    kept = _kept.read(name)

    assert (benchmark.table(kept) if kept else "") == block


def test_figures_of_pages_stand_in_the_readme_between_the_markers_alone():
    """Nothing outside the markers speaks of text F1 or of a peer that only the benchmark of pages has."""
    readme = _kept.README.read_text(encoding="utf-8")

    outside = readme.replace(_kept.between(readme, "pages"), "")

    assert [] == re.findall(r"(?i)text F1|trafilatura|newspaper4k|readability", outside)


def test_a_number_typed_into_the_table_is_gone_when_the_figures_are_written():
    """Writing replaces all between the markers and nothing else; other markers keep theirs."""
    page = "Before\n<!-- figures: pages -->\n| .999 |\n<!-- end -->\nand <!-- figures: feeds -->\n7\n<!-- end -->\n"

    assert page.replace("| .999 |", "| .912 |") == _kept.replaced(page, "pages", "| .912 |\n")


def test_a_page_without_markers_is_refused():
    """Figures are never written to a place of the program's own choosing."""
    with pytest.raises(ValueError, match="no figures of pages"):
        _kept.replaced("Nothing here", "pages", "| .912 |\n")


def test_a_field_that_a_reader_cannot_tell_is_an_empty_cell():
    """It is neither 0 nor left out, and a count is no share."""
    assert ["", "3", ".500", "1.000"] == [
        pages.cell({"below": 3, "title": 0.5, "day": 1.0}, field) for field in ("cover", "below", "title", "day")
    ]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (LATE, {"day": 1.0, "minute": 1.0}),
        (LATE.astimezone(UTC), {"day": 1.0, "minute": 1.0}),
        (LATE + timedelta(seconds=61), {"day": 1.0, "minute": 0.0}),
        (datetime(2026, 3, 2), {"day": 1.0, "minute": 0.0}),
        (datetime(2026, 3, 1), {"day": 0.0, "minute": 0.0}),
        (None, {"day": 0.0, "minute": 0.0}),
    ],
)
def test_a_day_counts_in_the_zone_of_the_gold_and_a_time_without_zone_for_its_day(told, expected):
    assert expected == _marks.moments(told, LATE)


def test_what_the_gold_does_not_say_is_not_marked():
    """A page without gold authors or picture has no mark for them; one that is no article has its text alone."""
    gold = Gold(text="The ferry sails at noon", title="Ferry sails")
    told = Told(text="the ferry SAILS", title="Ferry sails - Harbour Post", authors=("Jo Kim",))

    assert {"text": 0.75, "title": 1.0} == _marks.marks(told, gold)
    assert {"text": 0.75} == _marks.marks(told, Gold(text=gold.text, title=gold.title, article=False))


def test_a_picture_is_the_same_in_another_size():
    """The file name of the address decides; folder, host and query do not."""
    gold = Gold(covers=("https://pictures.example/600/ferry.jpg",))

    assert [1.0, 0.0] == [
        _marks.marks(Told(cover=url), gold)["cover"]
        for url in ("https://cdn.example/1200/ferry.jpg?q=80", "https://pictures.example/600/crew.jpg")
    ]


def test_the_gate_counts_articles_that_were_called_so():
    """Two of three called articles are some, and one of three articles was missed."""
    pairs = [(True, True), (True, True), (True, False), (False, True), (False, False)]

    assert {"precision": 0.6667, "recall": 0.6667, "F1": 0.6667} == _marks.gate(pairs)
