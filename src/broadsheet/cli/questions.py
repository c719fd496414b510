"""Commands that answer questions and change nothing: why, stats, doctor, config dump."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import msgspec
import typer
from rich.table import Table

from ..explain import Evidence, Explanation, FieldExplanation, Told
from ..types import Ledger, Outcome, Reason
from .options import DONE, HERE, PARTLY, Folder, Json, Now, app, console, moment, print_json

_SHOWN = 300  # characters of a value

configs = typer.Typer(help="The publication's settings.", no_args_is_help=True)
app.add_typer(configs, name="config")


@app.command()
def why(
    key: str,
    folder: Folder = HERE,
    now: Now = "",
    field: Annotated[
        str,
        typer.Option("--field", help="One field alone, with everything that was said of it: title, date, authors ..."),
    ] = "",
    json: Json = False,
) -> None:
    """Where every number and field of an article comes from. KEY: its URL, record name or story id."""
    from ..run import answering

    if field:
        told = answering.why_field(folder, key, field)
        return print_json(told) if json else _show_field(told)
    answer = answering.why(folder, key, moment(now) if now else None)
    if isinstance(answer, Explanation):
        return print_json(answer) if json else _show_explanation(answer)
    if json:
        return print_json({"outcomes": answer})
    for outcome in answer:
        typer.echo(f"{outcome.url}\n  {_ended(outcome)}")
    return None


def _show_field(e: FieldExplanation) -> None:
    screen = console()
    screen.print(f"{e.field}: {_short(e.value) or 'nothing'}", style="bold")
    screen.print(e.url)
    _section("Taken from", [e.place or "nothing says it"])
    said = [
        f"{_short(claim.value)}\n    {', '.join(claim.places)}{' (taken)' if e.place in claim.places else ''}"
        + (f"\n    passed over: {claim.note}" if claim.note else "")
        for claim in e.candidates
    ]
    _section("All that was said of it", said or ["nothing"])
    if e.changes:
        _section(
            "What its publisher changed", [f"{c.at:%Y-%m-%d %H:%M}  “{c.old}” became “{c.new}”" for c in e.changes]
        )


def _short(value: str) -> str:
    return value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"


def _show_explanation(e: Explanation) -> None:
    screen = console()
    screen.print(f"{e.title}\n{e.provider}, {e.published:%Y-%m-%d %H:%M} UTC\n{e.url}", style="bold")
    _section("What became of it", map(_ended, e.outcomes))
    where = [f"record  {e.record}"] if e.record else []
    where += [f"page    {e.page}"] if e.page else []
    where += [f"listed by {source}" for source in e.listed_by]
    where += [f"first seen {e.first_seen:%Y-%m-%d %H:%M}"] if e.first_seen else []
    where += [f"a report of {e.agency}"] if e.agency else []
    where += ["not free to read, as its publisher says"] if e.paywalled else []
    _section("Where it is", where)
    if e.changes:
        changes = [f"{c.at:%Y-%m-%d %H:%M}  {c.field}: “{c.old}” became “{c.new}”" for c in e.changes]
        _section("What its publisher changed", changes)
    if e.pictures:
        _section("Its pictures", e.pictures)
    if e.opt_outs:
        _section("What its publisher does not want", e.opt_outs)
    _section("Where its fields come from", [f"{field}: {origin}" for field, origin in e.fields.items()])
    _section(f"Topics: {', '.join(e.topics) or 'none'}", map(_hit, e.evidence))
    if e.refused:
        _section("Keywords that do not count", map(_hit, e.refused))
    _points(f"Quality {e.quality}", e.quality_reasons)
    if e.repeats:
        _section("Repeats", [f"{e.repeats} ({e.resemblance:.0%} of the words and pairs of words)"])
    if e.story:
        lines = [e.grouped]
        if e.similarity:
            lines.append(f"similarity {e.similarity:.3f}, needed {e.threshold:.3f}")
        if e.shared_terms:
            lines.append(f"shared: {', '.join(e.shared_terms)}")
        if e.runner_up:
            lines.append(f"next best story {e.runner_up} at {e.runner_up_similarity:.3f}")
        for member in e.members:
            note = " (leads)" if member.lead else f" (reprint of {member.reprint_of})" if member.reprint_of else ""
            lines.append(
                f"{member.published:%m-%d %H:%M}  {member.quality:>3}  {member.provider}: {member.title}{note}"
            )
        if e.merged:
            lines.append(f"took in {', '.join(e.merged)}")
        _section(f"Story {e.story}", lines)
        if len(e.developments) > 1:
            _section("What was new in it", map(_told, e.developments))
        if e.claim is not None:
            lead = next(member for member in e.members if member.lead)
            other = "it leads the story" if lead.url == e.url else f"the lead has {lead.claim}"
            _points(f"Claim to lead {e.claim}; {other}", e.claim_reasons)
        _points(f"Heat {e.heat}", e.heat_reasons)
        _points(f"Rank {e.rank} on the page", e.rank_reasons)
        _section("Printed" if e.published_by_gate else "Not printed", [e.gate])
    for decision in e.decisions:
        _section("Decided", [f"{decision.kind} by {decision.by} on {decision.at:%Y-%m-%d %H:%M}: {decision.note}"])


def _hit(hit: Evidence) -> str:
    if not hit.keyword:
        return f"{hit.topic}: by its {hit.where}"
    weight = f", weighs {hit.weight:g}" if hit.weight != 1 else ""
    reason = f" ({hit.reason})" if hit.reason else ""
    return f"{hit.topic}: “{hit.keyword}” in the {hit.where}{weight}{reason}" + (
        f"   {hit.passage}" if hit.passage else ""
    )


def _told(one: Told) -> str:
    new = f" ({one.novelty:.0%} new: {', '.join(one.terms)})" if one.terms else " (the first report)"
    return f"{one.at:%m-%d %H:%M}  {one.provider}: {one.title}{new}"


def _ended(outcome: Outcome) -> str:
    """State and reason of an entry, and what is still to come."""
    again = f", again from {outcome.retry_at:%Y-%m-%d %H:%M}" if outcome.state == "waiting" and outcome.retry_at else ""
    tried = f" ({outcome.attempts} attempts{again})" if outcome.attempts > 1 or again else ""
    return f"{outcome.state}: {outcome.reason}{tried}" if outcome.reason else f"{outcome.state}{tried}"


def _section(title: str, lines: Iterable[str]) -> None:
    screen = console()
    screen.print(f"\n{title}", style="bold")
    for line in lines:
        screen.print(f"  {line}")


def _points(title: str, reasons: Iterable[Reason]) -> None:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2))
    table.add_column(justify="right", min_width=5)
    table.add_column()
    table.add_column()
    for reason in reasons:
        table.add_row(f"{reason.points:+d}", reason.factor, reason.value)
    screen = console()
    screen.print(f"\n{title}", style="bold")
    screen.print(table)


@app.command()
def stats(folder: Folder = HERE, now: Now = "", json: Json = False) -> None:
    """The ledger: what became of every entry, how each source fares, the last cycles."""
    from ..run import answering

    found = answering.stats(folder, moment(now))
    if json:
        print_json(found)
        return
    screen = console()
    table = Table(title=f"{found.entries} entries", title_justify="left", box=None, show_header=False, pad_edge=False)
    table.add_column(justify="right")
    table.add_column()
    for state, count in found.states.items():
        table.add_row(str(count), state)
    screen.print(table)
    screen.print()
    table = Table(title=f"{len(found.sources)} sources", title_justify="left", box=None, pad_edge=False)
    for name in ("entries", "last read", "source", ""):
        table.add_column(name, justify="right" if name == "entries" else "left")
    for seen in found.sources:
        last = f"{seen.read_at:%Y-%m-%d %H:%M}" if seen.read_at else "never"
        table.add_row(str(seen.entries), last, seen.url, seen.note)
    screen.print(table)
    churn = found.churn
    if churn.articles:
        screen.print(
            f"\nOf {churn.articles} printed articles of the last {churn.days} days, {churn.moved} ({churn.share:.1%}) "
            f"changed their story later, {churn.moved_by_editors} by an editor"
        )
    if found.runs:
        screen.print("\nLast cycles")
        for run in found.runs:
            counts = ", ".join(f"{name.replace('_', ' ')} {n}" for name, n in run.counts.items() if n)
            screen.print(f"  {run.started_at:%Y-%m-%d %H:%M}  {counts}")
            for line in _accounts(run.ledger):
                screen.print(f"    {line}")


def _accounts(ledger: Ledger) -> list[str]:
    """The two accounts of a cycle as sums."""
    return [
        f"{total} {what} = {' + '.join(f'{n} {name}' for name, n in parts.items() if n)}"
        for total, what, parts in (
            (ledger.listed, "entries listed", ledger.classes),
            (ledger.carried + ledger.queued, "addresses to be read", ledger.states | {"still due": ledger.left}),
        )
        if total
    ]


@app.command()
def doctor(folder: Folder = HERE, now: Now = "", json: Json = False) -> int:
    """Check settings, store, sources, git and libraries, and say what to do."""
    from ..run import answering

    checks = answering.doctor(folder, moment(now))
    if json:
        print_json(checks)
    else:
        for check in checks:
            typer.echo(f"{'ok  ' if check.ok else 'BAD '} {check.name}: {check.found}")
            if not check.ok and check.advice:
                typer.echo(f"     {check.advice}")
    return DONE if all(check.ok for check in checks) else PARTLY


@configs.command("dump")
def dump(folder: Folder = HERE, json: Json = False) -> None:
    """Print every setting with its value, defaults included."""
    from .. import config, files

    found = config.plain(config.parse(files.read_publication(folder)))
    if json:
        print_json(found)
        return
    for name, value in found.items():
        typer.echo(f"{name} = {msgspec.json.encode(value).decode()}")
