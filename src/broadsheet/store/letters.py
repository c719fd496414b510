"""What is sent to whom, over the transactions and statements of SqlStore. See Letters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, select

from ..types import Delivery, Issue, Subscriber, Suppression
from .bulk import chunks, upsert
from .rows import as_json, decoder
from .schema import DELIVERIES, ISSUES, SUBSCRIBERS, SUPPRESSIONS

_issue, _delivery = decoder(Issue), decoder(Delivery)
_subscriber, _suppression = decoder(Subscriber), decoder(Suppression)


class SqlLetters:
    """See Letters. write, rows, insert: those of the store that it is part of."""

    def __init__(
        self,
        write: Callable[[], AbstractContextManager[Connection]],
        rows: Callable[..., list[Row[Any]]],
        insert: Callable[[Table], Any],
    ) -> None:
        self._write, self._rows, self._insert = write, rows, insert

    def make(self, issue: Issue, addresses: Sequence[str]) -> bool:
        row = {"id": issue.id, "at": issue.at, "data": as_json(issue)}
        planned = [Delivery(issue=issue.id, address=address, at=issue.at) for address in addresses]
        with self._write() as db:
            made = db.execute(
                self._insert(ISSUES).on_conflict_do_nothing(index_elements=["id"]).returning(ISSUES.c.id), row
            ).all()
            if made:
                upsert(db, self._insert, DELIVERIES, map(_row, planned))
        return bool(made)

    def issues(self, as_of: datetime) -> tuple[Issue, ...]:
        query = select(ISSUES.c.data).where(ISSUES.c.at <= as_of.astimezone(UTC)).order_by(ISSUES.c.at, ISSUES.c.id)
        return tuple(_issue(row.data) for row in self._rows(query))

    def deliveries(self, issue: str) -> tuple[Delivery, ...]:
        query = select(DELIVERIES.c.data).where(DELIVERIES.c.issue == issue).order_by(DELIVERIES.c.address)
        return tuple(_delivery(row.data) for row in self._rows(query))

    def unfinished(self) -> tuple[str, ...]:
        waits = select(DELIVERIES.c.issue).where(DELIVERIES.c.state == "planned")
        query = select(ISSUES.c.id).where(ISSUES.c.id.in_(waits)).order_by(ISSUES.c.at, ISSUES.c.id)
        return tuple(row.id for row in self._rows(query))

    def put_deliveries(self, deliveries: Iterable[Delivery]) -> None:
        if rows := [_row(delivery) for delivery in deliveries]:
            with self._write() as db:
                upsert(db, self._insert, DELIVERIES, rows)

    def subscribers(self, state: str = "") -> tuple[Subscriber, ...]:
        query = select(SUBSCRIBERS.c.data).order_by(SUBSCRIBERS.c.address)
        if state:
            query = query.where(SUBSCRIBERS.c.state == state)
        return tuple(_subscriber(row.data) for row in self._rows(query))

    def subscriber(self, token: str) -> Subscriber | None:
        query = select(SUBSCRIBERS.c.data).where(SUBSCRIBERS.c.token == token)
        return next((_subscriber(row.data) for row in self._rows(query)), None)

    def put_subscribers(self, subscribers: Iterable[Subscriber]) -> None:
        rows = [
            {"address": one.address, "token": one.token, "state": one.state, "data": as_json(one)}
            for one in subscribers
        ]
        if rows:
            with self._write() as db:
                upsert(db, self._insert, SUBSCRIBERS, rows)

    def remove_subscribers(self, addresses: Iterable[str]) -> int:
        gone = 0
        with self._write() as db:
            for chunk in chunks(addresses):
                gone += db.execute(delete(SUBSCRIBERS).where(SUBSCRIBERS.c.address.in_(chunk))).rowcount
                db.execute(delete(DELIVERIES).where(DELIVERIES.c.address.in_(chunk)))
        return gone

    def suppressions(self) -> tuple[Suppression, ...]:
        query = select(SUPPRESSIONS.c.data).order_by(SUPPRESSIONS.c.digest)
        return tuple(_suppression(row.data) for row in self._rows(query))

    def suppress(self, suppressions: Iterable[Suppression]) -> None:
        if rows := [{"digest": one.digest, "at": one.at, "data": as_json(one)} for one in suppressions]:
            with self._write() as db:
                upsert(db, self._insert, SUPPRESSIONS, rows)

    def allow(self, digest: str) -> None:
        with self._write() as db:
            db.execute(delete(SUPPRESSIONS).where(SUPPRESSIONS.c.digest == digest))


def _row(delivery: Delivery) -> dict[str, Any]:
    return {
        "issue": delivery.issue,
        "address": delivery.address,
        "state": delivery.state,
        "at": delivery.at,
        "data": as_json(delivery),
    }
