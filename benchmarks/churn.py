"""What a stream of news rewrites, by edition: with the whole story listed in every record, and in its lead's alone.

An edition every hour or four over the whole stream, through the real stages and a store. A change is a file that was
there before and has other bytes now; it is of the list alone when the record differs in `related` and nothing else.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from broadsheet import config, urls
from broadsheet.errors import ParseError
from broadsheet.execute import open_executor
from broadsheet.run import printing
from broadsheet.run.curating import curate
from broadsheet.run.judging import judge
from broadsheet.run.publication import quiet
from broadsheet.store import Store, open_store
from broadsheet.types import Article, Provider, Publication

STREAMS = {"stream-dev": timedelta(hours=1), "headlines-dev": timedelta(hours=4)}  # small stories, and large ones
MODES = ("full", "lead")
TOP = b"""title = "Churn"
url = "https://churn.example/"
publish_at = 30
outputs = ["records", "api"]
"""

_LIST = re.compile(rb"^related:\n(?: .*\n)+\n", re.MULTILINE)


class Churn:
    """What was printed so far in one mode, and what it cost. Sizes in bytes."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.new: Counter[str] = Counter()  # by part: files that were not there before
        self.changed: Counter[str] = Counter()
        self.size: Counter[str] = Counter()  # of all that was written
        self.lists_alone = 0
        self.lists_alone_size = 0
        self.unasked = 0  # records written by editions to which no article had come
        self.by_edition: list[tuple[int, int]] = []  # records written, and their size, where there were any

    def add(self, files: dict[str, bytes], *, came: bool) -> None:
        """The files of the next edition. came: articles did since the one before."""
        written = {path: data for path, data in files.items() if self.files.get(path) != data}
        for path, data in written.items():
            part = part_of(path)
            self.size[part] += len(data)
            if path not in self.files:
                self.new[part] += 1
                continue
            self.changed[part] += 1
            if part == "records" and without_list(self.files[path]) == without_list(data):
                self.lists_alone += 1
                self.lists_alone_size += len(data)
        sizes = [len(data) for path, data in written.items() if part_of(path) == "records"]
        self.unasked += 0 if came else len(sizes)
        if sizes:
            self.by_edition.append((len(sizes), sum(sizes)))
        self.files = files


def part_of(path: str) -> str:
    if not path.startswith("api/"):
        return "records"
    return "archive" if "/archive/" in path else "items" if path.count("/") > 5 else "pages"


def without_list(data: bytes) -> bytes:
    return _LIST.sub(b"", data)


def main(data: Path) -> None:
    for name, step in STREAMS.items():
        path = data / "stories" / f"{name}.jsonl"
        if not path.is_file():
            print(f"  no {name} in {path.parent}")
            continue
        with tempfile.TemporaryDirectory() as folder:
            report(name, replay(list(articles(path)), step, Path(folder)))


def articles(path: Path) -> Iterator[Article]:
    for line in path.read_bytes().splitlines():
        row = json.loads(line)
        try:
            url = urls.canonical(row["url"])
        except ParseError:  # no page could have come from there
            continue
        at = datetime.fromisoformat(row["publishedDateTime"]).astimezone(UTC)
        yield Article(
            url=url,
            original_url=url,
            web_url=url,
            title=row["title"],
            excerpt=row["text"][:260],
            text=row["text"],
            published=at,
            first_seen=at,
            language=row["language"],
            provider=Provider(domain=row["provider"], name=row["provider"]),
            source_topics=("News",),
        )


def replay(stream: list[Article], step: timedelta, folder: Path) -> dict[str, Churn]:
    """Every edition of the stream in each mode. step: between two. folder: for the store."""
    topics = {"topics/00-news.yaml": b"_id: news\nname: News\n"}
    base = config.parse({"broadsheet.toml": TOP} | topics)
    modes = {mode: msgspec.structs.replace(base, related=mode) for mode in MODES}
    churns = {mode: Churn() for mode in MODES}
    waiting = sorted((judge(base, article) for article in stream), key=lambda one: (one.published, one.url))
    with open_store(f"sqlite:///{folder / 'store.db'}") as store, open_executor("serial") as pool:
        now = waiting[0].published
        while waiting:
            now += step
            come = [one for one in waiting if one.published <= now]
            waiting = waiting[len(come) :]
            if come:
                store.put_articles(come, [])
                curate(base, store, pool, now, progress=quiet)
            for mode, files in editions(modes, store, now):
                churns[mode].add(files, came=bool(come))
    return churns


def editions(modes: dict[str, Publication], store: Store, now: datetime) -> Iterator[tuple[str, dict[str, bytes]]]:
    facts = printing.facts_of(store, now)
    for mode, publication in modes.items():
        edition = printing.edition_of(publication, facts, now)
        files = {file.path: file.data for file in printing.render(edition, quiet)}
        yield mode, {path: data for path, data in files.items() if not path.startswith("_data/")}
    store.put_front(edition.fronts[-1])
    store.put_printings(edition.printings)


def report(name: str, churns: dict[str, Churn]) -> None:
    for mode, churn in churns.items():
        counts, sizes = zip(*churn.by_edition, strict=True)
        changed = churn.changed["records"]
        print(f"  {name}, related = {mode}: {len(counts)} editions with other records than the one before")
        print(
            f"    records: {churn.new['records']} new, {changed} changes, {churn.size['records']:,} bytes written; "
            f"an edition {sum(counts) / len(counts):.1f} files and {sum(sizes) / len(sizes):,.0f} bytes, "
            f"at most {max(counts)} and {max(sizes):,}"
        )
        print(
            f"    changes of the list alone: {churn.lists_alone} of {changed} "
            f"({churn.lists_alone / changed:.1%}), {churn.lists_alone_size:,} bytes; "
            f"written although no article had come: {churn.unasked}"
        )
        for part in ("pages", "items", "archive"):
            print(
                f"    API, {part}: {churn.new[part]} new files, {churn.changed[part]} changes, "
                f"{churn.size[part]:,} bytes written"
            )
