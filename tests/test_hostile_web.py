"""The hostile web: every behaviour ends as the table says, within its bounds; and a careless client fails the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from broadsheet.errors import FetchError, NotAnArticle, ParseError
from broadsheet.types import Entry, Image, Listing

from .build import NOW, article
from .hostile import TABLE
from .hostile.expected import Expected, Failed, Held, Listed, Lost, NoArticle, Unread
from .hostile.naive import CHOSEN

REFERENCE = Path(__file__).parents[1] / "docs" / "reference" / "hostile-web.md"
PEAK = 200  # MiB that the fetching process may hold over the whole table
NAIVE_FAILS = 20  # of the 30 rows that a careless client is sent to
HANG = 400  # seconds after which a visit that should have given up by itself is given up

pytestmark = pytest.mark.slow


def run(*arguments: str) -> list[dict[str, Any]]:
    """JSON lines of `python -m tests.hostile`, which visits from a fresh process."""
    command = [sys.executable, "-m", "tests.hostile", *arguments]
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=Path(__file__).parents[1], env=environment, capture_output=True, timeout=HANG, check=False
    )
    assert 0 == done.returncode, done.stderr.decode()[-2_000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def visited() -> list[dict[str, Any]]:
    return run()


def test_every_behaviour_ends_as_the_table_says(visited: list[dict[str, Any]]) -> None:
    """Its error with its reason, its entries or its article; by its deadline and within its memory."""
    results = {row["name"]: row for row in visited if "name" in row}

    assert set(TABLE) == set(results)
    assert len(TABLE) >= 80
    assert {} == {name: (row["failed"], row["found"]) for name, row in results.items() if row["failed"]}


def test_nobody_is_led_inside_and_nothing_is_left_open(visited: list[dict[str, Any]]) -> None:
    """The canaries heard nothing, no address beyond this machine was tried, and no socket or task outlives the table."""
    (closing,) = (row for row in visited if "peak" in row)

    assert [] == next(row["hits"] for row in visited if "hits" in row)
    assert ([], 0, 0, []) == (closing["beyond"], closing["sockets"], closing["tasks"], closing["lost"])


def test_the_fetching_process_stays_small(visited: list[dict[str, Any]]) -> None:
    """Bombs, endless bodies and floods included."""
    assert next(row["peak"] for row in visited if "peak" in row) < PEAK


def test_a_careless_client_fails_the_same_table() -> None:
    """The control: with the defaults of two good libraries, the same behaviours hang, grow, mislead or raise."""
    results = {row["name"]: row["failed"] for row in run("naive") if "name" in row}

    assert set(CHOSEN) == set(results)
    assert "" == results["good"], "it reads what is fine"
    assert NAIVE_FAILS <= sum(bool(failed) for failed in results.values())


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        (Failed("bounds", "body over"), FetchError("", "body over 5 MiB", kind="network")),
        (Failed("bounds", "body over"), FetchError("", "deadline of 1 s passed", kind="bounds")),
        (Failed("http", "429", wait=60.0), FetchError("", "HTTP 429", retry_after=61.0)),
        (Failed("http", "429"), FetchError("", "HTTP 429", retry_after=1e9)),
        (Failed("http", "404"), ValueError("HTTP 404")),
        (Unread("feed"), NotAnArticle("page has no text")),
        (NoArticle("no text"), ParseError("no text")),
        (Listed(), ParseError("not a feed")),
        (Listed(count=2), Listing(entries=(Entry(source="", url=""),))),
        (Listed(), Listing(entries=(Entry(source="", url="javascript:alert(1)"),))),
        (Listed(), Listing(entries=(Entry(source="", url="", title="a\u202eb"),))),
        (Listed(), Listing(entries=(Entry(source="", url="", title="a" * 501),))),
        (Listed(), Listing(entries=(Entry(source="", url="", published=NOW + timedelta(hours=25)),))),
        (Held(), article(url="http://user@harbour.example/")),
        (Held(title="Tide"), article(title="Moon")),
        (Held(), article(images=(Image(url="data:image/png;base64,AAAA"),))),
        (Lost("died"), "a value"),
    ],
)
def test_what_is_not_expected_is_told(expected: Expected, found: Any) -> None:
    """Another kind, another reason, another exception, or an entry that is unfit to keep: none of them passes."""
    assert "" != expected.why_not(found)


def test_the_reference_lists_the_table() -> None:
    """What the documentation says of each behaviour is what is tested."""
    assert reference() == REFERENCE.read_text(), "write it again: python -m tests.hostile reference"


def reference() -> str:
    from .hostile.reference import text

    return text()
