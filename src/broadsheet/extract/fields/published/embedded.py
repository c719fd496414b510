"""Dates in what a page gives to its own scripts: analytics layers, and the state that a site's framework starts from."""

from __future__ import annotations

import re
from collections.abc import Iterator

import lxml.html

from ....dates import examine

_MOST = 200  # places looked at on one page
_WORDS = ("ublish", "ublicat", "ubDate", "pub_", "article_date", "articleDate", "post_date", "postDate")
_MOST_CHARS = 4_000_000  # of all scripts together
# Names of the moment of publishing. A key and a string, in JSON, in JSON within a string, or in JavaScript.
_PAIR = re.compile(
    r"""["'\s,{.](?:date[_-]?published|(?:(?:article|content|page|post|story|original|first)[_-]?)?(?:publish(?:ed)?|publication|pub)"""
    r"""(?:[_-]?(?:date|time|datetime|at|on))+|(?:article|post|story)[_-]?date)(?:iso|utc|gmt)?\\*["']?\s*[:=,]\s*\\*["']([^"'\\<>]{8,40})\\*["']""",
    re.IGNORECASE,
)


def read(root: lxml.html.HtmlElement) -> list[str]:
    """Dates of publishing in a page's scripts, where they are all of one day; empty where they are of several articles.

    One that is only a day is left out where another gives the minute. ld+json is read elsewhere.
    """
    found = [(text, stamp) for text in dict.fromkeys(_texts(root)) if (stamp := examine(text))]
    days = {stamp.moment.date() for _, stamp in found}
    if not days or len(days) > 2 or (max(days) - min(days)).days > 1:
        return []
    exact = [text for text, stamp in found if stamp.time]
    return (exact or [text for text, _ in found])[:3]


def _texts(root: lxml.html.HtmlElement) -> Iterator[str]:
    left = _MOST_CHARS
    for script in root.iter("script"):
        text = script.text
        if text and "ld+json" not in (script.get("type") or ""):
            for at in _places(text[:left]):
                if match := _PAIR.search(text, max(0, at - 30), at + 90):
                    yield match[1]
            left -= len(text)
            if left <= 0:
                return


def _places(text: str) -> list[int]:
    """Where a name of a date of publishing may stand. A search for a fixed word has many times a pattern's speed."""
    found: list[int] = []
    for word in _WORDS:
        at = text.find(word)
        while at >= 0 and len(found) < _MOST:
            found.append(at)
            at = text.find(word, at + 20)
    return sorted(found)
