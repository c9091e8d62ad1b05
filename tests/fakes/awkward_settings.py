"""Hypothesis strategies for network settings: sound ones, and ones that no schema would let through."""

from hypothesis import strategies as st

from otpbroker.config.sections.api import ApiSection
from otpbroker.config.sections.modems import ModemSettings
from otpbroker.config.sections.network import (
    DhcpSection,
    EthernetSection,
    FirewallRule,
    FirewallSection,
    WlanSection,
)
from otpbroker.secrets import Secret

ADDRESSES = st.ip_addresses(v=4).map(str)
PORTS = st.integers(1, 65535)
MASKS = st.integers(8, 30).map(
    lambda length: ".".join(str(octet) for octet in ((2**32 - 2 ** (32 - length)).to_bytes(4)))
)
NAMES = st.from_regex(r"[a-z0-9]([a-z0-9.-]{0,20}[a-z0-9])?", fullmatch=True).filter(
    lambda name: not name[-1].isdigit()
)
RANGES = st.tuples(ADDRESSES, ADDRESSES).map("-".join)
SECONDS = st.integers(120, 31_536_000)
# What ends a line, a value, a string or a comment in one grammar or another; now and then within something sound.
_POISON = st.sampled_from(
    ("\n", "\r", "\0", "\x1b", "#", ";", '"', "'", "\\", "=", "[", "}", "/", ",", " ", "\u2028", "\ud800")
)
_BROKEN = st.text(max_size=40) | st.builds(
    lambda sound, poison, rest: sound + poison + rest, ADDRESSES | NAMES, _POISON, st.sampled_from(("", "x=1", "wpa=0"))
)
_PASSPHRASES = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=8, max_size=63)


def _wlan(text, address, names):
    return st.builds(
        WlanSection,
        ssid=text,
        passphrase=_PASSPHRASES.map(Secret) | names.map(Secret),
        country=st.sampled_from(("ID", "US", "DE")) | names,
        channel=st.integers(0, 13),
        address=address,
        prefix=st.integers(8, 30),
        gateway=st.just("") | address,
        dns=st.lists(address, max_size=3).map(tuple),
    )


def _dhcp(address, masks, names, ranges):
    return st.builds(
        DhcpSection,
        domain_name=st.just("") | names,
        name_servers=st.lists(names | address, max_size=3).map(tuple),
        router=st.just("") | address,
        netmask=st.just("") | masks,
        subnet_mask=st.just("") | masks,
        name_server_addresses=st.lists(address, max_size=3).map(tuple),
        default_lease=SECONDS,
        max_lease=SECONDS,
        ranges=st.lists(ranges, max_size=3).map(tuple),
    )


def _ethernet(address):
    return st.builds(
        EthernetSection,
        mode=st.sampled_from(("dhcp", "static")),
        address=address,
        prefix=st.integers(8, 30),
        gateway=st.just("") | address,
        dns_1=st.just("") | address,
        dns_2=st.just("") | address,
    )


SSIDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
WLAN = _wlan(SSIDS, ADDRESSES, st.nothing())
WLAN_BROKEN = _wlan(_BROKEN, ADDRESSES | _BROKEN, _BROKEN)
DHCP = _dhcp(ADDRESSES, MASKS, NAMES, RANGES)
DHCP_BROKEN = _dhcp(ADDRESSES | _BROKEN, MASKS | _BROKEN, NAMES | _BROKEN, RANGES | _BROKEN)
ETHERNET = _ethernet(ADDRESSES)
ETHERNET_BROKEN = _ethernet(ADDRESSES | _BROKEN)
API = st.builds(ApiSection, http_enabled=st.booleans(), http_port=PORTS, https_enabled=st.booleans(), https_port=PORTS)


def _firewall(ports):
    rule = st.builds(
        FirewallRule,
        name=_BROKEN,
        port=ports,
        protocol=st.sampled_from(("tcp", "udp")),
        side=st.sampled_from(("ap", "ethernet", "mobile")),
        active=st.booleans(),
    )
    return st.builds(FirewallSection, firewall=st.lists(rule, max_size=6).map(tuple))


FIREWALL = _firewall(PORTS | st.sampled_from((53, 67, 80, 8887, 8888, 8889, 10443)))
FIREWALL_BROKEN = _firewall(st.integers(-1, 70000) | _BROKEN)

_PRINTABLE = st.characters(min_codepoint=32, max_codepoint=126)
_COMMANDS = st.just("") | st.builds(str.__add__, st.sampled_from(("AT", "at")), st.text(_PRINTABLE, max_size=30))
_PRINTABLES = st.text(_PRINTABLE, max_size=30)


def _modem(ids, commands, apns, words, numbers):
    inits = {f"init_dial_{place}": commands for place in range(1, 6)}
    return st.builds(
        ModemSettings,
        id=ids,
        name=st.just("a modem"),
        baud_rate=st.sampled_from((9600, 115200)),
        internet_access=st.just(True),
        apn=apns,
        apn_username=words,
        apn_password=words.map(Secret),
        dial_number=numbers,
        dial_command=commands,
        **inits,
    )


_IDS = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,8}", fullmatch=True)
_DIALLED = st.text("0123456789*#+", max_size=10)
APNS = st.just("") | st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}", fullmatch=True)
DIALLING = _modem(_IDS, _COMMANDS, APNS, _PRINTABLES, _DIALLED)
DIALLING_BROKEN = _modem(_IDS | _BROKEN, _COMMANDS | _BROKEN, APNS | _BROKEN, _PRINTABLES | _BROKEN, _DIALLED | _BROKEN)
