"""The command line: bad input gives one line, the right exit code, and loses nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_type_hints

import pytest

from broadsheet.cli import run
from broadsheet.cli.options import app
from broadsheet.config import _wire

from .test_run import web  # noqa: F401  (a fixture)

NOW = "2026-03-02T12:00Z"


@pytest.fixture
def ferries(tmp_path) -> Path:
    """A publication as `init` makes it."""
    assert 0 == run(["init", str(tmp_path / "ferries"), "--title", "Ferries"])
    return tmp_path / "ferries"


def said(capsys) -> str:
    """What a failing command printed on standard error: exactly one line."""
    err = capsys.readouterr().err
    assert 1 == len(err.splitlines()), err
    assert err.startswith("broadsheet: ")
    return err


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["update", "--colour"], 2, "--colour"),
        (["upgrade"], 2, "upgrade"),
        (["why"], 2, "key"),
        (["update", "--now", "yesterday"], 2, "yesterday"),
        (["update", "--executor", "threads"], 2, "threads"),
        (["update", "--offline", "nowhere"], 2, "nowhere"),
        (["extract", "nowhere.html"], 2, "nowhere.html"),
        (["entries", "nowhere.xml"], 2, "nowhere.xml"),
        (["record", "check", "nowhere.md"], 2, "nowhere.md"),
        (["cluster", "nowhere.jsonl"], 2, "nowhere.jsonl"),
        (["import", "nowhere"], 2, "nowhere"),
        (["why", "https://never.example/seen"], 2, ""),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(ferries, capsys, monkeypatch, args, code, words):
    monkeypatch.chdir(ferries)
    capsys.readouterr()

    assert code == run(args)
    assert words in said(capsys)


def test_a_folder_that_is_no_publication_says_what_to_do(tmp_path, capsys):
    assert 2 == run(["update", "-C", str(tmp_path)])
    assert "broadsheet init" in said(capsys)


@pytest.mark.parametrize(
    ("path", "data", "words"),
    [
        ("broadsheet.toml", 'title = "x', "broadsheet.toml"),
        ("topics/01-a.yaml", "_id: a\nname: Ferries\nparent: Ferries\n", "two topics are named Ferries"),
        ("topics/01-a.yaml", "_id: a\nname: A\nparent: Boats\n", "parent Boats of topic A does not exist"),
        ("sources.opml", "<opml>", "sources.opml"),
    ],
)
def test_broken_settings_stop_a_cycle_and_lose_nothing(ferries, capsys, path, data, words):
    """The cycle refuses, tells the file, and goes on as before once it is mended."""
    assert 0 == run(["update", "-C", str(ferries), "--now", NOW])
    stored = (ferries / ".broadsheet" / "store.db").stat().st_size
    before = (ferries / path).read_bytes() if (ferries / path).exists() else None
    capsys.readouterr()
    (ferries / path).write_text(data)

    assert 2 == run(["update", "-C", str(ferries), "--now", NOW])
    assert words in said(capsys)
    assert stored == (ferries / ".broadsheet" / "store.db").stat().st_size
    (ferries / path).unlink() if before is None else (ferries / path).write_bytes(before)
    assert 0 == run(["update", "-C", str(ferries), "--now", NOW])


def test_init_refuses_a_folder_that_has_one(ferries, capsys):
    capsys.readouterr()

    assert 2 == run(["init", str(ferries)])
    assert "already" in said(capsys)


def test_init_with_a_title_full_of_quotes_makes_readable_settings(tmp_path, capsys):
    title = 'Docks: "north" & #south\\ — ‘all’'

    assert 0 == run(["init", str(tmp_path / "x"), "--title", title])
    capsys.readouterr()
    assert 0 == run(["config", "dump", "-C", str(tmp_path / "x"), "--json"])
    assert title == json.loads(capsys.readouterr().out)["title"]


def test_an_unwritable_site_fails_and_the_next_cycle_prints(ferries, capsys, web):  # noqa: F811
    """Where a file stands in the way of the site, one line says so; once it is gone, everything is printed."""
    web.point(ferries)
    (ferries / "site").write_text("in the way")
    capsys.readouterr()

    assert 1 == run(["update", "-C", str(ferries), "--now", NOW, "--json"])
    assert "site" in said(capsys)
    (ferries / "site").unlink()
    assert run(["update", "-C", str(ferries), "--now", NOW, "--json"]) in (0, 3)
    assert list((ferries / "site" / "_news").glob("*.md"))


def test_a_second_writer_is_refused(ferries, capsys):
    """While one process holds the folder, another gets one line and touches nothing."""
    from broadsheet import files

    with files.lock(ferries):
        capsys.readouterr()
        code = run(["update", "-C", str(ferries), "--now", NOW])

    assert 2 == code or 1 == code
    assert "wait" in said(capsys)


def test_a_store_that_is_no_database_is_told(ferries, capsys):
    (ferries / ".broadsheet").mkdir(exist_ok=True)
    (ferries / ".broadsheet" / "store.db").write_bytes(b"not a database at all, but long enough to look" * 50)
    capsys.readouterr()

    assert 1 == run(["update", "-C", str(ferries), "--now", NOW])
    assert "store.db" in said(capsys)


def test_entries_of_an_empty_feed_are_none_and_of_no_feed_an_error(tmp_path, capsys):
    """An empty feed is fine; something else is one line that names the file, and the others are still read."""
    empty, page = tmp_path / "empty.xml", tmp_path / "page.xml"
    empty.write_text('<rss version="2.0"><channel><title>t</title></channel></rss>')
    page.write_text("<!DOCTYPE html><html><body><p>Not found</p></body></html>")

    assert 0 == run(["entries", str(empty)])
    capsys.readouterr()
    assert 3 == run(["entries", str(page), str(empty)])
    assert "page.xml" in said(capsys)


def test_record_check_tells_each_problem_and_counts(tmp_path, capsys):
    good, bad = tmp_path / "2026-03-02-a.md", tmp_path / "2026-03-02-b.md"
    good.write_text(
        '---\ncategory: news\ntitle: "A"\nexcerpt: ""\npublishedDateTime: 2026-03-02T10:00:00Z\n'
        'originalUrl: "https://a.example/1"\nwebUrl: "https://a.example/1"\ntype: article\nquality: 10\nheat: 10\n'
        'published: false\n\nprovider:\n  name: A\n  domain: a.example\n\ntopics:\n  - Ferries\n\nsecured: "x;y"\n---\n\n'
    )
    bad.write_text("no front matter")

    assert 0 == run(["record", "check", str(good)])
    capsys.readouterr()
    assert 1 == run(["record", "check", str(good), str(bad), "--json"])
    counted = json.loads(capsys.readouterr().out)
    assert (2, 1, [str(bad)]) == (counted["files"], counted["identical"], list(counted["problems"]))


def test_cluster_reads_lines_and_groups_them(tmp_path, capsys):
    """Two wordings of one report share a story, another event does not; ids come back as they were given."""
    lines = [
        {
            "id": 1,
            "title": "Storm closes the ferry port of Norhaven",
            "text": "The port of Norhaven closed in the storm.",
        },
        {"id": "b", "title": "Norhaven ferry port closed by storm", "text": "A storm has closed the port of Norhaven."},
        {"id": 3, "title": "Bakers win the regional chess final", "text": "The bakers of Lund won at chess."},
    ]
    file = tmp_path / "in.jsonl"
    file.write_text(
        "\n".join(json.dumps(x | {"publishedDateTime": "2026-03-02T10:00:00Z", "language": "en"}) for x in lines)
    )

    assert 0 == run(["cluster", str(file)])
    found = {r["id"]: r["story"] for r in map(json.loads, capsys.readouterr().out.splitlines())}

    assert [1, "b", 3] == list(found)
    assert found[1] == found["b"] != found[3]


def test_every_command_is_in_the_reference():
    """docs/reference/cli.md lists every command, and no other."""
    listed = set(
        re.findall(
            r"^\| `broadsheet ([a-z ]+?)(?: [\[A-Z].*)?` \|", Path("docs/reference/cli.md").read_text(), re.MULTILINE
        )
    )
    single = {c.name or (c.callback.__name__ if c.callback else "") for c in app.registered_commands}
    grouped = {
        f"{group.name} {c.name or ''}".strip()
        for group in app.registered_groups
        for c in (group.typer_instance.registered_commands if group.typer_instance else [])
    }

    alone = {group.name for group in app.registered_groups if group.typer_instance.registered_callback}

    assert listed == single | grouped | alone


def test_every_setting_is_in_the_reference():
    """docs/reference/publication.md names every key of broadsheet.toml."""
    text = Path("docs/reference/publication.md").read_text()
    kinds = get_type_hints(_wire.PublicationFile)
    tables = {name: kind for name, kind in kinds.items() if getattr(kind, "__struct_fields__", None)}

    assert {"stories", "records", "fetch", "store"} <= tables.keys()
    assert [] == [name for name in kinds if f"`{name}`" not in text and f"`[{name}]`" not in text]
    for table, kind in tables.items():
        keys = [
            k for k in kind.__struct_fields__ if f"`[{table}]` `{k}`" not in text and f"`[{table}.{k}]`" not in text
        ]
        assert [] == keys


def test_no_command_shows_the_help(capsys):
    """It is wrong usage by its exit code, and help by what it prints."""
    assert 2 == run([])
    assert "Usage: broadsheet" in capsys.readouterr().out


def test_a_command_that_does_not_exist_is_one_clean_line(capsys):
    assert 2 == run(["frob"])
    assert "broadsheet: No such command 'frob': see broadsheet --help\n" == capsys.readouterr().err


def test_add_takes_a_feed_a_page_that_names_one_and_an_opml_file(ferries, capsys, web):  # noqa: F811
    """Each way leads to a source in sources.opml; what is no feed is one line, and the others are still added."""
    web.point(ferries)
    (ferries / "sources.opml").write_text('<opml version="2.0"><head/><body>\n  </body></opml>')
    web.bodies["http://p1.example/"] = (
        b'<html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head><body>P1</body></html>'
    )
    web.bodies["http://p3.example/none"] = b"<html><body>No feed here</body></html>"
    (ferries / "list.opml").write_text(
        '<opml><body><outline text="P2" xmlUrl="http://p2.example/feed.xml"/></body></opml>'
    )
    capsys.readouterr()
    there = ["http://p0.example/feed.xml", "http://p1.example/", str(ferries / "list.opml")]

    assert 3 == run(["add", "-C", str(ferries), *there, "http://p3.example/none", "http://p0.example/feed.xml"])
    assert "names none" in said(capsys)
    listed = (ferries / "sources.opml").read_text()
    assert ["http://p0.example/feed.xml", "http://p1.example/feed.xml", "http://p2.example/feed.xml"] == re.findall(
        r'xmlUrl="(.*?)"', listed
    )
    assert 0 == run(["update", "-C", str(ferries), "--now", NOW])


def test_why_explains_with_points_that_add_up(ferries, capsys, web):  # noqa: F811
    """As JSON: quality and heat are the exact sums of their reasons, and the evidence, story and gate are there."""
    web.point(ferries)
    run(["update", "-C", str(ferries), "--now", NOW])
    capsys.readouterr()

    assert 0 == run(["why", "-C", str(ferries), "http://p0.example/1/0-0", "--json"])
    found = json.loads(capsys.readouterr().out)

    assert found["quality"] == sum(reason["points"] for reason in found["qualityReasons"])
    assert found["heat"] == sum(reason["points"] for reason in found["heatReasons"])
    assert "Ferries" in found["topics"] and found["evidence"] and found["grouped"] and "publish_at" in found["gate"]
    assert ["http://p0.example/feed.xml"] == found["listedBy"]
