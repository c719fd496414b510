"""Sealed text: what only the keeper of a key can read of a record that everybody may copy. Keys and nonces come in.

A sealed value is `bs1.<key id>.<nonce>.<ciphertext and tag>`, each part base64url without padding. The cipher is
AES-256-GCM (NIST SP 800-38D) under a key of the one article, which HKDF-SHA256 (RFC 5869) makes of the publication's
key and a random value that the store keeps: without that value nothing opens it, so that what was published in copies
that nobody can call back can still be erased. Publication, record and field are bound to it as associated data.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import zlib
from collections.abc import Mapping

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .errors import SealError
from .types import Article, Struct

VERSION = "bs1"
NONCE = 12  # bytes
KEY = 32  # bytes, of a publication's key and of an article's
FIELD = "secured"
BUCKET = 256  # bytes: how long a text is shows no closer than this
MOST = 16 * 1024 * 1024  # bytes that an opened value may unpack to

_RAW, _ZLIB = b"\x00", b"\x01"
_SEALED = re.compile(r"bs1\.([0-9a-f]{8})\.([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{300,})")


class Content(Struct, frozen=True, kw_only=True):
    """What is sealed of an article. hash: SHA-256 of the text, in hexadecimal."""

    text: str
    authors: tuple[str, ...] = ()
    hash: str


class Place(Struct, frozen=True, kw_only=True):
    """Where a sealed value stands: in another place it does not open."""

    publication: str  # its address
    record: str  # name of the file
    field: str = FIELD


def content(article: Article) -> Content:
    return Content(
        text=article.text, authors=article.authors, hash=hashlib.sha256(article.text.encode("utf-8")).hexdigest()
    )


def key_id(secret: bytes) -> str:
    """Eight hexadecimal digits that name a key and tell nothing of it."""
    return hashlib.sha256(b"broadsheet key id\0" + secret).hexdigest()[:8]


def seal(what: Content, place: Place, secret: bytes, own: bytes, nonce: bytes) -> str:
    """The sealed value. secret: the publication's key; own: the article's; 32 bytes each. nonce: 12 bytes that were
    never used with these two before."""
    packed = msgspec.json.encode(what)
    smaller = zlib.compress(packed, 9)
    plain = _padded(_ZLIB + smaller if len(smaller) < len(packed) else _RAW + packed)
    closed = AESGCM(_key(secret, own, place)).encrypt(nonce, plain, _about(place))
    return ".".join((VERSION, key_id(secret), _base64(nonce), _base64(closed)))


def is_sealed(value: str) -> bool:
    """True for a value of this form; False for the predecessor's, of which we have no key."""
    return _SEALED.fullmatch(value) is not None


def sealed_with(value: str) -> str:
    """Id of the key that a value was sealed with; empty for one that is not of this form."""
    found = _SEALED.fullmatch(value)
    return found[1] if found else ""


def unseal(value: str, place: Place, keys: Mapping[str, bytes], own: bytes) -> Content:
    """What was sealed. keys: id -> the publication's keys. Raises SealError where it is not of this form, no key is
    there, or it is not what was sealed for this place."""
    found = _SEALED.fullmatch(value)
    if found is None:
        raise SealError("not sealed by Broadsheet", place.record, "only its own sealed text can be opened")
    secret = keys.get(found[1])
    if secret is None:
        raise SealError(f"no key {found[1]}", place.record, "put it back into the key ring")
    try:
        nonce, closed = _bytes(found[2]), _bytes(found[3])
        plain = AESGCM(_key(secret, own, place)).decrypt(nonce, closed, _about(place))
    except (InvalidTag, ValueError) as exc:
        raise SealError(
            "does not open", place.record, "it was changed, erased, or sealed for another record or publication"
        ) from exc
    return _unpacked(_stripped(plain), place)


def _unpacked(plain: bytes, place: Place) -> Content:
    kind, packed = plain[:1], plain[1:]
    try:
        if kind == _ZLIB:
            opener = zlib.decompressobj()
            packed = opener.decompress(packed, MOST)
            if not opener.eof:
                raise SealError(f"more than {MOST // 1_048_576} MiB", place.record)
        elif kind != _RAW:
            raise SealError(f"unknown kind {kind.hex()}", place.record, "a later version may have sealed it")
        return msgspec.json.decode(packed, type=Content)
    except (zlib.error, msgspec.MsgspecError) as exc:
        raise SealError(f"cannot be read ({exc})", place.record) from exc


def _key(secret: bytes, own: bytes, place: Place) -> bytes:
    """Key of one article. An empty `own`, of one that was erased, makes none. Raises ValueError."""
    if len(secret) != KEY or len(own) != KEY:
        raise ValueError(f"a key has {KEY} bytes")
    return HKDF(algorithm=SHA256(), length=KEY, salt=own, info=b"broadsheet bs1\0" + _about(place)).derive(secret)


def _about(place: Place) -> bytes:
    """Associated data: each part with its length, so that no two places give the same."""
    return msgspec.msgpack.encode((VERSION, place.publication, place.record, place.field))


def _padded(plain: bytes) -> bytes:
    """Filled up to whole buckets with one byte 0x80 and zeros (ISO/IEC 7816-4), which is always there."""
    return plain + b"\x80" + b"\0" * (-(len(plain) + 1) % BUCKET)


def _stripped(padded: bytes) -> bytes:
    return padded.rstrip(b"\0")[:-1]


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    """The bytes of what `_base64` gives. Raises ValueError, also for another spelling of the same bytes."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as exc:
        raise ValueError(str(exc)) from exc
    if _base64(data) != text:
        raise ValueError("its last character has bits that mean nothing")
    return data
