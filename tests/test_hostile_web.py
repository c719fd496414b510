"""The hostile web: every behaviour ends as the table says, within its bounds; and a careless client fails the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from .hostile import TABLE
from .hostile.naive import CHOSEN

REFERENCE = Path(__file__).parents[1] / "docs" / "reference" / "hostile-web.md"
PEAK = 200  # MiB that the fetching process may hold over the whole table
NAIVE_FAILS = 15

pytestmark = pytest.mark.slow


def run(*arguments: str) -> list[dict[str, Any]]:
    """JSON lines of `python -m tests.hostile`, which visits from a fresh process."""
    command = [sys.executable, "-m", "tests.hostile", *arguments]
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=Path(__file__).parents[1], env=environment, capture_output=True, check=False)
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
    assert NAIVE_FAILS <= sum(bool(failed) for failed in results.values())


def test_the_reference_lists_the_table() -> None:
    """What the documentation says of each behaviour is what is tested."""
    assert reference() == REFERENCE.read_text(), "write it again: python -m tests.hostile reference"


def reference() -> str:
    from .hostile.reference import text

    return text()
