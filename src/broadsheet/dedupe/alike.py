"""When two texts are one: how much of them is the same, for their length, their distance in time and their providers.

Thresholds and what they were measured on: docs/reference/scores.md.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import timedelta
from zlib import crc32

from ..types import Sketch
from .shingles import hashes, is_number

AT_LEAST = 0.35  # resemblance from which two providers' texts are the same, where the shorter one has ...
LONG = 64  # ... so many words and pairs; one of SHORT needs SHORT_AT_LEAST, and those between in proportion
CONTAINED = 0.7  # the same, as a share of the shorter text, where it has ...
CONTAINED_LENGTH = 0.45  # ... this share of the length of the longer one: a part of a report, or one with an addition
LATE = timedelta(days=4)  # articles further apart than a reprint comes after its report ...
LATE_AT_LEAST = 0.65  # ... need this: a wire's weekly figures are printed by another provider each week
OWN_AT_LEAST = 0.6  # for one provider's articles, one of which will be dropped
SERIES_GAP = timedelta(hours=20)  # the same at least this far apart: ...
SERIES = 0.8  # a weekly report keeps its wording
SHORT = 24  # words and pairs: a text below it (a headline, a line of excerpt) has a twin only where it is equal, or ...
SHORT_AT_LEAST = 0.55  # ... another provider's and nearly so, with no other numbers, from ...
SHORTEST = 9  # ... so many words and pairs on (five words), ...
SHORT_GAP = timedelta(hours=48)  # ... and published this near: a column may have the same headline each week
CLAIMED = 0.2  # for an article that says itself that it is taken from the other

TEMPLATE_SHARE = 0.2  # of a provider's articles with different headlines: what that many have is no part of a report
TEMPLATE_ARTICLES = 4  # the fewest
TEMPLATE_LOOKED_AT = 40  # of its articles


def fewest(one: Sketch, at_least: float) -> float:
    """The smallest share of its hashes that any twin of it has, but for one that it names itself."""
    alike = enough(one.size, at_least)
    return alike if one.size < LONG else min(alike, CONTAINED * CONTAINED_LENGTH)


def enough(size: int, at_least: float) -> float:
    """The resemblance that a text of so many words and pairs needs to a longer one: few words are soon the same."""
    between = min(1.0, max(0.0, (LONG - size) / (LONG - SHORT)))
    return max(at_least, AT_LEAST + between * (SHORT_AT_LEAST - AT_LEAST))


class Templates:
    """What a provider prints on many articles that differ otherwise: subscribe boxes, "about us", cookie lines."""

    def __init__(self, sketches: Iterable[Sketch]) -> None:
        self._by_provider: dict[str, list[Sketch]] = defaultdict(list)
        for one in sketches:
            self._by_provider[one.provider].append(one)
        self._found: dict[str, frozenset[int]] = {}
        self._pairs: dict[tuple[str, str], frozenset[int]] = {}

    def of(self, provider: str, other: str) -> frozenset[int]:
        """Hashes that are on TEMPLATE_SHARE of the articles of either. Looked for once, when somebody first asks."""
        key = (provider, other) if provider < other else (other, provider)
        if key not in self._pairs:
            self._pairs[key] = self._alone(provider) | self._alone(other)
        return self._pairs[key]

    def _alone(self, provider: str) -> frozenset[int]:
        if provider not in self._found:
            self._found[provider] = _template(self._by_provider[provider])
        return self._found[provider]


def _template(articles: list[Sketch]) -> frozenset[int]:
    by_title: dict[int, Sketch] = {}
    for one in sorted(articles, key=lambda one: one.url):
        by_title.setdefault(one.title, one)
    if len(by_title) < TEMPLATE_ARTICLES:
        return frozenset()
    sample = sorted(by_title.values(), key=lambda one: (crc32(one.url.encode()), one.url))[:TEMPLATE_LOOKED_AT]
    held: Counter[int] = Counter()
    for one in sample:
        held.update(hashes(one, one.halvings))
    enough = max(TEMPLATE_ARTICLES, TEMPLATE_SHARE * len(sample))
    return frozenset(value for value, count in held.items() if count >= enough)


class Text:
    """One article's hashes as sets, made once for all that it is compared with."""

    def __init__(self, one: Sketch) -> None:
        self.sketch = one
        self._sets: dict[int, frozenset[int]] = {}
        self._rests: dict[tuple[int, str], frozenset[int]] = {}

    def at(self, halvings: int) -> frozenset[int]:
        if halvings not in self._sets:
            self._sets[halvings] = frozenset(hashes(self.sketch, halvings))
        return self._sets[halvings]

    def without(self, printed: frozenset[int], halvings: int, provider: str) -> frozenset[int]:
        """Its hashes without `printed`, the templates of its own provider and of the one named."""
        key = (halvings, provider)
        if key not in self._rests:
            self._rests[key] = self.at(halvings) - printed
        return self._rests[key]


