from hypothesis import given
from hypothesis import strategies as st

from fakes.awkward_settings import DHCP, DHCP_BROKEN, WLAN, WLAN_BROKEN
from fakes.system_files import dnsmasq as read
from otpbroker.config.sections.network import DhcpSection, WlanSection
from otpbroker.network import dnsmasq
from otpbroker.network.leases import leases
from otpbroker.network.names import Unrenderable

KEYS = {
    *("interface", "bind-dynamic", "except-interface", "no-resolv", "no-hosts", "dhcp-ignore-names", "domain-needed"),
    *("bogus-priv", "local", "dhcp-authoritative", "no-ping", "log-facility", "dhcp-leasefile", "dhcp-match"),
    *("dhcp-broadcast", "dhcp-range", "dhcp-option", "address", "host-record", "server"),
}
ALWAYS = KEYS - {"host-record", "server"}


def means(text):
    """The settings that a file says."""
    pairs = read(text)
    assert ALWAYS <= {name for name, _ in pairs} <= KEYS
    options = dict(
        value.split(",", 1) if "," in value else (value, "") for name, value in pairs if name == "dhcp-option"
    )
    ranges = [value.split(",") for name, value in pairs if name == "dhcp-range"]
    return {
        "asked": [words[1:] for words in ranges if words[0] == "tag:asked"],
        "plain": [words[1:] for words in ranges if words[0] == "tag:!asked"],
        "options": options,
        "records": [value.split(",") for name, value in pairs if name == "host-record"],
        "servers": [value for name, value in pairs if name == "server"],
        "address": [value for name, value in pairs if name == "address"],
    }


def said(wlan, dhcp, setting_up):
    fitting = leases(wlan, dhcp)

    def ranges(seconds):
        return [[str(first), str(last), *filter(None, [fitting.mask]), str(seconds)] for first, last in fitting.ranges]

    addresses = [*dhcp.name_server_addresses, *(name for name in dhcp.name_servers if name[-1:].isdigit())]
    addresses = list(dict.fromkeys(addresses))
    names = [name for name in dhcp.name_servers if not name[-1:].isdigit()]
    options = {
        "option:domain-name": dhcp.domain_name,
        "option:netmask": dhcp.subnet_mask,
        "option:dns-server": wlan.address if setting_up else ",".join(addresses) or wlan.address,
    }
    return {
        "asked": ranges(max(dhcp.default_lease, dhcp.max_lease)),
        "plain": ranges(dhcp.default_lease),
        "options": {name: value for name, value in options.items() if value} | {"option:router": fitting.router},
        "records": []
        if setting_up
        else [[name, (addresses[at:] or [wlan.address])[0]] for at, name in enumerate(names)],
        "servers": [] if setting_up else list(wlan.dns),
        "address": [f"/#/{wlan.address}" if setting_up else f"/otpbroker.local/{wlan.address}"],
    }


@given(WLAN, DHCP, st.booleans())
def test_what_is_rendered_means_what_was_set(wlan, dhcp, setting_up):
    assert means(dnsmasq.render(wlan, dhcp, setting_up=setting_up)) == said(wlan, dhcp, setting_up)


@given(WLAN_BROKEN, DHCP_BROKEN, st.booleans())
def test_nothing_that_is_set_becomes_another_line(wlan, dhcp, setting_up):
    try:
        text = dnsmasq.render(wlan, dhcp, setting_up=setting_up)
    except Unrenderable:
        return
    assert means(text) == said(wlan, dhcp, setting_up)


def test_no_router_is_offered_where_none_is_set():
    assert ("dhcp-option", "option:router") in read(dnsmasq.render(WlanSection(), DhcpSection(), setting_up=False))


def test_names_lead_nowhere_else_once_set_up():
    pairs = read(dnsmasq.render(WlanSection(), DhcpSection(), setting_up=False))
    assert not [value for name, value in pairs if name == "server" or "/#/" in value]
    assert ("no-resolv", "") in pairs


def test_all_names_lead_to_the_device_while_it_is_being_set_up():
    """Whatever servers are set: a phone asks the one that it is offered."""
    dhcp = DhcpSection(name_server_addresses=("9.9.9.9",))
    pairs = read(dnsmasq.render(WlanSection(dns=("9.9.9.9",)), dhcp, setting_up=True))
    assert ("address", "/#/192.168.0.11") in pairs
    assert ("dhcp-option", "option:dns-server,192.168.0.11") in pairs
    assert "9.9.9.9" not in str(pairs)
