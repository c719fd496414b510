"""Stories: grouping of four sets against gold, beside five peers; order, churn, series, reprints, records, scale.

Broadsheet has one set of parameters for all; each peer has its parameter chosen on the answers of each set, its best
case. Peers get one language at a time. With STORIES=quick in the environment the scale ends at its first step.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

from broadsheet import cluster, dates, record
from broadsheet.cluster import Member
from broadsheet.language import primary
from broadsheet.text import tokens

from . import _crowd, _groupers

SETS = {
    "stream": "leads in ten languages",
    "headlines": "headlines",
    "snippets": "snippets",
    "posts": "short posts",
}
DAYS = 14
SHUFFLES = 6
OURS = {"broadsheet": False} | ({"broadsheet, dense": True} if _crowd.options(with_dense=True, pruned=True) else {})
ALIKE = 0.8  # cosine of two titles of one day from which they should be in one story
APART = 0.25  # below this, rarity of words counted, two titles of a story may be two announcements


class Row(NamedTuple):
    """An article of a set with its gold: the story, which article it reprints, what it says of its kind."""

    member: Member
    story: str
    name: str
    reprint_of: str


Score = dict[str, float]


def main(data: Path) -> dict[str, Any] | None:
    sets = {name: read(data / "stories" / f"{name}-dev.jsonl") for name in SETS}
    if not all(sets.values()):
        print(f"  no articles in {data / 'stories'}")
        return None
    found: dict[str, Any] = {name: figures(name, rows) for name, rows in sets.items()}
    found_records = {name: of_records(data / "records", dense) for name, dense in OURS.items()}
    largest = _crowd.STEPS[0] if os.environ.get("STORIES") == "quick" else _crowd.STEPS[-1]
    kept = {"sets": found, "records": found_records, "scale": scale(data, largest)}
    print(table({"date": "today", "machine": "this machine"} | kept))
    return kept


def read(file: Path) -> list[Row]:
    """The articles of a set in order of arrival."""
    rows = []
    for line in file.read_bytes().splitlines() if file.exists() else ():
        row = json.loads(line)
        published = dates.parse(row["publishedDateTime"])
        assert published is not None
        member = Member(
            url=str(len(rows)),
            title=row["title"],
            text=row.get("text") or "",
            published=published,
            language=row.get("language") or "",
            provider=row.get("provider") or "",
            slug=cluster.slug(row.get("url") or ""),
        )
        rows.append(Row(member, row.get("storyMono") or row["story"], str(row["id"]), row.get("reprintOf") or ""))
    return rows


# --- groupings -------------------------------------------------------------------------------------------------------


def ours(members: Sequence[Member], dense: bool) -> tuple[list[str], list[str], float, float]:
    """Stories at arrival and in the end, and the CPU seconds of each call."""
    options = _crowd.options(dense, pruned=True)
    started = time.process_time()
    arrival = [membership.story for membership in cluster.stream(members, DAYS, **options)]
    middle = time.process_time()
    final = [membership.story for membership in cluster.final(members, DAYS, **options)]
    return arrival, final, middle - started, time.process_time() - middle


def peer(grouper: _groupers.Grouper, rows: Sequence[Row]) -> tuple[list[str], str, float]:
    """The grouping with the best F1, its parameter, and the CPU seconds of a run with that alone."""
    places: dict[str, list[int]] = defaultdict(list)
    for n, row in enumerate(rows):
        places[primary(row.member.language)].append(n)
    labels: dict[str, list[str]] = defaultdict(lambda: [""] * len(rows))
    seconds: Counter[str] = Counter()
    for language, at in places.items():
        for run in grouper([f"{rows[n].member.title} {rows[n].member.text}" for n in at]):
            seconds[run.parameter] += run.seconds
            for n, label in zip(at, run.labels, strict=True):
                labels[run.parameter][n] = f"{language} {label}"
    gold = [row.story for row in rows]
    best = max(labels, key=lambda parameter: bcubed(gold, labels[parameter])["F1"])
    return labels[best], best, seconds[best]


def figures(name: str, rows: Sequence[Row]) -> dict[str, Any]:
    """Of one set: each grouper's marks, and what else is asked of ours."""
    print(f"  {SETS[name]}: {len(rows)} articles, {len({row.story for row in rows})} stories")
    gold, members = [row.story for row in rows], [row.member for row in rows]
    groupers: dict[str, Any] = {}
    more: dict[str, Any] = {}
    for label, dense in OURS.items():
        arrival, final, first, second = ours(members, dense)
        groupers[f"{label}, at arrival"] = marks(gold, arrival, first)
        groupers[f"{label}, final"] = marks(gold, final, second)
        more[label] = {
            "churn": share(a != b for a, b in zip(arrival, final, strict=True)),
            "halves": halves(gold, final),
        }
        if not dense:
            more[label]["shuffled"] = shuffled(rows)
        if name == "stream":
            more[label] |= {"series": series(rows, final), "reprints": reprints(rows, final)}
        print(f"    {label}: {json.dumps(more[label])}")
    for label, grouper in _groupers.PEERS.items():
        labels, parameter, seconds = peer(grouper, rows)
        groupers[label] = marks(gold, labels, seconds) | {"parameter": parameter}
    for label, row in groupers.items():
        print(f"    {label}: {json.dumps(row)}")
    return {"articles": len(rows), "stories": len(set(gold)), "groupers": groupers, "ours": more}


