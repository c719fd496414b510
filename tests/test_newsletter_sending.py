"""Sending the newsletter: to a real mail server, once to every subscriber, whatever happens."""

from __future__ import annotations

import asyncio
import email
import email.policy
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from broadsheet import files, record
from broadsheet.cli import run
from broadsheet.errors import MailError, UsageError
from broadsheet.letters import tokens
from broadsheet.mail import SmtpCarrier, kind_of
from broadsheet.run import importing, letterbox, mailing, readers, reviewing, starting
from broadsheet.run.deciding import Act
from broadsheet.run.mailing import Report, Way
from broadsheet.run.publication import opened, quiet, settings
from broadsheet.types import Delivery, Suppression

from . import build
from .build import NOW
from .test_run import git

pytest.importorskip("css_inline", reason="the extra `mail` is not there: letters are not tested")
pytest.importorskip("aiosmtplib", reason="the extra `mail` is not there: letters are not tested")
controllers = pytest.importorskip("aiosmtpd.controller", reason="aiosmtpd is not there: sending is not tested")

ISSUE = "ferry-times-2026-03-02"
LATER = NOW + timedelta(hours=1)
Answer = Callable[[str], str]  # recipient -> what the server says; empty: it takes the message


class Sink:
    """A mail server that keeps what it takes. rcpt, data: what else it says or does, by recipient."""

    def __init__(self, port: int) -> None:
        self.url = f"smtp://127.0.0.1:{port}"
        self.taken: list[tuple[str, bytes]] = []
        self.connections = 0
        self.rcpt: Answer = lambda _: ""
        self.data: Answer = lambda _: ""

    @property
    def counts(self) -> Counter[str]:
        """Messages by the name before the `@` of their reader."""
        return Counter(address.split("@")[0] for address, _ in self.taken)

    async def handle_EHLO(  # noqa: N802
        self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        said = self.rcpt(address)
        if not said:
            envelope.rcpt_tos.append(address)
        return said or "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        (address,) = envelope.rcpt_tos
        said = self.data(address)
        if not said or said == "lost":
            self.taken.append((address, envelope.original_content))
        if said == "lost":
            server.transport.abort()
        return said or "250 OK"


@pytest.fixture
def sink() -> Iterator[Sink]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    handler = Sink(port)
    controller = controllers.Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler
    controller.stop()


@pytest.fixture
def folder(tmp_path: Path, sink: Sink) -> Path:
    """A publication with four printed stories and four readers."""
    place = tmp_path / "ferries"
    starting.init(place, "Ferry Times", "https://ferries.example/")
    (place / "topics").joinpath("00-ferry-times.yaml").unlink(missing_ok=True)
    for file in (place / "topics").iterdir():
        file.unlink()
    (place / "topics" / "00-ferries.yaml").write_text(
        "taxonomy: topic\n_id: ferries\nname: Ferries\nkeywords:\n  - ferry\n"
    )
    with (place / "broadsheet.toml").open("a") as settings:
        settings.write(
            '\n[newsletter]\nsender = "Ferry Times <news@ferries.example>"\n'
            f'url = "https://desk.ferries.example/letters/"\nrate = 60000\nsmtp = "{sink.url}"\n'
        )
    records = tmp_path / "_news"
    records.mkdir()
    titles = (
        "Harbour bridge closes for ferry",
        "Night ferry doubles fares",
        "Electric ferry sails north",
        "Ferry museum burns",
    )
    for n, title in enumerate(titles, start=1):
        made = build.printed(
            n,
            title=title,
            topics=("Ferries",),
            web_url=f"https://p{n}.example/{n}",
            original_url=f"https://p{n}.example/{n}",
        )
        (records / made.name).write_bytes(record.dump(made.record))
    importing.bring(place, [records], NOW - timedelta(minutes=30), executor="serial", progress=quiet)
    readers.add(place, [f"{name}@reader.example" for name in ("ann", "bob", "cem", "dan")], NOW)
    return place


def send(folder: Path, *, slept: list[float] | None = None, now: Any = NOW, **changes: Any) -> Report:
    async def sleep(seconds: float) -> None:
        if slept is not None:
            slept.append(seconds)

    way = Way(mailing.carrier(settings(folder)), lambda: now, sleep, **changes)
    return mailing.send(folder, now, way)


def ledger(folder: Path) -> dict[str, Delivery]:
    with opened(folder, lock=False) as (_, store):
        return {delivery.address.split("@")[0]: delivery for delivery in store.letters.deliveries(ISSUE)}


def states(folder: Path) -> dict[str, str]:
    return {name: delivery.state for name, delivery in ledger(folder).items()}


ALL = {"ann": 1, "bob": 1, "cem": 1, "dan": 1}


def test_an_issue_is_pushed_with_its_edition(folder: Path, tmp_path: Path):
    """The remote has the record of what readers are sent a link to."""
    bare = tmp_path / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", str(bare)], check=True)
    git(folder, "remote", "add", "origin", str(bare))
    with (folder / "broadsheet.toml").open("a") as file:
        file.write("\n[git]\npush = true\n")

    assert () == send(folder).failures
    branch = git(folder, "symbolic-ref", "--short", "HEAD").strip()
    assert f"site/_newsletters/{ISSUE}.html" in git(bare, "ls-tree", "-r", "--name-only", branch).split()


def test_everybody_gets_the_issue_once_over_one_connection(folder: Path, sink: Sink):
    """A second call has nothing to do; the next day's has nothing to say, since no story developed."""
    report = send(folder)

    assert [(ISSUE, True, 4, 0, 0)] == [(i.issue, i.made, i.sent, i.failed, i.waiting) for i in report.issues]
    assert (ALL, 1) == (sink.counts, sink.connections)
    assert [(), ("newsletter: no issue is due: the last one is " + ISSUE,)] == [report.told, send(folder).told]
    assert "nothing to say" in send(folder, now=NOW + timedelta(days=1)).told[0]
    assert ALL == sink.counts


def test_what_is_sent_is_the_very_preview_and_dry_run(folder: Path, sink: Sink, tmp_path: Path):
    """Byte for byte, and neither keeps anything; the page on the site has the same stories and no link to leave."""
    shown = mailing.preview(folder, NOW, tmp_path / "p", address="Bob@reader.example")
    dry = mailing.dry_run(folder, NOW, tmp_path / "d")
    assert ([], 4) == (sink.taken, len(dry.files))

    send(folder)

    assert shown is not None
    message = dict(sink.taken)["bob@reader.example"]
    assert message == (tmp_path / "p" / f"{ISSUE}.eml").read_bytes()
    assert {f"{address}.eml": data for address, data in sink.taken} == {
        file.name: file.read_bytes() for file in (tmp_path / "d" / ISSUE).iterdir()
    }
    page = (folder / "site" / "newsletter" / ISSUE / "index.html").read_text()
    assert "Electric ferry sails north" in page
    assert (folder / "site" / "_newsletters" / f"{ISSUE}.html").read_text().endswith(page)
    assert "nsubscribe" not in page


def test_every_message_has_the_token_of_its_own_reader_alone(folder: Path, sink: Sink):
    send(folder)

    secret = mailing.key(folder)
    links = {address: tokens.leaving(secret, address) for address, _ in sink.taken}
    assert 4 == len(set(links.values()))
    for address, raw in sink.taken:
        parts = email.message_from_bytes(raw, policy=email.policy.default)
        whole = parts["List-Unsubscribe"] + "".join(part.get_content() for part in parts.iter_parts())
        assert [address] == [other for other, token in links.items() if token in whole]


@pytest.mark.parametrize("moment", ["rcpt", "data"])
def test_killed_in_mid_send_nobody_gets_two(folder: Path, sink: Sink, moment: str):
    """SIGKILL while the third message is offered: it is sent by the next call. After it left: it is not sent again but
    reported, and only who asks for it sends it once more."""
    command = [sys.executable, "-m", "broadsheet", "newsletter", "send", "-C", str(folder), "--now", NOW.isoformat()]
    sending = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def kill(address: str) -> str:
        if address.startswith("cem"):
            os.kill(sending.pid, signal.SIGKILL)
            sending.wait()
        return ""

    setattr(sink, moment, kill)
    assert -signal.SIGKILL == sending.wait(timeout=60)
    setattr(sink, moment, lambda _: "")
    before = states(folder)

    report = send(folder)

    left = moment == "data"
    assert {"ann": "sent", "bob": "sent", "cem": "sending" if left else "planned", "dan": "planned"} == before
    assert ALL == sink.counts
    assert [("cem@reader.example",) if left else ()] == [issue.uncertain for issue in report.issues]
    assert ALL == (send(folder), sink.counts)[1]
    again = send(folder, retry_uncertain=True)
    assert {**ALL, "cem": 2 if left else 1} == sink.counts
    assert all(not issue.uncertain for issue in again.issues)


def test_a_connection_lost_after_the_message_left_is_uncertain(folder: Path, sink: Sink):
    """It may have arrived, and here it did; the others get theirs over a new connection."""
    sink.data = lambda address: "lost" if address.startswith("bob") else ""

    report = send(folder)

    assert ALL == sink.counts
    assert ("bob@reader.example",) == report.issues[0].uncertain
    assert "it may have arrived" in report.failures[0]
    assert 2 == sink.connections


def test_what_is_refused_for_now_is_tried_again_and_then_kept(folder: Path, sink: Sink):
    """Three times in one call with growing waits, while others get theirs; the next call goes on."""
    sink.rcpt = lambda address: "451 4.7.1 greylisted" if address.startswith("bob") else ""
    slept: list[float] = []

    report = send(folder, slept=slept)

    assert {"ann": 1, "cem": 1, "dan": 1} == sink.counts
    assert ("planned", 3, True) == (
        ledger(folder)["bob"].state,
        ledger(folder)["bob"].attempts,
        "451" in ledger(folder)["bob"].reason,
    )
    assert ([5.0, 15.0], 1) == ([wait for wait in slept if wait > 1], report.issues[0].waiting)
    sink.rcpt = lambda _: ""
    send(folder, now=LATER)
    assert ALL == sink.counts


def test_refused_after_the_message_left_is_no_doubt(folder: Path, sink: Sink):
    """A server that answers 4yz has not taken it: it is sent again. One that answers 5yz never will."""
    once = iter(["452 4.3.1 full"])
    sink.data = lambda address: (
        next(once, "") if address.startswith("ann") else "554 5.6.0 no" if address.startswith("dan") else ""
    )

    report = send(folder)

    assert {"ann": 1, "bob": 1, "cem": 1} == sink.counts
    assert "failed" == states(folder)["dan"]
    assert ["dan@reader.example: 554 5.6.0 no"] == list(report.failures)


def test_a_mailbox_that_is_gone_is_never_written_to_again(folder: Path, sink: Sink):
    """5yz about the mailbox; an import does not bring it back. A policy of the server says nothing of the reader."""
    sink.rcpt = lambda address: {"ann": "550 5.1.1 no such user", "bob": "550 5.7.1 relaying denied"}.get(
        address.split("@")[0], ""
    )

    send(folder)

    held = {one.address.split("@")[0]: one.state for one in readers.all_of(folder)}
    assert {"ann": "bounced", "bob": "active", "cem": "active", "dan": "active"} == held
    assert 1 == len(readers.add(folder, ["ann@reader.example"], LATER).failures)


@pytest.mark.parametrize(
    ("code", "words", "kind"),
    [(550, "no such user", "gone"), (553, "5.1.3 bad address", "gone"), (550, "5.2.1 disabled", "gone"), (554, "no", "refused"),
     (550, "5.7.1 spam", "refused"), (552, "5.2.2 full", "refused"), (450, "4.2.1 busy", "later"), (421, "bye", "later")],
)  # fmt: skip
def test_what_a_server_says_of_a_recipient(code: int, words: str, kind: str):
    assert kind == kind_of(code, words, "gone")


def test_a_server_that_refuses_everybody_is_asked_no_more(folder: Path, sink: Sink):
    """Ten in a row; who was not tried waits for the next call."""
    readers.add(folder, [f"r{n:02}@reader.example" for n in range(20)], NOW)
    sink.rcpt = lambda _: "550 5.7.1 not from here"

    report = send(folder)

    assert (10, 14) == (report.issues[0].failed, report.issues[0].waiting)
    assert report.failures[-1].startswith("stopped: the server refused 10 readers in a row")


def test_a_server_that_is_away_keeps_everything_waiting(folder: Path, sink: Sink):
    """One line says so; the issue is made and printed all the same, and sent by the next call."""
    text = (folder / "broadsheet.toml").read_text()
    (folder / "broadsheet.toml").write_text(text.replace(sink.url, "smtp://127.0.0.1:1"))
    report = send(folder)
    assert (0, 4, 2) == (report.issues[0].sent, report.issues[0].waiting, len(report.failures))
    (folder / "broadsheet.toml").write_text(text)

    send(folder, now=LATER)

    assert ALL == sink.counts


def test_no_more_than_the_rate_and_the_limit(folder: Path, sink: Sink):
    """A minute has `rate` messages at the most; a call has `limit`, and the next goes on."""
    text = (folder / "broadsheet.toml").read_text()
    (folder / "broadsheet.toml").write_text(text.replace("rate = 60000", "rate = 30"))
    slept: list[float] = []

    assert (3, 1) == (lambda i: (i.sent, i.waiting))(send(folder, slept=slept, limit=3).issues[0])
    assert [2.0, 2.0] == slept
    send(folder)
    assert ALL == sink.counts


def test_who_leaves_while_an_issue_is_sent_gets_none(folder: Path, sink: Sink):
    """A wish is heeded at once, also one that was written down by the process that answers readers."""
    private = folder / ".broadsheet"

    def leave(address: str) -> str:
        if address.startswith("ann"):
            letterbox.drop(private, letterbox.Wish(kind="leave", at=NOW, digest=tokens.digest("dan@reader.example")))
        return ""

    sink.data = leave
    send(folder)

    assert {"ann": 1, "bob": 1, "cem": 1} == sink.counts
    assert ("failed", "does not get letters any more") == (ledger(folder)["dan"].state, ledger(folder)["dan"].reason)
    assert "left" == next(one.state for one in readers.all_of(folder) if one.address.startswith("dan"))


def test_the_suppressed_are_not_planned_nor_added_until_that_is_lifted(folder: Path, sink: Sink):
    readers.suppress(folder, ["bob@reader.example", "new@reader.example"], NOW)

    refused = readers.add(folder, ["bob@reader.example", "new@reader.example"], NOW)
    send(folder)

    assert ["complaint", "complaint"] == [line.split(": ")[2].split(";")[0] for line in refused.failures]
    assert {"ann": 1, "cem": 1, "dan": 1} == sink.counts
    readers.suppress(folder, ["new@reader.example"], NOW, lift=True)
    assert 1 == readers.add(folder, ["new@reader.example"], NOW).added


def test_the_suppressed_are_not_planned_whatever_the_list_says(folder: Path, sink: Sink):
    """The digest alone decides: an address that is active again by whatever way has no delivery."""
    with opened(folder) as (_, store):
        store.letters.suppress([Suppression(digest=tokens.digest("bob@reader.example"), at=NOW, reason="bounced")])

    send(folder)

    assert {"ann": "sent", "cem": "sent", "dan": "sent"} == states(folder)


def test_a_killed_story_leaves_the_queue(folder: Path, sink: Sink):
    """An issue that is made and not sent to all is composed anew without it; the printed one loses it, too."""
    send(folder, limit=1)
    act = Act(kind="kill", keys=("https://p3.example/3",), by="eda", note="")
    reviewing.review(folder, act, LATER, publish=True, progress=quiet)

    send(folder, now=LATER)

    told = [
        "Electric ferry" in str(email.message_from_bytes(raw, policy=email.policy.default).get_body(("plain",)))
        for _, raw in sink.taken
    ]
    assert (ALL, [True, False, False, False]) == (sink.counts, told)
    assert "Electric ferry" not in (folder / "site" / "newsletter" / ISSUE / "index.html").read_text()


def test_an_issue_of_which_everything_was_killed_is_not_sent(folder: Path, sink: Sink):
    """It is said, and the deliveries are over."""
    send(folder, limit=1)
    act = Act(kind="kill", keys=tuple(f"https://p{n}.example/{n}" for n in (1, 2, 3, 4)), by="eda", note="")
    reviewing.review(folder, act, LATER, progress=quiet)

    report = send(folder, now=LATER)

    assert (f"{ISSUE}: not sent: an editor has withdrawn all its stories",) == report.failures
    assert ({"ann": 1}, 3) == (sink.counts, report.issues[0].failed)


def test_an_issue_that_a_newer_one_has_overtaken_is_given_up(folder: Path, sink: Sink):
    send(folder, limit=1)
    records = folder.parent / "_more"
    records.mkdir()
    made = build.printed(
        9,
        title="Ferry line to the moon",
        published_at=NOW + timedelta(hours=20),
        web_url="https://moon.example/",
        original_url="https://moon.example/",
    )
    (records / made.name).write_bytes(record.dump(made.record))
    tomorrow = NOW + timedelta(days=1)
    importing.bring(folder, [records], tomorrow - timedelta(hours=1), executor="serial", progress=quiet)

    report = send(folder, now=tomorrow)

    assert [(ISSUE, 3, 1), ("ferry-times-2026-03-03", 0, 4)] == [(i.issue, i.failed, i.sent) for i in report.issues]
    assert {"ann": 2, "bob": 1, "cem": 1, "dan": 1} == sink.counts


# --- the command -----------------------------------------------------------------------------------------------------


def test_the_commands_do_it_and_say_so(folder: Path, sink: Sink, capsys: pytest.CaptureFixture[str], tmp_path: Path):
    at = ["-C", str(folder), "--now", NOW.isoformat()]
    assert 0 == run(["newsletter", "preview", *at, "--out", str(tmp_path / "p")])
    said = capsys.readouterr().out
    assert "Ferry Times (2026-03-02): 4 headlines, 0 more counted; 4 articles, 4 stories, 1 source since" in said
    assert {f"{ISSUE}.eml", f"{ISSUE}.html", f"{ISSUE}.txt"} == {file.name for file in (tmp_path / "p").iterdir()}

    assert 0 == run(["newsletter", "send", *at, "--json"])
    (issue,) = json.loads(capsys.readouterr().out)["issues"]
    assert (ISSUE, 4) == (issue["issue"], issue["sent"])
    assert 0 == run(["newsletter", "send", *at])
    assert "no issue is due" in capsys.readouterr().out
    assert 0 == run(["newsletter", "subscribers", "list", "-C", str(folder), "--json"])
    first = json.loads(capsys.readouterr().out)[0]
    assert ("ann@reader.example", "active") == (first["address"], first["state"])


def test_readers_are_imported_exported_and_removed(folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """A CSV file with or without a head; what is exported comes back as it was; what is no address is told."""
    file = tmp_path / "list.csv"
    file.write_text(
        "\ufeffaddress,state\nEve@Reader.example,active\nfay@reader.example,left\nnonsense@,active\nann@reader.example,active\n"
    )
    at = ["-C", str(folder)]

    assert 3 == run(["newsletter", "subscribers", "import", str(file), *at])
    said = capsys.readouterr()
    assert "1 added, 1 were there already" in said.out
    assert "not an address of mail: nonsense@" in said.err
    assert 0 == run(["newsletter", "subscribers", "remove", "ann@reader.example", "nobody@reader.example", *at])
    assert "1 removed" in capsys.readouterr().out
    assert 0 == run(["newsletter", "subscribers", "export", *at])
    names = [line.split(",")[0].split("@")[0] for line in capsys.readouterr().out.splitlines()]
    assert ["address", "bob", "cem", "dan", "eve"] == names
    assert 0 == run(["newsletter", "suppress", "cem@reader.example", *at])


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["newsletter", "subscribers", "frob"], "no such act: frob: use list, add, remove, import, export"),
        (["newsletter", "subscribers", "add"], "wrong number of arguments to add"),
        (["newsletter", "preview", "--topic", "Cranes"], "no letter of this topic: Cranes"),
    ],
)
def test_wrong_usage_is_one_line(folder: Path, capsys: pytest.CaptureFixture[str], args: list[str], said: str):
    assert 2 == run([*args, "-C", str(folder)])
    assert f"broadsheet: {said}" in capsys.readouterr().err


