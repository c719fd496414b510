"""What we hold true, and what was decided about it."""

from __future__ import annotations

from datetime import datetime

from .ledger import Change, Hit, Reason
from .sources import Image, Rights
from .struct import Struct


class Provider(Struct, frozen=True, kw_only=True):
    """The organisation behind an article. `domain` is its registrable domain and its identity."""

    domain: str
    name: str
    images: tuple[Image, ...] = ()
    known: bool = False  # it has a file in the registry (`organizations/`)
    tier: int = 0
    zone: str = ""  # IANA name of the zone that its times are in where they do not say
    owner: str = ""  # whose it is, as the registry has it: providers of one owner are one voice


class Claim(Struct, frozen=True, kw_only=True):
    """What a page or its feed says about a field. places: where, such as `json-ld headline`, `og:title` or `h1`."""

    field: str  # as in Article.claims
    value: str  # as it stands there, at most 300 characters
    places: tuple[str, ...]
    note: str = ""  # why it was passed over, such as "in the future"; empty for one that could have been taken


class Article(Struct, frozen=True, kw_only=True):
    """What we hold true of one canonical URL. The first block are facts; the second is judged from them."""

    url: str  # canonical, the identity
    original_url: str = ""  # of the entry that led here
    web_url: str = ""  # where a reader is sent; empty for what is embedded on our own page
    title: str
    excerpt: str = ""
    text: str = ""  # in full, as Markdown (text.plain gives its prose); empty when loaded without it
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
    claims: dict[str, str] = {}  # field -> the place that its value was taken from ("json-ld headline", "og:title")
    candidates: tuple[Claim, ...] = ()  # all that was said of its fields, the taken and the other; absent once imported
    paywalled: bool = False  # its publisher says that it is not free to read
    agency: str = ""  # domain of the wire agency whose report it is, as its byline or its own claims say
    rights: Rights = Rights()
    changes: tuple[Change, ...] = ()  # what its publisher changed since we first read it, oldest first

    topics: tuple[str, ...] = ()  # names; ancestors included
    hits: tuple[Hit, ...] = ()
    refused: tuple[Hit, ...] = ()  # keywords that stand in it and did not count, each with its reason
    voice: str = ""  # domain on whose account it reports, where that is not its provider's: see run/judging.py
    quality: int = 0
    reasons: tuple[Reason, ...] = ()  # of quality; their points add up to it
    scored_with: str = ""  # Publication.fingerprint that judged it

    @property
    def known_at(self) -> datetime:
        """When it was out, as far as ordering goes: nobody gains by dating himself into the future."""
        return min(self.published, self.first_seen)


class Sketch(Struct, frozen=True, kw_only=True):
    """What text comparison needs of one article, without its text: see dedupe/shingles.py."""

    url: str
    provider: str  # domain
    published: datetime
    out_at: datetime  # when it counts as out, where the earliest of the same text is looked for
    standing: int = 1  # 0: its agency's own, 1: on its provider's account, 2: says itself that it is taken from another
    copy_of: str = ""  # canonical URL on another site that it claims to be taken from
    title: int = 0  # hash of its headline
    hashes: bytes  # ascending, 32 bits each, little-endian: of its words and pairs of words; see halvings
    size: int  # words and pairs in all
    halvings: int = 0  # h: only hashes below 2 ** (32 - h) are kept, of a text that is long


class Twin(Struct, frozen=True, kw_only=True):
    """`url` repeats the text of `original`. resemblance: Jaccard coefficient of their words and pairs, 0 to 1."""

    url: str
    original: str
    resemblance: float


class Part(Struct, frozen=True, kw_only=True):
    """One part of a similarity."""

    name: str  # a feature ("words", "names", "time") or a shared term
    value: float


class Membership(Struct, frozen=True, kw_only=True):
    """`url` belongs to `story`, and why. All as it was when it joined."""

    url: str
    story: str
    similarity: float = 0.0  # to the story; 0 for the one that opened it
    nearest: str = ""  # URL of the member that it resembles most
    terms: tuple[str, ...] = ()  # top shared terms, strongest first
    shares: tuple[float, ...] = ()  # of `terms`: how much of the similarity each gave
    parts: tuple[Part, ...] = ()  # by feature; they add up to `similarity`
    runner_up: str = ""  # story that came second, and
    runner_up_similarity: float = 0.0  # how near that was
    threshold: float = 0.0


