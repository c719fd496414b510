"""Themes: what a folder of templates and style sheets may change, and how it fails."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from lxml import html

from broadsheet.errors import UsageError
from broadsheet.outputs import site
from broadsheet.types import File, Site

from . import coast
from .build import article, story

EXAMPLE = Path(__file__).parent.parent / "examples" / "theme"
STORY = "story/2026-03-02-ferry-line-opens/index.html"


def printed(**files: str | bytes) -> dict[str, str]:
    """The site of one story with a theme of these files, where `__` stands for a dot."""
    held = tuple(
        File(path=name.replace("__", "."), data=data.encode() if isinstance(data, str) else data)
        for name, data in files.items()
    )
    settings = coast.publication(site=Site(theme="theme"), theme_files=held)
    edition = coast.edition(stories=(story(article(title="<i>Ferry</i> opens")),), publication=settings)
    return {file.path: file.data.decode() for file in site.render(edition)}


def test_a_template_replaces_ours_and_can_extend_it():
    """A block of the layout is changed on every page; the rest stays."""
    pages = printed(
        layout__html='{% extends "ours/layout.html" %}{% block foot %}<p>By hand</p>{{ super() }}{% endblock %}'
    )
    for path in ("index.html", STORY, "topic/ports/index.html", "404.html"):
        foot = html.document_fromstring(pages[path]).find(".//footer").text_content()
        assert "By hand" in foot, path
        assert "Archive" in foot, path


def test_style_replaces_ours_and_extra_comes_after_it():
    """Both as they are, in the one printed sheet; the 404 page has them in itself and cannot be broken out of."""
    pages = printed(style__css='p::before { content: ", " }', extra__css="/* </style> */ b { color: red }")
    assert 'p::before { content: ", " }\n/* </style> */ b { color: red }\n' == pages["style.css"]
    style = html.document_fromstring(pages["404.html"]).find(".//style").text
    assert style.endswith("b { color: red }\n")
    ours = printed(extra__css="b { color: red }")["style.css"]
    assert ours.startswith(":root{")
    assert ours.endswith("\nb { color: red }\n")


def test_a_theme_escapes_what_it_prints():
    """A title is text in a theme's own template, too."""
    page = printed(story__html="<p>{{ card.lead.title }}</p>")[STORY]
    assert "<p>&lt;i&gt;Ferry&lt;/i&gt; opens</p>" == page


@pytest.mark.parametrize(
    "template",
    [
        "{% autoescape false %}{{ card.lead.title }}{% endautoescape %}",
        "{{ card.lead.title|safe }}",
        "{% filter safe %}{{ card.lead.title }}{% endfilter %}",
    ],
)
def test_a_theme_cannot_switch_escaping_off(template):
    """Neither by a block nor by a filter; the error names file and line."""
    with pytest.raises(UsageError, match=r"theme/story\.html, line 2"):
        printed(story__html=f"\n{template}")


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("\n\n{% block main %}", "theme/story.html, line 3: "),
        ("\n{{ nothing }}", "'nothing' is undefined: theme/story.html, line 2: "),
        ("\n{{ card.lead.nothing }}", "theme/story.html, line 2: "),
        ("\n{{ card.lead.title|nothing }}", "theme/story.html, line 2: "),
        ("\n{{ 1 / 0 }}", "ZeroDivisionError: division by zero: theme/story.html, line 2: "),
        ('{% extends "other.html" %}', "there is no template other.html: theme/story.html, line 1: "),
        (b"\n\xff", "not UTF-8: theme/story.html: "),
    ],
)
def test_an_error_in_a_template_is_one_line_with_its_place(template, line):
    """Whatever is wrong in a theme is a usage error that names the file and, where there is one, the line."""
    with pytest.raises(UsageError) as caught:
        printed(story__html=template)
    assert line in str(caught.value)
    assert 1 == len(str(caught.value).splitlines())


def test_two_themes_do_not_mix():
    """What is kept of a theme goes by its content, so that another edition of it shows at once."""
    first = printed(moved__html="", story__html="<p>one</p>")[STORY]
    second = printed(moved__html="", story__html="<p>two</p>")[STORY]
    assert ("<p>one</p>", "<p>two</p>") == (first, second)
    assert "<h1" in printed(extra__css="")[STORY]


def test_the_example_prints():
    """The example theme changes what its files say: a note on the front page, a line at the foot, colours."""
    files = {path.name.replace(".", "__"): path.read_text() for path in EXAMPLE.iterdir()}
    pages = printed(**files)
    assert "Harbour walk" in pages["index.html"]
    assert "Harbour walk" not in pages[STORY]
    assert "window open" in pages[STORY]
    assert "--mark: #0b5d4e" in pages["style.css"]


def test_a_theme_changes_no_other_publication():
    """The site without a theme is the same after a site with one."""
    edition = coast.edition(3)
    before = {file.path: file.data for file in site.render(edition)}
    printed(layout__html="<p>nothing</p>")
    assert before == {file.path: file.data for file in site.render(msgspec.structs.replace(edition))}
