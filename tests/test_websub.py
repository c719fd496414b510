"""WebSub with a real little hub on loopback: subscribing, confirming, pings, and what is refused."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import hmac
import stat
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import msgspec
import pytest
from aiohttp import web

from broadsheet import config
from broadsheet.errors import FetchError, ParseError, StoreError, UsageError
from broadsheet.fetch import Reply, websub
from broadsheet.run import listening
from broadsheet.types import Hub, Subscription, WebSub

from .build import NOW

FEED = "https://harbour.example/feed.xml"
KEY = bytes(range(32))
DAY = timedelta(days=1)


class Kept:
    """The store's part, in memory."""

    def __init__(self, *hubs: Hub) -> None:
        self.named, self.held, self.made_due, self.broken = hubs, dict[str, Subscription](), list[str](), False

    def hubs(self) -> tuple[Hub, ...]:
        return self.named

    def subscriptions(self) -> tuple[Subscription, ...]:
        if self.broken:
            raise StoreError("database is locked")
        return tuple(self.held.values())

    def put_subscription(self, subscription: Subscription) -> None:
        self.held[subscription.source] = subscription

    def make_due(self, source: str) -> None:
        self.made_due.append(source)


class Outside:
    """A plain Poster, which refuses what has no scheme of the web, as the guarded one does."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self.session = session

    async def post(self, url: str, form: Mapping[str, str]) -> Reply:
        if not url.startswith("http"):
            raise FetchError(url, "scheme refused", kind="refused")
        async with self.session.post(url, data=form, allow_redirects=False) as reply:
            return Reply(url=url, status=reply.status, headers={k.lower(): v for k, v in reply.headers.items()})


class LittleHub:
    """A hub: takes wishes, asks back, publishes. `wishes` are the forms that it was sent."""

    def __init__(self) -> None:
        self.wishes: list[dict[str, str]] = []
        self.url = ""
        self.lease = "864000"

    async def wish(self, request: web.Request) -> web.Response:
        self.wishes.append({name: str(value) for name, value in (await request.post()).items()})
        return web.Response(status=int(request.query.get("status", 202)), headers={"Location": "/hub"})


class Scene:
    """Everything that talks in a test."""

    def __init__(self, kept: Kept, hub: LittleHub, session: aiohttp.ClientSession, address: str) -> None:
        self.kept, self.hub, self.session = kept, hub, session
        self.callback = f"http://{address}/websub/"
        self.now = NOW

    async def subscribe(self) -> listening.Asked:
        return await listening.subscribe_due(self.kept, Outside(self.session), self.callback, KEY, self.now)

    async def verify(self, challenge: str = "a-challenge", wish: int = -1, **changes: str) -> tuple[int, str]:
        """The hub asks back about one of its wishes, with parts of the query changed: status and body of the answer."""
        wished = self.hub.wishes[wish]
        query = {"mode": "subscribe", "topic": wished["hub.topic"], "challenge": challenge, "lease_seconds": "864000"}
        asked = {f"hub.{name}": value for name, value in (query | changes).items()}
        async with self.session.get(wished["hub.callback"], params=asked) as reply:
            return reply.status, await reply.text()

    async def ping(self, body: bytes = b"<rss/>", signature: str = "", **headers: str) -> int:
        wished = self.hub.wishes[-1]
        signed = signature or "sha256=" + hmac.new(wished["hub.secret"].encode(), body, "sha256").hexdigest()
        sent = {"X-Hub-Signature": signed} | headers
        async with self.session.post(wished["hub.callback"], data=body, headers=sent) as reply:
            return reply.status

    async def status(self, url: str, method: str = "GET") -> int:
        async with self.session.request(method, url) as reply:
            return reply.status


@asynccontextmanager
async def scene(hub_path: str = "/hub") -> AsyncIterator[Scene]:
    hub = LittleHub()
    app = web.Application()
    app.router.add_post("/hub", hub.wish)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hub.url = f"http://127.0.0.1:{runner.addresses[0][1]}{hub_path}" if hub_path.startswith("/") else hub_path
    kept = Kept(Hub(source=FEED, url=hub.url, topic=f"{FEED}?full"))
    clock: list[Scene] = []
    settings = WebSub(callback="https://desk.example.org/websub/", listen="127.0.0.1:0")
    async with (
        listening.listening(settings, kept, lambda: clock[0].now) as address,
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session,
    ):
        clock.append(Scene(kept, hub, session, address))
        yield clock[0]
    await runner.cleanup()


def played(act: Callable[[Scene], Awaitable[Any]], **settings: str) -> Any:
    async def work() -> Any:
        async with scene(**settings) as found:
            return await act(found)

    return asyncio.run(work())


# --- end to end ------------------------------------------------------------------------------------------------------


def test_a_ping_of_a_confirmed_subscription_makes_its_source_due():
    """Subscribe, confirm, publish: the hub's challenge comes back and the source is due; the body is kept nowhere."""

    async def act(s: Scene) -> Any:
        asked = await s.subscribe()
        return asked, await s.verify(), await s.ping(b"<rss>hostile</rss>"), s.kept

    asked, answer, pinged, kept = played(act)

    assert (listening.Asked(taken=1), (200, "a-challenge"), 202) == (asked, answer, pinged)
    assert [FEED] == kept.made_due
    assert ("active", NOW + 10 * DAY) == (kept.held[FEED].state, kept.held[FEED].lease_until)


