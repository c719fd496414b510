"""Words in dates: months in the languages that news is written in, zones, and who puts the day first."""

from __future__ import annotations

import unicodedata

# Names of months, case-folded. Each is compared as a prefix, the longest first, so that a stem stands for all its
# inflected forms; one with two letters, or with "=", must be the whole word. Where two languages give one name to two
# months, the one with more readers has it, and a language that is known corrects that (see month).
_MONTHS = {
    1: """jan gen ene ian ianouar jän jaan yan oca sty sij siječ led saus tammi янв яну січ студ
        јан ιαν يناير كانونالثاني جانفي ژانویه ינואר בינואר जनवरी জানুয়ারি জানুয়ারী ஜனவரி
        جنوری มกราคม ม.ค. מינואר""",
    2: """feb fev fév peb lut şub sub úno unor helmi veeb velj vas фев лют φεβ φλεβ فبراير شباط
        فيفري فوریه פברואר בפברואר फरवरी फ़रवरी ফেব্রুয়ারি ফেব্রুয়ারী பிப்ரவரி فروری
        กุมภาพันธ์ ก.พ.""",
    3: """mar mär mae maa mrt mrz már märts mac= mach bře brez ožu kov мар бер сак μαρ μάρ مارس
        آذار מרץ מרס במרץ במרס मार्च মার্চ மார்ச் مارچ มีนาคม มี.ค.""",
    4: """apr avr abr ápr nis kwi dub trav balan huht апр кві крас απρ أبريل ابريل نيسان أفريل
        آوریل אפריל באפריל अप्रैल এপ্রিল ஏப்ரல் اپریل เมษายน เม.ย.""",
    5: """may mai mag maj mei maí máj kvě kve svib geg touko май мая мај мае тра μαι μάι μαϊ μαΐ
        مايو أيار ايار ماي مه מאי במאי मई মে மே مئی พฤษภาคม พ.ค.""",
    6: """jun juin juun jūn jún júní giu haz cze hun iun iyun červen června lipanj lipnj birž kesä
        июн чер чэр јун юни ιουν يونيو حزيران جوان ژوئن יוני ביוני जून জুন ஜூன் جون มิถุนายน
        มิ.ย.""",
    7: """jul juil juul jūl júl lug tem hul iul iyul lip červenec července srpanj srpnj liep hein
        июл лип ліп јул юли ιουλ يوليو تموز جويلية ژوئیه יולי ביולי जुलाई জুলাই ஜூலை جولائی
        กรกฎาคม ก.ค.""",
    8: """aug aoû aou ago ágú avg avq agu ağu ogos sie srpen srpna kolo rugpj elo авг сер жні αυγ
        αύγ أغسطس اغسطس آب اب غشت أوت اوت אוגוסט באוגוסט अगस्त আগস্ট ஆகஸ்ட் اگست สิงหาคม ส.ค.""",
    9: """sep set sent szept eyl wrz září zář ruj rugs syys сен вер септ σεπ سبتمبر أيلول ايلول
        شتنبر سپتامبر ספטמבר בספטמבר सितंबर सितम्बर সেপ্টেম্বর செப்டம்பர் ستمبر กันยายน ก.ย.""",
    10: """oct okt out ott eki paź paz říj spal loka окт жов кас οκτ أكتوبر اكتوبر تشرينالأول
        تشرينالاول اکتبر אוקטובר באוקטובר अक्टूबर अक्तूबर অক্টোবর அக்டோபர் اکتوبر ตุลาคม ต.ค.""",
    11: """nov nóv noi nob noy kas lis listop studen lapk marras ноя ное нов лис ліст νοε νοέ
        نوفمبر تشرينالثاني نونبر نوامبر נובמבר בנובמבר नवंबर नवम्बर নভেম্বর நவம்பர் نومبر
        พฤศจิกายน พ.ย.""",
    12: """dec dek dez déc dic dis des ara gru pros gruod joul dets дек гру дец снеж δεκ ديسمبر
        كانونالأول كانونالاول دجنبر دسامبر דצמבר בדצמבר दिसंबर दिसम्बर ডিসেম্বর டிசம்பர் دسمبر
        ธันวาคม ธ.ค.""",
}  # fmt: skip
_NAMES = [
    (unicodedata.normalize("NFKC", name).casefold().replace(".", ""), month)
    for month, names in _MONTHS.items()
    for name in names.split()
]
_STEMS = {name: month for name, month in _NAMES if len(name) > 2 and not name.endswith("=")}
_WHOLE = {name.removesuffix("="): month for name, month in _NAMES if name not in _STEMS}
_LONGEST = max(map(len, _STEMS))
# The Persian solar calendar's, in order.
_JALALI = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند"
JALALI = {name: month for month, name in enumerate(_JALALI.split(" "), start=1)}
# Levantine months of two words, written as one for the table above.
SPLIT = (("كانون ال", "كانونال"), ("تشرين ال", "تشرينال"))

# Offsets in minutes. The names of RFC 822 and those that publishers use; where one name means several zones, the one
# with most readers. A two-letter American name follows daylight saving, so it is an IANA zone.
NAMED = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "bst": 60, "west": 60, "cet": 60, "mez": 60, "cest": 120,
    "mesz": 120, "eet": 120, "eest": 180, "msk": 180, "мск": 180, "trt": 180, "sast": 120, "wat": 60, "cat": 120,
    "eat": 180, "gst": 240, "pkt": 300, "ist": 330, "npt": 345, "ict": 420, "wib": 420, "wita": 480, "wit": 540,
    "hkt": 480, "sgt": 480, "myt": 480, "pht": 480, "awst": 480, "jst": 540, "kst": 540, "acst": 570, "aest": 600,
    "acdt": 630, "aedt": 660, "nzst": 720, "nzdt": 780, "nst": -210, "ndt": -150, "ast": -240, "adt": -180, "brt":
    -180, "art": -180, "clt": -240, "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360,
    "pst": -480, "pdt": -420, "akst": -540, "akdt": -480, "hst": -600,
}  # fmt: skip
AMERICAN = {"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles"}

_YEAR_FIRST = frozenset(("hu", "lt", "mn", "eu", "ja", "ko", "zh"))  # what a day/month/year means there, nobody can say
_MONTH_FIRST = frozenset(("en-us", "fil", "en-ph", "es-us", "es-pr", "en-fm", "en-mh", "en-pw", "en-gu", "en-as"))


def month(name: str, language: str = "") -> int:
    """Number of the month that `name`, in any case and inflection, is a name of; 0 for none. language: BCP 47.

    >>> month("května"), month("Marzo"), month("listopada"), month("listopada", "hr"), month("market day")
    (5, 3, 11, 10, 3)
    """
    name = name.casefold()
    if language[:2] in ("hr", "bs") and name.startswith("listop"):
        return 10  # the Polish, Czech and Ukrainian November
    if name in _WHOLE:
        return _WHOLE[name]
    for size in range(min(len(name), _LONGEST), 2, -1):
        if found := _STEMS.get(name[:size]):
            return found
    return 0


def day_first(language: str) -> bool | None:
    """Whether readers of `language` (BCP 47) take 01/02 as the first of February; None where that cannot be known.

    Source: Unicode CLDR, short date patterns. English without a region is read on both sides of an ocean.
    """
    tag = language.lower().replace("_", "-")
    primary = tag.partition("-")[0]
    if not primary or tag == "en" or primary in _YEAR_FIRST:
        return None
    return not (tag in _MONTH_FIRST or primary in _MONTH_FIRST)
