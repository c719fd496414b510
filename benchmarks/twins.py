"""Near-duplicates: planted edits found among texts that nobody edited, beside MinHash LSH and SimHash; speed, memory.

Of each set, three hundred texts are printed again two hours later by another provider with a share of their words
changed. The rest of the set is where false twins may be found. Edits are drawn by hashing, so each run plants the same.
The peers get the same words and pairs, and have their threshold (their distance in bits) chosen on the answers.
"""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from broadsheet import dedupe
from broadsheet.dedupe.shingles import hashes
from broadsheet.providers import domain
from broadsheet.types import Article, Provider, Sketch

SHARES = (0.05, 0.10, 0.15, 0.20, 0.25, 0.30)
KINDS = ("replace", "drop", "insert", "swap", "truncate")
STREAM, PAGES, HEADLINES, SNIPPETS = "leads", "pages", "headlines", "snippets"
MOST = 600  # texts of a set, of which every second is edited; the whole set is there beside them
SIZES = (10_000, 100_000)
START = datetime(2026, 3, 2, 12, tzinfo=UTC)
_CJK = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")


class Text(NamedTuple):
    """One text of a set. story: as its gold says, empty where it has none."""

    id: str
    title: str
    body: str
    story: str = ""
    provider: str = ""
    published: datetime = START
    reprint_of: str = ""


def main(data: Path) -> None:
    table(read(data))
    stream(list(read_stream(data)))
    for size in SIZES:
        scale(data, size)


# --- texts and edits -------------------------------------------------------------------------------------------------


def drawn(*key: object) -> int:
    return int.from_bytes(blake2b(repr(key).encode(), digest_size=6).digest())


