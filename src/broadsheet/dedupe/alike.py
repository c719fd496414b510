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

AT_LEAST = 0.35  # resemblance from which two providers' texts are the same
CONTAINED = 0.7  # the same, as a share of the shorter text, where it has ...
CONTAINED_LENGTH = 0.45  # ... this share of the length of the longer one: a part of a report, or one with an addition
LATE = timedelta(days=4)  # articles further apart than a reprint comes after its report ...
LATE_AT_LEAST = 0.65  # ... need this: a wire's weekly figures are printed by another provider each week
OWN_AT_LEAST = 0.6  # for one provider's articles, one of which will be dropped
SERIES_GAP = timedelta(hours=20)  # the same at least this far apart: ...
SERIES = 0.8  # a weekly report keeps its wording
SHORT = 48  # words and pairs: a text below it (a headline, a line of excerpt) has a twin only where it is equal, or ...
SHORT_AT_LEAST = 0.6  # ... another provider's and nearly so, with the same numbers, from ...
SHORTEST = 9  # ... so many words and pairs on (five words), ...
SHORT_GAP = timedelta(hours=48)  # ... and published this near: a column may have the same headline each week
CLAIMED = 0.2  # for an article that says itself that it is taken from the other

TEMPLATE_SHARE = 0.2  # of a provider's articles with different headlines: what that many have is no part of a report
TEMPLATE_ARTICLES = 4  # the fewest
TEMPLATE_LOOKED_AT = 40  # of its articles


def fewest(one: Sketch, at_least: float) -> float:
    """The smallest share of its hashes that any twin of it has, but for one that it names itself."""
    return max(at_least, SHORT_AT_LEAST) if one.size < SHORT else min(at_least, CONTAINED * CONTAINED_LENGTH)


def shortest(at_least: float) -> float:
    """The smallest share of the length of a text that any twin of it has."""
    return min(at_least, CONTAINED_LENGTH)


class Templates:
    """What a provider prints on many articles that differ otherwise: subscribe boxes, "about us", cookie lines."""

    def __init__(self, sketches: Iterable[Sketch]) -> None:
        self._by_provider: dict[str, list[Sketch]] = defaultdict(list)
        for one in sketches:
            self._by_provider[one.provider].append(one)
        self._found: dict[str, frozenset[int]] = {}

    def of(self, provider: str) -> frozenset[int]:
        """Hashes that are on TEMPLATE_SHARE of its articles. Looked for once, when somebody first asks."""
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

    def at(self, halvings: int) -> frozenset[int]:
        if halvings not in self._sets:
            self._sets[halvings] = frozenset(hashes(self.sketch, halvings))
        return self._sets[halvings]


def same(text: Text, other: Sketch, templates: Templates, at_least: float = AT_LEAST) -> bool:
    """Whether the two are one text: as they stand, and also without what their providers print on many articles."""
    one = text.sketch
    if one.hashes == other.hashes and one.halvings == other.halvings:
        return one.size > 0 and (one.size >= SHORT or abs(one.published - other.published) <= SHORT_GAP)
    if not may_be_same(one, other, at_least):
        return False
    halvings = max(one.halvings, other.halvings)
    ours, theirs = text.at(halvings), hashes(other, halvings)
    if not _enough(one, other, ours, frozenset(theirs), at_least):
        return False
    printed = templates.of(one.provider) | templates.of(other.provider)
    return not printed or _enough(one, other, ours - printed, frozenset(theirs) - printed, at_least)


def claims(text: Text, other: Sketch) -> bool:
    """Whether an article that names the other as what it is taken from has some of its text, too."""
    halvings = max(text.sketch.halvings, other.halvings)
    return _jaccard(text.at(halvings), frozenset(hashes(other, halvings))) >= CLAIMED


def may_be_same(one: Sketch, other: Sketch, at_least: float) -> bool:
    """What is known without a look at the hashes."""
    shorter, longer = sorted((one.size, other.size))
    if shorter < SHORT:
        near = abs(one.published - other.published) <= SHORT_GAP
        return near and one.provider != other.provider and shorter >= max(SHORTEST, SHORT_AT_LEAST * longer)
    return shorter >= shortest(at_least) * longer


def _enough(one: Sketch, other: Sketch, ours: frozenset[int], theirs: frozenset[int], at_least: float) -> bool:
    alike = _jaccard(ours, theirs)
    if min(one.size, other.size) < SHORT:
        return alike >= max(at_least, SHORT_AT_LEAST) and not any(map(is_number, ours ^ theirs))
    apart = abs(one.published - other.published)
    if one.provider == other.provider:
        return alike >= max(at_least, SERIES if apart >= SERIES_GAP else OWN_AT_LEAST)
    if apart >= LATE:
        return alike >= max(at_least, LATE_AT_LEAST)
    return alike >= at_least or _contained(ours, theirs)


def _jaccard(ours: frozenset[int], theirs: frozenset[int]) -> float:
    shared = len(ours & theirs)
    return shared / ((len(ours) + len(theirs) - shared) or 1)


def _contained(ours: frozenset[int], theirs: frozenset[int]) -> bool:
    shorter, longer = sorted((len(ours), len(theirs)))
    return shorter >= max(1, CONTAINED_LENGTH * longer) and len(ours & theirs) >= CONTAINED * shorter
