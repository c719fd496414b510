"""Values as rows of the tables and back: JSON as msgspec prints it, and the columns that SQL must see."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Row as SqlRow

from .. import text
from ..admission import Known
from ..errors import StoreError
from ..types import (
    Article,
    Decision,
    Entry,
    Front,
    Health,
    HostState,
    Learnt,
    Listed,
    Outcome,
    Placed,
    Printing,
    Regrouping,
    Source,
    Struct,
    Subscription,
    Validators,
)
from . import Claim, Imported, Reading, Run, SourceState

T = TypeVar("T")
Row = dict[str, Any]
_encode = msgspec.json.Encoder().encode


def decoder(kind: type[T]) -> Callable[[str], T]:
    """How a stored value of this kind is read. It raises StoreError."""
    decode = msgspec.json.Decoder(kind).decode

    def read(data: str) -> T:
        try:
            return decode(data)
        except msgspec.MsgspecError as exc:
            raise StoreError(f"a stored {kind.__name__} cannot be read: {exc}", "", "restore a backup") from exc

    return read


read_article, read_decision, read_entry = decoder(Article), decoder(Decision), decoder(Entry)
read_health, read_host, read_imported = decoder(Health), decoder(HostState), decoder(Imported)
read_placed, read_run, read_source = decoder(Placed), decoder(Run), decoder(Source)
read_subscription, read_regrouping = decoder(Subscription), decoder(Regrouping)
read_learnt, read_front, read_printing = decoder(Learnt), decoder(Front), decoder(Printing)


def as_json(value: Struct) -> str:
    try:
        return _encode(value).decode()
    except (UnicodeEncodeError, msgspec.MsgspecError) as exc:
        raise StoreError(
            f"cannot store a {type(value).__name__}: {exc}", getattr(value, "url", ""), "clean its text first"
        ) from exc


def listed_rows(source: str, entries: Iterable[Listed], now: datetime) -> list[Row]:
    return [
        {"source": source, "key": e.key, "url": e.url, "id": e.id, "title": e.title, "date": e.date, "first_seen": now}
        | {"data": e.data, "changes": 0}
        for e in entries
    ]


def article_rows(articles: Iterable[Article]) -> list[Row]:
    return [
        {
            "url": article.url,
            "original_url": article.original_url,
            "published_at": article.published,
            "data": as_json(msgspec.structs.replace(article, text="")),
            "text": article.text,
            "text_hash": _hash(article),
        }
        for article in articles
    ]


def _hash(article: Article) -> str:
    """Of all that is sealed of it: text and authors."""
    told = "\n".join((*article.authors, "", article.text))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest() if article.text else ""


def outcome_rows(outcomes: Iterable[Outcome]) -> list[Row]:
    return list({outcome.url: msgspec.structs.asdict(outcome) for outcome in outcomes}.values())


def placed_rows(placed: Iterable[Placed]) -> list[Row]:
    return [
        {
            "url": one.url,
            "name": one.name,
            "story": one.membership.story if one.membership else "",
            "data": as_json(one),
        }
        for one in {one.url: one for one in placed}.values()
    ]


def decision_row(decision: Decision) -> Row:
    return {"target": decision.target} | event_row(decision)


def event_row(event: Decision | Regrouping) -> Row:
    """The same event is kept once: its key is a digest of all it says."""
    data = as_json(event)
    return {"key": hashlib.sha256(data.encode()).hexdigest(), "at": event.at, "data": data}


def source_facts(reading: Reading) -> Row:
    """What a reading changes in its source, the lease ended."""
    return {
        "of": reading.claim.source.url,
        "due_at": reading.due_at,
        "stopped": reading.stopped,
        "health": as_json(reading.health),
        "etag": _sendable(reading.validators.etag),
        "last_modified": _sendable(reading.validators.last_modified),
        "unfinished": 0,
        "worker": "",
        "token": "",
        "lease_until": None,
    }


def _sendable(validator: str) -> str:
    """A validator, or nothing where it holds what no header may hold: to fetch in full is better than to stop."""
    return validator if text.clean(validator) == validator else ""


def read_known(row: SqlRow[Any]) -> Known:
    return Known(url=row.url, key=row.key, id=row.id, title=row.title, date=row.date, changes=row.changes)


def read_outcome(row: SqlRow[Any]) -> Outcome:
    return Outcome(
        url=row.url,
        state=row.state,
        reason=row.reason,
        article=row.article,
        attempts=row.attempts,
        retry_at=row.retry_at,
    )


def read_claim(row: SqlRow[Any], token: str) -> Claim:
    return Claim(
        source=read_source(row.data),
        validators=Validators(etag=row.etag, last_modified=row.last_modified),
        health=read_health(row.health),
        unfinished=row.unfinished + 1,
        token=token,
    )


def read_state(row: SqlRow[Any]) -> SourceState:
    return SourceState(
        source=read_source(row.data),
        enabled=row.enabled,
        stopped=row.stopped,
        due_at=row.due_at,
        health=read_health(row.health),
        entries=row.n,
    )