def read(data: Path) -> dict[str, list[Text]]:
    """The sets by name, each in an order that has nothing to do with its own."""
    pages = []
    with gzip.open(data / "pages-wcxb" / "gold.jsonl.gz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            row = json.loads(line)
            body = row["ground_truth"].get("main_content") or ""
            if len(body) > 200 and str(row.get("url")).startswith("http"):
                pages.append(Text(f"page{number}", "", body, provider=domain(row["url"])))
    found = {STREAM: list(read_stream(data)), PAGES: pages}
    for name in (HEADLINES, SNIPPETS):
        found[name] = list(read_stream(data, f"{name}-dev"))
    return {name: sorted(texts, key=lambda text: drawn(name, text.id)) for name, texts in found.items()}


def read_stream(data: Path, name: str = "stream-dev") -> Iterator[Text]:
    for line in (data / "stories" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield Text(
            str(row["id"]),
            row["title"],
            row.get("text") or "",
            str(row.get("story") or ""),
            row.get("provider") or f"p{row['id']}.example",
            datetime.fromisoformat(row["publishedDateTime"]),
            row.get("reprintOf") or "",
        )


def edited(text: str, kind: str, share: float, key: object, vocabulary: Sequence[str]) -> str:
    """The text with that share of its words (characters, in a script without spaces) changed in one way."""
    apart = "" if len(_CJK.findall(text)) > 0.3 * len(text) else " "
    words = text.split() if apart else list(text)
    count = max(1, round(share * len(words)))
    if kind == "truncate":
        return apart.join(words[:-count])
    if kind == "swap":  # so many words in one piece go to the end
        at = drawn(key, "at") % (len(words) - count + 1)
        return apart.join(words[:at] + words[at + count :] + words[at : at + count])
    changed = set(sorted(range(len(words)), key=lambda n: drawn(key, n))[:count])
    found: list[str] = []
    for n, word in enumerate(words):
        if n not in changed or kind == "insert":
            found.append(word)
        if n in changed and kind != "drop":
            found.append(vocabulary[drawn(key, "new", n) % len(vocabulary)])
    return apart.join(found)


def article(text: Text) -> Article:
    return Article(
        url=f"https://{text.provider}/{text.id}",
        title=text.title,
        text=text.body,
        published=text.published,
        first_seen=text.published,
        provider=Provider(domain=text.provider, name="P"),
    )


def planted(texts: Sequence[Text], share: float) -> list[tuple[Text, str, str]]:
    """Every second text again, edited, with its kind of edit and the id that it was made of."""
    vocabulary: dict[bool, list[str]] = defaultdict(list)
    for text in texts:
        spaceless = len(_CJK.findall(text.body)) > 0.3 * len(text.body or text.title)
        vocabulary[spaceless] += list(text.body) if spaceless else f"{text.title} {text.body}".split()
    found = []
    for text in texts[:MOST:2]:
        kind = KINDS[drawn(text.id, share, "kind") % len(KINDS)]
        part = text.body or text.title
        words = vocabulary[len(_CJK.findall(part)) > 0.3 * len(part)]
        changed = edited(part, kind, share, (text.id, share), words)
        later = text.published + timedelta(hours=2)
        copy = text._replace(id=f"{text.id}-copy", provider=f"{text.id}-copy.example", published=later)
        found.append((copy._replace(body=changed) if text.body else copy._replace(title=changed), kind, text.id))
    return found


# --- who finds them --------------------------------------------------------------------------------------------------

_signatures: dict[bytes, Any] = {}  # of the peers, made once for all shares and settings
_fingerprints: dict[bytes, int] = {}
Finder = Callable[[list[Sketch], list[Sketch]], dict[str, str]]  # new, seen -> URL -> URL of its twin


def ours(new: list[Sketch], seen: list[Sketch]) -> dict[str, str]:
    return {url: twin.original for url, twin in dedupe.twins(new, seen).items()}


def minhash(threshold: float) -> Finder:
    """datasketch, as its documentation has it: candidates of the LSH, the best of them by estimated Jaccard."""
    from datasketch import MinHash, MinHashLSH

    def of(one: Sketch) -> Any:
        if one.hashes not in _signatures:
            _signatures[one.hashes] = made = MinHash(num_perm=128)
            made.update_batch([value.to_bytes(4) for value in hashes(one, one.halvings)])
        return _signatures[one.hashes]

    def find(new: list[Sketch], seen: list[Sketch]) -> dict[str, str]:
        lsh = MinHashLSH(threshold=threshold, num_perm=128)
        made = {one.url: of(one) for one in seen}
        for url, value in made.items():
            lsh.insert(url, value)
        found = {}
        for one in new:
            mine = of(one)
            near = [(mine.jaccard(made[url]), url) for url in lsh.query(mine)]
            if near and max(near)[0] >= threshold:
                found[one.url] = max(near)[1]
            made[one.url] = mine
            lsh.insert(one.url, mine)
        return found

    return find


def simhash(bits: int) -> Finder:
    """Charikar's 64 bits over the same hashes; compared with every other, so nothing is missed."""

    def of(one: Sketch) -> int:
        if one.hashes in _fingerprints:
            return _fingerprints[one.hashes]
        sums = [0] * 64
        for value in hashes(one, one.halvings):
            spread = int.from_bytes(blake2b(value.to_bytes(4), digest_size=8).digest())
            for bit in range(64):
                sums[bit] += 1 if spread >> bit & 1 else -1
        _fingerprints[one.hashes] = sum(1 << bit for bit in range(64) if sums[bit] > 0)
        return _fingerprints[one.hashes]

    def find(new: list[Sketch], seen: list[Sketch]) -> dict[str, str]:
        made = {one.url: of(one) for one in seen}
        found = {}
        for one in new:
            mine = of(one)
            distance, url = min(((mine ^ other).bit_count(), url) for url, other in made.items())
            if distance <= bits:
                found[one.url] = url
            made[one.url] = mine
        return found

    return find


class Marks(NamedTuple):
    """What was found for the copies of one set and share: right, of how many, and wrong ones (copy, what it was given).

    A copy's twin is right where it is what the copy was made of, or itself the same text as that (half of their words
    and pairs are the same: some sets hold reprints).
    """

    right: int
    planted: int
    wrong: tuple[tuple[str, str], ...]
    missed: tuple[str, ...]  # kinds of edit


def mark(finder: Finder, texts: Sequence[Text], share: float) -> Marks:
    copies = planted(texts, share)
    before = {article(text).url: dedupe.sketch(article(text)) for text in texts}
    source = {article(copy).url: article(texts[2 * n]).url for n, (copy, _, _) in enumerate(copies)}
    after = [dedupe.sketch(article(copy)) for copy, _, _ in copies]
    found = finder(after, list(before.values()))
    right, wrong, missed = 0, [], []
    for one, (_, kind, _) in zip(after, copies, strict=True):
        made_of, told = source[one.url], found.get(one.url, "")
        told = source.get(told, told)
        if told == made_of or (told and dedupe.resemblance(before[told], before[made_of]) >= 0.5):
            right += 1
        elif told:
            wrong.append((one.url, told))
        else:
            missed.append(kind)
    return Marks(right, len(copies), tuple(wrong), tuple(missed))


def table(sets: dict[str, list[Text]]) -> None:
    finders: dict[str, Finder] = {"broadsheet": ours} | dict(chosen(sets))
    print(f"  recall at each share of words changed ({', '.join(KINDS)}), and wrong ones")
    for label, finder in finders.items():
        print(f"  {label}")
        rows = {name: [mark(finder, texts, share) for share in SHARES] for name, texts in sets.items()}
        for name, row in rows.items():
            print(f"    {name:10}{line(row)}; missed {dict(Counter(kind for m in row for kind in m.missed))}")
            if label == "broadsheet":
                print(f"      {unplanted(finder, sets[name])}")
        together = [total([rows[name][n] for name in sets]) for n in range(len(SHARES))]
        print(f"    {'together':10}{line(together)}")


def line(row: Sequence[Marks]) -> str:
    every = total(row)
    shares = " ".join(f"{share:.0%} {one.right / one.planted:.3f}" for share, one in zip(SHARES, row, strict=True))
    told = every.right + len(every.wrong)
    return (
        f"{shares} | all {every.right / every.planted:.3f} of {every.planted}, precision "
        f"{every.right / max(1, told):.3f} ({len(every.wrong)} wrong)"
    )


def total(row: Sequence[Marks]) -> Marks:
    return Marks(
        sum(one.right for one in row),
        sum(one.planted for one in row),
        tuple(pair for one in row for pair in one.wrong),
        tuple(kind for one in row for kind in one.missed),
    )


def unplanted(finder: Finder, texts: Sequence[Text]) -> str:
    by_url = {article(text).url: text for text in texts}
    found = finder([dedupe.sketch(article(text)) for text in texts], [])
    apart = [(u, o) for u, o in found.items() if by_url[u].story != by_url[o].story]
    return f"of {len(texts)} that nobody edited, {len(found)} are called twins, {len(apart)} across stories"


def chosen(sets: dict[str, list[Text]]) -> Iterator[tuple[str, Finder]]:
    """The peers, each with the setting that finds most at a precision of .99, on half of the shares."""
    for label, make, settings in (
        ("MinHash LSH (datasketch), threshold", minhash, (0.3, 0.35, 0.4, 0.45, 0.5)),
        ("SimHash, bits", simhash, (3, 6, 9, 12, 15)),
    ):
        scored = []
        for setting in settings:
            marks = total(
                [mark(make(setting), texts[:200], share) for texts in sets.values() for share in SHARES[1::2]]
            )
            precise = marks.right / max(1, marks.right + len(marks.wrong)) >= 0.99
            scored.append((precise, marks.right, -setting, setting))
        best = max(scored)[-1]
        yield f"{label} {best}", make(best)


# --- reprints that are known, speed and memory -----------------------------------------------------------------------


def stream(texts: Sequence[Text]) -> None:
    """The reprints of stream-dev, all at once and in the order in which they came."""
    by_url = {article(text).url: text for text in texts}
    known = {text.id: text.reprint_of for text in texts if text.reprint_of}
    sketches = [dedupe.sketch(article(text)) for text in texts]
    at_once = ours(sketches, [])
    one_by_one: dict[str, str] = {}
    for n, one in enumerate(sorted(sketches, key=lambda one: one.published)):
        before = sorted(sketches, key=lambda one: one.published)[:n]
        one_by_one |= {url: twin.original for url, twin in dedupe.twins([one], before, one_by_one).items()}
    for label, found in (("at once", at_once), ("one by one", one_by_one)):
        told = {by_url[url].id: by_url[original].id for url, original in found.items()}
        right = sum(told.get(copy) == original for copy, original in known.items())
        print(
            f"  stream-dev, {label}: {right} of {len(known)} known reprints, {len(told.keys() - known.keys())} others"
        )


def scale(data: Path, size: int) -> None:
    """So many leads at once, and then a hundred more; each contender in a process of its own."""
    for contender in ("broadsheet", "minhash") if size == SIZES[0] else ("broadsheet",):
        command = [sys.executable, "-m", "benchmarks.twins", contender, str(data), str(size)]
        found = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.splitlines()[-1])
        print(f"  {size:,} leads of 50 words, {contender}: {found}")


def many(data: Path, size: int) -> list[Text]:
    """Leads of ten runs of five words out of all pages; one in twenty is an edit of an earlier one."""
    words = " ".join(text.body for text in read(data)[PAGES] if not _CJK.search(text.body)).split()
    found: list[Text] = []
    for n in range(size):
        if n % 20 == 19:
            body = edited(found[drawn(n) % n].body, KINDS[n % len(KINDS)], 0.15, n, words)
        else:
            starts = (drawn(n, part) % (len(words) - 5) for part in range(10))
            body = " ".join(" ".join(words[at : at + 5]) for at in starts)
        found.append(Text(f"lead{n}", "", body, provider=f"p{n}.example", published=START + timedelta(seconds=n)))
    return found


def peak() -> int:
    """KiB that this process has had in memory at most (Linux)."""
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])


def contend(contender: str, data: Path, size: int) -> None:
    texts = many(data, size + 100)
    articles = [article(text) for text in texts]
    started = time.process_time()
    sketches = [dedupe.sketch(one) for one in articles]
    made = time.process_time() - started
    del articles, texts
    Path("/proc/self/clear_refs").write_text("5")  # forgets the peak so far
    before = peak()
    find = ours if contender == "broadsheet" else minhash(0.4)
    started = time.process_time()
    found = find(sketches[:size], [])
    joined = time.process_time() - started
    more = peak() - before
    figures = {
        "sketches per CPU-second": round(size / made),
        "articles per CPU-second": round(size / (joined + made)),
        "twins": len(found),
        "stored bytes an article": round(sum(len(dedupe.pack(one)) for one in sketches) / len(sketches)),
        "KiB more at the peak, an article": round(more / size, 2),
    }
    if contender == "broadsheet":
        started = time.process_time()
        find(sketches[size:], sketches[:size])
        figures["CPU-seconds for 100 more"] = round(time.process_time() - started, 2)
    print(json.dumps(figures))


if __name__ == "__main__":
    contend(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
