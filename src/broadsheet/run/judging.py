"""Judge one article: its provider by the registry, its topics, its quality. Pure and picklable."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

import msgspec

from .. import providers, quality, tag
from ..types import Article, Provider, Publication, Source


class Known(NamedTuple):
    """What a publication knows, to be looked up: providers of the registry by domain, sources by URL."""

    registry: Mapping[str, Provider]
    sources: Mapping[str, Source]


class _Same:
    """A publication as a key that is this very one: to compare two of them costs more than what is looked up."""

    __slots__ = ("publication",)

    def __init__(self, publication: Publication) -> None:
        self.publication = publication

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.publication is other.publication

    def __hash__(self) -> int:
        return id(self.publication)


def known(publication: Publication) -> Known:
    """Made once for each publication, not for each article."""
    return _known(_Same(publication))


@lru_cache(maxsize=4)
def _known(key: _Same) -> Known:
    return Known(
        registry={provider.domain: provider for provider in key.publication.organizations},
        sources={source.url: source for source in key.publication.sources},
    )


def judge(publication: Publication, article: Article) -> Article:
    """The article as this publication sees it. Judging twice gives the same as once."""
    registry, sources = known(publication)
    listing = [sources[url] for url in article.sources if url in sources]
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
