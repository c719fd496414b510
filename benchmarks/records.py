"""Records of the predecessor: bytes that come back, its laws reproduced, its topics found again, and how fast."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from broadsheet import config, plugins, record, tag
from broadsheet.types import Article, PrintedRecord, Publication, Record, Story

NOW = datetime(2026, 1, 1, tzinfo=UTC)  # after every record
VENDOR = "microsoft.com"
LAW = ("classic_topics", "classic_keywords", "classic_image", "classic_amp", "classic_title_length")
PROVIDER_POINTS = (0, 40, 50, 100, 150)

Site = tuple[Publication, dict[str, PrintedRecord]]


def main(data: Path) -> None:
    folder = data / "records"
    files = sorted(folder.glob("*/_news/*.md"))
    if not files:
        print(f"  no records in {folder}")
        return
    bytes_back(files)
    expected = json.loads((folder / "expected.json").read_bytes())
    sites = {path.name: site(path) for path in sorted(folder.iterdir()) if path.is_dir()}
    heat(sites, expected)
    quality(sites, expected)
    topics(sites, expected)


def bytes_back(files: list[Path]) -> None:
    contents = [file.read_bytes() for file in files]
    started = time.process_time()
    read = [record.parse(content) for content in contents]
    middle = time.process_time()
    written = [record.dump(value, newline) for value, newline in read]
    ended = time.process_time()
    same = sum(a == b for a, b in zip(contents, written, strict=True))
    valid = sum(not record.check(content) for content in contents)
    print(f"  identical bytes {same} of {len(files)}; no rule broken {valid} of {len(files)}")
    print(
        f"  read {len(files) / (middle - started):,.0f} records/s, print {len(files) / (ended - middle):,.0f} records/s"
    )


def site(path: Path) -> Site:
    """A publication with the predecessor's topics and organisations, and its records by file name."""
    beside = {f"topics/{f.name}": f.read_bytes() for f in (path / "_data/topics").glob("*.yaml")}
    beside |= {f"organizations/{f.name}": f.read_bytes() for f in (path / "_data/organizations").glob("*.md")}
    top = f'title = "{path.name}"\nurl = "https://records.example/"\nprofile = "classic"\nvendor = "{VENDOR}"\n'
    publication = config.parse({"broadsheet.toml": top.encode()} | beside)
    records = {}
    for file in sorted((path / "_news").glob("*.md")):
        value, newline = record.parse(file.read_bytes())
        records[file.name] = PrintedRecord(name=file.name, record=value, newline=newline)
    return publication, records


def each(sites: dict[str, Site], expected: dict[str, Any]) -> Iterator[tuple[str, Publication, Record, Article, Any]]:
    """File, publication, record, article (its title as stored, entities and all) and expectation of every record."""
    for name, (publication, records) in sites.items():
        for printed in records.values():
            article = record.to_article(printed.record, printed.name, NOW)
            article = msgspec.structs.replace(article, title=printed.record.title)
            key = f"{name}/{printed.name}"
            yield key, publication, printed.record, article, expected[key]


def heat(sites: dict[str, Site], expected: dict[str, Any]) -> None:
    """Heat and publication from stored quality and members, by the leaf and the gate of 70."""
    files = {(s, record.identity(p.record)): name for s, (_, records) in sites.items() for name, p in records.items()}
    leaf = plugins.find("heat", "classic")
    right, missed = 0, []
    for key, publication, value, article, want in each(sites, expected):
        here, _, name = key.partition("/")
        members = [(-article.quality, name, article)]
        for item in value.related:
            other = msgspec.structs.replace(article, url=record.identity(item), quality=item.quality)
            members.append((-item.quality, files.get((here, other.url), "~"), other))
        members.sort(key=lambda member: member[:2])
        story = Story(id=key, name=name, articles=tuple(member[2] for member in members))
        got = leaf.points(story, publication, 1.0).points if story.lead is article else -1
        if (got, got >= publication.publish_at and not value.removed) == (want["heat"], want["published"]):
            right += 1
        else:
            missed.append(f"{key}: heat {got}, stored {want['heat']}")
    print(f"  heat and published {right} of {len(expected)}", *missed, sep="\n    ")


def quality(sites: dict[str, Site], expected: dict[str, Any]) -> None:
    """Quality from the record's own fields, with the provider's points by the rule and fitted."""
    leaves = [plugins.find("quality", name) for name in LAW]
    provider = plugins.find("quality", "classic_provider")
    by_rule, fitted, missed = 0, 0, []
    for key, publication, _, article, want in each(sites, expected):
        points = sum(leaf.points(article, publication, 1.0).points for leaf in leaves)
        share = provider.points(article, publication, 1.0).points
        by_rule += max(0, points + share) == want["quality"]
        if any(max(0, points + p) == want["quality"] for p in PROVIDER_POINTS):
            fitted += 1
        else:
            missed.append(f"{key}: {points} without its provider, stored {want['quality']}")
    print(f"  quality by the rule {by_rule} of {len(expected)}")
    print(f"  quality with the provider's points fitted {fitted} of {len(expected)}", *missed, sep="\n    ")


def topics(sites: dict[str, Site], expected: dict[str, Any]) -> None:
    """Exact topic sets from title (and excerpt, for `standard`), every source being filed under the root."""
    for profile in ("classic", "standard"):
        for name, (publication, records) in sites.items():
            right, started = 0, time.process_time()
            for _, _, _, article, want in each({name: (publication, records)}, expected):
                bare = msgspec.structs.replace(article, topics=(), hits=(), source_topics=(publication.root.name,))
                right += set(tag.tag(bare, publication.topics, profile=profile).topics) == set(want["topics"])
            rate = len(records) / (time.process_time() - started)
            print(f"  topics, {profile}: {name} {right} of {len(records)} exact sets ({rate:,.0f} records/s)")
