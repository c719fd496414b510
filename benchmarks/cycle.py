"""A whole `update --offline` on real pages: the edition, that it repeats, pages per CPU-second, its largest costs."""

from __future__ import annotations

import cProfile
import gzip
import hashlib
import json
import pstats
import resource
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from broadsheet.run import Report, update

NOW = datetime(2026, 3, 1, tzinfo=UTC)
TOPIC = "_id: world\nname: World\nkeywords: [the]\n"
TOML = 'title = "Offline"\nurl = "https://offline.example/"\npublish_at = {gate}\n'


def main(data: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        pages = archive(data, work / "saved")
        first, again, other, shuffled = (work / label for label in ("first", "again", "other", "shuffled"))
        for folder in (first, other):
            publication(folder, reverse=False)
        publication(shuffled, reverse=True)
        archive(data, work / "reversed", reverse=True)
        profile = cProfile.Profile()
        report, seconds = timed(first, work / "saved")
        print(f"  {report.stories} stories of {report.kept} articles kept; {report.fetched} of {pages} pages fetched")
        print(f"  {report.fetched / seconds:.1f} pages per CPU-second of the whole update ({seconds:.1f} s)")
        print(f"  dropped: {report.dropped}")
        print(f"  second time, same clock: {update(first, NOW, offline=work / 'saved').written} files written")
        update(other, NOW, offline=work / "saved")
        update(shuffled, NOW, offline=work / "reversed")
        print(f"  same tree in another folder: {tree(first) == tree(other)}")
        print(f"  same tree from the reversed order: {tree(first) == tree(shuffled)}")
        publication(again, reverse=False)
        profile.runcall(update, again, NOW, offline=work / "saved")
        costs(profile)


def publication(folder: Path, *, reverse: bool) -> None:
    (folder / "topics").mkdir(parents=True)
    (folder / "broadsheet.toml").write_text(TOML.format(gate=70))
    (folder / "topics" / "00-world.yaml").write_text(TOPIC)
    lines = [
        f'<outline text="{n}" kind="{kind}" topics="World" xmlUrl="https://saved.example/{name}"/>'
        for n, (kind, name) in enumerate(
            (("sitemap", "publishers.xml"), ("sitemap", "pages.xml"), ("feed", "feed0"), ("feed", "feed1"))
        )
    ]
    body = "".join(reversed(lines) if reverse else lines)
    (folder / "sources.opml").write_text(f'<opml version="2.0"><head/><body>{body}</body></opml>')


def archive(data: Path, folder: Path, *, reverse: bool = False) -> int:
    """A folder of saved pages with an index: every page of both sets, two sitemaps that list them, two real feeds."""
    folder.mkdir(parents=True)
    publishers = [json.loads(line) for line in (data / "pages-publishers" / "gold.jsonl").read_text().splitlines()]
    mixed = [
        json.loads(line) for line in gzip.decompress((data / "pages-wcxb" / "gold.jsonl.gz").read_bytes()).splitlines()
    ]
    pages = {
        "publishers.xml": [(data / "pages-publishers" / "html" / g["file"], g["url"]) for g in publishers],
        "pages.xml": [(data / "pages-wcxb" / "html" / f"{g['id']}.html.gz", g["url"]) for g in mixed if g.get("url")],
    }
    rows: list[dict[str, str]] = []
    for name, listed in pages.items():
        for file, url in listed:
            (folder / file.name).write_bytes(file.read_bytes())
            rows.append({"file": file.name, "url": url})
        links = "".join(f"<url><loc>{escape(url)}</loc></url>" for _, url in (reversed(listed) if reverse else listed))
        (folder / name).write_text(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{links}</urlset>')
        rows.append({"file": name, "url": f"https://saved.example/{name}", "contentType": "application/xml"})
    for n, feed in enumerate(sorted((data / "feeds" / "real").glob("*.gz"))[:2]):
        (folder / f"feed{n}.gz").write_bytes(feed.read_bytes())
        rows.append({"file": f"feed{n}.gz", "url": f"https://saved.example/feed{n}"})
    (folder / "index.jsonl").write_text("\n".join(json.dumps(r) for r in (reversed(rows) if reverse else rows)))
    return sum(len(listed) for listed in pages.values())


def escape(url: str) -> str:
    return url.replace("&", "&amp;").replace("<", "&lt;")


def timed(folder: Path, saved: Path) -> tuple[Report, float]:
    before = resource.getrusage(resource.RUSAGE_SELF)
    report = update(folder, NOW, offline=saved)
    after = resource.getrusage(resource.RUSAGE_SELF)
    return report, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def tree(folder: Path) -> dict[str, str]:
    site = folder / "site"
    return {
        str(p.relative_to(site)): hashlib.sha256(p.read_bytes()).hexdigest() for p in site.rglob("*") if p.is_file()
    }


ROOMS = {
    "trafilatura/": "text extraction (trafilatura)",
    "lxml/": "lxml",
    "broadsheet/extract": "structured data (extract)",
    "broadsheet/cluster": "grouping",
    "broadsheet/dedupe": "near-duplicates",
    "broadsheet/tag": "topics",
    "broadsheet/store": "store",
    "sqlalchemy/": "store",
    "broadsheet/outputs": "outputs",
    "jinja2/": "outputs",
    "broadsheet/files": "files and git",
    "subprocess": "files and git",
    "broadsheet/text": "text cleaning",
    "broadsheet/sources": "sources",
}


def costs(profile: cProfile.Profile) -> None:
    """Share of own time by room, largest three first."""
    spent: Counter[str] = Counter()
    total = 0.0
    for (file, _, _), (_, _, own, _, callers) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        total += own
        shares = {file: own}
        if file == "~" and callers:  # a built-in counts for the Python that called it
            shares = {caller[0]: value[2] for caller, value in callers.items()}
        for where, seconds in shares.items():
            room = next((label for part, label in ROOMS.items() if part in where), "other")
            spent[room] += seconds
    print("  largest costs: " + ", ".join(f"{room} {100 * n / total:.0f} %" for room, n in spent.most_common(4)))
