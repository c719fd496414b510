"""Topics beside plain word-boundary keywords: headlines of homonyms, the predecessor's records, a stream; speed."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec

from broadsheet import tag, topics
from broadsheet.tag import learning
from broadsheet.types import Article, Provider, Topic

from . import _field, records

HEADLINES = Path(__file__).parent.parent / "tests" / "topics"
NOW = datetime(2026, 3, 2, tzinfo=UTC)
FOLDS = 5


class Case(NamedTuple):
    """An article and the topics that it belongs to, the root left out."""

    article: Article
    gold: frozenset[str]


class Score(NamedTuple):
    precision: float
    recall: float
    exact: int
    of: int

    def __str__(self) -> str:
        both = self.precision + self.recall
        f1 = 2 * self.precision * self.recall / both if both else 0.0
        exact = f"exact sets {self.exact} of {self.of}"
        return f"precision {self.precision:.3f}  recall {self.recall:.3f}  F1 {f1:.3f}  {exact}"


def article(title: str, excerpt: str = "", language: str = "", key: str = "") -> Article:
    return Article(
        url=f"https://harbour.example/{key}", title=title, excerpt=excerpt, language=language, published=NOW,
        first_seen=NOW, provider=Provider(domain="harbour.example", name="Harbour"),
    )  # fmt: skip


def score(cases: Sequence[Case], found: Iterable[frozenset[str]]) -> Score:
    """Micro-averaged over all pairs of article and topic."""
    right = wrong = missed = exact = 0
    for case, got in zip(cases, found, strict=True):
        right, wrong, missed = right + len(got & case.gold), wrong + len(got - case.gold), missed + len(case.gold - got)
        exact += got == case.gold
    return Score(right / max(1, right + wrong), right / max(1, right + missed), exact, len(cases))


def plain(tree: Sequence[Topic], one: Article) -> frozenset[str]:
    """The peer: keywords as whole words of title and excerpt, in any case, and the ancestors."""
    said = f"{one.title}\n{one.excerpt}"
    named = {name for name, pattern in _plain(tuple(tree)) if pattern.search(said)}
    return _with_ancestors(named, tree)


_compiled: dict[tuple[Topic, ...], list[tuple[str, re.Pattern[str]]]] = {}


def _plain(tree: tuple[Topic, ...]) -> list[tuple[str, re.Pattern[str]]]:
    if tree not in _compiled:
        _compiled[tree] = [
            (one.name, re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, one.keywords))})(?!\w)", re.IGNORECASE))
            for one in tree
            if one.keywords
        ]
    return _compiled[tree]


def ours(tree: tuple[Topic, ...], one: Article, learnt: tag.Contexts | None = None) -> frozenset[str]:
    root = next(topic.name for topic in tree if not topic.parent)
    return frozenset(tag.tag(one, tree, learnt=learnt).topics) - {root}


def _with_ancestors(names: Iterable[str], tree: Sequence[Topic]) -> frozenset[str]:
    parents = {topic.name: topic.parent for topic in tree}
    found: set[str] = set()
    for name in names:
        while name and parents[name] and name not in found:
            found.add(name)
            name = parents[name]
    return frozenset(found)


def main(data: Path) -> None:
    headlines()
    predecessor(data / "records")
    stream(data / "stories" / "stream-dev.jsonl")
    speed(data / "stories" / "stream-dev.jsonl")


# --- headlines -------------------------------------------------------------------------------------------------------


def read_headlines() -> tuple[tuple[Topic, ...], list[Case]]:
    """The tree and the headlines of tests/topics."""
    tree = topics.parse_tree({f"topics/{f.name}": f.read_bytes() for f in (HEADLINES / "tree").glob("*.yaml")})
    rows = [json.loads(line) for line in (HEADLINES / "headlines.jsonl").read_text("utf-8").splitlines()]
    cases = [
        Case(
            article(row["title"], row.get("excerpt", ""), row["language"], str(n)), _with_ancestors(row["topics"], tree)
        )
        for n, row in enumerate(rows)
    ]
    return tree, cases


def halves(cases: Sequence[Case]) -> dict[str, list[Case]]:
    return {"looked at": list(cases[0::2]), "kept apart": list(cases[1::2])}


def headlines() -> None:
    tree, cases = read_headlines()
    both = halves(cases)
    for name, half in both.items():
        print(
            f"  headlines, {name}: plain keywords   {score(half, map(partial(plain, tree), [c.article for c in half]))}"
        )
        print(f"  headlines, {name}: ours             {score(half, [ours(tree, c.article) for c in half])}")
        other = both["kept apart" if name == "looked at" else "looked at"]
        learnt = learning.learn(judged(other, tree), tree)
        print(f"  headlines, {name}: other half learnt {score(half, [ours(tree, c.article, learnt) for c in half])}")


def judged(cases: Iterable[Case], tree: tuple[Topic, ...]) -> list[learning.Example]:
    """Cases as an editor's verdicts, as learning takes them."""
    root = next(topic.name for topic in tree if not topic.parent)
    return [learning.Example(case.article, case.gold | {root}) for case in cases]


