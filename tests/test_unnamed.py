"""What is not printed is named nowhere: no output but the records says a word of a story below the gate, held or killed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from msgspec.structs import replace

from broadsheet import plugins
from broadsheet.gate import latest
from broadsheet.letters import choosing
from broadsheet.run.printing import Facts, edition_of
from broadsheet.stories import story_id
from broadsheet.types import Article, Change, Decision, Edition, Issue, Membership, Placed, Publication

from .build import NOW, article, provider, publication, topic

# Two that are printed as one story, two that an editor takes back, one that never was, one that is killed in the first.
FATES = ("printed", "joined", "helma", "kilma", "colma", "losma")
TOLD_OF_GONE = ("atom", "gone", "ninjs")  # outputs that say which pages are no more


def one(fate: str, **changes) -> Article:
    """An article whose every word is its own."""
    address = f"https://{fate}paper.example/{fate}-path"
    facts = {
        "url": address, "original_url": f"{address}?from={fate}feed", "web_url": address, "title": f"{fate}title opens",
        "excerpt": f"{fate}excerpt says more.", "authors": (f"{fate}author",), "quality": 80,
        "provider": provider(f"{fate}paper.example", name=f"{fate}name"), "topics": ("Ferries",),
        "amp_url": f"{address}/amp", "changes": (Change(field="title", old=f"{fate}was", new=f"{fate}title opens", at=NOW),),
    }  # fmt: skip
    return article(1, **facts | changes)


def placed(held: Article, name: str, story: str) -> Placed:
    return Placed(url=held.url, name=f"2026-03-02-{name}page.md", membership=Membership(url=held.url, story=story))


def issued(outputs: tuple[str, ...], *, decided: bool, now=NOW, **before) -> Edition:
    """The edition of one article of every fate; decided: editors have held and killed theirs."""
    articles = {fate: one(fate, quality={"colma": 20, "printed": 90}.get(fate, 80)) for fate in FATES}
    home = story_id(articles["printed"].url)
    stories = {fate: story_id(held.url) for fate, held in articles.items()} | {"joined": home, "losma": home}
    acts = [
        Decision(kind=kind, target=articles[fate].url, by="ida", at=NOW + timedelta(hours=1), note="at their wish")
        for kind, fate in (("hold", "helma"), ("kill", "kilma"), ("kill", "losma"))
    ]
    decisions = tuple(acts) if decided else ()
    facts = Facts(
        articles=tuple(articles.values()),
        placed={held.url: placed(held, fate, stories[fate]) for fate, held in articles.items()},
        imports={},
        in_force=latest(decisions),
        decisions=decisions,
        **before,
    )
    return edition_of(settings(outputs), facts, now)


def settings(outputs: tuple[str, ...]) -> Publication:
    return publication(topics=(topic(), topic("Harbours", parent="Ferries")), outputs=outputs, publish_at=70)


def printed(edition: Edition, *names: str) -> Iterator[tuple[str, bytes]]:
    """Path and bytes of every file of these outputs, of all where none is named."""
    for name in names or edition.publication.outputs:
        for file in plugins.find("outputs", name).render(edition):
            yield file.path, file.data


@pytest.mark.parametrize("output", [name for name in plugins.names("outputs") if name != "records"])
def test_no_output_but_the_records_names_what_is_not_printed(output):
    """Neither what never was, nor what was printed before and an editor took back. What a page's address says may stand
    where it is told that this page is gone, and nowhere else."""
    outputs = plugins.names("outputs")
    before = issued(outputs, decided=False)
    later = issued(
        outputs, decided=True, now=NOW + timedelta(hours=2), printings=before.printings, fronts=before.fronts,
        closing=before.fronts,
    )  # fmt: skip
    later = replace(later, issues=(_issue(before),))  # an issue that went out when all of them were printed
    assert [one("printed").url] == [story.lead.url for story in later.stories]

    for path, data in printed(later, output):
        told = data.decode()
        for fate in ("colma", "helma", "kilma", "losma"):
            if output in TOLD_OF_GONE:
                told = told.replace(f"2026-03-02-{fate}page", "")
            assert fate not in told, f"{path} names what is {fate}"


def _issue(edition: Edition) -> Issue:
    issue = choosing.choose(edition, ())
    assert issue is not None and {"kilmatitle opens", "helmatitle opens"} <= {piece.title for piece in issue.pieces}
    return issue


def test_what_is_printed_is_named():
    """The guard above looks for words that outputs do print."""
    outputs = ("api", "atom", "jsonfeed", "rss", "site")
    said = b"".join(data for _, data in printed(issued(outputs, decided=False)))
    for word in (b"printedtitle", b"printedexcerpt", b"printedpaper", b"kilmatitle", b"helmatitle"):
        assert word in said
    assert b"colmatitle" not in said
