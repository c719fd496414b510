"""Names of people in a line: what leads to one, what parts two, what follows one, and what is no name at all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from .. import agencies, dates, text

LONGEST_NAME = 60  # characters
_MOST_WORDS = 6

# Words that lead to who wrote a text, in the languages of the news; and those that lead to who did something else to it.
_LEAD = re.compile(
    r"(?:words|text|pictures|photos|fotos|bilder)\s+(?:and|und|&|et|y|og)\s+(?:words|text|pictures|photos|fotos|bilder)\s*(?:by\s+|[:：]\s*)|"
    r"(?:(?:this\s+)?(?:post|article|story|report|recipe|review|guide|column|text|words|photos|interview|opinion|analysis|commentary)(?:\s+(?:was\s+)?(?:written\s+|reported\s+)?(?:and\s+photos\s+)?by)|"
    r"(?:written|posted|published|reported|compiled|created|contributed|submitted|recommended|authored|updated)\s+by|by|"
    r"(?:ein\s+\w+\s+|text\s+)?von|par|por|di|da|de|door|av|af|od|przez|oleh|bởi|автор(?:ы|ка)?|від|yazan|yazar|haber|szerző|írta|tekst|texto|texte|testo|"
    r"(?:über\s+(?:den|die)\s+)?autor(?:in|en|es|a|i|ka)?|about\s+the\s+authors?|authors?|auteurs?|autrice|autore|autori|forfatter|skribent|kirjoittaja|författare|"
    r"verfasser(?:in)?|reporter|journalist(?:in|e)?|redakteur(?:in)?|columnist|contributors?|written|firma|redactie|redacción|"
    r"بقلم|كتب(?:ت)?|מאת|(?:του|της|από)|द्वारा)"
    r"(?:\s*[:：\-–|]\s*|\s+)(?=\S)|"
    r"(?:文|作者|記者|记者|撰文|取材|筆者|著者|글|الكاتب|المؤلف)\s*[:：/／=＝|｜]\s*|(?:by|von|par|por|автор|text|words|story)\s*[:：]\s*",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"(?:medically\s+|clinically\s+|fact[- ]?)?(?:reviewed|edited|checked|translated|illustrated|photographed|narrated|produced|verified|approved|updated)(?:\s+(?:and\s+\w+\s+)?by)?\b|"
    r"fact[- ]?check\w*\b|(?:photos?|photograph\w*|pictures?|images?|foto(?:s|graf\w*)?|bild(?:er)?|illustration\w*|graphics?|video|camera|translation|traducción|traduction|übersetzung|"
    r"editors?|editing|reviewers?|redigering|фото|写真|撮影|責任編輯|责任编辑|編輯|编辑|사진)\s*(?:by\b|credits?\b|[:：/])",
    re.IGNORECASE,
)
_STOPS = frozenset(["in", "on", "en", "dans", "sur", "at", "for", "via"])
_BEHALF = re.compile(r"\s+(?:on behalf of|in|for|via)(?:\s.*)?$")
_LEAD_ALONE = re.compile(
    r"(?:(?:written|posted|submitted|published|words|text|story|ein\s+\w+|eine\s+\w+)\s+)?(?:by|von|par|por|di|da|de|door|av|af|od|przez|oleh|von|and|und|et|y|e|og|och|with|mit|avec|con|in|the)|autor(?:in|en|es)?|authors?|auteurs?|автор",
    re.IGNORECASE,
)
_ALONE = re.compile(r"[\s:：\-–|]*$")
_SEPARATOR = re.compile(r"\s*[;|\n•·●▪∙※■►]\s*|\s*[、，／]\s*|\s+[–—-]\s+|\s+/\s+|\s+\\\s+|(?<=\w{3})/(?=[^\W\d_]{3})")
_JOINED = re.compile(
    r"\s*,?\s+(?:and|und|et|y|og|och|ja|ve|e|i|и|та|і|with|mit|avec|con|și|és|και|dan|و)\s+(?=\S)|\s*,?\s*[&＆]\s*"
)
_JOINED_BY_SMALL = re.compile(r"\s+(?:en|a|i|u)\s+")  # words that are much else: between two full names alone
_ASIDE = re.compile(r"\s*[(\[（【][^)\]）】]*[)\]）】]\s*")
_LINK = re.compile(r"https?:|www\.|@|^[\w-]+(?:\.[\w-]+)+/?\w*$|/$")
_DEGREE = re.compile(
    r"(?:[A-Z]\.?){2,6}(?:-\w+)?|[A-Z][a-z]{0,2}\.[A-Z][A-Za-z]{0,2}\.?|[A-Z]{1,4}[a-z]{0,2}[A-Z]{1,4}|PhD|Ph\.?D\.?|Dr\.?|Esq\.?|CPA|Jr\.?|Sr\.?|II|III|MSc|BSc"
)
_POST = re.compile(r"\s*(?:記者|记者|特派員|特派员|編集委員|論説委員|特約記者|기자|특파원|선임기자|인턴기자)$")
_POST_BEFORE = re.compile(
    r"(?:本[报報刊网網]|特[约約]|见习|見習|实习|實習)*(?:记者|記者|通讯员|通訊員)[\s:：/／]+(?=[\u3400-\u9fff·\s]+$)"
)
_DATE_BEHIND = re.compile(
    r"(?<=\w)\s*[,·]?\s+(?:\d{1,2}[. /-]+(?:\w+|\d{1,2})[. /-]+(?:19|20)\d\d|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2})[ ,.:\d]*$"
)
_NEXT_CREDIT = re.compile(r"\.\s+(?=[^\W\d_]+(?:\s+by\b|:))")  # "By Jane Doe. Photograph: ..."
_PLACE = re.compile(r"\s+[–—]\s+(?=\w+(?:\s\w+)?$)")
_LETTERS = re.compile(r"[^\W\d_]")
# Of scripts without capitals a name is told by its length: Han, kana, Hangul; Arabic, Hebrew, Devanagari and others have words.
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff々・·\s]+")
_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0dff\u0e31-\u0e4e"  # accents and vowel signs that stand by themselves
_WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{_MARKS}])*(?:['’ʼ`.\-](?:[^\W\d_]|[{_MARKS}])*)*")


def _words(line: str) -> frozenset[str]:
    return frozenset(line.split())


PARTICLES = _words(
    "de da do dos das del della di du d' la le les van von vom zu zur zum den der des ten ter te el al bin bint ibn ben abu e y i und af av 't in"
)
# What is on a page where a name might be, and is none: words of the interface, of time, of a post.
_NO_NAME = _words(
    """full bio our policies policy name text size medium large behalf key takeaways table contents sign terms use shares mins reads hide show open learn a about ad ads advertisement advertising all also and are article articles as at back blog blogs bookmark browse business by category categories
    click close comment comments contact continue copy cookie cookies download email english episode events facebook featured feedback filed follow for from get
    guest have home how icon image in info instagram is join latest learn link linkedin listen live login mail menu mins minute minutes
    more most my national new news newsletter next no notes now of off on online opinion or our password photo play podcast politics popular post posted posts
    press previous print profile published rate reading related reply report reviews save search section see send sign site social
    source sponsored sports start story subscribe subscriber summary sunday support tags technology terms that the this time tips to today top topic topics
    trending tweet twitter uncategorized unsubscribe update updated upload us video videos view views visit was watch we weather website welcome what whatsapp
    when why with world x year years you your youtube
    teilen drucken merken kommentare kommentar artikel startseite stand uhr lesezeit minuten anzeige mehr alle uber aktualisiert veroffentlicht
    compartir comentarios publicado actualizado leer inicio portada noticias seguir partager commentaires publie modifie lire accueil abonnes abonne
    condividi commenti pubblicato aggiornato leggi partilhar compartilhar publicado atualizado lees deel reacties gepubliceerd publisert oppdatert
    publicerad uppdaterad paylas yorum yayinlanma guncelleme sdilet prihlaste vstoupit foto fotos photos photograph image images credit copyright
    january february march july september october november december feb apr jul aug sep sept oct nov dec
    lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miercoles jueves viernes sabado domingo montag dienstag mittwoch donnerstag freitag samstag sonntag monday tuesday wednesday thursday friday saturday est edt pst gmt utc
    januar februar marz juli oktober dezember enero febrero marzo mayo junio agosto septiembre octubre noviembre diciembre
    janvier fevrier avril juin juillet aout septembre octobre novembre decembre ocak subat nisan haziran temmuz agustos eylul ekim kasim aralik"""
)
_ROLES = _words(
    """editor editors reporter reporters correspondent correspondents writer writers journalist journalists columnist columnists contributor contributors producer author authors
    analyst analysts bureau chief staff professor director manager managers expert experts consultant specialist strategist founder cofounder president ceo cto cfo coo
    vp officer lead head senior junior former freelance freelancer contributing managing executive associate assistant deputy special copywriter marketer
    reviewer freelancing photographer photojournalist videographer intern fellow researcher scientist engineer physician dietitian attorney lawyer advisor adviser owner coordinator
    redakteur redakteurin redaktor redaktorin korrespondent korrespondentin reporterin journalistin chefredakteur chefredakteurin volontar volontarin autor autorin leiter leiterin ressortleiter
    redactor redactora periodista corresponsal colaborador colaboradora journaliste redacteur redactrice correspondant correspondante giornalista redattore redattrice
    verslaggever redacteur journalist skribent fotograf reporterka redaktorka novinar muhabir muhabiri editoru yazar yazari jornalista reporter wartawan
    корреспондент журналист редактор обозреватель"""
)
_BODY = _words(
    """news newsroom newsdesk desk webdesk team staff editorial editors redaktion redaktionen redaktionsnetzwerk redaccion redacao redazione redaction redactie redactia redakcja redakce redaksi redaksiya redakcija
    reporters correspondents bureau agency agencies agenturen agence agencia agentur nachrichtenagentur presse press media magazine magazin journal gazette tribune network tv radio channel
    inc llc ltd gmbh ag plc corp corporation company co university universitat institute institut association society foundation center centre department ministry council committee office
    equipo rankings contributors board group services service solutions studio studios club community publishing publisher writers
    verlag zeitung tageszeitung редакция newswire reuters online digital official admin"""
)
# Desks that are nobody, in words that also lead to names or are taken for one.
_DESKS = frozenset(["haber merkezi", "web desk", "ویب ڈیسک", "نیوز ڈیسک", "वेब डेस्क", "न्यूज डेस्क"])
_BUTTONS = frozenset(["", "min", "read", "share", "like", "page"])  # names as well, but not alone
PAPERS = _words(
    """the times post herald star tribune daily chronicle gazette mail sun observer guardian standard independent telegraph journal today world
    review online blog der die das le les il zeitung anzeiger kurier diario correo monde figaro pais"""
)
_NOBODY = _words(
    """admin administrator adminn admin1 anonymous author authors by contributed contributor contributors desk developer editor editorial editors equipo guest member n/a na newsroom nobody none null post
    redacao redaccion redaccio redaktion redazione redaction report reporter root staff team the undefined unknown user web webdesk webmaster wordpress writer writers редакция
    gastautor super superuser system website site"""
)


@lru_cache(maxsize=256)  # one page asks for the same claims several times
def people(raw: str, *, whole: bool = False) -> tuple[str, ...]:
    """The names in one claim or byline, in order: split, without what leads to them, degrees, posts and links.

    whole: True for the name of an organisation, which is taken as it is. A name that turns round at its comma ("Doe,
    Jane") is set straight.
    """
    return tuple(_people(raw, whole))


def _people(raw: str, whole: bool) -> Iterator[str]:
    if whole:
        yield text.one_line(raw[:500]).strip(" ,;:|")
        return
    line = text.one_line(raw.replace("\n", " | ")[:500])
    if " " not in line and ("://" in line or line.startswith("www.")):
        return
    skip = False
    line = _DATE_BEHIND.sub("", _NEXT_CREDIT.sub(" | ", line))
    if _LEAD.match(line) and (place := _PLACE.search(line)) and is_person(_without_lead(line[: place.start()])):
        line = line[: place.start()]  # "By Jane Doe — Norhaven"
    for number, piece in enumerate(_SEPARATOR.split(_ASIDE.sub(" ", line))):
        piece = piece.strip(" ,.:;-–—|*\"'“”„_")
        if not piece or text.fold(piece) in _DESKS:
            continue
        if post := _POST_BEFORE.match(piece):
            yield from (name for name in piece[post.end() :].split() if is_somebody(name))
            continue
        if other := _OTHERS.match(piece):
            skip = bool(_ALONE.match(piece, other.end()))
            continue
        if skip:
            skip = False
            continue
        if piece in _STOPS:
            return  # "Jane Doe in Ferries"
        if is_lead(piece) or sum(char.isdigit() for char in piece) > 3 or _is_interface(piece):
            continue
        if number == 0 and _LINK.search(piece.split(",")[0].strip()) and "," in piece:
            return  # an imprint: "harbour.example, Norhaven"
        for name in _of_list(_without_lead(piece)):
            if found := _trimmed(name):
                yield found


def _is_interface(piece: str) -> bool:
    """True for "3 min read", "Share" and the like."""
    words = [_plain(word) for word in piece.split()]
    return all(word.isdigit() or word in _NO_NAME or word in _BUTTONS for word in words)


def is_of_others(line: str) -> bool:
    """True for what leads to somebody who did not write the text: "Reviewed by", "Photo:"."""
    return bool(_OTHERS.match(line.strip()))


def is_lead(line: str) -> bool:
    """True for a line that is nothing but "By", "Text von" and the like."""
    return bool(_LEAD_ALONE.fullmatch(line.strip(" :：|")))


def _without_lead(piece: str) -> str:
    """Without "By", "Text von:", "This post was written by" in front of a name."""
    for _ in range(2):
        if (match := _LEAD.match(piece)) and (
            not piece[match.end() :][:1].islower() or piece[match.end() :].startswith("the ")
        ):
            piece = piece[match.end() :].strip(" ,.:;-–—|*\"'")
        elif match and match[0].rstrip().endswith((":", "：")):
            piece = piece[match.end() :].strip()
        else:
            break
    return piece


def _of_list(piece: str) -> Iterator[str]:
    """A comma parts names, turns one round ("Doe, Jane") or adds what somebody is ("Jane Doe, Editor", "Jane Doe, MD")."""
    parts = [part.strip() for part in piece.split(",") if part.strip()]
    parts = [re.sub(r"^(?:and|und|et|y|e|&)\s+", "", part) for part in parts]
    if (
        len(parts) == 2
        and all(" " not in part and not _is_addition(part) for part in parts)
        and all(map(_is_word, parts))
    ):
        yield f"{parts[1]} {parts[0]}"
        return
    if len(parts) == 2 and _is_word(parts[0]) and re.fullmatch(r"[^\W\d_]+(?: [^\W\d_]\.?)+", parts[1]):
        given = f"{parts[1]}." if parts[1][-2:-1] == " " else parts[1]  # its full stop was at the line's end
        yield f"{given} {parts[0]}"
        return
    for number, part in enumerate(parts):
        if number and _is_addition(part):
            continue
        yield from _joined(part)


def _joined(part: str) -> Iterator[str]:
    """Names joined by "and": where both sides are of one kind, a word each or several ("Center for Trade and Research")."""
    pieces = [piece.strip() for piece in _JOINED.split(part) if piece.strip()]
    single = {len(piece.split()) == 1 and not _CJK.fullmatch(piece) for piece in pieces}
    if len(pieces) > 1 and (
        len(single) > 1 or not all(piece[:1].isupper() or not piece[:1].islower() for piece in pieces)
    ):
        yield part
        return
    for piece in pieces:
        sides = _JOINED_BY_SMALL.split(piece)
        yield from sides if all(" " in side and is_person(side) for side in sides) else (piece,)


def _is_word(part: str) -> bool:
    return bool(_WORD.fullmatch(part)) and part[:1].isupper()


def _is_addition(part: str) -> bool:
    """True for a degree or a post behind a name."""
    words = [_plain(word) for word in part.split()]
    return bool(_DEGREE.fullmatch(part)) or any(word in _ROLES for word in words) or bool(words and words[0] in _ROLES)


def _trimmed(name: str) -> str:
    """A name without a post before or behind it; empty where it is no name of anybody."""
    name = _without_lead(_POST.sub("", name.strip(" ,.:;-–—|*\"'“”„_")))
    if (end := _BEHALF.search(name)) and is_person(name[: end.start()]):
        name = name[: end.start()]
    words = name.split()
    while len(words) > 2 and _plain(words[0]) in _ROLES and _plain(words[1]) not in _ROLES:
        words.pop(0)
    name = " ".join(words)
    if all(_plain(word) in _ROLES for word in words):
        return ""
    last = next((number for number, word in enumerate(words) if number >= 2 and _plain(word) in _ROLES), len(words))
    if last < len(words) and is_person(before := " ".join(words[:last])):
        name = before
    return name if is_somebody(name) else ""


def is_somebody(name: str) -> bool:
    """True for what can be the name of a person or of an organisation: no link, date, placeholder or sentence."""
    if not 2 <= len(name) <= LONGEST_NAME or len(name.split()) > 7 or _LINK.search(name):
        return False
    if sum(c.isdigit() for c in name) > 3 or dates.parse(name):
        return False
    words = text.fold(name).split()
    return any(_plain(word) not in _NOBODY for word in words) and any(c.isalpha() for c in name)


def is_person(name: str) -> bool:
    """True for what looks like a person's name: one to six words, in scripts with case each with a capital.

    Particles ("van", "de la") may be small. Words of an interface, a month or an organisation are none.
    """
    if not 2 <= len(name) <= LONGEST_NAME or any(c.isdigit() for c in name) or _LINK.search(name):
        return False
    if _CJK.fullmatch(name):
        return len(name.replace(" ", "")) <= 12
    words = name.split()
    if len(words) > _MOST_WORDS or agencies.named(name):
        return False
    for number, word in enumerate(words):
        if not _WORD.fullmatch(word):
            return False
        plain = _plain(word)
        if (
            (len(plain) > 1 and plain in _NO_NAME)
            or plain in _ROLES
            or (plain in _BODY and not (number and len(word) <= 2))
        ):
            return False
        if (
            word[:1].islower()
            and word.lower() not in PARTICLES
            and not word.startswith(("d'", "d’", "al-", "el-", "ibn"))
        ):
            return False
    return not words[-1][:1].islower() and (len(words) > 1 or len(name) > 2)


def is_spaceless(name: str) -> bool:
    """True for a name in a script that does not part words: Han, kana, Hangul."""
    return bool(_CJK.fullmatch(name))


def is_body(name: str) -> bool:
    """True for what is called as organisations are: with "News", "Team", "Agency"; or a wire agency."""
    return bool(agencies.named(name)) or any(_is_body_word(word) for word in name.split())


def _is_body_word(word: str) -> bool:
    return _plain(word) in _BODY


@lru_cache(4_096)
def _plain(word: str) -> str:
    """A word for looking up: small, without accents and signs at its ends."""
    spelt = unicodedata.normalize("NFKD", word.lower().strip(".,:;'’\"()-"))
    return "".join(c for c in spelt if not unicodedata.combining(c))
