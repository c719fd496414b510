"""When an article was published and changed: which claim is taken, which are passed over and why, and in which zone."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet import dates
from broadsheet.extract import document, jsonld, markup
from broadsheet.extract.fields import published
from broadsheet.types import Entry

from .build import NOW, page

URL = "https://harbour.example/news/ferries-return"
PROSE = "".join(
    f"<p>The harbour master counted {n} ferries when the storm had passed, and wrote down what the pilots had told him "
    f"about the breakwater, the price of fodder and the patience of the passengers who stood in queue {n}.</p>"
    for n in ("three", "four", "five", "six", "seven", "eight")
)
LIST = "".join(
    f"<li><a href='/{n}'><h3>News {n}</h3></a><span class='date'>{n} February 2026</span></li>" for n in range(2, 8)
)


def ld(**values: object) -> str:
    node = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Ferries return"} | values
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def html(head: str = "", before: str = "", after: str = "", end: str = "", lang: str = "en") -> str:
    return (
        f"<html lang='{lang}'><head><title>Ferries return to Norhaven</title>{head}</head><body><header>"
        f"<nav>Home News</nav></header><main>{before}<h1>Ferries return to Norhaven</h1>{after}<div>{PROSE}</div>{end}"
        "</main></body></html>"
    )


def find(text: str, entry: Entry | None = None, url: str = URL, now: datetime = NOW, zone: str = ""):
    root = document.tree(page(text, url=url))
    named = document.by_name(root.iter())
    graph, _, metas, items, plain = markup.read(root, named, markup.meta_contents(named))
    told, weaker = jsonld.read(named, url)
    return published.find((told, graph, items, metas, plain, weaker), entry, root, url, now, zone=zone)


def feed(moment: datetime) -> Entry:
    return Entry(source="https://harbour.example/feed.xml", url=URL, published=moment)


def notes(found) -> dict[str, str]:
    return {claim.value: claim.note for claim in found.candidates}


@pytest.mark.parametrize(
    ("after", "lang"),
    [
        ("<time datetime='2026-02-14'>two weeks ago</time>", "en"),
        ("<p>By Ines Marsh | 14 February 2026</p>", "en"),
        ("<p class='meta'><span>February 14, 2026</span> · 4 min read</p>", "en"),
        ("<div>Published</div><div>Feb 14th, 2026</div>", "en"),
        ("<p>Posted on <b>14</b> <b>February</b> <b>2026</b></p>", "en"),
        ("<p class='byline'>14/02/2026</p>", "en"),
        ("<p>Veröffentlicht am 14. Februar 2026, von I. Marsch</p>", "de"),
        ("<p>Publié le 14 février 2026</p>", "fr"),
        ("<p>14 de febrero de 2026</p>", "es"),
        ("<p>Publikováno 14. února 2026</p>", "cs"),
        ("<p>14 lutego 2026</p>", "pl"),
        ("<p>14 февраля 2026</p>", "ru"),
        ("<p>2026年2月14日</p>", "ja"),
        ("<p>입력 2026.02.14</p>", "ko"),
        ("<p>14 Şubat 2026</p>", "tr"),
        ("<p>١٤ فبراير ٢٠٢٦</p>", "ar"),
        ("<p>14 กุมภาพันธ์ 2569</p>", "th"),
        ("<p>Đăng ngày 14 tháng 2, 2026</p>", "vi"),
    ],
)
def test_a_date_by_the_headline_is_read_in_many_languages(after, lang):
    assert datetime(2026, 2, 14, tzinfo=UTC) == find(html(after=after, lang=lang))[0].value


@pytest.mark.parametrize(
    ("end", "what"),
    [
        (f"<aside><ul>{LIST}</ul></aside>", "teasers"),
        ("<footer><p>© 2019-2026 The Harbour Post</p></footer>", "copyright"),
        ("<div class='comments'><p class='date'>27 February 2026</p><p>Well said.</p></div>", "a comment"),
        (
            "<p>The pier was opened on 3 June 1994 and closed on 4 May 2003, in a storm that nobody here forgot.</p>",
            "prose",
        ),
        ("<p>Register until 30 March 2026</p>", "a deadline"),
    ],
)
def test_dates_of_other_things_are_none_of_the_article(end, what):
    assert find(html(end=end))[0].value is None, what


def test_a_date_by_the_headline_is_preferred_to_a_list_of_others():
    text = html(before=f"<div class='latest'><ul>{LIST}</ul></div>", after="<p class='date'>14 February 2026</p>")

    assert datetime(2026, 2, 14, tzinfo=UTC) == find(text)[0].value


def test_the_last_change_is_not_the_publishing():
    """Both are shown: each goes to its own field."""
    dated, changed = find(html(after="<p>Updated: 20 February 2026</p><p>Published: 14 February 2026</p>"))

    assert (datetime(2026, 2, 14, tzinfo=UTC), datetime(2026, 2, 20, tzinfo=UTC)) == (dated.value, changed.value)


@pytest.mark.parametrize(
    "after",
    [
        "<p>Last updated: February 20, 2026</p>",
        "<div>Aktualisiert am</div><div>20.02.2026</div>",
        "<p>Mis à jour le 20 février 2026</p>",
        "<p>Actualizado: 20 de febrero de 2026</p>",
        "<p class='date-modified'>20 February 2026</p>",
        "<p>2026年2月20日更新</p>",
    ],
)
def test_a_change_alone_stands_for_the_publishing_and_its_place_says_so(after):
    dated = find(html(after=after))[0]

    assert datetime(2026, 2, 20, tzinfo=UTC) == dated.value
    assert dated.place.endswith("(updated), the only date")


def test_the_address_has_a_day_where_nothing_else_has():
    found = find(html(), url="https://harbour.example/2026/feb/14/ferries-return")[0]

    assert (datetime(2026, 2, 14, tzinfo=UTC), "address") == (found.value, found.place)


def test_the_end_of_the_title_has_a_day_where_nothing_else_has():
    text = html().replace("Norhaven</title>", "Norhaven | The Harbour Post | 14.02.2026</title>")

    assert (datetime(2026, 2, 14, tzinfo=UTC), "title element") == find(text)[0][:2]


def test_a_script_tells_the_minute_of_the_day_that_is_shown():
    text = html(
        head="<script>dataLayer.push({'publishedDate': '2026-02-14T08:30:00+01:00'})</script>",
        after="<p>Published 14 February 2026</p>",
    )

    assert (datetime(2026, 2, 14, 7, 30, tzinfo=UTC), "script") == find(text)[0][:2]


def test_scripts_that_date_many_articles_say_nothing():
    rows = ",".join(f'{{"published_at":"2026-02-{day:02}T08:30:00Z"}}' for day in range(1, 9))

    assert find(html(head=f"<script>var state = [{rows}]</script>"))[0].value is None


@pytest.mark.parametrize(
    "name", ["published-date", "article:published:time", "og:publish_date", "DC.date.issued", "PubDate"]
)
def test_metas_of_any_spelling_are_read(name):
    assert datetime(2026, 2, 14, 7, tzinfo=UTC) == find(html(head=meta(name, "2026-02-14T07:00:00Z")))[0].value


@pytest.mark.parametrize(
    ("raw", "note"),
    [
        ("2026-03-09T10:00:00Z", "in the future"),
        ("1970-01-01T00:00:00Z", "no date since 1990"),
        ("0", "no date since 1990"),
        ("tomorrow", "no date since 1990"),
        ("02/01/2026", "day or month first?"),
    ],
)
def test_an_impossible_claim_is_refused_with_its_reason(raw, note):
    """The next one is taken, and the refused one is still shown."""
    found = find(html(head=ld(datePublished=raw) + meta("article:published_time", "2026-02-14T07:00:00Z")))[0]

    assert (datetime(2026, 2, 14, 7, tzinfo=UTC), note) == (found.value, notes(found)[raw])


def test_the_clock_of_the_server_is_not_the_publishing():
    """A claim as old as the fetch loses to an older one."""
    rendered = (NOW - timedelta(minutes=1)).isoformat()
    found = find(html(head=ld(datePublished=rendered) + meta("article:published_time", "2026-02-14T07:00:00Z")))[0]

    assert (datetime(2026, 2, 14, 7, tzinfo=UTC), "time of rendering") == (found.value, notes(found)[rendered])


def test_a_claim_of_this_minute_stands_where_nothing_is_older():
    found = find(html(head=ld(datePublished=NOW.isoformat())))[0]

    assert (NOW, "json-ld datePublished") == (found.value, found.place)


def test_a_date_later_than_the_last_change_loses_to_an_older_one():
    head = ld(datePublished="2026-02-28T10:00:00Z", dateModified="2026-02-16T10:00:00Z")
    found = find(html(head=head + meta("article:published_time", "2026-02-14T07:00:00Z")))[0]

    assert (datetime(2026, 2, 14, 7, tzinfo=UTC), "later than the last change") == (
        found.value,
        notes(found)["2026-02-28T10:00:00Z"],
    )


def test_a_scheduled_article_was_changed_before_it_was_published():
    """Where no claim is older, a date of publishing after the last change stands."""
    dated, changed = find(html(head=ld(datePublished="2026-02-28T10:00:00Z", dateModified="2026-02-16T10:00:00Z")))

    assert (datetime(2026, 2, 28, 10, tzinfo=UTC), None) == (dated.value, changed.value)
    assert "not after publishing" == changed.candidates[0].note


def test_an_earlier_day_by_the_headline_is_before_an_import():
    text = html(head=ld(datePublished="2026-02-20T10:00:00Z"), after="<p class='date'>Published 3 May 2019</p>")
    found = find(text)[0]

    assert (datetime(2019, 5, 3, tzinfo=UTC), "an earlier day is shown") == (
        found.value,
        notes(found)["2026-02-20T10:00:00Z"],
    )


def test_a_later_day_by_the_headline_does_not_move_the_markups():
    text = html(head=ld(datePublished="2026-02-14T10:00:00Z"), after="<p class='date'>20 February 2026</p>")

    assert datetime(2026, 2, 14, 10, tzinfo=UTC) == find(text)[0].value


def test_the_template_of_a_site_is_no_article():
    """The node of the page counts only where the article's own says nothing."""
    node = {"@type": "WebPage", "datePublished": "2012-01-01T00:00:00Z"}
    head = ld(datePublished="2026-02-14T10:00:00Z") + f'<script type="application/ld+json">{json.dumps(node)}</script>'

    assert datetime(2026, 2, 14, 10, tzinfo=UTC) == find(html(head=head))[0].value


