"""The text of a page: what is kept of it, what is left out, and what is seen to be wrong."""

from datetime import UTC, datetime

import pytest

from broadsheet.extract import body, document
from broadsheet.types import Page

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
PROSE = (
    "The harbour of Ostvik will be dredged for the first time in forty years, the port authority said on Monday.",
    "Ships of more than two hundred metres have had to wait outside the breakwater for the tide, which costs them hours.",
    "“We lose a day on every third call,” said the head of the pilots, Runa Helgesen, who has asked for it since 2019.",
    "The work will take until autumn, and about ninety thousand cubic metres of mud are to be brought out to sea.",
)
MENU = "".join(
    f'<li><a href="/{name}">{name.title()}</a></li>' for name in ("news", "sport", "culture", "weather", "sea")
)
PAGE = """<html><head><title>Harbour to be dredged</title></head><body><nav><ul>{menu}</ul></nav>
<main><article><h1>Harbour to be dredged</h1>{text}</article></main>{after}<footer><p>All rights reserved.</p></footer></body></html>"""


def paragraphs(texts=PROSE):
    return "".join(f"<p>{text}</p>" for text in texts)


def tree(html):
    page = Page(
        url="https://a.example/", final_url="https://a.example/", status=200, body=html.encode(), fetched_at=NOW
    )
    return document.tree(page)


def read(text="", after="", html="", **told):
    root = tree(html or PAGE.format(menu=MENU, text=text, after=after))
    return body.read(root, **({"told_text": "", "fed": "", "title": "Harbour to be dredged"} | told))


def texts(found):
    return [block.text for block in found.blocks]


def test_only_the_paragraphs_are_text():
    """Menu, title and foot of a page are not of its text."""
    assert list(PROSE) == texts(read(paragraphs()))


def test_the_tree_is_left_as_it_is():
    """Other readers share the tree."""
    root = tree(PAGE.format(menu=MENU, text=paragraphs(), after=""))
    before = "".join(root.itertext())

    body.read(root, told_text="", fed="")

    assert before == "".join(root.itertext())


def test_line_breaks_part_paragraphs():
    """Two line ends in bare text part paragraphs; one does not."""
    first, second, third, fourth = PROSE
    found = read(f"<div>{first}<br><br>{second}<br>{third}<br> <br>{fourth}</div>")

    assert [first, f"{second} {third}", fourth] == texts(found)


def test_a_list_within_the_text_is_kept():
    """Items say how deep they are nested and, in an ordered list, which they are."""
    items = ("The outer basin, which is nine metres deep today.", "The channel to the fish market, of seven metres.")
    first, second = items
    found = read(f"{paragraphs(PROSE[:2])}<ol><li>{first}</li><li>{second}</li></ol>{paragraphs(PROSE[2:])}")

    assert [("item", first, 0, 1), ("item", second, 0, 2)] == [
        (block.kind, block.text, block.level, block.ordered) for block in found.blocks if block.kind == "item"
    ]


def test_code_keeps_its_lines():
    """Code is one block, with line ends and indents as they are."""
    code = "def depth(tide):\n    if tide < 0:\n        return 9\n    return 9 + tide"
    found = read(f"{paragraphs(PROSE[:3])}<pre><code>{code.replace('<', '&lt;')}</code></pre>{paragraphs(PROSE[3:])}")

    assert [code] == [block.text for block in found.blocks if block.kind == "code"]


def test_a_table_of_data_is_one_block():
    """One row a line, cells parted by a bar."""
    rows = (
        ("Basin", "Depth today", "Depth planned"),
        ("Outer basin", "9.0 m", "11.5 m"),
        ("Fish market", "7.0 m", "8.0 m"),
    )
    table = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    found = body.shape.blocks(*_all_of(f"{paragraphs()}<table>{table}</table>"))

    assert ["\n".join(" | ".join(row) for row in rows)] == [block.text for block in found if block.kind == "table"]


def _all_of(text):
    page = body.walk.read(tree(f"<html><body>{text}</body></html>"))
    return page, range(len(page.blocks))


def test_a_table_that_lays_out_a_page_is_no_table():
    """Long cells are paragraphs."""
    found = body.shape.blocks(*_all_of(f"<table><tr><td>{' '.join(PROSE)}</td><td>{' '.join(PROSE)}</td></tr></table>"))

    assert {"paragraph"} == {block.kind for block in found}


def test_kinds_of_blocks_are_told():
    """Headings with their level, quotes, captions."""
    html = f"<h3>What is to be done</h3><blockquote><p>{PROSE[2]}</p></blockquote><figure><img src=a.png><figcaption>The quay.</figcaption></figure>"

    assert [("heading", 3), ("quote", 0), ("caption", 0)] == [
        (b.kind, b.level) for b in body.shape.blocks(*_all_of(html))
    ]


def test_teasers_after_the_text_are_not_of_it():
    """A list of linked headlines with a line each, as it follows most articles."""
    teasers = "".join(
        f'<li><article><h3><a href="/{n}">Ferry number {n} is late again this week</a></h3><p>Read more about it</p></article></li>'
        for n in range(6)
    )
    found = read(paragraphs(), after=f'<aside class="related"><h2>More on this</h2><ul>{teasers}</ul></aside>')

    assert list(PROSE) == texts(found)


