"""A crowd of headlines of any size: new events put together from the words of known ones; and what grouping it costs.

Words come from the vocabulary of the sets as often as they do there, so that common ones are shared by thousands of
events; each event has names of its own, some of them borrowed, and a size as sizes go: most are small, few are large.
Nothing is drawn but by hashing, so the same folder gives the same crowd.
"""

from __future__ import annotations

import gc
import heapq
import inspect
import json
import re
import subprocess
import sys
import time
from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

from broadsheet import cluster
from broadsheet.cluster import Member

DAYS = 14  # the window; the whole crowd comes within it, so that every story is live at the end
START = datetime(2026, 1, 1, tzinfo=UTC)
LARGEST = 60  # articles of an event
MEAN = 3.3  # no more than this on average, so that there are always enough
PROVIDERS = 400
CHUNK = 500
STEPS = (10_000, 50_000, 100_000, 200_000)
WORD = re.compile(r"[^\W\d_]{3,}")


def draws(*seed: object) -> Iterator[float]:
    """Numbers from 0 to 1, the same for the same seed."""
    n = 0
    while True:
        block = blake2b(repr((*seed, n)).encode()).digest()
        for at in range(0, 64, 4):
            yield int.from_bytes(block[at : at + 4], "big") / 2**32
        n += 1


def crowd(titles: Sequence[str], size: int) -> Iterator[tuple[Member, int]]:
    """Headlines and the number of their event, by time: `size` of them in DAYS days less one."""
    counts = Counter(word for title in titles for word in WORD.findall(title))
    words = sorted(counts, key=lambda word: (-counts[word], word))
    sums = list(accumulate(counts[word] for word in words))
    rare = words[len(words) // 20 :]  # one word in twenty is too common to name anything
    seconds = (DAYS - 1) * 86_400
    for n, (at, event, which) in enumerate(islice(_coming(size, seconds), size)):
        own = _own_words(event, words, sums, rare)
        draw = draws("headline", event, which)
        kept = [word for word in own if next(draw) < 0.55] or own[:2]
        others = [words[bisect(sums, next(draw) * sums[-1])] for _ in range(10 - len(kept))]
        title = " ".join(sorted(kept + others, key=lambda _: next(draw)))
        provider = f"p{int(next(draw) * PROVIDERS)}.example"
        yield (
            Member(
                url=f"https://{provider}/{n}",
                title=title,
                published=START + timedelta(seconds=at),
                language="en",
                provider=provider,
            ),
            event,
        )


def _coming(size: int, seconds: float) -> Iterator[tuple[float, int, int]]:
    """Second, event and which headline of it, by time; events begin evenly and last up to three days."""
    events = int(size / MEAN)
    waiting: list[tuple[float, int, int]] = []
    for event in range(events):
        draw = draws("event", event)
        begins = event / events * seconds
        yield from _before(waiting, begins)
        members = min(LARGEST, int(1 / (1 - next(draw)) ** 0.9))
        for which in range(members):
            late = next(draw) ** 2 * 3 * 86_400 if which else 0.0
            heapq.heappush(waiting, (min(begins + late, seconds), event, which))
    yield from _before(waiting, seconds)


def _before(waiting: list[tuple[float, int, int]], moment: float) -> Iterator[tuple[float, int, int]]:
    while waiting and waiting[0][0] <= moment:
        yield heapq.heappop(waiting)


def _own_words(event: int, words: Sequence[str], sums: Sequence[int], rare: Sequence[str]) -> list[str]:
    """Nine words that its headlines choose from: four new names, one borrowed, four that everybody uses."""
    draw = draws("words", event)
    pick = [rare[int(next(draw) * len(rare))] for _ in range(9)]
    names = [f"{one[:4].title()}{other[-4:].lower()}" for one, other in zip(pick[:4], pick[4:8], strict=True)]
    common = [words[bisect(sums, next(draw) * sums[-1])] for _ in range(4)]
    return list(dict.fromkeys([*names, pick[8], *common]))


# --- what grouping it costs ------------------------------------------------------------------------------------------


def costs(data: Path, *, with_dense: bool, pruned: bool, largest: int) -> list[dict[str, float]]:
    """One row for each step up to `largest`, from a process of its own."""
    options = [str(largest), "dense" if with_dense else "words", "pruned" if pruned else "whole"]
    command = [sys.executable, "-m", "benchmarks._crowd", str(data), *options]
    rows: list[dict[str, float]] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        for line in child.stdout or ():
            print(f"    {' '.join(options)}: {line.decode().strip()}", file=sys.stderr)
            rows.append(json.loads(line))
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command)
    return rows


def measure(titles: Sequence[str], options: dict[str, Any], largest: int) -> Iterator[dict[str, float]]:
    """At each step: CPU of the last tenth's articles, bytes that the process has grown by for each, stories of all."""
    making = 0.0
    events: list[int] = []

    def members() -> Iterator[Member]:
        nonlocal making
        source = crowd(titles, largest)
        while True:
            started = time.process_time()
            chunk = list(islice(source, CHUNK))
            making += time.process_time() - started
            if not chunk:
                return
            events.extend(event for _, event in chunk)
            yield from (member for member, _ in chunk)

    stories: set[str] = set()
    steps = [step for step in STEPS if step <= largest] or [largest]
    marks = {step - step // 10: step for step in steps}
    began = spent = 0.0
    next(crowd(titles, largest))
    before = resident()
    for n, membership in enumerate(cluster.stream(members(), DAYS, **options), start=1):
        stories.add(membership.story)
        if n in marks:
            spent, began = making, time.process_time()
        if n in steps:
            took = time.process_time() - began - (making - spent)
            grown = resident() - before
            yield {
                "articles": n,
                "milliseconds": round(1000 * took / (n // 10), 3),
                "bytes": round(grown / n),
                "stories": len(stories),
                "events": len(set(events[:n])),
            }


def resident() -> int:
    """Bytes of memory that this process holds now."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096


def titles_of(data: Path) -> list[str]:
    """Every title of the sets, so that the vocabulary is wide."""
    files = sorted((data / "stories").glob("*.jsonl"))
    return [json.loads(line)["title"] for file in files for line in file.read_bytes().splitlines()]


def options(with_dense: bool, pruned: bool) -> dict[str, Any]:
    """Arguments of `cluster.stream` for this."""
    known = inspect.signature(cluster.stream).parameters
    wanted: dict[str, Any] = ({"dense": True} if with_dense else {}) | ({} if pruned else {"pruned": False})
    return {name: value for name, value in wanted.items() if name in known}


if __name__ == "__main__":
    folder, size, kind, how = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
    for row in measure(titles_of(folder), options(kind == "dense", how == "pruned"), size):
        print(json.dumps(row), flush=True)
