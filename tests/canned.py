"""A web from memory on a clock of its own: what a live fetcher asks, when, and how much at once. Nothing really waits."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Mapping
from typing import Any, Self, TypeVar

import msgspec

from broadsheet.errors import FetchError
from broadsheet.fetch import Reply, Request
from broadsheet.fetch.live import LiveFetcher
from broadsheet.fetch.politeness import Politeness
from broadsheet.types import FetchLimits, HostState, Page

from .build import NOW

T = TypeVar("T")
Answer = Reply | FetchError | Callable[[], Reply]


class _Loop(asyncio.SelectorEventLoop):
    """An event loop whose clock jumps to the next thing that is due."""

    _now = 0.0

    def time(self) -> float:
        return self._now

    def _run_once(self) -> None:
        if not self._ready and self._scheduled:
            self._now = max(self._now, self._scheduled[0]._when)
        super()._run_once()


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end on a clock that starts at 0 and costs no time."""
    with asyncio.Runner(loop_factory=_Loop) as runner:
        return runner.run(work)


def reply(status: int = 200, body: str | bytes = b"", **headers: str) -> Reply:
    """An answer; `_` in a header's name stands for `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(url="", status=status, headers=named, body=body.encode() if isinstance(body, str) else body)


def moved(to: str, status: int = 302) -> Reply:
    return reply(status, location=to)


class Web:
    """A Transport. answers: URL -> what it answers; any other URL is a 404, and robots.txt too."""

    def __init__(self, answers: Mapping[str, Answer] | None = None, takes: float = 0.0) -> None:
        self.answers, self.takes = dict(answers or {}), takes
        self.asked: list[tuple[float, str]] = []  # when, what
        self.sent: list[dict[str, str]] = []  # headers of each
        self.limits: list[tuple[int, float]] = []  # most and seconds of each
        self.at_once: Counter[str] = Counter()
        self.most_at_once: Counter[str] = Counter()
        self.opened = 0

    async def exchange(
        self, url: str, *, most: int, seconds: float, headers: Mapping[str, str] | None = None, cut: bool = False
    ) -> Reply:
        origin = "/".join(url.split("/")[:3])
        self.asked.append((asyncio.get_running_loop().time(), url))
        self.sent.append(dict(headers or {}))
        self.limits.append((most, seconds))
        self.at_once[origin] += 1
        self.most_at_once[origin] = max(self.most_at_once[origin], self.at_once[origin])
        await asyncio.sleep(self.takes)
        self.at_once[origin] -= 1
        answer = self.answers.get(url, reply(404))
        if isinstance(answer, FetchError):
            raise answer
        given = answer() if callable(answer) else answer
        if cut and len(given.body) > most:
            given = msgspec.structs.replace(given, status=206, body=given.body[:most])
        return msgspec.structs.replace(given, seconds=self.takes)

    async def __aenter__(self) -> Self:
        self.opened += 1
        return self

    async def __aexit__(self, *_: object) -> None:
        self.opened -= 1

    @property
    def urls(self) -> list[str]:
        return [url for _, url in self.asked]

    @property
    def wanted(self) -> list[str]:
        """What was asked but for robots.txt and tdmrep.json."""
        return [url for url in self.urls if not url.endswith(("/robots.txt", "/tdmrep.json"))]


def fetched(
    web: Web,
    *requests: Request | str,
    states: Iterable[HostState] = (),
    limits: FetchLimits | None = None,
    now: Any = NOW,
    **pace: float,
) -> tuple[list[Page | FetchError], tuple[HostState, ...]]:
    """Answers to all requests, made at once, and the states that changed."""

    async def work() -> tuple[list[Page | FetchError], tuple[HostState, ...]]:
        polite = Politeness(states, now, seconds=asyncio.get_running_loop().time, **pace)
        async with LiveFetcher(web, polite, limits or FetchLimits(), now) as live:
            asked = [Request(url=r) if isinstance(r, str) else r for r in requests]
            answers = await asyncio.gather(*(live.get(r) for r in asked), return_exceptions=True)
        for answer in answers:
            if not isinstance(answer, Page | FetchError):
                raise answer
        return answers, polite.changed()  # type: ignore[return-value]

    return run(work())


def page(web: Web, request: Request | str, **settings: Any) -> Page:
    answer = fetched(web, request, **settings)[0][0]
    assert isinstance(answer, Page), answer
    return answer


def refused(web: Web, request: Request | str, **settings: Any) -> FetchError:
    answer = fetched(web, request, **settings)[0][0]
    assert isinstance(answer, FetchError), answer
    return answer
