"""A fictional edition of 42 stories, in many scripts, with long, short and hostile titles, to try printed pages on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from broadsheet.types import Article, Edition, Provider, Publication, Reason, Source, Story, Topic, Twin

from .build import NOW

TOPICS = (
    Topic(id="coast", name="Coast", keywords=("coast",)),
    Topic(id="ferries", name="Ferries", parent="Coast", keywords=("ferry",), hashtags=("ferries",)),
    Topic(id="electric-ferries", name="Electric ferries", parent="Ferries", keywords=("electric ferry",)),
    Topic(id="ports", name="Ports", parent="Coast", keywords=("port",)),
    Topic(id="offshore-wind", name="Offshore wind", parent="Coast", keywords=("offshore wind",)),
    Topic(id="fisheries", name="Fisheries", parent="Coast", keywords=("fishery",)),
    Topic(id="marine-science", name="Marine science", parent="Coast", keywords=("plankton",)),
    Topic(id="tides", name="Tides & weather", parent="Coast", keywords=("tide",)),
    Topic(id="lighthouses", name="Lighthouses", parent="Coast", keywords=("lighthouse",)),
)

NAMES = {
    "harbour": "Harbour Post",
    "tidewater": "Tidewater Review",
    "nordkyst": "Nordkyst Tidende",
    "quay": "The Quay",
    "marlin": "Marlin",
    "estuary": "Estuary Weekly",
    "hafenblatt": "Hafenblatt",
    "phare": "Le Phare",
    "minato": "港の新聞",
    "marsa": "صحيفة المرسى",
    "namal": "נמל היום",
    "lanterna": "Lanterna",
    "saltmarsh": "Salt Marsh Bulletin",
    "mayak": "Маяк",
    "beacon": "Beacon & Buoy",
}

# One line a story, by rank: language, topic, minutes before NOW, providers (the lead's first), heat, headline, excerpt.
_LINES = Path(__file__).with_suffix(".tsv").read_text(encoding="utf-8").splitlines()
STORIES = tuple(tuple(line.split("\t")) for line in _LINES)


ANGLES = ("", "Analysis", "Live", "What it means", "In pictures", "How we got here", "Letters")


def _provider(key: str) -> Provider:
    return Provider(domain=f"{key}.example", name=NAMES[key], known=key in ("harbour", "tidewater"))


def _article(number: int, place: int, key: str, row: tuple[str, ...]) -> Article:
    language, topic, minutes, _, _, title, words = row
    ago = int(minutes)
    url = f"https://{key}.example/2026/03/{number}-{place}"
    parents = {"Electric ferries": ("Ferries",)}
    told = title if place == 0 else f"{ANGLES[place]}: {title}"
    changes: dict[str, Any] = {}
    if number == len(STORIES):
        changes = {
            "type": "video",
            "web_url": "",
            "featured_content": "<iframe src='https://video.example/1'></iframe>",
        }
    facts = {
        "url": url,
        "original_url": url,
        "web_url": url,
        "title": told,
        "excerpt": words,
        "published": NOW - timedelta(minutes=ago - 17 * place if place < 3 else ago + 700 * place),
        "first_seen": NOW - timedelta(minutes=ago - 17 * place - 5),
        "language": language,
        "provider": _provider(key),
        "authors": ("Ida Holm", "Per Lund") if number % 3 == 1 else (),
        "topics": ("Coast", *parents.get(topic, ()), topic),
        "quality": 66 - number,
        "reasons": (
            Reason(factor="topics", value=f"2 keywords in the title: {topic}", points=30),
            Reason(factor="source", value="known to the registry", points=40),
            Reason(factor="length", value="headline longer than 70 characters", points=-4 - number),
        ),
    }
    return Article(**facts | changes)


def story(number: int) -> Story:
    """Story number `number`, 1 to 42."""
    row = STORIES[number - 1]
    articles = tuple(_article(number, place, key, row) for place, key in enumerate(row[3].split()))
    heat, lead, third = int(row[4]), articles[0], articles[2:3]
    reprints = {a.url: Twin(url=a.url, original=lead.url, resemblance=0.93) for a in third}
    return Story(
        id=f"s{number}",
        name=f"2026-03-01-story-{number}",
        articles=articles,
        reprints=reprints,
        heat=heat,
        reasons=(
            Reason(factor="lead", value=f"quality of {NAMES[row[3].split()[0]]}", points=lead.quality),
            Reason(factor="voices", value=f"{len(articles)} sources on their own account", points=heat - lead.quality),
        ),
        rank=heat,
        published=True,
        gate=f"heat {heat} reaches publish_at 70",
    )


def publication(**changes: Any) -> Publication:
    facts = {
        "title": "The Coastal Ledger",
        "url": "https://coast.example/",
        "description": "News of harbours, ferries and the sea between them",
        "topics": TOPICS,
        "sources": tuple(Source(url=f"https://{key}.example/feed.xml", title=name) for key, name in NAMES.items()),
        "contact": "desk@coast.example",
    }
    return Publication(**facts | changes)


def edition(count: int = len(STORIES), **changes: Any) -> Edition:
    """The first `count` stories by rank, as an edition."""
    facts = {
        "publication": publication(),
        "now": NOW,
        "updated": NOW - timedelta(minutes=7),
        "stories": tuple(story(number) for number in range(1, count + 1)),
    }
    return Edition(**facts | changes)
