"""topics test: what a change of keywords would do, from the stored articles, with nothing written."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from broadsheet.cli import run
from broadsheet.run.judging import judge
from broadsheet.run.publication import opened
from broadsheet.tag import tag, trial
from broadsheet.tag.trial import Dead, Doubtful, Pair, Volume
from broadsheet.types import Decision, Rule, Topic
from tests import build

OLD = (
    Topic(id="coast", name="Coast"),
    Topic(id="ferries", name="Ferries", parent="Coast", keywords=("ferry", "barge")),
)
NEW = (OLD[0], Topic(id="ferries", name="Ferries", parent="Coast", keywords=("hovercraft", "ferry")))
TITLES = ("A ferry sails", "A ferry sinks", "Hovercraft for hire", "Barge for sale", "Gannets return")


def _trial(new=NEW, decisions=(), days=10, only=""):
    articles = [build.article(24 * n, title=title, first_seen=build.NOW) for n, title in enumerate(TITLES)]
    before = [tag(article, OLD) for article in articles]
    pairs = [Pair(article, tag(article, new)) for article in before]
    return trial.summary(pairs, OLD, new, {d.target: d for d in decisions}, build.NOW, days, only)


def test_gains_and_losses_come_with_their_evidence():
    """Who gains the topic shows the words that give it; who loses it shows the words that gave it."""
    found = _trial(only="Ferries")

    assert [("Hovercraft for hire", "[Hovercraft] for hire")] == [
        (move.title, move.evidence[0].passage) for move in found.gains
    ]
    assert [("Barge for sale", "barge", "[Barge] for sale")] == [
        (move.title, move.evidence[0].keyword, move.evidence[0].passage) for move in found.losses
    ]


def test_volumes_are_a_day_of_the_days_that_there_are():
    """Over four days and not ten, since the oldest article is four days old."""
    assert (Volume("Coast", 0.75, 0.75), Volume("Ferries", 0.75, 0.75)) == _trial().volumes
    assert (Volume("Ferries", 0.67, 1.0),) == _trial(days=3, only="Ferries").volumes


def test_dead_keywords_are_those_without_an_article_in_those_days():
    """Never had one, or had its last before them."""
    new = (OLD[0], Topic(id="ferries", name="Ferries", parent="Coast", keywords=("ferry", "barge", "punt")))
    found = _trial(new, days=2)

    assert (Dead("Ferries", "barge", build.NOW - timedelta(hours=72)), Dead("Ferries", "punt")) == found.dead


def test_doubtful_keywords_are_refused_by_context_or_by_an_editor():
    """Each with the number of articles; a keyword that is always taken is none."""
    rule = Rule(keyword="barge", requires=("river",))
    new = (OLD[0], Topic(id="ferries", name="Ferries", parent="Coast", keywords=("ferry", "barge"), rules=(rule,)))
    killed = Decision(kind="kill", target="https://harbour.example/news/24", by="ed", at=build.NOW)

    assert (Doubtful("Ferries", "barge", 0, 1, 0), Doubtful("Ferries", "ferry", 2, 0, 1)) == _trial(
        new, [killed]
    ).doubtful


# --- the command -----------------------------------------------------------------------------------------------------


@pytest.fixture
def coast(tmp_path) -> Path:
    """A publication with five articles."""
    (tmp_path / "topics").mkdir()
    (tmp_path / "broadsheet.toml").write_text('title = "Coast"\nurl = "https://coast.example/"\n', "utf-8")
    (tmp_path / "topics/00-coast.yaml").write_text("_id: coast\nname: Coast\n", "utf-8")
    (tmp_path / "topics/10-ferries.yaml").write_text(
        "_id: ferries\nname: Ferries\nparent: Coast\nmediaTopic: medtop:04000000\nkeywords:\n  - ferry\n  - barge\n",
        "utf-8",
    )
    with opened(tmp_path) as (publication, store):
        articles = [build.article(24 * n + 1, title=title) for n, title in enumerate(TITLES)]
        store.put_articles([judge(publication, article) for article in articles], ())
    return tmp_path


def asked(capsys, folder: Path, *args: str) -> dict:
    capsys.readouterr()
    assert 0 == run(["topics", "test", "-C", str(folder), "--now", "2026-03-02T12:00Z", "--json", *args])
    return json.loads(capsys.readouterr().out)


def test_the_command_shows_a_change_and_writes_nothing(coast, capsys):
    """One keyword more and one less: who would gain and lose; the stored articles and the files stay."""
    before = {file: file.read_bytes() for file in sorted(coast.rglob("*.yaml"))}

    found = asked(capsys, coast, "--topic", "Ferries", "--add", "hovercraft", "--drop", "barge")

    assert (["Hovercraft for hire"], ["Barge for sale"]) == tuple(
        [m["title"] for m in found[k]] for k in ("gains", "losses")
    )
    assert before == {file: file.read_bytes() for file in sorted(coast.rglob("*.yaml"))}
    assert {"articles": 5, "days": 28} | found == asked(
        capsys, coast, "--topic", "ferries", "--add", "hovercraft", "--drop", "barge"
    )


@pytest.mark.parametrize(
    "content",
    [
        "_id: ferries\nname: Ferries\nparent: Coast\nkeywords:\n  - ferry\n  - phrase: hovercraft\n",
        "- ferry\n- hovercraft\n",
        "ferry\nhovercraft\n",
    ],
)
def test_keywords_come_from_a_topic_file_a_list_or_lines(coast, capsys, tmp_path, content):
    """The three forms that an editor has at hand give the same."""
    (tmp_path / "new.txt").write_text(content, "utf-8")

    found = asked(capsys, coast, "--topic", "Ferries", "--keywords", str(tmp_path / "new.txt"))

    assert ["Hovercraft for hire"] == [move["title"] for move in found["gains"]]


def test_a_file_of_a_new_topic_shows_what_it_would_hold(coast, capsys, tmp_path):
    """A topic that is not in the tree yet: all its articles are gains."""
    (tmp_path / "birds.yaml").write_text("_id: birds\nname: Birds\nparent: Coast\nkeywords: [gannet]\n", "utf-8")

    found = asked(capsys, coast, "--keywords", str(tmp_path / "birds.yaml"))

    assert [("Birds", "Gannets return")] == [(move["topic"], move["title"]) for move in found["gains"]]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--topic", "Ferrys"], "did you mean Ferries?"),
        (["--add", "punt"], "--topic NAME"),
        (["--topic", "Ferries", "--drop", "barges"], "did you mean barge?"),
        (["--topic", "Ferries", "--keywords", "nowhere.yaml"], "nowhere.yaml"),
        (["--days", "0"], "days"),
    ],
)
def test_wrong_use_is_one_line(coast, capsys, args, words):
    capsys.readouterr()

    assert 2 == run(["topics", "test", "-C", str(coast), *args])
    assert words in capsys.readouterr().err


def test_on_a_screen_it_reads_like_a_report(coast, capsys):
    """Headings, evidence in brackets, and the listing of the tree with its media topics."""
    capsys.readouterr()
    assert 0 == run(
        ["topics", "test", "-C", str(coast), "--now", "2026-03-02T12:00Z", "--topic", "Ferries", "--add", "gannet"]
    )
    shown = capsys.readouterr().out
    assert 0 == run(["topics", "list", "-C", str(coast), "--now", "2026-03-02T12:00Z"])
    listed = capsys.readouterr().out

    assert "1 would gain a topic" in shown
    assert "“gannet” in the title: [Gannets] return" in shown
    assert "medtop:04000000" in listed
