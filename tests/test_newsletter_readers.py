"""How readers subscribe, confirm and leave, over real HTTP; and what is kept of it."""

from __future__ import annotations

import asyncio
import email
import email.policy
import re
import threading
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import aiohttp
import pytest
from msgspec.structs import replace

from broadsheet.config import parse
from broadsheet.errors import MailError, StoreError, UsageError
from broadsheet.letters import tokens
from broadsheet.run import letterbox, subscribing
from broadsheet.run.letterbox import Wish
from broadsheet.run.repeating import repeat
from broadsheet.run.subscribing import Door
from broadsheet.store import Store
from broadsheet.types import Delivery, Issue, Newsletter, Section, Subscriber, Suppression

from . import build, web
from .build import NOW
from .test_store import postgres_url, store, url  # noqa: F401 (fixtures)

KEY = bytes(range(32))
ANN, BOB = "ann@reader.example", "bob@reader.example"
LETTER = Newsletter(sender="news@ferries.example", url="https://desk.ferries.example/letters/", topics=("Cranes",))
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Carried:
    """A way to a mail server that keeps what it is given."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, str]] = []
        self.failures = 0  # that come first
        self._to = ""

    async def offer(self, _sender: str, address: str) -> None:
        if self.failures:
            self.failures -= 1
            raise MailError("450 later", "mail.example", "later")
        self._to = address

    async def hand_over(self, message: bytes) -> None:
        parsed = email.message_from_bytes(message, policy=email.policy.default)
        assert [] == parsed.defects
        self.messages.append((self._to, parsed.get_content()))  # type: ignore[attr-defined]

    async def close(self) -> None:
        pass


class Answer(NamedTuple):
    status: int
    text: str
    headers: dict[str, str]


class Scene:
    """A server of ours, whoever asks it, and what came of it."""

    def __init__(self, private: Path, session: aiohttp.ClientSession, address: str, door: Door, way: Carried) -> None:
        self.private, self.session, self.address, self.door, self.way = private, session, address, door, way
        self.now = NOW

    async def ask(self, method: str, path: str, **options: Any) -> Answer:
        where = f"http://{self.address}/letters/{path}"
        async with self.session.request(method, where, allow_redirects=False, **options) as reply:
            return Answer(reply.status, await reply.text(), dict(reply.headers))

    async def subscribe(self, address: str, **fields: str) -> Answer:
        reply = await self.ask("POST", "subscribe", data={"email": address, **fields})
        for _ in range(100):
            await asyncio.sleep(0)
        return reply

    async def link(self, number: int = -1) -> str:
        """The link in a question, below the base of the endpoints."""
        for _ in range(200):
            if self.way.messages:
                break
            await asyncio.sleep(0.01)
        found = re.search(r"https://desk\.ferries\.example/letters/(\S+)", self.way.messages[number][1])
        assert found is not None
        return found[1]

    @property
    def wishes(self) -> list[Wish]:
        file = self.private / letterbox.FILE
        return list(letterbox._read(file.read_bytes())) if file.exists() else []


def played(folder: Path, act: Callable[[Scene], Awaitable[Any]], **changes: Any) -> Any:
    own = build.publication(
        newsletter=replace(LETTER, **changes), topics=(build.topic(), build.topic("Cranes", parent="Ferries"))
    )
    scene: list[Scene] = []

    async def play() -> Any:
        way = Carried()
        door = Door(folder, own, KEY, lambda: scene[0].now)

        async def sleep(_: float) -> None:
            await asyncio.sleep(0)

        async with (
            subscribing.answering(door, "127.0.0.1:0", way, sleep) as address,
            aiohttp.ClientSession() as session,
        ):
            scene.append(Scene(folder, session, address, door, way))
            return await act(scene[0])

    return asyncio.run(play())


# --- leaving ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["urlencoded", "multipart"])
def test_one_post_unsubscribes_at_once(tmp_path: Path, how: str):
    """RFC 8058: no cookie, no redirect, either encoding of a form; it is on disk before the answer."""

    async def act(scene: Scene) -> Answer:
        data: Any = b"List-Unsubscribe=One-Click"
        headers = FORM
        if how == "multipart":
            data = aiohttp.FormData({"List-Unsubscribe": "One-Click"}, default_to_multipart=True)
            headers = {}
        reply = await scene.ask("POST", f"unsubscribe/{tokens.leaving(KEY, ANN)}", data=data, headers=headers)
        assert [Wish(kind="leave", at=NOW, digest=tokens.digest(ANN))] == scene.wishes
        return reply

    reply = played(tmp_path, act)

    assert 200 == reply.status
    assert {"Set-Cookie", "Location"}.isdisjoint(reply.headers)
    assert "no-store" == reply.headers["Cache-Control"]
    assert "no-referrer" == reply.headers["Referrer-Policy"]


def test_opening_the_link_unsubscribes_nobody(tmp_path: Path):
    """GET shows a button whose press does; HEAD and a POST of something else do nothing either."""

    async def act(scene: Scene) -> list[Answer]:
        path = f"unsubscribe/{tokens.leaving(KEY, ANN)}"
        found = [
            await scene.ask("GET", path),
            await scene.ask("POST", path, data=b"", headers=FORM),
            await scene.ask("POST", path, data=b"List-Unsubscribe=Maybe", headers=FORM),
            await scene.ask("HEAD", path),
        ]
        assert [] == scene.wishes
        return found

    shown, *others = played(tmp_path, act)

    assert (200, [400, 400, 405]) == (shown.status, [reply.status for reply in others])
    assert 'method="post"' in shown.text
    assert '<input type="hidden" name="List-Unsubscribe" value="One-Click">' in shown.text


def test_a_link_that_we_did_not_write_does_nothing(tmp_path: Path):
    """A forged one, one of joining, one of another key: all are answered alike, and so is one of nobody we know."""

    async def act(scene: Scene) -> tuple[set[int], int]:
        forged = ("A" * 24, tokens.joining(KEY, ANN, NOW), tokens.leaving(KEY[::-1], ANN), "x", "%00")
        body = {"data": b"List-Unsubscribe=One-Click", "headers": FORM}
        found = {(await scene.ask("POST", f"unsubscribe/{token}", **body)).status for token in forged}
        assert [] == scene.wishes
        return found, (await scene.ask("POST", f"unsubscribe/{tokens.leaving(KEY, 'n@b.example')}", **body)).status

    assert ({404}, 200) == played(tmp_path, act)


# --- subscribing -----------------------------------------------------------------------------------------------------


def test_nobody_gets_letters_without_confirming(tmp_path: Path, store: Store):  # noqa: F811
    """A question is sent; its link shows a button; pressing it is what counts."""

    async def act(scene: Scene) -> None:
        assert 200 == (await scene.subscribe(" Ann@Reader.example ")).status
        link = await scene.link()
        shown = await scene.ask("GET", link)
        assert (200, True) == (shown.status, 'method="post"' in shown.text)
        letterbox.empty(tmp_path, store.letters, NOW)
        assert [(ANN, "pending")] == [(one.address, one.state) for one in store.letters.subscribers()]
        assert 200 == (await scene.ask("POST", link)).status

    played(tmp_path, act)
    letterbox.empty(tmp_path, store.letters, NOW)

    assert [(ANN, "active", ("",))] == [(one.address, one.state, one.topics) for one in store.letters.subscribers()]


def test_the_letter_of_a_topic_is_subscribed_to_beside_what_one_has(tmp_path: Path, store: Store):  # noqa: F811
    """The form names it; one that has no letter means the main one."""
    store.letters.put_subscribers([letterbox.subscriber(ANN, NOW, ("",), "command")])

    async def act(scene: Scene) -> None:
        await scene.subscribe(ANN, topic="Cranes")
        await scene.ask("POST", await scene.link())

    played(tmp_path, act)
    letterbox.empty(tmp_path, store.letters, NOW)

    assert [("", "Cranes")] == [one.topics for one in store.letters.subscribers("active")]


def test_an_answer_says_nothing_of_whom_we_know(tmp_path: Path):
    """Known, unknown, barred and asked a moment ago: the same page, and the barred get no message."""

    async def act(scene: Scene) -> tuple[list[Answer], list[str]]:
        scene.door.barred = frozenset({tokens.digest(BOB)})
        found = [await scene.subscribe(address) for address in (ANN, BOB, ANN, "new@reader.example")]
        await asyncio.sleep(0.05)
        return found, [address for address, _ in scene.way.messages]

    answers, asked = played(tmp_path, act)

    assert 1 == len({(reply.status, reply.text, frozenset(reply.headers) - {"Date"}) for reply in answers})
    assert [ANN, "new@reader.example"] == asked


def test_an_address_is_asked_three_times_a_day_and_never_at_once(tmp_path: Path):
    async def act(scene: Scene) -> list[int]:
        found = []
        for minutes in (0, 5, 11, 22, 33, 24 * 60 + 34):
            scene.now = NOW + timedelta(minutes=minutes)
            before = len(scene.wishes)
            await scene.subscribe(ANN)
            found.append(len(scene.wishes) - before)
        return found

    assert [1, 0, 1, 1, 0, 1] == played(tmp_path, act)


def test_too_many_wishes_at_once_are_put_off(tmp_path: Path):
    """A form that is misused cannot be made a flood of messages."""

    async def act(scene: Scene) -> list[int]:
        found = [(await scene.subscribe(f"r{n}@reader.example")).status for n in range(subscribing.A_MINUTE + 1)]
        scene.now = NOW + timedelta(minutes=1)
        return [*found[-2:], (await scene.subscribe("late@reader.example")).status]

    assert [200, 429, 200] == played(tmp_path, act)


@pytest.mark.parametrize("given", ["", "nobody", "a@b", "a@x.example\r\nBcc: b@y.example", "a@x.example,b@x.example"])
def test_what_is_no_address_is_not_written_to(tmp_path: Path, given: str):
    async def act(scene: Scene) -> tuple[int, list[Wish]]:
        return (await scene.subscribe(given)).status, scene.wishes

    assert (400, []) == played(tmp_path, act)


def test_a_body_beyond_the_bound_is_refused(tmp_path: Path):
    async def act(scene: Scene) -> int:
        return (await scene.ask("POST", "subscribe", data={"email": "x" * 10_000})).status

    assert 413 == played(tmp_path, act)


def test_a_confirmation_has_to_come_within_a_week(tmp_path: Path):
    async def act(scene: Scene) -> list[int]:
        await scene.subscribe(ANN)
        link, found = await scene.link(), []
        for days in (7, 8):
            scene.now = NOW + timedelta(days=days)
            found.append((await scene.ask("POST", link)).status)
        return found

    assert [200, 404] == played(tmp_path, act)


def test_a_question_is_tried_again(tmp_path: Path):
    async def act(scene: Scene) -> str:
        scene.way.failures = 2
        await scene.subscribe(ANN)
        return await scene.link()

    assert played(tmp_path, act).startswith("confirm/")


def test_wishes_that_cannot_be_written_down_are_not_promised(tmp_path: Path):
    (tmp_path / letterbox.FILE).mkdir()

    async def act(scene: Scene) -> Answer:
        body = {"data": b"List-Unsubscribe=One-Click", "headers": FORM}
        return await scene.ask("POST", f"unsubscribe/{tokens.leaving(KEY, ANN)}", **body)

    reply = played(tmp_path, act)
    assert (503, "60") == (reply.status, reply.headers["Retry-After"])


def test_there_is_a_form_for_whoever_comes_by(tmp_path: Path):
    async def act(scene: Scene) -> Answer:
        return await scene.ask("GET", "subscribe")

    assert "<option>Cranes</option>" in played(tmp_path, act).text


# --- what is kept ----------------------------------------------------------------------------------------------------


def wish(kind: str, hours: int, address: str = ANN, asked: int | None = None) -> Wish:
    at = NOW + timedelta(hours=hours)
    when = NOW + timedelta(hours=asked) if asked is not None else None
    return Wish(
        kind=kind,
        at=at,
        digest=tokens.digest(address),
        address=address if kind == "ask" else "",
        topics=("",),
        asked=when,
    )


def state(kept: Store, address: str = ANN) -> str:
    held = kept.letters.subscriber(tokens.digest(address))
    return held.state if held else "unknown"


@pytest.mark.parametrize(
    ("wishes", "found"),
    [
        ([wish("ask", 0)], "pending"),
        ([wish("ask", 0), wish("join", 1, asked=0)], "active"),
        ([wish("join", 1, asked=0)], "unknown"),
        ([wish("ask", 0), wish("join", 1, asked=0), wish("leave", 2)], "left"),
        ([wish("ask", 0), wish("join", 1, asked=0), wish("leave", 2), wish("join", 3, asked=0)], "left"),
        (
            [wish("ask", 0), wish("join", 1, asked=0), wish("leave", 2), wish("ask", 3), wish("join", 4, asked=3)],
            "active",
        ),
        ([wish("ask", 0), wish("join", 1, asked=0), wish("ask", 2)], "active"),
    ],
    ids=["asked", "joined", "never asked", "left", "an old link", "came back", "asked again"],
)
def test_what_readers_ask_for_is_done_in_its_order(store: Store, wishes: list[Wish], found: str):  # noqa: F811
    """Done twice, since a program died between, it ends the same."""
    letterbox.fulfil(store.letters, wishes)
    assert found == state(store)
    letterbox.fulfil(store.letters, wishes)
    assert found == state(store)


@pytest.mark.parametrize("reason", ["complaint", "bounced"])
def test_who_complained_is_not_brought_back_by_a_form(store: Store, reason: str):  # noqa: F811
    store.letters.suppress([Suppression(digest=tokens.digest(ANN), at=NOW, reason=reason)])

    letterbox.fulfil(store.letters, [wish("ask", 1), wish("join", 2, asked=1), wish("leave", 3)])

    assert "unknown" == state(store)
    assert [reason] == [one.reason for one in store.letters.suppressions()]


def test_who_left_unknown_to_us_is_remembered_by_a_digest_alone(store: Store):  # noqa: F811
    letterbox.fulfil(store.letters, [wish("leave", 1, BOB)])

    assert [tokens.digest(BOB)] == [one.digest for one in store.letters.suppressions()]
    assert () == store.letters.subscribers()


def test_a_torn_wish_spoils_no_other(tmp_path: Path, store: Store):  # noqa: F811
    """A program that died while it wrote had promised nothing; what came before and after is done."""
    letterbox.drop(tmp_path, wish("ask", 0))
    with (tmp_path / letterbox.FILE).open("ab") as file:
        file.write(b'\n{"kind":"leave","at":"2026-')
    letterbox.drop(tmp_path, wish("ask", 0, BOB))

    assert (2, 0) == (letterbox.empty(tmp_path, store.letters, NOW), letterbox.empty(tmp_path, store.letters, NOW))
    assert [ANN, BOB] == [one.address for one in store.letters.subscribers("pending")]


def test_wishes_wait_while_the_store_is_away(tmp_path: Path, store: Store):  # noqa: F811
    letterbox.drop(tmp_path, wish("ask", 0))

    class Away:
        def suppressions(self) -> tuple[Suppression, ...]:
            raise StoreError("away")

    with pytest.raises(StoreError):
        letterbox.empty(tmp_path, Away(), NOW)  # type: ignore[arg-type]
    assert 1 == letterbox.empty(tmp_path, store.letters, NOW)


def test_who_never_confirmed_is_forgotten(tmp_path: Path, store: Store):  # noqa: F811
    letterbox.fulfil(store.letters, [wish("ask", 0)])

    letterbox.empty(tmp_path, store.letters, NOW + timedelta(days=7))
    assert "pending" == state(store)
    letterbox.empty(tmp_path, store.letters, NOW + timedelta(days=8))
    assert "unknown" == state(store)


def issue(name: str = "ferry-times-2026-03-02", at: datetime = NOW) -> Issue:
    return Issue(id=name, title="Ferry Times", excerpt="", since=NOW, at=at, sections=(Section(pieces=()),))


def test_an_issue_is_made_once_with_all_its_deliveries(store: Store):  # noqa: F811
    """A second one of its id changes nothing, so that no reader is planned twice."""
    assert store.letters.make(issue(), [BOB, ANN])
    store.letters.put_deliveries([Delivery(issue=issue().id, address=ANN, state="sent", at=NOW)])

    assert not store.letters.make(replace(issue(), title="Another"), [ANN, "new@reader.example"])

    assert (issue(),) == store.letters.issues(NOW)
    assert [(ANN, "sent"), (BOB, "planned")] == [(d.address, d.state) for d in store.letters.deliveries(issue().id)]


def test_issues_are_those_of_a_moment_and_unfinished_ones_come_oldest_first(store: Store):  # noqa: F811
    later = issue("a", NOW + timedelta(days=1))
    store.letters.make(later, [ANN])
    store.letters.make(issue(), [ANN])

    assert (issue(),) == store.letters.issues(NOW)
    assert (issue(), later) == store.letters.issues(later.at)
    assert (issue().id, "a") == store.letters.unfinished()
    store.letters.put_deliveries([Delivery(issue="a", address=ANN, state="sending", at=NOW)])
    assert (issue().id,) == store.letters.unfinished()


def test_a_reader_who_is_removed_leaves_no_trace(store: Store):  # noqa: F811
    store.letters.put_subscribers([Subscriber(address=ANN, token="t", since=NOW)])  # noqa: S106
    store.letters.make(issue(), [ANN])

    assert (1, 0) == (store.letters.remove_subscribers([ANN]), store.letters.remove_subscribers([ANN]))
    assert ((), ()) == (store.letters.subscribers(), store.letters.deliveries(issue().id))


# --- where it runs ---------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A publication that is fetched from a small web, with endpoints for readers on a free port."""
    pytest.importorskip("aiosmtplib", reason="the extra `mail` is not there: letters are not sent")
    with web.served() as served:
        made = web.publication(tmp_path, address=served.address)
        with (made / "broadsheet.toml").open("a") as file:
            file.write(
                '\n[newsletter]\nsender = "news@ferries.example"\nurl = "http://desk.ferries.example/letters/"\n'
                'listen = "127.0.0.1:0"\nsmtp = "smtp://127.0.0.1:1"\n'
            )
        yield made


