"""Printed trees that several modules look at, each made once a session."""

from __future__ import annotations

from pathlib import Path

import pytest

from broadsheet import config, demo, plugins
from broadsheet.cli import run

from . import coast
from .printed import Printed


@pytest.fixture(scope="session")
def demo_printed(tmp_path_factory) -> Printed:
    """The demo after its second day."""
    folder = tmp_path_factory.mktemp("printed") / "demo"
    for _ in demo.CLOCK:
        assert 0 == run(["demo", str(folder), "--json"])
    return Printed(folder / "site", config.parse(demo.publication_files()).url)


@pytest.fixture(scope="session")
def coast_printed(tmp_path_factory) -> Printed:
    """The fictional edition, by every output that there is."""
    folder: Path = tmp_path_factory.mktemp("printed") / "coast"
    edition = coast.edition()
    for name in plugins.names("outputs"):
        for file in plugins.find("outputs", name).render(edition):
            path = folder / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.data)
    return Printed(folder, edition.publication.url)
