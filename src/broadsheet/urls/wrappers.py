"""See through addresses that only send a reader on: search engines, mail filters, link shims, AMP caches.

Only what an address itself carries is read; nobody is asked. Left as they are: short links and feed proxies (t.co,
feedproxy.google.com), whose redirect the fetch follows; archived and translated copies, which are other documents; and
the address of an AMP page at its publisher's, which need not have another.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from urllib.parse import unquote

from ..errors import ParseError
from .parsing import is_http, read

LAYERS = 5  # a mail filter around a social network's shim around an AMP cache are three

_GOOGLE = r"google\.(?:com?\.)?[a-z]{2,3}"
_RUN = {
    char: length for length, char in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", 2)
}
_STAR = re.compile(r"\*(?:\*(.))?")


def _parameter(*names: str) -> Callable[[re.Match[str], str], str]:
    """The value of the first of these query parameters. A bare `+` in it is a plus: an address holds no spaces."""

    def inner(_: re.Match[str], href: str) -> str:
        pairs = [pair.partition("=") for pair in href.partition("#")[0].partition("?")[2].split("&")]
        values = {key.lower(): value for key, _, value in reversed(pairs)}
        return next((unquote(values[name], errors="strict") for name in names if values.get(name)), "")

    return inner


def _copy(found: re.Match[str], _: str) -> str:
    """AMP caches and viewers: `c/s/host/path` is https, without `s/` http."""
    return f"{'https' if found['secure'] else 'http'}://{found['inner']}"


def _yahoo(found: re.Match[str], _: str) -> str:
    return unquote(found["inner"], errors="strict")


def _google_news(found: re.Match[str], _: str) -> str:
    """The first form of Google News links: base64url of a protocol buffer, whose field 4 is the publisher's address.

    Newer links hold an opaque token there, which is no address.
    """
    data = base64.urlsafe_b64decode(found["inner"] + "=" * (-len(found["inner"]) % 4))
    if data[:3] != b"\x08\x13\x22":
        return ""
    length, at = data[3], 4
    if length > 127:  # two bytes of a varint, low one first
        length, at = (length & 127) | data[4] << 7, 5
    return data[at : at + length].decode("ascii") if len(data) >= at + length else ""


def _bing(found: re.Match[str], _: str) -> str:
    encoded = found["inner"]
    return base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode("ascii")


def _proofpoint2(found: re.Match[str], href: str) -> str:
    """URL Defense 2: `-` for `%` and `_` for `/`, in the parameter u."""
    return unquote(_parameter("u")(found, href).translate({ord("-"): "%", ord("_"): "/"}), errors="strict")


def _proofpoint3(found: re.Match[str], _: str) -> str:
    """URL Defense 3: `*` stands for the next of the bytes at the end, `**x` for a run of them as long as x says."""
    hidden = base64.urlsafe_b64decode(found["bytes"] + "=" * (-len(found["bytes"]) % 4)).decode()
    at = 0

    def shown(star: re.Match[str]) -> str:
        nonlocal at
        length = _RUN.get(star[1], 0) if star[1] else 1
        at += length
        return hidden[at - length : at]

    inner = _STAR.sub(shown, found["inner"])
    return re.sub(r"^(https?:/)(?=[^/])", r"\1/", inner)  # some mail programs make one slash of two


# Host and path as they stand in an address, and how what is wrapped is read from it.
_WRAPPERS: tuple[tuple[str, Callable[[re.Match[str], str], str]], ...] = (
    (rf"(?:www\.)?{_GOOGLE}/url\?", _parameter("url", "q")),
    (rf"(?:www\.)?{_GOOGLE}/amp/(?P<secure>s/)?(?P<inner>[\w-]+(?:\.[\w-]+)+(?:[/:?].*)?)", _copy),
    (r"news\.google\.com/(?:__i/)?(?:rss/)?(?:rd/)?(?:articles|read)/(?P<inner>CBMi[\w-]+)=*(?:[?#].*)?", _google_news),
    (r"(?:www\.)?bing\.com/news/apiclick(?:\.aspx)?\?", _parameter("url")),
    (r"(?:www\.)?bing\.com/ck/a\?(?:.*&)?u=a1(?P<inner>[\w-]+)", _bing),
    (r"(?:(?:www|links|html)\.)?duckduckgo\.com/l/\?", _parameter("uddg")),
    (r"r\.search\.yahoo\.com/(?:.*[/;])?RU=(?P<inner>[^/]+)/", _yahoo),
    (r"(?:lm?|www|m)\.facebook\.com/(?:l\.php|flx/warn/)\?", _parameter("u")),
    (r"l\.(?:messenger\.com/l\.php|instagram\.com/|threads\.(?:net|com)/)\?", _parameter("u")),
    (r"(?:www\.)?linkedin\.com/(?:safety/go|redir/(?:redirect|general-malware-page))/?\?", _parameter("url")),
    (r"out\.reddit\.com/\w*\?", _parameter("url")),
    (r"(?:www\.)?slack-redir\.net/link\?", _parameter("url")),
    (r"(?:away\.|www\.|m\.)?vk\.com/away(?:\.php)?\?", _parameter("to")),
    (r"(?:t|href)\.umblr\.com/redirect\?", _parameter("z")),
    (r"(?:www\.|m\.)?youtube\.com/redirect\?", _parameter("q")),
    (r"[\w.-]+\.safelinks\.protection\.outlook\.com/(?:ap/[\w-]+/)?\?", _parameter("url")),
    (r"urldefense\.(?:proofpoint\.)?com/v1/url\?", _parameter("u")),
    (r"urldefense\.(?:proofpoint\.)?com/v2/url\?", _proofpoint2),
    (r"urldefense\.(?:proofpoint\.)?(?:com|us)/v3/__(?P<inner>.+?)__;(?P<bytes>[\w-]*)=*!", _proofpoint3),
    (r"(?:[\w-]+\.)?cdn\.ampproject\.org/[civ]/(?P<secure>s/)?(?P<inner>.+)", _copy),
    (r"(?:[\w-]+\.|www\.)?bing-amp\.com/[civ]/(?P<secure>s/)?(?P<inner>.+)", _copy),
)  # fmt: skip
_TABLE = tuple((re.compile(f"https?://{pattern}", re.IGNORECASE), read_inner) for pattern, read_inner in _WRAPPERS)
# Most links are no wrapper, and telling that must cost next to nothing: a label of the host gives a wrapper away.
_LABELS = frozenset(
    ["google", "bing", "bing-amp", "duckduckgo", "yahoo", "facebook", "messenger", "instagram", "threads", "linkedin",
     "reddit", "slack-redir", "vk", "umblr", "youtube", "outlook", "urldefense", "proofpoint", "ampproject"]
)  # fmt: skip


def unwrap(url: str) -> str:
    """The publisher's address that `url` only wraps, through up to five layers; any other address as it is. Idempotent.

    >>> unwrap("https://www.google.com/url?rct=j&url=https://example.org/a&ct=ga")
    'https://example.org/a'
    >>> unwrap("https://some--site-org.cdn.ampproject.org/c/s/some-site.org/a/amp/")
    'https://some-site.org/a/amp/'
    """
    found = url
    for _ in range(LAYERS):
        inner = _inner(found)
        if not inner:
            return found
        found = inner
    return url if _inner(found) else found  # who wraps deeper than that plays with us


def _inner(url: str) -> str:
    """What one layer wraps; empty where `url` is no wrapper, or wraps what is no address."""
    host = url[:300].partition("://")[2].partition("/")[0]
    if _LABELS.isdisjoint(host.lower().split(".")):
        return ""
    try:
        href = read(url)[1]
        for pattern, read_inner in _TABLE:
            if found := pattern.match(href):
                inner = read_inner(found, href).strip()
                return inner if is_http(inner) else ""
    except (ParseError, ValueError, IndexError):  # it says of itself to be encoded, and is not
        return ""
    return ""
