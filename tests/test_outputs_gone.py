"""outputs.gone: what web servers and keepers of copies are told of what was withdrawn."""

from __future__ import annotations

import re
from datetime import timedelta

import msgspec

from broadsheet.outputs import gone
from broadsheet.types import Withdrawn

from . import coast
from .build import NOW

CANCELED = Withdrawn(story="s2", name="2026-03-01-zebra", state="canceled", at=NOW, note="Wrong harbour")
WITHHELD = Withdrawn(story="s3", name="2026-03-01-held", state="withheld", at=NOW - timedelta(hours=2))
EARLIER = Withdrawn(story="s4", name="2026-02-01-anchor", state="canceled", at=NOW - timedelta(days=29))


def printed(*withdrawn: Withdrawn, url: str = "https://coast.example/") -> dict[str, str]:
    edition = coast.edition(1, withdrawn=withdrawn, publication=coast.publication(url=url))
    return {file.path: file.data.decode() for file in gone.render(edition)}


def test_canceled_pages_are_one_line_each_and_sorted():
    """What is only held back may come back, and has none."""
    lines = printed(CANCELED, WITHHELD, EARLIER)["gone.txt"]
    assert "/story/2026-02-01-anchor/ 410\n/story/2026-03-01-zebra/ 410\n" == lines


def test_paths_begin_at_the_root_of_the_host():
    """A publication that stands below a path has it in every line."""
    found = printed(CANCELED, url="https://example.org/news/coast/")
    assert "/news/coast/story/2026-03-01-zebra/ 410\n" == found["gone.txt"]
    assert "/news/coast/story/2026-03-01-zebra/" == msgspec.json.decode(found["gone.json"])["pages"][0]["path"]


def test_the_list_is_a_text_map_of_apache_and_with_semicolons_one_of_nginx():
    """Two words a line, neither with a space, quote, variable or regular expression in it."""
    for line in printed(CANCELED, EARLIER)["gone.txt"].splitlines():
        assert re.fullmatch(r"/[a-z0-9/_-]+ 410", line)


def test_states_and_times_are_told_and_nothing_else():
    """gone.json has what is held back, too; no title and no note is in either file."""
    found = printed(CANCELED, WITHHELD)
    assert [
        {"path": "/story/2026-03-01-held/", "state": "withheld", "at": "2026-03-02T10:00:00Z"},
        {"path": "/story/2026-03-01-zebra/", "state": "canceled", "at": "2026-03-02T12:00:00Z"},
    ] == msgspec.json.decode(found["gone.json"])["pages"]
    assert "harbour" not in "".join(found.values()).lower()


def test_where_nothing_was_withdrawn_both_are_empty_lists():
    """So that a server which includes one of them always finds it."""
    found = printed()
    assert ("", {"pages": []}) == (found["gone.txt"], msgspec.json.decode(found["gone.json"]))
