"""Recorded pages, damaged: whatever is left of a page, it ends in an article or in one of our errors, within bounds.

Each is read as a cycle reads pages: in a worker process that the kernel ends after 20 s of processor time or when it
asks for more than 1 GiB of address space. A worker that was ended shows as Poisonous.
"""

from __future__ import annotations

import gzip
import os
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from broadsheet import extract, normalise
from broadsheet.errors import BroadsheetError, Poisonous
from broadsheet.execute.processes import Processes
from broadsheet.types import Page

from . import recorded
from .build import NOW

pytestmark = pytest.mark.slow

_SECONDS = 20  # of processor time a page may take
_MEMORY = 1024**3  # bytes of address space that its worker may have
_DEPTH = 5_000
_PARAGRAPH = re.compile(rb"<p\b.*?</p>", re.DOTALL | re.IGNORECASE)
_BODY = re.compile(rb"<body\b[^>]*>", re.IGNORECASE)
_END = re.compile(rb"</body", re.IGNORECASE)
_MIB = 1024 * 1024


def _cut(percent: int, body: bytes) -> bytes:
    return body[: len(body) * percent // 100]


def _nested(tag: bytes, body: bytes) -> bytes:
    """All that is in the body, 5,000 elements deep."""
    start, end = _inside(body)
    opening, closing = b"<" + tag + b">", b"</" + tag + b">"
    return body[:start] + _DEPTH * opening + body[start:end] + _DEPTH * closing + body[end:]


def _repeated(mib: int, body: bytes) -> bytes:
    """Its paragraphs again and again, up to so many MiB."""
    start, end = _inside(body)
    paragraphs = b"".join(_PARAGRAPH.findall(body)) or b"<p>" + body[start:end] + b"</p>"
    return body[:end] + (mib * _MIB // len(paragraphs)) * paragraphs + body[end:]


def _attribute(mib: int, body: bytes) -> bytes:
    start, _ = _inside(body)
    return body[:start] + b'<p title="' + b"once more " * (mib * _MIB // 10) + b'">' + body[start:]


def _text_node(mib: int, body: bytes) -> bytes:
    start, _ = _inside(body)
    return body[:start] + b"<p>" + b"Once more. " * (mib * _MIB // 11) + b"</p>" + body[start:]


def _inside(body: bytes) -> tuple[int, int]:
    """Where what is in the body element starts and ends; all of it where there is none."""
    start, end = _BODY.search(body), _END.search(body)
    return start.end() if start else 0, end.start() if end else len(body)


# Damage -> how a page gets it.
DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "cut at 25 %": partial(_cut, 25),
    "cut at 50 %": partial(_cut, 50),
    "cut at 75 %": partial(_cut, 75),
    "in 5,000 div": partial(_nested, b"div"),
    "in 5,000 b": partial(_nested, b"b"),
    "in 5,000 table": partial(_nested, b"table"),
    "paragraphs of 20 MiB": partial(_repeated, 20),
    "an attribute of 20 MiB": partial(_attribute, 20),
    "a text of 20 MiB": partial(_text_node, 20),
    "paragraphs of 4 MiB": partial(_repeated, 4),
    "paragraphs of 9 MiB": partial(_repeated, 9),
    "an attribute of 9 MiB": partial(_attribute, 9),
    "a text of 9 MiB": partial(_text_node, 9),
}
LABELS = ("utf-16", "shift_jis", "koi8-r")
# Every how many pages are damaged that way, so that all of it takes some 15 s of processor time.
_STRIDE = {name: 1 if name.startswith("cut") else 5 if name.startswith("in") else 25 for name in DAMAGES}
_STRIDE |= {"paragraphs of 4 MiB": 50, "a text of 9 MiB": 1_000}  # each page takes seconds


def _attempt(item: tuple[str, str, str]) -> str:
    """In the worker. item: a recorded page or a path, the damage or none, the label or none."""
    name, damage, label = item
    path = Path(name)
    if path.is_absolute():
        page = Page(
            url=f"https://pages.example/{path.name}",
            final_url=f"https://pages.example/{path.name}",
            status=200,
            body=gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes(),
            fetched_at=NOW,
        )
    else:
        page = recorded.page(name)
    body = DAMAGES[damage](page.body) if damage else page.body
    content_type = f"text/html; charset={label}" if label else page.content_type
    page = Page(
        url=page.url, final_url=page.final_url, status=200, body=body, content_type=content_type, fetched_at=NOW
    )
    return normalise.normalise(extract.read(page, (), NOW, kept=False), NOW).url


@pytest.fixture(scope="module")
def pool() -> Iterator[Processes]:
    with Processes(1, seconds=_SECONDS, memory=_MEMORY) as processes:
        yield processes


def _unwelcome(pool: Processes, items: list[tuple[str, str, str]]) -> list[tuple[tuple[str, str, str], str]]:
    """What ended in neither an article nor an error of ours, or took its worker down."""
    return [
        (item, repr(value))
        for item, value in pool.map(_attempt, items)
        if isinstance(value, Poisonous) or (isinstance(value, Exception) and not isinstance(value, BroadsheetError))
    ]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_page_ends_in_an_article_or_an_error_of_ours(pool, damage):
    """Cut off, nested 5,000 deep, grown beyond the limit of 10 MiB and to just below it."""
    items = [(name, damage, "") for name in recorded.names()[:: _STRIDE[damage]]]

    assert [] == _unwelcome(pool, items)


@pytest.mark.parametrize("label", LABELS)
def test_a_page_under_a_wrong_label_ends_in_an_article_or_an_error_of_ours(pool, label):
    """The answer names a charset that the page is not in."""
    assert [] == _unwelcome(pool, [(name, "", label) for name in recorded.names()[::2]])


def test_real_pages_damaged_end_in_an_article_or_an_error_of_ours(pool):
    """A few pages of publishers, each with one damage of the list; needs BROADSHEET_DATA."""
    folder = Path(os.environ.get("BROADSHEET_DATA") or "/nowhere")
    paths = sorted(folder.resolve().glob("pages-*/html/*.html*"))[::40]
    if not paths:
        pytest.skip("BROADSHEET_DATA names no folder of pages")
    damages = [*((damage, "") for damage in DAMAGES), *(("", label) for label in LABELS)]
    items = [(str(path), *damages[number % len(damages)]) for number, path in enumerate(paths)]

    assert [] == _unwelcome(pool, items)
