"""Make the edition: stories out of placed articles, records out of stories. The same facts give the same edition."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from operator import attrgetter

import msgspec

from . import ordering, record
from .stories import Lives, story_id
from .types import (
    Article,
    Decision,
    Edition,
    Front,
    Learnt,
    Outcome,
    Placed,
    PrintedRecord,
    Printing,
    Provider,
    Publication,
    Reason,
    Related,
    Story,
    Withdrawn,
)

IMPORT = "import"  # the name under which an import files the decisions that its records state
_NOBODY: Mapping[str, int] = {}
_NOWHERE: Mapping[str, str] = {}


def gather(
    articles: Sequence[Article],
    placed: Mapping[str, Placed],
    lives: Lives,
    killed: frozenset[str] = frozenset(),
    engagements: Mapping[str, int] = _NOBODY,
) -> tuple[Story, ...]:
    """Stories of all kept articles, by id, unscored. lives: where articles are, see stories.trace.

    An article is kept when it has a topic and a membership; a twin of its own provider has none. A killed article
    stands alone, so that its story goes on without it, unless all of that is killed. The lead is the original (not a
    reprint) of highest quality, ties by record name; the related follow by quality. engagements: URL -> how often
    readers turned to it.
    """
    members: dict[str, list[Article]] = defaultdict(list)
    kept = [a for a in articles if a.topics and (place := placed.get(a.url)) is not None and place.membership]
    for article in kept:
        if article.url not in killed:
            members[lives.homes[article.url]].append(article)
    going_on = frozenset(members)
    for article in kept:
        if article.url in killed:
            home, own = lives.homes[article.url], story_id(article.url)
            alone = own if own not in going_on else story_id(f"{article.url} killed")
            members[alone if home in going_on else home].append(article)
    names = {story_id(url): place.name for url, place in placed.items() if place.name}
    taken_in: dict[str, list[str]] = defaultdict(list)
    for gone, story in lives.into.items():
        taken_in[story].append(gone)
    pages = lives.pages | {story: name.removesuffix(".md") for story, name in names.items()}
    return tuple(_story(key, members[key], placed, pages, taken_in[key], engagements) for key in sorted(members))


def _story(
    key: str,
    members: Sequence[Article],
    placed: Mapping[str, Placed],
    pages: Mapping[str, str],
    taken_in: Iterable[str],
    engagements: Mapping[str, int],
) -> Story:
    """pages: id -> name of its page, where the article that opened the story has a record."""
    here = {article.url for article in members}
    twins = {url: placed[url].twin for url in here}
    reprints = {url: twin for url, twin in twins.items() if twin is not None and twin.original in here}
    ordered = sorted(members, key=lambda a: (a.url in reprints, -a.quality, placed[a.url].name))
    lead = next((article for article in ordered if article.url not in reprints), ordered[0])
    articles = (lead, *(article for article in ordered if article is not lead))
    merged = [(gone, pages[gone]) for gone in sorted(taken_in) if gone in pages]
    return Story(
        id=key,
        name=pages.get(key) or min(placed[url].name for url in here).removesuffix(".md"),
        articles=articles,
        memberships=tuple(m for article in articles if (m := placed[article.url].membership) is not None),
        reprints=dict(sorted(reprints.items())),
        merged=tuple(gone for gone, _ in merged),
        merged_names=tuple(name for _, name in merged),
        engagement=sum(engagements.get(url, 0) for url in here),
    )


def as_imported(
    story: Story,
    imports: Mapping[str, PrintedRecord],
    in_force: Mapping[str, Decision],
    changed: Container[str] = frozenset(),
) -> Story | None:
    """The story as its imported records state it, or None when anything about it is ours: a member that was not
    imported, an editor's decision, or that it is one of those (by id) that are not made up as they came."""
    if story.id in changed:
        return None
    for article in story.articles:
        decision = in_force.get(article.url)
        if article.url not in imports or (decision is not None and decision.by != IMPORT):
            return None
    records = {article.url: imports[article.url].record for article in story.articles}
    heats = {url: -1 if held.heat is None else held.heat for url, held in records.items()}
    lead = max(story.articles, key=lambda article: heats[article.url])  # the first of equals, in their order
    heat = heats[lead.url]
    published = any(held.published for held in records.values())
    return msgspec.structs.replace(
        story,
        articles=(lead, *(article for article in story.articles if article is not lead)),
        heat=heat,
        reasons=(Reason(factor="imported", value="as its record states", points=heat),),
        published=published,
        gate=f"its imported record says published: {str(published).lower()}",
        as_imported=True,
    )


