"""The demo: the whole job, offline, in one command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NamedTuple

import typer
from rich.table import Table

from .options import Json, app, command, console, print_json, progress
from .show import show_report


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where to make it.")] = Path("demo"),
    json: Json = False,
) -> None:
    """The whole job offline, on an embedded small news web; a second call adds a second day."""
    from .. import config, files, run
    from .. import demo as embedded
    from ..demo.web import serve
    from ..pictures import copying
    from ..run import starting

    made = embedded.publication_files() | {".gitignore": b".broadsheet/\n"}
    if copying.is_there():
        made[config.PUBLICATION_FILE] += b"\n[images]\nthumbnails = true\nshare = true\n"
    starting.place(folder, made)
    files.start_git(folder)
    day = _next_day(folder)
    before = _front(folder)
    with serve(day) as web, progress(silent=json) as show:
        hosts = {"*.example": web.address}
        report = run.update(folder, embedded.CLOCK[day - 1], hosts=hosts, progress=show)
    if json:
        print_json(report)
        return
    screen = console()
    screen.print(f"Day {day} of the demo, {report.now:%A %d %B %Y, %H:%M} UTC")
    show_report(report)
    after = _front(folder)
    _show_front(before, after, day)
    screen.print(f"\nThe site is in {folder / 'site'}. Next:")
    me = command()
    hints = [(f"python3 -m http.server --directory {folder / 'site'} 8000", "read it at http://localhost:8000/")]
    hints += [(f"{me} demo {folder}", "the second day")] if day == 1 else []
    hints += [(f"{me} why -C {folder} {after[0].id}", "why that story leads")] if after else []
    hints += [(f"{me} stats -C {folder}", "what became of every entry")]
    hints += [(f"{me} init my-topic", "a publication of your own")]
    for line, what in hints:
        screen.print(f"  {line.ljust(max(len(text) for text, _ in hints))}  # {what}")


class Place(NamedTuple):
    """One story of the front page."""

    id: str
    title: str
    heat: int
    voices: int


def _next_day(folder: Path) -> int:
    from .. import run

    with run.opened(folder) as (_, store):
        return 2 if store.runs(1) else 1


def _front(folder: Path) -> list[Place]:
    """The front page as of the last cycle."""
    from .. import run
    from ..run import printing

    with run.opened(folder) as (settings, store):
        runs = store.runs(1)
        if not runs:
            return []
        at = runs[0].started_at
        edition = printing.edition_of(settings, printing.facts_of(store, at), at)
    return [Place(s.id, s.lead.title, s.heat, len(s.voices)) for s in edition.stories]


def _show_front(before: list[Place], after: list[Place], day: int) -> None:
    """The top of the page; from the second day on, what is new or moved."""
    was = {place.id: number for number, place in enumerate(before, start=1)}
    table = Table(title="Front page", title_justify="left", box=None, pad_edge=False)
    for name in ("", "heat", "providers"):
        table.add_column(name, justify="right")
    table.add_column("story")
    table.add_column("")
    for number, place in enumerate(after[:12], start=1):
        old = was.get(place.id)
        moved = "" if day == 1 or old == number else "new" if old is None else f"was {old}"
        table.add_row(str(number), str(place.heat), str(place.voices), place.title, moved)
    console().print()
    console().print(table)
