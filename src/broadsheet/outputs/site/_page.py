"""One page from its template, and what every page needs."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from urllib.parse import quote

from markupsafe import Markup

from ...types import File, Publication
from .. import _stories
from . import _theme

TABS = 9  # topics in the navigation; the others are one click away
TITLE = 160  # characters of a page's title


Shared = Mapping[str, object]  # see shared


def shared(publication: Publication) -> Shared:
    """What every page needs. own: attribute of what is in the publication's language, empty where pages are.

    Raises UsageError for a template of the theme that cannot be read, before anything is printed.
    """
    _theme.environment(publication)
    root = next((topic for topic in publication.topics if not topic.parent), None)
    children = [topic for topic in publication.topics if root and topic.parent == root.name]
    language = _stories.language(publication.locale)
    return {
        "all_stories": root,
        "tabs": children[:TABS],
        "language": language,
        "own": "" if language.startswith("en") else Markup(' lang="{}"').format(language),
        "icon": _icon(publication.title),
    }


def page(path: str, template: str, publication: Publication, common: Shared, *, title: str, **facts: object) -> File:
    """One page from its template.

    canonical: path of its address, empty where it has none; else that of the file. policy: what its content security
    policy says beyond style and pictures of ours. machine: path of the JSON that holds the same, in the output `api`.
    """
    indexed = template != "missing.html"
    defaults: dict[str, object] = {
        "description": title,
        "kind": "website",
        "linked": "",
        "picture": None,
        "feed_folder": "",
        "topic": None,
        "canonical": path.removesuffix("index.html"),
        "is_front": template == "front.html",
        "policy": "form-action 'none'",
        "machine": "",
    }
    given = {**defaults, **common} | {name: fact for name, fact in facts.items() if name != "description" or fact}
    script = _registration(publication, str(given["root"])) if indexed else ""
    given |= {
        "publication": publication,
        "title": title,
        "indexed": indexed,
        "script": script,
        "policy": _policy(str(given["policy"]), script),
        **({} if indexed else _inline(publication)),
    }
    return File(path=path, data=_theme.render(publication, template, given).encode())


def style(publication: Publication) -> File:
    """The one style sheet of all pages."""
    return File(path=_theme.SHEET, data=_theme.sheet(publication).encode())


def _inline(publication: Publication) -> dict[str, object]:
    """The style in the page itself, and its hash for the policy: of the page that is served at any address."""
    sheet = _theme.sheet(publication).replace("</", "<\\/")  # no end of the element; CSS reads the same
    return {"style": Markup(sheet), "style_digest": _digest(sheet)}  # noqa: S704 (ours, or the owner's)


def _registration(publication: Publication, root: str) -> str:
    """The script that lets a service worker keep pages that were read; empty unless the publication wants one."""
    return f"navigator.serviceWorker?.register({root!r}+'sw.js')" if publication.site.offline else ""


def _policy(policy: str, script: str) -> str:
    """A page's content security policy beyond style and pictures: with what lets this one script run, and the worker
    that it registers. What a browser's own tools ask this site for, such as robots.txt, is let through."""
    if "connect-src" not in policy:
        policy = f"connect-src 'self'; {policy}"
    if not script:
        return policy
    allowed = f"script-src 'sha256-{_digest(script)}'"
    scripts = policy.replace("script-src", allowed) if "script-src" in policy else f"{allowed}; {policy}"
    return f"{scripts}; worker-src 'self'"


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _icon(title: str) -> str:
    """The first letter of the title as a picture in a data URL, so that no page asks for an icon."""
    letter = next((char.upper() for char in title if char.isalnum()), "B")
    drawing = (
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'><rect width='8' height='8' rx='1' fill='#8c1c13'/>"
        "<text x='4' y='6' font-family='serif' font-weight='700' font-size='6' text-anchor='middle' fill='#fff'>"
        f"{letter}</text></svg>"
    )
    return "data:image/svg+xml," + quote(drawing, safe="/:='")
