"""What feeds, sitemap and site say alike of a story: its address, its links, its words, and when it last changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from html import escape
from urllib.parse import quote

import msgspec

from .. import ordering, text, urls
from ..errors import ParseError
from ..types import Article, Edition, Picture, Printing, Publication, Source, Story, Topic
from ._asked import asked_once

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


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a feed, whatever its format: plain text that is clean, addresses that are absolute."""

    page: str  # our page for it, which never moves: its id in every format
    title: str
    provider: str
    original: str  # where to read it: at the provider, or on our page where it is embedded there
    target: str  # the same, but empty where it is embedded on our page
    published: datetime
    updated: datetime
    authors: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    language: str = ""  # as BCP 47 has it; empty where it is not known
    summary: str = ""
    content: str  # HTML
    picture: Picture | None = None  # of its lead, where it is kept
    heat: int | None = None  # of what is printed now
    sources: int = 0
    paywalled: bool = False


def story_page(story: Story) -> str:
    """Path of a story's page below the publication: `story/2026-03-02-ferry-line-opens/`."""
    return page_of(story.name)


def page_of(name: str) -> str:
    """Path of the page that has this name: `page_of("2026-03-02-ferry-line-opens")`."""
    return f"story/{name.removesuffix('.md')}/"


def item_path(name: str) -> str:
    """Where the JSON of the story whose page has this name lies: `api/news/2026/03/02/ferry-line-opens/index.json`.

    A name of another form, which an import can bring, goes below `undated/`.
    """
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


def shared_out(
    publication: Publication, stories: Iterable[Story], size: int, most: int | None = None
) -> tuple[Story, ...]:
    """Newest first on each page of `size`, but what a provider has beyond its share of a page goes on to the next.

    most: so many of the first, or all.
    """
    return ordering.spread(newest_first(stories), size, publication.provider_share, most)


def changed(stories: Iterable[Story]) -> datetime:
    """The newest fact in these stories, as an edition reckons its own: when an article appeared; NEVER without any."""
    facts = (min(article.published, article.first_seen) for story in stories for article in story.articles)
    return max(facts, default=NEVER)


@asked_once
def newest(edition: Edition) -> tuple[Story, ...]:
    """All its stories, the newest first, see newest_first."""
    return newest_first(edition.stories)


@asked_once
def by_topic(edition: Edition) -> dict[str, tuple[Story, ...]]:
    """Topic name -> its stories, newest first; every configured topic has a key. A story has the topics of its lead."""
    found: dict[str, list[Story]] = {topic.name: [] for topic in edition.publication.topics}
    for story in newest(edition):
        for name in dict.fromkeys(story.lead.topics):
            if name in found:
                found[name].append(story)
    return {name: tuple(stories) for name, stories in found.items()}


def feeds(edition: Edition) -> Iterator[Feed]:
    """The main feed, then one for each topic in the order of the topic tree, each with its newest fifty stories."""
    publication = edition.publication
    stories = shared_out(publication, edition.stories, FEED_LENGTH, FEED_LENGTH)
    yield feed(edition, None, stories)
    topical = by_topic(edition)
    for topic in publication.topics:
        yield feed(edition, topic, shared_out(publication, topical[topic.name], FEED_LENGTH, FEED_LENGTH))


def feed(edition: Edition, topic: Topic | None, stories: tuple[Story, ...]) -> Feed:
    """The feed of a topic, or the main one where that is None, with these stories."""
    title, words = text.clean(edition.publication.title), text.clean(edition.publication.description)
    if topic is None:
        return Feed(
            folder="", title=title, description=words or title, page="", stories=stories, updated=edition.updated
        )
    name, page = text.clean(topic.name), topic_page(topic)
    return Feed(
        folder=page,
        title=f"{name} – {title}",
        description=f"News on {name} from {title}",
        page=page,
        stories=stories,
        updated=changed(stories),
    )


def item(edition: Edition, story: Story) -> Item:
    """A story as a feed shows it now."""
    publication, lead = edition.publication, story.lead
    image = lead.images[0] if lead.images else None
    page = absolute(publication, story_page(story))
    return Item(
        page=page,
        title=text.clean(lead.title) or provider_name(lead),
        provider=provider_name(lead),
        original=address(publication, story, lead),
        target=target(lead),
        published=lead.published,
        updated=changed([story]),
        authors=_cleaned(lead.authors),
        topics=_cleaned(lead.topics),
        language=lead.language if is_language(lead.language) else "",
        summary=summary(lead),
        content=content(publication, story),
        picture=edition.pictures.get(image.url) if image is not None and image.is_cached else None,
        heat=story.heat,
        sources=len(others(story)) + 1,
        paywalled=lead.paywalled,
    )


def item_of(publication: Publication, printing: Printing) -> Item:
    """A story as a feed shows it for ever: what was true when it was first printed, so that it does not change."""
    page = absolute(publication, page_of(printing.name))
    provider = text.clean(printing.provider.name) or printing.provider.domain
    sent_to = printing.web_url if urls.is_http(printing.web_url) else ""
    title, words = text.clean(printing.title) or provider, text.excerpt(printing.excerpt, SUMMARY)
    return Item(
        page=page,
        title=title,
        provider=provider,
        original=sent_to or page,
        target=sent_to,
        published=printing.published,
        updated=min(printing.published, printing.at),
        authors=_cleaned(printing.authors),
        topics=_cleaned(printing.topics),
        language=printing.language if is_language(printing.language) else "",
        summary=words,
        content=_content(words, _anchor(sent_to or page, title, provider), ()),
    )


def shown_address(publication: Publication, source: Source) -> str:
    """Address of a source as strangers may see it; empty where it may be private: a query or a password can hold a key,
    and a host of `fetch.private` is nobody else's business."""
    return source.url if shown_host(publication, source) and not urls.parse(source.url).search else ""


def shown_host(publication: Publication, source: Source) -> str:
    """Host of a source as strangers may see it; empty where that is one of `fetch.private`, or none."""
    try:
        host = urls.parse(source.url).hostname
    except ParseError:  # also where the address carries a password
        return ""
    plain = host.strip("[]")
    hidden = any(plain == name or (name[:2] == "*." and plain.endswith(name[1:])) for name in publication.fetch.private)
    return "" if hidden else host


def picture(publication: Publication, kept: Picture) -> dict[str, str]:
    """Address, type and size in pixels of the widest copy of a kept picture that every client can show."""
    width = kept.widths[-1]
    url = absolute(publication, kept.path(f"{width}.jpg"))
    return {"url": url, "type": "image/jpeg", "width": str(width), "height": str(kept.height_at(width))}


def content(publication: Publication, story: Story) -> str:
    """HTML of a feed's item: the excerpt, where to read it, and who else reports."""
    more = [_link(publication, story, article) for article in others(story)]
    return _content(summary(story.lead), _link(publication, story, story.lead), more)


def _content(words: str, link: str, more: Sequence[str]) -> str:
    lines = [f"<p>{escape(words)}</p>"] if words else []
    lines.append(f"<p>Read at {link}</p>")
    if more:
        lines.append(f"<p>More: {', '.join(more)}</p>")
    return "".join(lines)


def _link(publication: Publication, story: Story, article: Article) -> str:
    return _anchor(address(publication, story, article), text.clean(article.title), provider_name(article))


def _anchor(url: str, title: str, words: str) -> str:
    return f'<a href="{escape(url)}" title="{escape(title)}">{escape(words)}</a>'


def _cleaned(words: Iterable[str]) -> tuple[str, ...]:
    """Each once, without those that say nothing."""
    return tuple(dict.fromkeys(filter(None, map(text.clean, words))))


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
