"""What the templates show: cards, days, coverage, sums; plain values, so that a template only places them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import groupby

import msgspec
from markupsafe import Markup, escape

from ... import text
from ...types import Article, Change, Picture, Publication, Reason, Source, Story, Topic
from .. import _stories

MORE = 3  # other providers that a card names
MOMENTS = 12  # of a timeline
NAME = 80  # characters of a provider's name
RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"})
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A story wherever it is listed. page: path of our page for it; more: articles of other providers, some of them."""

    story: Story
    page: str
    kicker: Topic | None
    more: tuple[Article, ...]
    unnamed: int  # other providers that `more` leaves out
    picture: Picture | None  # of its lead, where it is kept
    sources: int  # providers in all

    @property
    def lead(self) -> Article:
        return self.story.lead


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a story's coverage."""

    article: Article
    original: Article | None  # whose report it repeats
    first: bool  # nobody here reported earlier
    leads: bool


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """What one provider says of a story, by time. page: path of the provider's page; empty where it has none."""

    name: str
    page: str
    members: tuple[Member, ...]


class Sum(msgspec.Struct, frozen=True, kw_only=True):
    """Reasons with points that add up to `total`; rest: what they do not account for."""

    reasons: tuple[Reason, ...]
    rest: int
    total: int


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One source of the publication; url is empty where it may be private."""

    title: str
    url: str
    kind: str


class Branch(msgspec.Struct, frozen=True, kw_only=True):
    """A topic and the branches below it."""

    topic: Topic
    below: tuple[Branch, ...]


def card(publication: Publication, story: Story, pictures: Mapping[str, Picture]) -> Card:
    """pictures: see Edition."""
    others = _stories.others(story)
    image = story.lead.images[0] if story.lead.images else None
    return Card(
        story=story,
        page=_stories.story_page(story),
        kicker=kicker(publication, story.lead),
        more=others[:MORE],
        unnamed=len(others[MORE:]),
        picture=pictures.get(image.url) if image is not None and image.is_cached else None,
        sources=len(others) + 1,
    )


def kicker(publication: Publication, article: Article) -> Topic | None:
    """The most special topic of an article: deepest in the tree, then first in it; the root says nothing."""
    found = [topic for topic in publication.topics if topic.parent and topic.name in article.topics]
    return max(found, key=lambda topic: len(above(publication, topic)), default=None)


def above(publication: Publication, topic: Topic) -> tuple[Topic, ...]:
    """The ancestors of a topic, the root first."""
    named = {other.name: other for other in publication.topics}
    path: list[Topic] = []
    while topic.parent in named and named[topic.parent] not in path:
        topic = named[topic.parent]
        path.insert(0, topic)
    return tuple(path)


def tree(publication: Publication, parent: str = "") -> tuple[Branch, ...]:
    """The topics below `parent` and theirs, in the order of their files. A circle has no way in from the root."""
    found = (topic for topic in publication.topics if topic.parent == parent)
    return tuple(Branch(topic=topic, below=tree(publication, topic.name)) for topic in found)


def days(cards: Iterable[Card]) -> list[tuple[date, list[Card]]]:
    """Cards by the UTC day of their lead, in the order given."""
    return [(day, list(group)) for day, group in groupby(cards, key=lambda card: _date(card.lead))]


def coverage(story: Story) -> list[Coverage]:
    """Every article of a story by provider, in the order of their best: the lead's, then by their claim to lead."""
    by_url = {article.url: article for article in story.articles}
    first = min(story.articles, key=lambda article: article.published)
    alone = len(story.articles) == 1
    by_provider: dict[str, list[Member]] = {}
    for article in story.articles:
        member = Member(
            article=article,
            original=by_url.get(story.reprints[article.url].original) if article.url in story.reprints else None,
            first=article is first and not alone and article.date_known,
            leads=article is story.lead,
        )
        by_provider.setdefault(article.provider.domain, []).append(member)
    return [
        Coverage(
            name=source(members[0].article),
            page=_stories.provider_page(domain),
            members=tuple(sorted(members, key=lambda member: (member.article.published, member.article.url))),
        )
        for domain, members in by_provider.items()
    ]


