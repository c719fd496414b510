"""WebSub: the hub that announces news of a source, and the address that the hub knows the source by.

Source: W3C Recommendation WebSub, section 4 (Discovery): Link headers first, then the document's own links.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from .. import urls
from ..errors import ParseError

_LONGEST = 16_384  # characters of a Link header
# RFC 8288, section 3: `<address>; rel="hub"; title="a, b"`, several joined by commas.
_LINK = re.compile(r"<([^<>]*)>((?:\s*+;\s*+[^\s;,=<>]++(?:\s*+=\s*+(?:\"[^\"]*+\"|[^\s;,\"<>]*+))?+)*+)")
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]+))", re.IGNORECASE)


def of_links(links: Iterable[tuple[str, str]], base: str) -> tuple[str, str]:
    """(hub, topic), absolute, from (relations, address) of each link; empty for what is not said. The first of each."""
    found = {"hub": "", "self": ""}
    for relations, href in links:
        for relation in {"hub", "self"} & set(relations.lower().split()):
            found[relation] = found[relation] or _absolute(href, base)
    return found["hub"], found["self"]


def of_header(header: str, base: str) -> tuple[str, str]:
    """(hub, topic) of an HTTP Link header."""
    links = []
    for link in _LINK.finditer(header[:_LONGEST]):
        rel = _REL.search(link[2])
        links.append(((rel[1] or rel[2] or "") if rel else "", link[1]))
    return of_links(links, base)


def _absolute(href: str, base: str) -> str:
    """As it is written, since a hub compares addresses as text; only made absolute, and without a fragment."""
    try:
        return str(urls.parse(href.strip(), base or None).href).partition("#")[0] if href.strip() else ""
    except ParseError:
        return ""
