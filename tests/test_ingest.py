"""Importing saved pages: archives as crawls make them, folders and files, in one go or in several."""

from __future__ import annotations

import gzip
import io
import json
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from broadsheet.run import opened
from broadsheet.run.importing import ImportReport, bring
from broadsheet.run.publication import quiet

from . import web as small_web
from .build import NOW
from .test_run import tree

HTML = "text/html; charset=utf-8"
PAGES = {url: body for url, body in small_web.contents().items() if not url.endswith("feed.xml")}
FEEDS = {url: body for url, body in small_web.contents().items() if url.endswith("feed.xml")}


def crawl(file: Path, *captures: tuple[Any, ...], whole: bool = False) -> Path:
    """A WARC file as a crawl makes it, with the request before and metadata after each response.

    captures: (url, body, content type, status line, further headers). whole: compressed as one piece.
    """
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=file.suffix == ".gz" and not whole)
    writer.write_record(
        writer.create_warcinfo_record(file.name, {"software": "test", "format": "WARC File Format 1.0"})
    )
    for url, body, *rest in captures:
        kind, line, fields = (*rest, *(HTML, "200 OK", [])[len(rest) :])
        http = StatusAndHeaders(line, [("Content-Type", kind), *fields], protocol="HTTP/1.1")
        asked = StatusAndHeaders("GET / HTTP/1.1", [("Host", "a.example")], is_http_request=True)
        response = writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=http)
        request = writer.create_warc_record(url, "request", http_headers=asked)
        about = writer.create_warc_record(
            url, "metadata", payload=io.BytesIO(b"fetchTimeMs: 12\r\n"), warc_content_type="application/warc-fields"
        )
        for record in (request, response, about):
            writer.write_record(record)
    file.write_bytes(gzip.compress(out.getvalue()) if whole else out.getvalue())
    return file


def taken(folder: Path, *paths: Path, **settings: Any) -> ImportReport:
    return bring(small_web.publication(folder), list(paths), NOW, progress=quiet, **settings)


def held(folder: Path) -> dict[str, str]:
    """Address that an article was found under -> its text."""
    with opened(folder) as (_, store):
        return {article.original_url: article.text for article in store.articles(text=True)}


PACKED = gzip.compress
CHUNKED = [("Transfer-Encoding", "chunked")]


def chunks(body: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:700], body[700:])) + b"0\r\n\r\n"


@pytest.mark.parametrize(("name", "whole"), [("a.warc", False), ("a.warc.gz", False), ("a.warc.gz", True)])
def test_a_crawl_becomes_articles(tmp_path, name, whole):
    """Every page is an article, whatever encoding it was saved in, and prints what a folder of the same pages does."""
    coded = [
        lambda body: (body, []),
        lambda body: (PACKED(body), [("Content-Encoding", "gzip")]),
        lambda body: (chunks(body), CHUNKED),
        lambda body: (chunks(PACKED(body)), [*CHUNKED, ("Content-Encoding", "gzip")]),
        lambda body: (body, [*CHUNKED, ("Content-Encoding", "gzip")]),  # decoded by the crawler, which kept the header
    ]
    captures = []
    for number, (url, body) in enumerate(PAGES.items()):
        data, fields = coded[number % len(coded)](body)
        captures.append((url, data, HTML, "200 OK", fields))

    report = taken(tmp_path / "p", crawl(tmp_path / name, *captures, whole=whole))
    other = taken(tmp_path / "q", small_web.saved(tmp_path / "saved"))

    assert (len(PAGES), 0, ()) == (report.pages, report.other, report.failures)
    assert len(PAGES) == other.pages
    assert tree(tmp_path / "q") == tree(tmp_path / "p")


def test_what_is_no_page_is_counted_and_not_read(tmp_path):
    """Feeds of any type, pictures, robots.txt, redirects and failures are no failures of the import."""
    url, body = next(iter(PAGES.items()))
    feed = next(iter(FEEDS.values()))
    file = crawl(
        tmp_path / "a.warc.gz",
        (url, body),
        ("http://a.example/feed.xml", feed, "application/rss+xml"),
        ("http://a.example/feed", feed, HTML),
        ("http://a.example/feed.bin", feed, ""),
        ("http://a.example/map.xml", b'<?xml version="1.0"?><urlset></urlset>', "text/xml"),
        ("http://a.example/a.png", b"\x89PNG\r\n", "image/png"),
        ("http://a.example/b.png", b"\x89PNG\r\n<", ""),
        ("http://a.example/robots.txt", b"User-agent: *", "text/html"),
        ("http://a.example/old", b"", HTML, "301 Moved Permanently"),
        ("http://a.example/gone", body, HTML, "404 Not Found"),
        ("dns:a.example", b"a.example. 300 IN A 192.0.2.1", "text/dns"),
    )

    report = taken(tmp_path / "p", file)

    assert (1, 10, (), {}) == (report.pages, report.other, report.failures, report.dropped)


