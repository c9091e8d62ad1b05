"""A phone and a new device: join by the brochure's words, be the first, and what each side reaches."""

import json
import re

import pytest

from emulated.peers import Neighbour, Peer, Station

pytestmark = [pytest.mark.device, pytest.mark.timeout(600)]

PANEL = "http://192.168.0.11:8888"
PASSWORD = "eleven gray herons"
SCANNED = "1-1024,2222,3333,4444,5353,5355,8000-9000,10443"


@pytest.fixture(scope="module")
def words(device):
    """Network name and passphrase, as whoever holds the card reads them on any computer."""
    text = device.run("cat /boot/firmware/otpbroker-access.txt")
    name = re.search(r"OTP-Broker-\w+", text)
    passphrase = re.search(r"^\s*Passphrase\s*: (\S+)\s*$", text, re.MULTILINE)
    assert name, text
    assert passphrase, text
    return name[0], passphrase[1]


@pytest.fixture(scope="module")
def phone(device):
    return Station(device, "phone", "wlan1")


@pytest.fixture(scope="module")
def joined(phone, words):
    """The phone, with an address."""
    assert phone.join(*words)
    phone.leased = phone.lease()
    return phone


@pytest.fixture(scope="module")
def neighbour(device):
    return Neighbour(device)


def test_its_network_is_in_the_air(phone, words):
    assert words[0] in phone.networks()


def test_the_console_shows_how_to_join(device, words):
    assert words[1] in device.run("cat /run/issue.d/otpbroker.issue")


def test_a_wrong_passphrase_is_refused(device, words):
    assert not Station(device, "thief", "wlan2").join(words[0], "not the passphrase")


def test_a_phone_gets_an_address(joined):
    assert joined.leased["ip"].startswith("192.168.0.")
    assert joined.leased["subnet"] == "255.255.255.0"


def test_whatever_a_phone_asks_for_leads_to_the_panel(joined):
    said = joined.run("curl -sS -i -m 20 --resolve x:80:192.168.0.11 http://x/generate_204")
    assert re.search(r"^HTTP/1.1 30[237] ", said)
    assert re.search(rf"^Location: {PANEL}/?", said, re.MULTILINE)


def test_the_first_administrator_is_made_by_the_access_point_only(device, joined, neighbour):
    ethernet = neighbour.device_address()
    other = neighbour.browser(f"http://{ethernet}:8888")
    assert other.get("/").headers["Location"].endswith("/setup")
    assert other.get("/setup").status == 403
    assert other.post("/setup", username="eve", password=PASSWORD).status == 403

    mine = joined.browser(PANEL)
    assert mine.get("/setup").status == 200
    made = mine.post("/setup", username="budi", name="Budi", password=PASSWORD)
    assert (made.status, made.headers["Location"]) == (303, "/start")
    assert mine.get("/start").status == 200
    # From now on it is signed in to, from every side that reaches it.
    assert joined.browser(PANEL).get("/setup").headers["Location"].endswith("/login")
    assert neighbour.browser(f"http://{ethernet}:8888").get("/login").status == 200


def test_what_helped_to_join_is_gone_then(device):
    gone = "! [ -e /boot/firmware/otpbroker-access.txt ] && ! [ -e /run/issue.d/otpbroker.issue ]"
    device.until(gone)


def own(device, link, family):
    """The device's own address there; IPv6: the link-local one."""
    said = device.run(f"ip -{family} -o addr show {link} scope {'link' if family == 6 else 'global'}")
    return said.split()[3].partition("/")[0]


@pytest.fixture(scope="module")
def operator(device):
    """What is beyond a modem that dials: the firewall knows the side by the interface's name."""
    device.run("ip netns add wan && ip link add ppp9 type veth peer name wan0 netns wan")
    peer = Peer(device, "wan", "wan0")
    peer.run("ip link set lo up; ip addr add 10.64.64.64/24 dev wan0; ip link set wan0 up")
    device.run("ip addr add 10.64.64.65/24 dev ppp9 && ip link set ppp9 up")
    return peer


SIDES = {"joined": "wlan0", "neighbour": "eth0", "operator": "ppp9"}
OPEN = {"joined": {53, 80, 8888, 8889}, "neighbour": {8888, 8889}, "operator": set()}


@pytest.mark.parametrize("family", [4, 6])
@pytest.mark.parametrize("side", SIDES)
def test_each_side_reaches_what_the_settings_say(device, request, side, family, own_doors):
    """Nothing else gets any answer: `own_doors` are the ports that the test has opened beside the factory's."""
    peer = request.getfixturevalue(side)
    address = own(device, SIDES[side], family)
    if family == 6:
        address += f"%{peer.link}"
    assert peer.reached(address, SCANNED) == OPEN[side] | own_doors[side]


@pytest.fixture(scope="module")
def own_doors(device):
    """One more at each side; and one of the factory's closed."""
    rules = [
        "{name: a, port: 2222, side: ap}",
        "{name: b, port: 3333, side: ethernet}",
        "{name: c, port: 4444, side: mobile}",
    ]
    text = "version: 1\nfirewall:\n" + "".join(f"- {rule}\n" for rule in rules)
    told = json.loads(device.run("otpb --json settings import firewall /dev/stdin 2>/dev/null", stdin=text.encode()))
    if told["confirmation"]:
        device.run(f"otpb confirm {told['confirmation']['token']}")
    return {"joined": {2222}, "neighbour": {3333}, "operator": {4444}}
