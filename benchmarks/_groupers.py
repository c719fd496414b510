"""Peers of story grouping: texts in, labels out, for every parameter tried, so that the answers can choose the best."""

from __future__ import annotations

import math
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from datasketch import MinHash, MinHashLSH
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.cluster import HDBSCAN
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

WORD = re.compile(r"\w+")
BLOCK = 1000  # rows of the matrix of similarities at a time
PERMUTATIONS = 128


class Run(NamedTuple):
    """A grouping of n texts with one parameter: its label, n labels of stories, CPU seconds as if it ran alone."""

    parameter: str
    labels: list[int]
    seconds: float


Grouper = Callable[[Sequence[str]], Iterator[Run]]


def online(texts: Sequence[str]) -> Iterator[Run]:
    """Single pass over TF-IDF with rarity known in advance: the nearest centroid above the threshold, or a new one."""
    started = time.process_time()
    rows = _rows(texts)
    before = time.process_time() - started
    for threshold in (0.06, 0.08, 0.1, 0.12, 0.15, 0.18, 0.21, 0.25, 0.3, 0.35, 0.4):
        started = time.process_time()
        labels = _single_pass(rows, threshold)
        yield Run(f"{threshold:.2f}", labels, before + time.process_time() - started)


def _rows(texts: Sequence[str]) -> list[dict[str, float]]:
    counts = [Counter(WORD.findall(text.casefold())) for text in texts]
    seen = Counter(word for count in counts for word in count)
    rows = []
    for count in counts:
        row = {word: (1 + math.log(n)) * math.log(1 + len(texts) / seen[word]) for word, n in count.items()}
        length = math.sqrt(sum(weight * weight for weight in row.values()))
        rows.append({word: weight / length for word, weight in row.items()})
    return rows


def _single_pass(rows: Sequence[dict[str, float]], threshold: float) -> list[int]:
    holders: dict[str, dict[int, float]] = {}
    squares: list[float] = []
    labels: list[int] = []
    for row in rows:
        dots: dict[int, float] = {}
        for word, weight in row.items():
            for label, held in holders.get(word, {}).items():
                dots[label] = dots.get(label, 0.0) + weight * held
        best, label = max(((dot / math.sqrt(squares[n]), n) for n, dot in dots.items()), default=(0.0, -1))
        if best < threshold:
            label = len(squares)
            squares.append(0.0)
        for word, weight in row.items():
            holder = holders.setdefault(word, {})
            old = holder.get(label, 0.0)
            holder[label] = old + weight
            squares[label] += weight * (2 * old + weight)
        labels.append(label)
    return labels


def agglomerative(**options: Any) -> Grouper:
    """Average linkage of cosine distances between TF-IDF vectors of all texts at once."""

    def group(texts: Sequence[str]) -> Iterator[Run]:
        started = time.process_time()
        tree = _linkage(texts, options) if len(texts) > 1 else None
        before = time.process_time() - started
        for distance in (0.7, 0.75, 0.8, 0.84, 0.86, 0.88, 0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98):
            started = time.process_time()
            labels = [0] if tree is None else fcluster(tree, distance, "distance").tolist()
            yield Run(f"{1 - distance:.2f}", labels, before + time.process_time() - started)

    return group


def _linkage(texts: Sequence[str], options: dict[str, Any]) -> Any:
    matrix = TfidfVectorizer(sublinear_tf=True, dtype=np.float32, **options).fit_transform(texts)
    n = len(texts)
    distances = np.empty(n * (n - 1) // 2)  # of each row to the later ones, one after the other
    at = 0
    for start in range(0, n, BLOCK):
        alike = (matrix[start : start + BLOCK] @ matrix.T).toarray()
        for row in range(start, min(start + BLOCK, n)):
            distances[at : at + n - row - 1] = 1.0 - alike[row - start, row + 1 :]
            at += n - row - 1
    return linkage(np.maximum(distances, 0.0, out=distances), "average")


def hdbscan(texts: Sequence[str]) -> Iterator[Run]:
    """HDBSCAN over 50 dimensions of TF-IDF (truncated SVD, unit length); what it calls noise are stories of one."""
    started = time.process_time()
    matrix = TfidfVectorizer(sublinear_tf=True, stop_words="english").fit_transform(texts)
    dimensions = min(50, min(matrix.shape) - 1)
    points = normalize(TruncatedSVD(dimensions, random_state=0).fit_transform(matrix)) if dimensions > 1 else None
    before = time.process_time() - started
    for size in (2, 3, 5, 10, 20):
        started = time.process_time()
        few = points is None or len(texts) < size
        found = [-1] * len(texts) if few else HDBSCAN(min_cluster_size=size, copy=True).fit_predict(points).tolist()
        labels = [label if label >= 0 else -1 - n for n, label in enumerate(found)]
        yield Run(str(size), labels, before + time.process_time() - started)


def minhash(texts: Sequence[str]) -> Iterator[Run]:
    """Texts whose sets of words MinHash LSH finds alike, and what hangs together through them."""
    started = time.process_time()
    sketches = MinHash.bulk([[word.encode() for word in _words(text)] for text in texts], num_perm=PERMUTATIONS)
    before = time.process_time() - started
    for threshold in (0.2, 0.3, 0.4, 0.5, 0.7):
        started = time.process_time()
        index = MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
        parents = list(range(len(texts)))
        for n, sketch in enumerate(sketches):
            for other in index.query(sketch):
                parents[_top(parents, other)] = _top(parents, n)
            index.insert(n, sketch)
        labels = [_top(parents, n) for n in range(len(texts))]
        yield Run(f"{threshold:.1f}", labels, before + time.process_time() - started)


def _words(text: str) -> list[str]:
    return sorted(set(WORD.findall(text.casefold())))


def _top(parents: list[int], n: int) -> int:
    while parents[n] != n:
        parents[n] = parents[parents[n]]
        n = parents[n]
    return n


PEERS: dict[str, Grouper] = {
    "online TF-IDF centroids": online,
    "agglomerative, words": agglomerative(stop_words="english"),
    "agglomerative, characters": agglomerative(analyzer="char_wb", ngram_range=(3, 4)),
    "HDBSCAN over TF-IDF and SVD": hdbscan,
    "MinHash LSH": minhash,
}