def marks(gold: Sequence[str], found: Sequence[str], seconds: float) -> Score:
    return bcubed(gold, found) | {"stories": len(set(found)), "perSecond": round(len(gold) / seconds)}


def bcubed(gold: Sequence[str], found: Sequence[str], only: Sequence[int] | None = None) -> Score:
    """B-cubed precision, recall and F1 over all articles, or over those at the places `only`, beside all others.

    Source: Bagga, Baldwin, "Algorithms for scoring coreference chains", 1998.
    """
    both, golds, founds = Counter(zip(gold, found, strict=True)), Counter(gold), Counter(found)
    places = range(len(gold)) if only is None else only
    right = [(both[gold[n], found[n]], founds[found[n]], golds[gold[n]]) for n in places]
    precision = sum(same / of_found for same, of_found, _ in right) / max(1, len(right))
    recall = sum(same / of_gold for same, _, of_gold in right) / max(1, len(right))
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    return {"precision": round(precision, 4), "recall": round(recall, 4), "F1": round(f1, 4)}


def share(values: Iterable[bool]) -> float:
    held = list(values)
    return round(sum(held) / max(1, len(held)), 4)


# --- what is asked of ours -------------------------------------------------------------------------------------------


def tuned_on(story: str) -> bool:
    """Does a story belong to the half that parameters are chosen on?"""
    return hashlib.sha256(story.encode()).digest()[0] % 2 == 0


def halves(gold: Sequence[str], found: Sequence[str]) -> dict[str, float]:
    """F1 over the articles of each half of the stories; those of the other half count as strangers in a story."""
    places: dict[bool, list[int]] = {True: [], False: []}
    for n, story in enumerate(gold):
        places[tuned_on(story)].append(n)
    return {"tunedOn": bcubed(gold, found, places[True])["F1"], "heldOut": bcubed(gold, found, places[False])["F1"]}


def shuffled(rows: Sequence[Row]) -> dict[str, float]:
    """Final F1 when articles arrive in other orders, with the times they have: mean and standard deviation."""
    scores = []
    for seed in range(SHUFFLES):
        order = sorted(rows, key=lambda row: hashlib.sha256(f"{seed}:{row.name}".encode()).digest())
        final = cluster.final([row.member for row in order], DAYS)
        scores.append(bcubed([row.story for row in order], [membership.story for membership in final])["F1"])
    return {"mean": round(statistics.mean(scores), 4), "deviation": round(statistics.pstdev(scores), 4)}


