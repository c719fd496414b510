"""Sketches and twins: who repeats whose text, and which of them is the original."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet import dedupe
from broadsheet.dedupe import alike
from broadsheet.dedupe.index import Index, reachable
from broadsheet.dedupe.shingles import hashes
from broadsheet.types import Article, Sketch, Twin

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


def test_a_text_of_some_five_hundred_words_is_kept_whole():
    """All words and pairs of neighbours, as 32-bit hashes, ascending, 4 bytes each; `size` counts them."""
    one = dedupe.sketch(article(1, title="Quay", text=" ".join(f"w{n}" for n in range(400))))

    assert (1 + 400 + 399, 0) == (one.size, one.halvings)
    assert 4 * one.size == len(one.hashes)
    assert sorted(set(hashes(one, 0))) == list(hashes(one, 0))


def test_of_a_long_text_a_sample_is_kept():
    """At most 1,024 hashes, 4 KiB, which are those below a limit; two samples meet at the coarser one's limit."""
    long = dedupe.sketch(article(1, text=" ".join(f"w{n}" for n in range(9000))))
    third = dedupe.sketch(article(2, text=" ".join(f"w{n}" for n in range(3000))))

    assert (17_999 + 9, 5) == (long.size, long.halvings)
    assert len(long.hashes) <= 4096
    assert max(hashes(long, 5)) < 2 ** (32 - 5)
    assert set(hashes(third, 5)) <= {*hashes(long, 5), *hashes(dedupe.sketch(article(2)), 5)}
    assert 1 / 3 == pytest.approx(dedupe.resemblance(third, long), abs=0.05)


def test_a_sketch_is_packed_and_read_again():
    """A store keeps the hashes and no more than 250 bytes beside them; the text is not needed again."""
    one = dedupe.sketch(report(1, "harbour.example", 5, syndicated_from="https://wire.example/7"))

    assert one == dedupe.unpack(dedupe.pack(one))
    assert len(dedupe.pack(one)) <= len(one.hashes) + 250


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


@pytest.mark.parametrize(
    ("title", "domain", "hours", "twin"),
    [
        ("Ferry stopped by fog at the northern pier", "quay.example", 3, True),
        ("FERRY stopped by fog at the northern pier", "harbour.example", 3, True),
        ("Ferry stopped by fog at the northern pier again", "quay.example", 3, True),
        ("Ferry stopped by fog at the northern pier again", "harbour.example", 3, False),
        ("Ferry stopped by fog at the northern pier", "quay.example", -44, False),
        ("Ferry runs again after repairs at the northern pier", "quay.example", 3, False),
        ("Ferry stopped", "quay.example", 3, False),
    ],
)
def test_a_headline_alone_needs_to_be_nearly_equal_and_near(title, domain, hours, twin):
    """Within 48 hours: equal, or another provider's with a word more. A column has the same headline each week."""
    first = report(1, "harbour.example", 5, title="Ferry stopped by fog at the northern pier", text="")
    second = report(2, domain, hours, title=title, text="")

    assert twin == (second.url in dedupe.twins(sketches(second), sketches(first)))


@pytest.mark.parametrize(("title", "twin"), [("5", False), ("4", True)])
def test_headlines_with_other_numbers_are_two_reports(title, twin):
    first = report(1, "harbour.example", 5, title="Fares on the northern ferry line rise by 4 percent", text="")
    second = report(2, "quay.example", 3, title=f"Fares on the northern line rise by {title} percent", text="")

    assert twin == (second.url in dedupe.twins(sketches(second), sketches(first)))


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


def test_a_flood_of_variants_of_one_page_costs_a_bounded_search_each(monkeypatch):
    """A flood of pages that differ in one word each is one original; no search compares more than a hundred of them."""
    compared = []
    real = alike.same
    monkeypatch.setattr(dedupe, "same", lambda *given: compared.append(1) or real(*given))
    flood = [report(n, f"p{n}.example", 5, text=f"{REPORT} mark{n}") for n in range(1500)]

    found = dedupe.twins(sketches(*flood), [])

    assert 1499 == len(found)
    assert 1 == len({twin.original for twin in found.values()})
    assert len(compared) <= 100 * len(flood)


