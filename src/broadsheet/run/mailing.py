"""Make the next issue of each letter and send it: once to every subscriber, whenever the program dies.

A delivery is written down as sending before its message leaves, and as sent after the server took it. One that is found
sending later may have arrived: it is reported and not sent again, unless somebody asks for it.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from .. import addresses, files
from ..errors import MailError, UsageError
from ..files.folder import BUSY
from ..letters import choosing, composing, posting, tokens
from ..mail import Carrier, SmtpCarrier
from ..store import Letters, Store
from ..types import Delivery, Edition, File, Issue, Publication, Struct
from . import keys, letterbox
from .delivering import deliver
from .earlier import as_they_were
from .printing import edition_of, facts_of, print_edition
from .publication import PRIVATE, Opened, Progress, opened, quiet

KEY = "newsletter.key"
PASSWORD = "BROADSHEET_SMTP_PASSWORD"  # noqa: S105 (the name of a variable)
ATTEMPTS = 3  # at one delivery within one call
FIRST_WAIT = 5.0  # seconds before the second; each further wait is three times as long
BUSY_FOR = 600  # seconds to wait for a cycle that is at work
STREAK = 10  # deliveries in a row that a server refuses, after which it is asked no more

Sleep = Callable[[float], Awaitable[None]]


class Preview(Struct, frozen=True, kw_only=True, rename="camel"):
    """The next issue of a letter. files: what was written. pieces, more: headlines in it, and what it only counts."""

    issue: str
    title: str
    at: datetime
    files: tuple[str, ...]
    html: int  # bytes
    message: int  # bytes
    pieces: int
    more: int
    counts: str


class Mailed(Struct, frozen=True, kw_only=True, rename="camel"):
    """Where an issue stands after a call. sent, failed: deliveries, ever. waiting: what the next call goes on with.
    uncertain: addresses whose server may have taken it and did not say so."""

    issue: str
    title: str
    made: bool = False  # by this call
    sent: int = 0
    failed: int = 0
    waiting: int = 0
    uncertain: tuple[str, ...] = ()


class Report(Struct, frozen=True, kw_only=True, rename="camel"):
    """What one call of send did. told: what there was nothing to do about. failures: one line each."""

    issues: tuple[Mailed, ...] = ()
    told: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
    files: tuple[str, ...] = ()  # of a dry run


def key(folder: Path) -> bytes:
    """What signs the links in letters. Raises UsageError, OutputError."""
    advice = "restore it from a backup: without it no link in an old letter works"
    return keys.drawn(folder / PRIVATE / KEY, "letters", advice)


def carrier(publication: Publication) -> Carrier:
    """The way to the mail server of the settings. Raises UsageError."""
    return SmtpCarrier(publication.newsletter.smtp, os.environ.get(PASSWORD, ""))


def letter_names(publication: Publication) -> tuple[str, ...]:
    """The letters that there are: the main one, which has no name, and one for each topic of the settings."""
    return ("", *publication.newsletter.topics)


# --- what is in it ---------------------------------------------------------------------------------------------------


class _Desk(NamedTuple):
    """What issues are made of. withdrawn: canonical URLs of articles that an editor has killed or holds back."""

    edition: Edition
    withdrawn: frozenset[str]

    def of(self, topic: str) -> tuple[Issue, ...]:
        """Earlier issues of a letter, oldest first."""
        return tuple(issue for issue in self.edition.issues if issue.topic == topic)


def _desk(publication: Publication, store: Store, now: datetime) -> _Desk:
    facts = facts_of(store, now)
    facts = facts._replace(articles=as_they_were(publication, store, facts.articles, now))
    withdrawn = frozenset(url for url, act in facts.in_force.items() if act.kind in ("kill", "hold"))
    return _Desk(edition_of(publication, facts, now), withdrawn)


def preview(folder: Path, now: datetime, out: Path, *, topic: str = "", address: str = "") -> Preview | None:
    """Write the next issue as `.eml`, `.html` and `.txt` into `out`; None where there is nothing to say.

    The message is the one that `address` (the sender, without one) will get, byte for byte: an issue that is made and
    not sent to everybody yet, else the one that `send` would make at `now`. Raises UsageError, OutputError, StoreError.
    """
    with opened(folder) as (publication, store):
        _check_topic(publication, topic)
        letterbox.empty(folder / PRIVATE, store.letters, now)
        desk, secret = _desk(publication, store, now), key(folder)
        going_on = set(store.letters.unfinished())
        pending = next((issue for issue in desk.of(topic) if issue.id in going_on), None)
        issue = pending or choosing.choose(desk.edition, desk.of(topic), topic)
        issue = choosing.without(issue, desk.withdrawn) if issue else None
    if issue is None:
        return None
    parts = composing.parts(issue, publication)
    reader = addresses.normalised(address) if address else posting.sender(publication)[1]
    message = posting.message(issue, parts, publication, reader, secret)
    own = parts.of(tokens.leaving(secret, reader))
    written = {"eml": message, "html": own.html.encode(), "txt": own.text.encode()}
    for end, data in written.items():
        files.put(out, File(path=f"{issue.id}.{end}", data=data))
    return Preview(
        issue=issue.id,
        title=issue.title,
        at=issue.at,
        files=tuple(str(out / f"{issue.id}.{end}") for end in written),
        html=len(written["html"]),
        message=len(message),
        pieces=parts.pieces,
        more=parts.more,
        counts=composing.counts(issue),
    )


def _check_topic(publication: Publication, topic: str) -> None:
    if topic not in letter_names(publication):
        known = ", ".join(publication.newsletter.topics) or "none is set"
        raise UsageError("no letter of this topic", topic, f"topics under [newsletter]: {known}")


# --- sending ---------------------------------------------------------------------------------------------------------


class Way(NamedTuple):
    """How messages go out. clock: of the ledger. limit: deliveries in this call; 0 for all."""

    carrier: Carrier
    clock: Callable[[], datetime]
    sleep: Sleep = asyncio.sleep
    limit: int = 0
    retry_uncertain: bool = False


def send(folder: Path, now: datetime, way: Way, *, progress: Progress = quiet) -> Report:
    """Make what is due at `now`, print it on the site, hand that on, and send all that waits. Raises BroadsheetError.

    What an editor has withdrawn since an issue was made is left out of what is still to be sent. Killed at any point,
    the next call goes on. Deliveries of an issue that a newer one of the same letter has overtaken are given up.
    """
    told: list[str] = []
    with ExitStack() as stack:
        publication, store = _opened_in_time(stack, folder)
        secret = key(folder)
        letterbox.empty(folder / PRIVATE, store.letters, now)
        desk = _desk(publication, store, now)
        made = []
        for issue in _next_issues(publication, desk, now, told):
            posting.message(issue, composing.Parts("", ""), publication, "a@example.org", secret)  # all is set up
            if store.letters.make(issue, _readers(store.letters, issue.topic)):
                made.append(issue.id)
        undelivered: tuple[str, ...] = ()
        if made:
            written = print_edition(folder, publication, store, now, progress=progress).files.written
            undelivered = deliver(folder, publication, written)
            issues = store.letters.issues(now)
            desk = desk._replace(edition=replace(desk.edition, issues=issues))
        round_ = _Round(folder / PRIVATE, publication, store.letters, secret, way, progress)
        report = asyncio.run(round_.all(desk, frozenset(made), tuple(told)))
        return replace(report, failures=undelivered + report.failures)


def _opened_in_time(stack: ExitStack, folder: Path) -> Opened:
    """The publication, once the cycle that may be at work there has ended. Raises UsageError after BUSY_FOR seconds."""
    for left in range(BUSY_FOR, -1, -1):
        try:
            return stack.enter_context(opened(folder))
        except UsageError as exc:
            if exc.what != BUSY or not left:
                raise
        time.sleep(1.0)
    raise AssertionError


def dry_run(folder: Path, now: datetime, out: Path, *, limit: int = 0) -> Report:
    """Write every message that `send` would send at `now` as a file into `out`, and keep nothing.

    `<issue>/<address>.eml`. Raises BroadsheetError.
    """
    told: list[str] = []
    written: list[str] = []
    reports = []
    with opened(folder) as (publication, store):
        secret = key(folder)
        letterbox.empty(folder / PRIVATE, store.letters, now)
        desk = _desk(publication, store, now)
        going_on = [issue for issue in desk.edition.issues if issue.id in store.letters.unfinished()]
        planned = [(i, [d.address for d in store.letters.deliveries(i.id) if d.state == "planned"]) for i in going_on]
        planned += [(i, list(_readers(store.letters, i.topic))) for i in _next_issues(publication, desk, now, told)]
    for issue, readers in planned:
        left = choosing.without(issue, desk.withdrawn)
        if left is not None:
            parts = composing.parts(left, publication)
            for address in readers[: limit - len(written)] if limit else readers:
                path = f"{issue.id}/{address.replace('/', '_')}.eml"
                files.put(out, File(path=path, data=posting.message(left, parts, publication, address, secret)))
                written.append(str(out / path))
        reports.append(Mailed(issue=issue.id, title=issue.title, waiting=len(readers)))
    return Report(issues=tuple(reports), told=tuple(told), files=tuple(written))


def _next_issues(publication: Publication, desk: _Desk, now: datetime, told: list[str]) -> Iterator[Issue]:
    """What is due at `now`; why another letter has no issue goes to `told`."""
    for topic in letter_names(publication):
        name = f"letter of {topic}" if topic else "newsletter"
        earlier = desk.of(topic)
        if not choosing.due(publication, earlier, now):
            told.append(f"{name}: no issue is due: the last one is {earlier[-1].id}")
        elif issue := choosing.choose(desk.edition, earlier, topic):
            yield issue
        else:
            told.append(f"{name}: nothing to say: no story is new, or has developed, since the last issue")


def _readers(letters: Letters, topic: str) -> Sequence[str]:
    """Addresses that an issue is planned for."""
    barred = {one.digest for one in letters.suppressions()}
    return [one.address for one in letters.subscribers("active") if topic in one.topics and one.token not in barred]


class _Round:
    """One call of send: what it needs at every step, and what it has done."""

    def __init__(
        self, private: Path, publication: Publication, letters: Letters, secret: bytes, way: Way, progress: Progress
    ) -> None:
        self.private, self.publication, self.letters = private, publication, letters
        self.secret, self.way, self.progress = secret, way, progress
        self.sender = posting.sender(publication)[1]
        self.failures: list[str] = []
        self.stopped = ""  # why nothing more is sent in this call
        self.tried = 0
        self.refused = 0  # deliveries in a row
        self.active: frozenset[str] = frozenset()

    async def all(self, desk: _Desk, made: frozenset[str], told: tuple[str, ...]) -> Report:
        """Send what waits of every issue, the oldest first."""
        newest = {issue.topic: issue.id for issue in desk.edition.issues}
        known = {issue.id: issue for issue in desk.edition.issues}
        unfinished = set(self.letters.unfinished()) | made
        reports = []
        try:
            for issue in known.values():
                ledger = self.letters.deliveries(issue.id) if issue.id in (*newest.values(), *unfinished) else ()
                uncertain = any(delivery.state == "sending" for delivery in ledger)
                if issue.id not in unfinished and not uncertain:
                    continue
                if newest[issue.topic] != issue.id:
                    self._give_up(ledger, "overtaken by a newer issue")
                else:
                    await self._issue(issue, desk.withdrawn, ledger)
                reports.append(self._mailed(issue, made))
        finally:
            await self.way.carrier.close()
        if self.stopped:
            self.failures.append(self.stopped)
        return Report(issues=tuple(reports), told=told, failures=tuple(self.failures))

    def _mailed(self, issue: Issue, made: frozenset[str]) -> Mailed:
        ledger = self.letters.deliveries(issue.id)
        states = Counter(delivery.state for delivery in ledger)
        return Mailed(
            issue=issue.id,
            title=issue.title,
            made=issue.id in made,
            sent=states["sent"],
            failed=states["failed"],
            waiting=states["planned"],
            uncertain=tuple(delivery.address for delivery in ledger if delivery.state == "sending"),
        )

    def _give_up(self, ledger: Sequence[Delivery], reason: str) -> None:
        left = [one for one in ledger if one.state == "planned"]
        self.letters.put_deliveries(replace(one, state="failed", reason=reason, at=self.way.clock()) for one in left)

    async def _issue(self, issue: Issue, withdrawn: frozenset[str], ledger: Sequence[Delivery]) -> None:
        states = ("planned", "sending") if self.way.retry_uncertain else ("planned",)
        waiting = [delivery for delivery in ledger if delivery.state in states]
        if not waiting:
            return
        left = choosing.without(issue, withdrawn)
        if left is None:
            self._give_up(waiting, "all its stories were withdrawn")
            self.failures.append(f"{issue.id}: not sent: an editor has withdrawn all its stories")
            return
        parts = composing.parts(left, self.publication)
        self._look_up()
        for done, delivery in enumerate(waiting):
            self.progress(issue.id, done, len(waiting))
            if self.stopped or (self.way.limit and self.tried >= self.way.limit):
                return
            if letterbox.waits(self.private):
                letterbox.empty(self.private, self.letters, self.way.clock())
                self._look_up()
            if delivery.address not in self.active:
                self._note(delivery, "failed", "does not get letters any more")
                continue
            if self.tried:
                await self.way.sleep(60 / self.publication.newsletter.rate)
            self.tried += 1
            message = posting.message(left, parts, self.publication, delivery.address, self.secret)
            await self._deliver(delivery, message)
        self.progress(issue.id, len(waiting), len(waiting))

    def _look_up(self) -> None:
        barred = {one.digest for one in self.letters.suppressions()}
        self.active = frozenset(one.address for one in self.letters.subscribers("active") if one.token not in barred)

    def _note(self, delivery: Delivery, state: str, reason: str = "") -> Delivery:
        noted = replace(delivery, state=state, reason=reason, at=self.way.clock())
        self.letters.put_deliveries([noted])
        return noted

    async def _deliver(self, delivery: Delivery, message: bytes) -> None:
        """Bring one message to its end, or leave it to the next call. A message never leaves twice in one call."""
        for attempt in range(ATTEMPTS):
            if attempt:
                await self.way.sleep(FIRST_WAIT * 3 ** (attempt - 1))
            delivery = replace(delivery, attempts=delivery.attempts + 1)
            try:
                await self.way.carrier.offer(self.sender, delivery.address)
                delivery = self._note(delivery, "sending")
                await self.way.carrier.hand_over(message)
            except MailError as exc:
                if exc.kind in ("away", "later"):
                    delivery = self._note(delivery, "planned", str(exc))
                    last = exc
                    continue
                return self._lost(delivery, exc)
            self.refused = 0
            self._note(delivery, "sent")
            return None
        self.failures.append(f"{delivery.address}: {last.what}; the next call tries again")
        if last.kind == "away":
            self.stopped = f"stopped: {last}"
        return None

    def _lost(self, delivery: Delivery, exc: MailError) -> None:
        """What is over: refused for good, or nobody knows."""
        if exc.kind == "unknown":
            self._note(delivery, "sending", str(exc))
            self.failures.append(f"{delivery.address}: {exc.what}; it may have arrived, so it is not sent again")
            return
        self._note(delivery, "failed", str(exc))
        self.failures.append(f"{delivery.address}: {exc.what}")
        if exc.kind == "gone":
            letterbox.leave(self.letters, tokens.digest(delivery.address), self.way.clock(), "bounced")
        self.refused += 1
        if self.refused == STREAK:
            self.stopped = f"stopped: the server refused {STREAK} readers in a row: {exc}"
