"""A Record written as the bytes of its file, by an emitter of our own: no YAML library prints these rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from ..types import Image, Issue, Provider, Record, Related

# What a quoted value cannot hold as it is: the quote and the backslash, control characters, the line ends of YAML 1.1,
# and what UTF-8 or YAML readers refuse.
_ESCAPED = re.compile('[\\\\"\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]')
_SHORT = {"\\": "\\\\", '"': '\\"', "\r": "\\r", "\n": "\\n", "\t": "\\t"}
# A plain value that a YAML 1.1 or 1.2 reader would take for something other than this text.
_NOT_PLAIN = re.compile(r"""^[\s,\[\]{}#&*!|>'"%@`]|^[-?:](?:\s|$)|^(?:---|\.\.\.)(?:\s|$)|:(?:\s|$)|\s#|\s$|^$""")
_TYPED = re.compile(
    r"~|null|true|false|yes|no|on|off|y|n|<<|="
    r"|[-+]?(?:0b[01_]+|0x[0-9a-f_]+|0o[0-7_]+|[0-9][0-9_]*(?::[0-5]?[0-9])*)"
    r"|[-+]?(?:\.[0-9][0-9_]*|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:e[-+]?[0-9]+)?"
    r"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|nan)"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:t|\s+)[0-9].*)?",
    re.IGNORECASE | re.ASCII,
)


def dump(record: Record, newline: str = "\n") -> bytes:
    r"""The bytes of a record's file. newline: `"\n"` or `"\r\n"`, used throughout.

    No value can change the structure: text in quotes is escaped, and a plain value is quoted where YAML would read it
    as anything else. A lone surrogate, which UTF-8 cannot hold, becomes U+FFFD.
    """
    lines = ["---", *_scalars(record), ""]
    for block in _blocks(record):
        lines += [*block, ""]
    if record.secured is not None:
        lines.append(f"secured: {_quoted(record.secured)}")
    return newline.join([*lines, "---", "", ""]).encode()


def dump_issue(issue: Issue, web_url: str, html: str) -> bytes:
    """The bytes of a newsletter's file in `_newsletters/`: front matter as the predecessor wrote it, then the page."""
    lines = [
        "---",
        f"title: {_quoted(issue.title)}",
        f"excerpt: {_quoted(issue.excerpt)}",
        f"publishedDateTime: {_time(issue.at)}",
        f"webUrl: {_quoted(web_url)}",
        "type: article",
        "",
        "topics:",
        *(f"  - {_plain(topic)}" for topic in issue.topics),
        "",
        "---",
        "",
    ]
    return ("\n".join(lines) + html).encode()


def dump_organization(provider: Provider) -> bytes:
    """The bytes of a provider's file in the registry, `organizations/<domain>.md`."""
    lines = ["---", "taxonomy: organization", f"_id: {_plain(provider.domain)}", f"name: {_plain(provider.name)}"]
    lines.append(f"domain: {_plain(provider.domain)}")
    lines += [f"tier: {provider.tier}"] if provider.tier else []
    lines += [f"zone: {_plain(provider.zone)}"] if provider.zone else []
    lines += [f"owner: {_plain(provider.owner)}"] if provider.owner else []
    return "\n".join([*lines, *_logo_lines(provider.images), "---", ""]).encode()


def with_logos(data: bytes, logos: Sequence[Image]) -> bytes:
    """A provider's file with these logos in the place of its own; everything else in it stays byte for byte.

    A file without an end of its front matter stays as it is.
    """
    newline = "\r\n" if b"\r\n" in data else "\n"
    lines = data.decode("utf-8", "surrogateescape").split(newline)
    end = next((at for at, line in enumerate(lines) if at and line.rstrip() == "---"), 0)
    if not end:
        return data
    start = next((at for at in range(end) if re.match(r"images\s*:", lines[at])), end)
    after = next((at for at in range(start + 1, end) if not re.match(r"[\s-]|$", lines[at])), end)
    kept = [*lines[:start], *_logo_lines(logos), *lines[after if start < end else end :]]
    return newline.join(kept).encode("utf-8", "surrogateescape")