@pytest.mark.parametrize("text", ["", "boat " * 100_000, "!!! ???", "x" * 400_000])
def test_a_text_of_one_word_or_none_is_nobodys_twin_for_that(text):
    """Empty, or one word a hundred thousand times: the headline decides."""
    first = report(1, "harbour.example", 5, title="Ferry stopped by fog at the northern pier", text=text)
    second = report(2, "quay.example", 3, title="Council votes on the budget of the coming year", text=text)

    assert {} == dedupe.twins(sketches(first, second), [])
    assert {} == dedupe.twins(sketches(article(1, title="", text=""), report(2, "q.example", 1, title="", text="")), [])


PRINTINGS = [
    (
        "Die „Möwe“ fährt – trotz Sturm & Regen – nicht",
        "die &quot;M&ouml;we&quot; fährt - trotz Sturm &amp; Regen - nicht",
    ),
    ("The harbour’s master didn’t say", "the HARBOUR'S master didn't say"),
    ("ＦＥＲＲＹ Ｌｉｎｅ １２ opens in ﬁve days", "Ferry line 12 opens in five days"),
    ("عَادَت العبّارة إلى المـــيناء", "عادت العبارة إلى الميناء"),
    ("항구에 새 연락선이 도착했다", unicodedata.normalize("NFD", "항구에 새 연락선이 도착했다")),
    ("海底电缆修复工程周一开始。", "海底电缆修复工程，周一开始"),
]


@pytest.mark.parametrize(("one", "other"), PRINTINGS)
def test_forms_of_characters_make_no_other_text(one, other):
    """Case, quotes, dashes, entities, width, ligatures, vowel signs, decomposed letters: the same words."""
    first, second = sketches(article(1, title=one), article(2, title=other))

    assert 0.7 <= dedupe.resemblance(first, second)
    assert first.hashes == second.hashes or "海" in one


