"""What is printed."""

from __future__ import annotations

from collections.abc import Callable
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


class Printing(Struct, frozen=True, kw_only=True):
    """A story as it was first printed: a fact, which archives show for ever.

    Where the article that led it then is killed while the story goes on, these are facts of the one that leads it now.
    """

    story: str  # its id
    name: str  # of its page
    at: datetime  # clock of the edition
    url: str  # canonical URL of the article that led it
    title: str
    excerpt: str = ""
    web_url: str = ""  # where a reader is sent; empty for what is embedded on our own page
    type: str = "article"
    language: str = ""
    published: datetime
    provider: Provider
    authors: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


class Withdrawn(Struct, frozen=True, kw_only=True):
    """A story that was printed and is no longer. Nothing in it says what it was about but the name of its page.

    state: withheld (held back by an editor, or below the gate: it may come back) or canceled (killed). The words are
    those of ninjs's `pubStatus`. at: since when; of what an editor did not decide the moment that it was last printed
    is not known, and it is that of its first printing.
    """

    story: str
    name: str
    state: str
    at: datetime
    note: str = ""  # the editor's own


class File(Struct, frozen=True, kw_only=True):
    """One file to be written: path relative to the site with forward slashes, and its bytes."""

    path: str
    data: bytes


class Sheet(Struct, frozen=True, kw_only=True):
    """A file that is made only when it is needed. path, and what `make` gives: as in File.

    shows: digest of all that its bytes depend on, so that nothing is made where that is what it was when the file was
    printed last.
    """

    path: str
    shows: bytes
    make: Callable[[], bytes]

    @property
    def data(self) -> bytes:
        return self.make()
