"""run.announcing: hubs on loopback are told of exactly the feeds that changed, and never stop a cycle."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs

import pytest

from broadsheet.cli import run as command
from broadsheet.errors import FetchError
from broadsheet.fetch import Reply
from broadsheet.run import announcing, update
from broadsheet.types import Feeds, FetchLimits

from . import coast
from . import web as small_web
from .build import NOW

FEEDS = ("https://a.example/atom.xml", "https://a.example/feed.json", "https://a.example/feed.xml")


class Hub:
    """What a hub on loopback was sent, and what it answers. site: folder whose feeds it looks at when it is told."""

    def __init__(self) -> None:
        self.forms: list[dict[str, list[str]]] = []
        self.status = 202
        self.address = ""
        self.site: Path | None = None
        self.there: list[bool] = []  # for each form: the feed stood in its place by then

    @property
    def told(self) -> list[str]:
        return sorted(form["hub.url"][0] for form in self.forms)


@contextmanager
def served() -> Iterator[Hub]:
    hub = Hub()

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            hub.forms.append(form)
            if hub.site is not None:
                hub.there.append((hub.site / form["hub.url"][0].removeprefix("https://ferries.test/")).exists())
            self.send_response(hub.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    hub.address = f"127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def hub() -> Iterator[Hub]:
    with served() as found:
        yield found


def publication(folder: Path, web: str, hub: Hub) -> Path:
    """The small publication, with a hub."""
    small_web.publication(folder, address=web)
    settings = (folder / "broadsheet.toml").read_text().replace(
        "publish_at = 40", "publish_at = 0"
    ) + f'"hub.test" = "{hub.address}"\n'
    (folder / "broadsheet.toml").write_text(settings + '\n[feeds]\nhubs = ["http://hub.test/"]\n')
    hub.site = folder / "site"
    return folder


def test_a_hub_is_told_of_exactly_the_feeds_that_changed(tmp_path, hub):
    """After their files are written, each in a request of its own; nothing when nothing changed; again when news came."""
    with small_web.served() as web:
        folder = publication(tmp_path / "p", web.address, hub)

        first = update(folder, NOW)

        names = ("atom.xml", "feed.json", "feed.xml")
        assert sorted(f"https://ferries.test/{f}{n}" for f in ("", "topic/ferries/") for n in names) == hub.told
        assert ((), [True] * 6) == (first.undelivered, hub.there)
        form = hub.forms[0]
        assert {"hub.mode": ["publish"], "hub.url": form["hub.url"], "hub.topic": form["hub.url"]} == form

        hub.forms.clear()
        update(folder, NOW + timedelta(hours=1))
        assert 0 == command(["publish", "-C", str(folder), "--as-of", "2026-03-02T13:00Z"])
        assert [] == hub.forms

        news = small_web.with_more(small_web.saved(tmp_path / "news"), small_web.WRECK)
        rows = [json.loads(line) for line in (news / "index.jsonl").read_text().splitlines()]
        web.bodies |= {row["url"]: (news / row["file"]).read_bytes() for row in rows}
        assert update(folder, NOW + timedelta(days=1)).written
        assert 6 == len(hub.forms)


def test_a_cycle_from_saved_pages_tells_nobody(tmp_path, hub):
    """With --offline nothing leaves the machine."""
    folder = publication(tmp_path / "p", "127.0.0.1:9", hub)
    assert update(folder, NOW, offline=small_web.saved(tmp_path / "saved")).written
    assert [] == hub.forms


def test_a_hub_that_refuses_is_one_line_and_the_cycle_goes_on(tmp_path, hub, capsys):
    """The edition is printed; the line says which hub, and why."""
    hub.status = 403
    with small_web.served() as web:
        folder = publication(tmp_path / "p", web.address, hub)
        assert 3 == command(["update", "-C", str(folder), "--now", "2026-03-02T12:00Z", "--executor", "serial"])
    err = capsys.readouterr().err
    assert "broadsheet: hub http://hub.test/ was not told of 6 of 6 feeds that changed: HTTP 403" in err.splitlines()
    assert (folder / "site" / "feed.xml").exists()


def test_an_editors_kill_is_told_at_once(tmp_path, hub):
    """What is withdrawn with --publish leaves the feeds, and hubs hear of it."""
    with small_web.served() as web:
        folder = publication(tmp_path / "p", web.address, hub)
        update(folder, NOW)
    hub.forms.clear()
    item = json.loads((folder / "site" / "feed.json").read_text())["items"][0]
    act = ["review", "kill", item["external_url"], "-C", str(folder), "--publish", "--now", "2026-03-02T13:00Z"]
    assert 0 == command(act)
    assert "https://ferries.test/atom.xml" in hub.told
    tombstone = (folder / "site" / "atom.xml").read_text()
    assert f'<at:deleted-entry ref="{item["id"]}" when="2026-03-02T13:00:00Z">' in tombstone


# --- what is asked, and how often ------------------------------------------------------------------------------------


class Answers:
    """A Poster that gives these answers in turn, the last one for ever."""

    def __init__(self, *answers: int | FetchError) -> None:
        self.answers, self.forms, self.waits = list(answers), list[Mapping[str, str]](), list[float]()

    async def post(self, url: str, form: Mapping[str, str]) -> Reply:
        self.forms.append(form)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, FetchError):
            raise answer
        return Reply(url=url, status=answer)

    async def wait(self, seconds: float) -> None:
        self.waits.append(seconds)


def told(
    poster: Answers, feeds: tuple[str, ...] = FEEDS, hubs: tuple[str, ...] = ("https://hub.example/",)
) -> tuple[str, ...]:
    return asyncio.run(announcing.tell(hubs, feeds, poster, poster.wait))


DOWN = FetchError("https://hub.example/", "no connection within 5 s", kind="network")


def test_a_hub_that_stumbles_is_asked_three_times_with_growing_waits():
    poster = Answers(503, DOWN, 204)
    assert () == told(poster, FEEDS[:1])
    assert (3, [2.0, 8.0]) == (len(poster.forms), poster.waits)


def test_a_hub_that_is_down_is_given_up_after_three_tries():
    """It costs one feed's tries, not every feed's, and is one line."""
    poster = Answers(DOWN)
    line = "hub https://hub.example/ was not told of 3 of 3 feeds that changed: no connection within 5 s"
    assert (line,) == told(poster)
    assert 3 == len(poster.forms)


def test_a_hub_that_refuses_one_feed_is_told_of_the_others():
    """A refusal is an answer: it is not asked again."""
    poster = Answers(404, 202)
    assert ("hub https://hub.example/ was not told of 1 of 3 feeds that changed: HTTP 404",) == told(poster)
    assert (3, []) == (len(poster.forms), poster.waits)


def test_an_address_that_may_not_be_asked_is_not_tried_again():
    poster = Answers(FetchError("http://10.0.0.1/", "private address", kind="refused", permanent=True))
    assert 1 == len(told(poster))
    assert (1, []) == (len(poster.forms), poster.waits)


def test_every_hub_is_told_even_where_another_fails():
    """Hubs side by side; one that is named twice is told once."""
    hubs = ("https://one.example/", "https://two.example/", "https://one.example/")
    poster = Answers(202)
    assert () == told(poster, hubs=hubs)
    assert 2 * len(FEEDS) == len(poster.forms)


def test_feeds_that_changed_are_the_heads_of_outputs_that_are_on():
    """Not archives, not pages, not a file of an output that is off."""
    publication = coast.publication(outputs=("rss", "atom", "site"))
    written = ("feed.xml", "feed.json", "atom/2026/03.xml", "topic/ports/atom.xml", "topic/no/feed.xml", "index.html")
    assert ("https://coast.example/feed.xml", "https://coast.example/topic/ports/atom.xml") == announcing.changed_feeds(
        publication, written
    )


def test_without_hubs_nobody_is_asked(hub):
    assert () == announcing.announce(coast.publication(), ("feed.xml",))
    assert [] == hub.forms


def test_a_hub_on_a_private_address_is_refused(hub):
    """The guard of all fetching stands before hubs, too: nothing is sent there."""
    port = hub.address.rpartition(":")[2]
    settings = coast.publication(
        feeds=Feeds(hubs=(f"http://127.0.0.1:{port}/",)), fetch=FetchLimits(ports=(int(port),))
    )
    (line,) = announcing.announce(settings, ("feed.xml", "atom.xml"))
    assert line.startswith(f"hub http://127.0.0.1:{port}/ was not told of 2 of 2 feeds that changed: ")
    assert [] == hub.forms
