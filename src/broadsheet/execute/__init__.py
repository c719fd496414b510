"""Run one pure function over many items: in this process or in several, with the same result in any order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

Item = TypeVar("Item")
Value = TypeVar("Value")


class Executor(Protocol):
    """`map` yields each item with its value, or with the exception that it raised; order is not promised."""

    def map(self, fn: Callable[[Item], Value], items: Iterable[Item]) -> Iterator[tuple[Item, Value | Exception]]: ...


def open_executor(spec: str) -> AbstractContextManager[Executor]:
    """`serial` or `processes:N`. Raises UsageError for anything else."""
    raise NotImplementedError
