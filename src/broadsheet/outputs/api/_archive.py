"""Stories in the order in which they were printed, on pages that stay: a new story changes the last one alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import Any

from ... import urls
from ...types import Edition, File, Printing, Provider, Publication, Story
from .. import _stories
from ._form import ROOT, file, time

PAGE = 100  # printings


def archive(edition: Edition, zone: tzinfo) -> Iterator[File]:
    """`api/news/archive/N/index.json`, counted from the oldest story on, and `archive/index.json`, which lists them.

    What is no longer printed keeps its place and is not shown in it, so that no other story ever changes its page.
    """
    publication, printings = edition.publication, edition.printings
    stories = {story.id: story for story in edition.stories}
    pages = [printings[start : start + PAGE] for start in range(0, len(printings), PAGE)]
    listed = []
    for number, page in enumerate(pages, 1):
        value = [_shown(publication, one, stories[one.story], zone) for one in page if one.story in stories]
        made = file(
            f"{ROOT}/archive/{number}/index.json",
            {"page": number, "previousPage": number - 1 or None, **_span(page, zone), "value": value},
        )
        listed.append(
            {
                "page": number,
                "url": _stories.absolute(publication, made.path),
                **_span(page, zone),
                "stories": len(value),
            }
        )
        yield made
    index = {"stories": sum(one["stories"] for one in listed), "pageSize": PAGE, "pages": listed}
    yield file(f"{ROOT}/archive/index.json", index)


def _span(page: Sequence[Printing], zone: tzinfo) -> dict[str, Any]:
    return {"from": time(page[0].at, zone), "to": time(page[-1].at, zone)}


def _shown(publication: Publication, printing: Printing, story: Story, zone: tzinfo) -> dict[str, Any]:
    """A story as it was first printed. Where the article that led it then is in it no longer, as its lead is now."""
    first = printing if any(printing.url == article.url for article in story.articles) else story.lead
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


def _provider(provider: Provider) -> dict[str, str]:
    return {"name": provider.name, "domain": provider.domain}
