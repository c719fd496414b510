"""What a behaviour must end in: an error of ours with its reason, entries, or an article; and how that is judged."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Protocol

from broadsheet import dates, normalise, text, urls
from broadsheet.errors import FetchError, NotAnArticle, ParseError
from broadsheet.types import Article, Entry, Listing, Page, Struct

from ..build import NOW

DAY = 86_400.0  # seconds; no host is left alone for longer on its own word
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class Expected(Protocol):
    """`str` is how the documentation prints it; a reads flag tells whether a fetched page goes on to be read."""

    reads: bool

    def why_not(self, found: Any) -> str:
        """Why `found` is not what was expected; empty where it is."""
        ...


class Failed(Struct, frozen=True):
    """A FetchError. kinds: of those it may have, parted by spaces. words: a pattern that its reason holds."""

    kinds: str
    words: str
    status: int = 0
    permanent: bool | None = None  # None: either
    wait: float | None = None  # seconds that the host asks for; None: any that are within a day

    reads = False

    def why_not(self, found: Any) -> str:
        if not isinstance(found, FetchError):
            return f"no FetchError but {said(found)}"
        wrong = []
        if not re.search(self.words, found.reason, re.IGNORECASE):
            wrong.append(f"reason `{found.reason}` lacks `{self.words}`")
        if found.kind not in self.kinds.split():
            wrong.append(f"kind {found.kind} is not {self.kinds}")
        if self.status and found.status != self.status:
            wrong.append(f"status {found.status} is not {self.status}")
        if self.permanent is not None and found.permanent != self.permanent:
            wrong.append(f"permanent is {found.permanent}")
        if self.wait is not None and found.retry_after != self.wait:
            wrong.append(f"wait of {found.retry_after} is not {self.wait}")
        if not 0 <= (found.retry_after or 0) <= DAY:
            wrong.append(f"wait of {found.retry_after} s is no time to wait")
        if not 3 <= len(found.reason) <= 200 or _UNSAFE.search(found.reason):
            wrong.append(f"reason {found.reason!r} is not fit for a table")
        return "; ".join(wrong)

    def __str__(self) -> str:
        more = [f"status {self.status}"] if self.status else []
        more += ["permanent" if self.permanent else "may be tried again"] if self.permanent is not None else []
        more += [f"wait {self.wait:g} s"] if self.wait is not None else []
        return f"FetchError {self.kinds.replace(' ', ' or ')}: `{self.words}`" + "".join(f", {one}" for one in more)


class Answered(Struct, frozen=True):
    """A page with exactly this body."""

    body: bytes

    reads = False

    def why_not(self, found: Any) -> str:
        if not isinstance(found, Page):
            return f"no page but {said(found)}"
        return "" if found.body == self.body else f"body {found.body[:60]!r} is not {self.body[:60]!r}"

    def __str__(self) -> str:
        return f"the body `{self.body.decode()}`"


class Unread(Struct, frozen=True):
    """A ParseError. words: a pattern that it holds."""

    words: str

    reads = True

    def why_not(self, found: Any) -> str:
        if not isinstance(found, ParseError):
            return f"no ParseError but {said(found)}"
        return "" if re.search(self.words, found.what, re.IGNORECASE) else f"`{found.what}` lacks `{self.words}`"

    def __str__(self) -> str:
        return f"ParseError: `{self.words}`"


class NoArticle(Struct, frozen=True):
    """NotAnArticle. words: a pattern that it holds."""

    words: str

    reads = True

    def why_not(self, found: Any) -> str:
        if not isinstance(found, NotAnArticle):
            return f"no NotAnArticle but {said(found)}"
        return "" if re.search(self.words, found.what, re.IGNORECASE) else f"`{found.what}` lacks `{self.words}`"

    def __str__(self) -> str:
        return f"NotAnArticle: `{self.words}`"


class Listed(Struct, frozen=True):
    """Entries. What is None is not compared, but every entry must be fit to keep.

    titles, urls, ids, published: of all entries in their order. first: titles that it begins with, whatever follows.
    """

    titles: tuple[str, ...] | None = None
    first: tuple[str, ...] = ()
    count: int | None = None
    cut: int | None = None
    urls: tuple[str, ...] | None = None
    ids: tuple[str, ...] | None = None
    published: tuple[str, ...] | None = None  # ISO 8601, empty for none

    reads = True

    def why_not(self, found: Any) -> str:
        if not isinstance(found, Listing):
            return f"no entries but {said(found)}"
        held = {
            "titles": tuple(entry.title for entry in found.entries),
            "count": len(found.entries),
            "cut": found.cut,
            "urls": tuple(entry.url for entry in found.entries),
            "ids": tuple(entry.id for entry in found.entries),
            "published": tuple(entry.published.isoformat() if entry.published else "" for entry in found.entries),
        }
        wrong = [
            f"{name} {str(value)[:200]} is not {str(wanted)[:200]}"
            for name, value in held.items()
            if (wanted := getattr(self, name)) is not None and wanted != value
        ]
        if self.first and held["titles"][: len(self.first)] != self.first:  # type: ignore[index]
            wrong.append(f"titles begin with {str(held['titles'][:3])[:200]}")  # type: ignore[index]
        wrong += [f"entry {n}: {fault}" for n, entry in enumerate(found.entries) for fault in entry_faults(entry)][:3]
        return "; ".join(wrong)

    def __str__(self) -> str:
        told = [f"{self.count} entries" if self.count != 1 else "1 entry"] if self.count is not None else []
        told += [f"{self.cut} beyond the bound"] if self.cut is not None else []
        told += [f"titles {_cells(self.titles)}"] if self.titles is not None else []
        told += [f"beginning with {_cells(self.first)}"] if self.first else []
        told += [f"links {_cells(self.urls)}"] if self.urls is not None else []
        told += [f"ids {_cells(self.ids)}"] if self.ids is not None else []
        told += [f"published {_cells(self.published)}"] if self.published is not None else []
        return ", ".join(told) or "entries, each fit to keep"


class Held(Struct, frozen=True):
    """An article. What is None is not compared, but the article must be fit to keep."""

    title: str | None = None
    url: str | None = None
    holds: str = ""  # stands in its text
    lacks: str = ""  # does not stand in its text
    images: tuple[str, ...] | None = None
    dated: bool | None = None

    reads = True

    def why_not(self, found: Any) -> str:
        if not isinstance(found, Article):
            return f"no article but {said(found)}"
        wrong = article_faults(found)
        if self.title is not None and found.title != self.title:
            wrong.append(f"title {found.title[:200]!r} is not {self.title[:200]!r}")
        if self.url is not None and found.url != self.url:
            wrong.append(f"address {found.url} is not {self.url}")
        if self.holds and self.holds not in found.text:
            wrong.append(f"text of {len(found.text)} characters lacks {self.holds!r}")
        if self.lacks and self.lacks in found.text + found.excerpt:
            wrong.append(f"text holds {self.lacks!r}")
        if self.images is not None and tuple(image.url for image in found.images) != self.images:
            wrong.append(f"images are {[image.url for image in found.images]}")
        if self.dated is not None and found.date_known != self.dated:
            wrong.append(f"date_known is {found.date_known} ({found.published.isoformat()})")
        return "; ".join(wrong)

    def __str__(self) -> str:
        told = [f"title {_cells((self.title,))}"] if self.title is not None else []
        told += [f"at {self.url}"] if self.url is not None else []
        told += [f"its text has `{self.holds}`"] if self.holds else []
        told += [f"and not `{self.lacks}`"] if self.lacks else []
        told += [f"images {_cells(self.images)}"] if self.images is not None else []
        told += ["dated" if self.dated else "undated"] if self.dated is not None else []
        return "article: " + (", ".join(told) or "fit to keep")


class Either(Struct, frozen=True):
    """One of two, where the standard leaves the choice."""

    one: Failed | Listed | Answered
    other: Failed | Listed | Answered

    @property
    def reads(self) -> bool:
        return self.one.reads or self.other.reads

    def why_not(self, found: Any) -> str:
        faults = [self.one.why_not(found), self.other.why_not(found)]
        return "; ".join(faults) if all(faults) else ""

    def __str__(self) -> str:
        return f"{self.one}, or {self.other}"


class Lost(Struct, frozen=True):
    """An exception in place of one value; those before and after it come through. words: a pattern that it holds."""

    words: str

    reads = False

    def why_not(self, found: Any) -> str:
        if not isinstance(found, Exception):
            return f"no exception but {said(found)}"
        told = said(found)
        return "" if re.search(self.words, told, re.IGNORECASE) else f"`{told}` lacks `{self.words}`"

    def __str__(self) -> str:
        return f"this item alone is lost: `{self.words}`"


def entry_faults(entry: Entry) -> list[str]:
    """What makes an entry unfit to keep, whatever its feed says."""
    faults = {
        f"link {entry.url[:60]!r} is none": bool(entry.url) and not _is_link(entry.url),
        f"published {entry.published} cannot be": not _is_time(entry.published),
        f"updated {entry.updated} cannot be": not _is_time(entry.updated),
        f"summary of {len(entry.summary)} characters": len(entry.summary) > 2_000,
        f"id of {len(entry.id)} characters": len(entry.id) > 1_000,
    }
    words = " ".join((entry.title, entry.summary, entry.id, *entry.authors, *entry.categories))
    return [fault for fault, is_so in faults.items() if is_so] + _text_faults(entry.title, words)


def article_faults(article: Article) -> list[str]:
    """What makes an article unfit to keep, whatever its page says."""
    links = (article.url, article.amp_url, article.syndicated_from, *(image.url for image in article.images))
    faults = {
        f"links {[link[:60] for link in links if link]} are not all links": not all(map(_is_link, filter(None, links))),
        f"published {article.published} cannot be": not _is_time(article.published),
        f"updated {article.updated} cannot be": not _is_time(article.updated),
        f"excerpt of {len(article.excerpt)} characters": len(article.excerpt) > text.EXCERPT,
        f"text of {len(article.text)} characters": len(article.text) > normalise.MAX_TEXT,
        "no title": not article.title,
    }
    words = " ".join((article.title, article.excerpt, *article.authors))
    return [fault for fault, is_so in faults.items() if is_so] + _text_faults(article.title, words)


def _text_faults(title: str, words: str) -> list[str]:
    faults = [f"title of {len(title)} characters"] if len(title) > text.TITLE else []
    faults += ["a title of several lines"] if "\n" in title else []
    found = _UNSAFE.search(words)
    return [*faults, f"character {found.group()!r}"] if found else faults


def _is_link(url: str) -> bool:
    return urls.is_http(url) and "@" not in url.split("/")[2] and not re.search(r"[\s\x00-\x1f\\]", url)


def _is_time(moment: datetime | None) -> bool:
    return moment is None or dates.sensible(moment, NOW)


def said(found: Any) -> str:
    """What was found, in a few words."""
    match found:
        case FetchError():
            return f"FetchError {found.kind}: {found.reason}"
        case ParseError():
            return f"{type(found).__name__}: {found.what}"
        case Exception():
            return f"{type(found).__name__}: {' '.join(str(found).split())[:200]}"
        case Listing():
            return f"{len(found.entries)} entries: {[entry.title[:60] for entry in found.entries[:3]]}"
        case Article():
            return f"article {found.title[:60]!r} of {len(found.text)} characters"
        case Page():
            return f"page with status {found.status} and {len(found.body)} bytes"
        case _:
            return repr(found)[:80]


def _cells(values: tuple[str, ...]) -> str:
    """Values for a table of the documentation: printable, short, without a bar."""
    printable = [ascii(value)[1:-1].replace("|", "\\|").replace("`", "'") for value in values]
    return " ".join(
        f"`{value if len(value) <= 50 else value[:47] + '...'}`" if value else "(none)" for value in printable
    )
