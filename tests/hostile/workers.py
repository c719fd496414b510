"""What takes down or hangs a worker process: that item alone is lost, with a reason, and the others come through."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from .behaviour import Behaviour, register
from .expected import Expected, Lost

DIED = Lost("process that read it was killed")


def worker(expected: Expected) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Register a function that a worker is made to call."""

    def decorate(attack: Callable[[], Any]) -> Callable[[], Any]:
        does = " ".join((attack.__doc__ or "").split()).removesuffix(".")
        name = attack.__name__.replace("_", "-")
        register(Behaviour(name=name, does=does, group="workers", expected=expected, attack=attack))
        return attack

    return decorate


@worker(DIED)
def killed() -> None:
    """The kernel kills the worker, as it does when memory runs out."""
    os.kill(os.getpid(), signal.SIGKILL)


@worker(DIED)
def spins() -> None:
    """A loop without end."""
    while True:
        pass


@worker(Lost("MemoryError|process that read it was killed"))
def grows() -> int:
    """More memory than a worker may have."""
    held = []
    while True:
        held.append(bytearray(64 * 1_048_576))


@worker(DIED)
def overflows() -> None:
    """Recursion in C that runs out of stack, as parsers without a bound of depth do."""
    sys.setrecursionlimit(10**9)
    nested: list[Any] = []
    for _ in range(10**6):
        nested = [nested]
    repr(nested)


@worker(DIED)
def leaves() -> None:
    """A library that ends the process."""
    os._exit(3)
