"""Certificates that prove nothing, and TLS where there is none."""

from __future__ import annotations

from functools import partial

from .behaviour import SHORT, wire
from .expected import Failed, Listed
from .network import FEED
from .server import Ask
from .writing import GOOD

REFUSED = Failed("network", "^TLS:", permanent=False)
tls = partial(wire, "tls", scheme="https")


@tls(Listed(titles=GOOD), listener="good")
async def certificate_good(ask: Ask) -> None:
    """A certificate of an authority that is trusted: the control."""
    await ask.reply(FEED)


def _certificate(name: str, does: str) -> None:
    async def play(ask: Ask) -> None:
        await ask.reply(FEED)

    tls(REFUSED, listener=name, name=f"certificate-{name}", does=does)(play)


_certificate("expired", "A certificate that ended yesterday")
_certificate("early", "A certificate that begins tomorrow")
_certificate("elsewhere", "A certificate of another host")
_certificate("self-signed", "A certificate that is its own authority")
_certificate("unknown", "A certificate of an authority that nobody knows")


@tls(REFUSED)
async def tls_on_a_plain_port(ask: Ask) -> None:
    """A port that answers the TLS handshake with a plain 400."""


@wire("tls", Failed("network", "closed|not HTTP|broken off|reset", permanent=False), listener="good")
async def plain_on_a_tls_port(ask: Ask) -> None:
    """A port that speaks TLS only and is asked in plain HTTP."""


@tls(Failed("network", "deadline|no connection|TLS", permanent=False), listener="silent", limits=SHORT)
async def handshake_without_end(ask: Ask) -> None:
    """A port that never answers the TLS handshake."""
