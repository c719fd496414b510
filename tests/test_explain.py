"""Every field of every printed record has a source that `why` can name."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

from broadsheet import explain, record
from broadsheet.cli import run
from broadsheet.cli.explaining import show_explanation, show_field
from broadsheet.errors import UsageError
from broadsheet.run import opened, printing
from broadsheet.stories import Arrival, trace
from broadsheet.types import Change, Claim, Decision, Hit, Membership, Part, Placed, Regrouping

from .build import NOW, article, publication, story

# Keys of a record that say what something else said of the article. The others are worked out, and explained as points.
SAID = {
    "title": "title", "excerpt": "excerpt", "published_at": "published", "original_url": "url", "web_url": "url", "amp_url": "amp_url",
    "type": "type", "featured_content": "featured_content", "provider": "provider", "images": "images",
}  # fmt: skip


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "demo"
    assert 0 == run(["demo", str(folder), "--json"])
    return folder


def test_every_field_of_every_record_of_the_demo_has_its_source(demo, capsys):
    files = sorted((demo / "site" / "_news").glob("*.md"))
    assert len(files) > 60
    for file in files[::4]:
        printed, _ = record.parse(file.read_bytes())
        capsys.readouterr()
        assert 0 == run(["why", "-C", str(demo), file.name, "--json"])
        fields = json.loads(capsys.readouterr().out)["fields"]

        missing = {key for key, field in SAID.items() if getattr(printed, key, None) and not fields.get(field)}
        assert not missing, f"{file.name}: nothing says where {missing} come from"


@pytest.fixture(scope="module")
def told(demo) -> dict[str, explain.Explanation]:
    """What is to be said of every article with a record, by the record's name."""
    with opened(demo, lock=False) as (settings, store):
        at = store.runs(1)[0].started_at
        facts = printing.facts_of(store, at)
        stories = {a.url: s for s in printing.stories_of(settings, facts, at) for a in s.articles}
        return {
            facts.placed[a.url].name: explain.explain(a, facts.placed[a.url], stories.get(a.url), (), (), (), settings)
            for a in facts.articles
            if a.url in facts.placed and facts.placed[a.url].name
        }


def test_every_number_of_every_record_of_the_demo_adds_up(demo, told):
    """Quality, heat, rank and claim are the sums of their reasons, and the record's numbers are these."""
    files = sorted((demo / "site" / "_news").glob("*.md"))
    assert len(files) > 60
    for file in files:
        printed, _ = record.parse(file.read_bytes())
        e = told[file.name]
        leads = any(member.lead and member.url == e.url for member in e.members)
        sums = [sum(r.points for r in reasons) for reasons in (e.quality_reasons, e.heat_reasons, e.rank_reasons)]

        assert [e.quality, e.heat, e.rank] == sums, file.name
        assert (printed.quality, printed.heat) == (e.quality, e.heat if leads else -1), file.name
        assert e.claim is None or e.claim == sum(reason.points for reason in e.claim_reasons), file.name
        assert [len(e.members) > 1] == [e.claim is not None], file.name
        assert printed.published == (leads and e.published_by_gate)


def test_every_reason_is_a_sentence_that_a_person_reads(told):
    """Something is said for each part of each number, in one line, without a name of the program's own."""
    for e in told.values():
        for reason in (*e.quality_reasons, *e.claim_reasons, *e.heat_reasons, *e.rank_reasons):
            assert reason.value and reason.value == " ".join(reason.value.split()), reason
            assert not re.search(r"[{}<>_]|None|True|False|\d{3}\.\d{2,}", reason.value), reason


def test_who_leads_has_the_highest_claim(told):
    """Of the members that are no reprints; and the answer names the claim of each."""
    several = [e for e in told.values() if len(e.members) > 1]
    assert len(several) > 20
    for e in several:
        claims = {member.claim: member for member in reversed(e.members) if not member.reprint_of}
        assert claims[max(claim for claim in claims if claim is not None)].lead, e.title


