"""otpb-network in a machine of its own: real interfaces, real leases, and the kernel's own packet filter."""

import subprocess
import time

import pytest

from fakes.dhcp import MAC, lease
from fakes.service_process import ServiceProcess
from fakes.sides import Sides, missing
from fakes.waiting import waits_for
from otpbroker.clients.network import NetworkClient
from otpbroker.config.sections.api import ApiSection
from otpbroker.config.sections.network import DhcpSection, FirewallRule, FirewallSection, WlanSection
from otpbroker.config.store import Store, render
from otpbroker.network import dnsmasq, firewall, wlan
from otpbroker.system.files import Paths
from otpbroker.verbs.network import LookAtNetwork, NetworkAlarms, OpenPort

pytest.importorskip("netifaces")


@pytest.fixture(scope="module")
def sides():
    if reason := missing():
        pytest.skip(reason)
    made = Sides()
    made.device.run("ip", "-batch", "-", stdin=wlan.render(WlanSection()))
    made.address("ethernet", "10.1.2.3/24", "10.1.2.1/24")
    made.device.run("ip", "route", "add", "default", "via", "10.1.2.1", "dev", "eth0", "metric", "100")
    made.device.run("ip", "route", "add", "default", "via", "10.1.2.7", "dev", "eth0", "metric", "200")
    yield made
    made.close()


class Process(ServiceProcess):
    """In the device's network."""

    def __init__(self, root, namespace):
        super().__init__(root, "network")
        self._argv = ["nsenter", "-t", str(namespace.pid), "-n", *self._argv]


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    """Of a machine that was taken over."""
    made = Paths(tmp_path_factory.mktemp("device"))
    made.network_taken.parent.mkdir(parents=True)
    made.network_taken.write_text("{}")
    return made


@pytest.fixture(scope="module")
def service(sides, paths):
    process = Process(paths.root, sides.device).start()
    yield process
    process.close()


@pytest.fixture
def client(service, paths):
    return NetworkClient(paths)


def look(client):
    return client.call(LookAtNetwork())


def interfaces(client):
    return {each.side: each for each in look(client).interfaces}


def test_every_interface_is_told_with_its_side(client, sides):
    found = interfaces(client)
    assert found.keys() == {"ap", "ethernet", "mobile"}
    ethernet = found["ethernet"]
    assert (ethernet.name, ethernet.link) == ("eth0", True)
    assert ethernet.addresses[0] == "10.1.2.3/24"
    assert ethernet.addresses[1].startswith("fe80::")
    assert ethernet.addresses[1].endswith("/64")
    assert ethernet.gateways == ["10.1.2.1", "10.1.2.7"]
    assert ethernet.mac in sides.device.run("ip", "-o", "link", "show", "eth0")
    assert found["ap"].addresses[0] == "192.168.0.11/24"
    assert found["ap"].gateways == []


def test_a_cable_that_is_pulled_is_told(client, sides):
    sides.peers["mobile"].run("ip", "link", "set", "wan0", "down")
    try:
        waits_for(lambda: not interfaces(client)["mobile"].link)
    finally:
        sides.peers["mobile"].run("ip", "link", "set", "wan0", "up")
    waits_for(lambda: interfaces(client)["mobile"].link)


def alarms(client):
    return [alarm.params["interface"] for alarm in client.call(NetworkAlarms()).alarms]


def test_a_lease_with_the_access_points_own_addresses_raises_an_alarm_by_itself(client, sides, service):
    """Told where panel and `otpb status` look, without anybody having asked."""
    assert alarms(client) == []
    sides.device.run("ip", "address", "add", "192.168.0.50/24", "dev", "eth0", "metric", "100")
    waits_for(lambda: alarms(client) == ["eth0"])
    assert "move the access point to another network, such as 192.168.50.1" in service.log()
    assert [alarm.key for alarm in look(client).alarms] == ["alarm.same_network"]
    sides.device.run("ip", "address", "delete", "192.168.0.50/24", "dev", "eth0")
    waits_for(lambda: alarms(client) == [])