# --- zones -----------------------------------------------------------------------------------------------------------

LOCAL = ld(datePublished="2026-02-14T10:00:00")


@pytest.mark.parametrize(
    ("head", "after", "expected", "zone"),
    [
        ("", "<time datetime='2026-02-14T10:00+01:00'>14 February</time>", 9, "time element"),
        (meta("article:modified_time", "2026-02-15T19:00:00+01:00"), "", 9, "article:modified_time"),
        (meta("article:modified_time", "2026-02-15T19:00:00Z"), "", 10, ""),
        ("", "<p>14 February 2026, 10:00 CET</p>", 9, "shown date"),
    ],
)
def test_a_time_without_a_zone_takes_it_from_the_pages_other_times(head, after, expected, zone):
    found = find(html(head=LOCAL + head, after=after))[0]

    assert datetime(2026, 2, 14, expected, tzinfo=UTC) == found.value
    assert ("zone unknown" not in found.place) == bool(zone)


def test_an_offset_is_not_carried_across_a_change_of_the_clocks():
    """+02:00 in July says that it is not +02:00 in February, where summer time is kept."""
    found = find(html(head=LOCAL + meta("article:modified_time", "2025-07-15T19:00:00+02:00")))[0]

    assert datetime(2026, 2, 14, 10, tzinfo=UTC) == found.value
    assert found.place.endswith("(zone unknown, read as UTC)")


