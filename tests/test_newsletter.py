"""What is in an issue of the newsletter, and what its messages look like."""

from __future__ import annotations

import email
import email.policy
import html
import re
import subprocess
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from broadsheet import addresses
from broadsheet.errors import ParseError, UsageError
from broadsheet.letters import choosing, composing, encoding, posting, tokens
from broadsheet.letters.composing import Parts
from broadsheet.outputs import newsletter as output
from broadsheet.outputs import site
from broadsheet.types import (
    Development,
    Edition,
    Issue,
    Newsletter,
    Outcome,
    Printing,
    Publication,
    Story,
)

from . import build
from .build import NOW
from .node import VNU, needs

pytest.importorskip("css_inline", reason="the extra `mail` is not there: letters are not tested")

DAY = timedelta(days=1)
KEY = bytes(range(32))
ANN, BOB = "ann@reader.example", "bob@reader.example"
LETTER = Newsletter(
    sender="Ferry Times <news@ferries.example>",
    url="https://desk.ferries.example/letters/",
    mailto="leave@ferries.example",
    postal="1 Quay Street, Northharbour",
)
TREE = (
    build.topic("Ferries"),
    build.topic("Harbours", parent="Ferries"),
    build.topic("Cranes", parent="Ferries"),
)


def publication(**changes: Any) -> Publication:
    return build.publication(**{"topics": TREE, "newsletter": LETTER} | changes)


def story(n: int, **changes: Any) -> Story:
    """Story number n of its own provider: first seen an hour before NOW, the hotter the lower n."""
    facts = {
        "url": f"https://p{n}.example/{n}",
        "web_url": f"https://p{n}.example/{n}",
        "title": f"Ferry line {n} opens",
        "excerpt": f"Boat {n} leaves every hour.",
        "published": NOW - timedelta(hours=2),
        "first_seen": NOW - timedelta(hours=1),
        "provider": build.provider(f"p{n}.example"),
        "topics": ("Ferries",),
    }
    own = {name: changes.pop(name) for name in list(changes) if name in facts}
    defaults = {"id": f"s{n}", "name": f"2026-03-02-line-{n}.md", "heat": 1000 - n, "published": True}
    return build.story(build.article(n, **facts | own), **defaults | changes)


def edition(*stories: Story, **changes: Any) -> Edition:
    return build.edition(stories=stories, **{"publication": publication()} | changes)


def chosen(*stories: Story, earlier: tuple[Issue, ...] = (), topic: str = "", **changes: Any) -> Issue:
    issue = choosing.choose(edition(*stories, **changes), earlier, topic)
    assert issue is not None
    return issue


def shown(issue: Issue) -> list[tuple[str, list[str]]]:
    """Sections with the ids of their stories."""
    return [(section.name, [piece.story for piece in section.pieces]) for section in issue.sections]


