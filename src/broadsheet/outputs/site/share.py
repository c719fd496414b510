"""The picture that stands for the publication where a page is shared that has none of its own. Needs Pillow."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

from ... import text
from ...errors import UsageError
from ...types import File, Publication

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

WIDTH, HEIGHT = 1200, 630  # pixels, 1.91 to 1: what services that show cards ask for
EDGE = 80
PAPER, INK, SOFT, MARK, HAIR = "#fdfcf9", "#1a1917", "#5b574f", "#8c1c13", "#dcd7ca"
TITLE_SIZES = (132, 112, 96, 80, 64)  # pixels, the largest that fits is taken
WORDS_SIZE = 36
LINES = 3  # of the title, and of the description
NO_GLYPH = "\U0010fffd"  # a private character that no font has: what it looks like is what a missing one looks like


def share(publication: Publication) -> Iterator[File]:
    """`share.png` with title and description, where the publication wants one.

    Where the font that Pillow carries lacks letters of the title it has no words. Same settings and Pillow, same bytes.
    Raises UsageError without Pillow.
    """
    if publication.pictures.share:
        yield File(path="share.png", data=_drawn(text.clean(publication.title), text.clean(publication.description)))


@lru_cache(maxsize=4)
def _drawn(title: str, words: str) -> bytes:
    if find_spec("PIL") is None:
        advice = "pip install 'broadsheet[images]', or set it to false"
        raise UsageError("a picture to share needs Pillow", "broadsheet.toml, [images] share", advice)
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, WIDTH, 20), fill=MARK)
    lines, font = _fitted(title, TITLE_SIZES)
    if lines and font is not None:
        _written(pen, lines, font, words)
    else:
        _wordless(pen)
    file = io.BytesIO()
    image.quantize(64, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def _written(pen: ImageDraw, title: list[str], font: FreeTypeFont, words: str) -> None:
    """The title in the middle of the upper part, a double rule, the description below it."""
    told, small = _fitted(words, (WORDS_SIZE,))
    height = round(font.size * 1.12)
    top = (400 if told else HEIGHT) - height * len(title)
    y = 20 + top // 2
    for line in title:
        pen.text((WIDTH / 2, y), line, INK, font, anchor="ma", stroke_width=max(1, round(font.size / 48)))
        y += height
    rule = max(y + 30, 420) if told else HEIGHT - EDGE
    pen.rectangle((EDGE, rule, WIDTH - EDGE, rule + 2), fill=INK)
    pen.rectangle((EDGE, rule + 7, WIDTH - EDGE, rule + 8), fill=INK)
    y = rule + 36
    for line in told if small is not None else ():
        pen.text((WIDTH / 2, y), line, SOFT, small, anchor="ma")
        y += round(WORDS_SIZE * 1.3)


def _wordless(pen: ImageDraw) -> None:
    """A front page seen from afar: a nameplate, a picture, columns of lines."""
    pen.rectangle((320, 70, WIDTH - 320, 140), fill=INK)
    pen.rectangle((EDGE, 180, WIDTH - EDGE, 182), fill=INK)
    pen.rectangle((EDGE, 187, WIDTH - EDGE, 188), fill=INK)
    pen.rectangle((EDGE, 220, 640, HEIGHT - 60), fill=HAIR)
    for left in (680, 910):
        pen.rectangle((left, 220, left + 210, 250), fill=INK)
        for line, y in enumerate(range(274, HEIGHT - 70, 24)):
            pen.rectangle((left, y, left + (210 if line % 5 < 4 else 130), y + 8), fill=HAIR)


def _fitted(words: str, sizes: tuple[int, ...]) -> tuple[list[str], FreeTypeFont | None]:
    """Words in at most LINES lines, in the largest size in which no line is too wide; cut in the smallest where none
    is. No lines where there are no words, or no letters for them."""
    from PIL import ImageFont, features

    if not words or not features.check("freetype2"):
        return [], None
    for size in sizes:
        font = ImageFont.load_default(size)
        if not isinstance(font, ImageFont.FreeTypeFont) or not _has(font, words):
            return [], None
        lines = _lines(words, font)
        fits = len(lines) <= LINES and all(font.getlength(line) <= WIDTH - 2 * EDGE for line in lines)
        if fits or size == sizes[-1]:
            cut = [_shortened(line, font) for line in lines[:LINES]]
            if len(lines) > LINES:
                cut[-1] = _shortened(f"{cut[-1]}…", font)
            return cut, font
    return [], None


def _has(font: FreeTypeFont, words: str) -> bool:
    """Whether the font has every letter: what it lacks looks like what nobody has."""
    missing = _look(font, NO_GLYPH)
    return all(_look(font, letter) != missing for letter in set(words) if not letter.isspace())


def _look(font: FreeTypeFont, letter: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(letter)
    return mask.size, bytes(mask)


def _lines(words: str, font: FreeTypeFont) -> list[str]:
    """Words in lines that are no wider than the picture allows, but for single words that are."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= WIDTH - 2 * EDGE:
            lines[-1] = longer
        elif len(lines) <= LINES:
            lines.append(word)
    return lines


def _shortened(line: str, font: FreeTypeFont) -> str:
    """A line as wide as there is room, with an ellipsis where something is left out."""
    line = line[:400]
    if font.getlength(line) <= WIDTH - 2 * EDGE:
        return line
    while line and font.getlength(f"{line}…") > WIDTH - 2 * EDGE:
        line = line[:-1]
    return f"{line.rstrip(' …')}…"
