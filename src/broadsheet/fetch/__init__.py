"""The one way to the outside: `Fetcher.get(Request) -> Page`, raising only FetchError; and a canned one for tests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

from ..errors import FetchError
from ..types import Page, Struct, Validators


class Request(Struct, frozen=True):
    """What to get. purpose decides the size limit: source (a feed, sitemap, index page) or page (an article)."""

    url: str
    purpose: str = "page"
    validators: Validators = Validators()


class Fetcher(Protocol):
    """Used as an async context manager, which opens and closes its connections."""

    async def get(self, request: Request) -> Page:
        """The page, or one with status 304 and no body where the validators hold. Raises FetchError only."""
        ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None: ...


class CannedFetcher:
    """A Fetcher that answers from memory: for tests and for replaying."""

    def __init__(self, bodies: Mapping[str, bytes], now: datetime) -> None:
        self.bodies, self.now = bodies, now
        self.asked: list[str] = []

    async def get(self, request: Request) -> Page:
        self.asked.append(request.url)
        if request.url not in self.bodies:
            raise FetchError(request.url, "HTTP 404", permanent=True)
        body = self.bodies[request.url]
        return Page(url=request.url, final_url=request.url, status=200, body=body, fetched_at=self.now)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        return None
