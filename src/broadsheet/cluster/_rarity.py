"""How rare each term is in a language: what was seen of it, and before that, what to expect of a word like it."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterable, Mapping
from functools import cache

from ..language.words import WORDS
from ._terms import STEM

LEAST = 0.3  # articles that are taken to have a term besides the one at hand, at least
KNOWN = 10.0  # articles that what we expect of a word counts for: where ten articles are known nothing is rare yet
COMMONEST = 18.0  # the word of rank r in a language's list is expected in COMMONEST / (r + 20) of the articles,
ORDINARY = 0.004  # any other in this share,
SHORT = 0.03  # one of three letters or less in this, and
PAIR = 0.01  # a pair of characters, where no spaces part words, in this
KNOWN_RUNS = 5.21  # articles that this counts for: a run of letters is expected
RUN = 0.03  # in this share of them
HALF_LIFE = 20_000.0  # articles after which what was seen counts half
FADING = 2.0 ** (1.0 / HALF_LIFE)
FADED = 0.2  # articles: a term that counts for less is not kept for the next cycle


class Rarity:
    """In how many articles of a language each term was seen, fading; a term is known by its number.

    known: articles that `expected` (share of the articles that have a term) counts for.
    """

    def __init__(self, known: float, expected: Callable[[str], float]) -> None:
        self.known = known
        self.expected = expected
        self.numbers: dict[str, int] = {}
        self.spelled: list[str] = []
        self.seen = array("d")  # by number
        self.least = array("d")  # what is expected of it, by number
        self.articles = 0.0
        self.step = 1.0  # what one article counts now: it grows instead of all else shrinking

    def count(self, numbers: Iterable[int]) -> None:
        """Note one more article, with these terms."""
        self.step *= FADING
        if self.step > 1e9:
            self._rescale()
        step, seen = self.step, self.seen
        self.articles += step
        for number in numbers:
            seen[number] += step

    def _rescale(self) -> None:
        self.articles /= self.step
        self.seen = array("d", [value / self.step for value in self.seen])
        self.step = 1.0

    def kept(self) -> tuple[float, dict[str, float]]:
        """Articles, and articles of each term that was seen, as of now, to 6 digits; what has faded is left out."""
        seen = {}
        for term, value in zip(self.spelled, self.seen, strict=True):
            times = value / self.step
            if times > FADED:
                seen[term] = round(times, 6)
        return round(self.articles / self.step, 6), seen

    def take_up(self, articles: float, seen: Mapping[str, float]) -> None:
        """Begin with what `kept` gave."""
        self.articles = articles * self.step
        for term, times in seen.items():
            (number,) = self.number((term,))
            self.seen[number] += times * self.step

    def number(self, terms: Iterable[str]) -> list[int]:
        """The numbers of terms."""
        numbers = self.numbers
        found = []
        for term in terms:
            number = numbers.get(term)
            if number is None:
                number = numbers[term] = len(self.spelled)
                self.spelled.append(term)
                self.seen.append(0.0)
                self.least.append(self.known * self.expected(term) + LEAST - 1.0)
            found.append(number)
        return found

    def of(self, numbers: Iterable[int]) -> list[float]:
        """ln of how many articles there are for one that has the term; 0 for what is nearly everywhere."""
        step, seen, least, log = self.step, self.seen, self.least, math.log
        most = self.articles / step + self.known
        highest = log(most / LEAST)
        found = []
        for number in numbers:
            having = seen[number] / step + least[number]
            found.append(highest if having <= LEAST else log(most / having) if having < most else 0.0)
        return found


def of_words(language: str) -> Rarity:
    ranks = _ranks(language)

    def expected(word: str) -> float:
        rank = ranks.get(word)
        if rank is not None:
            return COMMONEST / (rank + 20.0)
        if len(word) > 3 or word[0].isdigit():
            return ORDINARY
        return SHORT if word.isascii() or len(word) != 2 else PAIR

    return Rarity(KNOWN, expected)


def of_runs() -> Rarity:
    return Rarity(KNOWN_RUNS, lambda _: RUN)


@cache
def _ranks(language: str) -> dict[str, int]:
    ranks: dict[str, int] = {}
    for rank, word in enumerate(WORDS.get(language, "").split()):
        ranks.setdefault(word[:STEM], rank)
    return ranks
