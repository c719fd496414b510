"""What an address says of its page: words of its path in many languages, its depth, the words of its last part."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ... import urls
from ...errors import ParseError

_DATED = re.compile(r"/(?:19|20)\d\d[/-]?[01]?\d(?:[/-]|$)")
_LIST = re.compile(
    r"/(?:categor(?:y|ies|ia|ias|ía|ías|ie)|kategori\w*|cat[ée]gories?|tags?|etiquetas?|etiket|schlagwort|authors?|autor|auteur|autore|archi(?:ves?|v)|"
    r"search|suche|buscar|recherche|rubri[ckq]\w*|page/\d+|label)(?:/|$)"
)
_FORUM = re.compile(
    r"/(?:forums?|foros?|threads?|community|discussions?|questions?|viewtopic|showthread|showtopic|t/[^/]+/\d+|r/[^/]+/comments|boards?)(?:[/.]|$)|"
    r"showthread|viewtopic|showtopic|[?&](?:topic|threadid|tid)=|^(?:forums?|foro|community|discuss|discourse|talk|answers|boards?)\.|\.(?:stackexchange)\."
)
_DOCS = re.compile(
    r"^(?:[^/]+\.)?(?:docs?|developers?|help|support|wiki|manual|api|kb)\.|\.readthedocs\.|"
    r"/(?:docs?|documentation|dokumentation|reference|manual|manuals|api|wiki|guides?|handbook|help|kb|man|user-?guide|getting-started|latest|stable|"
    r"v?\d+\.\d+(?:\.\d+)*)(?:/|$)"
)
_SHOP = re.compile(
    r"/(?:products?|produkte?|produits?|productos?|prodott[oi]|produtos?|produkty|urun|shop|store|tienda|boutique|negozio|loja|sklep|magaza|dp|ip|p|"
    r"items?|itm|sku|gp|pd|catalog(?:ue)?|cart|offers?)(?:/|$)|-p-?\d+(?:\.|/|$)"
)
_SERVICE = re.compile(
    r"/(?:services?|solutions?|platform|pricing|features?|about(?:-us)?|contact(?:-us)?|careers?|jobs?|leistungen|loesungen|dienste|dienstleistungen|"
    r"kontakt|impressum|ueber-uns|servicios?|soluciones|contacto|servizi|soluzioni|contatti|servicos|contato|uslugi|diensten|company|industries|"
    r"expertise|practice-?areas?|locations?|what-we-do|hizmetler|iletisim)(?:/|$)"
)
_NEWS = re.compile(
    r"/(?:blogs?|news|articles?|story|stories|posts?|artikel|nachrichten|noticias?|actualit\w+|actus?|aktuell\w*|magazin\w*|press(?:e|-?releases?)?|prensa|"
    r"opinion|insights?|haber\w*|notizi[ae]|novosti|nyheter|nyheder|nieuws|wiadomosci|aktualnosci|politi[ck]\w*|sports?|business|world|monde|mundo|"
    r"entertainment|lifestyle|culture|kultur|cultura|wirtschaft|econom\w+|ekonomi\w*)(?:/|$)"
)


def read(url: str) -> Iterator[tuple[str, float]]:
    """Signs of an address with how much of each there is, 0 to 1. url: canonical; none where nobody knows it."""
    try:
        parts = urls.parse(url)
    except ParseError:
        return
    host, path, query = parts.hostname.lower(), parts.pathname.lower(), parts.search.lower()
    steps = [step for step in path.split("/") if step]
    last = steps[-1] if steps else ""
    hyphens = max(last.count("-"), last.count("_"))
    if not steps or (len(steps) == 1 and len(last) <= 3):
        yield "home address", 1.0
    else:
        yield "headline in address", min(1.0, hyphens / 6)
    if _DATED.search(path):
        yield "day in address", 1.0
    if _FORUM.search(f"{host}{path}{query}"):
        yield "forum address", 1.0
    if _LIST.search(path):
        yield "list address", 1.0
    if _DOCS.search(f"{host}{path}"):
        yield "documentation address", 1.0
    if _SHOP.search(path):
        yield "shop address", 1.0
    if _SERVICE.search(path):
        yield "service address", 1.0
    if _NEWS.search(path) or host.startswith(("blog.", "blogs.", "news.")):
        yield "news address", 1.0
