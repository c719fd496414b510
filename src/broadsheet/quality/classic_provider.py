"""Profile `classic`: points for who published it, and 100 for a video embedded on our own page."""

from __future__ import annotations

from ..types import Article, Publication, Reason

EMBEDDED, VENDOR, KNOWN = 100, 50, 40


def points(article: Article, publication: Publication, weight: float) -> Reason:
    """An embed has 100 in place of its provider's points; beside them where it has a page elsewhere, too."""
    value, share = _provider(article, publication)
    if article.featured_content and not article.web_url:
        value, share = "embedded on our own page", EMBEDDED
    elif article.featured_content:
        value, share = f"{value}, and embedded on our own page", share + EMBEDDED
    return Reason(factor="classic_provider", value=value, weight=weight, points=round(weight * share))


def _provider(article: Article, publication: Publication) -> tuple[str, int]:
    """The vendor counts by entries of its own feed, which the predecessor told by their originalUrl."""
    domain = article.provider.domain
    if publication.vendor and domain == publication.vendor and article.original_url:
        return f"{domain} is the vendor", VENDOR
    if article.provider.known or any(domain == known.domain for known in publication.organizations):
        return f"{domain} is registered", KNOWN
    return f"{domain} is not registered", 0
