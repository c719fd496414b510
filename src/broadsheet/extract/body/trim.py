"""What is cut off a text at the end: lines that only repeat what the fields say, labels, and invitations to read other things."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from ... import text
from ...dates import words as calendar
from .block import Block

_LINE = 160  # characters: a longer block says something of its own
_PROSE = 60  # characters of a sentence
_WORDS = 12  # of a sentence in a script that needs fewer characters
_LEAD = 8  # words of a sentence that no heading is
_STOPS = frozenset(".。।．؟۔")
_BIOGRAPHY = 400  # characters of what stands below a text of its author
_WORD = re.compile(r"[^\W\d_]+")
_EAST = re.compile(r"[年月日時时分秒號号]|[年년월일시분초]|星期.|[月火水木金土日]曜日?|[월화수목금토일]요일")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ANCHOR = re.compile(r"\s*(?:\[\s*(?:edit|bearbeiten|modifier|editar|modifica|редактировать)\s*\]|[#¶§🔗])\s*$")
# Words that stand beside a date or a name and say nothing without it: who wrote, when, how long it takes to read.
_BESIDE = re.compile(
    r"by|and|at|on|the|of|in|for|from|to|a|am|pm|published|posted|updated|modified|last|first|written|edited|reviewed|reported|words|text|pictures|photos|story|author|"
    r"authors|staff|editor|reporter|writer|correspondent|columnist|contributor|report|minutes?|mins?|min|read|reading|time|ago|hours?|days?|view|views|comments?|page|"
    r"von|und|am|um|der|die|das|uhr|veröffentlicht|aktualisiert|stand|autor|autorin|redaktion|lesezeit|minuten|lesedauer|"
    r"par|et|le|la|les|à|du|de|publié|mis|jour|modifié|mise|heures|lecture|por|y|el|publicado|actualizado|hace|lectura|di|il|alle|ore|pubblicato|aggiornato|lettura|"
    r"e|da|às|atualizado|em|leitura|door|en|op|om|gepubliceerd|bijgewerkt|leestijd|av|og|och|publisert|oppdatert|kl|klokken|publicerad|uppdaterad|udgivet|opdateret|"
    r"autorka|opublikowano|aktualizacja|godz|dodano|автор|опубликовано|обновлено|опубліковано|оновлено|в|о|та|и|yayınlanma|güncelleme|giriş|tarihi|yazan|haber|"
    r"του|της|των|στις|από|بقلم|كتب|كتبت|نشر|آخر|تحديث|الساعة|מאת|פורסם|עודכן|โดย|น|bởi|lúc|oleh|pukul|wib|अपडेटेड|प्रकाशित|द्वारा|"
    r"mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|"
    r"lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica|"
    r"segunda|terça|quarta|quinta|sexta|feira|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|الأحد|الاثنين|الإثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت|"
    r"pazartesi|salı|çarşamba|perşembe|cuma|cumartesi|pazar|gmt|utc|e[sd]?t|c[sd]?t|m[sd]?t|p[sd]?t|ces?t|ees?t|bst|ist|jst|msk|мск"
)
_BESIDE_EAST = re.compile(
    r"来源|來源|作者|记者|記者|责任编辑|責任編輯|编辑|編輯|发布|發布|发表|發表|更新|时间|時間|本报|評論|评论|字号|文|公開|配信|掲載|기자|입력|승인|수정|등록"
)
# Labels of what a page puts between and around its paragraphs.
_LABEL = re.compile(
    r"(?:advertise?ment|ad|ads by .{1,30}|sponsored(?: content)?|anzeige|werbung|publicité|publicidad|publicidade|pubblicità|advertentie|annonse?|annons|mainos|reklama?|reklam|"
    r"реклама|διαφήμιση|広告|广告|廣告|광고|إعلان|विज्ञापन|iklan|quảng cáo|"
    r"share(?: this)?(?: article)?|tweet|e-?mail|print(?: this)?|pin(?: it)?|facebook|twitter|whatsapp|linkedin|telegram|copy link|x|save|drucken|teilen|merken|imprimer|"
    r"partager|compartir|imprimir|stampa|condividi|compartilhar|afdrukken|delen|dela|skriv ut|del|drukuj|печать|поделиться|打印|关闭|列印|印刷|"
    r"jump to(?: recipe)?|table of contents|contents|on this page|in this article|inhalt|inhaltsverzeichnis|sommaire|índice|indice|目录|目次|"
    r"related(?: topics| articles| stories| posts)?|suggested topics|topics|tags?|more on this story|most read|read next|up next|refresh|back to top|nach oben|back|"
    r"was this (?:article|page) helpful\??|leave a (?:reply|comment)|log in to comment|\d* ?(?:comments?|kommentare?|comentarios|commentaires|comentários|commenti|reacties|комментари\w+)|(?:댓글|评论|評論|コメント|تعليقات) ?\d*|"
    r"share (?:this|on) .{1,20}|skip (?:past|to) .{1,40}|(?:already|bereits|déjà|ya|già) .{1,40}(?:log|sign) ?in|weiterlesen mit .{1,20}|subscribe|follow us|"
    r"riproduzione riservata|all rights reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos reservados|©.{0,80})",
    re.IGNORECASE,
)
# Notes of where a text was printed first.
_FIRST_ELSEWHERE = re.compile(
    r"(?:(?:this|the) (?:article|story|post|piece|column|essay) )?(?:was |is )?(?:first |originally )(?:published|appeared|printed)\b|(?:republished|reprinted|reposted) (?:from|with permission)|"
    r"(?:dieser (?:text|artikel|beitrag) )?(?:ist |erschien )?zuerst (?:erschienen|veröffentlicht)?\b|(?:cet article (?:a été|est) )?(?:publié|paru) initialement|"
    r"(?:este artículo (?:fue|se) )?(?:publicado|publicó) originalmente|(?:este artigo foi )?publicado originalmente|(?:questo articolo è )?(?:stato )?pubblicato originariamente|"
    r"(?:dit artikel )?(?:verscheen|is) (?:eerder|oorspronkelijk) (?:verschenen|gepubliceerd|op|in)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"(?:read (?:also|more|next|on)|also (?:read|on)|see also|related|more|don['’]t miss|watch|listen|recommended|lesen sie auch|auch interessant|mehr zum thema|lire aussi|"
    r"à lire aussi|voir aussi|lea también|lee también|te puede interesar|leer más|leia (?:também|mais)|veja também|saiba mais|leggi anche|approfondisci|lees ook|"
    r"läs (?:också|även|mer)|les også|læs også|lue myös|czytaj (?:też|także|również|więcej)|zobacz (?:też|także|również|galerię)|čtěte (?:také|také)|olvassa el|"
    r"citește și|читайте (?:также|також)|смотрите также|διαβάστε (?:επίσης|ακόμα)|اقرأ أيضا[ًا]?|קראו (?:גם|עוד)|ये भी पढ़ें|यह भी पढ़ें|ayrıca bakınız|baca juga|"
    r"xem thêm|อ่านเพิ่มเติม|関連記事|あわせて読みたい|相关阅读|延伸閱讀|관련기사)\b\s*(?:[:：»>–—|-]|\()?",
    re.IGNORECASE,
)
_WRITE = re.compile(
    r"^(?:do you (?:have|know)\b|have you (?:got|been|seen)\b|got a (?:tip|story)\b).{0,120}\b(?:send|write|e-?mail|contact|tell|get in touch|let us know)\b|"
    r"^(?:send us|write to us|e-?mail us|get in touch with us|let us know what you think|tell us what you think|share your (?:thoughts|views|story))\b|"
    r"^(?:schreiben sie uns|schreib uns|écrivez-nous|escríbenos|scriveteci|scrivici|skriv till oss|skriv til oss|skriv til os|escreva para nós|schrijf ons|napisz do nas|напишите нам)\b",
    re.IGNORECASE,
)
_DATED = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.]\d\d\b")
_OTHER_ALONE = re.compile(r"[:：»>]|\(\d")


def trim(blocks: Sequence[Block], authors: Sequence[str], sites: Iterable[str], title: str = "") -> tuple[Block, ...]:
    """The same text without what is none of it.

    Before the second sentence and behind the last: lines that hold nothing but names of its authors and its site, dates,
    and the words beside them. Before the first: the title again. Behind the last sentence: how to reach the author, and who he is (a block that begins with
    his name). Anywhere: labels such as "Advertisement", and lines that lead to other texts ("Read also: ..."). Anchors
    at the end of headings go.
    """
    kept = _with_lead([_unanchored(block) for block in blocks if not _is_label(block)])
    names = [name for name in (*authors, *sites) if len(name) > 1]
    first = next((at for at, block in enumerate(kept) if _is_prose(block)), -1)
    if first < 0:
        return tuple(kept)
    last = next(at for at in range(len(kept) - 1, -1, -1) if _is_prose(kept[at]))
    behind = range(first + 1, len(kept))  # a lead-in has its own
    second = next((at for at in behind if kept[at].kind == "paragraph" and _is_prose(kept[at])), first)
    headline = text.fold(title)
    parts = {text.fold(block.text) for block in kept if block.kind == "heading"}  # as a table of contents lists them
    body = [
        block
        for at, block in enumerate(kept)
        if first == at
        or second <= at <= last
        or not (
            _says_nothing(block, names)
            or _is_signed(block, authors)
            or (
                at < first
                and (_says_title(block, headline) or (block.kind == "item" and text.fold(block.text) in parts))
            )
        )
    ]
    while len(body) > 1 and (_is_about_its_author(body[-1], authors) or _is_invitation(body[-1])):
        body.pop()
    return tuple(body)


def _with_lead(blocks: list[Block]) -> list[Block]:
    """With a lead-in that is marked as a heading as the paragraph that it is: a whole sentence before all prose."""
    for at, block in enumerate(blocks):
        if block.kind != "heading":
            if _is_prose(block):
                break
        elif text.count_words(block.text) >= _LEAD and block.text[-1:] in _STOPS:
            blocks[at] = replace(block, kind="paragraph", level=0)
            break
    return blocks


def _is_prose(block: Block) -> bool:
    whole = block.kind in ("paragraph", "quote", "item", "code", "table") and (
        len(block.text) >= _PROSE or text.count_words(block.text) >= _WORDS
    )
    return (whole and bool(text.sentence_ends(block.text))) or block.kind in ("code", "table")


def _unanchored(block: Block) -> Block:
    if block.kind != "heading":
        return block
    return replace(block, text=_ANCHOR.sub("", block.text) or block.text)


def _is_label(block: Block) -> bool:
    if block.kind in ("code", "table") or len(block.text) > _LINE:
        return False
    line = block.text.strip(" .:…|–—-›»>")
    if not line or _LABEL.fullmatch(line) or _FIRST_ELSEWHERE.match(line):
        return True
    leads = _OTHER.match(block.text)
    return bool(leads) and block.kind != "heading" and bool(_OTHER_ALONE.search(block.text[: leads.end() + 2]))  # type: ignore[union-attr]


def _says_nothing(block: Block, names: Sequence[str]) -> bool:
    """True when nothing is left of it without names, dates, numbers and the words beside them."""
    if block.kind in ("code", "table", "caption") or len(block.text) > _LINE:
        return False
    line = _EMAIL.sub(" ", block.text)
    for name in names:
        line = re.sub(re.escape(name), " ", line, flags=re.IGNORECASE)
    line = _BESIDE_EAST.sub(" ", _EAST.sub(" ", line))
    own = {word for name in names for word in text.fold(name).split()}
    return all(
        len(word) == 1 or _BESIDE.fullmatch(word) or word in own or calendar.month(word)
        for word in _WORD.findall(line.casefold())
    )


def _is_signed(block: Block, authors: Sequence[str]) -> bool:
    """True for a line such as "Jane Doe at Norhaven harbour, 3 May 2026, 14:05"."""
    line = block.text
    return (
        block.kind in ("paragraph", "item")
        and len(line) <= _LINE
        and any(len(name) > 3 and name.casefold() in line[: 2 * len(name)].casefold() for name in authors)
        and bool(_DATED.search(line))
        and not text.sentence_ends(line)
    )


def _says_title(block: Block, headline: str) -> bool:
    said = text.fold(block.text)
    return bool(headline) and (
        said == headline
        or (block.kind == "heading" and len(headline) >= 15 and headline in said and len(said) <= 2 * len(headline))
    )


def _is_invitation(block: Block) -> bool:
    """True for what asks readers to write, behind the text."""
    return block.kind in ("paragraph", "item") and len(block.text) <= 2 * _LINE and bool(_WRITE.search(block.text))


def _is_about_its_author(block: Block, authors: Iterable[str]) -> bool:
    if block.kind not in ("paragraph", "item") or len(block.text) > _BIOGRAPHY:
        return False
    if any(len(name) > 3 and block.text.casefold().startswith(name.casefold()) for name in authors):
        return True
    return len(block.text) <= _LINE and bool(_EMAIL.search(block.text))
