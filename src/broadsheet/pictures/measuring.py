"""Kind and size of a picture, from the first bytes of its file."""

from __future__ import annotations

import io

import imagesize

from ..types import Struct

BEGINNING = 65_536  # bytes that are enough: a JPEG may have its size behind 64 KiB of metadata, but seldom has
SMALLEST = 100  # pixels: a side below makes it an icon, a line or a tracker, and no picture of an article
LARGEST = 20_000  # pixels: a side above is not believed
TAKEN = "JPEG, PNG, WebP, GIF or AVIF"


class Measured(Struct, frozen=True, kw_only=True):
    """What the first bytes say. kind: as of Picture, empty for what is none. reason: why there is no size to use."""

    kind: str = ""
    width: int = 0
    height: int = 0
    reason: str = ""

    @property
    def is_fit(self) -> bool:
        """A picture that may be the lead of an article, as far as its first bytes tell."""
        return bool(self.kind) and (not self.width or min(self.width, self.height) >= SMALLEST)


def kind_of(data: bytes) -> str:
    """jpeg, png, gif, webp or avif by the bytes that such a file begins with; empty for everything else."""
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp":
        box = data[: min(int.from_bytes(data[:4], "big"), 256)]
        brands = {box[8:12], *(box[at : at + 4] for at in range(16, len(box), 4))}
        return "avif" if brands & {b"avif", b"avis"} else ""
    return ""


def measure(data: bytes) -> Measured:
    """Kind and size that the first bytes of a file give. Never raises; takes time linear in `data`."""
    kind = kind_of(data)
    if not kind:
        return Measured(reason=f"no picture: {_instead(data)}")
    try:
        width, height = imagesize.get(io.BytesIO(data))
    except Exception as exc:  # noqa: BLE001  whatever hostile bytes provoke in a library, they have no size then
        return Measured(kind=kind, reason=f"its header cannot be read ({type(exc).__name__})")
    if width < 0 or height < 0:
        return Measured(kind=kind, reason=f"no size in its first {len(data)} bytes")
    if max(width, height) > LARGEST:
        return Measured(kind=kind, reason=f"a size of {width}x{height} is not believed")
    if min(width, height) < SMALLEST:
        reason = f"only {width}x{height} pixels: an icon or a tracker"
        return Measured(kind=kind, width=max(width, 1), height=max(height, 1), reason=reason)
    return Measured(kind=kind, width=width, height=height)


def _instead(data: bytes) -> str:
    """What stands in the place of a picture, in words."""
    begins = data[:1024].lower()
    if not data:
        return "nothing at all"
    if b"<svg" in begins:
        return "an SVG drawing, which is a program"
    if b"<html" in begins or b"<!doctype html" in begins:
        return "a web page"
    return f"not {TAKEN}"
