"""The data that flows, in the order it appears: frozen, keyword-only, times aware and in UTC.

Source -> Page -> Entry -> Article -> Story -> Record -> Edition -> File; beside them what explains and steers them.
"""

from __future__ import annotations

from datetime import datetime

import msgspec


class Struct(msgspec.Struct, frozen=True, omit_defaults=True):
    """What every value here has in common: immutable, small when encoded. kw_only is not inherited: each says it."""


# --- where to look ---------------------------------------------------------------------------------------------------


class Source(Struct, frozen=True, kw_only=True):
    """Where to look for entries: one line of `sources.opml`."""

    url: str
    kind: str = "feed"  # feed, jsonfeed, sitemap, page or a dotted path
    title: str = ""
    provider: str = ""  # domain to file its articles under, where the link's own would mislead
    topics: tuple[str, ...] = ()  # names of topics that everything from here belongs to
    language: str = ""  # primary subtag (BCP 47) when entries do not say
    tier: int = 0  # how far the editor trusts it: 0 not said, 1 first-hand .. 3 take with care


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
    status: int  # 200, or 304 when the validators still hold and body is empty
    body: bytes
    content_type: str = ""  # the header's value, parameters included
    fetched_at: datetime
    validators: Validators = Validators()
    headers: dict[str, str] = {}  # lower-case names; several values of one name joined by ", "
    moved_to: str = ""  # where the permanent redirects (301, 308) that it began with lead; empty without one
    rights: Rights = Rights()  # what its site and its headers say; what stands in the page comes on top of it


# --- what a source says ----------------------------------------------------------------------------------------------


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


class Change(Struct, frozen=True, kw_only=True):
    """A field of an article that a publisher changed, with the value that it had."""

    field: str
    old: str
    new: str
    at: datetime


# --- what explains ---------------------------------------------------------------------------------------------------


class Reason(Struct, frozen=True, kw_only=True):
    """One share of a number: `points` (already weighted, an integer) that `factor` gave for `value`."""

    factor: str
    value: str  # what was seen, for people: "2 keywords in the title"
    weight: float = 1.0
    points: int


class Hit(Struct, frozen=True, kw_only=True):
    """Evidence for a topic: a keyword of it, where it stood, and the characters around it.

    where: title, excerpt, text, source (the source is filed under it), child (a topic below it matched), root or
    record (it came with an imported record). start: offset of the keyword in that field, -1 where there is none.
    """

    topic: str
    keyword: str
    where: str
    start: int = -1


class Outcome(Struct, frozen=True, kw_only=True):
    """The state of one entry in the ledger: every entry ever seen has exactly one, with its reason.

    state: waiting (will be tried again), held (read, not yet in an edition), printed, related, below-gate, held-back,
    killed, off-topic, duplicate, fetch-failed, robots, opt-out, not-an-article, parse-error, quarantined or imported.
    """

    url: str  # of the entry
    state: str
    reason: str = ""
    article: str = ""  # canonical URL of the article that it became or repeats
    attempts: int = 0
    retry_at: datetime | None = None


class Ledger(Struct, frozen=True, rename="camel"):
    """The accounts of one cycle, each counted in two ways.

    listed = sum of classes (see admission.CLASSES): every entry of every source that was read. carried + queued = sum
    of states + left: every address that waited to be read before, or was put down to be read in this cycle.
    """

    listed: int = 0
    classes: dict[str, int] = {}
    carried: int = 0  # addresses that were due to be read when the cycle began
    queued: int = 0  # addresses that this cycle found
    states: dict[str, int] = {}  # outcome state -> addresses that were settled in this cycle
    left: int = 0  # addresses that are still due, since the cycle paused


# --- what we hold true -----------------------------------------------------------------------------------------------


class Provider(Struct, frozen=True, kw_only=True):
    """The organisation behind an article. `domain` is its registrable domain and its identity."""

    domain: str
    name: str
    images: tuple[Image, ...] = ()
    known: bool = False  # it has a file in the registry (`organizations/`)
    tier: int = 0


