"""A leaf of your own is found by its dotted path, and a name that is none is told with the choice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from broadsheet import plugins
from broadsheet.errors import UsageError
from broadsheet.run.printing import render
from broadsheet.run.publication import quiet

from .build import edition, publication


def test_the_output_of_the_guide_prints(tmp_path, monkeypatch):
    """The first example of the guide, saved as a module, is an output by its name."""
    guide = Path("docs/how-to/add-a-leaf.md").read_text()
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "__init__.py").touch()
    (tmp_path / "own" / "headlines.py").write_text(re.findall(r"```python\n(.*?)```", guide, re.DOTALL)[0])
    monkeypatch.syspath_prepend(tmp_path)
    made = edition(publication=publication(outputs=("own.headlines",)))

    assert ["headlines.txt"] == [file.path for file in render(made, quiet)]


def test_a_name_that_is_none_offers_the_choice():
    with pytest.raises(UsageError, match=r"no such name in outputs: rsss: choose from .*rss"):
        plugins.find("outputs", "rsss")


@pytest.mark.parametrize("room", ["outputs", "quality", "heat", "sources"])
def test_every_leaf_has_the_function_of_its_room(room):
    wanted = {"outputs": "render", "quality": "points", "heat": "points", "sources": "listing"}[room]

    assert all(callable(getattr(plugins.find(room, name), wanted)) for name in plugins.names(room))
