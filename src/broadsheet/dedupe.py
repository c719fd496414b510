"""Find articles that repeat the text of another: a small sketch of each, compared through an index over its hashes.

Source of the sketch: Broder, "On the resemblance and containment of documents", SEQUENCES 1997 (bottom-k MinHash).
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b

from .text import plain, tokens
from .types import Article, Sketch, Twin

HASHES = 128  # kept of each article; the standard error of a resemblance of 0.5 is 0.04
SHINGLE = 2  # words
AT_LEAST = 0.35  # resemblance from which two texts are the same; measured: docs/reference/scores.md
SERIES = 0.8  # the same for one provider's articles at least SERIES_GAP apart: a weekly report keeps its wording
SERIES_GAP = timedelta(hours=20)
LOOKED_AT = 2000  # holders of shared hashes that one article's search goes through
COMPARED = 10  # candidates that are compared in full
SHORT = 24  # shingles: a text below it (a headline, a line of excerpt) has a twin only where it is equal, ...
SHORT_GAP = timedelta(hours=48)  # ... and published this near: a column may have the same headline each week


def sketch(article: Article) -> Sketch:
    """The smallest hashes of the word pairs in the title and in the text (the excerpt where there is no text)."""
    hashes = set(_hashes(article.title)) | set(_hashes(plain(article.text) or article.excerpt))
    return Sketch(
        url=article.url,
        provider=article.provider.domain,
        published=article.published,
        hashes=tuple(heapq.nsmallest(HASHES, hashes)),
        size=len(hashes),
    )


def twins(new: Sequence[Sketch], seen: Sequence[Sketch], at_least: float = AT_LEAST) -> dict[str, Twin]:
    """URL of each article of `new` that repeats another -> its twin; articles without one are absent.

    The original is the earliest of those with the same text: what was seen before counts as earlier than all of `new`,
    then by (published, url). A chain resolves to its first, and `resemblance` is to that one. A URL in both arguments
    counts as new. at_least: estimated Jaccard coefficient, over 0 to 1; ValueError outside.
    The order of the arguments makes no difference; an article costs no more than a bounded search.
    """
    if not 0.0 < at_least <= 1.0:
        raise ValueError(f"at_least must be over 0 and at most 1, got {at_least}")
    fresh = {one.url: one for one in sorted(new, key=_age)}
    old = {one.url: one for one in sorted(seen, key=_age) if one.url not in fresh}
    holders: dict[int, list[Sketch]] = {}
    original: dict[str, Sketch] = {}
    ordered = [*old.values(), *fresh.values()]
    rank = {one.url: n for n, one in enumerate(ordered)}
    for one in ordered:
        match = _match(one, holders, rank, at_least)
        original[one.url] = original[match.url] if match else one
        if match is None or match.hashes != one.hashes:  # an exact copy leads to nothing that its match does not
            for value in one.hashes:
                holders.setdefault(value, []).append(one)
    return {
        url: Twin(url=url, original=original[url].url, resemblance=resemblance(one, original[url]))
        for url, one in fresh.items()
        if original[url].url != url
    }


def resemblance(one: Sketch, other: Sketch) -> float:
    """Estimated Jaccard coefficient of the shingles of two articles, 0 to 1; exact where both are kept whole."""
    ours, theirs = set(one.hashes), set(other.hashes)
    lowest = sorted(ours | theirs)[:HASHES]
    return len(ours.intersection(theirs, lowest)) / len(lowest) if lowest else 0.0


def _age(one: Sketch) -> tuple[datetime, str]:
    return one.published, one.url


def _match(one: Sketch, holders: dict[int, list[Sketch]], rank: dict[str, int], at_least: float) -> Sketch | None:
    """The first (by rank) article indexed so far that has the same text.

    Looks through the rarest of its hashes first and stops after LOOKED_AT holders, so that phrases which everybody
    uses cost nothing (Chaudhuri, Ganti, Kaushik, "A primitive operator for similarity joins", ICDE 2006).
    """
    shared: Counter[str] = Counter()
    found: dict[str, Sketch] = {}
    looked_at = 0
    for held in sorted((holders[value] for value in one.hashes if value in holders), key=len):
        looked_at += len(held)
        if looked_at > LOOKED_AT and found:
            break
        for other in held[:LOOKED_AT]:
            shared[other.url] += 1
            found[other.url] = other
    best = heapq.nsmallest(COMPARED, shared, key=lambda url: (-shared[url], rank[url]))
    alike = [found[url] for url in best if _same(one, found[url], at_least)]
    return min(alike, key=lambda other: rank[other.url], default=None)


def _same(one: Sketch, other: Sketch, at_least: float) -> bool:
    apart = abs(one.published - other.published)
    if min(one.size, other.size) < SHORT:
        return one.hashes == other.hashes and apart <= SHORT_GAP
    if one.provider == other.provider and apart >= SERIES_GAP:
        at_least = max(at_least, SERIES)
    if min(one.size, other.size) < at_least * max(one.size, other.size):
        return False
    return resemblance(one, other) >= at_least


def _hashes(part: str) -> Iterator[int]:
    """32-bit hashes of each run of SHINGLE words; of all words together where there are fewer."""
    words = list(tokens(part))
    for i in range(min(len(words), max(1, len(words) - SHINGLE + 1))):
        shingle = " ".join(words[i : i + SHINGLE]).encode()
        yield int.from_bytes(blake2b(shingle, digest_size=4).digest())
