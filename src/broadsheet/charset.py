"""Bytes to text, for every parser: by BOM, UTF-8, UTF-16, labels, and where those fail, by the letters.

`decode` is total: whatever the bytes and the labels are, it gives a str without surrogates.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import cache
from math import log2

# Labels of the WHATWG Encoding Standard (section 4.2) by the Python codec that reads them. Any other label is a mistake
# or an attack and counts as not said: utf-7, zlib_codec, idna, unicode_escape ... are Python's own. The standard's
# `replacement` encodings (iso-2022-kr, hz-gb-2312 ...) and x-user-defined count as not said, too: nobody can read them.
_BY_CODEC = {
    "utf-8": "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8",
    "cp866": "866 cp866 csibm866 ibm866",
    "iso8859_2": "csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2",
    "iso8859_3": "csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3",
    "iso8859_4": "csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4",
    "iso8859_5": "csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988",
    "iso8859_6": "arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 iso-8859-6-e iso-8859-6-i "
    "iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987",
    "iso8859_7": "csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso88597 iso_8859-7 "
    "iso_8859-7:1987 sun_eu_greek",
    "iso8859_8": "csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 iso8859-8 iso88598 iso_8859-8 "
    "iso_8859-8:1988 visual csiso88598i iso-8859-8-i logical",
    "iso8859_10": "csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6",
    "iso8859_13": "iso-8859-13 iso8859-13 iso885913",
    "iso8859_14": "iso-8859-14 iso8859-14 iso885914",
    "iso8859_15": "csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9",
    "iso8859_16": "iso-8859-16",
    "koi8_r": "cskoi8r koi koi8 koi8-r koi8_r",
    "koi8_u": "koi8-ru koi8-u",
    "mac_roman": "csmacintosh mac macintosh x-mac-roman",
    "cp874": "dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874",
    "cp1250": "cp1250 windows-1250 x-cp1250",
    "cp1251": "cp1251 windows-1251 x-cp1251",
    "cp1252": "ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 "
    "iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252",
    "cp1253": "cp1253 windows-1253 x-cp1253",
    "cp1254": "cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5 windows-1254 "
    "x-cp1254",
    "cp1255": "cp1255 windows-1255 x-cp1255",
    "cp1256": "cp1256 windows-1256 x-cp1256",
    "cp1257": "cp1257 windows-1257 x-cp1257",
    "cp1258": "cp1258 windows-1258 x-cp1258",
    "mac_cyrillic": "x-mac-cyrillic x-mac-ukrainian",
    "gb18030": "chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk gb18030",
    "big5hkscs": "big5 big5-hkscs cn-big5 csbig5 x-x-big5",
    "euc_jp": "cseucpkdfmtjapanese euc-jp x-euc-jp",
    "iso2022_jp": "csiso2022jp iso-2022-jp",
    "cp932": "csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis",
    "cp949": "cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949",
    "utf-16-be": "unicodefffe utf-16be",
    "utf-16-le": "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le",
}
LABELS = {label: codec for codec, labels in _BY_CODEC.items() for label in labels.split()}

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_HEAD = 4_096  # bytes in which a document names its encoding; the HTML Standard looks at 1,024
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE | re.ASCII)
_IN_DOCUMENT = re.compile(
    rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([\w.:-]{2,40})|<meta[^>]{0,500}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})",
    re.IGNORECASE,
)
_HIGH = re.compile(rb"[\x80-\xff]")
_SAMPLE = 3_000  # bytes from the first one above ASCII on that the letters are judged by
_SURE = 1.5  # bits a character by which a reading must beat the one that the label names, and
_ENOUGH = 40.0  # bits in all
_NATURAL = -5.0  # bits a byte above ASCII: a reading that good is a language, and needs no other to compare with


def decode(body: bytes, content_type: str = "") -> str:
    """The text of `body`; content_type: HTTP's header, parameters included. Never raises.

    Order: BOM; valid UTF-8, also when cut inside its last character (legacy text is never that by chance, and a saved
    page keeps the label of its first encoding); UTF-16 by its zero bytes; the label of HTTP, then the document's own
    within its first 4,096 bytes, unless the letters that it gives are nonsense and another encoding's are not; the most
    plausible legacy encoding; windows-1252. Source: WHATWG Encoding and HTML (13.2.3.2), with the sniffing described.
    """
    for bom, codec in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(codec, "replace")
    if codec := _utf16(body):
        return body.decode(codec, "replace")
    labels = _labels(body, content_type)
    if _shifts(body, labels):
        return body.decode("iso2022_jp", "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as exc:
        if exc.reason == "unexpected end of data" and not body[: exc.start].isascii():
            return body[: exc.start].decode("utf-8")
    return body.decode(_legacy(body, labels), "replace")


def utf8(body: bytes, content_type: str = "") -> bytes:
    """What decode reads, in UTF-8 without a BOM: `body` itself where it is that already."""
    as_it_is = not body.startswith((*(bom for bom, _ in _BOMS), b"\x00")) and b"\x1b" not in body and not _utf16(body)
    if as_it_is and (body.isascii() or _is_utf8(body)):
        return body
    return decode(body, content_type).encode("utf-8", "replace")


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _utf16(body: bytes) -> str:
    """The codec of UTF-16 without BOM: markup and JSON start with ASCII, of which every other byte is zero."""
    head = body[:64]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if len(head) < 4 or bool(even) == bool(odd):
        return ""
    return "" if 4 * max(even, odd) < len(head) else "utf-16-be" if even else "utf-16-le"


def _labels(body: bytes, content_type: str) -> list[str]:
    """Codecs that HTTP and the document name, in this order; what names none that we know is left out."""
    said = [match[1] for match in [_IN_HEADER.search(content_type)] if match]
    if match := _IN_DOCUMENT.search(body, 0, _HEAD):
        label = (match[1] or match[2]).decode("ascii", "replace")
        # The HTML Standard's rule: who could read this label as ASCII is not in UTF-16.
        said.append("utf-8" if label.lower().startswith("utf-16") else label)
    return [LABELS[label.lower()] for label in said if label.lower() in LABELS]


def _shifts(body: bytes, labels: list[str]) -> bool:
    """True for ISO-2022-JP, which is 7 bits and would pass for UTF-8. It needs the label: unasked, it hides markup."""
    return labels[:1] == ["iso2022_jp"] and b"\x1b" in body


def _legacy(body: bytes, labels: list[str]) -> str:
    """The codec of a body that is not UTF-8: the first label's, or where its letters speak against it, a better one."""
    first = _HIGH.search(body)
    start = max(0, first.start() - 1) if first else 0
    sample = body[start : start + _SAMPLE]
    said = labels[0] if labels else ""
    if said == "utf-8":
        text = sample.decode("utf-8", "replace")
        if text.count("\ufffd") * 4 <= sum(char > "\x7f" for char in text):
            return said  # a few bad bytes
        said = next((label for label in labels if label != "utf-8"), "")
    own = _plausibility(sample, said) if said else 0.0
    high = len(_HIGH.findall(sample))
    if said and own > _NATURAL * high:
        return said
    scores = {codec: _plausibility(sample, codec) - rank for rank, codec in enumerate(_PLAUSIBLE)}
    best = max(scores, key=scores.__getitem__)
    gain = scores[best] - own
    return best if not said or gain > max(_ENOUGH, _SURE * high) else said


