"""Small copies of hostile and honest pictures."""

from __future__ import annotations

import io
import pickle
import subprocess
import sys
import zlib

import pytest

from broadsheet.errors import ParseError, UsageError
from broadsheet.pictures import copying
from broadsheet.pictures.copying import Copies, Original, copies, digest, is_one_scan
from broadsheet.types import Picture

from .build import NOW
from .pictures import HTML, SVG, corners, drawn, exif, picture, pillow, png

pytest.importorskip("PIL", reason="Pillow is not there: pictures are not tested")

URL = "https://harbour.example/quay.jpg"


def copied(body: bytes, use: str = "lead") -> Copies:
    return copies(Original(url=URL, use=use, body=body))


def refused(body: bytes, use: str = "lead") -> str:
    with pytest.raises(ParseError) as caught:
        copied(body, use)
    assert URL == pickle.loads(pickle.dumps(caught.value)).where  # noqa: S301
    assert 0 < len(caught.value.what) < 140
    return caught.value.what


def opened(data: bytes):
    image = pillow().open(io.BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_a_picture_of_each_kind_becomes_four_small_ones(kind):
    """320 and 640 pixels wide, in JPEG and WebP, the same scene; their names say what they are."""
    found = copied(picture(kind))

    assert (kind.lower(), 900, 600) == (found.kind, found.width, found.height)
    assert {"320.jpg", "320.webp", "640.jpg", "640.webp"} == set(found.files)
    for end, data in found.files.items():
        image = opened(data)
        width = int(end.partition(".")[0])
        assert ((width, round(600 * width / 900)), {"jpg": "JPEG", "webp": "WEBP"}[end.partition(".")[2]]) == (
            image.size,
            image.format,
        )
        assert ("r", "g", "b", "w") == corners(data)


@pytest.mark.parametrize(
    ("width", "widths"), [(900, (320, 640)), (640, (320, 640)), (500, (320, 500)), (320, (320,)), (200, (200,))]
)
def test_no_copy_is_wider_than_its_picture(width, widths):
    """And the store's fact about it names the very files that were made."""
    found = copied(picture(width=width, height=190))
    fact = Picture(url=URL, state="kept", width=found.width, height=found.height, hash=found.hash, fetched_at=NOW)

    assert widths == fact.widths
    assert {f"images/{found.hash[:2]}/{found.hash}-{end}" for end in found.files} == set(fact.files)
    assert [opened(found.files[f"{w}.jpg"]).size for w in widths] == [(w, fact.height_at(w)) for w in widths]


@pytest.mark.parametrize(
    ("orientation", "seen"),
    [(1, "rgbw"), (2, "grwb"), (3, "wbgr"), (4, "bwrg"), (5, "rbgw"), (6, "brwg"), (7, "wgbr"), (8, "gwrb"), (9, "rgbw")],
)  # fmt: skip
def test_a_picture_is_turned_as_its_camera_was(orientation, seen):
    """EXIF orientation, each of its eight values, and one that is none."""
    found = copied(picture(exif=exif(orientation)))

    assert ((600, 900) if 5 <= orientation <= 8 else (900, 600)) == (found.width, found.height)
    assert {tuple(seen)} == {corners(data) for data in found.files.values()}
    assert (found.width * 2 // 3, found.height * 2 // 3) if orientation < 5 else (600, 900)


def test_nothing_of_a_file_but_its_pixels_comes_along():
    """Neither EXIF data, comments, texts and profiles, nor what somebody hung behind the end of the picture."""
    from PIL import ImageCms, PngImagePlugin

    secret, profile = b"52.5200N 13.4050E", ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    told = exif()
    told[0x010E] = secret.decode()
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Comment", secret.decode())
    sources = [
        picture(exif=told, comment=secret, icc_profile=profile) + b"<script>" + secret,
        picture("PNG", pnginfo=texts, icc_profile=profile),
        picture("WEBP", exif=told, icc_profile=profile),
        picture("GIF", comment=secret),
    ]
    for source in sources:
        assert secret in source
        for data in copied(source).files.values():
            assert secret not in data
            assert b"ICC" not in data
            assert {"icc_profile", "exif", "comment"}.isdisjoint(opened(data).info)


def test_what_can_be_seen_through_lies_on_white_in_jpeg_and_stays_so_in_webp():
    clear = pillow().new("RGBA", (400, 300), (255, 0, 0, 0))
    out = io.BytesIO()
    clear.save(out, "PNG")
    found = copied(out.getvalue())

    assert ("w", "w", "w", "w") == corners(found.files["320.jpg"])
    assert ("RGBA", (0, 0)) == (lambda i: (i.mode, i.getchannel("A").getextrema()))(opened(found.files["320.webp"]))


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", "P"), ("PNG", "L"), ("PNG", "LA"), ("PNG", "1"), ("PNG", "RGBA"), ("PNG", "I;16"), ("JPEG", "L"), ("JPEG", "CMYK")],
)  # fmt: skip
def test_every_way_to_write_colours_is_read(kind, mode):
    """Palettes, grey, one bit, sixteen bits and printers' inks all become what a screen shows."""
    source = (
        drawn(mode="L").point(lambda value: value * 257, "I").convert("I;16")
        if mode == "I;16"
        else drawn().convert(mode)
    )
    out = io.BytesIO()
    source.save(out, kind)
    found = opened(copied(out.getvalue()).files["640.jpg"])

    assert ("RGB", (640, 427)) == (found.mode, found.size)
    assert found.getpixel((600, 400))[0] > 240
    assert found.getpixel((100, 350))[0] < 120


def test_colours_of_another_profile_are_brought_into_srgb():
    """A profile that swaps nothing but the brightness curve: middle grey moves, and the copy has no profile."""
    from PIL import ImageCms

    lab = ImageCms.createProfile("XYZ")
    broken = copied(picture(icc_profile=b"no profile at all"))
    odd = copied(picture(icc_profile=ImageCms.ImageCmsProfile(lab).tobytes()))

    assert ("r", "g", "b", "w") == corners(broken.files["640.jpg"])
    assert {"320.jpg", "320.webp", "640.jpg", "640.webp"} == set(odd.files)


def test_of_what_moves_the_first_picture_is_kept():
    frames = [drawn(), pillow().new("RGB", (900, 600), "black")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:] * 5)

    assert ("r", "g", "b", "w") == corners(copied(out.getvalue()).files["640.webp"])


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body", [b"", HTML, SVG, b"%PDF-1.7", b"GIF89a<script>alert(1)</script>", b"\xff\xd8\xff" + HTML]
)
def test_what_is_no_picture_is_refused(body):
    assert refused(body)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_picture_that_was_broken_off_is_refused(kind, share):
    out = io.BytesIO()
    pillow().effect_noise((900, 600), 80).convert("RGB").save(out, kind)
    data = out.getvalue()

    assert refused(data[: int(len(data) * share)])


