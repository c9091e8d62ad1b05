"""What one page of the network cannot know of the others (within a section: `otpbroker.config.crosscheck`)."""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from otpbroker.config.sections.admins import PanelSection
from otpbroker.config.sections.api import ApiSection
from otpbroker.config.sections.network import DhcpSection, EthernetSection, FirewallSection, WlanSection
from otpbroker.network.firewall import Door, doors
from otpbroker.network.hostapd import FALLBACK_CHANNEL
from otpbroker.network.leases import leases
from otpbroker.network.names import PORTAL_PORT, SETUP_PORT
from otpbroker.verbs.apply import Problem

# What of the device itself listens there, once its network is taken over.
RESERVED_PORTS: Final = (53, 67, PORTAL_PORT, SETUP_PORT)
_NO_HIGH_CHANNELS: Final = ("CA", "TW", "US")  # channels 12 and 13 are not theirs


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """The sections that have to do with each other."""

    wlan: WlanSection = field(default_factory=WlanSection)
    dhcp: DhcpSection = field(default_factory=DhcpSection)
    ethernet: EthernetSection = field(default_factory=EthernetSection)
    firewall: FirewallSection = field(default_factory=FirewallSection)
    api: ApiSection = field(default_factory=ApiSection)
    panel: PanelSection = field(default_factory=PanelSection)


def problems(network: Network) -> list[Problem]:
    """Every reason to refuse these sections together."""
    return [*_same_networks(network), *_taken_ports(network), *_reserved_rules(network)]


def hints(network: Network) -> list[Problem]:
    """What is allowed but probably not meant."""
    return [
        *_left_out(network),
        *_radio(network),
        *_fixed_ethernet(network),
        *_panel_rules(network),
        *_router(network),
    ]


def _same_networks(network: Network) -> Iterator[Problem]:
    """With the same addresses on both sides, replies could go either way: only a DHCP server may bring that about."""
    ethernet, wlan = network.ethernet, network.wlan
    if ethernet.mode != "static" or not ethernet.address:
        return
    wired = ipaddress.IPv4Interface(f"{ethernet.address}/{ethernet.prefix}").network
    own = ipaddress.IPv4Interface(f"{wlan.address}/{wlan.prefix}").network
    if wired.overlaps(own):
        yield _problem("ethernet.address", "same_network", network=str(wired), other=str(own))


def _taken_ports(network: Network) -> Iterator[Problem]:
    api = network.api
    used = {
        "panel.port": network.panel.port,
        **({"api.http_port": api.http_port} if api.http_enabled else {}),
        **({"api.https_port": api.https_port} if api.https_enabled else {}),
    }
    for path, port in used.items():
        if port in RESERVED_PORTS:
            yield _problem(path, "reserved_port", port=port)
        elif path != "panel.port" and port == network.panel.port:
            yield _problem(path, "panels_port", port=port)


def _reserved_rules(network: Network) -> Iterator[Problem]:
    for rule in network.firewall.firewall:
        if rule.port == SETUP_PORT:
            yield _problem(f"firewall.{rule.name}.port", "reserved_port", port=rule.port)


def _left_out(network: Network) -> Iterator[Problem]:
    fitting = leases(network.wlan, network.dhcp)
    used = ", ".join(f"{first}-{last}" for first, last in fitting.ranges)
    for path, given in fitting.left_out:
        key = "hint_ranges_elsewhere" if path == "dhcp.ranges" else "hint_elsewhere"
        yield _problem(path, key, given=given, network=str(fitting.network), used=used)


def _radio(network: Network) -> Iterator[Problem]:
    wlan = network.wlan
    if wlan.channel == 0:
        yield _problem("wlan.channel", "hint_channel_chosen", channel=FALLBACK_CHANNEL)
    if wlan.channel > 11 and wlan.country in _NO_HIGH_CHANNELS:
        yield _problem("wlan.channel", "hint_channel_country", channel=wlan.channel, country=wlan.country)


def _fixed_ethernet(network: Network) -> Iterator[Problem]:
    """What a DHCP server would have said."""
    ethernet = network.ethernet
    if ethernet.mode == "static" and not ethernet.gateway:
        yield _problem("ethernet.gateway", "hint_no_gateway")
    if ethernet.mode == "static" and ethernet.gateway and not (ethernet.dns_1 or ethernet.dns_2):
        yield _problem("ethernet.dns_1", "hint_no_dns")


def _panel_rules(network: Network) -> Iterator[Problem]:
    """Rules that do nothing, or something grave."""
    panel = network.panel.port
    usual = doors(FirewallSection(), network.api, panel)
    for rule in network.firewall.firewall:
        path, door = f"firewall.{rule.name}.port", Door(rule.side, rule.protocol, rule.port)
        if rule.active and door in usual:
            yield _problem(path, "hint_open_anyway", port=rule.port)
        if not rule.active and door not in usual:
            yield _problem(path, "hint_closed_anyway", port=rule.port)
        if not rule.active and door == Door("ethernet", "tcp", panel):
            yield _problem(path, "hint_panel_closed", port=rule.port)
        if not rule.active and door in doors(network.firewall, network.api, panel):
            yield _problem(path, "hint_needed_open", port=rule.port)
        if rule.active and door == Door("mobile", "tcp", panel):
            yield _problem(path, "hint_panel_in_public", port=rule.port)


def _router(network: Network) -> Iterator[Problem]:
    if network.dhcp.router and network.dhcp.router == network.wlan.address:
        yield _problem("dhcp.router", "hint_no_forwarding")


def _problem(path: str, key: str, **params: str | int) -> Problem:
    return Problem(path=path, key=f"settings.{key}", params=params)
