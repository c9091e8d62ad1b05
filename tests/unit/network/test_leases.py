import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.awkward_settings import DHCP, WLAN
from otpbroker.config.sections.network import DhcpSection, WlanSection
from otpbroker.network.leases import leases, usual_range


@given(WLAN, DHCP)
def test_clients_always_get_addresses_that_reach_the_device(wlan, dhcp):
    fitting = leases(wlan, dhcp)
    assert fitting.ranges
    assert ipaddress.ip_address(wlan.address) in fitting.network
    assert all(first <= last for first, last in fitting.ranges)
    assert all(end in fitting.network for ends in fitting.ranges for end in ends)
    assert not fitting.router or ipaddress.ip_address(fitting.router) in fitting.network


@pytest.mark.parametrize(
    ("network", "first", "last"),
    [
        ("192.168.0.0/24", "192.168.0.100", "192.168.0.200"),
        ("10.0.0.0/8", "10.100.0.0", "10.100.0.100"),
        ("192.168.0.8/30", "192.168.0.9", "192.168.0.10"),
        ("192.168.0.128/25", "192.168.0.178", "192.168.0.228"),
    ],
)
def test_the_usual_range(network, first, last):
    assert tuple(map(str, usual_range(ipaddress.ip_network(network)))) == (first, last)


@given(st.integers(8, 30))
def test_the_usual_range_has_neither_end_of_the_network(length):
    network = ipaddress.ip_network(f"10.0.0.0/{length}")
    first, last = usual_range(network)
    assert network.network_address < first <= last < network.broadcast_address


def test_what_does_not_fit_is_left_out_and_named():
    dhcp = DhcpSection(
        ranges=("192.168.0.100-192.168.0.200", "10.9.9.5-10.9.9.9"), router="192.168.0.1", netmask="255.0.0.0"
    )
    fitting = leases(WlanSection(address="10.9.9.1"), dhcp)
    assert [(str(first), str(last)) for first, last in fitting.ranges] == [("10.9.9.5", "10.9.9.9")]
    assert fitting.router == ""
    assert fitting.mask == ""
    assert [path for path, _ in fitting.left_out] == ["dhcp.netmask", "dhcp.ranges", "dhcp.router"]


def test_a_netmask_narrows_the_network():
    dhcp = DhcpSection(netmask="255.255.255.0", ranges=("10.9.9.5-10.9.9.9", "10.9.8.5-10.9.8.9"))
    fitting = leases(WlanSection(address="10.9.9.1", prefix=16), dhcp)
    assert str(fitting.network) == "10.9.9.0/24"
    assert fitting.mask == "255.255.255.0"
    assert fitting.left_out == (("dhcp.ranges", "10.9.8.5-10.9.8.9"),)
