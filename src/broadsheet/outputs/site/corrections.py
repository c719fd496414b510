"""What was corrected: headlines and times that publishers changed, and stories that the editors withdrew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from ... import text
from ...types import Article, Change, File, Publication, Story, Withdrawn
from .. import _stories
from . import _view
from ._page import Shared, page

MOST = 100  # changes, and withdrawn stories
LONGEST = 300  # characters of a value
NAMES = {"title": "headline", "excerpt": "summary", "published": "time of publication"}  # field -> in words


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """One change of an article in a printed story. page: path of the story's page."""

    article: Article
    page: str
    field: str  # in words
    old: str
    new: str
    at: datetime  # when we saw it
    is_text: bool  # in the language of the article


def corrections(
    publication: Publication, stories: Sequence[Story], withdrawn: Sequence[Withdrawn], shared: Shared
) -> File:
    """Both lists newest first. What is withdrawn is a day and the editor's note: no title, no link to what is gone."""
    gone = sorted(
        (one for one in withdrawn if one.state == "canceled"), key=lambda one: (one.at, one.name), reverse=True
    )
    return page(
        "corrections/index.html",
        "corrections.html",
        publication,
        shared,
        root="../",
        title=f"Corrections – {publication.title}",
        description=f"What changed in the reports that {publication.title} prints, and what was withdrawn.",
        changed=sorted(_changes(stories), key=lambda one: (-one.at.timestamp(), one.page, one.article.url))[:MOST],
        gone=gone[:MOST],
        ask=contact(publication),
    )


def _changes(stories: Sequence[Story]) -> Iterator[Correction]:
    for story in stories:
        for article in story.articles:
            for change in reversed(article.changes):
                yield Correction(
                    article=article,
                    page=_stories.story_page(story),
                    field=NAMES.get(change.field, change.field.replace("_", " ")),
                    old=_value(change, change.old),
                    new=_value(change, change.new),
                    at=change.at,
                    is_text=change.field in ("title", "excerpt"),
                )


def _value(change: Change, value: str) -> str:
    """As it is shown; a moment like all others here."""
    if change.field == "published":
        try:
            return _view.moment(datetime.fromisoformat(value))
        except ValueError:
            pass
    return text.excerpt(value, LONGEST)


def contact(publication: Publication) -> tuple[str, str]:
    """Words and address of a link to the editors; the address is empty where `contact` is neither mail nor URL."""
    words = text.clean(publication.contact)
    if words.startswith(("https://", "http://", "mailto:")):
        return words.removeprefix("mailto:"), words
    plain = "@" in words and not any(char in words for char in ' <>"?&')
    return words, f"mailto:{words}" if plain else ""
