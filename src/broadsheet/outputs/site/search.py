"""Search without a server: an index of what is printed, a script that reads it, and a page that says so without one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC
from importlib.resources import files
from itertools import groupby

import msgspec

from ... import text
from ...types import File, Publication, Story
from .. import _stories
from . import _view
from ._page import Shared, page

WHOLE = 5_000  # stories in one file of the index, some 700 kB of JSON
TITLE = 200  # characters of a title in the index
POLICY = "script-src 'self'; connect-src 'self'; form-action 'none'"  # this page alone runs a script


def search(publication: Publication, stories: Sequence[Story], shared: Shared) -> Iterator[File]:
    yield page(
        "search/index.html",
        "search.html",
        publication,
        shared,
        root="../",
        title=f"Search – {publication.title}",
        description=f"Find what {publication.title} printed.",
        tree=_view.tree(publication),
        policy=POLICY,
    )
    yield File(path="search/search.js", data=_script())
    yield from index(publication, stories)


def index(publication: Publication, stories: Sequence[Story], whole: int = WHOLE) -> Iterator[File]:
    """`index.json`: `{"topics": {id: name}, "stories": [...]}`, newest first, one array a story: its title, provider,
    day (`2026-03-02`), page below the site and ids of topics.

    Beyond `whole` stories it has `"parts": ["2026.json", ...]` in the place of stories, newest first, each an array of
    them: a year, or a month of a year that has more than that itself.
    """
    topics = {topic.name: topic.id for topic in publication.topics}
    named: dict[str, object] = {"topics": {topic.id: text.clean(topic.name) for topic in publication.topics}}
    lines = [_line(story, topics) for story in _stories.newest_first(stories)]
    if len(lines) <= whole:
        yield _json("index.json", named | {"stories": lines})
        return
    parts = {f"{part}.json": found for part, found in _parts(lines, whole)}
    yield _json("index.json", named | {"parts": list(parts)})
    for name, found in parts.items():
        yield _json(name, found)


Line = tuple[str, str, str, str, list[str]]  # title, provider, day, page, topics


def _line(story: Story, topics: dict[str, str]) -> Line:
    lead = story.lead
    return (
        text.excerpt(lead.title, TITLE),
        _stories.provider_name(lead),
        f"{lead.published.astimezone(UTC):%Y-%m-%d}",
        _stories.story_page(story),
        [topics[name] for name in dict.fromkeys(lead.topics) if name in topics],
    )


def _parts(lines: Sequence[Line], whole: int) -> Iterator[tuple[str, list[Line]]]:
    for year, in_year in groupby(lines, key=lambda line: line[2][:4]):
        found = list(in_year)
        if len(found) <= whole:
            yield year, found
        else:
            yield from ((month, list(group)) for month, group in groupby(found, key=lambda line: line[2][:7]))


def _json(name: str, value: object) -> File:
    return File(path=f"search/{name}", data=msgspec.json.encode(value) + b"\n")


def _script() -> bytes:
    return files(__package__).joinpath("search.js").read_bytes()
