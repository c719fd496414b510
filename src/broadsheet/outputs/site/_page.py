"""One page from its template: the environment, the style sheet, and what every page needs."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ... import text
from ...types import File, Publication
from .. import _stories
from . import _view

TABS = 9  # topics in the navigation; the others are one click away


def shared(publication: Publication) -> dict[str, object]:
    """What every page needs."""
    root = next((topic for topic in publication.topics if not topic.parent), None)
    children = [topic for topic in publication.topics if root and topic.parent == root.name]
    return {
        "all_stories": root,
        "tabs": children[:TABS],
        "language": _stories.language(publication.locale),
        "icon": _icon(publication.title),
    }


def page(
    path: str, template: str, publication: Publication, common: dict[str, object], *, title: str, **facts: object
) -> File:
    """One page from its template. canonical: path of its address, empty where it has none; else that of the file."""
    defaults: dict[str, object] = {
        "description": "",
        "kind": "website",
        "linked": "",
        "picture": None,
        "feed_folder": "",
        "topic": None,
        "canonical": path.removesuffix("index.html"),
        "is_front": template == "front.html",
    }
    printed = _environment().get_template(template).render(
        **(defaults | common | facts), publication=publication, title=title, indexed=template != "missing.html"
    )  # fmt: skip
    return File(path=path, data=printed.encode())


@cache
def _environment() -> Environment:
    """Templates with every value escaped, and every string cleaned of characters that HTML forbids."""
    environment = Environment(
        loader=PackageLoader("broadsheet.outputs.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_cleaned,
    )
    style, digest = _style()
    environment.globals.update(style=style, style_digest=digest)
    environment.globals.update(absolute=_stories.absolute, topic_page=_stories.topic_page)
    environment.filters.update(
        href=_stories.target, source=_stories.provider_name, summary=_stories.summary, iso=_stories.rfc3339,
        lang=_view.lang_and_dir, day=_view.day, clock=_view.clock, moment=_view.moment, plural=_view.plural,
        headline=_view.headline, signed=_view.signed,
    )  # fmt: skip
    return environment


def _cleaned(value: object) -> object:
    """A string without the characters that HTML forbids; a space at its ends stays, markup of ours passes."""
    if type(value) is not str:
        return value
    return f"{' ' * value.startswith(' ')}{text.clean(value)}{' ' * value.endswith(' ')}"


def _style() -> tuple[Markup, str]:
    """The style sheet without its comments and spare white space, and its hash for the content security policy."""
    written = files(__package__).joinpath("style.css").read_text(encoding="utf-8")
    sheet = re.sub(r"/\*.*?\*/", "", written, flags=re.DOTALL)
    sheet = re.sub(r"\s*([{};,])\s*", r"\1", " ".join(sheet.split())).replace(";}", "}")
    return Markup(sheet), base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()  # noqa: S704 (our own file)


def _icon(title: str) -> str:
    """The first letter of the title as a picture in a data URL, so that no page asks for an icon."""
    letter = next((char.upper() for char in title if char.isalnum()), "B")
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        '<rect width="32" height="32" rx="4" fill="#8c1c13"/>'
        '<text x="16" y="24" font-family="serif" font-weight="700" font-size="24" text-anchor="middle" fill="#fff">'
        f"{letter}</text></svg>"
    )
    return "data:image/svg+xml," + quote(drawing, safe="")
