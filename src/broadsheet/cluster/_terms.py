"""Turn an article into weighted terms: stems, numbers, names, and pairs of characters where no spaces part words."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from ..text import tokens
from ..types import Struct

LEAD = 600  # characters of title and of text that are looked at: news says what it is about first
TITLE_WEIGHT = 1.5
NAME_WEIGHT = 2.0
STEM = 7  # letters of a word that count: a light stem for all alphabets

Vector = dict[str, float]

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_SPACED = re.compile(r"[^\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]+")
_SENTENCE_START = frozenset('.!?:…"“”«»„')


class Member(Struct, frozen=True, kw_only=True):
    """What grouping needs of one article. text: its beginning is enough. story: empty for a new one."""

    url: str
    title: str
    text: str = ""
    published: datetime
    language: str = ""
    provider: str = ""  # domain; where it is empty, nothing is taken for a series
    story: str = ""


def age(member: Member) -> tuple[datetime, str]:
    return member.published, member.url


def terms(member: Member) -> Vector:
    """Term -> weight before rarity: 1 + ln(count), title and names raised. Text without a lead is its title alone."""
    weights: Vector = {}
    names: set[str] = set()
    for part, weight in ((member.title[:LEAD], TITLE_WEIGHT), (member.text[:LEAD], 1.0)):
        counts: Counter[str] = Counter()
        for term, is_name in _words(part):
            counts[term] += 1
            if is_name:
                names.add(term)
        for term, count in counts.items():
            weights[term] = weights.get(term, 0.0) + weight * (1.0 + math.log(count))
    return {term: weight * NAME_WEIGHT if term in names else weight for term, weight in weights.items()}


def _words(part: str) -> Iterator[tuple[str, bool]]:
    """Terms of one field in order, and whether each stands as a name: a capital that no sentence start explains.

    A line where most words have a capital (a title in title case, a script of capitals) tells no names.
    """
    part = unicodedata.normalize("NFKC", part)
    found = list(_WORD.finditer(part))
    capitals = sum(match[0][0].isupper() for match in found)
    has_names = capitals <= 0.7 * len(found)
    for match in found:
        word = match[0].casefold()
        if not _SPACED.fullmatch(word):
            yield from ((pair, False) for pair in tokens(word))
        elif word[0].isdigit():
            yield word, False
        else:
            is_name = has_names and match[0][0].isupper() and not _starts_sentence(part, match.start())
            yield _stem(word), is_name


def _starts_sentence(part: str, start: int) -> bool:
    before = part[max(0, start - 4) : start].rstrip(" '‘(")
    return not before or before[-1] in _SENTENCE_START


def _stem(word: str) -> str:
    """`l'accord` -> accord, `Volant's` -> volant, and no more than the first letters of a long word."""
    if "'" in word or "’" in word:
        head, _, tail = word.replace("’", "'").partition("'")
        word = head if len(tail) <= 2 else tail if len(head) <= 2 else word
    return word[:STEM]
