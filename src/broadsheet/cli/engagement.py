"""The command that takes in what readers turned to: engagement."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .options import DONE, HERE, PARTLY, Folder, Json, Now, app, moment, print_json
from .show import show_failures


@app.command()
def engagement(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JSON Lines of url, count and, if it is not now, at.")],
    folder: Folder = HERE,
    now: Now = "",
    json: Json = False,
) -> int:
    """Take in how often readers turned to articles: a part of heat from the next edition on."""
    from ..run import engaging

    report = engaging.engage(folder, file, moment(now))
    if json:
        print_json(report)
    else:
        typer.echo(f"{report.stored} counts stored, {report.unknown} of addresses that no article here has")
        show_failures(report.failures)
    return PARTLY if report.failures else DONE
