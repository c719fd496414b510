"""What the links of a letter carry: whom they are about, and proof that we wrote them; nothing is looked up for it.

A token is base64url of a digest (9 bytes), for some purposes a moment (4 bytes), and a signature (9 bytes): short, so
that the header with it stays one line. 72 bits cannot be guessed through a web server.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import UTC, datetime

LEAVE, JOIN = "leave", "join"
_DIGEST, _MOMENT, _PROOF = 9, 4, 9  # bytes


def digest(address: str) -> str:
    """18 hexadecimal digits that stand for a normalised address, in tokens and where it must not be kept itself.

    Without a key, on purpose: who left must not be written to again because a key was lost.
    """
    return hashlib.sha256(f"broadsheet subscriber {address}".encode()).digest()[:_DIGEST].hex()


def leaving(key: bytes, address: str) -> str:
    """The token with which this subscriber leaves, always the same: old letters keep working."""
    about = bytes.fromhex(digest(address))
    return _spelled(about + _proof(key, LEAVE, about))


def joining(key: bytes, address: str, asked: datetime) -> str:
    """The token that confirms a wish of this moment (whole seconds) to get letters."""
    about = bytes.fromhex(digest(address)) + int(asked.timestamp()).to_bytes(_MOMENT, "big")
    return _spelled(about + _proof(key, JOIN, about))


def who_leaves(key: bytes, token: str) -> str | None:
    """The digest that a token of leaving is about; None for one that we did not write."""
    about = _read(key, LEAVE, token, _DIGEST)
    return about.hex() if about is not None else None


def who_joins(key: bytes, token: str) -> tuple[str, datetime] | None:
    """Digest and moment of a token of joining; None for one that we did not write."""
    about = _read(key, JOIN, token, _DIGEST + _MOMENT)
    if about is None:
        return None
    return about[:_DIGEST].hex(), datetime.fromtimestamp(int.from_bytes(about[_DIGEST:], "big"), UTC)


def _proof(key: bytes, purpose: str, about: bytes) -> bytes:
    return hmac.new(key, purpose.encode() + b"\0" + about, hashlib.sha256).digest()[:_PROOF]


def _spelled(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _read(key: bytes, purpose: str, token: str, length: int) -> bytes | None:
    if len(token) > 64 or not token.isascii():
        return None
    try:
        data = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    about, proof = data[:length], data[length:]
    if len(about) < length or _spelled(data) != token:  # one spelling of each
        return None
    return about if hmac.compare_digest(proof, _proof(key, purpose, about)) else None
