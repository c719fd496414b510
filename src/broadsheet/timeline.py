"""What a story's articles said that was new, in order of time: its developments."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .language import primary
from .text import tokens
from .types import Article, Development, Front, Story

NOVELTY = 0.6  # share of an article's terms, by weight, from which it is a development: docs/reference/stories.md
NAME, NUMBER = 2.0, 3.0  # weight of a name and of a number; that of a word is 1 from FULL letters on
FULL = 6  # letters: short words say little, in whatever language
STEM = 5  # letters of a word by which two forms of it are the same
TERMS = 6  # new terms that a development shows

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_SPACED = re.compile(r"[^\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]+")
_SENTENCE_START = frozenset('.!?:…"“”«»„')


def developments(story: Story) -> tuple[Development, ...]:
    """The members that say something which no earlier one said, oldest first. The first report is the first of them.

    A member's novelty is the share of its terms, by weight, that no earlier member has in its title or excerpt; from
    NOVELTY on it is a development. A reprint is none, nor is a copy of a report of an agency or site that another
    member has already brought, nor an article in a language of which nothing is there to compare it with.
    The order of members makes no difference. It looks at the story alone, so that what comes to others changes nothing
    in it. Time O(words).
    """
    found: list[Development] = []
    known: dict[str, set[str]] = {}  # language -> terms of earlier members
    voices: set[str] = set()
    for article in sorted(story.articles, key=lambda a: (a.known_at, a.url)):
        terms, language, voice = _terms(article), primary(article.language), story.voice(article)
        new = {key: term for key, term in terms.items() if key not in known.get(language, ())}
        total = sum(term.weight for term in terms.values())
        novelty = sum(term.weight for term in new.values()) / total if total else 0.0
        is_copy = article.url in story.reprints or (voice != article.provider.domain and voice in voices)
        if not is_copy and (not found or (language in known and novelty >= NOVELTY)):
            told = sorted(new.values(), key=lambda term: -term.weight)[:TERMS]  # of one weight as they stand
            shown = tuple(term.shown for term in told)
            found.append(Development(url=article.url, at=article.known_at, novelty=round(novelty, 3), terms=shown))
        known.setdefault(language, set()).update(terms)
        voices.add(voice)
    return tuple(found)


def news(story: Story, fronts: Sequence[Front]) -> tuple[Development, ...]:
    """Developments that we saw after the last front page on which the story stood; all where it stood on none.

    fronts: oldest first. A story stands on a front page under its own id or that of one that it took in.
    """
    ids = {story.id, *story.merged}
    last = next((front.at for front in reversed(fronts) if not ids.isdisjoint(front.stories)), None)
    seen = {article.url: article.first_seen for article in story.articles}
    return tuple(one for one in story.developments if last is None or seen[one.url] > last)


class _Term(NamedTuple):
    weight: float
    shown: str  # as it first stands


def _terms(article: Article) -> dict[str, _Term]:
    """What the title and the excerpt say, by stem, in the order in which it is said."""
    found: dict[str, _Term] = {}
    for part in (article.title, article.excerpt):
        for key, term in _words(unicodedata.normalize("NFKC", part)):
            if key not in found or found[key].weight < term.weight:
                found[key] = _Term(term.weight, found[key].shown if key in found else term.shown)
    return found


def _words(part: str) -> Iterator[tuple[str, _Term]]:
    """Terms of one line. A name has a capital that no sentence start explains, in a line that is not all capitals."""
    words = list(_WORD.finditer(part))
    has_names = sum(match[0][0].isupper() for match in words) <= 0.7 * len(words)
    for match in words:
        word = match[0].casefold()
        if not _SPACED.fullmatch(word):
            yield from ((pair, _Term(1.0, pair)) for pair in tokens(word))
        elif any(char.isdigit() for char in word):
            yield word, _Term(NUMBER, match[0])
        else:
            stem = _stem(word)
            is_name = has_names and match[0][0].isupper() and not _starts_sentence(part, match.start())
            yield stem, _Term(NAME if is_name else min(1.0, len(stem) / FULL), match[0])


def _starts_sentence(part: str, start: int) -> bool:
    before = part[max(0, start - 4) : start].rstrip(" '‘(")
    return not before or before[-1] in _SENTENCE_START


def _stem(word: str) -> str:
    """`l'accord` -> accord, `Volant's` -> volant, and no more than the first letters of a long word."""
    if "'" in word or "’" in word:
        head, _, tail = word.replace("’", "'").partition("'")
        word = head if len(tail) <= 2 else tail if len(head) <= 2 else word
    return word[:STEM]
