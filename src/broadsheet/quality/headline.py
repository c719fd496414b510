"""Profile `standard`: a headline written with care. What cries for attention is told by its form, in any language."""

from __future__ import annotations

import re
import unicodedata

from ..text import count_words
from ..types import Article, Publication, Reason

CAREFUL = 5
SHORT, LONG = 3, 25  # words: below and above these a headline says too little or too much
WORST = -26  # however many faults there are

_STACKED = re.compile(r"[!?！？؟]{2}|[!！].*[!！]|(?:\.\.\.|…)\s*$")
_SHOUT = re.compile(r"[!！]")
_STRETCHED = re.compile(r"([^\W\d_])\1{3,}")  # no word has a letter four times in a row; in capitals it may be a name
_TAG = re.compile(r"(?<!\w)[#＃][^\W\d]\w+")
_PARTS = re.compile(r"\s[|｜•]\s")
_WORD = re.compile(r"[^\W\d_]{2,}")
_ORNAMENT = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff]")  # pictures, stars, big arrows


def points(article: Article, publication: Publication, weight: float) -> Reason:  # noqa: ARG001
    """5 for a careful headline, else what its faults cost together, at most 26."""
    faults = _faults(unicodedata.normalize("NFC", article.title[:500]))
    value = ", ".join(name for name, _ in faults) or "careful"
    share = max(WORST, sum(cost for _, cost in faults)) if faults else CAREFUL
    return Reason(factor="headline", value=value, weight=weight, points=round(weight * share))


def _faults(title: str) -> list[tuple[str, int]]:
    """What is wrong with the form of a headline, and what it costs."""
    found = []
    if _shouts(title):
        found.append(("most words in capitals", -12))
    if _STACKED.search(title):
        found.append(("stacked or trailing marks", -8))
    elif _SHOUT.search(title):
        found.append(("an exclamation mark", -3))
    if ornament := _ORNAMENT.search(title):
        found.append((f"an ornament: {ornament[0]}", -6))
    if (stretched := _STRETCHED.search(title)) and not stretched[0].isupper():
        found.append((f"a stretched word: “{stretched[0]}”", -6))
    if len(tags := _TAG.findall(title)) > 1:
        found.append((f"{len(tags)} hashtags", -4))
    if (parts := len(_PARTS.findall(title)) + 1) > 2:
        found.append((f"{parts} parts beside each other", -4))
    words = count_words(title)
    if not SHORT <= words <= LONG:
        found.append((f"{words} words", -6))
    return found


def _shouts(title: str) -> bool:
    """More than half of at least four words in capitals; scripts without capitals never shout."""
    words = _WORD.findall(title)
    return len(words) >= 4 and sum(word.isupper() for word in words) > len(words) / 2
