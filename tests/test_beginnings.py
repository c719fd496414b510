"""A beginning is enough: what is read of a resource of which only the first bytes are wanted, and never more."""

from __future__ import annotations

import asyncio
import gzip
import json
import zlib
from pathlib import Path

import pytest

from broadsheet.errors import FetchError
from broadsheet.fetch import Reply, Request
from broadsheet.fetch.archive import ArchivingTransport
from broadsheet.fetch.http import HttpTransport
from broadsheet.fetch.offline import OfflineTransport
from broadsheet.types import FetchLimits

from . import canned
from .build import NOW
from .live import live
from .test_transport import OK, host, with_body

URL = "http://harbour.example/quay.jpg"
ENOUGH = 4096


def begun(says, *, limits=None, url=URL):
    """The host as it was asked, and the page (or the failure) that its first bytes give."""

    async def work():
        async with host(says) as state:
            hosts = {"*.example": f"127.0.0.1:{state.port}"}
            async with live(limits or FetchLimits(total=20.0), hosts=hosts) as fetcher:
                try:
                    found = await fetcher.get(Request(url=url, purpose="image", beginning=ENOUGH))
                except FetchError as exc:
                    found = exc
            for _ in range(200):
                if not state.open:
                    break
                await asyncio.sleep(0.01)
            return state, found

    return asyncio.run(work())


async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(OK + b"Content-Type: image/jpeg\r\n\r\n")
    while True:
        writer.write(b"x" * 1000)
        await writer.drain()


def test_a_stream_without_an_end_is_cut():
    """Reading stops at the bytes that are enough, and the connection is closed: nobody sends to us for ever."""
    state, found = begun(endless)

    assert (206, b"x" * ENOUGH) == (found.status, found.body)
    assert 0 == state.open


def test_a_length_beyond_all_limits_is_no_reason_to_refuse_a_beginning():
    _, found = begun(OK + b"Content-Length: 99999999999\r\n\r\n" + b"y" * 10_000)

    assert (206, b"y" * ENOUGH) == (found.status, found.body)


def test_a_host_is_told_that_a_beginning_is_enough_and_may_send_just_that():
    part = b"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-2/900\r\nContent-Length: 3\r\n\r\nabc"
    state, found = begun(part)

    assert (206, b"abc") == (found.status, found.body)
    assert "Range: bytes=0-4095\r\n" in state.seen[0]
    assert "Accept-Encoding: identity\r\n" in state.seen[0]


def test_what_is_smaller_comes_whole():
    assert (200, b"abc") == (lambda page: (page.status, page.body))(begun(with_body(b"abc"))[1])


def test_another_part_than_the_first_is_refused():
    _, found = begun(b"HTTP/1.1 206 \r\nContent-Range: bytes 5-7/900\r\nContent-Length: 3\r\n\r\nfgh")

    assert ("another part came than the one asked for", True) == (found.reason, found.permanent)


def test_a_part_that_nobody_asked_for_is_no_page():
    async def work() -> None:
        async with (
            host(b"HTTP/1.1 206 \r\nContent-Range: bytes 0-2/900\r\nContent-Length: 3\r\n\r\nabc") as state,
            live(FetchLimits(), hosts={"*.example": f"127.0.0.1:{state.port}"}) as fetcher,
        ):
            await fetcher.get(Request(url=URL, purpose="image"))

    with pytest.raises(FetchError, match="HTTP 206"):
        asyncio.run(work())


@pytest.mark.parametrize("size", [100, 10_000_000])
def test_a_compressed_body_is_unpacked_as_far_as_it_is_wanted(size):
    """gzip that comes although it was not asked for: the beginning of what is in it, a bomb included."""
    _, found = begun(with_body(gzip.compress(b"z" * size), b"Content-Encoding: gzip"))

    assert b"z" * min(size, ENOUGH) == found.body


def test_the_redirects_of_a_beginning_ask_for_one_as_well():
    web = canned.Web({"https://a.example/1": canned.moved("/2"), "https://a.example/2": canned.reply(body="b" * 9)})
    found = canned.page(web, Request(url="https://a.example/1", purpose="image", beginning=4))

    assert (206, b"bbbb") == (found.status, found.body)
    assert ["bytes=0-3", "bytes=0-3"] == [sent["Range"] for sent in web.sent if "Range" in sent]


def archived(file: Path, answers: dict[str, Reply], asked: list[tuple[int, bool]]) -> None:
    async def work() -> None:
        async with ArchivingTransport(canned.Web(answers), file, NOW) as transport:
            for most, cut in asked:
                await transport.exchange(URL, most=most, seconds=1.0, cut=cut)

    asyncio.run(work())


def replayed(path: Path, most: int, cut: bool) -> Reply:
    return asyncio.run(OfflineTransport(path, NOW).exchange(URL, most=most, seconds=1.0, cut=cut))


def test_a_beginning_is_archived_and_replayed_as_one(tmp_path):
    archived(tmp_path / "a.warc.gz", {URL: canned.reply(body="abcdef")}, [(3, True)])
    found = replayed(tmp_path, 3, cut=True)

    assert (206, b"abc") == (found.status, found.body)
    with pytest.raises(FetchError, match="not in the offline archive"):
        replayed(tmp_path, 100, cut=False)


def test_beginning_and_whole_of_one_address_are_both_replayed(tmp_path):
    archived(tmp_path / "a.warc.gz", {URL: canned.reply(body="abcdef")}, [(3, True), (100, False)])

    assert (206, b"abc") == (lambda r: (r.status, r.body))(replayed(tmp_path, 3, cut=True))
    assert (200, b"abcdef") == (lambda r: (r.status, r.body))(replayed(tmp_path, 100, cut=False))


def test_a_beginning_is_taken_from_a_whole_that_was_saved(tmp_path):
    (tmp_path / "quay.jpg").write_bytes(b"abcdef" * 1000)
    (tmp_path / "index.jsonl").write_text(json.dumps({"file": "quay.jpg", "url": URL}))
    found = replayed(tmp_path, 3, cut=True)

    assert (206, b"abc") == (found.status, found.body)


def test_a_compressed_beginning_may_break_off():
    """What is cut while it is packed is no broken body."""
    packed = zlib.compressobj(9, zlib.DEFLATED, 31)
    whole = packed.compress(b"".join(b"%d" % n for n in range(9_999))) + packed.flush()
    part = b"HTTP/1.1 206 \r\nContent-Encoding: gzip\r\nContent-Length: 2000\r\n\r\n" + whole[:2000]

    assert begun(part)[1].body.startswith(b"0123456789101112")


def test_the_transport_alone_cuts_nothing_unless_told():
    async def work() -> None:
        async with (
            host(with_body(b"abcdef")) as state,
            HttpTransport(FetchLimits(), "t", {"*.example": f"127.0.0.1:{state.port}"}) as transport,
        ):
            await transport.exchange(URL, most=3, seconds=9.0)

    with pytest.raises(FetchError, match="body over 3 bytes"):
        asyncio.run(work())
