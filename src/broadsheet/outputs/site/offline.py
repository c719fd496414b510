"""The service worker: the one script of the site, for publications that want to be read without a connection."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib.resources import files

from ...types import File, Publication
from . import _theme


def offline(publication: Publication) -> Iterator[File]:
    """`sw.js`, where the publication wants it. It starts a new cache when the style or the worker itself changes."""
    if publication.site.offline:
        written = files(__package__).joinpath("sw.js").read_text(encoding="utf-8")
        version = hashlib.sha256((written + _theme.sheet(publication)).encode()).hexdigest()[:12]
        yield File(path="sw.js", data=written.replace("VERSION", version).encode())
