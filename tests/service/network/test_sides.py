"""What is rendered, in the hands of the real programs: nft, ip and dnsmasq, with a peer at each side of the device."""

import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from fakes.dhcp import lookup, offer
from fakes.sides import Listeners, Sides, missing, reached
from fakes.waiting import waits_for
from otpbroker.config.sections.api import ApiSection
from otpbroker.config.sections.network import DhcpSection, FirewallRule, FirewallSection, WlanSection
from otpbroker.network import dnsmasq, firewall, wlan

PORTS = (22, 53, 80, 631, 8887, 8888, 8889, 9999, 10443)
OURS = "192.168.0.11"
NOT_FOUND, REFUSED = 3, 5


@pytest.fixture(scope="module")
def sides():
    """Ethernet has the access point's own network, as many a home router makes it."""
    if reason := missing():
        pytest.skip(reason)
    made = Sides()
    made.device.run("ip", "-batch", "-", stdin=wlan.render(WlanSection()))
    made.peers["ap"].run("ip", "address", "add", "192.168.0.7/24", "dev", "sta0")
    made.device.run("ip", "address", "add", "192.168.0.50/24", "dev", "eth0", "metric", "100")
    made.peers["ethernet"].run("ip", "address", "add", "192.168.0.1/24", "dev", "lan0")
    made.address("ethernet", "fd00:5::2/64", "fd00:5::1/64")
    made.peers["ethernet"].run("ip", "address", "add", "198.51.100.7/32", "dev", "lan0")
    made.device.run("ip", "route", "add", "198.51.100.7", "dev", "eth0")
    made.address("mobile", "10.64.64.2/24", "10.64.64.1/24")
    made.address("mobile", "2001:db8::2/64", "2001:db8::1/64")
    # As overlay's sysctl.d has it; of loose filtering nothing must be lost where both sides have the same addresses.
    made.device.set("net.ipv4.conf.all.rp_filter", "2")
    made.device.set("net.ipv4.conf.all.arp_ignore", "1")
    yield made
    made.close()


@pytest.fixture
def listening(sides):
    made = Listeners(sides.device, PORTS)
    yield
    made.close()


def loaded(sides, rules, api):
    sides.device.run("nft", "-f", "-", stdin=firewall.render(rules, api, 8888))
    return firewall.doors(rules, api, 8888)


def link_local(sides, interface):
    listed = sides.device.run("ip", "-6", "-o", "address", "show", "dev", interface, "scope", "link")
    return listed.split("inet6 ")[1].split("/")[0]


CLOSED = FirewallRule(name="no api at the access point", port=8889, side="ap", active=False)
SSH = FirewallRule(name="ssh", port=22)
PUBLIC = FirewallRule(name="api for all", port=10443, side="mobile")


@pytest.mark.usefixtures("listening")
@pytest.mark.parametrize("rules", [(), (CLOSED, SSH, PUBLIC)])
@pytest.mark.parametrize("api", [ApiSection(), ApiSection(http_enabled=False, https_enabled=True)])
def test_each_side_reaches_exactly_what_the_settings_say(sides, rules, api):
    opened = loaded(sides, FirewallSection(firewall=rules), api)
    asked = {
        ("ap", 4): (OURS, ""),
        ("ap", 6): (link_local(sides, "wlan0"), "sta0"),
        ("ethernet", 4): ("192.168.0.50", ""),
        ("ethernet", 6): ("fd00:5::2", ""),
        ("mobile", 4): ("10.64.64.2", ""),
        ("mobile", 6): ("2001:db8::2", ""),
    }
    with ThreadPoolExecutor() as pool:
        waiting = {
            of: pool.submit(reached, sides.peers[of[0]], address, PORTS, interface)
            for of, (address, interface) in asked.items()
        }
    seen = {of: found.result() for of, found in waiting.items()}
    for (side, version), found in seen.items():
        wanted = {door.port for door in opened if (door.side, door.protocol) == (side, "tcp")}
        assert found.keys() == wanted & set(PORTS), (side, version)


@pytest.mark.usefixtures("listening")
def test_only_the_access_points_side_comes_to_the_set_up(sides):
    loaded(sides, FirewallSection(), ApiSection())
    assert reached(sides.peers["ap"], OURS, [8888]) == {8888: "8887"}
    assert reached(sides.peers["ap"], OURS, [8887]) == {}
    assert reached(sides.peers["ethernet"], "192.168.0.50", [8888]) == {8888: "8888"}
    # Linux answers for the access point's address at any side: what counts is the interface.
    sides.peers["ethernet"].run("ip", "neigh", "replace", OURS, "lladdr", mac(sides, "eth0"), "dev", "lan0")
    assert reached(sides.peers["ethernet"], OURS, [8887, 8888]) == {8888: "8888"}


