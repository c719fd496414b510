"""What is sent to readers by mail, to whom, and what became of it."""

from __future__ import annotations

from datetime import datetime

from .struct import Struct


class Newsletter(Struct, frozen=True, kw_only=True):
    """How issues are chosen and sent. Without a sender none is sent."""

    every: str = "daily"  # daily or weekly
    day: str = "wednesday"  # of weekly issues, in the publication's time zone
    topics: tuple[str, ...] = ()  # names of topics that have a letter of their own beside the main one
    size: int = 15  # stories that are shown as cards
    provider_cap: int = 3  # of them: led by one provider's (one owner's) articles
    sender: str = ""  # `Name <address>` or an address: From
    reply_to: str = ""
    postal: str = ""  # where the publisher can be reached by post, for the footer
    mailto: str = ""  # address that takes wishes to leave by mail
    smtp: str = "smtp://localhost:25"  # smtp://, smtps:// or smtp+starttls://, `user@` allowed; never a password
    rate: int = 60  # messages a minute
    url: str = ""  # where readers reach `subscribe`, `confirm` and `unsubscribe`, with a trailing slash
    listen: str = "127.0.0.1:8766"  # where their requests arrive here


class Piece(Struct, frozen=True, kw_only=True):
    """One story as an issue shows it. article: canonical URL of what is shown, by which it can be withdrawn."""

    story: str  # its id
    article: str
    title: str  # one line, as are excerpt and provider; all are bounded, see letters/choosing.py
    excerpt: str = ""
    url: str  # where the headline leads
    provider: str = ""
    others: int = 0  # further providers that report it
    page: str = ""  # address of our page of the story, where they are listed; empty where nothing is printed there
    published: datetime
    update: bool = False  # an earlier issue had the story, and something new was said since


class Section(Struct, frozen=True, kw_only=True):
    """Stories of one topic. name: of the topic; empty for those on top."""

    name: str = ""
    pieces: tuple[Piece, ...]


class Issue(Struct, frozen=True, kw_only=True):
    """One newsletter, as it was chosen at one moment. What it looks like follows from it and the settings.

    sections: the top first, then topics in the order of their tree. also: further ones, as headlines. more: how many
    besides. articles, stories, sources: what the publication printed in the time that the issue covers.
    """

    id: str  # `<slug>-YYYY-MM-DD`: one a day
    topic: str = ""  # name of the topic that it is about; empty for the main one
    title: str
    excerpt: str  # its first headlines
    since: datetime
    at: datetime  # clock value; it covers (since, at]
    sections: tuple[Section, ...]
    also: tuple[Piece, ...] = ()
    more: int = 0
    articles: int = 0
    stories: int = 0
    sources: int = 0
    topics: tuple[str, ...] = ()  # the root, or the topic

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """All that it shows, in the order of the page."""
        return (*(piece for section in self.sections for piece in section.pieces), *self.also)


class Subscriber(Struct, frozen=True, kw_only=True):
    """Who gets letters. state: pending (asked and not confirmed), active, left or bounced."""

    address: str  # normalised, see letters/addresses.py
    token: str  # digest of the address, by which its links find it
    state: str = "pending"
    topics: tuple[str, ...] = ("",)  # letters that it gets: names of topics; the empty one is the main letter
    since: datetime  # of this state
    how: str = ""  # it came: by form, by command, by import


class Delivery(Struct, frozen=True, kw_only=True):
    """What became of one issue for one subscriber.

    state: planned, sending (the server may or may not have taken it), sent, or failed. A delivery is sending before the
    message leaves and sent after the server took it: a program that dies between leaves it sending, and nobody gets
    it twice.
    """

    issue: str
    address: str
    state: str = "planned"
    at: datetime
    reason: str = ""
    attempts: int = 0


class Suppression(Struct, frozen=True, kw_only=True):
    """An address that is not written to. reason: left, bounced or complaint; who left may come back by asking."""

    digest: str
    at: datetime
    reason: str