def build(
    publication: Publication,
    stories: Sequence[Story],
    placed: Mapping[str, Placed],
    imports: Mapping[str, PrintedRecord],
    in_force: Mapping[str, Decision],
    now: datetime,
    before: Sequence[Printing] = (),
    fronts: Sequence[Front] = (),
    into: Mapping[str, str] = _NOWHERE,
    sealed: Mapping[str, str] = _NOWHERE,
) -> Edition:
    """The edition of `stories`, which are scored and gated. in_force: article URL -> its latest decision.

    before: what was ever printed. fronts: the last front page of each day. into: what became of merged stories.
    sealed: article URL -> its sealed text.
    """
    printed = sorted((s for s in stories if s.published), key=lambda s: (-s.rank, -s.last_seen.timestamp(), s.name))
    records = [r for story in stories for r in _records(publication.related, story, placed, imports, in_force, sealed)]
    facts = [a.known_at for story in printed for a in story.articles]
    printings = _printings(printed, before, in_force, now)
    return Edition(
        publication=publication,
        now=now,
        stories=tuple(printed),
        records=tuple(sorted(records, key=lambda printed_record: printed_record.name)),
        names={article.url: placed[article.url].name for story in printed for article in story.articles},
        outcomes=tuple(sorted((o for s in stories for o in _outcomes(s, in_force)), key=lambda o: o.url)),
        updated=max(facts, default=datetime(1970, 1, 1, tzinfo=UTC)),
        printings=printings,
        fronts=_closing(fronts, Front(at=now, stories=tuple(story.id for story in printed[: ordering.FRONT]))),
        withdrawn=tuple(_withdrawn(printings, stories, in_force, into)),
    )


def marked(edition: Edition, program: bytes) -> Edition:
    """The edition with digests of what it shows, so that what shows the same need not be made again, see types.Sheet.

    program: digest of what makes the files. The rank of a story is not part of its mark: it is printed nowhere, and
    changes with the clock.
    """
    settings = msgspec.structs.replace(edition.publication, learnt=Learnt())
    marks = {story.id: _mark(edition, story) for story in edition.stories}
    return msgspec.structs.replace(edition, mark=_digest(settings, program), marks=marks)


def _mark(edition: Edition, story: Story) -> bytes:
    shown = msgspec.structs.replace(story, rank=0, rank_reasons=())
    images = [image.url for article in story.articles[:1] for image in article.images[:1]]
    pictures = [edition.pictures[url] for url in images if url in edition.pictures]
    logos = [edition.logos[a.provider.domain] for a in story.articles if a.provider.domain in edition.logos]
    return _digest(shown, pictures, logos)


def _digest(*facts: object) -> bytes:
    return hashlib.blake2b(msgspec.msgpack.encode(facts), digest_size=16).digest()


# --- what was printed before -----------------------------------------------------------------------------------------


def _printings(
    printed: Sequence[Story], before: Sequence[Printing], in_force: Mapping[str, Decision], now: datetime
) -> tuple[Printing, ...]:
    """What was ever printed, in the order in which it first was. A killed article is not shown by what it led, and the
    story keeps its place."""
    known = {printing.story: printing for printing in before}
    for story in printed:
        held = known.get(story.id)
        if held is None:
            known[story.id] = _printing(story, now)
        elif _is_killed(held.url, in_force):
            known[story.id] = _printing(story, held.at)
    return tuple(sorted(known.values(), key=attrgetter("at", "name")))  # neither of which anything changes


def _printing(story: Story, now: datetime) -> Printing:
    lead = story.lead
    return Printing(
        story=story.id,
        name=story.name,
        at=now,
        url=lead.url,
        title=lead.title,
        excerpt=lead.excerpt,
        web_url=lead.web_url,
        type=lead.type,
        language=lead.language,
        published=lead.published,
        provider=Provider(domain=lead.provider.domain, name=lead.provider.name),
        authors=lead.authors,
        topics=lead.topics,
    )


def _is_killed(url: str, in_force: Mapping[str, Decision]) -> bool:
    return url in in_force and in_force[url].kind == "kill"


def _closing(fronts: Sequence[Front], present: Front) -> tuple[Front, ...]:
    """The last front page of each day. fronts: those of earlier editions, oldest first."""
    days = {front.at.astimezone(UTC).date(): front for front in (*fronts, present)}
    return tuple(days.values())