def mac(sides, interface):
    return sides.device.run("ip", "-o", "link", "show", interface).split("link/ether ")[1].split()[0]


@pytest.mark.usefixtures("listening")
def test_ethernet_is_for_private_addresses_only(sides):
    loaded(sides, FirewallSection(), ApiSection())
    sides.peers["ethernet"].run("ip", "route", "replace", "192.168.0.50/32", "dev", "lan0", "src", "198.51.100.7")
    try:
        assert reached(sides.peers["ethernet"], "192.168.0.50", [8888, 8889]) == {}
    finally:
        sides.peers["ethernet"].run("ip", "route", "delete", "192.168.0.50/32")


@pytest.mark.usefixtures("listening")
def test_rules_that_nft_refuses_leave_the_old_ones(sides):
    loaded(sides, FirewallSection(), ApiSection())
    broken = firewall.render(FirewallSection(firewall=(SSH,)), ApiSection(), 8888) + "table inet otpb { chain x {\n"
    with pytest.raises(AssertionError, match="syntax error"):
        sides.device.run("nft", "-f", "-", stdin=broken)
    assert reached(sides.peers["ethernet"], "192.168.0.50", [22, 8888]) == {8888: "8888"}


@pytest.fixture
def serving(sides, tmp_path):
    """Starts dnsmasq with what is rendered."""
    loaded(sides, FirewallSection(), ApiSection())
    started = []

    def serve(wlan_section, dhcp, *, setting_up):
        text = dnsmasq.render(wlan_section, dhcp, setting_up=setting_up)
        config = tmp_path / "dnsmasq.conf"
        config.write_text(text.replace(dnsmasq.LEASES, str(tmp_path / "leases")) + "user=root\n")
        argv = ("dnsmasq", "--keep-in-foreground", "--pid-file=", f"--conf-file={config}")
        process = sides.device.start(*argv, stderr=subprocess.PIPE, text=True)
        started.append(process)
        waits_for(lambda: "sockets bound" in process.stderr.readline())
        return sides.peers["ap"]

    yield serve
    for process in started:
        process.terminate()
        process.communicate()


def test_a_phone_gets_an_address_and_no_way_out(serving):
    peer = serving(WlanSection(), DhcpSection(), setting_up=True)
    told = peer.do(lambda: offer("sta0"))
    assert 100 <= int(told.pop("address").removeprefix("192.168.0.")) <= 200
    assert told == {
        "kind": 2,
        "mask": ["255.255.255.0"],
        "dns": [OURS],
        "domain": "otpbroker.local",
        "lease": 3600,
    }


@pytest.mark.parametrize(("wanted_s", "lease_s"), [(None, 600), (300, 300), (5000, 5000), (100_000, 7200)])
def test_who_asks_for_a_time_gets_it_up_to_the_longest(serving, wanted_s, lease_s):
    peer = serving(WlanSection(), DhcpSection(default_lease=600, max_lease=7200), setting_up=False)
    assert peer.do(lambda: offer("sta0", wanted_s=wanted_s))["lease"] == lease_s


def test_every_dhcp_setting_reaches_the_client(serving):
    dhcp = DhcpSection(
        domain_name="kantor.example",
        router="192.168.0.1",
        netmask="255.255.255.0",
        subnet_mask="255.255.0.0",
        name_servers=("ns.kantor.example", "9.9.9.9"),
        name_server_addresses=("192.168.0.53",),
        ranges=("192.168.0.20-192.168.0.20",),
    )
    peer = serving(WlanSection(), dhcp, setting_up=False)
    told = peer.do(lambda: offer("sta0"))
    assert told == {
        "kind": 2,
        "address": "192.168.0.20",
        "mask": ["255.255.0.0"],
        "router": ["192.168.0.1"],
        "dns": ["192.168.0.53", "9.9.9.9"],
        "domain": "kantor.example",
        "lease": 3600,
    }
    assert peer.do(lambda: lookup(OURS, "ns.kantor.example")) == (0, ["192.168.0.53"])


def test_while_it_is_set_up_every_name_is_the_devices(serving):
    peer = serving(WlanSection(), DhcpSection(), setting_up=True)
    for name in ("connectivitycheck.gstatic.com", "captive.apple.com", "otpbroker.local"):
        assert peer.do(lambda name=name: lookup(OURS, name)) == (0, [OURS])
        assert peer.do(lambda name=name: lookup(OURS, name, 28)) == (0, [])


def test_afterwards_only_its_own_name_is(serving):
    peer = serving(WlanSection(), DhcpSection(), setting_up=False)
    assert peer.do(lambda: lookup(OURS, "otpbroker.local")) == (0, [OURS])
    assert peer.do(lambda: lookup(OURS, "printer.local"))[0] == NOT_FOUND
    assert peer.do(lambda: lookup(OURS, "example.com"))[0] == REFUSED