def mail(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def letter(issue: Issue, address: str = ANN, settings: Publication | None = None) -> bytes:
    own = settings or publication()
    return posting.message(issue, composing.parts(issue, own), own, address, KEY)


def content(raw: bytes, kind: str) -> str:
    part = mail(raw).get_body((kind,))
    assert part is not None
    return str(part.get_content())


# --- what is in an issue ---------------------------------------------------------------------------------------------


def test_the_hottest_stand_on_top_then_topics_in_the_order_of_the_tree():
    """Three on top, and two more that are nearly as hot; then up to three a topic; then headlines."""
    stories = [
        story(n, topics=("Ferries", ("Cranes", "Harbours", "Harbours")[n % 3]), heat=200 if n < 4 else 100 - n)
        for n in range(16)
    ]

    issue = chosen(*stories)

    assert [("", ["s0", "s1", "s2", "s3"]), ("Harbours", ["s4", "s5", "s7"]), ("Cranes", ["s6", "s9", "s12"])] == [
        section for section in shown(issue) if section[0] != "Ferries"
    ]
    assert [("Ferries", ["s8", "s10", "s11"])] == shown(issue)[3:]
    assert ["s13", "s14", "s15"] == [piece.story for piece in issue.also]


def test_a_topic_without_stories_has_no_section():
    assert ["", "Cranes"] == [
        name
        for name, _ in shown(chosen(*(story(n, topics=("Ferries", "Cranes"), heat=99 // n**3) for n in range(1, 7))))
    ]


def test_an_issue_has_no_more_cards_than_its_size():
    issue = chosen(*(story(n) for n in range(30)), publication=publication(newsletter=replace(LETTER, size=4)))

    assert 4 == sum(len(section.pieces) for section in issue.sections)
    assert 26 == len(issue.also)


def test_one_provider_leads_no_more_cards_than_its_cap():
    """What is beyond becomes a headline below; providers of one owner are one."""
    boat = [story(n, provider=build.provider(f"boat{n}.example", owner="boats.example")) for n in range(4)]

    issue = chosen(*boat, story(9))

    assert [("", ["s0", "s1", "s2", "s9"])] == shown(issue)
    assert ["s3"] == [piece.story for piece in issue.also]


def test_only_what_came_since_the_last_issue_is_in_it():
    """Without an earlier issue that is a day; a story that was read before and printed now is news, too."""
    old = story(1, published=NOW - 2 * DAY, first_seen=NOW - 2 * DAY)
    stale = story(2, published=NOW - 9 * DAY)
    printings = tuple(
        Printing(
            story=one.id, name=one.name, at=at, url=one.lead.url, title="t", published=NOW, provider=build.provider()
        )
        for one, at in ((old, NOW - 2 * DAY), (stale, NOW))
    )

    assert ["s3"] == [piece.story for piece in chosen(old, stale, story(3), printings=printings).pieces]
    published = (replace(printings[0], at=NOW), printings[1])
    assert ["s1", "s3"] == [piece.story for piece in chosen(old, stale, story(3), printings=published).pieces]


def test_nothing_to_say_is_no_issue():
    assert choosing.choose(edition(), ()) is None
    assert choosing.choose(edition(story(1)), (), "Cranes") is None


def test_a_story_comes_back_only_when_it_developed():
    """It is labelled an update then; one that an earlier issue merely counted is no update."""
    first = chosen(story(1), story(2), now=NOW - timedelta(minutes=30))
    later = build.article(
        7, url="https://late.example/7", published=NOW, first_seen=NOW, topics=("Ferries",), provider=build.provider()
    )
    same = story(1, articles=(*story(1).articles, later))
    told = replace(same, developments=(Development(url=later.url, at=NOW, novelty=0.9),))

    assert choosing.choose(edition(same, story(2)), (first,)) is None
    assert [("s1", True), ("s3", False)] == [
        (piece.story, piece.update) for piece in chosen(told, story(2), story(3), earlier=(first,)).pieces
    ]
    assert "Update: Ferry line 1 opens" in content(letter(chosen(told, earlier=(first,))), "plain")


def test_a_story_that_took_in_one_of_an_earlier_issue_counts_as_told():
    first = chosen(story(1), now=NOW - timedelta(minutes=30))

    assert choosing.choose(edition(story(2, merged=("s1",))), (first,)) is None


def test_a_letter_of_a_topic_has_that_topic_alone():
    issue = chosen(story(1), story(2, topics=("Ferries", "Cranes")), topic="Cranes")

    assert ("ferry-times-cranes-2026-03-02", "Ferry Times – Cranes (2026-03-02)") == (issue.id, issue.title)
    assert (["s2"], ("Cranes",), 1) == ([p.story for p in issue.pieces], issue.topics, issue.stories)


def test_the_counts_are_of_what_was_printed_in_its_time():
    old = build.article(5, url="https://old.example/", published=NOW - 9 * DAY, first_seen=NOW - 9 * DAY)
    issue = chosen(story(1, articles=(*story(1).articles, old)), story(2))

    assert (2, 2, 2) == (issue.articles, issue.stories, issue.sources)
    assert "2 articles, 2 stories, 2 sources since 2026-03-01 12:00 UTC" == composing.counts(issue)


def test_classic_takes_published_records_of_the_last_24_hours_as_the_predecessor_did():
    """Whatever was sent before, the newest first; the excerpt is the first three titles, parted by ` / `."""
    records = (
        *(build.printed(n, published_at=NOW - timedelta(hours=n)) for n in (1, 2, 23)),
        build.printed(24, published_at=NOW - DAY),
        build.printed(25, published_at=NOW - timedelta(hours=25)),
        build.printed(3, published=False),
        build.printed(4, web_url=None, original_url=None, title="A film"),
    )
    classic = publication(profile="classic")
    earlier = chosen(story(1), now=NOW - timedelta(hours=3))

    issue = choosing.choose(edition(publication=classic, records=records), (earlier,))

    assert issue is not None
    titles = ["Ferry line number 1 opens", "Ferry line number 2 opens", "A film", "Ferry line number 23 opens"]
    assert titles == [piece.title for piece in issue.pieces]
    assert " / ".join(titles[:3]) == issue.excerpt


def test_an_issue_a_day_and_a_weekly_one_on_its_day_or_later():
    """A weekly issue that missed its day is made up for; Monday 2 March 2026 is NOW."""
    made = chosen(story(1))
    daily, weekly = publication(), publication(newsletter=replace(LETTER, every="weekly", day="wednesday"))

    assert choosing.due(daily, (), NOW)
    assert not choosing.due(daily, (made,), NOW + timedelta(hours=11))
    assert choosing.due(daily, (made,), NOW + timedelta(hours=12))
    assert [False, True, True] == [choosing.due(weekly, (made,), NOW + days * DAY) for days in (1, 2, 3)]
    caught_up = replace(made, at=NOW + 3 * DAY)
    assert [False, True] == [choosing.due(weekly, (caught_up,), NOW + days * DAY) for days in (8, 9)]


def test_a_day_is_one_of_the_publications_time_zone():
    late = chosen(story(1), now=NOW, publication=publication(timezone="Pacific/Auckland"))

    assert "ferry-times-2026-03-03" == late.id


def test_withdrawn_articles_leave_an_issue():
    """The excerpt follows; when nothing is left there is no issue."""
    issue = chosen(story(1), story(2))

    left = choosing.without(issue, {"https://p1.example/1"})

    assert left is not None
    assert (["s2"], "Ferry line 2 opens") == ([piece.story for piece in left.pieces], left.excerpt)
    assert choosing.without(issue, {"https://p1.example/1", "https://p2.example/2"}) is None
    assert choosing.without(issue, {"https://p9.example/"}) is issue


# --- messages --------------------------------------------------------------------------------------------------------


def check(raw: bytes, issue: Issue) -> None:
    """What holds for every message: clean MIME, short lines, bounds, and every headline in both parts."""
    message = mail(raw)
    assert [] == [defect for part in message.walk() for defect in part.defects]
    assert ["text/plain", "text/html"] == [part.get_content_type() for part in message.iter_parts()]
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    assert raw.isascii()
    page, plain = content(raw, "html"), content(raw, "plain")
    assert len(page.encode()) < 80_000
    assert len(raw) < 100_000
    headlines = [html.unescape(found) for found in re.findall(r'<a href="[^"]*"[^>]*>([^<]*)</a>', page)]
    squeezed = "".join(plain.split())
    for piece in issue.pieces[: composing.parts(issue, publication()).pieces]:
        assert piece.title in headlines
        assert "".join(piece.title.split()) in squeezed


def test_a_message_is_clean_and_has_every_header_of_a_list():
    raw = letter(chosen(*(story(n) for n in range(8))))
    check(raw, chosen(*(story(n) for n in range(8))))
    message = mail(raw)
    token = tokens.leaving(KEY, ANN)

    assert {
        "From": '"Ferry Times" <news@ferries.example>',
        "To": "<ann@reader.example>",
        "Subject": "Ferry Times (2026-03-02)",
        "Date": "Mon, 02 Mar 2026 12:00:00 +0000",
        "Message-ID": f"<ferry-times-2026-03-02.{tokens.digest(ANN)}@ferries.example>",
        "List-Id": '"Ferry Times" <ferry-times.ferries.example>',
        "List-Unsubscribe": f"<https://desk.ferries.example/letters/unsubscribe/{token}>,"
        " <mailto:leave@ferries.example?subject=unsubscribe>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Archive": "<https://ferries.example/newsletter/>",
        "Auto-Submitted": "auto-generated",
        "Precedence": "bulk",
        "MIME-Version": "1.0",
    } == {name: str(value).strip() for name, value in message.items() if name != "Content-Type"} | {
        "From": raw.split(b"\r\n")[0].decode().removeprefix("From: "),
        "To": raw.split(b"\r\n")[1].decode().removeprefix("To: "),
    }
    assert f"unsubscribe/{token}" in content(raw, "html")
    assert f"unsubscribe/{token}" in content(raw, "plain")


def test_the_same_issue_and_subscriber_give_the_same_bytes():
    issue = chosen(*(story(n) for n in range(8)))

    assert letter(issue) == letter(issue)


def test_two_subscribers_tokens_are_never_mixed():
    """Each message has its own token alone, and differs from another's in nothing else but address and boundary."""
    issue = chosen(*(story(n) for n in range(3)))
    ann, bob = letter(issue, ANN), letter(issue, BOB)
    mine, yours = tokens.leaving(KEY, ANN), tokens.leaving(KEY, BOB)

    assert mine != yours
    for kind in ("html", "plain"):
        assert (1, 0) == (content(ann, kind).count(mine), content(ann, kind).count(yours))
        assert content(ann, kind).replace(mine, yours) == content(bob, kind)


def test_one_click_is_promised_over_https_alone():
    """RFC 8058 asks for https; without any address a message to the publisher is the way to leave."""
    issue = chosen(story(1))
    plain = publication(newsletter=replace(LETTER, url="http://desk.ferries.example/"))
    post = publication(newsletter=replace(LETTER, url=""))

    assert "List-Unsubscribe-Post" not in mail(letter(issue, settings=plain))
    assert (
        "<mailto:leave@ferries.example?subject=unsubscribe>" == mail(letter(issue, settings=post))["List-Unsubscribe"]
    )
    assert "mailto:leave@ferries.example" in content(letter(issue, settings=post), "html")


@pytest.mark.parametrize(
    ("key", "changes"), [("newsletter.sender", {"sender": ""}), ("newsletter.url", {"url": "", "mailto": ""})]
)
def test_a_letter_without_sender_or_way_out_is_refused(key: str, changes: dict[str, str]):
    own = publication(newsletter=replace(LETTER, **changes))

    with pytest.raises(UsageError) as refused:
        posting.message(chosen(story(1)), Parts("", ""), own, ANN, KEY)

    assert key == refused.value.where


HOSTILE = (
    "Bcc: everyone@reader.example\r\nX: y",
    "</a></h3><script>alert(1)</script><a href='javascript:x'>",
    "{{ issue.id }} {% raw %} %s {0}",
    "=?utf-8?q?=0D=0ABcc:_x?=",
    "\u202egnp.exe\u2066 \u0000 \x1b[31m",
    "--=_5f659685a27cdf13a5244072--",
    ".\r\n.\r\nMAIL FROM:<x@y.example>",
    "渦見水道で潮流発電の通年運転始まる" * 9,
    "👩‍👩‍👧 " * 50,
    "https://desk.ferries.example/letters/unsubscribe/AAAA",
)


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_changes_nothing_but_itself(title: str):
    """In a headline, a topic, a provider and the publication's own title: no header, no tag, no part is added."""
    own = publication(title=title, newsletter=replace(LETTER, sender="news@ferries.example"))
    issue = chosen(
        story(1, title=title, excerpt=title, provider=build.provider("p.example", name=title)), publication=own
    )
    raw, calm = letter(issue, settings=own), letter(chosen(story(1)))
    message = mail(raw)

    assert mail(calm).keys() == message.keys()
    assert [] == [defect for part in message.walk() for defect in part.defects]
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    page = content(raw, "html")
    tags = re.compile(r"<(?:script|/?a|/?h\d)\b")
    assert len(tags.findall(content(calm, "html"))) == len(tags.findall(page))
    assert not re.search(r"[\x00\x1b\u202e]", page + content(raw, "plain"))


@pytest.mark.parametrize("value", ["a\r\nBcc: b", "a\nb", "é\r\n\r\nbody", "=?utf-8?q?=0A?=", "x" * 300, "ж" * 300])
def test_no_value_begins_another_header(value: str):
    """Free text is one header of short lines, whatever stands in it; what is no free text must not hold a line end."""
    raw = encoding.unstructured("Subject", value) + b"\r\n"
    found = email.message_from_bytes(raw, policy=email.policy.default)

    assert (["Subject"], "") == (found.keys(), found.get_payload())
    assert "".join(value.split()) == "".join(str(found["Subject"]).split())
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    with pytest.raises(ValueError, match="line end"):
        encoding.structured("To", "<a@b.example>\r\nBcc: x")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=400), min_size=1, max_size=4))
def test_no_title_breaks_a_message(titles: list[str]):
    issue = chosen(*(story(n, title=title, excerpt=title) for n, title in enumerate(titles)))

    check(letter(issue), issue)


@pytest.mark.parametrize("title", ["Ferry & co <b> ", "渦見水道で潮流発電の", "&&&&&&&&&&&&", "Паромная линия "])
def test_five_hundred_stories_with_endless_titles_fit(title: str):
    """Whatever a day brings the message stays below 100 KB and its HTML below 80 KB; what has no place is counted."""
    long = [
        story(n, title=f"{n} " + (title * 10_000)[:10_000], excerpt=(title * 10_000)[:10_000], heat=100_000 - n)
        for n in range(500)
    ]
    issue = chosen(*long)
    raw = letter(issue)

    check(raw, issue)
    parts = composing.parts(issue, publication())
    assert 500 == parts.pieces + parts.more
    assert f"and {parts.more} more on the site" in content(raw, "html")
    assert f"and {parts.more} more on the site" in content(raw, "plain")


def test_cards_turn_into_headlines_before_headlines_are_left_out():
    """With more cards than fit the last ones lose their excerpts, and every headline stays."""
    many = publication(
        newsletter=replace(LETTER, size=50, provider_cap=99), topics=(build.topic("Ferries"),), profile="classic"
    )
    records = tuple(
        build.printed(n, published_at=NOW - timedelta(minutes=n), title=f"{n} " + "u" * 80, excerpt="ö" * 240)
        for n in range(70)
    )
    issue = choosing.choose(edition(publication=many, records=records), ())
    assert issue is not None

    parts = composing.parts(issue, many)

    assert (70, 0) == (parts.pieces, parts.more)
    assert 0 < parts.html.count('class="card"') < 70
    assert len(parts.html.encode()) < 80_000


def test_styles_stand_in_elements_and_dark_mode_in_a_style_element():
    page = content(letter(chosen(story(1))), "html")

    assert re.search(r'<h1 style="[^"]*font-size: 24px', page)
    assert "prefers-color-scheme: dark" in page
    assert '<meta name="color-scheme" content="light dark">' in page
    assert not re.search(r"<img|<link|<script|@import|url\(|#fff\b|#000\b|#ffffff|#000000", page)


def test_a_card_leads_to_the_other_reports_of_its_story():
    """To the page of the story, where one is printed; reports of the lead's own provider are no others."""
    own = story(1).lead
    more = [replace(own, url=f"https://q{n}.example/", provider=build.provider(f"q{n}.example")) for n in range(2)]
    told = story(1, articles=(own, replace(own, url="https://p1.example/again"), *more))
    page = "https://ferries.example/story/2026-03-02-line-1/"

    assert f'<a href="{page}" style="color: #0b4f94;">and 2 more</a>' in content(letter(chosen(told)), "html")
    bare = publication(outputs=("records", "newsletter"))
    assert "and 2 more" not in content(letter(chosen(told, publication=bare)), "html")


def test_the_preheader_is_the_excerpt_within_110_characters():
    issue = chosen(*(story(n, title=f"Line {n} " + "very " * 20) for n in range(4)))
    found = re.search(r'class="preheader"[^>]*>([^\u2007]*)', content(letter(issue), "html"))

    assert found is not None
    assert found[1].startswith("Line 0 very")
    assert len(found[1]) <= 110


def test_plain_text_is_wrapped_and_addresses_stand_on_lines_of_their_own():
    lines = content(letter(chosen(story(1, title="Ferry " * 40, excerpt="Boat " * 60))), "plain").splitlines()

    assert "Ferry Times (2026-03-02)" == lines[0]
    assert "=" * 24 == lines[1]
    assert "  P1: https://p1.example/1" in lines
    assert max(len(line) for line in lines if "://" not in line) <= 72


@needs("vnu-jar", commands=("java",))
def test_validators_find_nothing_in_an_issue(tmp_path: Path):
    """The HTML is valid, as the Nu checker sees it."""
    file = tmp_path / "issue.html"
    file.write_text(content(letter(chosen(*(story(n, topics=("Ferries", "Cranes")) for n in range(60)))), "html"))

    said = subprocess.run(["java", "-Xss4m", "-jar", str(VNU), str(file)], capture_output=True, text=True, check=False)

    assert "" == said.stderr


# --- links -----------------------------------------------------------------------------------------------------------


def test_a_token_is_good_for_its_purpose_address_and_key_alone():
    leave, join = tokens.leaving(KEY, ANN), tokens.joining(KEY, ANN, NOW)

    assert tokens.digest(ANN) == tokens.who_leaves(KEY, leave)
    assert (tokens.digest(ANN), NOW) == tokens.who_joins(KEY, join)
    assert tokens.who_leaves(KEY, join) is None
    assert tokens.who_joins(KEY, leave) is None
    assert tokens.who_leaves(KEY[::-1], leave) is None


@given(st.text(max_size=80))
def test_no_text_is_a_token(said: str):
    assert tokens.who_leaves(KEY, said) is None
    assert tokens.who_joins(KEY, said) is None


@pytest.mark.parametrize("at", range(24))
def test_a_token_with_one_other_letter_is_none(at: int):
    good = tokens.leaving(KEY, ANN)

    assert tokens.who_leaves(KEY, good[:at] + ("A" if good[at] != "A" else "B") + good[at + 1 :]) is None


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (" Ann@Reader.Example ", ANN),
        ("a.b+c@x-y.example", "a.b+c@x-y.example"),
        ("ann@größe.example", "ann@xn--gre-6ka8i.example"),
    ],
)
def test_an_address_has_one_spelling(given: str, found: str):
    assert found == addresses.normalised(given)


