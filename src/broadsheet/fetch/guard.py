"""Which addresses are on the public Internet: those alone are connected to, where the settings say nothing else."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

# Networks that are not the public Internet, and what they are. `ipaddress.is_global` alone lets many of them through:
# it asks whether an address is globally reachable by the registry, not whether a packet to it can end up inside.
# Source: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890), and the RFC of each row.
NOT_PUBLIC = tuple(
    (ip_network(network), what)
    for network, what in (
        ("0.0.0.0/8", "this network, RFC 791"),
        ("10.0.0.0/8", "private, RFC 1918"),
        ("100.64.0.0/10", "shared by a carrier, RFC 6598"),
        ("127.0.0.0/8", "loopback, RFC 1122"),
        ("169.254.0.0/16", "link-local, RFC 3927"),
        ("172.16.0.0/12", "private, RFC 1918"),
        ("192.0.0.0/24", "protocol assignments, RFC 6890"),
        ("192.0.2.0/24", "documentation, RFC 5737"),
        ("192.88.99.0/24", "6to4 relay, RFC 7526"),
        ("192.168.0.0/16", "private, RFC 1918"),
        ("198.18.0.0/15", "benchmarking, RFC 2544"),
        ("198.51.100.0/24", "documentation, RFC 5737"),
        ("203.0.113.0/24", "documentation, RFC 5737"),
        ("224.0.0.0/4", "multicast, RFC 5771"),
        ("240.0.0.0/4", "reserved, RFC 1112"),
        ("::/128", "unspecified, RFC 4291"),
        ("::1/128", "loopback, RFC 4291"),
        ("::/96", "IPv4-compatible, RFC 4291"),
        ("::ffff:0:0/96", "IPv4-mapped, RFC 4291"),
        ("::ffff:0:0:0/96", "IPv4-translated, RFC 2765"),
        ("64:ff9b::/96", "NAT64, RFC 6052"),
        ("64:ff9b:1::/48", "local NAT64, RFC 8215"),
        ("100::/64", "discard, RFC 6666"),
        ("2001::/32", "Teredo, RFC 4380"),
        ("2001::/23", "protocol assignments, RFC 2928"),
        ("2001:db8::/32", "documentation, RFC 3849"),
        ("2002::/16", "6to4, RFC 3056"),
        ("3fff::/20", "documentation, RFC 9637"),
        ("5f00::/16", "segment routing, RFC 9602"),
        ("fc00::/7", "private, RFC 4193"),
        ("fe80::/10", "link-local, RFC 4291"),
        ("fec0::/10", "site-local, RFC 3879"),
        ("ff00::/8", "multicast, RFC 4291"),
    )
)
_V4 = tuple((network, what) for network, what in NOT_PUBLIC if network.version == 4)
_V6 = tuple((network, what) for network, what in NOT_PUBLIC if network.version == 6)
_UNICAST = IPv6Network("2000::/3")  # all that IANA gives out for global unicast (RFC 4291, section 2.4)


def objection(address: str) -> str:
    """Why `address` must not be connected to, as a phrase; empty when it is on the public Internet.

    address: IPv4 or IPv6 in the form that the system prints. A scoped one (`fe80::1%eth0`) never is public.

    >>> objection("127.0.0.1")
    '127.0.0.1 is not a public address (loopback, RFC 1122)'
    >>> objection("9.9.9.9")
    ''
    """
    try:
        what = _not_public(ip_address(address))
    except ValueError:
        what = "not an IP address"
    return f"{address} is not a public address ({what})" if what else ""


def _not_public(address: IPv4Address | IPv6Address) -> str:
    rows = _V4 if address.version == 4 else _V6
    for network, what in rows:
        if address in network:
            return what
    if isinstance(address, IPv6Address) and (address.scope_id or address not in _UNICAST):
        return "scoped, RFC 4007" if address.scope_id else "not global unicast, RFC 4291"
    return "" if address.is_global else "not globally reachable"  # a row that the registry got after ours
