"""docs/reference/fields.md: the rule of each field, as its code states it. `python -m tests.fields_reference` writes it."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from types import ModuleType

from broadsheet.extract.fields import (
    address,
    authors,
    excerpt,
    images,
    language,
    masthead,
    paywalled,
    provider,
    published,
    shown,
    title,
)

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "fields.md"
HEAD = """# Fields: where each value of an article comes from

A page is parsed once. What its markup says of it is collected as claims, each with the place that it stands in:
`json-ld headline`, `og:title`, `meta author`, `microdata datePublished`, `h1`, `time element`, `rel=author`, `feed title`
and so on. Then one rule a field chooses. `broadsheet why URL` names the place of every value, and
`broadsheet why URL --field title` shows every claim beside it. The rules below are those in the code
(`src/broadsheet/extract/fields/`, one file a field).
"""
RULES: tuple[tuple[str, str, ModuleType, tuple[str, ...]], ...] = (
    ("Address", "url, syndicated_from", address, ("find", "taken_from")),
    ("Title", "title", title, ("find",)),
    ("Authors", "authors", authors, ("find",)),
    ("Times", "published, updated", published, ("find",)),
    ("Excerpt", "excerpt", excerpt, ("find",)),
    ("Pictures", "images", images, ("find",)),
    ("The picture at the head", "images", shown, ("find",)),
    ("Language", "language", language, ("find",)),
    ("Provider and agency", "provider, agency", provider, ("site", "agency")),
    ("A site that does not name itself", "provider", masthead, ("name",)),
    ("Free to read or not", "paywalled", paywalled, ("find",)),
)


def rendered() -> str:
    """The whole page."""
    parts = [HEAD]
    for heading, names, module, rules in RULES:
        parts.append(
            f"## {heading}\n\nField: {', '.join(f'`{name}`' for name in names.split(', '))}. {_told(module)}\n"
        )
        parts += [f"{_told(getattr(module, rule))}\n" for rule in rules]
    return "\n".join(parts)


def _told(thing: object) -> str:
    """Its docstring, without what only a programmer needs."""
    text = inspect.getdoc(thing) or ""
    return re.sub(r"\s*Raises \w+(?: \([^)]*\))?\.", "", text).strip()


if __name__ == "__main__":
    PAGE.write_text(rendered(), encoding="utf-8")
