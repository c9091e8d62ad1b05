"""The packet filter: what each side of the device reaches, IPv4 and IPv6 alike (nftables)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from otpbroker.config.sections.api import ApiSection
from otpbroker.config.sections.network import FirewallSection
from otpbroker.network.names import (
    AP_INTERFACE,
    AP_MARK,
    MOBILE_INTERFACES,
    PORTAL_PORT,
    SETUP_PORT,
    WIRED_INTERFACES,
    port,
)

Side = Literal["ap", "ethernet", "mobile"]
Protocol = Literal["tcp", "udp"]
SIDES: Final[tuple[Side, ...]] = ("ap", "ethernet", "mobile")
PRIVATE_V4: Final = ("10.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16")  # RFC 1918, RFC 3927
PRIVATE_V6: Final = ("fc00::/7", "fe80::/10")  # RFC 4193, RFC 4291 §2.5.6


@dataclass(frozen=True, slots=True, order=True)
class Door:
    """A port that is open at a side."""

    side: Side
    protocol: Protocol
    port: int


def doors(firewall: FirewallSection, api: ApiSection, panel_port: int) -> frozenset[Door]:
    """Every port that is open, and where; at Ethernet for private addresses only.

    A rule that is not active closes its port, one of the factory's too; what the access point needs to be one, and
    the panel there, nobody closes. The set-up port is none of these: only a redirected connection reaches it.
    """
    needed = {Door("ap", "udp", 53), Door("ap", "tcp", 53), Door("ap", "udp", 67), Door("ap", "tcp", panel_port)}
    web = [api.http_port] * api.http_enabled + [api.https_port] * api.https_enabled
    usual = {Door(side, "tcp", one) for side in ("ap", "ethernet") for one in web}
    usual |= {Door("ap", "tcp", PORTAL_PORT), Door("ethernet", "tcp", panel_port)}
    opened = {Door(rule.side, rule.protocol, rule.port) for rule in firewall.firewall if rule.active}
    closed = {Door(rule.side, rule.protocol, rule.port) for rule in firewall.firewall if not rule.active}
    return frozenset(door for door in needed | (usual - closed) | opened if door.port != SETUP_PORT)


def render(firewall: FirewallSection, api: ApiSection, panel_port: int) -> str:
    """A script for nft(8) that puts the new table in the old one's place in one step, or changes nothing."""
    return _SCRIPT.format(
        ap=AP_INTERFACE,
        mark=f"{AP_MARK:#x}",
        panel=port(panel_port, "panel.port"),
        setup=SETUP_PORT,
        sides="\n".join(_jumps()),
        neighbourly=_NEIGHBOURLY,
        private_v4=", ".join(PRIVATE_V4),
        private_v6=", ".join(PRIVATE_V6),
        **{f"{side}_doors": _accepts(side, doors(firewall, api, panel_port)) for side in SIDES},
    )


def _jumps() -> Iterator[str]:
    yield f'    iifname "{AP_INTERFACE}" jump ap'
    for pattern in WIRED_INTERFACES:
        yield f'    iifname "{pattern}" jump ethernet'
    for pattern in MOBILE_INTERFACES:
        yield f'    iifname "{pattern}" jump mobile'


def _accepts(side: Side, opened: Iterable[Door]) -> str:
    """One line a protocol; nothing where nothing is open, for an empty set is no valid one."""
    lines = []
    for protocol in ("tcp", "udp"):
        ports = sorted(
            port(one.port, "firewall.port") for one in opened if (one.side, one.protocol) == (side, protocol)
        )
        if ports:
            lines.append(f"    {protocol} dport {{ {', '.join(map(str, ports))} }} accept\n")
    return "".join(lines)


_NEIGHBOURLY: Final = """\
    icmp type echo-request accept
    icmpv6 type echo-request accept
    ip daddr 224.0.0.251 udp dport 5353 accept
    ip6 daddr ff02::fb udp dport 5353 accept
"""

# Redirected connections are told from those that name the set-up port by their translated destination. What came in
# by the access point goes back there, also where Ethernet has the same addresses: its mark chooses the way.
_SCRIPT: Final = """\
table inet otpb
delete table inet otpb
table inet otpb {{
  chain arriving {{
    type filter hook prerouting priority mangle; policy accept;
    iifname "{ap}" ct mark set {mark}
  }}
  chain answering {{
    type route hook output priority mangle; policy accept;
    ct mark {mark} meta mark set ct mark
  }}
  chain redirected {{
    type nat hook prerouting priority dstnat; policy accept;
    iifname "{ap}" tcp dport {panel} redirect to :{setup}
  }}
  chain forward {{
    type filter hook forward priority filter; policy drop;
  }}
  chain inbound {{
    type filter hook input priority filter; policy drop;
    iifname "lo" accept
    ct state vmap {{ established : accept, invalid : drop }}
    ct state related meta l4proto {{ icmp, ipv6-icmp }} accept
    icmpv6 type {{ nd-neighbor-solicit, nd-neighbor-advert }} ip6 hoplimit 255 accept
{sides}
  }}
  chain ap {{
    tcp dport {setup} ct status dnat accept
{neighbourly}{ap_doors}  }}
  chain ethernet {{
    icmpv6 type nd-router-advert ip6 saddr fe80::/10 ip6 hoplimit 255 accept
    icmpv6 type mld-listener-query ip6 saddr fe80::/10 accept
    ip protocol igmp ip daddr 224.0.0.0/4 accept
    udp sport 67 udp dport 68 accept
    ip6 saddr fe80::/10 udp sport 547 udp dport 546 accept
    ip saddr {{ {private_v4} }} jump wired
    ip6 saddr {{ {private_v6} }} jump wired
  }}
  chain wired {{
{neighbourly}{ethernet_doors}  }}
  chain mobile {{
    icmpv6 type nd-router-advert ip6 saddr fe80::/10 ip6 hoplimit 255 accept
{mobile_doors}  }}
}}
"""
