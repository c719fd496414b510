"""A printed folder as tests look at it: its pages by kind, the addresses that its files name, what linked data claims."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from lxml import etree, html

XML = (".xml", ".opml", ".svg", ".xsl", ".rss", ".atom")
# Strictly: nothing is mended, no entity is expanded, nothing is fetched.
_STRICT = etree.XMLParser(recover=False, resolve_entities=False, no_network=True, load_dtd=False)
_ADDRESSES = ("href", "src", "action", "formaction", "poster", "data", "cite")
_SETS = ("srcset", "imagesrcset")


class Printed(NamedTuple):
    """folder: where the files are. url: the address that it is printed for, with a slash at its end."""

    folder: Path
    url: str


def files(printed: Printed, *endings: str) -> dict[str, Path]:
    """Path with forward slashes, relative to the folder -> file, sorted; of those endings."""
    found = (path for path in sorted(printed.folder.rglob("*")) if path.is_file() and path.name.endswith(endings))
    return {path.relative_to(printed.folder).as_posix(): path for path in found}


def pages(printed: Printed) -> dict[str, html.HtmlElement]:
    """Every page that people see; newsletters in `_newsletters/` begin with a record's front matter."""
    found = files(printed, ".html")
    return {name: html.document_fromstring(path.read_bytes()) for name, path in found.items() if name[0] != "_"}


def kinds(printed: Printed) -> dict[str, str]:
    """Kind of page -> the largest of its kind. The kind is the first folder: story, topic, about; the front page and
    the page for addresses that are none are of a kind each."""
    found: dict[str, str] = {}
    by_size = sorted(files(printed, ".html").items(), key=lambda one: (-one[1].stat().st_size, one[0]))
    for name, _ in by_size:
        kind = "front" if name == "index.html" else name.split("/")[0].removesuffix(".html")
        if not kind.startswith("_"):
            found.setdefault(kind, name)
    return dict(sorted(found.items()))


def xml(path: Path) -> etree._Element:
    """Raises lxml.etree.XMLSyntaxError for what is not well-formed."""
    return etree.fromstring(path.read_bytes(), _STRICT)


# --- addresses -------------------------------------------------------------------------------------------------------


def dead(printed: Printed) -> list[tuple[str, str]]:
    """File and address, for every address of ours that a page, a feed, a sitemap or the API names and that is not
    there: no such file, or no such place in the page."""
    documents = pages(printed)
    ids = {name: set(page.xpath("//@id")) for name, page in documents.items()}
    named = [(name, address) for name, page in documents.items() for address in _of_page(page)]
    named += [(name, address) for name, path in files(printed, *XML).items() for address in _of_xml(xml(path))]
    for name, path in files(printed, ".json").items():
        named += [(name, address) for address in _strings(json.loads(path.read_bytes())) if address.startswith("http")]
    return [(name, address) for name, address in named if not _is_there(printed, ids, name, address)]


def _is_there(printed: Printed, ids: dict[str, set[str]], name: str, address: str) -> bool:
    whole, place = urldefrag(urljoin(printed.url + name.removesuffix("index.html"), address))
    if not whole.startswith(printed.url):
        return True
    path = unquote(urlsplit(whole).path)[len(urlsplit(printed.url).path) :]
    path += "index.html" if path == "" or path.endswith("/") else ""
    if not (printed.folder / path).is_file():
        return False
    return not place or path not in ids or unquote(place) in ids[path]


def _of_page(page: html.HtmlElement) -> Iterator[str]:
    for element in page.iter(etree.Element):
        yield from (element.get(name) for name in _ADDRESSES if element.get(name) is not None)
        for name in _SETS:
            yield from (one.split()[0] for one in element.get(name, "").split(",") if one.strip())
        if element.tag == "meta" and element.get("property", "") in ("og:url", "og:image"):
            yield element.get("content", "")


def _of_xml(root: etree._Element) -> Iterator[str]:
    for element in root.iter(etree.Element):
        values = (element.text, *element.attrib.values())
        yield from (value.strip() for value in values if value and re.match(r"\s*https?://\S+\s*\Z", value))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)


# --- linked data -----------------------------------------------------------------------------------------------------


def claims(printed: Printed) -> list[tuple[str, str, str]]:
    """Page, type and absolute address (empty: none is given) of every typed thing in linked data, by page."""
    found = []
    for name, page in pages(printed).items():
        for script in page.xpath("//script[@type='application/ld+json']"):
            for thing in _things(json.loads(script.text)):
                types = thing["@type"] if isinstance(thing["@type"], list) else [thing["@type"]]
                where = thing.get("url") or thing.get("@id") or ""
                found += [(name, kind, urljoin(printed.url + name, where) if where else "") for kind in types]
    return found


def _things(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "@type" in value:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _things(one)
