"""The gate: is a story printed? The machine's rule is one number; an editor's decision always wins."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from .types import Decision, Publication, Story

KINDS = ("publish", "hold", "kill")  # acts that say whether an article is printed; other kinds say other things


def standing(decisions: Sequence[Decision]) -> tuple[Decision, ...]:
    """The acts that no later `undo` of the same article took back, in their order. decisions: oldest first."""
    kept: list[Decision] = []
    for decision in decisions:
        if decision.kind != "undo":
            kept.append(decision)
            continue
        last = next((one for one in reversed(kept) if one.target == decision.target), None)
        if last is not None:
            kept.remove(last)
    return tuple(kept)


def latest(decisions: Sequence[Decision]) -> dict[str, Decision]:
    """The decision to print or not that is in force for each article: the last one. decisions: oldest first."""
    return {decision.target: decision for decision in standing(decisions) if decision.kind in KINDS}


def decide(story: Story, publication: Publication, in_force: dict[str, Decision]) -> Story:
    """Set `published` and say why in `gate`. Of several decided members the latest decision counts.

    in_force: article URL -> its decision, as `latest` gives it. The rule: heat >= publish_at.
    """
    decided = [in_force[article.url] for article in story.articles if article.url in in_force]
    if decided:
        last = max(decided, key=lambda decision: (decision.at, decision.target))
        verb = {"publish": "published", "hold": "held back", "kill": "removed"}[last.kind]
        note = f": {last.note}" if last.note else ""
        return _set(story, last.kind == "publish", f"{verb} by {last.by} on {last.at:%Y-%m-%d %H:%M}{note}")
    short = publication.publish_at - story.heat
    if short <= 0:
        return _set(story, True, f"heat {story.heat} reaches publish_at {publication.publish_at}")
    return _set(story, False, f"heat {story.heat} is {short} below publish_at {publication.publish_at}")


def _set(story: Story, published: bool, why: str) -> Story:
    return msgspec.structs.replace(story, published=published, gate=why)