def test_the_claim_to_lead_is_shown(demo, told, capsys):
    name, e = next(
        (n, e) for n, e in sorted(told.items()) if e.claim and not any(m.lead and m.url == e.url for m in e.members)
    )

    assert 0 == run(["why", "-C", str(demo), name])
    shown = capsys.readouterr().out

    lead = next(member for member in e.members if member.lead)
    assert f"Claim to lead {e.claim}; the lead has {lead.claim}" in shown
    assert "originality" in shown and "recency" in shown


@pytest.mark.parametrize("name", ["date", "publishedDateTime", "published"])
def test_one_field_is_shown_with_all_that_was_said_of_it(demo, name, capsys):
    """By its name in the record, in the code, or in speech."""
    file = next((demo / "site" / "_news").glob("*-worlds-largest-tidal-array*.md"))

    assert 0 == run(["why", "-C", str(demo), file.name, "--field", name])
    shown = capsys.readouterr().out

    assert "published: 2026-03-02T07:40:00Z" in shown
    assert "json-ld datePublished, time element (taken)" in " ".join(shown.split())
    assert "Mon, 02 Mar 2026 07:40:00 +0000 feed" in " ".join(shown.split())


def test_an_unknown_field_is_named_with_those_that_there_are(demo, capsys):
    file = next((demo / "site" / "_news").glob("*.md"))

    assert 2 == run(["why", "-C", str(demo), file.name, "--field", "mood"])
    assert "no field of that name: mood: use one of url, title," in capsys.readouterr().err


def test_what_speaks_against_a_claim_is_said(capsys):
    claims = (
        Claim(field="published", value="2099-01-01", places=("og:date",), note="in the future"),
        Claim(field="published", value="2026-03-01", places=("h1",)),
    )

    show_field(explain.explain_field(article(1, candidates=claims, claims={"published": "h1"}), "date"))
    shown = " ".join(capsys.readouterr().out.split())

    assert "2099-01-01 og:date passed over: in the future 2026-03-01 h1 (taken)" in shown


def test_a_change_of_the_publisher_is_part_of_the_answer():
    change = Change(field="title", old="Old", new="New", at=NOW)
    held = article(
        1, changes=(change,), candidates=(Claim(field="title", value="New", places=("h1",)),), claims={"title": "h1"}
    )

    found = explain.explain_field(held, "headline")

    assert ("title", "h1", (change,), 1) == (found.field, found.place, found.changes, len(found.candidates))


def test_no_field_answers_to_no_name():
    with pytest.raises(UsageError):
        explain.explain_field(article(1), "")


# --- grouping, and how it reads --------------------------------------------------------------------------------------


def test_the_parts_of_a_similarity_add_up_to_it(told):
    """Of every record that joined a story, wherever grouping gave parts."""
    for name, e in told.items():
        if e.parts:
            assert e.similarity == pytest.approx(sum(part.value for part in e.parts)), name
        assert len(e.shares) in (0, len(e.shared_terms)), name


def test_every_sum_is_printed_so_that_it_adds_up(demo, told, capsys):
    """Read from the text itself: the terms below each number make that number, whatever was left together."""
    for name in sorted(told)[::5]:
        capsys.readouterr()
        assert 0 == run(["why", "-C", str(demo), name])
        total, terms, seen = 0, 0, 0
        for line in [*capsys.readouterr().out.splitlines(), ""]:
            if begun := re.match(r"(?:Claim to lead|Heat|Rank|Quality) (-?\d+)", line):
                total, terms, seen = int(begun[1]), 0, seen + 1
            elif begun := re.match(r"  +([+-]\d+)  \S", line):
                terms += int(begun[1])
            elif not line and seen:
                assert total == terms, (name, line)
                total = terms = 0
        assert seen >= 3


JOINED = Membership(
    url=article(2).url, story="s1", similarity=4.25, nearest=article(1).url, terms=("storm", "ferry"), shares=(1.5, 0.5),
    parts=(Part(name="words", value=2.75), Part(name="silence", value=-0.5), Part(name="mine", value=2.0)),
    runner_up="s9", runner_up_similarity=1.25, threshold=3.5,
)  # fmt: skip
MERGED = Regrouping(
    at=NOW, story="s1", into="s2", similarity=6.0, threshold=5.0, terms=("storm",), shares=(6.0,),
    parts=(Part(name="inner", value=6.0),),
)  # fmt: skip


