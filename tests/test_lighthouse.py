"""Lighthouse on a phone's settings: full marks for a front page, a topic and a story, served without compression."""

from __future__ import annotations

import json
import subprocess

import pytest

from .browsing import CHROMIUM, NEEDS, served
from .node import CLIENTS, needs
from .printed import kinds

pytestmark = [pytest.mark.slow, *NEEDS, needs("lighthouse", commands=("node",))]
RUNS = 3  # at most


def audited(urls: list[str]) -> list[dict]:
    """What tests/clients/lighthouse.mjs says of each page."""
    command = ["node", str(CLIENTS / "lighthouse.mjs"), str(CHROMIUM), str(RUNS), *urls]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)


def test_front_topic_and_story_have_full_marks(demo_printed):
    """Accessibility, best practices and SEO are 100; performance is, and may be 95 where the machine is busy."""
    found = kinds(demo_printed)
    with served(demo_printed.folder) as home:
        pages = audited([home + found[kind].removesuffix("index.html") for kind in ("front", "topic", "story")])
    assert 3 == len(pages)
    for page in pages:
        scores = page["scores"]
        speed = scores.pop("performance")
        assert {"accessibility": 1, "best-practices": 1, "seo": 1} == scores, page
        assert speed >= 0.95, page


def test_what_is_wrong_costs_marks(tmp_path):
    """A page without title, language, alt and enough contrast has full marks in neither accessibility nor SEO."""
    (tmp_path / "index.html").write_text("<!doctype html><body><img src=x.png><a href=x style='color:#eee'>here</a>")
    with served(tmp_path) as home:
        scores = audited([home])[0]["scores"]
    assert scores["accessibility"] < 1
    assert scores["seo"] < 1
