"""Run one pure function over many items: in this process or in several, with the same result in any order."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

from ..errors import UsageError

BATCH = 16  # items that cross a process border together; one at a time is 6 to 10 times slower on small work

Item = TypeVar("Item")
Value = TypeVar("Value")


class Executor(Protocol):
    """`map` yields each item with its value, or with the exception that it raised; order is not promised.

    batch: items that are handed over together, fewer where they are large.
    """

    def map(
        self, fn: Callable[[Item], Value], items: Iterable[Item], *, batch: int = BATCH
    ) -> Iterator[tuple[Item, Value | Exception]]: ...


def open_executor(spec: str) -> AbstractContextManager[Executor]:
    """`serial`, `processes` (one a core, four at most) or `processes:N`, N from 1 to 256. Raises UsageError otherwise.

    `serial` is the reference. With `processes` the function and its items must be picklable (a function of a module,
    not a lambda), and an item that takes its worker down costs that item alone.
    """
    if spec == "serial":
        from .serial import Serial

        return Serial()
    match = re.fullmatch(r"processes(?::(\d{1,3}))?", spec, re.ASCII)
    workers = int(match[1] or min(os.cpu_count() or 1, 4)) if match else 0
    if 1 <= workers <= 256:
        from .processes import Processes

        return Processes(workers)
    raise UsageError("unknown executor", spec[:80], "use processes, processes:N or serial")
