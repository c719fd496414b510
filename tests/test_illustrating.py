"""Which pictures an edition shows: what is printed, allowed and kept, and nothing else."""

from __future__ import annotations

from datetime import timedelta

from broadsheet import record
from broadsheet.explain import explain
from broadsheet.outputs.site import _view
from broadsheet.pictures import illustrating
from broadsheet.types import Image, Picture, Rights

from . import build
from .build import NOW

QUAY, LOGO = "https://harbour.example/quay.jpg", "https://harbour.example/logo.png"
SITE = build.publication()


def kept(url: str = QUAY, use: str = "lead", **changes) -> Picture:
    facts = {"state": "kept", "kind": "jpeg", "width": 900, "height": 600, "hash": "ab" + "0" * 18, "fetched_at": NOW}
    return Picture(url=url, use=use, **facts | changes)


def lit(n: int = 1, **changes):
    """A printed story of one article with a picture."""
    facts = {"images": (Image(url=QUAY),)} | changes
    return build.story(build.article(n, **facts), id=f"s{n}", name=f"2026-03-02-{n}", published=True)


def test_a_lead_that_is_kept_is_marked_and_has_its_size():
    [story] = illustrating.illustrated([lit()], SITE, [kept()])

    assert (Image(url=QUAY, width=900, height=600, is_cached=True),) == story.lead.images
    assert {QUAY: kept()} == illustrating.with_pictures(build.edition(), [lit()], [kept()]).pictures


def test_a_size_that_is_known_stays_as_it_is():
    [story] = illustrating.illustrated([lit(images=(Image(url=QUAY, width=1800, height=1200),))], SITE, [kept()])

    assert (1800, 1200, True) == (
        story.lead.images[0].width,
        story.lead.images[0].height,
        story.lead.images[0].is_cached,
    )


def test_a_story_that_is_not_printed_shows_nothing():
    below = build.story(build.article(images=(Image(url=QUAY),)))

    assert {} == illustrating.leads([below])
    assert (below,) == illustrating.illustrated([below], SITE, [kept()])


def test_what_is_to_be_left_alone_is_not_shown_though_another_story_shows_it():
    """Two articles name one picture; only the publisher that lets it be kept has it."""
    shy = lit(2, rights=Rights(images=False))
    found = illustrating.illustrated([shy, lit()], SITE, [kept()])

    cards = [_view.card(SITE, story, {QUAY: kept()}) for story in found]
    assert [False, True] == [story.lead.images[0].is_cached for story in found]
    assert [None, kept()] == [card.picture for card in cards]


def test_a_mark_that_an_import_brought_stands_only_for_what_is_here():
    """Another site's copy is not ours."""
    claimed = lit(images=(Image(url=QUAY, width=9, height=9, is_cached=True),))

    assert [False] == [s.lead.images[0].is_cached for s in illustrating.illustrated([claimed], SITE, [])]


def test_related_articles_are_marked_where_a_lead_shows_their_picture():
    story = build.story(lit().lead, build.article(2, images=(Image(url=QUAY),)), published=True)
    [found] = illustrating.illustrated([story], SITE, [kept()])

    assert [True, True] == [article.images[0].is_cached for article in found.articles]


def test_stories_without_pictures_of_ours_are_the_very_same():
    story = lit()

    assert story is illustrating.illustrated([story], SITE, [])[0]


# --- logos ------------------------------------------------------------------------------------------------------------


def posted(**changes):
    """A printed story of a provider whose page shows a logo."""
    page = build.provider(images=(Image(url=LOGO, width=512, height=512),))
    return lit(**{"provider": page, "publisher": page} | changes)


def test_the_logo_of_a_page_is_what_its_provider_may_have():
    assert {"harbour.example": (Image(url=LOGO, width=512, height=512),)} == illustrating.logos([posted()], SITE)


def test_a_logo_of_another_domain_or_of_a_page_that_opts_out_is_none():
    other = posted(publisher=build.provider("ferry.example", images=(Image(url=LOGO),)))
    shy = posted(rights=Rights(images=False))

    assert [(), ()] == [illustrating.logos([story], SITE)["harbour.example"] for story in (other, shy)]


