"""The messages themselves: an issue for one subscriber, and the question whether somebody wants letters.

The same issue, settings and subscriber give the same bytes. Signing (DKIM) is the business of the mail server before
the world; what it must sign is in docs/reference/newsletter.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import quote

from .. import addresses, text, urls
from ..errors import ParseError, UsageError
from ..types import Issue, Publication
from . import choosing, tokens
from .composing import Parts
from .encoding import encoded, phrase, structured, unstructured

_ID = 76  # characters of a Message-ID that stays readable


def message(issue: Issue, parts: Parts, publication: Publication, address: str, key: bytes) -> bytes:
    """One issue for the subscriber at `address`: multipart/alternative with CRLF, lines of at most 78 characters.

    parts: of this issue, see composing.parts. Only an address of ours that is longer makes a longer line. Raises
    UsageError without a sender or a way to leave. Sources: RFC 5322, 2369 and 2919 (List-*), 8058 (one click), 3834.
    """
    token = tokens.leaving(key, address)
    own = parts.of(token)
    boundary = f"=_{hashlib.blake2b(f'{issue.id} {address}'.encode(), digest_size=12).hexdigest()}"
    head = [
        *_head(publication, address, issue.title, issue.at, f"{issue.id}.{tokens.digest(address)}"),
        *_list_headers(publication, issue.topic, token),
        b"Precedence: bulk\r\n",
        structured("Content-Type", "multipart/alternative;", f'boundary="{boundary}"'),
        b"\r\n",
    ]
    body = [*_part(boundary, "text/plain", own.text), *_part(boundary, "text/html", own.html)]
    return b"".join([*head, *body, f"--{boundary}--\r\n".encode()])


def question(publication: Publication, address: str, key: bytes, asked: datetime, topic: str = "") -> bytes:
    """What asks whether somebody at `address` really wanted letters: nothing happens unless they say so."""
    name = text.clean(publication.title)
    link = f"{publication.newsletter.url}confirm/{tokens.joining(key, address, asked)}"
    of_topic = next((one.id for one in publication.topics if topic and one.name == topic), "")
    link += f"?topic={quote(of_topic)}" if of_topic else ""
    lines = [
        f"Somebody, you it seems, asked for the letter of {name}{f' on {topic}' if of_topic else ''}.",
        "",
        "To get it, open this page within a week and press its button:",
        "",
        link,
        "",
        "If it was not you, do nothing: nothing will be sent.",
        "",
        "-- ",
        publication.url,
        *([text.clean(publication.newsletter.postal)] if publication.newsletter.postal else []),
        "",
    ]
    part = encoded("\n".join(lines))
    stem = f"join.{int(asked.timestamp())}.{tokens.digest(address)}"
    head = _head(publication, address, f"Do you want the letter of {name}?", asked, stem)
    return b"".join([*head, *_content("text/plain", part.way), b"\r\n", part.body])


def _head(publication: Publication, address: str, subject: str, at: datetime, stem: str) -> Iterator[bytes]:
    settings = publication.newsletter
    name, own = sender(publication)
    yield structured("From", *phrase(name or publication.title), f"<{own}>")
    yield structured("To", f"<{address}>")
    if settings.reply_to:
        yield structured("Reply-To", f"<{settings.reply_to}>")
    yield unstructured("Subject", subject)
    yield structured("Date", format_datetime(at))
    yield structured("Message-ID", _message_id(stem, urls.host(publication.url)))
    yield b"MIME-Version: 1.0\r\n"
    yield b"Auto-Submitted: auto-generated\r\n"


def sender(publication: Publication) -> tuple[str, str]:
    """Name and address that letters come from. Raises UsageError where none is set."""
    try:
        return addresses.named(publication.newsletter.sender)
    except ParseError as exc:
        advice = 'set sender = "Name <address>" under [newsletter]'
        raise UsageError("letters have no sender", "newsletter.sender", advice) from exc


def _message_id(stem: str, host: str) -> str:
    if len(stem) + len(host) + len("<@>") > _ID - len("Message-ID:"):
        stem = hashlib.blake2b(stem.encode(), digest_size=16).hexdigest()
    return f"<{stem}@{host}>"


def _list_headers(publication: Publication, topic: str, token: str) -> Iterator[bytes]:
    settings = publication.newsletter
    ways = [f"<{settings.url}unsubscribe/{token}>"] if settings.url else []
    ways += [f"<mailto:{settings.mailto}?subject=unsubscribe>"] if settings.mailto else []
    if not ways:
        advice = "set url (see docs/reference/newsletter.md) or mailto under [newsletter]"
        raise UsageError("readers have no way to leave", "newsletter.url", advice)
    label = f"<{choosing.slug(publication, topic)[:60]}.{urls.host(publication.url)}>"
    yield structured("List-Id", *phrase(f"{publication.title} – {topic}" if topic else publication.title), label)
    yield structured("List-Unsubscribe", *(f"{way}," for way in ways[:-1]), ways[-1])
    if settings.url.startswith("https://"):  # RFC 8058, section 3.1: one click takes https
        yield b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    yield structured("List-Archive", f"<{publication.url}newsletter/>")


def _part(boundary: str, kind: str, content: str) -> Iterator[bytes]:
    part = encoded(content)
    yield f"--{boundary}\r\n".encode()
    yield from _content(kind, part.way)
    yield b"\r\n"
    yield part.body


def _content(kind: str, way: str) -> Iterator[bytes]:
    yield f"Content-Type: {kind}; charset=utf-8\r\n".encode()
    yield f"Content-Transfer-Encoding: {way}\r\n".encode()
