"""What may stand in the place of an article: a consent wall, a bot check, a page for programs, an error, a login."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import lxml.etree
import lxml.html

from ... import text as words

_MOST = 600  # words of text from which a page is more than a wall; the longest list all that is done with cookies
_MOST_CHARS = 8_000
_REST = 60  # words of text beside the wall's own from which an article stands there too
_SHORT = 120  # words that an error or a login page has at most
_BARE = 50  # words that a page has at most which only asks for JavaScript

# At the start of a title of few words; those behind the bar are all of it, as news have such words in their headlines.
_CHECK_TITLE = re.compile(
    r"(?:checking your browser|attention required|access (?:to this page has been )?denied|are you (?:a robot|human)|verify (?:that )?you are (?:a )?human|"
    r"human verification|security (?:check|verification)|robot check|captcha|ddos.guard|pardon our interruption|"
    r"vérification de sécurité|comprobación de seguridad|controllo di sicurezza|verificação de segurança|sicherheits(?:prüfung|überprüfung)|проверка браузера|"
    r"güvenlik kontrolü|安全验证|人机验证|보안 확인)\b"
    r"|(?:just a moment|one moment,? please|please wait|(?:nur )?einen moment(?: bitte)?|un instant|un moment|un momento|um momento|even geduld|chwileczkę|подождите|"
    r"один момент|bir dakika(?: lütfen)?|しばらくお待ちください\w*|请稍候|잠시만 기다려 ?주세요|لحظة)\W*(?:\|.*)?$"
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
    r"information on (?:a|your) device|(?:personali[sz]ed|targeted) (?:ads|advertising|content)|audience (?:research|measurement)|zugriff auf informationen auf|"
    r"personalisierte[nr]? (?:werbung|anzeigen|inhalte)|(?:publicités?|contenus?) personnalisée?s?|(?:publicidad|anuncios|contenidos?) personalizad[oa]s?|(?:annunci|contenuti) personalizzati|"
    r"(?:accept|reject|manage|allow) (?:all )?(?:cookies|preferences|choices|purposes)|your (?:consent|privacy choices)|legitimate interest|before you continue|"
    r"(?:wir|diese (?:web)?seite) (?:und unsere [^.]{0,30}?)?(?:verwende[nt]|nutz(?:en|t)|setz(?:en|t)) cookies|unsere (?:\d+ )?partner|(?:einwilligung|zustimmung) (?:jederzeit|widerrufen|erteilen|zu)|"
    r"alle (?:cookies )?akzeptieren|mit werbung (?:und|weiter)|zustimmen und weiter|nous utilisons des cookies|nos (?:\d+ )?partenaires|votre consentement|(?:tout|tous) (?:accepter|refuser)|continuer sans accepter|"
    r"utili[sz]a(?:mos|n)? cookies|nuestros (?:\d+ )?(?:socios|proveedores)|su consentimiento|aceptar (?:todas?|todo|cookies|y continuar)|rechazar todo|utilizziamo (?:i )?cookie|nostri (?:\d+ )?partner|"
    r"il (?:tuo|suo) consenso|accetta(?:re)? (?:tutti|e continua)|rifiuta tutt[oi]|nossos (?:\d+ )?parceiros|seu consentimento|aceitar (?:todos|tudo|cookies)|wij gebruiken cookies|we gebruiken cookies|"
    r"onze (?:\d+ )?partners|alles accepteren|używamy (?:plików )?cookie|nasi (?:zaufani )?partnerzy|twoj[ąa] zgod|akceptuj|vi (?:använder|bruker|bruger) (?:cookies|informasjonskapsler|kakor)|godkänn alla|"
    r"använd(?:er|ning av) (?:cookies|kakor)|мы используем (?:файлы )?cookie|наши партн[её]ры|принять все|çerez(?:ler)?i? (?:kullan|kabul|politika)|クッキー|cookieを使用|同意する|我们使用\s?cookie|接受所有|쿠키를 사용|모두 동의|ملفات تعريف الارتباط"
)
_CONSENT_HINTS = (
    "cookie", "partner", "partenaire", "parceiro", "socios", "партн", "consent", "consens", "einwillig", "zustimm", "akzept", "accept", "acept", "aceit",
    "akceptuj", "zgod", "godkänn", "kakor", "çerez", "クッキー", "同意", "接受", "쿠키", "동의", "ارتباط", "personali",
)  # fmt: skip
_CONSENT_NAME = re.compile(
    r"\b(?:onetrust|didomi|sp_message|qc-cmp2|cybotcookiebot|usercentrics|truste|borlabs|iubenda|klaro|axeptio|fc-consent|tarteaucitron|osano|cky-consent|cmplz|"
    r"(?:cookie|gdpr|privacy)-?(?:banner|consent|notice|wall|bar|modal|law|popup)|consent(?:-?(?:wall|banner|modal|page|form|dialog))?)"
)
_ERROR_NUMBER = re.compile(
    r"(?:http |error|fehler|erreur|errore?|erro|ошибка|hata)?\W*(?:404|410|403|500|502|503)(?:\W|$)"
)
_ERROR_TEXT = re.compile(  # of a page, or all of a title: news say of people, too, that they were not found
    r"\b(?:page|file|content|article|url|document|resource)s? (?:you requested |requested )?(?:(?:was|is|could|can|has|does|do) )?(?:not|no longer|n['’]t)(?: be)? (?:found|available|exist)|"
    r"page (?:does|do)(?:es)?n['’]t exist|page missing|(?:internal server|server) error|service unavailable|bad gateway|can(?:['’]t|not) find (?:the|that|this) page|"
    r"(?:seite|inhalt)[^.]{0,30} (?:nicht (?:gefunden|verfügbar|vorhanden)|existiert nicht)|page (?:est )?(?:introuvable|non trouvée|n['’]existe)|"
    r"p[áa]gina[^.]{0,20} (?:no (?:se )?(?:ha )?(?:encontr|exist|disponible)|non (?:è stata )?(?:trovata|esiste)|não (?:foi )?(?:encontrada|existe)|niet gevonden|no encontrada)|"
    r"stron[ay][^.]{0,20} nie (?:została )?(?:znalezion|istnieje)|(?:sidan|siden)[^.]{0,20} (?:hittades inte|finns inte|ikke|blev ikke|ble ikke)|страниц[аы] не (?:найден|существует)|"
    r"sayfa(?: |nız )?bulunamadı|ページ[がは](?:見つかりません|存在しません)|页面(?:不存在|未找到|找不到)|找不到(?:页面|网页|頁面)|페이지를 찾을 수 없|الصفحة غير موجود"
    r"|^(?:not found|nothing found|nicht gefunden|non trouvé|introuvable|no encontrado|non trovato|não encontrado|niet gevonden|nie znaleziono|hittades inte|ikke funnet|"
    r"ikke fundet|не найдено|bulunamadı|見つかりません|未找到|找不到)\W*$"
)
_LOGIN_TITLE = re.compile(
    r"\blog ?-?in\b|\bsign ?-?in\b|\blog ?on\b|anmeld(?:en|ung)|einloggen|(?:se )?connecter|connexion|iniciar? sesi[oó]n|acceder|accedi|iniciar sess[aã]o|entrar|"
    r"inloggen|aanmelden|zaloguj|logowanie|logga in|logg inn|log ind|войти|\bвход\b|giriş|ログイン|登录|登入|로그인|تسجيل الدخول"
)
_NAMES: Any = lxml.etree.XPath("descendant::*/@id | descendant::body//@class", smart_strings=False)
_UNSCRIPTED: Any = lxml.etree.XPath("descendant::noscript", smart_strings=False)


def read(root: lxml.html.HtmlElement, text: str, titles: Sequence[str], *, passwords: int, marked: bool) -> str:
    """What stands there in place of an article (`a consent wall`); empty where an article may.

    text: what was taken for the article. titles: of the page and its headings. passwords: how many are asked for.
    marked: the markup calls the page an article and says when it was published.
    """
    if len(text) > _MOST_CHARS or (size := words.count_words(text)) >= _MOST:
        return ""
    said = text.casefold()
    heads = [title.casefold()[:200] for title in titles]
    if size < _SHORT and _is_check(root, size, said, heads):
        return "a bot check"
    if any(hint in said for hint in _CONSENT_HINTS) and _is_consent(root, text):
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


def _is_check(root: lxml.html.HtmlElement, size: int, said: str, heads: Sequence[str]) -> bool:
    """Where two of title, text and names of parts say so; one of the first two is enough where there is little else."""
    titled = any(_CHECK_TITLE.match(head) and words.count_words(head) <= 7 for head in heads)
    found = titled + (_CHECK_TEXT.search(said) is not None)
    if found and size < _BARE:
        return True
    return found == 2 or ((found > 0 or size < _BARE) and _CHECK_NAME.search(_names(root)) is not None)


def _is_consent(root: lxml.html.HtmlElement, text: str) -> bool:
    """Where most of the text asks for consent, in more than one way or in a container that is known for it."""
    own, rest, ways = 0, 0, set()
    for paragraph in text.split("\n\n"):
        folded = paragraph.casefold()
        found = _CONSENT_TEXT.findall(folded)
        ways.update(found)
        size = words.count_words(paragraph)
        own, rest = (own + size, rest) if found or "cookie" in folded else (own, rest + size)
    if not ways or own <= rest or rest >= _REST:
        return False
    return len(ways) >= 2 or _CONSENT_NAME.search(_names(root)) is not None


def _names(root: lxml.html.HtmlElement) -> str:
    """Ids and classes of the page."""
    return " ".join(_NAMES(root)[:4_000])[:100_000].casefold()


def _is_error(head: str) -> bool:
    short = words.count_words(head) <= 8
    return short and (_ERROR_NUMBER.match(head) is not None or _ERROR_TEXT.search(head) is not None)


def _needs_script(root: lxml.html.HtmlElement) -> bool:
    return any(_SCRIPT_TEXT.search("".join(part.itertext()).casefold()[:2_000]) for part in _UNSCRIPTED(root)[:20])
