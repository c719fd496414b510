"""Sketches and twins: who repeats whose text."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest

from broadsheet import dedupe
from broadsheet.types import Article, Sketch

from .build import NOW, article, provider

WORDS = [f"{start}{end}" for start in ("tide", "boat", "quay", "mast", "rope", "buoy") for end in range(20)]
REPORT = " ".join(WORDS)
SCRIPT = "海底电缆修复工程周一开始两艘船在港口待命渔民表示担忧政府承诺补偿专家认为工程需要三个月天气是最大的风险因素"


def report(n: int, domain: str, hours: float, **changes: object) -> Article:
    """A report of its own provider, `hours` before NOW, with the same text unless changed."""
    facts = {"url": f"https://{domain}/{n}", "text": REPORT, "published": NOW - timedelta(hours=hours)}
    return article(n, provider=provider(domain), **facts | changes)


def sketches(*articles: Article) -> list[Sketch]:
    return [dedupe.sketch(one) for one in articles]


def edited(share: float) -> str:
    """REPORT with an even `share` of its words replaced."""
    return " ".join(
        f"new{n}" if int((n + 1) * share) > int(n * share) else word for n, word in enumerate(REPORT.split())
    )


def test_a_sketch_keeps_the_smallest_hashes_in_order():
    """At most 128 hashes of 32 bits, ascending; `size` counts all shingles."""
    one = dedupe.sketch(article(1, title="Quay", text=" ".join(f"w{n}" for n in range(400))))

    assert 128 == len(one.hashes)
    assert sorted(set(one.hashes)) == list(one.hashes)
    assert one.hashes[-1] < 2**32
    assert 400 == one.size


def test_the_excerpt_stands_in_for_a_missing_text():
    assert dedupe.sketch(article(1, text=REPORT)).hashes == dedupe.sketch(article(1, excerpt=REPORT)).hashes


@pytest.mark.parametrize(("share", "twin"), [(0.0, True), (0.05, True), (0.1, True), (0.2, True), (0.5, False)])
def test_an_edited_text_is_still_a_twin(share, twin):
    """Up to a fifth of the words may differ; with half of them it is another text."""
    first = report(1, "harbour.example", 5)
    second = report(2, "quay.example", 3, title="Other title", text=edited(share))

    assert twin == (second.url in dedupe.twins(sketches(second), sketches(first)))


def test_text_without_spaces_has_twins_too():
    first = report(1, "harbour.example", 5, title="电缆", text=SCRIPT)
    second = report(2, "quay.example", 3, title="电缆修复", text=SCRIPT.replace("三个月", "两个月"))

    assert {second.url} == set(dedupe.twins(sketches(first, second), []))


def test_a_chain_resolves_to_its_first_in_any_order():
    """A, an edit of A, and an edit of that edit: both point to A, whatever the order of the input."""
    middle = edited(0.2)
    last = " ".join("far" + word if n % 7 == 3 else word for n, word in enumerate(middle.split()))
    chain = [
        report(1, "harbour.example", 9),
        report(2, "quay.example", 6, text=middle),
        report(3, "mole.example", 3, text=last),
    ]

    found = [dedupe.twins(sketches(*order), []) for order in permutations(chain)]

    assert {chain[1].url: chain[0].url, chain[2].url: chain[0].url} == {u: t.original for u, t in found[0].items()}
    assert all(one == found[0] for one in found)
    assert found[0][chain[2].url].resemblance == dedupe.resemblance(*sketches(chain[2], chain[0]))


def test_what_was_seen_is_never_mapped():
    """A late arrival that is older than what was seen becomes the reprint; a seen URL never has an entry."""
    seen = report(1, "harbour.example", 2)
    late = report(2, "quay.example", 8)

    assert {late.url: seen.url} == {u: t.original for u, t in dedupe.twins(sketches(late), sketches(seen)).items()}


def test_a_headline_alone_needs_to_be_equal_and_near():
    """Short texts: equal within 48 hours is a twin; one word more, or a week later, is not."""
    first = report(1, "harbour.example", 5, title="Ferry stopped by fog at the northern pier", text="")
    equal = report(2, "quay.example", 3, title=first.title, text="")
    close = report(3, "mole.example", 3, title=f"{first.title} again", text="")
    later = report(4, "pier.example", -200, title=first.title, text="")

    assert {equal.url} == set(dedupe.twins(sketches(equal, close, later), sketches(first)))


def test_a_weekly_report_of_one_provider_is_no_repeat():
    """The same provider a day or more apart: only nearly equal text is a twin."""
    first = report(1, "harbour.example", 170)
    next_week = report(2, "harbour.example", 2, text=edited(0.15))
    same_hour = report(3, "harbour.example", 169, text=edited(0.15))

    assert {} == dedupe.twins(sketches(next_week), sketches(first))
    assert {same_hour.url} == set(dedupe.twins(sketches(same_hour), sketches(first)))


def test_many_equal_pages_cost_little_and_point_to_the_first():
    """2,000 copies of one page are one original and 1,999 twins."""
    one = dedupe.sketch(report(1, "harbour.example", 5))
    copies = [Sketch(**{f: getattr(one, f) for f in one.__struct_fields__} | {"url": f"u{n:04}"}) for n in range(2000)]

    found = dedupe.twins(copies, [])

    assert 1999 == len(found)
    assert {"u0000"} == {twin.original for twin in found.values()}


def test_a_threshold_out_of_range_is_refused():
    with pytest.raises(ValueError, match="at_least"):
        dedupe.twins([], [], at_least=0.0)
