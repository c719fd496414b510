"""Which provider a URL belongs to: its registrable domain, named by the registry, the page or the domain itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

from publicsuffixlist import PublicSuffixList

from . import text, urls
from .types import Image, Provider

LONGEST = 80  # characters of a name
SMALL, LARGE = 50, 400  # pixels: sides of the two logos that a registry file has

_BREAK = re.compile(r"\s+[|–—·•»«:›‹-]+\s+|\s*[|｜]\s*|\s+::\s+|:\s+")
_NO_NAME = re.compile(r"://|^www\.|^[@/]|\S@\S|/$", re.IGNORECASE)
# What templates and plug-ins call a site until somebody names it.
_NAMELESS = frozenset(
    ["accueil", "blog", "default", "home", "home page", "homepage", "index", "inicio", "main page", "my blog",
     "my site", "my website", "n a", "news", "none", "null", "site", "site name", "sitename", "start", "startseite",
     "test", "title", "undefined", "untitled", "website", "welcome", "wordpress"]
)  # fmt: skip


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def domain(url: str) -> str:
    """Registrable domain of a URL ("news.example.co.uk" -> "example.co.uk"), in A-labels.

    The host itself where there is none: an IP address, `localhost`, a name of one label, a public suffix.
    Raises ParseError. Source: publicsuffix.org, private suffixes included (a.github.io and b.github.io are two).
    """
    return registrable(urls.host(url))


@lru_cache(4_096)
def registrable(host: str) -> str:
    """The same of a host, as urls.host gives it."""
    return host if _is_address(host) else _suffixes().privatesuffix(host.rstrip(".")) or host


def _is_address(host: str) -> bool:
    """An IP address; by the URL standard a host whose last label is a number is one."""
    return host.startswith("[") or host.rpartition(".")[2].isdigit()


def resolve(
    url: str,
    site_name: str,
    registry: Mapping[str, Provider],
    override: str = "",
    *,
    source_title: str = "",
    logos: tuple[Image, ...] = (),
) -> Provider:
    """The provider of `url`: `override` where the source names a domain, else the URL's own. Raises ParseError.

    site_name, logos: what the page calls its site and shows of it, used when the registry does not know the domain.
    source_title: names the provider that `override` puts in the place of the page's own.
    """
    own = domain(url)
    key = override or own
    if key in registry:
        return registry[key]
    if key != own:
        return Provider(domain=key, name=clean_name(source_title, key) or name_from(key))
    return Provider(domain=key, name=clean_name(site_name, key) or name_from(key), images=logos)


def clean_name(raw: str, key: str) -> str:
    """What a page calls its site, fit to be a name; empty where it is none (an address, "Home", a whole sentence).

    key: its registrable domain. Where one part of "The Harbour Post | News of the coast" is what harbour-post.example
    repeats, the rest is a motto. Idempotent.
    """
    name = text.one_line(raw[:500]).strip(' |–—·•:-"“”„')
    parts = [part.strip() for part in _BREAK.split(name) if part.strip()]
    own = _letters(_label(key))
    if len(parts) > 1:
        same = [part for part in parts if _letters(part) == own] or [part for part in parts if repeats(part, key)]
        name = same[0] if same else name if len(name) <= LONGEST else parts[0]
    fits = 2 <= len(name) <= LONGEST and any(char.isalnum() for char in name)
    return name if fits and not _NO_NAME.search(name) and text.fold(name) not in _NAMELESS else ""


def _letters(name: str) -> str:
    """What is compared of a name: "The Harbour Post" and "harbour-post" are one."""
    return text.fold(name).removeprefix("the ").replace(" ", "")


def repeats(part: str, key: str) -> bool:
    """True where the domain says this part, or most of it, or this part says the domain and little else."""
    letters, own = _letters(part), _letters(_label(key))
    return min(len(letters), len(own)) >= 4 and (letters in own or (own in letters and len(letters) <= 2 * len(own)))


def _label(key: str) -> str:
    return urls.readable(key).partition(".")[0]


def name_from(key: str) -> str:
    """A readable name of a domain: "harbour-post.example" -> "Harbour Post"; an address stays as it is."""
    if _is_address(key):
        return key
    return " ".join(part.capitalize() for part in re.split("[-_]+", _label(key)) if part) or key


def name_among(names: Iterable[str]) -> str:
    """One of the names that pages of one domain gave: the most frequent, of equals the first in the alphabet.

    Empty without any.
    """
    counts = Counter(names)
    return min(counts, key=lambda name: (-counts[name], name), default="")


def logos(claims: Iterable[Image]) -> tuple[Image, ...]:
    """At most two of the pictures that a site shows of itself: a small square one, and a larger one.

    claims: with absolute addresses, the strongest first; a picture without a size may have any. Icons in SVG are left
    out, since they are programs. Order of equals is that of the claims.
    """
    found: dict[str, Image] = {}
    for image in claims:
        path = image.url.partition("?")[0].lower()
        if path.endswith((".svg", ".svgz")):
            continue
        if image.url not in found or not found[image.url].width:
            found[image.url] = image
    known = [image for image in found.values() if _is_square(image)]
    rest = [image for image in found.values() if not _is_square(image)]
    small = min(known, key=lambda image: abs(image.width - SMALL), default=None)
    large = min(
        (image for image in known if small is not None and image.width > small.width),
        key=lambda image: abs(image.width - LARGE),
        default=None,
    )
    return tuple([image for image in (small, large) if image is not None] + rest)[:2]


def _is_square(image: Image) -> bool:
    """Nearly: some cut a margin."""
    shorter, longer = sorted((image.width, image.height))
    return shorter >= 16 and 4 * longer <= 5 * shorter
