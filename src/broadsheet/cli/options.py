"""The application object, the options that many commands share, exit codes, and how values become JSON and tables."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from ..errors import UsageError

DONE, FAILED, WRONG_USAGE, PARTLY = 0, 1, 2, 3

app = typer.Typer(
    name="broadsheet",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Turn a topic into a publication: collect, group, rank, explain and print the news of a field.",
)

Folder = Annotated[
    Path, typer.Option("-C", metavar="DIR", help="The publication folder.", file_okay=False, show_default="this one")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Now = Annotated[str, typer.Option("--now", metavar="ISO", help="Set the clock, such as 2026-03-02T12:00Z.")]
Executor = Annotated[str, typer.Option("--executor", metavar="SPEC", help="processes, processes:N or serial.")]
Paths = Annotated[list[Path], typer.Argument(metavar="FILE...", show_default=False)]
HERE = Path()
PIPED_WIDTH = 200  # columns of a table that no terminal shows


Progress = Callable[[str, int, int], None]


def clock() -> datetime:
    """Now, in UTC, to the second. The one place that reads the clock."""
    return datetime.now(UTC).replace(microsecond=0)


def moment(value: str) -> datetime:
    """The clock value of `--now`, or the real one. Raises UsageError."""
    if not value:
        return clock()
    try:
        given = datetime.fromisoformat(value)
    except ValueError as exc:
        raise UsageError("not a time", value, "write it as 2026-03-02T12:00Z") from exc
    return given.astimezone(UTC) if given.tzinfo else given.replace(tzinfo=UTC)


def command() -> str:
    """How this program was called, so that what we suggest to type works."""
    return "broadsheet" if shutil.which("broadsheet") else os.path.relpath(sys.argv[0])


def print_json(value: Any) -> None:
    """One value as indented JSON."""
    typer.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def print_line(value: Any) -> None:
    """One value as a line of JSON Lines."""
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")


def console(*, err: bool = False) -> Console:
    """Where tables go. Markup is off: titles are other people's text."""
    terminal = (sys.stderr if err else sys.stdout).isatty()
    return Console(stderr=err, highlight=False, markup=False, width=None if terminal else PIPED_WIDTH)


def _silently(_what: str, _done: int, _total: int) -> None:
    """Show no progress."""


@contextmanager
def progress(*, silent: bool = False) -> Iterator[Progress]:
    """A progress function: bars on a terminal, one line a finished step elsewhere, nothing with --json."""
    screen = console(err=True)
    if silent:
        yield _silently
    elif screen.is_terminal:
        columns = TextColumn("{task.description:<16}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
        with Bars(*columns, console=screen) as bars:
            tasks: dict[str, Any] = {}

            def bar(what: str, done: int, total: int) -> None:
                if what not in tasks:
                    tasks[what] = bars.add_task(what, total=total)
                bars.update(tasks[what], completed=done, total=total)

            yield bar
    else:
        said: dict[str, int] = {}

        def line(what: str, done: int, total: int) -> None:
            if done >= total > 0 and said.get(what) != total:
                said[what] = total
                screen.print(f"{what}: {done}")

        yield line
