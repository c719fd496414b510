"""context and learning: a keyword that may mean something else counts where it means its topic, and says why."""

from __future__ import annotations

import random

import msgspec
import pytest
from benchmarks import topics as bench

from broadsheet.tag import learning, tag
from broadsheet.tag.context import BASE
from broadsheet.types import Decision, Hit, Places, Rule, Topic
from tests import build

TREE = (
    Topic(id="paper", name="Paper"),
    Topic(
        id="ai", name="AI", parent="Paper", keywords=("ai", "machine learning", "neural network"), hashtags=("#DeepLearning",)
    ),
    Topic(
        id="apple", name="Apple", parent="Paper", keywords=("Apple", "iPhone"),
        rules=(Rule(keyword="Apple", ambiguous=True, unless=("orchard", "cider press")),),
    ),
    Topic(
        id="ports", name="Ports", parent="Paper", keywords=("port", "quay"),
        rules=(Rule(keyword="port", requires=("ship", "harbour")),),
    ),
    Topic(id="sherry", name="Sherry", parent="Paper", keywords=("sherry", "port"), rules=(Rule(keyword="port", ambiguous=True),)),
    Topic(id="who", name="Health", parent="Paper", keywords=("WHO", "US"), unless=("satire",)),
)  # fmt: skip


def tagged(title: str, excerpt: str = "", text: str = "", **more):
    article = build.article(1, title=title, excerpt=excerpt, text=text, language=more.pop("language", "en"))
    return tag(article, TREE, **more)


def on(title: str, excerpt: str = "", text: str = "", **more) -> set[str]:
    return set(tagged(title, excerpt, text, **more).topics) - {"Paper"}


@pytest.mark.parametrize(
    ("title", "excerpt", "topics"),
    [
        ("Ai Weiwei opens a show", "", set()),
        ("Ai Weiwei paints with machine learning", "", {"AI"}),
        ("How ai reads the tide", "", {"AI"}),
        ("Apple opens a shop", "", {"Apple"}),
        ("Apple harvest in the orchard", "", set()),
        ("An apple a day", "", set()),
        ("Fiona Apple sings at sea", "", set()),
        ("iPhone by Apple in an orchard", "", {"Apple"}),
        ("The port is full of ships", "", {"Ports"}),
        ("The port is full", "", set()),
        ("Quay and port to be sold", "", {"Ports"}),
        ("Port from the sherry makers", "", {"Sherry"}),
        ("WHO counts the beds", "", {"Health"}),
        ("WHO IS AFRAID OF THE SEA", "", set()),
        ("WHO counts the beds", "A satire in three acts.", set()),
    ],
)
def test_what_is_around_a_keyword_decides(title, excerpt, topics):
    """Names, words of the topic, words against it, words it asks for, and capitals in a line of capitals."""
    assert topics == on(title, excerpt)


def test_a_keyword_that_is_a_word_of_the_language_needs_more():
    """`ai` is a word of Italian: alone it says nothing, beside the topic's own it does."""
    assert set() == on("Multe ai ciclisti", language="it")
    assert {"AI"} == on("Multe ai ciclisti con machine learning", language="it")


@pytest.mark.parametrize(
    ("title", "keyword", "reason"),
    [
        ("Ai Weiwei opens a show", "ai", "part of a name, Ai Weiwei"),
        ("Apple harvest in the orchard", "Apple", "near orchard"),
        ("The port is full", "port", "near none of ship, harbour"),
        ("An apple a day", "Apple", "written small -2.0"),
    ],
)
def test_what_does_not_count_is_kept_with_its_reason(title, keyword, reason):
    """An editor can see which keyword stood there and why it was passed over."""
    refused = [hit.reason for hit in tagged(title).refused if hit.keyword == keyword]

    assert any(one.startswith(reason) for one in refused)


def test_what_counts_says_why_too():
    """The reason of an ambiguous keyword that counts is on its hit; a plain one needs none."""
    reasons = {hit.keyword: hit.reason for hit in tagged("The port and its ships, quay by quay").hits}

    assert {"port": "beside quay", "quay": ""} == {key: reasons[key] for key in ("port", "quay")}


def test_far_down_in_a_text_only_what_stands_near_speaks():
    """A word that the keyword asks for counts within 300 characters of it."""
    far = "Fog. " * 150

    assert {"Ports"} == on("Fog", text=far + "The port, with ships. The port again, and ships." + far)
    assert set() == on("Fog", text="Ships. " + far + "The port. " * 2)


