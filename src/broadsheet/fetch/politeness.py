"""One host at a time, in turn, at the pace that it asks for, and not at all while it wants to be left alone.

Hosts are told apart by origin (scheme, host, port). Moments in a HostState are on the cycle's clock; real waiting is
on the clock and with the sleep that are given, so that a test or a simulation never waits.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from msgspec.structs import replace

from .. import urls
from ..errors import FetchError
from ..types import HostState
from . import Reply, response
from .robots import Rules, is_fresh

LEAST, MOST = 60.0, 86_400.0  # seconds that a Retry-After may hold a host for
UNSAID = 900.0  # seconds that a 429 without a usable Retry-After holds it for


class Host:
    """One origin within a cycle: its stored state and what only this cycle knows."""

    def __init__(self, state: HostState) -> None:
        self.state = state
        self.name = urls.host(state.origin)
        self.robots_lock, self.tdm_lock = asyncio.Lock(), asyncio.Lock()  # each file is asked for by one
        self.turn = asyncio.Lock()  # it is being asked; first come, first served
        self.waiting = 0  # requests in its turn or in line for it
        self.answered_at = float("-inf")  # its last answer
        self.robots_reason = ""  # why robots.txt could not be had in this cycle
        self._rules: tuple[str, Rules] | None = None

    @property
    def rules(self) -> Rules:
        """Its robots.txt, parsed once as long as it stays the same."""
        if self._rules is None or self._rules[0] is not self.state.robots:
            self._rules = self.state.robots, Rules(self.state.robots)
        return self._rules[1]


class Politeness:
    """Who may be asked, and when: one for a cycle."""

    def __init__(
        self,
        states: Iterable[HostState],
        now: datetime,
        *,
        delay: float = 0.0,
        patience: float = 60.0,
        seconds: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """states: what is known of hosts from earlier cycles. now: the cycle's clock.

        delay: seconds between two requests to a host, at the least. patience: longest wait for a turn that its pace
        may cost, in seconds. seconds and sleep: the clock of real waiting, and how to wait.
        """
        self.now, self.delay, self.patience = now, delay, patience
        self.seconds, self._sleep = seconds, sleep
        self._given = {state.origin: state for state in states}
        self._hosts: dict[str, Host] = {}

    def host(self, url: str) -> Host:
        """The host of a URL that urls.parse printed."""
        origin = "/".join(url.split("/", 3)[:3])
        if origin not in self._hosts:
            self._hosts[origin] = Host(self._given.get(origin) or HostState(origin=origin))
        return self._hosts[origin]

    def changed(self) -> tuple[HostState, ...]:
        """States that differ from those given, by origin: what the store should keep."""
        states = (self._hosts[origin].state for origin in sorted(self._hosts))
        return tuple(s for s in states if s != self._given.get(s.origin, HostState(origin=s.origin)))

    def check_held(self, url: str, host: Host) -> None:
        """Raise FetchError of kind held while the host wants to be left alone."""
        until = host.state.hold_until
        if until is not None and is_fresh(until, self.now):
            left = (until - self.now).total_seconds()
            raise FetchError(url, f"{host.name} asked to be left alone", kind="held", retry_after=left)

    @asynccontextmanager
    async def turn(self, url: str, host: Host, *, hurry: bool = True) -> AsyncIterator[None]:
        """Within it the host is asked for one thing and by nobody else; the pause since its last answer is over.

        hurry: leave at once, with FetchError of kind held, where the pauses of those in line and one's own add up to
        more than the patience. Raises that, too, where the host is held when one's turn comes.
        """
        pause = max(self.delay, host.rules.delay)
        wait = max(0.0, host.answered_at + pause - self.seconds()) + host.waiting * pause
        if hurry and wait > self.patience:
            reason = f"{host.name} is asked once in {pause:g} s and its line is full"
            raise FetchError(url, reason, kind="held", retry_after=wait)
        host.waiting += 1
        try:
            async with host.turn:
                self.check_held(url, host)
                if (left := host.answered_at + pause - self.seconds()) > 0:
                    await self._sleep(left)
                try:
                    yield
                finally:
                    host.answered_at = self.seconds()
        finally:
            host.waiting -= 1

    def note(self, host: Host, reply: Reply) -> None:
        """Hold the host where its answer asks for it: any 429, and a 503 that says for how long.

        Source: RFC 6585, section 4 (429); RFC 9110, sections 10.2.3 and 15.6.4.
        """
        if reply.status not in (429, 503):
            return
        asked = response.retry_after(reply.headers.get("retry-after", ""), self.now)
        if asked is None and reply.status == 503:
            return
        held = timedelta(seconds=UNSAID if asked is None else min(max(asked, LEAST), MOST))
        host.state = replace(host.state, hold_until=self.now + held)