def test_a_hub_that_asks_back_before_it_answers_finds_the_wish():
    """The wish is kept before it is sent; a failure afterwards does not undo what the hub confirmed."""

    async def act(s: Scene) -> Any:
        class Hasty(Outside):
            async def post(self, url: str, form: Mapping[str, str]) -> Reply:
                s.hub.wishes.append(dict(form))
                assert (200, "a-challenge") == await s.verify()
                raise FetchError(url, "connection closed by the host", kind="network")

        asked = await listening.subscribe_due(s.kept, Hasty(s.session), s.callback, KEY, s.now)
        return asked.failures, s.kept.held[FEED].state

    failures, state = played(act)

    assert (1, "active") == (len(failures), state)


@pytest.mark.parametrize(
    "signature",
    [
        "none",
        "sha256=" + "0" * 64,
        "sha256=" + hmac.new(b"another", b"<rss/>", "sha256").hexdigest(),
        "sha256=",
        "md5=" + "0" * 32,
        "sha256=\u00e9",
    ],
)
def test_a_forged_ping_does_nothing_and_is_told_nothing(signature):
    """A signature that is not the secret's leaves the source alone, with the answer that a true one gets."""

    async def act(s: Scene) -> Any:
        await s.subscribe()
        await s.verify()
        return await s.ping(signature=signature), await s.ping(), s.kept.made_due

    forged, true, made_due = played(act)

    assert (forged, [FEED]) == (true, made_due)


def test_a_signature_by_sha1_is_refused_although_it_fits():
    """Only SHA-256 and better count."""

    async def act(s: Scene) -> Any:
        await s.subscribe()
        await s.verify()
        secret = s.hub.wishes[-1]["hub.secret"].encode()
        for method in ("sha1", "sha256", "sha384", "sha512"):
            await s.ping(signature=f"{method}={hmac.new(secret, b'<rss/>', method).hexdigest()}")
        return s.kept.made_due

    assert [FEED] * 3 == played(act)


@pytest.mark.parametrize(
    "changes",
    [
        {"topic": "https://elsewhere.example/feed.xml"},
        {"mode": "unsubscribe"},
        {"mode": "publish"},
        {"lease_seconds": "for ever"},
        {"lease_seconds": "-5"},
        {"lease_seconds": "\u0663"},
        {"challenge": ""},
        {"challenge": "x" * 1_025},
    ],
)
def test_nothing_is_confirmed_but_what_was_asked_for(changes):
    """Another topic, another mode or a broken intent is a 404 without the challenge, and the wish stays open."""

    async def act(s: Scene) -> Any:
        await s.subscribe()
        return await s.verify(**changes), s.kept.held[FEED].state, await s.verify()

    assert ((404, "404: Not Found"), "asked", (200, "a-challenge")) == played(act)


