"""Wire form of broadsheet.toml: its keys and what each may hold; defaults are those of types.Publication."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from ..types.settings import OUTPUTS

_Positive = Annotated[int, msgspec.Meta(ge=1)]
_Address = Annotated[str, msgspec.Meta(pattern=r"^(\[[0-9A-Fa-f:.]+\]|[^\s:\[\]]+):\d{1,5}$")]
_Weight = Annotated[float, msgspec.Meta(ge=0, le=10)]


class _Stories(msgspec.Struct, forbid_unknown_fields=True):
    days: _Positive = 14
    dense: bool = False
    half_life_hours: Annotated[float, msgspec.Meta(gt=0)] = 24.0
    weight: int = 20
    half_life: dict[str, Annotated[float, msgspec.Meta(gt=0)]] = {}


class _Front(msgspec.Struct, forbid_unknown_fields=True):
    provider_share: Annotated[float, msgspec.Meta(gt=0, le=1)] = 0.2


class _Records(msgspec.Struct, forbid_unknown_fields=True):
    unpublished: bool = True
    related: Literal["full", "lead"] = "full"


class _Site(msgspec.Struct, forbid_unknown_fields=True):
    theme: str = ""
    offline: bool = False


class _Feeds(msgspec.Struct, forbid_unknown_fields=True):
    hubs: tuple[str, ...] = ()


class _Git(msgspec.Struct, forbid_unknown_fields=True):
    push: bool = False
    remote: str = "origin"
    branch: str = ""


class _Seal(msgspec.Struct, forbid_unknown_fields=True):
    text: bool = False


class NewsletterTable(msgspec.Struct, forbid_unknown_fields=True):
    """`[newsletter]`."""

    every: Literal["daily", "weekly"] = "daily"
    day: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = "wednesday"
    topics: tuple[str, ...] = ()
    size: Annotated[int, msgspec.Meta(ge=1, le=50)] = 15
    provider_cap: _Positive = 3
    sender: str = ""
    reply_to: str = ""
    postal: str = ""
    mailto: str = ""
    smtp: str = "smtp://localhost:25"
    rate: Annotated[int, msgspec.Meta(ge=1, le=60_000)] = 60
    url: str = ""
    listen: _Address = "127.0.0.1:8766"


class _Fetch(msgspec.Struct, forbid_unknown_fields=True):
    connect: Annotated[float, msgspec.Meta(gt=0)] = 5.0
    total: Annotated[float, msgspec.Meta(gt=0)] = 20.0
    redirects: Annotated[int, msgspec.Meta(ge=0, le=20)] = 5
    raw: _Positive = 5 * 1024 * 1024
    decoded_source: _Positive = 15 * 1024 * 1024
    decoded_page: _Positive = 10 * 1024 * 1024
    image: _Positive = 8 * 1024 * 1024
    concurrency: _Positive = 64
    ports: tuple[Annotated[int, msgspec.Meta(ge=1, le=65_535)], ...] = (80, 443, 8080, 8443)
    private: tuple[str, ...] = ()
    delay: Annotated[float, msgspec.Meta(ge=0, le=3_600)] = 0.0
    patience: Annotated[float, msgspec.Meta(ge=0, le=3_600)] = 60.0
    hosts: dict[str, str] = {}


class _WebSub(msgspec.Struct, forbid_unknown_fields=True):
    callback: str = ""
    listen: _Address = "127.0.0.1:8765"


class _Images(msgspec.Struct, forbid_unknown_fields=True):
    sizes: bool = True
    thumbnails: bool = False
    share: bool = False


class _Places(msgspec.Struct, forbid_unknown_fields=True):
    title: _Weight = 1.0
    excerpt: _Weight = 1.0
    opening: _Weight = 1.0
    text: _Weight = 0.5


class _StoreTable(msgspec.Struct, forbid_unknown_fields=True):
    url: str = "sqlite:///.broadsheet/store.db"


class PublicationFile(msgspec.Struct, forbid_unknown_fields=True):
    """The whole file."""

    title: Annotated[str, msgspec.Meta(min_length=1)]
    url: str
    description: str = ""
    locale: str = "en-us"
    timezone: str = "UTC"
    contact: str = ""
    profile: str = "standard"
    publish_at: int = 70
    vendor: str = ""
    outputs: tuple[str, ...] = OUTPUTS
    topics: _Places = msgspec.field(default_factory=_Places)
    stories: _Stories = msgspec.field(default_factory=_Stories)
    front: _Front = msgspec.field(default_factory=_Front)
    records: _Records = msgspec.field(default_factory=_Records)
    site: _Site = msgspec.field(default_factory=_Site)
    feeds: _Feeds = msgspec.field(default_factory=_Feeds)
    git: _Git = msgspec.field(default_factory=_Git)
    seal: _Seal = msgspec.field(default_factory=_Seal)
    newsletter: NewsletterTable = msgspec.field(default_factory=NewsletterTable)
    fetch: _Fetch = msgspec.field(default_factory=_Fetch)
    images: _Images = msgspec.field(default_factory=_Images)
    store: _StoreTable = msgspec.field(default_factory=_StoreTable)
    websub: _WebSub = msgspec.field(default_factory=_WebSub)
    quality: dict[str, float] = {}
    heat: dict[str, float] = {}
