"""Printed trees that several modules look at, each made once a session."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from broadsheet import config, demo, plugins
from broadsheet import edition as editions
from broadsheet.cli import run
from broadsheet.types import Edition, Placed

from . import coast
from .browsing import CHROMIUM, FLAGS, laid
from .build import NOW
from .printed import Printed


@pytest.fixture(scope="session")
def demo_printed(tmp_path_factory) -> Printed:
    """The demo after its second day."""
    folder = tmp_path_factory.mktemp("printed") / "demo"
    for _ in demo.CLOCK:
        assert 0 == run(["demo", str(folder), "--json"])
    return Printed(folder / "site", config.parse(demo.publication_files()).url)


def coast_edition() -> Edition:
    """The fictional stories, placed and printed for the first time."""
    stories = coast.edition().stories
    placed = {
        article.url: Placed(url=article.url, name=f"{story.name}{f'-{place}' if place else ''}.md")
        for story in stories
        for place, article in enumerate(story.articles)
    }
    return editions.build(coast.publication(outputs=plugins.names("outputs")), stories, placed, {}, {}, NOW)


@pytest.fixture(scope="session")
def coast_printed(tmp_path_factory) -> Printed:
    """The fictional edition, by every output that there is."""
    edition = coast_edition()
    files = (file for name in edition.publication.outputs for file in plugins.find("outputs", name).render(edition))
    return Printed(laid(files, tmp_path_factory.mktemp("printed") / "coast"), edition.publication.url)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium, started once a module; for tests that have browsing.NEEDS among their marks."""
    from playwright import sync_api

    with sync_api.sync_playwright() as started:
        running = started.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield running
        running.close()
