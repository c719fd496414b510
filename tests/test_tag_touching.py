"""touching and retagging: a changed topic tree costs what it can change, and gives what judging all would give."""

from __future__ import annotations

import random
from pathlib import Path

import msgspec
import pytest
from benchmarks import topics as bench

from broadsheet.execute.serial import Serial
from broadsheet.run import quiet, retagging
from broadsheet.run.curating import curate
from broadsheet.run.judging import judge
from broadsheet.run.publication import opened
from broadsheet.tag import tag, touching
from broadsheet.types import Article, Rule, Topic
from tests import build

TREE, CASES = bench.read_headlines()
ARTICLES = [tag(case.article, TREE) for case in CASES]


def changed(tree: tuple[Topic, ...], name: str, **changes: object) -> tuple[Topic, ...]:
    return tuple(msgspec.structs.replace(one, **changes) if one.name == name else one for one in tree)


def _edits(seed: int) -> tuple[Topic, ...]:
    """The tree after one to three edits such as an editor makes."""
    draw = random.Random(seed)
    tree = TREE
    words = sorted({word for article in ARTICLES for word in article.title.split() if word.isalpha()})
    for _ in range(draw.randint(1, 3)):
        topic = draw.choice(tree[1:])
        some = draw.choice(topic.keywords) if topic.keywords else "fog"
        edit = draw.choice(("add", "drop", "rule", "exclude", "unless", "parent", "remove", "hashtag"))
        if edit == "add":
            tree = changed(tree, topic.name, keywords=(*topic.keywords, draw.choice(words)))
        elif edit == "drop":
            tree = changed(tree, topic.name, keywords=tuple(k for k in topic.keywords if k != some))
        elif edit == "rule":
            rule = Rule(keyword=some, ambiguous=draw.random() < 0.5, requires=(draw.choice(words),), weight=0.5)
            tree = changed(tree, topic.name, rules=(*(r for r in topic.rules if r.keyword != some), rule))
        elif edit == "exclude":
            tree = changed(tree, topic.name, excludes=(f"{some} {draw.choice(words)}", draw.choice(words)))
        elif edit == "unless":
            tree = changed(tree, topic.name, unless=(draw.choice(words),))
        elif edit == "hashtag":
            tree = changed(tree, topic.name, hashtags=(f"#{draw.choice(words).capitalize()}",))
        elif edit == "parent" and not any(one.parent == topic.name for one in tree):
            tree = changed(tree, topic.name, parent=draw.choice([t.name for t in tree if t.name != topic.name]))
        elif edit == "remove" and not any(one.parent == topic.name for one in tree):
            tree = tuple(one for one in tree if one.name != topic.name)
    return tree


@pytest.mark.parametrize("seed", range(300))
def test_what_a_change_cannot_touch_stays_to_the_last_hit(seed):
    """Whatever an editor changes, an article that is not touched is tagged by the new tree as it was by the old one."""
    new = _edits(seed)
    change = touching.change(TREE, new)

    untouched = [article for article in ARTICLES if not touching.may_touch(change, article)]

    assert untouched == [tag(article, new) for article in untouched]


def test_one_new_keyword_touches_few():
    """A keyword is added: articles with that word are touched, and those with a keyword that is open to doubt."""
    change = touching.change(TREE, changed(TREE, "Health", keywords=("clinic",)))

    touched = [article for article in ARTICLES if touching.may_touch(change, article)]

    assert any("clinic" in article.title for article in touched)
    assert len(touched) < len(ARTICLES) * 0.6


def test_a_change_that_tags_nothing_touches_nothing():
    """A media topic is no part of tagging."""
    change = touching.change(TREE, changed(TREE, "Health", media_topic="medtop:15000000"))

    assert not any(touching.may_touch(change, article) for article in ARTICLES)


def _folder(at: Path, keywords: str) -> Path:
    at.mkdir(exist_ok=True)
    (at / "topics").mkdir(exist_ok=True)
    (at / "broadsheet.toml").write_text('title = "Coast"\nurl = "https://coast.example/"\n', "utf-8")
    (at / "topics/00-coast.yaml").write_text("_id: coast\nname: Coast\nkeywords:\n  - coast\n", "utf-8")
    text = f"_id: ferries\nname: Ferries\nparent: Coast\nkeywords: [{keywords}]\n"
    (at / "topics/10-ferries.yaml").write_text(text, "utf-8")
    return at


def _cycle(folder: Path) -> tuple[retagging.Retagged, tuple[Article, ...]]:
    with opened(folder) as (publication, store):
        found = retagging.retag(folder, publication, store, Serial(), progress=quiet)
        curate(publication, store, Serial(), build.NOW, progress=quiet)
        retagging.note_tree(folder, publication)
        return found, store.articles(text=True)


TITLES = ("A ferry sails", "Hovercraft on the beach", "Gannets return", "Coast path opens")


def _filled(at: Path, keywords: str) -> Path:
    folder = _folder(at, keywords)
    with opened(folder) as (publication, store):
        articles = [build.article(n, title=title, text=f"{title}. More.") for n, title in enumerate(TITLES, 1)]
        store.put_articles([judge(publication, article) for article in articles], ())
        retagging.note_tree(folder, publication)
    return folder


def test_a_changed_keyword_judges_what_it_touches_and_gives_what_judging_all_gives(tmp_path):
    """One keyword more: one article of four is judged again, and every stored byte is that of a publication that had
    the keyword from the start."""
    folder = _filled(tmp_path / "a", "ferry")
    _folder(folder, "ferry, hovercraft")
    fresh = _filled(tmp_path / "b", "ferry, hovercraft")

    found, articles = _cycle(folder)

    assert retagging.Retagged(judged=1, kept=3) == found
    assert _cycle(fresh)[1] == articles


def test_without_the_tree_before_all_are_judged_again(tmp_path):
    """The file beside the store is lost or broken: nothing is taken for up to date, and the result is the same."""
    folder = _filled(tmp_path, "ferry")
    (folder / retagging.TREE).write_text("{", "utf-8")
    _folder(folder, "ferry, hovercraft")

    found, articles = _cycle(folder)

    assert retagging.Retagged() == found
    assert [("Coast", "Ferries")] == [a.topics for a in articles if a.title.startswith("Hover")]


def test_another_setting_changed_too_judges_all(tmp_path):
    """Weights of places are no part of the tree: the short way is not taken."""
    folder = _filled(tmp_path, "ferry")
    _folder(folder, "ferry, hovercraft")
    with (folder / "broadsheet.toml").open("a", encoding="utf-8") as settings:
        settings.write("[topics]\ntext = 0.4\n")

    assert retagging.Retagged() == _cycle(folder)[0]
