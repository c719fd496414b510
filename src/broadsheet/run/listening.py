"""Listen to hubs (WebSub): ask for subscriptions, confirm those that we asked for, and hear that a source has news.

A ping only makes its source due: what it carries is neither trusted nor kept, and the next cycle fetches the source
itself. Whoever forged one would gain an early look at that source, no more. The store has one SQLite connection (see
store/engine.py), so the listener lives in the process that runs the cycles.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

import msgspec
from aiohttp import web
from aiohttp.typedefs import Handler

from .. import text
from ..errors import FetchError, ParseError, StoreError
from ..fetch import Reply, response, websub
from ..types import Hub, Struct, Subscription, WebSub
from . import keys
from .serving import serving

LEASE = timedelta(days=10)  # what we ask for; the hub decides
LONGEST = timedelta(days=90)  # a lease beyond counts as this: a hub may forget us
RENEW = timedelta(days=1)  # before the lease ends
PATIENCE = timedelta(hours=24)  # in which a hub has to confirm what it was asked
AFTER_REFUSAL = timedelta(days=7)  # a hub that denied is asked again, since it may have changed its mind
AT_ONCE = 8  # hubs
BODY = 1024 * 1024  # bytes of a ping; what it says is in its signature
READING = 20.0  # seconds for its body
REASON = 200  # characters of a hub's reason
KEY = "websub.key"
_REDIRECTS = 3
_REPEATS = (307, 308)  # the same again elsewhere; other redirects would drop the form


class Subscriptions(Protocol):
    """What the store keeps for us. A method may raise StoreError."""

    def hubs(self) -> tuple[Hub, ...]:
        """The hub of every enabled source that names one."""
        ...

    def subscriptions(self) -> tuple[Subscription, ...]: ...

    def put_subscription(self, subscription: Subscription) -> None:
        """Insert or replace by source."""
        ...

    def make_due(self, source: str) -> None:
        """Let the next cycle ask `source`, unless its host wants to be left alone."""
        ...


class Poster(Protocol):
    """The guarded way to a hub."""

    async def post(self, url: str, form: Mapping[str, str]) -> Reply:
        """Send `form` URL-encoded, follow no redirect. Raises FetchError; a status is no error here."""
        ...


class Asked(Struct, frozen=True, kw_only=True):
    """What came of asking hubs: how many took the wish, and one line for each that did not."""

    taken: int = 0
    failures: tuple[str, ...] = ()


# --- asking ----------------------------------------------------------------------------------------------------------


def key(folder: Path) -> bytes:
    """The publication's key, drawn at first use and kept in `folder` for its owner's eyes alone.

    Raises UsageError where it cannot be read, OutputError where it cannot be written.
    """
    return keys.drawn(folder / KEY, "subscriptions", "remove it: hubs are then asked anew")


def due(hubs: Sequence[Hub], known: Sequence[Subscription], drawn: bytes, now: datetime) -> tuple[Subscription, ...]:
    """What to ask for at `now`, as it will be kept while the hub has not confirmed; by source.

    drawn: the publication's key, from which secrets and tokens follow, so that a renewal has the same ones.
    """
    before = {subscription.source: subscription for subscription in known}
    wanted = []
    for hub in sorted(hubs, key=lambda hub: hub.source):
        held = before.get(hub.source)
        same = held is not None and (held.hub, held.topic) == (hub.url, hub.topic)
        if held is not None and same and not _is_due(held, now):
            continue
        about = (hub.source, hub.url, hub.topic)
        wanted.append(
            Subscription(
                source=hub.source,
                hub=hub.url,
                topic=hub.topic,
                secret=websub.derived(drawn, "secret", *about),
                token=websub.derived(drawn, "token", *about)[:32],
                asked_at=now,
                lease_until=held.lease_until if held is not None and same else None,
            )
        )
    return tuple(wanted)


def _is_due(held: Subscription, now: datetime) -> bool:
    """A short lease is renewed in its second half, and nobody is asked again within the time he has to answer."""
    if held.state == "denied":
        return now - held.asked_at >= AFTER_REFUSAL
    if held.state == "active" and held.lease_until is not None:
        return now >= held.lease_until - min(RENEW, (held.lease_until - held.asked_at) / 2)
    return now - held.asked_at >= PATIENCE


async def subscribe_due(store: Subscriptions, poster: Poster, callback: str, drawn: bytes, now: datetime) -> Asked:
    """Ask the hubs whose subscriptions are missing or end soon. callback: with a trailing slash. Raises StoreError.

    A wish is kept before it is sent, since a hub may ask back before it answers. What fails is asked again a day later;
    until then, and without any hub, a source is polled as ever.
    """
    slots = asyncio.Semaphore(AT_ONCE)
    wanted = due(store.hubs(), store.subscriptions(), drawn, now)

    async def ask(subscription: Subscription) -> str:
        async with slots:
            store.put_subscription(subscription)
            seconds = int(LEASE.total_seconds())
            address = f"{callback}{subscription.token}"
            form = websub.subscription_request(subscription.topic, address, subscription.secret, seconds)
            failure = await _send(poster, subscription.hub, form)
        if failure:
            _note(store, subscription, state="failed", reason=failure)
        return f"{subscription.source}: hub {subscription.hub}: {failure}" if failure else ""

    failures = tuple(filter(None, await asyncio.gather(*(ask(subscription) for subscription in wanted))))
    return Asked(taken=len(wanted) - len(failures), failures=failures)


async def _send(poster: Poster, hub: str, form: Mapping[str, str]) -> str:
    """Why the hub did not take the wish; empty when it did."""
    try:
        for _ in range(_REDIRECTS + 1):
            reply = await poster.post(hub, form)
            if reply.status not in _REPEATS:
                break
            hub = response.redirect(hub, hub, reply.headers.get("location", ""))
    except FetchError as exc:
        return exc.reason
    return "" if 200 <= reply.status < 300 else f"HTTP {reply.status}"


def _note(store: Subscriptions, asked: Subscription, **changes: object) -> None:
    """Change what is kept, if it still is that wish and unanswered: a hub may confirm and break off nevertheless."""
    if any(held == asked for held in store.subscriptions()):
        store.put_subscription(msgspec.structs.replace(asked, **changes))


# --- listening -------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def listening(settings: WebSub, store: Subscriptions, clock: Callable[[], datetime]) -> AsyncIterator[str]:
    """Serve hubs at `settings.listen` while inside; gives the address as `host:port`. Raises UsageError.

    A port of 0 takes a free one, see serving.
    """
    async with serving(application(store, clock), settings.listen, "websub.listen") as address:
        yield address


def application(store: Subscriptions, clock: Callable[[], datetime]) -> web.Application:
    """What answers hubs. The last part of a path is a subscription's token; what a proxy puts before it is ignored."""

    async def confirm(request: web.Request) -> web.Response:
        challenge = await asyncio.to_thread(_confirm, store, _token(request), request.query, clock())
        return web.Response(text=challenge, headers={"X-Content-Type-Options": "nosniff"})

    async def ping(request: web.Request) -> web.Response:
        held = await asyncio.to_thread(_held, store, _token(request))
        if held is None or held.lease_until is None or clock() >= held.lease_until:
            raise web.HTTPGone  # which tells a hub that nobody is here any more (section 7)
        async with asyncio.timeout(READING):
            body = await request.read()
        if websub.is_signed(body, request.headers.get("X-Hub-Signature", ""), held.secret):
            await asyncio.to_thread(store.make_due, held.source)
        return web.Response(status=202)  # whoever forges one learns nothing (section 7.1)

    app = web.Application(client_max_size=BODY, middlewares=[_failures])
    app.router.add_get("/{path:.*}", confirm, allow_head=False)
    app.router.add_post("/{path:.*}", ping)
    return app


