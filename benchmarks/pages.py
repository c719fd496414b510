"""Article pages: text, title, authors, time and cover against gold, the gate, speed and memory, beside three peers.

All readers see each page in turn in one process (of as many as there are cores), each first as often as any other, so
that noise and caches hit all alike. Peers are given decoded text and need not find the encoding. Memory is that of a
process of the reader's own.
"""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path
from typing import Any, NamedTuple

from broadsheet import charset

from . import _marks, _readers
from ._marks import Gold
from ._readers import READERS, Saved, Told

PLAIN = "trafilatura, text only"  # the one that speed is measured by; its text is trafilatura's
SCORED = tuple(name for name in READERS if name != PLAIN)
WARM = 10  # pages that each reader reads in each process before the clock runs
TOLD_EVERY = 250  # pages, on stderr
JSON_LD = re.compile(rb"<script[^>]*\bld\+json\b[^>]*>.*?</script\s*>", re.IGNORECASE | re.DOTALL)


class Listed(NamedTuple):
    """A page of a set: its file, its address (empty where nobody tells it) and what is true of it."""

    file: Path
    url: str
    gold: Gold


class Took(NamedTuple):
    """What the readers told of each page of a set, in its order, and their CPU seconds in all."""

    told: dict[str, list[Told]]
    seconds: Counter[str]
    failed: Counter[str]


def main(data: Path) -> dict[str, Any] | None:
    publishers = list(of_publishers(data / "pages-publishers"))
    mixed = list(of_all_types(data / "pages-wcxb"))
    if not publishers or not mixed:
        print(f"  no pages in {data / 'pages-publishers'} or {data / 'pages-wcxb'}")
        return None
    found = {
        "publishers": figures(publishers, tuple(READERS)),
        "bare": figures(publishers, SCORED, json_ld=False),
        "mixed": figures(mixed, SCORED),
    }
    names = {gold["publisher"] for gold in lines(data / "pages-publishers" / "gold.jsonl")}
    memory = {name: peak(name, data) for name in READERS}
    kept = {"versions": _readers.versions(), "publishers": len(names), "sets": found, "memory": memory}
    print(table({"date": "today", "machine": "this machine"} | kept))
    return kept


# --- pages -----------------------------------------------------------------------------------------------------------


def lines(file: Path) -> Iterator[dict[str, Any]]:
    body = file.read_bytes() if file.exists() else b""
    yield from map(json.loads, (gzip.decompress(body) if file.suffix == ".gz" else body).splitlines())


def of_publishers(folder: Path) -> Iterator[Listed]:
    for row in lines(folder / "gold.jsonl"):
        covers = tuple(image["url"] for image in row["images"] if image["cover"])
        moment = _marks.moment(row["publishedDateTime"])
        gold = Gold(row["text"] or "", row["title"] or "", tuple(row["authors"]), moment, covers)
        yield Listed(folder / "html" / row["file"], row["url"], gold)


def of_all_types(folder: Path) -> Iterator[Listed]:
    """Nobody tells the address of these pages."""
    for row in lines(folder / "gold.jsonl.gz"):
        truth: dict[str, str | None] = row["ground_truth"]
        gold = Gold(
            text=truth.get("main_content") or "",
            title=truth.get("title") or "",
            authors=(author,) if (author := truth.get("author")) else (),
            published=_marks.moment(truth.get("publish_date")),
            article=row["_internal"]["page_type"]["primary"] == "article",
        )
        yield Listed(folder / "html" / f"{row['id']}.html.gz", "", gold)


def saved(page: Listed, *, json_ld: bool = True) -> Saved:
    body = gzip.decompress(page.file.read_bytes())
    body = body if json_ld else JSON_LD.sub(b"", body)
    return Saved(page.file.name, page.url, body, charset.utf8(body).decode())


# --- figures ---------------------------------------------------------------------------------------------------------


def figures(pages: Sequence[Listed], names: tuple[str, ...], *, json_ld: bool = True) -> dict[str, Any]:
    """For each reader the means of its marks, the gate where some pages are no articles, and pages per CPU-second."""
    took = read(pages, names, json_ld)
    golds = [page.gold for page in pages]
    mixed = not all(gold.article for gold in golds)
    found: dict[str, Any] = {"pages": len(pages), "articles": sum(gold.article for gold in golds), "readers": {}}
    for name, told in took.told.items():
        marked = [_marks.marks(one, gold) for one, gold in zip(told, golds, strict=True)]
        means = _marks.means([m for m, gold in zip(marked, golds, strict=True) if gold.article])
        row: dict[str, Any] = {field: mean for field, mean in means.items() if field in can(name)}
        if mixed:
            row["textOfAll"] = _marks.means(marked)["text"]
            row["gate"] = _marks.gate((one.article, gold.article) for one, gold in zip(told, golds, strict=True))
        seconds = took.seconds[name]
        found["readers"][name] = row | {"perSecond": round(len(pages) / seconds, 1), "failed": took.failed[name]}
    return found


