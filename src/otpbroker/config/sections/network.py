"""The network pages: access point, its DHCP, Ethernet, firewall, certificates (SPEC §8, §10)."""

from typing import Annotated, Literal

from msgspec import Meta, field

from otpbroker.config.sections._base import SecretLines, Section, lines, text
from otpbroker.config.sections.api import Port
from otpbroker.secrets import Secret

Ipv4 = Annotated[str, text(r"^((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(\.(?!$)|$)){4}$", "ipv4")]
OptionalIpv4 = Annotated[str, text(r"^(((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(\.(?!$)|$)){4})?$", "ipv4")]
Range = Annotated[str, text(r"^[0-9.]{7,15}-[0-9.]{7,15}$", "dhcp_range")]
DomainName = Annotated[str, text(r"^([A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?)?$", "host_name")]
PrefixLength = Annotated[int, Meta(ge=8, le=30)]
LeaseSeconds = Annotated[int, Meta(ge=120, le=31_536_000)]


class WlanSection(Section, frozen=True, kw_only=True):
    """The access point. Without a passphrase there is none: it is never open. `channel` 0: one that suits everywhere,
    since the radio cannot choose. Names that clients ask for are looked up at `dns`, if anywhere.
    """

    version: Literal[1] = 1
    ssid: Annotated[str, text(r"^[^\x00-\x1f\x7f]{0,32}$", "ssid")] = ""
    passphrase: Secret = field(default_factory=Secret)
    key_management: Literal["WPA-PSK"] = "WPA-PSK"
    country: Annotated[str, text(r"^[A-Z]{2}$", "country")] = "ID"
    channel: Annotated[int, Meta(ge=0, le=13)] = 6
    address: Ipv4 = "192.168.0.11"
    prefix: PrefixLength = 24
    gateway: OptionalIpv4 = ""
    dns: tuple[Ipv4, ...] = ()


class DhcpSection(Section, frozen=True, kw_only=True):
    """What clients of the access point are told. Without `router` none is offered: nothing is forwarded, and phones
    keep their mobile data. Name servers are the given addresses (`name_servers` that are names lead to them, in the
    same order), else the device itself. `netmask` is that of the ranges, `subnet_mask` what clients are told instead;
    empty: the access point's. Whoever asks for no particular time gets `default_lease`.
    """

    version: Literal[1] = 1
    domain_name: DomainName = "otpbroker.local"
    name_servers: tuple[DomainName, ...] = ()
    router: OptionalIpv4 = ""
    netmask: OptionalIpv4 = ""
    subnet_mask: OptionalIpv4 = ""
    name_server_addresses: tuple[Ipv4, ...] = ()
    default_lease: LeaseSeconds = 3600
    max_lease: LeaseSeconds = 86_400
    ranges: tuple[Range, ...] = ("192.168.0.100-192.168.0.200",)


class EthernetSection(Section, frozen=True, kw_only=True):
    """`static` needs an address; `dhcp` takes nothing of the other fields but name servers."""

    version: Literal[1] = 1
    mode: Literal["dhcp", "static"] = "dhcp"
    address: OptionalIpv4 = ""
    prefix: PrefixLength = 24
    gateway: OptionalIpv4 = ""
    dns_1: OptionalIpv4 = ""
    dns_2: OptionalIpv4 = ""


class FirewallRule(Section, frozen=True, kw_only=True):
    """A port that is open at a side: `ap` the access point, `ethernet` (private addresses), `mobile`."""

    name: Annotated[str, Meta(min_length=1, max_length=64)]
    port: Port
    protocol: Literal["tcp", "udp"] = "tcp"
    side: Literal["ap", "ethernet", "mobile"] = "ethernet"
    active: bool = True


class FirewallSection(Section, frozen=True, kw_only=True):
    """Beside what is open from the factory on: at the access point DHCP, DNS and 80; at both the panel's and the API's
    ports. A rule that is not active closes its port, one of these too; but the access point always reaches DHCP, DNS
    and the panel.
    """

    version: Literal[1] = 1
    firewall: tuple[FirewallRule, ...] = ()


class Certificate(Section, frozen=True, kw_only=True):
    """PEM texts: `certificate` is the chain, the server's own first; `key` its private key, without a passphrase."""

    name: Annotated[str, Meta(min_length=1, max_length=64)]
    certificate: Annotated[str, lines(65_536)] = ""
    key: SecretLines = field(default_factory=Secret)
    active: bool = False


class KeystoreSection(Section, frozen=True, kw_only=True):
    version: Literal[1] = 1
    keystore: tuple[Certificate, ...] = ()


NetworkSection = WlanSection | DhcpSection | EthernetSection | FirewallSection | KeystoreSection
