"""The guard of addresses, both sides of every border."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from broadsheet.fetch.guard import NOT_PUBLIC, objection

PUBLIC = """
1.1.1.1 8.8.8.8 9.9.9.9 9.255.255.255 11.0.0.1 100.63.255.255 100.128.0.1 126.255.255.255 128.0.0.1 169.253.255.255
169.255.0.1 172.15.255.255 172.32.0.1 191.255.255.255 192.0.1.1 192.0.3.1 192.88.98.255 192.88.100.1 192.167.255.255
192.169.0.1 198.17.255.255 198.20.0.1 198.51.99.255 198.51.101.1 203.0.112.255 203.0.114.1 223.255.255.255
2001:200::1 2001:db7:ffff::1 2001:db9::1 2003::1 2400:cb00::1 2606:4700::1111 2a00:1450::1 3ffe:ffff::1 3fff:1000::1
""".split()  # noqa: SIM905  a table reads better in words
PRIVATE = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.255 169.254.0.1
169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.8 192.0.0.9 192.0.0.170 192.0.2.1 192.88.99.1 192.168.0.1
192.168.255.255 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 224.0.0.251 239.255.255.250 240.0.0.1
255.255.255.255
:: ::1 ::127.0.0.1 ::808:808 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1 ::ffff:0:8.8.8.8 64:ff9b::7f00:1
64:ff9b::808:808 64:ff9b:1::7f00:1 100::1 100:0:0:1::1 1fff:ffff::1 2001::7f00:1 2001:0:4136:e378::1 2001:2::1
2001:10::1 2001:20::1 2001:1ff::1 2001:db8::1 2002:7f00:1:: 2002:808:808::1 3fff::1 3fff:fff::1 4000::1 5f00::1
fc00::1 fd00:ec2::254 fe80::1 fe80::1%lo fe80::1%1 2606:4700::1111%eth0 febf::1 fec0::1 feff::1 ff02::1 ff0e::1
""".split()  # noqa: SIM905  a table reads better in words


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_public_internet_is_let_through(address):
    """Neighbours of every refused network are as good as any other address."""
    assert "" == objection(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public_is_refused_with_its_reason(address):
    """First and last addresses of refused networks, and addresses of this machine in IPv6 clothes."""
    assert objection(address).startswith(f"{address} is not a public address (")


def test_the_table_has_both_ends_of_every_row():
    """The first and the last address of each network that the guard names are refused by that row or a wider one."""
    ends = {str(end) for network, _ in NOT_PUBLIC for end in (network[0], network[-1])}

    assert set() == {end for end in ends if not objection(end)}


def test_a_reason_names_the_rule():
    assert "127.0.0.1 is not a public address (loopback, RFC 1122)" == objection("127.0.0.1")
    assert "64:ff9b::7f00:1 is not a public address (NAT64, RFC 6052)" == objection("64:ff9b::7f00:1")


@pytest.mark.parametrize(
    "text", ["", "localhost", "127.1", "0x7f.0.0.1", "2130706433", "127.0.0.1:80", "[::1]", "1.1.1.1 "]
)
def test_what_is_no_address_is_refused(text):
    """The guard judges what the system prints; other spellings of an address are none to it."""
    assert objection(text)


def test_is_global_alone_would_let_the_inside_through():
    """Why the table is needed: the standard library calls these global. (Later releases of Python know some more.)"""
    let_through = {address for address in PRIVATE if ip_address(address).is_global}

    assert {
        "224.0.0.1", "224.0.0.251", "239.255.255.250", "192.88.99.1", "ff02::1", "ff0e::1", "fec0::1", "feff::1",
        "64:ff9b::7f00:1", "64:ff9b::808:808", "::127.0.0.1", "::808:808", "::ffff:0:127.0.0.1", "::ffff:0:8.8.8.8",
        "4000::1", "1fff:ffff::1", "2606:4700::1111%eth0",
    } <= let_through  # fmt: skip
    assert not any(objection(address) == "" for address in let_through)
