"""The weights of grouping, searched for what they are for: B-cubed F1 of whole sets, few articles that change their
story, and no story of everything in a narrow topic.

`BROADSHEET_DATA=... python -m benchmarks._search_stories SECONDS [SEED]` changes a few weights at a time by chance,
keeps what is better, and prints what cluster/_features.py should hold. It begins with what is there, for which
`_fit_stories` gives a beginning. Samples of a set lead astray: more stories mean more chance resemblance. In a narrow
topic all articles are alike, so neither a background nor a single provider may ever lower what is asked.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from broadsheet.cluster import Member, _features
from broadsheet.cluster._grouping import Grouping

from . import _fit_stories, stories

TABLES = ("JOIN", "JOIN_NEED", "MERGE", "MERGE_NEED")
WANTED = {"stream": (0.80, 0.86), "headlines": (0.85, 0.87), "snippets": (0.93, 0.94), "posts": (0.86, 0.89)}
COUNTS = {"stream": 1.4, "headlines": 1.3, "snippets": 0.7, "posts": 0.7}
CHURN, CROWD = 0.045, 3  # share of articles that may change their story; articles of records in one story
STEP = 0.15  # standard deviation of a change, as a share of a weight

Weights = dict[tuple[str, str], float]


class Sets(NamedTuple):
    gold: dict[str, list[tuple[Member, str]]]
    narrow: list[list[Member]]  # records of one vendor's products, by time


def main(folder: Path, seconds: float, seed: int) -> None:
    sets = Sets(
        {name: _fit_stories.articles(folder / "stories" / f"{name}-dev.jsonl") for name in COUNTS},
        [
            sorted(stories.listed(site), key=lambda one: (one.published, one.url))
            for site in sorted((folder / "records").iterdir())
            if site.is_dir()
        ],
    )
    chance = random.Random(seed)  # noqa: S311
    weights = {(table, name): held for table in TABLES for name, held in getattr(_features, table).items()}
    best, shown = loss(sets, weights)
    print(f"{best:.4f} {shown}")
    end = time.process_time() + seconds
    while time.process_time() < end:
        changed = dict(weights)
        for key in chance.sample(sorted(weights), chance.choice((1, 2, 3, 6))):
            changed[key] += chance.gauss(0.0, STEP) * max(0.5, abs(weights[key]))
        found, shown = loss(sets, changed)
        if found < best:
            best, weights = found, changed
            print(f"{best:.4f} {shown}", flush=True)
    for table in TABLES:
        print(table, {name: round(weight, 2) for (of, name), weight in weights.items() if of == table})


def loss(sets: Sets, weights: Weights) -> tuple[float, str]:
    """What these weights leave to be wished for, and their figures at arrival, in the end, and of churn."""
    for (table, name), weight in weights.items():
        getattr(_features, table)[name] = weight
    lost, shown = 0.0, []
    for name, rows in sets.gold.items():
        arrival, final = grouped([member for member, _ in rows])
        gold = [story for _, story in rows]
        first, last = (float(stories.bcubed(gold, found)["F1"]) for found in (arrival, final))
        churn = sum(one != other for one, other in zip(arrival, final, strict=True)) / len(rows)
        shown.append(f"{name} {first:.3f} {last:.3f} {churn:.3f}")
        short = max(0.0, WANTED[name][0] - first) + 1.3 * max(0.0, WANTED[name][1] - last)
        lost += COUNTS[name] * (short + 0.3 * (1.0 - first) + 0.4 * (1.0 - last) + max(0.0, churn - CHURN))
    for members in sets.narrow:
        sizes = Counter(grouped(members)[1]).values()
        lost += 0.7 * sum(max(0, size - CROWD) for size in sizes) / len(members)
    for table in ("JOIN_NEED", "MERGE_NEED"):
        lost += sum(0.3 * max(0.0, -weights[table, name]) for name in ("background", "alone"))
    return lost, "; ".join(shown)


def grouped(members: Sequence[Member]) -> tuple[list[str], list[str]]:
    """The story of each at arrival, and in the end."""
    grouping = Grouping(_fit_stories.DAYS)
    arrival = [grouping.place(member).story for member in members]
    grouping.merge()
    return arrival, [grouping.homes[member.url] for member in members]


if __name__ == "__main__":
    main(Path(os.environ["BROADSHEET_DATA"]), float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
