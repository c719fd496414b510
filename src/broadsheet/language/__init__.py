"""Language of a text: the primary subtag of a tag, and a light guess from script, common words and letters."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable
from functools import cache
from itertools import filterfalse, islice

from .words import WORDS

_BEGINNING = 1_200  # characters that a guess looks at, and
_SAMPLE = 4_000  # where those leave it unsure
_NAMES = tuple(WORDS)
_TAG = re.compile(r"\s*([A-Za-z]{2,3})(?:[-_.\s;,]|$)")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")

# Tags that name a language by an old, three-letter or mistaken code (RFC 5646, section 2.2.1; ISO 639-2), and the
# written form that nearly all of a language's news is in, which pages name by either.
_SAME = {
    "iw": "he", "in": "id", "ji": "yi", "jp": "ja", "cn": "zh", "kr": "ko", "ua": "uk", "gr": "el", "cz": "cs", "dk": "da",
    "se": "sv", "eng": "en", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es", "por": "pt", "ita": "it",
    "nld": "nl", "dut": "nl", "pol": "pl", "tur": "tr", "rus": "ru", "ukr": "uk", "jpn": "ja", "kor": "ko", "zho": "zh",
    "chi": "zh", "cmn": "zh", "ara": "ar", "fas": "fa", "per": "fa", "heb": "he", "hin": "hi", "ell": "el", "gre": "el",
    "swe": "sv", "nor": "no", "dan": "da", "fin": "fi", "ces": "cs", "cze": "cs", "ron": "ro", "rum": "ro", "mul": "", "und": "",
    "zxx": "", "nb": "no",
}  # fmt: skip

# One script, one language that is written with it far more than any other: first and last character of blocks of the
# Unicode Standard, in order.
_BLOCKS = (
    ("A", "Z", "latin"), ("a", "z", "latin"), ("\u00c0", "\u024f", "latin"), ("\u0370", "\u03ff", "el"),
    ("\u0400", "\u04ff", "cyrillic"), ("\u0530", "\u058f", "hy"), ("\u05d0", "\u05ea", "he"), ("\u0620", "\u06ff", "arabic"),
    ("\u0750", "\u077f", "arabic"), ("\u0900", "\u097f", "devanagari"), ("\u0980", "\u09ff", "bn"), ("\u0a00", "\u0a7f", "pa"),
    ("\u0a80", "\u0aff", "gu"), ("\u0b80", "\u0bff", "ta"), ("\u0c00", "\u0c7f", "te"), ("\u0c80", "\u0cff", "kn"),
    ("\u0d00", "\u0d7f", "ml"), ("\u0d80", "\u0dff", "si"), ("\u0e01", "\u0e5b", "th"), ("\u0e80", "\u0eff", "lo"),
    ("\u1000", "\u109f", "my"), ("\u10a0", "\u10ff", "ka"), ("\u1100", "\u11ff", "ko"), ("\u1200", "\u137f", "am"),
    ("\u1780", "\u17ff", "km"), ("\u1e00", "\u1eff", "latin"), ("\u3040", "\u30ff", "ja"), ("\u3400", "\u4dbf", "han"),
    ("\u4e00", "\u9fff", "han"), ("\uac00", "\ud7af", "ko"),
)  # fmt: skip
_STARTS = [first for first, _, _ in _BLOCKS]

_WORD_WEIGHT = 2.5  # evidence of a word that one language alone has; less, the more of them share it
_LETTER_WEIGHT = 0.4  # of the log-likelihood of three letters in a row
_LETTERED, _LETTERS = 24, 24  # words that are in no list whose letters are looked at, and how many of one
_MARGIN = 2.0  # evidence by which the best language must lead
_LONG, _SHARE = 20, 12  # of a text of so many words, one in so many must be in the best language's list


def primary(tag: str) -> str:
    """Primary subtag of a BCP 47 tag, in lower case; empty for what is no tag.

    >>> primary("pt_BR"), primary("iw-IL"), primary("english")
    ('pt', 'he', '')
    """
    match = _TAG.match(tag[:40])
    return _SAME.get(match[1].lower(), match[1].lower()) if match else ""


def guess(text: str) -> str:
    """Primary subtag of the language that `text` is written in; empty when unsure. Looks at the first 4,000 characters."""
    return _guess(text[:_BEGINNING]) or (_guess(text[:_SAMPLE]) if len(text) > _BEGINNING else "")


def _guess(sample: str) -> str:
    if sample.isascii():
        return _latin(sample)
    counts: Counter[str] = Counter()
    for char, times in Counter(sample).items():
        at = bisect_right(_STARTS, char) - 1
        if at >= 0 and char <= _BLOCKS[at][1]:
            counts[_BLOCKS[at][2]] += times
    letters = counts.total()
    if letters < 2:
        return ""
    if counts["ja"] * 10 >= letters and counts["ja"] + counts["han"] > letters / 2:
        return "ja"  # kana in a tenth of the letters: Chinese has none
    script = max(counts, key=lambda name: counts[name])
    if counts[script] * 2 < letters:
        return ""
    by_letters = _BY_SCRIPT.get(script)
    return by_letters(sample) if by_letters else script


def _latin(text: str) -> str:
    """The language that the words and the letters of the text speak for, when it leads clearly.

    A word of a list counts less the more languages have it. Of words that nobody has, runs of three letters count as
    they do in the lists (naive Bayes, add-one smoothing; Cavnar and Trenkle 1994 have letters tell languages apart).
    """
    words, runs, rarity = _tables()
    evidence, seen = [0.0] * len(WORDS), [0] * len(WORDS)
    told = _WORD.findall(text.casefold())
    matched = 0
    for word, times in Counter(filter(words.__contains__, told)).items():
        weight, whose = words[word]
        for n in whose:
            evidence[n] += weight * times
            seen[n] += times
    for word in islice(filterfalse(words.__contains__, told), _LETTERED):
        for run in _runs(word):
            if run in runs:
                matched += 1
                for n, gain in runs[run]:
                    evidence[n] += gain
    scores = [found - matched * rare for found, rare in zip(evidence, rarity, strict=True)]
    (best, n), (second, _) = sorted(((score, n) for n, score in enumerate(scores)), reverse=True)[:2]
    known = seen[n] > 0 and (len(told) < _LONG or seen[n] * _SHARE >= len(told))
    return _NAMES[n] if known and best >= second + _MARGIN else ""


@cache
def _tables() -> tuple[dict[str, tuple[float, list[int]]], dict[str, list[tuple[int, float]]], list[float]]:
    """For each word its weight and the languages that have it; for each run of letters what it speaks for them, more
    than a run that they do not have; and for each language what any run speaks against it."""
    lists = [dict.fromkeys(text.casefold().split()) for text in WORDS.values()]
    whose: dict[str, list[int]] = {}
    for n, words in enumerate(lists):
        for word in words:
            whose.setdefault(word, []).append(n)
    known = {w: (_WORD_WEIGHT * (1 - math.log(len(ns)) / math.log(len(lists))), ns) for w, ns in whose.items()}
    runs: dict[str, list[tuple[int, float]]] = {}
    pairs: dict[tuple[int, int], tuple[int, float]] = {}
    sizes = []
    for n, words in enumerate(lists):
        count = Counter(run for word in words if len(word) > 2 for run in _runs(word))
        sizes.append(count.total())
        for run, times in count.items():
            # Many runs share a few hundred pairs: less memory is less to wait for.
            pair = pairs.setdefault((n, times), (n, _LETTER_WEIGHT * math.log(times + 1)))
            runs.setdefault(run, []).append(pair)
    return known, runs, [_LETTER_WEIGHT * math.log(size + len(runs)) for size in sizes]


def _runs(word: str) -> list[str]:
    """Three letters in a row, with the word's ends as letters."""
    padded = f"^{word[:_LETTERS]}$"
    return [padded[n : n + 3] for n in range(len(padded) - 2)]


