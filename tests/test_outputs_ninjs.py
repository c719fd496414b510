"""outputs.ninjs: objects that keep the rules of ninjs 3.1, written down here in short from its documentation."""

from __future__ import annotations

from typing import Any

import jsonschema
import msgspec
import pytest

from broadsheet.outputs import ninjs
from broadsheet.types import Image, Picture, Printing, Provider, Topic, Withdrawn

from . import coast
from .build import NOW

TEXT: dict[str, Any] = {"type": "string"}
ADDRESS = {"type": "string", "format": "uri", "pattern": r"^[a-z][a-z0-9+.-]*:\S+$"}
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$"}


def listed(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    """An array of objects that have these properties and no others."""
    one = {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}
    return {"type": "array", "items": one, "minItems": 1}


WORDS = listed(("value",), role=TEXT, contentType=TEXT, value=TEXT)
NAMED = {"name": TEXT, "uri": ADDRESS, "literal": TEXT}
KNOWN: dict[str, Any] = {
    "uri": ADDRESS,
    "type": {"enum": ["text", "audio", "video", "picture", "graphic", "composite", "component", "event", "planning"]},
    "representationType": {"enum": ["full", "partial"]},
    "firstCreated": MOMENT,
    "versionCreated": MOMENT,
    "contentCreated": MOMENT,
    "pubStatus": {"enum": ["usable", "withheld", "canceled"]},
    "language": TEXT,
    "headlines": WORDS,
    "descriptions": WORDS,
    "by": TEXT,
    "subjects": listed(**NAMED, rel=TEXT),
    "infoSources": listed(**NAMED, role=TEXT),
    "altIds": listed(role=TEXT, value=TEXT),
    "renditions": listed(("name",), name=TEXT, href=ADDRESS, contentType=TEXT, width={"type": "integer"}, height={"type": "integer"}),
    "standard": {"type": "object", "properties": {"name": TEXT, "version": TEXT, "schema": ADDRESS}, "additionalProperties": False},
}  # fmt: skip
RULES: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["uri"],
    "additionalProperties": False,
    "properties": KNOWN | {"associations": listed(("name", "uri"), **KNOWN, name=TEXT, rel=TEXT)},
}
GONE = (
    Withdrawn(story="x1", name="2026-02-01-gone", state="canceled", at=NOW, note="Wrong"),
    Withdrawn(story="x2", name="2026-02-02-held", state="withheld", at=NOW),
)
TOPICS = tuple(
    Topic(id=one.id, name=one.name, parent=one.parent, media_topic="medtop:20000344" if one.id == "ferries" else "")
    for one in coast.TOPICS
)


@pytest.fixture(scope="module")
def objects() -> dict[str, Any]:
    first = coast.story(1)
    held = Printing(
        story="s1", name=first.name, at=NOW, url="https://a.example/", title="T", published=NOW,
        provider=Provider(domain="a.example", name="A"),
    )  # fmt: skip
    made = coast.edition(publication=coast.publication(topics=TOPICS), withdrawn=GONE, printings=(held,))
    found = {one.path: one.data for one in ninjs.render(made)}
    return {path: msgspec.json.decode(data) for path, data in found.items()}


def test_every_object_keeps_the_rules(objects):
    """All 42 stories, and the two that were withdrawn."""
    jsonschema.Draft202012Validator.check_schema(RULES)
    checked = [jsonschema.validate(one, RULES) for path, one in objects.items() if path != "api/ninjs/index.json"]
    assert 44 == len(checked)


@pytest.mark.parametrize(
    "wrong",
    [
        {"uri": "story/1"},
        {"versionCreated": "2026-03-02 12:00"},
        {"pubStatus": "published"},
        {"headline": "Old name"},
        {"headlines": [{"role": "main"}]},
    ],
)
def test_the_rules_refuse_what_is_wrong(wrong, objects):
    one = objects["api/ninjs/2026-03-01-story-1.json"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(one | wrong, RULES)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({key: value for key, value in one.items() if key != "uri"}, RULES)


def test_an_object_tells_the_story(objects):
    """Its page is its identity; topics with their Media Topics, who reports, and the others' articles go with it."""
    one, story = objects["api/ninjs/2026-03-01-story-1.json"], coast.story(1)
    assert ("https://coast.example/story/2026-03-01-story-1/", "usable", "text") == (
        one["uri"],
        one["pubStatus"],
        one["type"],
    )
    assert [{"value": story.lead.title}] == one["headlines"]
    assert "2026-03-02T12:00:00Z" == one["firstCreated"]
    assert "http://cv.iptc.org/newscodes/mediatopic/20000344" in {subject["uri"] for subject in one["subjects"]}
    assert [a.url for a in story.related] == [other["uri"] for other in one["associations"]]
    assert {"role": "original", "value": story.lead.web_url} in one["altIds"]
    assert "video" == objects["api/ninjs/2026-03-01-story-42.json"]["type"]


def test_of_what_was_withdrawn_its_state_alone_is_told(objects):
    uri = "https://coast.example/story/2026-02-01-gone/"
    assert {"uri": uri, "pubStatus": "canceled"} == objects["api/ninjs/2026-02-01-gone.json"]
    assert "withheld" == objects["api/ninjs/2026-02-02-held.json"]["pubStatus"]


def test_the_index_names_every_object_once(objects):
    """Every `href` is a file that is printed, and says what the object there says."""
    items = objects["api/ninjs/index.json"]["items"]
    paths = [item["href"].removeprefix("https://coast.example/") for item in items]
    assert {*paths, "api/ninjs/index.json"} == objects.keys()
    assert len(paths) == len(set(paths))
    for path, item in zip(paths, items, strict=True):
        assert item.items() - {("href", item["href"])} <= {(k, v) for k, v in objects[path].items() if type(v) is str}


def test_a_kept_picture_is_a_rendition():
    picture = Picture(
        url="https://harbour.example/p.jpg", state="kept", kind="jpeg", width=1200, height=630, hash="ab" * 16, fetched_at=NOW
    )  # fmt: skip
    story = coast.story(1)
    image = Image(url=picture.url, width=1200, height=630, is_cached=True)
    lead = msgspec.structs.replace(story.lead, images=(image,))
    made = coast.edition(
        0, stories=(msgspec.structs.replace(story, articles=(lead,)),), pictures={picture.url: picture}
    )
    first = next(iter(ninjs.render(made)))
    one = msgspec.json.decode(first.data)
    jsonschema.validate(one, RULES)
    assert (640, 336) == (one["renditions"][0]["width"], one["renditions"][0]["height"])
