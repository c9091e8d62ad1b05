"""Ethernet's configuration, for systemd-networkd (Debian) and for NetworkManager (Raspberry Pi OS).

Every wired interface is meant. Its routes come before the access point's (`names.AP_METRIC`), so that a network on
Ethernet with the access point's own addresses is reached all the same.
"""

from collections.abc import Mapping
from typing import Final

from otpbroker.config.sections.network import EthernetSection
from otpbroker.network.names import WIRED_INTERFACES, WIRED_METRIC, interface, ipv4

_Group = tuple[str, Mapping[str, object]]
_PROFILE_ID: Final = "6f747062-0000-4000-8000-000000000001"  # any, as long as it stays the same


def networkd(ethernet: EthernetSection) -> str:
    """A file of /run/systemd/network (systemd.network(5))."""
    servers = _servers(ethernet)
    network: dict[str, object] = {
        "LinkLocalAddressing": "yes",
        "IPv6AcceptRA": "yes",
        # Names are avahi's.
        "MulticastDNS": "no",
        "LLMNR": "no",
    }
    groups: list[_Group] = [
        ("Match", {"Name": " ".join(WIRED_INTERFACES)}),
        # Nobody waits for a cable.
        ("Link", {"RequiredForOnline": "no"}),
        ("Network", network),
    ]
    if servers:
        network["DNS"] = " ".join(servers)
    if ethernet.mode == "static":
        own = interface(ethernet.address, ethernet.prefix, "ethernet.address")
        groups.append(("Address", {"Address": own, "RouteMetric": WIRED_METRIC}))
        if ethernet.gateway:
            way = {"Gateway": ipv4(ethernet.gateway, "ethernet.gateway"), "Metric": WIRED_METRIC}
            groups.append(("Route", way))
    else:
        network["DHCP"] = "yes"
        use_dns = "no" if servers else "yes"
        groups.append(("DHCPv4", {"RouteMetric": WIRED_METRIC, "UseDNS": use_dns, "ClientIdentifier": "mac"}))
        groups.append(("DHCPv6", {"UseDNS": use_dns}))
    groups.append(("IPv6AcceptRA", {"UseDNS": "no" if servers else "yes"}))
    return _text(groups)


def network_manager(ethernet: EthernetSection) -> str:
    """A profile of /run/NetworkManager/system-connections (nm-settings-keyfile(5)): root's, 0600."""
    servers = _servers(ethernet)
    four: dict[str, object] = {"route-metric": WIRED_METRIC}
    if ethernet.mode == "static":
        four["method"] = "manual"
        four["address1"] = interface(ethernet.address, ethernet.prefix, "ethernet.address")
        if ethernet.gateway:
            four["gateway"] = ipv4(ethernet.gateway, "ethernet.gateway")
    else:
        four |= {"method": "auto", "link-local": 4, "may-fail": "true"}
    if servers:
        four["dns"] = "".join(f"{server};" for server in servers)
    own = {"ignore-auto-dns": "true"} if servers else {}
    connection = {
        "id": "otpb-ethernet",
        "uuid": _PROFILE_ID,
        "type": "ethernet",
        # Before the profile that NetworkManager makes by itself; on every wired interface at once.
        "autoconnect-priority": 100,
        "multi-connect": 3,
    }
    return _text(
        [
            ("connection", connection),
            ("match", {"interface-name": "".join(f"{pattern};" for pattern in WIRED_INTERFACES)}),
            ("ipv4", four | own),
            ("ipv6", {"method": "auto", "may-fail": "true", "addr-gen-mode": 0} | own),
        ]
    )


def _servers(ethernet: EthernetSection) -> list[str]:
    given = (("ethernet.dns_1", ethernet.dns_1), ("ethernet.dns_2", ethernet.dns_2))
    return [ipv4(server, field) for field, server in given if server]


def _text(groups: list[_Group]) -> str:
    return "\n".join(f"[{name}]\n" + "".join(f"{key}={value}\n" for key, value in of.items()) for name, of in groups)
