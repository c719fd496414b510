"""Figures that are kept: the JSON beside a benchmark that `--write` makes, and the table in the README printed from it.

A benchmark that keeps figures returns them from `main` and prints them as Markdown by `table(figures) -> str`.
"""

from __future__ import annotations

import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
README = HERE.parent / "README.md"


def machine() -> str:
    return f"Python {platform.python_version()} on {platform.machine()}, {os.cpu_count()} cores"


def read(name: str) -> dict[str, Any]:
    """The figures of a benchmark as they were kept; none before they were measured."""
    file = HERE / f"{name}.json"
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return found


def write(name: str, figures: dict[str, Any]) -> dict[str, Any]:
    """Keep the figures with today's date and this machine, and give them back as they are kept."""
    kept = {"date": f"{datetime.now(UTC):%Y-%m-%d}", "machine": machine()} | figures
    (HERE / f"{name}.json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    return kept


def between(page: str, name: str) -> str:
    """What stands between the markers of a benchmark. Raises ValueError where they are not."""
    _, start, rest = page.partition(f"<!-- figures: {name} -->\n")
    block, end, _ = rest.partition("<!-- end -->")
    if not start or not end:
        raise ValueError(f"no figures of {name} are marked")
    return block


def replaced(page: str, name: str, table: str) -> str:
    """The page with the table between the markers of the benchmark. Raises ValueError as `between`."""
    marker = f"<!-- figures: {name} -->\n"
    return page.replace(f"{marker}{between(page, name)}<!-- end -->", f"{marker}{table}<!-- end -->")
