"""The web site: front page, topic pages, story pages, about, 404 and robots.txt. No script, nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ... import ordering, text
from ...types import Edition, File, Publication, Story, Topic
from .. import _stories
from . import _linked, _view

SECONDS, CARDS, NEWEST = 3, 12, 9  # stories on the front page below the lead, and lines in its river
BRIEFS = ordering.FRONT - 1 - SECONDS - CARDS
PAGE = 30  # stories on one topic page
TABS = 9  # topics in the navigation; the others are one click away


def render(edition: Edition) -> Iterator[File]:
    """Every page. A story's page shows facts of that story alone, so it changes only when the story does."""
    shared = _shared(edition.publication)
    cards = {story.name: _view.card(edition.publication, story, edition.pictures) for story in edition.stories}
    yield _front(edition, cards, shared)
    topical = _stories.by_topic(edition)
    for topic in edition.publication.topics:
        found = _stories.shared_out(edition.publication, topical[topic.name], PAGE)
        yield from _topic(edition, topic, [cards[story.name] for story in found], shared)
    for story in edition.stories:
        yield _story(edition.publication, cards[story.name], shared)
        yield from (_moved(edition.publication, story, n, shared) for n in story.merged_names if n not in cards)
    yield _print(
        "about/index.html",
        "about.html",
        edition.publication,
        shared,
        root="../",
        title=f"How {edition.publication.title} is made",
        sources=[_view.source_line(s) for s in sorted(edition.publication.sources, key=lambda s: (s.title, s.url))],
        tree=_view.tree(edition.publication),
    )
    # The 404 page is served at any depth, so its links are absolute.
    home = _stories.absolute(edition.publication, "")
    yield _print("404.html", "missing.html", edition.publication, shared, root=home, title="Page not found")
    yield File(path="robots.txt", data=_robots(edition.publication).encode())


def _front(edition: Edition, cards: dict[str, _view.Card], shared: dict[str, object]) -> File:
    ranked = [cards[story.name] for story in edition.stories]
    second, third = 1 + SECONDS, 1 + SECONDS + CARDS
    newest = _stories.shared_out(edition.publication, edition.stories, NEWEST)[:NEWEST]
    river = [cards[story.name] for story in newest]
    return _print(
        "index.html",
        "front.html",
        edition.publication,
        shared,
        root="",
        title=edition.publication.title,
        description=edition.publication.description,
        updated=edition.updated,
        lead=ranked[0] if ranked else None,
        seconds=ranked[1:second],
        more=ranked[second:third],
        briefs=ranked[third : third + BRIEFS],
        river=_view.days(river),
        linked=_linked.listing(edition.publication, "", edition.publication.title, edition.stories[: third + BRIEFS]),
    )