class Article(Struct, frozen=True, kw_only=True):
    """What we hold true of one canonical URL. The first block are facts; the second is judged from them."""

    url: str  # canonical, the identity
    original_url: str = ""  # of the entry that led here
    web_url: str = ""  # where a reader is sent; empty for what is embedded on our own page
    title: str
    excerpt: str = ""
    text: str = ""  # full plain text, paragraphs parted by a blank line; empty when loaded without it
    published: datetime
    date_known: bool = True  # False: nobody said when; `published` is when we first saw it
    updated: datetime | None = None
    first_seen: datetime
    type: str = "article"  # article or video
    language: str = ""
    provider: Provider
    authors: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()  # the lead image first
    amp_url: str = ""
    featured_content: str = ""  # HTML that embeds a video
    publisher: Provider | None = None  # the provider as its page has it; registry and sources may have another
    syndicated_from: str = ""  # canonical URL on another site, as the page itself claims
    words: int = 0  # length of the text, see text.count_words
    sources: tuple[str, ...] = ()  # URLs of the sources that listed it, sorted
    source_topics: tuple[str, ...] = ()  # topics that those sources are filed under
    claims: dict[str, str] = {}  # field -> where its value was taken from ("json-ld", "og", "feed", ...)
    agency: str = ""  # domain of the wire agency whose report it is, as its byline or its own claims say
    rights: Rights = Rights()
    changes: tuple[Change, ...] = ()  # what its publisher changed since we first read it, oldest first

    topics: tuple[str, ...] = ()  # names; ancestors included
    hits: tuple[Hit, ...] = ()
    voice: str = ""  # domain on whose account it reports, where that is not its provider's: see run/judging.py
    quality: int = 0
    reasons: tuple[Reason, ...] = ()  # of quality; their points add up to it
    scored_with: str = ""  # Publication.fingerprint that judged it

    @property
    def known_at(self) -> datetime:
        """When it was out, as far as ordering goes: nobody gains by dating himself into the future."""
        return min(self.published, self.first_seen)


class Sketch(Struct, frozen=True, kw_only=True):
    """What text comparison needs of one article: the smallest hashes of its shingles (bottom-k MinHash)."""

    url: str
    provider: str  # domain
    published: datetime
    hashes: tuple[int, ...]  # ascending, 32 bits each
    size: int  # shingles in all


class Twin(Struct, frozen=True, kw_only=True):
    """`url` repeats the text of `original`. resemblance: estimated Jaccard of their shingles, 0 to 1."""

    url: str
    original: str
    resemblance: float


class Membership(Struct, frozen=True, kw_only=True):
    """`url` belongs to `story`, and why. reasons: shared terms and their parts of the similarity."""

    url: str
    story: str
    similarity: float = 0.0  # to the story when it joined; 0 for the one that opened it
    nearest: str = ""  # URL of the member that it resembles most
    terms: tuple[str, ...] = ()  # top shared terms, strongest first
    runner_up: str = ""  # story that came second, and
    runner_up_similarity: float = 0.0  # how near that was
    threshold: float = 0.0


class Placed(Struct, frozen=True, kw_only=True):
    """What curating decided about one article: its record's file name, its story, its twin."""

    url: str
    name: str = ""  # file name of its record, without folder; given once and for ever
    membership: Membership | None = None
    twin: Twin | None = None


class Decision(Struct, frozen=True, kw_only=True):
    """An editor's act. It is an event: never overwritten, and no machine undoes one."""

    kind: str  # publish, hold or kill
    target: str  # canonical URL of an article
    by: str
    at: datetime
    note: str = ""


class Story(Struct, frozen=True, kw_only=True):
    """Articles of providers about one event. `articles`: the lead first, then by quality, ties by record name."""

    id: str
    name: str  # permanent name of its page: that of the record which opened it
    articles: tuple[Article, ...]
    memberships: tuple[Membership, ...] = ()  # in the order of `articles`
    reprints: dict[str, Twin] = {}  # URL -> the member whose report it repeats
    heat: int = 0
    reasons: tuple[Reason, ...] = ()  # of heat; their points add up to it
    rank: int = 0  # heat after ageing: what orders a page at the moment of the edition
    rank_reasons: tuple[Reason, ...] = ()
    published: bool = False
    gate: str = ""  # why it is printed, or not
    as_imported: bool = False  # its records stand as they were imported, since nothing about it changed

    @property
    def lead(self) -> Article:
        return self.articles[0]

    @property
    def related(self) -> tuple[Article, ...]:
        return self.articles[1:]

    @property
    def first_seen(self) -> datetime:
        return min(article.known_at for article in self.articles)

    @property
    def last_seen(self) -> datetime:
        return max(article.known_at for article in self.articles)

    @property
    def voices(self) -> tuple[str, ...]:
        """Domains that report on their own account, sorted; reprints and copies of an agency's report add none."""
        return tuple(sorted({self.voice(article) for article in self.articles}))

    def voice(self, article: Article) -> str:
        """Domain on whose account a member reports: that of what it reprints, else its own."""
        by_url = {member.url: member for member in self.articles} if article.url in self.reprints else {}
        seen = {article.url}
        while (twin := self.reprints.get(article.url)) and twin.original in by_url and twin.original not in seen:
            seen.add(twin.original)
            article = by_url[twin.original]
        return article.voice or article.agency or article.provider.domain


