"""The page of a provider: what of it is printed here, how often it led, and how often it was first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import msgspec

from ... import urls
from ...types import Article, Edition, File, Picture, Publication, Sheet, Story
from .. import _stories
from .._sheets import marks, sheet
from ._lists import Supplier
from ._page import Shared, page

RECENT = 30  # stories on a provider's page


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One story in the list of a provider. article: that provider's own, the best of it."""

    article: Article
    page: str
    sources: int  # providers in all
    leads: bool


def provider_pages(edition: Edition, suppliers: Sequence[Supplier], shared: Shared) -> Iterator[File | Sheet]:
    """The pages of all providers, and the list of them."""
    publication = edition.publication
    here = [one for one in suppliers if _stories.provider_page(one.domain)]
    for one in here:
        logo, part = edition.logos.get(one.domain), share(len(one.told), len(edition.stories))
        newest = sorted(one.told, key=lambda told: (-told[1].published.timestamp(), told[0].name))[:RECENT]
        shows = (marks(edition, (story for story, _ in newest)), logo, part, one.name, one.owner, one.leads, one.firsts)
        make = partial(_made, publication, one, newest, logo, part, shared)
        yield sheet(edition, f"{_stories.provider_page(one.domain)}index.html", (*shows, len(one.told)), make)
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


def _made(
    publication: Publication,
    one: Supplier,
    newest: Sequence[tuple[Story, Article]],
    logo: Picture | None,
    part: str,
    shared: Shared,
) -> bytes:
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
        share=part,
        reports=[_report(story, article) for story, article in newest],
    ).data


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
