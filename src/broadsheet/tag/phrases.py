"""Find the phrases of a topic tree in a text: whole words, inflected, each with its place.

A phrase is whole words: `ai` is not in "availability". Between its words any white space or hyphen may stand; its last
word may have an ending of the text's language, in many languages each of its words. In scripts without spaces it may
stand anywhere; in Hangul it may carry an ending.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from .. import text
from ..types import Rule, Topic
from .inflection import ALL_WORDS, PREFIXED, fold, forms

MOST = 100  # places at which one phrase is looked at in one field, so that a text of one word costs no more
SHORT = 3  # letters up to which capitals in the topic file are meant
JOINTS = 3  # letters from which a word within a phrase takes endings: no article or preposition does

WORD = re.compile(r"\w+")
_GAP = r"[\s\-\u2010\u2011]"
_HANGUL = re.compile("[\u1100-\u11ff\uac00-\ud7af]")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0e7f\U00020000-\U0002fa1f]")


class Phrase(NamedTuple):
    """A keyword, or an excluded phrase, of one topic, ready to be looked for."""

    topic: str
    keyword: str  # as the topic file writes it; empty for an excluded phrase
    pattern: re.Pattern[str]  # of the folded text; of the text itself where `exact`
    lead: int  # characters before its first word: 1 for ".net"
    exact: bool = False  # capitals are meant
    rule: Rule | None = None
    careful: bool = False  # it may mean something else: see context


class Found(NamedTuple):
    """Where a phrase stands in one field."""

    phrase: Phrase
    start: int
    end: int


class Matcher(NamedTuple):
    """The phrases of a topic tree, found by the folded first word of each. exact: those whose capitals are meant, by
    themselves. anywhere: those of scripts without spaces, each with what it looks like folded."""

    language: str
    by_word: Mapping[str, tuple[Phrase, ...]]
    exact: tuple[tuple[str, tuple[Phrase, ...]], ...]
    anywhere: tuple[tuple[str, Phrase], ...]


def find(matcher: Matcher, field: str) -> list[Found]:
    """Every keyword in `field` that no excluded phrase of its topic covers, in order of place."""
    founds = list(_founds(matcher, field))
    if len(founds) < 2:
        return [found for found in founds if found.phrase.keyword]
    ends: dict[str, int] = {}  # topic -> how far the excluded phrases reach that began so far
    kept: list[Found] = []
    for found in sorted(founds, key=lambda f: (f.start, bool(f.phrase.keyword), f.end)):
        topic = found.phrase.topic
        if not found.phrase.keyword:
            ends[topic] = max(ends.get(topic, 0), found.end)
        elif found.end > ends.get(topic, 0):
            kept.append(found)
    return kept


def _founds(matcher: Matcher, field: str) -> Iterator[Found]:
    folded = fold(field, matcher.language)
    words = WORD.findall(folded)
    seen: dict[int, int] = {}  # by id: hashing a phrase costs more than matching it
    if not matcher.by_word.keys().isdisjoint(words):
        for word in matcher.by_word.keys() & set(words):
            yield from _places(folded, word, matcher.by_word[word], seen)
    for word, phrases in matcher.exact:
        if word in field:
            yield from _places(field, word, phrases, seen)
    if not field.isascii():
        for needle, phrase in matcher.anywhere:
            if needle in folded:
                for match in islice(phrase.pattern.finditer(folded), MOST):
                    yield Found(phrase, match.start(), match.end())


def _places(said: str, word: str, phrases: Sequence[Phrase], seen: dict[int, int]) -> Iterator[Found]:
    """Where phrases stand that begin with `word`."""
    place = said.find(word)
    while place >= 0:
        for phrase in phrases:
            start, count = place - phrase.lead, seen.get(id(phrase), 0)
            if start >= 0 and count < MOST and (match := phrase.pattern.match(said, start)):
                seen[id(phrase)] = count + 1
                yield Found(phrase, start, match.end())
        place = said.find(word, place + len(word))


@lru_cache(maxsize=64)
def compiled(tree: tuple[Topic, ...], language: str = "") -> Matcher:
    """The matcher of a topic tree for texts in `language`. A keyword that a topic has twice is looked for once."""
    by_word: dict[str, list[Phrase]] = {}
    capitals: dict[str, list[Phrase]] = {}
    anywhere: list[tuple[str, Phrase]] = []
    shared = _shared(tree)
    for topic in tree:
        rules = {rule.keyword: rule for rule in topic.rules}
        kinds = [(phrase, phrase) for phrase in topic.keywords] + [(phrase, "") for phrase in topic.excludes]
        for written, keyword in dict.fromkeys(kinds):
            cleaned = text.clean(written)
            if not cleaned:
                continue
            first, exact, rule = WORD.search(cleaned), is_exact(cleaned), rules.get(keyword)
            careful = bool(keyword) and _is_careful(cleaned, topic, rule, shared)
            made = Phrase(
                topic.name, keyword, pattern(cleaned, language), first.start() if first else 0, exact, rule, careful
            )
            if is_anywhere(cleaned):
                anywhere.append((fold(cleaned, language), made))
            elif exact:
                capitals.setdefault(cleaned, []).append(made)
            else:
                for form in _first_words(cleaned, language):
                    by_word.setdefault(form, []).append(made)
    return Matcher(
        language,
        {word: tuple(phrases) for word, phrases in by_word.items()},
        tuple((word, tuple(phrases)) for word, phrases in capitals.items()),
        tuple(anywhere),
    )


def first_words(phrase: str, language: str) -> tuple[str, ...]:
    """Folded words of which one stands where a phrase stands; none for what may stand within a word."""
    return () if is_anywhere(phrase) else tuple(_first_words(phrase, language))


def _is_careful(phrase: str, topic: Topic, rule: Rule | None, shared: frozenset[str]) -> bool:
    return bool(
        topic.unless
        or (rule and (rule.ambiguous or rule.requires or rule.unless))
        or phrase.casefold() in shared
        or (len(phrase) <= SHORT and phrase.isalpha() and not is_anywhere(phrase))
    )


def _shared(tree: Sequence[Topic]) -> frozenset[str]:
    """Keywords that two topics have of which neither is above the other: what is around them decides."""
    parents = {topic.name: topic.parent for topic in tree}
    owners: dict[str, list[str]] = {}
    for topic in tree:
        for keyword in dict.fromkeys(keyword.casefold() for keyword in topic.keywords):
            owners.setdefault(keyword, []).append(topic.name)
    return frozenset(
        keyword
        for keyword, names in owners.items()
        if len(names) > 1
        and any(
            one not in above(other, parents) and other not in above(one, parents)
            for one in names for other in names if one != other
        )
    )  # fmt: skip


def above(name: str, parents: Mapping[str, str]) -> tuple[str, ...]:
    """The ancestors of a topic, nearest first; a circle ends where it closes."""
    found: list[str] = []
    while (name := parents.get(name, "")) and name in parents and name not in found:
        found.append(name)
    return tuple(found)


def is_exact(phrase: str) -> bool:
    """The topic file writes it in capitals and it is so short that they are meant: `AI`, `US`, `WHO`."""
    return 1 < len(phrase) <= SHORT and phrase.isalpha() and phrase.isupper()


def is_anywhere(phrase: str) -> bool:
    """It may stand within a word: scripts without spaces, endings of Hangul, signs without a letter."""
    return bool(not WORD.search(phrase) or _UNSPACED.search(phrase) or _HANGUL.search(phrase[-1]))


def _first_words(phrase: str, language: str) -> Iterable[str]:
    """Folded words under which a text may show the first word of a phrase."""
    first = WORD.findall(phrase)[0]
    if is_exact(phrase):
        return (fold(phrase, language), fold(f"{phrase}s", language))
    if phrase.endswith(first) or language in PREFIXED or (language in ALL_WORDS and len(first) >= JOINTS):
        return forms(first, language)
    return (fold(first, language),)


@lru_cache(maxsize=20_000)
def pattern(phrase: str, language: str = "") -> re.Pattern[str]:
    """What a cleaned phrase looks like in folded running text; in the text itself for an exact one."""
    if _UNSPACED.search(phrase) or not WORD.search(phrase):
        return re.compile(re.escape(fold(phrase, language)))
    # Not after `x.` or `x@`, where a word is the end of an address; "C" is neither in "C++" nor in "C#".
    before, end = r"(?<!\w)(?<!\w[.@])", "" if _HANGUL.search(phrase[-1]) else r"(?![\w+#])"
    if is_exact(phrase):
        return re.compile(rf"{before}{re.escape(phrase)}s?{end}")
    parts = [part for part in re.split(f"{_GAP}+", phrase) if part]
    last = len(parts) - 1
    words = [
        _part(
            part,
            language,
            inflected=n == last or (language in ALL_WORDS and len(part) >= JOINTS) or (n == 0 and language in PREFIXED),
        )
        for n, part in enumerate(parts)
    ]
    return re.compile(f"{before}{(_GAP + '{1,3}').join(words)}{end}")


def _part(part: str, language: str, *, inflected: bool) -> str:
    """One part of a phrase as an expression; its last word may be inflected, what stands before it stays."""
    last = WORD.findall(part)
    ending = last[-1] if inflected and last and part.endswith(last[-1]) else ""
    stem = re.escape(fold(part.removesuffix(ending) if ending else part, language)).replace("'", "['’]")
    if not ending:
        return stem.replace("’", "['’]") if "['’]" not in stem else stem
    choices = sorted(forms(ending, language), key=lambda form: (-len(form), form))
    return f"{stem}(?:{'|'.join(map(re.escape, choices))})"
