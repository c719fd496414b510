"""JSON feeds and sitemaps made to break their reader."""

from __future__ import annotations

import json
from functools import partial

from .behaviour import Document, document
from .expected import Listed, Unread
from .writing import GOOD, MOON

xml = partial(document, "xml")
READ = Listed(titles=GOOD)
JSON = "application/feed+json"


def _json(items: str) -> Document:
    return Document(f'{{"version": "https://jsonfeed.org/version/1.1", "title": "Harbour", "items": {items}}}', JSON)


@xml(READ)
def json_good() -> Document:
    """A JSON Feed: the control."""
    return _json(
        json.dumps([{"id": str(n), "url": f"https://harbour.example/{n}", "title": t} for n, t in enumerate(GOOD)])
    )


@xml(Unread("JSON"))
def json_brackets_200000() -> Document:
    """200,000 brackets."""
    return _json("[" * 200_000)


@xml(Unread("JSON"))
def json_objects_200000() -> Document:
    """200,000 objects within one another, each of them closed."""
    return _json('[{"a":' * 100_000 + "1" + "}]" * 100_000)


@xml(Unread("JSON"))
def json_nan() -> Document:
    """NaN, which is no JSON."""
    return _json('[{"id": NaN, "title": "Tide"}]')


@xml(Unread("JSON"))
def json_broken_off() -> Document:
    """JSON that ends within a string."""
    return _json('[{"id": "1", "title": "Ti')


@xml(Listed(count=5, titles=("", "", "", "", MOON)))
def json_of_other_types() -> Document:
    """Items that are no objects, or whose fields are no strings."""
    return _json(json.dumps([None, 7, "x", {"id": [], "url": {}, "title": ["Tide"], "authors": 3}, {"title": MOON}]))


@xml(Unread("JSON"))
def json_number_of_10000_digits() -> Document:
    """An id that is a number of 10,000 digits."""
    return _json('[{"id": ' + "9" * 10_000 + ', "url": "https://harbour.example/1", "title": "Tide"}]')


@xml(Listed(titles=("Tide tables",)))
def json_surrogates() -> Document:
    """Halves of characters, as JSON can escape them."""
    return _json('[{"id": "1", "url": "https://harbour.example/1", "title": "Tide \\ud800tables"}]')


def _sitemap(urls: str) -> Document:
    return Document(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>', "application/xml")


@xml(Listed(count=2_000, cut=58_000), mebibytes=256, processor=10.0)
def sitemap_of_60000() -> Document:
    """60,000 addresses, 10,000 more than a sitemap may have: the newest are taken, the rest is counted."""
    return _sitemap("".join(f"<url><loc>https://harbour.example/{n}</loc></url>" for n in range(60_000)))


@xml(Unread("index"))
def sitemap_index() -> Document:
    """An index of sitemaps, which is none."""
    child = "<sitemap><loc>https://harbour.example/1.xml</loc></sitemap>"
    return Document(f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{child * 3}</sitemapindex>')


@xml(Listed(count=2))
def sitemap_entities() -> Document:
    """Ten entities, each ten of the one before, in a sitemap."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    made = _sitemap("<url><loc>https://harbour.example/1</loc></url><url><lastmod>&l9;</lastmod></url>").body
    return Document(f'<!DOCTYPE urlset [<!ENTITY l0 "ha">{laughs}]>{made}', "application/xml")
