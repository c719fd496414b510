"""Printing at three sizes: all of an edition, and one changed story; beside two site generators on the same records."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from broadsheet.run.printing import Printed, print_edition
from broadsheet.run.publication import opened

from . import _archive

SIZES = (1_000, 10_000, 50_000)  # articles
LARGEST_OF_PEERS = {"hugo": 50_000, "eleventy": 10_000}  # beyond, a run takes many minutes
NODE = Path(__file__).parent.parent / "tests" / "clients" / "node_modules"
MINUTE = timedelta(minutes=1)

HUGO = {
    "config.toml": 'baseURL = "https://coast.example/"\ndisableKinds = ["taxonomy", "term"]\n'
    '[frontmatter]\ndate = ["publishedDateTime", ":filename"]\n',
    "layouts/_default/single.html": "<!doctype html><title>{{ .Title }}</title><h1>{{ .Title }}</h1>"
    "<p>{{ .Params.excerpt }}<ul>{{ range .Params.related }}<li>{{ .title }}{{ end }}</ul>",
    "layouts/_default/list.html": "<!doctype html><title>{{ .Title }}</title><ul>{{ range (.Paginate .RegularPages 30)"
    ".Pages }}<li><a href='{{ .RelPermalink }}'>{{ .Title }}</a>{{ end }}</ul>",
}
ELEVENTY = {
    "eleventy.config.js": "module.exports = c => { c.addGlobalData('layout', 'page.njk');"
    " return {dir: {input: 'content', includes: '../_includes', output: 'out'}, markdownTemplateEngine: false,"
    " templateFormats: ['md']} }",
    "_includes/page.njk": "<!doctype html><title>{{ title }}</title><h1>{{ title }}</h1><p>{{ excerpt }}"
    "<ul>{% for one in related %}<li>{{ one.title }}{% endfor %}</ul>",
}


def main(data: Path) -> dict[str, Any]:  # noqa: ARG001 (it makes what it prints)
    rows = [measure(size) for size in SIZES]
    figures = {"rows": rows}
    print(table({"date": "now", "machine": "this machine"} | figures))
    return figures


def measure(size: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        folder = work / "publication"
        folder.mkdir()
        _archive.fill(folder, size)
        cpu, wall, first = timed(lambda: printed(folder, 0))
        row: dict[str, Any] = {
            "articles": size,
            "stories": len(first.edition.stories),
            "files": len(first.files.written),
        }
        row |= {"full_cpu": cpu, "full_wall": wall}
        row["again_cpu"], _, again = timed(lambda: printed(folder, 1))
        row["again_files"] = len(again.files.written) + len(again.files.removed)
        _archive.correct(folder, size // 2, size, "after all")
        row["changed_cpu"], row["changed_wall"], changed = timed(lambda: printed(folder, 2))
        row["changed_files"] = len(changed.files.written)
        _archive.join(folder, size // 2, size)
        row["joined_cpu"], _, joined = timed(lambda: printed(folder, 3))
        row["joined_files"] = len(joined.files.written) + len(joined.files.removed)
        for peer, build in (("hugo", hugo), ("eleventy", eleventy)):
            if size <= LARGEST_OF_PEERS[peer] and (told := build(folder / "site" / "_news", work / peer)):
                row[f"{peer}_cpu"], row[f"{peer}_wall"] = told
    print(f"  {row}", flush=True)
    return row


def printed(folder: Path, minutes: int) -> Printed:
    with opened(folder) as (publication, store):
        now = _archive.NOW + minutes * MINUTE
        return print_edition(folder, publication, store, now, progress=lambda *_: None, commit=False)


def timed(run: Callable[[], Printed]) -> tuple[float, float, Printed]:
    """Seconds of CPU, of the clock, and what it gives."""
    cpu, wall = time.process_time(), time.perf_counter()
    found = run()
    return round(time.process_time() - cpu, 2), round(time.perf_counter() - wall, 2), found


def hugo(records: Path, work: Path) -> tuple[float, float] | None:
    return _peer(HUGO, records, work, [shutil.which("hugo") or "", "--quiet", "-D"])


def eleventy(records: Path, work: Path) -> tuple[float, float] | None:
    command = NODE / ".bin" / "eleventy"
    return _peer(ELEVENTY, records, work, [str(command) if command.exists() else "", "--quiet"])


def _peer(files: dict[str, str], records: Path, work: Path, command: list[str]) -> tuple[float, float] | None:
    """Seconds of CPU, and of the clock, that it takes to render the records; None where it is not installed."""
    if not command[0]:
        return None
    for path, text in files.items():
        (work / path).parent.mkdir(parents=True, exist_ok=True)
        (work / path).write_text(text)
    shutil.copytree(records, work / "content" / "news")
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    env = os.environ | {"NODE_OPTIONS": "--max-old-space-size=8000"}
    subprocess.run(command, cwd=work, check=True, capture_output=True, timeout=1_800, env=env)
    after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - start
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return round(cpu, 2), round(wall, 2)


def table(kept: dict[str, Any]) -> str:
    """The figures as Markdown."""
    lines = [
        "| Records | All of an edition: files, CPU s | One corrected headline: files, CPU s |"
        " One more report of a story | Nothing new | Hugo, records alone | Eleventy, records alone |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in kept["rows"]:
        peers = [f"{row[f'{peer}_cpu']:.2f}" if f"{peer}_cpu" in row else "" for peer in ("hugo", "eleventy")]
        lines.append(
            f"| {row['articles']:,} | {row['files']:,}, {row['full_cpu']:.2f} | "
            f"{row['changed_files']}, {row['changed_cpu']:.2f} | {row['joined_files']}, {row['joined_cpu']:.2f} | "
            f"{row['again_files']}, {row['again_cpu']:.2f} | {' | '.join(peers)} |"
        )
    note = (
        f"Measured {kept['date']} by `python -m benchmarks press --write`, {kept['machine']}. An edition is records, "
        "API, feeds, sitemap and the whole site; the generators render one plain page a record and one list."
    )
    return "\n".join([*lines, "", note]) + "\n"
