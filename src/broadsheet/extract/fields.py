"""Claims made clean: a title without its site's name, authors who are somebody, pictures that are no logo."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .. import dates, providers, text, urls
from ..errors import ParseError
from ..types import Image

MOST_AUTHORS = 20
MOST_IMAGES = 10
_SMALL = 100  # pixels: a picture with a shorter side is an icon

_BREAK = re.compile(r"\s+[|–—·•»«:›‹~⋆/-]+\s+|\s*[|｜]\s*|\s+::\s+|:\s+")
_LINK = re.compile(r"https?:|www\.|@|^[\w-]+(?:\.[\w-]+)+/?\w*$|/$")
_BYLINE = re.compile(
    r"^(?:(?:written|posted|story|text|words|photos|published|reported|reviewed|compiled|edited)\s+by|by|von|par|por|di|da|door|av|af|przez|автор|text|foto|"
    r"author|autor|auteur|autore|reporter|journalist)\b\s*:?\s+(?=[^\W\d_a-z])|^(?:by|von|author|autor|автор|文|記者|记者)\s*[:：/／]\s*",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(
    r"\s*[;|\n•·]\s*|\s*,?\s+(?:and|und|et|y|og|och|ja|ve|e|i|en|и|та|with|mit)\s+(?=[^\W\d_a-z])|\s+&\s+|\s*[、，]\s*|\s+[–—-]\s+|\s+/\s+"
)
_ASIDE = re.compile(r"\s*[(\[（][^)\]）]*[)\]）]\s*")
_ROLE = re.compile(
    r"\b(?:editor|reporter|correspondent|writer|journalist|columnist|contributor|producer|author|analyst|bureau|chief|staff|professor|director|manager|expert|"
    r"redakteur\w*|korrespondent\w*|redactor|redactora|journaliste|rédact\w+|giornalista|periodista|ceo|cto|phd|ph\.d\.?|md|m\.d\.?|mba|rd|rn|jr\.?|sr\.?)\b",
    re.IGNORECASE,
)
_NOBODY = frozenset(
    [
        "admin",
        "administrator",
        "adminn",
        "anonymous",
        "author",
        "by",
        "contributed",
        "contributor",
        "contributors",
        "desk",
        "editor",
        "editorial",
        "editors",
        "equipo",
        "guest",
        "member",
        "n/a",
        "na",
        "newsroom",
        "nobody",
        "none",
        "null",
        "post",
        "redacao",
        "redaccion",
        "redaccio",
        "redação",
        "redacción",
        "redaktion",
        "redazione",
        "rédaction",
        "reporter",
        "root",
        "staff",
        "team",
        "the",
        "undefined",
        "unknown",
        "user",
        "web",
        "webdesk",
        "webmaster",
        "wordpress",
        "writer",
        "writers",
        "редакция",
        "admin1",
        "gastautor",
    ]
)
_NO_PICTURE = re.compile(
    r"(?:^|[/_.-])(?:logo\w*|favicon\w*|sprite\w*|placeholder|blank|spacer|pixel|1x1|avatar\w*|gravatar|no[-_]?image|default[-_]?(?:image|img|share|og|social)|"
    r"(?:og|share|social|fb|facebook|twitter)[-_](?:default|logo|fallback))(?:[/_.?-]|$)|gravatar\.com|\.svg(?:\?|$)",
    re.IGNORECASE,
)


def title(raw: str, sites: Iterable[str]) -> str:
    """One line without the name of the site, which many add at one end behind a dash, bar or colon."""
    line = text.one_line(raw[: 4 * text.TITLE])
    names = {key for name in sites if (key := _letters(name))}
    for _ in range(3):
        breaks = list(_BREAK.finditer(line))
        if not breaks:
            break
        if _names_site(line[breaks[-1].end() :], names):
            line = line[: breaks[-1].start()].strip()
        elif _names_site(line[: breaks[0].start()], names):
            line = line[breaks[0].end() :].strip()
        else:
            break
    return line


def _names_site(part: str, names: set[str]) -> bool:
    key = _letters(part)
    return bool(key) and any(
        key == name or (len(name) > 4 and key.startswith(name) and len(key) < 2 * len(name)) for name in names
    )


def _letters(name: str) -> str:
    """What is compared of a name: "The Harbour Post" and "harbour-post" are one."""
    return text.fold(name).removeprefix("the ").removeprefix("www ").replace(" ", "")


def site_names(claimed: Iterable[str], url: str) -> tuple[str, ...]:
    """What a page calls its site and what its domain does, cleaned; the claimed ones first."""
    found = [text.one_line(name.lstrip("@")[:200]) for name in claimed]
    try:
        domain = providers.domain(url)
        found += [domain, domain.split(".")[0]]
    except ParseError:
        pass
    return tuple(dict.fromkeys(name for name in found if name))


def authors(raw: Iterable[str]) -> tuple[str, ...]:
    """Names of authors: bylines split, roles, links, dates and placeholders such as "Staff" dropped, each once."""
    names: dict[str, str] = {}
    for value in raw:
        line = _BYLINE.sub("", text.one_line(value.replace("\n", " ; ")[:500]), count=1)
        for part in _SEPARATOR.split(_ASIDE.sub(" ", line)):
            for name in _people(part):
                name = _BYLINE.sub("", name.strip(" ,.:;-–—|*\"'")).strip()
                if _is_somebody(name):
                    names.setdefault(text.fold(name), name)
    # A body of the same name as a part of a longer one ("Reuters", "Reuters Staff") would be said twice.
    return tuple(names.values())[:MOST_AUTHORS]


def _people(part: str) -> list[str]:
    """A comma parts names, turns one round ("Doe, Jane") or adds what somebody is ("Jane Doe, Editor")."""
    pieces = [piece.strip() for piece in part.split(",") if piece.strip()]
    if len(pieces) == 2 and all(" " not in piece for piece in pieces) and not any(map(_ROLE.search, pieces)):
        return [f"{pieces[1]} {pieces[0]}"]
    return [piece for number, piece in enumerate(pieces) if number == 0 or not _ROLE.search(piece)]


def _is_somebody(name: str) -> bool:
    if not 2 <= len(name) <= 60 or len(name.split()) > 7 or _LINK.search(name):
        return False
    if sum(c.isdigit() for c in name) > 3 or dates.parse(name):
        return False
    words = [word for word in text.fold(name).split() if word]
    return any(word not in _NOBODY for word in words) and any(c.isalpha() for c in name)


def images(claimed: Iterable[Image], logos: Iterable[str], base: str) -> tuple[Image, ...]:
    """Absolute http(s) pictures, each once, without logos and icons. A size claimed once counts for all its mentions."""
    unwanted = {address for logo in logos if (address := absolute(logo, base))}
    found: dict[str, Image] = {}
    for image in claimed:
        address = absolute(image.url, base)
        if not address or address in unwanted or _NO_PICTURE.search(address.split("//", 1)[-1].partition("/")[2]):
            continue
        if 0 < min(image.width, image.height) < _SMALL:
            continue
        known = found.get(address)
        if known is None or (not known.width and image.width):
            found[address] = Image(url=address, width=image.width, height=image.height)
    return tuple(found.values())[:MOST_IMAGES]


def canonical(url: str, base: str) -> str:
    """The same as urls.canonical prints it."""
    try:
        return urls.canonical(url, base or None) if url else ""
    except ParseError:
        return ""


def absolute(url: str, base: str) -> str:
    """An address against the page's own; empty where no http(s) address comes of it."""
    try:
        return str(urls.parse(url, base or None).href) if url else ""
    except ParseError:
        return ""
