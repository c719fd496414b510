"""What a page is made of: one pass over its tree that counts what tells an article from a list, a shop or a forum."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

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
_IN_LINKS: Any = lxml.etree.XPath("descendant::text()[ancestor::a]", smart_strings=False)
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
_COUNTED = frozenset(("article", "figcaption", "code", "pre", "input", "button"))
_LINKED = frozenset(("h2", "h3", "h4"))


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


def read(elements: Sequence[lxml.html.HtmlElement]) -> Shape:
    """The counts of a page. elements: all of its tree, as they stand. Linear in it; does not change the tree."""
    count = dict.fromkeys(_COUNTED, 0)
    names: list[str] = []
    texts: list[str] = []
    hrefs: list[str] = []
    teasers = passwords = hidden = 0
    generator = ""
    heading = -1  # number of the texts before it
    for element in elements:
        tag = element.tag
        if tag in _COUNTED:
            count[tag] += 1
        elif "-" in tag:
            names.append(tag)
        if name := element.get("class"):
            names.append(name)
        if tag not in _SILENT and (text := element.text) and len(text) > 1:
            texts.append(text)
        if (text := element.tail) and len(text) > 1:
            texts.append(text)
        if tag == "a":
            href = element.get("href")
            if href and len(hrefs) < _MOST_LINKS and href[0] != "#":
                hrefs.append(href[:500])
        elif tag in _LINKED:
            teasers += _is_linked(element)
        elif tag == "h1":
            heading = heading if heading >= 0 else len(texts)
        elif tag == "input":
            kind = (element.get("type") or "").lower()
            passwords += kind == "password"
            hidden += kind == "hidden"
        elif tag == "meta":
            if (element.get("name") or "").lower() == "generator":
                generator = (element.get("content") or "")[:200].lower()
        elif tag == "time":
            texts.append(f"{(element.get('datetime') or '')[:10]} ")
    told = " \n".join(texts)
    behind = [text for text in texts[heading : heading + 4 * _NEAR] if not text.isspace()] if heading >= 0 else []
    addresses = "\n".join(hrefs)
    named = Counter(names)
    return Shape(
        chars=len(" ".join(told.split())),
        teasers=teasers,
        articles=count["article"],
        captions=count["figcaption"],
        codes=count["code"] + count["pre"],
        inputs=count["input"] - hidden,
        passwords=passwords,
        buttons=count["button"],
        days=len(set(_days(told[:_MOST_TEXT]))),
        near=any(True for text in behind[:_NEAR] if len(text) < 200 for _ in _days(text)),
        money=len(_MONEY.findall(told[:_MOST_TEXT])),
        posts=_parts(name for name, times in named.items() if times >= 3).get("forum", 0),
        parts=_parts(named),
        hrefs={
            what: len(pattern.findall(addresses))
            for what, pattern in _HREFS.items()
            if what not in _HINTS or any(map(addresses.__contains__, _HINTS[what]))
        },
        generator=generator,
    )


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
