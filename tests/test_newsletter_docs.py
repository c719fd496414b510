"""docs/reference/newsletter.md says what the code does."""

from __future__ import annotations

from pathlib import Path

from broadsheet.letters import choosing, composing
from broadsheet.run import letterbox, mailing, subscribing

TEXT = " ".join(Path("docs/reference/newsletter.md").read_text().split())


def test_the_reference_has_the_numbers_of_the_code():
    """Bounds and waits that a reader of the page relies on."""
    said = (
        f"up to {choosing.ALSO} further ones",
        f"A headline has at most {choosing.TITLE} characters, an excerpt {choosing.EXCERPT}",
        f"below {composing.HTML:,} bytes and the message below {composing.MESSAGE:,}",
        f"wrapped at {composing.WIDTH} columns",
        f"after {mailing.FIRST_WAIT:.0f} and {mailing.FIRST_WAIT * 3:.0f} seconds",
        f"after {subscribing.A_MINUTE} wishes within a minute",
        f"A form has at most {subscribing.BODY // 1024} KiB",
        f".broadsheet/{mailing.KEY}",
        f".broadsheet/{letterbox.FILE}",
    )

    assert [] == [sentence for sentence in said if sentence not in TEXT]
    assert (3, 2, 0.75, 3, 3, 7, 3, 10, 10) == (
        choosing.TOP,
        choosing.TOP_MORE,
        choosing.NEAR,
        choosing.PER_TOPIC,
        choosing.LATE.days,
        letterbox.PATIENCE.days,
        subscribing.A_DAY,
        subscribing.AGAIN.seconds // 60,
        mailing.STREAK,
    )
