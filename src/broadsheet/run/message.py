"""Say in an edition's commit what is new in it: its subject, its stories, and trailers for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from .. import text
from ..types import Edition, Front, Story

LINES = 20  # stories that are listed, in all
TITLE = 120  # characters of a headline


def message(edition: Edition, fronts: Sequence[Front]) -> str:
    """Subject (at most 72 characters, below 10,000 of a kind) and body of the commit that keeps `edition`. Pure.

    fronts: of earlier editions, oldest first: the last of them tells when the edition before this one was. A story is
    new where this edition is the first to print it, developed where a member that says something new was first seen
    since the edition before, withdrawn where an editor took it back since then or the front page before still had it.
    What was withdrawn is named by its page alone. Trailers as `git interpret-trailers` reads them: `Edition`, the
    edition's clock in UTC, and `Stories`, how many it prints.
    """
    before = max((front.at for front in fronts if front.at < edition.now), default=None)
    first = {printing.story for printing in edition.printings if printing.at == edition.now}
    new = [story for story in edition.stories if story.id in first]
    developed = [story for story in edition.stories if story.id not in first and _developed(story, before)]
    withdrawn = list(_withdrawn(edition, fronts, before))
    listed = [
        *(("Withdrawn", f"* {_page(edition, name)}") for name in withdrawn),
        *(("New", f"* {_title(story)} ({_page(edition, story.name)})") for story in new),
        *(("Developed", f"* {_title(story)} ({_page(edition, story.name)})") for story in developed),
    ]
    subject = f"{_counts(edition, len(new), len(developed), len(withdrawn))} ({edition.now:%Y-%m-%d %H:%M} UTC)"
    at = edition.now.astimezone(UTC)
    trailers = f"Edition: {at:%Y-%m-%dT%H:%M:%SZ}\nStories: {len(edition.stories)}"
    return "\n\n".join((subject, *_body(listed), trailers))


def _counts(edition: Edition, new: int, developed: int, withdrawn: int) -> str:
    """`3 new stories, 5 developed, 1 withdrawn`; what there is none of is left out."""
    if not new + developed + withdrawn:
        return f"No new story, {len(edition.stories)} in all"
    first = new or developed or withdrawn
    noun = "story" if first == 1 else "stories"
    counts = [f"{new} new", f"{developed} developed", f"{withdrawn} withdrawn"]
    told = [count for count in counts if not count.startswith("0 ")]
    number, what = told[0].split(" ")
    told[0] = f"{number} new {noun}" if new else f"{number} {noun} {what}"
    return ", ".join(told)


def _body(listed: Sequence[tuple[str, str]]) -> Iterator[str]:
    """A paragraph for each kind, with the first LINES stories of all."""
    shown = listed[:LINES]
    for kind in dict.fromkeys(kind for kind, _ in shown):
        yield "\n".join((f"{kind}:", *(line for one, line in shown if one == kind)))
    if len(listed) > LINES:
        yield f"and {len(listed) - LINES} more"


def _developed(story: Story, before: datetime | None) -> bool:
    seen = {article.url: article.first_seen for article in story.articles}
    return before is not None and any(seen[one.url] > before for one in story.developments)


def _withdrawn(edition: Edition, fronts: Sequence[Front], before: datetime | None) -> Iterator[str]:
    """Names of pages."""
    last = next((front.stories for front in reversed(fronts) if front.at == before), ())
    for one in edition.withdrawn:
        if one.story in last or (before is not None and one.at > before):
            yield one.name


def _page(edition: Edition, name: str) -> str:
    """Where it stands below the site. name: of a story's page."""
    return f"story/{name}/" if "site" in edition.publication.outputs else f"_news/{name}.md"


def _title(story: Story) -> str:
    """One line that is safe to show in a terminal; every line of the body begins with `*`, so none is a comment."""
    title = text.clean(story.lead.title)
    return title if len(title) <= TITLE else f"{title[: TITLE - 1].rstrip()}…"