def _logo_lines(logos: Sequence[Image]) -> Iterator[str]:
    if logos:
        yield "images:"
    for image in logos:
        yield f"  - url: {_plain(image.url)}"
        if image.width or image.height:
            yield f"    width: {image.width}"
            yield f"    height: {image.height}"


def _scalars(record: Record) -> Iterator[str]:
    yield f"category: {_plain(record.category)}"
    yield f"title: {_quoted(record.title)}"
    if record.excerpt is not None:
        yield f"excerpt: {_quoted(record.excerpt)}"
    yield f"publishedDateTime: {_time(record.published_at)}"
    for key, value in (("originalUrl", record.original_url), ("webUrl", record.web_url),
                       ("ampWebUrl", record.amp_url), ("cdnAmpWebUrl", record.cdn_amp_url)):  # fmt: skip
        if value is not None:
            yield f"{key}: {_quoted(value)}"
    yield f"type: {_plain(record.type)}"
    if record.quality is not None:
        yield f"quality: {record.quality}"
    if record.heat is not None:
        yield f"heat: {record.heat}"
    if record.removed:
        yield "removed: true"
    if record.published is not None:
        yield f"published: {str(record.published).lower()}"


def _blocks(record: Record) -> Iterator[list[str]]:
    if record.featured_content is not None:
        yield [f"featuredContent: {_quoted(record.featured_content)}"]
    if record.provider is not None:
        yield _provider_lines(record.provider, "")
    if record.topics:
        yield ["topics:", *(f"  - {_plain(topic)}" for topic in record.topics)]
    if record.images:
        yield _image_lines(record.images, "")
    if record.related:
        yield ["related:", *(line for item in record.related for line in _related_lines(item))]


def _related_lines(item: Related) -> Iterator[str]:
    yield f"  - title: {_quoted(item.title)}"
    yield f"    excerpt: {_quoted(item.excerpt)}"
    yield f"    publishedDateTime: {_time(item.published)}"
    for key, value in (("webUrl", item.web_url), ("ampWebUrl", item.amp_url), ("cdnAmpWebUrl", item.cdn_amp_url)):
        if value:
            yield f"    {key}: {_quoted(value)}"
    yield f"    type: {_plain(item.type)}"
    yield from _provider_lines(item.provider, "    ")
    yield f"    quality: {item.quality}"
    if item.images:
        yield from _image_lines(item.images, "    ")


def _provider_lines(provider: Provider, pad: str) -> list[str]:
    lines = [f"{pad}provider:", f"{pad}  name: {_plain(provider.name)}", f"{pad}  domain: {_plain(provider.domain)}"]
    return lines + (_image_lines(provider.images, f"{pad}  ") if provider.images else [])


def _image_lines(images: Sequence[Image], pad: str) -> list[str]:
    lines = [f"{pad}images:"]
    for image in images:
        lines.append(f"{pad}  - url: {_quoted(image.url)}")
        if image.width or image.height:
            lines += [f"{pad}    width: {image.width}", f"{pad}    height: {image.height}"]
        if image.is_cached:
            lines.append(f"{pad}    isCached: true")
        if image.title:
            lines.append(f"{pad}    title: {_quoted(image.title)}")
    return lines


def _quoted(value: str) -> str:
    return f'"{_ESCAPED.sub(_escape, value)}"'


def _escape(match: re.Match[str]) -> str:
    char = match.group()
    return "\ufffd" if "\ud800" <= char <= "\udfff" else _SHORT.get(char) or f"\\u{ord(char):04x}"


def _plain(value: str) -> str:
    return _quoted(value) if _NOT_PLAIN.search(value) or _ESCAPED.search(value) or _TYPED.fullmatch(value) else value


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()}Z"
