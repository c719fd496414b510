"""Commands that answer questions and change nothing: why, stats, doctor, config dump."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer
from rich.table import Table

from ..explain import Explanation
from ..types import Ledger
from .explaining import ended, show_explanation, show_field
from .options import DONE, HERE, PARTLY, Folder, Json, Now, app, console, moment, print_json

configs = typer.Typer(help="The publication's settings.", no_args_is_help=True)
app.add_typer(configs, name="config")


@app.command()
def why(
    key: str,
    folder: Folder = HERE,
    now: Now = "",
    field: Annotated[
        str,
        typer.Option("--field", help="One field alone, with everything that was said of it: title, date, authors ..."),
    ] = "",
    json: Json = False,
) -> None:
    """Where every number and field of an article comes from. KEY: its URL, record name or story id."""
    from ..run import answering

    if field:
        told = answering.why_field(folder, key, field)
        return print_json(told) if json else show_field(told)
    answer = answering.why(folder, key, moment(now) if now else None)
    if isinstance(answer, Explanation):
        return print_json(answer) if json else show_explanation(answer)
    if json:
        return print_json({"outcomes": answer})
    for outcome in answer:
        typer.echo(f"{outcome.url}\n  {ended(outcome)}")
    return None


@app.command()
def stats(folder: Folder = HERE, now: Now = "", json: Json = False) -> None:
    """The ledger: what became of every entry, how each source fares, the last cycles."""
    from ..run import answering

    found = answering.stats(folder, moment(now))
    if json:
        print_json(found)
        return
    screen = console()
    table = Table(title=f"{found.entries} entries", title_justify="left", box=None, show_header=False, pad_edge=False)
    table.add_column(justify="right")
    table.add_column()
    for state, count in found.states.items():
        table.add_row(str(count), state)
    screen.print(table)
    screen.print()
    table = Table(title=f"{len(found.sources)} sources", title_justify="left", box=None, pad_edge=False)
    for name in ("entries", "last read", "source", ""):
        table.add_column(name, justify="right" if name == "entries" else "left")
    for seen in found.sources:
        last = f"{seen.read_at:%Y-%m-%d %H:%M}" if seen.read_at else "never"
        table.add_row(str(seen.entries), last, seen.url, seen.note)
    screen.print(table)
    churn = found.churn
    if churn.articles:
        screen.print(
            f"\nOf {churn.articles} printed articles of the last {churn.days} days, {churn.moved} ({churn.share:.1%}) "
            f"changed their story later, {churn.moved_by_editors} by an editor"
        )
    if found.runs:
        screen.print("\nLast cycles")
        for run in found.runs:
            counts = ", ".join(f"{name.replace('_', ' ')} {n}" for name, n in run.counts.items() if n)
            screen.print(f"  {run.started_at:%Y-%m-%d %H:%M}  {counts}")
            for line in _accounts(run.ledger):
                screen.print(f"    {line}")


def _accounts(ledger: Ledger) -> list[str]:
    """The two accounts of a cycle as sums."""
    return [
        f"{total} {what} = {' + '.join(f'{n} {name}' for name, n in parts.items() if n)}"
        for total, what, parts in (
            (ledger.listed, "entries listed", ledger.classes),
            (ledger.carried + ledger.queued, "addresses to be read", ledger.states | {"still due": ledger.left}),
        )
        if total
    ]


@app.command()
def doctor(folder: Folder = HERE, now: Now = "", json: Json = False) -> int:
    """Check settings, store, sources, git and libraries, and say what to do."""
    from ..run import answering

    checks = answering.doctor(folder, moment(now))
    if json:
        print_json(checks)
    else:
        for check in checks:
            typer.echo(f"{'ok  ' if check.ok else 'BAD '} {check.name}: {check.found}")
            if not check.ok and check.advice:
                typer.echo(f"     {check.advice}")
    return DONE if all(check.ok for check in checks) else PARTLY


@configs.command("dump")
def dump(folder: Folder = HERE, json: Json = False) -> None:
    """Print every setting with its value, defaults included."""
    from .. import config, files

    found = config.plain(config.parse(files.read_publication(folder)))
    if json:
        print_json(found)
        return
    for name, value in found.items():
        typer.echo(f"{name} = {msgspec.json.encode(value).decode()}")