def leave(folder: Path, address: str, reader: str) -> int:
    """The status of one click of `reader` at the server at `address`."""
    token = tokens.leaving(subscribing.key(folder), reader)

    async def post() -> int:
        async with aiohttp.ClientSession() as session:
            where = f"http://{address}/letters/unsubscribe/{token}"
            async with session.post(where, data={"List-Unsubscribe": "One-Click"}) as reply:
                return reply.status

    return asyncio.run(post())


def test_run_answers_readers_and_brings_their_wishes_into_the_store(folder: Path):
    """Who leaves between two cycles has left when the next one begins."""
    shown: list[Any] = []
    stop = threading.Event()

    def show(outcome: Any) -> None:
        shown.append(outcome)
        if isinstance(outcome, str):
            assert 200 == leave(folder, outcome.removeprefix("answering readers at "), ANN)
        else:
            stop.set()

    repeat(folder, lambda: NOW, stop, executor="serial", show=show)

    with subscribing.opened(folder, lock=False) as (_, kept):
        assert [tokens.digest(ANN)] == [one.digest for one in kept.letters.suppressions()]
    assert not letterbox.waits(folder / ".broadsheet")


def test_serve_answers_readers_alone(folder: Path):
    """It needs no store to answer, and brings wishes into it when nobody else is at work there."""
    stop = threading.Event()
    said: list[str] = []

    def show(line: str) -> None:
        said.append(line)
        thread = threading.Thread(target=lambda: (leave(folder, line.rpartition(" ")[2], ANN), stop.set()))
        thread.start()

    subscribing.serve(folder, lambda: NOW, stop, show)

    assert said[0].startswith("answering readers at 127.0.0.1:")
    with subscribing.opened(folder) as (_, kept):
        letterbox.empty(folder / ".broadsheet", kept.letters, NOW)
        assert [tokens.digest(ANN)] == [one.digest for one in kept.letters.suppressions()]


