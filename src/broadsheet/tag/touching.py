"""Which articles a change of the topic tree can touch, told without tagging them again.

An answer of no is certain; an answer of yes may turn out to change nothing. What can change an article's topics is a
phrase that one tree has and the other has not, and a keyword that is judged by what is around it where the tree tells
something else about its subject. So an article that holds none of those, by its words, stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ..types import Article, Rule, Topic
from .context import Contexts, is_around
from .inflection import fold
from .phrases import WORD, Matcher, Phrase, compiled

FEW = 200  # words


class Change(NamedTuple):
    """What differs between two trees. everything: no article is sure to stay. phrases: topics with the phrases alone
    that can touch an article. names: topics whose place in the tree is another."""

    everything: bool
    phrases: tuple[Topic, ...] = ()
    names: frozenset[str] = frozenset()


def change(old: Sequence[Topic], new: Sequence[Topic], learnt: Contexts | None = None) -> Change:
    """What differs between two trees. learnt: as for tag."""
    before, after = {topic.name: topic for topic in old}, {topic.name: topic for topic in new}
    common = [topic.name for topic in old if topic.name in after]
    roots = ([t.name for t in old if not t.parent], [t.name for t in new if not t.parent])
    if roots[0] != roots[1] or common != [topic.name for topic in new if topic.name in before]:
        return Change(everything=True)
    names = {name for name in (*before, *after) if _parent(before.get(name)) != _parent(after.get(name))}
    differing = {name for name in (*before, *after) if _phrases(before.get(name)) != _phrases(after.get(name))}
    phrases: list[Topic] = []
    for side, other in ((before, after), (after, before)):
        tree = tuple(side.values())
        phrases += [_only(topic, other.get(topic.name)) for topic in tree if topic.name in differing]
        unsure = _unsure(tree, differing | names)
        careful = _careful(tree) | {(t, k) for t, keywords in (learnt or {}).items() for k in keywords}
        phrases += [
            Topic(id=topic.id, name=topic.name, keywords=tuple(k for k in topic.keywords if (topic.name, k) in careful))
            for topic in tree
            if topic.name in unsure
        ]
    kept = tuple(dict.fromkeys(topic for topic in phrases if topic.keywords or topic.excludes))
    return Change(False, kept, frozenset(names))


def _unsure(tree: tuple[Topic, ...], differing: set[str]) -> set[str]:
    """Topics about whose subject the tree may tell something else: those that differ, those around one that does, and
    those that have a keyword in common with one."""
    parents = {topic.name: topic.parent for topic in tree}
    root = next((topic.name for topic in tree if not topic.parent), "")
    here = differing & parents.keys()
    keywords = {fold(keyword) for topic in tree if topic.name in here for keyword in topic.keywords}
    return here | {
        topic.name
        for topic in tree
        if any(is_around(name, topic.name, parents, root) for name in here)
        or not keywords.isdisjoint(map(fold, topic.keywords))
    }


def may_touch(change: Change, article: Article) -> bool:
    """Whether the change may give this article, read with its text, other topics or other evidence.

    For a few phrases that takes a small part of the time of tagging it.
    """
    if any(hit.where == "record" for hit in article.hits):
        return False
    if change.everything or any(name in change.names for name in (*article.topics, *article.source_topics)):
        return True
    matcher = compiled(change.phrases, article.language)
    return any(_may_hold(matcher, said) for said in (article.title, article.excerpt, article.text) if said)


def _may_hold(matcher: Matcher, said: str) -> bool:
    """False when no phrase can stand in it. Marks of Markdown part words and hide none, but for an escape in a word."""
    if "\\" in said:
        return True
    folded = fold(said, matcher.language)
    # To look for each of a few words is much cheaper than to part the text into its words.
    some = len(matcher.by_word) > FEW or any(word in folded for word in matcher.by_word)
    return (
        (some and not matcher.by_word.keys().isdisjoint(WORD.findall(folded)))
        or any(word in said for word, _ in matcher.exact)
        or any(needle in folded for needle, _ in matcher.anywhere)
    )


def _parent(topic: Topic | None) -> str | None:
    return topic.parent if topic else None


def _phrases(topic: Topic | None) -> tuple[object, ...]:
    """All of a topic that its hits depend on. A name and hashtags are words of its subject."""
    if topic is None:
        return ()
    return (topic.keywords, topic.excludes, topic.rules, topic.requires, topic.unless, topic.hashtags)


def _only(topic: Topic, other: Topic | None) -> Topic:
    """A topic with the phrases alone that `other` has not, or has with another rule."""
    if other is None or (topic.unless, topic.requires) != (other.unless, other.requires):
        return Topic(id=topic.id, name=topic.name, keywords=topic.keywords, excludes=topic.excludes)
    rules, others = _rules(topic.rules), _rules(other.rules)
    return Topic(
        id=topic.id,
        name=topic.name,
        keywords=tuple(k for k in topic.keywords if k not in other.keywords or rules.get(k) != others.get(k)),
        excludes=tuple(e for e in topic.excludes if e not in other.excludes),
    )


def _rules(rules: Iterable[Rule]) -> dict[str, Rule]:
    return {rule.keyword: rule for rule in rules}


def _careful(tree: tuple[Topic, ...]) -> set[tuple[str, str]]:
    """Topics and keywords that are judged by what is around them."""
    return {(phrase.topic, phrase.keyword) for phrase in _all(compiled(tree)) if phrase.careful}


def _all(matcher: Matcher) -> Iterator[Phrase]:
    for phrases in (*matcher.by_word.values(), *(phrases for _, phrases in matcher.exact)):
        yield from phrases
    yield from (phrase for _, phrase in matcher.anywhere)
