"""What is an address at all: one parser, and the spellings that parsers disagree about refused before it."""

from __future__ import annotations

import re
from functools import lru_cache

import ada_url

from ..errors import ParseError

MAX_LENGTH = 2_048  # longer links are traps or data, not articles (RFC 9110 asks for 8,000 octets to be understood)
REMEMBERED = 4_096  # spellings of addresses, some 2 MB: an address comes up several times within one page or feed

_AROUND = " \t\n\f\r\xa0\u3000\ufeff"  # what publishers leave around a link
# The standard drops tabs and line ends within an address and reads `\` as `/`; other parsers do not (CVE-2021-22893
# and its like begin there). No publisher means any of them.
_ODD = re.compile(r"[\x00-\x1f\x7f\\]")
# `https:///a.example/` and `https:a.example` name a host by the standard and none by RFC 3986.
_NO_HOST = re.compile(r"https?:(?!//[^/?#])", re.IGNORECASE)
_USER = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//[^/?#]*@", re.IGNORECASE)


def parse(url: str, base: str | None = None) -> ada_url.URL:
    """Parse an absolute URL, or one relative to `base`. Only http and https, at most 2,048 characters.

    White space around it is trimmed. Refused: a user name, control characters, backslashes, no host, a host that no
    name server could be asked for. Raises ParseError. Source: WHATWG URL Standard.
    """
    return read(url, base)[0]


def read(url: str, base: str | None = None) -> tuple[ada_url.URL, str]:
    """What parse gives, and its `href`: each look at an attribute costs as much as parsing. Raises ParseError."""
    given = url.strip(_AROUND)
    if len(given) > MAX_LENGTH:
        raise ParseError(f"URL is longer than {MAX_LENGTH} characters", url[:200])
    if _ODD.search(given):
        raise ParseError("URL holds a control character or a backslash", url[:200])
    if _NO_HOST.match(given):
        raise ParseError("URL has no host", url[:200])
    if "@" in given and _USER.match(given):
        raise ParseError("URL carries a user name", url[:200])
    try:
        parsed = ada_url.URL(given, base=base) if base else ada_url.URL(given)
    except (ValueError, TypeError, UnicodeError) as exc:
        raise ParseError("not a URL", url[:200]) from exc
    href = str(parsed.href)
    if not href.startswith(("https://", "http://")):
        raise ParseError(f"scheme {href.partition(':')[0]} is not http or https", url[:200])
    if len(href) > MAX_LENGTH:
        raise ParseError(f"URL is longer than {MAX_LENGTH} characters", url[:200])
    if "@" in href and (parsed.username or parsed.password):
        raise ParseError("URL carries a user name", url[:200])
    if (".." in href and ".." in host_of(href)) or not host_of(href).strip("."):
        raise ParseError("host has an empty label", url[:200])
    return parsed, href


def host_of(href: str) -> str:
    """Host of an `href` without port, sliced: after an http(s) scheme the standard prints `//host[:port]/` always."""
    authority = href[href.index("//") + 2 : href.index("/", 8)]
    return f"{authority.partition(']')[0]}]" if authority[0] == "[" else authority.partition(":")[0]


@lru_cache(REMEMBERED)
def host(url: str) -> str:
    """Host name in lower case and A-labels, without port. Raises ParseError."""
    return host_of(read(url)[1])


def readable(host: str) -> str:
    """A host in the letters that people read: A-labels become Unicode."""
    return str(ada_url.idna_to_unicode(host)) if "xn--" in host else host


def is_http(url: str) -> bool:
    """True when `url` is an absolute address that parse accepts."""
    try:
        read(url)
    except ParseError:
        return False
    return True
