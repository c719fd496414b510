"""Which topics an article belongs to, with the words that say so.

Profile `standard` reads title, excerpt and text; `classic` reads whole words of the title alone, as the predecessor
did. The rules of `standard`:

* A keyword is whole words: `ai` is not in "availability". Between its words any white space or hyphen may stand; its
  last word may be a plural or a possessive. In scripts without spaces it may stand anywhere; in Hangul it may carry
  an ending.
* A keyword of two or three letters that the topic file writes in capitals (`AI`, `US`, `IT`) must stand in capitals.
* Inside a phrase that the topic excludes ("Ai Weiwei") no keyword of that topic counts.
* One hit in title or excerpt is enough. Found in the text alone, a topic needs a hit among the first 100 words, or two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

import msgspec

from . import text
from .types import Article, Hit, Topic

OPENING = 100  # words of the text in which one hit is enough
REPEATS = 2  # hits that are enough anywhere in the text
EVIDENCE = 20  # hits kept for one topic from one text; more explain nothing more
MOST = 100  # places at which one phrase is looked at in one field, so that a text of one word costs no more
SHORT = 3  # letters up to which capitals in the topic file are meant

_WORD = re.compile(r"\w+")
_GAP = r"[\s\-\u2010\u2011]"
_HANGUL = re.compile("[\u1100-\u11ff\uac00-\ud7af]")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0e7f\U00020000-\U0002fa1f]")


class Phrase(NamedTuple):
    """A keyword, or an excluded phrase, of one topic, ready to be looked for."""

    topic: str
    keyword: str  # as the topic file writes it; empty for an excluded phrase
    pattern: re.Pattern[str]
    lead: int  # characters before its first word: 1 for ".net"


class Found(NamedTuple):
    """Where a phrase stands in one field. word: number of the word there, from 0."""

    phrase: Phrase
    start: int
    end: int
    word: int


class Matcher(NamedTuple):
    """The phrases of a topic tree, found by the first word of each. anywhere: those of scripts without spaces."""

    by_word: Mapping[str, tuple[Phrase, ...]]
    anywhere: tuple[Phrase, ...]


def tag(article: Article, topics: Sequence[Topic], *, profile: str = "standard") -> Article:
    """The article with its topics, in the order of the tree, ancestors and root included, and with every hit.

    profile: `standard` or `classic`. Without a hit an article has no topics and is off-topic; under `classic` it has
    the root's. An article that came with a record keeps the topics which that states.
    """
    if any(hit.where == "record" for hit in article.hits):
        return article
    tree = tuple(topics)
    hits = _classic(article, tree) if profile == "classic" else _standard(article, tree)
    hits = [*hits, *_ancestors(hits, tree)]
    matched = {hit.topic for hit in hits}
    named = tuple(dict.fromkeys(topic.name for topic in tree if topic.name in matched))
    return msgspec.structs.replace(article, topics=named, hits=tuple(hits))


def _standard(article: Article, tree: tuple[Topic, ...]) -> list[Hit]:
    matcher = compiled(tree)
    hits = [
        Hit(topic=found.phrase.topic, keyword=found.phrase.keyword, where=where, start=found.start)
        for where, field in (("title", article.title), ("excerpt", article.excerpt))
        for found in find(matcher, field)
    ]
    said = {hit.topic for hit in hits}
    for topic, founds in _by_topic(find(matcher, text.plain(article.text))).items():
        if topic in said or _places(founds) >= REPEATS or any(found.word < OPENING for found in founds):
            hits += [
                Hit(topic=topic, keyword=found.phrase.keyword, where="text", start=found.start)
                for found in founds[:EVIDENCE]
            ]
    known = {topic.name for topic in tree}
    return hits + [Hit(topic=name, keyword="", where="source") for name in article.source_topics if name in known]


def _by_topic(founds: Iterable[Found]) -> dict[str, list[Found]]:
    grouped: dict[str, list[Found]] = {}
    for found in founds:
        grouped.setdefault(found.phrase.topic, []).append(found)
    return grouped


def _places(founds: Sequence[Found]) -> int:
    """Places that do not overlap: "azure sql" and "sql database" over the same words are one."""
    count, end = 0, 0
    for found in founds:
        if found.start >= end:
            count, end = count + 1, found.end
    return count


def _classic(article: Article, tree: tuple[Topic, ...]) -> list[Hit]:
    """The predecessor's: keywords as whole words of the lower-cased title; every article is on the root topic."""
    title = article.title.lower()
    hits = [
        Hit(topic=phrase.topic, keyword=phrase.keyword, where="title", start=match.start())
        for phrase in _literal(tree)
        if (match := phrase.pattern.search(title))
    ]
    return hits + [Hit(topic=root.name, keyword="", where="root") for root in _roots(tree)]


def _roots(tree: tuple[Topic, ...]) -> tuple[Topic, ...]:
    return tuple(topic for topic in tree if not topic.parent)[:1]


def _ancestors(hits: Sequence[Hit], tree: tuple[Topic, ...]) -> Iterator[Hit]:
    """Topics that follow from a topic below them, and the root, which follows from any; each told once."""
    parents = {topic.name: topic.parent for topic in tree}
    have = {hit.topic for hit in hits}
    for name in [topic.name for topic in tree if topic.name in have]:
        below, above = name, parents[name]
        while above and above not in have and above in parents:
            have.add(above)
            yield Hit(topic=above, keyword=below, where="child")
            below, above = above, parents[above]
    for root in _roots(tree):
        if have and root.name not in have:
            yield Hit(topic=root.name, keyword="", where="root")


