"""What a page holds for search engines and hides from readers without a subscription: taken out before it is read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

MAX_SELECTORS = 20
MAX_STEPS = 5  # compounds of one selector
LONGEST = 300  # characters of what one claim gives as its selectors

_COMPOUND = re.compile(
    r"(?P<tag>\*|[a-zA-Z][\w-]{0,60})?(?P<rest>(?:[.#][\w-]{1,100}|\[[\w:-]{1,60}(?:=[^\]\[]{1,100})?\]){0,6})"
)
_PART = re.compile(
    r"(?P<sign>[.#])(?P<name>[\w-]+)|\[(?P<key>[\w:-]+)(?:=(?P<quote>[\"']?)(?P<value>[^\"'\]]*)(?P=quote))?\]"
)
MAX_STYLES = 100_000  # characters of a page's own style sheets that are looked at
MAX_RULES = 50

_UNSEEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", re.IGNORECASE)
_CONDITIONAL = re.compile(r"@[^{};]*+\{(?:[^{}]*+\{[^{}]*+\})*+[^{}]*+\}")  # of print, of small screens


class Compound(NamedTuple):
    """What one element must be. attributes: each with its value, None where any will do."""

    tag: str = ""
    classes: frozenset[str] = frozenset()
    attributes: tuple[tuple[str, str | None], ...] = ()

    def fits(self, element: Any) -> bool:
        return (
            self.tag in ("", element.tag)
            and (not self.classes or self.classes <= set((element.get("class") or "").split()))
            and all(
                element.get(name) is not None if value is None else element.get(name) == value
                for name, value in self.attributes
            )
        )


def selectors(said: Iterable[str]) -> tuple[tuple[Compound, ...], ...]:
    """The simple selectors among those that a page gives; each the compounds from the outermost to the element meant.

    Lists by comma of `tag`, `.class`, `#id`, `[name]` and `[name=value]`, joined, one within another by a space. What has
    anything else (`>`, `:not(...)`) is passed over, as is what is too long.
    """
    lists = [one for claim in said if len(claim) <= LONGEST for one in claim.split(",")]
    found = [_selector(one.split()) for one in lists[:MAX_SELECTORS]]
    return tuple(selector for selector in found if selector)


def _selector(steps: list[str]) -> tuple[Compound, ...]:
    if len(steps) > MAX_STEPS:
        return ()
    compounds: list[Compound] = []
    for step in steps:
        match = _COMPOUND.fullmatch(step)
        if not match:
            return ()
        parts = list(_PART.finditer(match["rest"]))
        if "".join(part[0] for part in parts) != match["rest"]:
            return ()
        named = [(part["key"].lower(), part["value"]) for part in parts if part["key"]]
        compounds.append(
            Compound(
                tag="" if match["tag"] == "*" else (match["tag"] or "").lower(),
                classes=frozenset(part["name"] for part in parts if part["sign"] == "."),
                attributes=(*(("id", part["name"]) for part in parts if part["sign"] == "#"), *named),
            )
        )
    return tuple(compounds)


def take_out(root: Any, said: Iterable[str]) -> int:
    """Remove from the tree what `said` selects and readers do not see: it, or an element around it, is hidden.

    What is hidden within a selected element goes too; what of it can be seen stays. Returns how many were removed.
    """
    wanted = selectors(said)
    if not wanted:
        return 0
    ways: set[Any] = set()  # what the last compound of a selector fits, and all that is around it
    for element in root.iter():
        if any(one[-1].fits(element) for one in wanted):
            while element is not None and element not in ways:
                ways.add(element)
                element = element.getparent()
    if not ways:
        return 0
    gone: list[Any] = []
    styled = _hidden_by_style(root)
    stack: list[tuple[Any, tuple[int, ...], bool, bool]] = [(root, (0,) * len(wanted), False, False)]
    while stack:
        element, reached, closed, unseen = stack.pop()
        closed = closed or any(
            at == len(one) - 1 and one[-1].fits(element) for one, at in zip(wanted, reached, strict=True)
        )
        unseen = unseen or _is_hidden(element, styled)
        if closed and unseen:
            gone.append(element)
            continue
        # The outermost element that fits a compound leaves the most for the next: nothing is lost by taking it.
        below = tuple(
            at + (at < len(one) - 1 and one[at].fits(element)) for one, at in zip(wanted, reached, strict=True)
        )
        stack += [(child, below, closed, unseen) for child in element if closed or child in ways]
    for element in gone:
        element.drop_tree()
    return len(gone)


def _hidden_by_style(root: Any) -> list[Compound]:
    """What the page's own style elements hide, whatever the screen, by one simple compound."""
    sheets = "".join(style.text or "" for style in root.iter("style"))[:MAX_STYLES]
    if not _UNSEEN.search(sheets):
        return []
    rules = (rule.rpartition("{") for rule in _CONDITIONAL.sub("", sheets).split("}")[:-1])
    hiding = [before.rpartition("{")[2] for before, sign, body in rules if sign and _UNSEEN.search(body[:1_000])]
    return [one[0] for one in selectors(rule.strip() for rule in hiding[:MAX_RULES]) if len(one) == 1]


def _is_hidden(element: Any, styled: Iterable[Compound]) -> bool:
    """By an attribute, or by a style element of the page itself; other style sheets nobody knows without a browser.

    Whole pages are hidden until they load: that counts for nothing.
    """
    return element.tag not in ("html", "body") and (
        element.get("hidden") is not None
        or (element.get("aria-hidden") or "").strip().lower() == "true"
        or bool(_UNSEEN.search((element.get("style") or "")[:1_000]))
        or any(compound.fits(element) for compound in styled)
    )
