"""Whether a page is an article at all, and if not, why."""

from __future__ import annotations

from dataclasses import dataclass

import lxml.html

from .said import Said


@dataclass(frozen=True, kw_only=True)
class Signs:
    """What speaks for and against a page being an article."""

    root: lxml.html.HtmlElement
    url: str
    text: str
    told: Said
    graph: Said
    items: Said
    dated: bool
    authored: bool
    listed: bool
    video: bool


def refusal(signs: Signs) -> str:
    """Why the page is no article; empty where it is one."""
    if not signs.text and not signs.video:
        return "page has no text"
    return ""
