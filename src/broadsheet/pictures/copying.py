"""Small copies of a picture, made anew from its pixels: nothing of its file comes along. Needs Pillow.

Pure and picklable, for worker processes: decoders are large, and their input is hostile.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from ..errors import ParseError, UsageError
from ..types import LOGOS, WIDTHS, Struct
from .measuring import SMALLEST, TAKEN, kind_of

if TYPE_CHECKING:
    from PIL.Image import Image

PIXELS = 50_000_000  # of a picture whose decoder can leave most of them out: JPEG in one scan
HELD_PIXELS = 16_000_000  # of one whose decoder holds them all, at up to 9 bytes each: other JPEG, PNG, GIF
COSTLY_PIXELS = 10_000_000  # of WebP and AVIF, whose decoders hold them several times, at up to 17 bytes each
LONGEST = 5  # times that one side of a lead picture may be longer than the other: beyond, it is a banner or a ruler
JPEG_QUALITY, WEBP_QUALITY = 80, 75
_PROFILE = 1_048_576  # bytes of a colour profile that is looked at
_FORMATS = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF", "avif": "AVIF"}
_WHITE = (255, 255, 255)


class Original(Struct, frozen=True, kw_only=True):
    """A picture as it was fetched."""

    url: str
    use: str  # lead or logo, see Picture
    body: bytes


class Copies(Struct, frozen=True, kw_only=True):
    """What was made of one. width, height: of the original, as it is shown. files: ends of their names -> bytes."""

    hash: str
    kind: str
    width: int
    height: int
    files: dict[str, bytes] = {}


def is_there() -> bool:
    """Whether there is a Pillow to make copies with."""
    return find_spec("PIL") is not None


def require() -> None:
    """Raise UsageError unless there is one."""
    if not is_there():
        advice = "pip install 'broadsheet[images]', or set it to false"
        raise UsageError("thumbnails need Pillow", "broadsheet.toml, [images] thumbnails", advice)


def kinds() -> tuple[str, ...]:
    """What the installed Pillow reads of what we take."""
    from PIL import features

    lacking = [kind for kind in ("webp", "avif") if not features.check(kind)]
    return tuple(kind for kind in _FORMATS if kind not in lacking)


def digest(body: bytes) -> str:
    """The name of a file's bytes: 20 hexadecimal digits of their SHA-256."""
    return hashlib.sha256(body).hexdigest()[:20]


def copies(original: Original) -> Copies:
    """Copies for the use that the original has: 320 and 640 pixels wide in JPEG and WebP, or square PNG of a logo.

    None is larger than its original. The first frame of what moves, turned upright, in sRGB. Raises ParseError, with
    a reason that is fit for a table, for what is no picture, too large, too small, broken or of a strange shape.
    """
    kind = kind_of(original.body)
    if not kind:
        raise ParseError(f"not {TAKEN}", original.url)
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what Pillow can do without, such as broken EXIF data
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _copies(original, kind)
    except ParseError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as exc:
        raise ParseError(f"its pixels are more than {PIXELS // 1_000_000} million", original.url) from exc
    except MemoryError as exc:
        raise ParseError("it takes too much memory", original.url) from exc
    except Exception as exc:  # hostile bytes in a large library: whatever it raises costs this picture
        reason = " ".join(str(exc).split())[:80] or type(exc).__name__
        raise ParseError(f"it cannot be decoded: {reason}", original.url) from exc


def _copies(original: Original, kind: str) -> Copies:
    from PIL import Image

    if kind not in kinds():
        raise ParseError(f"{kind}, which the installed Pillow does not read", original.url)
    Image.MAX_IMAGE_PIXELS = PIXELS  # its own guard, should ours be passed: beyond it warns, and a warning is an error
    with Image.open(io.BytesIO(original.body), formats=[_FORMATS[kind]]) as image:
        _check_pixels(original, kind, image)
        turned = _turned(image)
        width, height = image.size[::-1] if turned in _SIDEWAYS else image.size
        _check_shape(original, width, height)
        ends = _logos(image, turned) if original.use == "logo" else _thumbnails(image, turned, width, height)
    return Copies(hash=digest(original.body), kind=kind, width=width, height=height, files=ends)


# --- what is taken ---------------------------------------------------------------------------------------------------


def _check_pixels(original: Original, kind: str, image: Image) -> None:
    """Before anything is decoded: what its header says."""
    most = COSTLY_PIXELS if kind in ("webp", "avif") else HELD_PIXELS
    if kind == "jpeg" and is_one_scan(original.body):
        most = PIXELS
    if image.width * image.height > most:
        reason = f"{image.width}x{image.height} pixels are more than {most // 1_000_000} million"
        raise ParseError(reason, original.url)


def _check_shape(original: Original, width: int, height: int) -> None:
    shorter, longer = sorted((width, height))
    least = min(LOGOS.values()) if original.use == "logo" else SMALLEST
    if shorter < least:
        raise ParseError(f"{width}x{height} pixels are too few", original.url)
    if longer > LONGEST * shorter:
        raise ParseError(f"{width}x{height} pixels are no picture but a bar", original.url)


