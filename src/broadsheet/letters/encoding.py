"""How text travels in a message: quoted-printable or base64, whichever is shorter; headers folded and ASCII."""

from __future__ import annotations

import base64
import binascii
from email.header import Header
from typing import NamedTuple

from .. import text

LINE = 76  # characters of an encoded line, RFC 2045 and 2047
LONGEST = 78  # characters of a line, RFC 5322, section 2.1.1
_LONG_WORD = 60  # characters without a space that a header is better encoded than left on one long line


class Encoded(NamedTuple):
    """A body as it travels. body: ASCII, lines end in CRLF, the last one too."""

    way: str  # quoted-printable or base64
    body: bytes


def encoded(part: str) -> Encoded:
    """A text as the body of a MIME part; the shorter way wins: base64 for scripts that take three bytes a letter."""
    data = part.encode("utf-8", "replace")
    printable = binascii.b2a_qp(data.replace(b"\r\n", b"\n"), istext=True)
    printable = printable.replace(b"\r\n", b"\n").rstrip(b"\n").replace(b"\n", b"\r\n") + b"\r\n"
    plain = base64.b64encode(data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    packed = b"".join(plain[at : at + LINE] + b"\r\n" for at in range(0, len(plain), LINE))
    return Encoded("base64", packed) if len(packed) < len(printable) else Encoded("quoted-printable", printable)


def unstructured(name: str, value: str) -> bytes:
    """A header of free text, such as Subject, in as many lines as it takes. No value can begin another header."""
    value = text.clean(value)
    simple = value.isascii() and max(map(len, value.split()), default=0) <= _LONG_WORD and "=?" not in value
    header = Header(value, "us-ascii" if simple else "utf-8", maxlinelen=LINE, header_name=name)
    folded = header.encode(linesep="\r\n")
    return f"{name}: {folded}\r\n".encode("ascii")


def structured(name: str, *pieces: str) -> bytes:
    """A header whose pieces, ASCII and each without line ends, may stand on lines of their own."""
    folded = f"{name}:"
    column = len(folded)
    for piece in pieces:
        if "\r" in piece or "\n" in piece:
            raise ValueError(f"line end in {name}")
        fresh = column + 1 + len(piece) > LONGEST
        folded += f"\r\n {piece}" if fresh else f" {piece}"
        column = len(piece) + 1 + (0 if fresh else column)
    return f"{folded}\r\n".encode("ascii")


def phrase(words: str) -> list[str]:
    """A name in front of an address, as pieces of a structured header: a quoted string, or encoded words."""
    words = text.excerpt(words, 80)
    if not words:
        return []
    if words.isascii() and "=?" not in words:
        escaped = words.replace("\\", "\\\\").replace('"', '\\"')
        return [f'"{escaped}"']
    return Header(words, "utf-8", maxlinelen=LINE - 1).encode(linesep="\n").split()
