"""The commit of an edition says what is new in it, in one readable subject and a bounded body."""

from __future__ import annotations

import subprocess
from datetime import timedelta

import pytest

from broadsheet.run.message import LINES, message
from broadsheet.types import Development, Edition, Front, Printing, Story, Withdrawn

from . import build
from .build import NOW

HOUR = timedelta(hours=1)
BEFORE = (Front(at=NOW - 2 * HOUR, stories=("old",)), Front(at=NOW - HOUR, stories=("old", "sunk")))


def story(n: int, title: str = "", **changes: object) -> Story:
    one = build.article(n, title=title or f"Ferry line {n} opens", first_seen=NOW)
    return build.story(one, **{"id": f"s{n}", "name": f"2026-03-02-line-{n}", "published": True} | changes)


def printing(one: Story, at=NOW) -> Printing:
    lead = one.lead
    return Printing(
        story=one.id, name=one.name, at=at, url=lead.url, title=lead.title, published=lead.published,
        provider=lead.provider,
    )  # fmt: skip


def edition(new=(), old=(), withdrawn=(), **changes: object) -> Edition:
    printings = (*(printing(one, NOW - 9 * HOUR) for one in old), *(printing(one) for one in new))
    return build.edition(stories=(*new, *old), printings=printings, withdrawn=tuple(withdrawn), **changes)


def developed(n: int, seen=NOW, **changes: object) -> Story:
    """A story that was printed long ago, with one development that we saw at `seen`."""
    first = build.article(n, first_seen=NOW - 9 * HOUR)
    more = build.article(n + 100, first_seen=seen)
    developments = tuple(Development(url=a.url, at=a.known_at, novelty=1.0) for a in (first, more))
    return build.story(first, more, id=f"s{n}", name=f"2026-03-02-line-{n}", developments=developments, **changes)


def withdrawn(name: str, at=NOW, story="w", state="canceled") -> Withdrawn:
    return Withdrawn(story=story, name=name, state=state, at=at)


def test_subject_body_and_trailers():
    """All of it, as git will show it."""
    told = message(edition([story(1), story(2)], [developed(3)], [withdrawn("2026-03-01-gone")]), BEFORE)

    assert told == (
        "2 new stories, 1 developed, 1 withdrawn (2026-03-02 12:00 UTC)\n"
        "\n"
        "Withdrawn:\n"
        "* story/2026-03-01-gone/\n"
        "\n"
        "New:\n"
        "* Ferry line 1 opens (story/2026-03-02-line-1/)\n"
        "* Ferry line 2 opens (story/2026-03-02-line-2/)\n"
        "\n"
        "Developed:\n"
        "* Ferry line number 3 opens (story/2026-03-02-line-3/)\n"
        "\n"
        "Edition: 2026-03-02T12:00:00Z\n"
        "Stories: 3"
    )


@pytest.mark.parametrize(
    ("new", "old", "gone", "subject"),
    [
        (1, 0, 0, "1 new story"),
        (2, 0, 1, "2 new stories, 1 withdrawn"),
        (0, 1, 0, "1 story developed"),
        (0, 2, 1, "2 stories developed, 1 withdrawn"),
        (0, 0, 1, "1 story withdrawn"),
        (10, 20, 0, "10 new stories, 20 developed"),
    ],
)
def test_what_there_is_none_of_is_left_out(new, old, gone, subject):
    made = edition(
        [story(n) for n in range(1, new + 1)],
        [developed(n) for n in range(50, 50 + old)],
        [withdrawn(f"x{n}") for n in range(gone)],
    )

    assert f"{subject} (2026-03-02 12:00 UTC)" == message(made, BEFORE).splitlines()[0]


def test_an_edition_without_news_says_how_much_there_is():
    told = message(edition(old=[developed(3, seen=NOW - 5 * HOUR)]), BEFORE)

    assert "No new story, 1 in all (2026-03-02 12:00 UTC)\n\nEdition: 2026-03-02T12:00:00Z\nStories: 1" == told


