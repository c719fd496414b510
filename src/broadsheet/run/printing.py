"""Print: the edition from what is stored, its files, one commit, and the ledger brought up to it."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from .. import edition as editions
from .. import files, gate, heat, ordering, plugins, stories, timeline
from ..pictures import illustrating
from ..seal import is_sealed
from ..store import Store
from ..stories import Lives
from ..types import (
    Article,
    Decision,
    Edition,
    File,
    Front,
    Issue,
    Learnt,
    Outcome,
    Picture,
    Placed,
    PrintedRecord,
    Printing,
    Publication,
    Regrouping,
    Sheet,
    Story,
)
from . import program
from .earlier import as_they_were
from .keeping import forget_killed, kept, place
from .message import message
from .publication import PRIVATE, SITE, Progress
from .sealing import seal_due, values_now

INSTANT = timedelta(microseconds=1)
FOREVER = datetime(9999, 12, 31, tzinfo=UTC)
LOOKED_BACK = timedelta(days=30)  # at fronts: what led before that may lead again


class Facts(NamedTuple):
    """What is stored, as an edition needs it.

    imports, in_force: by article URL. decisions: all acts of editors, oldest first. fronts: of earlier editions, oldest
    first. engagements: URL -> how often readers turned to it. printings: of all ever printed. closing: the last
    front of each day. issues: of the newsletter, oldest first. sealed: URL -> sealed text.
    """

    articles: tuple[Article, ...]
    placed: dict[str, Placed]
    imports: dict[str, PrintedRecord]
    in_force: dict[str, Decision]
    decisions: tuple[Decision, ...] = ()
    regroupings: tuple[Regrouping, ...] = ()
    fronts: tuple[Front, ...] = ()
    engagements: dict[str, int] = {}
    learnt: Learnt = Learnt()
    printings: tuple[Printing, ...] = ()
    closing: tuple[Front, ...] = ()
    issues: tuple[Issue, ...] = ()
    sealed: dict[str, str] = {}

    def lives(self) -> Lives:
        """Where every article is, and what became of stories."""
        return stories.trace(stories.arrivals(self.placed.values()), self.regroupings, self.decisions)

    def chosen(self) -> dict[str, Decision]:
        """URL of each article that an editor chose to lead its story -> that act."""
        return {act.target: act for act in gate.standing(self.decisions) if act.kind == "lead"}


class Printed(NamedTuple):
    edition: Edition
    files: files.Written
    commit: str | None


def facts_of(store: Store, as_of: datetime) -> Facts:
    """Everything that was known at `as_of`. Articles come without their text."""
    decisions = tuple(decision for decision in store.decisions() if decision.at <= as_of)
    return Facts(
        articles=tuple(article for article in store.articles() if article.first_seen <= as_of),
        placed={place.url: place for place in store.placed()},
        imports={imported.url: imported.printed for imported in store.imports()},
        in_force=gate.latest(decisions),
        decisions=decisions,
        regroupings=tuple(event for event in store.regroupings() if event.at <= as_of),
        fronts=store.fronts(as_of - LOOKED_BACK, as_of),
        engagements=store.engagements(as_of),
        learnt=store.learnt(as_of),
        printings=store.printings(as_of),
        closing=store.closing_fronts(as_of),
        issues=store.letters.issues(as_of),
    )


def stories_of(publication: Publication, facts: Facts, now: datetime) -> tuple[Story, ...]:
    """All stories, scored, gated and ranked for the page, by id. Pure."""
    publication = replace(publication, learnt=facts.learnt)
    killed = frozenset(url for url, decision in facts.in_force.items() if decision.kind == "kill")
    lives, chosen = facts.lives(), facts.chosen()
    parted = {url for url in killed if facts.in_force[url].by != editions.IMPORT}  # records of others list them
    changed = lives.changed | {lives.homes.get(url, "") for url in parted | chosen.keys()}
    rank = heat.ranking(publication, now)

    def settled(story: Story) -> Story:
        imported = editions.as_imported(story, facts.imports, facts.in_force, changed)
        if imported is not None:
            return rank(imported)
        led = ordering.led(story, publication, chosen)
        return gate.decide(rank(heat.score(led, publication)), publication, facts.in_force)

    gathered = editions.gather(facts.articles, facts.placed, lives, killed, facts.engagements)
    told = (replace(story, developments=timeline.developments(story)) for story in gathered)
    return ordering.fronted([settled(story) for story in told], publication, facts.fronts, now)


def edition_of(publication: Publication, facts: Facts, now: datetime, pictures: Sequence[Picture] = ()) -> Edition:
    """The edition at `now`: a pure function of facts, settings and the clock value. pictures: those that are kept."""
    stories = stories_of(publication, facts, now)
    shown = illustrating.illustrated(stories, publication, pictures)
    edition = editions.build(
        publication,
        shown,
        facts.placed,
        facts.imports,
        facts.in_force,
        now,
        before=facts.printings,
        fronts=facts.closing,
        into=facts.lives().into,
        sealed=_shown_sealed(publication, facts),
    )
    edition = replace(edition, issues=facts.issues)
    return editions.marked(illustrating.with_pictures(edition, stories, pictures), program.digest())


def _shown_sealed(publication: Publication, facts: Facts) -> dict[str, str]:
    """Sealed text that is printed: of articles whose publishers let it be kept, that no editor killed, and that did not
    come with a value of another program's, which nobody could make again."""
    if not publication.seal.text:
        return {}
    theirs = {url for url, came in facts.imports.items() if came.record.secured and not is_sealed(came.record.secured)}
    killed = {url for url, decision in facts.in_force.items() if decision.kind == "kill"}
    kept = {article.url for article in facts.articles if article.rights.text} - killed - theirs
    return {url: value for url, value in facts.sealed.items() if url in kept}