def test_a_verification_that_is_sent_again_confirms_nothing():
    """Whoever saw a verification and repeats it gets a 404, and the lease stays as it was."""

    async def act(s: Scene) -> Any:
        await s.subscribe()
        first = await s.verify()
        s.now += timedelta(hours=1)
        return first[0], (await s.verify())[0], s.kept.held[FEED].lease_until

    assert (200, 404, NOW + 10 * DAY) == played(act)


def test_an_unknown_address_is_nobody():
    """Tokens are not guessed: a verification is a 404, a ping a 410, and other methods are not allowed."""

    async def act(s: Scene) -> Any:
        await s.subscribe()
        unknown = f"{s.callback}{'0' * 32}"
        odd = f"{s.callback}%FF%00%E2"
        known = s.hub.wishes[-1]["hub.callback"]
        return (
            [await s.status(url) for url in (unknown, odd, s.callback, known)],
            [await s.status(url, "POST") for url in (unknown, odd, s.callback)],
            [await s.status(known, method) for method in ("HEAD", "PUT", "DELETE")],
        )

    assert ([404] * 4, [410] * 3, [405] * 3) == played(act)


def test_a_ping_counts_while_its_lease_lasts_alone():
    """Before the hub confirmed, and from the end of the lease on, a signed ping is a 410 and moves nothing."""

    async def act(s: Scene) -> Any:
        await s.subscribe()
        before = await s.ping()
        await s.verify(lease_seconds="3600")
        during = await s.ping()
        s.now += timedelta(seconds=3600)
        return before, during, await s.ping(), s.kept.made_due

    assert (410, 202, 410, [FEED]) == played(act)


def test_a_body_over_the_bound_is_refused_with_or_without_a_length():
    """One byte over 1 MiB is a 413 although it is signed; 1 MiB is taken."""

    async def act(s: Scene) -> Any:
        await s.subscribe()
        await s.verify()

        async def pieces() -> AsyncIterator[bytes]:
            for _ in range(64):
                yield bytes(32_768)

        wished = s.hub.wishes[-1]
        async with s.session.post(wished["hub.callback"], data=pieces()) as reply:
            chunked = reply.status
        return await s.ping(bytes(listening.BODY + 1)), chunked, await s.ping(bytes(listening.BODY)), s.kept.made_due

    assert (413, 413, 202, [FEED]) == played(act)


def test_a_compressed_ping_is_never_unpacked():
    """The signature is of the bytes as sent, so a bomb costs what it weighs on the wire."""

    async def act(s: Scene) -> Any:
        await s.subscribe()
        await s.verify()
        packed = gzip.compress(bytes(50_000_000))
        return await s.ping(packed, **{"Content-Encoding": "gzip"}), s.kept.made_due

    assert (202, [FEED]) == played(act)


def test_a_denial_ends_the_subscription_and_keeps_its_reason():
    """A hub that will not serve us any more is believed: pings end, and the reason is kept, clean and short."""

    async def act(s: Scene) -> Any:
        await s.subscribe()
        await s.verify()
        denied = await s.verify(mode="denied", reason="over\u0000 quota " + "x" * 500)
        return denied, await s.ping(), s.kept.held[FEED]

    (status, _), pinged, held = played(act)

    assert (200, 410, "denied") == (status, pinged, held.state)
    assert (True, 200) == (held.reason.startswith("over quota xxx"), len(held.reason))


def test_a_store_that_cannot_be_asked_lets_the_hub_try_again():
    """A locked database is a 503 with a time to come back, not a lost subscription."""

    async def act(s: Scene) -> Any:
        await s.subscribe()
        s.kept.broken = True
        return (await s.verify())[0], await s.ping()

    assert (503, 503) == played(act)


