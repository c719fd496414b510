"""Profile `standard`: a headline written with care; shouting, stacked marks and lengths that say nothing cost."""

from __future__ import annotations

import re

from ..text import count_words
from ..types import Article, Publication, Reason

CAREFUL = 5
SHOUTING, MARKS, LENGTH = -12, -8, -6
SHORT, LONG = 3, 25  # words: below and above these a headline says too little or too much

_MARKS = re.compile(r"[!?！？]{2}|[!！].*[!！]|(?:\.\.\.|…)\s*$")
_WORD = re.compile(r"[^\W\d_]{2,}")


def points(article: Article, publication: Publication, weight: float) -> Reason:  # noqa: ARG001
    """5 for a careful headline; else -12 for shouting, -8 for stacked or trailing marks, -6 for its length."""
    title = article.title[:500]
    faults = []
    if _shouts(title):
        faults.append(("most words in capitals", SHOUTING))
    if _MARKS.search(title):
        faults.append(("stacked or trailing marks", MARKS))
    words = count_words(title)
    if not SHORT <= words <= LONG:
        faults.append((f"{words} words", LENGTH))
    value = ", ".join(name for name, _ in faults) or "careful"
    share = sum(cost for _, cost in faults) if faults else CAREFUL
    return Reason(factor="headline", value=value, weight=weight, points=round(weight * share))


def _shouts(title: str) -> bool:
    """More than half of at least four words in capitals; scripts without capitals never shout."""
    words = _WORD.findall(title)
    return len(words) >= 4 and sum(word.isupper() for word in words) > len(words) / 2
