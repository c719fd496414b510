"""Which kept pictures an edition shows: those of its leads, and the logos of the providers in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from .. import providers
from ..types import Article, Edition, Image, Picture, Provider, Publication, Story


def leads(stories: Iterable[Story]) -> dict[str, Article]:
    """Address of a lead picture -> the article that it leads, of stories that are printed; the first story's where two
    have one picture. What its publisher wants left alone is not among them."""
    found: dict[str, Article] = {}
    for story in stories:
        if story.published and story.lead.images and story.lead.rights.images:
            found.setdefault(story.lead.images[0].url, story.lead)
    return found


def logos(stories: Iterable[Story], publication: Publication) -> dict[str, tuple[Image, ...]]:
    """Domain -> what may be its logo, of every provider in stories that are printed.

    It is what the registry names, and where that is nothing, what the provider's own pages show of their site. Where
    a file of the publication's own site is named nobody is asked.
    """
    registry = {provider.domain: provider for provider in publication.organizations}
    claimed: dict[str, list[Image]] = {}
    for story in stories:
        for article in story.articles if story.published else ():
            provider = article.provider
            page = article.publisher or (None if provider.known else provider)
            claims = claimed.setdefault(provider.domain, [])
            if page is not None and page.domain == provider.domain and article.rights.images:
                claims += page.images
    return dict(_logos(claimed, registry, publication.url))


def _logos(
    claimed: Mapping[str, Sequence[Image]], registry: Mapping[str, Provider], site: str
) -> Iterator[tuple[str, tuple[Image, ...]]]:
    for domain, claims in claimed.items():
        offered = (registry[domain].images if domain in registry else ()) or claims
        if not any(image.url.startswith(site) for image in offered):
            yield domain, providers.logos(offered)


def chosen(claims: Sequence[Image], kept: Mapping[str, Picture]) -> Picture | None:
    """The largest logo that is kept, of equals the first; None without one. kept: by address."""
    here = [kept[image.url] for image in claims if image.url in kept]
    return max(here, key=lambda picture: min(picture.width, picture.height), default=None)


def illustrated(stories: Sequence[Story], publication: Publication, kept: Sequence[Picture]) -> tuple[Story, ...]:
    """Stories whose articles say which of their pictures are ours. kept: those whose files are there.

    A provider with a logo of ours has that in the place of the claimed ones, in its small and its large form.
    """
    shown = _leads_kept(stories, kept)
    marks = {domain: _own(publication, logo) for domain, logo in _logos_kept(stories, publication, kept).items()}
    found = []
    for story in stories:
        articles = [_illustrated(article, shown, marks) for article in story.articles]
        same = all(new is old for new, old in zip(articles, story.articles, strict=True))
        found.append(story if same else msgspec.structs.replace(story, articles=tuple(articles)))
    return tuple(found)


def with_pictures(edition: Edition, stories: Sequence[Story], kept: Sequence[Picture]) -> Edition:
    """The edition with the pictures that are printed with it. stories: before they were illustrated."""
    return msgspec.structs.replace(
        edition, pictures=_leads_kept(stories, kept), logos=_logos_kept(stories, edition.publication, kept)
    )


def printed(edition: Edition) -> tuple[Picture, ...]:
    """Every picture whose files are printed with the edition, those of two addresses with the same bytes once."""
    return tuple(
        {
            picture.path(picture.use): picture for picture in (*edition.pictures.values(), *edition.logos.values())
        }.values()
    )


def _leads_kept(stories: Iterable[Story], kept: Iterable[Picture]) -> dict[str, Picture]:
    """Address -> kept picture, of the leads that are printed."""
    by_url = {picture.url: picture for picture in kept if picture.use == "lead"}
    return {url: by_url[url] for url in sorted(leads(stories)) if url in by_url}


def _logos_kept(stories: Iterable[Story], publication: Publication, kept: Iterable[Picture]) -> dict[str, Picture]:
    """Domain -> kept logo, of the providers that are printed."""
    by_url = {picture.url: picture for picture in kept if picture.use == "logo"}
    claims = logos(stories, publication) if by_url else {}
    found = ((domain, chosen(images, by_url)) for domain, images in sorted(claims.items()))
    return {domain: logo for domain, logo in found if logo is not None}


def _illustrated(article: Article, shown: Mapping[str, Picture], marks: Mapping[str, tuple[Image, ...]]) -> Article:
    images = tuple(_marked(image, shown.get(image.url) if article.rights.images else None) for image in article.images)
    provider = article.provider
    if provider.domain in marks:
        provider = msgspec.structs.replace(provider, images=marks[provider.domain])
    if provider is article.provider and all(new is old for new, old in zip(images, article.images, strict=True)):
        return article
    return msgspec.structs.replace(article, images=images, provider=provider)


def _marked(image: Image, picture: Picture | None) -> Image:
    """An image that says whether it is kept here; one without a size has that of what is kept."""
    if picture is not None and not (image.width and image.height):
        image = msgspec.structs.replace(image, width=picture.width, height=picture.height)
    is_cached = picture is not None
    return image if image.is_cached == is_cached else msgspec.structs.replace(image, is_cached=is_cached)


def _own(publication: Publication, logo: Picture) -> tuple[Image, ...]:
    """A kept logo as a provider carries it: files of our own site."""
    return tuple(
        Image(url=f"{publication.url}{logo.path(f'{side}x{side}.png')}", width=side, height=side, is_cached=True)
        for side in logo.sides
    )
