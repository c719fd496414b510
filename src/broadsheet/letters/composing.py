"""What an issue looks like: its HTML and its plain text, the same headlines in both, small enough for every reader."""

from __future__ import annotations

import hashlib
import textwrap
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined

from .. import text
from ..errors import UsageError
from ..types import Issue, Piece, Publication, Section
from .encoding import encoded

HTML = 80_000  # bytes: Gmail cuts off what is beyond 102 KB, and the link to leave with it
MESSAGE = 100_000  # bytes of a whole message
HEADERS = 4_000  # bytes set apart for headers and boundaries
PREHEADER = 110  # characters that a list of messages shows beside the subject
TOP = "Top stories"
WIDTH = 72  # columns of plain text
_PADDING = "\u2007\u200c" * 60  # so that no list of messages goes on with the text of the page


class Parts(NamedTuple):
    """An issue for everybody: where `token` stands in it, the token of a subscriber belongs.

    pieces, more: headlines that are in it, and further stories that are counted.
    """

    html: str
    text: str
    token: str = ""
    pieces: int = 0
    more: int = 0

    def of(self, token: str) -> Parts:
        """The parts of the subscriber with this token of leaving."""
        if not self.token:
            return self
        html, plain = self.html.replace(self.token, token), self.text.replace(self.token, token)
        return self._replace(html=html, text=plain, token="")


class _Fit(NamedTuple):
    """How much of an issue is shown. cards: pieces in full. lines: further ones as headlines."""

    cards: int
    lines: int


class _Shown(NamedTuple):
    sections: tuple[Section, ...]
    lines: tuple[Piece, ...]
    more: int


def parts(issue: Issue, publication: Publication, *, public: bool = False) -> Parts:
    """HTML and plain text, the more of the issue the better, within HTML and MESSAGE.

    Where it is too much, cards turn into headlines, from the last on; then headlines are only counted. public: for
    everybody's eyes, with no link to leave. Raises UsageError without css-inline.
    """
    token = "" if public else _token(issue)
    shown, every = sum(len(section.pieces) for section in issue.sections), len(issue.pieces)

    def made(fit: _Fit) -> Parts:
        what = _shown(issue, fit)
        leave = _way_out(publication, token) if token else ""
        html, plain = _html(issue, what, publication, leave), _text(issue, what, publication, leave)
        return Parts(html, plain, token, every + issue.more - what.more, what.more)

    def fits(found: Parts) -> bool:
        whole = HEADERS + len(encoded(found.html).body) + len(encoded(found.text).body)
        return len(found.html.encode()) < HTML and whole < MESSAGE

    cards = _most(shown, lambda n: fits(made(_Fit(n, every))))
    if cards >= 0:
        return made(_Fit(cards, every))
    return made(_Fit(0, max(_most(every, lambda n: fits(made(_Fit(0, n)))), 0)))


def _most(limit: int, fits: Callable[[int], bool]) -> int:
    """The largest number up to `limit` that fits, where every smaller one does as well; -1 where none does."""
    low, high = -1, limit
    if fits(limit):
        return limit
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low


def _token(issue: Issue) -> str:
    """What stands for a token: as long as one, and nothing that a title could say, since titles are part of it."""
    return hashlib.blake2b(msgspec.msgpack.encode(issue), digest_size=12).hexdigest()


def _shown(issue: Issue, fit: _Fit) -> _Shown:
    left = fit.cards
    sections: list[Section] = []
    lines: list[Piece] = []
    for section in issue.sections:
        cards = section.pieces[:left]
        left -= len(cards)
        lines += section.pieces[len(cards) :]
        if cards:
            sections.append(Section(name=section.name, pieces=cards))
    lines += issue.also
    return _Shown(tuple(sections), tuple(lines[: fit.lines]), issue.more + max(len(lines) - fit.lines, 0))


def _way_out(publication: Publication, token: str) -> str:
    """The link with which a reader leaves: ours, or a message to an address."""
    settings = publication.newsletter
    return f"{settings.url}unsubscribe/{token}" if settings.url else f"mailto:{settings.mailto}?subject=unsubscribe"


