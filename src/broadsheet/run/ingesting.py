"""Ingest: saved pages, of files, folders and WARC archives of any size, become articles batch by batch."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import msgspec

from .. import extract, files, plugins, rights, urls
from ..errors import BroadsheetError, FetchError, ParseError
from ..execute import Executor
from ..fetch import response, saved, warc
from ..store import Store
from ..types import Article, Outcome, Page, Publication, Struct
from . import reading
from .publication import Progress

PAGES = (".html", ".htm", ".html.gz", ".htm.gz")
PAGE_TYPES = frozenset(("text/html", "application/xhtml+xml", ""))  # nothing said: its first bytes tell
BATCH, BATCH_BYTES = 256, 16 * 1024 * 1024  # pages, and bytes of them, that are read and stored together
NOT_READ = frozenset(("waiting", "fetch-failed"))  # states of an entry whose page a saved one can stand for
_MEBI = 1_048_576
_BEFORE_MARKUP = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"  # byte order marks, either byte of UTF-16, white space


class Ingested(Struct, frozen=True):
    """What came of saved pages. articles: held now. known: read before, left as they are.

    other: saved answers that are no page (feeds, pictures, robots.txt, redirects, failures). dropped: outcome state ->
    pages with a known address that ended there. failures: one line for each place that could not be read, and for each
    page without a known address that is no article.
    """

    articles: int = 0
    known: int = 0
    other: int = 0
    dropped: dict[str, int] = {}
    failures: tuple[str, ...] = ()


class _Found(NamedTuple):
    """One saved page, or why it is none. name: for people. done, total: how far the search is, in its own unit."""

    name: str
    what: Page | str | None  # a failure in words; None: an answer that is no page
    done: int
    total: int


def ingest(
    publication: Publication, store: Store, pool: Executor, paths: Sequence[Path], now: datetime, *, progress: Progress
) -> Ingested:
    """Read saved pages as articles, each batch stored in one transaction: a killed import goes on where it stopped.

    paths: `.html` files, folders of them (with an index where addresses are known), WARC files, folders of those. Of
    several captures of one URL the last one with status 200 counts. Raises StoreError, UsageError.
    """
    imported = frozenset(held.url for held in store.imports())
    read = partial(reading.read_article, publication, now)
    counts: Counter[str] = Counter()
    dropped: Counter[str] = Counter()
    failures: list[str] = []
    total = 0
    for batch in _batches(_pages(paths, now, publication.fetch.decoded_page, progress)):
        pages: dict[str, tuple[str, Page]] = {}
        for found in batch:
            if isinstance(found.what, Page):
                pages[found.what.url] = found.name, found.what
            elif found.what is None:
                counts["other"] += 1
            else:
                failures.append(f"{found.name}: {found.what}")
        seen = store.sightings(list(pages))
        known = {outcome.url for outcome in store.outcomes(urls=list(pages)) if outcome.state not in NOT_READ}
        counts["known"] += len(known)
        items = [(page, seen.get(url, ())) for url, (_, page) in pages.items() if url not in known]
        articles: list[Article] = []
        outcomes: list[Outcome] = []
        for (page, _), value in pool.map(read, items):
            if page.url.startswith(extract.UNKNOWN):
                article = _addressed(value)
                outcome = reading.outcome_of(article.url if isinstance(article, Article) else "", article, imported)
                if outcome.state != "held":
                    failures.append(f"{pages[page.url][0]}: {outcome.reason}")
            else:
                article, outcome = value, reading.outcome_of(page.url, value, imported)
                dropped[outcome.state] += outcome.state != "held"
            if isinstance(article, Article) and outcome.state == "held":
                articles.append(article)
            if outcome.url:
                outcomes.append(outcome)
        store.put_articles(articles, outcomes)
        counts["articles"] += len(articles)
        total = batch[-1].total
        progress("reading pages", batch[-1].done, total)
    progress("reading pages", total, total)
    return Ingested(
        articles=counts["articles"],
        known=counts["known"],
        other=counts["other"],
        dropped={state: count for state, count in sorted(dropped.items()) if count},
        failures=tuple(failures),
    )


def _batches(found: Iterator[_Found]) -> Iterator[list[_Found]]:
    batch: list[_Found] = []
    size = 0
    for one in found:
        batch.append(one)
        size += len(one.what.body) if isinstance(one.what, Page) else 0
        if len(batch) >= BATCH or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _pages(paths: Sequence[Path], now: datetime, most: int, progress: Progress) -> Iterator[_Found]:
    for path in paths:
        if path.suffix == ".md" or (path / "_news").is_dir():
            continue
        if archives := warc.files_in(path):
            yield from _of_archives(archives, now, most, progress)
        elif path.is_dir() and saved.indexes_in(path):
            yield from _of_index(path, now, most)
        else:
            names = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.name.endswith(PAGES))
            for number, file in enumerate(names, 1):
                yield _Found(str(file), _of_file(file, now), number, len(names))


# --- files -----------------------------------------------------------------------------------------------------------


def _of_file(file: Path, now: datetime) -> Page | str:
    """A page whose address only the page itself can tell."""
    url = f"{extract.UNKNOWN}{quote(file.name)}?{_key(str(file)).hex()}"
    try:
        return Page(url=url, final_url=url, status=200, body=files.read_saved(file), fetched_at=now)
    except BroadsheetError as exc:
        return exc.what


def _addressed(value: Article | Exception) -> Article | Exception:
    """What was read of a page without a known address: filed under the one that the page says."""
    if isinstance(value, Exception):
        return value
    if value.url.startswith(extract.UNKNOWN):
        return ParseError("the page does not say its address, which an index.jsonl beside it can")
    return msgspec.structs.replace(value, original_url=value.url)


def _of_index(folder: Path, now: datetime, most: int) -> Iterator[_Found]:
    entries = {page.url: page for page in saved.pages(folder)}
    for number, (url, entry) in enumerate(entries.items(), 1):
        yield _Found(url, _indexed(entry, now, most), number, len(entries))


def _indexed(entry: saved.SavedPage, now: datetime, most: int) -> Page | str | None:
    if not _may_be_page(entry.status, entry.content_type):
        return None
    try:
        body = saved.body_of(entry, most)
    except OSError as exc:
        return saved.unreadable(entry, exc).reason
    except FetchError as exc:
        return exc.reason
    headers = {"content-type": entry.content_type} if entry.content_type else {}
    return _page(entry.url, body, headers, now)


def _may_be_page(status: int, content_type: str) -> bool:
    return status in response.WHOLE and content_type.partition(";")[0].strip().lower() in PAGE_TYPES


def _page(url: str, body: bytes, headers: dict[str, str], now: datetime) -> Page | None:
    """A page, with what its header allows; None for a feed or a sitemap that goes by another type, and for nothing."""
    page = Page(
        url=url,
        final_url=url,
        status=200,
        body=body,
        headers=headers,
        content_type=headers.get("content-type", ""),
        fetched_at=now,
        rights=rights.of_headers(headers, now),
    )
    lists = (name for name in plugins.names("sources") if name != "page")
    if not body or any(plugins.find("sources", name).recognises(page) for name in lists):
        return None
    begins = body[:512].lstrip(_BEFORE_MARKUP)[:1] == b"<"
    return page if begins or page.content_type else None


# --- archives --------------------------------------------------------------------------------------------------------


def _of_archives(archives: Sequence[Path], now: datetime, most: int, progress: Progress) -> Iterator[_Found]:
    """Pages in the order of the files, which are read twice from front to back and never held.

    The first time finds the last good capture of each URL: a digest and two numbers for each.
    """
    sizes = [file.stat().st_size for file in archives]
    total = sum(sizes) // _MEBI + 1
    last: dict[bytes, tuple[int, int]] = {}
    for number, file in enumerate(archives):
        for record in warc.records(file, lambda _: 0):
            if isinstance(record, warc.Record) and (url := _page_url(record)):
                last[_key(url)] = number, record.number
                progress("looking for pages", _mebibytes(sizes, number, record.offset), total)
    progress("looking for pages", total, total)

    for number, file in enumerate(archives):

        def is_last(record: warc.Record, number: int = number) -> bool:
            url = _page_url(record)
            return bool(url) and last.get(_key(url)) == (number, record.number)

        for record in warc.records(file, lambda record: most if is_last(record) else 0):
            done = _mebibytes(sizes, number, record.offset)
            if isinstance(record, warc.Broken):
                yield _Found(str(file), f"broken record at byte {record.offset}: {record.reason}", done, total)
            elif is_last(record):
                yield _Found(f"{file}: {record.url}", _of_record(record, now, most), done, total)
            elif record.kind in ("response", "resource") and not _page_url(record):
                yield _Found(str(file), None, done, total)


def _page_url(record: warc.Record) -> str:
    """Canonical URL of a record that may hold a web page, by its header; empty for any other."""
    if record.kind not in ("response", "resource"):
        return ""
    if not _may_be_page(record.status, warc.headers_of(record).get("content-type", "")):
        return ""
    try:
        url = urls.canonical(record.url)
    except ParseError:  # dns: and the like
        return ""
    return "" if url.endswith("/robots.txt") else url


def _of_record(record: warc.Record, now: datetime, most: int) -> Page | str | None:
    try:
        body = warc.payload(record, most)
    except FetchError as exc:
        return exc.reason
    return _page(_page_url(record), body, warc.headers_of(record), now)


def _mebibytes(sizes: Sequence[int], number: int, offset: int) -> int:
    return (sum(sizes[:number]) + max(offset, 0)) // _MEBI


def _key(url: str) -> bytes:
    return hashlib.blake2b(url.encode(), digest_size=16).digest()
