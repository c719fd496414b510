"""Archives of cycles: what is written, that other readers take it, and that a replay prints the same edition."""

from __future__ import annotations

import asyncio
import gzip
import io
import shutil
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastwarc.warc import ArchiveIterator as FastReader
from warcio.archiveiterator import ArchiveIterator as Reader

from broadsheet.cli import run
from broadsheet.errors import FetchError, OutputError, UsageError
from broadsheet.fetch import Reply
from broadsheet.fetch.archive import ArchivingTransport, file_for
from broadsheet.fetch.offline import OfflineTransport
from broadsheet.run import opened, update
from broadsheet.types import Article

from . import canned
from . import web as small_web
from .build import NOW
from .test_run import tree, web  # noqa: F401  (web is a fixture)

LATER = NOW + timedelta(hours=3)
URL = "https://harbour.example/news/1?id=7"


def kept(
    file: Path, answers: dict[str, Any], asked: Sequence[str | tuple[str, dict[str, str]]] = (), now: Any = NOW
) -> Path:
    """An archive of these answers, each asked for once (or as `asked` says)."""

    async def work() -> None:
        async with ArchivingTransport(canned.Web(answers), file, now) as transport:
            for one in asked or answers:
                url, headers = one if isinstance(one, tuple) else (one, {})
                with suppress(FetchError):
                    await transport.exchange(url, most=1000, seconds=1.0, headers=headers)

    asyncio.run(work())
    return file


def replayed(path: Path, url: str, now: Any = NOW, **headers: str) -> Reply | FetchError:
    async def work() -> Reply:
        return await OfflineTransport(path, now).exchange(
            url, most=1000, seconds=1.0, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )

    try:
        return asyncio.run(work())
    except FetchError as exc:
        return exc


def parts(error: FetchError) -> tuple[object, ...]:
    return error.url, error.reason, error.kind, error.status, error.permanent, error.retry_after


ANSWERS = {
    URL: canned.reply(200, "<p>Ebb and flow</p>", content_type="text/html", etag='"a"', content_encoding="gzip"),
    "https://harbour.example/robots.txt": canned.reply(404),
    "https://harbour.example/old": canned.moved("/new", 301),
    "https://harbour.example/feed": canned.reply(304, etag='"f"'),
    "https://harbour.example/down": FetchError("https://harbour.example/down", "connection refused", kind="network"),
}


def test_two_other_readers_take_the_archive(tmp_path):
    """warcio reads the types, addresses and bodies and finds every digest right; fastwarc sees the same records."""
    file = kept(tmp_path / "a.warc.gz", ANSWERS)

    with file.open("rb") as stream:
        found = []
        for record in Reader(stream, check_digests="raise"):
            body = record.content_stream().read()
            found.append((record.rec_type, record.rec_headers.get_header("WARC-Target-URI"), body))
            assert "2026-03-02T12:00:00Z" == record.rec_headers.get_header("WARC-Date")
    with file.open("rb") as stream:
        fast = [(str(r.record_type), r.headers.get("WARC-Target-URI")) for r in FastReader(stream, verify_digests=True)]

    assert [(kind, url) for kind, url, _ in found] == fast
    answers = ["response", "response", "response", "revisit", "metadata"]
    pairs = [[kind, "request"] if kind != "metadata" else [kind] for kind in answers]
    assert ["warcinfo", *(kind for pair in pairs for kind in pair)] == [kind for kind, _, _ in found]
    assert b"<p>Ebb and flow</p>" == found[1][2]


def test_each_record_is_a_gzip_member_with_a_name_of_its_own(tmp_path):
    """So that one can be read alone; a request names the answer that it got."""
    data = kept(tmp_path / "a.warc.gz", ANSWERS).read_bytes()
    names, concurrent = [], []
    with io.BytesIO(data) as stream:
        for record in (reader := Reader(stream)):
            record.content_stream().read()
            names.append(record.rec_headers.get_header("WARC-Record-ID"))
            concurrent.append(record.rec_headers.get_header("WARC-Concurrent-To"))
            reader.read_to_end()
            assert data[reader.get_record_offset() :].startswith(b"\x1f\x8b\x08")

    assert len(names) == len(set(names)) == data.count(b"\x1f\x8b\x08")
    assert [None, None, names[1], None, names[3]] == concurrent[:5]


def test_the_kept_header_fits_the_decoded_body(tmp_path):
    """The body is kept as it was read, so the encoding that it came in is not claimed, and the length is its own."""
    text = gzip.decompress(kept(tmp_path / "a.warc.gz", ANSWERS).read_bytes()).decode()
    head = text[text.index("HTTP/1.1 200 OK") : text.index("<p>Ebb")]

    assert "content-encoding" not in head
    assert "content-length: 19\r\n" in head
    assert "GET /news/1?id=7 HTTP/1.1\r\nhost: harbour.example\r\n" in text


def test_the_same_exchanges_make_the_same_bytes(tmp_path):
    one, two = (kept(tmp_path / folder / "a.warc.gz", ANSWERS) for folder in ("one", "two"))

    assert one.read_bytes() == two.read_bytes()


