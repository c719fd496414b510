"""Authors: the persons that a page names, else the organisation."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Sequence

import lxml.html
from trafilatura.metadata import extract_author

from ... import dates, text
from ..said import Said
from . import Found, candidates

MOST_AUTHORS = 20

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


def find(saids: Sequence[Said], root: lxml.html.HtmlElement) -> Found[tuple[str, ...]]:
    """Authors of the first origin that names somebody; an organisation counts where no origin names a person.

    A page that names nobody in its markup may still have a byline.
    """
    told = [(claim.value, claim.place) for said in saids for claim in (*said.people, *said.bodies)]
    for named in (*(said.people for said in saids), *(said.bodies for said in saids)):
        if found := clean(claim.value for claim in named):
            return Found(found, named[0].place, candidates("authors", told))
    byline = _byline(root)
    found = clean((byline,))
    return Found(found, "byline" if found else "", candidates("authors", [*told, (byline, "byline")]))


def clean(raw: Iterable[str]) -> tuple[str, ...]:
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


def _byline(root: lxml.html.HtmlElement) -> str:
    """The line where bylines usually stand, for a page that marks up no author."""
    try:
        line = extract_author(root)
    except Exception as exc:  # noqa: BLE001 -- as above
        logging.getLogger(__name__).debug("no byline: %r", exc)
        line = None
    return line or ""
