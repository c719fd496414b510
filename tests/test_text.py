"""The one border that text crosses: nothing that harms, markup gone, and what people need is kept."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from broadsheet import text

BAD = [*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, *range(0x80, 0x85), 0x86, 0x9F, 0xAD, 0x200B, 0x200E, 0x200F]
BAD += [*range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFDD0, 0xFDEF, 0xFEFF, 0xFFFE, 0xFFFF, 0xD800, 0xDFFF]
BAD += [plane << 16 | last for plane in range(1, 17) for last in (0xFFFE, 0xFFFF)]


@pytest.mark.parametrize("code", BAD)
def test_characters_that_harm_are_dropped(code):
    """Controls, surrogates, non-characters, overrides and isolates of direction, invisible joiners of nothing."""
    for around in ("ab", "aä"):
        assert around == text.clean(around[0] + chr(code) + around[1]).replace(" ", "")
        assert around == text.from_html(f"<b>{around[0]}</b>{chr(code)}{around[1]}").replace(" ", "")


@pytest.mark.parametrize(
    "kept", ["👩\u200d🚀", "❤\ufe0f", "नमस्ते", "می\u200cخواهم", "क्\u200dष", "ﬁn", "𝒳", "\U0010fffd"]
)
def test_what_people_write_is_kept(kept):
    """Joiners inside emoji and Indic and Persian words, variation selectors, private use."""
    assert kept == text.clean(kept)


def test_what_is_called_calm_needs_nothing():
    """No character that is taken as it stands is bad, combines, has another form, or is white space but for five."""
    calm = [chr(code) for code in range(sys.maxunicode + 1) if text._CALM.fullmatch(chr(code))]
    white = {char for char in calm if char.isspace()}

    assert 70_000 > len(calm) > 40_000
    assert set("\t\n\r \xa0") == white
    assert [] == [c for c in calm if c not in white and text._safe(c) != c]
    assert [] == [c for c in calm if unicodedata.normalize("NFC", c) != c or unicodedata.combining(c)]
    # Composition across characters: what is calm composes with nothing calm.
    line = "".join(c for c in calm if c not in white)
    assert line == unicodedata.normalize("NFC", line)


def test_letters_and_their_accents_become_one_character():
    """Also where something invisible stood between them."""
    assert "é" == text.clean("e\u0301") == text.clean("e\u200b\u0301")


@pytest.mark.parametrize("space", ["\t", "\n", "\r\n", "\xa0", "\u2003", "\u3000", "\u2028", "\x85", " \u202f "])
def test_a_run_of_any_white_space_is_one_space(space):
    assert "a b" == text.clean(f" a{space}{space}b\n")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\n \t\xa0\n", "\x85"])
def test_lines_become_paragraphs(end):
    assert "a b\n\nc" == text.clean_paragraphs(f"{end} a  b{end}c {end}{end}")


@pytest.mark.parametrize(
    ("plain", "markup"),
    [
        ("Fish & chips", "Fish &amp; chips"),
        ("Fish & chips", "Fish &amp;amp; chips"),
        ("It’s 5 < 6", "It&amp;#8217;s 5 &lt; 6"),
        ("a b", "a&nbsp;b"),
        ("one\n\ntwo\n\nthree", "<P>one</P><DIV CLASS=x>two<BR/>three</DIV>"),
        ("one two", "one <b>two</b>\n"),
        ("one two", "one\r\ntwo<i></i>"),
        ("one", "one<script>alert(1)</script><style>p{}</style><!-- two --><svg><title>x</title></svg>"),
        ("one", "one<SCRIPT>alert(1)</ScRiPt ><NoScript>two</noscript>"),
        ("one", "one<!-- never closed <p>two</p>"),
        ("one", "one<script>never closed"),
        ("bold", "&lt;b&gt;bold&lt;/b&gt;"),
        ("5 < 6 and 7 > 2", "5 < 6 and 7 > 2"),
        ("a <b c", "a <b <i>c</i>"),
        ("x", "<a title='&lt;b'>x</a>"),
        ("strong", "<strong>strong</strong>"),
        ("&nosuch; ©2024", "&nosuch; &copy2024"),
        ("", "<p> </p>&#0;"),
    ],
)
def test_markup_becomes_plain_text(plain, markup):
    """Blocks part paragraphs, scripts and comments go with what is in them, entities are resolved, twice if need be."""
    assert plain == text.from_html(markup).replace("\ufffd", "")


@pytest.mark.parametrize("reference", ["&#xD800;", "&#x110000;", "&#" + "9" * 5_000 + ";", "&#x" + "f" * 5_000 + ";"])
def test_impossible_references_are_no_error(reference):
    text.from_html(f"<p>{reference}</p>").encode()


@pytest.mark.parametrize("limit", [1, 2, 10, 300])
def test_an_excerpt_is_never_longer_than_asked(limit):
    long = "Two boats sail an hour. The third one waits, they say; nobody knows why. " * 10

    assert limit >= len(text.excerpt(long, limit)) > 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (8, "मुंबई में भारी बारिश से रेल सेवा ठप"),
        (4, "চট্টগ্রাম বন্দরে জাহাজের ভিড়"),
        (3, "சென்னையில் கனமழை எச்சரிக்கை"),
        (3, "اَلسَّلامُ عَلَيْكُم جَميعاً"),
    ],
)
def test_signs_on_letters_part_no_words(words, said):
    """A word of Hindi, Bengali, Tamil or of pointed Arabic is one word, not one for each letter."""
    assert words == text.count_words(said) == len(list(text.tokens(said)))
