"""The topic tree in use: how its topics fare, and what a change of one would do, before it is made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from .. import files, gate, plainyaml, tag, text, topics
from ..errors import ParseError, UsageError
from ..store import Store
from ..tag import touching, trial
from ..tag.trial import Pair, Trial
from ..types import Publication, Rule, Struct, Topic
from . import finding
from .publication import opened

AT_ONCE = 1_000  # articles whose texts are in memory together
DAYS = 28


class Row(Struct, frozen=True, rename="camel"):
    """One topic as it fares. level: how far below the root. a_day: articles of the last `DAYS` days."""

    topic: str
    id: str
    parent: str = ""
    level: int = 0
    keywords: int = 0
    rules: int = 0  # keywords that ask for something
    media_topic: str = ""
    articles: int = 0
    a_day: float = 0.0


def listing(folder: Path, now: datetime | None) -> tuple[Row, ...]:
    """All topics, in the order of the tree, at `now` (of the last cycle when None). Raises BroadsheetError."""
    with opened(folder, lock=False) as (publication, store):
        now = finding.as_of(folder, store, now)
        articles = store.articles()
    since = now - timedelta(days=DAYS)
    parents = {topic.name: topic.parent for topic in publication.topics}
    recent = [article for article in articles if since < article.known_at <= now]
    oldest = min((article.known_at for article in articles), default=now)
    span = max(1.0, min(float(DAYS), (now - oldest).total_seconds() / 86_400))
    return tuple(
        Row(
            topic=topic.name,
            id=topic.id,
            parent=topic.parent,
            level=_level(topic.name, parents),
            keywords=len(topic.keywords),
            rules=len(topic.rules),
            media_topic=topic.media_topic,
            articles=sum(topic.name in article.topics for article in articles),
            a_day=round(sum(topic.name in article.topics for article in recent) / span, 2),
        )
        for topic in publication.topics
    )


def _level(name: str, parents: dict[str, str]) -> int:
    return 1 + _level(parents[name], parents) if parents[name] else 0


def preview(
    folder: Path,
    now: datetime | None,
    *,
    topic: str = "",
    keywords: Path | None = None,
    add: Sequence[str] = (),
    drop: Sequence[str] = (),
    days: int = DAYS,
) -> Trial:
    """What a change would do to the stored articles; nothing is written. Without one: how the tree fares as it is.

    keywords: a topic file, or a list of keywords for `topic`. add, drop: keywords of `topic`.
    Articles that came with a record keep its topics and are left out. Raises BroadsheetError.
    """
    if days < 1:
        raise UsageError("days are less than one", str(days), "give the number of days to look back")
    with opened(folder, lock=False) as (publication, store):
        now = finding.as_of(folder, store, now)
        publication = msgspec.structs.replace(publication, learnt=store.learnt(now))
        if topic:
            _known(publication, topic)
        changed, only = _changed(publication, topic, keywords, add, drop)
        in_force = gate.latest([decision for decision in store.decisions() if decision.at <= now])
        pairs = _pairs(publication, changed, store, now)
        return trial.summary(pairs, publication.topics, changed, in_force, now, days, only)


def _known(publication: Publication, name: str) -> Topic:
    found = next((topic for topic in publication.topics if name in (topic.name, topic.id)), None)
    if found is None:
        names = [topic.name for topic in publication.topics]
        raise UsageError(f"topic {name} does not exist", "topics/", topics.nearest(name, names))
    return found


def _changed(
    publication: Publication, name: str, keywords: Path | None, add: Sequence[str], drop: Sequence[str]
) -> tuple[tuple[Topic, ...], str]:
    """The tree as it would be, and the topic that it is about; empty for all of them. Raises UsageError."""
    tree = publication.topics
    given = _given(keywords) if keywords else None
    if isinstance(given, Topic):
        if name and _known(publication, name).name != given.name:
            raise UsageError(f"it is the file of topic {given.name}", str(keywords), f"leave --topic {name} out")
        _fits(publication, given, str(keywords))
        known = any(topic.name == given.name for topic in tree)
        tree = tuple(given if topic.name == given.name else topic for topic in tree) if known else (*tree, given)
        name = given.name
    elif (given is not None or add or drop) and not name:
        raise UsageError("keywords of which topic", "--topic", "name it: --topic NAME")
    if not name:
        return tree, ""
    topic = next((one for one in tree if name in (one.name, one.id)), None) or _known(publication, name)
    if isinstance(given, tuple):
        topic = msgspec.structs.replace(topic, keywords=given[0], rules=given[1])
    for keyword in drop:
        if keyword not in topic.keywords:
            raise UsageError(
                f"keyword {keyword} is not in topic {topic.name}", "--drop", topics.nearest(keyword, topic.keywords)
            )
    kept = [keyword for keyword in topic.keywords if keyword not in drop]
    new = [text.clean(keyword) for keyword in add]
    topic = msgspec.structs.replace(topic, keywords=tuple(dict.fromkeys([*kept, *filter(None, new)])))
    return tuple(topic if one.name == topic.name else one for one in tree), topic.name


def _given(file: Path) -> Topic | tuple[tuple[str, ...], tuple[Rule, ...]]:
    """A topic file, or keywords: a list in YAML, or one a line. Raises UsageError."""
    data = files.read_saved(file, plainyaml.MAX_BYTES)
    try:
        raw = plainyaml.load(data)
    except ParseError as exc:
        raise UsageError(exc.what, f"{file} {exc.where}".strip(), "mend the file") from exc
    if isinstance(raw, dict):
        return topics.parse_topic(str(file), data)
    if isinstance(raw, str):
        raw = data.decode("utf-8", "replace").splitlines()
    return topics.parse_keywords(str(file), raw or [])


def _fits(publication: Publication, given: Topic, where: str) -> None:
    """Whether the topic of a file has its place in the tree. Raises UsageError."""
    names = [topic.name for topic in publication.topics]
    if not given.parent and given.name != publication.root.name:
        raise UsageError(f"topic {given.name} has no parent", where, f"name one, such as {publication.root.name}")
    if given.parent and given.parent not in names:
        raise UsageError(
            f"parent {given.parent} of topic {given.name} does not exist", where, topics.nearest(given.parent, names)
        )


def _pairs(publication: Publication, tree: tuple[Topic, ...], store: Store, now: datetime) -> Iterator[Pair]:
    """Every stored article that no record came with, as it is and as it would be. Only what may change is tagged."""
    known = [a for a in store.articles() if a.first_seen <= now and not any(hit.where == "record" for hit in a.hits)]
    learnt = publication.learnt.contexts
    change = touching.change(publication.topics, tree, learnt)
    classic = publication.profile == "classic"
    for first in range(0, len(known), AT_ONCE):
        for article in store.articles(urls=[a.url for a in known[first : first + AT_ONCE]], text=True):
            stale = article.scored_with != publication.fingerprint
            if not (stale or classic or touching.may_touch(change, article)):
                yield Pair(article, article)
                continue
            after = tag.tag(article, tree, profile=publication.profile, learnt=learnt, places=publication.places)
            differs = article.topics != after.topics
            yield Pair(article, after, text.plain(article.text) if differs else "")
