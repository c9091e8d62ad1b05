"""The network's pages on the device: what they change is read back from kernel and daemons; what they show is so."""

import contextlib
import json
import re

import pytest

from emulated import control
from emulated.peers import Neighbour, Station

pytestmark = [pytest.mark.device, pytest.mark.timeout(900)]

PASSWORD = "eleven gray herons"
SSID, PASSPHRASE, MOVED = "Kantor Budi", "correct horse battery", "192.168.50.1"


@pytest.fixture(scope="module")
def owned(device):
    """A device with an administrator, whom root has made."""
    device.run("otpb admin add budi", stdin=PASSWORD.encode(), timeout_s=90)
    return device


@pytest.fixture(scope="module")
def neighbour(owned):
    return Neighbour(owned)


@pytest.fixture(scope="module")
def wired(neighbour):
    """The device's address on Ethernet."""
    return neighbour.device_address()


@pytest.fixture(scope="module")
def admin(neighbour, wired):
    """Signed in from Ethernet, where a new access point cuts nobody off."""
    return signed_in(neighbour, wired)


def signed_in(peer, address):
    browser = peer.browser(f"http://{address}:8888")
    browser.get("/login")
    browser.post("/language", language="en", back="/login")
    browser.get("/login")
    assert browser.post("/login", username="budi", password=PASSWORD).status == 303
    browser.get("/network")
    return browser


def network(device):
    return json.loads(device.run("otpb --json network"))


def opened(device, side):
    """The ports of TCP that the kernel lets in there, by nft's own list."""
    chain = {"ap": "ap", "ethernet": "wired", "mobile": "mobile"}[side]
    said = device.run(f"nft list chain inet otpb {chain}")
    ports = re.search(r"^\s*tcp dport (?:\{ ([\d, -]+) \}|(\d+)) accept$", said, re.MULTILINE)
    return set(re.findall(r"\d+", ports[1] or ports[2])) if ports else set()


def test_interfaces_are_as_the_kernel_has_them(owned, wired):
    found = {each["side"]: each for each in network(owned)["interfaces"]}
    link = json.loads(owned.run("ip -j addr show eth0"))[0]
    assert found["ethernet"]["mac"] == link["address"]
    assert found["ethernet"]["addresses"][0].partition("/")[0] == wired
    gateway = json.loads(owned.run("ip -j -4 route show default dev eth0"))[0]["gateway"]
    assert gateway in found["ethernet"]["gateways"]
    assert found["ap"]["addresses"][0] == "192.168.0.11/24"
    assert found["ap"]["link"] is True


def test_a_rule_of_the_page_is_the_kernels_and_a_difference_is_named(owned, admin):
    assert "The kernel does what the settings say" in admin.get("/firewall").text
    rule = {"name": "ssh", "side": "ethernet", "protocol": "tcp", "port": "22", "active": "true"}
    assert admin.post("/firewall/add", **rule).status == 303
    assert 'action="/confirm"' in admin.get("/firewall").text
    assert admin.post("/confirm").status == 303
    assert opened(owned, "ethernet") == {"22", "8888", "8889"}
    assert "The kernel does what the settings say" in admin.get("/firewall").text

    owned.run("nft add rule inet otpb wired tcp dport 23 accept && nft flush chain inet otpb mobile")
    told = network(owned)["filter"]
    assert (told["state"], [each["port"] for each in told["surplus"]]) == ("loaded", [23])
    assert "differences are marked" in admin.get("/firewall").text
    admin.post("/firewall/deactivate?key=ssh")
    admin.get("/firewall")
    admin.post("/confirm")
    assert opened(owned, "ethernet") == {"8888", "8889"}
    assert "The kernel does what the settings say" in admin.get("/firewall").text


@pytest.fixture(scope="module")
def phone(owned):
    return Station(owned, "phone", "wlan1")


def test_the_access_point_moves_and_is_confirmed_there(owned, admin, phone):
    values = {"ssid": SSID, "passphrase": PASSPHRASE, "key_management": "WPA-PSK", "country": "ID", "channel": "1"}
    values |= {"address": MOVED, "prefix": "24", "gateway": "", "dns": ""}
    asked = admin.post("/wlan", **values)
    assert f"Then open http://{MOVED}:8888/" in asked.text
    assert admin.post("/wlan", sure="yes", **values).status == 303
    # From here on, sixty seconds.
    assert phone.join(SSID, PASSPHRASE)
    leased = phone.lease()
    assert leased["ip"].startswith("192.168.50.")
    there = signed_in(phone, MOVED)
    assert 'action="/confirm"' in there.get("/network").text
    assert there.post("/confirm").status == 303
    assert json.loads(owned.run("otpb --json settings get wlan"))["address"] == MOVED
    assert owned.run("hostname -I").split().count(MOVED) == 1
    said = owned.run("iw dev wlan0 info")
    assert f"ssid {SSID}" in said
    assert "channel 1 " in said
    # Who has an address stands in the panel, as dnsmasq keeps it.
    assert [lease["address"] for lease in network(owned)["leases"]] == [leased["ip"]]
    assert leased["ip"] in there.get("/dhcp").text


