"""What pages say around their text, in the languages that most of the news is in, as signs with names."""

from __future__ import annotations

import itertools
import re

_FIRST = 30  # words of a block that are looked at: what says more before it says any of this is prose

# Words, and pairs of words, wherever they stand in a short block.
_ANYWHERE = {
    "consent": "cookie cookies gdpr datenschutz datenschutzerklärung privatsphäre einwilligung confidentialité privacidad consent tracking|privacy policy|externen inhalt|externer inhalt|external content|third party|personenbezogene daten|données personnelles",
    "subscribe": "newsletter newsletters subscribe subscriber subscribers subscription signup login abonnieren abonnement abonnenten abonné abonnés abonner abonnez suscríbete suscriptores suscribirse iscriviti abbonati assine assinantes anmelden registrieren register registered prenumerera подписаться подпишитесь paywall inbox|sign up|sign in|log in|already have|create account|daily briefing|réservé aux",
    "share": "share facebook whatsapp twitter instagram telegram linkedin pinterest tiktok teilen partager compartir compartilhar condividi tweet delen del paylaş поделиться|follow us|google news|copy link|link kopieren|social media",
    "comment": "comment comments kommentar kommentare commentaire commentaires comentario comentarios reply commenti comentários yorum комментарии комментарий",
    "credit": "photo photograph foto fotos fotografía imagem immagine image picture bild bilder crédit credit credits quelle fuente getty reuters afp dpa shutterstock istock unsplash pexels epa imago picture-alliance legende caption source courtesy фото ©",
    "rights": "copyright © rechte|rights reserved|alle rechte|tous droits|derechos reservados|terms of|privacy policy|tutti diritti",
    "time": "ago uhr updated published posted aktualisiert publié publicado actualizado aggiornato veröffentlicht stand lesezeit lesedauer mis gmt bst ist est edt pst utc|min read|minute read|mins read|minutes read|min lesezeit|à jour|hours ago|days ago|reading time|last updated|last modified",
    "click": "download tickets watch listen click|click here|tap here|contact us|get started|learn more|shop now|buy now|add to|book now|call us|view all|view more|see all|show more|load more|free trial|hier klicken|en savoir|saber más|find out|read our|join us|try it|sign up|get a|your email",
    "author": "correspondent freelance journalist reporter autorin autor redakteur redakteurin journaliste periodista|about the|staff writer|contributed to|is a|reporting by|editing by|edited by|written by|follow him|follow her",
    "agency": "reuters afp dpa efe ansa xinhua tass ians pti ap",
}
# How a block begins that leads to something else than the text.
_BEGINS = {
    "more": "related recommended trending latest continue|read more|read also|read next|read on|more from|more on|more about|more stories|more news|also read|see also|you may|you might|lesen sie|mehr zum|mehr lesen|mehr zu|lire aussi|à lire|leer más|lee también|lea también|leggi anche|leia também|leia mais|läs mer|läs även|les også|lees ook|lees meer|lue myös|czytaj też|czytaj także|читайте также|ilgili haber|don't miss|most read|most popular|what to|up next|watch live|auch interessant|mehr aus|mehr von|das könnte|ver también|voir aussi|zum thema|themen |in this|here are",
    "advertisement": "advertisement advertisements advert ad ads anzeige werbung publicité publicidad pubblicità annonse annons reklam reklama реклама sponsored|story continues|article continues|continue after|article continue|la suite",
    "by": "by von par por da di av af door автор text|written by|reporting by|edited by|par le|texto de",
    "disclosure": "disclaimer disclosure note editor's hinweis nota disclosure|this article|this story|this post|diese meldung|dieser artikel|der artikel|diesen artikel|cet article|the views|all products|we may|originally published|a version|editor's note",
    "contents": "contents inhalt inhaltsverzeichnis sommaire|table of|jump to|in this|on this|what's in",
}  # fmt: skip
# Scripts without spaces, and where words take many endings: these characters anywhere.
_RUNS = {
    "more": ("相关", "相關", "関連", "あわせて", "続きを", "もっと", "延伸閱讀", "推荐", "推薦", "おすすめ", "더보기", "관련", "اقرأ", "المزيد"),
    "subscribe": ("订阅", "訂閱", "登録", "購読", "会員", "有料", "구독", "ログイン", "подпис", "اشترك"),
    "share": ("シェア", "分享", "공유", "フォロー"),
    "advertisement": ("広告", "广告", "廣告", "광고"),
    "comment": ("评论", "評論", "コメント", "댓글"),
    "credit": ("写真", "图片", "圖／", "图／", "사진", "撮影", "提供", "記者攝", "资料图"),
    "rights": ("無断", "転載", "版权", "版權", "저작권", "禁止"),
    "time": ("更新", "発信", "公開日", "掲載", "발행", "입력", "发布"),
}  # fmt: skip

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|©")
_OTHER_SCRIPT = re.compile("[\u0400-\u06ff\u3040-\u9fff\uac00-\ud7af]")  # what _RUNS are written in
_DIGIT = re.compile(r"\d")
_CLOCK = re.compile(r"\b\d{1,2}[:.h]\d\d\b|\b(?:19|20)\d\d\b")
_MONEY = re.compile(r"[$€£¥₹]\s?\d|\d\s?(?:€|kr\b|zł|usd|eur)")
_ADDRESS = re.compile(r"@\w[\w.]*\.\w|https?://|www\.|\+?\d[\d ()-]{8,20}\d")


def _table(source: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Words, and pairs of words, to the name of what they say."""
    words: dict[str, str] = {}
    pairs: dict[str, str] = {}
    for name, entry in source.items():
        first, *rest = entry.split("|")
        words |= dict.fromkeys(first.split(), name)
        pairs |= dict.fromkeys(rest, name)
    return words, pairs


_WORDS, _PAIRS = _table(_ANYWHERE)
_KNOWN = frozenset(_WORDS)
_PAIRED = frozenset(pair.split()[0] for pair in _PAIRS)
_FIRST_WORDS, _FIRST_PAIRS = _table(_BEGINS)


def said(text: str) -> set[str]:
    """Names of what a block says that is seldom said in an article."""
    low = text[:400].casefold()
    tokens = _WORD.findall(low)[:_FIRST]
    found = {_WORDS[token] for token in _KNOWN.intersection(tokens)}
    if not _PAIRED.isdisjoint(tokens):
        found |= {name for pair in itertools.pairwise(tokens) if (name := _PAIRS.get(" ".join(pair)))}
    if tokens:
        if name := _FIRST_WORDS.get(tokens[0]):
            found.add(name)
        if len(tokens) > 1 and (name := _FIRST_PAIRS.get(f"{tokens[0]} {tokens[1]}")):
            found.add(name)
    if not low.isascii() and _OTHER_SCRIPT.search(low):
        for name, runs in _RUNS.items():
            for run in runs:
                if run in low:
                    found.add(name)
                    break
    if _DIGIT.search(low):
        if _MONEY.search(low):
            found.add("money")
        if _CLOCK.search(low):
            found.add("clock")
    if ("@" in low or "." in low or "-" in low) and _ADDRESS.search(low):
        found.add("address")
    return found
