"""Profile `standard`: a report of its own, a copy of somebody else's, or what somebody says of himself.

What is known when an article is judged: the agency that its byline, dateline or credit names, and the address that it
says it was taken from. That it repeats another text is found later, among all articles: see heat and the lead.
"""

from __future__ import annotations

import re

from .. import agencies
from ..types import Article, Publication, Reason

AGENCY, TAKEN, RELEASE = -6, -10, -20
OPENING = 200  # characters of the excerpt in which a release names its wire

_WIRE = re.compile(
    r"\b(?:PRNewswire|GLOBE ?NEWSWIRE|BUSINESS WIRE|EIN Presswire|ACCESS ?Newswire)\b|\(ots\)", re.IGNORECASE
)


def points(article: Article, publication: Publication, weight: float) -> Reason:  # noqa: ARG001
    """0 for its own report, an agency's on the agency's own site included; -6 for a copy of one; -10 for what was taken
    from another site; -20 for a press release, wherever it stands."""
    value, share = _judged(article)
    return Reason(factor="originality", value=value, weight=weight, points=round(weight * share))


def _judged(article: Article) -> tuple[str, int]:
    own = agencies.of_domain(article.provider.domain) or article.provider.domain
    if (article.agency or own) in agencies.PRESS:
        return f"press release, sent by {article.agency or own}", RELEASE
    if wire := _WIRE.search(article.excerpt[:OPENING]):
        return f"press release: “{wire[0]}”", RELEASE
    if article.agency and article.agency != own:
        return f"a copy of {article.agency}'s report", AGENCY
    if article.voice and article.voice != own and not article.agency:
        return f"taken from {article.voice}, as it says", TAKEN
    return "its own report", 0
