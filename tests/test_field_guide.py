"""The guide to adding a rule for a field tells what is so."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path

from . import recorded

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "docs" / "how-to" / "add-a-field-rule.md").read_text(encoding="utf-8")


def test_the_code_of_the_guide_runs(tmp_path):
    """Its example of a choice holds, assertion by assertion."""
    (block,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    (tmp_path / "example.py").write_text(block, encoding="utf-8")

    assert "text" == runpy.run_path(str(tmp_path / "example.py"))["found"].place


def test_the_files_that_the_guide_names_are_there():
    """Files of the project, by their paths from its root or within extract/."""
    named = re.findall(r"`((?:tests|docs|extract)/[\w./-]+\.\w+)`", GUIDE)
    links = re.findall(r"\]\((\.\./[\w./-]+)\)", GUIDE)
    places = [ROOT / ("src/broadsheet/" + name if name.startswith("extract/") else name) for name in named]
    places += [ROOT / "docs" / "how-to" / link for link in links]

    assert len(places) >= 5
    assert [] == [str(place) for place in places if not place.exists()]


def test_the_expectation_of_the_guide_is_that_of_its_page():
    """What it shows is in the recorded expectation; a value that ends in dots is its beginning."""
    (block,) = re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL)
    shown = json.loads(block)
    kept = recorded.expectation("news/slogan-as-description")

    assert shown["url"] == kept.url
    assert (shown["expected"]["title"], shown["expected"]["authors"]) == (kept.expected.title, kept.expected.authors)
    assert (kept.expected.excerpt or "").startswith(shown["expected"]["excerpt"].removesuffix("..."))
