"""What explains: reasons, evidence, outcomes and the accounts of a cycle."""

from __future__ import annotations

from datetime import datetime

from .struct import Struct


class Change(Struct, frozen=True, kw_only=True):
    """A field of an article that a publisher changed, with the value that it had."""

    field: str
    old: str
    new: str
    at: datetime


class Reason(Struct, frozen=True, kw_only=True):
    """One share of a number: `points` (already weighted, an integer) that `factor` gave for `value`."""

    factor: str
    value: str  # what was seen, for people: "2 keywords in the title"
    weight: float = 1.0
    points: int


class Hit(Struct, frozen=True, kw_only=True):
    """Evidence for a topic: a keyword of it, where it stood, and the characters around it.

    where: title, excerpt, text, source (the source is filed under it), child (a topic below it matched), root or
    record (it came with an imported record). start, end: where it stands in that field (of a text: in its prose, see
    text.plain), -1 where there is none. weight: of the keyword, see Rule. reason: what around an ambiguous keyword let
    it count, or made it not count; empty for a plain one.
    """

    topic: str
    keyword: str
    where: str
    start: int = -1
    end: int = -1
    weight: float = 1.0
    reason: str = ""


class Outcome(Struct, frozen=True, kw_only=True):
    """The state of one entry in the ledger: every entry ever seen has exactly one, with its reason.

    state: waiting (will be tried again), held (read, not yet in an edition), printed, related, below-gate, held-back,
    killed, off-topic, duplicate, fetch-failed, robots, opt-out, not-an-article, parse-error, quarantined or imported.
    """

    url: str  # of the entry
    state: str
    reason: str = ""
    article: str = ""  # canonical URL of the article that it became or repeats
    attempts: int = 0
    retry_at: datetime | None = None


class Ledger(Struct, frozen=True, rename="camel"):
    """The accounts of one cycle, each counted in two ways.

    listed = sum of classes (see admission.CLASSES): every entry of every source that was read. carried + queued = sum
    of states + left: every address that waited to be read before, or was put down to be read in this cycle.
    """

    listed: int = 0
    classes: dict[str, int] = {}
    carried: int = 0  # addresses that were due to be read when the cycle began
    queued: int = 0  # addresses that this cycle found
    states: dict[str, int] = {}  # outcome state -> addresses that were settled in this cycle
    left: int = 0  # addresses that are still due, since the cycle paused
