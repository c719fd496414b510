"""What a provider writes above story after story: there it tells its stories apart the less.

"X is generally available" of a product blog, or the kicker of a column, is rare in the language and still says nothing
about which of the provider's stories an article is of.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

STRANGERS = 4.0  # articles without the word that a provider is taken to have had besides
REMEMBERED = 4_000  # words of one provider; where it has more, those of one story are forgotten


class Habits:
    """Of one provider: the words of its titles, and above how many of its stories each stood."""

    __slots__ = ("articles", "stories")

    def __init__(self) -> None:
        self.articles = 0
        self.stories: dict[int, tuple[int, int]] = {}  # word -> stories, slot of the last of them

    def note(self, title: Iterable[int], slot: int) -> None:
        """One more article, of the story in this slot."""
        self.articles += 1
        stories = self.stories
        for word in title:
            count, last = stories.get(word, (0, -1))
            if last != slot:
                stories[word] = count + 1, slot
        if len(stories) > REMEMBERED:
            self.stories = {word: held for word, held in stories.items() if held[0] > 1}

    def rarer(self, numbers: Sequence[int], rare: Sequence[float]) -> list[float]:
        """The rarity of words, as far as they are no habit: at most ln of its articles for one of its stories."""
        stories, articles = self.stories, self.articles + STRANGERS
        found = []
        for word, rarity in zip(numbers, rare, strict=True):
            held = stories.get(word)
            if held is not None and held[0] > 1:
                rarity = min(rarity, math.log(articles / (held[0] - 1)))
            found.append(rarity)
        return found
