"""The data that flows, in the order it appears: frozen, keyword-only, times aware and in UTC.

Source -> Page -> Entry -> Article -> Story -> Record -> Edition -> File; beside them what explains and steers them.
"""

from .articles import Article, Claim, Decision, Membership, Placed, Provider, Sketch, Story, Twin
from .ledger import Change, Hit, Ledger, Outcome, Reason
from .pictures import LOGOS, WIDTHS, Picture
from .records import File, PrintedRecord, Record, Related
from .settings import Edition, FetchLimits, Pictures, Publication, Topic, WebSub
from .sources import (
    Entry,
    Health,
    HostState,
    Hub,
    Image,
    Listed,
    Listing,
    Page,
    Rights,
    Source,
    Subscription,
    Validators,
)
from .struct import Struct

__all__ = [
    "LOGOS",
    "WIDTHS",
    "Article",
    "Change",
    "Claim",
    "Decision",
    "Edition",
    "Entry",
    "FetchLimits",
    "File",
    "Health",
    "Hit",
    "HostState",
    "Hub",
    "Image",
    "Ledger",
    "Listed",
    "Listing",
    "Membership",
    "Outcome",
    "Page",
    "Picture",
    "Pictures",
    "Placed",
    "PrintedRecord",
    "Provider",
    "Publication",
    "Reason",
    "Record",
    "Related",
    "Rights",
    "Sketch",
    "Source",
    "Story",
    "Struct",
    "Subscription",
    "Topic",
    "Twin",
    "Validators",
    "WebSub",
]
