"""Names of time zones in settings."""

from __future__ import annotations

from .. import dates
from ..errors import UsageError


def zone_of(name: str, where: str) -> str:
    """The IANA name, or "" where none is given. Raises UsageError on a name that no time zone has."""
    if name and dates.iana(name) is None:
        raise UsageError(f"zone {name[:80]} is unknown", where, "use an IANA name such as Europe/Paris")
    return name