# --- finding ---------------------------------------------------------------------------------------------------------


def find(matcher: Matcher, field: str) -> Iterator[Found]:
    """Every keyword in `field` that no excluded phrase of its topic covers, in order of place. One pass over words."""
    ends: dict[str, int] = {}  # topic -> how far the excluded phrases reach that began so far
    for found in sorted(_founds(matcher, field), key=lambda f: (f.start, bool(f.phrase.keyword), f.end)):
        topic = found.phrase.topic
        if not found.phrase.keyword:
            ends[topic] = max(ends.get(topic, 0), found.end)
        elif found.end > ends.get(topic, 0):
            yield found


def _founds(matcher: Matcher, field: str) -> Iterator[Found]:
    seen: dict[int, int] = {}  # by id: hashing a phrase costs more than matching it
    for number, word in enumerate(_WORD.finditer(field)):
        for phrase in matcher.by_word.get(word.group().casefold(), ()):
            start, count = word.start() - phrase.lead, seen.get(id(phrase), 0)
            if start >= 0 and count < MOST and (match := phrase.pattern.match(field, start)):
                seen[id(phrase)] = count + 1
                yield Found(phrase, match.start(), match.end(), number)
    for phrase in matcher.anywhere:
        for match in islice(phrase.pattern.finditer(field), MOST):
            # Two characters of a script without spaces are about a word, see text.count_words.
            yield Found(phrase, match.start(), match.end(), match.start() // 2)


@lru_cache(maxsize=16)
def compiled(tree: tuple[Topic, ...]) -> Matcher:
    """The matcher of a topic tree. A keyword that stands twice in a topic is looked for once."""
    by_word: dict[str, list[Phrase]] = {}
    anywhere: list[Phrase] = []
    for topic in tree:
        kinds = [(phrase, phrase) for phrase in topic.keywords] + [(phrase, "") for phrase in topic.excludes]
        for phrase, keyword in dict.fromkeys(kinds):
            cleaned = text.clean(phrase)
            if not cleaned:
                continue
            first = _WORD.search(cleaned)
            made = Phrase(topic.name, keyword, _pattern(cleaned), first.start() if first else 0)
            if first is None or _UNSPACED.search(cleaned) or _HANGUL.search(cleaned[-1]):
                anywhere.append(made)
            else:
                for form in _first_words(cleaned, first.group()):
                    by_word.setdefault(form, []).append(made)
    return Matcher({word: tuple(phrases) for word, phrases in by_word.items()}, tuple(anywhere))


def _first_words(phrase: str, first: str) -> set[str]:
    """Case-folded words under which a text may show the first word of a phrase."""
    forms = {first.casefold()}
    if phrase.endswith(first) and (plural := _plural(first)):
        forms |= {form.casefold() for form in plural}
    return forms


def _pattern(phrase: str) -> re.Pattern[str]:
    """What a phrase looks like in running text; see the rules at the top of this module."""
    if _UNSPACED.search(phrase) or not _WORD.search(phrase):
        return re.compile(re.escape(phrase), re.IGNORECASE)
    parts = [part for part in re.split(f"{_GAP}+", phrase) if part]
    words = [re.escape(part).replace("'", "['’]") for part in parts]
    last = _WORD.findall(parts[-1])
    if last and parts[-1].endswith(last[-1]) and (plural := _plural(last[-1])):
        stem = words[-1].removesuffix(re.escape(last[-1]))
        words[-1] = f"{stem}(?:{'|'.join(re.escape(form) for form in (*plural, last[-1]))})"
    # Not after `x.` or `x@`, where a word is the end of an address; "C" is neither in "C++" nor in "C#".
    end = "" if _HANGUL.search(phrase[-1]) else r"(?![\w+#])"
    shouted = len(phrase) <= SHORT and phrase.isalpha() and phrase.isupper() and len(phrase) > 1
    return re.compile(
        rf"(?<!\w)(?<!\w[.@]){f'{_GAP}{{1,3}}'.join(words)}{end}", re.NOFLAG if shouted else re.IGNORECASE
    )


def _plural(word: str) -> tuple[str, ...]:
    """Plurals of a word by the plain rules of English; none for what is too short to tell from another word."""
    if not word.isascii() or not word[-1].isalpha() or (len(word) < 3 and not word.isupper()) or len(word) < 2:
        return ()
    lower = word.lower()
    if lower.endswith("y") and lower[-2] not in "aeiou":
        return (f"{word[:-1]}ies",)
    return (f"{word}es",) if lower.endswith(("s", "x", "z", "ch", "sh")) else (f"{word}s",)


@lru_cache(maxsize=16)
def _literal(tree: tuple[Topic, ...]) -> tuple[Phrase, ...]:
    """Keywords for `classic`: as written, lower-cased, as whole words; nothing between or after them varies."""
    return tuple(
        Phrase(topic.name, keyword, re.compile(rf"(?<!\w){re.escape(keyword.lower())}(?!\w)"), 0)
        for topic in tree
        for keyword in dict.fromkeys(topic.keywords)
        if keyword.strip()
    )
