"""Profile classic: the predecessor's laws of quality and heat, worked by hand."""

from __future__ import annotations

import pytest

from broadsheet import plugins
from broadsheet.types import Image, Topic
from tests import build

LEAVES = ("topics", "keywords", "image", "amp", "provider", "title_length")
TOPICS = (
    Topic(id="ferries", name="Ferries", keywords=("ferry",)),
    Topic(id="boats", name="Boats", parent="Ferries", keywords=("new boat", "boat", "boat")),
    Topic(id="ports", name="Ports", parent="Ferries", keywords=("port",)),
)
SITE = build.publication(topics=TOPICS, vendor="yard.example", organizations=(build.provider("quay.example"),))


def points(name: str, article, weight: float = 1.0) -> int:
    return plugins.find("quality", f"classic_{name}").points(article, SITE, weight).points


def test_quality_is_the_sum_of_the_predecessors_law():
    """Two topics 4, `ferry`, `new boat` and `boat` twice 60, image 20, AMP 20, registered provider 40, title 0."""
    article = build.article(
        title="Ferry company orders new boats",
        topics=("Ferries", "Boats"),
        images=(Image(url="https://quay.example/1.jpg"),),
        amp_url="https://quay.example/amp/1",
        provider=build.provider("quay.example"),
    )

    assert 4 + 60 + 20 + 20 + 40 - 0 == sum(points(name, article) for name in LEAVES)


def test_keywords_count_inside_words_and_only_for_assigned_topics():
    """`port` is in "transport", but counts only when the article is on that topic."""
    assert 0 == points("keywords", build.article(title="Transport", topics=("Ferries",)))
    assert points("keywords", build.article(title="Transport", topics=("Ferries", "Ports"))) == 15


@pytest.mark.parametrize(
    ("domain", "changes", "expected"),
    [
        ("other.example", {}, 0),
        ("quay.example", {}, 40),
        ("yard.example", {}, 50),
        ("yard.example", {"original_url": ""}, 0),
        ("yard.example", {"web_url": "", "featured_content": "<iframe></iframe>"}, 100),
        ("yard.example", {"featured_content": "<iframe></iframe>"}, 150),
    ],
)
def test_the_provider_gives_what_it_is_to_the_publication(domain, changes, expected):
    """Unknown 0, registered 40, the vendor by its own feed 50, an embed 100 instead, or beside a page elsewhere."""
    assert expected == points("provider", build.article(provider=build.provider(domain), **changes))


@pytest.mark.parametrize(("length", "expected"), [(70, 0), (71, 0), (72, -1), (75, -2)])
def test_a_long_title_loses_a_point_for_every_two_characters(length, expected):
    """Up to 70 characters cost nothing."""
    assert expected == points("title_length", build.article(title="x" * length))


@pytest.mark.parametrize("name", LEAVES)
def test_a_weight_of_nothing_gives_no_points(name):
    """Each factor carries its weight in its points."""
    article = build.article(title="ferry " * 30, topics=("Ferries",), provider=build.provider("quay.example"))

    assert points(name, article, weight=0.0) == 0


@pytest.mark.parametrize(("quality", "members", "heat"), [(80, 1, 80), (80, 3, 120), (50, 2, 70), (49, 3, 49)])
def test_heat_is_the_leads_quality_and_20_for_each_other_member(quality, members, heat):
    """A lead below 50 gains nothing from its story."""
    articles = [build.article(n, quality=quality if n == 1 else 10) for n in range(1, members + 1)]
    leaf = plugins.find("heat", "classic")

    assert heat == leaf.points(build.story(*articles), SITE, 1.0).points


def test_the_weight_of_a_member_is_the_publications():
    """`story_weight` is W."""
    story = build.story(build.article(1, quality=60), build.article(2))

    assert plugins.find("heat", "classic").points(story, build.publication(story_weight=10), 1.0).points == 70
