"""Hostile titles: one story's title touches the files that show it, and in them that story alone; records and names too."""

from __future__ import annotations

import html as entities
from functools import cache

import msgspec
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html

from broadsheet import edition as editions
from broadsheet import files, plugins, record, text
from broadsheet.letters import choosing
from broadsheet.types import Edition, Membership, Placed, Sheet

from . import coast
from .build import NOW
from .test_hostile_words import NUMBER, OUTPUTS, WORDS
from .test_hostile_words import _markup as markup
from .test_hostile_words import _well_formed as well_formed

TITLES = WORDS | {
    "device": "aux.md",
    "folder": ".git/hooks/post-checkout",
    "surrogates": "half \ud83d of a pair \udc00",
    "blank": "\u200b\u2060\ufeff",
    "digits": "2026-03-02",
    "null": "null",
    "comma": "a, b: [c] {d} # e",
    "dashes": "--- ... ---",
    "first": "\u0301\u0301 combining at the start",
    "right-to-left": "שלום \u202eabc\u2069",
}


def said_of(title: str) -> str:
    """The title as ingesting cleans it."""
    return text.clean(text.unescape(title))[: text.TITLE] or "harbour.example"


def excerpt_of(title: str) -> str:
    """An excerpt that says it, and is never empty: what has none has an element less."""
    return text.clean(text.unescape(f"It says: {title}"))


@cache
def edition(title: str) -> Edition:
    """The fictional edition, with records, in which one story's lead has this title and excerpt."""
    made = coast.edition()
    story = made.stories[NUMBER]
    lead = msgspec.structs.replace(story.lead, title=said_of(title), excerpt=excerpt_of(title))
    changed = msgspec.structs.replace(story, articles=(lead, *story.articles[1:]))
    stories = (*made.stories[:NUMBER], changed, *made.stories[NUMBER + 1 :])
    places = {
        a.url: Placed(url=a.url, name=f"{s.name}-{n}.md", membership=Membership(url=a.url, story=s.id))
        for s in stories
        for n, a in enumerate(s.articles)
    }
    publication = msgspec.structs.replace(made.publication, outputs=OUTPUTS)
    built = editions.build(publication, stories, places, {}, {}, NOW)
    issue = choosing.choose(built, ())
    assert issue is not None and stories[NUMBER].id in {piece.story for piece in issue.pieces}
    return editions.marked(msgspec.structs.replace(built, issues=(issue,)), b"")


@cache
def printed(output: str, title: str) -> dict[str, bytes]:
    rendered = plugins.find("outputs", output).render(edition(title))
    return {file.path: file.make() if isinstance(file, Sheet) else file.data for file in rendered}


def own(path: str, data: bytes) -> bool:
    """Does this file show the story: by its page, by an address of its articles, or as its record?"""
    story = edition("Plain words").stories[NUMBER]
    told = f"{path}\n{data.decode()}"
    return any(word in told for word in (story.name, story.id, *(a.url for a in story.articles)))


@pytest.mark.parametrize("kind", TITLES)
@pytest.mark.parametrize("output", OUTPUTS)
def test_a_title_changes_no_file_that_does_not_show_it(output, kind):
    """The same paths, and the same bytes wherever the story is not."""
    plain, found = printed(output, "Plain words"), printed(output, TITLES[kind])
    assert list(plain) == list(found)
    for path, data in found.items():
        assert data == plain[path] or own(path, data), path


@pytest.mark.parametrize("kind", TITLES)
@pytest.mark.parametrize("output", OUTPUTS)
def test_in_a_file_that_shows_it_every_other_story_stays(output, kind):
    """Items of feeds and lists, cards of pages, lines of records: what is another story's has the bytes that it had."""
    plain, found = printed(output, "Plain words"), printed(output, TITLES[kind])
    for path in (path for path in found if found[path] != plain[path]):
        before, after = others(path, plain[path]), others(path, found[path])
        assert before == after, path


def others(path: str, data: bytes) -> list[str]:
    """What in this file is of other stories, piece by piece."""
    if path.endswith((".xml", ".opml")):
        items = [
            e for e in etree.fromstring(data).iter() if etree.QName(e).localname in ("item", "entry", "url", "outline")
        ]
        pieces = [etree.tostring(item, with_tail=False).decode() for item in items]
    elif path.endswith(".json") and edition("Plain words").stories[NUMBER].name not in path:
        told = msgspec.json.decode(data)
        lists = told.values() if isinstance(told, dict) else [told]
        pieces = [msgspec.json.encode(one).decode() for many in lists if isinstance(many, list) for one in many]
    elif path.endswith(".html"):
        pieces = [
            etree.tostring(e, with_tail=False).decode() for e in html.document_fromstring(data.decode()).iter("article")
        ]
    else:
        return []
    return [piece for piece in pieces if not own("", piece.encode())]


