"""Headlines that try to leave their field: in a feed and on a page, the same title must come out."""

from __future__ import annotations

from functools import partial
from html import escape

from .behaviour import Document, document
from .expected import Held, Listed
from .writing import HEADLINE, TIDE, feed, item, page

titles = partial(document, "titles")

LONG = "tide " * 2_000


def _title(name: str, does: str, given: str, read: str) -> None:
    """Registers two documents: a feed whose second item has the title, and a page that has it."""

    def in_feed() -> Document:
        return Document(feed(item(), f"<item><title>{escape(given, quote=False)}</title><link>https://harbour.example/2</link></item>"))  # fmt: skip

    titles(Listed(titles=(TIDE, read)), name=f"title-{name}", does=f"{does}, in a feed")(in_feed)


def _headline(name: str, does: str, given: str, read: str) -> None:
    """Registers a page with the title, which stands in three places of it."""

    def on_page() -> Document:
        return page(given)

    titles(Held(title=read), name=f"headline-{name}", does=f"{does}, on a page", purpose="page")(on_page)


def _both(name: str, does: str, given: str, read: str) -> None:
    _title(name, does, given, read)
    _headline(name, does, given, read)


_both("yaml", "A line that would publish a record", 'Tide"\npublished: true\n---\n', 'Tide" published: true ---')
_both(
    "markdown",
    "A link in Markdown",
    "[Tide](javascript:alert(1)) **is** high",
    "[Tide](javascript:alert(1)) **is** high",
)
_both(
    "template",
    "Templates of three languages",
    "{{ 7*7 }} ${tide} #{2}",
    "{{ 7*7 }} ${tide} #{2}",
)
_both("cdata-end", "The end of a CDATA section", "Tide ]]> is high", "Tide ]]> is high")
_both("path", "A path out of its folder", "../../../../etc/passwd", "../../../../etc/passwd")
_both("device", "The name of a device", "CON", "CON")
_both("bidi", "A bidirectional override", "Tide \u202etables\u202c are \u2066out\u2069", "Tide tables are out")
_both("zero-width", "Characters of no width", "Ti\u200bde\ufeff tab\u2060les\u00ad", "Tide tables")
_both("emoji", "Nothing but emoji, one of them joined", "🌊👩‍🚒🌊", "🌊👩‍🚒🌊")
_both("right-to-left", "Hebrew with a Latin word", "הסירה Norhaven חזרה לנמל", "הסירה Norhaven חזרה לנמל")
_both("persian", "Persian, whose joiners must stay", "کشتی به بندر بازمی\u200cگردد", "کشتی به بندر بازمی\u200cگردد")
_both("line-ends", "Line ends of five kinds", "Tide\r\ntables\x85are\u2028out\u2029now", "Tide tables are out now")
_both("formula", "A formula for spreadsheets", "=HYPERLINK(1)", "=HYPERLINK(1)")
_both("inequality", "An inequality, which is no tag", "Tide < 3 m & rising > 1 m", "Tide < 3 m & rising > 1 m")

_title(
    "html",
    "Markup and a script",
    "<script>alert(1)</script><b>Tide</b> <img src=x onerror=alert(1)>is high",
    "Tide is high",
)
_title("escaped-twice", "Entities escaped twice", "Tide &amp;amp; surf &amp;#8211; now", "Tide & surf – now")
_title("white-space", "Nothing but white space", " \t\u00a0\u2003 ", "")
_title("script-end", "The end of a script", "Tide </script><script>alert(1)</script>is high", "Tide is high")
_headline("escaped-once-more", "Entities escaped twice", "Tide &amp; surf", "Tide & surf")
_headline(
    "image",
    "An image that runs a script",
    'Tide tables "><img src=x onerror=alert(1)> are out',
    'Tide tables "> are out',
)


@titles(Listed(count=1))
def title_of_10000_characters() -> Document:
    """A title of 10,000 characters: cut to what fits."""
    return Document(feed(item(LONG)))


@titles(Held(), purpose="page")
def headline_of_10000_characters() -> Document:
    """A headline of 10,000 characters: cut to what fits."""
    return page(LONG)


@titles(Listed(count=2))
def title_of_marks() -> Document:
    """A letter under 100,000 combining marks: ordering them takes time in the square of their number."""
    return Document(feed(item(), item("T\u0316\u0301" + "\u0316\u0301" * 50_000)))


@titles(Held(title=HEADLINE), purpose="page")
def headline_in_json_ld() -> Document:
    """JSON-LD whose headline ends its script: broken JSON, and a script of its own."""
    told = '{"@type":"NewsArticle","headline":"Ferry</script><script>alert(1)</script>"}'
    return page(head=f'<script type="application/ld+json">{told}</script>')
