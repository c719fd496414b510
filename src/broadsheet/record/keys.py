"""The keys of a record, in the order in which they are printed."""

from __future__ import annotations

SCALARS = (
    "category", "title", "excerpt", "publishedDateTime", "originalUrl", "webUrl", "ampWebUrl", "cdnAmpWebUrl",
    "type", "quality", "heat", "removed", "published",
)  # fmt: skip
BLOCKS = ("featuredContent", "provider", "topics", "images", "related", "secured")
KEYS = SCALARS + BLOCKS
RELATED_KEYS = (
    "title", "excerpt", "publishedDateTime", "webUrl", "ampWebUrl", "cdnAmpWebUrl", "type",
    "provider", "quality", "images",
)  # fmt: skip
IMAGE_KEYS = ("url", "width", "height", "isCached", "title")
PROVIDER_KEYS = ("name", "domain", "images")
ALWAYS = ("category", "title", "excerpt", "publishedDateTime", "type", "provider", "topics")
JUDGED = ("quality", "heat", "published")  # together or, in a stub, not at all