def test_a_page_that_is_no_article_is_in_the_ledger(tmp_path):
    front = b"<!doctype html><html><title>Ferries</title><body><ul><li><a href=/1>One</a></ul></body></html>"

    report = taken(tmp_path / "p", crawl(tmp_path / "a.warc.gz", ("http://a.example/", front)))

    assert (0, {"not-an-article": 1}, ()) == (report.pages, report.dropped, report.failures)
    with opened(tmp_path / "p") as (_, store):
        assert [("http://a.example/", "not-an-article")] == [(o.url, o.state) for o in store.outcomes()]


@pytest.mark.parametrize("files", [1, 3])
def test_of_several_captures_the_last_good_one_counts(tmp_path, files):
    """In one file or in several, and under whatever spelling; a later failure does not take it away."""
    old, new = (small_web.page(0, 0, day).encode() for day in (1, 2))
    url = "http://p0.example/1/0-0"
    captures = [
        (url, old),
        (f"{url}?utm_source=feed", new),
        (url, b"<html>sorry</html>", HTML, "503 Service Unavailable"),
    ]
    folder = tmp_path / "crawl"
    folder.mkdir()
    if files == 1:
        crawl(folder / "a.warc.gz", *captures)
    else:
        for name, capture in zip("abc", captures, strict=True):
            crawl(folder / f"{name}.warc.gz", capture)

    report = taken(tmp_path / "p", folder)

    assert 1 == report.pages
    assert "On day 2" in held(tmp_path / "p")[url]


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_a_broken_record_costs_nothing_but_itself(tmp_path, name):
    """Its place is told; what stands behind it is read, and so is everything before a broken end."""
    file = crawl(tmp_path / name, *PAGES.items())
    data = file.read_bytes()
    magic = b"\x1f\x8b\x08" if name.endswith("gz") else b"WARC/1."
    starts = [found.start() for found in re.finditer(re.escape(magic), data)]
    broken = starts[5]  # after the warcinfo, a request, a response and so on: the second response
    file.write_bytes(data[:broken] + b"\xff" * 40 + data[broken + 40 : starts[-2] - 30])

    report = taken(tmp_path / "p", file)

    assert len(PAGES) - 2 == report.pages
    assert 2 == len(report.failures), report.failures
    place = int(re.search(r"broken record at byte (\d+)", report.failures[0])[1])
    assert abs(place - broken) <= 4, "within the two line ends before it"
    assert "cut off" in report.failures[1]


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
@pytest.mark.parametrize("part", [0.0, 0.2, 0.5, 0.9])
@pytest.mark.parametrize("record", ["request", "response"])
def test_a_file_that_breaks_off_says_so(tmp_path, name, record, part):
    """Wherever it does: within the first bytes of a record, its header or its body. The rest is read."""
    file = crawl(tmp_path / name, *list(PAGES.items())[:2])
    with file.open("rb") as stream:
        records = ArchiveIterator(stream)
        starts = [(kept.rec_type, records.get_record_offset(), records.get_record_length()) for kept in records]
    _, start, length = [kept for kept in starts if kept[0] == record][1]
    file.write_bytes(file.read_bytes()[: start + max(4, int(part * length))])

    report = taken(tmp_path / "p", tmp_path / name)

    assert (1, 1) == (report.pages, len(report.failures))
    assert "broken record at byte" in report.failures[0]


def test_a_capture_that_its_crawler_cut_off_is_no_article(tmp_path):
    """Half a text would be kept as if it were all of it."""
    url, body = next(iter(PAGES.items()))
    file = crawl(tmp_path / "a.warc", (url, body))
    file.write_bytes(
        file.read_bytes().replace(b"WARC-Type: response\r\n", b"WARC-Type: response\r\nWARC-Truncated: length\r\n")
    )

    report = taken(tmp_path / "p", file)

    assert (0, 1) == (report.pages, len(report.failures))
    assert "saved response is cut off (length)" in report.failures[0]


def test_a_page_beyond_the_bounds_is_a_failure_of_its_own(tmp_path):
    """A bomb ends at the cap for pages; the rest is read."""
    bomb = gzip.compress(bytes(30_000_000))
    captures = [("http://a.example/bomb", bomb, HTML, "200 OK", [("Content-Encoding", "gzip")]), *PAGES.items()]

    report = taken(tmp_path / "p", crawl(tmp_path / "a.warc.gz", *captures))

    assert (len(PAGES), 1) == (report.pages, len(report.failures))
    assert "http://a.example/bomb: body over 10 MiB" in report.failures[0]


def test_an_import_is_idempotent(tmp_path):
    """What was read before is left as it is, also where another file has it again."""
    file, again = (crawl(tmp_path / name, *PAGES.items()) for name in ("a.warc.gz", "b.warc"))
    first = taken(tmp_path / "p", file)
    before = tree(tmp_path / "p")

    reports = [taken(tmp_path / "p", path) for path in (file, again)]

    assert (len(PAGES), 0) == (first.pages, first.known)
    assert [(0, len(PAGES), 0)] * 2 == [(r.pages, r.known, r.written) for r in reports]
    assert before == tree(tmp_path / "p")


