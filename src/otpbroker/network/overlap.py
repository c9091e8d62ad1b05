"""Whether Ethernet has brought the access point's own addresses: both work all the same, and somebody should know."""

import fnmatch
import ipaddress
from collections.abc import Iterable, Iterator
from typing import Final

from otpbroker.network.names import AP_INTERFACE, MOBILE_INTERFACES, WIRED_INTERFACES
from otpbroker.verbs.dispatch import Alarm
from otpbroker.verbs.network import Interface, InterfaceSide

# Home routers seldom have these.
_OTHERS: Final = ("192.168.50.1", "192.168.77.1", "10.77.0.1", "172.27.77.1")


def side_of(name: str) -> InterfaceSide:
    """By the interface's name, as the packet filter tells the sides apart."""
    if name == AP_INTERFACE:
        return "ap"
    if any(fnmatch.fnmatchcase(name, pattern) for pattern in WIRED_INTERFACES):
        return "ethernet"
    return "mobile" if any(fnmatch.fnmatchcase(name, pattern) for pattern in MOBILE_INTERFACES) else "other"


def alarms(interfaces: Iterable[Interface]) -> list[Alarm]:
    """One for each interface of Ethernet whose network overlaps the access point's."""
    known = list(interfaces)
    own = [each for of in known if of.side == "ap" for each in _networks(of)]
    return [
        Alarm(
            key="alarm.same_network",
            params={"interface": of.name, "network": str(wired), "other": str(ours), "instead": free(known)},
        )
        for of in known
        if of.side == "ethernet"
        for ours, wired in _first_clash(own, of)
    ]


def free(interfaces: Iterable[Interface]) -> str:
    """An address for the access point whose /24 no interface has now."""
    taken = [network for of in interfaces for network in _networks(of)]
    for address in _OTHERS:
        wanted = ipaddress.IPv4Interface(f"{address}/24").network
        if not any(wanted.overlaps(each) for each in taken):
            return address
    return _OTHERS[0]


def _first_clash(
    own: list[ipaddress.IPv4Network], of: Interface
) -> list[tuple[ipaddress.IPv4Network, ipaddress.IPv4Network]]:
    return [(ours, wired) for wired in _networks(of) for ours in own if ours.overlaps(wired)][:1]


def _networks(of: Interface) -> Iterator[ipaddress.IPv4Network]:
    for address in of.addresses:
        if ":" not in address:
            yield ipaddress.IPv4Interface(address).network