def render(edition: Edition, progress: Progress) -> Iterator[File | Sheet]:
    """The files of every output that the publication names, in its order. Raises UsageError for an unknown output."""
    outputs = edition.publication.outputs
    for done, name in enumerate(outputs):
        progress("printing", done, len(outputs))
        yield from plugins.find("outputs", name).render(edition)
    progress("printing", len(outputs), len(outputs))


def print_edition(
    folder: Path, publication: Publication, store: Store, now: datetime, *, progress: Progress, commit: bool = True
) -> Printed:
    """Keep what its front page shows, write what changed under `site/`, settle the ledger, then make one commit.

    Killed at any point, the next call ends in the same files, ledger and commit: each step starts from what is stored,
    and an edition looks at the front pages of earlier moments alone. One of the past, for which there are newer ones,
    leaves fronts and ledger as they are. Raises OutputError, StoreError.
    """
    with _at_rest():
        return _print(folder, publication, store, now, progress, commit)


@contextmanager
def _at_rest() -> Iterator[None]:
    """Without garbage collection: an edition is one large value that lives to the end, and going through it again and
    again frees nothing and takes a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        (gc.enable if was_on else gc.disable)()


def _print(
    folder: Path, publication: Publication, store: Store, now: datetime, progress: Progress, commit: bool
) -> Printed:
    newest = not store.fronts(now + INSTANT, FOREVER)
    if newest:
        seal_due(folder, publication, store, progress=progress)
    facts = facts_of(store, now)
    if publication.seal.text:
        facts = facts._replace(sealed=values_now(store, facts.articles, erase=newest))
    forget_killed(folder, store, facts.articles, facts.in_force, now)
    facts = facts._replace(articles=as_they_were(publication, store, facts.articles, now))
    pictures = kept(folder, store, now) if publication.pictures.thumbnails else ()
    edition = edition_of(publication, facts, now, pictures)
    gc.freeze()  # what is made of it from here on is small and goes at once
    gc.enable()
    copies = {path: folder / place(path) for one in illustrating.printed(edition) for path in one.files}
    if newest:  # an edition of the past is made again: fronts stay as they are, ...
        store.put_front(edition.fronts[-1])
        known = {printing.story for printing in facts.printings}
        store.put_printings(printing for printing in edition.printings if printing.story not in known)
    if commit:
        files.finished(folder, SITE)
    files.begin(folder)

    def unsaved() -> tuple[str, ...]:
        return files.unsaved(folder, SITE) if commit else ()

    written = files.write(folder / SITE, render(edition, progress), folder / PRIVATE / "printed", copies, unsaved)
    if newest:  # ... and what became of entries is what the newest one says
        store.put_outcomes(_ledger(store, facts, edition))
    if not commit:
        return Printed(edition, written, None)
    told, paths = message(edition, facts.fronts), (*written.written, *written.removed)
    return Printed(edition, written, files.commit(folder, SITE, told, now, paths))


def _ledger(store: Store, facts: Facts, edition: Edition) -> Iterator[Outcome]:
    """The outcome of every entry that became an article, as this edition has it."""
    verdicts = {o.url: o for o in (*editions.dropped(facts.articles, facts.placed), *edition.outcomes)}
    originals = {article.url: article.original_url for article in facts.articles}
    for outcome in store.outcomes():
        verdict = verdicts.get(outcome.article)
        if verdict is None or outcome.state == "waiting":  # it is to be read again, whatever is printed meanwhile
            continue
        if outcome.url in (outcome.article, originals[outcome.article]):
            yield replace(verdict, url=outcome.url, article=outcome.article, attempts=outcome.attempts)
        elif outcome.state != "duplicate":
            reason = f"another address of {outcome.article}"
            yield Outcome(url=outcome.url, state="duplicate", reason=reason, article=outcome.article)
