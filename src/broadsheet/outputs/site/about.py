"""How the publication is made, and the page for addresses that are none."""

from __future__ import annotations

from ...types import File, Publication
from .. import _stories
from . import _view
from ._page import page


def about(publication: Publication, shared: dict[str, object]) -> File:
    return page(
        "about/index.html",
        "about.html",
        publication,
        shared,
        root="../",
        title=f"How {publication.title} is made",
        sources=[_view.source_line(s) for s in sorted(publication.sources, key=lambda s: (s.title, s.url))],
        tree=_view.tree(publication),
    )


def missing(publication: Publication, shared: dict[str, object]) -> File:
    """The 404 page is served at any depth, so its links are absolute."""
    home = _stories.absolute(publication, "")
    return page("404.html", "missing.html", publication, shared, root=home, title="Page not found")
