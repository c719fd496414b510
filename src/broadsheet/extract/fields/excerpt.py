"""The excerpt: the publisher's description where it is a real one, else how the text begins."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ... import text
from ..body.block import Block
from ..said import Said
from . import Found, candidates

# og:description is written for readers; JSON-LD often repeats the body, and feeds cut it off.
ORDER = ("graph", "metas", "told", "items", "cards", "fed")

_LEAST = 40  # characters: what is shorter is a label
_CUT_OFF = re.compile(r"\s*(?:\.\.\.+|…|\[\s*(?:…|\.\.\.)\s*\])\s*$")
_INVITATION = re.compile(
    r"\s*(?:[|»>→-]\s*)?\(?(?:read (?:more|on|the full (?:story|article))|continue reading|click here[^.]*|learn more|find out more|mehr (?:dazu|lesen)|weiterlesen|"
    r"lire la suite|en savoir plus|leer más|seguir leyendo|leggi (?:di più|tutto)|continua a leggere|leia mais|lees (?:meer|verder)|läs mer|les mer|læs mere|"
    r"czytaj (?:więcej|dalej)|читать далее|devamını oku)\b[\s.…»>→)]*$",
    re.IGNORECASE,
)
_LEAST_WORDS = 8  # of a paragraph in a script that needs fewer characters
_SAME_START = 40  # letters
_BROKEN = re.compile(r"(?:\.\.\.|…)\s+\w")
# How a wire begins: "NORHAVEN, Feb. 3, 2026 /Release Wire/ --", "(Harbour Wire) -".
_DATELINE = re.compile(r"(?:[^\W\d_][^/()]{0,70})?[/(][^\W\d_][\w .-]{2,30}[/)]\s*(?:--+|[–—-])\s*")
_OPENING = 4_000  # characters of the text that a description has to have words of, and that an excerpt may come from
_SEARCHED = 20_000  # characters in which the rest of one that was cut off is looked for
_SHARED = 0.25  # share of a description's longer words that its article has, below which it is about something else
_KNOWN = 5  # longer words that such a judgement needs


def find(
    saids: Sequence[Said], heading: str, blocks: Sequence[Block], slogans: Sequence[str] = (), sites: Sequence[str] = ()
) -> Found[str]:
    """The first description that is a real one, at most text.EXCERPT characters, cut at a sentence; else the text's start.

    Not real: the title again, a label, a line of keywords, the site's slogan (`slogans`: how the site describes itself,
    or what follows one of its names, `sites`), words that the article does not have, or the beginning of the text run
    together with what follows it. One that was cut off is completed from the text where it stands there,
    gives way to a whole one, and ends at its last whole sentence otherwise.
    """
    said = [claim for source in saids for claim in source.descriptions[:2]]
    known = candidates("excerpt", ((text.one_line(raw), place) for raw, place in said))
    own = {text.fold(slogan) for slogan in slogans}
    opening = _opening(blocks, heading)
    body = " ".join(block.text for block in blocks if block.kind != "code")[:_SEARCHED]
    words = _words(f"{heading} {body[:_OPENING]}")
    prose = text.clean(body)
    said = [claim._replace(value=_without_dateline(claim.value)) for claim in said]
    cut_off: list[tuple[str, str]] = []
    seen: set[str] = set()
    for raw, place in said:
        line = _tidy(raw, heading)
        if line in seen or not _is_real(line, heading, own, words) or _is_motto(line, sites) or _runs_on(line, opening):
            continue
        seen.add(line)
        if not _is_cut_off(line, prose):
            return Found(text.excerpt(line), place, known)
        cut_off.append((line, place))
    for line, place in cut_off:
        if whole := _completed(line, prose):
            return Found(whole, f"{place}, completed from the text", known)
        if ends := [end for end in text.sentence_ends(line) if _LEAST <= end < len(line) - 3]:
            return Found(text.excerpt(line[: ends[-1]]), place, known)
    start = text.excerpt(_without_dateline(" ".join(opening)))
    if start or not cut_off:
        return Found(start, "text" if start else "", known)
    return Found(text.excerpt(cut_off[0][0]), cut_off[0][1], known)


def _without_dateline(line: str) -> str:
    start = _DATELINE.match(line)
    return line[start.end() :] if start else line


def _is_motto(line: str, sites: Sequence[str]) -> bool:
    """True for "The Harbour Post: news of the coast"."""
    return any(len(site) >= 4 and re.match(rf"{re.escape(site)}\s*[:|–—-]", line, re.IGNORECASE) for site in sites)


def _runs_on(line: str, opening: Sequence[str]) -> bool:
    """True where it begins with the text's first paragraph and goes on, or breaks off within it to say something else."""
    if not opening:
        return False
    said, first = (re.sub(r"\W+", "", value[:_OPENING]) for value in (line, opening[0]))
    if said[:_SAME_START] != first[:_SAME_START] or len(first) < _SAME_START:
        return False
    return (said.startswith(first) and len(said) > len(first)) or bool(_BROKEN.search(line))


