"""Judge one article: its provider by the registry, its topics, its quality. Pure and picklable."""

from __future__ import annotations

import msgspec

from .. import providers, quality, tag
from ..types import Article, Publication


def judge(publication: Publication, article: Article) -> Article:
    """The article as this publication sees it. Judging twice gives the same as once."""
    registry = {provider.domain: provider for provider in publication.organizations}
    by_url = {source.url: source for source in publication.sources}
    listing = [by_url[url] for url in article.sources if url in by_url]
    override = next((source.provider for source in listing if source.provider), "")
    provider = providers.resolve(article.url, article.provider.name, registry, override)
    tiers = [source.tier for source in listing if source.tier]
    if tiers:
        provider = msgspec.structs.replace(provider, tier=min(tiers))
    tagged = tag.tag(
        msgspec.structs.replace(article, provider=provider), publication.topics, profile=publication.profile
    )
    scored = quality.score(tagged, publication)
    return msgspec.structs.replace(scored, scored_with=publication.fingerprint)
