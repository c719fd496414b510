"""Language of a text: the primary subtag of a tag, and a light guess from script and stop words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

_SAMPLE = 4_000  # characters that a guess looks at
_LEAST = 3  # stop words, of distinct kinds, below which a Latin text stays unguessed
_TAG = re.compile(r"\s*([A-Za-z]{2,3})(?:[-_.\s;,]|$)")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")

# Tags that name a language by an old, three-letter or mistaken code (RFC 5646, section 2.2.1; ISO 639-2).
_SAME = {
    "iw": "he", "in": "id", "ji": "yi", "jp": "ja", "cn": "zh", "kr": "ko", "ua": "uk", "gr": "el", "cz": "cs", "dk": "da",
    "se": "sv", "eng": "en", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es", "por": "pt", "ita": "it",
    "nld": "nl", "dut": "nl", "pol": "pl", "tur": "tr", "rus": "ru", "ukr": "uk", "jpn": "ja", "kor": "ko", "zho": "zh",
    "chi": "zh", "cmn": "zh", "ara": "ar", "fas": "fa", "per": "fa", "heb": "he", "hin": "hi", "ell": "el", "gre": "el",
    "swe": "sv", "nor": "no", "dan": "da", "fin": "fi", "ces": "cs", "cze": "cs", "ron": "ro", "rum": "ro", "mul": "", "und": "",
    "zxx": "",
}  # fmt: skip

# One script, one language that is written with it far more than any other. Ranges of the Unicode Standard's blocks.
_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")), ("ko", re.compile("[\uac00-\ud7af\u1100-\u11ff]")),
    ("han", re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")), ("arabic", re.compile("[\u0620-\u06ff\u0750-\u077f]")),
    ("cyrillic", re.compile("[\u0400-\u04ff]")), ("el", re.compile("[\u0370-\u03ff]")), ("he", re.compile("[\u05d0-\u05ea]")),
    ("th", re.compile("[\u0e01-\u0e5b]")), ("devanagari", re.compile("[\u0900-\u097f]")), ("bn", re.compile("[\u0980-\u09ff]")),
    ("ta", re.compile("[\u0b80-\u0bff]")), ("te", re.compile("[\u0c00-\u0c7f]")), ("gu", re.compile("[\u0a80-\u0aff]")),
    ("pa", re.compile("[\u0a00-\u0a7f]")), ("kn", re.compile("[\u0c80-\u0cff]")), ("ml", re.compile("[\u0d00-\u0d7f]")),
    ("si", re.compile("[\u0d80-\u0dff]")), ("my", re.compile("[\u1000-\u109f]")), ("km", re.compile("[\u1780-\u17ff]")),
    ("lo", re.compile("[\u0e80-\u0eff]")), ("ka", re.compile("[\u10a0-\u10ff]")), ("hy", re.compile("[\u0530-\u058f]")),
    ("am", re.compile("[\u1200-\u137f]")), ("latin", re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")),
)  # fmt: skip

# The commonest function words of each language; a word that several share counts for each of them.
_STOP = {
    "en": "the of and to in is that for it with was on are be by this as at from have has not will but they which",
    "de": "der die und das den von zu mit ist auf für im dem nicht ein eine sich des auch als an werden aus bei wird nach",
    "fr": "le la les de des et en un est dans que une pour qui sur pas plus par au avec ce il sont du cette aux ont mais être",
    "es": "el la los las que de y en un por con una para del es se al como más su pero fue este entre han sus ser sobre",
    "pt": "o a e os as que de do da em um uma para não com dos no na por mais ao foi são das se como pelo pela também",
    "it": "il di che la e in i un per una non sono del con della gli le nel alla da più anche dei si è ha come dal",
    "nl": "de het een van en in is dat op te voor met zijn niet aan er ook als bij door naar maar wordt om over",
    "sv": "och att det som en på är av för med den till inte har om ett var från men kan så vi också efter",
    "da": "og at det som en på er af for med den til ikke har om et var fra men kan så vi også efter jeg",
    "no": "og at det som en på er av for med den til ikke har om et var fra men kan så vi også etter jeg",
    "fi": "ja on ei että oli se mutta ovat myös kun hän joka mukaan kuin jos vain niin olla sen tai ole",
    "pl": "w na i się nie z że do jest to o jak po od za oraz przez dla są był czy tym ale który być",
    "cs": "a v se na je že s z do to o jsou ale pro jako by byl podle který za po také při už která",
    "tr": "ve bir bu için ile da de ya dedi yeni ilk iki büyük yüzde olarak çok daha olan gibi sonra kadar ise olduğu en ama göre her değil",
    "ro": "și în de la a cu din pe că nu este pentru care mai un o fost au ce sunt prin să după ale",
    "hu": "a az és hogy nem is egy meg volt de csak már még ez el mint vagy szerint lesz azt ki lehet",
    "id": "yang dan di ini untuk dengan dari pada tidak dalam itu ke akan juga adalah oleh sudah bisa mereka telah",
    "vi": "và của là có trong cho được không với một các người khi đã này để những từ đến về ra",
    "ca": "el la els les que i de en un una per amb del és no ha al es més com aquest seva però també",
    "af": "die van en in is het te dat vir met nie wat op n om as aan was sy hulle ook deur maar sal",
}
_STOPS = {language: tuple(dict.fromkeys(words.split())) for language, words in _STOP.items()}
_SHARED = Counter(word for words in _STOPS.values() for word in words)  # languages that have the word in common


def primary(tag: str) -> str:
    """Primary subtag of a BCP 47 tag, in lower case; empty for what is no tag.

    >>> primary("pt_BR"), primary("iw-IL"), primary("english")
    ('pt', 'he', '')
    """
    match = _TAG.match(tag[:40])
    return _SAME.get(match[1].lower(), match[1].lower()) if match else ""


def guess(text: str) -> str:
    """Primary subtag of the language that `text` is written in; empty when unsure. Looks at the first 4,000 characters."""
    sample = text[:_SAMPLE]
    if sample.isascii():
        return _latin(sample)
    counts = {name: len(pattern.findall(sample)) for name, pattern in _SCRIPTS}
    letters = sum(counts.values())
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
    """The language whose function words make up most of the words, when it leads clearly.

    A word counts less the more languages share it, so that near relatives are told apart by what is their own.
    """
    words = Counter(_WORD.findall(text.casefold()))
    scores = []
    for name, stops in _STOPS.items():
        found = [word for word in stops if word in words]
        scores.append((sum(words[w] / _SHARED[w] for w in found), len(found), sum(words[w] for w in found), name))
    (best, kinds, seen, name), (second, _, _, other) = sorted(scores, reverse=True)[:2]
    clear = best >= 1.3 * second or {name, other} == {"da", "no"}
    return name if kinds >= _LEAST and seen * 12 >= words.total() and clear else ""


def _arabic(text: str) -> str:
    """Persian and Urdu have letters that Arabic has not."""
    if re.search("[ٹڈڑےں]", text):
        return "ur"
    return "fa" if len(re.findall("[پچژگکی]", text)) * 40 >= len(text) else "ar"


def _cyrillic(text: str) -> str:
    """Ukrainian, Serbian, Macedonian, Belarusian and Bulgarian by letters that Russian has not, or has and they have not."""
    lower = text.lower()
    if re.search("[їєґ]", lower):
        return "uk"
    if "ў" in lower:
        return "be"
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
