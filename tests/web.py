"""A small web on loopback for tests: host and path to bytes, over real HTTP, and the same saved as a folder."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

TOPIC = "_id: ferries\nname: Ferries\nkeywords: [ferry, ferries]\n"
# An event: headline, another provider's headline, and sentences; each provider tells every second one its own way.
EVENTS = (
    (
        "Ferry to Norhaven returns after the storm",
        "Norhaven ferry sails again as storm Brida passes",
        "The ferry to Norhaven left its berth on Monday after four days in which storm Brida kept every boat in port.",
        "Waves of nine metres had broken the breakwater at Norhaven, and the pilots refused to go out before dawn.",
        "Lorries with fodder and medicine waited in a queue that reached the church of Norhaven when Brida was at its worst.",
        "Storm Brida also tore the roof from the ferry terminal, which the harbour company wants to mend by Thursday.",
        "Islanders in Norhaven lit fires on the pier to greet the first ferry that the storm let through.",
        "Norhaven's school sent its pupils home by boat, and the storm is now dying over the northern banks.",
    ),
    (
        "Shipyard launches the first electric ferry of the coast",
        "Elmwick yard puts a battery ferry into the water",
        "The yard at Elmwick launched an electric ferry whose batteries weigh ninety tonnes and charge in eleven minutes.",
        "Engineers in Elmwick laid two cables along the slipway so that the electric hull could leave under its own power.",
        "The battery pack came from a maker of trams, and the yard trained forty welders to work beside high voltage.",
        "An electric ferry costs a third more than a diesel one, the yard's director said, and half as much to run.",
        "Elmwick hopes to sell six more hulls with batteries to river cities that are closing their centres to diesel.",
        "Passengers on the trial run noticed the quiet: the electric motors hum no louder than a kitchen.",
    ),
    (
        "Ferry fares rise by six per cent in April",
        "Ferry crossing will cost six per cent more from April",
        "Passengers will pay six per cent more for a ticket from April, the regulator of fares decided on Friday.",
        "A monthly pass rises to eighty-four crowns, while children under twelve keep travelling free of charge.",
        "The company had asked the regulator for nine per cent and blamed the price of insurance and of spare parts.",
        "Commuters collected four thousand signatures against dearer tickets and handed them to the regulator in a bucket.",
        "Economists expect that one commuter in thirty will leave the ferry for the bridge when the new fares begin.",
        "The regulator promised to look at the fares again in autumn, when the accounts of the company are public.",
    ),
    (
        "Council saves the island ferry for another winter",
        "Island ferry keeps running until spring, council votes",
        "The council voted eleven to four to pay for the island ferry until spring, after a debate of six hours.",
        "Without the subsidy of two million crowns the island boat would have stopped on the first of November.",
        "The mayor called the ferry the island's high street; opponents asked for a bus and a smaller vessel instead.",
        "Farmers filled the gallery of the town hall and rang cow bells when the vote on the island ferry was read.",
        "A study of the council had counted nineteen passengers a day in winter and two hundred in July.",
        "Councillors will decide in March whether the island gets a contract for ten years or none at all.",
    ),
    (
        "Night ferry wins a prize for its kitchen",
        "Guide for travellers honours cook of the night ferry",
        "A guide for travellers has given its prize for cooking at sea to the galley of the night ferry to Lund Quay.",
        "Cook Amina Solberg serves smoked eel, barley and pickled plums to lorry drivers at three in the morning.",
        "The jury praised bread that is baked on board and a menu that changes with what the fishermen bring.",
        "Solberg learnt her trade in a hospital kitchen and says that a rolling stove teaches patience.",
        "The night ferry has forty seats in its dining room, and since the prize they are booked until June.",
        "Her recipe for barley soup will be printed in the guide, which forty thousand travellers buy each year.",
    ),
)


def sentences(number: int, provider: int, day: int) -> str:
    """The paragraphs in which a provider tells event `number` on a day."""
    _, _, *told = EVENTS[number]
    own = told[provider % 2 :: 2] + told[(provider + 1) % 2 : 3 : 2]
    named = ("The editors", "Our reporter", "This newspaper")[provider % 3]
    later = (
        f"On day {day} {named.lower()} counted {day * 7 + provider} people on the quay who had come to talk about it."
    )
    extra = f"{named} has followed the matter since the year {1990 + number * 3 + provider} and will report what comes of it."
    return "".join(f"<p>{line}</p>" for line in (*own, later, extra))


def page(number: int, provider: int, day: int) -> str:
    title, lead, seed = EVENTS[number][1 if provider else 0], EVENTS[number][2 + provider], number * 10 + provider
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
        f'<!DOCTYPE html><html lang="en"><head><title>{title}</title><meta name="description" content="{lead}">'
        f'<script type="application/ld+json">{json.dumps(data)}</script></head>'
        f"<body><article><h1>{title}</h1>{sentences(number, provider, day)}</article></body></html>"
    )


def contents(days: int = 1) -> dict[str, bytes]:
    """URL -> body: four providers with a feed each, every event told by one to three of them, one dead link."""
    found: dict[str, bytes] = {}
    items: dict[int, list[str]] = {n: [] for n in range(4)}
    for day in range(1, days + 1):
        for number in range(len(EVENTS)):
            for provider in range(number % 3 + 1):
                where = (provider + number) % 4
                url = f"http://p{where}.example/{day}/{number}-{provider}"
                headline = EVENTS[number][1 if provider else 0]
                found[url] = page(number, provider, day).encode()
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


# One event that two providers tell so differently on its first day that they seem to tell of two: headline, time, text.
WRECK = (
    (
        "Harbour pilot Runa Thorsen found guilty over grounded ferry Svalan",
        "2026-03-01T11:00:00Z",
        "A court in Lund Quay sentenced pilot Runa Thorsen to two years. She had slept on the bridge while the ferry Svalan "
        "ran on to the skerry of Gull Rock in January.",
    ),
    (
        "Insurers refuse to pay owners of wreck at Gull Rock",
        "2026-03-01T13:00:00Z",
        "Underwriters will not cover the loss of the ferry, a letter to the shipping line says, since the lookout was "
        "unmanned. Salvage firm Bergkran wants eleven million for cutting the hull up.",
    ),
)
# And what shows the next day that it was one.
WRECK_TOGETHER = (
    (
        "Svalan wreck: pilot Runa Thorsen appeals, insurers and salvage firm Bergkran wait",
        "2026-03-02T18:00:00Z",
        "Convicted pilot Runa Thorsen appeals against her sentence for the ferry Svalan, which ran on to Gull Rock. "
        "Underwriters refuse to cover the loss and salvage firm Bergkran wants eleven million for the hull.",
    ),
    (
        "Gull Rock: Thorsen appeal delays salvage of ferry Svalan, insurers say",
        "2026-03-02T20:00:00Z",
        "The appeal of pilot Runa Thorsen puts off the salvage of the wreck Svalan at Gull Rock by Bergkran, insurers who "
        "refuse to cover the loss told the court in Lund Quay.",
    ),
)


def with_more(saved: Path, told: Sequence[tuple[str, str, str]]) -> Path:
    """The saved web with more articles, each by a provider of its own, that the feed of p0 lists, too.

    told: headline, time and text of each.
    """
    index = [json.loads(line) for line in (saved / "index.jsonl").read_text().splitlines()]
    feed = saved / next(row["file"] for row in index if row["url"] == "http://p0.example/feed.xml")
    items = []
    for title, published, words in told:
        name = f"more-{zlib.crc32(title.encode()):x}"
        url, facts = f"http://{name}.example/1", {"@type": "NewsArticle", "headline": title, "datePublished": published}
        text = "".join(f"<p>{line.strip()}.</p>" for line in words.rstrip(".").split(". "))
        (saved / f"{name}.bin").write_text(
            f'<html lang="en"><head><title>{title}</title><meta name="description" content="{words}">'
            f'<script type="application/ld+json">{json.dumps(facts)}</script></head>'
            f"<body><article><h1>{title}</h1>{text}</article></body></html>"
        )
        index.append({"file": f"{name}.bin", "url": url})
        items.append(f"<item><title>{title}</title><link>{url}</link><guid>{url}</guid></item>")
    feed.write_text(feed.read_text().replace("</channel>", f"{''.join(items)}</channel>"))
    (saved / "index.jsonl").write_text("\n".join(map(json.dumps, index)))
    return saved


class Web:
    """The web as it is served; `bodies` and the rest may be changed while it runs."""

    def __init__(self, address: str, bodies: dict[str, bytes]) -> None:
        self.address, self.bodies = address, bodies
        self.moved: dict[str, str] = {}  # URL -> Location of a permanent redirect
        self.tagged = False  # whether bodies have an ETag, by which they may be asked for conditionally
        self.answered: list[tuple[str, int]] = []  # URL, status

    def point(self, folder: Path) -> None:
        """Make the publication in `folder` read this web."""
        publication(folder, address=self.address)


@contextmanager
def served(days: int = 1) -> Iterator[Web]:
    bodies = contents(days)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            url = f"http://{self.headers['Host'].split(':')[0]}{self.path}"
            body = bodies.get(url)
            tag = f'"{zlib.crc32(body):x}"' if body and web.tagged else ""
            status = 301 if url in web.moved else 404 if body is None else 200
            if tag and self.headers["If-None-Match"] == tag:
                status = 304
            web.answered.append((url, status))
            sent = body if status == 200 and body else b""
            self.send_response(status)
            self.send_header("Content-Length", str(len(sent)))
            for name, value in (("ETag", tag), ("Location", web.moved.get(url, ""))):
                if value:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    web = Web(f"127.0.0.1:{server.server_address[1]}", bodies)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