class Regrouping(Struct, frozen=True, kw_only=True):
    """Articles went from one story into another after they had been placed: an event, never overwritten.

    urls: who went; empty where all did: `story` is a tombstone then, which leads to `into` for ever.
    """

    at: datetime  # of the cycle that decided
    story: str
    into: str
    urls: tuple[str, ...] = ()
    similarity: float = 0.0  # of the two when they were merged, or after which they were parted
    threshold: float = 0.0
    terms: tuple[str, ...] = ()  # top shared terms, strongest first
    shares: tuple[float, ...] = ()
    parts: tuple[Part, ...] = ()


class Placed(Struct, frozen=True, kw_only=True):
    """What curating decided about one article: its record's file name, its story, its twin."""

    url: str
    name: str = ""  # file name of its record, without folder; given once and for ever
    membership: Membership | None = None
    twin: Twin | None = None


class Decision(Struct, frozen=True, kw_only=True):
    """An editor's act. It is an event: never overwritten, and no machine undoes one.

    merge: the story of `target` goes into that of the one article in `others`. split: `target` and `others` leave
    their story for one of their own. lead: `target` leads its story. undo: takes back the last act on `target`.
    """

    kind: str  # publish, hold, kill, merge, split, lead or undo
    target: str  # canonical URL of an article
    others: tuple[str, ...] = ()  # further ones
    by: str
    at: datetime
    note: str = ""


class Development(Struct, frozen=True, kw_only=True):
    """A member that says something which no earlier member of its story said."""

    url: str
    at: datetime
    novelty: float  # share of its terms, by weight, that are new, 0 to 1
    terms: tuple[str, ...] = ()  # the strongest of them


class Engagement(Struct, frozen=True, kw_only=True):
    """How often readers turned to one article up to a moment, as somebody outside counted it."""

    url: str
    at: datetime
    count: int


class Front(Struct, frozen=True, kw_only=True):
    """What the front page of one edition showed, so that a later one need not show yesterday's news again."""

    at: datetime
    stories: tuple[str, ...]  # ids, the lead first


class Story(Struct, frozen=True, kw_only=True):
    """Articles of providers about one event. `articles`: the lead first, then by their claim to lead, see ordering.py;
    of equals by quality, ties by record name."""

    id: str
    name: str  # permanent name of its page: that of the record which opened it
    articles: tuple[Article, ...]
    memberships: tuple[Membership, ...] = ()  # in the order of `articles`
    reprints: dict[str, Twin] = {}  # URL -> the member whose report it repeats
    developments: tuple[Development, ...] = ()  # oldest first; the first report is the first of them
    merged: tuple[str, ...] = ()  # ids of stories that it took in, sorted
    merged_names: tuple[str, ...] = ()  # of their pages, which lead here, in that order
    claims: dict[str, tuple[Reason, ...]] = {}  # URL -> its claim to lead; empty where there is one member alone
    engagement: int = 0  # of its members, added up
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

    @property
    def owners(self) -> tuple[str, ...]:
        """Who stands behind the voices, sorted: providers that the registry gives to one owner are one."""
        return tuple(sorted({self.owner(article) for article in self.articles}))

    def owner(self, article: Article) -> str:
        """Owner of the voice of a member, as the registry has it; the voice itself where it names none."""
        voice = self.voice(article)
        if voice == article.provider.domain:
            return article.provider.owner or voice
        return next((a.provider.owner for a in self.articles if a.provider.domain == voice and a.provider.owner), voice)

    def voice(self, article: Article) -> str:
        """Domain on whose account a member reports: that of what it reprints, else its own."""
        by_url = {member.url: member for member in self.articles} if article.url in self.reprints else {}
        seen = {article.url}
        while (twin := self.reprints.get(article.url)) and twin.original in by_url and twin.original not in seen:
            seen.add(twin.original)
            article = by_url[twin.original]
        return article.voice or article.agency or article.provider.domain
