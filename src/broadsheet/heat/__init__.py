"""Points for one story, one file a factor. A leaf is a module with one function:

    def points(story: Story, publication: Publication, weight: float) -> Reason

`story.articles` are in their order, the lead first. `Reason.points` is an integer with the weight already in it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from .. import plugins
from ..types import Publication, Reason, Story

# Factor -> weight: what each profile counts, in the order in which it is shown.
STANDARD: dict[str, float] = {"lead_quality": 1.0, "voices": 1.0, "depth": 1.0, "speed": 1.0}
CLASSIC: dict[str, float] = {"classic": 1.0}

HALF_LIFE_COST = 20  # points that a story sinks in one half-life
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def score(story: Story, publication: Publication) -> Story:
    """The story with its heat, 0 or more, and the reasons, whose points add up to it exactly.

    Heat knows no clock: what the gate let through stays through. The factors are those of `publication.heat_factors`,
    else of its profile; a sum below zero is lifted to 0 by a last reason named `floor`. Raises UsageError for a factor
    that does not exist.
    """
    factors = publication.heat_factors or (CLASSIC if publication.profile == "classic" else STANDARD)
    reasons = [plugins.find("heat", name).points(story, publication, weight) for name, weight in factors.items()]
    total = sum(reason.points for reason in reasons)
    if total < 0:
        reasons.append(Reason(factor="floor", value=f"{total} is below zero", points=-total))
    return msgspec.structs.replace(story, heat=max(0, total), reasons=tuple(reasons))


def rank(story: Story, publication: Publication, now: datetime) -> Story:
    """The story with its rank at `now`: its heat, less 20 points for each half-life since its last article.

    Points grow with the logarithm of what they count, so a linear cost halves what lies behind them at a fixed pace.
    Whole points are counted on one clock for all stories, so that two never change places because time passes.
    Both profiles rank by this rule. rank may be below zero.
    """
    tick = timedelta(hours=publication.half_life_hours / HALF_LIFE_COST)  # what costs one point
    cost = (now - EPOCH) // tick - (story.last_seen - EPOCH) // tick
    hours = (now - story.last_seen) / timedelta(hours=1)
    reasons = (
        Reason(factor="heat", value=f"heat {story.heat}", points=story.heat),
        Reason(factor="age", value=f"{hours:.1f} hours since its last article", points=-cost),
    )
    return msgspec.structs.replace(story, rank=story.heat - cost, rank_reasons=reasons)
