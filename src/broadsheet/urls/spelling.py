"""One spelling of each address: what is stored and compared."""

from __future__ import annotations

import re
from functools import lru_cache

from .parsing import REMEMBERED, host_of, read
from .tracking import is_tracking

_ESCAPE = re.compile("%[0-9a-fA-F]{2}")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)


@lru_cache(REMEMBERED)
def canonical(url: str, base: str | None = None) -> str:
    """The one form in which a URL is stored and compared. Idempotent. Raises ParseError.

    Host in lower case and A-labels without a last dot, default port and fragment dropped, dot segments resolved
    (WHATWG); escapes in upper case and none for what needs none (RFC 3986, section 6.2.2); then tracking parameters
    dropped and the rest kept in their order, since order can carry meaning.

    >>> canonical("HTTPS://Example.org:443/a/../b?utm_source=x&id=7#top")
    'https://example.org/b?id=7'
    """
    href = _without_fragment(read(url, base)[1])
    if "%" in href:
        # Parsed again: what came to light may be a dot segment.
        href = _without_fragment(read(_normal_escapes(href))[1])
    if "?" in href:
        address, _, query = href.partition("?")
        kept = "&".join(part for part in query.split("&") if part and not is_tracking(part))
        href = f"{address}?{kept}" if kept else address
    name = host_of(href)
    return href.replace(name, name.rstrip("."), 1) if name.endswith(".") else href


def _without_fragment(href: str) -> str:
    return href.partition("#")[0]


def _normal_escapes(href: str) -> str:
    """`%7e` is `~` and `%c3` is `%C3`. Until nothing changes, as `%%37e` would else have two forms."""

    def normal(found: re.Match[str]) -> str:
        char = chr(int(found.group()[1:], 16))
        return char if char in _UNRESERVED else found.group().upper()

    while (once := _ESCAPE.sub(normal, href)) != href:
        href = once
    return href


@lru_cache(REMEMBERED)
def identity(url: str) -> str:
    """A looser key under which two spellings of one address meet: no scheme, `www.`, index page or last slash.

    >>> identity("http://www.example.org/a/index.html") == identity("https://example.org/a/")
    True
    """
    _, _, rest = canonical(url).partition("://")
    authority, slash, tail = rest.partition("/")
    path, mark, query = tail.partition("?")
    host = authority.partition(":")[0] if authority[0] != "[" else authority
    host = host.removeprefix("www.").removeprefix("m.").removeprefix("amp.")
    return f"{host}{_INDEX.sub('/', slash + path).rstrip('/')}{mark}{query}"
