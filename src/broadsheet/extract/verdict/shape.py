"""What a page is made of: one pass over its tree that counts what tells an article from a list, a shop or a forum."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import lxml.etree
import lxml.html

from ...types import Struct

_NEAR = 16  # pieces of text behind the main heading in which a date is that of the page
_MOST_LINKS = 3_000
_MOST_TEXT = 200_000  # characters that are searched for days and prices
_YEAR = re.compile(r"[12][09]\d\d")
_DATE = re.compile(
    r"(?<!\d)\d{1,2}(?:\.|[a-z]{2})?\s?(?:de |of )?[^\W\d_]{3,12}\.?,?(?: de)? (?:19|20)\d\d"  # 24 November 2026, 24 de marzo de 2026
    r"|(?<![^\W\d_])[^\W\d_]{3,12}\.? \d{1,2}(?:st|nd|rd|th)?,? (?:19|20)\d\d"  # November 24, 2026
    r"|(?<!\d)(?:19|20)\d\d[-./年]\s?\d{1,2}[-./月]\s?\d{1,2}"  # 2026-11-24, 2026年11月24日
    r"|(?<!\d)\d{1,2}[-./]\d{1,2}[-./](?:19|20)\d\d(?!\d)"  # 24.11.2026
)
_MONEY = re.compile("[$€£¥₹₽₩₺₫₪₴₦฿円]")
_SAID = re.compile(r"[A-Z]?[a-z]+")

# Words that template authors name the parts of a page with, in `class`; English in templates of every language.
FAMILIES = {
    "forum": "forum forums thread threads topic topics reply replies avatar avatars signature quote vote votes upvote upvotes answer answers question "
    "questions karma poster member members username userinfo reputation postbit postbody discussion",
    "shop": "cart basket price prices sku qty quantity wishlist checkout variant variants swatch product products buybox stock addtocart",
    "dateline": "byline author authors dateline date timestamp published pubdate publish datetime postdate",
    "filter": "filter filters facet facets refine sort sorting sortby",
    "pager": "pagination pager paging paginator loadmore",
}  # fmt: skip
_FAMILY = {word: family for family, names in FAMILIES.items() for word in names.split()}
_HREFS = {
    "users": re.compile(r"/(?:users?|u|members?|profiles?)[/-]|member(?:list)?\.php|profile\.php|[?&]u=\d"),
    "edits": re.compile(r"/edit/|action=edit|/_edit\b|git(?:hub|lab)\.com/[^/\n]+/[^/\n]+/(?:edit|blob|tree)/"),
    "shares": re.compile(
        r"(?:twitter|x)\.com/(?:intent|share)|facebook\.com/(?:sharer|share|dialog)|linkedin\.com/(?:share|sharing)|pinterest\.[a-z.]+/pin/create|"
        r"(?:whatsapp\.com|whatsapp:/)/send|wa\.me/\?|(?:t|telegram)\.me/share|reddit\.com/submit|bsky\.app/intent|vk\.com/share|line\.me/"
    ),
    "pages": re.compile(r"[?&](?:page|paged|start|offset)=\d|/page/\d"),
}  # fmt: skip
# Of these, each has one at least: where a page's addresses have none, no pattern is asked.
_HINTS = {
    "edits": ("edit", "hub.com/", "lab.com/"),
    "shares": ("/intent", "/shar", "/dialog", "/pin/create", "/send", "wa.me/", "/submit", "line.me/"),
    "pages": ("page", "start=", "offset="),
}
_SILENT = frozenset(("script", "style", "noscript", "option", "textarea", "title"))
_LINKED = ("h2", "h3", "h4")


class Shape(Struct, frozen=True, kw_only=True):
    """Counts of one page.

    chars: that are visible. teasers: headings that are links. days: different
    days that are named. near: a day is named right behind the main heading. parts: how many of the different names of
    parts belong to each of FAMILIES. posts: the same of a forum, of parts that stand at least three times.
    hrefs: links of a kind. money: signs of currencies.
    """

    chars: int = 0
    teasers: int = 0
    articles: int = 0
    captions: int = 0
    codes: int = 0
    inputs: int = 0
    passwords: int = 0
    buttons: int = 0
    days: int = 0
    near: bool = False
    money: int = 0
    posts: int = 0
    parts: dict[str, int] = {}
    hrefs: dict[str, int] = {}
    generator: str = ""


def read(elements: Sequence[lxml.html.HtmlElement], said: str) -> Shape:
    """The counts of a page. elements: all of its tree, as they stand; said: what it shows. Does not change the tree."""
    root = elements[0]
    tags = [element.tag for element in elements]
    count = Counter(tags)
    named = Counter([name for element in elements if (name := element.get("class"))])
    named.update({tag: times for tag, times in count.items() if "-" in tag})
    kinds = Counter((field.get("type") or "").lower() for field in root.iter("input"))
    links = itertools.islice(root.iter("a"), _MOST_LINKS)
    addresses = "\n".join([href[:500] for link in links if (href := link.get("href")) and href[0] != "#"])
    told = "\n".join([said, *((time.get("datetime") or "")[:10] for time in root.iter("time"))])[:_MOST_TEXT]
    return Shape(
        chars=len(said),
        teasers=sum(map(_is_linked, root.iter(*_LINKED))),
        articles=count["article"],
        captions=count["figcaption"],
        codes=count["code"] + count["pre"],
        inputs=count["input"] - kinds["hidden"],
        passwords=kinds["password"],
        buttons=count["button"],
        days=len(set(_days(told))),
        near=any(True for text in _behind(elements, tags) if len(text) < 200 for _ in _days(text)),
        money=len(_MONEY.findall(told)),
        posts=_parts(name for name, times in named.items() if times >= 3).get("forum", 0),
        parts=_parts(named),
        hrefs={
            what: len(pattern.findall(addresses))
            for what, pattern in _HREFS.items()
            if what not in _HINTS or any(map(addresses.__contains__, _HINTS[what]))
        },
        generator=next(filter(None, map(_generator, root.iter("meta"))), ""),
    )


def _generator(meta: lxml.html.HtmlElement) -> str:
    return (meta.get("content") or "")[:200].lower() if (meta.get("name") or "").lower() == "generator" else ""


def _behind(elements: Sequence[lxml.html.HtmlElement], tags: Sequence[str]) -> Iterator[str]:
    """Pieces of text in and behind the first main heading, `_NEAR` of them, and the days that times among them give."""
    start = tags.index("h1") if "h1" in tags else len(tags)
    found = 0
    for element, tag in zip(elements[start : start + 8 * _NEAR], tags[start:], strict=False):
        pieces = [element.text if tag not in _SILENT else "", element.tail]
        pieces += [(element.get("datetime") or "")[:10]] if tag == "time" else []
        for text in pieces:
            if text and not text.isspace() and found < _NEAR:
                found += 1
                yield text


def _days(text: str) -> Iterator[str]:
    """Days that the text names, as they are written: looked for around each year, as the pattern alone is slow."""
    for year in itertools.islice(_YEAR.finditer(text), 200):
        if day := _DATE.search(text, max(0, year.start() - 30), year.end() + 8):
            yield day.group()


def _is_linked(heading: lxml.html.HtmlElement) -> bool:
    """True where a heading holds a link to another page, or stands in a link."""
    for above in itertools.islice(heading.iterancestors(), 3):
        if above.tag == "a":
            return True
    return any((link.get("href") or "#")[0] != "#" for link in itertools.islice(heading.iter("a"), 3))


def _parts(names: Iterable[str]) -> dict[str, int]:
    """How often words of each family stand in the names; `addToCart`, `add-to-cart` and `add to cart` are three words each."""
    said = map(str.lower, _SAID.findall("\n".join(names)[:_MOST_TEXT]))
    return dict(Counter(filter(None, map(_FAMILY.get, said))))