def test_on_somebodys_computer_it_is_his_affair(client, sides, paths):
    kept = paths.network_taken.read_bytes()
    paths.network_taken.unlink()
    try:
        told = look(client)
        assert (told.taken_over, told.filter.state, told.alarms) == (False, "not_ours", [])
        assert told.interfaces
    finally:
        paths.network_taken.write_bytes(kept)


RULES = (
    FirewallRule(name="ssh", port=22),
    FirewallRule(name="for all", port=10443, side="mobile"),
    FirewallRule(name="syslog", port=514, protocol="udp", side="mobile"),
    FirewallRule(name="one", port=2000, side="ap"),
    FirewallRule(name="next", port=2001, side="ap"),
    FirewallRule(name="no api", port=8889, side="ap", active=False),
)


@pytest.fixture
def loaded(sides, paths):
    """Loads rules into the kernel and stores them; what the kernel should have open."""

    def load(*rules, api=None):
        section, api = FirewallSection(firewall=rules), api or ApiSection()
        store = Store(paths)
        store.write("firewall", render(section))
        store.write("api", render(api))
        sides.device.run("nft", "-f", "-", stdin=firewall.render(section, api, 8888))
        return sorted(
            OpenPort(side=door.side, protocol=door.protocol, port=door.port)
            for door in firewall.doors(section, api, 8888)
        )

    return load


@pytest.mark.parametrize("rules", [(), RULES])
@pytest.mark.parametrize("api", [ApiSection(), ApiSection(http_enabled=False, https_enabled=True)])
def test_what_the_kernel_lets_in_is_read_back_from_it(client, loaded, rules, api):
    wanted = loaded(*rules, api=api)
    found = look(client).filter
    assert (found.state, found.opened, found.missing, found.surplus, found.others) == ("loaded", wanted, [], [], [])


TELNET = OpenPort(side="ethernet", protocol="tcp", port=23)
PANEL = OpenPort(side="ethernet", protocol="tcp", port=8888)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("add rule inet otpb wired tcp dport 23 accept", ("loaded", [], [TELNET])),
        ("flush chain inet otpb wired", ("loaded", [PANEL, OpenPort(side="ethernet", protocol="tcp", port=8889)], [])),
        ("chain inet otpb inbound { policy accept ; }", ("open", [], [])),
        ("delete table inet otpb", ("absent", [], [])),
        ("add table ip ufw; add chain ip ufw in { type filter hook input priority 0 ; }", ("loaded", [], [])),
    ],
)
def test_what_somebody_changed_in_the_kernel_is_named(client, sides, loaded, change, expected):
    loaded()
    sides.device.run("nft", "-f", "-", stdin=change)
    try:
        found = look(client).filter
        assert (found.state, found.missing, found.surplus) == expected
        assert found.others == (["ip ufw"] if "ufw" in change else [])
    finally:
        sides.device.run("nft", "flush", "ruleset")


def test_leases_are_read_as_dnsmasq_keeps_them(client, sides, paths, loaded, tmp_path):
    loaded()
    assert look(client).leases is None
    kept = paths.root / dnsmasq.LEASES.lstrip("/")
    kept.parent.mkdir(parents=True)
    config = tmp_path / "dnsmasq.conf"
    text = dnsmasq.render(WlanSection(), DhcpSection(default_lease=600), setting_up=False)
    config.write_text(text.replace(dnsmasq.LEASES, str(kept)) + "user=root\n")
    argv = ("dnsmasq", "--keep-in-foreground", "--pid-file=", f"--conf-file={config}")
    process = sides.device.start(*argv, stderr=subprocess.PIPE, text=True)
    try:
        waits_for(lambda: "sockets bound" in process.stderr.readline())
        given = sides.peers["ap"].do(lambda: lease("sta0"))
        waits_for(lambda: look(client).leases)
        (found,) = look(client).leases
    finally:
        process.terminate()
        process.communicate()
    assert (found.address, found.mac, found.host) == (given["address"], MAC, "")
    assert 590 <= found.until - time.time() <= 601
