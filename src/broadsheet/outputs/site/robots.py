"""What crawlers may read."""

from __future__ import annotations

from ...types import File, Publication
from .. import _stories


def robots(publication: Publication) -> File:
    return File(path="robots.txt", data=_rules(publication).encode())


def _rules(publication: Publication) -> str:
    """Everything may be read. Source: RFC 9309; Sitemap is the line that the sitemaps protocol adds."""
    rules = "User-agent: *\nAllow: /\n"
    if "sitemap" not in publication.outputs:
        return rules
    return f"{rules}\nSitemap: {_stories.absolute(publication, 'sitemap.xml')}\n"
