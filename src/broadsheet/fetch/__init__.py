"""The one way to the outside: `Fetcher.get(Request) -> Page`, raising only FetchError; and a canned one for tests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

from ..errors import FetchError
from ..types import Page, Struct, Validators


class Request(Struct, frozen=True):
    """What to get. purpose decides the size limit: source (a feed, sitemap, index page), page (an article) or image.

    beginning: bytes that are enough, and where reading stops; 0: it is wanted whole.
    """

    url: str
    purpose: str = "page"
    validators: Validators = Validators()
    beginning: int = 0


class Reply(Struct, frozen=True, kw_only=True):
    """One HTTP answer to one request: no redirect followed, the body with its encoding taken off."""

    url: str  # that was asked
    status: int  # 206: the body is a beginning, be it that the host sent no more or that no more was read
    headers: dict[str, str] = {}  # lower-case names; several values of one name joined by ", "; no cookies
    body: bytes = b""  # of a 200, 203 or 206; other answers bring none that anybody wants
    seconds: float = 0.0  # that asking and reading took, without the wait for the host's turn


class Transport(Protocol):
    """One exchange with one host: the only place where bytes cross the network. Used as an async context manager."""

    async def exchange(
        self, url: str, *, most: int, seconds: float, headers: Mapping[str, str] | None = None, cut: bool = False
    ) -> Reply:
        """Ask `url`, as urls.parse prints it, once.

        most: bytes that the body may have once decoded. seconds: for connecting, headers and body together.
        cut: what has more than `most` is not refused but read no further.
        Raises FetchError of kind network, bounds or refused; a status is never an error here.
        """
        ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None: ...


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
