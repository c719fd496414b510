"""The editor's acts on a real publication: what each does, says and leaves for ever."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import html

from broadsheet.cli import run
from broadsheet.run import opened, update
from broadsheet.run.printing import facts_of, print_edition, stories_of
from broadsheet.run.publication import quiet
from broadsheet.types import Regrouping

from . import web as small_web
from .build import NOW

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def printed(tmp_path_factory) -> Path:
    """Five events of one to three articles each, printed at NOW."""
    folder = small_web.publication(tmp_path_factory.mktemp("web") / "p")
    update(folder, NOW, offline=small_web.saved(tmp_path_factory.mktemp("saved")))
    return folder


@pytest.fixture
def folder(printed, tmp_path) -> Path:
    return Path(shutil.copytree(printed, tmp_path / "p"))


def stories(folder: Path, at=NOW + 100 * HOUR):
    with opened(folder, lock=False) as (publication, store):
        return stories_of(publication, facts_of(store, at), at)


def story(folder: Path, event: int, at=NOW + 100 * HOUR):
    """The story in which the first article of an event of the small web is."""
    url = first(event)
    return next(s for s in stories(folder, at) if url in {a.url for a in s.articles})


def first(event: int, provider: int = 0) -> str:
    return f"http://p{(provider + event) % 4}.example/1/{event}-{provider}"


def review(folder: Path, capsys, *args: str, hour: int = 1, code: int = 0):
    """One call, so many hours after NOW; returns what --json prints."""
    capsys.readouterr()
    told = ["--by", "ana", "--now", (NOW + hour * HOUR).isoformat(), "--json"]
    assert code == run(["review", args[0], *args[1:], "-C", str(folder), *told])
    said = capsys.readouterr()
    return json.loads(said.out) if code == 0 else said.err


def listed(folder: Path, capsys, *args: str):
    capsys.readouterr()
    assert 0 == run(["review", "list", "-C", str(folder), "--now", (NOW + 9 * HOUR).isoformat(), "--json", *args])
    return json.loads(capsys.readouterr().out)


def publish(folder: Path, hour: int) -> None:
    with opened(folder) as (publication, store):
        print_edition(folder, publication, store, NOW + hour * HOUR, progress=quiet, commit=False)


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder / "site")): p.read_bytes() for p in (folder / "site").rglob("*") if p.is_file()}


# --- list ------------------------------------------------------------------------------------------------------------


def test_the_list_says_what_is_printed_and_what_waits_and_why(folder, capsys):
    """By rank, with heat and the reason; each state has its filter."""
    review(folder, capsys, "hold", story(folder, 1).id, "--note", "call the yard first")
    review(folder, capsys, "kill", first(3))

    everything = listed(folder, capsys)
    held, killed = listed(folder, capsys, "--held"), listed(folder, capsys, "--killed")

    assert len(stories(folder)) == len(everything)
    assert ["held-back"] == [line["state"] for line in held]
    assert f"held back by ana on {NOW + HOUR:%Y-%m-%d %H:%M}: call the yard first" == held[0]["reason"]
    assert [("hold", "ana")] == [(act["kind"], act["by"]) for act in held[0]["decisions"]]
    assert ["killed"] == [line["state"] for line in killed]
    assert {line["story"] for line in everything if line["state"] == "printed"} == {
        line["story"] for line in listed(folder, capsys, "--printed")
    }
    assert [] == listed(folder, capsys, "--below-gate")


def test_a_topic_that_there_is_not_is_named_with_those_that_there_are(folder, capsys):
    assert 2 == run(["review", "list", "-C", str(folder), "--topic", "Trams"])
    assert "no such topic: Trams: use one of Ferries" in capsys.readouterr().err


# --- publish, hold, kill ---------------------------------------------------------------------------------------------


def test_a_held_story_goes_with_the_next_edition_and_comes_back_with_undo(folder, capsys):
    """Each act says what the next edition will show; nothing is written before it."""
    held, before = story(folder, 2), tree(folder)

    done = review(folder, capsys, "hold", held.id, hour=1)
    assert before == tree(folder)
    assert ["is no longer printed"] == [c["what"].split(":")[0] for c in done["changes"] if c["story"] == held.id]
    publish(folder, 2)
    assert f"story/{held.name}/index.html" not in tree(folder)

    done = review(folder, capsys, "undo", held.id, "--publish", hour=3)
    assert done["printed"]
    assert [f"taken back: hold of {held.lead.url} by ana on {NOW + HOUR:%Y-%m-%d %H:%M}"] == done["told"]
    assert before.keys() == tree(folder).keys()


def test_killing_the_article_that_opened_a_story_leaves_the_story_to_the_others(folder, capsys):
    """It keeps its id and its page, and the killed one is on no page."""
    before = story(folder, 2)
    opener = next(a for a in before.articles if a.url == first(2))

    review(folder, capsys, "kill", opener.url, "--publish")

    after = next(s for s in stories(folder) if s.id == before.id)
    assert {a.url for a in before.articles} - {opener.url} == {a.url for a in after.articles}
    assert before.name == after.name
    assert after.published
    seen = [path for path, data in tree(folder).items() if opener.url.encode() in data and not path.startswith("_news")]
    assert [] == seen


def test_killing_a_story_kills_all_of_it_and_one_undo_brings_it_back(folder, capsys):
    before = story(folder, 2)

    done = review(folder, capsys, "kill", before.id, hour=1)
    assert len(before.articles) == len(done["decisions"])
    after = story(folder, 2)
    assert (False, before.id, len(before.articles)) == (after.published, after.id, len(after.articles))

    review(folder, capsys, "undo", before.id, hour=2)
    assert before.articles == story(folder, 2).articles


# --- merge and split -------------------------------------------------------------------------------------------------


def test_of_merged_stories_the_first_keeps_its_address_and_the_others_lead_there(folder, capsys):
    """Page, id and `why` of both that went in lead to the one that stays, without a script; none is in the sitemap."""
    stays, one, two = story(folder, 2), story(folder, 1), story(folder, 3)

    review(folder, capsys, "merge", stays.id, one.id, f"story/{two.name}/", "--publish")

    merged = story(folder, 2)
    assert (stays.id, stays.name) == (merged.id, merged.name)
    assert len(stays.articles) + len(one.articles) + len(two.articles) == len(merged.articles)
    printed = tree(folder)
    for gone in (one, two):
        page = html.document_fromstring(printed[f"story/{gone.name}/index.html"])
        address = f"https://ferries.test/story/{merged.name}/"
        assert [address] == page.xpath("//link[@rel='canonical']/@href")
        assert [f"0; url=../../story/{merged.name}/"] == page.xpath("//meta[@http-equiv='refresh']/@content")
        assert [f"../../story/{merged.name}/"] == page.xpath("//a/@href")
        assert ["noindex"] == page.xpath("//meta[@name='robots']/@content")
        assert [] == page.xpath("//script")
        capsys.readouterr()
        assert 0 == run(["why", gone.id, "-C", str(folder), "--now", (NOW + 9 * HOUR).isoformat(), "--json"])
        assert merged.id == json.loads(capsys.readouterr().out)["story"]
        for path in ("sitemap.xml", "feed.xml", "feed.json", "index.html"):
            assert gone.name.encode() not in printed[path]


def test_why_shows_what_was_new_in_a_story_and_what_it_took_in(folder, capsys):
    stays, goes = story(folder, 2), story(folder, 1)
    review(folder, capsys, "merge", stays.id, goes.id)

    assert 0 == run(["why", stays.id, "-C", str(folder), "--now", (NOW + 9 * HOUR).isoformat()])
    shown = " ".join(capsys.readouterr().out.split())

    told = story(folder, 2).developments
    assert 2 <= len(told)
    assert f"took in {goes.id}" in shown
    assert f"(the first report) {told[1].at:%m-%d %H:%M}" in shown
    assert f"({told[1].novelty:.0%} new: {', '.join(told[1].terms)})" in shown


def test_a_chain_of_merges_leads_on_in_one_hop(folder, capsys):
    a, b, c = story(folder, 2), story(folder, 1), story(folder, 3)

    review(folder, capsys, "merge", b.id, c.id, hour=1)
    review(folder, capsys, "merge", a.id, b.id, "--publish", hour=2)

    for gone in (b, c):
        assert f"story/{a.name}/".encode() in tree(folder)[f"story/{gone.name}/index.html"]


def test_a_merge_taken_back_gives_the_very_same_site_again(folder, capsys):
    publish(folder, 1)
    before = tree(folder)
    review(folder, capsys, "merge", story(folder, 2).id, story(folder, 1).id, "--publish", hour=2)
    assert before != tree(folder)

    review(folder, capsys, "undo", first(1), "--publish", hour=3)

    assert before == tree(folder)


def test_an_edition_of_a_moment_before_an_act_knows_nothing_of_it(folder, capsys):
    """--as-of: the same bytes as were printed then."""
    publish(folder, 1)
    before = tree(folder)
    review(folder, capsys, "merge", story(folder, 2).id, story(folder, 1).id, "--publish", hour=5)

    assert 0 == run(["publish", "-C", str(folder), "--as-of", (NOW + HOUR).isoformat()])

    assert before == tree(folder)


def test_an_edition_of_a_moment_before_the_machine_merged_knows_nothing_of_it(folder):
    publish(folder, 1)
    before, at = tree(folder), NOW + 5 * HOUR
    event = Regrouping(at=at, story=story(folder, 1).id, into=story(folder, 2).id)
    with opened(folder) as (_, store):
        store.put_curation((), (), [event])
    publish(folder, 6)
    assert before != tree(folder)

    publish(folder, 1)

    assert before == tree(folder)


def test_split_articles_get_a_story_with_a_page_of_its_own(folder, capsys):
    """And every record of both sides lists its own siblings alone."""
    before = story(folder, 2)
    url = next(a.url for a in before.articles if a.url != first(2))

    done = review(folder, capsys, "split", url, "--from", before.id, "--publish")

    new = next(s for s in stories(folder) if url in {a.url for a in s.articles})
    assert (before.id, len(before.articles) - 1) == (story(folder, 2).id, len(story(folder, 2).articles))
    assert new.id in {change["story"] for change in done["changes"]}
    assert (1, True) == (len(new.articles), new.published)
    assert f"story/{new.name}/index.html" in tree(folder)
    record = tree(folder)[f"_news/{new.name}.md"].decode()
    assert "related:" not in record


def test_a_split_taken_back_by_the_name_of_either_story(folder, capsys):
    before = story(folder, 2)
    url = next(a.url for a in before.articles if a.url != first(2))
    for hour, key in ((1, before.id), (3, url)):
        review(folder, capsys, "split", url, hour=hour)
        review(folder, capsys, "undo", key, hour=hour + 1)
        assert {a.url for a in before.articles} == {a.url for a in story(folder, 2).articles}


def test_the_article_that_an_editor_chooses_leads(folder, capsys):
    before = story(folder, 2)
    last = before.articles[-1]

    done = review(folder, capsys, "lead", last.url)

    assert last.url == story(folder, 2).lead.url
    assert [f"is led by that report, no longer by “{before.lead.title}”"] == [
        change["what"] for change in done["changes"] if "led by" in change["what"]
    ]


# --- what cannot be decided ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("merge", "{2}"), "nothing to merge"),
        (("merge", "{2}", first(2, 1)), "they are one story already"),
        (("merge", "{2}", "{1}", first(1, 1)), "they are one story already"),
        (("split", first(0)), "nothing would be left of the story"),
        (("split", first(1), first(2)), "articles of more than one story"),
        (("split", first(2), "--from", "{1}"), "not in story {1}"),
        (("lead", first(0)), "alone in its story"),
        (("undo", "{2}"), "no act on it stands"),
        (("publish", "http://p3.example/gone"), "in no story"),
        (("hold", "http://never.example/1"), "never seen"),
        (("kill", "nothing like it"), "no article, record or story of that name"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_decided_is_refused_in_one_line_and_nothing_is_kept(folder, capsys, args, said):
    ids = {f"{{{event}}}": story(folder, event).id for event in (1, 2)}

    error = review(folder, capsys, *(ids.get(arg, arg) for arg in args), code=2)

    assert 1 == error.count("\n")
    assert error.startswith("broadsheet: " + said.replace("{1}", ids["{1}"]))
    with opened(folder, lock=False) as (_, store):
        assert () == store.decisions()


def test_an_act_on_which_a_later_one_rests_is_not_taken_back_under_it(folder, capsys):
    """A merge, then a hold of the article by which it was named: undoing the merge by the story's other side would
    take back the hold."""
    review(folder, capsys, "merge", first(2), first(1), hour=1)
    review(folder, capsys, "hold", first(1), hour=2)
    review(folder, capsys, "split", first(2, 1), hour=3)

    error = review(folder, capsys, "undo", first(2), hour=4, code=2)

    assert error.startswith("broadsheet: something was decided after it: hold of")


# --- fronts and churn ------------------------------------------------------------------------------------------------


def test_an_edition_keeps_what_its_front_page_showed_and_one_of_the_past_keeps_nothing(folder):
    with opened(folder) as (publication, store):
        (front,) = store.fronts(NOW - HOUR, NOW + 99 * HOUR)
        edition = print_edition(folder, publication, store, NOW + 5 * HOUR, progress=quiet, commit=False).edition
        print_edition(folder, publication, store, NOW + 2 * HOUR, progress=quiet, commit=False)
        fronts = store.fronts(NOW - HOUR, NOW + 99 * HOUR)

    assert NOW == front.at
    assert [NOW, NOW + 5 * HOUR] == [front.at for front in fronts]
    assert tuple(s.id for s in edition.stories) == fronts[-1].stories


def test_churn_counts_printed_articles_that_changed_their_story(folder, capsys):
    """The machine's and the editors' apart: here an editor moved one story of two articles."""
    review(folder, capsys, "merge", story(folder, 2).id, story(folder, 1).id, "--publish")
    capsys.readouterr()

    assert 0 == run(["stats", "-C", str(folder), "--now", (NOW + 9 * HOUR).isoformat(), "--json"])
    churn = json.loads(capsys.readouterr().out)["churn"]

    total = sum(len(s.articles) for s in stories(folder))
    assert {"days": 30, "articles": total, "moved": 0, "share": 0.0, "movedByEditors": 2} == churn


# --- no machine undoes it --------------------------------------------------------------------------------------------


BOTH = (  # of the fares, in the words of everybody
    "Regulator defends ferry fares of April: six per cent more for every crossing",
    "Six per cent more for a ferry ticket from April is fair, the regulator told commuters who had brought signatures.",
    "A monthly pass of eighty-four crowns will stay below what the company had asked for, spare parts and insurance "
    "included, the regulator said at the quay on Saturday.",
    "Children under twelve travel free of charge, and the accounts of the company will be public in autumn.",
    "Economists doubt that commuters leave the ferry for the bridge because the crossing costs more from April.",
)


def next_day(folder: Path) -> Path:
    """The web of the day after: the feed of p0 lists one more article, by a provider of its own."""
    saved, url = small_web.saved(folder), "http://gazette.example/fares"
    title, lead, *rest = BOTH
    text = "".join(f"<p>{line}</p>" for line in (lead, *rest))
    facts = {"@type": "NewsArticle", "headline": title, "datePublished": "2026-03-02T18:00:00Z"}
    page = (
        f'<html lang="en"><head><title>{title}</title><meta name="description" content="{lead}">'
        f'<script type="application/ld+json">{json.dumps(facts)}</script></head>'
        f"<body><article><h1>{title}</h1>{text}</article></body></html>"
    )
    (saved / "more.bin").write_text(page)
    index = [json.loads(line) for line in (saved / "index.jsonl").read_text().splitlines()]
    feed = saved / next(row["file"] for row in index if row["url"] == "http://p0.example/feed.xml")
    item = f"<item><title>{title}</title><link>{url}</link><guid>{url}</guid></item></channel>"
    feed.write_text(feed.read_text().replace("</channel>", item))
    rows = [*index, {"file": "more.bin", "url": url}]
    (saved / "index.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return saved


def test_a_later_cycle_neither_parts_what_an_editor_merged_nor_joins_what_he_split(folder, capsys, tmp_path):
    """An article in the words of both sides comes the next day: none of those that were there moves."""
    whole, other = story(folder, 2), story(folder, 1)
    parted = [a.url for a in whole.articles if a.url != first(2)]
    review(folder, capsys, "merge", story(folder, 0).id, other.id, hour=1)
    review(folder, capsys, "split", *parted, hour=2)
    before = {a.url: s.id for s in stories(folder) for a in s.articles}

    report = update(folder, NOW + 24 * HOUR, offline=next_day(tmp_path / "days"))

    after = {a.url: s.id for s in stories(folder) for a in s.articles}
    assert 1 == report.kept
    assert after["http://gazette.example/fares"] in {after[first(2)], *(after[url] for url in parted)}
    assert before == {url: after[url] for url in before}
    assert after[first(2)] not in {after[url] for url in parted}
    assert after[first(0)] == after[other.lead.url]
