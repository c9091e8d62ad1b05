"""The internet by modem: `*99#` over a USB modem to the operator's pppd, beside another modem that sends SMS."""

import json
import re
import time

import pytest

from emulated.modems import Modems
from emulated.peers import Peer

pytestmark = [pytest.mark.device, pytest.mark.timeout(900)]

FOUND_S = 120
UP_S = 240
LOST_S = 240  # three echoes unanswered, then a call
OPERATOR, OURS, NAMES, WEB = "10.64.0.1", "10.64.0.2", "10.64.0.53", "203.0.113.80"


class Carrier(Peer):
    """The operator: a pppd in a namespace, at the far end of the modem's data calls, with a web server behind it."""

    def __init__(self, device):
        device.run("ip netns add wan")
        super().__init__(device, "wan", "ppp0")
        self.run(f"ip link set lo up; ip addr add {NAMES}/32 dev lo; ip addr add {WEB}/32 dev lo")
        device.run("mkdir -p /run/wan && echo hello >/run/wan/index.html")
        self._start("python3 -m http.server 8080 --directory /run/wan")

    def answer(self, adapter):
        """Calls come in at that adapter: it takes each, and gives the caller an address and a name server."""
        looked = f"until ls /dev/serial/by-id/*{adapter}* 2>/dev/null; do sleep 1; done"
        tty = self.device.run(f"timeout 60 sh -c '{looked}'", timeout_s=90)
        options = "local noauth nodetach silent persist maxfail 0 nodefaultroute noccp novj noipv6"
        self._start(f"pppd {tty} 115200 {options} {OPERATOR}:{OURS} ms-dns {NAMES}")

    def _start(self, command):
        self.device.run(f"systemd-run --quiet -p Restart=always ip netns exec wan {command}")


@pytest.fixture(scope="module")
def modems(device, tmp_path_factory):
    device.run("otpb admin add budi name=Budi", stdin=b"eleven gray herons\n")
    with Modems(device, 2, tmp_path_factory.mktemp("modems")) as modems:
        modems.control.set(0, apn="internet")
        for modem in range(2):
            modems.plug(modem)
        modems.plug_network(0)
        found = waited(lambda: status(device)["found"], FOUND_S, lambda found: len(found) == 2)
        ports = {each["imei"]: each["port"] for each in found}
        for modem in range(2):
            imei = modems.control.knobs(modem).imei
            device.run(f"otpb modem add m{modem} imei={imei} port={ports[imei]} apn=internet")
        waited(lambda: states(device), FOUND_S, lambda found: found == ["ready", "ready"])
        yield modems
        device.unplug_all()


@pytest.fixture(scope="module")
def carrier(device, modems):
    made = Carrier(device)
    made.answer("network0")
    return made


def waited(what, timeout_s, ready):
    """What `what()` returns as soon as `ready` says of it that it is so; nobody outside is told."""
    until = time.monotonic() + timeout_s
    while not ready(found := what()):
        assert time.monotonic() < until, found
        time.sleep(1)
    return found


def status(device):
    return json.loads(device.run("otpb --json status"))


def states(device):
    return [modem["state"] for modem in status(device)["modems"]]


def internet(device):
    (told,) = json.loads(device.run("otpb --json internet"))["internet"] or [{"state": "none"}]
    return told


def sent_by(device, modems, number):
    """Which modem an SMS to `number` left by."""
    device.run(f"otpb send {number}", stdin=b"Kode OTP 482913", timeout_s=90)
    return {
        modem for modem in range(2) if number in {each.number.lstrip("+") for each in modems.control.received(modem)}
    }


@pytest.fixture(scope="module")
def up(device, modems, carrier):
    device.run("otpb internet on m0", timeout_s=90)
    return waited(lambda: internet(device), UP_S, lambda told: told["state"] == "up")


def test_the_interface_is_up(device, up, figure):
    figure(f"internet by modem: called by {up['program']}")
    assert (up["address"], up["name_servers"]) == (OURS, [NAMES])
    assert f"{OURS} peer {OPERATOR}" in device.run(f"ip -4 addr show dev {up['interface']}")
    assert device.failed() == ""


def test_its_modem_is_for_nothing_else(device, modems, up):
    assert (up["sms"], states(device)) == (False, ["internet", "ready"])
    assert sent_by(device, modems, "6281234567801") == {1}


