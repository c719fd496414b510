"""Quality of an article under the profile `standard`."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from broadsheet import plugins, quality
from broadsheet.errors import UsageError
from broadsheet.types import Article, Hit, Image, Learnt, Standing

from .build import NOW, article, provider, publication

SCORES = Path(__file__).parent.parent / "docs" / "reference" / "scores.md"
PICTURE = (Image(url="https://harbour.example/a.jpg", width=1200, height=675),)


def hit(where: str, keyword: str = "ferry") -> Hit:
    return Hit(topic="Ferries", keyword=keyword, where=where, start=0)


def solid(**changes: object) -> Article:
    """On topic, with text, picture and byline, by an ordinary provider."""
    facts = {"words": 450, "images": PICTURE, "authors": ("Ida Marsh",), "hits": (hit("title"),)}
    return article(1, **facts | changes)


def points(factor: str, one: Article, **settings: object) -> int:
    return plugins.find("quality", factor).points(one, publication(**settings), 1.0).points


def total(one: Article) -> int:
    return quality.score(one, publication()).quality


@pytest.mark.parametrize(
    ("least", "one", "most"),
    [
        (70, solid(), 85),
        (70, solid(hits=(hit("excerpt"),)), 85),
        (35, solid(words=80, authors=()), 60),
        (35, solid(words=0, images=(), authors=()), 60),
        (35, solid(hits=(hit("text"),)), 60),
        (
            0,
            solid(title="Ferry Market Size to Reach $12 Billion by 2033, CAGR of 6%", provider=provider(known=True)),
            39,
        ),
    ],
    ids=["solid", "in the excerpt", "thin", "feed only", "off focus", "market report"],
)
def test_the_scale_fits_the_gate(least, one, most):
    """A solid article passes a gate of 70 alone, a thin or off-focus one does not, a market report never."""
    assert least <= total(one) <= most


@pytest.mark.parametrize(
    ("row", "one"),
    [
        ("keyword in the title, 450 words, large image, byline, date, ordinary provider", solid()),
        ("the same as a copy of an agency's report", solid(agency="apnews.com", voice="apnews.com")),
        ("the same with the keyword in the excerpt", solid(hits=(hit("excerpt"),))),
        ("the same as a press release", solid(agency="businesswire.com", voice="businesswire.com")),
        ("the same with the keyword once in the text alone", solid(hits=(hit("text"),))),
        ("keyword in the title, 80 words, large image, no byline", solid(words=80, authors=())),
        (
            "keyword in the title, known from the feed alone: no text, no image, no byline",
            solid(words=0, images=(), authors=()),
        ),
        (
            'a market report of 700 words with image, "... at a CAGR of 6 %"',
            solid(title="Ferry market to grow at a CAGR of 6 %", words=700, authors=()),
        ),
    ],
)
def test_the_table_of_the_scale_is_true(row, one):
    """What the reference says of typical articles is what they get."""
    assert f"| {row} | {total(one)} |" in SCORES.read_text(encoding="utf-8")


def test_points_add_up():
    """Reasons name each factor of the profile once, in its order, and their points are the quality."""
    scored = quality.score(solid(), publication())

    assert list(quality.STANDARD) == [reason.factor for reason in scored.reasons]
    assert scored.quality == sum(reason.points for reason in scored.reasons)


def test_a_sum_below_zero_is_lifted_by_a_reason():
    worst = article(1, title="HOROSCOPE OF THE DAY!!", date_known=False, provider=provider(tier=3))

    scored = quality.score(worst, publication())

    assert 0 == scored.quality == sum(reason.points for reason in scored.reasons)
    assert "floor" == scored.reasons[-1].factor


def test_the_publication_chooses_factors_and_weights():
    """Only the named factors count, each times its weight."""
    scored = quality.score(solid(), publication(quality_factors={"byline": 2.5, "freshness": 0.0}))

    assert [("byline", 10, 2.5), ("freshness", 0, 0.0)] == [(r.factor, r.points, r.weight) for r in scored.reasons]
    assert 10 == scored.quality


def test_classic_uses_its_own_factors():
    scored = quality.score(solid(), publication(profile="classic"))

    assert set(quality.CLASSIC) == {reason.factor for reason in scored.reasons}


def test_an_unknown_factor_is_refused():
    with pytest.raises(UsageError, match="choose from"):
        quality.score(solid(), publication(quality_factors={"charm": 1.0}))


def test_what_came_with_a_record_keeps_its_quality():
    imported = solid(hits=(hit("record"),), quality=123)

    assert imported == quality.score(imported, publication())


@pytest.mark.parametrize(
    ("expected", "hits"),
    [
        (30, ("text", "title", "excerpt")),
        (22, ("text", "excerpt")),
        (8, ("text",)),
        (14, ("text",) * 4),
        (20, ("text",) * 20),
        (10, ("text", "source")),
        (14, ("text", "source", "text", "text", "text")),
        (22, ("text",) * 20 + ("excerpt",)),
        (10, ("source",)),
        (0, ("root", "child")),
        (0, ()),
    ],
)
def test_focus_counts_the_most_telling_place(expected, hits):
    assert expected == points("focus", solid(hits=tuple(hit(where) for where in hits)))


@pytest.mark.parametrize(
    ("expected", "words"), [(0, 0), (0, 50), (8, 100), (16, 200), (24, 400), (30, 700), (30, 90_000)]
)
def test_substance_grows_by_doublings(expected, words):
    assert expected == points("substance", solid(words=words))


@pytest.mark.parametrize(("expected", "width"), [(12, 600), (6, 599), (6, 200), (0, 64), (8, 0)])
def test_an_image_counts_by_its_width(expected, width):
    assert expected == points("image", solid(images=(Image(url="https://harbour.example/a.jpg", width=width),)))


@pytest.mark.parametrize(
    ("expected", "title"),
    [
        (5, "New ferry line opens between the islands"),
        (5, "NASA and ESA plan a joint mission"),
        (5, "海底电缆修复工程周一开始"),
        (5, "سلطنة عمان تفتتح أكبر محطة لتحلية المياه"),
        (-12, "FERRY LINE OPENS TODAY AT LAST"),
        (-8, "You will not believe this ferry!!"),
        (-8, "The captain opened the door and..."),
        (-6, "Ferry"),
        (-20, "SHOCKING NEW FERRY LINE OPENS?!"),
        (-3, "新しいフェリー航路が月曜に開通！"),
        (-6, "🚢 New ferry line opens between the islands"),
        (-6, "This ferry is sooooo fast, see for yourself"),
        (-6, "今天的渡轮哈哈哈哈哈开通了"),
        (5, "AAAA records of the ferry company expire"),
        (-4, "New line opens today #ferry #islands #fähre"),
        (5, "C# and F# meet on the ferry"),
        (-4, "Ferry line opens | Islands | Harbour News"),
        (5, "Le ministre : « la ligne ouvrira » en mars"),
        (-26, "🚢🔥 YOU WON'T BELIEEEEVE THIS NEW FERRY!!! #ferry #wow"),
    ],
)
def test_a_headline_is_judged_by_its_care(expected, title):
    assert expected == points("headline", solid(title=title))


@pytest.mark.parametrize(
    ("expected", "who"),
    [(15, {"tier": 1}), (8, {"tier": 2}), (-10, {"tier": 3, "known": True}), (8, {"known": True}), (0, {})],
)
def test_the_editors_word_on_a_provider_counts(expected, who):
    assert expected == points("provider", solid(provider=provider(**who)))


def learnt(**standing: int) -> Learnt:
    return Learnt(standings={"harbour.example": Standing(**standing)})


@pytest.mark.parametrize(
    ("expected", "standing"),
    [
        (0, {}),
        (0, {"articles": 400, "printed": 400}),
        (3, {"articles": 20, "first": 2}),
        (8, {"articles": 100, "first": 80}),
        (-2, {"articles": 1, "refused": 1}),
        (-6, {"articles": 100, "refused": 10}),
        (-15, {"articles": 100, "refused": 100}),
        (-7, {"articles": 100, "first": 100, "refused": 100}),
    ],
)
def test_a_provider_has_the_standing_that_its_articles_earned(expected, standing):
    """First reports that others took up gain, refused ones cost; within bounds, and a few articles say little."""
    assert expected == points("provider", solid(), learnt=learnt(**standing))


def test_the_standing_comes_on_top_of_the_tier_and_is_told():
    """The reason names both, and its points are their sum."""
    one, settings = solid(provider=provider(tier=2)), publication(learnt=learnt(articles=60, refused=5))

    reason = plugins.find("quality", "provider").points(one, settings, 1.0)

    assert 8 - 4 == reason.points
    assert "harbour.example is reliable; of 60 articles so far 5 refused by an editor: -4" == reason.value


@pytest.mark.parametrize(
    ("expected", "facts"),
    [
        (0, {}),
        (-6, {"agency": "apnews.com", "voice": "apnews.com"}),
        (0, {"agency": "apnews.com", "voice": "apnews.com", "provider": provider("ap.org")}),
        (-10, {"syndicated_from": "https://pier.example/1", "voice": "pier.example"}),
        (0, {"syndicated_from": "https://harbour.example/1", "voice": "harbour.example"}),
        (-20, {"agency": "prnewswire.com", "voice": "prnewswire.com"}),
        (-20, {"provider": provider("presseportal.de")}),
        (-20, {"excerpt": "LEEDS, March 2 /PRNewswire/ -- Harbour Lines today announced a line."}),
    ],
)
def test_a_copy_is_worth_less_than_a_report_and_a_release_least(expected, facts):
    """An agency's own page of its report is no copy; a press release is one on the wire's own site, too."""
    assert expected == points("originality", solid(**facts))


@pytest.mark.parametrize(
    ("expected", "facts"),
    [
        (4, {}),
        (-6, {"date_known": False}),
        (4, {"published": NOW - timedelta(days=29), "sources": ("https://harbour.example/feed.xml",)}),
        (-8, {"published": NOW - timedelta(days=31), "sources": ("https://harbour.example/feed.xml",)}),
        (-16, {"published": NOW - timedelta(days=800), "sources": ("https://harbour.example/feed.xml",)}),
        (4, {"published": NOW - timedelta(days=800)}),
        (
            4,
            {
                "published": NOW - timedelta(days=800),
                "updated": NOW - timedelta(days=1),
                "sources": ("https://harbour.example/feed.xml",),
            },
        ),
    ],
)
def test_what_was_no_news_when_it_was_listed_costs(expected, facts):
    """An old piece that a feed lists now, unless its publisher updated it; a page of an archive is not held to that."""
    assert expected == points("freshness", solid(**facts))


@pytest.mark.parametrize(("expected", "kind", "words"), [(20, "video", 30), (0, "video", 400), (0, "article", 30)])
def test_a_video_makes_up_for_its_lack_of_text(expected, kind, words):
    assert expected == points("video", solid(type=kind, words=words))


@pytest.mark.parametrize(
    "title",
    [
        "Cloud Ferry Market to grow at a CAGR of 12.1%",
        "Wave Energy Market Analysis, Trends and Forecast 2026-2033",
        "Fährmarkt: Marktbericht und Prognose für den Markt 2026 bis 2030",
        "Harbour Lines (NYSE: HBL) price target raised to 12",
        "Norvik Partners sells 12,400 shares of Harbour Lines",
        "Gutscheincode: 20 Prozent bei Fährtickets",
        "Your horoscope for Monday",
        "Lottery results: the numbers of Saturday",
        "Wordle hints and answers for today",
    ],
)
def test_formulas_of_series_are_known(title):
    assert -55 == points("series", solid(title=title))


@pytest.mark.parametrize(
    "title",
    [
        "Browser's market share falls below half",
        "EU agrees budget for 2028-2034",
        "Steel industry wants to be carbon neutral by 2040",
        "Markets rally after the rate decision",
        "Labour market report: fewer vacancies",
        "Treasury sells bonds with a record coupon",
        "The long read (part: two)",
        "Court answers the museum's question",
    ],
)
def test_news_that_sounds_alike_is_no_series(title):
    assert 0 == points("series", solid(title=title))


@pytest.mark.parametrize("factor", [*quality.STANDARD, *quality.CLASSIC])
def test_the_reference_explains_every_factor(factor):
    assert f"`{factor}`" in SCORES.read_text(encoding="utf-8")
