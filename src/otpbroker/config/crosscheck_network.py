"""As `otpbroker.config.crosscheck`, of the sections of the network: only who stores those loads what addresses take."""

import ipaddress
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from otpbroker.config.crosscheck import doubles, problem
from otpbroker.config.sections._base import Section
from otpbroker.config.sections.network import (
    Certificate,
    DhcpSection,
    EthernetSection,
    FirewallSection,
    KeystoreSection,
    WlanSection,
)
from otpbroker.verbs.apply import Problem

MAX_SSID_OCTETS: Final = 32  # IEEE 802.11-2020 §9.4.2.2
PASSPHRASE: Final = re.compile(r"[\x20-\x7e]{8,63}")  # IEEE 802.11-2020 §J.4.1


def _wlan_clashes(section: WlanSection) -> Iterator[Problem]:
    passphrase = section.passphrase.reveal()
    if passphrase and not PASSPHRASE.fullmatch(passphrase):
        yield problem("wlan.passphrase", "expect_passphrase")
    if passphrase and not section.ssid:
        yield problem("wlan.ssid", "ssid_missing")
    if len(section.ssid.encode()) > MAX_SSID_OCTETS:
        yield problem("wlan.ssid", "expect_ssid", given=section.ssid)
    yield from _host_clashes("wlan", section)


def _ethernet_clashes(section: EthernetSection) -> Iterator[Problem]:
    if section.mode != "static":
        return
    if not section.address:
        yield problem("ethernet.address", "address_missing")
        return
    yield from _host_clashes("ethernet", section)


def _host_clashes(name: str, section: WlanSection | EthernetSection) -> Iterator[Problem]:
    """The address of a host, and a gateway in the same network."""
    own = ipaddress.IPv4Interface(f"{section.address}/{section.prefix}")
    ends = (own.network.network_address, own.network.broadcast_address)
    if own.ip in ends or own.ip.is_loopback or own.ip.is_multicast or own.ip.is_reserved or own.ip.is_unspecified:
        yield problem(f"{name}.address", "no_host_address", given=f"{own}")
    gateway = ipaddress.IPv4Address(section.gateway) if section.gateway else None
    if gateway in (own.ip, *ends):
        yield problem(f"{name}.gateway", "no_gateway_address", given=section.gateway)
    elif gateway and gateway not in own.network:
        yield problem(f"{name}.gateway", "gateway_elsewhere", given=section.gateway, network=str(own.network))


def _dhcp_clashes(section: DhcpSection) -> Iterator[Problem]:
    if section.max_lease < section.default_lease:
        yield problem("dhcp.max_lease", "lease_order", least=section.default_lease)
    for given in section.ranges:
        if not _is_range(given):
            yield problem("dhcp.ranges", "expect_dhcp_range", given=given)
    for name in ("netmask", "subnet_mask"):
        if (mask := getattr(section, name)) and not _is_netmask(mask):
            yield problem(f"dhcp.{name}", "expect_netmask", given=mask)


def _firewall_clashes(section: FirewallSection) -> Iterator[Problem]:
    yield from doubles("firewall", "name", [(rule.name, rule.name) for rule in section.firewall])


def _keystore_clashes(section: KeystoreSection) -> Iterator[Problem]:
    yield from doubles("keystore", "name", [(one.name, one.name) for one in section.keystore])
    if len([one for one in section.keystore if one.active]) > 1:
        yield problem("keystore", "one_active")
    for one in section.keystore:
        yield from _certificate_clashes(one)


def certificate_hints(one: Certificate) -> Iterator[Problem]:
    """By a clock that somebody has set."""
    from otpbroker.system import x509  # noqa: PLC0415 - as below
    from otpbroker.system.synchrony import unix_time_if_synchronised  # noqa: PLC0415 - as below

    now, last = unix_time_if_synchronised(), x509.expires(one.certificate)
    if now is not None and now > last.timestamp():
        yield problem(f"keystore.{one.name}.certificate", "hint_certificate_expired", date=last.date().isoformat())


def _certificate_clashes(one: Certificate) -> Iterator[Problem]:
    """What nginx would not take must not come to it."""
    if not (one.certificate and one.key):
        yield problem(f"keystore.{one.name}.certificate", "certificate_missing")
        return
    from otpbroker.system import x509  # noqa: PLC0415 - most processes have no key store, and do without its megabytes

    if fault := x509.fault_of(one.certificate, one.key.reveal()):
        path = "key" if fault in x509.KEY_FAULTS else "certificate"
        yield problem(f"keystore.{one.name}.{path}", fault)


def _is_range(given: str) -> bool:
    try:
        first, last = (ipaddress.IPv4Address(end) for end in given.split("-"))
    except ValueError:
        return False
    return first <= last


def _is_netmask(given: str) -> bool:
    """Ones, then zeros: other than `ipaddress` we take no mask of hosts such as 0.0.0.255."""
    zeros = ~int(ipaddress.IPv4Address(given)) & 0xFFFFFFFF
    return not zeros & (zeros + 1)


CHECKS: Final[dict[type[Section], Callable[[Any], Iterator[Problem]]]] = {
    WlanSection: _wlan_clashes,
    EthernetSection: _ethernet_clashes,
    DhcpSection: _dhcp_clashes,
    FirewallSection: _firewall_clashes,
    KeystoreSection: _keystore_clashes,
}
