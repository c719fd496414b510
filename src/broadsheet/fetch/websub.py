"""What a WebSub subscriber says to a hub and makes of what it hears: forms, signatures and intents, no I/O.

Source: WebSub, W3C Recommendation of 23 January 2018; section numbers below are its own.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping

from ..errors import ParseError
from ..types import Struct

CHALLENGE = 1_024  # characters of a challenge that we give back: hubs send some thirty
_METHODS = ("sha256", "sha384", "sha512")  # section 7.1 has sha1 too, which is too weak
_SIGNATURE = re.compile(r"(sha\d+)=([0-9a-fA-F]{64,128})")
_SECONDS = re.compile(r"\d{1,9}", re.ASCII)


class Intent(Struct, frozen=True, kw_only=True):
    """What a hub asks to have confirmed, or tells: that it will not serve us (sections 5.2 and 5.3)."""

    mode: str  # subscribe, unsubscribe or denied
    topic: str
    challenge: str = ""
    lease: int = 0  # seconds
    reason: str = ""


def subscription_request(topic: str, callback: str, secret: str, lease: int) -> dict[str, str]:
    """The form that asks a hub to tell `callback` of `topic` for `lease` seconds (section 5.1).

    secret: what it shall sign with, at most 199 bytes. Raises ValueError beyond.
    """
    if len(secret.encode()) >= 200:
        raise ValueError("a secret has less than 200 bytes")
    return {
        "hub.mode": "subscribe",
        "hub.topic": topic,
        "hub.callback": callback,
        "hub.secret": secret,
        "hub.lease_seconds": str(lease),
    }


def intent(query: Mapping[str, str]) -> Intent:
    """What stands in the query of a hub's GET. Raises ParseError when it is no intent, or not a whole one."""
    mode, topic = query.get("hub.mode", ""), query.get("hub.topic", "")
    if mode not in ("subscribe", "unsubscribe", "denied") or not topic:
        raise ParseError("not a hub's verification")
    if mode == "denied":
        return Intent(mode=mode, topic=topic, reason=query.get("hub.reason", ""))
    challenge, lease = query.get("hub.challenge", ""), query.get("hub.lease_seconds", "")
    if not 0 < len(challenge) <= CHALLENGE:
        raise ParseError("no challenge, or one that is too long")
    if mode == "subscribe" and not _SECONDS.fullmatch(lease):
        raise ParseError("no lease, or none in seconds")
    return Intent(mode=mode, topic=topic, challenge=challenge, lease=int(lease) if mode == "subscribe" else 0)


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """True when X-Hub-Signature is that of `body` with `secret`, by SHA-256 or better; in constant time (section 7.1).

    >>> is_signed(b"news", "sha1=" + "0" * 40, "secret")
    False
    """
    found = _SIGNATURE.fullmatch(signature.strip())
    if found is None or found[1] not in _METHODS:
        return False
    return hmac.compare_digest(hmac.new(secret.encode(), body, found[1]).hexdigest(), found[2].lower())


def derived(key: bytes, purpose: str, *about: str) -> str:
    """64 hexadecimal digits that follow from the publication's key: a secret or token that nobody else can tell.

    HMAC-SHA256 over purpose and `about`, parted by line feeds, which no URL has.
    """
    return hmac.new(key, "\n".join((purpose, *about)).encode(), hashlib.sha256).hexdigest()
