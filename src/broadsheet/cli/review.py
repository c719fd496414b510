"""The editor's acts: review list, log, publish, hold, kill, merge, split, lead, undo."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.table import Table

from .options import HERE, Folder, Json, Now, app, command, console, moment, print_json, progress
from .show import show_failures

reviews = typer.Typer(help="What an editor decides. No machine ever undoes it.", no_args_is_help=True)
app.add_typer(reviews, name="review")

By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who decides; the name of the system's user if absent.")]
Note = Annotated[
    str,
    typer.Option("--note", metavar="TEXT", help="Why; kept with it. Readers see that of a kill, under corrections."),
]
Publish = Annotated[bool, typer.Option("--publish", help="Print at once, not with the next edition.")]
Keys = Annotated[list[str], typer.Argument(metavar="KEY...", help="URL, record name, or id or page of a story.")]
_LISTED = 50


@reviews.command("list")
def list_(
    folder: Folder = HERE,
    now: Now = "",
    printed: Annotated[bool, typer.Option("--printed", help="Those that are printed.")] = False,
    below_gate: Annotated[bool, typer.Option("--below-gate", help="Those that wait below publish_at.")] = False,
    held: Annotated[bool, typer.Option("--held", help="Those that an editor holds back.")] = False,
    killed: Annotated[bool, typer.Option("--killed", help="Those that an editor removed.")] = False,
    topic: Annotated[str, typer.Option("--topic", metavar="NAME", help="Those with this topic alone.")] = "",
    limit: Annotated[int, typer.Option("--limit", min=0, help="At most so many; 0 for all.")] = _LISTED,
    json: Json = False,
) -> None:
    """Stories by rank, with heat, and why each is printed or waits. Without a filter: all."""
    from ..run import reviewing

    chosen = zip(reviewing.STATES, (printed, below_gate, held, killed), strict=True)
    found = reviewing.lines(folder, moment(now), [state for state, wanted in chosen if wanted], topic)
    shown = found[:limit] if limit else found
    if json:
        return print_json(shown)
    table = Table(box=None, pad_edge=False)
    for name in ("heat", "story", "articles", "", ""):
        table.add_column(name, justify="right" if name in ("heat", "articles") else "left")
    for line in shown:
        acts = "".join(f"\n{act.kind} by {act.by} on {act.at:%Y-%m-%d %H:%M}" for act in line.decisions)
        what = f"{line.title}\n{line.provider}, {line.published:%Y-%m-%d %H:%M}{acts}"
        table.add_row(str(line.heat), line.story, str(line.articles), f"{line.state}\n{line.reason}", what)
    console().print(table)
    if len(found) > len(shown):
        typer.echo(f"and {len(found) - len(shown)} more: --limit 0 shows all")
    return None


@reviews.command("log")
def log(
    folder: Folder = HERE,
    limit: Annotated[int, typer.Option("--limit", min=0, help="At most so many; 0 for all.")] = _LISTED,
    json: Json = False,
) -> None:
    """Every act ever, newest first: who, when, what, why. It only grows, and is printed nowhere."""
    from ..run import reviewing

    found = reviewing.log(folder)
    shown = found[:limit] if limit else found
    if json:
        return print_json(shown)
    for act in shown:
        undone = "" if act.stands else " (taken back)"
        note = f": {act.note}" if act.note else ""
        typer.echo(
            f"{act.at:%Y-%m-%d %H:%M}  {act.by}  {act.kind}{undone}  {' '.join((act.target, *act.others))}{note}"
        )
    if len(found) > len(shown):
        typer.echo(f"and {len(found) - len(shown)} more: --limit 0 shows all")
    return None


@reviews.command("publish")
def publish(
    keys: Keys,
    folder: Folder = HERE,
    now: Now = "",
    by: By = "",
    note: Note = "",
    at_once: Publish = False,
    json: Json = False,
) -> None:
    """Print these, whatever their heat."""
    _decide("publish", keys, folder, now, by, note, at_once, json)


@reviews.command("hold")
def hold(
    keys: Keys,
    folder: Folder = HERE,
    now: Now = "",
    by: By = "",
    note: Note = "",
    at_once: Publish = False,
    json: Json = False,
) -> None:
    """Hold these back, whatever their heat."""
    _decide("hold", keys, folder, now, by, note, at_once, json)


@reviews.command("kill")
def kill(
    keys: Keys,
    folder: Folder = HERE,
    now: Now = "",
    by: By = "",
    note: Note = "",
    at_once: Publish = False,
    erase: Annotated[
        bool, typer.Option("--erase", help="Erase their texts and the keys of what was sealed of them, for ever.")
    ] = False,
    json: Json = False,
) -> None:
    """Remove articles, or all articles of a story, from everything that is printed."""
    _decide("kill", keys, folder, now, by, note, at_once, json, erase=erase)


@reviews.command("merge")
def merge(
    keys: Annotated[list[str], typer.Argument(metavar="STAYS GOES...", help="Stories, or articles of them.")],
    folder: Folder = HERE,
    now: Now = "",
    by: By = "",
    note: Note = "",
    at_once: Publish = False,
    json: Json = False,
) -> None:
    """Make one story: the first keeps its address, all others go into it, and their addresses lead there."""
    _decide("merge", keys, folder, now, by, note, at_once, json)


@reviews.command("split")
def split(
    keys: Annotated[list[str], typer.Argument(metavar="ARTICLE...", help="URLs or record names, of one story.")],
    folder: Folder = HERE,
    now: Now = "",
    source: Annotated[str, typer.Option("--from", metavar="STORY", help="The story that they leave, as a check.")] = "",
    by: By = "",
    note: Note = "",
    at_once: Publish = False,
    json: Json = False,
) -> None:
    """Take these articles out of their story, into one of their own."""
    _decide("split", keys, folder, now, by, note, at_once, json, source)


@reviews.command("lead")
def lead(
    key: Annotated[str, typer.Argument(metavar="ARTICLE", help="URL or record name.")],
    folder: Folder = HERE,
    now: Now = "",
    by: By = "",
    note: Note = "",
    at_once: Publish = False,
    json: Json = False,
) -> None:
    """Let this article lead its story."""
    _decide("lead", [key], folder, now, by, note, at_once, json)


@reviews.command("undo")
def undo(
    keys: Keys,
    folder: Folder = HERE,
    now: Now = "",
    by: By = "",
    note: Note = "",
    at_once: Publish = False,
    json: Json = False,
) -> None:
    """Take back the last act on an article, or on a story."""
    _decide("undo", keys, folder, now, by, note, at_once, json)


def _decide(
    kind: str,
    keys: Sequence[str],
    folder: Folder,
    now: str,
    by: str,
    note: str,
    at_once: bool,
    json: bool,
    source: str = "",
    *,
    erase: bool = False,
) -> None:
    """Do one act and show what it does."""
    from ..run import reviewing
    from ..run.deciding import Act

    act = Act(kind=kind, keys=tuple(keys), by=by or getpass.getuser(), note=note, source=source)
    with progress(silent=json or not at_once) as show:
        done = reviewing.review(folder, act, moment(now), publish=at_once, erase=erase, progress=show)
    if json:
        return print_json(done)
    for line in done.told:
        typer.echo(line)
    if erase:
        typer.echo("Their texts are erased.")
    typer.echo("Changed:" if done.printed else "The next edition will show:" if done.changes else "No page changes.")
    for change in done.changes:
        typer.echo(f"  {change.story} “{change.title}” {change.what}")
    if done.printed:
        typer.echo(f"{done.written} files written")
        show_failures(done.undelivered)
    elif done.changes:
        typer.echo(f"Print it with {command()} publish, or wait for the next cycle")
    return None
