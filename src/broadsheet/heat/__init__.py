"""Points for one story, one file a factor. A leaf is a module with one function:

    def points(story: Story, publication: Publication, weight: float) -> Reason

`story.articles` are in their order, the lead first. `Reason.points` is an integer with the weight already in it.
"""

from __future__ import annotations
