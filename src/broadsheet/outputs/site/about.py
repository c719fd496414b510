"""How the publication is made, out of its settings as they are, and the page for addresses that are none."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping

import msgspec

from ... import plugins
from ...types import File, Publication
from .. import _stories
from . import _view
from ._page import Shared, page
from .corrections import contact

_PROFILE = re.compile(r"^Profile `\w+`: ")


class Factor(msgspec.Struct, frozen=True, kw_only=True):
    """One share of a score. words: what it counts, as its own module says; empty where that says nothing."""

    name: str
    words: str
    weight: float


def about(publication: Publication, shared: Shared) -> File:
    return page(
        "about/index.html",
        "about.html",
        publication,
        shared,
        root="../",
        title=f"How {publication.title} is made",
        description=f"How {publication.title} chooses, scores and ranks what it prints, and from which sources.",
        quality=factors("quality", publication),
        heat=factors("heat", publication),
        sources=[
            _view.source_line(publication, s) for s in sorted(publication.sources, key=lambda s: (s.title, s.url))
        ],
        tree=_view.tree(publication),
        ask=contact(publication),
    )


def factors(room: str, publication: Publication) -> list[Factor]:
    """What counts in `room` (quality or heat) with its weight, in the order in which it is reckoned."""
    weights: Mapping[str, float] = plugins.room(room).factors(publication)
    return [Factor(name=_name(name), words=_words(room, name), weight=weight) for name, weight in weights.items()]


def _words(room: str, name: str) -> str:
    """The first paragraph of what the module of a factor says of itself."""
    told = _PROFILE.sub("", " ".join((inspect.getdoc(plugins.find(room, name)) or "").partition("\n\n")[0].split()))
    return told[:1].upper() + told[1:]


def _name(factor: str) -> str:
    """In words; of a module of somebody's own the last part of its path."""
    return factor.rpartition(".")[2].removeprefix("classic_").replace("_", " ")


def missing(publication: Publication, shared: Shared) -> File:
    """The 404 page is served at any depth, so its links are absolute."""
    home = _stories.absolute(publication, "")
    return page("404.html", "missing.html", publication, shared, root=home, title="Page not found")
