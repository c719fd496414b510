"""What may stand in the place of an article: a consent wall, a bot check, a page for programs, an error, a login."""

from __future__ import annotations

import re
from collections.abc import Sequence

import lxml.etree
import lxml.html

from ... import text as words

_MOST = 250  # words of text from which a page is more than a wall
_REST = 60  # words of text beside the wall's own from which an article stands there too
_SHORT = 120  # words that an error or a login page has at most
_LONGEST = 20_000  # characters of a text that are searched
_BARE = 50  # words that a page has at most which only asks for JavaScript

_CHECK_TITLE = re.compile(
    r"just a moment|checking your browser|attention required|access (?:to this page has been )?denied|are you (?:a robot|human)|verify (?:that )?you are (?:a )?human|"
    r"human verification|security (?:check|verification)|robot check|captcha|ddos.guard|pardon our interruption|please wait\W*$|one moment, please|"
    r"(?:nur )?einen moment|sicherheits(?:prüfung|überprüfung)|un instant|un momento|vérification de sécurité|comprobación de seguridad|"
    r"controllo di sicurezza|verificação de segurança|even geduld|chwileczkę|подождите|проверка браузера|bir dakika|güvenlik kontrolü|"
    r"しばらくお待ち|请稍候|安全验证|人机验证|잠시만|보안 확인|لحظة"
)
_CHECK_TEXT = re.compile(
    r"checking (?:if|your) (?:the site connection|browser)|verify(?:ing)? (?:that )?you are (?:a )?human|not a robot|unusual (?:traffic|activity)|enable javascript and cookies|"
    r"automated (?:access|requests|traffic)|performance (?:&|and) security by cloudflare|ray id|review the security of your connection|"
    r"kein roboter|ungewöhnlichen datenverkehr|pas un robot|no (?:eres|soy) un robot|non sono un robot|não (?:é|sou) um robô|geen robot|"
    r"nie jestem robotem|не робот|robot olmadığın|ロボットではありません|不是机器人|로봇이 아닙니다|لست روبوت"
)
_CHECK_NAME = re.compile(
    r"\b(?:cf-(?:challenge|browser-verification|turnstile|error-details)|challenge-(?:form|running|error|stage|platform)|px-captcha|ddg-captcha|captcha-container|"
    r"incapsula|sucuri|datadome)"
)
_SCRIPT_TEXT = re.compile(r"javascript|java script")
_CONSENT_TEXT = re.compile(
    r"(?:we|this (?:site|website)|our (?:site|website)) (?:and (?:our|its|\d+) [^.]{0,30}?)?us(?:e|es|ing) cookies|(?:we and )?our (?:\d+ )?(?:trusted )?partners|cookie (?:policy|settings|preferences|notice)|"
    r"(?:accept|reject|manage|allow) (?:all )?(?:cookies|preferences|choices|purposes)|your (?:consent|privacy choices)|legitimate interest|before you continue|"
    r"(?:wir|diese (?:web)?seite) (?:und unsere [^.]{0,30}?)?(?:verwende[nt]|nutz(?:en|t)|setz(?:en|t)) cookies|unsere (?:\d+ )?partner|(?:einwilligung|zustimmung) (?:jederzeit|widerrufen|erteilen|zu)|"
    r"alle (?:cookies )?akzeptieren|mit werbung (?:und|weiter)|zustimmen und weiter|nous utilisons des cookies|nos (?:\d+ )?partenaires|votre consentement|(?:tout|tous) (?:accepter|refuser)|continuer sans accepter|"
    r"utili[sz]a(?:mos|n)? cookies|nuestros (?:\d+ )?(?:socios|proveedores)|su consentimiento|aceptar (?:todas?|todo|cookies|y continuar)|rechazar todo|utilizziamo (?:i )?cookie|nostri (?:\d+ )?partner|"
    r"il (?:tuo|suo) consenso|accetta(?:re)? (?:tutti|e continua)|rifiuta tutt[oi]|nossos (?:\d+ )?parceiros|seu consentimento|aceitar (?:todos|tudo|cookies)|wij gebruiken cookies|we gebruiken cookies|"
    r"onze (?:\d+ )?partners|alles accepteren|używamy (?:plików )?cookie|nasi (?:zaufani )?partnerzy|twoj[ąa] zgod|akceptuj|vi (?:använder|bruker|bruger) (?:cookies|informasjonskapsler|kakor)|godkänn alla|"
    r"använd(?:er|ning av) (?:cookies|kakor)|мы используем (?:файлы )?cookie|наши партн[её]ры|принять все|çerez(?:ler)?i? (?:kullan|kabul|politika)|クッキー|cookieを使用|同意する|我们使用\s?cookie|接受所有|쿠키를 사용|모두 동의|ملفات تعريف الارتباط"
)
_CONSENT_NAME = re.compile(
    r"\b(?:onetrust|didomi|sp_message|qc-cmp2|cybotcookiebot|usercentrics|truste|borlabs|iubenda|klaro|axeptio|fc-consent|tarteaucitron|osano|cky-consent|cmplz|"
    r"(?:cookie|gdpr|privacy)-?(?:banner|consent|notice|wall|bar|modal|law|popup)|consent(?:-?(?:wall|banner|modal|page|form|dialog))?)"
)
_ERROR_NUMBER = re.compile(
    r"^(?:http |error|fehler|erreur|errore?|erro|ошибка|hata)?\W*(?:404|410|403|500|502|503)(?:\W|$)"
)
_ERROR_TEXT = re.compile(
    r"(?:page|file|content|article|url|site|document|resource)(?: you requested| requested)? (?:was |is |could |can )?(?:not|no longer|n['’]t)(?: be)? (?:found|available|exist)|"
    r"page (?:does|doesn['’]t|do) (?:not )?exist|^not found|page missing|nothing (?:was )?found|(?:internal server|server) error|service unavailable|bad gateway|we can(?:['’]t|not) find (?:the|that|this) page|"
    r"(?:seite|artikel|inhalt)[^.]{0,30} nicht (?:gefunden|verfügbar|vorhanden)|nicht gefunden|page (?:introuvable|non trouvée)|(?:introuvable|n['’]existe (?:pas|plus))|"
    r"(?:página|pagina)[^.]{0,20} (?:no (?:encontrada|existe|disponible)|non (?:trovata|esiste)|não (?:encontrada|existe)|niet gevonden)|no se (?:ha )?encontr|"
    r"nie (?:została )?znalezion|sidan (?:hittades inte|finns inte)|(?:siden|side)[^.]{0,20} (?:ikke|blev ikke) (?:funnet|fundet)|страница не найдена|не найден[ао]?|sayfa bulunamadı|bulunamadı|"
    r"見つかりません|ページが存在しません|找不到|页面不存在|未找到|찾을 수 없|الصفحة غير موجودة|غير موجود"
)
_LOGIN_TITLE = re.compile(
    r"\blog ?-?in\b|\bsign ?-?in\b|\blog ?on\b|anmeld(?:en|ung)|einloggen|(?:se )?connecter|connexion|iniciar? sesi[oó]n|acceder|accedi|iniciar sess[aã]o|entrar|"
    r"inloggen|aanmelden|zaloguj|logowanie|logga in|logg inn|log ind|войти|\bвход\b|giriş|ログイン|登录|登入|로그인|تسجيل الدخول"
)
_NAMES = lxml.etree.XPath("descendant::*/@id | descendant::body//@class", smart_strings=False)
_UNSCRIPTED = lxml.etree.XPath("descendant::noscript", smart_strings=False)


