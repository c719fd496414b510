"""The weights of grouping, fitted again by logistic regression on the decisions of a stream.

Groups the development sets with the weights that are there, notes the features of every story that was considered for
an article (and of every pair of stories that was considered for a merger) with whether it was right, fits, and goes
round again, since other weights meet other stories. `BROADSHEET_DATA=... python -m benchmarks._fit_stories`: prints
what cluster/_features.py should hold; with other weights other stories are met, so no two rounds give quite the same.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from broadsheet.cluster import Member, _features, slug
from broadsheet.cluster._grouping import Grouping
from broadsheet.cluster._live import Article, Story

SETS = {"stream": 1.5, "headlines": 1.0, "snippets": 0.7, "posts": 1.0}  # how much each counts
ROUNDS = 3
DAYS = 14
Seen = tuple[str, dict[str, float], dict[str, float], bool, float]  # set, features, need, right, weight


def main(folder: Path) -> None:
    sets = {name: articles(folder / "stories" / f"{name}-dev.jsonl") for name in SETS}
    for _ in range(ROUNDS):
        joins: list[Seen] = []
        mergers: list[Seen] = []
        for name, held in sets.items():
            watch(name, held, joins, mergers)
        fit(joins, _features.JOIN, _features.JOIN_NEED)
        fit(mergers, _features.MERGE, _features.MERGE_NEED)
    for table in ("JOIN", "JOIN_NEED", "MERGE", "MERGE_NEED"):
        print(table, {name: round(weight, 2) for name, weight in getattr(_features, table).items()})


def articles(path: Path) -> list[tuple[Member, str]]:
    """Articles in order of arrival, each with its true story."""
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    return [
        (
            Member(
                url=str(row["id"]),
                title=row["title"],
                text=row.get("text", ""),
                published=datetime.fromisoformat(row["publishedDateTime"]),
                language=row.get("language") or "",
                provider=row.get("provider", ""),
                slug=slug(row.get("url") or ""),
            ),
            str(row.get("storyMono") or row["story"]),
        )
        for row in rows
    ]


def watch(name: str, held: Sequence[tuple[Member, str]], joins: list[Seen], mergers: list[Seen]) -> None:
    """Group a set, and note what was considered."""
    true = {member.url: story for member, story in held}

    def mostly(story: Story) -> str:
        return Counter(true[member.url] for member in story.members).most_common(1)[0][0]

    def join(article: Article, story: Story, features: dict[str, float], need: dict[str, float]) -> None:
        joins.append((name, dict(features), dict(need), mostly(story) == true[article.known.url], 1.0))

    def merge(one: Story, other: Story, features: dict[str, float], need: dict[str, float]) -> None:
        weight = float(min(10, len(one.members), len(other.members))) ** 0.5
        mergers.append((name, dict(features), dict(need), mostly(one) == mostly(other), weight))

    grouping = Grouping(DAYS, watch_joins=join, watch_merges=merge)
    for member, _ in held:
        grouping.place(member)
    grouping.merge()


def fit(seen: Sequence[Seen], speaks: dict[str, float], need: dict[str, float]) -> None:
    """Set the weights of a decision to those that say best what was right; every set counts as SETS says."""
    from sklearn.linear_model import LogisticRegression

    total = dict.fromkeys(SETS, 0.0)
    for name, *_, weight in seen:
        total[name] += weight
    rows = [[found[key] for key in speaks] + [-asked[key] for key in need] for _, found, asked, _, _ in seen]
    weights = [SETS[name] * weight / total[name] * len(seen) / 20.0 for name, *_, weight in seen]
    model: Callable[..., Any] = LogisticRegression
    fitted = model(fit_intercept=False, max_iter=3000).fit(
        rows, [right for *_, right, _ in seen], sample_weight=weights
    )
    found = [float(weight) for weight in fitted.coef_[0]]
    speaks.update(zip(speaks, found[: len(speaks)], strict=True))
    need.update(zip(need, found[len(speaks) :], strict=True))


if __name__ == "__main__":
    main(Path(os.environ["BROADSHEET_DATA"]))
