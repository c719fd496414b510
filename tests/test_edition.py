"""Stories, the gate and the edition, as functions of placed articles."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from broadsheet import edition, gate, stories
from broadsheet.types import (
    Decision,
    Front,
    Learnt,
    Membership,
    Placed,
    PrintedRecord,
    Publication,
    Record,
    Related,
    Twin,
)

from .build import NOW, article, provider, publication


def kept(n: int, **changes):
    domain = changes.pop("domain", f"p{n}.example")
    return article(n, url=f"https://{domain}/{n}", provider=provider(domain), topics=("Ferries",), **changes)


def placed(*articles, story: str = "s", twins: dict[str, Twin] | None = None) -> dict[str, Placed]:
    return {
        a.url: Placed(
            url=a.url,
            name=f"2026-03-02-{i}.md",
            membership=Membership(url=a.url, story=story),
            twin=(twins or {}).get(a.url),
        )
        for i, a in enumerate(articles)
    }


def gathered(articles, places, killed=frozenset(), **events):
    lives = stories.trace(stories.arrivals(places.values()), events.get("regroupings", ()), events.get("decisions", ()))
    return edition.gather(articles, places, lives, killed)


def heated(found, heat: int, publication: Publication | None = None, in_force=None):
    publication = publication or publication_of()
    return [gate.decide(msgspec.structs.replace(s, heat=heat), publication, in_force or {}) for s in found]


def publication_of(**changes) -> Publication:
    return publication(**changes)


def test_the_lead_has_the_highest_quality_and_ties_go_by_record_name():
    one, two, three = kept(1, quality=50), kept(2, quality=80), kept(3, quality=80)

    (story,) = gathered([one, two, three], placed(one, two, three))

    assert [two.url, three.url, one.url] == [a.url for a in story.articles]


def test_a_reprint_never_leads_and_is_no_voice():
    """A reprint of higher quality than the original stays behind it and adds no voice."""
    original, reprint = kept(1, quality=50), kept(2, quality=90)
    twin = Twin(url=reprint.url, original=original.url, resemblance=0.9)

    (story,) = gathered([original, reprint], placed(original, reprint, twins={reprint.url: twin}))

    assert (original.url, ("p1.example",)) == (story.lead.url, story.voices)


def test_the_order_in_which_articles_come_changes_nothing():
    articles = [kept(n, quality=n % 3) for n in range(1, 8)]
    places = placed(*articles)

    assert gathered(articles, places) == gathered(articles[::-1], places)


def test_an_article_without_topic_or_membership_is_in_no_story():
    off, unplaced = msgspec.structs.replace(kept(1), topics=()), kept(2)

    assert () == gathered([off, unplaced], placed(off))


def test_a_killed_article_leaves_its_story_and_the_story_goes_on():
    one, two = kept(1, quality=90), kept(2)
    places = placed(one, two)
    stories = gathered([one, two], places, frozenset({one.url}))
    kill = Decision(kind="kill", target=one.url, by="ana", at=NOW, note="retracted")

    made = edition.build(publication(), heated(stories, 80, in_force={one.url: kill}), places, {}, {one.url: kill}, NOW)

    assert [two.url] == [story.lead.url for story in made.stories]
    assert {one.url: "killed", two.url: "printed"} == {o.url: o.state for o in made.outcomes}
    assert [(True, False), (False, True)] == [(r.record.removed, r.record.published) for r in made.records]


def test_the_gate_opens_at_its_number_and_says_by_how_much_it_was_missed():
    stories = gathered([kept(1)], placed(kept(1)))

    (reached,), (missed,) = heated(stories, 70), heated(stories, 58)

    assert (True, False) == (reached.published, missed.published)
    assert "12 below publish_at 70" in missed.gate


def test_an_editors_last_word_wins_over_the_number():
    stories = gathered([kept(1)], placed(kept(1)))
    url = stories[0].lead.url
    acts = [
        Decision(kind="publish", target=url, by="ana", at=NOW),
        Decision(kind="hold", target=url, by="bo", at=NOW + timedelta(hours=1), note="wait for the report"),
    ]

    (first,) = heated(stories, 10, in_force=gate.latest(acts[:1]))
    (last,) = heated(stories, 90, in_force=gate.latest(acts))

    assert (True, False) == (first.published, last.published)
    assert "wait for the report" in last.gate


def test_every_kept_article_has_a_record_and_only_the_lead_carries_the_heat():
    one, two = kept(1, quality=60), kept(2, quality=50)
    places = placed(one, two)

    made = edition.build(publication(), heated(gathered([one, two], places), 80), places, {}, {}, NOW)

    assert [(80, True), (-1, False)] == [(r.record.heat, r.record.published) for r in made.records]
    assert [[two.title], [one.title]] == [[x.title for x in r.record.related] for r in made.records]


def imported(a, **changes) -> PrintedRecord:
    facts = {
        "title": a.title,
        "published_at": a.published,
        "web_url": a.url,
        "quality": 40,
        "heat": 43,
        "published": True,
    }
    return PrintedRecord(name="2020-01-01-old-name.md", record=Record(**facts | changes), newline="\r\n")


def test_an_imported_record_stays_until_something_about_it_changes():
    """Alone it prints as imported, line ends and odd heat included; with a new member it is ours, sealed text carried."""
    old, new = kept(1, quality=40), kept(2, quality=30)
    old_places = placed(old)
    imports = {old.url: imported(old, secured="abc;def")}
    (alone,) = gathered([old], old_places)
    (joined,) = gathered([old, new], placed(old, new))

    same = edition.as_imported(alone, imports, {})
    assert same is not None
    before = edition.build(publication(), [same], old_places, imports, {}, NOW)
    after = edition.build(publication(), heated([joined], 88), placed(old, new), imports, {}, NOW)

    assert (imports[old.url],) == before.records
    assert edition.as_imported(joined, imports, {}) is None
    assert (88, "abc;def", "\r\n") == (
        after.records[0].record.heat,
        after.records[0].record.secured,
        after.records[0].newline,
    )


def test_a_related_article_that_we_do_not_hold_is_carried_through():
    old, new = kept(1, quality=40), kept(2, quality=30)
    gone = Related(
        title="Gone", published=NOW, web_url="https://gone.example/1", provider=provider("gone.example"), quality=35
    )
    imports = {old.url: imported(old, related=(gone,))}
    (joined,) = gathered([old, new], placed(old, new))

    made = edition.build(publication(), heated([joined], 88), placed(old, new), imports, {}, NOW)

    assert ["Gone", new.title] == [related.title for related in made.records[0].record.related]


def test_a_record_that_was_imported_no_longer_lists_what_left_its_story():
    """An article that we hold and that is in the story no more was killed or parted from it: its sibling is printed anew
    without it, sealed text and all."""
    one, two = kept(1, quality=40), kept(2, quality=30)
    places = placed(one, two)
    listing = Related(title=two.title, published=NOW, web_url=two.url, provider=provider("p2.example"), quality=30)
    imports = {one.url: imported(one, secured="abc;def", related=(listing,)), two.url: imported(two, heat=-1)}
    (alone,) = (s for s in gathered([one, two], places, frozenset({two.url})) if s.lead is one)

    made = edition.build(publication(), heated([alone], 88), places, imports, {}, NOW)

    assert [("abc;def", ())] == [(one.record.secured, one.record.related) for one in made.records]


def test_where_the_lead_alone_lists_the_others_they_list_the_lead():
    """`related = "lead"`: a story that gains a member changes one record beside the new one's."""
    short = publication_of(related="lead")
    four = [kept(n, quality=90 - n) for n in range(1, 5)]
    places = placed(*four)

    before, after = (
        edition.build(short, heated(gathered(four[:n], places), 80, short), places, {}, {}, NOW) for n in (3, 4)
    )

    one, two, three, last = four
    assert [[two.title, three.title, last.title], [one.title], [one.title], [one.title]] == [
        [related.title for related in printed.record.related] for printed in after.records
    ]
    assert [one.title] == [r.record.title for r, old in zip(after.records, before.records, strict=False) if r != old]