@pytest.mark.parametrize(
    ("path", "reason"), [("/hub?status=403", "HTTP 403"), ("gopher://hub.example/", "scheme refused")]
)
def test_a_hub_that_fails_is_told_and_asked_again_a_day_later(path, reason):
    """The failure is kept with its reason and returned; the source goes on being polled."""

    async def act(s: Scene) -> Any:
        asked = await s.subscribe()
        state = s.kept.held[FEED]
        soon = listening.due(s.kept.hubs(), s.kept.subscriptions(), KEY, NOW + DAY - timedelta(seconds=1))
        later = listening.due(s.kept.hubs(), s.kept.subscriptions(), KEY, NOW + DAY)
        return asked, state.state, state.reason, len(soon), len(later)

    asked, *rest = played(act, hub_path=path)

    assert ["failed", reason, 0, 1] == rest
    assert (0, True) == (asked.taken, asked.failures[0].endswith(f": {reason}"))


@pytest.mark.parametrize(("status", "taken"), [(307, 1), (308, 1), (302, 0)])
def test_a_hub_that_moved_gets_the_same_form_again(status, taken):
    """307 and 308 repeat the POST elsewhere; a redirect that would drop the form is a refusal."""

    async def act(s: Scene) -> Any:
        return (await s.subscribe()).taken, s.hub.wishes

    got, wishes = played(act, hub_path=f"/hub?status={status}")

    assert (taken, [wishes[0]] * (1 + taken)) == (got, wishes)


# --- what is asked for -----------------------------------------------------------------------------------------------

HUB = Hub(source=FEED, url="https://hub.example/", topic=FEED)


def held(**changes: Any) -> Subscription:
    [asked] = listening.due([HUB], [], KEY, NOW)
    return msgspec.structs.replace(asked, **changes)


@pytest.mark.parametrize(
    ("state", "lease", "after", "asked"),
    [
        ("active", 10 * DAY, 9 * DAY - timedelta(seconds=1), False),
        ("active", 10 * DAY, 9 * DAY, True),
        ("active", timedelta(hours=1), timedelta(minutes=29), False),
        ("active", timedelta(hours=1), timedelta(minutes=30), True),
        ("asked", None, timedelta(hours=23), False),
        ("asked", None, DAY, True),
        ("denied", None, 6 * DAY, False),
        ("denied", None, 7 * DAY, True),
    ],
)
def test_when_a_hub_is_asked_again(state, lease, after, asked):
    """A day before the lease ends, or in the second half of a short one; a day after silence, a week after a denial."""
    known = held(state=state, lease_until=NOW + lease if lease else None)

    assert asked == bool(listening.due([HUB], [known], KEY, NOW + after))


def test_a_renewal_keeps_lease_secret_and_token():
    """While the hub thinks about a renewal its pings still count, and are signed with what it knows."""
    known = held(state="active", lease_until=NOW + 2 * DAY)

    [again] = listening.due([HUB], [known], KEY, NOW + DAY)

    assert (known.secret, known.token, known.lease_until) == (again.secret, again.token, again.lease_until)


@pytest.mark.parametrize("change", [{"url": "https://other.example/"}, {"topic": f"{FEED}?all"}])
def test_another_hub_or_topic_is_another_subscription(change):
    """What a source moved away from loses its lease, its secret and its token at once."""
    known = held(state="active", lease_until=NOW + 9 * DAY)

    [fresh] = listening.due([msgspec.structs.replace(HUB, **change)], [known], KEY, NOW)

    assert (None, False, False) == (fresh.lease_until, fresh.secret == known.secret, fresh.token == known.token)


def test_a_lease_longer_than_any_is_cut():
    """A lease of thirty years would outlive every hub's memory: it counts as 90 days."""

    async def act(s: Scene) -> datetime | None:
        await s.subscribe()
        await s.verify(lease_seconds="999999999")
        return s.kept.held[FEED].lease_until

    assert NOW + 90 * DAY == played(act)


