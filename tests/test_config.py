"""The publication folder is read into settings, and every mistake in it is told with its place."""

from __future__ import annotations

import pytest

from broadsheet import config
from broadsheet.errors import UsageError
from broadsheet.types import Source

ROOT = b"_id: ferries\nname: Ferries\nkeywords:\n  - ferry\n"
CHILD = b"_id: docks\nname: Docks\nparent: Ferries\nkeywords: [dock]\n"
TOML = b'title = "Ferry Times"\nurl = "https://ferries.example"\n'
OPML = b'<opml version="2.0"><head/><body><outline text="a" xmlUrl="https://a.example/feed"/>\n  </body></opml>'


def folder(**changes: bytes) -> dict[str, bytes]:
    return {"broadsheet.toml": TOML, "topics/00-ferries.yaml": ROOT, "topics/01-docks.yaml": CHILD} | {
        path.replace("__", "/"): data for path, data in changes.items()
    }


def test_a_small_folder_is_enough():
    """Title, address and one topic make a publication; the address ends with a slash."""
    publication = config.parse({"broadsheet.toml": TOML, "topics/00-ferries.yaml": ROOT})

    assert ("Ferry Times", "https://ferries.example/", 70) == (
        publication.title,
        publication.url,
        publication.publish_at,
    )


def test_topics_stand_in_the_order_of_their_files():
    publication = config.parse(folder())

    assert ["Ferries", "Docks"] == [topic.name for topic in publication.topics]
    assert "Ferries" == publication.root.name


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"broadsheet.toml": b"title = "}, "broken TOML"),
        ({"broadsheet.toml": b"\xff\xfe"}, "broken TOML"),
        ({"broadsheet.toml": TOML + b"colour = 3\n"}, "colour"),
        ({"broadsheet.toml": TOML + b'publish_at = "high"\n'}, "publish_at"),
        ({"broadsheet.toml": b'title = "x"\n'}, "url"),
        ({"broadsheet.toml": b'title = "x"\nurl = "file:///etc/passwd"\n'}, "file is not http"),
        ({"broadsheet.toml": TOML + b'profile = "loud"\n'}, "profile loud is unknown"),
        ({"topics/02-again.yaml": b"_id: again\nname: Docks\nparent: Ferries\n"}, "two topics are named Docks"),
        ({"topics/02-again.yaml": b"_id: docks\nname: Piers\nparent: Ferries\n"}, "two topics have the id docks"),
        ({"topics/01-docks.yaml": b"_id: docks\nname: Docks\nparent: Feries\n"}, "did you mean Ferries?"),
        ({"topics/01-docks.yaml": b"_id: docks\nname: Docks\n"}, "2 topics have no parent"),
        ({"topics/00-ferries.yaml": b"_id: ferries\nname: Ferries\nparent: Docks\n"}, "its own ancestor"),
        ({"topics/01-docks.yaml": b"_id: ../x\nname: Docks\nparent: Ferries\n"}, "no file name"),
        ({"topics/01-docks.yaml": b"_id: docks\nname: Docks\nparent: Ferries\nkeywords: dock\n"}, "not a list"),
        ({"topics/01-docks.yaml": b"a: &x [1]\nb: *x\n"}, "aliases are not allowed"),
        ({"topics/01-docks.yaml": b"- [\n"}, "broken YAML"),
        ({"sources.opml": b"<opml><body>"}, "broken OPML"),
        ({"sources.opml": OPML.replace(b"https:", b"gopher:")}, "gopher is not http"),
        ({"sources.opml": OPML.replace(b"text=", b'topics="Trains" text=')}, "topic Trains"),
        ({"organizations/x.md": b"---\nname: X\n---\n"}, "needs `domain` and `name`"),
    ],
)
def test_a_mistake_is_told_with_its_place(files, said):
    """Each mistake gives one line that names what is wrong and the file it stands in."""
    with pytest.raises(UsageError) as caught:
        config.parse(folder() | files)

    assert said in str(caught.value)
    assert next(iter(files)).split("/")[0] in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_entity_in_opml_opens_no_file():
    """A DOCTYPE that names a local file puts nothing of it into the settings."""
    bomb = b'<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + OPML.replace(b'"a"', b'"&x;"')

    try:
        titles = [source.title for source in config.parse_opml(bomb)]
    except UsageError:
        titles = []

    assert all(title in ("", "https://a.example/feed") for title in titles)


def test_adding_a_source_keeps_the_rest_of_the_file():
    """The new outline stands before </body>; every other byte is as it was, and it reads back the same."""
    new = Source(url="https://b.example/feed?a=1&b=2", kind="sitemap", title='B "quoted" <b>', tier=2)

    changed = config.with_sources(OPML, (new,))

    assert changed.startswith(OPML.partition(b"\n  </body>")[0])
    assert [new] == [source for source in config.parse_opml(changed) if source.url == new.url]


def test_the_fingerprint_changes_with_what_judging_depends_on():
    """A new keyword makes stored judgements stale; a new title of the publication does not."""
    before = config.parse(folder()).fingerprint

    assert before == config.parse(folder(**{"broadsheet.toml": TOML.replace(b"Times", b"News")})).fingerprint
    assert before != config.parse(folder() | {"topics/01-docks.yaml": CHILD.replace(b"dock]", b"pier]")}).fingerprint


def test_every_setting_has_a_default_that_is_the_one_in_types():
    """The publication file and the settings agree on every default."""
    from broadsheet.types import FetchLimits, Publication

    made = config.parse({"broadsheet.toml": TOML, "topics/00-ferries.yaml": ROOT})
    bare = Publication(title=made.title, url=made.url)
    given = {"topics", "topic_files", "fingerprint"}

    assert FetchLimits() == made.fetch
    assert {n: getattr(bare, n) for n in bare.__struct_fields__ if n not in given} == {
        n: getattr(made, n) for n in made.__struct_fields__ if n not in given
    }


def test_who_owns_whom_and_how_fast_topics_age_are_settings():
    """`owner` of an organisation, hours of a topic, and the share of a page; a topic that does not exist is named."""
    organization = b"---\nname: Harbour\ndomain: harbour.example\nowner: house.example\n---\n"
    topic = b"_id: ferries\nname: Ferries\n"
    top = 'title = "T"\nurl = "https://t.example/"\n[front]\nprovider_share = 0.5\n[stories.half_life]\n'
    files = {"topics/0.yaml": topic, "organizations/harbour.md": organization}

    found = config.parse(files | {"broadsheet.toml": (top + "Ferries = 72\n").encode()})

    assert ("house.example", 0.5, {"Ferries": 72.0}) == (
        found.organizations[0].owner,
        found.provider_share,
        found.half_lives,
    )
    with pytest.raises(UsageError, match=r"topic Feries does not exist: .*half_life.*: did you mean Ferries"):
        config.parse(files | {"broadsheet.toml": (top + "Feries = 72\n").encode()})
    for share in ("0.0", "1.5", '"half"'):
        with pytest.raises(UsageError):
            config.parse(files | {"broadsheet.toml": top.replace("0.5", share).encode()})