def _withdrawn(
    printings: Iterable[Printing],
    stories: Iterable[Story],
    in_force: Mapping[str, Decision],
    into: Mapping[str, str],
) -> Iterator[Withdrawn]:
    """What was printed and is no longer, by name. A story that went into another is none: its page leads there."""
    held = {story.id: story for story in stories}
    for printing in sorted(printings, key=lambda one: one.name):
        story = held.get(printing.story)
        if printing.story in into or (story is not None and story.published):
            continue
        urls = [article.url for article in story.articles] if story is not None else [printing.url]
        acts = [in_force[url] for url in urls if url in in_force and in_force[url].kind in ("kill", "hold")]
        last = max(acts, key=lambda act: (act.at, act.target), default=None)
        yield Withdrawn(
            story=printing.story,
            name=printing.name,
            state="canceled" if last is not None and last.kind == "kill" else "withheld",
            at=last.at if last is not None else printing.at,
            note=last.note if last is not None else "",
        )


# --- records ---------------------------------------------------------------------------------------------------------


def _records(
    related: str,
    story: Story,
    placed: Mapping[str, Placed],
    imports: Mapping[str, PrintedRecord],
    in_force: Mapping[str, Decision],
    sealed: Mapping[str, str],
) -> Iterator[PrintedRecord]:
    """The record of each member. related: as in Publication. The predecessor's sealed values, which we cannot make, are
    carried through."""
    listed = {a.url: record.related_of(a) for a in story.articles} if len(story.articles) > 1 else {}
    for article in story.articles:
        imported = imports.get(article.url)
        if imported is not None and story.as_imported:
            yield imported
            continue
        decision = in_force.get(article.url)
        leads = article is story.lead
        others = (
            [listed[story.lead.url]]
            if related == "lead" and not leads
            else [
                *(listed[a.url] for a in sorted(story.articles, key=lambda a: placed[a.url].name) if a is not article),
                *_carried(story.articles if related == "lead" else [article], placed, imports),
            ]
        )
        made = record.from_article(
            article,
            heat=story.heat if leads else -1,
            published=story.published and leads,
            related=tuple(sorted(others, key=lambda other: -other.quality)),  # stable: ties stay by record name
            removed=decision is not None and decision.kind == "kill",
            secured=sealed.get(article.url) or (imported.record.secured if imported else None),
        )
        yield PrintedRecord(name=placed[article.url].name, record=made, newline=imported.newline if imported else "\n")


def _carried(
    articles: Iterable[Article], placed: Mapping[str, Placed], imports: Mapping[str, PrintedRecord]
) -> Iterator[Related]:
    """What the imported records of these articles list and we do not hold, each once. What we hold and is in the story
    no longer was killed or parted from it, and is not listed."""
    seen: set[str] = set()
    for article in articles:
        for one in imports[article.url].record.related if article.url in imports else ():
            url = record.identity(one)
            if url not in placed and url not in seen:
                yield one
            seen |= {url} - {""}


def _outcomes(story: Story, in_force: Mapping[str, Decision]) -> Iterator[Outcome]:
    for article in story.articles:
        decision = in_force.get(article.url)
        twin = story.reprints.get(article.url)
        if decision is not None and decision.kind == "kill":
            state, reason = "killed", story.gate
        elif not story.published:
            held_back = any(a.url in in_force and in_force[a.url].kind == "hold" for a in story.articles)
            state, reason = ("held-back" if held_back else "below-gate"), story.gate
        elif article is story.lead:
            state, reason = "printed", story.gate
        elif twin is not None:
            state, reason = "related", f"reprints {twin.original}, printed with {story.lead.url}"
        else:
            state, reason = "related", f"printed with {story.lead.url}"
        yield Outcome(url=article.url, state=state, reason=reason, article=article.url)


def dropped(articles: Sequence[Article], placed: Mapping[str, Placed]) -> Iterator[Outcome]:
    """Outcomes of the articles that are in no story: off-topic ones, and repeats by the same provider."""
    for article in articles:
        place = placed.get(article.url)
        if not article.topics:
            yield Outcome(url=article.url, state="off-topic", reason="no keyword of any topic", article=article.url)
        elif place is not None and place.membership is None and place.twin is not None:
            alike = f"{place.twin.resemblance:.0%} of the words and pairs of words are the same"
            yield Outcome(
                url=article.url,
                state="duplicate",
                reason=f"repeats {place.twin.original}: {alike}",
                article=place.twin.original,
            )
