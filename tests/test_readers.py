"""Eight feed readers, six families of code, read the same ids, titles and moments out of our feeds.

Each is the real program, run on the files as they are printed; where it fetches by itself it does so on loopback. One
that is not installed is skipped. `DEVIATIONS` says where a reader changes a headline by rules of its own.
"""

from __future__ import annotations

import functools
import json
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import NamedTuple

import fastfeedparser
import feedparser
import msgspec
import pytest

from broadsheet import text
from broadsheet.outputs import atom, jsonfeed, rss
from broadsheet.types import Edition, File

from . import coast
from .build import article, story

NODE = Path(__file__).parent / "clients" / "node_modules"
FILES = {"rss": "feed.xml", "atom": "atom.xml", "json": "feed.json"}
HOSTILE = (
    "<script>alert(1)</script>",
    "<b onclick=alert(1)>Bold</b> claims & <i>more</i>",
    "AT&amp;T, &copy; 2026 &#38; &lt;sons&gt;",
    "2 < 3 > 1 && 'so' \"on\"",
    "]]> ends no section <![CDATA[ and opens none",
    "<!-- no comment --> <?php echo 1 ?>",
    "bell\x07 null\x00 tab\t line\nseparator\u2028 end",
    "\u202egnissorc yrreF\u202c runs backwards",
    "{{ 7 * 7 }} ${7 * 7} %3Cscript%3E \\u003c",
    "عبّارة جديدة تعبر المضيق",
    "フェリーが海峡を渡る 👩‍🚀⚓",
    "Rückläufige Fähre ﬁndet Hafen nicht",
)


class Told(NamedTuple):
    """What a reader says of one entry."""

    id: str
    title: str
    moment: datetime


class Printed(NamedTuple):
    """A folder with the three files, the address that serves it, and what is in them, newest first."""

    folder: Path
    address: str
    entries: tuple[Told, ...]

    def data(self, kind: str) -> bytes:
        return (self.folder / FILES[kind]).read_bytes()


def edition() -> Edition:
    hostile = (
        story(article(n, title=title, excerpt=title, authors=(title,)), id=f"h{n}", name=f"2026-03-02-hostile-{n}")
        for n, title in enumerate(HOSTILE, start=1)
    )
    return coast.edition(30, stories=(*coast.edition(30).stories, *hostile))


