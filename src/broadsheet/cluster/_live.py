"""The stories of one language that may still grow: their centroids, an index over their terms, and the decision."""

from __future__ import annotations

import hashlib
import heapq
import math
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from ..types import Membership
from ._series import is_series
from ._terms import Member, Vector

THRESHOLD = 0.09  # cosine from which an article joins a story, plus
BACKGROUND = 2.0  # times the mean cosine between articles of different stories: a narrow topic shares its words
BACKGROUND_PRIOR = 10  # articles that speak for a background of zero, while few are known
ONE_PROVIDER = 1.5  # times as much is asked where all articles are of one provider: who reports once, reports on two
COMMON = 300  # a term that more live stories hold is no way to find candidates (it still counts in the cosine)
TERMS = 6  # shared terms that an explanation lists


def story_id(url: str) -> str:
    """Id of the story that the article with this URL opens: 12 hex digits of SHA-256."""
    return hashlib.sha256(url.encode()).hexdigest()[:12]


class Story:
    """A growing story: the sum of its members' vectors and what the window and the series rule need."""

    def __init__(self, name: str, member: Member) -> None:
        self.name = name
        self.sum: Vector = {}
        self.square = 0.0  # squared length of the sum
        self.members: list[Member] = []
        self.vectors: list[Vector] = []
        self.first = self.last = member.published

    def add(self, member: Member, vector: Vector) -> None:
        for term, weight in vector.items():
            old = self.sum.get(term, 0.0)
            self.sum[term] = old + weight
            self.square += weight * (2.0 * old + weight)
        self.members.append(member)
        self.vectors.append(vector)
        self.first, self.last = min(self.first, member.published), max(self.last, member.published)

    def cosine(self, vector: Vector) -> float:
        """With a unit vector."""
        if not self.square:
            return 0.0
        return sum(weight * self.sum.get(term, 0.0) for term, weight in vector.items()) / math.sqrt(self.square)


