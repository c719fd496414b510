"""Many requests at once for straight code: an event loop in a thread of its own, answers in batches as they come."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Coroutine, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from itertools import islice
from time import monotonic
from types import TracebackType
from typing import Any, Generic, NamedTuple, Self, TypeVar

from ..errors import FetchError
from ..types import Page
from . import Fetcher, Request

AHEAD = 256  # requests that are on their way or answered and not yet taken: what bounds the memory for pages
BATCH = 64  # answers that are handed out together at the most
LINGER = 0.25  # seconds that the first answer of a batch waits for others

Mark = TypeVar("Mark")
Value = TypeVar("Value")


class Answer(NamedTuple, Generic[Mark]):
    """What came of one request. mark: what the caller gave with it."""

    mark: Mark
    value: Page | FetchError


class Outside:
    """A Fetcher that runs beside the code that uses it. Used as a context manager."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="outside", daemon=True)
        self._tasks: set[asyncio.Task[None]] = set()  # the loop itself keeps only weak references

    def answers(self, requests: Iterable[tuple[Mark, Request]]) -> Iterator[list[Answer[Mark]]]:
        """Batches of answers in the order in which they come; a failure is a value.

        requests: drawn as there is room for them, from the calling thread. While the caller is busy with a batch the
        others go on, as far as AHEAD allows.
        """
        ready: queue.SimpleQueue[Answer[Mark] | BaseException] = queue.SimpleQueue()
        todo = iter(requests)
        running = 0
        while True:
            if more := list(islice(todo, AHEAD - running)):
                self._loop.call_soon_threadsafe(self._start, more, ready)
                running += len(more)
            if not running:
                return
            batch = _drawn(ready, min(BATCH, running))
            running -= len(batch)
            yield batch

    def run(self, work: Coroutine[Any, Any, Value]) -> Value:
        """The value of one coroutine."""
        future: Future[Value] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return future.result()

    def _start(self, requests: Sequence[tuple[Mark, Request]], ready: queue.SimpleQueue[Any]) -> None:
        for mark, request in requests:
            task = self._loop.create_task(self._get(mark, request, ready))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _get(self, mark: Mark, request: Request, ready: queue.SimpleQueue[Any]) -> None:
        try:
            ready.put(Answer(mark, await self._fetcher.get(request)))
        except FetchError as exc:
            ready.put(Answer(mark, exc))
        except asyncio.CancelledError:
            raise
        except BaseException as exc:  # noqa: BLE001  a defect of ours, or the end: whoever waits for the answer gets it
            ready.put(exc)

    def __enter__(self) -> Self:
        self._thread.start()
        with ExitStack() as undone:  # what cannot be opened leaves no thread behind
            undone.callback(self._stop)
            self.run(self._fetcher.__aenter__())
            undone.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        try:
            self.run(self._closed())
        finally:
            self._stop()

    def _stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _closed(self) -> None:
        for task in (running := list(self._tasks)):
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await self._fetcher.__aexit__(None, None, None)
        await self._loop.shutdown_default_executor()


def _drawn(ready: queue.SimpleQueue[Any], most: int) -> list[Any]:
    """The next answer and those that come within LINGER seconds after it."""
    batch = [ready.get()]
    until = monotonic() + LINGER
    while len(batch) < most:
        try:
            batch.append(ready.get(timeout=max(until - monotonic(), 0.0)))
        except queue.Empty:
            break
    for one in batch:
        if isinstance(one, BaseException):
            raise one
    return batch
