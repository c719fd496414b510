"""What one cycle did, as a person reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer
from rich.table import Table

from .options import console

if TYPE_CHECKING:
    from ..run import Report


def show_report(report: Report) -> None:
    """The table of a cycle."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(justify="right")
    table.add_column()
    quiet = f", {report.unchanged_sources} unchanged" if report.unchanged_sources else ""
    failed = f", {len(report.failures)} failed" if report.failures else ""
    table.add_row(str(report.sources), f"sources asked{quiet}{failed}")
    table.add_row(str(report.new), f"new entries, of {report.listed} listed")
    table.add_row(str(report.fetched), "pages fetched")
    if report.pictures:
        table.add_row(str(report.pictures), "pictures asked for")
    table.add_row(str(report.kept), f"articles kept, {report.articles} in all")
    for state, count in report.dropped.items():
        table.add_row(str(count), f"dropped: {state}")
    table.add_row(str(report.stories), "stories printed")
    table.add_row(str(report.written), f"files written, {report.removed} removed")
    console().print(table)
    if report.paused:
        typer.echo(f"broadsheet: paused: {report.paused}", err=True)


def show_failures(failures: tuple[str, ...]) -> None:
    """One line on standard error for each."""
    for failure in failures:
        typer.echo(f"broadsheet: {failure}", err=True)
