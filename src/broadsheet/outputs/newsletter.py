"""Issues of the newsletter for everybody: a record of each, a page of each, and a page that lists them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from html import escape

from .. import record
from ..letters import choosing, composing
from ..types import Edition, File, Issue, Publication, Sheet
from ._sheets import sheet
from ._stories import NEVER, absolute, language

FOLDER = "newsletter/"


def render(edition: Edition) -> Iterator[File | Sheet]:
    """`_newsletters/<id>.html`, `newsletter/<id>/index.html` and `newsletter/index.html`; nothing without issues.

    What an editor has withdrawn since is no longer in them. No link of any subscriber is in them.
    """
    publication, issues = edition.publication, choosing.printed(edition)
    for issue in issues:
        yield sheet(edition, f"_newsletters/{issue.id}.html", issue, partial(_record, issue, publication))
        yield sheet(edition, f"{_place(issue)}index.html", issue, partial(_page, issue, publication))
    if issues:
        listed = [(issue.id, issue.title, issue.excerpt) for issue in reversed(issues)]
        yield sheet(edition, f"{FOLDER}index.html", listed, partial(_list, tuple(reversed(issues)), publication))


def addresses(edition: Edition) -> Iterator[tuple[str, datetime]]:
    """Path of the list and of each issue, and its moment, for sitemaps; NEVER where something was withdrawn since, and
    for the list, of which nobody knows when that was."""
    issues = choosing.printed(edition)
    if issues:
        yield FOLDER, NEVER
    for issue in reversed(issues):
        yield _place(issue), issue.at if issue in edition.issues else NEVER


def _place(issue: Issue) -> str:
    return f"{FOLDER}{issue.id}/"


def _record(issue: Issue, publication: Publication) -> bytes:
    html = composing.parts(issue, publication, public=True).html
    return record.dump_issue(issue, absolute(publication, _place(issue)), html)


def _page(issue: Issue, publication: Publication) -> bytes:
    return composing.parts(issue, publication, public=True).html.encode()


def _list(issues: tuple[Issue, ...], publication: Publication) -> bytes:
    """All issues, the newest first."""
    name = escape(publication.title)
    lines = [
        "<!doctype html>",
        f'<html lang="{escape(language(publication.locale))}">',
        '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>All issues – {name}</title>",
        "<style>body{max-width:40rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 Georgia,serif}</style></head>",
        f'<body><main><h1>All issues of <a href="{escape(publication.url)}">{name}</a></h1>',
        "<ul>",
        *(
            f'<li><a href="{escape(absolute(publication, _place(issue)))}">{escape(issue.title)}</a>'
            f'<p dir="auto">{escape(issue.excerpt)}</p></li>'
            for issue in issues
        ),
        "</ul></main></body>",
        "</html>",
        "",
    ]
    return "\n".join(lines).encode()
