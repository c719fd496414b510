"""The ledger of one cycle: what was listed and what was to be read, each counted in two ways and compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from ..errors import StoreError
from ..types import Ledger, Outcome


def check(ledger: Ledger) -> None:
    """Raises StoreError when an account is not even: then an entry was lost, or counted twice."""
    if ledger.listed != sum(ledger.classes.values()):
        found = sum(ledger.classes.values())
        raise StoreError(f"the ledger does not add up: {ledger.listed} entries listed, {found} accounted for")
    due, settled = ledger.carried + ledger.queued, sum(ledger.states.values()) + ledger.left
    if due != settled:
        raise StoreError(f"the ledger does not add up: {due} addresses to be read, {settled} accounted for")


def states_of(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """Addresses by the state in which they ended, by name."""
    return dict(sorted(Counter(outcome.state for outcome in outcomes).items()))


def totals(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """The sum of several counts, by name."""
    total: Counter[str] = Counter()
    for part in parts:
        total.update(part)
    return dict(sorted(total.items()))
