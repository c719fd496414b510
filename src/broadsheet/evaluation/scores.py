"""The arithmetic of evaluation: B-cubed and pairs for groupings, precision and recall, the area under a curve, and
intervals by resampling.

Nothing is drawn at random: a resample is made of digests, so the same facts give the same figures.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from ..types import Struct

RESAMPLES = 1_000
LEVEL = 0.95  # of an interval

_BYTES = 64  # of one digest
_DRAW = 4  # bytes of it for one weight


class Scores(Struct, frozen=True, kw_only=True):
    """How a grouping, or a set of tags, agrees with what is true. Each from 0 to 1; n: articles."""

    precision: float
    recall: float
    f1: float
    n: int


class Figure(Struct, frozen=True, kw_only=True, rename="camel"):
    """A number with the interval in which it lies for 95 % of resamples."""

    value: float
    low: float
    high: float


class Item(Struct, frozen=True, kw_only=True):
    """What one article, or story, adds to a share: `hit` of `found` and of `wanted`, all in weights."""

    unit: str  # what is resampled together: the id of its story
    hit: float
    found: float  # precision is hit / found
    wanted: float  # recall is hit / wanted


class Verdict(Struct, frozen=True, kw_only=True):
    """One story that an editor decided about: whether it is to be printed, and the number that a gate would look at."""

    unit: str
    heat: int
    wanted: bool
    weight: float = 1.0


# --- groupings -------------------------------------------------------------------------------------------------------


def b_cubed(gold: Mapping[str, str], found: Mapping[str, str]) -> Scores:
    """B-cubed precision, recall and F1 of a grouping: article -> group, as it is true and as it was found.

    Only articles of both count. Groups are compared by who is in them, never by name. Time O(n).
    Source: Bagga, Baldwin, "Algorithms for scoring coreference chains", LREC 1998; Amigó et al., "A comparison of
    extrinsic clustering evaluation metrics", Information Retrieval 12 (2009).
    """
    both = sorted(gold.keys() & found.keys())
    together = Counter((gold[one], found[one]) for one in both)
    golden, made = Counter(gold[one] for one in both), Counter(found[one] for one in both)
    same = [together[gold[one], found[one]] for one in both]
    precision = _mean(n / made[found[one]] for one, n in zip(both, same, strict=True))
    recall = _mean(n / golden[gold[one]] for one, n in zip(both, same, strict=True))
    return Scores(precision=precision, recall=recall, f1=f1(precision, recall), n=len(both))


def pairwise(gold: Mapping[str, str], found: Mapping[str, str]) -> Scores:
    """Precision and recall of pairs of articles: of those that were put together, and of those that belong together.

    1 where there is no such pair. Time O(n).
    """
    items = pair_items(gold, found, {})
    precision, recall = ratio(items, _ALL, "found"), ratio(items, _ALL, "wanted")
    return Scores(precision=precision, recall=recall, f1=f1(precision, recall), n=len(items))


def pair_items(gold: Mapping[str, str], found: Mapping[str, str], weights: Mapping[str, float]) -> list[Item]:
    """One item for each article: with how many others it is rightly together, is together, and belongs together."""
    both = sorted(gold.keys() & found.keys())
    together = Counter((gold[one], found[one]) for one in both)
    golden, made = Counter(gold[one] for one in both), Counter(found[one] for one in both)
    items = []
    for one in both:
        weight = weights.get(one, 1.0)
        items.append(
            Item(
                unit=gold[one],
                hit=weight * (together[gold[one], found[one]] - 1),
                found=weight * (made[found[one]] - 1),
                wanted=weight * (golden[gold[one]] - 1),
            )
        )
    return items


def b_cubed_items(gold: Mapping[str, str], found: Mapping[str, str], weights: Mapping[str, float]) -> list[list[Item]]:
    """Items whose ratios are B-cubed precision (the first list, by `found`) and recall (the second, by `wanted`)."""
    both = sorted(gold.keys() & found.keys())
    together = Counter((gold[one], found[one]) for one in both)
    golden, made = Counter(gold[one] for one in both), Counter(found[one] for one in both)
    precision, recall = [], []
    for one in both:
        weight, same = weights.get(one, 1.0), together[gold[one], found[one]]
        share = weight * same / made[found[one]]
        precision.append(Item(unit=gold[one], hit=share, found=weight, wanted=weight))
        share = weight * same / golden[gold[one]]
        recall.append(Item(unit=gold[one], hit=share, found=weight, wanted=weight))
    return [precision, recall]


# --- shares ----------------------------------------------------------------------------------------------------------

_ALL: Mapping[str, int] = {}  # counts of a resample; a unit that is not in it counts once


def ratio(items: Iterable[Item], counts: Mapping[str, int], of: str) -> float:
    """The weighted share of hits in what was `found` or `wanted`; 1 where that is nothing at all."""
    hit = whole = 0.0
    for item in items:
        count = counts.get(item.unit, 1)
        hit += count * item.hit
        whole += count * (item.found if of == "found" else item.wanted)
    return hit / whole if whole else 1.0


def f1(precision: float, recall: float) -> float:
    """The harmonic mean."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _mean(values: Iterable[float]) -> float:
    held = list(values)
    return math.fsum(held) / len(held) if held else 1.0