class _Quiet(SimpleHTTPRequestHandler):
    extensions_map = {".xml": "application/xml", ".json": "application/feed+json"}

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def printed(tmp_path_factory) -> Iterator[Printed]:
    folder, made = tmp_path_factory.mktemp("feeds"), edition()
    for output in (rss, atom, jsonfeed):
        for one in output.render(made):
            if isinstance(one, File) and "/" not in one.path:
                (folder / one.path).write_bytes(one.data)
    entries = sorted(
        (
            Told(f"https://coast.example/story/{s.name}/", text.clean(s.lead.title), s.lead.published)
            for s in made.stories
        ),
        key=lambda told: (-told.moment.timestamp(), told.id),
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Printed(folder, f"http://127.0.0.1:{server.server_port}", tuple(entries))
    server.shutdown()
    thread.join()
    server.server_close()


# --- the readers -----------------------------------------------------------------------------------------------------


def by_feedparser(printed: Printed, kind: str) -> list[Told]:
    parsed = feedparser.parse(printed.data(kind))
    assert not parsed.bozo
    return [Told(e.id, e.title, datetime(*e.published_parsed[:6], tzinfo=UTC)) for e in parsed.entries]


def by_fastfeedparser(printed: Printed, kind: str) -> list[Told]:
    parsed = fastfeedparser.parse(printed.data(kind))
    return [Told(e.id, e.title, datetime.fromisoformat(e.published)) for e in parsed.entries]


def by_reader(printed: Printed, kind: str) -> list[Told]:
    """It fetches by itself and keeps entries in its own database."""
    reader = pytest.importorskip("reader").make_reader(":memory:")
    address = f"{printed.address}/{FILES[kind]}"
    reader.add_feed(address)
    reader.update_feeds()
    assert {"rss": "rss20", "atom": "atom10", "json": "json11"}[kind] == reader.get_feed(address).version
    found = [Told(e.id, e.title, e.published) for e in reader.get_entries()]
    reader.close()
    return found


def by_atoma(printed: Printed, kind: str) -> list[Told]:
    """It raises on what is not as the format has it."""
    atoma = pytest.importorskip("atoma")
    if kind == "rss":
        return [Told(e.guid, e.title, e.pub_date) for e in atoma.parse_rss_bytes(printed.data(kind)).items]
    if kind == "atom":
        return [Told(e.id_, e.title.value, e.published) for e in atoma.parse_atom_bytes(printed.data(kind)).entries]
    return [Told(e.id_, e.title, e.date_published) for e in atoma.parse_json_feed_bytes(printed.data(kind)).items]


def by_newsboat(printed: Printed, kind: str) -> list[Told]:
    """It fetches by itself; what it read is in its database."""
    newsboat = shutil.which("newsboat") or pytest.skip("newsboat is not installed")
    home = printed.folder / f"newsboat-{kind}"
    home.mkdir()
    (home / "urls").write_text(f"{printed.address}/{FILES[kind]}\n")
    where = ["-u", str(home / "urls"), "-c", str(home / "cache.db"), "-C", "/dev/null"]
    environment = {"HOME": str(home), "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"}
    subprocess.run([newsboat, *where, "-x", "reload"], env=environment, check=True, timeout=60, capture_output=True)
    with sqlite3.connect(home / "cache.db") as db:
        rows = db.execute("SELECT guid, title, pubDate FROM rss_item").fetchall()
    return [Told(guid, title, datetime.fromtimestamp(seconds, UTC)) for guid, title, seconds in rows]


def by_sfeed(printed: Printed, kind: str) -> list[Told]:
    """Lines of fields between tabs: time, title, link, content, its type, id and others."""
    sfeed = shutil.which("sfeed") or pytest.skip("sfeed is not installed")
    done = subprocess.run([sfeed], input=printed.data(kind), check=True, timeout=60, capture_output=True)
    rows = [line.split("\t") for line in done.stdout.decode().splitlines()]
    return [Told(row[5], row[1], datetime.fromtimestamp(int(row[0]), UTC)) for row in rows]


def by_node(script: str, package: str) -> Callable[[Printed, str], list[Told]]:
    """A reader for Node, from the folder of clients. script: makes `told` of `data`, a list of [id, title, moment]."""

    def read(printed: Printed, kind: str) -> list[Told]:
        node = shutil.which("node") or pytest.skip("Node is not installed")
        if not (NODE / package).exists():
            pytest.skip(f"{package} is not installed in {NODE.parent.name}/")
        program = (
            f"const data = require('fs').readFileSync({json.dumps(str(printed.folder / FILES[kind]))}, 'utf8');"
            f"(async () => {{ const client = require({json.dumps(str(NODE / package))}); {script};"
            " process.stdout.write(JSON.stringify(told)); })();"
        )
        done = subprocess.run([node, "-e", program], check=True, timeout=60, capture_output=True)
        return [Told(i, title, datetime.fromisoformat(when)) for i, title, when in msgspec.json.decode(done.stdout)]

    return read


RSS_PARSER = (
    "const feed = await new client().parseString(data);"
    "const told = feed.items.map(i => [i.guid || i.id, i.title, new Date(i.isoDate).toISOString()])"
)
FEEDSMITH = (
    "const { feed } = client.parseFeed(data); const told = (feed.items || feed.entries).map(i => [i.guid?.value ?? i.id,"
    " i.title?.value ?? i.title, new Date(i.pubDate ?? i.published ?? i.date_published).toISOString()])"
)

READERS: dict[str, tuple[Callable[[Printed, str], list[Told]], tuple[str, ...]]] = {
    "feedparser": (by_feedparser, ("rss", "atom")),
    "fastfeedparser": (by_fastfeedparser, ("rss", "atom", "json")),
    "reader": (by_reader, ("rss", "atom", "json")),
    "atoma": (by_atoma, ("rss", "atom", "json")),
    "newsboat": (by_newsboat, ("rss", "atom")),
    "sfeed": (by_sfeed, ("rss", "atom")),
    "rss-parser": (by_node(RSS_PARSER, "rss-parser"), ("rss", "atom")),
    "feedsmith": (by_node(FEEDSMITH, "feedsmith"), ("rss", "atom", "json")),
}

# (reader, format) -> headline -> what the reader makes of it. RSS does not say whether a title is text or HTML.
# feedparser takes one for HTML where it has a closing tag or an entity, and knows all its tags; then it takes out what
# could run. reader has feedparser inside. Nobody changes a title of Atom or of JSON Feed, which do say.
_SANITIZED = {HOSTILE[1]: "<b>Bold</b> claims & <i>more</i>"}
DEVIATIONS = {("feedparser", "rss"): _SANITIZED, ("reader", "rss"): _SANITIZED}


@pytest.mark.parametrize(
    ("reader", "kind"), [(reader, kind) for reader, (_, kinds) in READERS.items() for kind in kinds]
)
def test_a_reader_reads_what_was_printed(reader, kind, printed):
    """Every id, headline and moment is there, hostile headlines included, and nothing else."""
    changed = DEVIATIONS.get((reader, kind), {})
    expected = [told._replace(title=changed.get(told.title, told.title)) for told in printed.entries]

    found = READERS[reader][0](printed, kind)

    assert expected == sorted(found, key=lambda told: (-told.moment.timestamp(), told.id))
