"""URLs: parse by the WHATWG rules, print one canonical form, see through wrappers. The only URL parser here.

parse, host, is_http, readable      what is an address at all
canonical, identity, TRACKING       one spelling of each, and what it leaves out
unwrap                              the address that a redirector or a cache only wraps
amp_cache                           the address of an AMP document in the AMP cache
"""

from .amp import amp_cache
from .parsing import MAX_LENGTH, host, is_http, parse, readable
from .spelling import canonical, identity
from .tracking import TRACKING
from .wrappers import unwrap

__all__ = [
    "MAX_LENGTH",
    "TRACKING",
    "amp_cache",
    "canonical",
    "host",
    "identity",
    "is_http",
    "parse",
    "readable",
    "unwrap",
]