def timeline(story: Story) -> list[tuple[date, list[Article]]]:
    """A story's developments by day, the oldest first, or all its articles where none are known; the last of them
    where they are many. Empty where they all appeared on one day."""
    told = {development.url for development in story.developments}
    articles = [article for article in story.articles if not told or article.url in told]
    ordered = sorted(articles, key=lambda article: (article.published, article.url))[-MOMENTS:]
    found = [(day, list(group)) for day, group in groupby(ordered, key=_date)]
    return found if len(found) > 1 else []


def total(reasons: Sequence[Reason], points: int) -> Sum:
    """Reasons that gave something, and what they leave unexplained (a floor at 0, or a number that was imported)."""
    told = tuple(reason for reason in reasons if reason.points)
    return Sum(reasons=told, rest=points - sum(reason.points for reason in told), total=points)


def claim(story: Story) -> Sum | None:
    """What speaks for its lead beside the others; None where nobody else could lead."""
    reasons = story.claims.get(story.lead.url, ())
    return total(reasons, sum(reason.points for reason in reasons)) if reasons else None


def source_line(publication: Publication, source: Source) -> Line:
    """A source as readers may see it: what may be private of it is not shown."""
    title = source.title or _stories.shown_host(publication, source) or source.kind
    return Line(title=title, url=_stories.shown_address(publication, source), kind=source.kind)


def lang_and_dir(article: Article) -> Markup:
    """The attributes of an element in the article's language: where that is another than the page's own, English, and
    where it is not set from the left. A screen reader need not change its voice for every English headline."""
    if not _stories.is_language(article.language):
        return Markup(' dir="auto"')
    primary = article.language.split("-")[0]
    said = Markup("") if primary == "en" else Markup(' lang="{}"').format(escape(article.language))
    return said + Markup(' dir="rtl"') if primary in RIGHT_TO_LEFT else said


def source(article: Article) -> str:
    """The name of its provider, which a stranger chose, at a length that a name may have."""
    return text.excerpt(_stories.provider_name(article), NAME)


def headline(article: Article, most: int) -> str:
    """Its title, cut to `most` characters where room is short. A link and a heading need words, so none is empty."""
    return text.excerpt(article.title, most) or "Without a headline"


def cut(words: str, most: int) -> str:
    """Words of whatever length, cut to `most` characters."""
    return text.excerpt(words, most)


def was(change: Change) -> str:
    """What its publisher changed, and what it was before: `time was 2 Mar 2026, 11:00 UTC`."""
    if change.field == "published":
        try:
            old = datetime.strptime(change.old, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
            return f"time was {moment(old)}"
        except ValueError:  # a fact of another program
            return "time was another"
    return f"{'headline' if change.field == 'title' else change.field.replace('_', ' ')} was “{cut(change.old, 200)}”"


def day(moment: date, weekday: bool = False, year: bool = True) -> str:
    """`2 March 2026`, in words that do not depend on the machine's locale."""
    named = f"{WEEKDAYS[moment.weekday()]}, " if weekday else ""
    return f"{named}{moment.day} {MONTHS[moment.month - 1]}" + (f" {moment.year}" if year else "")


def clock(moment: datetime) -> str:
    """`11:00`, in UTC."""
    return f"{moment.astimezone(UTC):%H:%M}"


def moment(moment: datetime, shown_in: datetime | None = None) -> str:
    """`2 Mar 2026, 11:00 UTC`; the year is left out where it is that of the page."""
    utc = moment.astimezone(UTC)
    year = "" if shown_in and shown_in.astimezone(UTC).year == utc.year else f" {utc.year}"
    return f"{utc.day} {MONTHS[utc.month - 1][:3]}{year}, {utc:%H:%M} UTC"


def signed(points: int) -> str:
    """`+5` or `−5`, with the sign that is as wide as a plus."""
    return f"{points:+d}".replace("-", "−")


def plural(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"


def _date(found: Card | Article) -> date:
    article = found.lead if isinstance(found, Card) else found
    return article.published.astimezone(UTC).date()
