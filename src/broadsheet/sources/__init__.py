"""How one fetched resource becomes entries. A leaf is a module with two functions; nothing here ever fetches.

    def recognises(page: Page) -> bool             does this look like mine? Cheap: looks at the first bytes
    def listing(page: Page, source: Source) -> Listing               raises ParseError when it is not mine or broken

An entry whose link is missing or refused (`javascript:`, `mailto:`) has url "": it is listed, so that whoever counts
entries counts it, but there is no address to fetch or to store it under.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from .. import plugins
from ..types import Entry, Listing, Page, Source
from . import _hub
from .page import advertised


def read(page: Page, source: Source) -> Listing:
    """What a fetched resource lists, by the leaf that `source.kind` names, in the order of the resource.

    A source of the default kind `feed` may turn out to be a JSON Feed or a sitemap and is read as that. A feed without
    entries gives none. A hub in HTTP's Link header goes before one in the document.
    Raises ParseError when it cannot be read, UsageError when there is no such kind.
    """
    kind = source.kind
    if kind == "feed" and not plugins.find("sources", "feed").recognises(page):
        others = (name for name in plugins.names("sources") if name not in ("feed", "page"))
        kind = next((name for name in others if plugins.find("sources", name).recognises(page)), kind)
    found: Listing = plugins.find("sources", kind).listing(page, source)
    hub, topic = _hub.of_header(page.headers.get("link", ""), page.final_url)
    return replace(found, hub=hub or found.hub, topic=topic or found.topic) if hub or topic else found


def feeds_of(page: Page) -> tuple[tuple[str, str], ...]:
    """(kind, absolute URL) of each feed that a web page advertises, in its order; none for what is no web page."""
    return advertised(page)


def row(entry: Entry) -> dict[str, Any]:
    """An entry as plain JSON values for `broadsheet entries`; values that are absent are left out, `url` never is."""
    image = entry.image
    values = {
        "id": entry.id,
        "title": entry.title,
        "summary": entry.summary,
        "content": entry.content,
        "authors": list(entry.authors),
        "publishedDateTime": _instant(entry.published),
        "updatedDateTime": _instant(entry.updated),
        "language": entry.language,
        "image": {"url": image.url, "width": image.width, "height": image.height} if image else None,
        "categories": list(entry.categories),
        "type": entry.type,
    }
    return {"url": entry.url} | {name: value for name, value in values.items() if value}


def _instant(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else ""
