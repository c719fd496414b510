"""Commands that change a publication: demo, init, add, update, import, publish."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from .. import demo as embedded
from .. import files, run
from ..run import collecting, importing, printing, publication, starting
from .options import DONE, HERE, PARTLY, Executor, Folder, Json, Now, app, console, moment, print_json, progress

Offline = Annotated[
    Path | None,
    typer.Option("--offline", metavar="PATH", help="Serve all fetches from WARC files or a folder of saved pages."),
]


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where to make it.")] = Path("demo"),
    json: Json = False,
) -> None:
    """The whole job offline, on an embedded small news web; a second call adds a second day."""
    for path, data in embedded.publication_files().items():
        starting.place(folder, {path: data})
    starting.place(folder, {".gitignore": b".broadsheet/\n"})
    files.start_git(folder)
    day = _next_day(folder)
    before = _front(folder)
    with embedded.serve(day) as web, progress(silent=json) as show:
        hosts = dict.fromkeys(embedded.DOMAINS, web.address)
        report = run.update(folder, embedded.CLOCK[day - 1], hosts=hosts, progress=show)
    if json:
        print_json(report)
        return
    screen = console()
    screen.print(f"Day {day} of the demo, {report.now:%A %d %B %Y, %H:%M} UTC")
    _show_report(report)
    _show_changes(folder, before, day)
    site = (folder / "site" / "index.html").resolve()
    screen.print(f"\nThe site:  file://{site}")
    screen.print("Next:")
    here = "" if folder == HERE else f" -C {folder}"
    lead = _front(folder)[0] if _front(folder) else None
    if day == 1:
        screen.print(f"  broadsheet demo {folder}".ljust(60) + "  # the second day")
    if lead:
        screen.print(f"  broadsheet why{here} {lead[0]}".ljust(60) + "  # why that story leads")
    screen.print(f"  broadsheet stats{here}".ljust(60) + "  # the ledger: what became of every entry")
    screen.print("  broadsheet init my-topic".ljust(60) + "  # a publication of your own")


def _next_day(folder: Path) -> int:
    with run.opened(folder) as (_, store):
        return 2 if store.runs(1) else 1


def _front(folder: Path) -> list[tuple[str, str, int, int]]:
    """URL, title, heat and number of providers of each printed story, in order, as of the last cycle."""
    with run.opened(folder) as (settings, store):
        runs = store.runs(1)
        if not runs:
            return []
        edition = printing.edition_of(settings, printing.facts_of(store, runs[0].started_at), runs[0].started_at)
        return [(s.lead.url, s.lead.title, s.heat, len(s.voices)) for s in edition.stories]


def _show_changes(folder: Path, before: list[tuple[str, str, int, int]], day: int) -> None:
    """The top of the page and, from the second day on, what is new or moved."""
    ranks = {url: place for place, (url, *_) in enumerate(before, start=1)}
    table = Table(title="Front page", title_justify="left", box=None, pad_edge=False)
    for name, justify in (("", "right"), ("heat", "right"), ("providers", "right"), ("story", "left"), ("", "left")):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    for place, (url, title, heat, voices) in enumerate(_front(folder)[:10], start=1):
        was = ranks.get(url)
        moved = "" if day == 1 else "new" if was is None else "" if was == place else f"was {was}"
        table.add_row(str(place), str(heat), str(voices), title, moved)
    console().print()
    console().print(table)


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make.")],
    title: Annotated[str, typer.Option("--title", help="The title; also the root topic and its first keyword.")] = "",
    url: Annotated[str, typer.Option("--url", help="Where the site will stand.")] = "https://news.example.org/",
) -> None:
    """Scaffold a publication: broadsheet.toml, topics/, sources.opml."""
    for path in starting.init(folder, title or folder.resolve().name.replace("-", " ").title(), url):
        typer.echo(f"wrote {folder / path}")
    typer.echo(f"Next: broadsheet add -C {folder} URL, then broadsheet update -C {folder}")


@app.command()
def add(
    addresses: Annotated[list[str], typer.Argument(metavar="URL...", help="Feeds, pages that name one, OPML files.")],
    folder: Folder = HERE,
    offline: Offline = None,
    json: Json = False,
) -> int:
    """Add sources; finds the feed of a page; takes an OPML file."""
    settings = publication.settings(folder)
    report = starting.add(folder, settings, addresses, collecting.fetcher(settings, run.clock(), offline, {}))
    if json:
        print_json(report)
    else:
        for source in report.added:
            typer.echo(f"added {source.url} ({source.kind})")
        for known in report.known:
            typer.echo(f"already there: {known}")
        _show_failures(report.failures)
    return PARTLY if report.failures else DONE


@app.command()
def update(
    folder: Folder = HERE,
    now: Now = "",
    executor: Executor = "serial",
    offline: Offline = None,
    json: Json = False,
) -> int:
    """One cycle: fetch, curate, print."""
    with progress(silent=json) as show:
        report = run.update(folder, moment(now), executor=executor, offline=offline, progress=show)
    if json:
        print_json(report)
    else:
        _show_report(report)
        typer.echo(f"site: {folder / publication.SITE}")
        _show_failures(report.failures)
    return PARTLY if report.failures else DONE


def _show_report(report: run.Report) -> None:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(justify="right")
    table.add_column()
    quiet = f", {report.unchanged_sources} unchanged" if report.unchanged_sources else ""
    failed = f", {len(report.failures)} failed" if report.failures else ""
    table.add_row(str(report.sources), f"sources asked{quiet}{failed}")
    table.add_row(str(report.new), f"new entries, of {report.listed} listed")
    table.add_row(str(report.fetched), "pages fetched")
    table.add_row(str(report.kept), f"articles kept, {report.articles} in all")
    for state, count in report.dropped.items():
        table.add_row(str(count), f"dropped: {state}")
    table.add_row(str(report.stories), "stories printed")
    table.add_row(str(report.written), f"files written, {report.removed} removed")
    console().print(table)


def _show_failures(failures: tuple[str, ...]) -> None:
    for failure in failures:
        typer.echo(f"broadsheet: {failure}", err=True)


@app.command("import")
def import_(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Records, saved pages, WARC files, folders.")],
    folder: Folder = HERE,
    now: Now = "",
    json: Json = False,
) -> int:
    """Ingest existing records (.md), saved pages (.html), folders or WARC files, and print the edition."""
    with progress(silent=json) as show:
        report = importing.bring(folder, paths, moment(now), progress=show)
    if json:
        print_json(report)
    else:
        if report.topics or report.organizations:
            typer.echo(f"{report.topics} topics and {report.organizations} organisations copied beside broadsheet.toml")
        typer.echo(f"{report.records} records in {report.stories} stories, {report.pages} pages imported")
        if report.skipped:
            typer.echo(f"{report.skipped} records of other kinds left where they are")
        typer.echo(f"site: {folder / publication.SITE}, {report.written} files written")
        _show_failures(report.failures)
    return PARTLY if report.failures else DONE


@app.command()
def publish(
    folder: Folder = HERE,
    as_of: Annotated[str, typer.Option("--as-of", metavar="ISO", help="The edition as it stood then.")] = "",
    json: Json = False,
) -> None:
    """Render again from the store."""
    with progress(silent=json) as show, run.opened(folder) as (settings, store):
        at = moment(as_of)
        printed = printing.print_edition(folder, settings, store, at, progress=show)
    if json:
        print_json({"stories": len(printed.edition.stories), "written": list(printed.files.written)})
    else:
        typer.echo(f"{len(printed.edition.stories)} stories printed, {len(printed.files.written)} files written")
