"""Which of the DHCP settings fit the access point's network.

Access point and DHCP are two pages: between one being saved and the other, addresses may not fit. What does not fit is
left out (and told as a hint), and clients get addresses all the same: nobody is locked out of the panel by it.
"""

import ipaddress
from dataclasses import dataclass

from otpbroker.config.sections.network import DhcpSection, WlanSection
from otpbroker.network.names import Unrenderable, interface, ipv4, netmask

Range = tuple[ipaddress.IPv4Address, ipaddress.IPv4Address]
USUAL_LEASES = 100


@dataclass(frozen=True, slots=True)
class Leases:
    """What clients are told. `left_out`: paths and values of settings that do not fit `network`."""

    network: ipaddress.IPv4Network
    ranges: tuple[Range, ...]
    mask: str
    router: str
    left_out: tuple[tuple[str, str], ...]


def leases(wlan: WlanSection, dhcp: DhcpSection) -> Leases:
    """Raises `Unrenderable` for what is no address at all."""
    own = interface(wlan.address, wlan.prefix, "wlan.address")
    left_out: list[tuple[str, str]] = []
    network, mask = own.network, ""
    if dhcp.netmask:
        narrower = ipaddress.IPv4Interface(f"{own.ip}/{netmask(dhcp.netmask, 'dhcp.netmask')}").network
        if narrower.subnet_of(network):
            network, mask = narrower, str(narrower.netmask)
        else:
            left_out.append(("dhcp.netmask", dhcp.netmask))
    ranges = []
    for given in dhcp.ranges:
        first, last = _ends(given)
        if first <= last and first in network and last in network:
            ranges.append((first, last))
        else:
            left_out.append(("dhcp.ranges", given))
    router = ipv4(dhcp.router, "dhcp.router") if dhcp.router else ""
    if router and ipaddress.IPv4Address(router) not in network:
        left_out.append(("dhcp.router", router))
        router = ""
    return Leases(network, tuple(ranges) or (usual_range(network),), mask, router, tuple(left_out))


def usual_range(network: ipaddress.IPv4Network) -> Range:
    """Up to a hundred addresses from the middle of a network of at least two hosts: of a /24, 100 to 200."""
    size = network.num_addresses
    first = max(1, size * 100 // 256)
    return network[first], network[min(first + USUAL_LEASES, size * 200 // 256, size - 2)]


def _ends(given: str) -> Range:
    ends = given.split("-")
    if len(ends) != 2:
        raise Unrenderable("dhcp.ranges")
    return ipaddress.IPv4Address(ipv4(ends[0], "dhcp.ranges")), ipaddress.IPv4Address(ipv4(ends[1], "dhcp.ranges"))
