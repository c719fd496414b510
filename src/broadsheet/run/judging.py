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
    filed = next((source for source in listing if source.provider), None)
    claimed = article.publisher or article.provider
    provider = providers.resolve(
        article.url,
        claimed.name,
        registry,
        filed.provider if filed else "",
        source_title=filed.title if filed else "",
        logos=claimed.images,
    )
    tiers = [source.tier for source in listing if source.tier]
    if tiers:
        provider = msgspec.structs.replace(provider, tier=min(tiers))
    judged = msgspec.structs.replace(article, provider=provider, voice=voice(article))
    tagged = tag.tag(
        judged,
        publication.topics,
        profile=publication.profile,
        learnt=publication.learnt.contexts,
        places=publication.places,
    )
    scored = quality.score(tagged, publication)
    return msgspec.structs.replace(scored, scored_with=publication.fingerprint)


def voice(article: Article) -> str:
    """Domain on whose account it reports: the agency's, else that of the site it was taken from; empty for its own."""
    if article.agency or not article.syndicated_from:
        return article.agency
    return providers.domain(article.syndicated_from)
