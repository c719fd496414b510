"""Answer readers: ask for letters, confirm it, leave. Everything is written down at once; nothing is looked up.

A link carries what it is about and our signature of it (letters/tokens.py), so that an answer never says whether we
know an address. Opening a link changes nothing, since programs open links before people do; a button does.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from html import escape
from pathlib import Path
from threading import Event

from aiohttp import web
from aiohttp.typedefs import Handler

from .. import addresses, text
from ..errors import BroadsheetError, MailError, OutputError, ParseError, UsageError
from ..letters import posting, tokens
from ..mail import Carrier
from ..store import Store
from ..types import Publication
from . import letterbox
from .letterbox import Wish
from .mailing import Sleep, carrier, key, letter_names
from .publication import PRIVATE, opened, settings
from .serving import serving

BODY = 4 * 1024  # bytes of a form
READING = 10.0  # seconds for it
AGAIN = timedelta(minutes=10)  # before the same address is asked again
A_DAY = 3  # questions to one address
A_MINUTE = 30  # wishes in all; beyond it readers are asked to come back
QUESTIONS = 500  # that wait to be sent; further ones are dropped
ATTEMPTS, WAIT = 3, 10.0  # at one question, and seconds between them
LOOK = 0.5  # seconds between two looks at whether to stop
EXCHANGE = 30.0  # seconds between two tries to bring wishes into the store, when nobody else does
LATELY = 10_000  # addresses of which it is remembered when they were asked

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",  # a link is a secret between its reader and us
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
_STYLE = (
    "body{max-width:34rem;margin:4rem auto;padding:0 1rem;font:1.1rem/1.5 Georgia,serif}"
    "button{font:inherit;padding:.5rem 1.5rem}"
)


class Door:
    """What an application needs: settings, the key, where wishes go, how questions leave, and what was asked lately."""

    def __init__(self, private: Path, publication: Publication, key: bytes, clock: Callable[[], datetime]) -> None:
        self.private, self.publication, self.key, self.clock = private, publication, key, clock
        self.questions: asyncio.Queue[tuple[str, datetime, str]] = asyncio.Queue(QUESTIONS)
        self.barred: frozenset[str] = frozenset()  # digests of addresses that are not even asked
        self._asked: dict[str, list[datetime]] = {}  # digest -> when, within a day
        self._wishes: deque[datetime] = deque()  # within a minute

    def is_crowded(self, now: datetime) -> bool:
        """Whether there were too many wishes within a minute; this one counts."""
        while self._wishes and now - self._wishes[0] >= timedelta(minutes=1):
            self._wishes.popleft()
        if len(self._wishes) >= A_MINUTE:
            return True
        self._wishes.append(now)
        return False

    def may_ask(self, digest: str, now: datetime) -> bool:
        """Whether this address may be written to once more; if so, that counts."""
        before = [at for at in self._asked.pop(digest, ()) if now - at < timedelta(days=1)]
        allowed = digest not in self.barred and len(before) < A_DAY and all(now - at >= AGAIN for at in before)
        self._asked[digest] = [*before, now] if allowed else before
        while len(self._asked) > LATELY:
            del self._asked[next(iter(self._asked))]
        return allowed


def application(door: Door) -> web.Application:
    """`subscribe`, `confirm/TOKEN` and `unsubscribe/TOKEN`; what a web server before us puts in front is ignored."""
    app = web.Application(client_max_size=BODY, middlewares=[_failures])
    add = app.router.add_route
    add("POST", "/{before:.*}subscribe", partial(_subscribe, door))
    add("GET", "/{before:.*}subscribe", partial(_form, door))
    add("GET", "/{before:.*}confirm/{token}", partial(_confirmable, door))
    add("POST", "/{before:.*}confirm/{token}", partial(_confirm, door))
    add("GET", "/{before:.*}unsubscribe/{token}", partial(_leavable, door))
    add("POST", "/{before:.*}unsubscribe/{token}", partial(_leave, door))
    return app


@asynccontextmanager
async def answering(door: Door, listen: str, way: Carrier, sleep: Sleep = asyncio.sleep) -> AsyncIterator[str]:
    """Answer readers at `listen` while inside, and send the questions; gives the address as `host:port`.

    Raises UsageError.
    """
    asking = asyncio.create_task(_ask(door, way, sleep))
    try:
        async with serving(application(door), listen, "newsletter.listen") as address:
            yield address
    finally:
        asking.cancel()
        with suppress(asyncio.CancelledError):
            await asking
        await way.close()


async def exchanging(folder: Path, door: Door) -> None:
    """Bring wishes into the store from time to time, for ever; while another broadsheet is at work there they wait."""
    while True:
        with suppress(BroadsheetError):
            await asyncio.to_thread(_exchange, folder, door)
        await asyncio.sleep(EXCHANGE)


def _exchange(folder: Path, door: Door) -> None:
    with opened(folder) as (_, store):
        bring(folder, store, door)


def bring(folder: Path, store: Store, door: Door) -> None:
    """Bring what readers asked for into the store, and learn whom not to ask. Raises OutputError, StoreError."""
    letterbox.empty(folder / PRIVATE, store.letters, door.clock())
    door.barred = frozenset(one.digest for one in store.letters.suppressions() if one.reason != "left")


def serve(folder: Path, clock: Callable[[], datetime], stop: Event, show: Callable[[str], None]) -> None:
    """Answer readers until `stop` is set, apart from cycles. Raises UsageError when it cannot begin."""
    publication = settings(folder)
    door = open_door(folder, publication, clock)

    async def until_stopped() -> None:
        async with answering(door, publication.newsletter.listen, carrier(publication)) as address:
            show(f"answering readers at {address}")
            bringing = asyncio.create_task(exchanging(folder, door))
            while not stop.is_set():
                await asyncio.sleep(LOOK)
            bringing.cancel()

    asyncio.run(until_stopped())


def open_door(folder: Path, publication: Publication, clock: Callable[[], datetime]) -> Door:
    """Raises UsageError where settings are missing."""
    if not publication.newsletter.url:
        advice = "set url under [newsletter] to the address under which readers reach this"
        raise UsageError("readers have no address", "newsletter.url", advice)
    posting.sender(publication)
    return Door(folder / PRIVATE, publication, key(folder), clock)


async def _ask(door: Door, way: Carrier, sleep: Sleep) -> None:
    """Send the questions, one after the other, no faster than letters. What a server does not take is dropped: the
    reader asks again."""
    own = posting.sender(door.publication)[1]
    while True:
        address, asked, topic = await door.questions.get()
        message = posting.question(door.publication, address, door.key, asked, topic)
        for attempt in range(ATTEMPTS):
            if attempt:
                await sleep(WAIT)
            try:
                await way.offer(own, address)
                await way.hand_over(message)
                break
            except MailError as exc:
                if exc.kind not in ("away", "later"):
                    break
        if door.questions.empty():
            await way.close()  # no server likes an idle guest
        await sleep(60 / door.publication.newsletter.rate)


# --- subscribing -----------------------------------------------------------------------------------------------------


async def _form(door: Door, _request: web.Request) -> web.Response:
    letters = [name for name in letter_names(door.publication) if name]
    options = "".join(f"<option>{escape(name)}</option>" for name in letters)
    choice = f'<p><label>Of <select name="topic"><option value="">everything</option>{options}</select></label></p>'
    return _page(
        door,
        "Subscribe",
        '<form method="post"><p><label>Your address <input name="email" type="email" required maxlength="254" '
        f'autocomplete="email"></label></p>{choice if letters else ""}<p><button>Subscribe</button></p></form>',
    )


async def _subscribe(door: Door, request: web.Request) -> web.Response:
    """Ask whether whoever has the address wants letters. The answer is the same whoever it is."""
    now = door.clock()
    form = await _posted(request)
    try:
        address = addresses.normalised(form.get("email", ""))
    except ParseError:
        return _page(door, "That is no address", "<p>Please go back and look at what you wrote.</p>", status=400)
    if door.is_crowded(now):
        return _page(door, "Too many at once", "<p>Please come back in a minute.</p>", status=429)
    topic = form.get("topic", "")
    topic = topic if topic in letter_names(door.publication) else ""
    digest = tokens.digest(address)
    if door.may_ask(digest, now) and not door.questions.full():
        wish = Wish(kind="ask", at=now, digest=digest, address=address, topics=(topic,))
        await asyncio.to_thread(letterbox.drop, door.private, wish)
        door.questions.put_nowait((address, now, topic))
    words = "<p>If that address can get letters, a message is on its way to it. Open the link in it to confirm.</p>"
    return _page(door, "Look into your mail", words)


async def _confirmable(door: Door, request: web.Request) -> web.Response:
    _joining(door, request)
    return _page(door, "One more click", '<form method="post"><p><button>Yes, send me letters</button></p></form>')


async def _confirm(door: Door, request: web.Request) -> web.Response:
    digest, asked = _joining(door, request)
    await _posted(request)
    of = request.query.get("topic", "")
    topics = tuple(t.name for t in door.publication.topics if t.id == of and t.name in letter_names(door.publication))
    wish = Wish(kind="join", at=door.clock(), digest=digest, asked=asked, topics=topics or ("",))
    await asyncio.to_thread(letterbox.drop, door.private, wish)
    return _page(door, "Welcome", "<p>You will get the next letter.</p>")


def _joining(door: Door, request: web.Request) -> tuple[str, datetime]:
    found = tokens.who_joins(door.key, request.match_info["token"])
    if found is None or door.clock() - found[1] > letterbox.PATIENCE:
        raise web.HTTPNotFound(text="This link is no longer good. Please subscribe again.\n", headers=_HEADERS)
    return found


# --- leaving ---------------------------------------------------------------------------------------------------------


async def _leavable(door: Door, request: web.Request) -> web.Response:
    _leaving(door, request)
    button = '<input type="hidden" name="List-Unsubscribe" value="One-Click"><button>Unsubscribe</button>'
    return _page(door, "No more letters?", f'<form method="post"><p>{button}</p></form>')


async def _leave(door: Door, request: web.Request) -> web.Response:
    """One click: RFC 8058, section 3.2. No cookie, no redirect, no further question."""
    digest = _leaving(door, request)
    form = await _posted(request)
    if form.get("List-Unsubscribe") != "One-Click":
        raise web.HTTPBadRequest(text="List-Unsubscribe=One-Click is missing\n", headers=_HEADERS)
    wish = Wish(kind="leave", at=door.clock(), digest=digest)
    await asyncio.to_thread(letterbox.drop, door.private, wish)
    return _page(door, "Done", "<p>You will get no more letters.</p>")


def _leaving(door: Door, request: web.Request) -> str:
    digest = tokens.who_leaves(door.key, request.match_info["token"])
    if digest is None:
        raise web.HTTPNotFound(text="There is no such link.\n", headers=_HEADERS)
    return digest


# --- requests and pages ----------------------------------------------------------------------------------------------


async def _posted(request: web.Request) -> dict[str, str]:
    """Text fields of a form, of either encoding; the last of each name. Raises HTTPException."""
    async with asyncio.timeout(READING):
        try:
            form = await request.post()
        except ValueError as exc:
            raise web.HTTPBadRequest(headers=_HEADERS) from exc
    return {name: text.clean(value) for name, value in form.items() if isinstance(value, str)}


@web.middleware
async def _failures(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What cannot be written down is not promised; what is slow is let go."""
    try:
        return await handler(request)
    except OutputError:
        return web.Response(status=503, headers={**_HEADERS, "Retry-After": "60"})
    except TimeoutError:
        return web.Response(status=408, headers={**_HEADERS, "Connection": "close"})


def _page(door: Door, title: str, body: str, status: int = 200) -> web.Response:
    name, home = escape(door.publication.title), escape(door.publication.url)
    page = (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width"><meta name="color-scheme" content="light dark"><title>{title} – {name}</title>'
        f"<style>{_STYLE}</style></head><body><main><h1>{title}</h1>{body}"
        f'<p><a href="{home}">{name}</a></p></main></body></html>\n'
    )
    return web.Response(text=page, content_type="text/html", status=status, headers=_HEADERS)
