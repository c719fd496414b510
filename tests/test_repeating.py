"""Cycles for ever, and what hubs tell between them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from broadsheet.errors import BroadsheetError, UsageError
from broadsheet.run import Report
from broadsheet.run.mailbox import Mailbox
from broadsheet.run.repeating import pause, repeat
from broadsheet.store import Store, open_store
from broadsheet.types import Subscription

from . import web
from .build import NOW, source

SOURCE = "https://harbour.example/feed.xml"
ASKED = Subscription(source=SOURCE, hub="https://hub.example/", topic=SOURCE, secret="s", token="t", asked_at=NOW)  # noqa: S106


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path}/store.db") as opened:
        opened.put_sources([source(SOURCE)])
        yield opened


def cycles(folder: Path, number: int) -> list[Report | BroadsheetError | str]:
    """What the first `number` cycles show; each begins as soon as the one before has ended."""
    shown: list[Report | BroadsheetError | str] = []
    stop = threading.Event()

    def show(outcome: Report | BroadsheetError | str) -> None:
        shown.append(outcome)
        if len(shown) == number:
            stop.set()

    repeat(folder, lambda: NOW, stop, executor="serial", show=show)
    return shown


def test_a_cycle_runs_and_ends_when_it_shall(tmp_path: Path) -> None:
    """The one that is running is brought to its end: its edition is printed."""
    with web.served() as served:
        folder = web.publication(tmp_path, address=served.address)
        (report,) = cycles(folder, 1)

    assert isinstance(report, Report)
    assert report.stories == len(list((folder / "site" / "story").iterdir()))
    assert timedelta(minutes=1) <= pause(folder, NOW) <= timedelta(minutes=15)


def test_a_broken_setting_is_shown_and_nothing_runs(tmp_path: Path) -> None:
    """What cannot begin at all is an error of the command."""
    (tmp_path / "broadsheet.toml").write_text("title = ")

    with pytest.raises(UsageError):
        cycles(tmp_path, 1)


def test_what_hubs_tell_waits_for_the_next_cycle(store: Store) -> None:
    """A confirmation and a ping are written when the store is at hand, and what was not written before is not lost."""
    store.put_subscription(ASKED)
    mailbox = Mailbox()
    mailbox.exchange(store)
    assert (ASKED,) == mailbox.subscriptions()

    active = msgspec.structs.replace(ASKED, state="active", lease_until=NOW + timedelta(days=5))
    mailbox.put_subscription(active)
    mailbox.make_due(SOURCE)
    assert mailbox.news.is_set()
    assert (ASKED,) == store.subscriptions()
    mailbox.exchange(store)

    assert ((active,), False) == (store.subscriptions(), mailbox.news.is_set())
    assert (active,) == mailbox.subscriptions()
