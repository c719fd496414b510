"""Cycles for ever: each when the next source or page is due, or a hub has news, until somebody asks it to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

from ..errors import BroadsheetError
from ..fetch.http import HttpTransport, user_agent
from ..types import Publication
from . import Report, listening, subscribing, update
from .mailbox import Mailbox, listened
from .mailing import carrier
from .publication import PRIVATE, Progress, opened, quiet, settings
from .serving import beside
from .subscribing import Door

SHORTEST = timedelta(minutes=1)  # between the end of a cycle and the next one
LONGEST = timedelta(minutes=15)  # settings may have changed meanwhile
AFTER_ERROR = timedelta(minutes=5)
_LOOK = 1.0  # seconds between two looks at whether to stop


def repeat(
    folder: Path,
    clock: Callable[[], datetime],
    stop: Event,
    *,
    executor: str = "processes",
    show: Callable[[Report | BroadsheetError | str], None],
    progress: Progress = quiet,
) -> None:
    """Run cycles until `stop` is set; the one that is running then is brought to its end.

    With a `[websub] callback` hubs are asked to tell of news, and listened to. With a `[newsletter] url` readers are
    answered who ask for letters or leave. A cycle that cannot be done, since a
    file is being edited or a database is away, is shown and tried again. Raises UsageError when it cannot begin.
    """
    publication = settings(folder)
    hubs, letters = publication.websub, publication.newsletter
    mailbox = Mailbox()
    door = subscribing.open_door(folder, publication, clock) if letters.url else None
    with ExitStack() as open_until_the_end:
        if hubs.callback:
            address = open_until_the_end.enter_context(listened(hubs, mailbox, clock))
            show(f"listening to hubs at {address}")
        if door is not None:
            answering = subscribing.answering(door, letters.listen, carrier(publication))
            show(f"answering readers at {open_until_the_end.enter_context(beside(answering, 'readers'))}")
        while not stop.is_set():
            try:
                show(_cycle(folder, clock, mailbox, door, executor, progress))
                wait = pause(folder, clock())
            except BroadsheetError as exc:
                show(exc)
                wait = AFTER_ERROR
            _wait(wait, stop, mailbox.news)


def _cycle(
    folder: Path,
    clock: Callable[[], datetime],
    mailbox: Mailbox,
    door: Door | None,
    executor: str,
    progress: Progress,
) -> Report:
    with opened(folder) as (_, store):
        mailbox.exchange(store)
        if door is not None:
            subscribing.bring(folder, store, door)
    report = update(folder, clock(), executor=executor, progress=progress)
    with opened(folder) as (publication, store):
        if publication.websub.callback:
            mailbox.exchange(store)
            asyncio.run(_subscribe(publication, mailbox, listening.key(folder / PRIVATE), clock()))
            mailbox.exchange(store)
    return report


async def _subscribe(publication: Publication, mailbox: Mailbox, drawn: bytes, now: datetime) -> None:
    """Ask the hubs that are to be asked. A hub that fails has the reason in its subscription; its source is polled."""
    agent = user_agent(publication.contact, publication.url)
    async with HttpTransport(publication.fetch, agent, publication.hosts) as transport:
        await listening.subscribe_due(mailbox, transport, publication.websub.callback, drawn, now)


def pause(folder: Path, now: datetime) -> timedelta:
    """How long to wait for the next cycle. Raises BroadsheetError."""
    with opened(folder, lock=False) as (_, store):
        due = store.next_due()
    return min(max(due - now, SHORTEST), LONGEST) if due else LONGEST


def _wait(wait: timedelta, stop: Event, news: Event) -> None:
    """Until the time is over or there is news, or at once when it shall stop."""
    left = wait.total_seconds()
    while left > 0 and not news.is_set() and not stop.wait(min(left, _LOOK)):
        left -= _LOOK