def explained(*, regroupings=(), decisions=(), home="s1") -> explain.Explanation:
    one, two = article(1), article(2)
    came = {one.url: Arrival("1.md", "s2"), two.url: Arrival("2.md", "s1")}
    lives = trace(came, regroupings, decisions)
    here = story(one, two, id=home, published=True, heat=80, gate="heat 80 reaches publish_at 70")
    other = story(article(9, title="Another event"), id="s9")
    place = Placed(url=two.url, name="2.md", membership=JOINED)
    return explain.explain(
        two, place, here, (), (), decisions, publication(),
        stories=(here, other), regroupings=regroupings, lives=lives,
    )  # fmt: skip


def test_why_it_joined_is_shown_with_aligned_parts(capsys):
    """Each feature in words, the sum and what was needed; shared words with their shares; the runner-up by its title."""
    show_explanation(explained())
    shown = capsys.readouterr().out

    assert (
        "  joined this story\n"
        "     +2.75  words that it shares\n"
        "     -0.50  time since the story's last article\n"
        "     +2.00  mine\n"
        "      4.25  in all, where 3.50 was needed\n"
        "  most like “Ferry line number 1 opens”\n"
        "  shared words: storm 1.50, ferry 0.50\n"
        "  next best: “Another event” (s9) with 1.25\n"
    ) in shown


def test_an_article_that_was_taken_along_says_when_and_by_whom(capsys):
    """From the story in which it arrived, through a merger and an editor's act, to where it is."""
    away = Decision(kind="split", target=article(2).url, by="ines", at=NOW + timedelta(hours=1), note="other event")
    e = explained(regroupings=(MERGED,), decisions=(away,), home="s3")

    assert "joined story s1" == e.grouped
    assert [("s1", "s2", True, ""), ("s2", e.moves[1].into, False, "ines")] == [
        (move.story, move.into, move.whole, move.by) for move in e.moves
    ]
    assert 6.0 == sum(part.value for part in e.moves[0].parts) == e.moves[0].similarity

    show_explanation(e)
    shown = capsys.readouterr().out
    assert "2026-03-02 12:00  grouping merged story s1 into s2, similarity 6.00 where 5.00 was needed" in shown
    assert f"2026-03-02 13:00  ines moved it from s2 to {e.moves[1].into}: other event" in shown


def test_the_verdict_comes_first(capsys):
    show_explanation(explained())

    assert [
        "Printed, within its story",
        "  heat 80 reaches publish_at 70",
        "  the lead is Harbour: Ferry line number 1 opens",
    ] == capsys.readouterr().out.splitlines()[4:7]


def test_hits_that_say_the_same_are_counted(capsys):
    """A keyword within another keyword's hit, and the fourth place, are not spelled out; JSON has all of them."""
    hits = tuple(
        Hit(topic="Ferries", keyword=keyword, where=where, start=0, end=5)
        for keyword in ("ferry", "ferry line")
        for where in ("title", "excerpt", "text", "text")
    )
    held = article(1, topics=("Ferries",), hits=hits)
    e = explain.explain(held, None, None, (), (), (), publication())

    show_explanation(e)
    shown = capsys.readouterr().out

    assert 8 == len(e.evidence)
    assert 3 == shown.count("“ferry line” in the") and "“ferry” in" not in shown
    assert "Ferries: 5 more hits" in shown


def test_every_answer_has_the_same_keys(demo, told, capsys):
    """What is not there is empty and not absent, and every name is in camel case."""
    for name in sorted(told)[::25]:
        capsys.readouterr()
        assert 0 == run(["why", "-C", str(demo), name, "--json"])
        found = json.loads(capsys.readouterr().out)

        assert set(explain.Explanation.__struct_encode_fields__) == set(found)
        assert all(re.fullmatch("[a-z]+([A-Z][a-z]+)*", key) for key in found)
