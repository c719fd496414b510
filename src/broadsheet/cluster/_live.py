"""The stories of one language that may still grow: the sums of their vectors and an index over their words."""

from __future__ import annotations

import math
from array import array
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from heapq import nlargest
from typing import TYPE_CHECKING

from ..stories import story_id
from ..text import tokens
from ..types import Struct
from ._features import DENSE
from ._features import WORDS as BY_WORDS
from ._habits import Habits
from ._rarity import of_runs, of_words
from ._sums import Sum, Vector
from ._terms import STEM, Member, Terms, runs, terms

if TYPE_CHECKING:
    from ._sense import Sense, Sensed

HELD = 100  # stories of a term that are looked at: those that came to it last, and those that it says most about
VISITS = 400  # of stories, for one article, from the rarest word on
ROUGH = 16  # stories that hold most of an article's words, of which
NEAR = 8  # those with the largest cosine are what it is set against; of these
CLOSE = 5  # are compared in full, where their words are
FAR = 0.25  # of the best one's similarity, or more
WORDS = 150  # of a story's sum that are kept at least, where it has twice as many
RUNS = 400  # the same of runs of letters
AWAKE = 100  # stories whose sums are held ready to be changed
SPELLED = 5_000  # words whose runs of letters are remembered
RAREST = 16  # words that are kept of a member, to tell which of them an article resembles
BACKGROUND = 0.017  # mean cosine of the words of two articles of different stories, before any are known,
PRIOR = 10.0  # which counts for so many articles
EPOCH = datetime.fromtimestamp(0, UTC)
LATEST = 60  # latest articles of a provider, which tell what its titles repeat
WITHIN = 0.25  # how alike two articles of a story are (both cosines added) before more is known of it,
WITHIN_PAIRS = 4.0  # which counts for so many pairs,
WITHIN_LEAST = 0.2  # and the least that is believed: a story of everything is like everything


class Known(Struct, frozen=True):
    """What a story keeps of a member."""

    url: str
    title: str
    hour: float  # of its publication, since 1970
    provider: str
    words: array[int]  # its rarest ones, by number


class Story:
    """A growing story: sums of its members' unit vectors, one of words and one of runs of letters."""

    __slots__ = (
        *("compared", "first", "last", "members", "name", "providers", "revision", "runs", "slot", "tested", "words"),
    )

    def __init__(self, name: str, slot: int) -> None:
        self.name = name
        self.slot = slot
        self.words = Sum(WORDS)
        self.runs = Sum(RUNS)
        self.compared = 0  # how many articles it had when it was last compared with other stories
        self.tested = 0  # and when it was last looked at whether it is two
        self.members: list[Known] = []
        self.providers: set[str] = set()
        self.first, self.last = math.inf, -math.inf  # hours
        self.revision = 0

    @property
    def opener(self) -> str:
        """URL of the article that opened it, if that is in it."""
        return next((member.url for member in self.members if story_id(member.url) == self.name), "")

    def within(self) -> float:
        """How alike two of its articles are."""
        size = len(self.members)
        pairs = self.words.square + self.runs.square - 2.0 * size
        return max(WITHIN_LEAST, (pairs + WITHIN_PAIRS * WITHIN) / (size * (size - 1) + WITHIN_PAIRS))

    def note(self, member: Known) -> None:
        self.members.append(member)
        if member.provider:
            self.providers.add(member.provider)
        self.first, self.last = min(self.first, member.hour), max(self.last, member.hour)
        self.revision += 1


class Article:
    """An article as it is compared: unit vectors, with the rarity of each word."""

    __slots__ = ("known", "rare", "runs", "sense", "title", "title_square", "words")

    def __init__(
        self, known: Known, words: Vector, runs: Vector, title: frozenset[int], rare: list[tuple[float, int]]
    ) -> None:
        self.known, self.words, self.runs, self.title, self.rare = known, words, runs, title, rare
        self.title_square = sum([words[word] ** 2 for word in title if word in words])
        self.sense: Sensed | None = None  # where its room has one


