"""Explain one article: where every field and number comes from, why it was grouped, and why it is printed or not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from . import text
from .errors import UsageError
from .stories import Act, Lives
from .types import (
    Article,
    Change,
    Claim,
    Decision,
    Entry,
    Hit,
    Image,
    Membership,
    Outcome,
    Part,
    Picture,
    Placed,
    Provider,
    Publication,
    Reason,
    Regrouping,
    Story,
    Struct,
)

AROUND = 30  # characters shown on each side of a keyword


class Evidence(Struct, frozen=True, omit_defaults=False):
    """One keyword hit as a person reads it."""

    topic: str
    keyword: str
    where: str
    passage: str = ""
    weight: float = 1.0  # of the keyword
    reason: str = ""  # why an ambiguous one counts, or does not


# Fields of an article that something else said, and the other names they go by in records and in speech.
FIELDS: dict[str, tuple[str, ...]] = {
    "url": ("originalUrl", "webUrl", "address"),
    "title": ("headline",),
    "excerpt": ("description",),
    "text": (),
    "published": ("publishedDateTime", "date"),
    "updated": ("modified",),
    "authors": ("author",),
    "images": ("image",),
    "language": (),
    "type": (),
    "provider": ("site",),
    "amp_url": ("ampWebUrl", "cdnAmpWebUrl", "amp"),
    "featured_content": ("featuredContent",),
    "agency": (),
    "paywalled": (),
}


class FieldExplanation(Struct, frozen=True, rename="camel"):
    """One field of one article: its value, the place it was taken from, and all that was said of it."""

    url: str
    field: str
    value: str
    place: str
    candidates: tuple[Claim, ...] = ()  # in the order of precedence; the places that say the same stand together
    changes: tuple[Change, ...] = ()  # what its publisher changed since, oldest first


class Member(Struct, frozen=True, rename="camel", omit_defaults=False):
    """One article of the story."""

    url: str
    title: str
    provider: str
    published: datetime
    quality: int
    lead: bool = False
    reprint_of: str = ""
    claim: int | None = None  # points that speak for letting it lead


class Told(Struct, frozen=True, rename="camel", omit_defaults=False):
    """A member that said something new. novelty: share of its terms that were, by weight; terms: the strongest.

    latest: it came after the last front page that showed the story.
    """

    url: str
    title: str
    provider: str
    at: datetime
    novelty: float
    terms: tuple[str, ...] = ()
    latest: bool = False


class Moved(Struct, frozen=True, rename="camel", omit_defaults=False):
    """One time that the article went from one story into another. by: an editor; empty where grouping did it, for which
    the parts add up to the similarity."""

    at: datetime
    story: str
    into: str
    whole: bool  # all of the story went
    by: str = ""
    note: str = ""
    similarity: float = 0.0
    threshold: float = 0.0
    terms: tuple[str, ...] = ()
    shares: tuple[float, ...] = ()
    parts: tuple[Part, ...] = ()


class Explanation(Struct, frozen=True, rename="camel", omit_defaults=False):
    """Everything that `broadsheet why` shows. `quality`, `claim`, `heat` and `rank` are the exact sums of the points of
    their reasons, and `similarity` is the sum of `parts`."""

    url: str
    title: str
    provider: str
    published: datetime
    record: str = ""
    page: str = ""
    fields: dict[str, str] = {}  # field -> where it was taken from
    candidates: tuple[Claim, ...] = ()  # all that was said of them
    first_seen: datetime | None = None
    changes: tuple[Change, ...] = ()  # what its publisher changed since, oldest first
    agency: str = ""  # whose report it is, see Article
    paywalled: bool = False  # its publisher says that it is not free to read
    pictures: tuple[str, ...] = ()  # what is known of the files of its pictures, one line each
    opt_outs: tuple[str, ...] = ()  # what its publisher does not want done with it, and where that is said
    listed_by: tuple[str, ...] = ()  # sources
    outcomes: tuple[Outcome, ...] = ()
    topics: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    refused: tuple[Evidence, ...] = ()  # keywords that stand in it and do not count
    quality: int = 0
    quality_reasons: tuple[Reason, ...] = ()
    repeats: str = ""
    resemblance: float = 0.0
    story: str = ""
    grouped: str = ""
    similarity: float = 0.0
    threshold: float = 0.0
    nearest: str = ""  # URL of the member that it resembled most, and
    nearest_title: str = ""
    shared_terms: tuple[str, ...] = ()  # the strongest first
    shares: tuple[float, ...] = ()  # of the similarity, that each of them gave
    parts: tuple[Part, ...] = ()  # of the similarity, by feature
    runner_up: str = ""  # story that came second, and
    runner_up_title: str = ""  # what leads it now
    runner_up_similarity: float = 0.0
    moves: tuple[Moved, ...] = ()  # from the story that it arrived in to this one, oldest first
    members: tuple[Member, ...] = ()
    developments: tuple[Told, ...] = ()  # what was new in the story, oldest first
    merged: tuple[str, ...] = ()  # ids of stories that went into this one
    claim: int | None = None  # to lead the story; of a story of one, or under `classic`, nobody has one
    claim_reasons: tuple[Reason, ...] = ()
    heat: int | None = None
    heat_reasons: tuple[Reason, ...] = ()
    rank: int | None = None
    rank_reasons: tuple[Reason, ...] = ()
    publish_at: int = 0
    published_by_gate: bool = False
    gate: str = ""
    decisions: tuple[Decision, ...] = ()


def explain(
    article: Article,
    place: Placed | None,
    story: Story | None,
    outcomes: Sequence[Outcome],
    entries: Sequence[Entry],
    decisions: Sequence[Decision],
    publication: Publication,
    pictures: Sequence[Picture] = (),
    stories: Sequence[Story] = (),
    regroupings: Sequence[Regrouping] = (),
    lives: Lives | None = None,
    news: Collection[str] = (),
) -> Explanation:
    """The explanation of `article`. outcomes, entries: those of every URL that led to it. story: None without one.

    pictures: what came of asking for those of the article and of its provider. stories: all there are. regroupings,
    lives: what happened to stories, and what came of it. news: URLs of the story's latest developments.
    """
    membership = place.membership if place else None
    titles = {one.url: one.title for one in story.articles} if story else {}
    runner_up = lives.now(membership.runner_up) if lives and membership else ""
    twin = place.twin if place else None
    opened = membership is not None and membership.similarity == 0 and not membership.nearest
    grouped = ""
    if story is not None and membership is not None:
        there = "this story" if membership.story == story.id else f"story {membership.story}"
        how = f"opened {there}" if opened else f"joined {there}"
        grouped = "the imported records list each other" if story.as_imported and len(story.articles) > 1 else how
    return Explanation(
        url=article.url,
        title=article.title,
        provider=article.provider.name,
        published=article.published,
        record=f"_news/{place.name}" if place and place.name else "",
        page=f"story/{story.name}/" if story and story.published else "",
        fields={field: _place(article, field) for field in sorted(article.claims)},
        candidates=article.candidates,
        first_seen=article.first_seen,
        changes=article.changes,
        agency=article.agency,
        paywalled=article.paywalled,
        pictures=tuple(_file(picture) for picture in pictures),
        opt_outs=article.rights.evidence,
        listed_by=tuple(sorted({entry.source for entry in entries})),
        outcomes=tuple(outcomes),
        topics=article.topics,
        evidence=tuple(_evidence(article, hit) for hit in article.hits),
        refused=tuple(_evidence(article, hit) for hit in article.refused),
        quality=article.quality,
        quality_reasons=article.reasons,
        repeats=twin.original if twin else "",
        resemblance=twin.resemblance if twin else 0.0,
        story=story.id if story else "",
        grouped=grouped,
        similarity=membership.similarity if membership else 0.0,
        threshold=membership.threshold if membership else 0.0,
        nearest=membership.nearest if membership else "",
        nearest_title=titles.get(membership.nearest, "") if membership else "",
        shared_terms=membership.terms if membership else (),
        shares=membership.shares if membership else (),
        parts=membership.parts if membership else (),
        runner_up=membership.runner_up if membership else "",
        runner_up_title=next((one.lead.title for one in stories if one.id == runner_up), ""),
        runner_up_similarity=membership.runner_up_similarity if membership else 0.0,
        moves=tuple(_moves(membership, regroupings, lives)) if membership and lives else (),
        members=tuple(_members(story)) if story else (),
        developments=tuple(_told(story, news)) if story else (),
        merged=story.merged if story else (),
        claim=_claim(story, article.url) if story else None,
        claim_reasons=story.claims.get(article.url, ()) if story else (),
        heat=story.heat if story else None,
        heat_reasons=story.reasons if story else (),
        rank=story.rank if story else None,
        rank_reasons=story.rank_reasons if story else (),
        publish_at=publication.publish_at,
        published_by_gate=story.published if story else False,
        gate=story.gate if story else "",
        decisions=tuple(one for one in decisions if article.url in (one.target, *one.others)),
    )


def _moves(membership: Membership, regroupings: Sequence[Regrouping], lives: Lives) -> Iterator[Moved]:
    """The way of one article from story to story. Of one moment the machine's events come first, as in `stories`."""
    url, home = membership.url, membership.story
    events: list[tuple[datetime, int, Regrouping | Act]] = [(event.at, 0, event) for event in regroupings]
    events += [(act.decision.at, 1, act) for act in lives.acts]
    for at, _, event in sorted(events, key=lambda one: one[:2]):
        if event.story != home:
            continue
        if isinstance(event, Regrouping) and (not event.urls or url in event.urls):
            yield Moved(
                at=at, story=home, into=event.into, whole=not event.urls, similarity=event.similarity,
                threshold=event.threshold, terms=event.terms, shares=event.shares, parts=event.parts,
            )  # fmt: skip
            home = event.into
        elif isinstance(event, Act):
            act = event.decision
            if act.kind == "merge" or url in (act.target, *act.others):
                yield Moved(
                    at=at, story=home, into=event.into, whole=act.kind == "merge", by=act.by, note=act.note
                )  # fmt: skip
                home = event.into


