"""Language: that of the text, where it can be told; else what the page claims."""

from __future__ import annotations

from collections.abc import Sequence

from ... import language
from ..said import Said
from . import Found, candidates

# `lang` is what browsers and screen readers go by, so it is the one that somebody notices when it is wrong.
ORDER = ("plain", "told", "graph", "metas", "fed")


def find(saids: Sequence[Said], body: str) -> Found[str]:
    """Language of the text. A clear guess from the text wins over a claim: templates claim English whatever they hold."""
    guessed = language.guess(body)
    told = [(tag, place) for said in saids for raw, place in said.languages if (tag := language.primary(raw))]
    known = candidates("language", [*told, *([(guessed, "text")] if guessed else [])])
    if guessed:
        return Found(guessed, next((place for tag, place in told if tag == guessed), "text"), known)
    return Found(*told[0], known) if told else Found("")