def test_a_phone_is_given_what_the_dhcp_page_says(owned, admin, phone):
    """By the test before it has joined where the access point is now."""
    ranges = "192.168.50.20-192.168.50.20\r\n192.168.50.40-192.168.50.49"
    values = {"domain_name": "kantor.example", "name_servers": "", "router": MOVED, "netmask": "", "subnet_mask": ""}
    values |= {"name_server_addresses": "192.168.50.5", "default_lease": "600", "max_lease": "7200", "ranges": ranges}
    phone.run(f"ip -4 addr flush dev {phone.link}")
    assert admin.post("/dhcp", **values).status == 303
    admin.get("/dhcp")
    assert admin.post("/confirm").status == 303
    leased = phone.lease()
    assert leased["ip"].rpartition(".")[2] in {"20", *map(str, range(40, 50))}
    told = {"router": MOVED, "dns": "192.168.50.5", "domain": "kantor.example", "lease": "600"}
    assert told.items() <= leased.items()
    assert [lease["address"] for lease in network(owned)["leases"]] == [leased["ip"]]


def test_a_fixed_address_on_ethernet_is_the_kernels(owned, neighbour):
    """Confirmed from there, as the page has said before it went; and back to what the network gives."""
    fixed = {"mode": "static", "address": "10.0.2.77", "prefix": "24", "gateway": "10.0.2.2", "dns_1": "10.0.2.2"}
    browser = signed_in(neighbour, neighbour.device_address())
    assert "http://10.0.2.77:8888/" in browser.post("/ethernet", **fixed).text
    browser.patience_s = 3
    with contextlib.suppress(control.Failed):  # the address that would answer has gone
        browser.post("/ethernet", sure="yes", **fixed)
    there = signed_in(neighbour, "10.0.2.77")
    assert 'action="/confirm"' in there.get("/ethernet").text
    assert there.post("/confirm").status == 303
    assert owned.run("ip -4 -o addr show eth0 scope global").split()[3] == "10.0.2.77/24"
    assert "10.0.2.2" in owned.run("ip -4 route show default dev eth0")
    assert "10.0.2.2" in owned.run("resolvectl dns eth0")
    token = json.loads(owned.run("otpb --json settings set ethernet mode=dhcp 2>/dev/null"))["confirmation"]["token"]
    owned.run(f"otpb confirm {token}")
    owned.until("ip -4 -o addr show eth0 scope global | grep -q dynamic")


def test_ethernet_with_the_access_points_addresses_raises_an_alarm_by_itself_and_both_sides_work(owned, neighbour):
    own = json.loads(owned.run("otpb --json settings get wlan"))["address"]
    base = own.rpartition(".")[0]
    alarms = "otpb --json status | grep -q alarm.same_network"
    owned.run(f"! {alarms}", check=True)
    owned.run(f"ip address add {base}.77/24 dev eth0 metric 100")
    try:
        owned.until(alarms)
        neighbour.run(f"ip address add {base}.78/24 dev {neighbour.link}")
        assert "200" in neighbour.run(f"curl -sS -m 30 -o /dev/null -w %{{http_code}} http://{base}.77:8888/login")
        ap = owned.run(f"ip route get {base}.200 mark 0x10000")
        assert "dev wlan0" in ap
        assert "dev eth0" in owned.run(f"ip route get {base}.200")
    finally:
        owned.run(f"ip address delete {base}.77/24 dev eth0")
        neighbour.run(f"ip address delete {base}.78/24 dev {neighbour.link}", check=False)
    owned.until(f"! {alarms}")


@pytest.mark.slow
def test_who_looks_at_the_network_ends_when_nobody_asks(owned):
    network(owned)
    assert owned.run("systemctl is-active otpb-network.service", check=False).strip() == "active"
    owned.until("[ $(systemctl is-active otpb-network.service) = inactive ]", 200)
    assert owned.run("systemctl is-active otpb-network.socket otpb-network-addresses.socket").split() == ["active"] * 2
    assert owned.failed() == ""
