"""`[newsletter]` as frozen settings: addresses, topics and servers that exist in form at least."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from .. import addresses, text, topics, urls
from ..errors import ParseError, UsageError
from ..types import Newsletter
from ._wire import NewsletterTable

_WHERE = "broadsheet.toml [newsletter]"
SCHEMES = ("smtp", "smtps", "smtp+starttls")


def newsletter(table: NewsletterTable, known: Collection[str]) -> Newsletter:
    """The settings of a table. known: names of topics. Raises UsageError."""
    for name in table.topics:
        if name not in known:
            raise UsageError(f"topic {name} does not exist", _WHERE, topics.nearest(name, known))
    _check_server(table.smtp)
    return Newsletter(
        every=table.every,
        day=table.day,
        topics=table.topics,
        size=table.size,
        provider_cap=table.provider_cap,
        sender=_sender(table.sender),
        reply_to=_address(table.reply_to, "reply_to"),
        postal=text.one_line(table.postal)[:200],
        mailto=_address(table.mailto, "mailto"),
        smtp=table.smtp,
        rate=table.rate,
        url=_base(table.url),
        listen=table.listen,
    )


def _sender(value: str) -> str:
    if value:
        try:
            addresses.named(value)
        except ParseError as exc:
            raise UsageError(f"sender: {exc.what}", _WHERE, 'write "Name <address>"') from exc
    return value


def _address(value: str, key: str) -> str:
    try:
        return addresses.normalised(value) if value else ""
    except ParseError as exc:
        raise UsageError(f"{key}: {exc.what}", _WHERE, "write an address alone") from exc


def _base(url: str) -> str:
    try:
        return urls.canonical(url).rstrip("/") + "/" if url else ""
    except ParseError as exc:
        raise UsageError(f"url: {exc.what}", _WHERE, "give the address under which readers reach us") from exc


def _check_server(url: str) -> None:
    advice = f"write smtp://host:port; one of {', '.join(SCHEMES)}"
    try:
        parsed = urlsplit(url)
        port = parsed.port
    except ValueError as exc:
        raise UsageError("smtp: not the address of a server", _WHERE, advice) from exc
    if parsed.scheme not in SCHEMES or not parsed.hostname or port == 0 or parsed.path.strip("/"):
        raise UsageError("smtp: not the address of a server", _WHERE, advice)
    if parsed.password is not None:
        advice = "take it out: it is read from the environment, BROADSHEET_SMTP_PASSWORD"
        raise UsageError("smtp: a password stands in the settings", _WHERE, advice)