def test_comments_are_not_of_the_text():
    """What readers wrote below, in a section that is called so."""
    comments = "".join(
        f'<li class="comment"><p class="author">Reader {n}</p><div class="comment-body"><p>I have seen this coming for years, and nobody did a thing about it.</p></div></li>'
        for n in range(3)
    )
    found = read(
        paragraphs(),
        after=f'<section id="comments"><h2>3 comments</h2><ol class="comment-list">{comments}</ol></section>',
    )

    assert list(PROSE) == texts(found)


@pytest.mark.parametrize("how", ["hidden", 'style="display: none"', "style='color:red;DISPLAY:NONE'"])
def test_what_is_hidden_is_not_read(how):
    """A page that shows text of its own is not asked for what it does not show."""
    assert "secret" not in body.joined(
        read(f"{paragraphs()}<div {how}><p>The secret line that nobody sees on this page, ever.</p></div>").blocks
    )


def test_text_that_a_script_will_show_is_read_with_a_doubt():
    """A page that shows nothing at all until its script has run."""
    found = read(html=f'<html><body><div style="display:none"><main>{paragraphs()}</main></div></body></html>')

    assert (list(PROSE), True) == (texts(found), any("hidden" in doubt for doubt in found.doubts))


def test_what_react_streams_is_read():
    """Text that the server sent late stands in a hidden element with a known id, and is shown by a script at once."""
    found = read(
        html=f'<html><body><div id="root"></div><div hidden id="S:1"><main>{paragraphs()}</main></div></body></html>'
    )

    assert (list(PROSE), ()) == (texts(found), found.doubts)


def test_a_stub_is_seen_as_one():
    """A page that shows a wall in place of its text leaves a doubt."""
    found = read(
        html="<html><body><p>We use cookies. Please accept them to go on.</p><button>Accept</button></body></html>"
    )

    assert found.doubts


def test_json_ld_is_preferred_where_the_page_shows_a_third():
    """The whole body that the page's own data gives."""
    found = read(paragraphs(PROSE[:1]), told_text="\n".join(PROSE))

    assert ("json-ld", list(PROSE)) == (found.origin, texts(found))


def test_the_feed_is_preferred_where_the_page_shows_a_third():
    """The whole text in the feed, as HTML."""
    found = read(paragraphs(PROSE[:1]), fed=paragraphs())

    assert ("feed", list(PROSE)) == (found.origin, texts(found))


@pytest.mark.parametrize(
    "lines",
    [
        (
            "أعلنت هيئة الميناء يوم الاثنين أن أعمال تعميق المرفأ ستبدأ هذا الأسبوع لأول مرة منذ أربعين عاما.",
            "وقالت الهيئة إن السفن الكبيرة كانت تضطر إلى الانتظار خارج حاجز الأمواج حتى يرتفع المد، وهذا يكلفها ساعات طويلة.",
            "ومن المتوقع أن تستمر الأعمال حتى الخريف، وأن تنقل آلاف الأمتار المكعبة من الطين إلى عرض البحر.",
        ),
        (
            "港湾当局は月曜日、四十年ぶりに港の浚渫工事を始めると発表した。大型船はこれまで潮が満ちるのを待たなければならなかった。",
            "水先人組合の代表は「三回に一度は一日を失っている」と話し、二〇一九年から工事を求めてきたと説明した。",
            "工事は秋まで続き、およそ九万立方メートルの泥が沖へ運ばれる見通しである。費用は国と市が半分ずつ負担する。",
        ),
    ],
)
def test_text_is_found_in_other_scripts(lines):
    """Right to left, and without spaces between words."""
    assert list(lines) == texts(read(paragraphs(lines)))


def test_links_are_counted():
    """The share of the visible characters that are links."""
    assert 0.5 == read(html="<html><body><p>abcde</p><a href=/>fghij</a></body></html>").linked


def test_sixty_thousand_elements_are_read():
    """As many as a page may have: all of it text, or each an element of its own, nested as deep as the parser goes."""
    many = "<p>One of the many lines that this page has to say.</p>" * 29_000
    deep = "<div>" * 5_000 + "x" + "</div>" * 5_000
    wide = "<i>x</i>" * 58_000

    assert all(read(html=f"<html><body>{html}</body></html>") for html in (many, deep, wide))


def test_an_empty_page_has_no_text():
    """No block, no origin."""
    found = read(html="<html><body></body></html>")

    assert ((), "") == (found.blocks, found.origin)


def test_what_is_said_twice_is_kept_once():
    """A copy of the text for small screens."""
    assert list(PROSE) == texts(
        read(f'<div class="desktop">{paragraphs()}</div><div class="mobile">{paragraphs()}</div>')
    )


def test_an_h1_above_the_text_is_its_title():
    """Also where nobody knows the title; a heading within the text stays."""
    found = read(f"{paragraphs(PROSE[:2])}<h2>What comes next</h2>{paragraphs(PROSE[2:])}", title="")

    assert [*PROSE[:2], "What comes next", *PROSE[2:]] == texts(found)


def test_what_is_clear_is_told_from_what_is_not():
    """The F1 that is expected of the text: high for an article, low for a page of links."""
    links = "".join(f"<p><a href=/{n}>A line of words that leads to page {n}</a></p>" for n in range(30))

    assert read(paragraphs()).sure > 0.9 > read(html=f"<html><body>{links}</body></html>").sure
