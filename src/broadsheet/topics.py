"""The topic tree: one file of `topics/` as a Topic, and all of them as a tree. Bytes in, values out, no I/O.

`keywords` are plain phrases, as the predecessor wrote them. One that asks for more is a mapping:

    keywords:
      - iPhone
      - phrase: Apple
        ambiguous: yes
        unless: [orchard, cider]
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

import msgspec

from . import plainyaml, text
from .errors import ParseError, UsageError
from .types import Rule, Topic

# Keys that mean something to us; others are left alone, unless they look like a slip of the pen.
KEYS = ("_id", "name", "parent", "keywords", "excludes", "requires", "unless", "hashtags", "mediaTopic")
PHRASE_KEYS = ("phrase", "requires", "unless", "ambiguous", "weight")
HEAVIEST = 10.0
_SLIP = 0.85  # likeness from which another key is taken for a slip
_MEDIA_TOPIC = re.compile(r"medtop:\d{8}")  # IPTC NewsCodes, https://cv.iptc.org/newscodes/mediatopic/
_YES = {"yes": True, "true": True, "no": False, "false": False}


def parse_tree(files: Mapping[str, bytes]) -> tuple[Topic, ...]:
    """Topics in the order of their file names. Raises UsageError for a tree that is none."""
    found: dict[str, tuple[Topic, str]] = {}
    ids: dict[str, str] = {}
    for path, data in sorted(files.items()):
        topic = parse_topic(path, data)
        if topic.name in found:
            raise UsageError(f"two topics are named {topic.name}", f"{found[topic.name][1]} and {path}", "rename one")
        if topic.id in ids:
            raise UsageError(f"two topics have the id {topic.id}", f"{ids[topic.id]} and {path}", "change one")
        found[topic.name], ids[topic.id] = (topic, path), path
    for topic, path in found.values():
        above, seen = topic.parent, {topic.name}
        while above:
            if above not in found:
                raise UsageError(f"parent {above} of topic {topic.name} does not exist", path, nearest(above, found))
            if above in seen:
                raise UsageError(f"topic {topic.name} is its own ancestor", path, "break the circle of parents")
            seen.add(above)
            above = found[above][0].parent
    roots = [topic.name for topic, _ in found.values() if not topic.parent]
    if len(roots) != 1:
        what = f"{len(roots)} topics have no parent ({', '.join(roots)})" if roots else "there is no topic"
        raise UsageError(what, "topics/", "exactly one topic, the root, has none")
    return tuple(topic for topic, _ in found.values())


def with_changes(files: Mapping[str, bytes], changes: object, where: str) -> dict[str, bytes]:
    """Topic files with what `changes` says of some: name or id of a topic -> keys that take the place of its own.

    where: the file that says it. Raises UsageError.
    """
    if not isinstance(changes, dict) or not all(isinstance(change, dict) for change in changes.values()):
        raise UsageError("topics are not tables", where, 'write [topics."NAME"] and its keys below')
    changed = dict(files)
    paths = {key: path for path, data in files.items() for key in _keys(parse_topic(path, data))}
    for name, change in changes.items():
        if name not in paths:
            raise UsageError(f"topic {name} does not exist", where, nearest(name, paths))
        if unknown := next((key for key in change if key not in KEYS), ""):
            raise UsageError(f"topic {name} has no key {unknown}", where, nearest(unknown, KEYS))
        data = msgspec.json.encode(plainyaml.load(files[paths[name]]) | change)  # which is YAML, too
        parse_topic(f'{where} [topics."{name}"]', data)
        changed[paths[name]] = data
    return changed


def _keys(topic: Topic) -> tuple[str, str]:
    return topic.id, topic.name


def parse_topic(path: str, data: bytes) -> Topic:
    """One file of `topics/`. Keys that are not ours are left alone. Raises UsageError naming file and key."""
    try:
        raw = plainyaml.load(data)
    except ParseError as exc:
        raise UsageError(exc.what, f"{path} {exc.where}".strip(), "mend the file") from exc
    if not isinstance(raw, dict) or not raw.get("name") or not raw.get("_id"):
        raise UsageError("a topic needs `_id` and `name`", path, "add them")
    if not all(c.isalnum() or c in "-_" for c in str(raw["_id"])):
        raise UsageError(f"topic id {raw['_id']} is no file name", path, "use letters, digits, hyphens")
    for key in raw:
        if key not in KEYS and (near := get_close_matches(key, KEYS, n=1, cutoff=_SLIP)):
            raise UsageError(f"key {key} is unknown", path, f"did you mean {near[0]}?")
    keywords, rules = parse_keywords(path, raw.get("keywords") or [])
    return Topic(
        id=str(raw["_id"]),
        name=text.clean(str(raw["name"])),
        parent=text.clean(str(raw.get("parent") or "")),
        keywords=keywords,
        rules=rules,
        excludes=_phrases(path, raw, "excludes"),
        requires=_phrases(path, raw, "requires"),
        unless=_phrases(path, raw, "unless"),
        hashtags=_phrases(path, raw, "hashtags"),
        media_topic=_media_topic(path, str(raw.get("mediaTopic") or "")),
    )


def parse_keywords(path: str, values: Any) -> tuple[tuple[str, ...], tuple[Rule, ...]]:
    """Phrases in their order, and the rules of those that are mappings. Duplicates stay: `classic` counts them.

    Raises UsageError.
    """
    if not isinstance(values, list):
        raise UsageError("keywords is not a list of phrases", path, "write one phrase a line, each after a hyphen")
    phrases: list[str] = []
    rules: dict[str, Rule] = {}
    for value in values:
        if isinstance(value, dict):
            rule = _rule(path, value)
            phrase = rule.keyword
            if phrase in rules and rules[phrase] != rule:
                raise UsageError(f"keyword {phrase} has two rules", path, "make them one")
            rules[phrase] = rule
        elif isinstance(value, str):
            phrase = text.clean(value)
        else:
            raise UsageError(
                "keywords has something that is no phrase", path, "write one phrase a line, each after a hyphen"
            )
        phrases.append(phrase)
    return tuple(filter(None, phrases)), tuple(rules.values())


def _rule(path: str, raw: Mapping[str, Any]) -> Rule:
    """A keyword with what it asks for, from its mapping. Raises UsageError."""
    phrase = text.clean(raw["phrase"]) if isinstance(raw.get("phrase"), str) else ""
    if not phrase:
        raise UsageError("a keyword has no `phrase`", path, "write `- phrase: words`, and what it asks for below")
    where = f"{path}, keyword {phrase}"
    for key in raw:
        if key not in PHRASE_KEYS:
            raise UsageError(f"key {key} is unknown", where, nearest(key, PHRASE_KEYS))
    said = str(raw.get("ambiguous") or "no").lower()
    if said not in _YES:
        raise UsageError(f"ambiguous is {said}", where, "write yes or no")
    requires, unless = _phrases(where, raw, "requires"), _phrases(where, raw, "unless")
    weight = _weight(where, raw)
    return Rule(keyword=phrase, requires=requires, unless=unless, ambiguous=_YES[said], weight=weight)


def _weight(where: str, raw: Mapping[str, Any]) -> float:
    try:
        weight = float(raw.get("weight") or 1.0)
    except (ValueError, TypeError):
        weight = -1.0
    if not 0 < weight <= HEAVIEST:
        raise UsageError(
            f"weight is {raw['weight']}", where, f"give a number above 0, at most {HEAVIEST:g}; 1 makes a topic"
        )
    return weight


def _media_topic(path: str, code: str) -> str:
    if code and not _MEDIA_TOPIC.fullmatch(code):
        raise UsageError(f"mediaTopic is {code[:40]}", path, "write it as medtop:07000000, with eight digits")
    return code


def _phrases(where: str, raw: Mapping[str, Any], key: str) -> tuple[str, ...]:
    values = raw.get(key) or []
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise UsageError(f"{key} is not a list of phrases", where, "write one phrase a line, each after a hyphen")
    return tuple(filter(None, (text.clean(value) for value in values)))


def nearest(name: str, known: Iterable[str]) -> str:
    """Advice for a name that does not exist."""
    near = get_close_matches(name, list(known), n=1)
    return f"did you mean {near[0]}?" if near else "add it or change the name"
