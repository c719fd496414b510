"""Library floors: versions in, verdicts out."""

from __future__ import annotations

import pytest

from broadsheet.run import floors

SOUND = {
    "expat": "expat_2.7.1",
    "libxml2": "2.14.6",
    "SQLite": "3.52.0",
    "OpenSSL": "OpenSSL 3.0.19 27 Jan 2026",
    "zlib": "1.3.1.zlib-ng",
    "aiohttp": "3.14.5",
    "feedparser": "6.0.14",
    "nh3": "0.3.8",
    "Pillow": "13.0.0",
}


def row(name: str, found: str) -> floors.Checked:
    return next(one for one in floors.checks(SOUND | {name: found}) if one.name == name)


def test_every_library_of_a_sound_machine_is_well():
    """Versions at or above their floors give one row each, all ok, without advice."""
    rows = floors.checks(SOUND)

    assert (list(SOUND), True, "") == ([r.name for r in rows], all(r.ok for r in rows), "".join(r.advice for r in rows))


@pytest.mark.parametrize(
    ("name", "below", "at"),
    [
        ("expat", "expat_2.5.0", "expat_2.6.0"),
        ("libxml2", "2.9.14", "2.11.0"),
        ("SQLite", "3.34.1", "3.35.0"),
        ("OpenSSL", "OpenSSL 1.1.1w  11 Sep 2023", "OpenSSL 3.0.0 7 sep 2021"),
        ("zlib", "1.2.11", "1.2.13"),
        ("aiohttp", "3.9.5", "3.14.0"),
        ("feedparser", "6.0.9", "6.0.11"),
        ("nh3", "0.3.6", "0.3.7"),
        ("Pillow", "12.1.1", "12.1.2"),
    ],
)
def test_the_floor_itself_is_well_and_below_it_is_not(name, below, at):
    """Numbers are compared as numbers, so 3.9 is older than 3.14; what is too old says what breaks and what to do."""
    old = row(name, below)

    assert (False, True) == (old.ok, row(name, at).ok)
    assert old.advice.startswith(f"older than {old.floor}: ")


def test_what_only_an_extra_brings_may_be_absent():
    """Pillow and nh3 are not missed; a library that fetching or reading needs is."""
    rows = {one.name: one for one in floors.checks({})}

    assert {"nh3", "Pillow"} == {name for name, one in rows.items() if one.ok}
    assert "not installed, not needed" == rows["Pillow"].found


@pytest.mark.parametrize(
    ("version", "told"),
    [("3.40.1", True), ("3.44.6", False), ("3.50.6", True), ("3.50.7", False), ("3.51.2", True), ("3.51.3", False)],
)
def test_the_wal_reset_bug_is_a_note_and_no_fault(version, told):
    """A store has one connection, so an SQLite with the bug is well, and the row says why."""
    found = row("SQLite", version)

    assert (True, told) == (found.ok, "WAL-reset" in found.found)


def test_this_machine_is_looked_at_when_nothing_is_given():
    """Every library that a plain installation has is found here with a version."""
    found = {one.name: one.found for one in floors.checks()}

    assert set() == {name for name in SOUND.keys() - {"nh3", "Pillow"} if not found[name][0].isdigit()}


def test_a_version_that_is_none_counts_as_too_old():
    """What cannot be read is no reason to call a library safe."""
    assert (False, "unknown") == (row("zlib", "unknown").ok, row("zlib", "unknown").found)
