"""What an editor's acts say is true: of groupings, of topics, and of what is to be printed.

An act that was taken back says nothing, and neither does one that came with an import.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from ..stories import Arrival, trace
from ..types import Article, Decision, Regrouping, Struct, Topic

SURE = 1.0  # the editor looked at just this
LIKELY = 0.5  # he looked at something else, and would have seen it

OFF_TOPIC = ("off-topic", "off topic")  # what the note of a hold or kill begins with that is about topics
ON_TOPIC = ("on-topic", "on topic")  # what a note begins with that names topics which were missed


LATER = datetime(9999, 12, 31, tzinfo=UTC)  # when an article that is not known yet is seen


class Grouped(Struct, frozen=True, kw_only=True):
    """One article of a story that an editor looked at: where it belongs, and where the machine had it at that time."""

    story: str
    found: str
    weight: float


class Tagged(Struct, frozen=True, kw_only=True):
    """Topics of one article that an editor confirmed or named, and those that he refused."""

    right: frozenset[str]
    wrong: frozenset[str]
    weight: float


def groupings(
    came: Mapping[str, Arrival],
    first_seen: Mapping[str, datetime],
    regroupings: Sequence[Regrouping],
    standing: Sequence[Decision],
    left_out: frozenset[str] = frozenset(),
) -> dict[str, Grouped]:
    """URL -> where it belongs, of all articles in stories that an editor merged, split, or published with two members.

    standing: acts that were not taken back, oldest first. left_out: URLs of killed articles, which stand alone for
    another reason. A merge or split says where every article of the stories that it touched belongs (SURE). A story
    that was published and neither merged nor split is confirmed (LIKELY). Articles that came after the act are not in
    it. Of several acts the last one says where an article belongs, the surest how sure that is.
    """
    near = _near(came, regroupings, standing)
    labels: dict[str, Grouped] = {}
    for number, act in enumerate(standing, start=1):
        if act.kind not in ("merge", "split", "publish") or act.target not in near:
            continue
        events = [event for event in regroupings if event.at <= act.at]
        made = trace(near, events).homes
        edited = trace(near, events, standing[:number])
        done = next((one for one in edited.acts if one.decision == act), None)
        touched = {done.story, done.into} if done is not None else {edited.homes.get(act.target, "")}
        members = [
            url for url, home in edited.homes.items() if home in touched and first_seen.get(url, LATER) <= act.at
        ]
        if done is None and (act.kind != "publish" or len(members) < 2):
            continue  # it moved nothing; or it tells nothing of grouping
        for url in members:
            weight = max(SURE if done is not None else LIKELY, labels[url].weight if url in labels else 0.0)
            labels[url] = Grouped(story=edited.homes[url], found=made[url], weight=weight)
    return {url: label for url, label in sorted(labels.items()) if url not in left_out}


def _near(
    came: Mapping[str, Arrival], regroupings: Iterable[Regrouping], standing: Iterable[Decision]
) -> dict[str, Arrival]:
    """The articles of all stories that an act can have to do with: following the rest would be in vain."""
    parent: dict[str, str] = {}

    def root(story: str) -> str:
        while parent.setdefault(story, story) != story:
            parent[story] = story = parent[parent[story]]
        return story

    for event in regroupings:
        parent[root(event.story)] = root(event.into)
    named = [(act, [came[url].story for url in (act.target, *act.others) if url in came]) for act in standing]
    for act, stories in named:
        for story in stories[1:] if act.kind == "merge" else ():
            parent[root(stories[0])] = root(story)
    wanted = {root(story) for _, stories in named for story in stories if story}
    return {url: arrival for url, arrival in came.items() if arrival.story and root(arrival.story) in wanted}


# --- topics ----------------------------------------------------------------------------------------------------------


def topics(articles: Iterable[Article], standing: Sequence[Decision], tree: Sequence[Topic]) -> dict[str, Tagged]:
    """URL -> what an editor said of its topics, directly or by publishing it.

    A hold or kill whose note begins with `off-topic` refuses all topics of the article; `off-topic: A, B` refuses those
    and what is below them, and says nothing of the others (SURE). A note that begins with `on-topic: A` names a topic
    that was missed (SURE). A published article has its topics confirmed (LIKELY), but for what is refused.
    """
    by_url = {article.url: article for article in articles}
    ancestors = {topic.name: _above(topic.name, tree) for topic in tree}
    labels: dict[str, Tagged] = {}
    for act in standing:
        article = by_url.get(act.target)
        said = _said(act, ancestors)
        if article is None or act.kind not in ("publish", "hold", "kill") or (said is None and act.kind != "publish"):
            continue
        before = labels.get(act.target, Tagged(right=frozenset(), wrong=frozenset(), weight=0.0))
        right, wrong = set(before.right), set(before.wrong)
        if said is None:
            right |= set(article.topics) - wrong
        elif said[0] == "off":
            refused = {name for name, above in ancestors.items() if not said[1] or said[1] & {name, *above}}
            wrong, right = wrong | refused, right - refused
        else:
            named = {one for name in said[1] for one in (name, *ancestors[name])}
            right, wrong = right | named, wrong - named
        weight = max(before.weight, LIKELY if said is None else SURE)
        labels[act.target] = Tagged(right=frozenset(right), wrong=frozenset(wrong), weight=weight)
    return dict(sorted(labels.items()))


def _said(act: Decision, known: Mapping[str, object]) -> tuple[str, frozenset[str]] | None:
    """What a note says of topics: `off` or `on`, and which; none named means all. None where it speaks of none."""
    note = act.note.strip()
    for kind, forms in (("off", OFF_TOPIC), ("on", ON_TOPIC)):
        begun = next((form for form in forms if note.casefold().startswith(form)), "")
        if not begun or (kind == "off" and act.kind == "publish"):
            continue
        listed = note[len(begun) :].strip()
        by_name = {name.casefold(): name for name in known}
        parts = [part.strip().casefold() for part in listed.removeprefix(":").split(",")] if listed[:1] == ":" else []
        named = frozenset(by_name[part] for part in parts if part in by_name)
        return (kind, named) if kind == "off" or named else None
    return None


def _above(name: str, tree: Sequence[Topic]) -> tuple[str, ...]:
    parents = {topic.name: topic.parent for topic in tree}
    found = []
    while name := parents.get(name, ""):
        found.append(name)
    return tuple(found)


def deepest(names: Iterable[str], tree: Sequence[Topic]) -> frozenset[str]:
    """Those of `names` that have none of the others below them: what follows from another topic is not counted."""
    held = frozenset(names)
    return held - {above for name in held for above in _above(name, tree)}


# --- the gate --------------------------------------------------------------------------------------------------------


def verdicts(articles: Iterable[Article], in_force: Mapping[str, Decision], by_import: str) -> Iterator[Decision]:
    """The acts in force on these members of one story that say whether it is to be printed, the last one last.

    Those of an import are none, and neither are refusals because of a topic: they say nothing of heat.
    """
    acts = [in_force[article.url] for article in articles if article.url in in_force]
    told = (act for act in acts if act.by != by_import and not _is_off_topic(act))
    yield from sorted(told, key=lambda act: (act.at, act.target))


def _is_off_topic(act: Decision) -> bool:
    return act.kind != "publish" and act.note.strip().casefold().startswith(OFF_TOPIC)
