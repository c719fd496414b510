"""The text of an article is Markdown: a renderer gives back its blocks, and `text.plain` their prose."""

from __future__ import annotations

from collections.abc import Iterator

import lxml.etree
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from broadsheet import explain, tag, text
from broadsheet.extract.body import foreign
from broadsheet.extract.body.block import Block
from broadsheet.extract.body.markdown import markdown
from broadsheet.normalise import MAX_TEXT, normalise

from .build import NOW, article, publication, topic

RENDERER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
WITH_HTML = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

SLOWLY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])

# What Markdown is made of, and words between.
_PIECES = st.sampled_from(
    [
        *"#>-+*_~`|[](){}<>!&;:=.\\\"'/?1234567890",
        "a",
        "ab",
        "é",
        "日",
        " ",
        "  ",
        "***",
        "---",
        "```",
        "~~~",
        "](",
        "]:",
        "[x]",
        "&amp;",
        "&#39;",
        "<b>",
        "</p>",
        "<!--",
        "<a@b.example>",
        "<http://x.example>",
        "1.",
        "2)",
        "- ",
        "* ",
        "\\*",
        "\u201c",
        "\u2009",
    ]
)
LINE = st.lists(_PIECES, max_size=14).map(lambda pieces: text.clean("".join(pieces))).filter(bool)
_CELL = st.one_of(st.just(""), LINE.filter(lambda cell: " | " not in f" {cell} "))


def _rows(width: int) -> st.SearchStrategy[str]:
    rows = st.lists(st.lists(_CELL, min_size=width, max_size=width), min_size=1, max_size=4)
    return rows.filter(lambda t: all(any(row) for row in t)).map(lambda t: "\n".join(" | ".join(row) for row in t))


CODE = st.lists(st.one_of(st.just(""), LINE, LINE.map("    {}".format)), min_size=1, max_size=5).map(
    lambda lines: "\n".join(lines).strip("\n")
)
BLOCKS = st.lists(
    st.one_of(
        st.builds(Block, kind=st.sampled_from(["paragraph", "quote", "caption"]), text=LINE),
        st.builds(Block, kind=st.just("heading"), text=LINE, level=st.integers(1, 6)),
        st.builds(Block, kind=st.just("item"), text=LINE, level=st.integers(0, 3), ordered=st.integers(0, 12)),
        st.builds(Block, kind=st.just("code"), text=CODE.filter(str.strip)),
        st.builds(Block, kind=st.just("table"), text=st.integers(1, 4).flatmap(_rows)),
    ),
    max_size=8,
)


def rendered(source: str, renderer: MarkdownIt = RENDERER) -> list[Block]:
    """The blocks that a CommonMark renderer finds."""
    return list(_blocks(iter(renderer.parse(source))))


def _blocks(tokens: Iterator[Token]) -> Iterator[Block]:
    lists: list[int] = []
    heading, quoted, rows = 0, False, []
    for token in tokens:
        match token.type:
            case "bullet_list_open":
                lists.append(0)
            case "ordered_list_open":
                lists.append(int(token.attrs.get("start", 1)))
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
            case "list_item_close":
                lists[-1] += bool(lists[-1])
            case "heading_open":
                heading = int(token.tag[1])
            case "heading_close":
                heading = 0
            case "blockquote_open" | "blockquote_close":
                quoted = token.nesting == 1
            case "fence":
                assert "" == token.info
                yield Block(kind="code", text=token.content.removesuffix("\n"))
            case "tr_open":
                rows.append([])
            case "table_close":
                yield Block(kind="table", text="\n".join(" | ".join(row) for row in rows))
                rows = []
            case "inline" if rows:
                rows[-1].append(_said(token)[1])
            case "inline":
                caption, said = _said(token)
                if heading:
                    yield Block(kind="heading", text=said, level=heading)
                elif quoted:
                    yield Block(kind="quote", text=said)
                elif lists:
                    yield Block(kind="item", text=said, level=len(lists) - 1, ordered=lists[-1])
                else:
                    yield Block(kind="caption" if caption else "paragraph", text=said)
            case other:
                assert other in _SILENT, other