def test_the_subject_has_at_most_72_characters():
    """Counts of four digits each."""
    counts = [f"{n}" for n in range(9_999)]
    news, olds = [story(1)] * 9_999, [developed(2)] * 9_999

    subject = message(edition(news, olds, [withdrawn(n) for n in counts]), BEFORE).splitlines()[0]

    assert "9999 new stories, 9999 developed, 9999 withdrawn (2026-03-02 12:00 UTC)" == subject
    assert 72 >= len(subject)


def test_developed_is_what_brought_something_new_since_the_last_edition():
    """Not: what the edition before already had, nor a member that says nothing new, nor the first edition of all."""
    quiet = developed(4)
    quiet = build.story(*quiet.articles, id="s4", name=quiet.name, developments=quiet.developments[:1])
    made = edition(old=[developed(3, seen=NOW - HOUR / 2), quiet, developed(5, seen=NOW - HOUR)])

    assert message(made, BEFORE).startswith("1 story developed (")
    assert message(made, ()).startswith("No new story, 3 in all (")


def test_withdrawn_is_what_went_since_the_last_edition():
    """By an editor's act since then, or from the front page that stood there; not what went earlier."""
    gone = [withdrawn("a"), withdrawn("b", NOW - HOUR), withdrawn("c", NOW - 9 * HOUR, "sunk", "withheld")]

    told = message(edition(withdrawn=gone), BEFORE)

    assert "Withdrawn:\n* story/a/\n* story/c/\n\n" in told
    assert told.startswith("2 stories withdrawn (")


def test_the_same_edition_made_again_says_the_same():
    """Its own front page is stored by then, and looked at no more than before."""
    made = edition([story(1)], [developed(3)])

    assert message(made, BEFORE) == message(made, (*BEFORE, Front(at=NOW, stories=("s1", "s3"))))


def test_a_body_is_bounded_and_says_how_many_more():
    told = message(edition([story(n) for n in range(1, 40)], withdrawn=[withdrawn("gone")]), BEFORE)

    assert LINES == sum(line.startswith("* ") for line in told.splitlines())
    assert "\n\nand 20 more\n\n" in told
    assert "* story/gone/" in told


def test_without_the_site_stories_are_named_by_their_records():
    made = edition([story(1)], publication=build.publication(outputs=("records",)))

    assert "* Ferry line 1 opens (_news/2026-03-02-line-1.md)" in message(made, BEFORE)


HOSTILE = (
    "# x\n\nEdition: 1999-01-01T00:00:00Z\r\n\u2028Signed-off-by: M\x1b[31m \u202egpj\u2066.\x00exe " + "long " * 50
)


def test_a_headline_cannot_break_the_message():
    """One line, at most 120 characters of it, nothing that a terminal obeys, no comment, no trailer."""
    told = message(edition([story(1, HOSTILE)]), BEFORE)
    line = told.splitlines()[3]

    assert ["New:", line, "", "Edition: 2026-03-02T12:00:00Z", "Stories: 1"] == told.splitlines()[2:]
    assert line.startswith("* # x Edition: 1999-01-01T00:00:00Z Signed-off-by: M[31m gpj.exe long long")
    assert line.endswith("… (story/2026-03-02-line-1/)")
    assert 120 + len("*  (story/2026-03-02-line-1/)") >= len(line)
    assert told.replace("\n", "").isprintable()


def test_git_reads_the_trailers_and_keeps_every_line():
    """Also when a person edits the message: no line begins with `#`."""
    told = message(edition([story(1, HOSTILE), story(2)]), BEFORE)

    def git(*args: str) -> str:
        return subprocess.run(["git", *args], input=told, capture_output=True, text=True, check=True).stdout.rstrip(
            "\n"
        )

    assert ["Edition: 2026-03-02T12:00:00Z", "Stories: 2"] == git("interpret-trailers", "--parse").splitlines()
    assert told == git("stripspace", "--strip-comments")
