"""What the registry promises: it shows who is held, and what it writes reads back the same and replaces nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from broadsheet import config, record
from broadsheet.cli import run
from broadsheet.errors import UsageError
from broadsheet.run import opened, registering
from broadsheet.run.judging import judge
from broadsheet.types import Image, Provider

from .build import article, provider
from .test_providers import icon, ld, read


@pytest.fixture
def folder(tmp_path) -> Path:
    """A publication that holds three articles of the Harbour Post, which name it in two ways, and one of the Coast."""
    assert 0 == run(["init", str(tmp_path / "p"), "--title", "Ferries"])
    names = ["Harbour Media", "The Harbour Post", "The Harbour Post"]
    held = [
        read(
            ld(publisher={"name": name, "logo": {"url": "/logo.png", "width": 50, "height": 50}}),
            url=f"https://www.harbour-post.example/news/{n}",
        )
        for n, name in enumerate(names)
    ]
    with opened(tmp_path / "p") as (settings, store):
        held.append(article(9, url="https://coast.example/9", provider=provider("coast.example", name="Coast")))
        store.put_articles([judge(settings, one) for one in held], ())
    return tmp_path / "p"


def test_the_list_shows_who_is_held_and_what_pages_call_them(folder, capsys):
    """Most articles first, names by frequency; as JSON for machines, as a table for people."""
    capsys.readouterr()
    assert 0 == run(["providers", "-C", str(folder), "--json"])
    rows = json.loads(capsys.readouterr().out)
    assert 0 == run(["providers", "-C", str(folder)])
    table = capsys.readouterr().out

    assert ["harbour-post.example", "coast.example"] == [row["domain"] for row in rows]
    assert (3, False, "The Harbour Post") == tuple(rows[0][key] for key in ("articles", "known", "name"))
    assert {"The Harbour Post": 2, "Harbour Media": 1} == rows[0]["names"]
    assert [{"url": "https://www.harbour-post.example/logo.png", "width": 50, "height": 50}] == rows[0]["logos"]
    assert "The Harbour Post (2), Harbour Media (1)" in table


def test_adding_writes_a_file_that_reads_back_as_the_same_provider(folder, capsys):
    """In the predecessor's form, byte for byte the same each time; from then on the provider is known."""
    capsys.readouterr()
    path = folder / "organizations" / "harbour-post.example.md"

    assert 0 == run(["providers", "add", "-C", str(folder), "harbour-post.example", "--tier", "2"])
    assert "added harbour-post.example as The Harbour Post\n" == capsys.readouterr().out
    first = path.read_bytes()
    assert (
        "---\ntaxonomy: organization\n_id: harbour-post.example\nname: The Harbour Post\ndomain: harbour-post.example\n"
        "tier: 2\nimages:\n  - url: https://www.harbour-post.example/logo.png\n    width: 50\n    height: 50\n---\n"
    ) == first.decode()
    with opened(folder) as (settings, _):
        assert "The Harbour Post" == settings.organizations[0].name
        assert 2 == settings.organizations[0].tier
    assert 0 == run(["providers", "add", "-C", str(folder), "harbour-post.example", "--force"])
    assert first == path.read_bytes()
    assert (True, 2) == next((r.known, r.tier) for r in registering.listing(folder) if r.articles == 3)


@pytest.mark.parametrize(
    "one",
    [
        Provider(domain="a.example", name="Yes", known=True),
        Provider(domain="a.example", name='#1: "News" # of \\ all', known=True, tier=3),
        Provider(domain="192.0.2.7", name="1.5", known=True),
        Provider(domain="a.example", name="A", known=True, zone="Europe/Paris", owner="No: 1"),
        Provider(domain="xn--mnchen-3ya.example", name="Münchner Blatt – täglich", known=True),
        Provider(domain="a.example", name="A", known=True, images=(Image(url="https://a.example/l%20o.png?v=1&w=2"), icon(50), icon(400))),
    ],
)  # fmt: skip
def test_any_provider_survives_its_file(one):
    """Names that YAML would read as something else, addresses without sizes, A-labels."""
    files = {"broadsheet.toml": b'title = "T"\nurl = "https://ferries.example/"', "topics/0.yaml": b"_id: f\nname: F\n"}
    files["organizations/x.md"] = record.dump_organization(one)

    assert (one,) == config.parse(files).organizations


def test_a_file_that_is_there_is_never_replaced_unasked(folder, capsys):
    """Whatever its name; nothing at all is written then. With --force it is replaced where it is."""
    (folder / "organizations").mkdir()
    mine = folder / "organizations" / "post.md"
    mine.write_text("---\nname: Mine\ndomain: Harbour-Post.example\nimages:\n  - url: /assets/m.png\n---\n")
    before = mine.read_bytes()
    capsys.readouterr()

    assert 2 == run(["providers", "add", "-C", str(folder), "coast.example", "harbour-post.example"])
    assert "organizations/post.md" in capsys.readouterr().err
    assert ([mine], before) == (list((folder / "organizations").iterdir()), mine.read_bytes())
    assert 0 == run(["providers", "add", "-C", str(folder), "harbour-post.example", "--name", "Ours", "--force"])
    assert [mine] == list((folder / "organizations").iterdir())
    assert ["name: Ours", "  - url: /assets/m.png"] == [
        line for line in mine.read_text().splitlines() if line.startswith(("name", "  - url"))
    ]


@pytest.mark.parametrize(
    ("words", "args"),
    [
        ("no domain", ["../../etc/passwd"]),
        ("no domain", ["..", "coast.example"]),
        ("no domain", ["https://coast.example/"]),
        ("no domain", ["coast.example:80"]),
        ("no domain", ["co\x00ast.example"]),
        ("no domain", ["coast..example"]),
        ("no domain", ["[2001:db8::1]"]),
        ("no domain", [""]),
        ("write harbour-post.example", ["www.harbour-post.example"]),
        ("one name for several", ["a.example", "b.example", "--name", "A"]),
        ("tier 7", ["a.example", "--tier", "7"]),
    ],
)
def test_what_is_no_domain_writes_nothing(folder, capsys, words, args):
    """No path comes of a domain but organizations/DOMAIN.md, and one wrong word stops all of it."""
    before = sorted(folder.rglob("*"))
    capsys.readouterr()

    assert 2 == run(["providers", "add", "-C", str(folder), *args])
    assert words in capsys.readouterr().err
    assert before == sorted(folder.rglob("*"))


def test_a_domain_in_other_letters_or_never_seen_can_be_added(folder):
    """The file is named by the A-label; without an article the name is made of the domain."""
    (found, other) = registering.add(folder, ["MÜNCHEN.example", "new-coast.example"])

    assert ("xn--mnchen-3ya.example", "München") == (found.domain, found.name)
    assert "New Coast" == other.name
    assert (folder / "organizations" / "xn--mnchen-3ya.example.md").is_file()


def test_a_domain_below_another_can_be_added_where_a_source_files_under_it(folder):
    """It is then a provider of its own, as the editor wants it."""
    with pytest.raises(UsageError):
        registering.add(folder, ["blog.coast.example"])
    (folder / "sources.opml").write_text(
        '<opml version="2.0"><body><outline xmlUrl="https://coast.example/f" provider="blog.coast.example"/></body></opml>'
    )

    assert "blog.coast.example" == registering.add(folder, ["blog.coast.example"])[0].domain
