"""Several worker processes, fed with batches: what kills or hangs a worker costs the one item that did it."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import resource
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing.connection import wait as wait_for
from types import TracebackType
from typing import Any, Self

from ..errors import ParseError, Poisonous, UsageError
from . import BATCH, Item, Value
from .serial import outcome

SECONDS = 20  # processor time one item may take
MEMORY = 2 * 1024**3  # bytes of address space a worker may have

# A batch's results: pickled by the worker itself, so that one that cannot be pickled is its own failure alone.
_Results = list[Any]


class Processes:
    """`workers` processes that are never forked from this one: threads and open databases of ours stay ours.

    They are forked from a server that has loaded what they work with and nothing else, so a worker that a document has
    killed is replaced in milliseconds.
    """

    def __init__(self, workers: int, seconds: int = SECONDS, memory: int = MEMORY) -> None:
        """seconds: processor time for one item, whole ones; its worker is killed beyond. memory: bytes per worker."""
        self.workers, self.seconds, self.memory = workers, seconds, memory
        self._pool: ProcessPoolExecutor | None = None
        self._module = ""  # of the first function, which the server loads for all workers

    def map(
        self, fn: Callable[[Item], Value], items: Iterable[Item], *, batch: int = BATCH
    ) -> Iterator[tuple[Item, Value | Exception]]:
        """Items are drawn as workers fall free, two batches a worker ahead. Raises UsageError if no worker starts."""
        rest = iter(items)
        running: dict[Future[bytes], list[Item]] = {}
        broken: list[list[Item]] = []
        try:
            while True:
                while len(running) < 2 * self.workers and not broken and (some := list(islice(rest, batch))):
                    running[self._submit(fn, some)] = some
                if not running and not broken:
                    return
                for future in wait(running, return_when=FIRST_COMPLETED).done if running else ():
                    some = running.pop(future)
                    results = _results(future)
                    if results is None:
                        broken.append(some)
                    else:
                        yield from zip(some, results, strict=True)
                if broken and not running:  # everything that was on its way when a worker died
                    yield from self._one_by_one(fn, broken)
                    broken = []
        finally:
            for future in running:
                future.cancel()

    def _one_by_one(self, fn: Callable[[Item], Value], batches: list[list[Item]]) -> Iterator[tuple[Item, Any]]:
        """Every item of these batches alone, so that what kills its worker takes nothing along."""
        for item in (item for batch in batches for item in batch):
            [result] = self._alone(fn, item) or [
                Poisonous("the process that read it was killed: too long, too large or a crash", _name(item))
            ]
            yield item, result
        self._fresh_if_broken()

    def _alone(self, fn: Callable[[Item], Value], item: Item) -> _Results | None:
        """The result of one item, in a list, while nothing else runs; None if it took its worker down."""
        self._fresh_if_broken()
        future = self._submit(fn, [item])
        wait([future])
        return _results(future)

    def _submit(self, fn: Callable[[Item], Value], batch: list[Item]) -> Future[bytes]:
        if self._pool is None:
            self._module = self._module or str(getattr(getattr(fn, "func", fn), "__module__", ""))
            self._start()
        assert self._pool is not None  # noqa: S101  said for the type checker
        try:
            return self._pool.submit(_work, fn, batch, self.seconds)
        except BrokenProcessPool as exc:  # it broke since we last looked: the batch is to be tried again
            failed: Future[bytes] = Future()
            failed.set_exception(exc)
            return failed

    def _start(self) -> None:
        server = multiprocessing.get_context("forkserver")
        server.set_forkserver_preload([self._module] if self._module else [])  # counts the first time alone
        self._pool = ProcessPoolExecutor(self.workers, server, initializer=_settle, initargs=(self.memory,))

    def _fresh_if_broken(self) -> None:
        """A pool that does its first task, or UsageError: else all items would be blamed for workers that never ran."""
        try:
            if self._pool is not None:
                self._pool.submit(_ready).result()
                return
        except BrokenProcessPool:
            self._stop()
        self._start()
        try:
            assert self._pool is not None  # noqa: S101  said for the type checker
            self._pool.submit(_ready).result()
        except BrokenProcessPool as exc:
            self._stop()
            raise UsageError("worker processes die at once", f"processes:{self.workers}", "use serial") from exc

    def _stop(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self._stop()


def _results(future: Future[bytes]) -> _Results | None:
    """A finished batch's results, or None where it has to be tried again."""
    try:
        return list(pickle.loads(future.result()))  # noqa: S301  pickled by our own worker
    except BrokenProcessPool:
        return None


def _name(item: object) -> str:
    """How an item is called in an error: its URL where it has one."""
    return str(getattr(item, "url", "") or type(item).__name__)


# --- in the worker ---------------------------------------------------------------------------------------------------


def _settle(memory: int) -> None:
    """Once in each worker: bound its memory, leave no core files, end when the parent does."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    bounded = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
    resource.setrlimit(resource.RLIMIT_AS, (bounded, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    parent = multiprocessing.parent_process()
    if parent is not None:  # a parent killed outright cannot tell: without this its workers would wait for ever
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait_for([sentinel])
    os._exit(1)


def _ready() -> None:
    """The first task of a pool: it can do one."""


def _work(fn: Callable[[Any], Any], batch: Sequence[Any], seconds: int) -> bytes:
    """Outcomes of a batch, pickled. Each item may take `seconds` of processor time; then the kernel ends the worker."""
    results = []
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    for item in batch:
        soft = int(time.process_time()) + 1 + seconds
        resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))
        results.append(outcome(fn, item))
    try:
        data = pickle.dumps(results)
        pickle.loads(data)  # noqa: S301  our own; an exception may pickle and yet not unpickle
    except Exception:  # noqa: BLE001  anything can go wrong in a foreign __reduce__
        return pickle.dumps([_portable(result) for result in results])
    return data


def _portable(result: Any) -> Any:
    """The result if it survives a pickling, else a ParseError that says what it was."""
    try:
        pickle.loads(pickle.dumps(result))  # noqa: S301  our own
    except Exception as exc:  # noqa: BLE001  as above
        if isinstance(result, Exception):
            return ParseError(f"{type(result).__name__}: {result}"[:300])
        return ParseError(f"result cannot cross processes: {exc}"[:300])
    return result
