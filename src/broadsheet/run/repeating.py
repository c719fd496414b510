"""Cycles for ever: each when the next source or page is due, until somebody asks it to stop."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

from ..errors import BroadsheetError
from . import Report, update
from .publication import Progress, opened, quiet

SHORTEST = timedelta(minutes=1)  # between the end of a cycle and the next one
LONGEST = timedelta(minutes=15)  # settings may have changed meanwhile
AFTER_ERROR = timedelta(minutes=5)


def repeat(
    folder: Path,
    clock: Callable[[], datetime],
    stop: Event,
    *,
    executor: str = "processes",
    show: Callable[[Report | BroadsheetError], None],
    progress: Progress = quiet,
) -> None:
    """Run cycles until `stop` is set; the one that is running then is brought to its end.

    A cycle that cannot be done, since a file is being edited or a database is away, is shown and tried again.
    """
    while not stop.is_set():
        try:
            show(update(folder, clock(), executor=executor, progress=progress))
            wait = pause(folder, clock())
        except BroadsheetError as exc:
            show(exc)
            wait = AFTER_ERROR
        stop.wait(wait.total_seconds())


def pause(folder: Path, now: datetime) -> timedelta:
    """How long to wait for the next cycle. Raises BroadsheetError."""
    with opened(folder, lock=False) as (_, store):
        due = store.next_due()
    return min(max(due - now, SHORTEST), LONGEST) if due else LONGEST
