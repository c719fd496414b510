"""The signs of an article as a page of the documentation: `python -m tests.signs > docs/reference/articles.md`."""

from __future__ import annotations

from broadsheet.extract.verdict import weights

HEAD = """# Is it an article?

Every page that is read is judged by signs. Each adds its weight (log-odds) times how much of it there is, 0 to 1; the sum,
on top of {intercept:.2f} for a page without any, becomes the chance that the page is an article. A page below {least:.2f} is
refused, and its outcome says what it is, its score and the heaviest signs:
`page is a list of 34 teasers (score .03; against: links -0.93, many days -0.80; for: prose +0.71)`.

A page of no text, a consent wall, a bot check, an error that is served as a page, a login and a page that a program would
fill are refused with their own reason before that, where no article stands beside it. A video passes.

How the weights were found, and how far they can be trusted, is said in `extract/verdict/weights.py` and in
[decisions](../decisions.md). This page is written by `python -m tests.signs`.

| Weight | Sign | A full measure |
|---|---|---|
"""


def text() -> str:
    """The page, the same for the same table."""
    rows = sorted(weights.TABLE.items(), key=lambda row: (row[1].weight, row[0]))
    lines = [f"| {sign.weight:+.2f} | {name} | {sign.full} |" for name, sign in rows]
    return HEAD.format(intercept=weights.INTERCEPT, least=weights.LEAST) + "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(text(), end="")
