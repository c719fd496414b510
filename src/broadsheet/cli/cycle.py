"""Commands that change a publication: init, add, update, import, publish.

The rooms they call are imported inside, so that `--help` does not wait for parsers and databases.
"""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import BroadsheetError
from .options import DONE, HERE, PARTLY, Executor, Folder, Json, Now, app, clock, command, moment, print_json, progress
from .show import show_failures, show_report, show_supposed

if TYPE_CHECKING:
    from ..run import Report

Offline = Annotated[
    Path | None,
    typer.Option("--offline", metavar="PATH", help="Serve all fetches from WARC files or a folder of saved pages."),
]
Archive = Annotated[
    Path | None,
    typer.Option("--archive", metavar="PATH", help="Keep what is fetched: a .warc.gz, or a folder of one a cycle."),
]


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make.")],
    title: Annotated[str, typer.Option("--title", help="The title; also the root topic and its first keyword.")] = "",
    url: Annotated[str, typer.Option("--url", help="Where the site will stand.")] = "https://news.example.org/",
) -> None:
    """Scaffold a publication: broadsheet.toml, topics/, sources.opml."""
    from ..run import starting

    for path in starting.init(folder, title or folder.resolve().name.replace("-", " ").title(), url):
        typer.echo(f"wrote {folder / path}")
    typer.echo(f"Next: {command()} add -C {folder} URL, then {command()} update -C {folder}")


@app.command()
def add(
    addresses: Annotated[list[str], typer.Argument(metavar="URL...", help="Feeds, pages that name one, OPML files.")],
    folder: Folder = HERE,
    offline: Offline = None,
    json: Json = False,
) -> int:
    """Add sources; finds the feed of a page; takes an OPML file."""
    from ..run import collecting, publication, starting

    settings = publication.settings(folder)
    fetcher, _ = collecting.open_fetcher(settings, clock(), offline, {})
    report = starting.add(folder, settings, addresses, fetcher)
    if json:
        print_json(report)
    else:
        for source in report.added:
            typer.echo(f"added {source.url} ({source.kind})")
        for known in report.known:
            typer.echo(f"already there: {known}")
        show_failures(report.failures)
    return PARTLY if report.failures else DONE


@app.command()
def update(
    folder: Folder = HERE,
    now: Now = "",
    executor: Executor = "processes",
    offline: Offline = None,
    archive: Archive = None,
    json: Json = False,
) -> int:
    """One cycle: fetch, curate, print."""
    from .. import run

    with progress(silent=json) as show:
        report = run.update(folder, moment(now), executor=executor, offline=offline, archive=archive, progress=show)
    if json:
        print_json(report)
    else:
        show_report(report)
        typer.echo(f"site: {folder / 'site'}")
        show_failures((*report.failures, *report.undelivered))
    return PARTLY if report.failures or report.undelivered else DONE


@app.command("import")
def import_(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Records, saved pages, WARC files, folders.")],
    folder: Folder = HERE,
    now: Now = "",
    executor: Executor = "processes",
    json: Json = False,
) -> int:
    """Ingest existing records (.md), saved pages (.html), folders or WARC files, and print the edition."""
    from ..run import importing

    with progress(silent=json) as show:
        report = importing.bring(folder, paths, moment(now), executor=executor, progress=show)
    if json:
        print_json(report)
    else:
        if report.topics or report.organizations:
            typer.echo(f"{report.topics} topics and {report.organizations} organisations copied beside broadsheet.toml")
        typer.echo(f"{report.records} records in {report.stories} stories, {report.pages} pages imported")
        counts = {"known already": report.known, "no pages": report.other, **report.dropped}
        if left := ", ".join(f"{count} {state}" for state, count in counts.items() if count):
            typer.echo(f"of saved answers left out: {left}")
        if report.skipped:
            typer.echo(f"{report.skipped} records of other kinds left where they are")
        typer.echo(f"site: {folder / 'site'}, {report.written} files written")
        show_failures(report.failures)
    return PARTLY if report.failures else DONE


@app.command()
def publish(
    folder: Folder = HERE,
    as_of: Annotated[str, typer.Option("--as-of", metavar="ISO", help="The edition as it stood then.")] = "",
    what_if: Annotated[
        Path | None,
        typer.Option(
            "--what-if",
            metavar="FILE",
            help="Write nothing: say what would move if FILE, a piece of broadsheet.toml, were laid over it.",
        ),
    ] = None,
    json: Json = False,
) -> int:
    """Render again from the store."""
    from .. import run
    from ..run import delivering, printing, supposing

    if what_if is not None:
        with progress(silent=json) as show:
            supposed = supposing.suppose(folder, what_if, moment(as_of), progress=show)
        print_json(supposed) if json else show_supposed(supposed, what_if.name)
        return DONE
    with progress(silent=json) as show, run.opened(folder) as (settings, store):
        at = moment(as_of)
        printed = printing.print_edition(folder, settings, store, at, progress=show)
        undelivered = delivering.deliver(folder, settings, printed.files.written)
    if json:
        told = {"stories": len(printed.edition.stories), "written": list(printed.files.written)}
        print_json(told | ({"undelivered": list(undelivered)} if undelivered else {}))
    else:
        typer.echo(f"{len(printed.edition.stories)} stories printed, {len(printed.files.written)} files written")
        show_failures(undelivered)
    return PARTLY if undelivered else DONE


@app.command("run")
def run_(folder: Folder = HERE, executor: Executor = "processes") -> None:
    """Cycles for ever, each when the next source is due. Ctrl-C, or a TERM signal, ends it after the running one."""
    from ..run.repeating import repeat

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with progress() as show:
        repeat(folder, clock, stop, executor=executor, show=_show_cycle, progress=show)


def _show_cycle(outcome: Report | BroadsheetError | str) -> None:
    """One line for each cycle, and its failures."""
    if isinstance(outcome, BroadsheetError | str):
        typer.echo(f"broadsheet: {outcome}", err=True)
        return
    paused = f"; paused: {outcome.paused}" if outcome.paused else ""
    typer.echo(
        f"{outcome.now:%Y-%m-%d %H:%M}  {outcome.sources} sources asked, {outcome.new} entries read, "
        f"{outcome.kept} articles kept, {outcome.written} files written{paused}"
    )
    show_failures((*outcome.failures, *outcome.undelivered))
