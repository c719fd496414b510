"""A record's file read as a Record: strict, because what is not understood would be lost when it is printed again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NoReturn

from .. import plainyaml
from ..errors import ParseError, RecordError
from ..types import Image, Provider, Record, Related
from .keys import IMAGE_KEYS, KEYS, PROVIDER_KEYS, RELATED_KEYS

_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_INT = re.compile(r"-?(?:0|[1-9][0-9]{0,8})")


def parse(data: bytes) -> tuple[Record, str]:
    r"""The record in a file's bytes, and the file's line end, `"\n"` or `"\r\n"`.

    Strict where reading on would lose something: a key that we do not know, or text after the front matter, is an
    error. Raises RecordError with the line and what to do.
    """
    _, record, newline = read(data)
    return record, newline


def read(data: bytes) -> tuple[dict[str, Any], Record, str]:
    """What parse gives, and before it the mapping as it stood in the file. Raises RecordError."""
    front, newline = _front_matter(data)
    try:
        return front, _record(front), newline
    except RecordError as exc:  # its `where` is a key: people look for a line
        where = ", ".join(filter(None, (line_of(data, exc.where), exc.where)))
        raise RecordError(exc.what, where, exc.advice) from exc


def _front_matter(data: bytes) -> tuple[dict[str, Any], str]:
    """The mapping of a file's front matter and its line end; what went wrong is told with its line."""
    newline = "\r\n" if data.startswith(b"---\r\n") else "\n"
    try:
        content = data.decode("utf-8")
    except UnicodeDecodeError as exc:
        line = data.count(b"\n", 0, exc.start) + 1
        raise RecordError("not UTF-8", f"line {line}", "save the file as UTF-8") from exc
    if newline == "\r\n":
        content = content.replace("\r\n", "\n")
    if not content.startswith("---\n"):
        raise RecordError("no front matter", "line 1", "begin the file with a line of three hyphens, without a BOM")
    end = f"{content}\n".find("\n---\n", 3)
    if end < 0:
        raise RecordError("front matter has no end", "", "close it with a line of three hyphens")
    if body := content[end + 5 :].strip():
        line = content.count("\n", 0, content.index(body, end + 5)) + 1
        raise RecordError("text after the front matter", f"line {line}", "a news record has none: take it out")
    try:
        front = plainyaml.load(content[: end + 1])  # with its first line, so that line numbers are the file's
    except ParseError as exc:
        raise RecordError(exc.what, exc.where, "mend the front matter; quote a value that holds `: ` or ` #`") from exc
    if not isinstance(front, dict):
        raise RecordError("front matter is no mapping", "line 2", "write `key: value` lines")
    return front, newline


def line_of(data: bytes, key: str) -> str:
    """Where the top-level part of `related.2.title` stands in a file, for messages; empty when it does not."""
    for number, line in enumerate(data.splitlines(), 1):
        if line.startswith(key.partition(".")[0].encode() + b":"):
            return f"line {number}"
    return ""


def _record(front: Mapping[str, Any]) -> Record:
    """The record of a mapping as YAML gave it (text, lists, mappings). The error's `where` is the key at fault."""
    _only(front, KEYS, "")
    return Record(
        category=_text(front, "category") or "news",
        title=_text(front, "title", need=True) or "",
        excerpt=_text(front, "excerpt"),
        published_at=_date(front, "publishedDateTime"),
        original_url=_text(front, "originalUrl"),
        web_url=_text(front, "webUrl"),
        amp_url=_text(front, "ampWebUrl"),
        cdn_amp_url=_text(front, "cdnAmpWebUrl"),
        type=_text(front, "type") or "article",
        quality=_int(front, "quality"),
        heat=_int(front, "heat"),
        removed=_bool(front, "removed") or False,
        published=_bool(front, "published"),
        featured_content=_text(front, "featuredContent"),
        provider=_provider(front["provider"], "provider") if "provider" in front else None,
        topics=tuple(_text({f"topics.{n}": t}, f"topics.{n}") or "" for n, t in enumerate(_list(front, "topics"), 1)),
        images=_images(front, "images"),
        related=tuple(_related(item, f"related.{n}") for n, item in enumerate(_list(front, "related"), 1)),
        secured=_text(front, "secured"),
    )


