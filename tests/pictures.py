"""Pictures for tests, drawn when they are asked for, and files that only claim to be one."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pytest

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="900" height="600"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><html><head><title>Are you human?</title></head><body>Please wait</body></html>"


def pillow() -> Any:
    """Pillow's Image module; the test is skipped, and says so, where Pillow is not there."""
    return pytest.importorskip("PIL.Image", reason="Pillow is not there: pictures are not tested")


def drawn(width: int = 900, height: int = 600, mode: str = "RGB") -> Any:
    """A picture with a red, a green, a blue and a white corner, each a quarter of it."""
    image = pillow().new("RGB", (width, height), "white")
    for place, colour in (((0, 0), "red"), ((width // 2, 0), "lime"), ((0, height // 2), "blue")):
        image.paste(colour, (*place, place[0] + width // 2, place[1] + height // 2))
    return image.convert(mode)


def picture(kind: str = "JPEG", width: int = 900, height: int = 600, mode: str = "RGB", **options: Any) -> bytes:
    """The bytes of such a picture. kind: as Pillow calls it."""
    out = io.BytesIO()
    drawn(width, height, mode).save(out, kind, **options)
    return out.getvalue()


def exif(orientation: int = 1, note: int = 0) -> Any:
    """EXIF data with an orientation and `note` bytes of a maker's note."""
    data = pillow().Exif()
    data[0x0112] = orientation
    if note:
        data[0x9286] = b"n" * note
    return data


def png(width: int, height: int, colour: int = 2, lines: bytes = b"") -> bytes:
    """A PNG written by hand, so that it may claim any size. lines: its uncompressed data; zeros where there are none."""
    data = zlib.compress(lines, 9) if lines else _zeros((width * (3 if colour == 2 else 1) + 1) * height)
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)),
        (b"IDAT", data),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in parts
    )


def _zeros(count: int) -> bytes:
    """`count` zeros, compressed without ever being in memory together."""
    packer, block = zlib.compressobj(9), bytes(1 << 20)
    out = [packer.compress(block) for _ in range(count >> 20)]
    return b"".join([*out, packer.compress(bytes(count & ((1 << 20) - 1))), packer.flush()])


def corners(data: bytes) -> tuple[str, str, str, str]:
    """What stands in the four corners, line by line: r, g, b, w or ?."""
    with pillow().open(io.BytesIO(data)) as image:
        rgb = image.convert("RGB")
        width, height = rgb.size
        places = [
            (width // 5, height // 5),
            (4 * width // 5, height // 5),
            (width // 5, 4 * height // 5),
            (4 * width // 5, 4 * height // 5),
        ]
        found = [_named(rgb.getpixel(place)) for place in places]
    return found[0], found[1], found[2], found[3]


def _named(pixel: tuple[int, int, int]) -> str:
    bright = tuple(value > 160 for value in pixel)
    return {
        (True, False, False): "r",
        (False, True, False): "g",
        (False, False, True): "b",
        (True, True, True): "w",
    }.get(bright, "?")
