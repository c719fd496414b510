"""What every file of the API has alike: its bytes, its times, and where an item lies."""

from __future__ import annotations

import json
import re
from datetime import datetime, tzinfo
from typing import Any

import msgspec

from ...types import File, Reason

ROOT = "api/news"
_NAME = re.compile(r"(\d{4})-(\d\d)-(\d\d)-(.+)", re.ASCII)


def file(path: str, value: object) -> File:
    """`value` as JSON in UTF-8 with an indent of two. A lone surrogate, which UTF-8 cannot hold, becomes a `?`."""
    try:
        data = msgspec.json.format(msgspec.json.encode(value), indent=2)
    except UnicodeEncodeError:
        data = json.dumps(value, ensure_ascii=False, indent=2).encode("utf-8", "replace")
    return File(path=path, data=data)


def time(moment: datetime, zone: tzinfo) -> str:
    """`2026-03-02T04:00:00-08:00`."""
    return moment.astimezone(zone).isoformat(timespec="seconds")


def reason(one: Reason) -> dict[str, Any]:
    return {"factor": one.factor, "value": one.value, "points": one.points}
