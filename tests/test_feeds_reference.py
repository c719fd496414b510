"""The pages of the documentation on feeds say what the code does."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from broadsheet import plugins
from broadsheet.outputs import _archives, gone
from broadsheet.types import File, Publication

from . import coast, test_feed_archives
from .test_outputs_gone import CANCELED, EARLIER

REFERENCE, GUIDE = Path("docs/reference/feeds.md"), Path("docs/how-to/serve-the-site.md")
FOR_PROGRAMS = ("rss", "atom", "jsonfeed", "sitemap", "opml", "gone", "ninjs")


def rows() -> list[tuple[str, list[str]]]:
    """Output and the names of files of each row of the table."""
    found = re.findall(r"^\| `(\w+)` \| (.*?) \|", REFERENCE.read_text(), re.MULTILINE)
    return [(output, re.findall(r"`([^`]+\.\w+)`", files)) for output, files in found]


def pattern(name: str) -> re.Pattern[str]:
    """A file name as the table writes it: `MM-2` stands for every further number, `<id>` and `<page>` for any name."""
    plain = re.escape(name).replace("<id>", "[a-z-]+").replace("<page>", r"[\w-]+").replace("YYYY", r"\d{4}")
    return re.compile(
        "(topic/[a-z-]+/)?" + plain.replace(r"MM\-2", r"\d\d-\d+").replace("MM", r"\d\d").replace("N", r"\d+")
    )


def test_the_table_names_every_file_that_is_printed():
    """Of every output, over an edition with archives, sources and topics; and no file that is not."""
    printed: dict[str, list[str]] = {}
    for made in (test_feed_archives.months()[-1].edition, coast.edition()):
        for output in FOR_PROGRAMS:
            files = plugins.find("outputs", output).render(made)
            printed.setdefault(output, []).extend(one.path for one in files)
    named = {
        output: [p for name, paths in rows() if name == output for p in map(pattern, paths)] for output, _ in rows()
    }
    assert set(FOR_PROGRAMS) == named.keys()
    for output, paths in printed.items():
        assert [] == [path for path in paths if not any(p.fullmatch(path) for p in named[output])]
        unused = [p.pattern for p in named[output] if not any(map(p.fullmatch, paths))]
        assert unused in ([], [pattern("sitemap-N.xml").pattern])


def test_ninjs_alone_is_off_by_default():
    assert {"ninjs"} == set(plugins.names("outputs")) - set(Publication(title="T", url="https://t.example/").outputs)


def test_numbers_on_the_page_are_those_of_the_code():
    text = " ".join(REFERENCE.read_text().split())
    assert (100, 50, 30) == (_archives.MOST, _archives.FOLLOWING, _archives.REMEMBERED.days)
    for words in ("a hundred stories at most", "once fifty newer ones", "For thirty days"):
        assert words in text


def test_the_guides_line_for_nginx_makes_a_map_of_it(tmp_path):
    """The very command of the guide, run on a real list, gives lines that nginx takes."""
    (tmp_path / "site").mkdir()
    for file in gone.render(coast.edition(1, withdrawn=(CANCELED, EARLIER))):
        assert isinstance(file, File)
        (tmp_path / "site" / file.path).write_bytes(file.data)
    command = re.search(r"^(sed .* > gone\.map)", GUIDE.read_text(), re.MULTILINE)[1]
    subprocess.run(["sh", "-c", command], cwd=tmp_path, check=True, timeout=20)
    lines = (tmp_path / "gone.map").read_text().splitlines()
    assert ["/story/2026-02-01-anchor/ 410;", "/story/2026-03-01-zebra/ 410;"] == lines
