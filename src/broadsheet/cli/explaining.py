"""How `why` reads: the verdict first, then what it comes of, down to the page that a field was taken from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..explain import Evidence, Explanation, FieldExplanation, Member, Moved, Told
from ..types import Decision, Outcome, Reason
from .options import console

_SHOWN = 300  # characters of a value
_HITS = 3  # passages of one topic that are shown

# What grouping weighs, for people; a part of another name is shown by it.
_PARTS = {
    "words": "words that it shares",
    "letters": "parts of words that it shares",
    "focus": "how much of the story these are",
    "title": "words of the title",
    "names": "names that it shares",
    "numbers": "numbers that it shares",
    "sense": "likeness of meaning",
    "rivals": "words that other stories share, too",
    "lead": "distance to the next best story",
    "silence": "time since the story's last article",
    "age": "time since the story's first article",
    "time": "time between them",
    "again": "its provider is in the story already",
    "nearness": "likeness of the two stories",
    "inner": "share of the smaller story",
    "outer": "share of the larger story",
    "size": "size of the stories",
}


def show_explanation(e: Explanation) -> None:
    """Everything that is known of one article."""
    screen = console()
    screen.print(f"{e.title}\n{e.provider}, {e.published:%Y-%m-%d %H:%M} UTC\n{e.url}", style="bold", soft_wrap=True)
    _section(_verdict(e), _because(e))
    for decision in e.decisions:
        _section("Decided", [_decided(decision)])
    if e.story:
        _story(e)
        if e.claim is not None:
            lead = next(member for member in e.members if member.lead)
            other = "it leads the story" if lead.url == e.url else f"the lead has {lead.claim}"
            _points(f"Claim to lead {e.claim}; {other}", e.claim_reasons)
        _points(f"Heat {e.heat} of the story", e.heat_reasons)
        _points(f"Rank {e.rank} on the page", e.rank_reasons)
    _points(f"Quality {e.quality} of the article", e.quality_reasons)
    if e.repeats:
        _section("Repeats", [f"{e.repeats} ({e.resemblance:.0%} of the words and pairs of words)"])
    _section(f"Topics: {', '.join(e.topics) or 'none'}", _evidence(e.evidence))
    if e.refused:
        _section("Keywords that do not count", map(_hit, e.refused))
    _section("Where it is", _where(e))
    if e.changes:
        changes = [f"{c.at:%Y-%m-%d %H:%M}  {c.field}: “{c.old}” became “{c.new}”" for c in e.changes]
        _section("What its publisher changed", changes)
    if e.pictures:
        _section("Its pictures", e.pictures)
    if e.opt_outs:
        _section("What its publisher does not want", e.opt_outs)
    _section("Where its fields come from", _pairs(e.fields.items()))
    _section("What became of it", map(ended, e.outcomes))


def show_field(e: FieldExplanation) -> None:
    """One field, and all that was said of it."""
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


def ended(outcome: Outcome) -> str:
    """State and reason of an entry, and what is still to come."""
    again = f", again from {outcome.retry_at:%Y-%m-%d %H:%M}" if outcome.state == "waiting" and outcome.retry_at else ""
    tried = f" ({outcome.attempts} attempts{again})" if outcome.attempts > 1 or again else ""
    return f"{outcome.state}: {outcome.reason}{tried}" if outcome.reason else f"{outcome.state}{tried}"


# --- the verdict and the story ---------------------------------------------------------------------------------------


def _verdict(e: Explanation) -> str:
    if not e.story:
        return "Not printed"
    lead = next(member for member in e.members if member.lead)
    if not e.published_by_gate:
        return "Not printed"
    return "Printed" if len(e.members) == 1 else f"Printed, {'leading' if lead.url == e.url else 'within'} its story"


def _because(e: Explanation) -> Iterator[str]:
    """Why, in a sentence, and who leads where it is not this one."""
    if not e.story:
        yield from ([f"repeats {e.repeats}"] if e.repeats else [ended(outcome) for outcome in e.outcomes])
        return
    yield e.gate
    lead = next(member for member in e.members if member.lead)
    if lead.url != e.url:
        yield f"the lead is {lead.provider}: {lead.title}"


def _story(e: Explanation) -> None:
    count = len(e.members)
    lines = [_grouped(e)]
    if e.parts:
        lines += [f"{part.value:>+8.2f}  {_PARTS.get(part.name, part.name)}" for part in e.parts]
        lines.append(f"{e.similarity:>8.2f}  in all, where {e.threshold:.2f} was needed")
    elif e.similarity:
        lines.append(f"similarity {e.similarity:.2f}, where {e.threshold:.2f} was needed")
    if e.nearest:
        lines.append(f"most like {f'“{e.nearest_title}”' if e.nearest_title else e.nearest}")
    if e.shared_terms:
        lines.append(f"shared words: {_terms(e.shared_terms, e.shares)}")
    if e.runner_up:
        lines.append(_next_best(e))
    for move in e.moves:
        lines += _moved(move)
    if e.merged:
        lines.append(f"the story took in {', '.join(e.merged)}")
    _section(f"Story {e.story}, {count} article{'' if count == 1 else 's'}", lines)
    if count > 1:
        _section("Its articles, with quality", map(_member, e.members))
    if len(e.developments) > 1:
        _section("What was new in it", map(_told, e.developments))


def _grouped(e: Explanation) -> str:
    if e.grouped.startswith("opened") and e.runner_up:
        return f"{e.grouped}: no other was near enough"
    return e.grouped


def _next_best(e: Explanation) -> str:
    other = f"“{e.runner_up_title}” ({e.runner_up})" if e.runner_up_title else f"story {e.runner_up}"
    needed = f", where {e.threshold:.2f} was needed" if e.grouped.startswith("opened") and e.threshold else ""
    return f"next best: {other} with {e.runner_up_similarity:.2f}{needed}"


def _moved(move: Moved) -> Iterator[str]:
    who = move.by or "grouping"
    what = f"merged story {move.story} into {move.into}" if move.whole else f"moved it from {move.story} to {move.into}"
    note = f": {move.note}" if move.note else ""
    likeness = f", similarity {move.similarity:.2f} where {move.threshold:.2f} was needed" if move.threshold else ""
    yield f"{move.at:%Y-%m-%d %H:%M}  {who} {what}{likeness}{note}"
    yield from (f"{part.value:>+8.2f}  {_PARTS.get(part.name, part.name)}" for part in move.parts)
    if move.terms:
        yield f"shared words: {_terms(move.terms, move.shares)}"


def _terms(terms: Sequence[str], shares: Sequence[float]) -> str:
    """`storm .12, ferry .08`."""
    if len(shares) != len(terms):
        return ", ".join(terms)
    return ", ".join(f"{term} {share:.2f}" for term, share in zip(terms, shares, strict=True))


def _member(member: Member) -> str:
    note = " (leads)" if member.lead else f" (reprint of {member.reprint_of})" if member.reprint_of else ""
    return f"{member.quality:>3}  {member.published:%m-%d %H:%M}  {member.provider}: {member.title}{note}"


def _told(one: Told) -> str:
    new = f" ({one.novelty:.0%} new: {', '.join(one.terms)})" if one.terms else " (the first report)"
    latest = ", since the last edition" if one.latest else ""
    return f"{one.at:%m-%d %H:%M}  {one.provider}: {one.title}{new}{latest}"


def _decided(act: Decision) -> str:
    note = f": {act.note}" if act.note else ""
    return f"{act.kind} by {act.by} on {act.at:%Y-%m-%d %H:%M}{note}"


# --- topics and fields -----------------------------------------------------------------------------------------------

_FIRST = {"title": 0, "excerpt": 1, "text": 2}


def _evidence(hits: Iterable[Evidence]) -> Iterator[str]:
    """The most telling hits of each topic; one keyword within another, and the same further down, are counted."""
    by_topic: dict[str, list[Evidence]] = {}
    for hit in hits:
        by_topic.setdefault(hit.topic, []).append(hit)
    for found in by_topic.values():
        ordered = sorted(found, key=lambda hit: (_FIRST.get(hit.where, 3), -len(hit.keyword)))  # stable
        shown: list[Evidence] = []
        for hit in ordered:
            told = any(hit.where == one.where and hit.keyword in one.keyword for one in shown)
            if not told and len(shown) < _HITS:
                shown.append(hit)
        yield from map(_hit, shown)
        if more := len(found) - len(shown):
            yield f"{found[0].topic}: {more} more hit{'' if more == 1 else 's'}"


def _hit(hit: Evidence) -> str:
    match hit.where:
        case "child":
            return f"{hit.topic}: follows from {hit.keyword}"
        case "source":
            return f"{hit.topic}: all that its source lists is filed there"
        case "record":
            return f"{hit.topic}: the imported record says so"
        case "root":
            return f"{hit.topic}: everything belongs to it"
    weight = f", weighs {hit.weight:g}" if hit.weight != 1 else ""
    reason = f" ({hit.reason})" if hit.reason else ""
    passage = f": {hit.passage}" if hit.passage else ""
    return f"{hit.topic}: “{hit.keyword}” in the {hit.where}{weight}{reason}{passage}"


def _where(e: Explanation) -> Iterator[str]:
    if e.record:
        yield f"record  {e.record}"
    if e.page:
        yield f"page    {e.page}"
    yield from (f"listed by {source}" for source in e.listed_by)
    if e.first_seen:
        yield f"first seen {e.first_seen:%Y-%m-%d %H:%M}"
    if e.agency:
        yield f"a report of {e.agency}"
    if e.paywalled:
        yield "not free to read, as its publisher says"


def _pairs(items: Iterable[tuple[str, str]]) -> list[str]:
    held = [("read as an article" if name == "article" else name, value) for name, value in items]
    wide = max((len(name) for name, _ in held), default=0)
    return [f"{name:<{wide}}  {value}" for name, value in held]


# --- sums ------------------------------------------------------------------------------------------------------------


def _points(title: str, reasons: Iterable[Reason]) -> None:
    """A sum, term by term; what gave nothing stands on one line below."""
    held = list(reasons)
    given = [reason for reason in held if reason.points]
    wide = max((len(_name(reason)) for reason in given), default=0)
    lines = [f"{reason.points:>+5d}  {_name(reason):<{wide}}  {reason.value}" for reason in given]
    nothing = [f"{_name(reason)} ({reason.value})" for reason in held if not reason.points]
    if nothing:
        lines.append(f"    0  {', '.join(nothing)}")
    _section(title, lines)


def _name(reason: Reason) -> str:
    return reason.factor.replace("_", " ")


def _section(title: str, lines: Iterable[str]) -> None:
    screen = console()
    screen.print(f"\n{title}", style="bold", soft_wrap=True)
    for line in lines:
        screen.print(f"  {line}", soft_wrap=True)


def _short(value: str) -> str:
    return value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"
