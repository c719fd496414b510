"""What speaks for and against an article being of a story, and two stories being one: features and their weights.

Both decisions are linear: the similarity is a sum of weight times feature, and so is the threshold that it must reach.
The weights were fitted by `python -m benchmarks._fit_stories` (logistic regression on the decisions of a stream), then
moved by `python -m benchmarks._search_stories` (for B-cubed F1 of whole sets, and no story of everything).
"""

from __future__ import annotations

from typing import NamedTuple

# Of an article and a story.
JOIN = {
    "words": 0.43,  # how alike it is to the members as they are to each other (`belonging`), as far as words say so
    "letters": 1.33,  # the same, as far as runs of four letters do
    "focus": 2.26,  # share of the story's sum that its words are
    "title": 0.99,  # share of its title that the story has
    "own": 0.88,  # of its words, by weight, what the story has of all that was ever said with them
    "rivals": -1.92,  # mean similarity to the stories ranked third to eighth: words that go with anything
    "lead": 1.91,  # similarity ahead of the next best story, or behind the best
    "silence": -2.04,  # tens of days since the story's last article
    "age": -0.69,  # tens of days since its first
    "again": 0.66,  # its provider is in the story already
}
JOIN_NEED = {
    "any": 2.94,
    "size": -0.19,  # ln of the story's articles / 3
    "background": 0.00,  # ten times the mean cosine between articles of different stories: a narrow topic shares words
    "length": -0.25,  # ln of 1 + its words / 3
    "alone": 0.30,  # all are of its provider
}
# Of two stories.
MERGE = {
    "words": 0.49,  # how alike articles of both are, as those of either are to each other, as far as words say so
    "letters": 0.91,  # the same, as far as runs of four letters do
    "nearness": 1.42,  # ln of 1 + 25 times the two cosines of their sums
    "inner": 2.27,  # share of the smaller one's sum that the larger one has,
    "outer": 2.10,  # and of the larger one's
    "own": 0.66,  # of the smaller one's words, what both have of all that was ever said with them
    "rivals": 0.05,
    "lead": 1.39,
    "silence": -2.80,  # tens of days between the two
}
MERGE_NEED = {
    "any": 5.00,
    "size": 2.96,  # ln of the smaller one's articles / 3,
    "larger": -0.18,  # and of the larger one's
    "background": 0.00,
    "alone": 0.37,  # all articles are of one provider
}
# Of English with dense vectors, beside all this; what is of sense counts 12 / (12 + the article's words): the words of
# many say enough. The background is never negative here: in a narrow topic everything means much the same.
SENSE_JOIN = {
    "sense": 7.00,  # cosine of the article and the story's sum,
    "sense_members": 1.00,  # its mean cosine with the members,
    "sense_lead": 1.04,  # and how far it is ahead of the next best story, or behind the best
}
SENSE_JOIN_NEED = {
    "any": -0.44,  # added to that of words,
    "size": -0.55,  # as this is
    "sense": 3.00,
    "sense_background": 1.30,  # ten times the mean cosine of articles of different stories
}
SENSE_MERGE = {
    "sense": 7.00,  # the same of two stories
    "sense_members": 1.35,
    "sense_lead": 1.06,
}
SENSE_MERGE_NEED = {
    "any": 0.12,
    "size": 0.00,
    "sense": 3.50,
    "sense_background": 0.86,
}


class Weights(NamedTuple):
    """What a room decides by."""

    join: dict[str, float]
    join_need: dict[str, float]
    merge: dict[str, float]
    merge_need: dict[str, float]


def _with(words: dict[str, float], sense: dict[str, float]) -> dict[str, float]:
    return words | {name: words.get(name, 0.0) + weight for name, weight in sense.items()}


WORDS = Weights(JOIN, JOIN_NEED, MERGE, MERGE_NEED)
DENSE = Weights(
    _with(JOIN, SENSE_JOIN),
    _with(JOIN_NEED, SENSE_JOIN_NEED),
    _with(MERGE, SENSE_MERGE),
    _with(MERGE_NEED, SENSE_MERGE_NEED),
)