def test_processes_import_what_serial_does(tmp_path):
    file = crawl(tmp_path / "a.warc.gz", *PAGES.items())

    taken(tmp_path / "one", file)
    taken(tmp_path / "two", file, executor="processes:2")

    assert tree(tmp_path / "one") == tree(tmp_path / "two")


IMPORT = """
import os, signal, sys
from pathlib import Path
from broadsheet.run import ingesting
from broadsheet.run.importing import bring
from broadsheet.store.sql import SqlStore
from tests.build import NOW

batches, put, ingesting.BATCH = 0, SqlStore.put_articles, 3

def counted(self, articles, outcomes):
    global batches
    put(self, articles, outcomes)
    batches += 1
    if batches == 2:
        os.kill(os.getpid(), signal.SIGKILL)

SqlStore.put_articles = counted
bring(Path(sys.argv[1]), [Path(sys.argv[2])], NOW, progress=lambda *_: None)
"""


def test_a_killed_import_goes_on_where_it_stopped(tmp_path):
    """Killed after its second batch it has those six pages; the next one reads the others and ends in the same edition."""
    file = crawl(tmp_path / "a.warc.gz", *PAGES.items())
    calm, killed = tmp_path / "calm", small_web.publication(tmp_path / "killed")
    taken(calm, file)

    ended = subprocess.run([sys.executable, "-c", IMPORT, str(killed), str(file)], capture_output=True, check=False)
    before = len(held(killed))
    report = taken(killed, file)

    assert -signal.SIGKILL == ended.returncode, ended.stderr
    assert (6, 6, len(PAGES) - 6) == (before, report.known, report.pages)
    assert tree(calm) == tree(killed)


def test_an_entry_that_waits_is_read_from_the_archive(tmp_path):
    """An address whose page could not be fetched is not held back by that."""
    from broadsheet.types import Outcome

    folder = small_web.publication(tmp_path / "p")
    states = ("waiting", "fetch-failed", "robots")
    with opened(folder) as (_, store):
        store.put_outcomes(Outcome(url=url, state=state) for url, state in zip(PAGES, states, strict=False))

    report = taken(folder, crawl(tmp_path / "a.warc.gz", *PAGES.items()))

    assert (len(PAGES) - 1, 1) == (report.pages, report.known)


def test_an_indexed_folder_skips_what_is_no_page(tmp_path):
    folder = small_web.saved(tmp_path / "saved")

    report = taken(tmp_path / "p", folder)

    assert (len(PAGES), len(FEEDS), ()) == (report.pages, report.other, report.failures)
    assert len(PAGES) + len(FEEDS) == len((folder / "index.jsonl").read_text().splitlines())


def test_files_without_an_address_say_it_themselves(tmp_path):
    """Two of one name in two folders are two pages; one without an address in it is a failure with its name."""
    for number, (url, body) in enumerate(list(PAGES.items())[:2]):
        (tmp_path / str(number)).mkdir()
        link = f'<link rel="canonical" href="{url}">'.encode()
        (tmp_path / str(number) / "page.html").write_bytes(body.replace(b"<head>", b"<head>" + link))
    (tmp_path / "0" / "note.html").write_bytes(b"<html><title>Note</title><p>Buy eels.</html>")

    report = taken(tmp_path / "p", tmp_path / "0", tmp_path / "1")

    assert 2 == report.pages
    assert [str(tmp_path / "0" / "note.html")] == [line.split(": ")[0] for line in report.failures]
    assert set(list(PAGES)[:2]) == set(held(tmp_path / "p"))


def test_rights_in_a_saved_header_hold(tmp_path):
    url, body = next(iter(PAGES.items()))
    captures = (url, body, HTML, "200 OK", [("X-Robots-Tag", "noindex")])

    report = taken(tmp_path / "p", crawl(tmp_path / "a.warc.gz", captures))

    assert (0, {"opt-out": 1}) == (report.pages, report.dropped)


def test_the_command_tells_what_it_left_out(tmp_path, capsys):
    from broadsheet.cli import run

    folder = small_web.publication(tmp_path / "p")
    captures = [*PAGES.items(), ("http://a.example/a.png", b"\x89PNG", "image/png")]
    file = crawl(tmp_path / "a.warc.gz", *captures)
    codes = [
        run(["import", "-C", str(folder), "--executor", "serial", "--now", NOW.isoformat(), str(file)]) for _ in "12"
    ]
    assert run(["import", "-C", str(folder), "--executor", "serial", "--json", str(file)]) == 0

    said = capsys.readouterr().out
    assert [0, 0] == codes
    assert f"of saved answers left out: {len(PAGES)} known already, 1 no pages" in said
    assert len(PAGES) == json.loads(said[said.index("{") :])["known"]
