"""The address of an AMP document in the AMP cache."""

from __future__ import annotations

import base64
import hashlib
import unicodedata

from ..errors import ParseError
from .parsing import host


def amp_cache(amp_url: str) -> str:
    """Address of an AMP document in the AMP cache. Raises ParseError.

    >>> amp_cache("https://www.some-site.org/a/amp/")
    'https://www-some--site-org.cdn.ampproject.org/c/s/www.some-site.org/a/amp/'

    Source: AMP documentation, "AMP Cache URL format" and its subdomain algorithm.
    """
    name = host(amp_url)
    scheme, separator, rest = amp_url.strip().partition("://")
    if not separator:
        raise ParseError("not an absolute URL", amp_url[:200])
    secure = "s/" if scheme.lower() == "https" else ""
    return f"https://{_amp_subdomain(name)}.cdn.ampproject.org/c/{secure}{rest}"


def _amp_subdomain(name: str) -> str:
    """`-` becomes `--` and `.` becomes `-` in the Unicode host; a hash where no DNS label can come of that."""
    hashed = base64.b32encode(hashlib.sha256(name.encode()).digest()).decode().lower().rstrip("=")
    if len(name) > 63 or "." not in name or (name[2:4] == "--" and not name.startswith("xn")):
        return hashed
    labels = [_from_punycode(label) for label in name.split(".")]
    directions = {unicodedata.bidirectional(char) for char in "".join(labels)}
    if "L" in directions and directions & {"R", "AL"}:
        return hashed
    label = ".".join(labels).replace("-", "--").replace(".", "-")
    if not label.isascii():
        label = "xn--" + label.encode("punycode").decode()  # raw: IDNA mapping would change ß to ss
    if label[2:4] == "--" and not label.startswith("xn"):
        label = f"0-{label}-0"
    return hashed if len(label) > 63 else label


def _from_punycode(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode().decode("punycode")
    except UnicodeError:
        return label
