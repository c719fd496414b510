"""Every recorded page is read as a careful editor would note it down."""

from __future__ import annotations

import difflib
import hashlib
import html
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from broadsheet import charset, extract, normalise
from broadsheet.errors import BroadsheetError, NotAnArticle

from . import recorded
from .build import NOW
from .recorded import FOLDER, Expected

# Vocabularies and players that a page cannot do without; every other host is one that nobody can own (RFC 2606).
_KNOWN = frozenset(
    ["schema.org", "www.schema.org", "www.w3.org", "ogp.me", "gmpg.org", "purl.org", "rdfs.org", "xmlns.com", "data-vocabulary.org",
     "cdn.ampproject.org", "www.youtube.com", "www.youtube-nocookie.com", "player.vimeo.com"]
)  # fmt: skip
_RESERVED = re.compile(
    r"(?:^|\.)(?:example|invalid|test|localhost|example\.(?:org|com|net))$|-example\.cdn\.ampproject\.org$"
)
_HOST = re.compile(r"(?:(?:https?:|(?<=[\"'(]))(?:\\?/){2}|[\w.+-]@)([a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.IGNORECASE)


def _cases() -> Iterator[Any]:
    wrong = recorded.still_open()
    for name in recorded.names():
        marks = [pytest.mark.xfail(strict=True, raises=AssertionError, reason=wrong[name])] if name in wrong else []
        yield pytest.param(name, marks=marks, id=name)


@pytest.mark.parametrize("name", list(_cases()))
def test_page(name: str) -> None:
    """Every field as expected, nothing that must be absent, and no word of what surrounds the article."""
    expected = recorded.expectation(name).expected
    found = _read(name)

    if differences := list(_differences(expected, found)):
        raise AssertionError("\n".join([name, *differences]))


def _read(name: str) -> dict[str, Any]:
    """The fields of a page as they are printed, and those that are not; or `refused` with the reason."""
    try:
        article = extract.read(recorded.page(name), recorded.entries(name), NOW, kept=False)
        article = normalise.normalise(article, NOW)
    except NotAnArticle as refusal:
        return {"refused": str(refusal)}
    except BroadsheetError as exc:
        return {"failed": f"{type(exc).__name__}: {exc}"}
    row = extract.row(article)
    row |= {"updated": article.updated.strftime("%Y-%m-%dT%H:%M:%SZ")} if article.updated else {}
    if getattr(article, "paywalled", None) is not None:
        row["paywalled"] = article.paywalled
    return row


def _differences(expected: Expected, found: dict[str, Any]) -> Iterator[str]:
    """What is not as expected, one passage a field."""
    if "failed" in found:
        yield f"not read: {found['failed']}"
        return
    if expected.refused is not None or "refused" in found:
        if expected.refused is None:
            yield f"refused: {found['refused']}"
        elif expected.refused not in found.get("refused", ""):
            yield f"to be refused ({expected.refused or 'for any reason'}): {found.get('refused') or 'it was read'}"
        return
    for field in ("title", "excerpt", "type", "language", "provider", "ampWebUrl", "cdnAmpWebUrl", "url", "paywalled"):
        wanted = getattr(expected, field)
        if wanted is not None and wanted != found.get(field):
            yield _pair(field, wanted, found.get(field))
    for field in ("publishedDateTime", "updated"):
        wanted, moment = getattr(expected, field), found.get(field, "")
        if wanted is not None and wanted != f"{moment[:16]}Z":
            yield _pair(field, wanted, moment)
    if expected.authors is not None and expected.authors != found.get("authors", []):
        yield _pair("authors", expected.authors, found.get("authors", []))
    if expected.images is not None:
        yield from _images(expected, found)
    if expected.text is not None and "\n\n".join(expected.text) != found.get("text", ""):
        yield _text(expected.text, found.get("text", ""))
    for field in expected.absent:
        if field in found:
            yield f"{field}: must be absent, is {found[field]!r}"
    for phrase in expected.not_in_text:
        if phrase in found.get("text", ""):
            yield f"text: must not have {phrase!r}"


def _pair(field: str, wanted: object, got: object) -> str:
    return f"{field}:\n    expected {wanted!r}\n    found    {got!r}"


def _images(expected: Expected, found: dict[str, Any]) -> Iterator[str]:
    wanted = [(p.url, p.width, p.height) for p in expected.images or ()]
    got = [(p["url"], p.get("width", 0), p.get("height", 0)) for p in found.get("images", [])]
    if wanted != got[: len(wanted)]:
        yield _pair("images", wanted, got[: len(wanted) or 1])


def _text(wanted: list[str], got: str) -> str:
    """Blocks that differ, with one around them; long ones cut, as their beginnings tell them apart."""
    blocks = "\n\n".join(wanted).split("\n\n"), got.split("\n\n")
    lines = difflib.unified_diff(*blocks, "expected", "found", lineterm="", n=1)
    return "\n".join(["text:", *(f"    {line[:300]}".replace("\n", f"\n    {line[0]}") for line in lines)])


# --- the pages themselves ---------------------------------------------------------------------------------------------


def test_every_page_has_its_expectation_and_every_expectation_its_page():
    assert recorded.names() == sorted(str(p.relative_to(FOLDER).with_suffix("")) for p in FOLDER.glob("*/*.json"))


def test_what_is_open_is_a_page_with_a_reason():
    """open.txt names recorded pages only, in order, each with what is wrong."""
    wrong = recorded.still_open()

    assert sorted(wrong) == list(wrong)
    assert set() == wrong.keys() - set(recorded.names())
    assert all(wrong.values())


@pytest.mark.parametrize("name", recorded.names())
def test_nobody_real_is_named(name):
    """Every host of a page and of its expectation is reserved, or one of a vocabulary or a player."""
    text = (FOLDER / f"{name}.html").read_bytes().decode("latin-1") + (FOLDER / f"{name}.json").read_text()
    hosts = {host.lower().rstrip(".") for host in _HOST.findall(text)}

    assert set() == {host for host in hosts - _KNOWN if not _RESERVED.search(host)}


@pytest.mark.parametrize("name", recorded.names())
def test_what_must_not_be_in_the_text_is_on_the_page(name):
    """Each such phrase could get into the text, since the page has it; and the expected text has it nowhere."""
    told = recorded.expectation(name)
    body = html.unescape(charset.utf8((FOLDER / f"{name}.html").read_bytes(), told.content_type).decode())
    body += re.sub("<[^>]*>", "", body)
    wanted = "\n".join(told.expected.text or [])

    assert [] == [phrase for phrase in told.expected.not_in_text if phrase not in body or phrase in wanted]


def test_no_page_is_there_twice():
    """No two pages have the same bytes or the same address; and each is of a page's size, in bytes."""
    bodies = {name: (FOLDER / f"{name}.html").read_bytes() for name in recorded.names()}
    digests = Counter(hashlib.sha256(body).digest() for body in bodies.values())
    addresses = Counter(recorded.expectation(name).url for name in bodies)

    assert [] == [address for address, number in addresses.items() if number > 1]
    assert {1} == set(digests.values())
    assert {} == {name: len(body) for name, body in bodies.items() if not 1_500 <= len(body) <= 15_000}
