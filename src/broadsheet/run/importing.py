"""Import: existing records become live articles that print the same bytes, and saved pages come along."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from .. import edition, files, record
from ..cluster import dense
from ..errors import BroadsheetError, UsageError
from ..execute import open_executor
from ..store import Imported, Store
from ..stories import story_id
from ..types import Article, Decision, File, Membership, Outcome, Placed, PrintedRecord, Publication, Struct
from . import starting
from .curating import curate
from .delivering import deliver
from .ingesting import ingest
from .learning import with_learnt
from .printing import print_edition
from .publication import Progress, opened, settings
from .retagging import note_tree, retag


class ImportReport(Struct, frozen=True, rename="camel"):
    """What an import took. failures: files that were left alone, one line each."""

    records: int = 0
    stories: int = 0
    pages: int = 0  # that are articles now
    known: int = 0  # pages that had been read before
    other: int = 0  # saved answers that are no page, such as feeds and pictures
    dropped: dict[str, int] = {}  # outcome state -> saved pages that ended there
    skipped: int = 0  # records of another kind than news, which are left where they are
    topics: int = 0  # topic files copied
    organizations: int = 0
    written: int = 0
    failures: tuple[str, ...] = ()


def record_files(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Record files in `paths`: `.md` files, or those of a folder's `_news` (else of the folder), sorted by name.

    Raises UsageError for a path that is not there.
    """
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise UsageError("no such file or folder", str(path), "check the path")
        if path.is_file():
            found += [path] if path.suffix == ".md" else []
            continue
        folder = path / "_news" if (path / "_news").is_dir() else path
        found += folder.rglob("*.md")
    return tuple(sorted(set(found), key=lambda path: (path.name, str(path))))


def import_records(
    publication: Publication, store: Store, paths: Sequence[Path], now: datetime, *, progress: Progress
) -> ImportReport:
    """Take records as they are: each is an article with its own quality and topics, placed in the story that its
    `related` list names, printed again byte for byte until something about it changes.

    Two records of one address both stay. A file that breaks the format, and a stub, is reported and left alone.
    Raises StoreError.
    """
    parsed: dict[str, tuple[PrintedRecord, Article]] = {}
    failures: list[str] = []
    skipped = 0
    for done, path in enumerate(paths):
        progress("reading records", done, len(paths))
        try:
            held, newline = record.parse(path.read_bytes())
            if held.category != "news":
                skipped += 1
                continue
            article = record.to_article(held, path.name, now)
        except OSError as exc:
            failures.append(f"{path}: {exc.strerror}")
            continue
        except BroadsheetError as exc:
            failures.append(f"{path}: {exc}")
            continue
        if held.quality is None:
            failures.append(f"{path}: a stub without quality, which is never printed")
            continue
        if article.url in parsed:  # the predecessor kept one address under two names: both stay, apart by a fragment
            article = msgspec.structs.replace(article, url=f"{article.url}#{path.stem}")
        printed = PrintedRecord(name=path.name, record=held, newline=newline)
        parsed[article.url] = printed, msgspec.structs.replace(article, scored_with=publication.fingerprint)
    progress("reading records", len(paths), len(paths))
    stories = group({url: printed for url, (printed, _) in parsed.items()})
    placed = [
        Placed(url=url, name=printed.name, membership=Membership(url=url, story=stories[url]))
        for url, (printed, _) in parsed.items()
    ]
    store.put_imports(
        [Imported(url=url, printed=printed) for url, (printed, _) in parsed.items()],
        [article for _, article in parsed.values()],
        placed,
        [Outcome(url=url, state="imported", reason=printed.name, article=url) for url, (printed, _) in parsed.items()],
        list(_vetoes(parsed)),
    )
    return ImportReport(
        records=len(parsed), stories=len(set(stories.values())), skipped=skipped, failures=tuple(failures)
    )


def group(records: dict[str, PrintedRecord]) -> dict[str, str]:
    """Story id of each article URL: records that list each other, directly or through others, share one.

    The record with the first file name counts as the one that opened the story.
    """
    leader = {url: url for url in records}

    def root(url: str) -> str:
        while leader[url] != url:
            leader[url] = url = leader[leader[url]]
        return url

    order = {url: printed.name for url, printed in records.items()}
    for url, printed in records.items():
        for related in printed.record.related:
            other = record.identity(related)
            if other in leader:
                first, second = sorted((root(url), root(other)), key=lambda u: (order[u], u))
                leader[second] = first
    return {url: story_id(root(url)) for url in records}


def _vetoes(parsed: dict[str, tuple[PrintedRecord, Article]]) -> Iterator[Decision]:
    """A record that states `removed: true` carries an editor's veto, and keeps it."""
    for url, (printed, article) in parsed.items():
        if printed.record.removed:
            yield Decision(kind="kill", target=url, by=edition.IMPORT, at=article.published, note=printed.name)


# --- all of it -------------------------------------------------------------------------------------------------------


def bring(
    folder: Path, paths: Sequence[Path], now: datetime, *, executor: str = "serial", progress: Progress
) -> ImportReport:
    """Import whatever lies at `paths` into the publication in `folder`, then group and print.

    An import may be killed at any moment: the next one of the same paths takes up what is left.

    Topic and organisation files beside the records come along where the publication has none of its own.
    Raises BroadsheetError.
    """
    found = record_files(paths)
    topics, organizations = _bring_settings(folder, paths)
    with opened(folder) as (publication, store), open_executor(executor) as pool:
        if publication.story_dense:
            dense.require()
        publication = with_learnt(publication, store, now)
        report = import_records(publication, store, found, now, progress=progress) if found else ImportReport()
        ingested = ingest(publication, store, pool, paths, now, progress=progress)
        retag(folder, publication, store, pool, progress=progress)
        curate(publication, store, pool, now, progress=progress)
        note_tree(folder, publication)
        printed = print_edition(folder, publication, store, now, progress=progress)
        undelivered = deliver(folder, publication, printed.files.written)
    return msgspec.structs.replace(
        report,
        pages=ingested.articles,
        known=ingested.known,
        other=ingested.other,
        dropped=ingested.dropped,
        topics=topics,
        organizations=organizations,
        written=len(printed.files.written),
        failures=report.failures + ingested.failures + undelivered,
    )


def _bring_settings(folder: Path, paths: Sequence[Path]) -> tuple[int, int]:
    """Copy `_data/topics` and `_data/organizations` into the publication; how many of each. Topics come only while the
    publication still has the one topic that `init` made, since two trees cannot be one."""
    copied = {"topics": 0, "organizations": 0}
    settings(folder)  # a broken publication is told before anything is copied
    for path in paths:
        for kind, pattern in (("topics", "*.y*ml"), ("organizations", "*.md")):
            new = sorted((path / "_data" / kind).glob(pattern)) if path.is_dir() else []
            if kind == "topics" and new and not starting.forget_scaffold_topic(folder):
                continue
            for file in new:
                if not (folder / kind / file.name).exists():
                    files.put(folder, File(path=f"{kind}/{file.name}", data=file.read_bytes()))
                    copied[kind] += 1
    return copied["topics"], copied["organizations"]
