"""`llms.txt`: where programs that read for people find the whole of it as data. Source: llmstxt.org."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ... import text
from ...types import File, Publication
from .. import _stories
from .subscribe import on

_MARKS = re.compile(r"([\\`*_\[\]<>#|])")


def llms(publication: Publication) -> File:
    return File(path="llms.txt", data="\n".join([*_lines(publication), ""]).encode())


def _lines(publication: Publication) -> Iterator[str]:
    """A heading, a summary in a quotation, what to know, and lists of links under headings, as the form asks."""
    yield f"# {_plain(publication.title)}"
    yield f"\n> {_plain(publication.description) or 'News from many sources, grouped into stories and ranked.'}"
    yield (
        "\nEvery story is a group of articles that other publishers wrote, with links to the originals. Headlines and"
        " excerpts belong to their publishers: name them and link to them. Times are in UTC."
    )
    if "api" in publication.outputs:
        yield "\n## API\n"
        yield _link(publication, "Stories, newest first", "api/news/index.json", "JSON, pages linked by `nextPage`")
        yield _link(publication, "Archive", "api/news/archive/index.json", "JSON, everything since the first story")
        yield _link(publication, "Description", "api/openapi.json", "OpenAPI 3.1")
        yield from (
            _link(publication, f"Stories on {topic.name}", f"api/news/{topic.id}/index.json", "JSON")
            for topic in publication.topics
        )
    if feeds := on(publication):
        yield "\n## Feeds\n"
        yield from (_link(publication, name, file, "the newest stories") for _, file, name in feeds)
    if publication.topics:
        yield "\n## Topics\n"
        yield from (_link(publication, topic.name, _stories.topic_page(topic)) for topic in publication.topics)
    yield "\n## About\n"
    yield _link(publication, "How it is made", "about/", "scores, weights and sources as they are set")
    yield _link(publication, "Archive", "archive/", "every day as it stood")
    yield _link(publication, "Corrections", "corrections/", "what publishers changed and what was withdrawn")


def _link(publication: Publication, name: str, path: str, words: str = "") -> str:
    return f"- [{_plain(name)}]({_stories.absolute(publication, path)})" + (f": {words}" if words else "")


def _plain(said: str) -> str:
    """One line in which Markdown finds no marks."""
    return _MARKS.sub(r"\\\1", text.clean(said))
