"""The name of a site that does not say it in its markup: an end of the page's title that its masthead says too."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

import lxml.html

from ... import providers, text
from ..said import LONGEST, Told

_MOST = 400  # links and pictures that are looked at: a masthead stands before the text
_PIECES = 12  # texts of one link
_PART = 60  # characters of a name
# Between the parts of a title. A hyphen without spaces parts only what is written without them.
_BREAK = re.compile(
    r"\s*[|｜_：»«›‹•·~]+\s*|\s+[-–—/\\]+\s+|\s*::+\s*|:\s+|(?<=[\u3040-\u9fff\uac00-\ud7a3])[-–—](?=[\u3040-\u9fff\uac00-\ud7a3])"
)
_HOME = re.compile(r"(?:https?:)?//[^/?#]+/?|/|/?(?:index|default)\.(?:html?|php|aspx?)|\./?", re.IGNORECASE)
_FEED = re.compile(r"application/(?:rss|atom|feed)\b", re.IGNORECASE)
_LOGO = re.compile(r"^logo[\s:]+|[\s:-]+logo$", re.IGNORECASE)


def name(root: lxml.html.HtmlElement, titles: Sequence[Told], domain: str) -> tuple[str, str]:
    """What the page shows as the name of its site, and where; empty where nothing shown twice can be one.

    titles: claims of the title, the title element's among them. A part of it is the name where a link to the first page,
    a picture above the title, or the title of a feed says it again, or where `domain` does. Without such a part, a link
    to the first page that says what the domain says.
    """
    whole = next((text.one_line(raw[:LONGEST]) for raw, place in titles if place == "title element"), "")
    parts = [part for part in _BREAK.split(whole) if 2 <= len(part) <= _PART]
    headings = {text.fold(raw) for raw, place in titles if place in ("og:title", "h2", "h3")}
    first = {text.fold(raw) for raw, place in titles if place == "h1"}
    shown = list(dict.fromkeys(_shown(root, domain)))
    keys = {text.fold(one): place for one, place in reversed(shown)}
    if len(parts) > 1:
        named = [part for part in (parts[-1], *parts[:-1]) if text.fold(part) not in headings]
        for part in named:
            key = text.fold(part)
            place = keys.get(key, "")
            if place.startswith("picture") and any(heading.startswith(key) for heading in first):
                continue  # of the headline
            if place and (cleaned := providers.clean_name(part, domain)):
                return cleaned, f"title element and {place}"
        for part in (named[0], named[-1]) if named else ():
            if providers.repeats(part, domain) and (cleaned := providers.clean_name(part, domain)):
                return cleaned, "title element and the domain"
    for one, place in shown:
        if place == "masthead" and providers.repeats(one, domain) and (cleaned := providers.clean_name(one, domain)):
            return cleaned, place
    return "", ""


def _shown(root: lxml.html.HtmlElement, domain: str) -> Iterator[tuple[str, str]]:
    """Names that links to the first page, logos and feeds bear, each with its place."""
    above = True
    for element in itertools.islice(root.iter("link", "a", "img", "h1"), _MOST):
        if element.tag == "h1":
            above = False
        elif element.tag == "link":
            if _FEED.match(element.get("type") or "") and (title := element.get("title")):
                yield from ((part, "feed") for part in _BREAK.split(text.one_line(title[:200])) if part)
        elif element.tag == "img":
            if above and (said := _alt(element)):
                yield said, "picture above the title"
        elif _HOME.fullmatch(address := (element.get("href") or "").strip()[:200]) and _is_own(address, domain):
            said = text.one_line("".join(itertools.islice(element.itertext(), _PIECES))[:200])
            said = said or next((alt for image in element.iter("img") if (alt := _alt(image))), "")
            if said := said or text.one_line((element.get("title") or element.get("aria-label") or "")[:200]):
                yield said, "masthead"


def _alt(image: lxml.html.HtmlElement) -> str:
    return _LOGO.sub("", text.one_line((image.get("alt") or "")[:200]))


def _is_own(address: str, domain: str) -> bool:
    host = address.partition("//")[2].rstrip("/").partition(":")[0].lower()
    return not host or host == domain or host.endswith(f".{domain}")
