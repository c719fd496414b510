"""Whether its publisher says that it is not free to read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..said import Said
from . import Found, candidates

# The article's own word, then that of the page.
ORDER = ("told", "items", "page")

_WORDS = {"true": False, "1": False, "yes": False, "false": True, "0": True, "no": True}  # of isAccessibleForFree
_TIERS = {"free": False, "metered": True, "locked": True}  # of article:content_tier


def find(saids: Sequence[Said], tiers: Iterable[str]) -> Found[bool]:
    """The first claim that can be understood; of one origin that of the article, then those of its parts.

    tiers: values of `article:content_tier`, weaker, since pages carry it as a label of their own systems.
    Sources: schema.org isAccessibleForFree; Facebook's and Apple's content tiers (free, metered, locked).
    """
    told = [(raw.strip(), place) for said in saids for raw, place in said.free]
    labels = [(raw.strip(), "article:content_tier") for raw in tiers]
    known = candidates("paywalled", [*told, *labels])
    for value, place in told:
        if (word := value.rpartition("/")[2].lower()) in _WORDS:  # also as https://schema.org/False
            return Found(_WORDS[word], place, known)
    for value, place in labels:
        if value.lower() in _TIERS:
            return Found(_TIERS[value.lower()], place, known)
    return Found(False, "", known)


def is_closed(raw: str) -> bool:
    """True for an isAccessibleForFree that says no."""
    return _WORDS.get(raw.strip().rpartition("/")[2].lower(), False)
