"""What is new in a story: developments, and what came since the last front page."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from broadsheet import timeline
from broadsheet.types import Front, Twin

from .build import NOW, article, provider, story

BREAK = (
    "Dam above Lindhalm cracks after night of rain",
    "Engineers found a crack four metres long in the Ora dam on Tuesday. The 900 people of Lindhalm were told to sleep in "
    "the school on the hill.",
)
SAME = (
    "Crack in Ora dam after rain: Lindhalm told to sleep in school",
    "A crack four metres long was found in the Ora dam above Lindhalm on Tuesday. Engineers told the 900 people to sleep "
    "in the school on the hill.",
)
NEWS = (
    "Minister Petra Aldous resigns over ignored warning",
    "A report of 2019 had asked for steel anchors, the newspaper Vigilant revealed. Aldous left office on Friday; "
    "prosecutors want to hear 14 witnesses.",
)


def told(n: int, what: tuple[str, str], hour: int, **changes):
    """Report n, by provider n, so many hours after NOW."""
    domain = f"p{n}.example"
    facts = {
        "url": f"https://{domain}/{n}", "provider": provider(domain), "title": what[0], "excerpt": what[1],
        "published": NOW + timedelta(hours=hour), "first_seen": NOW + timedelta(hours=hour, minutes=20),
    }  # fmt: skip
    return article(n, **facts | changes)


def with_developments(*articles, **changes):
    found = story(*articles, **changes)
    return msgspec.structs.replace(found, developments=timeline.developments(found))


def urls(found) -> list[str]:
    return [development.url for development in found]


@pytest.mark.parametrize("members", [1, 2])
def test_the_first_report_is_the_first_development(members):
    """Alone or with others: all of it is new."""
    first, *_ = timeline.developments(story(*(told(n, BREAK, n) for n in range(members))))

    assert ("https://p0.example/0", 1.0, NOW) == (first.url, first.novelty, first.at)


def test_who_tells_the_same_in_other_words_brings_no_development():
    assert ["https://p1.example/1"] == urls(timeline.developments(story(told(1, BREAK, 0), told(2, SAME, 1))))


def test_new_names_and_numbers_are_a_development_and_it_says_which():
    first, second = timeline.developments(story(told(1, BREAK, 0), told(2, SAME, 1), told(3, NEWS, 60)))

    assert ("https://p3.example/3", NOW + timedelta(hours=60)) == (second.url, second.at)
    assert 0.6 <= second.novelty < 1.0
    assert {"2019", "14"} == set(second.terms[:2])
    assert {"Petra", "Aldous", "Vigilant"} <= set(second.terms)
    assert first.at < second.at


def test_what_was_said_by_any_earlier_member_is_not_new():
    """The resignation, told again by another after two days in which others spoke."""
    again = tuple(part.replace("left office", "gave up office").replace("want to hear", "will hear") for part in NEWS)
    members = [told(1, BREAK, 0), told(2, NEWS, 10), told(3, SAME, 20), told(4, again, 50)]

    assert ["https://p1.example/1", "https://p2.example/2"] == urls(timeline.developments(story(*members)))


def test_a_reprint_is_no_development_however_much_it_adds():
    """Its twin is known: a paragraph of its own makes no news of it."""
    reprint = told(2, NEWS, 5)
    twin = Twin(url=reprint.url, original="https://p1.example/1", resemblance=0.5)

    found = timeline.developments(story(told(1, BREAK, 0), reprint, reprints={reprint.url: twin}))

    assert ["https://p1.example/1"] == urls(found)


def test_a_reprint_that_is_dated_before_its_original_takes_nothing_from_it():
    reprint, original = told(2, NEWS, 5), told(3, NEWS, 6)
    twin = Twin(url=reprint.url, original=original.url, resemblance=1.0)

    found = timeline.developments(story(told(1, BREAK, 0), reprint, original, reprints={reprint.url: twin}))

    assert ["https://p1.example/1", original.url] == urls(found)


@pytest.mark.parametrize("how", [{"agency": "wire.example"}, {"voice": "wire.example"}])
def test_a_second_copy_of_an_agencys_report_is_no_development(how):
    """The first paper that carries it brings its news; the next brings it again, in words of its own."""
    found = timeline.developments(story(told(1, BREAK, 0), told(2, NEWS, 5, **how), told(3, SAME_NEWS, 6, **how)))

    assert ["https://p1.example/1", "https://p2.example/2"] == urls(found)


SAME_NEWS = (
    "Vice-premier Oskar Lind takes over after scandal in cabinet",
    "Lind, 61, promises 40 million crowns for anchors and an inquiry led by judge Karla Vane before Easter.",
)


def test_an_agencys_own_second_report_is_one():
    wire = {"provider": provider("wire.example"), "agency": "wire.example"}
    found = timeline.developments(story(told(1, BREAK, 0, **wire), told(2, SAME_NEWS, 6, **wire)))

    assert 2 == len(found)


CJK = (
    ("港の橋が大雨で崩落、住民三百人が避難", "港町の古い橋が火曜の夜に崩落した。市は住民三百人を小学校へ避難させた。"),
    ("古い橋が大雨で崩落、三百人が避難", "市は火曜の夜に崩落した港町の橋の住民三百人を、小学校へ避難させた。"),
    (
        "検察、建設会社の社長を逮捕 鉄筋の検査を偽装か",
        "検察は木曜、鉄筋の強度検査を偽った疑いで建設会社の社長ら四人を逮捕した。",
    ),
)


def test_a_script_without_spaces_is_read_as_well():
    found = timeline.developments(story(*(told(n, what, n * 9, language="ja") for n, what in enumerate(CJK))))

    assert ["https://p0.example/0", "https://p2.example/2"] == urls(found)


def test_an_article_in_a_language_of_its_own_is_compared_with_nothing_and_is_no_development():
    german = (
        "Staudamm über Lindhalm reißt",
        "Ein Riss von vier Metern wurde am Dienstag entdeckt, 900 Menschen fliehen.",
    )

    found = timeline.developments(story(told(1, BREAK, 0), told(2, german, 3, language="de")))

    assert ["https://p1.example/1"] == urls(found)


def test_the_order_of_members_makes_no_difference():
    members = [told(1, BREAK, 0), told(2, SAME, 1), told(3, NEWS, 60), told(4, SAME_NEWS, 70)]

    assert timeline.developments(story(*members)) == timeline.developments(story(*members[::-1]))


def test_who_dates_himself_into_the_future_says_it_when_we_saw_it():
    late = told(2, NEWS, 500, first_seen=NOW + timedelta(hours=2))

    _, second = timeline.developments(story(told(1, BREAK, 0), late, told(3, NEWS, 9)))

    assert (late.url, NOW + timedelta(hours=2)) == (second.url, second.at)


@pytest.mark.parametrize("what", [("", ""), ("…", "— — —"), ("A" * 20_000, "1 " * 20_000)])
def test_text_that_says_nothing_is_survived(what):
    assert 1 == len(timeline.developments(story(told(1, what, 0), told(2, what, 1))))


def front(hour: int, *stories: str) -> Front:
    return Front(at=NOW + timedelta(hours=hour), stories=stories)


def test_what_is_new_is_what_we_saw_since_the_story_last_stood_on_a_front_page():
    """Published before that edition and seen after it: new. The edition of hour 50 did not show the story."""
    found = with_developments(told(1, BREAK, 0), told(2, NEWS, 9, first_seen=NOW + timedelta(hours=11)))
    fronts = [front(10, "other", "s1"), front(50, "other")]

    assert ["https://p2.example/2"] == urls(timeline.news(found, fronts))
    assert [] == urls(timeline.news(found, [*fronts, front(60, "s1")]))


def test_a_story_that_stood_on_no_front_page_is_new_as_a_whole():
    found = with_developments(told(1, BREAK, 0), told(2, NEWS, 9))

    assert found.developments == timeline.news(found, [front(20, "other")])


def test_a_front_page_that_showed_a_story_which_was_taken_in_counts():
    found = with_developments(told(1, BREAK, 0), told(2, NEWS, 9), merged=("s0",), merged_names=("s0",))

    assert () == timeline.news(found, [front(20, "s0")])
