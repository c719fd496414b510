"""tag: whole words, homonyms kept apart, ancestors follow, every topic with the words that say so."""

from __future__ import annotations

import pytest

from broadsheet.tag import tag
from broadsheet.types import Hit, Topic
from tests import build

TREE = (
    Topic(id="coast", name="Coast", keywords=("coast",)),
    Topic(id="ships", name="Ships", parent="Coast", keywords=("ship",)),
    Topic(id="ferries", name="Ferries", parent="Ships", keywords=("ferry", "car ferry", "roll-on roll-off")),
    Topic(id="ai", name="AI", parent="Coast", keywords=("ai", "machine learning"), excludes=("Ai Weiwei",)),
    Topic(id="us", name="United States", parent="Coast", keywords=("US",)),
    Topic(id="ports", name="Ports", parent="Coast", keywords=("港口", "부산항", "C++", ".NET", "Straße")),
)


def tagged(title: str, excerpt: str = "", text: str = "", profile: str = "standard", **changes):
    return tag(build.article(1, title=title, excerpt=excerpt, text=text, **changes), TREE, profile=profile)


@pytest.mark.parametrize(
    ("title", "topic"),
    [
        ("A ferry sails", "Ferries"),
        ("FERRY SAILS", "Ferries"),
        ("Ferries sail", "Ferries"),
        ("The ferry's crew", "Ferries"),
        ("The ferry’s crew", "Ferries"),
        ("Roll on, not: roll on-roll off", "Ferries"),
        ("A roll\u2011on roll-off boat", "Ferries"),
        ("Machine-learning at sea", "AI"),
        ("L'AI en mer", "AI"),
        ("US ports", "United States"),
        ("上海港口拥堵", "Ports"),
        ("부산항은 붐빈다", "Ports"),
        ("Written in C++", "Ports"),
        ("A .NET port", "Ports"),
        ("In der Straße", "Ports"),
    ],
)
def test_a_keyword_is_found_as_people_write_it(title, topic):
    """Case, plural, possessive, hyphens and scripts without spaces do not hide a keyword."""
    assert topic in tagged(title).topics


@pytest.mark.parametrize(
    "title",
    ["General availability", "A ferryman", "Shipping", "Tell us more", "Use it", "See deeplearning.ai today",
     "Mail to info@ai today", "ASP.NET", "In C only", "roll on the floor, roll off the bed"],
)  # fmt: skip
def test_a_keyword_is_not_found_inside_other_words(title):
    """Substrings, words that only look alike and ends of addresses are no topic."""
    assert () == tagged(title).topics


def test_an_excluded_phrase_hides_the_keyword_inside_it():
    """A homonym alone is off-topic; a keyword elsewhere in the same title still counts."""
    assert () == tagged("Ai Weiwei opens in the harbour").topics
    assert ("Coast", "AI") == tagged("Ai Weiwei on AI").topics


def test_ancestors_and_root_follow_and_say_from_what():
    """A matched topic brings those above it, in the order of the tree, each with its reason."""
    found = tagged("A ferry sails")

    assert ("Coast", "Ships", "Ferries") == found.topics
    assert (
        Hit(topic="Ferries", keyword="ferry", where="title", start=2, end=7),
        Hit(topic="Ships", keyword="Ferries", where="child"),
        Hit(topic="Coast", keyword="Ships", where="child"),
    ) == found.hits


def test_parents_in_a_circle_do_not_hang():
    """A tree that is none still gives an answer."""
    tree = (Topic(id="a", name="A", parent="B", keywords=("fog",)), Topic(id="b", name="B", parent="A"))

    assert ("A", "B") == tag(build.article(1, title="Fog"), tree).topics


def test_every_hit_keeps_its_place():
    """Overlapping keywords are all evidence, each with its offset and field."""
    found = tagged("Car ferry", excerpt="The ship.")

    assert {("car ferry", "title", 0), ("ferry", "title", 4), ("ship", "excerpt", 4)} == {
        (hit.keyword, hit.where, hit.start) for hit in found.hits if hit.start >= 0
    }


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("A ferry. " + "sea " * 300, ("Coast", "Ships", "Ferries")),
        ("sea " * 300 + "A ferry.", ()),
        ("sea " * 300 + "A ferry. A ferry.", ("Coast", "Ships", "Ferries")),
        ("sea " * 300 + "A car ferry.", ()),
    ],
)
def test_the_text_alone_needs_an_early_hit_or_two(text, topics):
    """One mention at the end of a long text is no topic; two places are, and overlapping keywords are one place."""
    assert topics == tagged("Fog", text=text).topics


def test_a_source_brings_the_topics_that_it_is_filed_under():
    """Everything from a source belongs to its topics; a name that is not in the tree brings nothing."""
    found = tagged("Fog", source_topics=("Ships", "Trains"))

    assert ("Coast", "Ships") == found.topics
    assert Hit(topic="Ships", keyword="", where="source") in found.hits


def test_without_a_hit_there_is_no_topic():
    """An article about nothing of ours is off-topic."""
    assert ((), ()) == (tagged("Fog").topics, tagged("Fog").hits)


def test_topics_of_an_imported_record_stand():
    """What a record states is not judged again."""
    held = build.article(1, title="A ferry", topics=("X",), hits=(Hit(topic="X", keyword="", where="record"),))

    assert held == tag(held, TREE)


def test_tagging_again_gives_the_same():
    """Tags of an earlier run do not add up."""
    once = tagged("A ferry sails", excerpt="AI on board")

    assert once == tag(once, TREE)


def test_classic_reads_whole_words_of_the_title_and_nothing_else():
    """The predecessor's rule: no plurals, no excerpt, no exclusions, and the root on every article."""
    assert ("Coast",) == tagged("Ferries and availability", excerpt="A ferry", profile="classic").topics
    assert ("Coast", "Ships", "Ferries", "AI") == tagged("Ferry of Ai Weiwei", profile="classic").topics
