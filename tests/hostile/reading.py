"""What a worker process does with one fetched answer, or what is done to it; and what that cost."""

from __future__ import annotations

import resource
import time
from functools import cache

from broadsheet import sources
from broadsheet.execute.serial import outcome
from broadsheet.types import Article, Entry, Listing, Page, Source, Struct

from ..build import NOW
from . import TABLE, measuring
from .writing import page, rss

_FEED = "http://good.hostile.example/feed"


class Fetched(Struct, frozen=True, kw_only=True):
    """The page that a behaviour's fetch brought. seconds, mebibytes: what that cost."""

    name: str
    url: str
    page: Page
    seconds: float
    mebibytes: float


class Reading(Struct, frozen=True, kw_only=True):
    """What reading it brought: entries, an article or an exception. seconds: of processor time."""

    found: Listing | Article | Exception
    seconds: float
    mebibytes: float


def read(fetched: Fetched) -> Reading:
    """Read a page as a run does. The kernel ends this process when it takes longer than its row allows."""
    _warm()
    row = TABLE[fetched.name]
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time() + row.processor) + 1, hard))
    before, started = measuring.reset_peak(), time.process_time()
    found = outcome(_article if row.purpose == "page" else _listing, fetched.page)
    return Reading(found=found, seconds=time.process_time() - started, mebibytes=measuring.peak() - before)


def suffer(name: str) -> str:
    """Do what the row of that name does to its process; without such a row, nothing."""
    row = TABLE.get(name)
    if row is not None and row.attack is not None:
        row.attack()
    return name


def _listing(fetched: Page) -> Listing:
    return sources.read(fetched, Source(url=fetched.url))


def _article(fetched: Page) -> Article:
    from broadsheet import extract, normalise  # libraries that only a worker needs

    entry = Entry(source=_FEED, url=fetched.url)
    return normalise.normalise(extract.read(fetched, [entry], NOW), NOW)


@cache
def _warm() -> None:
    """Let the libraries load what they load once, so that no row is charged for it."""
    for made, kind, read_it in ((rss(), "feed", _listing), (page(), "page", _article)):
        body = str(made.body).encode()
        url = f"http://good.hostile.example/{kind}"
        read_it(Page(url=url, final_url=url, status=200, body=body, content_type=made.content_type, fetched_at=NOW))