def test_names_are_asked_of_the_operator(device, up):
    assert NAMES in device.run(f"resolvectl dns {up['interface']}")


def test_http_passes_through_it(device, up):
    assert device.run(f"curl -sS -m 60 --interface {up['interface']} http://{WEB}:8080/") == "hello"
    told = internet(device)
    assert told["received"] > 0
    assert told["sent"] > 0


def test_ethernet_is_preferred_and_missed_by_nobody(device, up):
    """The control of tests goes by another card."""
    assert " dev eth0 " in device.run(f"ip route get {WEB}")
    device.run("ip link set eth0 down")
    try:
        assert f" dev {up['interface']} " in device.run(f"ip route get {WEB}")
        assert device.run(f"curl -sS -m 60 http://{WEB}:8080/") == "hello"
    finally:
        device.run("ip link set eth0 up")
    device.run("timeout 120 sh -c 'until ip route get 1.1.1.1 | grep -q eth0; do sleep 1; done'", timeout_s=150)


def test_nothing_of_the_device_is_reached_from_there(carrier, up):
    assert carrier.reached(OURS, "22,53,80,5355,8887,8888,8889,10443") == set()


@pytest.mark.slow
def test_a_carrier_that_is_lost_comes_back_and_sms_go_on(device, modems, up, figure):
    began = time.monotonic()
    modems.control.drop(0)
    assert sent_by(device, modems, "6281234567802") == {1}
    failed = waited(lambda: internet(device), LOST_S, lambda told: told["failed_at"])
    assert failed["key"] in ("dial.carrier_lost", "dial.no_echo"), failed
    assert sent_by(device, modems, "6281234567803") == {1}
    back = waited(lambda: internet(device), UP_S, lambda told: told["state"] == "up")
    figure(f"internet by modem: back {time.monotonic() - began:.0f} s after the carrier was lost")
    assert device.run(f"curl -sS -m 60 --interface {back['interface']} http://{WEB}:8080/") == "hello"
    assert sent_by(device, modems, "6281234567804") == {1}


@pytest.mark.slow
def test_a_busy_operator_is_called_again(device, modems, up):
    modems.control.set(0, dial_fault={"result": "BUSY", "times": 1})
    modems.control.drop(0)
    waited(lambda: internet(device), LOST_S, lambda told: told["key"] == "dial.busy")
    waited(lambda: internet(device), UP_S, lambda told: told["state"] == "up")


def test_a_restart_of_dispatch_leaves_the_connection_alone(device, up):
    before = waited(lambda: internet(device), UP_S, lambda told: told["state"] == "up")
    pid = device.run("pgrep -f '[p]ppd /dev/ttyUSB.* ipparam'")
    device.run("systemctl kill -s KILL otpb-dispatch && systemctl restart otpb-dispatch", timeout_s=120)
    waited(lambda: states(device), FOUND_S, lambda found: found == ["internet", "ready"])
    assert internet(device)["since"] == before["since"]
    assert device.run("pgrep -f '[p]ppd /dev/ttyUSB.* ipparam'") == pid


def test_turned_off_it_sends_sms_again(device, modems, up):
    device.run("otpb internet off m0", timeout_s=90)
    waited(lambda: states(device), FOUND_S, lambda found: found == ["ready", "ready"])
    assert device.run("ip -o link show type ppp") == ""
    assert re.fullmatch(r"inactive\n?", device.run("systemctl is-active otpb-dial", check=False))
    assert {*sent_by(device, modems, "6281234567805"), *sent_by(device, modems, "6281234567806")} == {0, 1}


def test_no_password_is_told(device, modems):
    device.run("otpb modem set m0 apn_password=-", stdin=b"canary-of-the-apn\n")
    device.run("otpb internet on m0", timeout_s=90)
    waited(lambda: internet(device), UP_S, lambda told: told["state"] == "up")
    assert "canary-of-the-apn" not in device.run("journalctl --no-pager -b -o cat", timeout_s=120)
    assert device.run("ps -eo args | grep -c '[c]anary-of-the-apn'", check=False) == "0"
    assert device.run("find /run/otpbroker -name '*.ppp' -not -perm 600") == ""
