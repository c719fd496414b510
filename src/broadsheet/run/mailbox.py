"""What hubs tell between two cycles: heard by a thread of its own, written to the store when a cycle begins."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from ..types import Hub, Subscription, WebSub
from .listening import Subscriptions, listening
from .serving import beside


class Mailbox:
    """The Subscriptions that a listener uses, kept in memory: the store has one writer, who may be in a cycle.

    What a hub confirmed and the program did not live to write down is asked again a day later.
    """

    def __init__(self) -> None:
        self.news = threading.Event()  # a source has become due
        self._lock = threading.Lock()
        self._hubs: tuple[Hub, ...] = ()
        self._held: dict[str, Subscription] = {}
        self._changed: dict[str, Subscription] = {}
        self._due: set[str] = set()

    def exchange(self, store: Subscriptions) -> None:
        """Write to the store what was heard, and take from it what it knows. Raises StoreError."""
        with self._lock:
            changed, due = self._changed, self._due
            self._changed, self._due = {}, set()
            self.news.clear()
        for subscription in changed.values():
            store.put_subscription(subscription)
        for source in sorted(due):
            store.make_due(source)
        hubs, held = store.hubs(), {subscription.source: subscription for subscription in store.subscriptions()}
        with self._lock:
            self._hubs, self._held = hubs, held | self._changed

    def hubs(self) -> tuple[Hub, ...]:
        return self._hubs

    def subscriptions(self) -> tuple[Subscription, ...]:
        with self._lock:
            return tuple(self._held.values())

    def put_subscription(self, subscription: Subscription) -> None:
        with self._lock:
            self._held[subscription.source] = self._changed[subscription.source] = subscription

    def make_due(self, source: str) -> None:
        with self._lock:
            self._due.add(source)
        self.news.set()


@contextmanager
def listened(settings: WebSub, mailbox: Mailbox, clock: Callable[[], datetime]) -> Iterator[str]:
    """Listen to hubs in a thread while inside; gives the address as `host:port`. Raises UsageError."""
    with beside(listening(settings, mailbox, clock), "hubs") as address:
        yield address
