"""A printed folder served on loopback as the plainest web server would, and how tests start Debian's Chromium."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

from broadsheet.types import File, Sheet

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


NEEDS = [
    pytest.mark.browser,
    pytest.mark.skipif(find_spec("playwright") is None, reason="Playwright for Python is not installed"),
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's Chromium is not at /usr/bin/chromium"),
]


def in_browser(test: Callable[..., None]) -> Callable[..., None]:
    """Mark one test with what it needs."""
    for mark in NEEDS:
        test = mark(test)
    return test


def laid(files: Iterable[File | Sheet], folder: Path) -> Path:
    """Write what an output renders into `folder`, and give that back."""
    for file in files:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.data)
    return folder


class _Plain(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Once(_Plain):
    protocol_version = "HTTP/1.0"


@contextmanager
def served(folder: Path, *, once: bool = False) -> Iterator[str]:
    """The address, with a slash at its end, at which the files of `folder` are served, uncompressed.

    once: a connection has one answer, so that none is left when the server has gone.
    """
    handler = functools.partial(_Once if once else _Plain, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