def same(text: Text, other: Sketch, templates: Templates, at_least: float = AT_LEAST) -> bool:
    """Whether the two are one text: as they stand, and also without what their providers print on many articles."""
    one = text.sketch
    if one.hashes == other.hashes and one.halvings == other.halvings:
        return one.size > 0 and (one.size >= SHORT or abs(one.published - other.published) <= SHORT_GAP)
    if not may_be_same(one, other, at_least):
        return False
    halvings, least = max(one.halvings, other.halvings), fewest(one, at_least)
    ours, values = text.at(halvings), hashes(other, halvings)
    if len(ours.intersection(values)) < least * max(len(ours), len(values)) - 1e-9:
        return False
    printed = templates.of(one.provider, other.provider)
    rest = text.without(printed, halvings, other.provider) if printed else ours
    if len(rest.intersection(values)) < least * len(rest) - 1e-9:
        return False
    theirs = frozenset(values)
    whole = _enough(one, other, ours, theirs, at_least)
    return whole and (not printed or _enough(one, other, rest, theirs - printed, at_least))


def claims(text: Text, other: Sketch) -> bool:
    """Whether an article that names the other as what it is taken from has some of its text, too."""
    halvings = max(text.sketch.halvings, other.halvings)
    return _jaccard(text.at(halvings), frozenset(hashes(other, halvings))) >= CLAIMED


def may_be_same(one: Sketch, other: Sketch, at_least: float) -> bool:
    """What is known without a look at the hashes."""
    shorter, longer = sorted((one.size, other.size))
    if shorter < SHORT:
        near = abs(one.published - other.published) <= SHORT_GAP
        return near and one.provider != other.provider and shorter >= max(SHORTEST, enough(shorter, at_least) * longer)
    return shorter >= fewest(one if one.size == shorter else other, at_least) * longer


def _enough(one: Sketch, other: Sketch, ours: frozenset[int], theirs: frozenset[int], at_least: float) -> bool:
    alike, size = _jaccard(ours, theirs), min(one.size, other.size)
    at_least = enough(size, at_least)
    if size < SHORT:
        return alike >= at_least and not _other_numbers(ours, theirs)
    apart = abs(one.published - other.published)
    if one.provider == other.provider:
        return alike >= max(at_least, SERIES if apart >= SERIES_GAP else OWN_AT_LEAST)
    if apart >= LATE:
        return alike >= max(at_least, LATE_AT_LEAST)
    return alike >= at_least or (size >= LONG and _contained(ours, theirs))


def _other_numbers(ours: frozenset[int], theirs: frozenset[int]) -> bool:
    """Whether each has a number that the other has not: 2 % for 3 %."""
    return any(map(is_number, ours - theirs)) and any(map(is_number, theirs - ours))


def _jaccard(ours: frozenset[int], theirs: frozenset[int]) -> float:
    shared = len(ours & theirs)
    return shared / ((len(ours) + len(theirs) - shared) or 1)


def _contained(ours: frozenset[int], theirs: frozenset[int]) -> bool:
    shorter, longer = sorted((len(ours), len(theirs)))
    return shorter >= max(1, CONTAINED_LENGTH * longer) and len(ours & theirs) >= CONTAINED * shorter
