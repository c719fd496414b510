"""Points for one article, one file a factor. A leaf is a module with one function:

    def points(article: Article, publication: Publication, weight: float) -> Reason

`Reason.points` is an integer with the weight already in it; a factor that has nothing to say gives 0 points.
"""

from __future__ import annotations
