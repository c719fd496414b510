"""Every field of every printed record has a source that `why` can name."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from broadsheet import explain, record
from broadsheet.cli import run
from broadsheet.cli.questions import _show_field
from broadsheet.errors import UsageError
from broadsheet.run import opened, printing
from broadsheet.types import Change, Claim

from .build import NOW, article

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

    _show_field(explain.explain_field(article(1, candidates=claims, claims={"published": "h1"}), "date"))
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
