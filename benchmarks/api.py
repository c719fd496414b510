"""The predecessor's own API pages made again from its records: which items, order, keys and values come back.

Each set is imported into a publication of its own and printed; every page that the predecessor published is compared
with ours. Where a set holds a part of a site's records only, the items that it holds are compared in their order.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from broadsheet import record
from broadsheet.run.importing import bring
from broadsheet.run.publication import SITE, quiet

NOW = datetime(2026, 1, 1, tzinfo=UTC)  # after every record
TOP = """title = "{name}"
url = "https://records.example/"
profile = "classic"
timezone = "America/Los_Angeles"
outputs = ["records", "api"]
"""


class Compared(NamedTuple):
    """One page of theirs beside ours. deviations: one line each, the cause before the colon."""

    items: int
    held: int  # of them: their records are in the set
    same: int  # of those: every key and value is the same
    page_same: bool  # the whole page is the same value, and
    bytes_same: bool  # the same bytes, but for line ends
    deviations: tuple[str, ...]


def main(data: Path) -> None:
    for site in sorted(path for path in (data / "records").glob("*") if (path / "_news").is_dir()):
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made)
            report(site, printed(site, folder))


def printed(site: Path, folder: Path) -> Path:
    """Import the set at `site` into a new publication in `folder`; where it is printed."""
    (folder / "broadsheet.toml").write_text(TOP.format(name=site.name), encoding="utf-8")
    for kind in ("topics", "organizations"):
        shutil.copytree(site / "_data" / kind, folder / kind)
    bring(folder, [site / "_news"], NOW, progress=quiet)
    return folder / SITE


def report(site: Path, ours: Path) -> None:
    records = {file.name for file in (site / "_news").glob("*.md")}
    shown = {name for name in records if record.parse((site / "_news" / name).read_bytes())[0].published}
    walked = list(walk(ours / "api/news/index.json"))
    print(f"  {site.name}: {len(records)} records, {len(shown)} published, {len(walked)} in our pages")
    causes: Counter[str] = Counter()
    totals = [0] * 6
    for page in sorted((site / "api/news").rglob("index.json")):
        path = page.relative_to(site)
        one = compare(page.read_bytes().replace(b"\r\n", b"\n"), ours / path, walked, records)
        totals = [a + b for a, b in zip(totals, (1, one.page_same, one.bytes_same, *one[:3]), strict=True)]
        causes.update(line.partition(":")[0] for line in one.deviations)
        print(f"    {path}: {one.held} of {one.items} items are in the set, {one.same} the same in every value")
        for line in one.deviations:
            print(f"      {line}")
    print(
        f"    in all: {totals[0]} pages, {totals[1]} the same value, {totals[2]} the same bytes but for line ends; "
        f"{totals[5]} of the {totals[4]} items (of {totals[3]}) that are in the set are the same"
    )
    print("    deviations: " + ("; ".join(f"{cause} {count}" for cause, count in causes.most_common()) or "none"))


def walk(index: Path) -> Iterator[dict[str, Any]]:
    """Every item, by nextPage from the index on."""
    page = json.loads(index.read_bytes())
    while True:
        yield from page["value"]
        if page["nextPage"] is None:
            return
        page = json.loads((index.parent / f"page/{page['nextPage']}/index.json").read_bytes())


def compare(data: bytes, path: Path, walked: list[dict[str, Any]], records: set[str]) -> Compared:
    """Their page, with LF, and ours at `path`. walked: all our items in their order. records: file names in the set."""
    theirs = json.loads(data)
    ours = path.read_bytes() if path.is_file() else b"{}"
    page = json.loads(ours)
    by_path = {item["path"]: item for item in walked}
    held = [item for item in theirs["value"] if item["path"].removeprefix("_news/") in records]
    found = [line for item in held for line in differences(item, by_path.get(item["path"]))]
    order = [item["path"] for item in walked if any(item["path"] == other["path"] for other in held)]
    wanted = [item["path"] for item in held if item["path"] in by_path]
    if order != wanted:
        found.append(f"order: theirs {wanted}, ours {order}")
    if not page:
        found.append("no such page of ours: the set has too few records")
    elif list(theirs) != list(page):
        found.append(f"keys of the page: theirs {list(theirs)}, ours {list(page)}")
    if page and len(held) == len(theirs["value"]) and theirs != page:
        here, there = [i["path"] for i in page["value"]], [i["path"] for i in theirs["value"]]
        only, missing = sorted(set(here) - set(there)), sorted(set(there) - set(here))
        if only or missing:
            found.append(f"items of the page: only in ours {only}, only in theirs {missing}")
        if page["nextPage"] != theirs["nextPage"]:
            found.append(f"nextPage: theirs {theirs['nextPage']}, ours {page['nextPage']}")
    same = sum(by_path.get(item["path"]) == item for item in held)
    return Compared(len(theirs["value"]), len(held), same, theirs == page, data == ours, tuple(found))


def differences(theirs: dict[str, Any], ours: dict[str, Any] | None) -> Iterator[str]:
    path = theirs["path"].removeprefix("_news/")
    if ours is None:
        yield f"not in our pages: {path}"
        return
    if list(theirs) != list(ours):
        yield f"keys of an item: {path}: {sorted(set(theirs) ^ set(ours))}"
    for key in theirs.keys() & ours.keys():
        if theirs[key] != ours[key]:
            yield f"value of {key}: {path}: theirs {theirs[key]!r:.160}, ours {ours[key]!r:.160}"