# --- plausible letters -----------------------------------------------------------------------------------------------

# The commoner encodings come first: each is taken for one bit likelier than the next.
# For each language (or those that share letters) its letters above ASCII, the most frequent first, as far as they make
# up nearly all of its text; and the encodings that it was written in. Zipf's law gives frequencies that do.
_LETTERS = (
    ("éèàêçùâîôûëïœ éáíóñúü¡¿ ãçáéíóõêâúà üäöß àèìòùé åäö æøå éëïè ðþáíéóúýæö", ("cp1252",)),
    ("ąęłóśżćńź íáěéřčšžýůúťďň áéóöőüíúű ăîâşţ čšžćđ áíčéžšýúľťôňä", ("cp1250", "iso8859_2")),
    ("ıişüğçöâî", ("cp1254",)),
    ("šėąžųįčūę āīšēūņļķžģč äõüöšž", ("cp1257",)),
    ("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфё оаинетвірслкдмупзябгьчйхцїшєщюфжґ", ("cp1251", "koi8_r", "iso8859_5", "cp866")),
    ("αοιετσνηυρπκμλςωάγόίδέήύχθφώβξζψ", ("cp1253", "iso8859_7")),
    ("יוהלאתרבמשנםדעקחפגצןטזכסךףץ", ("cp1255",)),
    ("اليمنرتبوهعدسفكحقجصةىطخشزأضثئءغظذإؤآ ایرنهدومتبسشکفزگخقعجپحصلطضچغذثئظژ", ("cp1256",)),
    ("านรอกเงมยลวดท่สต้ะปบคิหีแจพชขใไัุโูำ็ผื์ึซธฟฉถศณญษ", ("cp874",)),
    (
        "のにはをたがでとしるいてれなかさこもらあっうりくすけンスルトーリアイラク日本一人年大国会中出事者時行分月見上東生"
        "。、「」",
        ("cp932", "euc_jp"),
    ),
    (
        "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能"
        "好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长，。",
        ("gb18030",),
    ),
    (
        "的一是不了在人有我他這中大來上國個到說們為子和你地出道也時年得就那要下以生會自著去之過家學對可她裡後小麼心多天而能"
        "好都然沒日於起還發成事只作當想看文無開手十用主行方又如前所本見經頭面公同三已老從動兩長，。",
        ("big5hkscs",),
    ),
    ("이다는의에가을고한지로하를은사도기그아인리시어정대나자일제서부수장들있해과전여상구국라으신조", ("cp949",)),
)
_PLAUSIBLE = tuple(dict.fromkeys(codec for _, names in _LETTERS for codec in names))
_WIDE = {"cp932", "euc_jp", "gb18030", "big5hkscs", "cp949"}
_NEUTRAL = frozenset("  «»“”„‘’‚–—…•·©®°€£§№™")
_STRANGE = -13.0  # bits of a character that the language does not have
_RARE = -11.0  # bits of an ideograph or syllable that is not among the most frequent; there are thousands
_ODD = -3.0  # more for two scripts in a word, for a capital in it, and less so for any capital


