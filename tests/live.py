"""A live fetcher for tests that look at one thing: over real HTTP, knowing every host's robots.txt already."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from broadsheet.fetch.http import HttpTransport
from broadsheet.fetch.live import LiveFetcher
from broadsheet.fetch.politeness import Host, Politeness
from broadsheet.types import FetchLimits, HostState

from .build import NOW


class Acquainted(Politeness):
    """Nobody's robots.txt or tdmrep.json is asked for: there is none."""

    def host(self, url: str) -> Host:
        origin, soon = "/".join(url.split("/", 3)[:3]), self.now + timedelta(hours=1)
        self._given.setdefault(origin, HostState(origin=origin, robots_until=soon, tdm_until=soon))
        return super().host(url)


def live(
    limits: FetchLimits,
    user_agent: str = "t",
    now: datetime = NOW,
    hosts: Mapping[str, str] | None = None,
    **inside: Any,
) -> LiveFetcher:
    """inside: further arguments of the transport."""
    return LiveFetcher(HttpTransport(limits, user_agent, hosts, **inside), Acquainted((), now), limits, now)