@pytest.mark.parametrize(
    "given",
    ["", "ann", "@x.example", "a@b", "a b@x.example", "a@x.example\r\nRCPT TO:<b@y.example>", "-x@x.example", '"a b"@x.example',
     "a..b@x.example", "a@-x.example", "a@x.example, b@x.example", "a@[127.0.0.1]", "a@127.0.0.1", "é@x.example", "a@" + "x" * 250 + ".example"],
)  # fmt: skip
def test_what_is_no_address_is_refused(given: str):
    with pytest.raises(ParseError):
        addresses.normalised(given)


# --- on the site -----------------------------------------------------------------------------------------------------


def printed(whole: Edition) -> dict[str, bytes]:
    return {file.path: file.data for file in output.render(whole)}


def test_the_record_has_the_predecessors_front_matter_and_no_subscribers_token():
    issue = chosen(story(1, title='Line "1"'), story(2))
    files = printed(edition(issues=(issue,)))
    record = files["_newsletters/ferry-times-2026-03-02.html"].decode()

    front = (
        '---\ntitle: "Ferry Times (2026-03-02)"\nexcerpt: "Line \\"1\\" / Ferry line 2 opens"\n'
        "publishedDateTime: 2026-03-02T12:00:00Z\n"
        'webUrl: "https://ferries.example/newsletter/ferry-times-2026-03-02/"\ntype: article\n\n'
        "topics:\n  - Ferries\n\n---\n"
    )
    assert front == record[: len(front)]
    assert files["newsletter/ferry-times-2026-03-02/index.html"].decode() == record[len(front) :]
    assert "nsubscribe" not in record
    assert printed(edition(issues=(issue,))) == files


