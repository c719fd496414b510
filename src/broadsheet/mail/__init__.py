"""Hand messages to a mail server over SMTP, one connection for many, with aiosmtplib from the extra `mail`.

A message is handed over in two steps, so that a ledger can be written between them: `offer` asks whether the server
takes one for this address, and only `hand_over` lets it leave.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from ..errors import MailError, UsageError
from ..text import clean

TIMEOUT = 60.0  # seconds for each answer of the server
PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
LOOPBACK = ("localhost", "127.0.0.1", "::1")
REASON = 200  # characters of a server's words
_NO_MAILBOX = (550, 551, 553)  # of RCPT: RFC 5321, section 4.2.3
_ENHANCED = re.compile(r"\s*([245])\.(\d{1,3})\.(\d{1,3})\b")  # RFC 3463
_GONE = re.compile(r"5\.(?:1\.(?:1|2|3|6|10)|2\.1)")


class Carrier(Protocol):
    """Whatever takes messages."""

    async def offer(self, sender: str, address: str) -> None:
        """Ask whether a message is taken for `address`. Raises MailError of any kind but unknown."""
        ...

    async def hand_over(self, message: bytes) -> None:
        """Let the message leave; returns once it is taken. Raises MailError."""
        ...

    async def close(self) -> None: ...


class SmtpCarrier:
    """The server of `smtp://`, `smtps://` or `smtp+starttls://[user@]host[:port]`, connected to when it is needed.

    A user name needs a password and a connection that is encrypted or stays on this machine; a server elsewhere that
    offers encryption is talked to with it. Raises UsageError without aiosmtplib.
    """

    def __init__(self, url: str, password: str = "") -> None:
        parsed = urlsplit(url)
        self._where = f"{parsed.hostname}:{parsed.port or PORTS[parsed.scheme]}"
        user, near = unquote(parsed.username or ""), parsed.hostname in LOOPBACK
        if user and not password:
            raise UsageError("the mail server needs a password", user, "set BROADSHEET_SMTP_PASSWORD")
        if user and parsed.scheme == "smtp" and not near:
            raise UsageError("a password would travel in the open", url, "use smtps:// or smtp+starttls://")
        self._library = _library()
        opportunistic = False if near else None
        self._options: dict[str, Any] = {
            "hostname": parsed.hostname,
            "port": parsed.port or PORTS[parsed.scheme],
            "username": user or None,
            "password": password if user else None,
            "use_tls": parsed.scheme == "smtps",
            "start_tls": {"smtps": False, "smtp+starttls": True}.get(parsed.scheme, opportunistic),
            "timeout": TIMEOUT,
        }
        self._client: Any = None

    async def offer(self, sender: str, address: str) -> None:
        if self._client is None:
            client = self._library.SMTP(**self._options)
            with self._told("away", "away"):
                await client.connect()
            self._client = client
        with self._told("away", "refused"):
            await self._client.mail(sender)
        try:
            with self._told("away", "gone"):
                await self._client.rcpt(address)
        except MailError:
            await self._reset()
            raise

    async def hand_over(self, message: bytes) -> None:
        try:
            with self._told("unknown", "refused"):
                await self._client.data(message)
        except MailError:
            await self._reset()
            raise

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            try:
                await client.quit()
            except (self._library.SMTPException, OSError):
                client.close()

    async def _reset(self) -> None:
        """Leave the transaction; a connection that cannot is given up."""
        if self._client is not None:
            try:
                await self._client.rset()
            except (self._library.SMTPException, OSError):
                self._drop()

    def _drop(self) -> None:
        if self._client is not None:
            self._client.close()
        self._client = None

    @contextmanager
    def _told(self, when_lost: str, when_refused: str) -> Iterator[None]:
        """What goes wrong inside as MailError. when_lost, when_refused: its kind."""
        try:
            yield
        except self._library.SMTPResponseException as exc:
            words = clean(exc.message)[:REASON]
            kind = kind_of(exc.code, words, when_refused)
            if exc.code == 421 or kind == "away":
                self._drop()
            raise MailError(f"{exc.code} {words}", self._where, kind) from exc
        except (self._library.SMTPException, OSError) as exc:
            self._drop()
            raise MailError(clean(str(exc))[:REASON] or "connection lost", self._where, when_lost) from exc


def kind_of(code: int, words: str, when_refused: str) -> str:
    """Kind of the error that an answer of the server means.

    when_refused: of one that is final; `gone` only where the answer is about the mailbox: a server that refuses for
    reasons of its own (relaying, reputation, policy) says nothing of the reader, who stays subscribed.
    """
    if code < 500:
        return "away" if when_refused == "away" else "later"
    if when_refused != "gone":
        return when_refused
    if enhanced := _ENHANCED.match(words):
        return "gone" if _GONE.fullmatch(enhanced[0].strip()) else "refused"
    return "gone" if code in _NO_MAILBOX else "refused"


def _library() -> ModuleType:
    try:
        import aiosmtplib
    except ImportError as exc:
        raise UsageError("sending needs the extra `mail`", "aiosmtplib", "pip install 'broadsheet[mail]'") from exc
    return aiosmtplib
