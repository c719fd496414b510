"""Profile `standard`: what the editor said of the provider, and how its articles fared here so far."""

from __future__ import annotations

from ..types import Article, Publication, Reason, Standing

TIERS = {1: (15, "first-hand"), 2: (8, "reliable"), 3: (-10, "to be taken with care")}
KNOWN = 8  # in the registry, with no tier

FEW = 40  # articles that are added as if they had been neither, so that a few say little
RATE = 80  # points for a share of all
GAIN, LOSS = 8, -15  # at most


def points(article: Article, publication: Publication, weight: float) -> Reason:
    """Tier 1: 15, 2: 8, 3: -10; without a tier 8 for a provider of the registry and 0 for any other; with its standing.

    The standing: 80 times the share of first reports that others took up, at most 8, less 80 times the share that an
    editor held or killed, at most 15; both of its articles and forty more. Which of them were printed does not count:
    that follows from these points, and would feed itself.
    """
    domain = article.provider.domain
    if article.provider.tier in TIERS:
        share, name = TIERS[article.provider.tier]
        value = f"{domain} is {name}"
    else:
        share = KNOWN * article.provider.known
        value = f"{domain} is {'' if article.provider.known else 'not '}in the registry"
    standing = publication.learnt.standings.get(domain)
    if standing is not None and (learnt := _learnt(standing)):
        share += learnt
        value += f"; of {standing.articles} articles so far {_said(standing)}: {learnt:+d}"
    return Reason(factor="provider", value=value, weight=weight, points=round(weight * share))


def _learnt(standing: Standing) -> int:
    """Whole points, so that what is said of them is what they are."""
    among = standing.articles + FEW
    return round(min(GAIN, RATE * standing.first / among) + max(LOSS, -RATE * standing.refused / among))


def _said(standing: Standing) -> str:
    parts = [f"{standing.first} first with what others took up"] if standing.first else []
    parts += [f"{standing.refused} refused by an editor"] if standing.refused else []
    return ", ".join(parts)
