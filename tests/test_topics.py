"""topics: a topic file as an editor writes it, read as it is meant, and every slip told with file and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from broadsheet import topics
from broadsheet.errors import UsageError
from broadsheet.types import Rule

FILE = b"""
_id: apples
name: Apples
parent: Fruit
shortname: A
mediaTopic: medtop:04000000
keywords:
  - cider
  - phrase: apple
    requires: [orchard, "cider  press"]
    unless: [iPhone]
    ambiguous: yes
    weight: 0.5
excludes: [apple of discord]
requires: [fruit]
unless: [recipe]
hashtags: ["#Apple"]
"""


def test_a_keyword_may_be_a_phrase_or_a_mapping():
    """Plain phrases stay plain; what a mapping asks for becomes a rule; keys of others are left alone."""
    topic = topics.parse_topic("topics/10-apples.yaml", FILE)

    assert ("cider", "apple") == topic.keywords
    assert (
        Rule(keyword="apple", requires=("orchard", "cider press"), unless=("iPhone",), ambiguous=True, weight=0.5),
    ) == topic.rules
    assert (("fruit",), ("recipe",), "medtop:04000000") == (topic.requires, topic.unless, topic.media_topic)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("keywords:", "keyword:", ("key keyword is unknown", "did you mean keywords?")),
        ("excludes:", "exclude:", ("did you mean excludes?",)),
        ("mediaTopic:", "mediatopic:", ("did you mean mediaTopic?",)),
        ("medtop:04000000", "04000000", ("mediaTopic is 04000000", "medtop:07000000")),
        ("ambiguous: yes", "ambiguous: maybe", ("keyword apple", "ambiguous is maybe", "yes or no")),
        ("weight: 0.5", "weight: heavy", ("keyword apple", "weight is heavy")),
        ("weight: 0.5", "weight: 0", ("weight is 0",)),
        ("weight: 0.5", "weight: nan", ("weight is nan",)),
        ("weight: 0.5", "wait: 0.5", ("key wait is unknown", "did you mean weight?")),
        ("    unless: [iPhone]", "    unless: iPhone", ("keyword apple", "unless is not a list")),
        ("phrase: apple", "phrase: [apple]", ("a keyword has no `phrase`",)),
        ("- cider", "- [cider]", ("keywords has something that is no phrase",)),
    ],
)
def test_a_slip_is_told_with_file_and_key(old, new, words):
    """One line: the file, the keyword where it is one of it, what is wrong and what to do."""
    with pytest.raises(UsageError) as caught:
        topics.parse_topic("topics/10-apples.yaml", FILE.decode().replace(old, new).encode())

    said = str(caught.value)
    assert "\n" not in said
    for word in ("topics/10-apples.yaml", *words):
        assert word in said


def test_one_keyword_with_two_rules_is_refused():
    """Which one holds would be a guess."""
    both = b"_id: a\nname: A\nkeywords:\n  - {phrase: x, weight: 1}\n  - {phrase: x, weight: 2}\n"

    with pytest.raises(UsageError, match="keyword x has two rules"):
        topics.parse_topic("topics/a.yaml", both)


def test_the_tree_of_the_headlines_reads():
    """The tree in tests/topics is a tree."""
    files = {f"topics/{f.name}": f.read_bytes() for f in (Path(__file__).parent / "topics/tree").glob("*.yaml")}

    tree = topics.parse_tree(files)

    assert len(tree) >= 13
    assert [""] == [topic.parent for topic in tree if not topic.parent]