def test_a_withdrawn_article_leaves_printed_issues():
    """Killed or held back it is shown no more; an issue of nothing else is gone, and so is the list without issues."""
    issue = chosen(story(1), story(2))
    killed = Outcome(url="https://p1.example/1", state="killed", reason="")
    held = Outcome(url="https://p2.example/2", state="held-back", reason="")

    assert b"line 1" in printed(edition(issues=(issue,)))["_newsletters/ferry-times-2026-03-02.html"]
    left = printed(edition(issues=(issue,), outcomes=(killed,)))
    assert [] == [path for path, data in left.items() if b"line 1" in data]
    assert {} == printed(edition(issues=(issue,), outcomes=(killed, held)))


def test_the_list_of_issues_begins_with_the_newest():
    first, second = chosen(story(1), now=NOW - DAY), chosen(story(2))
    page = printed(edition(issues=(first, second)))["newsletter/index.html"].decode()

    assert 0 < page.index("ferry-times-2026-03-02/") < page.index("ferry-times-2026-03-01/")


def test_readers_and_crawlers_find_the_issues():
    """The page of ways to subscribe leads to them, and sitemaps list those that are printed; nobody where there are
    none, or nothing is left of them."""
    issue = chosen(story(1, title="Line 1"))
    gone = tuple(Outcome(url=piece.article, state="killed", article=piece.article) for piece in issue.pieces)

    def found(whole: Edition) -> tuple[bool, list[str]]:
        page = next(file.data for file in site.render(whole) if file.path == "subscribe/index.html")
        return b'href="../newsletter/"' in page, [path for path, _ in output.addresses(whole)]

    assert (True, ["newsletter/", f"newsletter/{issue.id}/"]) == found(edition(issues=(issue,)))
    assert (False, []) == found(edition()) == found(edition(issues=(issue,), outcomes=gone))


def test_the_moment_of_an_issue_is_in_utc():
    assert datetime(2026, 3, 2, 12, tzinfo=UTC) == chosen(story(1)).at