def test_the_lead_lists_what_any_imported_record_lists_and_we_do_not_hold():
    """Where the others list the lead alone, what only one of theirs named is not lost, and stands there once."""
    short = publication_of(related="lead")
    old, new = kept(1, quality=30), kept(2, quality=60)
    gone = Related(title="Gone", published=NOW, web_url="https://gone.example/1", provider=provider("gone.example"))
    imports = {old.url: imported(old, related=(gone, gone))}
    (joined,) = gathered([old, new], placed(old, new))

    made = edition.build(short, heated([joined], 88, short), placed(old, new), imports, {}, NOW)

    assert {new.title: [old.title, "Gone"], old.title: [new.title]} == {
        printed.record.title: [related.title for related in printed.record.related] for printed in made.records
    }


def test_the_time_shown_is_that_of_the_newest_fact_and_not_the_clock():
    one = kept(1)
    stories = heated(gathered([one], placed(one)), 80)

    assert one.published == edition.build(publication(), stories, placed(one), {}, {}, NOW + timedelta(days=3)).updated


# --- what was printed before -----------------------------------------------------------------------------------------


def issued(*articles, story_of=None, in_force=None, heat: int = 80, now=NOW, **before):
    """The edition of articles that each have a story of their own."""
    places = {}
    for one in articles:
        name = f"2026-03-02-{one.url[-1]}.md"
        member = Membership(url=one.url, story=story_of or stories.story_id(one.url))
        places[one.url] = Placed(url=one.url, name=name, membership=member)
    acts = in_force or {}
    killed = frozenset(url for url, act in acts.items() if act.kind == "kill")
    found = heated(gathered(articles, places, killed), heat, in_force=acts)
    return edition.build(publication(), found, places, {}, acts, now, **before)


