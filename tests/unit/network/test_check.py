import pytest
from hypothesis import given

from fakes.awkward_settings import API, DHCP, ETHERNET, FIREWALL, WLAN
from otpbroker.config.sections.admins import PanelSection
from otpbroker.config.sections.api import ApiSection
from otpbroker.config.sections.network import (
    DhcpSection,
    EthernetSection,
    FirewallRule,
    FirewallSection,
    WlanSection,
)
from otpbroker.network.check import Network, hints, problems
from otpbroker.texts import ENGLISH


def found(told):
    return [(problem.path, problem.key.removeprefix("settings.")) for problem in told]


def rules(**fields):
    return Network(firewall=FirewallSection(firewall=(FirewallRule(name="r", **fields),)))


def test_the_factory_settings_are_fine():
    assert problems(Network()) == []
    assert hints(Network()) == []


@given(WLAN, DHCP, ETHERNET, FIREWALL, API)
def test_any_settings_can_be_checked_and_told(wlan, dhcp, ethernet, firewall, api):
    network = Network(wlan=wlan, dhcp=dhcp, ethernet=ethernet, firewall=firewall, api=api)
    for problem in problems(network) + hints(network):
        assert ENGLISH[problem.key].format(**problem.params)


@pytest.mark.parametrize(
    ("address", "prefix", "refused"),
    [("192.168.0.7", 24, True), ("192.168.7.7", 16, True), ("192.168.1.7", 24, False), ("10.0.0.7", 8, False)],
)
def test_fixed_addresses_of_both_sides_are_of_different_networks(address, prefix, refused):
    network = Network(ethernet=EthernetSection(mode="static", address=address, prefix=prefix))
    assert found(problems(network)) == [("ethernet.address", "same_network")] * refused
    assert problems(Network(ethernet=EthernetSection(address=address, prefix=prefix))) == []


@pytest.mark.parametrize(
    ("network", "path", "key"),
    [
        (Network(panel=PanelSection(port=80)), "panel.port", "reserved_port"),
        (Network(panel=PanelSection(port=8887)), "panel.port", "reserved_port"),
        (Network(panel=PanelSection(port=8889)), "api.http_port", "panels_port"),
        (Network(api=ApiSection(http_port=53)), "api.http_port", "reserved_port"),
        (Network(api=ApiSection(https_port=8888, https_enabled=True)), "api.https_port", "panels_port"),
        (rules(port=8887), "firewall.r.port", "reserved_port"),
    ],
)
def test_a_port_has_one_listener(network, path, key):
    assert found(problems(network)) == [(path, key)]


def test_the_port_of_an_api_that_is_off_is_free():
    assert problems(Network(api=ApiSection(https_port=8888))) == []


@pytest.mark.parametrize(
    ("network", "path", "key"),
    [
        (Network(wlan=WlanSection(address="10.0.0.1")), "dhcp.ranges", "hint_ranges_elsewhere"),
        (Network(dhcp=DhcpSection(router="10.0.0.1")), "dhcp.router", "hint_elsewhere"),
        (Network(dhcp=DhcpSection(router="192.168.0.11")), "dhcp.router", "hint_no_forwarding"),
        (Network(dhcp=DhcpSection(netmask="255.255.0.0")), "dhcp.netmask", "hint_elsewhere"),
        (Network(wlan=WlanSection(channel=0)), "wlan.channel", "hint_channel_chosen"),
        (Network(wlan=WlanSection(channel=13, country="US")), "wlan.channel", "hint_channel_country"),
        (
            Network(ethernet=EthernetSection(mode="static", address="10.0.0.2")),
            "ethernet.gateway",
            "hint_no_gateway",
        ),
        (
            Network(ethernet=EthernetSection(mode="static", address="10.0.0.2", gateway="10.0.0.1")),
            "ethernet.dns_1",
            "hint_no_dns",
        ),
        (rules(port=8889), "firewall.r.port", "hint_open_anyway"),
        (rules(port=22, active=False), "firewall.r.port", "hint_closed_anyway"),
        (rules(port=8888, active=False), "firewall.r.port", "hint_panel_closed"),
        (rules(port=67, protocol="udp", side="ap", active=False), "firewall.r.port", "hint_needed_open"),
        (rules(port=8888, side="mobile"), "firewall.r.port", "hint_panel_in_public"),
    ],
)
def test_what_is_probably_not_meant_is_told(network, path, key):
    assert (path, key) in found(hints(network))
    assert problems(network) == []
