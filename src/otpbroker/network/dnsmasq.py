"""dnsmasq's configuration: addresses and names for the access point's clients (dnsmasq 2.90 and later)."""

from collections.abc import Iterator
from typing import Final

from otpbroker.config.sections.network import DhcpSection, WlanSection
from otpbroker.errors import BrokerError
from otpbroker.network.leases import leases
from otpbroker.network.names import AP_INTERFACE, LOCAL_NAME, host_name, ipv4, netmask, number

LEASES: Final = "/run/otpb-dnsmasq/leases"
_ALWAYS: Final = (
    f"interface={AP_INTERFACE}",
    # Only the named interface, also when it comes and goes; nobody else's port 53 is touched.
    "bind-dynamic",
    "except-interface=lo",
    # Nothing is read from elsewhere on the device, and what clients call themselves becomes no name.
    "no-resolv",
    "no-hosts",
    "dhcp-ignore-names",
    "domain-needed",
    "bogus-priv",
    "dhcp-authoritative",
    # Without these an offer would need a raw socket for its ping, and the right to write the table of neighbours.
    "no-ping",
    "dhcp-broadcast",
    "log-facility=-",
    f"dhcp-leasefile={LEASES}",
)


def render(wlan: WlanSection, dhcp: DhcpSection, *, setting_up: bool) -> str:
    """The file. `setting_up`: there is no administrator yet, and every name leads to the device."""
    return "".join(f"{line}\n" for line in _lines(wlan, dhcp, setting_up))


def _lines(wlan: WlanSection, dhcp: DhcpSection, setting_up: bool) -> Iterator[str]:
    own = ipv4(wlan.address, "wlan.address")
    yield from _ALWAYS
    yield from _leases(wlan, dhcp)
    if setting_up:
        yield f"dhcp-option=option:dns-server,{own}"
        yield f"address=/#/{own}"
        # What is asked for but an IPv4 address has an empty answer, not a refusal.
        yield "local=/#/"
    else:
        yield f"dhcp-option=option:dns-server,{','.join(_given_addresses(dhcp) or (own,))}"
        yield from _names(wlan, dhcp, own)


def _names(wlan: WlanSection, dhcp: DhcpSection, own: str) -> Iterator[str]:
    """What is not known here is refused, so that a client with other name servers asks them."""
    yield "local=/local/"
    yield f"address=/{LOCAL_NAME}/{own}"
    for index, name in enumerate(_server_names(dhcp)):
        yield f"host-record={name},{(_given_addresses(dhcp)[index:] or (own,))[0]}"
    for server in wlan.dns:
        yield f"server={ipv4(server, 'wlan.dns')}"


def _leases(wlan: WlanSection, dhcp: DhcpSection) -> Iterator[str]:
    """Who asks for no particular time gets the default one, who asks for more gets at most the greatest."""
    default = number(dhcp.default_lease, 120, 2**31, "dhcp.default_lease")
    greatest = max(default, number(dhcp.max_lease, 120, 2**31, "dhcp.max_lease"))
    fitting = leases(wlan, dhcp)
    mask = f",{fitting.mask}" if fitting.mask else ""
    yield "dhcp-match=set:asked,option:lease-time"
    for first, last in fitting.ranges:
        yield f"dhcp-range=tag:asked,{first},{last}{mask},{greatest}"
        yield f"dhcp-range=tag:!asked,{first},{last}{mask},{default}"
    if dhcp.domain_name:
        yield f"dhcp-option=option:domain-name,{host_name(dhcp.domain_name, 'dhcp.domain_name')}"
    if dhcp.subnet_mask:
        yield f"dhcp-option=option:netmask,{netmask(dhcp.subnet_mask, 'dhcp.subnet_mask')}"
    # An option without a value is not sent: without a router, phones keep their mobile data.
    yield "dhcp-option=option:router" + (f",{fitting.router}" if fitting.router else "")


def _given_addresses(dhcp: DhcpSection) -> tuple[str, ...]:
    """Name servers by address; one may also stand among the names."""
    listed = [ipv4(address, "dhcp.name_server_addresses") for address in dhcp.name_server_addresses]
    return tuple(dict.fromkeys([*listed, *(name for name in dhcp.name_servers if _is_address(name))]))


def _server_names(dhcp: DhcpSection) -> tuple[str, ...]:
    return tuple(host_name(name, "dhcp.name_servers") for name in dhcp.name_servers if not _is_address(name))


def _is_address(name: str) -> bool:
    try:
        return ipv4(name, "") == name
    except BrokerError:
        return False