def act(kind: str, one, **changes) -> Decision:
    return Decision(**{"kind": kind, "target": one.url, "by": "ida", "at": NOW + timedelta(hours=1)} | changes)


def test_a_story_is_remembered_as_it_was_first_printed():
    """Its title then, and the edition's clock, whatever becomes of it; a new one comes last."""
    first = issued(kept(1))
    later = NOW + timedelta(hours=5)
    again = issued(kept(1, title="Ferry renamed"), kept(2), now=later, before=first.printings)

    assert [(NOW, "Ferry line number 1 opens"), (later, "Ferry line number 2 opens")] == [
        (one.at, one.title) for one in again.printings
    ]


def test_what_an_editor_takes_back_is_withdrawn_and_what_never_was_printed_is_not():
    """canceled: killed. withheld: held back, or fallen below the gate. In none is a title."""
    articles = [kept(n) for n in (1, 2, 3, 4)]
    first = issued(*articles[:3])
    acts = {articles[0].url: act("kill", articles[0], note="libel"), articles[1].url: act("hold", articles[1])}

    found = issued(*articles, in_force=acts, heat=10, before=first.printings).withdrawn

    assert [
        ("2026-03-02-1", "canceled", "libel"),
        ("2026-03-02-2", "withheld", ""),
        ("2026-03-02-3", "withheld", ""),
    ] == [(one.name, one.state, one.note) for one in found]
    assert not any("Ferry" in str(one) for one in found)


def test_a_story_that_went_into_another_is_not_withdrawn():
    first = issued(kept(1), kept(2))
    gone = stories.story_id(kept(1).url)
    assert () == issued(kept(2), before=first.printings, into={gone: "s2"}).withdrawn
    assert [gone] == [one.story for one in issued(kept(2), before=first.printings).withdrawn]


def test_a_killed_article_no_longer_stands_for_the_story_that_goes_on():
    """What is remembered of it are then facts of the report that leads it now, at the moment of its first printing."""
    one, two = kept(1, quality=80), kept(2, quality=50)
    first = issued(one, two, story_of="s")
    again = issued(one, two, story_of="s", in_force={one.url: act("kill", one)}, before=first.printings)
    told = {printing.story: printing for printing in again.printings}
    assert (NOW, two.title) == (told["s"].at, told["s"].title)


def test_the_last_front_of_a_day_is_this_one():
    """It takes the place of an earlier one of the same day, and leaves other days alone."""
    yesterday, morning = (Front(at=NOW - timedelta(hours=h), stories=("s0",)) for h in (20, 2))
    found = issued(kept(1), fronts=(yesterday, morning)).fronts
    assert [yesterday.at, NOW] == [front.at for front in found]


def test_a_mark_changes_with_what_is_shown_and_not_with_the_rank():
    """Of a story with any fact of it; of all with the settings and the program, not with what was learnt."""
    made = issued(kept(1), kept(2))
    (one, two), marked = made.stories, edition.marked(made, b"program")
    ranked = msgspec.structs.replace(made, stories=(msgspec.structs.replace(one, rank=7), two))
    heated_up = msgspec.structs.replace(made, stories=(msgspec.structs.replace(one, heat=81), two))
    learnt = msgspec.structs.replace(made.publication, learnt=Learnt(at=NOW))

    assert marked.marks == edition.marked(ranked, b"program").marks
    changed = edition.marked(heated_up, b"program").marks
    assert [one.id] == [key for key in changed if changed[key] != marked.marks[key]]
    assert marked.mark == edition.marked(msgspec.structs.replace(made, publication=learnt), b"program").mark
    assert (
        marked.mark
        != edition.marked(msgspec.structs.replace(made, publication=publication(title="T")), b"program").mark
    )
    assert marked.mark != edition.marked(made, b"another").mark
