"""What is in an issue: the stories of its time, each once, the hottest first, then topic by topic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo

from msgspec.structs import replace

from .. import dates, record, text, timeline, urls
from ..types import Article, Edition, Front, Issue, Newsletter, Piece, Publication, Record, Section, Story

TOP, TOP_MORE = 3, 2  # stories on top whatever their heat, and further ones
NEAR = 0.75  # of the first story's heat, from which a further one stands on top, too
PER_TOPIC = 3
ALSO = 40  # headlines behind the cards; the rest is counted
LATE = timedelta(days=3)  # before the time of an issue, for which what came to us or was published late is news
TITLE, EXCERPT, PROVIDER = 300, 240, 80  # characters
LINK = 500  # characters of an address; a longer one is led to by our own page
PERIODS = {"daily": timedelta(days=1), "weekly": timedelta(days=7)}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_STARTS = 3  # titles that make an excerpt


def slug(publication: Publication, topic: str = "") -> str:
    """What the ids of a letter's issues begin with."""
    of_topic = next((one.id for one in publication.topics if one.name == topic), "") if topic else ""
    name = text.slug(publication.title, 60) or text.slug(urls.host(publication.url).replace(".", " "))
    return f"{name}-{of_topic}" if of_topic else name


def due(publication: Publication, earlier: Sequence[Issue], now: datetime) -> bool:
    """Whether the next issue of a letter may be made. earlier: its own issues, oldest first.

    A day has one issue. A weekly one that missed its day is due until it is made; the first is due on any day.
    """
    zone, settings = _zone(publication), publication.newsletter
    today = now.astimezone(zone).date()
    if settings.every == "weekly":
        today -= timedelta(days=(today.weekday() - DAYS.index(settings.day)) % 7)
    return not earlier or earlier[-1].at.astimezone(zone).date() < today


def choose(edition: Edition, earlier: Sequence[Issue], topic: str = "") -> Issue | None:
    """The issue of this moment; None when there is nothing to say.

    earlier: issues of the same letter, oldest first; it covers the time since the last one, and without one a day or a
    week. topic: name of the topic that it is about; empty for the main letter.
    """
    publication, now = edition.publication, edition.now
    since = earlier[-1].at if earlier else now - PERIODS[publication.newsletter.every]
    also: list[Piece] = []
    if publication.profile == "classic":
        since = now - PERIODS["daily"]
        sections = _classic(edition, since, topic)
    else:
        sections, also = _chosen(edition, earlier, since, topic)
    if not sections:
        return None
    stories = [story for story in edition.stories if not topic or topic in story.lead.topics]
    counted = [article for story in stories for article in story.articles if _is_fresh(article, since)]
    day = now.astimezone(_zone(publication)).date()
    title = text.excerpt(f"{publication.title} – {topic}" if topic else publication.title, 100)
    issue = Issue(
        id=f"{slug(publication, topic)}-{day}",
        topic=topic,
        title=f"{title} ({day})",
        excerpt="",
        since=since,
        at=now,
        sections=tuple(sections),
        also=tuple(also[:ALSO]),
        more=max(len(also) - ALSO, 0),
        articles=len(counted),
        stories=sum(any(_is_fresh(article, since) for article in story.articles) for story in stories),
        sources=len({article.provider.domain for article in counted}),
        topics=(topic or publication.root.name,),
    )
    return replace(issue, excerpt=_excerpt(issue))