# --- what is printed -------------------------------------------------------------------------------------------------


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


# --- what steers -----------------------------------------------------------------------------------------------------


class Topic(Struct, frozen=True, kw_only=True):
    """One node of the topic tree: one file of `topics/`."""

    id: str
    name: str
    parent: str = ""  # name of the topic above; empty for the root
    keywords: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()  # phrases that are not this topic although a keyword is in them
    hashtags: tuple[str, ...] = ()


class FetchLimits(Struct, frozen=True, kw_only=True):
    """Bounds of one request. Seconds and bytes."""

    connect: float = 5.0
    total: float = 20.0
    redirects: int = 5
    raw: int = 5 * 1024 * 1024  # of a compressed body, as sent
    decoded_source: int = 15 * 1024 * 1024
    decoded_page: int = 10 * 1024 * 1024
    image: int = 8 * 1024 * 1024
    concurrency: int = 64  # requests in flight; one connection a host in any case
    ports: tuple[int, ...] = (80, 443, 8080, 8443)  # that may be asked
    private: tuple[str, ...] = ()  # hosts (or `*.suffix`) that may have an address that is not public (an intranet)
    delay: float = 0.0  # seconds between two requests to one host, at the least; robots.txt may ask for more
    patience: float = 60.0  # longest wait for one host's turn within a cycle; beyond it the entry waits for the next


class WebSub(Struct, frozen=True, kw_only=True):
    """How hubs reach us. Without a callback none is asked."""

    callback: str = ""  # address for the outside, with a trailing slash
    listen: str = "127.0.0.1:8765"  # where its requests arrive here


class Publication(Struct, frozen=True, kw_only=True):
    """The publication file and what lies beside it, as frozen settings."""

    title: str
    url: str  # where the site will stand, with a trailing slash
    description: str = ""
    locale: str = "en-us"
    timezone: str = "UTC"  # IANA name; times of API items carry its offset
    contact: str = ""  # address or URL for the user agent
    profile: str = "standard"  # standard or classic: how quality and heat are reckoned
    publish_at: int = 70  # heat from which a story is printed
    outputs: tuple[str, ...] = ("records", "api", "rss", "atom", "jsonfeed", "sitemap", "site")
    unpublished_records: bool = True  # print records of what is not published, too
    story_days: int = 14  # a story takes new members for this long after its last one
    half_life_hours: float = 24.0  # what halves: see heat/ and docs/reference/scores.md
    vendor: str = ""  # classic: domain of the site's own vendor
    story_weight: int = 20  # classic: W of FORMAT section 2
    quality_factors: dict[str, float] = {}  # factor -> weight; empty: those of the profile
    heat_factors: dict[str, float] = {}
    topics: tuple[Topic, ...] = ()  # in the order of their files; the first without a parent is the root
    sources: tuple[Source, ...] = ()
    organizations: tuple[Provider, ...] = ()
    fetch: FetchLimits = FetchLimits()
    websub: WebSub = WebSub()
    store: str = "sqlite:///.broadsheet/store.db"  # relative to the publication folder
    hosts: dict[str, str] = {}  # host or *.suffix -> address:port, like a hosts file (intranet, demo)
    topic_files: tuple[File, ...] = ()  # printed again under _data/, byte for byte
    organization_files: tuple[File, ...] = ()
    fingerprint: str = ""  # of everything that tagging and quality depend on

    @property
    def root(self) -> Topic:
        return next(topic for topic in self.topics if not topic.parent)


class Edition(Struct, frozen=True, kw_only=True):
    """All that is printed at one moment: a pure function of stored facts, publication and `now`."""

    publication: Publication
    now: datetime
    stories: tuple[Story, ...]  # published ones, by rank, ties by newest then name
    records: tuple[PrintedRecord, ...] = ()  # of every kept article, by file name
    outcomes: tuple[Outcome, ...] = ()  # of every article at this moment, by URL
    updated: datetime  # newest fact in it: what pages and feeds show as their time
