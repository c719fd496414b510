"""robots.txt: what one allows us, how fast, and what its answer (or none) means for its origin.

Source: RFC 9309, "Robots Exclusion Protocol". Protego matches paths; which group is ours is decided here, because the
RFC compares whole product tokens and Protego takes a part of one.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace
from protego import Protego

from .. import rights
from ..errors import FetchError
from ..types import HostState, Rights, Struct
from . import Reply, response

PARSED = 500 * 1024  # bytes that are read of one; the rest is left (section 2.5)
FETCHED = 5 * 1024 * 1024  # bytes that one may have: a larger one is no answer
REDIRECTS = 5  # section 2.3.1.2
FRESH = timedelta(hours=24)  # section 2.4
RETRY = timedelta(hours=1)  # after it could not be had
PATIENCE = timedelta(days=30)  # of being forbidden because it cannot be had (section 2.3.1.4)
SLOWEST = 60.0  # seconds: a longer Crawl-delay counts as this

_BOMS = re.compile(rb"\A(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)+")
_UNDECODED = re.compile("[\udc80-\udcff]")
_GROUP = re.compile(r"user[ -]?agent\s*[:\s]\s*(.*)", re.IGNORECASE)
_TOKEN = re.compile(r"\*(?!\S)|[a-z_-]+", re.IGNORECASE)
_SIGNAL = re.compile(r"content-signal\s*:\s*(.*)", re.IGNORECASE)
_SITE_WIDE = re.compile(r"(?:site-?maps?|host)\s*[:\s]", re.IGNORECASE)
_RULE = re.compile(r"[\w -]+:|(?:dis|allow|crawl)", re.IGNORECASE)  # with the misspellings that Protego takes
_NEVER = Rights()


class Answer(Struct, frozen=True, kw_only=True):
    """A robots.txt as it was got. text: empty where there is none; None where it cannot be had, for `reason`."""

    text: str | None = None
    reason: str = ""


class Rules:
    """One robots.txt as it speaks to us, parsed once. delay: seconds between two requests, 0 where it says nothing.

    rights: what its Content-Signal lines take away.
    """

    def __init__(self, text: str) -> None:
        lines = ours(text.splitlines())
        signals = [found[1] for line in lines if (found := _SIGNAL.match(line))]
        self.rights: Rights = rights.of_signals(signals, "robots.txt") if signals else _NEVER
        self._rules = Protego.parse("User-agent: *\n" + "\n".join(lines)) if lines else None
        self.delay = min((self._rules.crawl_delay("*") or 0.0) if self._rules else 0.0, SLOWEST)

    def allows(self, url: str) -> bool:
        """True when we may ask `url`, of whose path and query it decides."""
        return self._rules is None or self._rules.can_fetch(url, "*")


def ours(lines: Sequence[str]) -> list[str]:
    """Lines of the groups for our product token, joined; without one those for `*` (section 2.2.1).

    A group starts with one or more user-agent lines; a sitemap line in between ends none, any other rule does.
    """
    groups: dict[str, list[str]] = {}
    named: set[str] = set()  # our name or `*`, where the group that is being read is for them
    heading = False  # the line before was a user-agent line
    for raw in lines:
        line = raw.partition("#")[0].strip()
        if found := _GROUP.match(line):
            named = named if heading else set()
            heading = True
            token = _TOKEN.match(found[1])
            if token and token[0].lower() in (rights.AGENT, "*"):
                named.add(token[0].lower())
                groups.setdefault(token[0].lower(), [])
        elif _RULE.match(line) and not _SITE_WIDE.match(line):
            heading = False
            for name in named:
                groups[name].append(line)
    return groups.get(rights.AGENT, groups.get("*", []))


def decoded(body: bytes) -> str:
    """The text of a robots.txt: no BOM, no NUL, bytes that are not UTF-8 as escapes (section 2.2.2), at most PARSED."""
    text = _BOMS.sub(b"", body[:PARSED]).replace(b"\0", b"").decode("utf-8", "surrogateescape")
    return _UNDECODED.sub(lambda found: f"%{ord(found[0]) - 0xDC00:02X}", text)


def is_fresh(until: datetime | None, now: datetime) -> bool:
    """True until that moment; one further ahead than any that is set here comes from a clock that went wrong."""
    return until is not None and now < until <= now + FRESH


def forbids_all(state: HostState, now: datetime) -> bool:
    """True while robots.txt cannot be had, there is no older copy, and that has not lasted for 30 days."""
    since = state.robots_failing_since
    return since is not None and not state.robots and now - since < PATIENCE


async def fetched(origin: str, ask: Callable[[str], Awaitable[Reply]]) -> Answer:
    """What comes of asking an origin for its robots.txt, five redirects to wherever followed.

    ask: one request without redirects, in its host's turn. Raises FetchError of kind held, and of kind refused where
    the origin itself is an address that we do not ask.
    """
    where, hops = f"{origin}/robots.txt", 0
    try:
        while (reply := await ask(where)).status in response.REDIRECTS:
            if hops == REDIRECTS:
                return Answer(text="")
            hops += 1
            where = response.redirect(where, where, reply.headers.get("location", ""))
    except FetchError as exc:
        if exc.kind == "held" or (exc.kind == "refused" and not hops):
            raise
        # Without Location, or to an address that nobody may ask, it leads nowhere: there is none.
        return Answer(reason=exc.reason) if exc.kind in ("network", "bounds") else Answer(text="")
    if reply.status in (200, 203):
        return Answer(text=decoded(reply.body))
    return Answer(reason=f"HTTP {reply.status}") if reply.status >= 500 else Answer(text="")


def noted(state: HostState, answer: Answer, now: datetime) -> HostState:
    """The state of an origin after its robots.txt was asked for. A copy outlives failures for 30 days."""
    if answer.text is not None:
        return replace(state, robots=answer.text, robots_until=now + FRESH, robots_failing_since=None)
    since = min(state.robots_failing_since or now, now)
    copy = state.robots if now - since < PATIENCE else ""
    return replace(state, robots=copy, robots_until=now + RETRY, robots_failing_since=since)
