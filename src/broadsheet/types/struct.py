"""What every value has in common."""

from __future__ import annotations

import msgspec


class Struct(msgspec.Struct, frozen=True, omit_defaults=True):
    """What every value here has in common: immutable, small when encoded. kw_only is not inherited: each says it."""
