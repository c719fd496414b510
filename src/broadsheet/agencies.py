"""Wire agencies: whose report a text is, as its byline, its dateline or its credit line says.

A text is an agency's where its own structure says so. An agency that is mentioned ("Reuters reported that"), that gave
a picture, or whose material went into somebody's own report ("with AP", "mit Material von dpa") is not its author.
"""

from __future__ import annotations

import re
import unicodedata

from . import text

# The domain that stands for an agency, its other domains, the short forms that it signs with (just as written: `AP` is
# not "ap"), its names in any case. Wires of press releases are here too: one release is one voice however often printed.
TABLE = """
apnews.com | ap.org | AP | Associated Press, The Associated Press, Associated Press News, AP News
reuters.com | reuters.co.uk | REUTERS | Reuters, Thomson Reuters, Reuters News, Reuters News Agency, Thomson Reuters Foundation, Reuter, Рейтер, ロイター, 路透社, 路透, رويترز
afp.com | | AFP | Agence France-Presse, Agence France Presse, 法新社, أ ف ب, فرانس برس, وكالة فرانس برس
dpa.com | dpa-international.com, dpa-infocom.net | dpa, DPA | Deutsche Presse-Agentur, dpa-AFX, dpa-infocom, dpa/tmn, dpa-tmn, Deutsche Presse Agentur
efe.com | | EFE, Efe | Agencia EFE, Agência EFE, EFE News, EFE Noticias
europapress.es | europapress.net | | Europa Press, EuropaPress
ansa.it | | ANSA | Agenzia ANSA, Redazione ANSA
adnkronos.com | | | Adnkronos
agi.it | | AGI | Agenzia Italia
lusa.pt | | LUSA | Lusa, Agência Lusa, Agência de Notícias Lusa
ebc.com.br | | | Agência Brasil
estadaoconteudo.com.br | | | Estadão Conteúdo
kyodonews.net | kyodonews.jp, kyodo.co.jp | KYODO | Kyodo, Kyodo News, 共同, 共同通信, 共同通信社, 共同社
jiji.com | | JIJI | Jiji, Jiji Press, 時事, 時事通信, 時事通信社
news.cn | xinhuanet.com | | Xinhua, Xinhua News Agency, 新华社, 新華社, 新华网, Синьхуа
ecns.cn | chinanews.com.cn, chinanews.com | CNS | China News Service, 中新社, 中国新闻社, 中新网
cna.com.tw | focustaiwan.tw | CNA | Central News Agency, 中央社, 中央通訊社
yna.co.kr | yonhapnews.co.kr | | Yonhap, Yonhap News Agency, Yonhap News, 연합뉴스
newsis.com | | | Newsis, 뉴시스
ptinews.com | | PTI | Press Trust of India
aninews.in | | ANI | Asian News International
ians.in | | IANS | Indo-Asian News Service
uniindia.com | | UNI | United News of India
app.com.pk | | APP | Associated Press of Pakistan
bernama.com | | BERNAMA | Bernama
antaranews.com | | ANTARA | Antara, Antara News, LKBN Antara
vnanet.vn | vietnamplus.vn | VNA, TTXVN | Vietnam News Agency
tass.com | tass.ru | TASS, ТАСС | Tass, ITAR-TASS, ИТАР-ТАСС
interfax.ru | interfax.com | | Interfax, Интерфакс, INTERFAX.RU
ria.ru | | | RIA Novosti, РИА Новости
interfax.com.ua | | | Interfax-Ukraine, Інтерфакс-Україна, Интерфакс-Украина
ukrinform.net | ukrinform.ua | | Ukrinform, Укрінформ
unian.net | unian.ua | | UNIAN, УНІАН, УНИАН
belta.by | | | BelTA, БелТА
aa.com.tr | | AA | Anadolu, Anadolu Agency, Anadolu Ajansı
dha.com.tr | | DHA | Demirören Haber Ajansı, Demirören News Agency
iha.com.tr | | İHA | İhlas Haber Ajansı
mena.org.eg | | MENA, أ ش أ | Middle East News Agency, وكالة أنباء الشرق الأوسط
wam.ae | | WAM, وام | Emirates News Agency, وكالة أنباء الإمارات
spa.gov.sa | | SPA, واس | Saudi Press Agency, وكالة الأنباء السعودية
qna.org.qa | | QNA | Qatar News Agency
irna.ir | | IRNA | Islamic Republic News Agency, ایرنا
apa.at | | APA | Austria Presse Agentur, APA - Austria Presse Agentur
keystone-sda.ch | sda.ch | sda, SDA, ATS, ats | Keystone-SDA, Keystone-ATS, Schweizerische Depeschenagentur, Agence télégraphique suisse
belga.be | belganewsagency.eu | BELGA | Belga, Agence Belga, Belga News Agency
anp.nl | | ANP | Algemeen Nederlands Persbureau
ntb.no | | NTB | Norsk Telegrambyrå, NTB Nyhetsbyrået
tt.se | | TT | TT Nyhetsbyrån, Tidningarnas Telegrambyrå, TT News Agency
ritzau.com | ritzau.dk | | Ritzau, /ritzau/, Ritzaus Bureau
stt.fi | | STT | Suomen Tietotoimisto, STT-Lehtikuva, STT Info
pap.pl | | PAP | Polska Agencja Prasowa
ctk.cz | ctk.eu | ČTK, CTK | Czech News Agency, Česká tisková kancelář
tasr.sk | | TASR | Tlačová agentúra Slovenskej republiky
mti.hu | | MTI | Magyar Távirati Iroda, Hungarian News Agency
agerpres.ro | | | Agerpres
mediafax.ro | | | Mediafax
bta.bg | | BTA, БТА | Bulgarian News Agency, Българска телеграфна агенция
hina.hr | | HINA | Hina, Croatian News Agency
tanjug.rs | | | Tanjug, Танјуг
sta.si | | STA | Slovenska tiskovna agencija
amna.gr | ana-mpa.gr | ΑΠΕ-ΜΠΕ, ANA-MPA | Athens-Macedonian News Agency
pa.media | pressassociation.com | PA | PA Media, Press Association, PA News Agency, PA Media Group
aap.com.au | | AAP | Australian Associated Press, AAP News
thecanadianpress.com | cp.org | CP | The Canadian Press, Canadian Press, La Presse Canadienne, La Presse canadienne
upi.com | | UPI | United Press International
bloomberg.com | | BLOOMBERG | Bloomberg, Bloomberg News, Bloomberg L.P.
notimex.gob.mx | | NTX | Notimex
telam.com.ar | | | Télam, Telam
nan.ng | nannews.ng | NAN | News Agency of Nigeria
panapress.com | | | Panapress, Pana Press
prnewswire.com | prnasia.com | | PR Newswire, PRNewswire, PRNewswire-PRWeb, PRNewsAsia, /PRNewswire/
globenewswire.com | | | GlobeNewswire, GLOBE NEWSWIRE, Globe Newswire
businesswire.com | | | Business Wire, BusinessWire
newswire.ca | | CNW | CNW Group, Canada NewsWire, Cision Canada
accesswire.com | accessnewswire.com | | Accesswire, ACCESS Newswire
eqs-news.com | dgap.de | EQS, DGAP | EQS News, EQS-News, EQS Group, DGAP
presseportal.de | | ots | news aktuell, ots news aktuell
ots.at | | OTS | APA-OTS, APA OTS
einpresswire.com | einnews.com | | EIN Presswire
"""


