"""What a story's articles said that was new, in order of time: its developments."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from .language import primary
from .text import WORD, starts_sentence, tokens, without_elision
from .types import Article, Development, Front, Story

NOVELTY = 0.6  # share of an article's terms, by weight, from which it is a development: docs/reference/stories.md
NAME, NUMBER = 2.0, 3.0  # weight of a name and of a number; that of a word is 1 from FULL letters on
FULL = 6  # letters (of its stem): short words say little, in whatever language
STEM = 5  # letters of a word by which two forms of it are the same
TERMS = 6  # new terms that a development shows

_SPACED = re.compile(r"[^\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]+")


def developments(story: Story) -> tuple[Development, ...]:
    """The members that say something which no earlier one said, oldest first. The first report is the first of them:
    all of it is new.

    A member's novelty is the share of its terms, by weight, that no earlier member has in its title or excerpt; from
    NOVELTY on it is a development. A reprint is none, nor is a copy of a report of an agency or site that another
    member has already brought, nor an article in a language of which nothing is there to compare it with.
    The order of members makes no difference. It looks at the story alone, so that what comes to others changes nothing
    in it. Time O(words).
    """
    found: list[Development] = []
    known: dict[str, set[str]] = {}  # language -> terms of earlier members
    voices: set[str] = set()
    members = sorted(story.articles, key=lambda a: (a.known_at, a.url))
    own = [article for article in members if article.url not in story.reprints]
    for article in own if len(own) > 1 else ():
        terms, language, voice = _terms(article), primary(article.language), story.voice(article)
        is_copy = voice != article.provider.domain and voice in voices
        if not is_copy and not found:
            found.append(_first(article))
        elif not is_copy and language in known:
            new = [term for key, term in terms.items() if key not in known[language]]
            novelty = sum(weight for weight, _ in new) / sum(weight for weight, _ in terms.values()) if new else 0.0
            if novelty >= NOVELTY:
                strongest = sorted(new, key=lambda term: -term[0])[:TERMS]  # of one weight as they stand in it
                told = tuple(word for _, word in strongest)
                found.append(Development(url=article.url, at=article.known_at, novelty=round(novelty, 3), terms=told))
        known.setdefault(language, set()).update(terms)
        voices.add(voice)
    return tuple(found) or (_first((own or members)[0]),)


def _first(article: Article) -> Development:
    return Development(url=article.url, at=article.known_at, novelty=1.0)


def news(story: Story, fronts: Sequence[Front]) -> tuple[Development, ...]:
    """Developments that we saw after the last front page on which the story stood; all where it stood on none.

    fronts: oldest first. A story stands on a front page under its own id or that of one that it took in.
    """
    ids = {story.id, *story.merged}
    last = next((front.at for front in reversed(fronts) if not ids.isdisjoint(front.stories)), None)
    seen = {article.url: article.first_seen for article in story.articles}
    return tuple(one for one in story.developments if last is None or seen[one.url] > last)


_Term = tuple[float, str]  # weight, and the word as it first stands


def _terms(article: Article) -> dict[str, _Term]:
    """What the title and the excerpt say, by stem, in the order in which it is said."""
    found: dict[str, _Term] = {}
    for part in (article.title, article.excerpt):
        _read(part if part.isascii() else unicodedata.normalize("NFKC", part), found)
    return found


def _read(part: str, found: dict[str, _Term]) -> None:
    """Put the terms of one line to those that are found. A name has a capital that no sentence start explains, in a
    line that is not all capitals."""
    words = [(match[0], match.start()) for match in WORD.finditer(part)]
    has_names = sum(word[0].isupper() for word, _ in words) <= 0.7 * len(words)
    for word, start in words:
        folded = word.casefold()
        if not folded.isascii() and not _SPACED.fullmatch(folded):
            for pair in tokens(folded):
                found.setdefault(pair, (1.0, pair))
            continue
        if not folded.isalpha() and any(char.isdigit() for char in folded):
            key, weight = folded, NUMBER
        else:
            key = (folded if folded.isalpha() else without_elision(folded))[:STEM]
            is_name = has_names and word[0].isupper() and not starts_sentence(part, start)
            weight = NAME if is_name else _WORTH[len(key)]
        if key not in found or found[key][0] < weight:
            found[key] = (weight, found[key][1] if key in found else word)


_WORTH = tuple(min(1.0, letters / FULL) for letters in range(STEM + 1))
