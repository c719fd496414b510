"""Points for one article, one file a factor. A leaf is a module with one function:

    def points(article: Article, publication: Publication, weight: float) -> Reason

`Reason.points` is an integer with the weight already in it; a factor that has nothing to say gives 0 points.
"""

from __future__ import annotations

import msgspec

from .. import plugins
from ..types import Article, Publication, Reason

# Factor -> weight: what each profile counts, in the order in which it is shown.
STANDARD: dict[str, float] = {
    "focus": 1.0,
    "substance": 1.0,
    "originality": 1.0,
    "image": 1.0,
    "headline": 1.0,
    "byline": 1.0,
    "provider": 1.0,
    "freshness": 1.0,
    "video": 1.0,
    "series": 1.0,
}
CLASSIC: dict[str, float] = {
    "classic_topics": 1.0,
    "classic_keywords": 1.0,
    "classic_image": 1.0,
    "classic_amp": 1.0,
    "classic_provider": 1.0,
    "classic_title_length": 1.0,
}


def factors(publication: Publication) -> dict[str, float]:
    """Factor -> weight, as the publication counts them: its own, else those of its profile."""
    return publication.quality_factors or (CLASSIC if publication.profile == "classic" else STANDARD)


def score(article: Article, publication: Publication) -> Article:
    """The article with its quality, 0 or more, and the reasons, whose points add up to it exactly.

    The factors are those of `publication.quality_factors`, else of its profile. A sum below zero is lifted to 0 by a
    last reason named `floor`. An article that came with a record (a hit says so) keeps the quality that the record
    states. Needs no text: `article.words` tells its length. Raises UsageError for a factor that does not exist.
    """
    if any(hit.where == "record" for hit in article.hits):
        return article
    reasons = [
        plugins.find("quality", name).points(article, publication, weight)
        for name, weight in factors(publication).items()
    ]
    total = sum(reason.points for reason in reasons)
    if total < 0:
        reasons.append(Reason(factor="floor", value=f"{total} is below zero", points=-total))
    return msgspec.structs.replace(article, quality=max(0, total), reasons=tuple(reasons))
