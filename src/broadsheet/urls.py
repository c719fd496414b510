"""URLs: parse by the WHATWG rules, print one canonical form, and the AMP cache form. The only URL parser here."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from urllib.parse import parse_qs, unquote

import ada_url

from .errors import ParseError

MAX_LENGTH = 2_048  # longer links are traps or data, not articles (RFC 9110 asks for 8,000 octets to be understood)

# Query parameters that say where a click came from and not what is shown. Names as the analytics products document
# them; a trailing * stands for any ending.
TRACKING = (
    "utm_*", "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid", "ttclid", "igshid",
    "mc_cid", "mc_eid", "_hsenc", "_hsmi", "hsctatracking", "mkt_tok", "vero_id", "oly_anon_id", "oly_enc_id",
    "s_cid", "cmpid", "ncid", "wt.mc_id", "wt_mc", "at_medium", "at_campaign", "ito", "smid", "mod_source",
    "__twitter_impression", "guccounter", "guce_referrer", "guce_referrer_sig", "ref_src", "ref_url", "rss_id",
    "xtor", "pk_campaign", "pk_kwd", "mtm_*", "matomo_*", "piwik_*", "trk", "trkcampaign", "spm", "scid", "_openstat",
    "_ga", "_gl", "gad_*", "srsltid", "li_fat_id", "rb_clickid", "s_kwcid", "ef_id", "epik", "hmb_*",
    "at_link_*", "at_campaign_*", "at_ptr_*", "at_bbc_*", "at_format", "at_custom*", "ns_mchannel", "ns_campaign",
    "ns_source", "ns_linkname", "ns_fee", "wickedid", "wickedsource", "sc_campaign", "sc_channel", "sc_geo",
    "sc_outcome",
)  # fmt: skip
_TRACKED = re.compile("|".join(re.escape(name).replace(r"\*", ".*") for name in TRACKING), re.IGNORECASE)
# `source=rss` says that the click came from the feed; `source=ap` may choose what is shown.
_CAME_FROM = {"source", "src", "ref", "from", "via", "partner", "emc", "medium", "origin", "channel", "platform", "cid"}
_A_FEED = {"rss", "rss2", "rss2.0", "rss20", "rss1.0", "atom", "feed", "feeds", "rssfeed", "rss_feed", "rss-feed"}
# Addresses that send a reader on and say where to: alert services' links, social networks' link shims, AMP caches.
_WRAPPED = re.compile(
    r"https?://(?:www\.google\.[a-z.]{2,6}/url\?|lm?\.facebook\.com/l\.php\?|l\.instagram\.com/\?|[\w-]+\.cdn\.ampproject\.org/[civ]/)",
    re.IGNORECASE,
)
_IN_AMP_CACHE = re.compile(r"/[civ]/(s/)?(.+)")
_ESCAPE = re.compile("%[0-9a-fA-F]{2}")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)


def parse(url: str, base: str | None = None) -> ada_url.URL:
    """Parse an absolute URL, or one relative to `base`. Only http and https, no user name, at most 2,048 characters.

    Raises ParseError. Source: WHATWG URL Standard.
    """
    try:
        parsed = ada_url.URL(url.strip(), base=base) if base else ada_url.URL(url.strip())
    except (ValueError, TypeError, UnicodeError) as exc:
        raise ParseError("not a URL", url[:200]) from exc
    if parsed.protocol not in ("http:", "https:"):
        raise ParseError(f"scheme {parsed.protocol.rstrip(':')} is not http or https", url[:200])
    if parsed.username or parsed.password:
        raise ParseError("URL carries a user name", url[:200])
    if len(parsed.href) > MAX_LENGTH:
        raise ParseError(f"URL is longer than {MAX_LENGTH} characters", url[:200])
    return parsed


def canonical(url: str, base: str | None = None) -> str:
    """The one form in which a URL is stored and compared. Idempotent. Raises ParseError.

    Host in lower case and A-labels without a last dot, default port and fragment dropped, dot segments resolved
    (WHATWG); escapes in upper case and none for what needs none (RFC 3986, section 6.2.2); then tracking parameters
    dropped and the rest kept in their order, since order can carry meaning.

    >>> canonical("HTTPS://Example.org:443/a/../b?utm_source=x&id=7#top")
    'https://example.org/b?id=7'
    """
    parsed = parse(url, base)
    parsed.hash = ""
    if "%" in parsed.href:
        parsed = parse(_normal_escapes(parsed.href))  # parsed again: what came to light may be a dot segment
    if parsed.search:
        kept = "&".join(p for p in parsed.search[1:].split("&") if p and not _is_tracking(p))
        parsed.search = f"?{kept}" if kept else ""
    if parsed.hostname.endswith(".") and len(parsed.hostname) > 1:
        parsed.hostname = parsed.hostname.rstrip(".") or parsed.hostname
    return str(parsed.href) if parsed.search else str(parsed.href).removesuffix("?")


def _is_tracking(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    name = unquote(name)
    return bool(_TRACKED.fullmatch(name)) or (name.lower() in _CAME_FROM and value.lower() in _A_FEED)


def _normal_escapes(href: str) -> str:
    """`%7e` is `~` and `%c3` is `%C3`. Until nothing changes, as `%%37e` would else have two forms."""

    def normal(found: re.Match[str]) -> str:
        char = chr(int(found.group()[1:], 16))
        return char if char in _UNRESERVED else found.group().upper()

    while (once := _ESCAPE.sub(normal, href)) != href:
        href = once
    return href


def identity(url: str) -> str:
    """A looser key under which two spellings of one address meet: no scheme, `www.`, index page or last slash.

    >>> identity("http://www.example.org/a/index.html") == identity("https://example.org/a/")
    True
    """
    parsed = parse(canonical(url))
    host = parsed.hostname.removeprefix("www.").removeprefix("m.").removeprefix("amp.")
    return f"{host}{_INDEX.sub('/', parsed.pathname).rstrip('/')}{parsed.search}"


def unwrap(url: str) -> str:
    """The address that a redirector or the AMP cache only wraps, one layer; any other address as it is.

    >>> unwrap("https://www.google.com/url?rct=j&url=https://example.org/a&ct=ga")
    'https://example.org/a'
    >>> unwrap("https://some--site-org.cdn.ampproject.org/c/s/some-site.org/a/amp/")
    'https://some-site.org/a/amp/'
    """
    if not _WRAPPED.match(url):
        return url
    try:
        parsed = parse(url)
    except ParseError:
        return url
    if parsed.hostname.endswith(".cdn.ampproject.org"):
        found = _IN_AMP_CACHE.match(parsed.pathname)
        inner = f"{'https' if found.group(1) else 'http'}://{found.group(2)}{parsed.search}" if found else ""
    else:
        query = parse_qs(parsed.search[1:])
        inner = next((query[name][0] for name in ("url", "q", "u") if name in query), "")
    return inner if is_http(inner) else url


def host(url: str) -> str:
    """Host name in lower case and A-labels, without port. Raises ParseError."""
    return str(parse(url).hostname)


def is_http(url: str) -> bool:
    """True when `url` is an absolute address that parse accepts."""
    try:
        parse(url)
    except ParseError:
        return False
    return True


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
