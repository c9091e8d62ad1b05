from hypothesis import given

from fakes.awkward_settings import ETHERNET, ETHERNET_BROKEN
from fakes.system_files import keyfile as read
from otpbroker.config.sections.network import EthernetSection
from otpbroker.network import ethernet
from otpbroker.network.names import Unrenderable

GROUPS = {"Match", "Link", "Network", "IPv6AcceptRA"}
NETWORK = {"LinkLocalAddressing", "IPv6AcceptRA", "MulticastDNS", "LLMNR"}


def networkd_means(text):
    """The settings that a file for networkd says."""
    groups = read(text)
    fixed = "Address" in groups
    own = {"Address", "Route"} if fixed else {"DHCPv4", "DHCPv6"}
    assert GROUPS <= groups.keys() <= GROUPS | own
    assert NETWORK <= groups["Network"].keys() <= NETWORK | {"DNS", "DHCP"}
    assert ("DHCP" in groups["Network"]) != fixed
    dns = groups["Network"].get("DNS", "").split()
    uses = {group["UseDNS"] for group in groups.values() if "UseDNS" in group}
    assert uses == {"no" if dns else "yes"}
    route = groups.get("Route", {})
    assert route.keys() in (set(), {"Gateway", "Metric"})
    return fixed, groups.get("Address", {}).get("Address", ""), route.get("Gateway", ""), dns


def manager_means(text):
    """The settings that a profile for NetworkManager says."""
    groups = read(text)
    assert groups.keys() == {"connection", "match", "ipv4", "ipv6"}
    four = groups["ipv4"]
    fixed = four["method"] == "manual"
    always = {"route-metric", "method"} | ({"address1"} if fixed else {"link-local", "may-fail"})
    assert always <= four.keys() <= always | {"gateway", "dns", "ignore-auto-dns"}
    dns = four.get("dns", "").split(";")[:-1]
    assert [group.get("ignore-auto-dns") for group in (four, groups["ipv6"])] == ["true" if dns else None] * 2
    return fixed, four.get("address1", ""), four.get("gateway", ""), dns


def said(section):
    dns = [server for server in (section.dns_1, section.dns_2) if server]
    if section.mode == "dhcp":
        return False, "", "", dns
    return True, f"{section.address}/{section.prefix}", section.gateway, dns


@given(ETHERNET)
def test_what_is_rendered_means_what_was_set(section):
    assert networkd_means(ethernet.networkd(section)) == said(section)
    assert manager_means(ethernet.network_manager(section)) == said(section)


@given(ETHERNET_BROKEN)
def test_nothing_that_is_set_becomes_another_line(section):
    for render, means in ((ethernet.networkd, networkd_means), (ethernet.network_manager, manager_means)):
        try:
            text = render(section)
        except Unrenderable:
            continue
        assert means(text) == said(section)


def test_every_wired_interface_and_no_other():
    assert read(ethernet.networkd(EthernetSection()))["Match"] == {"Name": "eth* en*"}
    assert read(ethernet.network_manager(EthernetSection()))["match"] == {"interface-name": "eth*;en*;"}