@pytest.mark.parametrize("kind", TITLES)
@pytest.mark.parametrize("output", [name for name in OUTPUTS if name != "site"])
def test_an_output_stays_well_formed_and_gains_no_markup(output, kind):
    """Letters and records above all, which the fictional edition of the site's own tests has not."""
    plain, found = printed(output, "Plain words"), printed(output, TITLES[kind])
    for path in (path for path in found if found[path] != plain[path]):
        if path.startswith("_newsletters/"):  # front matter and HTML
            front, body = (found[path].decode().removeprefix("---\n")).split("\n---\n", 1)
            assert isinstance(yaml.safe_load(front), dict)
            assert markup(plain[path].decode().split("\n---\n", 1)[1].encode()) == markup(body.encode())
        else:
            well_formed(path, found[path])
            if path.endswith(".html"):
                assert markup(plain[path]) == markup(found[path]), path


def test_the_guards_see_other_stories():
    """What the two tests above compare is there: most items, cards and entries are of other stories."""
    for output, path in (("rss", "feed.xml"), ("atom", "atom.xml"), ("jsonfeed", "feed.json"), ("site", "index.html")):
        data = printed(output, "Plain words")[path]
        assert len(others(path, data)) >= 10
        assert own(path, data), path


# --- records ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", TITLES)
def test_a_record_says_the_title_and_nothing_more(kind):
    """Any YAML reader and ours give it back; no key comes, goes or changes; ours prints the same bytes again."""
    story = edition(TITLES[kind]).stories[NUMBER]
    path = f"_news/{story.name}-0.md"
    data, plain = printed("records", TITLES[kind])[path], printed("records", "Plain words")[path]
    front = yaml.safe_load(data.decode().removeprefix("---\n").removesuffix("---\n\n"))
    assert said_of(TITLES[kind]) == front.pop("title")
    assert excerpt_of(TITLES[kind]) == front.pop("excerpt")
    expected = yaml.safe_load(plain.decode().removeprefix("---\n").removesuffix("---\n\n"))
    assert {key: value for key, value in expected.items() if key not in ("title", "excerpt")} == front
    parsed, newline = record.parse(data)
    assert data == record.dump(parsed, newline)
    assert [] == list(record.check(data))


@pytest.mark.parametrize("kind", TITLES)
def test_the_name_of_a_record_is_a_plain_one_on_every_system(kind):
    """No separator, no device, no hidden or endless name, whatever the title says."""
    lead = edition(TITLES[kind]).stories[NUMBER].lead
    name = record.file_name(lead.published, lead.title, lead.url, lead.provider.domain, ())
    assert "" == files.unsafe(f"_news/{name}")
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789_-.")
    assert (
        len(name) <= len("2026-03-01-") + 140 + len(".md")
        and name.startswith("20")
        and name.endswith(".md")
        and ".." not in name
    )


# --- entities --------------------------------------------------------------------------------------------------------


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp", "Zs"], exclude_characters="&"), min_size=1)
)
@settings(max_examples=200, deadline=None)
def test_what_a_publisher_escaped_once_or_twice_is_what_he_wrote(words):
    """Unescaped at ingest, whether its feed escapes once or, as many do, twice."""
    once = entities.escape(words)
    assert words == text.unescape(once) == text.unescape(entities.escape(once))


@given(st.text(st.sampled_from("ab<>&;#x'\"128 lgtmp"), min_size=1, max_size=30))
@settings(max_examples=150, deadline=None)
def test_what_is_printed_is_escaped_once(words):
    """Page, feed and record give back exactly what was held, entities in it included: not one level more or less."""
    made = coast.edition()
    held = " ".join(words.split()) or "x"
    story = made.stories[NUMBER]
    lead = msgspec.structs.replace(story.lead, title=held)
    alone = msgspec.structs.replace(story, articles=(lead,))
    few = editions.marked(msgspec.structs.replace(made, stories=(alone,)), b"")
    rss = {file.path: file for file in plugins.find("outputs", "rss").render(few)}["feed.xml"]
    item = next(etree.fromstring(rss.make() if isinstance(rss, Sheet) else rss.data).iter("item"))
    assert held == item.findtext("title")
    printed_record = record.from_article(lead, heat=1, published=True, related=())
    assert held == record.parse(record.dump(printed_record))[0].title


@pytest.mark.parametrize("kind", ["html", "entity", "attribute", "cdata", "markdown", "template"])
def test_the_search_index_and_the_api_have_the_very_words(kind):
    """JSON needs no second escaping: the API says the title as it is held."""
    api = msgspec.json.decode(printed("api", TITLES[kind])["api/news/index.json"])
    assert said_of(TITLES[kind]) in [item["title"] for item in api["value"]]
