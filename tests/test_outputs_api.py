"""outputs.api: pages of published records in the shape that clients of the predecessor read."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest
from msgspec.structs import replace
from openapi_spec_validator import validate

from broadsheet import edition
from broadsheet.errors import UsageError
from broadsheet.outputs import api
from broadsheet.types import Decision, Edition, Image, Membership, Placed, Reason, Story, Topic
from tests import build

TREE = (
    Topic(id="coast", name="Coast"),
    Topic(id="ferries", name="Ferries", parent="Coast"),
    Topic(id="ports", name="Ports", parent="Coast"),
)


def files(made: Edition) -> dict[str, bytes]:
    return {file.path: file.data for file in api.render(made)}


def pages(*records, **changes):
    site = build.publication(**{"topics": TREE} | changes)
    return files(build.edition(*records, publication=site))


def story(n: int, members: int = 1, **changes) -> Story:
    """Story number n, printed: its articles are of providers of their own, and article n.0 leads it."""
    articles = [
        build.article(
            n,
            url=f"https://p{m}.example/{n}",
            web_url=f"https://p{m}.example/{n}",
            title=f"Report {m} of story {n}",
            provider=build.provider(f"p{m}.example"),
            topics=("Coast", "Ferries") if n % 2 else ("Coast",),
            quality=70 - m,
            reasons=(Reason(factor="substance", value="900 words", points=70 - m),),
        )
        for m in range(members)
    ]
    reasons = (Reason(factor="lead", value="quality 70", points=70), Reason(factor="voices", value="more", points=10))
    facts = {"id": f"s{n}", "name": f"2026-03-01-story-{n}", "heat": 80, "reasons": reasons, "published": True}
    return build.story(*articles, **facts | changes)


def printed(*stories: Story, before=(), at=build.NOW, in_force=None, **changes) -> Edition:
    """The edition of these stories. before: what was printed by earlier ones."""
    site = build.publication(**{"topics": TREE, "outputs": ("api", "site")} | changes)
    placed = {
        a.url: Placed(
            url=a.url,
            name=f"2026-03-01-story-{one.id[1:]}-report-{m}.md",
            membership=Membership(url=a.url, story=one.id),
        )
        for one in stories
        for m, a in enumerate(one.articles)
    }
    return edition.build(site, stories, placed, {}, in_force or {}, at, before=before)


def value_at(found: dict[str, bytes], path: str):
    return json.loads(found[f"api/news/{path}"])


def walked(found: dict[str, bytes], folder: str = "") -> list[str]:
    """Records by nextPage from the index of a folder on."""
    page = value_at(found, f"{folder}index.json")
    paths = [item["path"] for item in page["value"]]
    while page["nextPage"]:
        page = value_at(found, f"{folder}page/{page['nextPage']}/index.json")
        paths += [item["path"] for item in page["value"]]
    return paths


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


# --- ours, beside the old shape ---------------------------------------------------------------------------------------


def test_walking_the_pages_meets_every_printed_record_once():
    """From the index by nextPage, whole and by topic, whatever is below the gate between them."""
    made = printed(*(story(n, 2, published=n % 5 > 0) for n in range(1, 101)))
    found = files(made)

    names = sorted(f"_news/{one.name}" for one in made.records if one.record.published)
    assert (80, names) == (len(names), sorted(walked(found)))
    assert 40 == len(walked(found, "ferries/")) == len(set(walked(found, "ferries/")))


def test_an_archive_page_that_is_full_stays_as_it_is():
    """A hundred on each from the oldest on: after a later edition with one story more, only the last page, the index and
    nothing else of the archive differs, although the pages of the newest all do."""
    first = printed(*(story(n) for n in range(1, 151)))
    second = printed(*(story(n) for n in range(1, 152)), before=first.printings, at=build.NOW + timedelta(hours=1))
    old, new = files(first), files(second)

    changed = [path for path in new if "/archive/" in path and old.get(path) != new[path]]
    assert ["api/news/archive/2/index.json", "api/news/archive/index.json"] == changed
    assert [(1, None, 100), (2, 1, 51)] == [
        (page["page"], page["previousPage"], len(page["value"]))
        for page in (value_at(new, "archive/1/index.json"), value_at(new, "archive/2/index.json"))
    ]
    assert "s151" == value_at(new, "archive/2/index.json")["value"][-1]["id"]


def test_the_archives_index_counts_what_is_still_printed():
    """Pages with their addresses, the times of their first and last printing, and how many of each are left."""
    first = printed(*(story(n) for n in range(1, 103)))
    left = printed(*(story(n) for n in range(1, 102)), before=first.printings)
    found = value_at(files(left), "archive/index.json")

    line = {"from": "2026-03-02T12:00:00+00:00", "to": "2026-03-02T12:00:00+00:00"}
    pages_of = "https://ferries.example/api/news/archive"
    assert {
        "stories": 101,
        "pageSize": 100,
        "pages": [
            {"page": 1, "url": f"{pages_of}/1/index.json"} | line | {"stories": 99},
            {"page": 2, "url": f"{pages_of}/2/index.json"} | line | {"stories": 2},
        ],
    } == found


def test_borders_of_the_archive_do_not_move_when_stories_go():
    """Those that are no longer printed keep their places: every other story stays on its page, in its order."""
    first = printed(*(story(n) for n in range(1, 251)))
    left = printed(*(story(n) for n in range(1, 251) if n % 3), before=first.printings)

    for page in range(1, 4):
        path = f"archive/{page}/index.json"
        before = [one["id"] for one in value_at(files(first), path)["value"]]
        assert [key for key in before if int(key[1:]) % 3] == [
            one["id"] for one in value_at(files(left), path)["value"]
        ]


def test_a_story_whose_lead_was_killed_keeps_its_place_in_the_archive():
    """The lead that follows was published at another time; the pages stay, and do not name the killed one."""
    stories = [story(n, 2) for n in range(1, 103)]
    first = printed(*stories)
    gone, later = stories[50].articles
    later = replace(later, published=build.NOW - timedelta(days=300))
    stories[50] = replace(stories[50], articles=(later,))
    kill = Decision(kind="kill", target=gone.url, by="ana", at=build.NOW)
    found = files(printed(*stories, before=first.printings, in_force={gone.url: kill}))

    for page in (1, 2):
        path = f"archive/{page}/index.json"
        assert [one["id"] for one in value_at(files(first), path)["value"]] == [
            one["id"] for one in value_at(found, path)["value"]
        ]
    assert not any(gone.url.encode() in data or gone.title.encode() in data for data in found.values())


def test_the_archive_shows_a_story_as_it_was_first_printed():
    """What leads it later changes nothing on a page that is full; once that article is in it no longer, its lead is shown."""
    one = story(1, 3)
    first = printed(one)
    led = replace(one, articles=one.articles[1:] + one.articles[:1])
    parted = replace(one, articles=one.articles[1:])

    def title(made: Edition) -> str:
        return value_at(files(made), "archive/1/index.json")["value"][0]["title"]

    assert ["Report 0 of story 1"] * 2 + ["Report 1 of story 1"] == [
        title(first),
        title(printed(led, before=first.printings)),
        title(printed(parted, before=first.printings)),
    ]


def test_nothing_in_the_api_names_what_is_not_printed():
    """A story that was printed and is not any more, and one below the gate: no title, address or name of theirs."""
    first = printed(*(story(n, 2) for n in range(1, 6)))
    later = [story(n, 2, published=n not in (2, 4)) for n in range(1, 7)]
    found = files(printed(*later, before=first.printings))

    texts = [data.decode() for data in found.values()]
    words = [word for n in (2, 4) for word in (f"of story {n}", f".example/{n}", f"story-{n}")]
    assert [] == [word for word in words if any(re.search(rf"{word}\b", text) for text in texts)]
    assert [] == [path for path in found if re.search(r"story-[24]\b", path)]
    assert any("of story 3" in text for text in texts)


def test_an_item_is_the_record_with_its_coverage_and_the_reasons_of_its_numbers():
    """At the name of the story's page, also where that is not the name of the lead's record."""
    found = value_at(files(printed(story(1, 3))), "2026/03/01/story-1/index.json")
    (listed,) = value_at(files(printed(story(1, 3))), "index.json")["value"]

    assert listed == {key: found[key] for key in listed}
    ours = {
        "id": "s1",
        "pageUrl": "https://ferries.example/story/2026-03-01-story-1/",
        "quality": 70,
        "reasons": {
            "heat": [
                {"factor": "lead", "value": "quality 70", "points": 70},
                {"factor": "voices", "value": "more", "points": 10},
            ],
            "quality": [{"factor": "substance", "value": "900 words", "points": 70}],
        },
        "related": [
            {
                "title": f"Report {m} of story 1",
                "provider": {"name": f"P{m}", "domain": f"p{m}.example"},
                "webUrl": f"https://p{m}.example/1",
                "publishedDateTime": "2026-03-02T11:00:00+00:00",
                "quality": 70 - m,
            }
            for m in (1, 2)
        ],
    }
    assert ours == {key: value for key, value in found.items() if key not in listed}


def test_every_printed_story_has_an_item_and_no_other_has():
    """An item goes when its story does; a name that is no day and slug lies below `undated/`."""
    made = [story(1), story(2, published=False), story(3, name="harbour")]

    assert ["api/news/2026/03/01/story-1/index.json", "api/news/undated/harbour/index.json"] == sorted(
        path for path in files(printed(*made)) if re.search(r"/(2026|undated)/", path)
    )


def test_an_item_has_no_page_where_no_site_is_printed():
    assert value_at(files(printed(story(1), outputs=("api",))), "2026/03/01/story-1/index.json")["pageUrl"] is None


def test_counts_are_of_what_is_printed():
    """Stories, their articles and providers, by topic and by month, with the time of the newest fact."""
    stories = [story(1, 3), story(2, 2), story(3, published=False)]

    assert {
        "updatedDateTime": "2026-03-02T11:00:00+00:00",
        "stories": 2,
        "articles": 5,
        "providers": 3,
        "topics": [
            {"id": "ferries", "name": "Ferries", "stories": 1},
            {"id": "ports", "name": "Ports", "stories": 0},
        ],
        "months": [{"month": "2026-03", "stories": 2}],
    } == value_at(files(printed(*stories)), "counts.json")


@pytest.mark.parametrize("name", ["archive", "page1", "page22"])
def test_a_topic_whose_pages_would_lie_on_others_is_a_mistake_of_the_publication(name):
    with pytest.raises(UsageError, match=name):
        pages(topics=(*TREE, Topic(id=name, name="Taken", parent="Coast")))


# --- the descriptions -------------------------------------------------------------------------------------------------


def described(made: Edition) -> tuple[dict[str, bytes], dict, dict]:
    """All files but the descriptions, the schema and the OpenAPI document."""
    found = files(made)
    return found, json.loads(found.pop("api/schema.json")), json.loads(found.pop("api/openapi.json"))


def full() -> Edition:
    """An edition with something of every kind: records with and without whatever can be absent, words that break things."""
    rich = story(1, 3)
    lead = replace(
        rich.lead,
        title='"]}\u2028</script> \ud800 --- #: {{ x }}',
        images=(Image(url="https://p0.example/1.jpg", width=10, height=20), Image(url="https://p0.example/2.jpg")),
        provider=build.provider("p0.example", images=(Image(url="https://p0.example/l.png", width=50, height=50),)),
        amp_url="https://p0.example/amp/1",
        paywalled=True,
        authors=("Ana",),
    )
    video = story(2)
    embedded = replace(video.lead, web_url="", type="video", featured_content="<iframe></iframe>", language="")
    stories = [replace(rich, articles=(lead, *rich.related)), replace(video, articles=(embedded,))]
    return printed(*stories, *(story(n, 2, published=n % 7 > 0) for n in range(3, 120)), timezone="Asia/Kathmandu")


@pytest.mark.parametrize("made", [full(), printed(), printed(topics=TREE[:1])], ids=["full", "empty", "one topic"])
def test_every_file_is_what_the_schema_says(made):
    """Each file is of one kind; every kind is there in a full edition."""
    found, schema, _ = described(made)
    jsonschema.Draft202012Validator.check_schema(schema)
    checker = jsonschema.Draft202012Validator(schema)
    kinds = {
        kind: jsonschema.Draft202012Validator({"$ref": f"#/$defs/{kind}", "$defs": schema["$defs"]})
        for kind in ("page", "item", "archive", "archivePage", "counts")
    }

    assert [] == [
        (path, error.message) for path, data in found.items() for error in checker.iter_errors(json.loads(data))
    ]
    seen = {kind for data in found.values() for kind, one in kinds.items() if one.is_valid(json.loads(data))}
    assert seen == (set(kinds) if made.stories else {"page", "archive", "counts"})


@pytest.mark.parametrize("key", ["quality", "published", "related", "secured", "heat"])
def test_the_schema_refuses_a_page_that_says_more_or_less(key):
    """So that the test above would see an item of a page that carries what is not for clients, or lacks its heat."""
    found, schema, _ = described(full())
    page = json.loads(found["api/news/index.json"])
    page["value"][0] = (
        {k: v for k, v in page["value"][0].items() if k != key} if key == "heat" else page["value"][0] | {key: 1}
    )

    assert not jsonschema.Draft202012Validator(schema).is_valid(page)


@pytest.mark.parametrize("made", [full(), printed(topics=TREE[:1])], ids=["full", "one topic"])
def test_the_openapi_document_is_valid(made):
    _, _, document = described(made)

    validate(document)


def test_every_address_in_the_openapi_document_answers_and_every_file_has_one():
    """Each path with parameters that its schemas allow is the path of a file, of which the schema is the one it names;
    and no file is left without."""
    made = full()
    found, _, document = described(made)
    found |= {path: files(made)[path] for path in ("api/schema.json", "api/openapi.json")}
    unnamed = set(found) - {"api/openapi.json"}

    for template, path in sorted(document["paths"].items(), key=lambda one: one[0].count("{")):
        pattern = template[1:]
        for parameter in path["get"]["parameters"]:
            allowed = parameter["schema"]
            by_type = r"[1-9][0-9]*" if allowed["type"] == "integer" else allowed.get("pattern", "[^/]+").strip("^$")
            form = "|".join(allowed["enum"]) if "enum" in allowed else by_type
            pattern = pattern.replace(f"{{{parameter['name']}}}", f"(?:{form})")
        answering = {name for name in found if re.fullmatch(pattern, name)}
        assert answering, template
        unnamed -= answering
        schema = path["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        checker = jsonschema.Draft202012Validator(schema | {"components": document["components"]})
        assert all(checker.is_valid(json.loads(found[name])) for name in answering), template
    assert set() == unnamed


def test_the_reference_names_every_address_and_every_key():
    """docs/reference/api.md, in the words of the schema and of the OpenAPI document."""
    text = Path("docs/reference/api.md").read_text(encoding="utf-8")
    _, schema, document = described(full())
    short = {"{page}": "N", "{topic}": "<topic id>", "{year}/{month}/{day}/{slug}": "YYYY/MM/DD/<slug>"}
    addresses = [path.removeprefix("/api/news/").removeprefix("/") for path in document["paths"]]
    for long, name in short.items():
        addresses = [address.replace(long, name) for address in addresses]
    keys = {key for one in schema["$defs"].values() for key in one.get("properties", {})}

    assert [] == [address for address in addresses if f"`{address}" not in text and f"/{address}`" not in text]
    assert [] == sorted(key for key in keys if f"`{key}`" not in text and not re.search(rf"`{{.*\b{key}\b.*}}`", text))
    assert {"page", "item", "archive", "archivePage", "counts"} == set(
        re.findall(r"^\| .* \| (\w+) \| .* \|$", text.partition("## Pages")[0], re.MULTILINE)
    ) - {"Kind"}


def test_the_same_edition_gives_the_same_bytes():
    assert files(full()) == files(full())
