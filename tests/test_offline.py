"""The offline fetchers: folders of saved pages and WARC files, ours and hostile ones."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from broadsheet.errors import FetchError, UsageError
from broadsheet.fetch import Fetcher, Request, offline
from broadsheet.fetch.warc import unchunked
from broadsheet.types import FetchLimits, Page, Validators

from .build import NOW

HTML = b"<html><title>Ferry line opens</title></html>"
PLAIN = FetchLimits()
SMALL = FetchLimits(raw=1000, decoded_source=3000, decoded_page=2000)


def open_offline(path: Path, now: datetime, limits: FetchLimits = PLAIN) -> Fetcher:
    return offline.open_offline(path, now, limits)


def folder(at: Path, files: dict[str, bytes], lines: list[dict[str, Any]], index: str = "index.jsonl") -> Path:
    """A folder of saved pages."""
    for name, data in files.items():
        (at / name).parent.mkdir(parents=True, exist_ok=True)
        (at / name).write_bytes(data)
    (at / index).write_text("".join(json.dumps(line) + "\n" for line in lines))
    return at


def warc(file: Path, *captures: tuple[Any, ...], type_: str = "response") -> Path:
    """A WARC file: captures are (url, body, headers?, status line?)."""
    with file.open("wb") as stream:
        writer = WARCWriter(stream, gzip=file.suffix == ".gz")
        writer.write_record(writer.create_warcinfo_record(file.name, {"software": "test"}))
        for url, body, *rest in captures:
            fields, line = rest[0] if rest else [], rest[1] if len(rest) > 1 else "200 OK"
            http = StatusAndHeaders(line, fields, protocol="HTTP/1.1") if type_ == "response" else None
            kind = "application/http; msgtype=response" if http else "text/html"
            record = writer.create_warc_record(
                url, type_, payload=io.BytesIO(body), http_headers=http, warc_content_type=kind
            )
            writer.write_record(record)
    return file


def get(fetcher: Fetcher, url: str, **request: Any) -> Page:
    async def work() -> Page:
        async with fetcher as opened:
            return await opened.get(Request(url=url, **request))

    return asyncio.run(work())


def refused(fetcher: Fetcher, url: str, **request: Any) -> FetchError:
    with pytest.raises(FetchError) as caught:
        get(fetcher, url, **request)
    return caught.value


@pytest.fixture(params=["folder", "warc", "warc.gz"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """One page, in every kind of archive."""
    url = "https://harbour.example/news/1?id=7"
    if request.param == "folder":
        return folder(
            tmp_path,
            {"html/1.html.gz": gzip.compress(HTML)},
            [{"file": "html/1.html.gz", "url": url, "contentType": "text/html; charset=utf-8"}],
        )
    return warc(tmp_path / f"a.{request.param}", (url, HTML, [("Content-Type", "text/html; charset=utf-8")]))


def test_a_saved_page_is_served_under_its_address(archive):
    page = get(open_offline(archive, NOW), "https://harbour.example/news/1?id=7")

    assert (200, HTML, "text/html; charset=utf-8") == (page.status, page.body, page.content_type)
    assert NOW == page.fetched_at


@pytest.mark.parametrize(
    "spelling",
    [
        "https://Harbour.example:443/news/1?utm_source=x&id=7#top",
        "http://www.harbour.example/news/1?id=7",
        "https://harbour.example/news/1/?id=7",
    ],
)
def test_other_spellings_of_an_address_find_the_page(archive, spelling):
    """As the canonical form, else without scheme, www and last slash."""
    assert HTML == get(open_offline(archive, NOW), spelling).body


def test_what_was_not_saved_is_a_permanent_fetch_error(archive):
    for url in ("https://harbour.example/news/2", "https://harbour.example/news/1", "ftp://x", ""):
        assert refused(open_offline(archive, NOW), url).permanent
    assert "not in the offline archive" == refused(open_offline(archive, NOW), "https://other.example/").reason


def test_a_second_run_is_told_that_nothing_changed(archive):
    """The ETag is made from the body, so asking again with it gives 304; with another one, the page."""
    fetcher = open_offline(archive, NOW)
    first = get(fetcher, "https://harbour.example/news/1?id=7")

    again = get(fetcher, first.url, validators=first.validators)
    other = get(fetcher, first.url, validators=Validators(etag='"other"'))

    assert (304, b"", first.validators) == (again.status, again.body, again.validators)
    assert (200, HTML) == (other.status, other.body)


def test_a_folder_takes_any_jsonl_whose_lines_name_file_and_url(tmp_path):
    """Files relative to the folder or to its html/; lines of another kind are left out where the name is not ours."""
    lines = [{"file": "1.html", "url": "https://a.example/1", "text": "gold"}, {"about": "this set"}]

    saved = folder(tmp_path, {"html/1.html": HTML}, lines, index="gold.jsonl")

    assert HTML == get(open_offline(saved, NOW), "https://a.example/1").body


def test_a_saved_status_counts(tmp_path):
    saved = folder(tmp_path, {"1.html": HTML}, [{"file": "1.html", "url": "https://a.example/1", "status": 410}])

    assert "HTTP 410" == refused(open_offline(saved, NOW), "https://a.example/1").reason


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("nothing", None),
        ("page.html", HTML),
        ("a.warc", b"garbage" * 100),
        ("a.warc.gz", b"\x1f\x8b\x08" + b"garbage" * 100),
        ("a.warc", b""),
        ("folder/page.html", HTML),
        ("folder/index.jsonl", b""),
        ("folder/index.jsonl", b'{"file": "absent.html", "url": "https://a.example/"}\n'),
        ("folder/index.jsonl", b'{"file": "index.jsonl", "url": "mailto:a@b.example"}\n'),
        ("folder/index.jsonl", b'{"file": 1}\n'),
        ("folder/index.jsonl", b"\xff\xfe\n"),
        ("folder/index.jsonl", b'{"file": "a\\u0000b", "url": "https://a.example/"}\n'),
        ("folder/index.jsonl", b'{"file": "' + b"a" * 5000 + b'", "url": "https://a.example/"}\n'),
    ],
)  # fmt: skip
def test_a_place_without_saved_pages_is_a_usage_error_of_one_line(tmp_path, name, content):
    path = tmp_path / name
    if content is not None:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)

    with pytest.raises(UsageError) as caught:
        open_offline(tmp_path / name.split("/")[0], NOW)

    assert str(tmp_path) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["../secret.html", "/etc/hostname", "link.html"])
def test_an_index_cannot_name_a_file_outside_its_folder(tmp_path, name):
    """Neither by its path nor through a symbolic link."""
    (tmp_path / "secret.html").write_bytes(HTML)
    saved = tmp_path / "saved"
    saved.mkdir()
    (saved / "link.html").symlink_to(tmp_path / "secret.html")
    folder(saved, {}, [{"file": name, "url": "https://a.example/"}])

    with pytest.raises(UsageError, match="saved page not found"):
        open_offline(saved, NOW)


PACKED = gzip.compress(HTML, mtime=0)
CHUNKS = b"10\r\n%s\r\n%x;ext=1\r\n%s\r\n0\r\n\r\n" % (HTML[:16], len(HTML) - 16, HTML[16:])
PACKED_CHUNK = b"%x\r\n%s\r\n0\r\n\r\n" % (len(PACKED), PACKED)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (PACKED, [("Content-Encoding", "gzip")]),
        (CHUNKS, [("Transfer-Encoding", "chunked")]),
        (HTML, [("Transfer-Encoding", "chunked")]),
        (PACKED_CHUNK, [("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")]),
    ],
)
def test_encodings_of_a_warc_record_are_taken_off(tmp_path, body, fields):
    """gzip, chunks, both; and chunks that are announced but were joined when the page was saved."""
    file = warc(tmp_path / "a.warc.gz", ("https://a.example/", body, fields))

    assert HTML == get(open_offline(file, NOW), "https://a.example/").body


def test_a_brotli_record_is_read_within_the_bound(tmp_path):
    """Archives that browsers record hold Brotli; its bombs end at the cap, and garbage is an error."""
    from fastwarc.stream_io import BrotliWriter

    def packed(data: bytes) -> bytes:
        with (tmp_path / "packed").open("wb") as out, BrotliWriter(out) as writer:
            writer.write(data)
        return (tmp_path / "packed").read_bytes()

    fields = [("Content-Encoding", "br")]
    file = warc(
        tmp_path / "a.warc",
        ("https://a.example/", packed(HTML), fields),
        ("https://a.example/bomb", packed(bytes(20_000_000)), fields),
        ("https://a.example/garbage", HTML, fields),
    )
    fetcher = open_offline(file, NOW, SMALL)

    assert HTML == get(fetcher, "https://a.example/").body
    assert "body over 2000 bytes" == refused(fetcher, "https://a.example/bomb").reason
    assert "body is not the brotli that it claims to be" == refused(fetcher, "https://a.example/garbage").reason


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_a_folder_of_warc_files_serves_the_latest_whole_capture(tmp_path, name):
    """Later captures replace earlier ones, but a failure does not replace a page; dns: records are passed over."""
    warc(tmp_path / name, ("https://a.example/1", b"first"), ("dns:a.example", b"x"), ("https://a.example/2", b"two"))
    warc(
        tmp_path / f"b{name}", ("https://a.example/1", b"second"), ("https://a.example/1", b"gone", [], "404 Not Found")
    )
    fetcher = open_offline(tmp_path, NOW)

    assert [b"second", b"two"] == [get(fetcher, f"https://a.example/{n}").body for n in (1, 2)]


def test_a_saved_redirect_is_followed(tmp_path):
    file = warc(
        tmp_path / "a.warc",
        ("https://a.example/old", b"", [("Location", "/new")], "301 Moved Permanently"),
        ("https://a.example/new", HTML),
        ("https://a.example/loop", b"", [("Location", "/loop")], "302 Found"),
        ("https://a.example/out", b"", [("Location", "https://b.example/")], "302 Found"),
    )
    fetcher = open_offline(file, NOW)

    page = get(fetcher, "https://a.example/old")

    assert ("https://a.example/old", "https://a.example/new", HTML) == (page.url, page.final_url, page.body)
    assert "redirects go round in a circle" == refused(fetcher, "https://a.example/loop").reason
    assert "not in the offline archive" == refused(fetcher, "https://a.example/out").reason


def test_a_resource_record_is_a_page_of_its_own_type(tmp_path):
    file = warc(tmp_path / "a.warc.gz", ("https://a.example/", HTML), type_="resource")

    page = get(open_offline(file, NOW), "https://a.example/")

    assert (HTML, "text/html") == (page.body, page.content_type)


def test_one_broken_record_does_not_cost_the_others(tmp_path):
    """An endless HTTP header, none at all, a body that is cut off at the end of the file."""
    file = warc(
        tmp_path / "a.warc", ("https://a.example/1", HTML), ("https://a.example/2", HTML), ("https://a.example/3", HTML)
    )
    data = file.read_bytes()
    at = data.index(b"HTTP/1.1", data.index(b"https://a.example/2"))
    file.write_bytes(data[:at] + b"nonsense" + data[at + 8 : -20])
    fetcher = open_offline(file, NOW)

    assert HTML == get(fetcher, "https://a.example/1").body
    assert "no HTTP header" in refused(fetcher, "https://a.example/2").reason
    assert "cut off" in refused(fetcher, "https://a.example/3").reason


def test_a_warc_in_one_gzip_piece_is_refused_with_advice(tmp_path):
    plain = warc(tmp_path / "a.warc", *((f"https://a.example/{n}", HTML) for n in range(3)))
    (tmp_path / "b.warc.gz").write_bytes(gzip.compress(plain.read_bytes()))

    with pytest.raises(UsageError, match="fastwarc recompress"):
        open_offline(tmp_path / "b.warc.gz", NOW)


@pytest.mark.parametrize(("size", "purpose"), [(2001, "page"), (3001, "source"), (5_000_000, "page")])
def test_saved_pages_have_the_bounds_of_live_ones(tmp_path, size, purpose):
    """Packed or not, in a folder or a WARC file."""
    url = "https://a.example/"
    packed, plain = gzip.compress(bytes(size)), bytes(size)
    folder(tmp_path, {"1.gz": packed, "2": plain}, [{"file": n, "url": f"{url}{n[0]}"} for n in ("1.gz", "2")])
    (tmp_path / "a").mkdir()
    file = warc(tmp_path / "a" / "b.warc", (f"{url}1", packed, [("Content-Encoding", "gzip")]), (f"{url}2", plain))

    for fetcher in (open_offline(tmp_path, NOW, SMALL), open_offline(file, NOW, SMALL)):
        for n in (1, 2):
            assert "body over" in refused(fetcher, f"{url}{n}", purpose=purpose).reason


def test_without_the_extra_the_error_names_it(tmp_path, monkeypatch):
    file = warc(tmp_path / "a.warc", ("https://a.example/", HTML))
    monkeypatch.setitem(sys.modules, "fastwarc", None)

    with pytest.raises(UsageError, match="extra `warc`"):
        open_offline(file, NOW)


@pytest.mark.parametrize("raw", [b"", b"zz\r\n", b"5\r\nab", b"fffffff\r\nabc", b"0\r\n\r\n"])
def test_unchunking_never_fails(raw):
    assert isinstance(unchunked(raw), bytes)
