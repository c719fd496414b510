"""The weights of the signs of an article, fitted again by logistic regression, and what cross-validation by site gives.

Prints the table for extract/verdict/weights.py beside the one that is there. A sign whose weight comes out on the wrong
side of zero is left out and the rest fitted again. `BROADSHEET_DATA=... python -m benchmarks._fit`: it takes some ten
minutes, so it is none of those that `python -m benchmarks` runs.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import os
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from unittest import mock

from broadsheet import extract, providers
from broadsheet.errors import NotAnArticle, OptedOut, ParseError
from broadsheet.execute import open_executor
from broadsheet.extract import verdict
from broadsheet.types import Page

NOW = datetime(2026, 11, 24, tzinfo=UTC)
FOLDS = 8
PENALTY = 1.0  # of half the sum of squared weights
STEPS = 12  # of Newton's method; it stands still after eight
_LD = re.compile(rb"<script[^>]*ld\+json.*?</script>", re.IGNORECASE | re.DOTALL)
FITTED = [name for name in verdict.weights.TABLE if name != "listed"]


class Case(NamedTuple):
    """A page, read in one way. weight: how much it counts in fitting."""

    fold: int
    is_article: bool
    weight: float
    main: bool  # the way that is scored
    found: dict[str, float]


class Ask(NamedTuple):
    path: str
    url: str
    is_article: bool
    weights: tuple[float, float, float]  # of the page without its address, with it, and of each without JSON-LD
    scored: bool


def main(folder: Path) -> None:
    with open_executor("processes:2") as pool:
        cases = [case for _, found in pool.map(read, asks(folder)) if isinstance(found, list) for case in found]
    names = list(FITTED)
    while wrong := [
        n for n, w in zip(names, fit(cases, names), strict=False) if w * verdict.weights.TABLE[n].weight <= 0
    ]:
        print("left out:", ", ".join(wrong))
        names = [name for name in names if name not in wrong]
    scores: list[tuple[float, bool]] = []
    for fold in range(FOLDS):
        weights = fit([case for case in cases if case.fold != fold], names)
        scores += [(chance(weights, case, names), case.is_article) for case in cases if case.main and case.fold == fold]
    for least in (verdict.weights.LEAST, 0.5):
        both = sum(is_article for score, is_article in scores if score >= least)
        said, true = sum(score >= least for score, _ in scores), sum(is_article for _, is_article in scores)
        print(f"at {least}: precision {both / said:.3f}, recall {both / true:.3f}, F1 {2 * both / (said + true):.3f}")
    error = 0.0
    for place in range(10):
        some = [(score, is_article) for score, is_article in scores if min(9, int(10 * score)) == place]
        said_, is_ = (sum(column) / max(1, len(some)) for column in zip(*some, strict=True)) if some else (0.0, 0.0)
        error += abs(said_ - is_) * len(some) / len(scores)
        print(f"  {len(some):5} pages said to be {said_:.3f} are {is_:.3f}")
    print(f"expected calibration error {error:.3f}")
    for name, weight in zip([*names, "(intercept)"], fit(cases, names), strict=True):
        now = verdict.weights.INTERCEPT if name == "(intercept)" else verdict.weights.TABLE[name].weight
        print(f"  {name:26} {weight:+.2f} (now {now:+.2f})")


def asks(folder: Path) -> list[Ask]:
    found = []
    for line in gzip.decompress((folder / "pages-wcxb" / "gold.jsonl.gz").read_bytes()).splitlines():
        gold = json.loads(line)
        kind = (gold.get("_internal") or {}).get("page_type") or "article"
        kind = kind.get("primary", "article") if isinstance(kind, dict) else kind
        path = folder / "pages-wcxb" / "html" / f"{gold.get('id') or gold['file_id']}.html.gz"
        found.append(Ask(str(path), gold.get("url", ""), kind == "article", (1.0, 0.5, 0.25), True))
    for line in (folder / "pages-publishers" / "gold.jsonl").read_text(encoding="utf-8").splitlines():
        gold = json.loads(line)
        path = folder / "pages-publishers" / "html" / gold["file"]
        found.append(Ask(str(path), gold["url"], True, (0.25, 0.5, 0.25), False))
    return found


def read(ask: Ask) -> list[Case]:
    """The page in up to four ways."""
    body = gzip.decompress(Path(ask.path).read_bytes())
    bare = f"{extract.UNKNOWN}{Path(ask.path).name}"
    cases = []
    for stripped in (False, True):
        for url in filter(None, (bare, ask.url)):
            weight = ask.weights[2] if stripped else ask.weights[0 if url == bare else 1]
            if (signs := measured(_LD.sub(b"", body) if stripped else body, url)) is not None:
                fold = int(hashlib.sha256(_site(ask).encode()).hexdigest(), 16) % FOLDS
                main_ = ask.scored and url == bare and not stripped
                cases.append(Case(fold, ask.is_article, weight, main_, signs))
    return cases


def _site(ask: Ask) -> str:
    return providers.domain(ask.url) if ask.url else ask.path


def measured(body: bytes, url: str) -> dict[str, float] | None:
    """The signs of a page; None where it cannot be read."""
    page = Page(url=url, final_url=url, status=200, body=body, fetched_at=NOW)
    with mock.patch.object(verdict, "judge", wraps=verdict.judge) as judge:
        try:
            extract.read(page, (), NOW, kept=False)
        except (NotAnArticle, OptedOut):
            pass
        except ParseError:
            return None
    return dict(judge.call_args.args[0]) if judge.call_args else None


def fit(cases: Sequence[Case], names: Sequence[str]) -> list[float]:
    """Weights in the order of names, the intercept last: Newton's method on the penalised likelihood."""
    size = len(names) + 1
    place = {name: n for n, name in enumerate(names)}
    rows = [
        (
            [(place[n], v) for n, v in case.found.items() if v and n in place] + [(size - 1, 1.0)],
            case.is_article,
            case.weight,
        )
        for case in cases
    ]
    weights = [0.0] * size
    for _ in range(STEPS):
        slope = [-PENALTY * w for w in weights[:-1]] + [0.0]
        curve = [[PENALTY * (i == j and i < size - 1) for j in range(size)] for i in range(size)]
        for row, is_article, weight in rows:
            p = _logistic(sum(weights[i] * v for i, v in row))
            miss, bend = weight * (is_article - p), weight * p * (1 - p)
            for i, v in row:
                slope[i] += miss * v
                line, vb = curve[i], bend * v
                for j, u in row:
                    line[j] += vb * u
        weights = [w + step for w, step in zip(weights, _solved(curve, slope), strict=True)]
    return weights


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """x of matrix * x = right, by elimination; the matrix is positive definite and is used up."""
    size = len(right)
    for i in range(size):
        for k in range(i + 1, size):
            if factor := matrix[k][i] / matrix[i][i]:
                matrix[k] = [a - factor * b for a, b in zip(matrix[k], matrix[i], strict=True)]
                right[k] -= factor * right[i]
    found = [0.0] * size
    for i in reversed(range(size)):
        found[i] = (right[i] - sum(matrix[i][j] * found[j] for j in range(i + 1, size))) / matrix[i][i]
    return found


def chance(weights: Sequence[float], case: Case, names: Sequence[str]) -> float:
    return _logistic(sum(w * case.found.get(name, 0.0) for w, name in zip(weights, names, strict=False)) + weights[-1])


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0


if __name__ == "__main__":
    from benchmarks import _fit  # by its name, so that workers find what they are given

    _fit.main(Path(os.environ["BROADSHEET_DATA"]))