def is_one_scan(body: bytes) -> bool:
    """A JPEG whose pixels come once, from top to bottom: its decoder holds a few lines of them at a time.

    Source: ITU-T T.81, annex B: SOF0 or SOF1, and a first scan of as many components as the frame has.
    """
    at, components = 2, 0
    while body[at : at + 1] == b"\xff" and at + 10 <= len(body):
        marker = body[at + 1]
        if marker == 0xFF:  # fill bytes may precede a marker
            at += 1
            continue
        if marker in (0xC0, 0xC1):
            components = body[at + 9]
        if marker == 0xDA:
            return components == body[at + 4]
        at += 2 + int.from_bytes(body[at + 2 : at + 4], "big")
    return False


# --- from pixels to pixels -------------------------------------------------------------------------------------------

_ORIENTATION = 0x0112  # EXIF tag
_SIDEWAYS = (5, 6, 7, 8)


def _turned(image: Image) -> int:
    """How EXIF says that the picture lies, 1 to 8; 1 where it says nothing usable."""
    try:
        found = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # noqa: BLE001  EXIF data that cannot be read say nothing
        return 1
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def _upright(image: Image, turned: int) -> Image:
    """The small picture as it is meant to be seen. Source: EXIF 2.32, tag Orientation."""
    from PIL.Image import Transpose

    ways = {
        2: Transpose.FLIP_LEFT_RIGHT, 3: Transpose.ROTATE_180, 4: Transpose.FLIP_TOP_BOTTOM, 5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270, 7: Transpose.TRANSVERSE, 8: Transpose.ROTATE_90,
    }  # fmt: skip
    return image.transpose(ways[turned]) if turned in ways else image


def _thumbnails(image: Image, turned: int, width: int, height: int) -> dict[str, bytes]:
    from PIL.Image import Resampling

    widths = sorted({min(width, most) for most in WIDTHS}, reverse=True)
    small = _shrunk(image, turned, widths[0] / width)
    found: dict[str, bytes] = {}
    for one in widths:
        if one != small.width:
            small = small.resize((one, max(1, round(height * one / width))), Resampling.LANCZOS)
        found[f"{one}.webp"] = _saved(small, "WEBP", quality=WEBP_QUALITY, method=4)
        found[f"{one}.jpg"] = _saved(_flat(small), "JPEG", quality=JPEG_QUALITY, optimize=True, progressive=True)
    return found


def _logos(image: Image, turned: int) -> dict[str, bytes]:
    """Squares with the logo in their middle, nothing around it."""
    from PIL import Image as Images

    source = min(image.size)
    whole = _shrunk(image, turned, min(1.0, max(LOGOS) / max(image.size))).convert("RGBA")
    found: dict[str, bytes] = {}
    for side, least in LOGOS.items():
        if source >= least:
            scale = side / max(whole.size)
            fitted = whole.resize(
                (max(1, round(whole.width * scale)), max(1, round(whole.height * scale))), Images.Resampling.LANCZOS
            )
            square = Images.new("RGBA", (side, side))
            square.paste(fitted, ((side - fitted.width) // 2, (side - fitted.height) // 2))
            found[f"{side}x{side}.png"] = _saved(square, "PNG", optimize=True)
    return found


def _shrunk(image: Image, turned: int, scale: float) -> Image:
    """The picture decoded and `scale` times as large (at most 1), upright, in RGB or RGBA as sRGB means it."""
    from PIL.Image import Resampling

    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    image.draft("RGB", (2 * size[0], 2 * size[1]))  # JPEG alone: fewer pixels decoded
    profile = image.info.get("icc_profile")
    image.load()
    small: Image = image
    if small.mode in ("P", "PA", "1"):
        small = small.convert("RGBA" if "transparency" in image.info or small.mode == "PA" else "RGB")
    if small.mode == "I;16":
        small = small.point(lambda value: value * (1 / 256))
    if small.size != size:
        small = small.resize(size, Resampling.LANCZOS, reducing_gap=3.0)
    see_through = small.mode in ("RGBA", "LA", "RGBa", "La")
    alpha = small.convert("RGBA").getchannel("A") if see_through else None
    small = _in_srgb(small if small.mode in ("RGB", "CMYK", "L") else small.convert("RGB"), profile)
    if alpha is not None and alpha.getextrema() != (255, 255):
        small.putalpha(alpha)
    small.info = {}  # comments, profiles, texts
    return _upright(small, turned)


def _in_srgb(image: Image, profile: Any) -> Image:
    """The same colours in sRGB; a profile that is broken, or of another kind of picture, is left aside."""
    if isinstance(profile, bytes) and 0 < len(profile) <= _PROFILE:
        from PIL import ImageCms

        with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            made = ImageCms.profileToProfile(image, given, ImageCms.createProfile("sRGB"), outputMode="RGB")
            if made is not None:
                return made
    return image.convert("RGB")


def _flat(image: Image) -> Image:
    """On white, where it can be seen through."""
    from PIL import Image as Images

    if image.mode != "RGBA":
        return image
    ground = Images.new("RGB", image.size, _WHITE)
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _saved(image: Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    save: Callable[..., None] = image.save
    save(out, kind, **options)
    return out.getvalue()
