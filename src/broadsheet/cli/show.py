"""What one cycle did, and what other settings would do, as a person reads it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import typer
from rich.table import Table

from .options import console

if TYPE_CHECKING:
    from ..run import Report
    from ..run.supposing import Shift, Supposed, Turn


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


def show_supposed(found: Supposed, name: str) -> None:
    """What a file of changes would do: stories that come and go, places on the front page, leads; counts at the end."""
    screen = console()
    screen.print(f"With {name} laid over broadsheet.toml, as of {found.now:%Y-%m-%d %H:%M} UTC", style="bold")
    _turns("Would be printed", found.printed)
    _turns("Would no longer be printed", found.unprinted)
    if found.leads:
        screen.print("\nOther leads", style="bold")
        for lead in found.leads:
            screen.print(f"  quality {lead.quality_after:>3}  {lead.provider_after}: {lead.title_after}")
            screen.print(f"  instead of   {lead.provider_before}: {lead.title_before} ({lead.quality_before})")
    if found.moved:
        screen.print("\nOn the front page", style="bold")
        for move in found.moved:
            was, now = move.place_before or "new", move.place_after or "off"
            screen.print(f"  {was:>3} -> {now:<3}  {move.title}")
            screen.print(f"{' ' * 14}{_shares(move.shifts) or 'nothing of its own: others moved'}")
    screen.print()
    for line in _sums(found):
        screen.print(line)


def _turns(title: str, turns: tuple[Turn, ...]) -> None:
    if not turns:
        return
    screen = console()
    screen.print(f"\n{title}", style="bold")
    for turn in turns:
        heats = [str(heat) for heat in (turn.heat_before, turn.heat_after) if heat is not None]
        screen.print(f"  heat {' -> '.join(dict.fromkeys(heats))}  {turn.provider}: {turn.title}")
        if because := "; ".join([*turn.why, *filter(None, [_shares(turn.shifts)])]):
            screen.print(f"      {because}")


def _shares(shifts: Iterable[Shift]) -> str:
    """`voices 15 -> 24, focus of its lead 22 -> 30`."""
    words = {"heat": "", "quality": " of its lead", "rank": " (rank)"}
    return ", ".join(f"{shift.factor}{words[shift.of]} {shift.before} -> {shift.after}" for shift in shifts)


def _sums(found: Supposed) -> Iterable[str]:
    yield (
        f"{found.stories_before} stories are printed, {found.stories_after} would be: {len(found.printed)} come, "
        f"{len(found.unprinted)} go. {len(found.moved)} change their place on the front page, "
        f"{len(found.leads)} their lead."
    )
    if found.judged:
        yield (
            f"{found.judged} articles judged again: {found.requalified} with another quality, "
            f"{found.retagged} with other topics."
        )
    if found.arriving:
        yield f"{len(found.arriving)} articles would come in. Each counts alone here; the next update groups them."
    if found.without_effect:
        yield f"Nothing here depends on {', '.join(found.without_effect)}."
    yield "Nothing was written."
