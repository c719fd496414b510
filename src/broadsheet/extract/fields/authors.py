"""Authors: the persons that a page names, else the organisation."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

import lxml.html

from ... import text
from .. import bylines, names
from ..said import Said, Told
from . import Found, candidates

# Structured data tells persons from bodies; metas often name whoever typed it in, a feed the whole desk.
ORDER = ("told", "items", "graph", "metas", "plain", "fed")

MOST_AUTHORS = 20


def find(
    saids: Sequence[Said], root: lxml.html.HtmlElement, sites: Sequence[str] = (), headline: str = ""
) -> Found[tuple[str, ...]]:
    """Persons of the first origin that names one; an organisation counts where nobody names a person.

    sites: what the page and its domain are called; a person of that name is the organisation. headline: the title, behind
    which a byline stands. A byline is read where the markup names nobody, the site alone, or a mere user of its system.
    """
    own = {_letters(site) for site in sites}
    told = [claim for said in saids for claim in (*said.people, *said.bodies)]
    structured = [said for said in saids if said.origin != "html"]
    for number, said in enumerate(structured):
        if found := persons(said.people, own):
            found = _completed(found, [persons(other.people, own) for other in structured[number + 1 :]])
            found += _others((*said.people, *said.bodies), found, own)
            return Found(_spelt(found, told), said.people[0].place, candidates("authors", told))
    lines = bylines.read(root, headline)
    found, place = next(_weaker(saids, lines, own), ((), ""))
    return Found(_spelt(found, [*told, *lines]), place, candidates("authors", [*told, *lines]))


def _weaker(saids: Sequence[Said], lines: Sequence[Told], own: set[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Names and their place, the surest first, of a page that names no person in its markup."""
    # The nearest first: what is marked behind a bare name beside the headline is of a teaser rather.
    near = list(itertools.takewhile(lambda line: line.place not in ("name line", "author box"), lines))
    claimed = {text.fold(name) for said in saids for name in clean((*said.people, *said.bodies))}
    near.sort(key=lambda line: _is_half(persons((line,), own, full=True)))
    for line in near:
        if found := persons((line,), own, full=True):
            yield found, line.place
        if any(_letters(name) in own or text.fold(name) in claimed for name in clean((line,))):
            break  # it is signed as its markup says
    for said in saids:  # who has a site of his name, users of its system, initials
        named = clean(said.people)
        found = tuple(
            name for name in named if not names.is_body(name) and (not _is_own(name, own) or _is_namesake(name))
        )
        if found:
            yield found, said.people[0].place
    for line in lines:
        if line.place in ("name line", "author box") and (found := persons((line,), own, full=True)):
            yield found, line.place
    for group in (*(said.people for said in saids), *(said.bodies for said in saids)):
        if found := clean(group):
            yield found, group[0].place
    for line in lines:
        if found := tuple(name for name in clean((line,)) if names.is_body(name) or names.is_person(name)):
            yield found, line.place


def _is_half(found: tuple[str, ...]) -> bool:
    """True for a first name alone, in a script that parts words: the whole name may stand beside it."""
    return len(found) == 1 and " " not in found[0] and not names.is_spaceless(found[0])


def _spelt(found: tuple[str, ...], told: Sequence[Told]) -> tuple[str, ...]:
    """Names in capitals as another place spells them in small letters."""
    if not any(name.isupper() for name in found):
        return found
    spelt = {text.fold(name): name for value, _ in told for name in names.people(value) if not name.isupper()}
    return tuple(spelt.get(text.fold(name), name) if name.isupper() else name for name in found)


def _is_namesake(name: str) -> bool:
    """True for a person whose site has his name; a paper is called otherwise."""
    return " " in name and names.is_person(name) and not any(word in names.PAPERS for word in text.fold(name).split())


def _completed(found: tuple[str, ...], others: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """A longer list of another place that has all these names: some places have room for one."""
    keys = {text.fold(name) for name in found}
    longer = (other for other in others if len(other) > len(found) and keys <= {text.fold(name) for name in other})
    return next(longer, found)


def _others(claims: Sequence[Told], found: tuple[str, ...], own: set[str]) -> tuple[str, ...]:
    """The organisations beside the persons of one list, the site itself left out."""
    keys = {text.fold(name) for name in found}
    return tuple(name for name in clean(claims) if text.fold(name) not in keys and _letters(name) not in own)


def persons(claims: Iterable[Told], own: set[str], *, full: bool = False) -> tuple[str, ...]:
    """The names among claims that look like a person's and are not the site's.

    full: where one has a name of several words, single words are what he is and where.
    """
    found = tuple(name for name in clean(claims) if names.is_person(name) and not _is_own(name, own))
    several = tuple(name for name in found if " " in name)
    return several if full and several else found


def clean(claims: Iterable[Told]) -> tuple[str, ...]:
    """Names of authors: lists split, roles, links, dates and placeholders such as "Staff" dropped, each once."""
    found: dict[str, str] = {}
    for value, _ in claims:
        for name in names.people(value):
            found.setdefault(text.fold(name), name)
    return tuple(found.values())[:MOST_AUTHORS]


def _is_own(name: str, own: set[str]) -> bool:
    letters = _letters(name)
    return letters in own or any(len(site) > 2 and text.fold(name).startswith(f"{site} ") for site in own)


def _letters(name: str) -> str:
    return text.fold(name).removeprefix("the ").replace(" ", "")
