"""What one box of a page holds is of one kind: tables, live updates, captions, and boxes of other things."""

from __future__ import annotations

import lxml.html

from broadsheet.extract.body import boxes, entries, shape, walk
from broadsheet.extract.body.markdown import markdown

PROSE = "The ferry crossed the bay at noon with forty lorries, two brides and a cow on board, and nobody was late."
OTHER = "The harbour office opened its gates on Monday, and the queue of lorries reached from the quay to the church."


def page(body):
    return walk.read(lxml.html.fromstring(f"<html><body>{body}</body></html>"))


def text(seen, places):
    return markdown(shape.blocks(seen, places))


def test_a_table_of_which_a_cell_is_kept_is_kept_whole_between_paragraphs():
    """Empty cells keep their places."""
    seen = page(
        f"<div><p>{PROSE}</p><table><tr><th>Day</th><th>Cows</th></tr><tr><td></td><td>2</td></tr></table><p>{OTHER}</p></div>"
    )

    found = text(seen, shape.whole_tables(seen, [0, 1, 4]))

    assert f"{PROSE}\n\n| Day | Cows |\n| --- | --- |\n| | 2 |\n\n{OTHER}" == found


def test_a_table_of_which_little_is_kept_apart_from_the_text_goes():
    seen = page(
        f"<div><div><table><tr><th>Day</th><th>Cows</th></tr><tr><td>1</td><td>2</td></tr></table></div></div><main><div><p>{PROSE}</p></div></main>"
    )

    assert [4] == shape.whole_tables(seen, [1, 4])


def test_an_update_has_its_time_in_its_heading():
    """In the clock that is shown, also where the updates are items of a list; what else stands in the list is left out."""
    update = "<li><div>{}</div><h4>{}</h4><p>The mayor spoke.</p></li>"
    seen = page(
        "<ul>"
        + update.format("9:05 pm", "It is done")
        + "<li>Buy carpets</li>"
        + update.format("20.04 Uhr", "Library first")
        + update.format("19:02", "Full house")
        + "</ul>"
    )

    found = text(seen, range(len(seen.blocks))).split("\n\n")

    assert ["### 21:05 – It is done", "The mayor spoke.", "### 20:04 – Library first"] == found[:3]
    assert "Buy carpets" not in found


def test_two_times_beside_headings_are_no_live_blog():
    seen = page("<p>10:00</p><h3>Tea</h3><p>11:00</p><h3>Cake</h3>")

    assert {} == entries.read(seen)


def test_boxes_named_for_other_things_are_left_out_where_they_hold_little():
    """A box that holds most of the text is the article, whatever it is called."""
    seen = page(
        f'<div class="share"><p>{PROSE}</p><p>{OTHER}</p></div><div class="newsletter-box"><p>Sign up.</p></div>'
    )

    assert [0, 1] == boxes.mended(seen, [0, 1, 2], "")


def test_the_paragraph_that_is_missing_between_two_is_put_back():
    seen = page(f"<div><p>{PROSE}</p><p>{OTHER}</p><p>{PROSE}</p></div>")

    assert [0, 1, 2] == boxes.mended(seen, [0, 2], "")


def test_what_a_page_goes_on_with_when_it_is_scrolled_is_another_article():
    article = "<article><h1>{}</h1><p>{}</p></article>"
    seen = page(article.format("Ferry returns", PROSE * 3) + article.format("Tractors pull", OTHER * 3))

    assert [1] == boxes.mended(seen, [1, 3], "Ferry returns")