def read(root: lxml.html.HtmlElement, text: str, titles: Sequence[str], *, passwords: int, marked: bool) -> str:
    """What stands there in place of an article (`a consent wall`); empty where an article may.

    text: what was taken for the article. titles: of the page and its headings. passwords: how many are asked for.
    marked: the markup calls the page an article and says when it was published.
    """
    size = words.count_words(text)
    if size >= _MOST:
        return ""
    said = text[:_LONGEST].casefold()
    heads = [title.casefold()[:200] for title in titles]
    names = " ".join(_NAMES(root)[:4_000])[:100_000].casefold()
    if _is_check(size, said, heads, names):
        return "a bot check"
    if _is_consent(text, names):
        return "a consent wall"
    if marked:
        return ""
    if size < _SHORT and any(_is_error(head) for head in heads):
        return "an error page"
    if size < _BARE and (_SCRIPT_TEXT.search(said) or (not said and _needs_script(root))):
        return "a page that needs JavaScript"
    if passwords and size < _SHORT and (size < _BARE // 2 or any(map(_LOGIN_TITLE.search, heads))):
        return "a login page"
    return ""


def _is_check(size: int, said: str, heads: Sequence[str], names: str) -> bool:
    by_title = any(_CHECK_TITLE.search(head) for head in heads)
    by_text = _CHECK_TEXT.search(said) is not None
    by_name = _CHECK_NAME.search(names) is not None
    return size < _SHORT and by_title + by_text + by_name >= (1 if size < _BARE and (by_title or by_text) else 2)


def _is_consent(text: str, names: str) -> bool:
    """Where most of the text asks for consent, in more than one way or in a container that is known for it."""
    own, rest, ways = 0, 0, set()
    for paragraph in text.split("\n\n"):
        folded = paragraph[:_LONGEST].casefold()
        found = _CONSENT_TEXT.findall(folded)
        ways.update(found)
        size = words.count_words(paragraph)
        own, rest = (own + size, rest) if found or "cookie" in folded else (own, rest + size)
    needed = 1 if _CONSENT_NAME.search(names) else 2
    return len(ways) >= needed and own > rest and rest < _REST


def _is_error(head: str) -> bool:
    short = words.count_words(head) <= 8
    return short and (_ERROR_NUMBER.search(head) is not None or _ERROR_TEXT.search(head) is not None)


def _needs_script(root: lxml.html.HtmlElement) -> bool:
    return any(_SCRIPT_TEXT.search("".join(part.itertext()).casefold()[:2_000]) for part in _UNSCRIPTED(root)[:20])
