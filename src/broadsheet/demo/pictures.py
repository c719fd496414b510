"""Pictures for the demo's web: a sea under a sky, drawn as indexed PNG from a scene, a size and a seed."""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache
from math import pi, sin, sqrt

_Colour = tuple[int, int, int]
# Sky from top to horizon, sun or moon, sea from horizon to foreground.
_SCENES: dict[str, tuple[_Colour, _Colour, _Colour, _Colour, _Colour]] = {
    "dawn": ((58, 68, 120), (250, 176, 128), (255, 240, 200), (196, 130, 128), (24, 44, 78)),
    "noon": ((70, 146, 206), (206, 232, 242), (255, 252, 236), (96, 170, 190), (10, 70, 110)),
    "storm": ((46, 54, 66), (142, 152, 158), (176, 184, 186), (104, 120, 124), (24, 38, 46)),
    "night": ((8, 12, 34), (40, 56, 96), (236, 238, 222), (34, 52, 88), (4, 8, 24)),
    "deep": ((22, 118, 138), (8, 66, 98), (150, 226, 220), (8, 66, 98), (2, 16, 40)),
}
_SKY, _SEA = 24, 9  # bands of each


@lru_cache(maxsize=8)
def png(scene: str, width: int, height: int, seed: int) -> bytes:
    """A PNG of width x height pixels; the same bytes for the same arguments. Raises KeyError for an unknown scene."""
    top, horizon, disc, near, deep = _SCENES[scene]
    palette = [*_blend(top, horizon, _SKY), disc, *_blend(near, deep, _SEA)]
    rows = _rows(width, height, seed)
    lines = b"".join(b"\0" + rows[y::height] for y in range(height))  # columns became rows; filter 0 before each
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = [
        (b"IHDR", header),
        (b"PLTE", b"".join(map(bytes, palette))),
        (b"IDAT", zlib.compress(lines, 6)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _rows(width: int, height: int, seed: int) -> bytes:
    """Palette indexes, column after column: bands of sky, the disc in front of them, crests of sea in front of that."""
    line = height * (45 + seed % 16) // 100  # horizon
    radius = height * (6 + seed // 16 % 6) / 100
    centre_x, centre_y = width * (20 + seed // 96 % 60) / 100, line * (50 + seed // 7 % 40) / 100
    sky = bytes(y * _SKY // line for y in range(line))
    columns = []
    for x in range(width):
        column = sky
        if abs(x - centre_x) < radius:
            half = sqrt(radius**2 - (x - centre_x) ** 2)
            first, last = max(0, int(centre_y - half)), min(line, int(centre_y + half))
            column = sky[:first] + bytes([_SKY]) * (last - first) + sky[last:]
        edges = [line]
        for band in range(1, _SEA):
            base = line + (height - line) * (band / _SEA) ** 1.6
            swell = (height / 260) * band * sin(2 * pi * (x / width * (9 - band / 1.6) + (seed * (band + 3) % 97) / 97))
            edges.append(min(height, max(edges[-1], int(base + swell))))
        edges.append(height)
        sea = b"".join(bytes([_SKY + 1 + i]) * (edges[i + 1] - edges[i]) for i in range(_SEA))
        columns.append(column + sea)
    return b"".join(columns)


def _blend(start: _Colour, end: _Colour, steps: int) -> list[_Colour]:
    mixed = [[a + (b - a) * i // (steps - 1) for a, b in zip(start, end, strict=True)] for i in range(steps)]
    return [(r, g, b) for r, g, b in mixed]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
