"""Answer questions about a publication: why an article stands where it does, what the ledger holds, what is wrong."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from .. import explain, files, plugins, stories, timeline
from ..cluster import dense
from ..errors import BroadsheetError, OutputError, UsageError
from ..explain import Explanation, FieldExplanation
from ..pictures import copying
from ..store import Run, Store
from ..types import Git, Outcome, Publication, Struct
from . import floors, sealing
from .earlier import as_they_were
from .finding import article_named, as_of, story_with
from .printing import facts_of, stories_of
from .publication import SITE, opened, settings
from .watching import SourceStats, source_stats

CHURN_DAYS = 30


def why_field(folder: Path, key: str, field: str) -> FieldExplanation:
    """Where one field of an article comes from. key: as for `why`. Raises UsageError."""
    with opened(folder, lock=False) as (publication, store):
        at = as_of(folder, store, None)
        facts = facts_of(store, at)
        url = article_named(key, store, stories_of(publication, facts, at), facts.placed, publication)
        held = store.articles(urls=[url], text=True)
        if not held:
            raise UsageError("no article", url, f"broadsheet why {url} tells what became of it")
        return explain.explain_field(held[0], field)


def why(folder: Path, key: str, now: datetime | None) -> Explanation | tuple[Outcome, ...]:
    """The explanation of one article, as of `now` (of the last cycle when None); its outcomes when it never became one.

    key: URL of an article or entry, name of a record (with or without folder), or id or page of a story (its lead);
    those of a story that was merged lead to the one that it went into.
    Raises UsageError when nothing here has that key.
    """
    with opened(folder, lock=False) as (publication, store):
        at = as_of(folder, store, now)
        facts = facts_of(store, at)
        facts = facts._replace(articles=as_they_were(publication, store, facts.articles, at))
        found = stories_of(publication, facts, at)
        url = article_named(key, store, found, facts.placed, publication)
        outcomes = tuple(o for o in store.outcomes() if url in (o.url, o.article))
        held = store.articles(urls=[url], text=True)
        if not held:
            return outcomes
        then = next((article for article in facts.articles if article.url == url), held[0])
        article = msgspec.structs.replace(then, text=held[0].text)
        story = story_with(url, found)
        entries = [e for seen in store.sightings([url, *(o.url for o in outcomes)]).values() for e in seen]
        page = held[0].publisher or held[0].provider
        pictures = store.pictures(urls=[image.url for image in (*held[0].images, *page.images)])
        return explain.explain(
            article,
            facts.placed.get(url),
            story,
            outcomes,
            entries,
            facts.decisions if now else store.decisions(),  # an act since the last cycle is an answer, too
            publication,
            pictures,
            found,
            facts.regroupings,
            facts.lives(),
            {one.url for one in timeline.news(story, facts.fronts)} if story else (),
        )


class Churn(Struct, frozen=True, rename="camel"):
    """How often stories of printed articles changed: of those published in the last `days`, how many grouping took to
    another story after it had placed them, their share, and how many editors moved."""

    days: int
    articles: int
    moved: int
    share: float
    moved_by_editors: int


class Stats(Struct, frozen=True, rename="camel"):
    """The ledger in numbers. states: outcome state -> entries; they add up to `entries`, each address counted once."""

    entries: int
    states: dict[str, int]
    sources: tuple[SourceStats, ...]
    runs: tuple[Run, ...]
    churn: Churn


def stats(folder: Path, now: datetime) -> Stats:
    """Numbers of the ledger, of each source at `now`, and of the last ten cycles. Raises BroadsheetError."""
    with opened(folder, lock=False) as (_, store):
        states = Counter(outcome.state for outcome in store.outcomes())
        states.update({"unlinked": store.count_unlinked()})
        return Stats(
            entries=sum(states.values()),
            states={state: n for state, n in sorted(states.items(), key=lambda item: (-item[1], item[0])) if n},
            sources=tuple(source_stats(state, now) for state in store.source_states()),
            runs=store.runs(10),
            churn=_churn(store, now),
        )


def _churn(store: Store, now: datetime) -> Churn:
    came, regroupings = store.places(), [event for event in store.regroupings() if event.at <= now]
    decisions = [decision for decision in store.decisions() if decision.at <= now]
    grouped, edited = stories.trace(came, regroupings).homes, stories.trace(came, regroupings, decisions).homes
    printed = store.printed()
    recent = [a.url for a in store.articles(since=now - timedelta(days=CHURN_DAYS)) if a.url in printed]
    placed = [url for url in recent if url in grouped]
    moved = sum(grouped[url] != came[url].story for url in placed)
    return Churn(
        days=CHURN_DAYS,
        articles=len(placed),
        moved=moved,
        share=round(moved / len(placed), 4) if placed else 0.0,
        moved_by_editors=sum(edited[url] != grouped[url] for url in placed),
    )


class Check(Struct, frozen=True):
    """One thing that doctor looked at."""

    name: str
    ok: bool
    found: str
    advice: str = ""


def doctor(folder: Path, now: datetime) -> tuple[Check, ...]:
    """Everything that can be checked without a network; what is broken is a Check, not an error."""
    return tuple(_checks(folder, now))


def _checks(folder: Path, now: datetime) -> Iterator[Check]:
    version = ".".join(str(part) for part in sys.version_info[:3])
    yield Check(name="Python", ok=sys.version_info >= (3, 11), found=version, advice="use Python 3.11 or newer")
    for lib in floors.checks():
        yield Check(name=lib.name, ok=lib.ok, found=lib.found, advice=lib.advice)
    git = shutil.which("git")
    yield Check(name="git", ok=git is not None, found=git or "not installed", advice="install git to keep editions")
    try:
        publication = settings(folder)
    except BroadsheetError as exc:
        yield Check(name="settings", ok=False, found=str(exc))
        return
    yield Check(name="settings", ok=True, found=f"{publication.title}, {len(publication.topics)} topics")
    if publication.pictures.thumbnails:
        yield _pictures()
    if publication.story_dense:
        yield _dense()
    yield _leaves(publication.outputs, publication.quality_factors, publication.heat_factors)
    yield Check(
        name="sources", ok=bool(publication.sources), found=f"{len(publication.sources)} listed",
        advice="broadsheet add URL",
    )  # fmt: skip
    repository = files.work_tree(folder)
    yield Check(
        name="repository", ok=repository is not None, found=str(repository or "none"),
        advice="git init, so that every edition is a commit",
    )  # fmt: skip
    yield _keys(folder, publication)
    if repository is not None and publication.git.push:
        yield _remote(folder, publication.git)
    free = shutil.disk_usage(folder).free
    yield Check(name="disk", ok=free > 500 * 1024**2, found=f"{free // 1024**2} MiB free", advice="make room")
    try:
        with opened(folder, lock=False) as (_, store):
            yield Check(name="store", ok=True, found=f"{len(store.articles())} articles")
            yield from _sources(store, now)
    except BroadsheetError as exc:
        yield Check(name="store", ok=False, found=str(exc))


def _keys(folder: Path, publication: Publication) -> Check:
    """Every key that something is sealed with is in the ring."""
    try:
        with opened(folder, lock=False) as (_, store):
            missing, held = sealing.lost(folder, store), len(sealing.ring(folder).keys)
    except BroadsheetError as exc:
        return Check(name="keys", ok=False, found=str(exc))
    found = f"missing: {', '.join(missing)}" if missing else f"{held} in the ring"
    return Check(
        name="keys", ok=not missing, found=found if publication.seal.text else f"{found}, nothing is to be sealed",
        advice="bring them back into .broadsheet/keys: without them sealed text does not open, and none is sealed",
    )  # fmt: skip


def _remote(folder: Path, git: Git) -> Check:
    """There is a remote to push to, as far as can be said without asking it."""
    try:
        name, waiting = files.waiting(folder, SITE, git.remote, git.branch)
    except OutputError as exc:
        return Check(name="remote", ok=False, found=exc.what, advice=exc.advice)
    many = f"{waiting} commit{'' if waiting == 1 else 's'}" if waiting else "nothing"
    return Check(name="remote", ok=True, found=f"{name}, {many} to push")


def _leaves(outputs: tuple[str, ...], quality_factors: dict[str, float], heat_factors: dict[str, float]) -> Check:
    """Every output and factor that the settings name can be found."""
    wanted = [("outputs", name) for name in outputs]
    wanted += [("quality", name) for name in quality_factors] + [("heat", name) for name in heat_factors]
    try:
        for room, name in wanted:
            plugins.find(room, name)
    except UsageError as exc:
        return Check(name="outputs and factors", ok=False, found=str(exc))
    return Check(name="outputs and factors", ok=True, found=", ".join(name for _, name in wanted))


def _pictures() -> Check:
    """What thumbnails need is there."""
    try:
        copying.require()
    except UsageError as exc:
        return Check(name="thumbnails", ok=False, found=exc.what, advice=exc.advice)
    return Check(name="thumbnails", ok=True, found=f"made of {', '.join(copying.kinds())}")


def _dense() -> Check:
    """What grouping by meaning needs is there."""
    try:
        dense.require()
    except UsageError as exc:
        return Check(name="dense", ok=False, found=exc.what, advice=exc.advice)
    return Check(name="dense", ok=True, found="its table can be read")


def _sources(store: Store, now: datetime) -> Iterator[Check]:
    """One check for each source that needs somebody: it fails, is silent, is gone, or has moved."""
    for state in store.source_states():
        seen = source_stats(state, now)
        if seen.trouble or (state.enabled and seen.moved_to):
            yield Check(name=seen.url, ok=not seen.trouble, found=seen.note, advice=seen.advice)
