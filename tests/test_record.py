"""record: files come back byte for byte, no value changes the structure, what is wrong is told with its line."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from broadsheet import record
from broadsheet.errors import RecordError
from broadsheet.types import Image, Provider
from tests import build

WHOLE = """---
category: news
title: "The \\"Osprey\\" sails"
excerpt: "First line.\\r\\nSecond\\tline."
publishedDateTime: 2021-05-27T21:34:00Z
originalUrl: "https://harbour.example/osprey"
webUrl: "https://harbour.example/osprey"
ampWebUrl: "https://harbour.example/amp/osprey"
cdnAmpWebUrl: "https://harbour-example.cdn.ampproject.org/c/s/harbour.example/amp/osprey"
type: article
quality: 72
heat: 92
published: true

provider:
  name: Harbour Post
  domain: harbour.example
  images:
    - url: "https://ferries.example/assets/harbour.example-50x50.jpg"
      width: 50
      height: 50

topics:
  - Ferries
  - New boats

images:
  - url: "https://harbour.example/osprey.jpg"
    width: 1200
    height: 630
    isCached: true
    title: "The Osprey, at sea"

related:
  - title: "A new boat"
    excerpt: ""
    publishedDateTime: 2021-05-27T20:00:00Z
    webUrl: "https://coast.example/boat"
    type: article
    provider:
      name: Coast
      domain: coast.example
    quality: 40
    images:
      - url: "https://coast.example/boat.jpg"
        width: 300
        height: 200
        isCached: true

secured: "c2VhbGVk;aXY="
---

"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_whole_record_comes_back_byte_for_byte(newline):
    """Every key that a record can have is read and printed at its place, with the file's own line ends."""
    data = WHOLE.replace("\n", newline).encode()

    value, found = record.parse(data)

    assert newline == found
    assert data == record.dump(value, found)
    assert () == record.check(data)


def test_a_record_without_sealed_text_ends_after_its_last_block():
    """Without `secured` the front matter closes after the blank line of the last block."""
    assert record.dump(build.record()).endswith(b"topics:\n  - Ferries\n\n---\n\n")


def test_a_removed_record_says_so_between_heat_and_published():
    """`removed` stands only where it is true."""
    removed = record.dump(build.record(removed=True, published=False))

    assert b"heat: 80\nremoved: true\npublished: false\n" in removed
    assert b"removed" not in record.dump(build.record())


@pytest.mark.parametrize(
    "name",
    ["a: b", "a #b", "- a", "", " a", "a:", "null", "No", "12", "1.5", "0x1f", "12:30", "2021-01-01", "~", "[a]", "{a",
     "*a", "&a", "!a", "%a", "@a", "`a", "'a", '"a"', "|", ">", "a\nb: c", "=", "1e3", "---", ",a", "? a", "tab:\tb"],
)  # fmt: skip
def test_a_plain_value_is_quoted_where_yaml_would_read_something_else(name):
    """Names and topics that are YAML syntax or typed values are quoted, and read back as text by any reader."""
    data = record.dump(build.record(provider=build.provider(name=name), topics=("Ferries", name)))
    front = yaml.safe_load(data.decode().split("\n---\n")[0])

    assert name == front["provider"]["name"] == front["topics"][1]
    assert () == record.check(data)


@pytest.mark.parametrize(
    "name", ["9to5Boats", "E! Online", "O'Hara's Blog", "Port.example", "a-b", "C#", "What? Now", "AT&T", "-x", "3D"]
)
def test_a_plain_value_stays_plain_where_yaml_allows_it(name):
    """Nothing is quoted without need, because every quote is a changed line."""
    assert f"  name: {name}\n".encode() in record.dump(build.record(provider=build.provider(name=name)))


HOSTILE = st.text(
    st.characters(codec="utf-8") | st.sampled_from("\n\r\"\\\x85\u2028\u2029\ufeff:#- \t\0'"), max_size=40
)


@given(title=HOSTILE, name=HOSTILE, topic=HOSTILE)
def test_no_text_changes_anything_but_itself(title, name, topic):
    """Whatever a title, a name or a topic holds, it reads back as it was, and so does everything beside it."""
    made = build.record(
        title=title, excerpt=title, provider=Provider(domain="harbour.example", name=name), topics=(topic,)
    )

    assert (made, "\n") == record.parse(record.dump(made))


