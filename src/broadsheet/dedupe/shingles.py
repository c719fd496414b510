"""The words and pairs of words of an article as small numbers, which are compared instead of its text.

A text of up to KEPT words and pairs is kept whole. Of a longer one the hashes below a limit are kept, which is halved
until KEPT of them or fewer are left: a sample that shares with another text's what the two texts share. Source: Broder,
"On the resemblance and containment of documents", SEQUENCES 1997 (the sketch modulo m).
"""

from __future__ import annotations

import html
import re
import sys
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zlib import crc32

import msgspec

from .. import agencies, providers
from ..text import fold, plain, tokens
from ..types import Article, Sketch

KEPT = 1024  # hashes at most, which are 4 KiB
READ = 100_000  # characters of a text that are compared

# Vowel signs and the stretching stroke, which one publisher of Arabic or Hebrew writes and another leaves out.
_UNWRITTEN = re.compile("[\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]")
_APOSTROPHES = str.maketrans("‘’ʼ`", "''''")
_DAY = timedelta(days=1)


def sketch(article: Article) -> Sketch:
    """Of the words and pairs in its title and in its text (the excerpt where there is no text)."""
    body = plain(article.text[:READ]) or article.excerpt
    found = array("I", sorted({*_hashes(article.title), *_hashes(body)}))
    size, halvings = len(found), 0
    while len(found) > KEPT:
        halvings += 1
        del found[bisect_left(found, 2 ** (32 - halvings)) :]
    return Sketch(
        url=article.url,
        provider=article.provider.domain,
        published=article.published,
        out_at=_out_at(article),
        standing=_standing(article),
        copy_of=article.syndicated_from,
        title=crc32(fold(article.title).encode()),
        hashes=_little_endian(found).tobytes(),
        size=size,
        halvings=halvings,
    )


def pack(one: Sketch) -> bytes:
    """A sketch as a store keeps it: MessagePack, the hashes and some 150 bytes."""
    return msgspec.msgpack.encode(one)


def unpack(packed: bytes) -> Sketch:
    """What `pack` made of it. Raises msgspec.DecodeError for anything else."""
    return msgspec.msgpack.decode(packed, type=Sketch)


def hashes(one: Sketch, halvings: int) -> memoryview[int]:
    """Its hashes below 2 ** (32 - halvings), ascending; `halvings` is its own or more."""
    found: memoryview[int]
    if sys.byteorder == "little":
        found = memoryview(one.hashes).cast("I")
    else:
        found = memoryview(_little_endian(array("I", one.hashes)))
    return found if halvings == one.halvings else found[: bisect_left(found, 2 ** (32 - halvings))]


def resemblance(one: Sketch, other: Sketch) -> float:
    """Jaccard coefficient of the words and pairs of two articles, 0 to 1; exact where both are kept whole."""
    halvings = max(one.halvings, other.halvings)
    ours, theirs = set(hashes(one, halvings)), hashes(other, halvings)
    shared = len(ours.intersection(theirs))
    return shared / ((len(ours) + len(theirs) - shared) or 1)


def is_number(value: int) -> bool:
    """Whether the hash is that of a word with a digit in it."""
    return value & 1 == 1


def _hashes(part: str) -> Iterator[int]:
    """32-bit hashes of each word and of each pair of neighbours; the lowest bit says that a word has a digit.

    CRC-32 is enough: nobody gains by making two words collide who could as well copy them.
    """
    before: int | None = None
    for word in tokens(_evened(part)):
        value = crc32(word.encode())
        yield value & ~1 | any(map(str.isdigit, word))
        if before is not None:
            yield crc32(b" " + word.encode(), before) & ~1
        before = value


def _evened(part: str) -> str:
    """The part without what differs between printings of one text: entities, forms of characters, vowel signs."""
    if "&" in part:
        part = html.unescape(part)
    if part.isascii() and "`" not in part:
        return part
    return _UNWRITTEN.sub("", unicodedata.normalize("NFKC", part)).translate(_APOSTROPHES)


def _little_endian(values: array[int]) -> array[int]:
    if sys.byteorder == "big":
        values.byteswap()
    return values


def _standing(article: Article) -> int:
    own = agencies.of_domain(article.provider.domain)
    if article.agency and article.agency not in (own, article.provider.domain):
        return 2
    if article.syndicated_from and providers.domain(article.syndicated_from) != article.provider.domain:
        return 2
    return 0 if own else 1


def _out_at(article: Article) -> datetime:
    """When it was out, as far as that is known: who names a day alone names its end, and not before we saw it."""
    if article.published.timetz().replace(tzinfo=None) == time() and article.first_seen > article.published:
        return min(article.published + _DAY, article.first_seen)
    return article.known_at
