"""Profile `standard`: what the editor said of the provider, in the registry or as the tier of a source."""

from __future__ import annotations

from ..types import Article, Publication, Reason

TIERS = {1: (15, "first-hand"), 2: (8, "reliable"), 3: (-10, "to be taken with care")}
KNOWN = 8  # in the registry, with no tier


def points(article: Article, publication: Publication, weight: float) -> Reason:  # noqa: ARG001
    """Tier 1: 15, 2: 8, 3: -10; without a tier 8 for a provider of the registry and 0 for any other."""
    domain = article.provider.domain
    if article.provider.tier in TIERS:
        share, name = TIERS[article.provider.tier]
        value = f"{domain} is {name}"
    else:
        share = KNOWN * article.provider.known
        value = f"{domain} is {'' if article.provider.known else 'not '}in the registry"
    return Reason(factor="provider", value=value, weight=weight, points=round(weight * share))
