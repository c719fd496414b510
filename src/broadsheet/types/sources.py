"""Where to look, what was fetched, and what a source says: nothing of it is believed."""

from __future__ import annotations

from datetime import datetime

from .struct import Struct


class Source(Struct, frozen=True, kw_only=True):
    """Where to look for entries: one line of `sources.opml`."""

    url: str
    kind: str = "feed"  # feed, jsonfeed, sitemap, page or a dotted path
    title: str = ""
    provider: str = ""  # domain to file its articles under, where the link's own would mislead
    topics: tuple[str, ...] = ()  # names of topics that everything from here belongs to
    language: str = ""  # primary subtag (BCP 47) when entries do not say
    tier: int = 0  # how far the editor trusts it: 0 not said, 1 first-hand .. 3 take with care
    zone: str = ""  # IANA name of the zone that its articles' times are in where they do not say


class Validators(Struct, frozen=True, kw_only=True):
    """What a server gave us to ask again conditionally (RFC 9110, section 13)."""

    etag: str = ""
    last_modified: str = ""


class Rights(Struct, frozen=True, kw_only=True):
    """What a publisher lets us do with a page, and where it said so. By default everything is allowed."""

    listed: bool = True  # False: it asks not to be indexed, so the entry ends as `opt-out`
    text: bool = True  # its full text may be kept
    images: bool = True  # its pictures may be cached
    excerpt: int = -1  # characters that an excerpt may have; -1: as many as ours has, 0: none
    evidence: tuple[str, ...] = ()  # what was said and where, such as `X-Robots-Tag: noai`


class Page(Struct, frozen=True, kw_only=True):
    """One fetched resource: bytes and what HTTP said about them. Nothing in it is trusted."""

    url: str  # as asked for
    final_url: str  # after redirects
    status: int  # 200; 304 when the validators still hold and body is empty; 206 when only a beginning was asked for
    body: bytes
    content_type: str = ""  # the header's value, parameters included
    fetched_at: datetime
    validators: Validators = Validators()
    headers: dict[str, str] = {}  # lower-case names; several values of one name joined by ", "
    moved_to: str = ""  # where the permanent redirects (301, 308) that it began with lead; empty without one
    rights: Rights = Rights()  # what its site and its headers say; what stands in the page comes on top of it


class Image(Struct, frozen=True, kw_only=True):
    """A picture as claimed or stored; width and height in pixels, 0 when unknown."""

    url: str
    width: int = 0
    height: int = 0
    is_cached: bool = False
    title: str = ""


class Entry(Struct, frozen=True, kw_only=True):
    """One thing that a source lists. It is what the source *says*: cleaned of markup, but not believed."""

    source: str  # URL of the source
    url: str  # link, absolute, as urls.canonical prints it
    id: str = ""  # the feed's own id (guid, atom:id), as given
    title: str = ""
    summary: str = ""  # plain text
    content: str = ""  # plain text of full content, when the feed carries it
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    published_raw: str = ""
    updated: datetime | None = None
    language: str = ""
    image: Image | None = None
    categories: tuple[str, ...] = ()
    type: str = "article"  # article or video


class Listed(Struct, frozen=True, kw_only=True):
    """An entry as the store holds it: digests of what tells it apart (see admission.py), and the Entry as JSON."""

    url: str  # empty where the entry has no usable link
    key: str  # digest of its link, its identity within its source
    id: str = ""  # digests of its own id, its title and its date; empty where it has none
    title: str = ""
    date: str = ""
    published: datetime | None = None
    data: str = ""


class Listing(Struct, frozen=True, kw_only=True):
    """What one fetched source lists, and what it says of itself."""

    entries: tuple[Entry, ...] = ()
    cut: int = 0  # entries beyond the bound of one resource, which were not taken
    wait: float = (
        0.0  # seconds for which it asks not to be fetched again (`ttl`, `sy:updatePeriod`); 0 when it does not
    )
    hub: str = ""  # WebSub hub, absolute
    topic: str = ""  # its own address as it gives it (rel=self), which a hub knows it by


class Health(Struct, frozen=True, kw_only=True):
    """How one source has behaved: all that decides when it is asked again and what is said of it."""

    first_read: datetime | None = None
    last_read: datetime | None = None  # successfully, a 304 included
    failures: int = 0  # in a row
    failing_since: datetime | None = None
    error: str = ""  # the last one, empty after a success
    arrivals: tuple[datetime, ...] = ()  # when it brought something new, the last ones, ascending
    quiet: dict[
        str, float
    ] = {}  # day (ISO) -> longest gap between two arrivals that ended on it, seconds; the last ones
    window: float = 0.0  # seconds between the oldest and the newest entry that it listed; 0 where its dates do not tell
    wait: float = 0.0  # seconds for which it asks not to be fetched again
    redated: int = 0  # times that it gave most of its entries a new date, which was not believed
    address: str = ""  # where it is fetched since it moved for good; empty: at its own URL
    moving_to: str = ""  # where its permanent redirects lead, and
    moves: int = 0  # how often in a row they led there
    gone_at: datetime | None = None  # when it first answered 410
    hub: str = ""  # see Listing
    topic: str = ""


class HostState(Struct, frozen=True, kw_only=True):
    """What one origin (scheme, host, port) asked of us; kept between cycles.

    robots: text of its robots.txt; empty where there is none, which allows everything. robots_until: when to ask again.
    robots_failing_since: since when robots.txt could not be had, which forbids for a bounded time (RFC 9309, 2.3.1.4).
    """

    origin: str  # `https://harbour.example`, port only where it is not the scheme's own
    robots: str = ""
    robots_until: datetime | None = None
    robots_failing_since: datetime | None = None
    tdm: str = ""  # its /.well-known/tdmrep.json
    tdm_until: datetime | None = None
    hold_until: datetime | None = None  # it answered 429 or 503: nobody asks it for anything before


class Hub(Struct, frozen=True, kw_only=True):
    """Who tells of a source's news as they come, by its own word (WebSub). topic: address that the hub knows it by."""

    source: str
    url: str
    topic: str


class Subscription(Struct, frozen=True, kw_only=True):
    """What we asked one hub for about one source, and what came of it.

    state: asked (the hub has not confirmed yet), active, denied or failed (the hub could not be asked); a renewal is
    `asked` again and keeps its lease. secret: what the hub signs with. token: last part of the callback's path.
    """

    source: str
    hub: str
    topic: str
    secret: str
    token: str
    asked_at: datetime
    lease_until: datetime | None = None
    state: str = "asked"
    reason: str = ""  # why it was denied or failed
