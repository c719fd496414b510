"""What was withdrawn: `gone.txt` for web servers, which answer 410 for it, and `gone.json` for whoever keeps copies.

Neither says what a page was about.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import msgspec

from ..types import Edition, File
from . import _stories


def render(edition: Edition) -> Iterator[File]:
    """`gone.txt`: a line `/story/<name>/ 410` for each page that was canceled, sorted; empty where there is none.

    Paths begin at the root of the host, as web servers see them. `gone.json` has what is only held back, too, with the
    word of ninjs for its state. Source: RFC 9110, section 15.5.11 (410 Gone).
    """
    prefix = urlsplit(edition.publication.url).path.rstrip("/")
    pages = sorted((f"{prefix}/{_stories.page_of(one.name)}", one.state, one.at) for one in edition.withdrawn)
    lines = "".join(f"{path} 410\n" for path, state, _ in pages if state == "canceled")
    yield File(path="gone.txt", data=lines.encode())
    told = [{"path": path, "state": state, "at": _stories.rfc3339(at)} for path, state, at in pages]
    yield File(path="gone.json", data=msgspec.json.format(msgspec.json.encode({"pages": told}), indent=1) + b"\n")
