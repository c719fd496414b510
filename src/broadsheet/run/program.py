"""What makes the files of an edition: this program, and the libraries that print for it."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable

PRINTERS = ("jinja2", "lxml", "markupsafe", "msgspec")


@cache
def digest() -> bytes:
    """Changes when any file of the program does, or the version of a library that prints."""
    found = hashlib.blake2b(" ".join(version(name) for name in PRINTERS).encode(), digest_size=16)
    _read(files("broadsheet"), found)
    return found.digest()


def _read(folder: Traversable, found: hashlib.blake2b) -> None:
    for one in sorted(folder.iterdir(), key=lambda one: one.name):
        if one.is_dir() and one.name != "__pycache__":
            _read(one, found)
        elif one.name.endswith((".py", ".html", ".css", ".js")):
            found.update(one.name.encode() + b"\0" + one.read_bytes())
