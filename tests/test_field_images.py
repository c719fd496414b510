"""The lead picture: the one that readers see, at its best size, and never a logo, a portrait or an advert."""

from __future__ import annotations

import pytest

from broadsheet import extract

from .build import NOW, page

PROSE = "The council of the harbour town met on Monday and voted for the new bridge after a long debate. " * 3
BASE = "https://post.example/2026/03/bridge"


def images(figure: str, head: str = "") -> list[tuple[str, int, int]]:
    html = f"<html><head><title>Bridge</title>{head}</head><body><article><h1>Harbour bridge opens</h1>{figure}{f'<p>{PROSE}</p>' * 4}</article></body></html>"
    found = extract.read(page(html, url=BASE), (), NOW).images
    return [(image.url.removeprefix("https://post.example"), image.width, image.height) for image in found]


def og(address: str) -> str:
    return f'<meta property="og:image" content="{address}">'


@pytest.mark.parametrize(
    ("card", "figure", "lead"),
    [
        ("/img/8812345_1200x630.jpg", '<img src="/img/8812345_720x480.jpg" width=720 height=480>', "/img/8812345_720x480.jpg"),
        ("/a1b2c3d4e5f6/square.png", '<img src="/w640/a1b2c3d4e5f6.png">', "/w640/a1b2c3d4e5f6.png"),
        ("/up/2026/03/7.jpg?fit=1200", '<img src="/cdn/up/2026/03/7.jpg">', "/cdn/up/2026/03/7.jpg"),
        ("/img/harbour-bridge-opens-1200x800.jpg", '<img src="/img/harbour-bridge-opens.jpg">', "/img/harbour-bridge-opens.jpg"),
        ("/img/card.png", '<figure><img src="/img/bridge.jpg"></figure>', "/img/bridge.jpg"),
        ("/img/card.png", '<img src="/img/bridge.jpg" fetchpriority=high>', "/img/bridge.jpg"),
    ],
)  # fmt: skip
def test_the_picture_as_readers_see_it_comes_before_the_card_for_social_media(card, figure, lead):
    assert lead == images(figure, og(card))[0][0]


@pytest.mark.parametrize(
    "figure",
    [
        '<img src="/img/unclaimed.jpg">',  # without a figure around it: it may be an advert
        '<figure><img src="/team/jane.jpg"></figure>',
        '<figure class="author-box"><img src="/img/jane.jpg"></figure>',
        '<aside><figure><img src="/img/teaser.jpg"></figure></aside>',
        '<ul><li><figure><img src="/img/teaser.jpg"></figure></li></ul>',
        '<figure><img src="/img/icon.jpg" width=64 height=64></figure>',
        '<figure><img src="/img/logo.png"></figure>',
        '<figure><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="></figure>',
        '<figure><img src="javascript:alert(1)"></figure>',
        f'{f"<p>{PROSE}</p>" * 3}<figure><img src="/img/late.jpg"></figure>',
    ],
)
def test_what_is_no_lead_picture_leaves_the_claimed_one_first(figure):
    assert [("/img/card.jpg", 0, 0)] == images(figure, og("/img/card.jpg"))


def test_the_largest_rendition_for_a_screen_is_taken_with_its_size():
    """A `w` in srcset is its width; the height follows from the shape of the element. Print sizes are left."""
    srcset = "/b/320.jpg 320w, /b/1280,crop.jpg 1280w, /b/6000.jpg 6000w"

    assert ("/b/1280,crop.jpg", 1280, 720) == images(f'<img src="/b/320.jpg" srcset="{srcset}" width=640 height=360>')[
        0
    ]


def test_lazy_pictures_are_found_where_their_script_would_look():
    assert "/b/real.jpg" == images('<img src="/blank.gif" data-src="/b/real.jpg">')[0][0]


def test_sources_of_a_picture_element_count():
    figure = '<picture><source srcset="/b/800.webp 800w"><img src="/b/200.jpg"></picture>'

    assert ("/b/800.webp", 800, 0) == images(figure)[0]


def test_renditions_of_one_picture_are_kept_once():
    """Five crops of one asset tell nothing more; another picture stays."""
    card = og("/i/5551234_a.jpg") + og("/i/5551234_b.jpg") + og("/i/7779999_a.jpg")

    assert ["/i/5551234_c.jpg", "/i/7779999_a.jpg"] == [i[0] for i in images('<img src="/i/5551234_c.jpg">', card)]


def test_a_page_of_pictures_without_end_is_looked_at_in_part():
    figure = '<img src="/n.jpg" width=10 height=10>' * 5_000

    assert [("/img/card.jpg", 0, 0)] == images(figure, og("/img/card.jpg"))


def test_every_candidate_is_kept_with_its_place():
    html = f'<html><head>{og("/i/5551234_a.jpg")}</head><body><article><h1>Bridge</h1><img src="/i/5551234_c.jpg"><p>{PROSE}</p></article>'
    found = extract.read(page(html, url=BASE), (), NOW)

    assert "picture at its head" == found.claims["images"]
    assert [
        ("https://post.example/i/5551234_a.jpg", ("og image",)),
        ("https://post.example/i/5551234_c.jpg", ("picture at its head",)),
    ] == [(claim.value, claim.places) for claim in found.candidates if claim.field == "images"]