def _tidy(raw: str, heading: str) -> str:
    """One line without an invitation to read on, and without the title before it."""
    line = _INVITATION.sub("", text.one_line(raw))
    if len(heading) >= 15 and line.casefold().startswith(heading.casefold()):
        rest = line[len(heading) :].lstrip(" .:|–—-")
        return rest if len(rest) >= _LEAST else line
    return line


def _is_real(line: str, heading: str, slogans: set[str], words: frozenset[str]) -> bool:
    key = text.fold(line)
    if len(line) < _LEAST and not (text.count_words(line) >= 10):  # ten words of Chinese take 20 characters
        return False
    if key in slogans or key == text.fold(heading):
        return False
    if line.count(",") >= 4 and not text.sentence_ends(f"{line} ") and line.count(",") * 3 >= text.count_words(line):
        return False  # keywords
    own = _words(line)
    return len(own) < _KNOWN or len(words) < 30 or len(own & words) >= _SHARED * len(own)


def _words(line: str) -> frozenset[str]:
    """Its longer words by their beginnings, so that endings do not part them; pairs where a script has no spaces."""
    return frozenset(
        [word[:6] for word in text.tokens(line) if len(word) > 3 or (len(word) == 2 and not word.isascii())]
    )


def _is_cut_off(line: str, prose: str) -> bool:
    """True when it ends in dots, or where the text, which has its last words too, goes on within the sentence."""
    if _CUT_OFF.search(line):
        return True
    at = prose.find(line[-40:]) if line[-1].isalnum() else -1
    following = prose[at + 40 : at + 42] if at >= 0 else ""
    return bool(following) and (following[0].isalnum() or (following[0] in ", " and following.strip(", ").islower()))


def _completed(line: str, prose: str) -> str:
    """Whole sentences of the text from where the description stands in it; empty where it stands nowhere."""
    beginning = _CUT_OFF.sub("", line)[:60]
    start = prose.find(beginning)
    return text.excerpt(prose[start : start + 2 * text.EXCERPT]) if start >= 0 and len(beginning) >= 20 else ""


def _opening(blocks: Sequence[Block], heading: str) -> list[str]:
    """The first paragraphs that are prose, up to a heading, a list, a table or a picture's caption."""
    found: list[str] = []
    for block in blocks:
        if sum(map(len, found)) >= text.EXCERPT or (found and block.kind not in ("paragraph", "quote")):
            break
        if block.kind in ("paragraph", "quote") and _is_long(block.text) and block.text != heading:
            found.append(block.text)
    return found or [block.text for block in blocks if block.kind not in ("heading", "code", "table")][:2]


def _is_long(line: str) -> bool:
    return len(line) >= _LEAST or text.count_words(line) >= _LEAST_WORDS