class Room:
    """All live stories of one language, and in how many articles each term was seen."""

    def __init__(self, days: int) -> None:
        self.window = timedelta(days=days)
        self.articles = 0
        self.seen: Counter[str] = Counter()
        self.stories: dict[str, Story] = {}
        self.holders: dict[str, dict[str, float]] = {}  # term -> name of story -> weight of the term in its sum
        self.swept: datetime | None = None
        self.members = 0
        self.sum: Vector = {}  # of all live vectors
        self.square = 0.0  # squared length of that sum
        self.inner_square = 0.0  # sum of the stories' squares
        self.inner_pairs = 0  # sum of the squares of the stories' sizes

    def count(self, terms: Vector) -> None:
        self.articles += 1
        self.seen.update(terms.keys())

    def vector(self, terms: Vector) -> Vector:
        """Unit vector of weight times rarity; a term of every article has none."""
        most = math.log(self.articles + 1.0)
        raw = {term: weight * max(0.0, most - math.log(self.seen[term] + 0.5)) for term, weight in terms.items()}
        length = math.sqrt(sum(weight * weight for weight in raw.values()))
        return {term: weight / length for term, weight in raw.items() if weight} if length else {}

    def add(self, member: Member, vector: Vector, name: str) -> None:
        story = self.stories.get(name)
        if story is None:
            story = self.stories[name] = Story(name, member)
        square, size = story.square, len(story.members)
        story.add(member, vector)
        self.members += 1
        self.inner_square += story.square - square
        self.inner_pairs += 2 * size + 1
        for term, weight in vector.items():
            self.holders.setdefault(term, {})[name] = story.sum[term]
            old = self.sum.get(term, 0.0)
            self.sum[term] = old + weight
            self.square += weight * (2.0 * old + weight)

    def background(self) -> float:
        """Mean cosine between two live articles of different stories, drawn towards 0 while few are known."""
        pairs = self.members * self.members - self.inner_pairs
        if pairs <= 0:
            return 0.0
        mean = max(0.0, self.square - self.inner_square) / pairs
        return mean * self.members / (self.members + BACKGROUND_PRIOR)

    def need(self, threshold: float, *groups: Sequence[Member]) -> float:
        """`threshold` as this room's background and the providers of these articles raise it."""
        providers = {member.provider for group in groups for member in group}
        alone = len(providers) == 1 and "" not in providers
        return (threshold + BACKGROUND * self.background()) * (ONE_PROVIDER if alone else 1.0)

    def place(self, member: Member, terms: Vector, original: str = "", home: str = "") -> Membership:
        """Put the member into its story, a new one or `home` (that of its original), and say why."""
        self._sweep(member.published)
        vector = self.vector(terms)
        ranked = self._nearest(member, vector)
        if home:
            return self._join(member, vector, home, [one for one in ranked if one[1] != home], 0.0, original)
        need = self.need(THRESHOLD, (member,), self.stories[ranked[0][1]].members if ranked else ())
        if ranked and ranked[0][0] >= need:
            return self._join(member, vector, ranked[0][1], ranked[1:], need)
        name = story_id(member.url)
        self.add(member, vector, name)
        second, runner_up = ranked[0] if ranked else (0.0, "")
        return Membership(url=member.url, story=name, runner_up=runner_up, runner_up_similarity=second, threshold=need)

    def _join(
        self,
        member: Member,
        vector: Vector,
        name: str,
        others: list[tuple[float, str]],
        threshold: float,
        nearest: str = "",
    ) -> Membership:
        story = self.stories.get(name)
        second, runner_up = others[0] if others else (0.0, "")
        membership = Membership(
            url=member.url,
            story=name,
            similarity=story.cosine(vector) if story else 0.0,
            nearest=nearest or (nearest_member(story, vector) if story else ""),
            terms=shared(vector, story.sum) if story else (),
            runner_up=runner_up,
            runner_up_similarity=second,
            threshold=threshold,
        )
        self.add(member, vector, name)
        return membership

    def _nearest(self, member: Member, vector: Vector) -> list[tuple[float, str]]:
        """The two stories with the largest cosine that may take this member, best first; ties by name."""
        dots: dict[str, float] = {}
        for term, weight in vector.items():
            holders = self.holders.get(term)
            if holders is None or len(holders) > COMMON:
                continue
            for name, held in holders.items():
                dots[name] = dots.get(name, 0.0) + weight * held
        rough = heapq.nlargest(8, ((dot * dot / self.stories[name].square, name) for name, dot in dots.items()))
        fit = [
            (self.stories[name].cosine(vector), name)
            for _, name in rough
            if self._in_window(self.stories[name], member) and not is_series(self.stories[name].members, member)
        ]
        return sorted(fit, key=lambda one: (-one[0], one[1]))[:2]

    def _in_window(self, story: Story, member: Member) -> bool:
        return member.published - story.last <= self.window and story.first - member.published <= self.window

    def _sweep(self, now: datetime) -> None:
        """Once a day, forget the stories that nothing can join any more."""
        if self.swept is not None and now - self.swept < timedelta(days=1):
            return
        self.swept = now
        for name in [story.name for story in self.stories.values() if now - story.last > 2 * self.window]:
            gone = self.stories.pop(name)
            self.members -= len(gone.members)
            self.inner_square -= gone.square
            self.inner_pairs -= len(gone.members) ** 2
            for term, weight in gone.sum.items():
                old = self.sum[term]
                self.sum[term] = old - weight
                self.square += weight * (weight - 2.0 * old)
                held = self.holders[term]
                del held[name]
                if not held:
                    del self.holders[term], self.sum[term]


def nearest_member(story: Story, vector: Vector) -> str:
    """URL of the most alike of the story's last 50 members; ties go to the earliest URL."""
    alike = (
        (-sum(weight * other.get(term, 0.0) for term, weight in vector.items()), member.url)
        for member, other in zip(story.members[-50:], story.vectors[-50:], strict=True)
    )
    return min(alike)[1]


def shared(one: Vector, other: Vector) -> tuple[str, ...]:
    """The terms that gave most of the similarity, strongest first."""
    products = [(-weight * other[term], term) for term, weight in one.items() if term in other]
    return tuple(term for _, term in heapq.nsmallest(TERMS, products))
