"""Which provider a URL belongs to: its registrable domain, named by the registry, the page or the domain itself."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from publicsuffixlist import PublicSuffixList

from . import urls
from .types import Provider


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def domain(url: str) -> str:
    """Registrable domain of a URL ("news.example.co.uk" -> "example.co.uk"); the host where there is none.

    Raises ParseError. Source: publicsuffix.org, private suffixes included (a.github.io and b.github.io are two).
    """
    name = urls.host(url)
    return _suffixes().privatesuffix(name) or name


def resolve(url: str, site_name: str, registry: Mapping[str, Provider], override: str = "") -> Provider:
    """The provider of `url`: `override` where the source names a domain, else the URL's own.

    site_name: what the page calls its site, used when the registry does not know the domain. Raises ParseError.
    """
    key = override or domain(url)
    if key in registry:
        return registry[key]
    return Provider(domain=key, name=site_name or name_from(key))


def name_from(key: str) -> str:
    """A readable name of a domain: "harbour-post.example" -> "Harbour Post"."""
    label = key.split(".")[0]
    return " ".join(part.capitalize() for part in label.replace("_", "-").split("-") if part) or key
