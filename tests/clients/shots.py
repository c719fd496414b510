"""Renew the pictures in docs/look: the demo after its second day, six kinds of page, in Debian's Chromium.

    python -m tests.clients.shots [FOLDER]

A kind of page that the demo does not have is named and left out.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from broadsheet import config, demo
from broadsheet.cli import run

from ..browsing import CHROMIUM, FLAGS, served
from ..printed import Printed, kinds

LOOK = Path(__file__).parents[2] / "docs" / "look"
# Kind of page, width in CSS pixels, colour scheme.
SHOTS = (
    ("front", 1280, "light"),
    ("front", 390, "dark"),
    ("story", 1280, "light"),
    ("topic", 1280, "light"),
    ("day", 1280, "light"),
    ("provider", 1280, "light"),
)
HEIGHT = {1280: 960, 390: 844}  # of the window, CSS pixels
MOST = 200_000  # bytes a picture
COLOURS = (256, 128, 64, 32)


def small(png: bytes) -> bytes:
    """The same picture in as many colours as keep it below `MOST` bytes, or in the fewest."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    for colours in (None, *COLOURS):
        out = io.BytesIO()
        shown = picture if colours is None else picture.quantize(colours, kmeans=1, dither=Image.Dither.NONE)
        shown.save(out, "PNG", optimize=True)
        if out.tell() < MOST:
            break
    return out.getvalue()


def shoot(printed: Printed, folder: Path) -> None:
    """Write `<kind>-<width>[-dark].png` for each shot."""
    found = kinds(printed)
    with served(printed.folder) as home, sync_playwright() as started:
        browser = started.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        for kind, width, light in SHOTS:
            name = f"{kind}-{width}{'-dark' if light == 'dark' else ''}.png"
            if kind not in found:
                print(f"{name}: the demo has no page of that kind")
                continue
            page = browser.new_page(viewport={"width": width, "height": HEIGHT[width]}, color_scheme=light)
            page.goto(home + found[kind].removesuffix("index.html"), wait_until="networkidle")
            data = small(page.screenshot())
            (folder / name).write_bytes(data)
            print(f"{name}: {len(data):,} bytes")
            page.close()
        browser.close()


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else LOOK
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        for _ in demo.CLOCK:
            if run(["demo", made, "--json"]):
                sys.exit(1)
        shoot(Printed(Path(made) / "site", config.parse(demo.publication_files()).url), folder)


if __name__ == "__main__":
    main()