def test_weights_of_keywords_and_places_add_up_to_one():
    """Half a keyword needs a second; a place that weighs nothing gives nothing; what is too light is kept as refused."""
    half = msgspec.structs.replace(TREE[1], rules=(Rule(keyword="machine learning", weight=0.5),))
    tree = (TREE[0], half)
    one = build.article(1, title="Machine learning", language="en")
    two = msgspec.structs.replace(one, excerpt="A school of machine learning.")

    assert () == tag(one, tree).topics
    assert ["weighs too little for AI"] == [hit.reason for hit in tag(one, tree).refused]
    assert ("Paper", "AI") == tag(two, tree).topics
    assert () == tag(two, tree, places=Places(excerpt=0)).topics


def test_every_hit_spans_what_stands_there():
    """Start and end give the passage itself, inflected as it is."""
    found = tagged("Neural-networks at sea", "The ports and their ships")

    assert ["Neural-networks", "ports"] == [
        {"title": found.title, "excerpt": found.excerpt}[hit.where][hit.start : hit.end]
        for hit in found.hits
        if hit.start >= 0
    ]


@pytest.mark.parametrize(
    ("language", "keyword", "text"),
    [
        ("en", "batsman", "three batsmen"), ("en", "crisis", "two crises"), ("en", "wolf", "wolves"), ("en", "potato", "potatoes"),
        ("de", "Krankenhaus", "in Krankenhäusern"), ("de", "künstliche Intelligenz", "mit künstlicher Intelligenz"),
        ("de", "Bahnhof", "alle Bahnhöfe"), ("fr", "hôpital", "deux hôpitaux"), ("fr", "énergie renouvelable", "énergies renouvelables"),
        ("es", "red neuronal", "redes neuronales"), ("es", "elección", "las elecciones"), ("pt", "eleição", "eleições"),
        ("it", "banca", "le banche"), ("ru", "больница", "в больницах"), ("ru", "искусственный интеллект", "искусственного интеллекта"),
        ("uk", "лікарня", "у лікарні"), ("pl", "szpital", "w szpitalach"), ("tr", "aşı", "aşının"), ("tr", "kitap", "kitabı"),
        ("tr", "iklim", "İKLİM"), ("ar", "مستشفى", "بالمستشفى"), ("nl", "haven", "havens"), ("sv", "hamn", "hamnen"), ("he", "נמל", "הנמל"),
    ],
)  # fmt: skip
def test_a_keyword_is_found_in_the_forms_of_the_language(language, keyword, text):
    """Plurals, cases, articles and mutations of many languages."""
    tree = (Topic(id="t", name="T", keywords=(keyword,)),)

    assert ("T",) == tag(build.article(1, title=text, language=language), tree).topics


@pytest.mark.parametrize(
    ("language", "keyword", "text"),
    [("en", "human", "humen"), ("de", "Bahn", "Bahnhof"), ("ru", "порт", "спорт"), ("fr", "port", "la porte est ouverte"),
     ("tr", "kar", "karar"), ("es", "mar", "marea"), ("en", "organ", "organisation")],
)  # fmt: skip
def test_a_longer_word_is_another_word(language, keyword, text):
    """No stem is cut off: compounds and words that begin alike are not forms."""
    tree = (Topic(id="t", name="T", keywords=(keyword,)),)

    assert () == tag(build.article(1, title=text, language=language), tree).topics


# --- learning --------------------------------------------------------------------------------------------------------

TITLES_FOR = (
    "Mercury probe nears orbit",
    "Mercury probe sends pictures",
    "Mercury orbit mapped by a probe",
    "Craters of Mercury in orbit",
)
TITLES_AGAINST = (
    "Mercury in tuna worries cooks",
    "Tuna and mercury: what cooks know",
    "Mercury found in tuna again",
    "Mercury rises in tuna",
)
SPACE = (Topic(id="root", name="Root"), Topic(id="space", name="Space", parent="Root", keywords=("mercury",)))


def examples() -> list[learning.Example]:
    titles = [(title, frozenset({"Space"})) for title in TITLES_FOR] + [
        (title, frozenset()) for title in TITLES_AGAINST
    ]
    return [learning.Example(build.article(n, title=title), right) for n, (title, right) in enumerate(titles)]


