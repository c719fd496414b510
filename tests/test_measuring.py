"""Kind and size of pictures from their first bytes, and what that makes of an article's pictures."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.pictures import leads
from broadsheet.pictures.measuring import BEGINNING, kind_of, measure
from broadsheet.types import Image, Picture, Rights

from . import build
from .build import NOW
from .pictures import HTML, SVG, exif, picture, png

A, B, C = (f"https://harbour.example/{name}.jpg" for name in "abc")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
@pytest.mark.parametrize("enough", [512, 4096])
def test_the_first_bytes_tell_kind_and_size(kind, enough):
    """Of each kind that is taken, however little of the file is there."""
    found = measure(picture(kind)[:enough])

    assert (kind.lower(), 900, 600, "", True) == (found.kind, found.width, found.height, found.reason, found.is_fit)


def test_metadata_of_30_kilobytes_stand_before_the_size_of_a_jpeg():
    data = picture(exif=exif(note=30_000))

    assert (900, 600) == (lambda m: (m.width, m.height))(measure(data[:BEGINNING]))
    assert (0, "no size in its first 4096 bytes", True) == (lambda m: (m.width, m.reason, m.is_fit))(
        measure(data[:4096])
    )


@pytest.mark.parametrize("orientation", [5, 6, 7, 8])
def test_a_picture_that_lies_on_its_side_has_the_size_that_is_seen(orientation):
    found = measure(picture(exif=exif(orientation)))

    assert (600, 900) == (found.width, found.height)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no picture: nothing at all"),
        (HTML, "no picture: a web page"),
        (SVG, "no picture: an SVG drawing, which is a program"),
        (b"BM" + bytes(60), "no picture: not JPEG, PNG, WebP, GIF or AVIF"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "no picture: not JPEG, PNG, WebP, GIF or AVIF"),
        (png(1, 1), "only 1x1 pixels: an icon or a tracker"),
        (png(2_000, 99), "only 2000x99 pixels: an icon or a tracker"),
        (png(0, 0, lines=b"0"), "only 0x0 pixels: an icon or a tracker"),
    ],
)
def test_what_is_no_picture_of_an_article_says_why(data, reason):
    found = measure(data)

    assert (reason, False) == (found.reason, found.is_fit)


@pytest.mark.parametrize(
    "data", [png(20_001, 300, lines=b"0"), b"\xff\xd8\xff\xe0", b"RIFF\0\0\0\0WEBPVP8 ", b"GIF89a"]
)
def test_a_header_that_tells_no_size_costs_no_more_than_the_size(data):
    """The picture may still lead: it is one by its first bytes."""
    found = measure(data)

    assert (0, 0, True) == (found.width, found.height, found.is_fit)
    assert found.reason


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF0000WEBP", b"\0\0\0\x1cftypavif"]),
)
def test_no_bytes_make_it_raise(data, before):
    found = measure(before + data)

    assert kind_of(before + data) == found.kind
    assert found.width or found.reason


# --- which picture leads ----------------------------------------------------------------------------------------------


def known(*pictures: Picture) -> dict[str, Picture]:
    return {one.url: one for one in pictures}


def seen(url: str, state: str = "sized", **changes) -> Picture:
    facts = {"width": 900, "height": 600} if state == "sized" else {"reason": "no picture: a web page"}
    return Picture(url=url, state=state, fetched_at=NOW, **facts | changes)


def with_images(*images: Image | str, **changes):
    return build.article(images=tuple(Image(url=i) if isinstance(i, str) else i for i in images), **changes)


def test_a_lead_without_a_size_gets_that_of_its_file():
    found = leads.applied(with_images(A, B), known(seen(A), seen(B)))

    assert (Image(url=A, width=900, height=600), Image(url=B)) == found.images
    assert "the file" == found.claims["image size"]


def test_a_size_that_the_markup_gives_stays():
    article = with_images(Image(url=A, width=1200, height=630))

    assert article is leads.applied(article, known(seen(A)))


def test_a_lead_that_is_no_picture_gives_way_to_the_next_candidate():
    found = leads.applied(with_images(A, B, C), known(seen(A, "unfit"), seen(B, "unfit"), seen(C)))

    assert (Image(url=C, width=900, height=600),) == found.images
    assert f"{B}: no picture: a web page" == found.claims["image left out"]


def test_the_only_candidate_stays():
    """Also the last one of several."""
    tracker = seen(B, "unfit", width=1, height=1)

    assert (Image(url=B, width=1, height=1),) == leads.applied(
        with_images(A, B), known(seen(A, "unfit"), tracker)
    ).images


def test_a_failure_costs_the_size_alone():
    article = with_images(A, B)

    assert article is leads.applied(article, known(seen(A, "failed")))


def test_doing_it_twice_is_doing_it_once():
    facts = known(seen(A, "unfit"), seen(B))
    once = leads.applied(with_images(A, B), facts)

    assert once is leads.applied(once, facts)


@pytest.mark.parametrize(
    ("facts", "asked"),
    [
        ({}, A),
        (known(seen(A)), ""),
        (known(seen(A, "failed")), ""),
        (known(seen(A, "failed", retry_at=NOW)), A),
        (known(seen(A, "failed", retry_at=NOW + timedelta(minutes=1))), ""),
        (known(seen(A, "unfit")), B),
        (known(seen(A, "unfit"), seen(B, "unfit")), ""),
    ],
)
def test_nobody_is_asked_twice(facts, asked):
    """But where it failed for a passing reason and its time has come; the next candidate is asked for in turn."""
    assert asked == leads.to_ask(with_images(A, B), facts, NOW)


def test_what_its_publisher_wants_left_alone_is_not_asked_for():
    article = with_images(A, rights=Rights(images=False))

    assert "" == leads.to_ask(article, {}, NOW)


def test_an_article_without_pictures_asks_for_none():
    assert "" == leads.to_ask(build.article(), {}, NOW)
    assert "" == leads.to_ask(with_images(Image(url=A, width=3, height=4)), {}, NOW)


def test_half_a_size_is_none():
    """A width alone says nothing of the room that a picture takes."""
    article = with_images(Image(url=A, width=1200))

    assert A == leads.to_ask(article, {}, NOW)
    assert (Image(url=A, width=900, height=600),) == leads.applied(article, known(seen(A))).images
    assert msgspec.structs.asdict(article)