def _plausibility(sample: bytes, codec: str) -> float:
    """Log-likelihood in bits of what is above ASCII, under the language of `codec` that suits it best.

    The likelihoods of different readings compare because they explain the same bytes.
    """
    text = codecs.getincrementaldecoder(codec)("replace").decode(sample)  # its last character may be cut
    return max(sum(_bits(text, *model)) for model in _models(codec))


def _bits(text: str, letters: dict[str, float], is_latin: bool, is_wide: bool) -> Iterator[float]:
    before = " "
    for char in text:
        if char > "\x7f":
            yield letters.get(char.lower()) or _other(char, is_wide)
        if not is_wide and (char > "\x7f" or before > "\x7f") and char.isalpha():
            if char.isupper():
                yield _ODD if before.islower() else _ODD / 2
            # A letter with an accent stands among letters of ASCII, another script's among its own.
            if before.isalpha() and ((char > "\x7f") == (before > "\x7f")) == is_latin:
                yield _ODD
        before = char


def _other(char: str, is_wide: bool) -> float:
    if char in _NEUTRAL:
        return -6.0
    if is_wide and ("\u3041" <= char <= "\u30fe" or "\u4e00" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3"):
        return _RARE
    return _STRANGE


@cache
def _models(codec: str) -> tuple[tuple[dict[str, float], bool, bool], ...]:
    """For each language written in `codec`: bits by letter, is it in Latin script, has it thousands of characters.

    An encoding that is only taken where a label names it may be in any language with an alphabet.
    """
    found = []
    is_wide = codec in _WIDE
    for languages, names in _LETTERS:
        if codec in names or (codec not in _PLAUSIBLE and not _WIDE & set(names)):
            for letters in languages.split():
                total = sum(1 / (rank + 3) for rank in range(len(letters)))
                share = 0.5 if is_wide else 0.95
                bits = {char: log2(share / (rank + 3) / total) for rank, char in enumerate(letters)}
                found.append((bits, letters[0] < "\u0300", is_wide))
    return tuple(found)
