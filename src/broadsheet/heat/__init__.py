"""Points for one story, one file a factor. A leaf is a module with one function:

    def points(story: Story, publication: Publication, weight: float) -> Reason

`story.articles` are in their order, the lead first. `Reason.points` is an integer with the weight already in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta

import msgspec

from .. import plugins
from ..types import Publication, Reason, Story, Topic

# Factor -> weight: what each profile counts, in the order in which it is shown.
STANDARD: dict[str, float] = {"lead_quality": 1.0, "voices": 1.0, "depth": 1.0, "speed": 1.0, "engagement": 1.0}
CLASSIC: dict[str, float] = {"classic": 1.0}

HALF_LIFE_COST = 20  # points that a story sinks in one half-life
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def factors(publication: Publication) -> dict[str, float]:
    """Factor -> weight, as the publication counts them: its own, else those of its profile."""
    return publication.heat_factors or (CLASSIC if publication.profile == "classic" else STANDARD)


def score(story: Story, publication: Publication) -> Story:
    """The story with its heat, 0 or more, and the reasons, whose points add up to it exactly.

    Heat knows no clock: what the gate let through stays through. The factors are those of `publication.heat_factors`,
    else of its profile; a sum below zero is lifted to 0 by a last reason named `floor`. Raises UsageError for a factor
    that does not exist.
    """
    reasons = [
        plugins.find("heat", name).points(story, publication, weight) for name, weight in factors(publication).items()
    ]
    total = sum(reason.points for reason in reasons)
    if total < 0:
        reasons.append(Reason(factor="floor", value=f"{total} is below zero", points=-total))
    return msgspec.structs.replace(story, heat=max(0, total), reasons=tuple(reasons))


def ranking(publication: Publication, now: datetime) -> Callable[[Story], Story]:
    """What gives a story its rank at `now`: its heat, less 20 points for each half-life since its last article.

    Points grow with the logarithm of what they count, so a linear cost halves what lies behind them at a fixed pace.
    Whole points are counted on one clock for all stories of one half-life, so that two of them never change places
    because time passes. Both profiles rank by this rule. rank may be below zero.
    """
    half_life = _half_lives(publication)

    def ranked(story: Story) -> Story:
        hours, topic = half_life(story)
        tick = timedelta(hours=hours / HALF_LIFE_COST)  # what costs one point
        cost = (now - EPOCH) // tick - (story.last_seen - EPOCH) // tick
        old = (now - story.last_seen) / timedelta(hours=1)
        halves = f"; halves in {hours:g} hours{f' in {topic}' if topic else ''}"
        reasons = (
            Reason(factor="heat", value=f"heat {story.heat}", points=story.heat),
            Reason(factor="age", value=f"{old:.1f} hours since its last article{halves}", points=-cost),
        )
        return msgspec.structs.replace(story, rank=story.heat - cost, rank_reasons=reasons)

    return ranked


def rank(story: Story, publication: Publication, now: datetime) -> Story:
    """One story with its rank; for many, `ranking` reads the topic tree once."""
    return ranking(publication, now)(story)


def _half_lives(publication: Publication) -> Callable[[Story], tuple[float, str]]:
    """What gives the half-life of a story in hours, and the topic that sets it.

    A topic has its own, else that of the nearest ancestor with one. Of those of the lead's topics the one that is set
    deepest in the tree counts, of several as deep the longest; without any, the publication's own.
    """
    own = (publication.half_life_hours, "")
    if not publication.half_lives:
        return lambda _: own
    tree = {topic.name: topic for topic in publication.topics}
    paths = {name: tuple(_path(topic, tree)) for name, topic in tree.items()}
    found: dict[str, tuple[int, float, str]] = {}  # topic -> depth of what sets its half-life, hours, its name
    for name, path in paths.items():
        nearest = next((above for above in path if above in publication.half_lives), "")
        if nearest:
            found[name] = len(paths[nearest]), publication.half_lives[nearest], nearest

    def half_life(story: Story) -> tuple[float, str]:
        sets = [found[topic] for topic in story.lead.topics if topic in found]
        return max(sets)[1:] if sets else own

    return half_life


def _path(topic: Topic, tree: Mapping[str, Topic]) -> Iterable[str]:
    """Names of a topic and its ancestors, itself first."""
    seen: set[str] = set()
    while topic.name not in seen:
        seen.add(topic.name)
        yield topic.name
        topic = tree.get(topic.parent, topic)