def test_serving_readers_takes_an_address_for_them(folder: Path):
    text = (folder / "broadsheet.toml").read_text()
    (folder / "broadsheet.toml").write_text(text.replace('url = "http://desk.ferries.example/letters/"', ""))

    with pytest.raises(UsageError, match="readers have no address"):
        subscribing.serve(folder, lambda: NOW, threading.Event(), print)


# --- settings --------------------------------------------------------------------------------------------------------


def settings(lines: str) -> Newsletter:
    topic = b"_id: ferries\nname: Ferries\nkeywords:\n  - ferry\n"
    text = f'title = "Ferry Times"\nurl = "https://ferries.example/"\n[newsletter]\n{lines}'
    return parse({"broadsheet.toml": text.encode(), "topics/00-ferries.yaml": topic}).newsletter


def test_settings_of_letters_are_read():
    found = settings('sender = "Ferry Times <News@Ferries.example>"\nurl = "https://desk.example/l"\nevery = "weekly"')

    assert ("weekly", "https://desk.example/l/", "wednesday") == (found.every, found.url, found.day)
    assert Newsletter() == settings("")


@pytest.mark.parametrize(
    "line",
    ['sender = "nobody"', 'mailto = "mailto:x"', 'url = "ftp://x.example/"', 'topics = ["Cranes"]', 'smtp = "mail.example"',
     'smtp = "smtp://user:secret@mail.example"', 'smtp = "http://mail.example"', 'smtp = "smtp://mail.example:0"', 'every = "hourly"',
     'day = "someday"', "size = 0", "size = 51", "rate = 0", 'listen = "here"', 'smtp = "smtp://mail.example:x"'],
)  # fmt: skip
def test_wrong_settings_of_letters_are_told(line: str):
    with pytest.raises(UsageError) as told:
        settings(line)

    assert "\n" not in str(told.value)
