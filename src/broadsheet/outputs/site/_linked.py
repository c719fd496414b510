"""Linked data (JSON-LD): a page is a collection of articles that other publishers wrote."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from markupsafe import Markup

from ... import text
from ...types import Article, Publication, Story
from .. import _stories
from . import _view

HEADLINE = 110  # characters, the most that search engines take
ITEMS = 8  # of one list: all would be a fifth of the page, and all of them are in its JSON
COVERED = 3  # articles of one story
# So that no text can end the script element or start a comment in it; JavaScript's line ends for older parsers.
_UNSAFE = str.maketrans({char: f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"})


def listing(publication: Publication, path: str, name: str, stories: Sequence[Story]) -> Markup:
    """The page at `path` as a collection of the stories' leads, the first of them by name."""
    items = [_item(publication, story, story.lead) for story in stories[:ITEMS]]
    return _collection(publication, path, name, items, len(stories))


def coverage(publication: Publication, story: Story) -> Markup:
    """A story's page as a collection of its articles, the first of them by name."""
    items = [_item(publication, story, article) for article in story.articles[:COVERED]]
    name = text.excerpt(story.lead.title, HEADLINE)
    return _collection(publication, _stories.story_page(story), name, items, len(story.articles))


def _collection(publication: Publication, path: str, name: str, items: list[dict[str, object]], count: int) -> Markup:
    document = {
        "@context": "https://schema.org",
        "@type": "CollectionPage",
        "name": text.clean(name),
        "url": _stories.absolute(publication, path),
        "isPartOf": {
            "@type": "WebSite",
            "name": text.clean(publication.title),
            "url": _stories.absolute(publication, ""),
        },
        "mainEntity": {
            "@type": "ItemList",
            "numberOfItems": count,
            "itemListElement": [
                {"@type": "ListItem", "position": place, "item": item} for place, item in enumerate(items, start=1)
            ],
        },
    }
    return Markup(msgspec.json.encode(document).decode().translate(_UNSAFE))  # noqa: S704 (escaped one line above)


def _item(publication: Publication, story: Story, article: Article) -> dict[str, object]:
    """The original, at its own address and under its own publisher's name. Source: schema.org."""
    title, published = text.excerpt(article.title, HEADLINE), _stories.rfc3339(article.published)
    video = article.type == "video"
    return {
        "@type": "VideoObject" if video else "NewsArticle",
        ("name" if video else "headline"): title,
        "url": _stories.address(publication, story, article),
        ("uploadDate" if video else "datePublished"): published,
        "publisher": {"@type": "Organization", "name": _view.source(article)},
        **({"isAccessibleForFree": False} if article.paywalled else {}),
    }
