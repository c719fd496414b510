"""Find a leaf by name or dotted path: a new output, source kind or factor is one new file and no edit."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from types import ModuleType

from .errors import UsageError


def names(room: str) -> tuple[str, ...]:
    """Names of the leaves that come with a room (`sources`, `quality`, `heat`, `outputs`), sorted."""
    package = importlib.import_module(f"broadsheet.{room}")
    return tuple(sorted(m.name for m in pkgutil.iter_modules(package.__path__) if not m.name.startswith("_")))


@cache
def room(name: str) -> ModuleType:
    """The package of a room itself: what it says of its leaves together, such as `factors` of quality."""
    return importlib.import_module(f"broadsheet.{name}")


@cache
def find(room: str, name: str) -> ModuleType:
    """The module of a leaf: `site` is `broadsheet.outputs.site`; a name with a dot is a module of yours.

    Raises UsageError when there is no such module.
    """
    path = name if "." in name else f"broadsheet.{room}.{name}"
    try:
        return importlib.import_module(path)
    except ModuleNotFoundError as exc:
        if exc.name is not None and not path.startswith(exc.name):
            raise
        raise UsageError(f"no such name in {room}", name, f"choose from {', '.join(names(room))}") from exc
