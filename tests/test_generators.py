"""examples/: Hugo, Jekyll, Eleventy and Astro build sites of a publication's records, every word as it is."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import lxml.html
import pytest

from broadsheet.outputs import records
from broadsheet.types import Image, PrintedRecord, Provider, Related

from . import build

EXAMPLES = Path(__file__).parent.parent / "examples"
NODE = Path(__file__).parent / "clients/node_modules"
TITLES = (
    "Plain words",
    'A "quoted" word, a \\ backslash, a `tick` and an end with \\',
    "Key: value # no comment",
    "--- a document",
    "... an end",
    "{{ page.title }} {% raw %} {% endraw %} {{< figure >}} ${title} {title} <%= x %>",
    "<script>alert(1)</script> & &amp; &lt;b&gt;",
    "{a: b}",
    "[x, y]",
    "| block",
    "!!binary aGk=",
    "&anchor *alias",
    "%YAML 1.1",
    "null",
    "2026-03-02",
    "12:30:45",
    "0x1F",
    "'single'",
    "\u062d\u0631\u0643\u0629 \u0627\u0644\u0639\u0628\u0627\u0631\u0627\u062a",
    "港口的渡轮 🚢 e\u0301",
    "a\u2028b\u0085c\ufeffd",
)
NAMES = (  # which a reader of YAML 1.1 or 1.2 would take for something else where they stand without quotes
    "No", "Null", "1.5e3", "0x1F", "12:30:45", "=", "<<", "2026-03-02", "~", "Yes & No: #1", "- dash", "? ask", "@at",
    "`tick", "%pct", "1_000", ".inf", "0o17", "+1", "y", "'quoted'",
)  # fmt: skip


def news() -> list[PrintedRecord]:
    """One record for each title; every third is not published, one is removed, one is a video without an address."""
    made = [
        PrintedRecord(
            name=f"2026-03-02-headline-{n}.md",
            record=build.record(
                n + 1,
                title=title,
                excerpt=f"{title}.",
                published=n % 3 != 2,
                heat=80 if n % 3 != 2 else 20,
                provider=Provider(domain="harbour.example", name=NAMES[n]),
                topics=("Ferries", NAMES[n]),
            ),
        )
        for n, title in enumerate(TITLES)
    ]
    other = Related(
        title=TITLES[1],
        published=build.NOW,
        web_url="https://quay.example/1",
        provider=build.provider("quay.example"),
        quality=60,
        images=(Image(url="https://quay.example/1.jpg", width=10, height=20, is_cached=True, title="Quay"),),
    )
    further = (
        ("2026-03-01-headline-0", {"title": TITLES[0], "published_at": build.NOW - timedelta(days=1)}),
        ("2026-02-28-lead", {"title": "Leads", "related": (other,), "secured": "bs1.k.n.c"}),
        ("2026-02-28-removed", {"title": "Removed", "removed": True, "published": False}),
        (
            "2026-02-28-film",
            {
                "title": "Film",
                "type": "video",
                "web_url": None,
                "excerpt": "",
                "featured_content": '<iframe src="https://v.example/"></iframe>',
                "published_at": build.NOW + timedelta(days=3650),
            },
        ),
    )
    made += [PrintedRecord(name=f"{name}.md", record=build.record(90, **facts)) for name, facts in further]
    return made


class Generator(NamedTuple):
    """How an example is built. output: where its pages are. link: under which name it finds the records."""

    command: tuple[str, ...]
    everything: tuple[str, ...]  # the same with what is not published
    output: str
    link: str = ""
    needs: str = ""  # a package of Node beside the program


GENERATORS = {
    "hugo": Generator(("hugo", "--quiet"), ("hugo", "--quiet", "-D"), "public"),
    "jekyll": Generator(("jekyll", "build", "-q"), ("jekyll", "build", "-q", "--unpublished"), "_site", "_news"),
    "eleventy": Generator(
        ("node_modules/.bin/eleventy", "--quiet"), ("node_modules/.bin/eleventy",), "_site", "news", "@11ty/eleventy"
    ),
    "astro": Generator(
        ("node_modules/.bin/astro", "build"), ("node_modules/.bin/astro", "build"), "dist", needs="astro"
    ),
}
Build = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def publication(tmp_path_factory) -> Path:
    """A publication folder with its records printed."""
    folder = tmp_path_factory.mktemp("publication")
    edition = build.edition(*sorted(news(), key=lambda one: one.name))
    for file in records.render(edition):
        path = folder / "site" / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.data)
    return folder


def built(publication: Path, name: str, *, everything: bool, folder: str = "") -> subprocess.CompletedProcess[str]:
    """Build the example beside the site, as its README says; the pages are below `publication / folder`."""
    one = GENERATORS[name]
    if one.needs and not (NODE / one.needs).is_dir():
        pytest.skip(f"{one.needs} is not installed in tests/clients")
    if not one.needs and shutil.which(one.command[0]) is None:
        pytest.skip(f"{one.command[0]} is not installed")
    here = publication / (folder or name)
    shutil.copytree(EXAMPLES / name, here)
    if one.link:
        (here / one.link).symlink_to("../site/_news")
    if one.needs:
        (here / "node_modules").symlink_to(NODE.resolve())
    more = {"UNPUBLISHED": "1"} if everything else {}
    command = one.everything if everything else one.command
    environment = {k: v for k, v in os.environ.items() if k != "UNPUBLISHED"} | {"ASTRO_TELEMETRY_DISABLED": "1"} | more
    return subprocess.run(command, cwd=here, env=environment, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.slow
@pytest.mark.parametrize("everything", [False, True], ids=["published", "everything"])
@pytest.mark.parametrize("name", GENERATORS)
def test_a_generator_shows_exactly_the_published_records_and_with_drafts_all(publication, name, everything):
    """A page for each at an address of its own, title, provider, excerpt and topics as they are; the list names all of
    them, the newest first."""
    folder = f"{name}-{'everything' if everything else 'published'}"
    done = built(publication, name, everything=everything, folder=folder)
    assert (0, "") == (done.returncode, done.stderr if done.returncode else ""), done.stdout

    shown = {one.name.removesuffix(".md"): one.record for one in news() if everything or one.record.published}
    output = publication / folder / GENERATORS[name].output
    pages = {
        path.parent.name: lxml.html.fromstring(path.read_bytes().decode()) for path in output.glob("news/*/index.html")
    }
    found = {
        key: (
            page.findtext(".//title"),
            page.find(".//h1").text_content(),
            page.find_class("provider")[0].text_content(),
            page.find_class("excerpt")[0].text_content(),
            page.find_class("topics")[0].text_content(),
        )
        for key, page in pages.items()
    }
    assert {
        key: (one.title, one.title, one.provider.name, one.excerpt, ", ".join(one.topics)) for key, one in shown.items()
    } == found
    index = lxml.html.fromstring((output / "index.html").read_bytes().decode())
    listed = [(link.get("href").strip("/").split("/")[-1], link.text_content()) for link in index.findall(".//li/a")]
    newest = sorted(shown, key=lambda key: -shown[key].published_at.timestamp())
    assert sorted((key, shown[key].title) for key in shown) == sorted(listed)
    assert [shown[key].published_at for key in newest] == [shown[key].published_at for key, _ in listed]
    (related,) = pages["2026-02-28-lead"].find_class("related")
    assert [("https://quay.example/1", TITLES[1])] == [(a.get("href"), a.text_content()) for a in related.iter("a")]
    assert ["/atom.xml"] == [link.get("href") for link in index.findall(".//link[@rel='alternate']")]


@pytest.mark.slow
def test_astros_schema_refuses_a_record_with_a_key_of_another_kind(publication):
    """It is strict, so that what the test above builds is what the reference says, key for key."""
    folder = publication.parent / "other"
    shutil.copytree(publication / "site/_news", folder / "site/_news")
    one = folder / "site/_news/2026-02-28-lead.md"
    one.write_text(one.read_text().replace("    quality: 60\n", "    quality: 60\n    heat: 60\n"))

    done = built(folder, "astro", everything=False)

    assert done.returncode != 0
    assert "heat" in done.stdout + done.stderr