def _topic(edition: Edition, topic: Topic, found: list[_view.Card], shared: dict[str, object]) -> Iterator[File]:
    publication = edition.publication
    last = max(1, -(-len(found) // PAGE))
    for number in range(1, last + 1):
        path, shown = _stories.topic_page(topic, number), found[(number - 1) * PAGE : number * PAGE]
        yield _print(
            f"{path}index.html",
            "topic.html",
            publication,
            shared,
            root="../" * path.count("/"),
            canonical=path,
            title=f"{topic.name} – {publication.title}" + (f", page {number}" if number > 1 else ""),
            description=f"News on {topic.name}, from many sources, explained.",
            topic=topic,
            above=_view.above(publication, topic),
            below=[child for child in publication.topics if child.parent == topic.name],
            days=_view.days(shown),
            count=len(found),
            number=number,
            last=last,
            feed_folder=_stories.topic_page(topic),
            linked=_linked.listing(publication, path, topic.name, [card.story for card in shown]),
        )


def _story(publication: Publication, card: _view.Card, shared: dict[str, object]) -> File:
    story: Story = card.story
    return _print(
        f"{card.page}index.html",
        "story.html",
        publication,
        shared,
        root="../../",
        title=f"{story.lead.title} – {publication.title}",
        description=_stories.summary(story.lead),
        kind="article",
        picture=card.picture,
        card=card,
        topics=[topic for topic in publication.topics if topic.name in story.lead.topics],
        coverage=_view.coverage(story),
        timeline=_view.timeline(story),
        heat=_view.total(story.reasons, story.heat),
        quality=_view.total(story.lead.reasons, story.lead.quality),
        claim=_view.claim(story),
        linked=_linked.coverage(publication, story),
    )


def _moved(publication: Publication, story: Story, name: str, shared: dict[str, object]) -> File:
    """The page of a story that went into this one: whoever has its address is led on, without a script."""
    page = _stories.story_page(story)
    return _print(
        f"story/{name}/index.html",
        "moved.html",
        publication,
        shared,
        root="../../",
        title=f"{story.lead.title} – {publication.title}",
        canonical=page,
        page=page,
        lead=story.lead,
    )


def _robots(publication: Publication) -> str:
    """Everything may be read. Source: RFC 9309; Sitemap is the line that the sitemaps protocol adds."""
    rules = "User-agent: *\nAllow: /\n"
    if "sitemap" not in publication.outputs:
        return rules
    return f"{rules}\nSitemap: {_stories.absolute(publication, 'sitemap.xml')}\n"


def _shared(publication: Publication) -> dict[str, object]:
    """What every page needs."""
    root = next((topic for topic in publication.topics if not topic.parent), None)
    children = [topic for topic in publication.topics if root and topic.parent == root.name]
    return {
        "all_stories": root,
        "tabs": children[:TABS],
        "language": _stories.language(publication.locale),
        "icon": _icon(publication.title),
    }


def _print(
    path: str, template: str, publication: Publication, shared: dict[str, object], *, title: str, **facts: object
) -> File:
    """One page from its template. canonical: path of its address, empty where it has none; else that of the file."""
    defaults: dict[str, object] = {
        "description": "",
        "kind": "website",
        "linked": "",
        "picture": None,
        "feed_folder": "",
        "topic": None,
        "canonical": path.removesuffix("index.html"),
        "is_front": template == "front.html",
    }
    page = _environment().get_template(template).render(
        **(defaults | shared | facts), publication=publication, title=title, indexed=template != "missing.html"
    )  # fmt: skip
    return File(path=path, data=page.encode())


@cache
def _environment() -> Environment:
    """Templates with every value escaped, and every string cleaned of characters that HTML forbids."""
    environment = Environment(
        loader=PackageLoader("broadsheet.outputs.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_cleaned,
    )
    style, digest = _style()
    environment.globals.update(style=style, style_digest=digest)
    environment.globals.update(absolute=_stories.absolute, topic_page=_stories.topic_page)
    environment.filters.update(
        href=_stories.target, source=_stories.provider_name, summary=_stories.summary, iso=_stories.rfc3339,
        lang=_view.lang_and_dir, day=_view.day, clock=_view.clock, moment=_view.moment, plural=_view.plural,
        headline=_view.headline, signed=_view.signed,
    )  # fmt: skip
    return environment


def _cleaned(value: object) -> object:
    """A string without the characters that HTML forbids; a space at its ends stays, markup of ours passes."""
    if type(value) is not str:
        return value
    return f"{' ' * value.startswith(' ')}{text.clean(value)}{' ' * value.endswith(' ')}"


def _style() -> tuple[Markup, str]:
    """The style sheet without its comments and spare white space, and its hash for the content security policy."""
    written = files(__package__).joinpath("style.css").read_text(encoding="utf-8")
    sheet = re.sub(r"/\*.*?\*/", "", written, flags=re.DOTALL)
    sheet = re.sub(r"\s*([{};,])\s*", r"\1", " ".join(sheet.split())).replace(";}", "}")
    return Markup(sheet), base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()  # noqa: S704 (our own file)


def _icon(title: str) -> str:
    """The first letter of the title as a picture in a data URL, so that no page asks for an icon."""
    letter = next((char.upper() for char in title if char.isalnum()), "B")
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        '<rect width="32" height="32" rx="4" fill="#8c1c13"/>'
        '<text x="16" y="24" font-family="serif" font-weight="700" font-size="24" text-anchor="middle" fill="#fff">'
        f"{letter}</text></svg>"
    )
    return "data:image/svg+xml," + quote(drawing, safe="")