def series(rows: Sequence[Row], found: Sequence[str]) -> dict[str, Any]:
    """Pairs of items of one series, each its own story in the gold, and those that were put into one story."""
    items: dict[tuple[str, str], set[int]] = defaultdict(set)
    for n, row in enumerate(rows):
        for form in forms(row.member.title):
            items[row.member.provider, form].add(n)
    pairs = {pair for at in items.values() for pair in combinations(sorted(at), 2)}
    pairs = {(one, other) for one, other in pairs if rows[one].story != rows[other].story}
    joined = sorted((one, other) for one, other in pairs if found[one] == found[other])
    return {"pairs": len(pairs), "joined": [[rows[one].name, rows[other].name] for one, other in joined]}


def forms(title: str) -> set[str]:
    """What the titles of a series share: the words before a colon, the first three, the last three; no numbers."""
    words = [word for word in tokens(title) if not any(c.isdigit() for c in word)]
    kicker, colon, _ = title.partition(":")
    before = [word for word in tokens(kicker) if not any(c.isdigit() for c in word)] if colon else []
    found = {" ".join([*before, ":"])} if len(before) >= 2 else set()
    return found | ({" ".join(["^", *words[:3]]), " ".join([*words[-3:], "$"])} if len(words) >= 5 else set())


def reprints(rows: Sequence[Row], found: Sequence[str]) -> dict[str, int]:
    """Reprints, and those in the story of their original."""
    stories = {row.name: story for row, story in zip(rows, found, strict=True)}
    pairs = [(row.name, row.reprint_of) for row in rows if row.reprint_of]
    return {"reprints": len(pairs), "found": sum(stories[one] == stories.get(other) for one, other in pairs)}


# --- records ---------------------------------------------------------------------------------------------------------


def of_records(folder: Path, dense: bool) -> dict[str, Any]:
    """Both topic sites by time: like titles of a day in one story, the largest stories, what boiler-plate may join."""
    found: dict[str, Any] = {"pairs": 0, "together": 0}
    for site in sorted(path for path in folder.glob("*") if path.is_dir()):
        members = sorted(listed(site), key=lambda member: (member.published, member.url))
        _, final, _, _ = ours(members, dense)
        words = [Counter(tokens(member.title)) for member in members]
        weights = rarity(words)
        pairs = [
            (one, other)
            for one, other in combinations(range(len(members)), 2)
            if members[one].published.date() == members[other].published.date()
            and cosine(words[one], words[other]) >= ALIKE
        ]
        found["pairs"] += len(pairs)
        found["together"] += sum(final[one] == final[other] for one, other in pairs)
        stories: dict[str, list[int]] = defaultdict(list)
        for n, story in enumerate(final):
            stories[story].append(n)
        label = f"{site.name}, dense" if dense else site.name
        print(f"  {label}: {len(members)} articles, {len(stories)} stories; the largest")
        kinds_of = {story: announcements([words[n] for n in at], weights) for story, at in stories.items()}
        many = sum(kinds > 3 for kinds in kinds_of.values())
        print(f"    {many} stories join more than 3 announcements, perhaps by boiler-plate")
        for story, at in sorted(stories.items(), key=lambda item: -len(item[1]))[:20]:
            kinds = kinds_of[story]
            mark = f", perhaps {kinds} announcements" if kinds > 3 else ""
            print(f"    {len(at)} articles{mark}: " + " | ".join(members[n].title[:60] for n in at[:5]))
    return found


def listed(site: Path) -> Iterator[Member]:
    """Every article that the records of a site tell of, once."""
    seen: set[str] = set()
    for file in sorted((site / "_news").glob("*.md")):
        known, _ = record.parse(file.read_bytes())
        own = (known.web_url or known.original_url or file.name, known.title, known.excerpt or "", known.published_at)
        domain = known.provider.domain if known.provider else ""
        others = [((r.web_url, r.title, r.excerpt, r.published), r.provider.domain) for r in known.related]
        for (url, title, text, published), provider in [(own, domain), *others]:
            if url not in seen:
                seen.add(url)
                yield Member(url=url, title=title, text=text, published=published, language="en", provider=provider)


