"""Recorded pages: a page as a site would serve it, beside what a careful editor would note down of it.

`pages/<family>/<name>.html` is the page, `<name>.json` what is expected. `pages/README.md` describes the form.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from broadsheet.types import Entry, Page

from .build import NOW

FOLDER = Path(__file__).parent / "pages"
_OPEN = FOLDER / "open.txt"


class Picture(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A picture, its sizes in pixels; 0 where the page says none."""

    url: str
    width: int = 0
    height: int = 0


class Expected(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is to be read of a page; a field that is None is not looked at.

    refused: part of the reason why it is no article ("" for any reason); nothing else is then said.
    text: Markdown blocks, all of them. publishedDateTime, updated: to the minute, `2026-02-11T08:15Z`.
    images: the first pictures, the lead one first. absent: fields that must not be there.
    not_in_text: phrases of what surrounds the article.
    """

    refused: str | None = None
    title: str | None = None
    excerpt: str | None = None
    text: list[str] | None = None
    publishedDateTime: str | None = None  # noqa: N815  the name it is printed under
    updated: str | None = None
    type: str | None = None
    language: str | None = None
    authors: list[str] | None = None
    images: list[Picture] | None = None
    provider: dict[str, str] | None = None
    ampWebUrl: str | None = None  # noqa: N815
    cdnAmpWebUrl: str | None = None  # noqa: N815
    url: str | None = None  # where it is not the one that was asked for
    paywalled: bool | None = None
    absent: list[str] = []
    not_in_text: list[str] = []


class Recorded(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One expectation. entry: what a feed said of the page, in the fields of Entry."""

    url: str
    expected: Expected
    content_type: str = ""
    entry: dict[str, object] | None = None


def names() -> list[str]:
    """Every recorded page as `family/name`, sorted."""
    return sorted(str(path.relative_to(FOLDER).with_suffix("")) for path in FOLDER.glob("*/*.html"))


def expectation(name: str) -> Recorded:
    return msgspec.json.decode((FOLDER / f"{name}.json").read_bytes(), type=Recorded)


def page(name: str) -> Page:
    told = expectation(name)
    body = (FOLDER / f"{name}.html").read_bytes()
    return Page(url=told.url, final_url=told.url, status=200, body=body, content_type=told.content_type, fetched_at=NOW)


def entries(name: str) -> tuple[Entry, ...]:
    """What a feed said of the page, if anything."""
    told = expectation(name)
    if told.entry is None:
        return ()
    return (msgspec.convert({"source": f"{told.url}#feed", "url": told.url} | told.entry, Entry),)


def still_open() -> dict[str, str]:
    """Page -> what is wrong with the reading of it, one a line: `family/name: what is wrong`."""
    lines = [line for line in _OPEN.read_text().splitlines() if line.strip() and not line.startswith("#")]
    return {name.strip(): wrong.strip() for name, _, wrong in (line.partition(":") for line in lines)}