def test_what_the_registry_names_comes_before_what_pages_show():
    """And a file of the site itself before all: nobody is asked then."""
    named = build.provider(known=True, images=(Image(url="https://cdn.example/logo.png"),))
    own = build.provider(known=True, images=(Image(url="https://ferries.example/assets/a.png", width=50, height=50),))
    found = [
        illustrating.logos([posted(provider=one)], build.publication(organizations=(one,))) for one in (named, own)
    ]

    assert [{"harbour.example": named.images}, {}] == found


def test_a_registry_without_a_logo_takes_that_of_the_pages():
    bare = build.provider(known=True)

    assert {"harbour.example"} == set(
        illustrating.logos([posted(provider=bare)], build.publication(organizations=(bare,)))
    )


def test_a_provider_carries_our_files_and_its_record_the_small_one():
    """At our own address, without `isCached`."""
    logo = kept(LOGO, "logo", width=512, height=512)
    [story] = illustrating.illustrated([posted()], SITE, [logo])
    made = record.from_article(story.lead, heat=80, published=True, related=())
    small = Image(url=f"https://ferries.example/images/ab/{logo.hash}-50x50.png", width=50, height=50)

    assert [50, 400] == [image.width for image in story.lead.provider.images]
    assert (small,) == (made.provider.images if made.provider else ())


def test_what_a_page_only_claims_is_still_not_printed():
    made = record.from_article(posted().lead, heat=80, published=True, related=())

    assert () == (made.provider.images if made.provider else None)


def test_of_two_logos_the_larger_is_taken():
    small, large = kept("https://a.example/s", "logo", width=64, height=64), kept("https://a.example/l", "logo")

    assert large == illustrating.chosen(
        [Image(url=small.url), Image(url=large.url)], {small.url: small, large.url: large}
    )
    assert None is illustrating.chosen([Image(url="https://a.example/x")], {})


# --- the files of a provider, and words -------------------------------------------------------------------------------

FILE = "---\ntaxonomy: organization\nname: Harbour\nimages:\n  - url: /old.jpg\n    width: 50\n\n  - url: /b.jpg\nnote: kept\n---\nText\n"


def test_the_logos_of_a_file_are_changed_and_nothing_else():
    new = record.with_logos(FILE.encode(), (Image(url="/images/ab/x-50x50.png", width=50, height=50),))

    assert (
        "---\ntaxonomy: organization\nname: Harbour\nimages:\n  - url: /images/ab/x-50x50.png\n    width: 50\n    height: 50\n"
        "note: kept\n---\nText\n"
    ) == new.decode()


def test_a_file_without_logos_gets_them_in_its_own_line_ends():
    data = b"---\r\nname: \xff\r\n---\r\n"

    assert b"---\r\nname: \xff\r\nimages:\r\n  - url: /a.png\r\n---\r\n" == record.with_logos(
        data, (Image(url="/a.png"),)
    )


def test_a_file_that_is_none_is_left_alone():
    assert b"name: Harbour\n" == record.with_logos(b"name: Harbour\n", (Image(url="/a.png"),))


def test_each_state_of_a_picture_has_its_words():
    states = (
        kept(),
        kept(state="sized"),
        kept(state="sized", width=0, height=0, reason="no size in its first 65536 bytes"),
        kept(state="unfit", reason="no picture: a web page"),
        kept(state="refused", reason="it cannot be decoded", kind="", width=0),
        kept(state="failed", reason="HTTP 500", retry_at=NOW + timedelta(hours=1)),
        kept(LOGO, "logo"),
    )
    told = explain(build.article(), None, None, (), (), (), SITE, states).pictures
    files = ", ".join(f"images/ab/{kept().hash}-{end}" for end in ("320.jpg", "320.webp", "640.jpg", "640.webp"))

    assert (
        f"{QUAY}: 900x600 jpeg, kept on 2026-03-02 12:00 as {files}",
        f"{QUAY}: 900x600 jpeg by its first bytes, read on 2026-03-02 12:00",
        f"{QUAY}: jpeg by its first bytes, read on 2026-03-02 12:00: no size in its first 65536 bytes",
        f"{QUAY}: no picture to lead an article: no picture: a web page, seen on 2026-03-02 12:00",
        f"{QUAY}: refused on 2026-03-02 12:00: it cannot be decoded",
        f"{QUAY}: 900x600 jpeg, failed on 2026-03-02 12:00: HTTP 500, again from 2026-03-02 13:00",
        f"{LOGO}: logo, 900x600 jpeg, kept on 2026-03-02 12:00 as images/ab/{kept().hash}-50x50.png, images/ab/{kept().hash}-400x400.png",
    ) == told