def rarity(titles: Sequence[Counter[str]]) -> dict[str, float]:
    """Word -> weight: what many titles say weighs little."""
    seen = Counter(word for title in titles for word in title)
    return {word: math.log(1 + len(titles) / count) ** 2 for word, count in seen.items()}


def announcements(titles: Sequence[Counter[str]], weights: dict[str, float]) -> int:
    """In how many groups these titles fall when only like ones hang together."""
    groups: list[list[dict[str, float]]] = []
    for counts in titles:
        title = {word: count * weights[word] for word, count in counts.items()}
        near = [group for group in groups if any(cosine(title, other) >= APART for other in group)]
        groups = [group for group in groups if group not in near] + [[title, *(t for group in near for t in group)]]
    return len(groups)


def cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    dot = sum(weight * other.get(word, 0.0) for word, weight in one.items())
    squares = sum(w * w for w in one.values()) * sum(w * w for w in other.values())
    return dot / math.sqrt(squares) if squares else 0.0


# --- scale -----------------------------------------------------------------------------------------------------------


def scale(data: Path, largest: int) -> dict[str, list[dict[str, float]]]:
    """What an article costs with so many live ones; without pruning only up to the second step."""
    found = {}
    for label, dense in OURS.items():
        found[label] = _crowd.costs(data, with_dense=dense, pruned=True, largest=largest)
    if _crowd.options(with_dense=False, pruned=False):
        found["broadsheet, no pruning"] = _crowd.costs(
            data, with_dense=False, pruned=False, largest=min(largest, _crowd.STEPS[1])
        )
    return found


# --- the table -------------------------------------------------------------------------------------------------------


def table(kept: dict[str, Any]) -> str:
    """The figures as Markdown: F1 of every grouper on every set, speed, and what is asked of ours alone."""
    sets = kept["sets"]
    heads = [f"{sets[name]['articles']:,} {title}" for name, title in SETS.items()]
    rows = [f"| B-cubed F1 | {' | '.join(heads)} | Headlines per CPU-second |", "|---" * 6 + "|"]
    for label in sets["headlines"]["groupers"]:
        cells = [digits(sets[name]["groupers"][label]["F1"]) for name in SETS]
        rows.append(f"| {label} | {' | '.join(cells)} | {sets['headlines']['groupers'][label]['perSecond']:,} |")
    rows += ["", "| Articles live | Grouper | CPU ms an article | Bytes an article |", "|---" * 4 + "|"]
    for label, steps in kept["scale"].items():
        rows += [f"| {s['articles']:,} | {label} | {s['milliseconds']:.2f} | {s['bytes']:,} |" for s in steps]
    told = "; ".join(f"{label}: {of_ours(sets, kept['records'][label], label)}" for label in OURS)
    caption = (
        f"Measured {kept['date']} by `python -m benchmarks stories --write`, all in one run, {kept['machine']}. "
        "Ours has one set of parameters for all; each peer has the parameter that the answers of each set like best, "
        f"and one language at a time. The headlines of the second table are put together from known words. {told}."
    )
    return "\n".join([*rows, "", caption]) + "\n"


def of_ours(sets: dict[str, Any], records: dict[str, int], label: str) -> str:
    told = [sets[name]["ours"][label] for name in SETS]
    stream = sets["stream"]["ours"][label]
    series, reprints = stream["series"], stream["reprints"]
    deviations = [t["shuffled"]["deviation"] for t in told if "shuffled" in t]
    order = f"final F1 in {SHUFFLES} other orders of arrival has a standard deviation of at most "
    return (
        (f"{order}{digits(max(deviations))}; " if deviations else "")
        + f"at most {100 * max(t['churn'] for t in told):.1f} % of articles end in another story than at arrival; "
        f"{len(series['joined'])} of {series['pairs']} pairs of a series are in one story, {reprints['found']} of "
        f"{reprints['reprints']} reprints with their original, {records['together']} of {records['pairs']} pairs of "
        "records of one day with like titles together"
    )


def digits(value: float) -> str:
    """Three digits, without the zero before the point."""
    return f"{value:.3f}".removeprefix("0")
