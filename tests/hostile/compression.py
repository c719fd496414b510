"""Bodies that unpack to gigabytes, in encodings that nobody asked for, or that do not unpack at all."""

from __future__ import annotations

import gzip
import zlib
from functools import cache, partial

from .behaviour import SHORT, wire
from .expected import Failed, Listed, Unread
from .server import Ask
from .writing import GOOD, feed

FEED = feed().encode()
READ = Listed(titles=GOOD)
TOO_BIG = Failed("bounds", "body over", permanent=True)
NOT_ASKED = Failed("bounds", "encoding", permanent=True)
UNPACKS_NOT = Failed("bounds network", "gzip|broken off", permanent=False)
MIB = 1_048_576

compression = partial(wire, "compression")


async def _packed(ask: Ask, body: bytes, encoding: str = "gzip") -> None:
    await ask.reply(body, "application/rss+xml", f"Content-Encoding: {encoding}")


@cache
def gzip_zeros(mebibytes: int) -> bytes:
    """So many MiB of zeros as gzip (RFC 1952): one flushed block of a MiB, again and again; 1 GiB is about 1 MiB."""
    packer = zlib.compressobj(9, wbits=-15)
    block = packer.compress(bytes(MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    check = 0
    for _ in range(mebibytes):
        check = zlib.crc32(bytes(MIB), check)
    end = check.to_bytes(4, "little") + (mebibytes * MIB % 2**32).to_bytes(4, "little")
    return b"\x1f\x8b\x08\0\0\0\0\0\0\x03" + block * mebibytes + b"\x03\x00" + end


def zstd_zeros(blocks: int) -> bytes:
    """So many blocks of 128 KiB of zeros as Zstandard (RFC 8878): each a run of one byte."""
    sizes = [(131_072 << 3 | 1 << 1 | (n == blocks - 1)).to_bytes(3, "little") for n in range(blocks)]
    return b"\x28\xb5\x2f\xfd\x00\x58" + b"".join(size + b"\0" for size in sizes)


def brotli_zeros(blocks: int) -> bytes:
    """So many blocks of 16 MiB of zeros as Brotli (RFC 7932): four zeros, then a copy of them that fills the block."""
    size = 1 << 24
    block = [
        (0, 1), (2, 2), (size - 1, 24), (0, 1),  # not the last; length in six nibbles; compressed
        (0, 3), (0, 2), (0, 4), (0, 2), (0, 1), (0, 1),  # one type of block each, no postfix, one tree each
        (1, 2), (0, 2), (0, 8),  # one literal: zero
        (1, 2), (0, 2), (423, 10),  # one command: insert 4, copy 2,118 and more
        (1, 2), (0, 2), (0, 6),  # one distance: the last one, which is 4
        (size - 4 - 2_118, 24),  # how much more
    ]  # fmt: skip
    bits = at = 0
    for value, width in [(0, 1), *(block * blocks), (3, 2)]:  # window of 64 KiB; blocks; the empty last one
        bits |= value << at
        at += width
    return bits.to_bytes((at + 7) // 8, "little")


@compression(READ)
async def gzip_honest(ask: Ask) -> None:
    """A feed in gzip, as asked: the control."""
    await _packed(ask, gzip.compress(FEED))


@compression(READ)
async def gzip_by_its_old_name(ask: Ask) -> None:
    """`x-gzip`, which is gzip (RFC 9110, section 8.4.1.3)."""
    await _packed(ask, gzip.compress(FEED), "x-gzip")


@compression(READ)
async def identity_claimed(ask: Ask) -> None:
    """`identity`, which does nothing."""
    await _packed(ask, FEED, "identity")


@compression(TOO_BIG)
async def gzip_bomb(ask: Ask) -> None:
    """1 GiB of zeros in 1 MiB of gzip."""
    await _packed(ask, gzip_zeros(1_024))


@compression(TOO_BIG)
async def gzip_bomb_in_chunks(ask: Ask) -> None:
    """The same without a length."""
    await ask.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n")
    await ask.send(b"%x\r\n" % len(gzip_zeros(1_024)), gzip_zeros(1_024), "\r\n0\r\n\r\n")


@compression(TOO_BIG)
async def gzip_just_too_big(ask: Ask) -> None:
    """16 MiB of zeros: one more than a source may have."""
    await _packed(ask, gzip_zeros(16))


@compression(TOO_BIG)
async def gzip_bomb_of_members(ask: Ask) -> None:
    """2,000 members of gzip, 32 MiB together."""
    await _packed(ask, gzip.compress(bytes(16_384)) * 2_000)


@compression(NOT_ASKED)
async def gzip_in_gzip(ask: Ask) -> None:
    """512 MiB of zeros in `gzip, gzip`, a few kilobytes."""
    await _packed(ask, gzip.compress(gzip_zeros(512)), "gzip, gzip")


@compression(Unread("gzip"), mebibytes=96)
async def gzip_in_gzip_unsaid(ask: Ask) -> None:
    """A sitemap.xml.gz, in gzip, that unpacks to 512 MiB."""
    await _packed(ask, gzip.compress(gzip_zeros(512)))


@compression(NOT_ASKED)
async def brotli_bomb(ask: Ask) -> None:
    """1 GiB of zeros in 809 bytes of Brotli, which nobody asked for."""
    await _packed(ask, brotli_zeros(64), "br")


@compression(NOT_ASKED)
async def zstd_bomb(ask: Ask) -> None:
    """1 GiB of zeros in 32 KiB of Zstandard, which nobody asked for."""
    await _packed(ask, zstd_zeros(8_192), "zstd")


@compression(NOT_ASKED)
async def deflate(ask: Ask) -> None:
    """A feed in deflate, which nobody asked for."""
    await _packed(ask, zlib.compress(FEED), "deflate")


@compression(NOT_ASKED)
async def encoding_unknown(ask: Ask) -> None:
    """An encoding that nobody knows."""
    await _packed(ask, FEED, "x-tide")


@compression(NOT_ASKED)
async def encodings_in_a_flood(ask: Ask) -> None:
    """1,000 encodings in one field."""
    await _packed(ask, FEED, ", ".join(["gzip"] * 1_000))


@compression(UNPACKS_NOT)
async def gzip_broken_off(ask: Ask) -> None:
    """Half of a gzip stream with its proper length."""
    packed = gzip.compress(FEED)
    await _packed(ask, packed[: len(packed) // 2])


@compression(UNPACKS_NOT)
async def gzip_without_end(ask: Ask) -> None:
    """A gzip stream without the checksum at its end."""
    await _packed(ask, gzip.compress(FEED)[:-8])


@compression(UNPACKS_NOT)
async def gzip_checksum_wrong(ask: Ask) -> None:
    """A gzip stream with the checksum of something else."""
    await _packed(ask, gzip.compress(FEED)[:-8] + bytes(8))


@compression(UNPACKS_NOT)
async def gzip_claimed(ask: Ask) -> None:
    """A plain feed that is called gzip."""
    await _packed(ask, FEED)


@compression(READ)
async def gzip_unsaid(ask: Ask) -> None:
    """A feed in gzip that is called nothing, as `feed.xml.gz` is served."""
    await ask.reply(gzip.compress(FEED), "application/gzip")


@compression(READ)
async def gzip_members(ask: Ask) -> None:
    """A feed in three members of gzip (RFC 1952, section 2.2)."""
    await _packed(ask, b"".join(gzip.compress(part) for part in (FEED[:50], FEED[50:90], FEED[90:])))


@compression(READ)
async def gzip_and_garbage(ask: Ask) -> None:
    """Bytes of no meaning behind a gzip stream."""
    await _packed(ask, gzip.compress(FEED) + b"garbage" * 100)


@compression(Failed("bounds network", "over|deadline"), limits=SHORT)
async def gzip_of_nothing(ask: Ask) -> None:
    """A gzip stream of empty blocks, without end, that unpacks to nothing."""
    await ask.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", b"\x1f\x8b\x08\0\0\0\0\0\0\x03")
    await ask.for_ever(b"\x00\x00\x00\xff\xff" * 10_000)
