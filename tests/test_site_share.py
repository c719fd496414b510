"""The picture for pages that are shared without one of their own."""

from __future__ import annotations

import io

import pytest
from lxml import html

from broadsheet.errors import UsageError
from broadsheet.outputs import site
from broadsheet.types import File, Pictures

from . import coast

Image = pytest.importorskip("PIL.Image", reason="Pillow is not installed (extra images)")


def printed(share: bool = True, **changes: str) -> dict[str, File]:
    settings = coast.publication(pictures=Pictures(share=share), **changes)
    return {file.path: file for file in site.render(coast.edition(1, publication=settings))}


def picture(**changes: str) -> Image.Image:
    return Image.open(io.BytesIO(printed(**changes)["share.png"].data)).convert("RGB")


def cards(page: File) -> dict[str, str]:
    metas = html.document_fromstring(page.data).xpath("//meta[@property or starts-with(@name, 'twitter')]")
    return {meta.get("property") or meta.get("name"): meta.get("content") for meta in metas}


def test_pages_without_a_picture_share_it():
    """Front, topic and story name it with its size; its bytes are those of a picture of that size, and small."""
    files = printed()
    for path in ("index.html", "topic/ports/index.html", "story/2026-03-01-story-1/index.html"):
        found = cards(files[path])
        assert "https://coast.example/share.png" == found["og:image"], path
        assert ("1200", "630", "summary_large_image") == (
            found["og:image:width"],
            found["og:image:height"],
            found["twitter:card"],
        )
    assert (1200, 630) == picture().size
    assert len(files["share.png"].data) < 40_000


def test_without_the_setting_there_is_none():
    """No file and no mention; cards are small then."""
    files = printed(share=False)
    assert "share.png" not in files
    found = cards(files["index.html"])
    assert "og:image" not in found
    assert "summary" == found["twitter:card"]


def test_the_same_words_give_the_same_bytes():
    """And other words give others."""
    from broadsheet.outputs.site.share import _drawn

    again = _drawn.__wrapped__("Coast", "News")
    assert again == _drawn.__wrapped__("Coast", "News")
    assert again != _drawn.__wrapped__("Coast", "Other news")


@pytest.mark.parametrize("title", ["港の新聞", "صحيفة المرسى", "Coast \N{SNOWMAN}"])
def test_a_title_that_the_font_cannot_write_is_not_written(title):
    """The picture is that of a title without any letters, not one with boxes."""
    assert picture(title="\N{SNOWMAN}").tobytes() == picture(title=title).tobytes()
    assert picture(title="Coast").tobytes() != picture(title=title).tobytes()


@pytest.mark.parametrize("title", ["W" * 300, "Wide " * 80, "A"])
def test_words_stay_within_the_picture(title):
    """However long the title, the edges stay paper."""
    drawn = picture(title=title, description=title * 3)
    edges = [drawn.getpixel((x, y)) for x in (5, 20, 1180, 1195) for y in range(30, 630, 10)]
    assert 1 == len(set(edges))


def test_without_pillow_the_error_says_what_to_do(monkeypatch):
    """The setting alone is a usage error where there is no Pillow."""
    from broadsheet.outputs.site import _page  # noqa: F401  (its package is imported first)

    module = __import__("sys").modules["broadsheet.outputs.site.share"]
    monkeypatch.setattr(module, "find_spec", lambda _: None)
    with pytest.raises(UsageError, match=r"needs Pillow: broadsheet\.toml, \[images\] share: pip install"):
        printed(title="Without Pillow")