def test_a_header_of_a_host_stays_on_its_line(tmp_path):
    """A value with a line end in it makes no second field, and a name that is none is left out."""
    hostile = Reply(url=URL, status=200, headers={"x-a": "1\r\nx-forged: 2\r\n\r\nbody", "x b": "3"}, body=b"ok")
    replay = replayed(kept(tmp_path / "a.warc.gz", {URL: hostile}), URL)

    assert isinstance(replay, Reply)
    assert ({"x-a": "1 x-forged: 2 body", "content-length": "2"}, b"ok") == (replay.headers, replay.body)


@pytest.mark.parametrize(
    "error",
    [
        FetchError(URL, "connection refused", kind="network"),
        FetchError(URL, "HTTP 503", kind="http", status=503, retry_after=120.0),
        FetchError(URL, "body over 10 MiB", kind="bounds", permanent=True),
        FetchError(URL, "address is private: ::1", kind="refused", permanent=True),
        FetchError(URL, "two\r\nlines — and more", kind="network", retry_after=0.5),
    ],
)
def test_a_failure_comes_back_as_it_was(tmp_path, error):
    """In every part of it, so that the run decides the same; only line ends in the reason become spaces."""
    again = replayed(kept(tmp_path / "a.warc.gz", {URL: error}), URL)

    assert isinstance(again, FetchError)
    assert (error.url, " ".join(error.reason.split()), *parts(error)[2:]) == parts(again)


def test_an_unchanged_answer_is_unchanged_in_a_replay(tmp_path):
    """A 304 is a revisit record; asked without condition, or by another clock, the page itself comes."""
    kept(tmp_path / "1.warc.gz", {URL: canned.reply(200, "tide", etag='"a"')})
    kept(tmp_path / "2.warc.gz", {URL: canned.reply(304, etag='"a"')}, [(URL, {"If-None-Match": '"a"'})], LATER)

    replies = [
        replayed(tmp_path, URL, LATER, if_none_match='"a"'),
        replayed(tmp_path, URL, LATER),
        replayed(tmp_path, URL, NOW, if_none_match='"a"'),
        replayed(tmp_path, URL, LATER + timedelta(hours=1), if_none_match='"a"'),
        replayed(tmp_path, URL, LATER + timedelta(hours=1), if_none_match='"b"'),
    ]

    assert [(304, b""), (200, b"tide"), (200, b"tide"), (304, b""), (200, b"tide")] == [
        (r.status, r.body) for r in replies
    ]


@pytest.mark.parametrize(
    ("hours", "answer"),
    [(-1, b"one"), (0, b"one"), (1, b"one"), (2, b"two"), (3, 404), (4, b"two"), (5, b"five"), (9, b"five")],
)
def test_of_several_answers_the_one_of_the_clock_counts(tmp_path, hours, answer):
    """Of exactly this clock, whatever it is; else the last page before it; before all of them the first."""
    for hour, given in {0: "one", 2: "two", 3: None, 5: "five"}.items():
        reply = canned.reply(200, given) if given else canned.reply(404)
        kept(tmp_path / f"{9 - hour}.warc.gz", {URL: reply}, now=NOW + timedelta(hours=hour))

    replay = replayed(tmp_path, URL, NOW + timedelta(hours=hours))

    assert isinstance(replay, Reply)
    assert answer == (replay.body if replay.status == 200 else replay.status)


def test_a_killed_run_leaves_what_can_be_read(tmp_path):
    """Its `.part` is an archive; half a record at its end is passed over, cut off, and the file gone on with."""
    whole = kept(tmp_path / "whole.warc.gz", {URL: canned.reply(200, "tide")}).read_bytes()
    part = tmp_path / "a.warc.gz.part"
    part.write_bytes(whole + whole[:20] + bytes(5000))

    before = replayed(part, URL)
    file = kept(tmp_path / "a.warc.gz", {"https://harbour.example/2": canned.reply(200, "ebb")})

    assert isinstance(before, Reply)
    assert b"tide" == before.body
    assert not part.exists()
    assert file.read_bytes().startswith(whole)
    assert [b"tide", b"ebb"] == [replayed(file, url).body for url in (URL, "https://harbour.example/2")]
    with file.open("rb") as stream:
        assert 6 == sum(1 for _ in Reader(stream, check_digests="raise"))


def test_an_archive_that_is_there_is_added_to(tmp_path):
    file = kept(tmp_path / "a.warc.gz", {URL: canned.reply(200, "tide")})
    before = file.read_bytes()

    kept(file, {URL: canned.reply(200, "ebb")}, now=LATER)

    assert file.read_bytes().startswith(before)
    assert [b"tide", b"ebb"] == [replayed(file, URL, now).body for now in (NOW, LATER)]
    assert [file] == list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["a.warc.gz", "file/a.warc.gz"])
