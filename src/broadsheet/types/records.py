"""What is printed."""

from __future__ import annotations

from datetime import datetime

from .articles import Provider
from .sources import Image
from .struct import Struct


class Related(Struct, frozen=True, kw_only=True):
    """A member of a story as another member's record lists it."""

    title: str
    excerpt: str = ""
    published: datetime
    web_url: str
    amp_url: str = ""
    cdn_amp_url: str = ""
    type: str = "article"
    provider: Provider
    quality: int = 0
    images: tuple[Image, ...] = ()


class Record(Struct, frozen=True, kw_only=True):
    """One article exactly as printed in `_news`; record.py turns it into bytes and back.

    quality, heat and published are None together in a stub, which is read and never printed.
    """

    category: str = "news"
    title: str
    excerpt: str | None = None
    published_at: datetime
    original_url: str | None = None
    web_url: str | None = None
    amp_url: str | None = None
    cdn_amp_url: str | None = None
    type: str = "article"
    quality: int | None = None
    heat: int | None = None
    removed: bool = False
    published: bool | None = None
    featured_content: str | None = None
    provider: Provider | None = None
    topics: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    related: tuple[Related, ...] = ()
    secured: str | None = None


class PrintedRecord(Struct, frozen=True, kw_only=True):
    """A record and the file that holds it. newline: the file's line end, kept when it is printed again."""

    name: str  # file name, without folder
    record: Record
    newline: str = "\n"


class File(Struct, frozen=True, kw_only=True):
    """One file to be written: path relative to the site with forward slashes, and its bytes."""

    path: str
    data: bytes