@pytest.mark.parametrize("other", ["FITS", "TIFF", "ICO", "BMP", "PPM", "EPS"])
def test_other_kinds_are_never_tried(other):
    """Pillow reads dozens of formats; what is taken is decided by us, not by what it finds."""
    starts = {
        "FITS": b"SIMPLE  =",
        "TIFF": b"II*\0",
        "ICO": b"\0\0\1\0",
        "BMP": b"BM",
        "PPM": b"P6 9 9 255\n",
        "EPS": b"%!PS-Adobe",
    }

    assert "not JPEG, PNG, WebP, GIF or AVIF" == refused(starts[other] + bytes(500))


@pytest.mark.parametrize(("width", "height"), [(20_000, 20_000), (60_000, 60_000), (16_001, 1_000)])
def test_a_bomb_of_pixels_is_refused_by_its_header(width, height):
    assert "pixels are more than" in refused(png(width, height, lines=b"\0" * 1_000))


@pytest.mark.parametrize(
    ("kind", "options", "fits"), [("JPEG", {}, True), ("JPEG", {"progressive": True}, False), ("PNG", {}, False)]
)
def test_only_a_jpeg_in_one_scan_may_be_large(kind, options, fits):
    """Its decoder skips what is not wanted; all others hold every pixel."""
    out = io.BytesIO()
    pillow().new("RGB", (5_000, 3_500), "navy").save(out, kind, **options)

    if fits:
        assert (5_000, 3_500) == (lambda c: (c.width, c.height))(copied(out.getvalue()))
    else:
        assert "5000x3500 pixels are more than 16 million" == refused(out.getvalue())


def test_scans_are_counted_behind_metadata():
    """A progressive thumbnail inside of EXIF data does not make the picture progressive, nor a lie of lengths."""
    inner = picture(width=160, height=120, progressive=True)

    assert is_one_scan(picture(exif=exif(note=0)))
    assert is_one_scan(picture()[:2] + b"\xff\xe1" + (len(inner) + 2).to_bytes(2, "big") + inner + picture()[2:])
    assert not is_one_scan(picture(progressive=True))
    assert not is_one_scan(b"\xff\xd8\xff\xe1\0\0\xff\xd8")
    assert not is_one_scan(b"\xff\xd8" + b"\xff" * 50)


@pytest.mark.parametrize(
    ("width", "height", "why"),
    [(99, 400, "too few"), (1_000, 199, "no picture but a bar"), (150, 800, "no picture but a bar")],
)
def test_icons_and_bars_are_refused(width, height, why):
    assert why in refused(picture(width=width, height=height))