def without(issue: Issue, withdrawn: Collection[str]) -> Issue | None:
    """The issue without the articles that an editor has withdrawn since; None when nothing is left.

    withdrawn: their canonical URLs.
    """
    if not any(piece.article in withdrawn for piece in issue.pieces):
        return issue

    def kept(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
        return tuple(piece for piece in pieces if piece.article not in withdrawn)

    sections = tuple(replace(section, pieces=kept(section.pieces)) for section in issue.sections)
    left = replace(issue, sections=tuple(s for s in sections if s.pieces), also=kept(issue.also))
    return replace(left, excerpt=_excerpt(left)) if left.pieces else None


def printed(edition: Edition) -> tuple[Issue, ...]:
    """Issues as everybody may read them, oldest first: without what an editor has killed or holds back since; one of
    which nothing is left is gone."""
    withdrawn = {outcome.url for outcome in edition.outcomes if outcome.state in ("killed", "held-back")}
    return tuple(left for issue in edition.issues if (left := without(issue, withdrawn)))


def _excerpt(issue: Issue) -> str:
    return " / ".join(piece.title for piece in issue.pieces[:_STARTS])


# --- our own rule ----------------------------------------------------------------------------------------------------


def _chosen(
    edition: Edition, earlier: Sequence[Issue], since: datetime, topic: str
) -> tuple[list[Section], list[Piece]]:
    """Sections, and all stories that have no place in them, by heat."""
    publication, settings = edition.publication, edition.publication.newsletter
    found = {story.id: (story, is_update) for story, is_update in _candidates(edition, earlier, since, topic)}
    stories = sorted((s for s, _ in found.values()), key=lambda s: (-s.heat, -s.last_seen.timestamp(), s.name))

    def piece(story: Story) -> Piece:
        return _piece(publication, story.lead, story, is_update=found[story.id][1])

    shown, sections = _sections(publication, settings, stories, topic)
    also = [piece(story) for story in stories if story.id not in shown]
    return [Section(name=name, pieces=tuple(map(piece, those))) for name, those in sections], also


def _candidates(
    edition: Edition, earlier: Sequence[Issue], since: datetime, topic: str
) -> Iterator[tuple[Story, bool]]:
    """Printed stories that have something to say since the last issue; whether an earlier one had them."""
    told = [Front(at=issue.at, stories=tuple(piece.story for piece in issue.pieces)) for issue in earlier]
    before = {story for front in told for story in front.stories}
    printed_at = {printing.story: printing.at for printing in edition.printings}
    for story in edition.stories:
        if topic and topic not in story.lead.topics:
            continue
        if not before.isdisjoint((story.id, *story.merged)):
            if timeline.news(story, told):
                yield story, True
        elif any(_is_fresh(article, since) for article in story.articles) or (
            printed_at.get(story.id, edition.now) > since and story.last_seen > since - LATE
        ):
            yield story, False


def _is_fresh(article: Article, since: datetime) -> bool:
    """Whether we came to know it after that moment, and it was no old news by then, such as an archive brings."""
    return article.first_seen > since and article.known_at > since - LATE


def _sections(
    publication: Publication, settings: Newsletter, stories: Sequence[Story], topic: str
) -> tuple[set[str], list[tuple[str, list[Story]]]]:
    """Ids of the stories that are shown, and those of each section, within size and cap of a provider."""
    shown: set[str] = set()
    voices: Counter[str] = Counter()

    def take(those: Iterable[Story], most: int) -> list[Story]:
        taken: list[Story] = []
        for story in those:
            voice = story.lead.provider.owner or story.lead.provider.domain
            if len(taken) == most or len(shown) == settings.size:
                break
            if story.id not in shown and voices[voice] < settings.provider_cap:
                taken.append(story)
                shown.add(story.id)
                voices[voice] += 1
        return taken

    sections = [("", take(stories, TOP))]
    hot = [story for story in stories if stories[0].heat * NEAR <= story.heat]
    sections[0][1].extend(take(hot, TOP_MORE))
    root = next((one.name for one in publication.topics if not one.parent), "")
    branches = [one.name for one in publication.topics if one.name not in (root, topic)]
    sections += [  # what is in no branch comes last
        (name, take((story for story in stories if name in story.lead.topics), PER_TOPIC))
        for name in (*branches, topic or root)
    ]
    return shown, [(name, those) for name, those in sections if those]


# --- the predecessor's rule ------------------------------------------------------------------------------------------


def _classic(edition: Edition, since: datetime, topic: str) -> list[Section]:
    """Every published record whose time lies in the last 24 hours, the newest first, whatever was sent before."""
    publication = edition.publication
    leads = {article.url: (story, article) for story in edition.stories for article in story.articles}
    chosen = [
        printed
        for printed in edition.records
        if printed.record.published
        and since < printed.record.published_at <= edition.now
        and (not topic or topic in printed.record.topics)
    ]
    chosen.sort(key=lambda printed: (-printed.record.published_at.timestamp(), printed.name))
    pieces = []
    for printed in chosen:
        url = record.identity(printed.record)
        if url in leads:
            story, article = leads[url]
            pieces.append(_piece(publication, article, story))
        else:
            pieces.append(_of_record(publication, printed.record, url, printed.name))
    return [Section(pieces=tuple(pieces))] if pieces else []


# --- one story -------------------------------------------------------------------------------------------------------


def _piece(publication: Publication, article: Article, story: Story, *, is_update: bool = False) -> Piece:
    page = f"{publication.url}story/{story.name.removesuffix('.md')}/"
    web = str(urls.parse(article.web_url).href) if urls.is_http(article.web_url) else ""
    title = _line(article.title, TITLE)
    return Piece(
        story=story.id,
        article=article.url,
        title=title or _line(article.provider.name, TITLE) or article.provider.domain,
        excerpt=_line(article.excerpt, EXCERPT),
        url=web if web and len(web) <= LINK else page,
        provider=_line(article.provider.name, PROVIDER) or article.provider.domain,
        others=len({one.provider.domain for one in story.articles} - {article.provider.domain}),
        page=page if "site" in publication.outputs else "",
        published=article.published,
        update=is_update,
    )


def _of_record(publication: Publication, shown: Record, url: str, name: str) -> Piece:
    """Of a record without an article: one that has a page of ours alone."""
    provider = shown.provider.name if shown.provider else ""
    return Piece(
        story="",
        article=url,
        title=_line(shown.title, TITLE) or name.removesuffix(".md"),
        excerpt=_line(shown.excerpt or "", EXCERPT),
        url=url if url and len(url) <= LINK else f"{publication.url}story/{name.removesuffix('.md')}/",
        provider=_line(provider, PROVIDER),
        published=shown.published_at,
    )


def _line(value: str, most: int) -> str:
    """One line of plain text; entities that publishers left in it are characters."""
    return text.excerpt(text.clean(text.unescape(value)), most)


def _zone(publication: Publication) -> tzinfo:
    return dates.iana(publication.timezone) or UTC
