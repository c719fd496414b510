"""Turn an article into counted words: light stems, numbers, and pairs of characters where no spaces part words."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime

from ..text import WORD, starts_sentence, tokens, without_elision
from ..types import Struct

LEAD = 600  # characters of title and of text that are looked at: news says what it is about first
TITLE_WEIGHT = 1.53
NAME_WEIGHT = 2.0  # a name counts as if it stood there so many times
SLUG_WEIGHT = 0.5  # of a word that only the address has
STEM = 7  # letters of a word that count: a light stem for all alphabets
LETTERS = 4  # length of the runs of letters by which words of one family are alike

# Scripts that part no words: a pair of their characters is a term.
PAIRED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]")
_SLUG = re.compile(r"(?<![^\W_])[^\W\d_]{4,20}(?![^\W_])")


class Member(Struct, frozen=True, kw_only=True):
    """What grouping needs of one article. text: its beginning is enough. story: empty for a new one."""

    url: str
    title: str
    text: str = ""
    published: datetime
    language: str = ""
    provider: str = ""  # domain; where it is empty, nothing is taken for a series
    slug: str = ""  # words of its address, such as `slug` gives
    story: str = ""
    sense: bytes = b""  # as `senses` made it; made anew where it is empty and needed


class Terms(Struct, frozen=True):
    """What an article says, with weight before rarity: 1 + ln(count) in each field, more in the title."""

    words: dict[str, float]  # stems, numbers, pairs of characters
    spelled: dict[str, float]  # words in full and pairs of characters: what has letters
    title: frozenset[str]  # those of `words` that the title has
    said: int  # how many of `words` the article itself says; the others are of its address


def slug(url: str) -> str:
    """The words of four letters or more in the last part of an address that has three of them: an editor's keywords."""
    last = max(url.partition("?")[0].rstrip("/").split("/")[3:], key=len, default="")
    words = _SLUG.findall(last.casefold())
    return " ".join(words) if len(words) >= 3 else ""


def age(member: Member) -> tuple[datetime, str]:
    return member.published, member.url


def terms(member: Member) -> Terms:
    words: dict[str, float] = {}
    spelled: dict[str, float] = {}
    title: frozenset[str] = frozenset()
    for part, weight in ((member.title[:LEAD], TITLE_WEIGHT), (member.text[:LEAD], 1.0)):
        if not part:
            continue
        counts: dict[str, float] = {}
        for word, times in _words(part):
            counts[word] = counts.get(word, 0.0) + times
        for word, count in counts.items():
            gained = weight if count == 1.0 else weight * (1.0 + math.log(count))
            stem = word if word[0].isdigit() or PAIRED.match(word) else word[:STEM]
            words[stem] = words.get(stem, 0.0) + gained
            if not word[0].isdigit():
                spelled[word] = spelled.get(word, 0.0) + gained
        if weight == TITLE_WEIGHT:
            title = frozenset(words)
    said = len(words)
    for word in member.slug.split():
        words.setdefault(word[:STEM], SLUG_WEIGHT)
    return Terms(words, spelled, title, said)


def _words(part: str) -> Iterator[tuple[str, float]]:
    """Words of one field in order, numbers and pairs of characters among them, and how much each counts.

    A name is a capital that no sentence start explains; a line where most words have a capital (a title in title
    case, a script of capitals) tells no names.
    """
    plain = part.isascii()
    if not plain:
        part = unicodedata.normalize("NFKC", part)
    found = [(match[0], match.start()) for match in WORD.finditer(part)]
    capitals = sum([said[0].isupper() for said, _ in found])
    has_names = 0 < capitals <= 0.7 * len(found)
    for said, at in found:
        word = said.casefold()
        if not plain and PAIRED.search(word):
            for pair in tokens(word):
                yield pair, 1.0
            continue
        if "'" in word or "’" in word:
            word = without_elision(word)
        if has_names and said[0].isupper() and not starts_sentence(part, at):
            yield word, NAME_WEIGHT
        else:
            yield word, 1.0


def runs(word: str) -> list[str]:
    """Runs of letters of a word with its two borders: `rain` -> ` rai`, `rain`, `ain `."""
    word = f" {word[:40]} "
    return [word[n : n + LETTERS] for n in range(max(1, len(word) - LETTERS + 1))]