def _read_table() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """The domain that stands for an agency by each of its domains, its short forms and its folded names."""
    domains: dict[str, str] = {}
    shorts: dict[str, str] = {}
    names: dict[str, str] = {}
    for line in TABLE.strip().splitlines():
        main, *columns = (column.strip() for column in line.split("|"))
        others, codes, full = ([value for part in column.split(",") if (value := part.strip())] for column in columns)
        domains |= dict.fromkeys((main, *others), main)
        shorts |= dict.fromkeys(codes, main)
        names |= {text.fold(name): main for name in full}
    return domains, shorts, names


_DOMAINS, _SHORTS, _NAMES = _read_table()
# Of those in the table: they carry what companies and offices say of themselves.
PRESS = frozenset(
    ["prnewswire.com", "globenewswire.com", "businesswire.com", "newswire.ca", "accesswire.com", "eqs-news.com",
     "presseportal.de", "ots.at", "einpresswire.com"]
)  # fmt: skip
# Names in scripts without spaces, which datelines write together with the place: 【ロンドン共同】.
_TOGETHER = {name: main for name, main in _NAMES.items() if name[0] > "\u3000"}

_PICTURE = re.compile(
    r"\b(?:photos?|photograph\w*|pictures?|images?|videos?|graphics?|fotos?|fotograf\w*|bild(?:er)?|symbolbild|archiv\w*|grafik"
    r"|imagen|imagem|immagine|kuva|zdjęci[ea]|фото)\b|写真|图片|圖片|사진",
    re.IGNORECASE,
)
# Behind these stands who gave material, not who wrote.
_MATERIAL = re.compile(
    r"(?:^|[\s(])(?:with|mit|avec|con|com|met|med|plus|including|additional|contribut\w+|inputs? from|material von|unter verwendung"
    r"|à partir|adapted|based on|according to|nach|laut|selon|según|segundo|secondo)\s.*",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^(?:by|von|par|por|di|da|via|from|source|sources|quelle|quellen|fuente|fuentes|fonte|fonti|bron|källa|kilde|lähde|źródło|zdroj|forrás"
    r"|sursa|kaynak|πηγή|источник|джерело|المصدر|来源|來源|出典|資料|출처|agencia|agência|agence|agentur|agenzia|agency)\b\s*:?\s*",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"^(?:source|quellen?|fuente|fonte|bron|källa|kilde|lähde|źródło|zdroj|forrás|sursa|kaynak|πηγή|источник|джерело|المصدر|来源|來源|出典|출처)"
    r"\s*:\s*",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(r"^(?:copyright\s*)?(?:©|\(c\)|copyright)\s*(?:\d{4})?\s*(?:by\s+)?", re.IGNORECASE)
_POSTS = frozenset(
    ["staff", "writer", "writers", "sports", "business", "science", "health", "technology", "economics", "medical", "political",
     "correspondent", "correspondents", "reporter", "reporters", "desk", "editor", "editors", "feed", "newsfeed", "wire", "service",
     "services", "bureau", "agency", "newswire"]
)  # fmt: skip
_APART = re.compile(r"\s+[-–—]+\s+|[,;|/•·–—()\[\]、]+")
_JOINED = re.compile(r"\s+(?:and|und|et|y|e|och|og|en|i|и|та|ja|ve|&)\s+")

_BRACKETS = re.compile(
    r"(?P<head>(?:[^(\[【]|\[[^\]]{2,30}\](?=,)){0,90})[(\[【](?P<who>[^()\[\]【】]{2,60})[)\]】]\s*(?P<after>.?)"
)
_SLASHES = re.compile(r"(?P<head>[^/(]{0,90})/\s*(?P<who>[^/]{2,40}?)\s*/\s*(?P<after>.?)")
_DASH = re.compile(r"\s*(?:--|[-–—])\s*")
_SENT = re.compile(r"[(【]?(?P<who>\w{3,30}?)[电電讯訊]")  # 新华社北京3月3日电
_SMALL = frozenset(["de", "la", "le", "les", "el", "los", "del", "di", "da", "do", "am", "an", "der", "die", "im", "in", "of", "the", "on", "upon", "sur", "en", "und", "and", "y", "e", "al", "bei", "near"])  # fmt: skip
_AT_END = re.compile(r"(?P<before>.?)\s*[(\[](?P<who>[^()\[\]]{2,40})[)\]]\s*\.?$")
_INITIALS = re.compile(r"[^\W\d_]{1,4}\.?|[\w-]+(?:\.[\w-]+)+|[\w:-]*\d[\w:-]*")  # `mau`, `harbour.example`, a number


def of_domain(domain: str) -> str:
    """The domain that stands for the agency whose site this registrable domain is; empty where it is no agency's."""
    return _DOMAINS.get(domain, "")


def named(name: str) -> str:
    """Domain of the agency that is called just so, with or without a post: "AP Sports Writer" is AP. Empty otherwise."""
    said = name.strip(" .,:;*\"'“”„-–—©@")
    words = (said if text.fold(said) in _NAMES else _OPENING.sub("", said)).split()
    while words:
        bare = " ".join(words)
        if found := _SHORTS.get(bare) or _NAMES.get(text.fold(bare)):
            return found
        if words[-1].lower() not in _POSTS:
            return ""
        words.pop()
    return ""


def in_byline(line: str) -> tuple[str, ...]:
    """Agencies that a byline names as authors, in its order: "Jo Kim, Reuters", "AFP/dpa", "By The Associated Press".

    What joins an agency to somebody else by "and" or "with" is the work of both, and counts as that of the other.
    """
    line = _plain(text.one_line(line[:500]))
    if _PICTURE.search(line):
        return ()
    found: list[str] = []
    for part in _APART.split(_MATERIAL.sub("", line)):
        agencies = [named(piece) for piece in _JOINED.split(part)]
        if all(agencies):
            found += agencies
    return tuple(dict.fromkeys(found))


def _plain(line: str) -> str:
    """Full-width brackets, digits and signs as the common ones."""
    return line if line.isascii() else unicodedata.normalize("NFKC", line)


def in_dateline(body: str) -> tuple[str, ...]:
    """Agencies in the dateline of one of the first three paragraphs: "BERLIN, March 3 (Reuters) - ", "MOSCOW. /TASS/."."""
    return next(filter(None, (_opens_with(paragraph[:200]) for paragraph in body[:4_000].split("\n\n")[:3])), ())


def _opens_with(line: str) -> tuple[str, ...]:
    line = _plain(line)
    for pattern in (_BRACKETS, _SLASHES):
        match = pattern.match(line)
        if match and (found := in_byline(match["who"]) or _together(match["who"])) and _is_place(match["head"]):
            dated = "," in match["head"] and any(char.isdigit() for char in match["head"])
            if not match["head"].strip() or dated or match["after"] in tuple(".:-–—="):
                return found
    if sent := _SENT.match(line):
        return tuple(main for name, main in _TOGETHER.items() if sent["who"].startswith(name))[:1]
    return _between_dashes(line)


def _between_dashes(line: str) -> tuple[str, ...]:
    """Forms without brackets: "RIYADH, March 3, SPA --", "МОСКВА, 3 мар - РИА Новости.", "KYODO NEWS - Mar 3"."""
    before, *rest = _DASH.split(line, maxsplit=2)
    head, comma, last = before.rpartition(",")
    if rest and (found := named(last)) and _is_place(head) and (not comma or any(char.isdigit() for char in head)):
        return (found,)
    if (
        rest
        and any(char.isdigit() for char in before)
        and _is_place(before)
        and (found := named(rest[0].partition(".")[0]))
    ):
        return (found,)
    return ()


def _together(who: str) -> tuple[str, ...]:
    """The agency that a bracket without spaces names at its end or its beginning: ロンドン共同, 서울=연합뉴스, 中央社記者王."""
    for piece in re.split(r"[\s=/・,]+", who.strip()):
        for name, main in _TOGETHER.items():
            if len(piece) <= 30 and (piece.endswith(name) or piece.startswith(f"{name}記者")):
                return (main,)
    return ()


def _is_place(head: str) -> bool:
    """True for what may stand before an agency in a dateline: nothing, or a place, with or without a date."""
    head = head.strip(" ,.:-–—")
    place = head.partition(",")[0]
    return (
        len(head.split()) <= 12
        and not any(char in head for char in '!?;:"“”„')
        and all(not word[0].islower() or word.lower() in _SMALL or not word.isalpha() for word in place.split())
        and len(place.split()) <= 6
    )


def in_credit(body: str) -> tuple[str, ...]:
    """Agencies in the credit line of one of the last two paragraphs: "(dpa)", "Source: AFP", "© 2026 AFP", "— Reuters"."""
    return next(filter(None, (_closes_with(paragraph) for paragraph in reversed(body[-4_000:].split("\n\n")[-2:]))), ())


def _closes_with(paragraph: str) -> tuple[str, ...]:
    line = _plain(paragraph[-1_000:]).strip()
    if match := _AT_END.search(line[-200:]):
        # After a whole sentence; "the Saudi Press Agency (SPA)." only gives a short form.
        found = _only_agencies(match["who"]) if match["before"] in ("", *'.!?…。！？"”“»’') else ()
        if found:
            return found
    if len(line) > 300:
        return ()
    if (owner := _COPYRIGHT.sub("", line, count=1)) != line:
        return in_byline(re.split(r"[.,;]\s|\.$", owner, maxsplit=1)[0])
    return _only_agencies(_SOURCE.sub("", line.strip(" -–—"), count=1)) if len(line) <= 80 else ()


def _only_agencies(line: str) -> tuple[str, ...]:
    """Agencies of a line that names nobody else but for initials, sites and numbers: "harbour.example, mau/dpa"."""
    found = in_byline(line)
    parts = [part.strip() for part in _APART.split(line) if part.strip()]
    known = all(named(part) or _INITIALS.fullmatch(part) or in_byline(part) for part in parts)
    return found if known else ()
