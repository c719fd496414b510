"""`evaluate`: a publication is scored by its own editor's acts, and the locked half stays locked."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from broadsheet.cli import run
from broadsheet.errors import UsageError
from broadsheet.evaluation.scores import is_locked
from broadsheet.run import opened
from broadsheet.run.evaluating import LOOKS, evaluate
from broadsheet.run.judging import judge
from broadsheet.stories import story_id
from broadsheet.types import Decision, Membership, Placed

from . import web as small_web
from .build import NOW, article, provider

LATE = NOW + timedelta(days=1)
WORDS = "ferry sails winter harbour island storm pilot quay berth crossing"


@pytest.fixture
def folder(tmp_path) -> Path:
    """160 stories of two articles each, of which every second one is long, and an editor who likes long ones: he
    published those and removed the others, but for every tenth, where he erred. Every eighth pair he took apart."""
    made = small_web.publication(tmp_path / "p")
    articles, places, acts = [], [], []
    with opened(made) as (publication, store):
        for n in range(160):
            opener = ""
            for half in (0, 1):
                domain = f"p{half}.example"
                url = f"https://{domain}/{n}"
                opener = opener or url
                held = article(
                    n, url=url, original_url=url, web_url=url, provider=provider(domain), title=f"The ferry number {n} of {domain}",
                    text=f"{WORDS}. " * (60 if n % 2 else 5), words=600 if n % 2 else 50,
                    published=NOW - timedelta(hours=n % 40), first_seen=NOW,
                )  # fmt: skip
                articles.append(judge(publication, held))
                membership = Membership(url=url, story=story_id(opener))
                places.append(Placed(url=url, name=f"2026-03-02-{n}-{half}.md", membership=membership))
            liked = (n % 2 == 1) != (n % 10 == 0)
            acts.append(Decision(kind="publish" if liked else "hold", target=opener, by="ines", at=LATE))
            if n % 8 == 1:
                acts.append(Decision(kind="split", target=url, by="ines", at=LATE))
        store.put_articles(articles, [])
        store.put_curation((), places)
        store.put_decisions(acts)
    return made


def over(tmp_path: Path, toml: str) -> Path:
    file = tmp_path / "try.toml"
    file.write_text(toml)
    return file


def test_the_gate_is_scored_by_what_was_published_and_what_was_not(folder):
    """Nine of ten acts follow length, so heat tells most of them; the best gate lies between short and long."""
    found = evaluate(folder, LATE)

    assert "" == found.gate.note and found.gate.stories > 60
    assert found.gate.stories == sum(found.gate.labels.values())
    figures = found.gate.figures
    assert 0.8 < figures["area"].value < 1.0
    assert figures["precisionAtBest"].value > figures["precision"].value
    assert 40 < figures["bestPublishAt"].value
    for figure in figures.values():
        assert figure.low <= figure.value <= figure.high


def test_grouping_is_scored_by_splits_and_by_what_was_published_whole(folder):
    """Every eighth story was taken apart: pairs are right but for those; nothing that belongs together was missed."""
    found = evaluate(folder, LATE).grouping

    assert found.labels["merged or split"] > 5 and found.labels["published as they were"] > 5
    assert 0.3 < found.figures["pairPrecision"].value < 1.0
    assert 1.0 == found.figures["pairRecall"].value == found.figures["bCubedRecall"].value


def test_the_two_halves_are_all_that_was_decided_and_share_no_story(folder):
    open_half, locked = evaluate(folder, LATE), evaluate(folder, LATE, locked=True)

    assert 160 == open_half.gate.stories + locked.gate.stories
    expected = sum(not is_locked(story_id(f"https://p0.example/{n}")) for n in range(160))
    assert expected == open_half.gate.stories


def test_a_look_at_the_locked_half_is_noted_and_shown_ever_after(folder, capsys):
    """No look at the open half is."""
    assert () == evaluate(folder, LATE).looks
    evaluate(folder, LATE, locked=True)
    evaluate(folder, LATE + timedelta(days=2), locked=True)

    assert (LATE, LATE + timedelta(days=2)) == evaluate(folder, LATE + timedelta(days=3)).looks
    assert 0 == run(["evaluate", "-C", str(folder), "--now", LATE.isoformat()])
    assert "The locked half was looked at 2 times, last on 2026-03-05 12:00 UTC." in capsys.readouterr().out


def test_settings_are_never_compared_on_the_locked_half(folder, tmp_path, capsys):
    file = over(tmp_path, "publish_at = 60")
    capsys.readouterr()

    assert 2 == run(["evaluate", "-C", str(folder), "--locked", "--what-if", str(file)])
    assert 1 == len(capsys.readouterr().err.splitlines())
    assert not (folder / LOOKS).exists()


def test_other_settings_are_shown_beside_the_present_ones(folder, tmp_path):
    """A gate that lets only long ones through is more precise; without length in quality heat tells nothing."""
    best = round(evaluate(folder, LATE).gate.figures["bestPublishAt"].value)

    found = evaluate(folder, LATE, over=over(tmp_path, f"publish_at = {best}"))
    blind = evaluate(folder, LATE, over=over(tmp_path, "[quality]\nfocus = 1\n"))

    assert found.gate == evaluate(folder, LATE).gate
    assert found.after_gate.figures["precision"] == found.gate.figures["precisionAtBest"]
    assert blind.after_gate.figures["area"].value < 0.6 < blind.gate.figures["area"].value


def test_topics_are_scored_by_refusals_and_publications(folder, tmp_path):
    """Refused as off-topic, an article counts against its topic; keywords that would lose the published ones cost
    recall."""
    with opened(folder) as (_, store):
        store.put_decisions(
            Decision(kind="hold", target=f"https://p1.example/{n}", by="ines", at=LATE, note="off-topic")
            for n in range(20)
        )
    narrow = over(tmp_path, '[topics.Ferries]\nkeywords = ["submarine"]')

    found = evaluate(folder, LATE, over=narrow, topic="Ferries")

    assert found.topics.labels["refused"] > 5 and 0.6 < found.topics.figures["precision"].value < 0.9
    assert 1.0 == found.topics.figures["recall"].value
    assert 0.0 == found.after_topics.figures["recall"].value
    assert ["Ferries"] == [one.name for one in found.by_topic]


def test_too_few_decisions_are_said_plainly_and_give_no_figure(tmp_path, capsys):
    """A publication whose editor hardly ever decided gets words, not numbers."""
    made = small_web.publication(tmp_path / "p")
    with opened(made):
        pass

    assert 0 == run(["evaluate", "-C", str(made), "--now", LATE.isoformat()])
    shown = capsys.readouterr().out

    assert "too few decisions for a figure: 0 of the 20 stories that are needed" in shown
    assert "precision" not in shown


def test_what_is_decided_later_does_not_count(folder):
    assert 0 == evaluate(folder, NOW).gate.stories


def test_the_same_facts_give_the_same_figures(folder, capsys):
    args = ["evaluate", "-C", str(folder), "--now", LATE.isoformat(), "--json"]
    assert 0 == run(args)
    first = capsys.readouterr().out
    assert 0 == run(args)

    assert first == capsys.readouterr().out
    assert {"half", "grouping", "gate", "topics", "byTopic", "looks", "publishAt"} <= set(json.loads(first))


def test_an_unknown_topic_is_refused(folder):
    with pytest.raises(UsageError, match="no such topic: Boats"):
        evaluate(folder, LATE, topic="Boats")


def test_the_figures_read_as_they_are(folder, tmp_path, capsys):
    """Numbers with their intervals, the present beside the supposed."""
    file = over(tmp_path, "publish_at = 66")
    capsys.readouterr()

    assert 0 == run(["evaluate", "-C", str(folder), "--now", LATE.isoformat(), "--what-if", str(file)])
    shown = capsys.readouterr().out

    assert "The open half, as of 2026-03-03 12:00 UTC" in shown
    assert "Gate, publish_at 40 -> 66" in shown and "  ->  " in shown
    assert "Nobody has looked at the locked half." in shown