# --- the gate --------------------------------------------------------------------------------------------------------


def area(verdicts: Sequence[Verdict], counts: Mapping[str, int] = _ALL) -> float:
    """Area under the ROC curve: how often a story that is wanted has more heat than one that is not; a tie is half.

    0.5 where one of the two is missing. Source: Hanley, McNeil, "The meaning and use of the area under a receiver
    operating characteristic (ROC) curve", Radiology 143 (1982).
    """
    better = ties = wanted = unwanted = 0.0
    for _, plus, minus in _by_heat(verdicts, counts):  # the lowest heat first
        better += plus * unwanted
        ties += plus * minus
        wanted, unwanted = wanted + plus, unwanted + minus
    return (better + ties / 2) / (wanted * unwanted) if wanted and unwanted else 0.5


def at_gate(verdicts: Sequence[Verdict], gate: int) -> list[Item]:
    """Items of a gate: what is printed from `gate` on against what is wanted."""
    return [
        Item(
            unit=one.unit,
            hit=one.weight * (one.wanted and one.heat >= gate),
            found=one.weight * (one.heat >= gate),
            wanted=one.weight * one.wanted,
        )
        for one in verdicts
    ]


def best_gate(verdicts: Sequence[Verdict], present: int, counts: Mapping[str, int] = _ALL) -> int:
    """The gate with the highest F1; of those that divide the stories alike the nearest to `present`, of others the
    higher one. `present` where nothing is wanted.
    """
    steps = _by_heat(verdicts, counts)
    wanted = sum(plus for _, plus, _ in steps)
    if not wanted:
        return present
    best, gate, hit, printed = -1.0, present, 0.0, 0.0
    for place in range(len(steps) - 1, -1, -1):
        heat, plus, minus = steps[place]
        hit, printed = hit + plus, printed + plus + minus
        score = f1(hit / printed, hit / wanted) if printed else 0.0
        if score > best + 1e-12:
            below = steps[place - 1][0] if place else heat - 1_000_000
            best, gate = score, min(max(present, below + 1), heat)
    return gate


def _by_heat(verdicts: Iterable[Verdict], counts: Mapping[str, int]) -> list[tuple[int, float, float]]:
    """(heat, weight of what is wanted, weight of what is not) for each heat, ascending."""
    sums: dict[int, list[float]] = {}
    for one in verdicts:
        if count := counts.get(one.unit, 1):
            sums.setdefault(one.heat, [0.0, 0.0])[not one.wanted] += count * one.weight
    return [(heat, plus, minus) for heat, (plus, minus) in sorted(sums.items())]


# --- intervals -------------------------------------------------------------------------------------------------------


def figure(value: Callable[[Mapping[str, int]], float], units: Iterable[str], digits: int = 3) -> Figure:
    """A number with its interval. value: the number of a resample, given how often each unit is in it.

    Whole stories are resampled, since articles of one story are right or wrong together. Each unit is drawn as often as
    its digest says, by a Poisson distribution of mean 1, which is what drawing with replacement comes to.
    Source: Hanley, MacGibbon, "Creating non-parametric bootstrap samples using Poisson frequencies", Computer Methods
    and Programs in Biomedicine 83 (2006); the percentile interval: Efron, Tibshirani, "An Introduction to the
    Bootstrap" (1993), chapter 13.
    """
    drawn = {unit: draws(unit) for unit in sorted(set(units))}
    values = sorted(value({unit: counts[n] for unit, counts in drawn.items()}) for n in range(RESAMPLES))
    cut = round((1 - LEVEL) / 2 * RESAMPLES)
    return Figure(
        value=round(value(_ALL), digits), low=round(values[cut], digits), high=round(values[-cut - 1], digits)
    )


@lru_cache(maxsize=100_000)
def draws(unit: str) -> bytes:
    """How often `unit` is in each resample, one byte for each."""
    found = bytearray()
    number = 0
    while len(found) < RESAMPLES:
        digest = hashlib.blake2b(f"{number} {unit}".encode(), digest_size=_BYTES).digest()
        found += bytes(_poisson(int.from_bytes(digest[i : i + _DRAW])) for i in range(0, _BYTES, _DRAW))
        number += 1
    return bytes(found[:RESAMPLES])


def _poisson(number: int) -> int:
    """A whole number of 32 bits, all alike likely, as one of a Poisson distribution of mean 1 (by its inverse)."""
    left, term, count = (number + 0.5) / 2 ** (8 * _DRAW), math.exp(-1), 0
    while left >= term:
        left -= term
        count += 1
        term /= count
        if count > 20:  # beyond it there is nothing that 32 bits could tell
            break
    return count


def is_locked(story: str) -> bool:
    """Whether a story is in the half that nothing is tuned on: by a digest of its id, for as long as it lives."""
    return hashlib.blake2b(f"half {story}".encode(), digest_size=1).digest()[0] % 2 == 1