def test_an_archive_that_cannot_be_written_stops_the_run(tmp_path, name):
    """Before anything is fetched: a file where a folder should be, two files to go on with."""
    (tmp_path / "file").write_bytes(b"")
    for rest in ("", ".part"):
        (tmp_path / f"a.warc.gz{rest}").write_bytes(b"")
    asked = canned.Web()

    async def work() -> None:
        async with ArchivingTransport(asked, tmp_path / name, NOW):
            pass

    with pytest.raises(OutputError):
        asyncio.run(work())
    assert 0 == asked.opened


def test_a_folder_has_one_archive_a_cycle(tmp_path):
    assert tmp_path / "20260302T120000Z-broadsheet.warc.gz" == file_for(tmp_path, NOW)
    assert tmp_path / "a.warc.gz" == file_for(tmp_path / "a.warc.gz", NOW)


def test_writing_needs_no_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "fastwarc", None)

    assert kept(tmp_path / "a.warc.gz", ANSWERS).stat().st_size > 0


# --- cycles ----------------------------------------------------------------------------------------------------------


def held(folder: Path) -> tuple[Article, ...]:
    with opened(folder, lock=False) as (_, store):
        return store.articles(text=True)


def test_a_replay_prints_the_same_edition(tmp_path, web):  # noqa: F811
    """Two cycles over real HTTP, archived into one folder, and replayed in a copy of the publication with the same
    clocks: every printed byte is the same; so it is for the second cycle alone, in a copy of that moment. Redirects, a 404, a robots.txt that forbids, a broken feed and, in the
    second cycle, feeds that did not change, are among them."""
    live, copy, between, folder = (tmp_path / name for name in ("live", "copy", "between", "archives"))
    small_web.publication(live, address=web.address)
    web.tagged = True
    moved = "http://p1.example/1/1-0"
    web.bodies["http://p1.example/moved"] = web.bodies.pop(moved)
    web.moved[moved] = "/moved"
    web.bodies["http://p2.example/robots.txt"] = b"User-agent: *\nDisallow: /1/1-1\n"
    web.bodies["http://p0.example/robots.txt"] = b"User-agent: *\nDisallow: /1/2-2\n"
    feed = web.bodies["http://p0.example/feed.xml"]
    web.bodies["http://p0.example/feed.xml"] = b"<rss><channel><item"
    shutil.copytree(live, copy)

    first = update(live, NOW, archive=folder)
    one = tree(live)
    shutil.copytree(live, between)
    web.bodies["http://p0.example/feed.xml"] = feed
    second = update(live, LATER, archive=folder)
    two = tree(live)

    statuses = {status for _, status in web.answered}
    assert {200, 301, 304, 404} == statuses
    assert 2 == len(list(folder.iterdir()))
    assert one != two
    web.bodies.clear()
    asked = len(web.answered)
    reports = []
    for now, printed in ((NOW, one), (LATER, two)):
        reports.append(update(copy, now, offline=folder))
        assert printed == tree(copy)
    assert held(live) == held(copy), "each article, its text and all that was said of its fields"
    assert asked == len(web.answered)
    for was, again in zip((first, second), reports, strict=True):
        for field in ("sources", "unchanged_sources", "failures", "listed", "new", "fetched", "kept", "dropped"):
            assert getattr(was, field) == getattr(again, field), field
    alone = update(between, LATER, offline=file_for(folder, LATER))  # what hosts had asked for is in its store
    assert two == tree(between)
    assert {"robots": 1} == second.dropped == alone.dropped


def test_a_replay_by_another_clock_is_another_edition(tmp_path, web):  # noqa: F811
    """What the test above would not notice if clocks did not count: the second cycle's answers differ."""
    live, folder = small_web.publication(tmp_path / "live", address=web.address), tmp_path / "archives"
    copy = tmp_path / "copy"
    shutil.copytree(live, copy)
    update(live, NOW, archive=folder)
    web.bodies.update(small_web.contents(2))
    update(live, LATER, archive=folder)

    assert (
        update(copy, LATER, offline=folder).new > update(small_web.publication(tmp_path / "p"), NOW, offline=folder).new
    )


def test_an_archive_of_an_archive_is_refused(tmp_path):
    folder = small_web.publication(tmp_path / "p")

    with pytest.raises(UsageError, match="--offline or --archive"):
        update(folder, NOW, offline=small_web.saved(tmp_path / "saved"), archive=tmp_path / "a.warc.gz")


def test_the_command_keeps_and_replays(tmp_path, web):  # noqa: F811
    """As in the guide: a folder gets the cycle's file, which a copy of the publication takes for the web."""
    live, copy, folder = (tmp_path / name for name in ("live", "copy", "archives"))
    shutil.copytree(small_web.publication(live, address=web.address), copy)
    cycle = ["update", "--now", NOW.isoformat(), "--executor", "serial"]

    codes = [
        run([*cycle, "-C", str(live), "--archive", str(folder)]),
        run([*cycle, "-C", str(copy), "--offline", str(folder)]),
    ]

    assert [0, 0] == codes
    assert ["20260302T120000Z-broadsheet.warc.gz"] == [file.name for file in folder.iterdir()]
    assert tree(live) == tree(copy)
