"""Commands about the topic tree: topics list, topics test."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from ..tag.trial import Evidence, Move, Trial
from .options import HERE, Folder, Json, Now, app, console, moment, print_json

_MOST = 20  # lines of a list on the screen; --json has all

tree = typer.Typer(help="The topic tree: how it fares, and what a change would do.", no_args_is_help=True)
app.add_typer(tree, name="topics")


@tree.command("list")
def show(folder: Folder = HERE, now: Now = "", json: Json = False) -> None:
    """The topics in the order of the tree, with their keywords and articles."""
    from ..run import topics

    rows = topics.listing(folder, moment(now) if now else None)
    if json:
        print_json(rows)
        return
    table = Table(box=None, pad_edge=False)
    for column in ("articles", "a day", "keywords", "topic", "media topic"):
        table.add_column(column, justify="left" if "topic" in column else "right")
    for row in rows:
        asking = f" ({row.rules} with rules)" if row.rules else ""
        name = f"{'  ' * row.level}{row.topic}"
        table.add_row(str(row.articles), f"{row.a_day:.1f}", f"{row.keywords}{asking}", name, row.media_topic)
    console().print(table)


@tree.command("test")
def test(
    folder: Folder = HERE,
    topic: Annotated[str, typer.Option("--topic", metavar="NAME", help="The topic to look at, by name or id.")] = "",
    keywords: Annotated[
        Path | None,
        typer.Option(
            "--keywords", metavar="FILE", help="A topic file as it would be, or keywords for --topic, one a line."
        ),
    ] = None,
    add: Annotated[list[str] | None, typer.Option("--add", metavar="PHRASE", help="A keyword more.")] = None,
    drop: Annotated[list[str] | None, typer.Option("--drop", metavar="PHRASE", help="A keyword less.")] = None,
    days: Annotated[int, typer.Option("--days", metavar="N", help="How far back volumes and dead keywords look.")] = 28,
    now: Now = "",
    json: Json = False,
) -> None:
    """What a change of keywords would do to the stored articles. Writes nothing.

    Without a change: the keywords that are often refused, and those that nothing has.
    """
    from ..run import topics

    found = topics.preview(
        folder, moment(now) if now else None, topic=topic, keywords=keywords, add=add or (), drop=drop or (), days=days
    )
    if json:
        print_json(found)
    else:
        _show(found)


def _show(found: Trial) -> None:
    screen = console()
    screen.print(f"{found.articles} articles looked at")
    _moves("would gain", found.gains)
    _moves("would lose", found.losses)
    changed = [one for one in found.volumes if one.before != one.after] or list(found.volumes)
    screen.print(f"\nArticles a day, over {found.days} days", style="bold")
    for one in changed:
        screen.print(
            f"  {one.after:6.1f}  {one.topic}" + (f" (now {one.before:.1f})" if one.before != one.after else "")
        )
    screen.print("\nOften refused", style="bold")
    for keyword in found.doubtful[:_MOST]:
        by = [f"{n} {who}" for n, who in ((keyword.by_context, "by context"), (keyword.by_editor, "by an editor")) if n]
        screen.print(
            f"  {keyword.topic}: “{keyword.keyword}” counts in {keyword.counts}, refused in {' and '.join(by)}"
        )
    _rest(len(found.doubtful))
    screen.print(f"\nIn no article of {found.days} days", style="bold")
    for dead in found.dead[:_MOST]:
        screen.print(f"  {dead.topic}: “{dead.keyword}”, last {f'{dead.last:%Y-%m-%d}' if dead.last else 'never'}")
    _rest(len(found.dead))


def _moves(what: str, moves: tuple[Move, ...]) -> None:
    screen = console()
    screen.print(f"\n{len(moves)} {what} a topic", style="bold")
    for move in moves[:_MOST]:
        screen.print(f"  {move.topic}: {move.title}\n    {move.url}")
        for evidence in move.evidence:
            screen.print(f"    {_said(evidence)}")
        for evidence in move.refused:
            screen.print(f"    does not count: {_said(evidence)}")
    _rest(len(moves))


def _said(evidence: Evidence) -> str:
    if not evidence.passage:
        return f"by its {evidence.where}" + (f", {evidence.keyword}" if evidence.keyword else "")
    reason = f" ({evidence.reason})" if evidence.reason else ""
    return f"“{evidence.keyword}” in the {evidence.where}{reason}: {evidence.passage}"


def _rest(count: int) -> None:
    if count == 0:
        console().print("  none")
    elif count > _MOST:
        console().print(f"  … and {count - _MOST} more; --json has all")