_SILENT = {"paragraph_open", "paragraph_close", "list_item_open", "table_open", "tr_close"} | {
    f"{part}_{end}" for part in ("thead", "tbody", "th", "td") for end in ("open", "close")
}


def _said(token: Token) -> tuple[bool, str]:
    """Whether all of it is emphasised, and its text. Any other markup fails."""
    kinds = [child.type for child in token.children or []]
    inner = [child for child in token.children or [] if child.type not in ("em_open", "em_close")]
    caption = kinds[:1] == ["em_open"] and kinds[-1:] == ["em_close"] and kinds.count("em_open") == 1
    assert {"text", "text_special"} >= {child.type for child in inner}, kinds
    assert caption or "em_open" not in kinds
    return caption, "".join(child.content for child in inner)


def nested(blocks: list[Block]) -> list[Block]:
    """The same with no item nested deeper than one level below the item before it."""
    found, depth = [], 0
    for block in blocks:
        depth = min(block.level, depth) + 1 if block.kind == "item" else 0
        found.append(Block(kind="item", text=block.text, level=depth - 1, ordered=block.ordered) if depth else block)
    return found


@SLOWLY
@given(BLOCKS)
def test_a_renderer_gives_back_the_blocks(blocks):
    """Whatever a text says, it is said and not markup; also where raw HTML is let through."""
    source = markdown(blocks)

    assert nested(blocks) == rendered(source)
    assert nested(blocks) == rendered(source, WITH_HTML)


@SLOWLY
@given(BLOCKS)
def test_plain_gives_back_the_words(blocks):
    """Every block as it was, but for the blank lines of code."""
    said = ["\n".join(filter(str.strip, b.text.split("\n"))) if b.kind == "code" else b.text for b in blocks]

    assert "\n\n".join(said) == text.plain(markdown(blocks))


@SLOWLY
@given(BLOCKS)
def test_markdown_is_kept_when_it_is_cleaned(blocks):
    assert markdown(blocks) == text.clean_markdown(markdown(blocks))


@SLOWLY
@given(st.text(max_size=200))
def test_cleaning_any_text_twice_is_cleaning_it_once(noise):
    once = text.clean_markdown(noise)

    assert once == text.clean_markdown(once)


@pytest.mark.parametrize(
    "prose",
    [
        "It rose by 5 * 3 = 15 % & fell again; snake_case, a [note] (see p. 3), 3 < 4 and 5 > 2 – “so” it's done!",
        "C# and C++ on www.harbour.example/a_b_c: ask post@harbour.example #ferries @norhaven",
        "AT&T paid $5* for it.",
        "2026 was a year; 12.5 km and 3.) are no list",
        "Path C:\\boats\\new, `one tick, ~10 boats",
    ],
)
def test_ordinary_prose_stays_as_written(prose):
    assert prose == markdown([Block(kind="paragraph", text=prose)])


def test_what_each_kind_looks_like():
    """Headings, lists nested by indent, quotes, fenced code, tables with a head, captions."""
    blocks = [
        Block(kind="heading", text="The ferry", level=2),
        Block(kind="paragraph", text="It sails."),
        Block(kind="item", text="north"),
        Block(kind="item", text="first", level=1, ordered=1),
        Block(kind="item", text="second", level=1, ordered=2),
        Block(kind="item", text="south"),
        Block(kind="quote", text="All aboard"),
        Block(kind="code", text="a = `b`\n\n    ```"),
        Block(kind="table", text="Day | Boats\nMonday | 3|4\nTuesday"),
        Block(kind="caption", text="The quay"),
    ]

    assert (
        "## The ferry\n\nIt sails.\n\n- north\n  1. first\n  2. second\n- south\n\n> All aboard\n\n"
        "````\na = `b`\n\n    ```\n````\n\n"
        "| Day | Boats |\n| --- | --- |\n| Monday | 3\\|4 |\n| Tuesday | |\n\n*The quay*"
    ) == markdown(blocks)


