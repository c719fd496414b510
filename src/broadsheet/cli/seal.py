"""Commands on sealed text: its keys, opening, sealing again, erasing."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from .options import DONE, HERE, PARTLY, Folder, Json, app, command, console, print_json, progress
from .show import show_failures

seals = typer.Typer(help="Sealed text: keys, opening, sealing again, erasing.", no_args_is_help=True)
app.add_typer(seals, name="seal")

Keys = Annotated[list[str], typer.Argument(metavar="KEY...", help="URLs or record names.")]
Opens = Annotated[list[str], typer.Argument(metavar="KEY...", help="URLs, record names, or files of records.")]


@seals.command("keys")
def keys(
    folder: Folder = HERE,
    new: Annotated[bool, typer.Option("--new", help="Draw a key, which seals from now on.")] = False,
    json: Json = False,
) -> None:
    """The ring of keys, and how many texts are sealed with each."""
    from ..run import sealing
    from ..run.publication import opened

    with opened(folder, lock=new) as (_, store):
        drawn = sealing.new_key(folder) if new else ""
        ring = sealing.ring(folder)
        counts = sealing.used(store, ring)
    if json:
        return print_json(
            [
                {"key": k, "texts": n, "seals": k == ring.newest, "missing": k not in ring.keys}
                for k, n in counts.items()
            ]
        )
    table = Table(box=None, pad_edge=False)
    for name in ("key", "texts", ""):
        table.add_column(name, justify="right" if name == "texts" else "left")
    for key, count in counts.items():
        what = "seals" if key == ring.newest else "opens" if key in ring.keys else "missing: bring it back"
        table.add_row(key, str(count), what)
    console().print(table)
    if drawn:
        typer.echo(f"{command()} seal rotate seals all with {drawn}; keep a copy of .broadsheet/keys in a safe place")
    return None


@seals.command("open")
def open_(keys: Opens, folder: Folder = HERE, json: Json = False) -> int:
    """Print the text that is sealed in the records of articles."""
    from ..run import sealing
    from ..run.publication import opened

    with opened(folder, lock=False) as (publication, store):
        found, failures = sealing.open_texts(folder, publication, store, keys)
    if json:
        print_json(found)
    else:
        for one in found:
            typer.echo(f"{one.url}\n\n{one.text}\n")
    show_failures(failures)
    return PARTLY if failures else DONE


@seals.command("rotate")
def rotate(folder: Folder = HERE, json: Json = False) -> int:
    """Seal everything with the newest key; may be stopped at any moment and run again."""
    from ..run import sealing
    from ..run.publication import opened

    with progress(silent=json) as show, opened(folder) as (_, store):
        done = sealing.rotate(folder, store, progress=show)
    if json:
        print_json(done)
    else:
        typer.echo(f"{done.sealed} texts sealed again, {done.already} were already")
        if done.sealed:
            typer.echo(f"Print them with {command()} publish")
        show_failures(done.failures)
    return PARTLY if done.failures else DONE


@seals.command("erase")
def erase(keys: Keys, folder: Folder = HERE, json: Json = False) -> None:
    """Forget the texts of these articles and their keys: no copy of their records, wherever it is, opens again."""
    from ..run import sealing
    from ..run.publication import opened

    with opened(folder) as (publication, store):
        urls = sealing.urls_of(keys, publication, store)
        gone = store.seals.erase(urls)
    if json:
        return print_json({"erased": gone, "urls": urls})
    typer.echo(f"{gone} erased; {command()} publish takes what is left of them out of the records")
    return None
