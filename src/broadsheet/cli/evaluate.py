"""The command that scores a publication on its own editor's acts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .options import HERE, Folder, Json, Now, app, console, moment, print_json, progress

if TYPE_CHECKING:
    from ..evaluation.scores import Figure
    from ..run.evaluating import Evaluation, Measured

# Figures in the order in which they are shown, and what they are called.
_WORDS = {
    "pairPrecision": "of pairs put together, right",
    "pairRecall": "of pairs that belong together, found",
    "bCubedPrecision": "B-cubed precision",
    "bCubedRecall": "B-cubed recall",
    "bCubedF1": "B-cubed F1",
    "precision": "precision",
    "recall": "recall",
    "f1": "F1",
    "area": "area under the curve of heat",
    "bestPublishAt": "best publish_at",
    "precisionAtBest": "precision there",
    "recallAtBest": "recall there",
}
_WIDE = max(map(len, _WORDS.values()))


@app.command()
def evaluate(
    folder: Folder = HERE,
    topic: Annotated[str, typer.Option("--topic", metavar="NAME", help="Figures of this topic alone.")] = "",
    what_if: Annotated[
        Path | None,
        typer.Option("--what-if", metavar="FILE", help="The same beside it with FILE laid over broadsheet.toml."),
    ] = None,
    locked: Annotated[
        bool, typer.Option("--locked", help="The half that nothing is tuned on. The look is noted.")
    ] = False,
    now: Now = "",
    json: Json = False,
) -> None:
    """Score grouping, gate and topics on your own editor's acts."""
    from ..run import evaluating

    with progress(silent=json) as show:
        found = evaluating.evaluate(
            folder, moment(now), over=what_if, topic=topic, locked=locked, progress=show
        )  # fmt: skip
    return print_json(found) if json else _show(found)


def _show(found: Evaluation) -> None:
    screen = console()
    screen.print(f"The {found.half} half, as of {found.now:%Y-%m-%d %H:%M} UTC", style="bold")
    _part("Grouping, as it is stored", found.grouping, None)
    after = found.after_publish_at
    gate = f"{found.publish_at}{f' -> {after}' if after not in (None, found.publish_at) else ''}"
    _part(f"Gate, publish_at {gate}", found.gate, found.after_gate)
    _part("Topics", found.topics, found.after_topics)
    others = {one.name: one for one in found.after_by_topic}
    for one in found.by_topic:
        _part(f"Topic {one.name}", one, others.get(one.name))
    if found.looks:
        times = "once" if len(found.looks) == 1 else f"{len(found.looks)} times"
        screen.print(f"\nThe locked half was looked at {times}, last on {found.looks[-1]:%Y-%m-%d %H:%M} UTC.")
    else:
        screen.print("\nNobody has looked at the locked half.")


def _part(title: str, before: Measured, after: Measured | None) -> None:
    screen = console()
    counts = ", ".join(f"{count} {kind}" for kind, count in before.labels.items())
    screen.print(f"\n{title}", style="bold")
    screen.print(f"  {before.stories} stories, {before.articles} articles decided about: {counts}")
    note = before.note or (after.note if after else "")
    if note:
        screen.print(f"  {note}")
        return
    for key, figure in before.figures.items():
        other = f"  ->  {_told(after.figures[key], key)}" if after else ""
        screen.print(f"  {_WORDS[key]:<{_WIDE}}  {_told(figure, key)}{other}")


def _told(figure: Figure, key: str) -> str:
    """`.93 (.88 to .97)`: the number, and where it lies in 95 of 100 resamples."""
    if key == "bestPublishAt":
        return f"{figure.value:>4.0f} ({figure.low:.0f} to {figure.high:.0f})"
    value, low, high = (f"{number:.2f}".removeprefix("0") for number in (figure.value, figure.low, figure.high))
    return f"{value:>4} ({low} to {high})"
