"""Whether a keyword that may mean something else means its topic where it stands, and why.

Asked of a keyword that its topic calls ambiguous or gives rules, that another topic has too, or that is as short as an
acronym. In this order:

1. Between capitals that make another name of it ("Ai Weiwei"), a short one does not count.
2. Beside a keyword of the same topic that leaves no doubt, it counts.
3. Near a word of `unless` it does not count.
4. With `requires` it counts where one of those stands near, and nowhere else.
5. Else signs are added up: how it is written, the words of its topic and of the topics around it, those of a topic with
   the same keyword, and what was learnt from the publication's own articles. Above 0 it counts.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from .. import text
from ..language.words import WORDS
from ..types import Rule, Topic
from .inflection import fold, forms
from .phrases import WORD, Found, Phrase, above, first_words, is_anywhere, is_exact, pattern

Contexts = Mapping[str, Mapping[str, Mapping[str, float]]]  # topic -> keyword -> word -> how much it speaks for it

BASE = ""  # the word under which a learnt context keeps what holds without any word
NEAR = 300  # characters on each side of a keyword in the text that are near it
KNOWN = 4  # letters from which a word of a keyword tells a subject
MOST_LEARNT = 6  # learnt words that are added up, strongest first: many weak ones are one sign
FUNCTION = 90  # words at the head of a language's list that hold sentences together

# What each sign adds. Only their order and the sides of 0 that their sums lie on matter.
AS_NAME, AS_WORD = 0.5, -2.0  # an ambiguous name that is written with a capital, or without
PLAIN, ONLY_UNLESS = -0.5, 0.25  # an ambiguous word; one whose topic says when it does not count
TRUSTED, FUNCTION_WORD = 1.0, -2.0  # a keyword that nobody called ambiguous; a short one that is a word of the language
ALL_CAPITALS = -1.0  # capitals in a line of capitals say nothing
OTHER_NAME = -1.0  # a capitalised word before it that is no common one
OWN, AROUND, RIVAL = 1.0, 0.5, -1.0  # each word of the topic, of topics around it, of one with the same keyword


class Verdict(NamedTuple):
    counts: bool
    reason: str = ""


class Window(NamedTuple):
    """What is near a keyword: the text, the same folded, and its folded words."""

    said: str
    folded: str
    words: frozenset[str]


class Subject(NamedTuple):
    """What the tree knows of one topic, for texts in one language: folded form -> the word that it is a form of."""

    topic: Topic
    own: Mapping[str, str]
    around: Mapping[str, str]
    rivals: Mapping[str, Mapping[str, str]]  # folded keyword -> words of other topics that have it


def window(said: str, language: str) -> Window:
    folded = fold(said, language)
    return Window(said, folded, frozenset(WORD.findall(folded)))


def judge(
    found: Found, field: str, near: Window, subject: Subject, sure: Collection[str], language: str, learnt: Contexts
) -> Verdict:
    """Whether the keyword at `found` in `field` counts.

    near: what it is read with. sure: keywords of its topic that stand near and leave no doubt. learnt: see learning.
    """
    phrase = found.phrase
    surface = field[found.start : found.end]
    if (name := _other_name(found, field, subject, language)) and _is_short(phrase):
        return Verdict(False, f"part of a name, {name}")
    if others := sorted(set(sure) - {phrase.keyword}):
        return Verdict(True, f"beside {others[0]}")
    if word := _first_of((*(phrase.rule.unless if phrase.rule else ()), *subject.topic.unless), near, language):
        return Verdict(False, f"near {word}")
    if requires := _required(phrase, subject.topic):
        word = _first_of(requires, near, language)
        return Verdict(bool(word), f"near {word}" if word else f"near none of {_listed(requires)}")
    if phrase.careful and not _is_in_doubt(phrase, field, surface, subject, learnt):
        return Verdict(True)
    signs = list(_signs(found, field, near, subject, language, name, learnt))
    total = sum(value for _, value in signs)
    told = ", ".join(f"{sign} {value:+.1f}" for sign, value in signs)
    return Verdict(total > 0, told or "nothing near it speaks for it")


def _required(phrase: Phrase, topic: Topic) -> tuple[str, ...]:
    if phrase.rule and phrase.rule.requires:
        return phrase.rule.requires
    return topic.requires if phrase.rule and phrase.rule.ambiguous else ()


def _is_in_doubt(phrase: Phrase, field: str, surface: str, subject: Subject, learnt: Contexts) -> bool:
    """False for a careful keyword about which nothing but its rules could raise a doubt."""
    if phrase.rule and phrase.rule.ambiguous:
        return True
    if fold(phrase.keyword) in subject.rivals or phrase.keyword in learnt.get(phrase.topic, ()):
        return True
    return _is_short(phrase) and (sum(map(str.isupper, surface)) < 2 or _is_shouted(field))


def _is_short(phrase: Phrase) -> bool:
    return len(phrase.keyword) <= 3 and phrase.keyword.isalpha() and not is_anywhere(phrase.keyword)


def _signs(
    found: Found, field: str, near: Window, subject: Subject, language: str, name: str, learnt: Contexts
) -> Iterator[tuple[str, float]]:
    phrase = found.phrase
    surface = field[found.start : found.end]
    small = surface == surface.lower()
    rule = phrase.rule or Rule(keyword=phrase.keyword)
    if _is_short(phrase) and fold(surface, language) in common(language) and (small or not phrase.exact):
        yield f"a common word in this language ({language})", FUNCTION_WORD
    if phrase.exact:
        yield "an acronym", AS_NAME
    elif phrase.keyword[0].isupper() and surface[0] != surface[0].upper():
        yield "written small", AS_WORD
    elif phrase.keyword[0].isupper():
        yield "written as a name", AS_NAME
    elif rule.ambiguous:
        yield ("nothing against it", ONLY_UNLESS) if rule.unless else ("ambiguous", PLAIN)
    else:
        yield "a plain keyword", TRUSTED
    if _is_shouted(field) and (phrase.exact or phrase.keyword[0].isupper()):
        yield "in a line of capitals", ALL_CAPITALS
    if name and rule.ambiguous:
        yield f"after a name, {name}", OTHER_NAME
    yield from _words(near, subject.own, phrase, "its topic’s", OWN, 2)
    yield from _words(near, subject.around, phrase, "from around its topic:", AROUND, 2)
    yield from _words(near, subject.rivals.get(fold(phrase.keyword), {}), phrase, "another topic’s", RIVAL, 2)
    yield from _learnt(near, learnt.get(phrase.topic, {}).get(phrase.keyword, {}))


def _words(
    near: Window, known: Mapping[str, str], phrase: Phrase, whose: str, each: float, most: int
) -> Iterator[tuple[str, float]]:
    itself = set(WORD.findall(fold(phrase.keyword)))
    here = sorted({known[word] for word in near.words & known.keys() if known[word] not in itself})
    yield from ((f"{whose} {word}", each) for word in here[:most])


def _learnt(near: Window, weights: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    if not weights:
        return
    if base := weights.get(BASE, 0.0):
        yield "learnt, in general", base
    here = sorted(((word, weights[word]) for word in near.words & weights.keys()), key=lambda w: (-abs(w[1]), w[0]))
    yield from ((f"learnt, {word}", weight) for word, weight in here[:MOST_LEARNT])


def _first_of(words: Iterable[str], near: Window, language: str) -> str:
    """The first of these phrases that stands in the window; empty when none does."""
    for word in words:
        exact, firsts, looks = _sought(word, language)
        if (not firsts or not near.words.isdisjoint(firsts)) and looks.search(near.said if exact else near.folded):
            return word
    return ""


@lru_cache(maxsize=20_000)
def _sought(word: str, language: str) -> tuple[bool, tuple[str, ...], re.Pattern[str]]:
    cleaned = text.clean(word)
    return is_exact(cleaned), first_words(cleaned, language), pattern(cleaned, language)


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(words[:6]) + (" …" if len(words) > 6 else "")


# --- how it is written -----------------------------------------------------------------------------------------------

_BEFORE = re.compile(r"(\w+)(?:['’]s)?[ \u00a0]$")
_AFTER = re.compile(r"[ \u00a0](\w+)")
_LINE_WORD = re.compile(r"[^\W\d_]{4,}")


def _other_name(found: Found, field: str, subject: Subject, language: str) -> str:
    """The name that a capitalised unknown word beside a single capitalised keyword makes of it; empty for none.

    After a short keyword ("Ai Weiwei"), before a longer one ("Fiona Apple"). In a headline that capitalises all its
    words, and in German, capitals tell nothing.
    """
    surface = field[found.start : found.end]
    if " " in surface or not surface[0].isupper() or surface.isupper() or language == "de" or _is_title_case(field):
        return ""
    if _is_short(found.phrase):
        match = _AFTER.match(field, found.end)
        return f"{surface} {match[1]}" if match and _is_unknown_name(match[1], subject, language) else ""
    match = _BEFORE.search(field, max(0, found.start - 40), found.start)
    return f"{match[1]} {surface}" if match and _is_unknown_name(match[1], subject, language) else ""


def _is_unknown_name(word: str, subject: Subject, language: str) -> bool:
    folded = fold(word, language)
    return (
        word[0].isupper()
        and not word.isupper()
        and folded not in _every(language)
        and folded not in subject.own
        and folded not in subject.around
    )


def _is_title_case(field: str) -> bool:
    """Most of the longer words behind the first begin with a capital."""
    longer = _LINE_WORD.findall(field[:400])[1:]
    return bool(longer) and sum(word[0].isupper() for word in longer) * 2 > len(longer)


def _is_shouted(field: str) -> bool:
    """A line of capitals, of more than an acronym."""
    line = field[:400]
    return line.isupper() and len(WORD.findall(line)) > 1


@lru_cache(maxsize=64)
def common(language: str) -> frozenset[str]:
    """Words that hold sentences together, parts before and after an apostrophe too (`j'ai`)."""
    words = WORDS.get(language, WORDS["en"] if not language else "").split()[:FUNCTION]
    elided = [part for word in WORDS.get(language, "").split() if "'" in word for part in word.split("'")]
    return frozenset(words) | frozenset(elided)


@lru_cache(maxsize=64)
def _every(language: str) -> frozenset[str]:
    words = WORDS.get(language, WORDS["en"] if not language else "").split()
    return frozenset(words) | {word.split("'")[0] for word in words}


# --- what the tree knows ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def subjects(tree: tuple[Topic, ...], language: str = "") -> dict[str, Subject]:
    """What the tree tells about the subject of each topic, by name."""
    parents = {topic.name: topic.parent for topic in tree}
    root = next((topic.name for topic in tree if not topic.parent), "")
    own = {topic.name: _own(topic, language) for topic in tree}
    owners: dict[str, list[Topic]] = {}
    for topic in tree:
        for keyword in dict.fromkeys(fold(keyword) for keyword in topic.keywords):
            owners.setdefault(keyword, []).append(topic)
    found: dict[str, Subject] = {}
    for topic in tree:
        line = {topic.name, *above(topic.name, parents)}
        near = [one for one in tree if one.name != topic.name and is_around(one.name, topic.name, parents, root)]
        around = {form: word for one in near for form, word in own[one.name].items()}
        rivals: dict[str, dict[str, str]] = {}
        for keyword in dict.fromkeys(fold(keyword) for keyword in topic.keywords):
            for other in owners[keyword]:
                if other.name not in line and topic.name not in above(other.name, parents):
                    words = own[other.name] | _required_words(other, keyword, language)
                    rivals.setdefault(keyword, {}).update(
                        (form, word) for form, word in words.items() if form not in own[topic.name]
                    )
        found[topic.name] = Subject(topic, own[topic.name], around, rivals)
    return found


def is_around(other: str, name: str, parents: Mapping[str, str], root: str) -> bool:
    """A parent, a child, or a sibling; what hangs at the root is about anything."""
    if root in (other, name):
        return False
    return parents[other] == name or parents[name] == other or (parents[other] == parents[name] != root)


def _own(topic: Topic, language: str) -> dict[str, str]:
    """Words of its name, its keywords and its hashtags, those left out that are themselves in doubt."""
    doubtful = {rule.keyword for rule in topic.rules if rule.ambiguous or rule.requires}
    phrases = [topic.name, *(keyword for keyword in topic.keywords if keyword not in doubtful), *topic.requires]
    tags = (re.sub(r"(?<=[a-z])(?=[A-Z])", " ", tag.lstrip("#")) for tag in topic.hashtags)
    return _forms((*phrases, *tags), language)


def _required_words(topic: Topic, keyword: str, language: str) -> dict[str, str]:
    return _forms((w for rule in topic.rules if fold(rule.keyword) == keyword for w in rule.requires), language)


def _forms(phrases: Iterable[str], language: str) -> dict[str, str]:
    function = common(language) | common("en")
    words = {word for phrase in phrases for word in WORD.findall(phrase) if len(word) >= KNOWN}
    return {form: fold(word) for word in sorted(words) if fold(word) not in function for form in forms(word, language)}