def test_secrets_follow_from_the_key_and_nothing_else():
    """The same key gives the same secret, another key or source another; it is no digest of what is public."""
    other = msgspec.structs.replace(HUB, source="https://other.example/feed.xml")
    secrets = [
        listening.due([hub], [], key, NOW)[0].secret for hub, key in ((HUB, KEY), (HUB, KEY), (HUB, b"k"), (other, KEY))
    ]

    assert (3, True) == (len(set(secrets)), secrets[0] == secrets[1])
    assert hashlib.sha256(FEED.encode()).hexdigest() not in secrets


def test_the_key_is_drawn_once_and_is_its_owners(tmp_path):
    """Mode 0600, the same bytes ever after, another folder another key, no other file left."""
    folder, elsewhere = tmp_path / "one", tmp_path / "two"

    first = listening.key(folder)

    assert (32, first, False) == (len(first), listening.key(folder), first == listening.key(elsewhere))
    assert 0o600 == stat.S_IMODE((folder / "websub.key").stat().st_mode)
    assert ["websub.key"] == [file.name for file in folder.iterdir()]


def test_a_broken_key_is_not_used(tmp_path):
    """An empty or cut key would give secrets that anybody can tell."""
    (tmp_path / "websub.key").write_bytes(b"")

    with pytest.raises(UsageError, match="not a key"):
        listening.key(tmp_path)


# --- the pure parts --------------------------------------------------------------------------------------------------


def test_the_form_has_what_the_specification_names():
    """WebSub, section 5.1: mode, topic, callback, secret, lease in seconds."""
    form = websub.subscription_request(FEED, "https://desk.example.org/websub/t", "s" * 199, 86_400)

    assert {
        "hub.mode": "subscribe",
        "hub.topic": FEED,
        "hub.callback": "https://desk.example.org/websub/t",
        "hub.secret": "s" * 199,
        "hub.lease_seconds": "86400",
    } == form
    with pytest.raises(ValueError, match="200 bytes"):
        websub.subscription_request(FEED, "https://desk.example.org/websub/t", "s" * 200, 86_400)


def test_a_signature_may_be_written_in_upper_case():
    """Hexadecimal digits have no case."""
    digest = hmac.new(b"secret", b"news", "sha512").hexdigest()

    assert websub.is_signed(b"news", f"sha512={digest.upper()}", "secret")
    assert not websub.is_signed(b"new", f"sha512={digest}", "secret")


def test_a_query_without_an_intent_is_none():
    """A browser that comes along is told nothing."""
    for query in ({}, {"hub.mode": "subscribe"}, {"hub.topic": FEED}, {"hub.mode": "denied", "hub.topic": ""}):
        with pytest.raises(ParseError):
            websub.intent(query)


# --- settings --------------------------------------------------------------------------------------------------------

TOP = 'title = "Ferries"\nurl = "https://ferries.example/"\n'
TOPIC = {"topics/0.yaml": b"_id: f\nname: F\n"}


def settings(lines: str) -> WebSub:
    return config.parse({"broadsheet.toml": (TOP + lines).encode()} | TOPIC).websub


def test_hubs_are_off_unless_a_callback_is_set():
    """Without [websub] nothing is asked; a callback gets its slash."""
    assert "" == settings("").callback
    assert (
        "https://desk.example.org/websub/"
        == settings('[websub]\ncallback = "https://desk.example.org/websub"').callback
    )


@pytest.mark.parametrize(
    "line", ['callback = "desk.example.org"', 'listen = "8765"', 'listen = "here:port"', "port = 1"]
)
def test_wrong_settings_are_told(line):
    """A callback that is no address, or a place to listen at that is none, is an error of the file."""
    with pytest.raises(UsageError):
        settings(f"[websub]\n{line}")


def test_an_address_that_is_taken_is_told():
    """Two listeners at one port: the second says which setting to change."""

    async def act(s: Scene) -> None:
        taken = s.callback.removeprefix("http://").removesuffix("/websub/")
        async with listening.listening(WebSub(listen=taken), s.kept, lambda: NOW):
            pass

    with pytest.raises(UsageError, match=r"websub\.listen"):
        played(act)