def test_sending_waits_for_a_cycle_that_is_at_work(folder: Path, sink: Sink):
    """A timer that comes in the middle of one loses nothing; other commands say so at once."""
    held = ExitStack()
    held.enter_context(files.lock(folder))
    with pytest.raises(UsageError, match="another broadsheet is at work"):
        readers.remove(folder, ["ann@reader.example"])
    threading.Timer(0.3, held.close).start()

    send(folder)

    assert ALL == sink.counts


def test_an_issue_that_cannot_be_sent_is_not_made(folder: Path, sink: Sink):
    """Without a sender nothing is stored: set it, and the issue is made."""
    text = (folder / "broadsheet.toml").read_text()
    (folder / "broadsheet.toml").write_text(text.replace("Ferry Times <news@ferries.example>", ""))
    with pytest.raises(UsageError, match="no sender"):
        send(folder)
    (folder / "broadsheet.toml").write_text(text)

    assert 4 == send(folder).issues[0].sent


# --- the way to a server ---------------------------------------------------------------------------------------------


def test_a_password_never_travels_in_the_open():
    with pytest.raises(UsageError, match="in the open"):
        SmtpCarrier("smtp://ann@mail.example", "secret")
    with pytest.raises(UsageError, match="BROADSHEET_SMTP_PASSWORD"):
        SmtpCarrier("smtps://ann@mail.example")


def test_a_server_that_offers_no_encryption_is_not_asked_where_it_is_wanted(sink: Sink):
    async def offer() -> str:
        carrier = SmtpCarrier(sink.url.replace("smtp:", "smtp+starttls:"))
        with pytest.raises(MailError) as refused:
            await carrier.offer("a@ferries.example", "b@reader.example")
        return refused.value.kind

    assert "away" == asyncio.run(offer())