def test_a_lone_surrogate_becomes_the_replacement_character():
    """What UTF-8 cannot hold does not stop the edition."""
    assert "a\ufffdb" == record.parse(record.dump(build.record(title="a\ud800b")))[0].title


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("quality: 72", "quality: many", 11, "no whole number"),
        ("quality: 72", "quallity: 72", 11, "unknown key quallity"),
        ("published: true", "published: yes", 13, "neither true nor false"),
        ("2021-05-27T21:34:00Z", "2021-05-27 21:34", 5, "no UTC time"),
        ("2021-05-27T21:34:00Z", "2021-02-31T21:34:00Z", 5, "no UTC time"),
        ("name: Harbour Post", "name: Harbour: Post", 16, "broken YAML"),
        ("name: Harbour Post", "name: &a Harbour", 16, "anchors"),
        ("topics:\n  - Ferries\n  - New boats", "topics: Ferries", 23, "not a list"),
        ("---\n\n", "---\n\nMore text\n", 53, "text after the front matter"),
        ("category: news\n", "", 1, "no front matter"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line_and_advice(old, new, line, what):
    """A broken record raises RecordError that names the line, and never anything else."""
    broken = WHOLE.replace(old, new, 1) if line > 1 else WHOLE.removeprefix("---\n")

    with pytest.raises(RecordError, match=what) as caught:
        record.parse(broken.encode())

    assert caught.value.where.startswith(f"line {line}")
    assert caught.value.advice


@given(st.binary(max_size=200))
def test_any_bytes_give_a_record_or_our_error(data):
    """Bytes of any kind in a record's place end in RecordError, and check never raises."""
    assert record.check(b"---\n" + data)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("category: news\n", "", "no category"),
        ("heat: 92\n", "", "no heat"),
        ("published: true", "removed: true\npublished: true", "removed and published"),
        ("heat: 92", "heat: -1", "another member leads"),
        ("type: article\nquality", "type: podcast\nquality", "type podcast"),
        ('ampWebUrl: "https://harbour.example/amp/osprey"\n', "", "stand together"),
        ('url: "https://harbour.example/osprey.jpg"', 'url: "javascript:alert(1)"', "no absolute http"),
        ("quality: 72\nheat: 92", "heat: 92\nquality: 72", "keys out of order: line 11: quality comes before heat"),
        ("  name: Harbour Post", '  name: "Harbour Post"', "line 16: it would be '  name: Harbour Post'"),
        ("secured", "\nsecured", "does not print back"),
    ],
)
def test_check_names_each_broken_rule(old, new, problem):
    """A file that parses and breaks one rule of the format gets one sentence that says which."""
    assert any(problem in told for told in record.check(WHOLE.replace(old, new, 1).encode()))


def test_a_stub_is_right_as_it_is():
    """A record without quality, heat and published is read and checked without complaint."""
    assert () == record.check(record.dump(build.record(quality=None, heat=None, published=None)))


def test_a_file_name_is_the_utc_day_and_the_slug():
    """The day in a name is that of UTC, whatever zone the time came in."""
    late = datetime.fromisoformat("2026-03-02T22:30:00-05:00")

    assert "2026-03-03-dont-panic-95.md" == record.file_name(
        late, "Don't panic: 95%", "https://a.example/", "a.example", ()
    )


def test_a_title_without_a_slug_takes_domain_and_hash():
    """Two titles in a script that leaves no slug have two names."""
    first, second = (
        record.file_name(build.NOW, "港口新闻", url, "news.harbour.example", ())
        for url in ("https://harbour.example/1", "https://harbour.example/2")
    )

    assert first.startswith("2026-03-02-news-harbour-example-")
    assert len("2026-03-02-news-harbour-example-12345678.md") == len(first)
    assert first != second


def test_a_name_in_use_gets_a_number():
    """The second and third article with one title on one day get -2 and -3."""
    taken = {"2026-03-02-fog.md"}
    for _ in range(2):
        taken.add(record.file_name(build.NOW, "Fog", "https://a.example/", "a.example", taken))

    assert {"2026-03-02-fog.md", "2026-03-02-fog-2.md", "2026-03-02-fog-3.md"} == taken