def explain_field(article: Article, name: str) -> FieldExplanation:
    """The explanation of one field, by any of its names. Raises UsageError for a name that no field has."""
    wanted = name.casefold().replace("-", "_")
    field = next((key for key, others in FIELDS.items() if wanted in (key, *map(str.casefold, others))), "")
    if not field:
        raise UsageError("no field of that name", name, f"use one of {', '.join(FIELDS)}")
    return FieldExplanation(
        url=article.url,
        field=field,
        value=_shown(getattr(article, field)),
        place=_place(article, field),
        candidates=tuple(claim for claim in article.candidates if claim.field == field),
        changes=tuple(change for change in article.changes if change.field == field),
    )


def _place(article: Article, field: str) -> str:
    """Where a field's value was taken from. A provider may be named by the registry or by who listed the article."""
    if field == "provider" and article.provider.known:
        return "the registry"
    if field == "provider" and article.publisher and article.provider.domain != article.publisher.domain:
        return "its source's settings"
    return article.claims.get(field, "")


def _shown(value: object) -> str:
    """A field's value as one line."""
    match value:
        case None | "" | ():
            return ""
        case datetime():
            return f"{value:%Y-%m-%dT%H:%M:%SZ}"
        case Image():
            return f"{value.url} ({value.width} x {value.height})" if value.width and value.height else value.url
        case Provider():
            return f"{value.name} ({value.domain})"
        case tuple():
            return "; ".join(map(_shown, value))
    return " ".join(str(value).split())


