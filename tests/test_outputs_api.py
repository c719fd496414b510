"""outputs.api: pages of published records in the shape that clients of the predecessor read."""

from __future__ import annotations

import json

import pytest

from broadsheet.errors import UsageError
from broadsheet.outputs import api
from broadsheet.types import Image, Topic
from tests import build

TREE = (
    Topic(id="coast", name="Coast"),
    Topic(id="ferries", name="Ferries", parent="Coast"),
    Topic(id="ports", name="Ports", parent="Coast"),
)


def pages(*records, **changes):
    site = build.publication(**{"topics": TREE} | changes)
    return {file.path: file.data for file in api.render(build.edition(*records, publication=site))}


def test_pages_hold_25_newest_first_and_name_the_next():
    """Page 1 has three addresses, page 2 two; nextPage is a number and null at the end."""
    found = pages(*(build.printed(n, topics=("Coast",)) for n in range(1, 28)))
    first, second = json.loads(found["api/news/index.json"]), json.loads(found["api/news/page/2/index.json"])

    assert found["api/news/index.json"] == found["api/news/page/1/index.json"] == found["api/news/page1/index.json"]
    assert found["api/news/page/2/index.json"] == found["api/news/page2/index.json"]
    assert (1, 25, 2, 2, 2, None) == (
        first["page"], len(first["value"]), first["nextPage"], second["page"], len(second["value"]), second["nextPage"],
    )  # fmt: skip
    assert [f"Ferry line number {n} opens" for n in range(1, 28)] == [
        i["title"] for i in first["value"] + second["value"]
    ]


def test_records_of_one_moment_stand_by_name():
    """Ties have one order, so that the same edition gives the same bytes."""
    found = pages(*(build.printed(n, published_at=build.NOW) for n in (3, 1, 2)))
    paths = [item["path"] for item in json.loads(found["api/news/index.json"])["value"]]

    assert sorted(paths) == paths


def test_only_published_records_are_shown():
    """What is below the gate, superseded or removed is in no page."""
    found = pages(build.printed(1, published=False), build.printed(2, removed=True), build.printed(3, published=None))

    assert json.loads(found["api/news/index.json"])["value"] == []


def test_each_topic_below_the_root_has_its_pages():
    """A topic's pages show its records; one without records has an empty page, so that its address answers."""
    found = pages(build.printed(1, topics=("Coast", "Ferries")), build.printed(2, topics=("Coast",)))

    assert len(json.loads(found["api/news/ferries/page/1/index.json"])["value"]) == 1
    assert {"page": 1, "value": [], "nextPage": None} == json.loads(found["api/news/ports/index.json"])
    assert "api/news/coast/index.json" not in found


def test_an_item_has_every_key_of_the_old_shape():
    """Keys, their order, null for what is absent, and none of quality, published, related or secured."""
    record = build.printed(
        1,
        images=(Image(url="https://harbour.example/1.jpg", width=10, height=20, is_cached=True),),
        secured="sealed",
        published_at=build.NOW,
    )
    item = json.loads(pages(record, timezone="America/Los_Angeles")["api/news/index.json"])["value"][0]

    image = {"url": "https://harbour.example/1.jpg", "width": 10, "height": 20, "title": None, "attribution": None}
    assert [
        ("path", "_news/2026-03-02-ferry-line-number-1-opens.md"),
        ("title", "Ferry line number 1 opens"),
        ("excerpt", "Two boats an hour."),
        ("sourceUrl", None),
        ("webUrl", "https://harbour.example/news/1"),
        ("originalUrl", "https://harbour.example/news/1"),
        ("featuredContent", None),
        ("highlight", None),
        ("heat", 80),
        ("tags", None),
        ("images", [image | {"isCached": True}]),
        ("content", "\r\n"),
        ("type", "article"),
        ("ampWebUrl", None),
        ("cdnAmpWebUrl", None),
        ("publishedDateTime", "2026-03-02T04:00:00-08:00"),
        ("updatedDateTime", None),
        (
            "provider",
            {"name": "Harbour", "domain": "harbour.example", "images": None, "publishers": None, "authors": None},
        ),
        ("locale", "en-us"),
        ("categories", ["news"]),
        ("topics", ["Ferries"]),
    ] == list(item.items())


def test_text_is_not_escaped_and_stays_valid_json():
    """Any script stands as itself in UTF-8; a lone surrogate does not stop the edition."""
    data = pages(build.printed(1, title="港口 \ud800"))["api/news/index.json"]

    assert "港口 ?" == json.loads(data)["value"][0]["title"]
    assert "港口".encode() in data


def test_an_unknown_time_zone_is_a_mistake_of_the_publication():
    """A zone that does not exist is told by name."""
    with pytest.raises(UsageError, match=r"Mars/Base"):
        pages(timezone="Mars/Base")
