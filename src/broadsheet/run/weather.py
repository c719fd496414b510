"""Is it them, or is it us? When nearly everything fails at once, nobody else is to blame."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from .. import urls
from ..errors import FetchError, ParseError

SHARE = 0.8  # of all requests of one phase; when more of them fail, the fault is ours
HOSTS = 5  # that must have been asked, for that to mean anything
PAUSE = timedelta(minutes=15)
_OURS = {407, 511}  # a proxy or a portal between us and the web (RFC 9110, section 15.5.8; RFC 6585, section 6)


def is_ours(asked: Sequence[str], failures: Sequence[FetchError]) -> bool:
    """True when the failures say that our own connection is down. asked: addresses that were asked over the network."""
    down = [error for error in failures if _is_down(error)]
    return len({host_of(url) for url in asked}) >= HOSTS and len(down) > SHARE * len(asked)


def pause(what: str, wanted: Sequence[str], failures: Sequence[FetchError]) -> str:
    """Why to go no further with `what` (a plural), since our own connection is down; empty when it is not."""
    spared = {error.url for error in failures if not was_asked(error)}
    if not is_ours([url for url in wanted if url not in spared], failures):
        return ""
    return f"{len(failures)} of {len(wanted)} {what} failed at once: is the network down?"


def was_asked(error: FetchError) -> bool:
    """False for a request that we did not make, which says nothing about the weather."""
    return error.kind not in ("refused", "held") and not (error.kind == "robots" and error.permanent)


def _is_down(error: FetchError) -> bool:
    """No answer, for the page or for the robots.txt before it, or one that a server or a proxy gives in distress."""
    return (
        error.kind == "network"
        or (error.kind == "robots" and not error.permanent)
        or error.status >= 500
        or error.status in _OURS
    )


def host_of(url: str) -> str:
    """The host that an address names; of what is no address the whole, as the fetcher says what is wrong with it."""
    try:
        return urls.host(url)
    except ParseError:
        return url
