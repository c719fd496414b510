"""The table of behaviours: what each does, what it stands for, and what it must end in within which bounds."""

from __future__ import annotations

import gzip
from collections.abc import Awaitable, Callable
from typing import Any

from broadsheet.types import FetchLimits, Struct

from .expected import Expected
from .server import Ask

GROUPS = {
    "network": "what goes wrong between two hosts, and what HTTP forbids",
    "compression": "encodings that unpack to more, or to nothing",
    "redirect": "where a server sends its visitors",
    "tls": "certificates that prove nothing",
    "charset": "labels that lie about the bytes",
    "xml": "feeds, sitemaps and JSON feeds made to break their reader",
    "html": "pages made to break their reader, or to pass for an article",
    "dates": "times that cannot be",
    "guids": "identities that identify nothing, within one feed",
    "titles": "headlines that try to leave their field",
    "workers": "work that takes down its process",
}
USUAL = FetchLimits(connect=5.0, total=10.0, concurrency=64)
SHORT = FetchLimits(connect=1.0, total=1.5, concurrency=64)  # for what ends at the deadline and nowhere else
NETWORK = 15.0  # seconds until a fetch that has not ended is called a hang; the deadline is well before
PACKED = 1_048_576  # bytes from which a document is sent in gzip, as servers do
PROCESSOR = 5.0  # seconds of processor time that reading one document may take

Play = Callable[[Ask], Awaitable[None]]
Make = Callable[[], "Document"]


class Document(Struct, frozen=True):
    """A body that is sent as HTTP wants it: what is hostile is in the bytes."""

    body: bytes | str
    content_type: str = "application/rss+xml"


class Behaviour(Struct, frozen=True, kw_only=True):
    """One row. play: answers a request, on the wire; seconds, mebibytes: the most that it may cost.

    seconds: until the fetch must have ended, or of processor time for what is read in a worker.
    mebibytes: growth of the process that fetches, and of the worker that reads.
    """

    name: str
    does: str
    group: str
    expected: Expected
    play: Play | None = None
    attack: Callable[[], Any] | None = None  # group workers: what the worker is made to do
    purpose: str = "source"
    scheme: str = "http"
    listener: str = "plain"
    limits: FetchLimits = USUAL
    seconds: float = NETWORK
    processor: float = PROCESSOR
    mebibytes: int = 64

    @property
    def host(self) -> str:
        return f"{self.name}.hostile.example"

    @property
    def url(self) -> str:
        path = "/feed" if self.purpose == "source" else "/news/ferry-returns-after-the-long-storm"
        return f"{self.scheme}://{self.host}{path}"


TABLE: dict[str, Behaviour] = {}


def register(behaviour: Behaviour) -> None:
    if behaviour.name in TABLE:
        raise ValueError(f"two behaviours are called {behaviour.name}")
    if behaviour.group not in GROUPS:
        raise ValueError(f"{behaviour.name}: no group {behaviour.group}")
    TABLE[behaviour.name] = behaviour


def wire(group: str, expected: Expected, **more: Any) -> Callable[[Play], Play]:
    """Register a function that answers on the wire. Its name and docstring are those of the behaviour."""

    def decorate(play: Play) -> Play:
        register(Behaviour(**_told(play, more), group=group, expected=expected, play=play, **more))
        return play

    return decorate


def document(group: str, expected: Expected, **more: Any) -> Callable[[Make], Make]:
    """Register a function that makes a document. Its name and docstring are those of the behaviour."""

    def decorate(make: Make) -> Make:
        async def play(ask: Ask) -> None:
            made = make()
            body = made.body.encode("utf-8", "surrogatepass") if isinstance(made.body, str) else made.body
            packed = gzip.compress(body, 1) if len(body) > PACKED else body
            fields = ["Content-Encoding: gzip"] if packed is not body else []
            await ask.reply(packed, made.content_type, *fields)

        register(Behaviour(**_told(make, more), group=group, expected=expected, play=play, **more))
        return make

    return decorate


def _told(function: Callable[..., Any], more: dict[str, Any]) -> dict[str, str]:
    """Name and description: `name` and `does` where they are given, else those of the function."""
    doc = function.__doc__ or ""
    return {
        "name": more.pop("name", "") or function.__name__.replace("_", "-"),
        "does": more.pop("does", "") or " ".join(doc.split()).removesuffix("."),
    }
