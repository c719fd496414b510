"""The editor's acts: what waits, what each act does to it, and what the next edition will show for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from .. import gate
from ..errors import UsageError
from ..types import Decision, Story, Struct
from .deciding import Act, Desk, decide, desk_at
from .delivering import deliver
from .printing import Facts, print_edition
from .publication import Progress, opened

STATES = ("printed", "below-gate", "held-back", "killed")


class Line(Struct, frozen=True, rename="camel"):
    """One story as `review list` shows it. reason: of its state. decisions: acts on its articles that stand."""

    story: str
    title: str
    provider: str
    published: datetime
    articles: int
    heat: int
    state: str  # one of STATES
    pub_status: str  # usable, withheld or canceled: the same in the words of ninjs
    reason: str
    topics: tuple[str, ...] = ()
    decisions: tuple[Decision, ...] = ()


class Change(Struct, frozen=True, rename="camel"):
    """What an edition will show otherwise for one story."""

    story: str
    title: str
    what: str


class Reviewed(Struct, frozen=True, rename="camel"):
    """What one act did. told: what was decided, in words. changes: what will change with the next edition, or has
    changed where it was printed at once: then written is the number of files."""

    decisions: tuple[Decision, ...]
    told: tuple[str, ...]
    changes: tuple[Change, ...] = ()
    printed: bool = False
    written: int = 0
    undelivered: tuple[str, ...] = ()  # what could not be handed on of it, one line each


# --- what waits or stands --------------------------------------------------------------------------------------------


def lines(folder: Path, now: datetime, states: Sequence[str] = (), topic: str = "") -> tuple[Line, ...]:
    """All stories in one of `states` (any, where none is named) and with `topic`, by rank. Raises UsageError."""
    with opened(folder, lock=False) as (publication, store):
        if topic and topic not in {t.name for t in publication.topics}:
            known = ", ".join(t.name for t in publication.topics)
            raise UsageError("no such topic", topic, f"use one of {known}")
        desk = desk_at(publication, store, now)
        acts = gate.standing(desk.facts.decisions)
        found = sorted(desk.stories, key=lambda story: (-story.rank, story.name))
        listed = (_line(story, desk.facts, acts) for story in found if not topic or topic in story.lead.topics)
        return tuple(line for line in listed if not states or line.state in states)


def _line(story: Story, facts: Facts, acts: Iterable[Decision]) -> Line:
    urls = {article.url for article in story.articles}
    state = _state(story, facts)
    return Line(
        story=story.id,
        title=story.lead.title,
        provider=story.lead.provider.name,
        published=story.lead.published,
        articles=len(story.articles),
        heat=story.heat,
        state=state,
        pub_status={"printed": "usable", "killed": "canceled"}.get(state, "withheld"),
        reason=story.gate,
        topics=story.lead.topics,
        decisions=tuple(act for act in acts if not urls.isdisjoint((act.target, *act.others))),
    )


def _state(story: Story, facts: Facts) -> str:
    kinds = {facts.in_force[article.url].kind for article in story.articles if article.url in facts.in_force}
    if story.published:
        return "printed"
    return "killed" if "kill" in kinds else "held-back" if "hold" in kinds else "below-gate"


class Entered(Struct, frozen=True, rename="camel"):
    """One act as `review log` shows it. stands: no later `undo` took it back."""

    at: datetime
    by: str
    kind: str
    target: str
    stands: bool
    others: tuple[str, ...] = ()
    note: str = ""


def log(folder: Path) -> tuple[Entered, ...]:
    """Every act of an editor, newest first. Nothing is ever taken out of it, and nothing of it is printed."""
    with opened(folder, lock=False) as (_, store):
        acts = store.decisions()
    standing = set(gate.standing(acts))
    return tuple(
        Entered(
            at=act.at,
            by=act.by,
            kind=act.kind,
            target=act.target,
            others=act.others,
            note=act.note,
            stands=act in standing or act.kind == "undo",
        )
        for act in reversed(acts)
    )


# --- the acts --------------------------------------------------------------------------------------------------------


def review(
    folder: Path, act: Act, now: datetime, *, publish: bool = False, erase: bool = False, progress: Progress
) -> Reviewed:
    """Decide at the moment `now`, and say what the next edition will show otherwise; print it at once with `publish`.

    erase: erase the texts of the articles that are decided about, and the keys of what was sealed of them, for ever.

    Raises UsageError where there is nothing to decide so; then nothing is stored.
    """
    with opened(folder) as (publication, store):
        desk = desk_at(publication, store, now)
        decided = decide(desk, act, now)
        store.put_decisions(one.decision for one in decided)
        if erase:
            store.seals.erase([one.decision.target for one in decided])
        after = desk_at(publication, store, now)
        written = print_edition(folder, publication, store, now, progress=progress).files.written if publish else ()
        undelivered = deliver(folder, publication, written) if publish else ()
        return Reviewed(
            decisions=tuple(one.decision for one in decided),
            told=tuple(one.told for one in decided),
            changes=tuple(_changes(desk, after)),
            printed=publish,
            written=len(written),
            undelivered=undelivered,
        )


def _changes(before: Desk, after: Desk) -> Iterator[Change]:
    """What readers will see otherwise, story by story: first what goes, then what stays or comes."""
    old, new = ({story.id: story for story in desk.stories} for desk in (before, after))
    heirs = after.facts.lives().into
    for story in before.stories:
        if story.id not in new and story.published:
            yield _change(story, f"goes into story {heirs[story.id]}" if story.id in heirs else "is no more")
    for story in after.stories:
        was = old.get(story.id)
        if story.published or (was is not None and was.published):
            yield from (_change(story, what) for what in _differences(was, story))


def _differences(was: Story | None, story: Story) -> Iterator[str]:
    if was is None:
        yield f"is a story of its own with {_many(story)}"
        return
    if was.published != story.published:
        yield f"is {'' if story.published else 'no longer '}printed: {story.gate}"
    if len(was.articles) != len(story.articles):
        yield f"has {_many(story)} where it had {len(was.articles)}"
    if was.lead.url != story.lead.url:
        yield f"is led by that report, no longer by “{was.lead.title}”"
    if was.heat != story.heat:
        yield f"has heat {story.heat} where it had {was.heat}"


def _change(story: Story, what: str) -> Change:
    return Change(story=story.id, title=story.lead.title, what=what)


def _many(story: Story) -> str:
    return f"{len(story.articles)} article{'' if len(story.articles) == 1 else 's'}"
