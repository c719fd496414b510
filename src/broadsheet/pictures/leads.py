"""Which picture leads an article, and what its file says of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from ..types import Article, Picture


def applied(article: Article, known: Mapping[str, Picture]) -> Article:
    """The article with what is known of its pictures' files. known: by address. Doing it twice is doing it once.

    A lead that proved to be no picture, or too small to be one of an article, is left out where another candidate
    stands behind it; the only one stays. A lead whose size no markup gives has that of its file.
    """
    images, claims = list(article.images), dict(article.claims)
    while len(images) > 1 and (picture := known.get(images[0].url)) and picture.state == "unfit":
        claims["image left out"] = f"{picture.url}: {picture.reason}"
        del images[0]
    if images and not (images[0].width and images[0].height):
        picture = known.get(images[0].url)
        if picture is not None and picture.width:
            images[0] = msgspec.structs.replace(images[0], width=picture.width, height=picture.height)
            claims["image size"] = "the file"
    if tuple(images) == article.images:
        return article
    return msgspec.structs.replace(article, images=tuple(images), claims=claims)


def lacks_size(article: Article) -> bool:
    """Its lead picture has no size, and may be asked for it: nobody is for one that its publisher wants left alone."""
    if not article.images or not article.rights.images:
        return False
    return not (article.images[0].width and article.images[0].height)


def to_ask(article: Article, known: Mapping[str, Picture], now: datetime) -> str:
    """Address of the lead picture whose beginning is worth asking for; empty where there is none.

    Nobody is asked twice, but where it failed for a passing reason and its time has come.
    """
    article = applied(article, known)
    if not lacks_size(article):
        return ""
    lead = article.images[0].url
    return lead if lead not in known or is_due(known[lead], now) else ""


def is_due(picture: Picture, now: datetime) -> bool:
    """It failed, and may be asked for again."""
    return picture.retry_at is not None and picture.retry_at <= now