def counts(issue: Issue) -> str:
    """What the publication printed in the time of the issue, in words."""
    words = (("article", issue.articles), ("story", issue.stories), ("source", issue.sources))
    told = ", ".join(f"{n} {w if n == 1 else 'stories' if w == 'story' else f'{w}s'}" for w, n in words)
    return f"{told} since {issue.since:%Y-%m-%d %H:%M} UTC"


# --- HTML ------------------------------------------------------------------------------------------------------------


def _html(issue: Issue, shown: _Shown, publication: Publication, leave: str) -> str:
    """One column, styles in the elements, and one style element for readers that know dark mode."""
    page = _environment().get_template("letter.html").render(
        issue=issue,
        sections=shown.sections,
        lines=shown.lines,
        more=shown.more,
        top=TOP,
        counts=counts(issue),
        preheader=text.excerpt(issue.excerpt, PREHEADER),
        padding=_PADDING,
        language=publication.locale.replace("_", "-"),
        name=text.clean(publication.title),
        site=publication.url,
        archive=f"{publication.url}newsletter/",
        leave=leave,
        postal=text.clean(publication.newsletter.postal),
    )  # fmt: skip
    return _inlined(page).replace("</head>", f"<style>{_file('dark.css')}</style></head>", 1) + "\n"


def _inlined(page: str) -> str:
    try:
        import css_inline
    except ImportError as exc:
        raise UsageError("letters need the extra `mail`", "css-inline", "pip install 'broadsheet[mail]'") from exc
    return css_inline.CSSInliner(load_remote_stylesheets=False, extra_css=_file("letter.css")).inline(page)


@cache
def _environment() -> Environment:
    """Templates with every value escaped."""
    return Environment(loader=PackageLoader("broadsheet.letters"), autoescape=True, undefined=StrictUndefined)


@cache
def _file(name: str) -> str:
    return files("broadsheet.letters").joinpath("templates", name).read_text("utf-8")


# --- plain text ------------------------------------------------------------------------------------------------------


def _text(issue: Issue, shown: _Shown, publication: Publication, leave: str) -> str:
    lines = [*_under(issue.title, "="), "", *_wrapped(f"{counts(issue)}."), ""]
    for section in shown.sections:
        lines += [*_under(section.name or TOP, "-"), ""]
        for piece in section.pieces:
            lines += [*_piece(piece, in_full=True), ""]
    if shown.lines:
        lines += [*_under("Also covered" if shown.sections else "Stories", "-"), ""]
        for piece in shown.lines:
            lines += [*_piece(piece, in_full=False), ""]
    if shown.more:
        lines += [f"and {shown.more} more on the site: {publication.url}", ""]
    return "\n".join([*lines, *_footer(publication, leave), ""])


def _under(title: str, mark: str) -> list[str]:
    wrapped = _wrapped(title)
    return [*wrapped, mark * max(map(len, wrapped), default=0)]


def _piece(piece: Piece, *, in_full: bool) -> Iterator[str]:
    yield from _wrapped(f"* {'Update: ' if piece.update else ''}{piece.title}", "  ")
    if in_full and piece.excerpt:
        yield from _wrapped(f"  {piece.excerpt}", "  ")
    yield f"  {piece.provider}: {piece.url}" if piece.provider else f"  {piece.url}"


def _wrapped(line: str, indent: str = "") -> list[str]:
    """The line in lines of at most WIDTH columns: of a script whose letters take two, half as many."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in line)
    width = WIDTH // 2 if wide > len(line) // 2 else WIDTH
    return textwrap.wrap(line, width, subsequent_indent=indent, break_on_hyphens=False)


def _footer(publication: Publication, leave: str) -> Iterator[str]:
    settings = publication.newsletter
    yield "-- "  # with the space: what is below is a signature (RFC 3676, section 4.3)
    yield from _wrapped(text.clean(publication.title))
    yield publication.url
    yield f"All issues: {publication.url}newsletter/"
    if leave:
        yield f"Unsubscribe: {leave}"
    if settings.postal:
        yield from _wrapped(text.clean(settings.postal))