def _related(item: Any, where: str) -> Related:
    item = _mapping(item, where, RELATED_KEYS)
    return Related(
        title=_text(item, "title", where, need=True) or "",
        excerpt=_text(item, "excerpt", where) or "",
        published=_date(item, "publishedDateTime", where),
        web_url=_text(item, "webUrl", where) or "",
        amp_url=_text(item, "ampWebUrl", where) or "",
        cdn_amp_url=_text(item, "cdnAmpWebUrl", where) or "",
        type=_text(item, "type", where) or "article",
        provider=_provider(item.get("provider"), f"{where}.provider"),
        quality=_int(item, "quality", where) or 0,
        images=_images(item, "images", where),
    )


def _provider(value: Any, where: str) -> Provider:
    value = _mapping(value, where, PROVIDER_KEYS)
    name, domain = _text(value, "name", where, need=True) or "", _text(value, "domain", where, need=True) or ""
    return Provider(name=name, domain=domain, images=_images(value, "images", where))


def _images(values: Mapping[str, Any], key: str, where: str = "") -> tuple[Image, ...]:
    return tuple(_image(i, f"{_path(where, key)}.{n}") for n, i in enumerate(_list(values, key, where), 1))


def _image(value: Any, where: str) -> Image:
    value = _mapping(value, where, IMAGE_KEYS)
    return Image(
        url=_text(value, "url", where, need=True) or "",
        width=_int(value, "width", where) or 0,
        height=_int(value, "height", where) or 0,
        is_cached=_bool(value, "isCached", where) or False,
        title=_text(value, "title", where) or "",
    )


def _path(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key


def _fail(what: str, where: str, advice: str) -> NoReturn:
    raise RecordError(what, where, advice)


def _only(values: Mapping[str, Any], allowed: Sequence[str], where: str) -> None:
    for key in values:
        if key not in allowed:
            _fail(f"unknown key {key[:60]}", _path(where, key[:60]), f"take it out; known are {', '.join(allowed)}")


def _mapping(value: Any, where: str, allowed: Sequence[str]) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        _fail("not a mapping", where, f"write it as {', '.join(allowed)}")
    _only(value, allowed, where)
    return value


def _list(values: Mapping[str, Any], key: str, where: str = "") -> list[Any]:
    value = values.get(key, [])
    if not isinstance(value, list):
        _fail("not a list", _path(where, key), "write one item a line, each after a hyphen")
    return value


def _text(values: Mapping[str, Any], key: str, where: str = "", need: bool = False) -> str | None:
    value = values.get(key)
    if value is None and need:
        _fail(f"no {key}", _path(where, key), "add it")
    if value is not None and not isinstance(value, str):
        _fail("not text", _path(where, key), "write it as one quoted line")
    return value


def _int(values: Mapping[str, Any], key: str, where: str = "") -> int | None:
    value = _text(values, key, where)
    if value is None:
        return None
    if not _INT.fullmatch(value):
        _fail(f"{value[:40]!r} is no whole number", _path(where, key), "write digits only, at most nine")
    return int(value)


def _bool(values: Mapping[str, Any], key: str, where: str = "") -> bool | None:
    value = _text(values, key, where)
    if value not in (None, "true", "false"):
        _fail(f"{str(value)[:40]!r} is neither true nor false", _path(where, key), "write true or false")
    return None if value is None else value == "true"


def _date(values: Mapping[str, Any], key: str, where: str = "") -> datetime:
    value = _text(values, key, where, need=True) or ""
    try:
        if _DATE.fullmatch(value):
            return datetime.fromisoformat(value)
    except ValueError:
        pass  # the form is right and the day is not: the same message
    _fail(f"{value[:40]!r} is no UTC time", _path(where, key), "write it as 2026-03-02T12:00:00Z")
