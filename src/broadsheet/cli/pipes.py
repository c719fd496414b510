"""Commands that need no publication: files in, JSON Lines out.

The rooms they call are imported inside, so that `--help` does not wait for parsers.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

import msgspec
import typer

from .. import dates, files
from ..errors import BroadsheetError, ParseError, UsageError
from ..types import Page, Source
from .options import DONE, FAILED, PARTLY, Executor, Json, Paths, app, clock, print_json, print_line

if TYPE_CHECKING:
    from ..cluster import Member

records = typer.Typer(help="Work with records.", no_args_is_help=True)
app.add_typer(records, name="record")


@app.command()
def extract(
    paths: Paths,
    url: Annotated[str, typer.Option("--url", help="The address of the page, for one file.")] = "",
    index: Annotated[Path | None, typer.Option("--index", help="JSON Lines with `file` and `url`.")] = None,
    executor: Executor = "serial",
) -> int:
    """Read saved pages (.html, .html.gz, folders) and print one JSON line for each."""
    from ..execute import open_executor
    from ..extract import UNKNOWN

    pages = list(_pages(paths))
    if url and len(pages) > 1:
        raise UsageError("--url goes with one file", f"{len(pages)} given", "use --index")
    known = _index(index) if index else {}
    items = [(str(path), url or known.get(path.name, UNKNOWN + quote(path.name))) for path in pages]
    lines: dict[str, dict[str, Any]] = {}
    with open_executor(executor) as pool:
        for (name, _), value in pool.map(_row, items):
            if isinstance(value, Exception) and not isinstance(value, BroadsheetError):
                raise value
            lines[name] = _refused(value) if isinstance(value, Exception) else value
    for name, _ in items:
        print_line({"file": name} | lines[name])
    return PARTLY if any("error" in line for line in lines.values()) else DONE


def _refused(error: Exception) -> dict[str, Any]:
    """The line of a page that is none of ours; what was read of one that is no article is still shown."""
    text = getattr(error, "text", "")
    return {"error": str(error)} | ({"text": text} if text else {})


def _row(item: tuple[str, str]) -> dict[str, Any]:
    """The line of one page. Raises ParseError, NotAnArticle."""
    from .. import extract as reading
    from .. import normalise

    name, url = item
    now = clock()
    body = files.read_saved(Path(name))
    page = Page(url=url, final_url=url, status=200, body=body, fetched_at=now)
    return reading.row(normalise.normalise(reading.read(page, (), now, kept=False), now))


def _pages(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.name.endswith((".html", ".htm", ".html.gz", ".htm.gz")))
        elif path.is_file():
            yield path
        else:
            raise UsageError("no such file or folder", str(path), "check the path")


def _index(path: Path) -> dict[str, str]:
    """File name -> URL. Raises UsageError naming the line."""
    found: dict[str, str] = {}
    for number, line in enumerate(files.read_saved(path).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = msgspec.json.decode(line)
            if "file" in row and "url" in row:
                found[str(row["file"]).rsplit("/", 1)[-1]] = str(row["url"])
        except (msgspec.DecodeError, TypeError) as exc:
            raise UsageError(f"not JSON ({exc})", f"{path} line {number}", "give one object a line") from exc
    return found


@app.command()
def entries(paths: Paths) -> int:
    """Print the entries of saved feeds, sitemaps and JSON Feeds, one JSON line each."""
    from .. import sources

    failed = 0
    for path in paths:
        if not path.is_file():
            raise UsageError("no such file", str(path), "check the path")
        url = f"https://unknown.invalid/{quote(path.name)}"
        page = Page(url=url, final_url=url, status=200, body=files.read_saved(path), fetched_at=clock())
        try:
            for entry in sources.read(page, Source(url=url)).entries:
                print_line({"file": str(path)} | sources.row(entry))
        except ParseError as exc:
            failed += 1
            typer.echo(f"broadsheet: {exc.what}: {path}: {exc.advice or 'it is left out'}", err=True)
    if failed == len(paths):
        return FAILED
    return PARTLY if failed else DONE


@app.command()
def cluster(
    path: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="JSON Lines; standard input if absent.")] = None,
    final: Annotated[bool, typer.Option("--final", help="The grouping after later merges and splits.")] = False,
    days: Annotated[int, typer.Option("--days", min=1, help="A story takes members for this long.")] = 14,
    dense: Annotated[
        bool | None,
        typer.Option(
            "--dense/--no-dense",
            help="Group English by meaning, too: on where the extra `dense` is installed.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Group articles (`id, title, text, publishedDateTime, language?`, in arrival order) into stories."""
    from .. import cluster as stories
    from ..cluster import dense as vectors

    if path is not None and not path.is_file():
        raise UsageError("no such file", str(path), "check the path")
    lines = files.read_saved(path).splitlines() if path else sys.stdin.buffer.read().splitlines()
    members = [_member(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    ids = {str(n): given for n, (given, _) in enumerate(members)}
    numbered = [msgspec.structs.replace(member, url=str(n)) for n, (_, member) in enumerate(members)]
    by_meaning = vectors.is_there() if dense is None else dense
    grouped = stories.final(numbered, days, by_meaning) if final else stories.stream(numbered, days, by_meaning)
    for membership in grouped:
        print_line({"id": ids[membership.url], "story": membership.story})


class _Line(msgspec.Struct):
    """One article as `cluster` reads it."""

    id: str | int
    title: str
    text: str = ""
    published_at: str = msgspec.field(default="", name="publishedDateTime")
    language: str | None = None
    provider: str | None = None
    url: str | None = None


def _member(number: int, line: bytes) -> tuple[str | int, Member]:
    from ..cluster import Member, slug

    try:
        row = msgspec.json.decode(line, type=_Line)
        published = dates.parse(row.published_at)
    except msgspec.DecodeError as exc:
        raise UsageError(
            f"not an article ({exc})", f"line {number}", "give id, title, text, publishedDateTime"
        ) from exc
    if published is None:
        raise UsageError("publishedDateTime is missing or no date", f"line {number}", "write it in ISO 8601")
    return row.id, Member(
        url=str(row.id),
        title=row.title,
        text=row.text,
        published=published,
        language=row.language or "",
        provider=row.provider or "",
        slug=slug(row.url or ""),
    )


@records.command("check")
def check(paths: Paths, json: Json = False) -> int:
    """Parse records, print them back, compare the bytes and check the rules of the format."""
    from .. import record

    found: dict[str, tuple[str, ...]] = {}
    for path in paths:
        if not path.is_file():
            raise UsageError("no such file", str(path), "check the path")
        found[str(path)] = record.check(path.read_bytes())
    good = sum(not problems for problems in found.values())
    if json:
        print_json({"files": len(found), "identical": good, "problems": {p: list(v) for p, v in found.items() if v}})
    else:
        for name, problems in found.items():
            for problem in problems:
                typer.echo(f"broadsheet: {problem}: {name}", err=True)
        typer.echo(f"{good} of {len(found)} identical")
    return DONE if good == len(found) else FAILED
