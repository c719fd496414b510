"""A fictional publication with a long history, put straight into a store: what printing costs at any size."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from broadsheet import record
from broadsheet.run.publication import opened
from broadsheet.stories import story_id
from broadsheet.types import Article, Image, Membership, Outcome, Placed, Provider, Reason

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ROOT = "Coast"
TOPICS = ("Ferries", "Ports", "Fisheries", "Tides", "Lighthouses", "Offshore wind")
WORDS = re.findall(
    r"\w+",
    "harbour ferry tide turbine lighthouse quay cable storm survey licence crew engine route bridge island basin "
    "current beacon trawler permit shore grid battery anchor pilot channel reef dredger terminal fog",
)
ADAY = 40  # articles
TOML = 'title = "Coast Watch"\nurl = "https://coast.example/"\npublish_at = 40\n'
EXCERPT = "The {0} {1} was to open in spring. Now the {2} {3} comes first, and the {4} waits for another survey."


def publication(folder: Path) -> None:
    """The settings of a publication with a root topic and six below it."""
    (folder / "topics").mkdir(parents=True)
    (folder / "broadsheet.toml").write_text(TOML)
    for number, name in enumerate((ROOT, *TOPICS)):
        parent = f"parent: {ROOT}\n" if number else ""
        topic = f"_id: {name.lower().replace(' ', '-')}\nname: {name}\n{parent}keywords: [{name.lower()}]\n"
        (folder / "topics" / f"{number:02}.yaml").write_text(topic)


def article(number: int, size: int) -> Article:
    """One of `size` articles, number 0 the oldest; every eighth has no story of its own (see `fill`)."""
    words = [WORDS[(number * step + number // 30) % len(WORDS)] for step in (1, 7, 11, 13, 17)]
    domain = f"paper{number % 40}.example"
    url = f"https://{domain}/news/{number}"
    at = NOW - timedelta(minutes=(size - number) * 1_440 // ADAY)
    quality = 45 + number % 30
    return Article(
        url=url, original_url=url, web_url=url, title=f"{words[0].title()} {words[1]} {words[2]} opens {number}",
        excerpt=EXCERPT.format(*words), published=at, first_seen=at + timedelta(minutes=9), language="en",
        provider=Provider(domain=domain, name=f"Paper {number % 40}", known=True), authors=("Ida Holm",),
        images=(Image(url=f"https://{domain}/pictures/{number}.jpg", width=1200, height=630),),
        words=400, topics=(ROOT, TOPICS[number % len(TOPICS)]), quality=quality,
        reasons=(Reason(factor="substance", value="400 words", points=quality),),
    )  # fmt: skip


def place(one: Article, opener: Article) -> Placed:
    name = record.file_name(one.published, one.title, one.url, one.provider.domain, ())
    return Placed(url=one.url, name=name, membership=Membership(url=one.url, story=story_id(opener.url)))


def fill(folder: Path, size: int) -> None:
    """`size` articles, of which every eighth is a further report of the story before it; ready to be printed."""
    publication(folder)
    with opened(folder) as (settings, store):
        for start in range(0, size, 5_000):
            numbers = range(start, min(start + 5_000, size))
            made = [replace(article(n, size), scored_with=settings.fingerprint) for n in numbers]
            outcomes = [Outcome(url=a.url, state="held", article=a.url) for a in made]
            store.put_articles(made, outcomes)
            openers = {n: article(n - 1, size) if n % 8 == 7 else one for n, one in zip(numbers, made, strict=True)}
            store.put_curation([], [place(one, openers[n]) for n, one in zip(numbers, made, strict=True)])


def correct(folder: Path, number: int, size: int, words: str) -> None:
    """Give one article another headline, as its publisher would."""
    with opened(folder) as (_, store):
        (held,) = store.articles(urls=[article(number, size).url])
        store.put_curation([replace(held, title=f"{held.title} {words}")], [])


def join(folder: Path, number: int, size: int) -> None:
    """One more report of the story of an old article, an hour after it."""
    with opened(folder) as (settings, store):
        opener = article(number, size)
        url = f"https://paper39.example/late/{number}"
        at = opener.published + timedelta(hours=1)
        domain = Provider(domain="paper39.example", name="Paper 39", known=True)
        late = replace(
            opener, url=url, original_url=url, web_url=url, title=f"{opener.title}, at last", published=at,
            first_seen=at, provider=domain, scored_with=settings.fingerprint,
        )  # fmt: skip
        store.put_articles([late], [Outcome(url=url, state="held", article=url)])
        store.put_curation([], [place(late, opener)])
