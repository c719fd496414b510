"""How an edition becomes files. A leaf is a module with one function:

    def render(edition: Edition) -> Iterator[File | Sheet]

It is pure: same edition, same bytes. It prints published stories only (`edition.stories`); `records` alone prints
what is not published. One that prints pages for readers may say which, so that sitemaps list them:

    def addresses(edition: Edition) -> Iterator[tuple[str, datetime]]

gives path and newest fact of each (_stories.NEVER where it shows none). Two outputs never give the same path.
"""

from __future__ import annotations
