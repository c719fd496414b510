"""The newsletter: newsletter preview, send, subscribers, suppress, serve."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from ..errors import UsageError
from .options import DONE, HERE, PARTLY, Folder, Json, Now, app, clock, command, console, moment, print_json, progress
from .show import show_failures

letters = typer.Typer(help="Choose, preview and send the newsletter, and keep its readers.", no_args_is_help=True)
app.add_typer(letters, name="newsletter")

ACTS = ("list", "add", "remove", "import", "export")
Topic = Annotated[str, typer.Option("--topic", metavar="NAME", help="The letter of this topic, not the main one.")]


@letters.command("preview")
def preview(
    folder: Folder = HERE,
    now: Now = "",
    topic: Topic = "",
    to: Annotated[
        str, typer.Option("--to", metavar="ADDRESS", help="As this reader gets it; the sender if absent.")
    ] = "",
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where to write.", file_okay=False)] = Path(
        "preview"
    ),
    show: Annotated[bool, typer.Option("--open", help="Open the HTML in a browser.")] = False,
    json: Json = False,
) -> None:
    """Write the next issue as .eml, .html and .txt: the very bytes that are sent."""
    from ..run import mailing

    found = mailing.preview(folder, moment(now), out, topic=topic, address=to)
    if json:
        return print_json(found)
    if found is None:
        typer.echo("Nothing to say: no story is new, or has developed, since the last issue")
        return None
    typer.echo(f"{found.title}: {found.pieces} headlines, {found.more} more counted; {found.counts}")
    typer.echo(f"HTML {found.html:,} bytes, message {found.message:,} bytes; moment {found.at:%Y-%m-%dT%H:%M:%SZ}")
    for file in found.files:
        typer.echo(f"wrote {file}")
    if show:
        typer.launch(next(file for file in found.files if file.endswith(".html")))
    return None


@letters.command("send")
def send(
    folder: Folder = HERE,
    now: Now = "",
    dry_run: Annotated[
        Path | None,
        typer.Option("--dry-run", metavar="DIR", help="Write every message into DIR; send and keep nothing."),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=0, help="At most so many messages; 0 for all.")] = 0,
    retry_uncertain: Annotated[
        bool, typer.Option("--retry-uncertain", help="Send again what may have arrived when the program died.")
    ] = False,
    json: Json = False,
) -> int:
    """Make the issue that is due, print it on the site, and send it; goes on with what waits."""
    from ..run import mailing, publication

    at = moment(now)
    if dry_run is not None:
        report = mailing.dry_run(folder, at, dry_run, limit=limit)
    else:
        way = mailing.Way(
            mailing.carrier(publication.settings(folder)),
            (lambda: at) if now else clock,
            limit=limit,
            retry_uncertain=retry_uncertain,
        )
        with progress(silent=json) as bars:
            report = mailing.send(folder, at, way, progress=bars)
    uncertain = [address for issue in report.issues for address in issue.uncertain]
    if json:
        print_json(report)
    else:
        for line in report.told:
            typer.echo(line)
        for issue in report.issues:
            typer.echo(f"{issue.title}: {issue.sent} sent, {issue.waiting} waiting, {issue.failed} failed")
        if dry_run is not None:
            typer.echo(f"{len(report.files)} messages written to {dry_run}, none sent")
        for address in uncertain:
            typer.echo(f"uncertain: {address} may have it already: --retry-uncertain sends it again")
        show_failures(report.failures)
    return PARTLY if report.failures or uncertain else DONE


@letters.command("subscribers")
def subscribers(
    act: Annotated[str, typer.Argument(metavar="[list|add|remove|import|export]", help="What to do.")] = "list",
    what: Annotated[
        list[str] | None, typer.Argument(metavar="[ADDRESS...|FILE]", help="Whom, or a file of them.")
    ] = None,
    folder: Folder = HERE,
    topic: Topic = "",
    json: Json = False,
) -> int:
    """Who gets letters. Who is added or imported is not asked: whoever runs the publication vouches for them."""
    from ..run import readers

    given = what or []
    if act not in ACTS:
        raise UsageError("no such act", act, f"use {', '.join(ACTS)}")
    if (
        (act in ("add", "remove") and not given)
        or (act == "import" and len(given) != 1)
        or (act in ("list", "export") and given)
    ):
        raise UsageError(f"wrong number of arguments to {act}", "", f"see {command()} newsletter subscribers --help")
    if act in ("add", "import"):
        added = (
            readers.add(folder, given, clock(), topic)
            if act == "add"
            else readers.bring(folder, Path(given[0]), clock(), topic)
        )
        if json:
            print_json(added)
        else:
            typer.echo(f"{added.added} added, {added.known} were there already")
            show_failures(added.failures)
        return PARTLY if added.failures else DONE
    if act == "remove":
        gone = readers.remove(folder, given)
        print_json({"removed": gone}) if json else typer.echo(f"{gone} removed")
        return DONE
    found = readers.all_of(folder)
    if json:
        print_json(found)
    elif act == "export":
        typer.echo("address,state,since,topics")
        for one in found:
            typer.echo(readers.line(one))
    else:
        table = Table("address", "state", "since", "letters", box=None, pad_edge=False)
        for one in found:
            names = ", ".join(name or "main" for name in one.topics)
            table.add_row(one.address, one.state, f"{one.since:%Y-%m-%d %H:%M}", names)
        console().print(table)
    return DONE


@letters.command("suppress")
def suppress(
    addresses: Annotated[list[str], typer.Argument(metavar="ADDRESS...", help="Whom to write to no more.")],
    folder: Folder = HERE,
    lift: Annotated[bool, typer.Option("--lift", help="Let them be written to again.")] = False,
) -> None:
    """Never write to these again, whoever adds or imports them: they complained, or asked by mail."""
    from ..run import readers

    for address in readers.suppress(folder, addresses, clock(), lift=lift):
        typer.echo(f"{address} {'may be written to again' if lift else 'is not written to any more'}")


@letters.command("serve")
def serve(folder: Folder = HERE) -> None:
    """Answer readers who subscribe, confirm and leave, where no `run` does. Ctrl-C, or a TERM signal, ends it."""
    from ..run import subscribing

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    subscribing.serve(folder, clock, stop, lambda line: typer.echo(f"broadsheet: {line}", err=True))