def test_a_small_file_of_enormous_text_is_refused_or_read_without_it():
    """A PNG whose text chunk unpacks to 200 MB."""
    import struct

    text = b"Comment\0\0" + zlib.compress(bytes(200_000_000), 9)
    chunk = struct.pack(">I", len(text)) + b"zTXt" + text + struct.pack(">I", zlib.crc32(b"zTXt" + text))
    honest = picture("PNG")
    body = honest[:33] + chunk + honest[33:]

    found = copies(Original(url=URL, use="lead", body=body)) if _reads(body) else None

    assert found is None or {"320.jpg", "320.webp", "640.jpg", "640.webp"} == set(found.files)


def _reads(body: bytes) -> bool:
    try:
        copied(body)
    except ParseError:
        return False
    return True


_PEAK = """
import sys
from broadsheet.pictures.copying import Original, copies
from broadsheet.errors import ParseError
def peak():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) // 1024
copies(Original(url="u", use="lead", body=open(sys.argv[1], "rb").read()))
before = peak()
try:
    copies(Original(url="u", use="lead", body=open(sys.argv[2], "rb").read()))
except ParseError:
    pass
print(before, peak())
"""


@pytest.mark.parametrize(
    ("name", "most"),
    [("bomb", 100), ("png", 180), ("palette", 180), ("webp", 180), ("progressive", 180), ("avif", 180), ("jpeg", 60)],
)
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the peak of memory is read from /proc")
def test_the_largest_that_is_taken_costs_a_bounded_amount_of_memory(tmp_path, name, most):
    """MiB beyond those of a small picture: nothing for a bomb, and little enough for a worker to stay below 250."""

    def large(kind: str, side: int, mode: str = "RGB", **options) -> bytes:
        out = io.BytesIO()
        image = pillow().new(mode, (side, side))
        image.paste(drawn(600, 600, mode))
        image.save(out, kind, **options)
        return out.getvalue()

    body = {
        "bomb": lambda: png(20_000, 20_000, colour=0),
        "png": lambda: large("PNG", 4_000, "RGBA", compress_level=1),
        "palette": lambda: large("PNG", 4_000, "P", compress_level=1),
        "webp": lambda: large("WEBP", 3_160, "RGBA", method=0),
        "progressive": lambda: large("JPEG", 4_000, progressive=True, subsampling=0),
        "avif": lambda: large("AVIF", 3_160, "RGBA", speed=10),
        "jpeg": lambda: large("JPEG", 7_000),
    }[name]()
    (tmp_path / "small").write_bytes(picture())
    (tmp_path / "large").write_bytes(body)

    done = subprocess.run(
        [sys.executable, "-c", _PEAK, str(tmp_path / "small"), str(tmp_path / "large")],
        capture_output=True,
        text=True,
        check=True,
    )
    before, after = map(int, done.stdout.split())

    assert after - before < most


# --- logos and the rest -----------------------------------------------------------------------------------------------


def test_a_logo_stands_in_the_middle_of_two_squares():
    """Transparent around it; of a broad one the strips above and below are empty."""
    found = copied(picture("PNG", 600, 300), "logo")

    assert {"50x50.png", "400x400.png"} == set(found.files)
    for side in (50, 400):
        image = opened(found.files[f"{side}x{side}.png"])
        assert ("PNG", (side, side), 0, 0) == (
            image.format,
            image.size,
            image.getpixel((side // 2, 2))[3],
            image.getpixel((side // 2, side - 3))[3],
        )
        assert (255, 0, 0, 255) == image.getpixel((side // 5, side * 2 // 5))


@pytest.mark.parametrize(
    ("side", "ends"), [(400, {"50x50.png", "400x400.png"}), (180, {"50x50.png"}), (48, {"50x50.png"})]
)
def test_a_small_logo_is_not_blown_up_to_a_large_one(side, ends):
    found = copied(picture("PNG", side, side), "logo")
    fact = Picture(url=URL, use="logo", state="kept", width=side, height=side, hash=found.hash, fetched_at=NOW)

    assert ends == set(found.files)
    assert {fact.path(end) for end in ends} == set(fact.files)


@pytest.mark.parametrize("body", [SVG, png(31, 400), HTML])
def test_a_logo_that_is_a_program_or_too_small_is_refused(body):
    assert refused(body, "logo")


def test_the_same_bytes_give_the_same_copies():
    assert copied(picture()) == copied(picture())
    assert digest(picture()) == copied(picture()).hash
    assert 20 == len(digest(b""))


def test_without_pillow_the_message_says_what_to_do(monkeypatch):
    monkeypatch.setattr(copying, "find_spec", lambda _: None)
    with pytest.raises(UsageError) as caught:
        copying.require()

    assert (
        "thumbnails need Pillow: broadsheet.toml, [images] thumbnails: pip install 'broadsheet[images]', or set it to false"
        == str(caught.value)
    )