def _arabic(text: str) -> str:
    """Persian and Urdu have letters that Arabic has not."""
    if re.search("[ٹڈڑےں]", text):
        return "ur"
    return "fa" if len(re.findall("[پچژگکی]", text)) * 40 >= len(text) else "ar"


def _cyrillic(text: str) -> str:
    """Ukrainian, Serbian, Macedonian, Belarusian and Bulgarian by letters that Russian has not, or has and they have not."""
    lower = text.lower()
    if re.search("[әғқңұүөһ]", lower):  # of Asia's many languages in this script, Kazakh alone has all it needs here
        return "kk" if re.search("[ғқ]", lower) and re.search("[ұңә]", lower) else ""
    if "ў" in lower or ("і" in lower and "ы" in lower):
        return "be"
    if re.search("[їєґі]", lower):
        return "uk"
    if re.search("[ћђ]", lower):
        return "sr"
    if re.search("[ѓќѕ]", lower):
        return "mk"
    if re.search("[ыэ]", lower):
        return "ru"
    return "bg" if len(lower) > 100 and "ъ" in lower else "ru" if len(lower) < 100 else ""


_BY_SCRIPT: dict[str, Callable[[str], str]] = {
    "latin": _latin,
    "arabic": _arabic,
    "cyrillic": _cyrillic,
    "han": lambda _: "zh",
    "devanagari": lambda text: "mr" if "ळ" in text and "आहे" in text else "hi",
}