def test_refused_articles_teach_a_keyword_its_company():
    """Words that stood beside it where it meant its topic speak for it, the others against it; a new article shows it."""
    learnt = learning.learn(examples(), SPACE)
    weights = learnt["Space"]["mercury"]

    assert weights["probe"] > 0 > weights["tuna"]
    assert ("Root", "Space") == tag(
        build.article(1, title="Probe to Mercury: orbit reached"), SPACE, learnt=learnt
    ).topics
    refused = tag(build.article(1, title="Cooks find mercury in tuna tins"), SPACE, learnt=learnt)
    assert () == refused.topics
    assert "learnt, tuna -" in refused.refused[0].reason


def test_learning_does_not_depend_on_order():
    """The same examples in any order give the same weights."""
    shuffled = examples()
    random.Random(7).shuffle(shuffled)

    assert learning.learn(examples(), SPACE) == learning.learn(shuffled, SPACE)


def test_what_was_hardly_ever_refused_has_no_model():
    """One refusal is an accident: the keyword goes on to count, as if nothing were known."""
    assert {} == learning.learn([*examples()[:4], examples()[-1]], SPACE)


def test_weights_are_bounded_and_rare_words_absent():
    """No word decides against several others, and one that stood once says nothing."""
    weights = learning.learn(examples() * 50, SPACE)["Space"]["mercury"]

    assert all(abs(weight) <= learning.STRONGEST for weight in weights.values())
    assert "again" not in learning.learn(examples(), SPACE)["Space"]["mercury"]
    assert BASE in weights


def test_stored_articles_teach_by_what_became_of_them():
    """Imported records, killed ones, published ones and those with a second keyword, each with its weight."""
    stated = build.article(1, title="Mercury", topics=("Root",), hits=(Hit(topic="Root", keyword="", where="record"),))
    killed, off_topic, published = (build.article(n, title="Mercury", topics=("Root", "Space")) for n in (2, 3, 4))
    two = tuple(Hit(topic="Space", keyword=word, where="title", start=n) for n, word in enumerate(("mercury", "comet")))
    sure = build.article(5, title="Mercury, comet", topics=("Root", "Space"), hits=two)
    acts = {
        article.url: Decision(kind=kind, target=article.url, by="ed", at=build.NOW, note=note)
        for article, kind, note in (
            (killed, "kill", ""),
            (off_topic, "kill", "Off-topic: fish"),
            (published, "publish", ""),
        )
    }

    found = learning.examples([stated, killed, off_topic, published, sure], acts, SPACE)

    assert [
        (frozenset({"Root"}), None, 1.0),
        (frozenset(), None, learning.KILLED_OTHERWISE),
        (frozenset(), None, learning.KILLED),
        (frozenset({"Root", "Space"}), frozenset(), learning.PUBLISHED),
        (frozenset({"Space"}), frozenset(), learning.BESIDE),
    ] == [(one.right, one.wrong, one.weight) for one in found]


def test_what_an_editor_kills_again_and_again_is_refused_by_itself():
    """Four killed as off-topic in one company: the next in that company is off-topic, others are not."""
    articles = [build.article(n, title=title) for n, title in enumerate((*TITLES_FOR, *TITLES_AGAINST))]
    stored = [tag(article, SPACE) for article in articles]
    acts = {
        article.url: Decision(
            kind="kill" if article.title in TITLES_AGAINST else "publish",
            target=article.url, by="ed", at=build.NOW, note="off-topic",
        )
        for article in stored
    }  # fmt: skip

    learnt = learning.from_history(stored, acts, SPACE)

    assert () == tag(build.article(9, title="Cooks warn of mercury in tuna"), SPACE, learnt=learnt).topics
    assert ("Root", "Space") == tag(build.article(9, title="Mercury from orbit"), SPACE, learnt=learnt).topics


# --- headlines -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("half", ["looked at", "kept apart"])
def test_headlines_of_homonyms_are_told_apart(half):
    """Of a general paper's tree and headlines in a dozen languages: precision from .95, recall from .90, in each half."""
    tree, cases = bench.read_headlines()
    chosen = bench.halves(cases)[half]

    found = bench.score(chosen, [bench.ours(tree, case.article) for case in chosen])

    assert len(cases) >= 200
    assert found.precision >= 0.95
    assert found.recall >= 0.90