def read(pages: Sequence[Listed], names: tuple[str, ...], json_ld: bool) -> Took:
    took = Took({name: [] for name in names}, Counter(), Counter())
    with ProcessPoolExecutor(initializer=warm, initargs=(pages[:WARM], names)) as pool:
        each = pool.map(read_page, range(len(pages)), pages, repeat(names), repeat(json_ld), chunksize=10)
        for n, found in enumerate(each):
            if n % TOLD_EVERY == 0:
                spent = ", ".join(f"{name} {took.seconds[name]:.0f} s" for name in names)
                print(f"  page {n} of {len(pages)} ({spent})", file=sys.stderr)
            for name, (told, seconds) in found.items():
                took.told[name].append(told or Told())
                took.seconds[name] += seconds
                took.failed[name] += told is None
    return took


def warm(pages: Sequence[Listed], names: tuple[str, ...]) -> None:
    _readers.quiet()
    for n, page in enumerate(pages):
        read_page(n, page, names, json_ld=True)


def read_page(n: int, listed: Listed, names: tuple[str, ...], json_ld: bool) -> dict[str, tuple[Told | None, float]]:
    """What each reader told of the page (None where it failed) and the CPU seconds it took. n: whose turn is first."""
    page, first = saved(listed, json_ld=json_ld), n % len(names)
    found: dict[str, tuple[Told | None, float]] = {}
    for name in names[first:] + names[:first]:
        reader = READERS[name]
        started = time.process_time()
        try:
            result = reader.read(page)
            seconds = time.process_time() - started
            found[name] = (reader.told(result), seconds)
        except Exception:  # noqa: BLE001 -- a peer's failure is a figure here
            found[name] = (None, time.process_time() - started)
    return found


def peak(name: str, data: Path) -> float:
    """MiB that a process grows by when it reads the pages of publishers, libraries of the reader included."""
    child = subprocess.run(
        [sys.executable, "-m", "benchmarks.pages", name, str(data)], capture_output=True, check=True, text=True
    )
    return float(child.stdout)


def grow(name: str, data: Path) -> None:
    _readers.quiet()
    reader, pages = READERS[name], list(of_publishers(data / "pages-publishers"))
    before = high_water()
    for page in pages:
        try:
            reader.told(reader.read(saved(page)))
        except Exception:  # noqa: BLE001, S112 -- counted by `read`
            continue
    print(round(high_water() - before, 1))


def high_water() -> float:
    """MiB; ru_maxrss would count what the process had before it became this program."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return int(re.search(r"VmHWM:\s*(\d+)", status)[1]) / 1024  # type: ignore[index]


# --- the table -------------------------------------------------------------------------------------------------------

FIELDS = ("text", "below", "title", "authors", "day", "minute", "cover")


def table(kept: dict[str, Any]) -> str:
    """The figures as Markdown: fields of articles by set, then the gate, speed and memory."""
    sets, versions = kept["sets"], kept["versions"]
    labels = {
        "publishers": f"{sets['publishers']['pages']} pages of {kept['publishers']} publishers",
        "bare": "the same without JSON-LD",
        "mixed": f"{sets['mixed']['articles']} articles of WCXB, address unknown",
    }
    rows = ["| Pages | Reader | Text F1 | below .8 | Title | Authors F1 | Day | Minute | Cover |", "|---" * 9 + "|"]
    for key, label in labels.items():
        for name in SCORED:
            cells = [cell(sets[key]["readers"][name], field) for field in FIELDS]
            rows.append(f"| {' | '.join([label, name, *cells])} |")
    rows += [
        "",
        "| Reader | Article or not, of "
        f"{sets['mixed']['pages']:,} pages of seven types: precision, recall, F1 | Text F1 of all types "
        "| Pages per CPU-second | beside trafilatura's text only | Peak memory |",
        "|---" * 6 + "|",
    ]
    speed = sets["publishers"]["readers"]
    for name in READERS:
        mixed = sets["mixed"]["readers"].get(name, {})
        gate = ", ".join(share(mixed["gate"][part]) for part in ("precision", "recall", "F1")) if mixed else ""
        rate, ratio = speed[name]["perSecond"], speed[name]["perSecond"] / speed[PLAIN]["perSecond"]
        numbers = [f"{rate:.0f}", f"{ratio:.2f}", f"{kept['memory'][name]:.0f} MiB"]
        rows.append(f"| {' | '.join([name, gate, cell(mixed, 'textOfAll'), *numbers])} |")
    peers = ", ".join(f"{name} {number}" for name, number in versions.items())
    caption = (
        f"Measured {kept['date']} by `python -m benchmarks pages --write`, all readers in one run, {kept['machine']}; "
        f"{peers}. Peers get decoded text and give what their own calls give; one that gives a text says that the page "
        "is an article. Speed is that on the publishers' pages, all fields read. Memory is what a process grows by, "
        "libraries included."
    )
    return "\n".join([*rows, "", caption]) + "\n"


def can(name: str) -> set[str]:
    """Fields of the table that a reader can fill."""
    columns = {"text": ("text", "below"), "published": ("day", "minute")}
    return {column for field in READERS[name].fields for column in columns.get(field, (field,))}


def cell(row: dict[str, Any], field: str) -> str:
    """Empty where the reader does not tell it or no page has it."""
    return "" if field not in row else str(row[field]) if field == "below" else share(row[field])


def share(value: float) -> str:
    """Three digits, without the zero before the point.

    >>> share(0.9474), share(1.0)
    ('.947', '1.000')
    """
    return f"{value:.3f}".removeprefix("0")


if __name__ == "__main__":
    grow(sys.argv[1], Path(sys.argv[2]))
