"""Commands about who stands behind the articles: providers, providers add."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from .options import HERE, Folder, Json, app, console, print_json

registry = typer.Typer(help="Who stands behind the articles.", invoke_without_command=True)
app.add_typer(registry, name="providers")


@registry.callback()
def show(context: typer.Context, folder: Folder = HERE, json: Json = False) -> None:
    """List the providers of the held articles, with what their pages call them."""
    if context.invoked_subcommand:
        return
    from ..run import registering

    rows = registering.listing(folder)
    if json:
        print_json(rows)
        return
    table = Table(box=None, pad_edge=False)
    for column in ("articles", "domain", "name", "registry", "logos", "called"):
        table.add_column(column, justify="right" if column in ("articles", "logos") else "left")
    for row in rows:
        known = f"tier {row.tier}" if row.tier else "known" if row.known else ""
        called = ", ".join(f"{name} ({count})" for name, count in row.names.items() if row.names.keys() != {row.name})
        table.add_row(str(row.articles), row.domain, row.name, known, str(len(row.logos)), called)
    console().print(table)


@registry.command("add")
def add(
    domains: Annotated[list[str], typer.Argument(metavar="DOMAIN...", help="Such as harbour.example.")],
    folder: Folder = HERE,
    name: Annotated[str, typer.Option("--name", help="Its name; else what most of its pages call it.")] = "",
    tier: Annotated[int, typer.Option("--tier", help="1 first-hand, 2 reliable, 3 take with care.")] = 0,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    json: Json = False,
) -> None:
    """Write organizations/DOMAIN.md: the provider counts as known from the next cycle on."""
    from ..run import registering

    written = registering.add(folder, domains, name=name, tier=tier, force=force)
    if json:
        print_json(written)
        return
    for provider in written:
        typer.echo(f"added {provider.domain} as {provider.name}")
