"""Many requests from straight code: every one is answered once, in bounded number, and nothing is left running."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from types import TracebackType
from typing import Self

import pytest

from broadsheet.errors import FetchError
from broadsheet.fetch import Request
from broadsheet.fetch.outside import AHEAD, BATCH, Outside
from broadsheet.types import Page

from .build import page


class Fetching:
    """A Fetcher that takes its time. open: used within its context; most: requests that ran at one moment."""

    def __init__(self, broken: str = "") -> None:
        self.broken = broken
        self.open = self.running = self.most = self.cancelled = 0

    async def get(self, request: Request) -> Page:
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            await asyncio.sleep(3_600 if "never" in request.url else 0.001)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.running -= 1
        if "404" in request.url:
            raise FetchError(request.url, "HTTP 404", status=404)
        if "defect" in request.url:
            raise ZeroDivisionError("a defect")
        return page("", request.url)

    async def __aenter__(self) -> Self:
        if self.broken:
            raise OSError(self.broken)
        self.open += 1
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.open -= 1


def threads() -> int:
    return sum(thread.name == "outside" for thread in threading.enumerate())


def test_every_request_is_answered_once_and_failures_are_values() -> None:
    fetching = Fetching()
    urls = [f"https://h.example/{'404' if n % 7 == 0 else n}" for n in range(300)]
    with Outside(fetching) as outside:
        batches = list(outside.answers((n, Request(url=url)) for n, url in enumerate(urls)))

    found = {mark: value for batch in batches for mark, value in batch}
    assert sorted(found) == list(range(300))
    assert {n for n in range(300) if n % 7 == 0} == {n for n, value in found.items() if isinstance(value, FetchError)}
    assert max(map(len, batches)) <= BATCH
    assert (0, 0) == (fetching.open, threads())


def test_no_more_is_asked_than_can_be_held() -> None:
    """While a caller is busy with one batch, others come in: as many as the bound allows and not one more."""
    fetching = Fetching()
    drawn: list[int] = []

    def requests() -> Iterator[tuple[int, Request]]:
        for n in range(3 * AHEAD):
            drawn.append(n)
            yield n, Request(url=f"https://h.example/{n}")

    with Outside(fetching) as outside:
        answers = outside.answers(requests())
        next(answers)
        assert len(drawn) <= AHEAD
        taken = sum(map(len, answers))

    assert fetching.most <= AHEAD
    assert 3 * AHEAD - BATCH <= taken < 3 * AHEAD


def test_requests_that_are_answered_do_not_wait_for_one_that_is_not() -> None:
    """A host that never answers holds up nobody; when the caller goes, what still runs is ended."""
    fetching = Fetching()
    with Outside(fetching) as outside:
        urls = ["https://h.example/never", *(f"https://h.example/{n}" for n in range(9))]
        first = next(outside.answers((url, Request(url=url)) for url in urls))
        assert urls[1:] == sorted(answer.mark for answer in first)

    assert (1, 0, 0) == (fetching.cancelled, fetching.open, threads())


def test_a_defect_reaches_the_caller() -> None:
    """What is no FetchError is ours to mend: it is neither swallowed nor does it leave a caller waiting."""
    fetching = Fetching()
    with pytest.raises(ZeroDivisionError), Outside(fetching) as outside:
        list(outside.answers([("x", Request(url="https://h.example/defect"))]))

    assert (0, 0) == (fetching.open, threads())


def test_a_fetcher_that_cannot_be_opened_leaves_nothing() -> None:
    with pytest.raises(OSError, match="no network"), Outside(Fetching("no network")):
        pass

    assert 0 == threads()
