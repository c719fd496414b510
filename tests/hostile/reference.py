"""The table of behaviours as a page of the documentation."""

from __future__ import annotations

from . import TABLE
from .behaviour import GROUPS, SHORT, Behaviour

HEAD = """# The hostile web

What the tests serve on loopback, and what each must end in: {count} behaviours in {groups} groups. `python -m
tests.hostile` goes through all of them and prints a line for each; `python -m tests.hostile naive` sends a careless
client to some, which fails most. This page is written by `python -m tests.hostile reference`.

No fetch takes longer than its deadline, no document more than its processor time, and the process that fetches stays
below 200 MiB over the whole table.
"""


def text() -> str:
    """The page, the same for the same table."""
    parts = [HEAD.format(count=len(TABLE), groups=len(GROUPS))]
    for group, about in GROUPS.items():
        rows = sorted((row for row in TABLE.values() if row.group == group), key=lambda row: row.name)
        parts.append(
            f"## {group}\n\n{about[0].upper()}{about[1:]}.\n\n| Behaviour | Does | Ends in | At most |\n|---|---|---|---|"
        )
        parts[-1] += (
            "".join(
                f"\n| {row.name} | {_cell(row.does)} | {_cell(str(row.expected))} | {_bounds(row)} |" for row in rows
            )
            + "\n"
        )
    return "\n".join(parts)


def _bounds(row: Behaviour) -> str:
    seconds = row.limits.total if row.limits is SHORT else row.seconds
    return f"{seconds:g} s, {row.mebibytes} MiB"


def _cell(value: str) -> str:
    return value.replace("\\|", "|").replace("|", "\\|").replace("\n", " ")
