"""Profile `classic`: 20 points for an article whose page names an AMP version."""

from __future__ import annotations

from ..types import Article, Publication, Reason

AMP = 20


def points(article: Article, publication: Publication, weight: float) -> Reason:  # noqa: ARG001
    value = "has an AMP page" if article.amp_url else "no AMP page"
    return Reason(factor="classic_amp", value=value, weight=weight, points=round(weight * AMP * bool(article.amp_url)))