@pytest.mark.parametrize(
    "text",
    [
        SCRIPT * 2 + "市长表示修复费用由省里承担渔民代表要求提前支付补偿金",
        "أعلنت هيئة الميناء يوم الاثنين أن سفينتين ستبدآن إصلاح الكابل البحري خلال ثلاثة أشهر وأن الصيادين سيحصلون على تعويض من الحكومة في نهاية الشهر القادم إذا سمح الطقس بذلك في المنطقة",
        "항만 당국은 월요일에 두 척의 배가 해저 케이블 수리를 시작한다고 밝혔다 어민들은 조업 중단을 걱정하며 정부에 보상을 요구했고 전문가들은 공사에 석 달이 걸린다고 본다 날씨가 가장 큰 변수다",
    ],
)
def test_every_script_has_twins(text):
    """A reprint without its last fifth is found in a script without spaces, in Arabic and in Hangul."""
    first = report(1, "harbour.example", 5, title="", text=text)
    second = report(2, "quay.example", 3, title="", text=text[: len(text) * 4 // 5])

    assert {second.url} == set(dedupe.twins(sketches(first, second), []))


def prose(key: str, words: int) -> str:
    return " ".join(f"{key}{n}" for n in range(words))


def test_half_of_a_report_is_a_reprint_and_so_is_one_with_an_addition():
    """The first half with edits, or the whole with half as much again; not a fifth, and not a round-up of three."""
    first = report(1, "wire.example", 9, text=prose("a", 120))
    half = report(2, "quay.example", 5, title="", text=prose("a", 60) + " " + prose("b", 6))
    longer = report(3, "mole.example", 4, title="", text=prose("a", 120) + " " + prose("c", 70))
    fifth = report(4, "pier.example", 3, title="", text=prose("a", 24) + " " + prose("d", 40))
    roundup = report(5, "mast.example", 3, title="", text=prose("e", 130) + prose("a", 120) + prose("f", 130))

    assert {half.url, longer.url} == set(dedupe.twins(sketches(half, longer, fifth, roundup), sketches(first)))


def test_what_a_provider_prints_on_all_its_articles_makes_no_twins():
    """A box of 60 words on every page of two sites: their articles of 40 words stay apart, and a reprint is found."""
    box = prose("subscribe", 60)
    pages = [
        report(n, domain, 5, title=f"Headline {domain[0]}{n}", text=f"{prose(f'{domain[0]}{n}x', 40)} {box}")
        for domain in ("harbour.example", "quay.example")
        for n in range(5)
    ]
    copy = report(9, "mole.example", 3, title="Other", text=prose("h2x", 40))

    found = dedupe.twins(sketches(*pages, copy), [])

    assert {copy.url: pages[2].url} == {url: twin.original for url, twin in found.items()}


def test_a_press_release_shares_its_last_paragraph_with_others_only():
    """ "About us" at the end of two releases, of the same length as the news: two releases."""
    about = prose("about", 40)
    first = report(1, "wire.example", 9, title="", text=f"{prose('launch', 50)} {about}")
    second = report(2, "quay.example", 5, title="", text=f"{prose('merger', 50)} {about}")

    assert {} == dedupe.twins(sketches(first, second), [])


def test_a_wires_weekly_figures_in_another_paper_are_no_reprint_of_last_weeks():
    """Five days apart it takes two thirds; within hours the same wording is a reprint."""
    first = report(1, "wire.example", 170)
    week, hours = (report(n, "quay.example", at, text=edited(0.2)) for n, at in ((2, 2), (3, 168)))

    assert {} == dedupe.twins(sketches(week), sketches(first))
    assert {hours.url} == set(dedupe.twins(sketches(hours), sketches(first)))


# --- which is the original -------------------------------------------------------------------------------------------


def original_of(*articles: Article) -> str:
    """URL of the one that all others repeat, whatever the order of the arguments."""
    found = [dedupe.twins(sketches(*order), []) for order in permutations(articles)]
    assert all(one == found[0] for one in found)
    assert len(articles) - 1 == len(found[0])
    return {twin.original for twin in found[0].values()}.pop()


def test_the_earliest_report_is_the_original():
    assert report(1, "harbour.example", 9).url == original_of(
        report(1, "harbour.example", 9), report(2, "quay.example", 8), report(3, "mole.example", 7)
    )


def test_who_says_that_it_is_taken_from_another_is_no_original():
    """An agency's credit, or another site's canonical address, weighs more than an earlier time."""
    own = report(1, "harbour.example", 5)
    credited = report(2, "quay.example", 9, agency="apnews.com")
    canonical = report(3, "mole.example", 8, syndicated_from="https://elsewhere.example/7")

    assert own.url == original_of(own, credited, canonical)


def test_an_agencys_own_article_is_the_original_of_its_report():
    assert "https://apnews.com/1" == original_of(
        report(1, "apnews.com", 5), report(2, "quay.example", 9), report(3, "mole.example", 7, agency="apnews.com")
    )


def test_nobody_gains_by_a_date_in_the_future_or_a_day_without_a_time():
    """A day alone stands for its end; what is dated after it was seen was out when it was seen."""
    midnight = NOW.replace(hour=0)
    first = report(
        1, "harbour.example", 0, published=midnight + timedelta(hours=9), first_seen=midnight + timedelta(hours=10)
    )
    day = report(2, "quay.example", 0, published=midnight, first_seen=midnight + timedelta(hours=11))

    assert first.url == original_of(first, day)


def test_an_article_that_names_its_source_is_a_reprint_with_less_in_common():
    """A claim alone is not enough: something of the text has to be there."""
    first = report(1, "harbour.example", 9)
    edit = report(2, "quay.example", 3, text=edited(0.4), title="", syndicated_from=first.url)
    other = report(3, "mole.example", 3, text=prose("other", 120), syndicated_from=first.url)

    assert {edit.url} == set(dedupe.twins(sketches(edit, other), sketches(first)))
    assert {} == dedupe.twins(sketches(report(2, "quay.example", 3, text=edited(0.4), title="")), sketches(first))


def test_a_stored_original_stays_one_when_a_copy_claims_an_earlier_time():
    """The copy of a later cycle is mapped to what was there, and a stored reprint leads to its stored original."""
    first, reprint = report(1, "harbour.example", 5), report(2, "quay.example", 4)
    stored = dedupe.twins(sketches(first, reprint), [])
    early = report(3, "mole.example", 30, text=edited(0.1))

    later = dedupe.twins(sketches(early), sketches(first, reprint), {u: t.original for u, t in stored.items()})

    assert {early.url: first.url} == {url: twin.original for url, twin in later.items()}


def test_a_provider_that_prints_a_report_twice_repeats_itself():
    """Its second printing of an agency's report has its own first one as original, so that it can be dropped."""
    wire, first = report(1, "wire.example", 9), report(2, "quay.example", 6, text=edited(0.1))
    second = report(3, "quay.example", 5, text=edited(0.1), title="Another headline")

    found = dedupe.twins(sketches(wire, first, second), [])

    assert {first.url: wire.url, second.url: first.url} == {url: twin.original for url, twin in found.items()}


# --- exactness -------------------------------------------------------------------------------------------------------

PIECES = [" ".join(f"{letter}{n}" for n in range(9)) for letter in "abcdefgh"]
texts = st.lists(st.sampled_from([*PIECES, "a0 a1 a2", "b3", "b4 b5", "zz", "1 2"]), min_size=0, max_size=9)
printed = st.tuples(texts, st.sampled_from(["one", "two", "three"]), st.integers(0, 150))


def from_pieces(parts: list[tuple[list[str], str, int]]) -> list[Sketch]:
    return sketches(
        *(
            report(n, f"{domain}.example", hours, title="", text=" ".join(pieces))
            for n, (pieces, domain, hours) in enumerate(parts)
        )
    )


@settings(max_examples=100, deadline=None)
@given(st.lists(printed, min_size=2, max_size=14), st.integers(0, 7), st.sampled_from([0.2, 0.35, 0.6]))
def test_the_index_finds_what_comparing_all_finds(parts, old, at_least):
    """Every pair that counts as one text is found by a search, among the new ones and among those that were seen."""
    held = from_pieces(parts)
    new, seen = held[old:], held[:old]
    templates = alike.Templates([])
    near = reachable(seen, new, at_least)
    pool = [*near, *new]
    index = Index(pool, at_least=at_least)
    for number, one in enumerate(pool):
        index.add(number, one)

    by_index = {
        (one.url, pool[n].url)
        for one in new
        for n in (index.search(one) if one.size else ())
        if pool[n] is not one and alike.same(alike.Text(one), pool[n], templates, at_least)
    }
    by_force = {
        (one.url, other.url)
        for one, other in product(new, held)
        if one is not other and alike.same(alike.Text(one), other, templates, at_least)
    }

    assert by_force == by_index


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(300, 3000)), min_size=2, max_size=6))
def test_the_index_finds_samples_of_every_rate(spans):
    """Long texts, kept at different rates, are found as by comparing all."""
    held = sketches(
        *(
            report(
                n, f"p{n}.example", 5, title="", text=" ".join(f"w{w}" for w in range(10 * start, 10 * start + words))
            )
            for n, (start, words) in enumerate(spans)
        )
    )
    index = Index(held)
    for number, one in enumerate(held):
        index.add(number, one)
    templates = alike.Templates([])

    for one in held:
        text = alike.Text(one)
        by_index = {n for n in index.search(one) if held[n] is not one and alike.same(text, held[n], templates)}
        by_force = {n for n, other in enumerate(held) if other is not one and alike.same(text, other, templates)}
        assert by_force == by_index


