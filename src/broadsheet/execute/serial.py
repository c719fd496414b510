"""One item after the other in this process: the reference that every other executor must equal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Self

from . import BATCH, Item, Value


class Serial:
    """Needs nothing and limits nothing: an item that hangs, hangs the run."""

    def map(
        self,
        fn: Callable[[Item], Value],
        items: Iterable[Item],
        *,
        batch: int = BATCH,  # noqa: ARG002
    ) -> Iterator[tuple[Item, Value | Exception]]:
        for item in items:
            yield item, outcome(fn, item)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        return None


def outcome(fn: Callable[[Item], Value], item: Item) -> Value | Exception:
    """The value, or the exception that came in its place."""
    try:
        return fn(item)
    except Exception as exc:  # noqa: BLE001  a value like any other: the caller decides what it costs
        return exc
