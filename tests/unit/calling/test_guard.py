import ipaddress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from otpbroker.calling.guard import Guard
from otpbroker.errors import BrokerError

EVERYWHERE = ("0.0.0.0/0", "::/0")
NEVER = [
    ipaddress.ip_network(network)
    for network in (
        *("127.0.0.0/8", "::1/128"),  # loopback
        *("169.254.0.0/16", "fe80::/10"),  # link-local, with the metadata services of clouds
        *("224.0.0.0/4", "ff00::/8"),  # multicast
        *("0.0.0.0/32", "::/128", "255.255.255.255/32", "240.0.0.0/4"),
    )
]
PRIVATE = [
    ipaddress.ip_network(network)
    for network in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "fec0::/10")
]


def inside(networks):
    return st.sampled_from(networks).flatmap(lambda network: st.ip_addresses(network=network))


def as_ipv6(prefix, shift=0):
    """How an IPv4 address is written in IPv6."""
    return lambda v4: ipaddress.IPv6Address(int(ipaddress.IPv6Address(prefix)) | int(v4) << shift)


MAPPED, NAT64, SIX_TO_FOUR = as_ipv6("::ffff:0:0"), as_ipv6("64:ff9b::"), as_ipv6("2002::", 80)


@given(inside(NEVER))
@example(ipaddress.ip_address("169.254.169.254"))
def test_some_addresses_are_never_called(address):
    assert not Guard(EVERYWHERE).allows(address)


@given(inside([network for network in NEVER if network.version == 4]), st.sampled_from([MAPPED, NAT64, SIX_TO_FOUR]))
def test_nor_by_their_names_in_ipv6(address, written):
    assert not Guard(EVERYWHERE).allows(written(address))


@given(inside(PRIVATE))
def test_private_networks_are_called_only_where_they_are_listed(address):
    assert not Guard().allows(address)
    assert not Guard(["11.0.0.0/8", "2001:db8::/32"]).allows(address)
    around = ipaddress.ip_network(f"{address}/{address.max_prefixlen - 8}", strict=False)
    assert Guard([str(around)]).allows(address)


@given(inside([network for network in PRIVATE if network.version == 4]))
def test_a_listed_network_counts_in_every_writing(address):
    guard = Guard([f"{address}/24"])
    assert guard.allows(address)
    assert guard.allows(MAPPED(address))
    assert not Guard().allows(MAPPED(address))
    assert not Guard().allows(NAT64(address))


def test_public_addresses_are_called():
    for address in ("93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822", "::ffff:93.184.216.34"):
        assert Guard().allows(ipaddress.ip_address(address))


def test_loopback_is_called_in_development_only():
    for address in ("127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"):
        assert Guard(loopback=True).allows(ipaddress.ip_address(address))
        assert not Guard().allows(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "0", "[::1]".strip("[]"), "::ffff:127.0.0.1"]
)
def test_every_way_to_write_loopback_is_refused(host):
    with pytest.raises(BrokerError) as refused:
        Guard().addresses(host, 80)
    assert refused.value.key in ("calling.address_refused", "calling.not_resolved")


def test_what_is_resolved_is_what_is_connected_to():
    assert Guard(loopback=True).addresses("127.0.0.1", 8080)[0][1][:2] == ("127.0.0.1", 8080)


@pytest.mark.parametrize("host", ["a..b", "x" * 64 + ".example", "no-such-name.invalid"])
def test_names_without_an_address_are_named(host):
    with pytest.raises(BrokerError) as refused:
        Guard().addresses(host, 80)
    assert refused.value.key == "calling.not_resolved"
