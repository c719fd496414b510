"""The oldest version of each library that hostile input is safe with, and what breaks below it.

Distributions mend old versions without changing their numbers. What is reported as too old here may be such a one; it
is for whoever runs the machine to know.
"""

from __future__ import annotations

import pyexpat
import re
import sqlite3
import ssl
import zlib
from collections.abc import Mapping
from importlib import metadata

from lxml import etree

from ..types import Struct

Version = tuple[int, ...]


class Floor(Struct, frozen=True, kw_only=True):
    """What is asked of one library. breaks: what goes wrong below. mend: what to do about it."""

    name: str
    version: Version
    breaks: str
    mend: str
    optional: bool = False  # absent is well: nothing here needs it unless an extra brought it


class Checked(Struct, frozen=True, kw_only=True):
    """One library as it was found. found: its version, with a note where there is one to make."""

    name: str
    found: str
    floor: str
    ok: bool
    advice: str = ""  # empty when ok


FLOORS = (
    Floor(
        name="expat",  # reads broken feeds, inside feedparser
        version=(2, 6, 0),
        breaks="one token of megabytes takes time that grows with its square (CVE-2023-52425); "
        "before 2.4.1 nothing stops a billion laughs (CVE-2013-0340)",
        mend="use a Python built with a newer one, such as 3.11.9 or 3.12.3",
    ),
    Floor(
        name="libxml2",  # reads feeds and pages, inside lxml
        version=(2, 11, 0),
        breaks="entities may multiply further than a feed ever needs; "
        "before 2.10.4 a document can damage memory (CVE-2022-40304, CVE-2023-29469)",
        mend="install lxml's own wheel, which brings one, or build it against a newer libxml2",
    ),
    Floor(
        name="SQLite",
        version=(3, 35, 0),
        breaks="it has no RETURNING, and several upserts of ours are syntax errors",
        mend="use a Python built with a newer one",
    ),
    Floor(
        name="OpenSSL",
        version=(3, 0, 0),
        breaks="1.1.1 gets no security fixes any more, since September 2023",
        mend="use a Python built with a newer one",
    ),
    Floor(
        name="zlib",
        version=(1, 2, 13),
        breaks="compressing some inputs damages memory (CVE-2018-25032, until 1.2.11), "
        "and so does a gzip header with a long extra field (CVE-2022-37434)",
        mend="update the system's zlib",
    ),
    Floor(
        name="aiohttp",
        version=(3, 14),
        breaks="a small compressed body may exhaust memory (CVE-2025-69223, until 3.13.2), and the bounds of "
        "fetching were tested with nothing older",
        mend="pip install --upgrade aiohttp",
    ),
    Floor(
        name="feedparser",
        version=(6, 0, 11),
        breaks="it imports cgi, which Python 3.13 has no more",
        mend="pip install --upgrade feedparser",
    ),
    Floor(
        name="nh3",
        version=(0, 3, 7),
        breaks="the ammonia in it (until 4.1.3) lets script pass in SVG and MathML (RUSTSEC-2026-0193, -0213)",
        mend="pip install --upgrade nh3",
        optional=True,
    ),
    Floor(
        name="Pillow",
        version=(12, 1, 2),
        breaks="a small FITS picture unpacks into all memory there is (CVE-2026-40192)",
        mend="pip install --upgrade pillow",
        optional=True,
    ),
)
# https://sqlite.org/wal.html#walresetbug, mended in these and carried back to two older lines
_WAL_RESET: tuple[tuple[Version, Version], ...] = (((3, 44, 6), (3, 45)), ((3, 50, 7), (3, 51)), ((3, 51, 3), (4,)))


def checks(found: Mapping[str, str] | None = None) -> tuple[Checked, ...]:
    """Each library of FLOORS against its floor, in that order.

    found: name -> version as the library itself gives it, absent where it is not installed; those of this process when
    None.
    """
    versions = installed() if found is None else found
    return tuple(_check(floor, versions.get(floor.name, "")) for floor in FLOORS)


def installed() -> dict[str, str]:
    """Version of each library in this process, by its name in FLOORS: of what is loaded, not what it was built with."""
    versions = {
        "expat": pyexpat.EXPAT_VERSION,
        "libxml2": ".".join(map(str, etree.LIBXML_VERSION)),
        "SQLite": sqlite3.sqlite_version,
        "OpenSSL": ssl.OPENSSL_VERSION,
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
    }
    for floor in FLOORS:
        if floor.name not in versions:
            try:
                versions[floor.name] = metadata.version(floor.name)
            except metadata.PackageNotFoundError:
                continue
    return versions


def _check(floor: Floor, found: str) -> Checked:
    wanted = ".".join(map(str, floor.version))
    if not found:
        said = "not installed, not needed" if floor.optional else "not installed"
        advice = "" if floor.optional else floor.mend
        return Checked(name=floor.name, found=said, floor=wanted, ok=floor.optional, advice=advice)
    version = _version(found)
    ok = version >= floor.version
    advice = "" if ok else f"older than {wanted}: {floor.breaks}: {floor.mend}"
    said = ".".join(map(str, version)) or found
    if floor.name == "SQLite" and ok and not any(start <= version < end for start, end in _WAL_RESET):
        said += " (its WAL-reset bug needs two connections that write; a store has one)"
    return Checked(name=floor.name, found=said, floor=wanted, ok=ok, advice=advice)


def _version(said: str) -> Version:
    """The first dotted number: `expat_2.6.3` -> (2, 6, 3), `OpenSSL 3.0.19 27 Jan 2026` -> (3, 0, 19); () without."""
    number = re.search(r"\d+(?:\.\d+)*", said)
    return tuple(int(part) for part in number.group().split(".")) if number else ()
