"""The forms in which a word of a keyword may stand in a text of one language: plurals, cases, articles.

No stemmer: a word that is cut to its stem meets words that it has nothing to do with ("organ", "organisation"). Each
form is made from the word as it is written, by the common endings of the language, so that what is matched can be
listed. Sources: the declension tables of the languages' grammars; no exceptions are listed but a few of English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

LEAST = 3  # letters from which a word takes endings other than the English plural
# Languages in which every word of a phrase may change, and not only its last.
ALL_WORDS = frozenset(
    {"de", "fr", "es", "pt", "it", "ca", "gl", "ru", "uk", "be", "bg", "sr", "pl", "cs", "sk", "hr", "sl"}
)

# Languages in which articles and prepositions are written as one with the word behind them.
PREFIXED = frozenset({"ar", "fa", "ur", "he"})

_IRREGULAR = {
    "child": ("children",), "person": ("people", "persons"), "foot": ("feet",), "tooth": ("teeth",), "mouse": ("mice",),
    "goose": ("geese",), "ox": ("oxen",), "medium": ("media",), "bacterium": ("bacteria",), "quiz": ("quizzes",),
    "thief": ("thieves",), "sheep": (), "series": (), "species": (),
}  # fmt: skip
_LIKE_MAN = re.compile(r"(?:^|[a-z]{2})(?<!hu)(?<!ro)(?<!ger)(?<!sha)(?<!nor)(?<!tto)man$")
_LIKE_LIFE = re.compile(r"(?:li|kni|wi)fe$|(?:lea|loa|wol|hal|shel|cal|el|scar)f$")

_GERMAN = ("e", "en", "n", "s", "es", "er", "ern", "em", "innen")
_NORDIC = ("s", "en", "et", "ar", "er", "or", "erna", "arna", "orna", "ene", "ens", "ets")
_RUSSIAN_NOUN = (
    "а у е и ы о я ю ь й ой ей ом ем ём ью ов ев ёв ий ия ию ие ии ием ям ам ями ами ях ах ією ів ові еві і ї"
)
_RUSSIAN_ADJECTIVE = "ый ий ой ая яя ое ее ые ие ого его ому ему ым им ом ем ую юю ей ых их ыми ими а е і ої у ою"
_RUSSIAN_END = re.compile("(?:[аеиоуыэюяьйё]|ия|ие|ій|ія)$")
_RUSSIAN_ADJECTIVE_END = re.compile("(?:ый|ий|ой|ая|яя|ое|ее|ые|ие|ій)$")
_WEST_SLAVIC = (
    "a e i o u y ą ę ó ów om ami ach em ie iem ego emu ej ym im ych ich ymi á é í ý ů ům ech ích ých ého ému "
    "ou ovi ách ám ě ím ým mi"
)
_WEST_SLAVIC_END = re.compile("[aeiouyąęóáéíýůě]$")
# Vowels of Turkish, each with the `a/e` and the `ı/i/u/ü` that endings after it have.
_HARMONY = {"a": "aı", "ı": "aı", "e": "ei", "i": "ei", "o": "au", "u": "au", "ö": "eü", "ü": "eü"}
_SOFTENED = {"k": "ğ", "p": "b", "t": "d", "ç": "c"}
_ARABIC_BEFORE = ("ال", "و", "وال", "ب", "بال", "ل", "لل", "ك", "كال", "ف", "فال")
_HEBREW_BEFORE = ("ה", "ו", "ב", "ל", "מ", "ש", "כ", "וה", "שה", "מה", "ול", "וב")


def fold(text: str, language: str = "") -> str:
    """Lower case, offset by offset: the result is as long as `text`."""
    if language in ("tr", "az"):
        text = text.translate(_TURKISH)
    return text.lower() if text.isascii() or "İ" not in text else text.replace("İ", "i").lower()


_TURKISH = str.maketrans({"I": "ı", "İ": "i", "Â": "a", "â": "a", "Î": "i", "î": "i", "Û": "u", "û": "u"})


@lru_cache(maxsize=50_000)
def forms(word: str, language: str = "") -> tuple[str, ...]:
    """Folded forms of one word as it is written, itself first.

    >>> forms("ferry"), forms("Krankenhaus", "de")[-2:]
    (('ferry', 'ferries'), ('krankenhäusern', 'krankenhäuser'))
    """
    folded = fold(word, language)
    found = [folded, *_english(word)]
    if len(word) >= LEAST and folded.isalpha():
        found += _others(folded, language)
    return tuple(dict.fromkeys(found))


def _english(word: str) -> Iterable[str]:
    """Plurals by the plain rules of English; none for what is too short to tell from another word."""
    if not word.isascii() or not word[-1].isalpha() or (len(word) < 3 and not word.isupper()) or len(word) < 2:
        return ()
    lower = word.lower()
    if lower in _IRREGULAR:
        return _IRREGULAR[lower]
    if _LIKE_MAN.search(lower):
        return (f"{lower[:-2]}en",)
    if _LIKE_LIFE.search(lower):
        return (f"{lower.removesuffix('e')[:-1]}ves",)
    if lower.endswith("y") and lower[-2] not in "aeiou":
        return (f"{lower[:-1]}ies",)
    if lower.endswith("is") and len(lower) > 4:
        return (f"{lower[:-2]}es",)
    if lower.endswith("o") and lower[-2] not in "aeiou":
        return (f"{lower}s", f"{lower}es")
    return (f"{lower}es",) if lower.endswith(("s", "x", "z", "ch", "sh")) else (f"{lower}s",)


def _others(word: str, language: str) -> Iterator[str]:
    match language:
        case "de":
            yield from _german(word)
        case "fr":
            yield from _french(word)
        case "es" | "pt" | "gl" | "ca":
            yield from _iberian(word)
        case "it":
            yield from _italian(word)
        case "nl":
            yield from (word + end for end in ("s", "en", "e", "n"))
        case "sv" | "da" | "no":
            yield from _nordic(word)
        case "ru" | "uk" | "be" | "bg" | "sr":
            yield from _russian(word)
        case "pl" | "cs" | "sk" | "hr" | "sl":
            stem = _WEST_SLAVIC_END.sub("", word)
            yield from (stem + end for end in ("", *_WEST_SLAVIC.split()) if len(stem) >= 3)
        case "tr" | "az":
            yield from _turkish(word)
        case "ar" | "fa" | "ur":
            bare = word.removeprefix("ال")
            yield from (before + bare for before in ("", *_ARABIC_BEFORE) if len(bare) >= 3)
        case "he":
            yield from (before + word for before in _HEBREW_BEFORE)


def _german(word: str) -> Iterator[str]:
    stem = word.removesuffix("e")
    yield from (base + end for base in (word, stem) for end in _GERMAN)
    # A plural with umlaut: of the last vowel that can have one.
    place = max(stem.rfind("a"), stem.rfind("o"), stem.rfind("u"))
    if place > 0 and stem[place - 1 : place + 1] == "au":
        place -= 1
    if place >= 0:
        turned = stem[:place] + {"a": "ä", "o": "ö", "u": "ü"}[stem[place]] + stem[place + 1 :]
        yield from (turned + end for end in ("", "e", "en", "n", "ern", "er"))


def _nordic(word: str) -> Iterator[str]:
    yield from (word + end for end in _NORDIC)
    if word[-1] in "aeiouyåäöæø":
        yield from (word + end for end in ("n", "r", "t", "na", "ne", "ns"))
    if word[-1] in "ae":
        yield from (word[:-1] + end for end in _NORDIC)


def _french(word: str) -> Iterator[str]:
    """Plurals, and the feminine of endings that only adjectives and callings have: "port" has none."""
    yield f"{word}s"
    if word.endswith("é"):
        yield from (f"{word}e", f"{word}es")
    elif word.endswith("al"):
        yield from (f"{word[:-2]}aux", f"{word}e", f"{word}es")
    elif word.endswith(("eau", "eu", "ou")):
        yield f"{word}x"
    elif word.endswith("if"):
        yield from (f"{word[:-1]}ve", f"{word[:-1]}ves")
    elif word.endswith("eur"):
        yield from (f"{word[:-1]}se", f"{word[:-1]}ses", f"{word[:-3]}rice", f"{word[:-3]}rices")
    elif word.endswith("el"):
        yield from (f"{word}le", f"{word}les")


def _iberian(word: str) -> Iterator[str]:
    last = word[-1]
    if last in "aeiouáéíóú":
        yield f"{word}s"
        if last in "oa":
            yield from (word[:-1] + end for end in ("o", "a", "os", "as"))
        if word.endswith("ão"):
            yield from (f"{word[:-2]}ões", f"{word[:-2]}ães", f"{word[:-2]}ãos")
    elif last == "z":
        yield f"{word[:-1]}ces"
    elif word.endswith(("ón", "án", "én", "ín")):
        yield f"{word[:-2]}{dict(zip('óáéí', 'oaei', strict=True))[word[-2]]}nes"
    elif last == "m":
        yield f"{word[:-1]}ns"
    elif last == "l":
        yield from (f"{word[:-1]}is", f"{word}es")
    else:
        yield from (f"{word}es", f"{word}a", f"{word}as")


def _italian(word: str) -> Iterator[str]:
    stem, last = word[:-1], word[-1]
    if last in "aeio":
        yield from (stem + end for end in "aeio")
        if stem[-1:] in ("c", "g"):
            yield from (f"{stem}hi", f"{stem}he")
        if stem.endswith("i"):
            yield from (stem, f"{stem[:-1]}e")


def _turkish(word: str) -> Iterator[str]:
    """Cases and possessives of the third person, of singular and plural, with vowel harmony."""
    vowel = next((char for char in reversed(word) if char in _HARMONY), "")
    if not vowel:
        return
    plural = f"{word}l{_HARMONY[vowel][0]}r"
    yield plural
    for base, harmony in ((word, _HARMONY[vowel]), (plural, _HARMONY[_HARMONY[vowel][0]])):
        wide, narrow = harmony[0], harmony[1]
        ends_in_vowel = base[-1] in _HARMONY
        hard = "t" if base[-1] in "fstkçşhp" else "d"
        yield from (f"{base}{hard}{wide}", f"{base}{hard}{wide}n", f"{base}l{wide}", f"{base}yl{wide}")
        if ends_in_vowel:
            own = f"{base}s{narrow}"
            yield from (f"{base}y{narrow}", f"{base}y{wide}", f"{base}n{narrow}n")
        else:
            soft = base[:-1] + _SOFTENED.get(base[-1], base[-1])
            own = f"{soft}{narrow}"
            yield from (f"{soft}{wide}", f"{soft}{narrow}n")
        yield from (own, f"{own}n{narrow}", f"{own}n{narrow}n", f"{own}n{wide}", f"{own}nd{wide}", f"{own}nd{wide}n")


def _russian(word: str) -> Iterator[str]:
    if _RUSSIAN_ADJECTIVE_END.search(word) and len(word) > LEAST + 1:
        yield from (word[:-2] + end for end in _RUSSIAN_ADJECTIVE.split())
    stem = _RUSSIAN_END.sub("", word)
    if len(stem) >= 3:
        yield from (stem + end for end in ("", *_RUSSIAN_NOUN.split()))
