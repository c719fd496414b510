"""Decide which story an article joins, if any, with the arithmetic of it."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Mapping

from ..types import Membership, Part, Struct
from ._live import CLOSE, FAR, NEAR, Article, Room, Story, silence
from ._series import is_series
from ._sums import Vector

TERMS = 6  # shared terms that an explanation lists

Features = dict[str, float]
Watch = Callable[[Article, Story, Features, Features], None]


class Offer(Struct, frozen=True):
    """What speaks for one story: similarity, the threshold that it must reach, and the parts of both."""

    story: Story
    similarity: float
    threshold: float
    features: Features

    @property
    def excess(self) -> float:
        return self.similarity - self.threshold


def offers(room: Room, article: Article, watch: Watch | None = None) -> list[Offer]:
    """The stories that may take the article, best first."""
    hour, provider = article.known.hour, article.known.provider
    near = [
        (dot, story)
        for dot, story in room.near(article.words, article.rare)
        if silence(story, hour, hour) <= room.window
    ]
    background = room.background()
    close = closest(near)
    if room.sense is not None and article.sense is not None:
        close += room.by_sense(room.sense.near(article.sense.row), close, hour, hour)
    found = [_features(article, story, background, room.sum) for story in close]
    compare(found, near)
    needs: list[Features] = [{} for _ in close]
    if room.sense is not None and article.sense is not None:
        needs = room.sense.join(article.sense, [story.slot for story in close], [features for _, features in found])
    ranked = []
    for story, (_, features), sense in zip(close, found, needs, strict=True):
        if is_series(story, (article.known,), room.latest):
            continue
        need = {
            "any": 1.0,
            "size": math.log(len(story.members)) / 3.0,
            "background": 10.0 * background,
            "length": math.log(1 + len(article.words)) / 3.0,
            "alone": float(bool(provider) and story.providers == {provider}),
        } | sense
        if watch:
            watch(article, story, features, need)
        similarity, threshold = weighed(room.weights.join, features), weighed(room.weights.join_need, need)
        ranked.append(Offer(story, similarity, threshold, features))
    return sorted(ranked, key=lambda one: (-one.excess, one.story.name))


def _features(article: Article, story: Story, background: float, seen: Vector) -> tuple[float, Features]:
    """Both cosines added, and what speaks for the story by itself."""
    dot = covered = title = own = 0.0
    shared = story.words.shared(article.words)
    for weight, held, word in shared:
        dot += weight * held
        own += weight * weight * held / seen[word]
        covered += held * held
        if word in article.title:
            title += weight * weight
    in_title = article.title_square
    letters = story.runs.dot(article.runs)
    mean = (dot + letters) / len(story.members)
    said = belonging(mean, story.within(), background) / (dot + letters) if dot + letters else 0.0
    hour = article.known.hour
    cosine = dot / story.words.length + letters / story.runs.length
    features = {
        "words": dot * said,
        "letters": letters * said,
        "focus": covered / story.words.square if covered else 0.0,
        "title": title / in_title if in_title else 0.0,
        "own": own,
        "silence": silence(story, hour, hour) / 240.0,
        "age": abs(hour - story.first) / 240.0,
        "again": float(article.known.provider in story.providers),
    }
    return cosine, features


def belonging(mean: float, within: float, background: float) -> float:
    """How alike articles are to those of a story, as a share of how alike those are to each other, less what any two
    have in common; as 0 (nothing) to about 3 (as one of them), since the first signs say most."""
    share = (mean - 3.0 * background) / (within - 2.0 * background)
    return math.log(1.0 + 20.0 * max(0.0, share))


def closest(near: list[tuple[float, Story]]) -> list[Story]:
    """Those that are worth comparing in full."""
    return [story for dot, story in near[:CLOSE] if dot >= FAR * near[0][0]]


def compare(found: list[tuple[float, Features]], near: list[tuple[float, Story]]) -> None:
    """Set each against the others: `rivals` and `lead`."""
    alike = sorted((cosine for cosine, _ in found), reverse=True)
    rivals = sum([dot for dot, _ in near[2:]]) / (NEAR - 2)
    for cosine, features in found:
        features["rivals"] = rivals
        features["lead"] = cosine - (alike[0] if cosine < alike[0] else alike[1] if len(alike) > 1 else 0.0)


def weighed(weights: Mapping[str, float], features: Features) -> float:
    return sum([weight * features[name] for name, weight in weights.items()])


def parts(weights: Mapping[str, float], features: Features) -> tuple[Part, ...]:
    """Parts by feature, which add up to the similarity; nothing of those that say nothing. What has one word before an
    underscore is one part."""
    found: dict[str, float] = {}
    for feature, weight in weights.items():
        if features[feature]:
            name = feature.partition("_")[0]
            found[name] = found.get(name, 0.0) + weight * features[feature]
    return tuple(Part(name=name, value=value) for name, value in found.items())


def opened(room: Room, article: Article, name: str, ranked: list[Offer]) -> Membership:
    """Why the article opened a story."""
    best = ranked[0] if ranked else None
    return Membership(
        url=article.known.url,
        story=name,
        runner_up=best.story.name if best else "",
        runner_up_similarity=best.similarity if best else 0.0,
        threshold=best.threshold if best else room.weights.join_need["any"],
    )


def bound(room: Room, article: Article, home: str, ranked: list[Offer], original: str) -> Membership:
    """Why the article is in `home`, whatever its similarity: that of its original, or where an editor put it."""
    others = [offer for offer in ranked if offer.story.name != home]
    for offer in ranked:
        if offer.story.name == home:
            reason = joined(room, article, offer, others)
            return Membership(
                **{field: getattr(reason, field) for field in reason.__struct_fields__}
                | {"threshold": 0.0, "nearest": original or reason.nearest}
            )
    return Membership(
        url=article.known.url,
        story=home,
        nearest=original,
        runner_up=others[0].story.name if others else "",
        runner_up_similarity=others[0].similarity if others else 0.0,
    )


def joined(room: Room, article: Article, offer: Offer, others: list[Offer]) -> Membership:
    """Why the article joined the story of `offer`."""
    terms, shares = shared(room, article.words, offer.story, room.weights.join["words"] * offer.features["words"])
    return Membership(
        url=article.known.url,
        story=offer.story.name,
        similarity=offer.similarity,
        nearest=nearest_member(article.words, offer.story),
        terms=terms,
        shares=shares,
        parts=parts(room.weights.join, offer.features),
        runner_up=others[0].story.name if others else "",
        runner_up_similarity=others[0].similarity if others else 0.0,
        threshold=offer.threshold,
    )


def shared(room: Room, vector: Vector, story: Story, whole: float) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """The words that gave most of what words gave (`whole`), strongest first, and how much each gave."""
    products = [(-weight * held, room.words.spelled[word]) for weight, held, word in story.words.shared(vector)]
    total = sum(product for product, _ in products)
    best = heapq.nsmallest(TERMS, products)
    return tuple(term for _, term in best), tuple(whole * product / total for product, _ in best)


def nearest_member(words: Mapping[int, float], story: Story) -> str:
    """URL of the most alike of the story's last 10 members; ties go to the earliest URL."""
    return min((-sum([words.get(word, 0.0) for word in member.words]), member.url) for member in story.members[-10:])[1]
