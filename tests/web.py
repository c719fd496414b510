"""A small web on loopback for tests: host and path to bytes, over real HTTP, and the same saved as a folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

TOPIC = "_id: ferries\nname: Ferries\nkeywords: [ferry, ferries]\n"
EVENTS = (
    (
        "Ferry to Norhaven returns after the storm",
        "The ferry to Norhaven sailed again on Monday after four days in port",
    ),
    (
        "Shipyard launches the first electric ferry of the coast",
        "The yard at Elmwick launched an electric ferry on Sunday",
    ),
    ("Ferry fares rise by six per cent in April", "Passengers will pay six per cent more for the ferry from April"),
    (
        "Council saves the island ferry for another winter",
        "The council voted to keep the island ferry running until spring",
    ),
    ("Night ferry wins a prize for its kitchen", "A guide for travellers has praised the kitchen of the night ferry"),
)


def sentences(lead: str, seed: int) -> str:
    """A few paragraphs that differ from article to article."""
    places = ("Norhaven", "Elmwick", "Saltby", "Karholm", "Tern Island", "Grayport", "Lund Quay")
    people = ("the harbour master", "a spokeswoman", "two deck hands", "the mayor", "an engineer", "the pilots' union")
    verbs = ("welcomed", "explained", "doubted", "described", "counted", "remembered")
    out = [f"<p>{lead}.</p>"]
    for n in range(5):
        k = seed * 7 + n * 3
        who, verb, where = people[k % 6], verbs[(k + seed) % 6], places[(k + n) % 7]
        out.append(
            f"<p>In {where}, {who} {verb} what had changed since number {k} of the timetable was printed, and spoke of "
            f"{places[(k + 2) % 7]} and {places[(k + 4) % 7]}, where {people[(k + 1) % 6]} had waited {k + 3} hours "
            f"for news. By evening the quay was busy, and {people[(k + 3) % 6]} {verbs[(k + 2) % 6]} the day.</p>"
        )
    return "".join(out)


def page(title: str, lead: str, seed: int, day: int = 1) -> str:
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": title,
        "datePublished": f"2026-03-0{day}T{8 + seed % 10:02}:00:00Z",
        "author": {"@type": "Person", "name": f"Ines Marsh {seed}"},
        "image": {
            "@type": "ImageObject",
            "url": f"http://p{seed % 4}.example/{seed}.jpg",
            "width": 1200,
            "height": 630,
        },
    }
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>{title}</title><meta name="description" content="{lead}.">'
        f'<script type="application/ld+json">{json.dumps(data)}</script></head>'
        f"<body><article><h1>{title}</h1>{sentences(lead, seed)}</article></body></html>"
    )


def contents(days: int = 1) -> dict[str, bytes]:
    """URL -> body: four providers with a feed each, every event told by one to three of them, one dead link."""
    found: dict[str, bytes] = {}
    items: dict[int, list[str]] = {n: [] for n in range(4)}
    for day in range(1, days + 1):
        for number, (title, lead) in enumerate(EVENTS):
            for provider in range(number % 3 + 1):
                seed = day * 100 + number * 10 + provider
                where = (provider + number) % 4
                url = f"http://p{where}.example/{day}/{number}-{provider}"
                headline = title if provider == 0 else f"{lead.split(' after ')[0]}, day {day}"
                found[url] = page(headline, f"{lead} ({day})", seed, day).encode()
                items[where].append(f"<item><title>{headline}</title><link>{url}</link><guid>{url}</guid></item>")
    items[3].append("<item><title>Gone</title><link>http://p3.example/gone</link></item>")
    for n, listed in items.items():
        body = f'<rss version="2.0"><channel><title>P{n}</title><link>http://p{n}.example/</link>{"".join(listed)}</channel></rss>'
        found[f"http://p{n}.example/feed.xml"] = body.encode()
    return found


def publication(folder: Path, *, address: str = "", reverse: bool = False) -> Path:
    """A publication folder with the four feeds as sources."""
    (folder / "topics").mkdir(parents=True, exist_ok=True)
    hosts = f'\n[fetch.hosts]\n"*.example" = "{address}"\n' if address else ""
    (folder / "broadsheet.toml").write_text(
        f'title = "Ferries"\nurl = "https://ferries.test/"\npublish_at = 40\n{hosts}'
    )
    for topic in (folder / "topics").glob("*.yaml"):
        topic.unlink()
    (folder / "topics" / "00-ferries.yaml").write_text(TOPIC)
    order = range(4)[::-1] if reverse else range(4)
    lines = "".join(f'<outline text="P{n}" xmlUrl="http://p{n}.example/feed.xml"/>' for n in order)
    (folder / "sources.opml").write_text(f'<opml version="2.0"><head/><body>{lines}</body></opml>')
    return folder


def saved(folder: Path, days: int = 1, *, reverse: bool = False) -> Path:
    """The same web as a folder of saved pages with an index."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for n, (url, body) in enumerate(contents(days).items()):
        (folder / f"{n}.bin").write_bytes(body)
        rows.append(json.dumps({"file": f"{n}.bin", "url": url}))
    (folder / "index.jsonl").write_text("\n".join(reversed(rows) if reverse else rows))
    return folder


class Web:
    """The web as it is served; `bodies` may be changed while it runs."""

    def __init__(self, address: str, bodies: dict[str, bytes]) -> None:
        self.address, self.bodies = address, bodies

    def point(self, folder: Path) -> None:
        """Make the publication in `folder` read this web."""
        publication(folder, address=self.address)


@contextmanager
def served(days: int = 1) -> Iterator[Web]:
    bodies = contents(days)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = bodies.get(f"http://{self.headers['Host'].split(':')[0]}{self.path}")
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Web(f"127.0.0.1:{server.server_address[1]}", bodies)
    finally:
        server.shutdown()
        server.server_close()