# --- the predecessor's records ---------------------------------------------------------------------------------------


def predecessor(folder: Path) -> None:
    """Stored sets against: word-boundary keywords of the title (its own rule), ours on the title, on title and excerpt,
    and with what the other four fifths of the records teach."""
    if not folder.is_dir():
        return
    expected = json.loads((folder / "expected.json").read_bytes())
    for path in sorted(p for p in folder.iterdir() if p.is_dir()):
        name, (publication, held) = path.name, records.site(path)
        tree, root = publication.topics, publication.root.name
        cases = []
        for key, _, _, one, want in records.each({name: (publication, held)}, expected):
            bare = msgspec.structs.replace(one, topics=(), hits=(), source_topics=(), language="en")
            cases.append(
                Case(
                    msgspec.structs.replace(bare, url=f"https://records.example/{key}"),
                    frozenset(want["topics"]) - {root},
                )
            )
        titles = [Case(msgspec.structs.replace(c.article, excerpt=""), c.gold) for c in cases]
        articles = [c.article for c in titles]
        classic = [frozenset(tag.tag(one, tree, profile="classic").topics) - {root} for one in articles]
        print(f"  {name}, plain, title                    {score(titles, classic)}")
        print(f"  {name}, ours, title                     {score(titles, [ours(tree, one) for one in articles])}")
        print(f"  {name}, ours, title, learnt             {score(titles, folds(titles, tree))}")
        print(f"  {name}, ours, title and excerpt         {score(cases, [ours(tree, c.article) for c in cases])}")
        print(f"  {name}, ours, title and excerpt, learnt {score(cases, folds(cases, tree))}")


def folds(cases: Sequence[Case], tree: tuple[Topic, ...]) -> list[frozenset[str]]:
    """Topics of each case with what the cases of the other folds teach."""
    found: list[frozenset[str]] = [frozenset()] * len(cases)
    for fold in range(FOLDS):
        learnt = learning.learn(judged([c for n, c in enumerate(cases) if n % FOLDS != fold], tree), tree)
        for n in range(fold, len(cases), FOLDS):
            found[n] = ours(tree, cases[n].article, learnt)
    return found


# --- a stream --------------------------------------------------------------------------------------------------------


def stream(path: Path) -> None:
    """Title and lead of a made-up stream in ten languages, by a tree written without looking at it (_field)."""
    if not path.is_file():
        return
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    cases = [
        Case(article(row["title"], row["text"], row["language"], row["id"]), frozenset(row["topics"]))
        for row in rows
        if "topics" in row
    ]
    print(f"  stream, plain keywords  {score(cases, [plain(_field.TREE, c.article) for c in cases])}")
    print(f"  stream, ours            {score(cases, [ours(_field.TREE, c.article) for c in cases])}")
    print(f"  stream, ours, learnt    {score(cases, folds(cases, _field.TREE))}")


# --- speed -----------------------------------------------------------------------------------------------------------


def speed(path: Path) -> None:
    """Articles per second of processor time, ours and plain keywords over the same fields, best of three."""
    tree, cases = read_headlines()
    sets = {"headlines": [case.article for case in cases]}
    if path.is_file():
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        sets["title and lead"] = [article(row["title"], row["text"], row["language"], row["id"]) for row in rows]
    for name, articles in sets.items():
        mine, peer = _rate(partial(ours, tree), articles), _rate(partial(plain, tree), articles)
        print(f"  {name}: {mine:,.0f} articles/s, plain keywords {peer:,.0f}, {mine / peer:.1f} times as fast")


def _rate(find: Callable[[Article], frozenset[str]], articles: Sequence[Article]) -> float:
    best = float("inf")
    for _ in range(3):
        started = time.process_time()
        for one in articles:
            find(one)
        best = min(best, time.process_time() - started)
    return len(articles) / best