def test_an_offset_that_nobody_changes_is_carried():
    found = find(html(head=LOCAL + meta("article:modified_time", "2025-07-15T19:00:00+05:30")))[0]

    assert datetime(2026, 2, 14, 4, 30, tzinfo=UTC) == found.value


@pytest.mark.parametrize(("day", "hour"), [("2026-02-14", 9), ("2025-07-14", 8)])
def test_the_providers_zone_knows_summer_time(day, hour):
    found = find(html(head=ld(datePublished=f"{day}T10:00:00")), zone="Europe/Paris")[0]

    assert datetime.fromisoformat(f"{day}T{hour:02}:00:00+00:00") == found.value
    assert found.place.endswith("(zone: Europe/Paris)")


def test_the_feed_tells_the_zone_where_the_minutes_are_the_same():
    found = find(html(head=LOCAL), entry=feed(datetime(2026, 2, 14, 1, tzinfo=UTC)))[0]

    assert datetime(2026, 2, 14, 1, tzinfo=UTC) == found.value


def test_z_after_a_local_time_is_corrected_by_two_that_agree():
    head = ld(datePublished="2026-02-14T10:00:00Z") + meta("article:modified_time", "2026-02-14T10:00:00+01:00")
    one = find(html(head=head))[0]
    two = find(html(head=head, after="<time datetime='2026-02-14T10:00:00+01:00'>14 February</time>"))[0]

    assert (datetime(2026, 2, 14, 10, tzinfo=UTC), datetime(2026, 2, 14, 9, tzinfo=UTC)) == (one.value, two.value)


