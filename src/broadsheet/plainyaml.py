"""Read YAML as plain data: text, lists and mappings. No tags, anchors or guessed types; bounded in size and depth.

Every scalar stays text, so that `no`, `1.5` and a date mean what the reader of the value says and not what YAML 1.1
guesses. Aliases are refused because a few hundred bytes of them can stand for gigabytes ("billion laughs").
"""

from __future__ import annotations

from typing import Any

import yaml

from .errors import ParseError

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 32


def load(data: bytes | str) -> Any:
    """Text, list or dict of the one document in `data`; None when it is empty. Raises ParseError with the line."""
    size = len(data)
    if size > MAX_BYTES:
        raise ParseError(f"YAML of {size} bytes is over the limit of {MAX_BYTES}")
    try:
        depth = 0
        for event in yaml.parse(data, Loader=yaml.CBaseLoader):
            where = f"line {event.start_mark.line + 1}" if event.start_mark else ""
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise ParseError("YAML anchors and aliases are not allowed", where)
            if getattr(event, "tag", None) not in (None, "!"):
                raise ParseError(f"YAML tag {getattr(event, 'tag', '')} is not allowed", where)
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise ParseError(f"YAML deeper than {MAX_DEPTH} levels", where)
        node = yaml.compose(data, Loader=yaml.CBaseLoader)
        return None if node is None else _value(node)
    except yaml.MarkedYAMLError as exc:
        line = f"line {exc.problem_mark.line + 1}" if exc.problem_mark else ""
        raise ParseError(f"broken YAML ({exc.problem or exc.context})", line) from exc
    except (yaml.YAMLError, UnicodeError) as exc:
        raise ParseError(f"broken YAML ({exc})") from exc


def _value(node: yaml.Node) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return [_value(item) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise ParseError("a YAML key is not text", f"line {key.start_mark.line + 1}")
            if key.value in found:
                raise ParseError(f"YAML key {key.value} stands twice", f"line {key.start_mark.line + 1}")
            found[key.value] = _value(value)
        return found
    return node.value
