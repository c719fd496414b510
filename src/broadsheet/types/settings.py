"""What steers, and the edition that comes of it all."""

from __future__ import annotations

from datetime import UTC, datetime

from .articles import Front, Provider, Story
from .ledger import Outcome
from .letters import Issue, Newsletter
from .pictures import Picture
from .records import File, PrintedRecord, Printing, Withdrawn
from .sources import Source
from .struct import Struct

# What is printed where the publication file names no outputs.
OUTPUTS = ("records", "api", "rss", "atom", "jsonfeed", "sitemap", "opml", "gone", "site", "newsletter")


class Rule(Struct, frozen=True, kw_only=True):
    """What one keyword of a topic asks for beyond standing there."""

    keyword: str
    requires: tuple[str, ...] = ()  # one of these must stand near it
    unless: tuple[str, ...] = ()  # none of these may stand near it
    ambiguous: bool = False  # it has other meanings: what is around it decides
    weight: float = 1.0  # of one hit in a title; 1 makes a topic


class Topic(Struct, frozen=True, kw_only=True):
    """One node of the topic tree: one file of `topics/`."""

    id: str
    name: str
    parent: str = ""  # name of the topic above; empty for the root
    keywords: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()  # phrases that are not this topic although a keyword is in them
    hashtags: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()  # of the keywords that ask for something
    requires: tuple[str, ...] = ()  # words of which one must stand near a keyword that is ambiguous
    unless: tuple[str, ...] = ()  # words near which no keyword of the topic counts
    media_topic: str = ""  # IPTC Media Topic, such as `medtop:07000000`


class Places(Struct, frozen=True, kw_only=True):
    """What a keyword weighs by where it stands; a topic needs 1 in all."""

    title: float = 1.0
    excerpt: float = 1.0
    opening: float = 1.0  # the first words of the text, see tag
    text: float = 0.5  # further down


class Standing(Struct, frozen=True, kw_only=True):
    """How one provider's articles fared with this publication."""

    articles: int = 0  # kept, within the time that is looked at
    printed: int = 0  # of them: led or were related to a printed story
    first: int = 0  # of them: the first report of a story that others took up
    refused: int = 0  # an editor held or killed them


class Learnt(Struct, frozen=True, kw_only=True):
    """What a publication has learnt from its own history up to a moment. One a day, kept, so that an edition can be
    made again."""

    at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    standings: dict[str, Standing] = {}  # domain of a provider ->
    contexts: dict[str, dict[str, dict[str, float]]] = {}  # topic -> keyword -> word -> how much it speaks for it
    arrivals: dict[str, float] = {}  # topic -> articles in a usual hour


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


class Pictures(Struct, frozen=True, kw_only=True):
    """What is done about pictures."""

    sizes: bool = True  # ask for the beginning of a lead picture whose size no markup gives
    thumbnails: bool = False  # keep and print small copies of lead pictures and of providers' logos
    share: bool = False  # draw a picture of the publication's name for pages that are shared without one of their own


class Site(Struct, frozen=True, kw_only=True):
    """How the web site looks."""

    theme: str = ""  # folder of templates and one style sheet, relative to the publication's; empty: ours
    offline: bool = False  # a service worker keeps pages that were read for when there is no connection


class Feeds(Struct, frozen=True, kw_only=True):
    """How feeds are told of."""

    hubs: tuple[str, ...] = ()  # WebSub hubs that feeds name and that are told when one changes


class Git(Struct, frozen=True, kw_only=True):
    """Where editions go once they are committed."""

    push: bool = False
    remote: str = "origin"
    branch: str = ""  # there; empty: the one that is checked out here


class Seal(Struct, frozen=True, kw_only=True):
    """What is kept sealed in records."""

    text: bool = False  # the full text of articles whose publishers let it be kept


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
    outputs: tuple[str, ...] = OUTPUTS
    unpublished_records: bool = True  # print records of what is not published, too
    related: str = "full"  # full: every record lists the other members; lead: the lead alone, and the others name it
    story_days: int = 14  # a story takes new members for this long after its last one
    story_dense: bool = False  # English is grouped by what the words mean, too (extra `dense`)
    half_life_hours: float = 24.0  # what halves: see heat/ and docs/reference/scores.md
    half_lives: dict[str, float] = {}  # topic -> hours, for it and what is below it
    provider_share: float = 0.2  # of a page that the stories of one provider's (one owner's) articles may take
    vendor: str = ""  # classic: domain of the site's own vendor
    story_weight: int = 20  # classic: W of FORMAT section 2
    quality_factors: dict[str, float] = {}  # factor -> weight; empty: those of the profile
    heat_factors: dict[str, float] = {}
    topics: tuple[Topic, ...] = ()  # in the order of their files; the first without a parent is the root
    places: Places = Places()
    sources: tuple[Source, ...] = ()
    organizations: tuple[Provider, ...] = ()
    fetch: FetchLimits = FetchLimits()
    websub: WebSub = WebSub()
    pictures: Pictures = Pictures()
    site: Site = Site()
    feeds: Feeds = Feeds()
    git: Git = Git()
    seal: Seal = Seal()
    newsletter: Newsletter = Newsletter()
    store: str = "sqlite:///.broadsheet/store.db"  # relative to the publication folder
    hosts: dict[str, str] = {}  # host or *.suffix -> address:port, like a hosts file (intranet, demo)
    topic_files: tuple[File, ...] = ()  # printed again under _data/, byte for byte
    organization_files: tuple[File, ...] = ()
    theme_files: tuple[File, ...] = ()  # of `site.theme`, paths relative to it
    learnt: Learnt = Learnt()
    fingerprint: str = ""  # of everything that tagging and quality depend on

    @property
    def root(self) -> Topic:
        return next(topic for topic in self.topics if not topic.parent)


class Edition(Struct, frozen=True, kw_only=True, weakref=True):
    """All that is printed at one moment: a pure function of stored facts, publication and `now`."""

    publication: Publication
    now: datetime
    stories: tuple[Story, ...]  # published ones, by rank, ties by newest then name
    records: tuple[PrintedRecord, ...] = ()  # of every kept article, by file name
    names: dict[str, str] = {}  # URL of each article of a printed story -> name of its record's file
    outcomes: tuple[Outcome, ...] = ()  # of every article at this moment, by URL
    pictures: dict[str, Picture] = {}  # address -> kept picture, of each lead picture that is printed
    logos: dict[str, Picture] = {}  # domain -> kept logo, of each provider in it that has one
    printings: tuple[Printing, ...] = ()  # of every story that was ever printed, these included, by `at`, then name
    fronts: tuple[Front, ...] = ()  # the last front page of every day in UTC, this one's included, oldest first
    withdrawn: tuple[Withdrawn, ...] = ()  # what was printed and is no longer, by name
    issues: tuple[Issue, ...] = ()  # of the newsletter, oldest first, ties by id
    updated: datetime  # newest fact in it: what pages and feeds show as their time
    mark: bytes = b""  # digest of the settings, and of whatever else everything printed depends on
    marks: dict[str, bytes] = {}  # id of a printed story -> digest of all that is printed of it