class Room:
    """All live stories of one language, and how rare its terms are."""

    def __init__(self, language: str, days: int, sense: Sense | None = None) -> None:
        self.language = language
        self.sense = sense
        self.weights = BY_WORDS if sense is None else DENSE
        self.window = days * 24.0
        self.words = of_words(language)
        self.runs = of_runs()
        self.runs_of: dict[str, tuple[int, ...]] = {}  # of words that were met lately
        self.stories: list[Story | None] = []  # by slot; None once merged or forgotten
        self.holders: dict[int, array[int]] = {}  # word -> slots of stories
        self.touched: set[int] = set()
        self.sum: Vector = {}  # of all word vectors so far
        self.members = 0
        self.between = 0.0  # sum of mean cosines of each article to those of other stories,
        self.measured = 0  # for so many articles
        self.awake: dict[int, Story] = {}  # whose sums changed lately, the latest last
        self.habits: dict[str, Habits] = {}  # of providers
        self.swept = -math.inf
        self.latest: dict[str, deque[Known]] = {}  # provider -> its latest articles

    def article(self, member: Member, terms: Terms, *, count: bool = True) -> Article:
        """Weigh its terms, noting one more article with them if `count`."""
        numbers = self.words.number(terms.words)
        letters: dict[int, float] = {}
        if count:
            self.words.count(numbers)
        rare = self.words.of(numbers)
        habits = self.habits.get(member.provider)
        if habits is None:
            known_of: dict[str, float] = {}
        else:
            bare, rare = rare, habits.rarer(numbers, rare)
            known_of = {t: r / b for t, r, b in zip(terms.words, rare, bare, strict=True) if r < b}
        for word, weight in terms.spelled.items():
            if known_of:
                weight *= known_of.get(word[:STEM], 1.0)
            for run in self._runs(word):
                letters[run] = letters.get(run, 0.0) + weight
        if count:
            self.runs.count(letters)
        words = _unit(numbers, terms.words.values(), rare)
        rarest = sorted(zip(rare, numbers, strict=True), reverse=True)
        title = frozenset([self.words.numbers[term] for term in terms.title])
        known = Known(
            member.url,
            member.title,
            member.published.timestamp() / 3600.0,
            member.provider,
            array("I", [word for _, word in rarest[:RAREST]]),
        )
        article = Article(known, words, _unit(letters, letters.values(), self.runs.of(letters)), title, rarest)
        if self.sense is not None:
            article.sense = self.sense.of(member, terms.said)
        return article

    def sketch(self, member: Known) -> Vector:
        """What can still be told of the words of a member: those of its title and its rarest."""
        weights = dict.fromkeys(member.words, 1.0)
        for word, weight in _titled(member.title).items():
            if (number := self.words.numbers.get(word)) is not None:
                weights[number] = weight
        return _unit(weights, weights.values(), self.words.of(weights))

    def letters(self, members: Iterable[Known]) -> Vector:
        """How often runs of letters are in the titles of these."""
        found: Vector = {}
        for member in members:
            for word in tokens(member.title):
                for run in self._runs(word):
                    found[run] = found.get(run, 0.0) + 1.0
        return found

    def note(self, terms: Terms) -> None:
        """Note one more article with these terms."""
        self.words.count(self.words.number(terms.words))
        self.runs.count({run for word in terms.spelled for run in self._runs(word)})

    def _runs(self, word: str) -> tuple[int, ...]:
        found = self.runs_of.get(word)
        if found is None:
            if len(self.runs_of) > SPELLED:
                self.runs_of.clear()
            found = self.runs_of[word] = tuple(self.runs.number(runs(word)))
        return found

    def background(self) -> float:
        """Mean cosine of the words of two articles of different stories."""
        return (self.between + PRIOR * BACKGROUND) / (self.measured + PRIOR)

    def near(self, words: Vector, rare: Sequence[tuple[float, int]], but: int = -1) -> list[tuple[float, Story]]:
        """The live stories whose words are most alike, each with the cosine; best first."""
        dots: dict[int, float] = {}
        visits = 0
        stories = self.stories
        for _, word in rare:
            weight = words.get(word)
            held = self.holders.get(word)
            if held is None or weight is None:
                continue
            if len(held) > 2 * HELD:
                held = self.holders[word] = self._condensed(word, held)
            square = weight * weight
            for slot in held[-HELD:]:
                dots[slot] = dots.get(slot, 0.0) + square
            visits += min(HELD, len(held))
            if visits > VISITS:
                break
        dots.pop(but, None)
        found = []
        for _, slot in nlargest(ROUGH, [(dot, -slot) for slot, dot in dots.items()]):
            story = stories[-slot]
            if story is not None:
                found.append((story.words.dot(words) / story.words.length, slot, story))
        found.sort(key=lambda one: one[:2], reverse=True)
        return [(dot, story) for dot, _, story in found[:NEAR]]

    def _condensed(self, word: int, held: array[int]) -> array[int]:
        """The live stories that the word says most about, once each, these last."""
        says = [
            (story.words.get(word) / story.words.length, slot)
            for slot in sorted(set(held))
            if (story := self.stories[slot]) is not None
        ]
        says.sort()
        return array("I", [slot for _, slot in says[-HELD:]])

    def by_sense(self, slots: Iterable[int], besides: Iterable[Story], first: float, last: float) -> list[Story]:
        """Stories of these slots that are not among the others and were live then."""
        known = {story.slot for story in besides}
        found = [self.stories[slot] for slot in slots if slot not in known]
        return [story for story in found if story is not None and silence(story, first, last) <= self.window]

    def open(self, name: str) -> Story:
        story = Story(name, len(self.stories))
        self.stories.append(story)
        return story

    def add(self, story: Story, article: Article) -> None:
        """Make the article a member."""
        size = len(story.members)
        if self.members > size:
            to_all = sum([weight * self.sum.get(word, 0.0) for word, weight in article.words.items()])
            self.between += max(0.0, to_all - story.words.dot(article.words)) / (self.members - size)
            self.measured += 1
        self.members += 1
        for word, weight in article.words.items():
            self.sum[word] = self.sum.get(word, 0.0) + weight
        self._grow(story, article.words, article.runs)
        if self.sense is not None and article.sense is not None:
            self.sense.add(story.slot, article.sense)
        story.note(article.known)
        if article.known.provider:
            self.latest.setdefault(article.known.provider, deque(maxlen=LATEST)).append(article.known)
        self.touched.add(story.slot)
        if article.known.provider:
            self.habits.setdefault(article.known.provider, Habits()).note(article.title, story.slot)
            self.latest.setdefault(article.known.provider, deque(maxlen=LATEST)).append(article.known)

    def _grow(self, story: Story, words: Vector, runs: Vector) -> None:
        known = story.words.wake()
        for word in words:
            if word not in known:
                held = self.holders.get(word)
                if held is None:
                    held = self.holders[word] = array("I")
                held.append(story.slot)
        story.words.add(words)
        story.runs.add(runs)
        self.awake.pop(story.slot, None)
        self.awake[story.slot] = story
        if len(self.awake) > AWAKE:
            oldest = self.awake.pop(next(iter(self.awake)))
            oldest.words.rest()
            oldest.runs.rest()

    def absorb(self, keep: Story, gone: Story) -> None:
        self._grow(keep, gone.words.wake(), gone.runs.wake())
        self.awake.pop(gone.slot, None)
        if self.sense is not None:
            self.sense.absorb(keep.slot, gone.slot)
        for member in gone.members:
            keep.note(member)
        self.stories[gone.slot] = None
        self.touched.discard(gone.slot)
        self.touched.add(keep.slot)

    def part(self, story: Story, stays: Story, leaves: Story) -> None:
        """Make what leaves a story of its own, with a slot; what stays is all that is left of `story`."""
        for field in ("words", "runs", "members", "providers", "first", "last"):
            setattr(story, field, getattr(stays, field))
        story.revision += 1
        leaves.slot = len(self.stories)
        self.stories.append(leaves)
        for word in dict(leaves.words.items()):
            self.holders.setdefault(word, array("I")).append(leaves.slot)
        for one in (story, leaves):
            one.compared = one.tested = len(one.members)
            self.awake.pop(one.slot, None)
            one.words.rest()
            one.runs.rest()

    def live(self) -> Iterator[Story]:
        return (story for story in self.stories if story is not None)

    def sweep(self, hour: float) -> None:
        """Once a day, forget the stories that nothing can join any more."""
        if hour - self.swept < 24.0:
            return
        self.swept = hour
        for story in self.live():
            if hour - story.last > 2.0 * self.window:
                self.stories[story.slot] = None
                self.awake.pop(story.slot, None)
                if self.sense is not None:
                    self.sense.forget(story.slot)
                self.touched.discard(story.slot)


@lru_cache(maxsize=8_192)
def _titled(title: str) -> dict[str, float]:
    """Words of a title: a story that grows is looked at again and again."""
    return terms(Member(url="", title=title, published=EPOCH)).words


def _unit(numbers: Iterable[int], weights: Iterable[float], rare: Iterable[float]) -> Vector:
    raw = [weight * rareness for weight, rareness in zip(weights, rare, strict=True)]
    length = math.sqrt(sum([weight * weight for weight in raw])) or 1.0
    return {number: weight / length for number, weight in zip(numbers, raw, strict=True) if weight}


def silence(one: Story, first: float, last: float) -> float:
    """Hours between a story and what began and ended then; 0 where they overlap."""
    return max(0.0, first - one.last, one.first - last)