@web.middleware
async def _failures(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A store that cannot be asked right now lets the hub try again later; what is slow is let go."""
    try:
        return await handler(request)
    except StoreError:
        return web.Response(status=503, headers={"Retry-After": "60"})
    except TimeoutError:
        return web.Response(status=408, headers={"Connection": "close"})


def _confirm(store: Subscriptions, token: str, query: Mapping[str, str], now: datetime) -> str:
    """The challenge to give back for what a hub wants to know of the subscription with `token`; keeps its answer.

    Only what we asked for and nobody confirmed yet is confirmed (section 5.3), so a verification that is sent again
    confirms nothing. Raises HTTPNotFound for everything else.
    """
    held = _held(store, token)
    try:
        intent = websub.intent(query)
    except ParseError as exc:
        raise web.HTTPNotFound from exc
    if held is None or intent.topic != held.topic:
        raise web.HTTPNotFound
    if intent.mode == "denied":
        reason = text.clean(intent.reason)[:REASON] or "without a reason"
        store.put_subscription(msgspec.structs.replace(held, state="denied", reason=reason, lease_until=None))
        return ""
    if intent.mode != "subscribe" or held.state != "asked" or now - held.asked_at >= PATIENCE:
        raise web.HTTPNotFound
    until = now + min(timedelta(seconds=intent.lease), LONGEST)
    store.put_subscription(msgspec.structs.replace(held, state="active", lease_until=until))
    return intent.challenge


def _token(request: web.Request) -> str:
    return request.path.rpartition("/")[2]


def _held(store: Subscriptions, token: str) -> Subscription | None:
    """The subscription that a hub's request is about."""
    given = token.encode("utf-8", "replace")
    return next((held for held in store.subscriptions() if hmac.compare_digest(held.token.encode(), given)), None)