@settings(max_examples=60, deadline=None)
@given(st.lists(printed, min_size=2, max_size=10), st.randoms(use_true_random=False))
def test_the_order_of_the_arguments_makes_no_difference(parts, shuffle):
    held = from_pieces(parts)
    new, seen = held[3:], held[:3]
    expected = dedupe.twins(new, seen)
    shuffle.shuffle(new)
    shuffle.shuffle(seen)

    assert expected == dedupe.twins(new, seen)


@settings(max_examples=60, deadline=None)
@given(st.lists(printed, min_size=2, max_size=10, unique_by=lambda part: part[2]))
def test_cycle_by_cycle_is_as_at_once(parts):
    """Articles that come in the order of their times, none of them with a template, in as many cycles as there are."""
    domains = [(pieces, f"p{n}", hours) for n, (pieces, _, hours) in enumerate(parts)]
    held = sorted(from_pieces(domains), key=lambda one: one.out_at)
    found: dict[str, Twin] = {}
    for n, one in enumerate(held):
        found |= dedupe.twins([one], held[:n], {url: twin.original for url, twin in found.items()})

    assert dedupe.twins(held, []) == found


def test_a_threshold_out_of_range_is_refused():
    with pytest.raises(ValueError, match="at_least"):
        dedupe.twins([], [], at_least=0.0)