def test_trafilaturas_body_becomes_blocks():
    body = lxml.etree.fromstring(
        '<body><head rend="h3">Boats</head><p>One <hi>fine</hi> day.<lb/>Then rain &amp;amp; wind.</p>'
        '<list rend="ol"><item>first<list rend="ul"><item><p>inner</p></item></list></item><item>second</item></list>'
        "<quote><p>Ahoy</p></quote><code>x = 1\n  y = 2</code><p>Type <code>ls</code> now.</p>"
        '<table><row><cell role="head">A</cell><cell role="head">B</cell></row><row><cell>1</cell><cell/></row></table></body>'
    )

    assert (
        Block(kind="heading", text="Boats", level=3),
        Block(kind="paragraph", text="One fine day."),
        Block(kind="paragraph", text="Then rain & wind."),
        Block(kind="item", text="first", ordered=1),
        Block(kind="item", text="inner", level=1),
        Block(kind="item", text="second", ordered=2),
        Block(kind="quote", text="Ahoy"),
        Block(kind="code", text="x = 1\n  y = 2"),
        Block(kind="paragraph", text="Type ls now."),
        Block(kind="table", text="A | B\n1 | "),
    ) == foreign.blocks(body)


@pytest.mark.parametrize(
    "rows",
    [
        "<row><cell><p>One day.</p><p>Then rain.</p></cell></row>",
        f"<row><cell/><cell><p>One day.</p><p>{'Then rain. ' * 200}</p></cell></row>",
    ],
)
def test_a_table_that_lays_out_a_page_is_none(rows):
    """A single column, or a cell as long as an article, gives the blocks of its cells."""
    found = foreign.blocks(lxml.etree.fromstring(f"<body><table>{rows}</table></body>"))

    assert ["paragraph", "paragraph"] == [block.kind for block in found]


def test_a_hit_in_the_text_is_an_offset_of_its_prose():
    """The passage that `why` shows is cut around the keyword, whatever marks and escapes stand before it."""
    written = "## Head\n\n1\\. *not* \\[a]: list\n\n- item\n- the \\*fast\\* ferry sails"
    tagged = tag.tag(article(title="Boats", text=written), (topic(keywords=("ferry",)),))
    (hit,) = [hit for hit in tagged.hits if hit.where == "text"]
    shown = explain.explain(tagged, None, None, (), (), (), publication())

    assert "ferry" == text.plain(written)[hit.start : hit.start + 5]
    assert "…* [a]: list item the *fast* [ferry] sails" == shown.evidence[0].passage


def test_an_article_keeps_its_markdown_and_is_cut_between_blocks():
    """Code, nested lists and tables stay as they are; a text that is too long ends after a whole block."""
    whole = "# A\n\n- b\n  - c\n\n```\nd\n\n  e\n```\n\n| f |\n| --- |\n| g |"
    long = f"{whole}\n\n```\n" + "\n\n".join(f"line {n}" for n in range(60_000)) + "\n```\n\nEnd"

    assert whole == normalise(article(text=whole), NOW).text
    assert whole == normalise(article(text=long), NOW).text
    assert len(long) > MAX_TEXT


def test_code_with_blank_lines_is_one_block():
    """At its beginning, within and before its end."""
    assert ["```\n\na\n\n\nb\n\n```", "c"] == text.blocks("```\n\na\n\n\nb\n\n```\n\nc")


def test_a_paragraph_that_is_too_long_by_itself_is_cut_in_it():
    found = normalise(article(text="word " * MAX_TEXT), NOW)

    assert MAX_TEXT - 10 < len(found.text) <= MAX_TEXT
    assert found == normalise(found, NOW)