def _file(picture: Picture) -> str:
    """What came of asking for one picture, in words."""
    what = f"{picture.url}: " + ("logo, " if picture.use == "logo" else "")
    size = f"{picture.width}x{picture.height} {picture.kind}".strip() if picture.width else picture.kind
    when = f"{picture.fetched_at:%Y-%m-%d %H:%M}"
    again = f", again from {picture.retry_at:%Y-%m-%d %H:%M}" if picture.retry_at else ""
    match picture.state:
        case "kept":
            return f"{what}{size}, kept on {when} as {', '.join(picture.files)}"
        case "sized":
            return f"{what}{size} by its first bytes, read on {when}" + (
                f": {picture.reason}" if picture.reason else ""
            )
        case "unfit":
            return f"{what}no picture to lead an article: {picture.reason}, seen on {when}"
        case state:
            return f"{what}{size + ', ' if size else ''}{state} on {when}: {picture.reason}{again}"


def _claim(story: Story, url: str) -> int | None:
    return sum(reason.points for reason in story.claims[url]) if url in story.claims else None


def _told(story: Story, news: Collection[str]) -> Iterator[Told]:
    by_url = {article.url: article for article in story.articles}
    for one in story.developments:
        article = by_url[one.url]
        yield Told(
            url=one.url,
            title=article.title,
            provider=article.provider.name,
            at=one.at,
            novelty=one.novelty,
            terms=one.terms,
            latest=one.url in news,
        )


def _members(story: Story) -> list[Member]:
    return [
        Member(
            url=article.url,
            title=article.title,
            provider=article.provider.name,
            published=article.published,
            quality=article.quality,
            lead=article is story.lead,
            reprint_of=story.reprints[article.url].original if article.url in story.reprints else "",
            claim=_claim(story, article.url),
        )
        for article in story.articles
    ]


def _evidence(article: Article, hit: Hit) -> Evidence:
    """A hit with the words around it, what stands there in brackets."""
    field = {"title": article.title, "excerpt": article.excerpt}.get(hit.where, "")
    if hit.where == "text":
        field = text.plain(article.text)
    passage = ""
    if field and hit.start >= 0:
        end = hit.end if hit.end >= 0 else hit.start + len(hit.keyword)
        passage = text.around(field, hit.start, end, AROUND)
    return Evidence(
        topic=hit.topic, keyword=hit.keyword, where=hit.where, passage=passage, weight=hit.weight, reason=hit.reason
    )
