"""The page of a provider: what of it is printed here, how often it led, and how often it was first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from ... import urls
from ...types import Article, File, Picture, Publication, Story
from .. import _stories
from ._lists import Supplier
from ._page import page

RECENT = 30  # stories on a provider's page


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One story in the list of a provider. article: that provider's own, the best of it."""

    article: Article
    page: str
    sources: int  # providers in all
    leads: bool


def provider_pages(
    publication: Publication,
    suppliers: Sequence[Supplier],
    logos: Mapping[str, Picture],
    printed: int,
    shared: dict[str, object],
) -> Iterator[File]:
    """The pages of all providers, and the list of them. logos: as in Edition. printed: stories in all."""
    here = [one for one in suppliers if _stories.provider_page(one.domain)]
    for one in here:
        yield _provider(publication, one, logos.get(one.domain), printed, shared)
    yield page(
        "provider/index.html",
        "providers.html",
        publication,
        shared,
        root="../",
        title=f"Providers – {publication.title}",
        description=f"Whose reports {publication.title} prints.",
        suppliers=sorted(here, key=lambda one: (one.name.casefold(), one.domain)),
    )


def _provider(
    publication: Publication, one: Supplier, logo: Picture | None, printed: int, shared: dict[str, object]
) -> File:
    newest = sorted(one.told, key=lambda told: (-told[1].published.timestamp(), told[0].name))[:RECENT]
    return page(
        f"{_stories.provider_page(one.domain)}index.html",
        "provider.html",
        publication,
        shared,
        root="../../",
        title=f"{one.name} – {publication.title}",
        description=f"What {publication.title} prints of {one.name}.",
        supplier=one,
        site=urls.readable(one.domain),
        logo=logo if logo is not None and logo.sides else None,
        share=share(len(one.told), printed),
        reports=[_report(story, article) for story, article in newest],
    )


def _report(story: Story, article: Article) -> Report:
    return Report(
        article=article,
        page=_stories.story_page(story),
        sources=len(_stories.others(story)) + 1,
        leads=article is story.lead,
    )


def share(part: int, whole: int) -> str:
    """`4 %`, in whole numbers, so that a page does not change with every story of somebody else."""
    percent = 100 * part / whole
    return f"{percent:.0f} %" if percent >= 1 else "under 1 %"
