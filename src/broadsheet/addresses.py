"""Addresses of mail: one spelling of each, and what is none that we write to."""

from __future__ import annotations

import re
from email.utils import parseaddr

import ada_url

from .errors import ParseError

LONGEST, LONGEST_LOCAL = 254, 64  # octets, RFC 5321, sections 4.5.3.1.1 and 4.5.3.1.3 with its erratum
# Dot-string of RFC 5321, section 4.1.2. Quoted strings and letters beyond ASCII are no addresses that people have and
# servers take; a name that begins with `-` is an option to some programs.
_LOCAL = re.compile(r"(?!-)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_HOST = re.compile(r"[^\s/?#@\\:\[\]%]+")
_DOMAIN = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


def normalised(address: str) -> str:
    """The one spelling of an address: in small letters, its domain in A-labels. Raises ParseError.

    Small letters in front of the `@` too: a server may tell `Ann` and `ann` apart, and none does.

    >>> normalised(" Ann@Harbour.Example ")
    'ann@harbour.example'
    """
    given = address.strip()
    local, _, domain = given.rpartition("@")
    if len(given) > LONGEST or len(local) > LONGEST_LOCAL or not _LOCAL.fullmatch(local):
        raise ParseError("not an address of mail", given[:80])
    try:
        host = str(ada_url.URL(f"https://{domain}/").hostname) if _HOST.fullmatch(domain) else ""
    except ValueError as exc:
        raise ParseError("not an address of mail", given[:80]) from exc
    if not _DOMAIN.fullmatch(host) or len(local) + 1 + len(host) > LONGEST:
        raise ParseError("not an address of mail", given[:80])
    return f"{local.lower()}@{host}"


def named(value: str) -> tuple[str, str]:
    """Name and normalised address of `Name <address>`; the name is empty where there is none. Raises ParseError."""
    name, address = parseaddr(value)
    return " ".join(name.split()), normalised(address)