def test_an_imported_article_keeps_what_its_record_states():
    """Topics and quality of a record stand, each with where it comes from; its text is cleaned of entities."""
    held = build.record(
        title="Fish &amp; chips\r\n", web_url="HTTPS://Harbour.example/1?utm_source=x", topics=("A", "B")
    )

    article = record.to_article(held, "2026-03-02-fish.md", build.NOW)

    assert "https://harbour.example/1" == article.url == record.identity(held)
    assert "Fish & chips" == article.title
    assert [("A", "record"), ("B", "record")] == [(hit.topic, hit.where) for hit in article.hits]
    assert (80, 80) == (article.quality, sum(reason.points for reason in article.reasons))
    assert held.published_at == article.published == article.first_seen


def test_a_record_without_an_address_cannot_be_imported():
    """Identity is the canonical URL: a record that names none is an error that names its file."""
    with pytest.raises(RecordError, match=r"2026-fog\.md"):
        record.to_article(build.record(web_url=None, original_url="mailto:a@b.example"), "2026-fog.md", build.NOW)


def test_a_record_survives_the_way_through_an_article():
    """What an import brought is printed again as it was, but for what only records can say."""
    held = build.record(
        images=(Image(url="https://harbour.example/1.jpg", width=10, height=10),),
        amp_url="https://harbour.example/amp/1",
        cdn_amp_url="https://harbour-example.cdn.ampproject.org/c/s/harbour.example/amp/1",
    )
    article = record.to_article(held, "x.md", build.NOW)

    assert held == record.from_article(article, heat=80, published=True, related=())


def test_an_embedded_video_has_no_web_url():
    """A video with a page of ours keeps its original address only."""
    video = build.article(
        1, web_url="", featured_content="<iframe src='https://video.example/1'></iframe>", type="video"
    )

    made = record.from_article(video, heat=70, published=True, related=())

    assert (None, video.original_url) == (made.web_url, made.original_url)
    assert video.original_url == record.related_of(video).web_url


def test_an_original_address_is_printed_as_the_one_for_readers():
    """originalUrl and webUrl are equal wherever both stand: a feed's click-tracking link is not printed."""
    tracked = build.article(1, original_url="https://clicks.example/?to=1")

    made = record.from_article(tracked, heat=70, published=True, related=())

    assert made.web_url == made.original_url == tracked.web_url


@pytest.mark.parametrize("amp_url", ["", "javascript:alert(1)", "/amp/1", "https:/\\"])
def test_a_false_amp_address_leaves_both_amp_keys_out(amp_url):
    """The AMP page and its cache address stand together or not at all."""
    made = record.from_article(build.article(1, amp_url=amp_url), heat=70, published=True, related=())

    assert (None, None) == (made.amp_url, made.cdn_amp_url)


def test_a_record_carries_one_small_logo_with_an_absolute_address():
    """Of a provider's logos the one of 50 pixels is printed; relative addresses mean nothing in a record."""
    logos = (
        Image(url="/assets/50.jpg", width=50, height=50),
        Image(url="https://ferries.example/400.jpg", width=400, height=400),
        Image(url="https://ferries.example/50.jpg", width=50, height=50),
    )
    article = build.article(1, provider=build.provider(images=logos, known=True))

    made = record.from_article(article, heat=70, published=True, related=(record.related_of(article),))

    assert logos[2:] == made.provider.images
    assert () == made.related[0].provider.images


def test_a_removed_article_is_never_published():
    """An editor's veto wins over heat."""
    made = record.from_article(build.article(1), heat=99, published=True, related=(), removed=True)

    assert (True, False) == (made.removed, made.published)
    assert () == record.check(record.dump(msgspec.structs.replace(made, topics=("Ferries",))))


def test_times_are_printed_in_utc_without_fractions():
    """Any aware time is printed as UTC to the second."""
    moment = datetime(2026, 3, 2, 12, 0, 0, 999_999, tzinfo=UTC)

    assert b"publishedDateTime: 2026-03-02T12:00:00Z\n" in record.dump(build.record(published_at=moment))
