"""Which topics an article belongs to, with the words that say so.

Profile `standard` reads title, excerpt and text; `classic` reads whole words of the title alone, as the predecessor
did. The rules of `standard`:

* A keyword is found as people write it: whole words, plural, possessive, hyphen or none, in the cases of the language
  (phrases, inflection). Inside a phrase that the topic excludes ("Ai Weiwei") no keyword of that topic counts.
* A keyword of two or three letters that the topic file writes in capitals (`AI`, `US`, `IT`) must stand in capitals.
* A keyword that may mean something else is judged by what is around it (context), with what was learnt from the
  publication's own articles (learning). One that does not count is kept with the reason.
* What keywords weigh, times the weight of the place, is added up; a topic needs 1. One hit in title, excerpt or the
  first 100 words of the text is enough, elsewhere in the text it takes two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from .. import text
from ..types import Article, Hit, Places, Topic
from . import classic
from .context import NEAR, Contexts, Subject, Window, judge, subjects, window
from .phrases import Found, Matcher, above, compiled, find

__all__ = ["Contexts", "tag"]

OPENING = 100  # words of the text that are its opening
EVIDENCE = 20  # hits kept for one topic from one text; more explain nothing more

_OPENING = re.compile(rf"\W*+(?:\w++\W*+){{1,{OPENING}}}")
_UNSPACED_OPENING = OPENING * 2  # characters: two of a script without spaces are about a word, see text.count_words
_ENOUGH = 1.0 - 1e-9
_ORDER = {"title": 0, "excerpt": 1, "text": 2}


class Prepared(NamedTuple):
    """What a tree comes to for texts in one language."""

    tree: tuple[Topic, ...]
    matcher: Matcher
    subjects: dict[str, Subject]


class Field(NamedTuple):
    """One field of an article. opening: where its first words end; the whole of a title or an excerpt."""

    where: str
    said: str
    opening: int


def tag(
    article: Article,
    topics: Sequence[Topic],
    *,
    profile: str = "standard",
    learnt: Contexts | None = None,
    places: Places = Places(),  # noqa: B008 -- frozen
) -> Article:
    """The article with its topics, in the order of the tree, ancestors and root included, and with every hit.

    profile: `standard` or `classic`. learnt: what the publication's own articles say about keywords, see learning.
    places: weights of title, excerpt, opening and text. Without a hit an article has no topics and is off-topic; under
    `classic` it has the root's. An article that came with a record keeps the topics which that states.
    """
    if any(hit.where == "record" for hit in article.hits):
        return article
    tree = tuple(topics)
    refused: list[Hit] = []
    if profile == "classic":
        hits = classic.hits(article, tree)
    else:
        hits, refused = _standard(article, tree, learnt or {}, places)
    named: tuple[str, ...] = ()
    if hits:
        hits = [*hits, *_ancestors(hits, tree)]
        matched = {hit.topic for hit in hits}
        named = tuple([topic.name for topic in tree if topic.name in matched])
    return msgspec.structs.replace(article, topics=named, hits=tuple(hits), refused=tuple(refused[:EVIDENCE]))


def _standard(
    article: Article, tree: tuple[Topic, ...], learnt: Contexts, places: Places
) -> tuple[list[Hit], list[Hit]]:
    """Hits of topics that have enough of them, and those that did not count."""
    prepared = _prepared(tree, article.language)
    fields = [
        Field(where, said, len(said))
        for where, said in (("title", article.title), ("excerpt", article.excerpt))
        if said
    ]
    if article.text:
        prose = text.plain(article.text)
        fields.append(Field("text", prose, _opening(prose)))
    founds = [(field, found) for field in fields for found in find(prepared.matcher, field.said)]
    hits: list[Hit] = []
    refused: list[Hit] = []
    if founds:
        counted, refused = _judged(prepared, fields, founds, learnt)
        for topic, own in _by_topic(counted).items():
            if _weight(own, places) >= _ENOUGH:
                hits += own_hits(own)
            else:
                refused += [
                    _hit(field, found, f"weighs too little for {topic}")
                    for field, found, _ in own
                    if field.where != "text"
                ]
    hits.sort(key=_place)
    if article.source_topics:
        known = {topic.name for topic in tree}
        hits += [Hit(topic=name, keyword="", where="source") for name in article.source_topics if name in known]
    return hits, refused


def _place(hit: Hit) -> tuple[int, int, int]:
    return _ORDER[hit.where], hit.start, hit.end


_recent: dict[tuple[int, str], Prepared] = {}  # by identity of the tree: its hash would cost more than most headlines


def _prepared(tree: tuple[Topic, ...], language: str) -> Prepared:
    """The tree made ready, once for a tree and a language."""
    found = _recent.get((id(tree), language))
    if found is None or found.tree is not tree:
        if len(_recent) >= 64:
            _recent.clear()
        found = Prepared(tree, compiled(tree, language), subjects(tree, language))
        _recent[id(tree), language] = found
    return found


Counted = tuple[Field, Found, str]  # with the reason


def _judged(
    prepared: Prepared, fields: Sequence[Field], founds: Sequence[tuple[Field, Found]], learnt: Contexts
) -> tuple[list[Counted], list[Hit]]:
    """Those that count and those that do not. What leaves no doubt is never read with what is around it."""
    careful = [pair for pair in founds if _is_careful(pair[1], learnt)]
    if not careful:
        return [(field, found, "") for field, found in founds], []
    counted = [(field, found, "") for field, found in founds if not _is_careful(found, learnt)]
    sure: dict[str, set[str]] = {}
    for field, found, _ in counted:
        if found.start < field.opening:
            sure.setdefault(found.phrase.topic, set()).add(found.phrase.keyword)
    language, known = prepared.matcher.language, prepared.subjects
    whole = window("\n".join(field.said[: field.opening] for field in fields), language)
    refused: list[Hit] = []
    for field, found in careful:
        near = whole if found.start < field.opening else _near(field, found, language)
        topic = found.phrase.topic
        verdict = judge(found, field.said, near, known[topic], sure.get(topic, ()), language, learnt)
        if verdict.counts:
            counted.append((field, found, verdict.reason))
        else:
            refused.append(_hit(field, found, verdict.reason))
    return counted, refused


def _is_careful(found: Found, learnt: Contexts) -> bool:
    phrase = found.phrase
    return phrase.careful or phrase.keyword in learnt.get(phrase.topic, ())


def _near(field: Field, found: Found, language: str) -> Window:
    """What is around a keyword far down in a text."""
    return window(field.said[max(0, found.start - NEAR) : found.end + NEAR], language)


def _opening(prose: str) -> int:
    """Where the first words of a text end."""
    match = _OPENING.match(prose)
    end = match.end() if match else 0
    return end if prose[:end].isascii() or text.count_words(prose[:end]) <= 2 * OPENING else min(end, _UNSPACED_OPENING)


def own_hits(own: Sequence[Counted]) -> Iterator[Hit]:
    """Hits of one topic; of a text only the first."""
    left = EVIDENCE
    for field, found, reason in sorted(own, key=lambda one: one[1].start):
        if field.where != "text" or left > 0:
            left -= field.where == "text"
            yield _hit(field, found, reason)


def _hit(field: Field, found: Found, reason: str) -> Hit:
    phrase = found.phrase
    return Hit(
        topic=phrase.topic,
        keyword=phrase.keyword,
        where=field.where,
        start=found.start,
        end=found.end,
        weight=phrase.rule.weight if phrase.rule else 1.0,
        reason=reason,
    )


def _by_topic(counted: Iterable[Counted]) -> dict[str, list[Counted]]:
    grouped: dict[str, list[Counted]] = {}
    for one in counted:
        grouped.setdefault(one[1].phrase.topic, []).append(one)
    return grouped


def _weight(own: Sequence[Counted], places: Places) -> float:
    """What the hits of one topic weigh. Of those that overlap, "azure sql" and "sql database", the first counts."""
    total, ends = 0.0, dict.fromkeys(_ORDER, 0)
    for field, found, _ in sorted(own, key=lambda one: one[1].start):
        if found.start >= ends[field.where]:
            ends[field.where] = found.end
            place = "opening" if field.where == "text" and found.start < field.opening else field.where
            total += getattr(places, place) * (found.phrase.rule.weight if found.phrase.rule else 1.0)
    return total


def _ancestors(hits: Sequence[Hit], tree: tuple[Topic, ...]) -> Iterator[Hit]:
    """Topics that follow from a topic below them, and the root, which follows from any; each told once."""
    parents = {topic.name: topic.parent for topic in tree}
    have = {hit.topic for hit in hits}
    for name in [topic.name for topic in tree if topic.name in have]:
        below = name
        for up in above(name, parents):
            if up in have:
                break
            have.add(up)
            yield Hit(topic=up, keyword=below, where="child")
            below = up
    root = next((topic.name for topic in tree if not topic.parent), "")
    if have and root and root not in have:
        yield Hit(topic=root, keyword="", where="root")
