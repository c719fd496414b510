"""Profile `standard`: a video has little text; it is worth what a short article's text would be."""

from __future__ import annotations

from ..types import Article, Publication, Reason

VIDEO = 20
SHORT = 150  # words up to which the text is a description only; above, `substance` weighs it


def points(article: Article, publication: Publication, weight: float) -> Reason:  # noqa: ARG001
    is_video = article.type == "video"
    share = VIDEO if is_video and article.words <= SHORT else 0
    value = "a video" if is_video else "not a video"
    return Reason(factor="video", value=value, weight=weight, points=round(weight * share))