# --- the feed ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claim", "fed", "expected"),
    [
        ("2026-02-14T10:00:00Z", "2026-02-14T11:30:00+00:00", "2026-02-14T10:00:00+00:00"),  # the page's exact claim
        ("2026-02-14", "2026-02-14T11:30:00+00:00", "2026-02-14T11:30:00+00:00"),  # the feed tells the minute
        ("2026-02-14", "2026-03-02T11:59:00+00:00", "2026-02-14T00:00:00+00:00"),  # a feed that dates all anew
        ("", "2026-02-14T11:30:00+00:00", "2026-02-14T11:30:00+00:00"),
    ],
)
def test_page_and_feed_are_arbitrated_and_both_kept(claim, fed, expected):
    found = find(html(head=ld(datePublished=claim)), entry=feed(datetime.fromisoformat(fed)))[0]

    assert datetime.fromisoformat(expected) == found.value
    assert fed in notes(found)


def test_every_candidate_has_its_places():
    head = ld(datePublished="2026-02-14T10:00:00Z") + meta("article:published_time", "2026-02-14T10:00:00Z")
    claims = find(html(head=head, after="<p class='date'>14 February 2026</p>"))[0].candidates

    assert ("json-ld datePublished", "article:published_time") == claims[0].places
    assert ["published", "published"] == [claim.field for claim in claims]
    assert "14 February 2026" == claims[1].value


# --- ambiguous days ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "head", "expected"),
    [
        ("fr", "", "2026-02-01"),
        ("en-US", "", "2026-01-02"),
        ("en-GB", "", "2026-02-01"),
        ("en", meta("dc.date", "2026-02-01"), "2026-02-01"),
        ("en", meta("dc.date", "2026-01-02"), "2026-01-02"),
    ],
)
def test_an_ambiguous_day_is_settled_by_another_claim_or_the_language(lang, head, expected):
    found = find(html(head=meta("article:published_time", "01/02/2026") + head, lang=lang))[0]

    assert (expected, "article:published_time") == (f"{found.value:%Y-%m-%d}", found.place)


def test_an_ambiguous_day_is_not_guessed():
    found = find(html(head=meta("article:published_time", "01/02/2026")))[0]

    assert (None, "day or month first?") == (found.value, found.candidates[0].note)


# --- properties --------------------------------------------------------------------------------------------------------

_WRITTEN = st.sampled_from(
    [
        "2026-02-14T10:00",
        "14 February 2026",
        "Updated 3/4/2026",
        "2031-01-01",
        "0",
        "۱۴۰۴/۱۲/۰۱",
        "2569",
        "10:00",
        "Feb 30, 2026",
        "令和元年5月1日",
    ]
) | st.text(max_size=30)


@given(
    claims=st.lists(_WRITTEN, max_size=4),
    shown=st.lists(_WRITTEN, max_size=5),
    zone=st.sampled_from(["", "Asia/Tokyo", "x"]),
)
@settings(derandomize=True, max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_claimed_gives_a_sensible_time_in_utc_or_none(claims, shown, zone):
    """Never raises; a moment is aware, in UTC, since 1990 and no more than a day ahead; a change comes after it."""
    marks = [text.replace("<", "").replace("\0", "") for text in shown]
    body = "".join(f"<div class='date'><span>{text}</span> <time datetime='{text}'></time></div>" for text in marks)
    dated, changed = find(html(head=ld(datePublished=claims, dateModified=claims[::-1]), after=body), zone=zone)

    for found in (dated, changed):
        assert found.value is None or (
            found.value.tzinfo is UTC and dates.sensible(found.value, NOW + timedelta(hours=14))
        )
        assert bool(found.place) == (found.value is not None)
    assert not (dated.value and changed.value) or changed.value > dated.value


def test_a_page_full_of_dates_takes_time_in_proportion_only():
    """Twenty thousand dates, or things that look like one, are not all looked at."""
    many = "".join(f"<p>3 Smarch 2{n % 10:03}</p><i>20{n % 10}0</i>" for n in range(10_000))

    assert find(html(before=f"<div>{many}</div>"))[0].value is None
