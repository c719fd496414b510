"""What a publication's own articles say about its keywords: which words stand around one where it means its topic.

Naive Bayes over the words of title and excerpt, one small model a keyword. Each word weighs the difference of the logs
of its shares among the articles where the keyword meant its topic and among those where it did not, both drawn towards
its share in all of them, so that a word seen once or twice says next to nothing. A keyword that was hardly ever refused
has no model: there is nothing to tell apart.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ..types import Article, Decision, Topic
from .context import BASE, common
from .inflection import fold
from .phrases import WORD, compiled, find

LEAST = 2.0  # articles in which a keyword must have been refused before anything is learnt about it
STRENGTH = 5.0  # articles' worth of doubt that a share is drawn back by
STRONGEST = 2.0  # of a word, and of what holds without any: one word never decides against several
WEAKEST = 0.3  # a word below says nothing worth keeping
WORDS_KEPT = 200  # of one keyword, the strongest
KILLED, KILLED_OTHERWISE, BY_ITSELF = 1.0, 0.5, 0.25  # how much a refusal weighs, by who refused; see examples
PUBLISHED, BESIDE = 1.0, 0.5  # and an acceptance
_OFF_TOPIC = ("off-topic", "off topic", "not our topic", "wrong topic")


class Example(NamedTuple):
    """An article with topics that it is on and topics that it is not on although a keyword of theirs may stand in it.

    wrong: None for every topic that is not in `right`.
    """

    article: Article
    right: frozenset[str]
    wrong: frozenset[str] | None = None
    weight: float = 1.0


class _Count:
    """Of one keyword: articles where it meant its topic, where it did not, and the same by word. In weights."""

    __slots__ = ("against", "by_word", "for_it")

    def __init__(self) -> None:
        self.for_it = self.against = 0.0
        self.by_word: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])


def learn(examples: Iterable[Example], topics: Sequence[Topic]) -> dict[str, dict[str, dict[str, float]]]:
    """Topic -> keyword -> word -> how much it speaks for the keyword meaning its topic; see context.Contexts.

    Under the empty word stands what holds without any. Keywords that were not refused in at least two articles are
    absent. The same examples in any order give the same.
    """
    tree = tuple(topics)
    counts: defaultdict[tuple[str, str], _Count] = defaultdict(_Count)
    for example in sorted(examples, key=lambda one: one.article.url):
        article = example.article
        words: frozenset[str] | None = None
        matcher = compiled(tree, article.language)
        found = {
            (f.phrase.topic, f.phrase.keyword) for said in (article.title, article.excerpt) for f in find(matcher, said)
        }
        for topic, keyword in sorted(found):
            right = topic in example.right
            if not right and example.wrong is not None and topic not in example.wrong:
                continue
            words = words if words is not None else _words(article)
            count = counts[topic, keyword]
            count.for_it += example.weight * right
            count.against += example.weight * (not right)
            for word in words:
                count.by_word[word][not right] += example.weight
    learnt: dict[str, dict[str, dict[str, float]]] = {}
    for (topic, keyword), count in sorted(counts.items()):
        if count.against >= LEAST:
            learnt.setdefault(topic, {})[keyword] = _weights(count, keyword)
    return learnt


def _words(article: Article) -> frozenset[str]:
    """Words of title and excerpt that may tell what they are about."""
    folded = fold(f"{article.title}\n{article.excerpt}", article.language)
    hold_together = common(article.language)
    return frozenset(word for word in WORD.findall(folded) if len(word) > 2 and word not in hold_together)


def _weights(count: _Count, keyword: str) -> dict[str, float]:
    itself = set(WORD.findall(fold(keyword)))
    base = math.log((count.for_it + 1) / (count.against + 1))
    weights = {BASE: round(_bounded(base), 2)}
    found: list[tuple[str, float]] = []
    for word, (here, there) in count.by_word.items():
        usual = STRENGTH * (here + there) / (count.for_it + count.against)
        weight = math.log((here + usual) / (count.for_it + STRENGTH)) - math.log(
            (there + usual) / (count.against + STRENGTH)
        )
        if here + there >= 2 and abs(weight) >= WEAKEST and word not in itself:
            found.append((word, round(_bounded(weight), 2)))
    found.sort(key=lambda one: (-abs(one[1]), one[0]))
    return weights | dict(sorted(found[:WORDS_KEPT]))


def _bounded(weight: float) -> float:
    return max(-STRONGEST, min(STRONGEST, weight))


# --- from what is stored ---------------------------------------------------------------------------------------------


def examples(articles: Iterable[Article], decisions: Mapping[str, Decision], topics: Sequence[Topic]) -> list[Example]:
    """What stored articles teach. decisions: the editor's act in force, by URL.

    * A record that was imported states all its topics: whatever else a keyword in it says was refused.
    * What an editor published is on its topics. What one killed is on none; it weighs half where the note does not say
      that it was off-topic, since it may have been killed for another reason.
    * Of the rest, an article with a second keyword of a topic is on it. One with nothing but a single keyword that is
      open to doubt, and no other of the whole tree, speaks a little against that keyword.
    """
    careful = {
        phrase.keyword for phrases in compiled(tuple(topics)).by_word.values() for phrase in phrases if phrase.careful
    }
    found: list[Example] = []
    for article in articles:
        decision = decisions.get(article.url)
        if any(hit.where == "record" for hit in article.hits):
            found.append(Example(article, frozenset(article.topics)))
        elif decision and decision.kind == "kill":
            off_topic = any(said in decision.note.casefold() for said in _OFF_TOPIC)
            found.append(Example(article, frozenset(), weight=KILLED if off_topic else KILLED_OTHERWISE))
        elif decision and decision.kind == "publish":
            found.append(Example(article, frozenset(article.topics), frozenset(), PUBLISHED))
        else:
            found += _unjudged(article, careful)
    return found


def _unjudged(article: Article, careful: set[str]) -> list[Example]:
    """What an article teaches that no editor has judged."""
    keywords: dict[str, set[str]] = {}
    for hit in (*article.hits, *article.refused):
        if hit.start >= 0:
            keywords.setdefault(hit.topic, set()).add(hit.keyword)
    on = frozenset(topic for topic, several in keywords.items() if len(several) > 1 and topic in article.topics)
    if on:
        return [Example(article, on, frozenset(), BESIDE)]
    alone = {keyword for several in keywords.values() for keyword in several}
    if len(alone) == 1 and alone <= careful and not article.source_topics:
        return [Example(article, frozenset(), frozenset(keywords), BY_ITSELF)]
    return []


def from_history(
    articles: Iterable[Article], decisions: Mapping[str, Decision], topics: Sequence[Topic]
) -> dict[str, dict[str, dict[str, float]]]:
    """What stored articles teach, ready for Learnt.contexts. decisions: the editor's act in force, by URL."""
    return learn(examples(articles, decisions, topics), topics)
