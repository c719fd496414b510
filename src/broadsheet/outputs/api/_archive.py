"""Stories in the order in which they were printed, on pages that stay: a new story changes the last one alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from functools import partial
from typing import Any

from ... import urls
from ...types import Edition, File, Printing, Provider, Publication, Sheet, Story
from .. import _stories
from .._sheets import marks, sheet
from ._form import ROOT, file, time

PAGE = 100  # printings


def archive(edition: Edition, zone: tzinfo) -> Iterator[File | Sheet]:
    """`api/news/archive/N/index.json`, counted from the oldest story on, and `archive/index.json`, which lists them.

    What is no longer printed keeps its place and is not shown in it, so that no other story ever changes its page.
    """
    publication, printings = edition.publication, edition.printings
    stories = {story.id: story for story in edition.stories}
    pages = [printings[start : start + PAGE] for start in range(0, len(printings), PAGE)]
    listed = []
    for number, page in enumerate(pages, 1):
        path, span = f"{ROOT}/archive/{number}/index.json", _span(page, zone)
        shown = [(one, stories[one.story]) for one in page if one.story in stories]
        shows = [(one, story.name, b"" if _is_in(one, story) else marks(edition, [story])) for one, story in shown]
        make = partial(_made, publication, {"page": number, "previousPage": number - 1 or None, **span}, shown, zone)
        yield sheet(edition, path, (number, span, shows), make)
        url = _stories.absolute(publication, path)
        listed.append({"page": number, "url": url, **span, "stories": len(shown)})
    index = {"stories": sum(one["stories"] for one in listed), "pageSize": PAGE, "pages": listed}
    yield file(f"{ROOT}/archive/index.json", index)


def _made(
    publication: Publication, page: dict[str, Any], shown: Sequence[tuple[Printing, Story]], zone: tzinfo
) -> bytes:
    return file("", {**page, "value": [_shown(publication, one, story, zone) for one, story in shown]}).data


def _span(page: Sequence[Printing], zone: tzinfo) -> dict[str, Any]:
    return {"from": time(page[0].at, zone), "to": time(page[-1].at, zone)}


def _shown(publication: Publication, printing: Printing, story: Story, zone: tzinfo) -> dict[str, Any]:
    """A story as it was first printed. Where the article that led it then is in it no longer, as its lead is now."""
    first = printing if _is_in(printing, story) else story.lead
    page = _stories.absolute(publication, _stories.story_page(story)) if "site" in publication.outputs else None
    return {
        "id": printing.story,
        "url": _stories.absolute(publication, _stories.item_path(story.name)),
        "pageUrl": page,
        "title": first.title,
        "excerpt": first.excerpt,
        "webUrl": first.web_url if urls.is_http(first.web_url) else None,
        "type": first.type,
        "language": first.language or None,
        "publishedDateTime": time(first.published, zone),
        "printedDateTime": time(printing.at, zone),
        "provider": _provider(first.provider),
        "authors": list(first.authors),
        "topics": list(first.topics),
    }


def _is_in(printing: Printing, story: Story) -> bool:
    """True while the article that led it when it was first printed is in it."""
    return any(printing.url == article.url for article in story.articles)


def _provider(provider: Provider) -> dict[str, str]:
    return {"name": provider.name, "domain": provider.domain}
