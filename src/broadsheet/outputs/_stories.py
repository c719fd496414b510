"""What feeds, sitemap and site say alike of a story: its address, its links, its words, and when it last changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from html import escape
from urllib.parse import quote

import msgspec

from .. import ordering, text, urls
from ..types import Article, Edition, Publication, Story, Topic

FEED_LENGTH = 50  # stories in one feed
SUMMARY = 260  # characters of an excerpt on a page or in a feed
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")  # BCP 47, as far as we meet it
NAME = re.compile(r"(\d{4})-(\d\d)-(\d\d)-(.+)", re.ASCII)  # of a story's page
# A host name as one folder of any file system: lower case, no empty label, and no name that Windows keeps for itself.
DOMAIN = re.compile(r"(?!(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
LONGEST = 200  # characters of a domain that has a page; file systems take 255 bytes
NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # when a list without stories last changed: the same in every edition


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """What one feed carries, whatever its format. folder: where it lies, with a trailing slash; empty for the main."""

    folder: str
    title: str
    description: str
    page: str  # path of the page that shows the same stories
    stories: tuple[Story, ...]  # newest first
    updated: datetime


def story_page(story: Story) -> str:
    """Path of a story's page below the publication: `story/2026-03-02-ferry-line-opens/`."""
    return f"story/{story.name.removesuffix('.md')}/"


def item_page(story: Story) -> str:
    """Path of a story's JSON in the output `api`: `api/news/2026/03/02/ferry-line-opens/index.json`.

    A name of another form, which an import can bring, is below `undated/`.
    """
    name = story.name.removesuffix(".md")
    dated = NAME.fullmatch(name)
    return f"api/news/{'/'.join(dated.groups()) if dated else f'undated/{name}'}/index.json"


def provider_page(domain: str) -> str:
    """Path of a provider's page: `provider/harbour.example/`; empty where its domain can be no folder's name."""
    return f"provider/{domain}/" if len(domain) <= LONGEST and DOMAIN.fullmatch(domain) else ""


def topic_page(topic: Topic, number: int = 1) -> str:
    """Path of a topic's page; `number` counts from 1."""
    return f"topic/{topic.id}/" if number == 1 else f"topic/{topic.id}/page/{number}/"


def absolute(publication: Publication, path: str) -> str:
    """Absolute URL of a path of ours."""
    return f"{publication.url.rstrip('/')}/{quote(path)}"


def target(article: Article) -> str:
    """Where a reader of the article is sent; empty for what is embedded on our own page, or is no web address."""
    return article.web_url if urls.is_http(article.web_url) else ""


def address(publication: Publication, story: Story, article: Article) -> str:
    """Absolute URL for an article: the original, or the story's page where there is none."""
    return target(article) or absolute(publication, story_page(story))


def provider_name(article: Article) -> str:
    return text.clean(article.provider.name) or article.provider.domain


def others(story: Story) -> tuple[Article, ...]:
    """The first article of every provider but the lead's, in the story's order."""
    firsts: dict[str, Article] = {}
    for article in story.related:
        if article.provider.domain != story.lead.provider.domain:
            firsts.setdefault(article.provider.domain, article)
    return tuple(firsts.values())


def summary(article: Article, most: int = SUMMARY) -> str:
    """Its excerpt as plain text of at most `most` characters."""
    return text.excerpt(article.excerpt, most)


def newest_first(stories: Iterable[Story]) -> tuple[Story, ...]:
    """By the time of the lead, the newest first, ties by name."""
    return tuple(sorted(stories, key=lambda story: (-story.lead.published.timestamp(), story.name)))


def shared_out(publication: Publication, stories: Iterable[Story], size: int) -> tuple[Story, ...]:
    """Newest first on each page of `size`, but what a provider has beyond its share of a page goes on to the next."""
    return ordering.spread(newest_first(stories), size, publication.provider_share)


def changed(stories: Iterable[Story]) -> datetime:
    """The newest fact in these stories, as an edition reckons its own: when an article appeared; NEVER without any."""
    facts = (min(article.published, article.first_seen) for story in stories for article in story.articles)
    return max(facts, default=NEVER)


def by_topic(edition: Edition) -> dict[str, tuple[Story, ...]]:
    """Topic name -> its stories, newest first; every configured topic has a key. A story has the topics of its lead."""
    found: dict[str, list[Story]] = {topic.name: [] for topic in edition.publication.topics}
    for story in newest_first(edition.stories):
        for name in dict.fromkeys(story.lead.topics):
            if name in found:
                found[name].append(story)
    return {name: tuple(stories) for name, stories in found.items()}


def feeds(edition: Edition) -> Iterator[Feed]:
    """The main feed, then one for each topic, in the order of the topic tree."""
    publication = edition.publication
    title, words = text.clean(publication.title), text.clean(publication.description)
    stories = shared_out(publication, edition.stories, FEED_LENGTH)[:FEED_LENGTH]
    yield Feed(folder="", title=title, description=words or title, page="", stories=stories, updated=edition.updated)
    topical = by_topic(edition)
    for topic in publication.topics:
        chosen = shared_out(publication, topical[topic.name], FEED_LENGTH)[:FEED_LENGTH]
        name, page = text.clean(topic.name), topic_page(topic)
        yield Feed(
            folder=page,
            title=f"{name} – {title}",
            description=f"News on {name} from {title}",
            page=page,
            stories=chosen,
            updated=changed(chosen),
        )


def content(publication: Publication, story: Story) -> str:
    """HTML of a feed's item: the excerpt, where to read it, and who else reports."""
    lead = story.lead
    lines = [f"<p>{escape(summary(lead))}</p>"] if lead.excerpt.strip() else []
    lines.append(f"<p>Read at {_link(publication, story, lead)}</p>")
    more = ", ".join(_link(publication, story, article) for article in others(story))
    if more:
        lines.append(f"<p>More: {more}</p>")
    return "".join(lines)


def _link(publication: Publication, story: Story, article: Article) -> str:
    url, title = address(publication, story, article), text.clean(article.title)
    return f'<a href="{escape(url)}" title="{escape(title)}">{escape(provider_name(article))}</a>'


def rfc3339(moment: datetime) -> str:
    """`2026-03-02T12:00:00Z`. Source: RFC 3339, section 5.6."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def language(locale: str) -> str:
    """A locale as BCP 47 writes it: `en-us` -> `en-US`."""
    first, *rest = locale.replace("_", "-").split("-")
    return "-".join([first.lower(), *(part.upper() if len(part) == 2 else part.title() for part in rest)])


def is_language(tag: str) -> bool:
    """True when `tag` may stand in a `lang` attribute."""
    return LANGUAGE.fullmatch(tag) is not None
