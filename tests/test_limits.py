"""The reference of limits says what the code does."""

from __future__ import annotations

import importlib
import re
from datetime import timedelta
from pathlib import Path

import pytest

from broadsheet.types import FetchLimits

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "limits.md"
ROWS = re.findall(r"^\| [^|]+ \| `([^`]+)` \| ([^|]+) \|$", PAGE.read_text(), re.MULTILINE)
UNITS = {"s": 1.0, "min": 60.0, "h": 3_600.0, "d": 86_400.0, "KiB": 1_024, "MiB": 1_024**2, "GiB": 1_024**3, "": 1}


def held(name: str) -> float:
    """The number that a name of the page stands for, in seconds or bytes."""
    if name.startswith("[fetch] "):
        return float(getattr(FetchLimits(), name.removeprefix("[fetch] ")))
    module, _, constant = name.rpartition(".")
    value = getattr(importlib.import_module(f"broadsheet.{module}"), constant)
    return value.total_seconds() if isinstance(value, timedelta) else float(value)


@pytest.mark.parametrize(("name", "said"), ROWS)
def test_a_limit_is_what_the_reference_says(name: str, said: str) -> None:
    """Number and unit of each row, against the constant or setting that it names."""
    number, _, unit = said.partition(" ")

    assert float(number.replace(",", "")) * UNITS[unit] == held(name)


def test_the_reference_has_its_tables() -> None:
    """A row that is written otherwise would be compared with nothing."""
    assert len(ROWS) >= 25
    assert len(ROWS) == PAGE.read_text().count("| `")
