"""Modems on the bus, and messages that come in by the network edge and leave by them."""

import json
import time

import pytest

from emulated.modems import Modems
from emulated.peers import Neighbour

pytestmark = [pytest.mark.device, pytest.mark.timeout(600)]

USER, PASSWORD = "shop", "a long password"
FOUND_S = 120
OTHER = 3


@pytest.fixture(scope="module")
def modems(device, tmp_path_factory):
    device.run("otpb admin add budi name=Budi", stdin=b"eleven gray herons\n")
    device.run(f"otpb api-user add {USER} name=Shop", stdin=f"{PASSWORD}\n".encode())
    with Modems(device, 4, tmp_path_factory.mktemp("modems")) as modems:
        for modem in range(3):
            modems.plug(modem)
        yield modems
        device.unplug_all()


@pytest.fixture(scope="module")
def sender(device):
    return Neighbour(device)


def waited(what, timeout_s, ready):
    """What `what()` returns as soon as `ready` says of it that it is so; dispatch tells nobody outside of it."""
    until = time.monotonic() + timeout_s
    while not ready(found := what()):
        assert time.monotonic() < until, found
        time.sleep(1)
    return found


def posted(sender, number, text, url=""):
    body = json.dumps({"command": "send-sms", "data": {"msisdn": number, "message": text}})
    url = url or f"http://{sender.device_address()}:8889"
    ask = f"curl -sS -k -m 90 -u '{USER}:{PASSWORD}' --data-binary @- {url}/api/sms"
    return json.loads(sender.run(ask, stdin=body.encode(), timeout_s=120))


def heard(modems):
    return [(each.number.lstrip("+"), each.text) for each in modems.control.received()]


def status(device):
    return json.loads(device.run("otpb --json status"))


def test_what_is_plugged_in_is_offered(device, modems):
    imeis = {modems.control.knobs(modem).imei for modem in range(3)}
    waited(lambda: status(device)["found"], FOUND_S, lambda found: {each["imei"] for each in found} == imeis)


def test_what_is_taken_becomes_ready(device, modems):
    for number, each in enumerate(status(device)["found"]):
        device.run(f"otpb modem add m{number} imei={each['imei']} port={each['port']} default_modem=true")
    ready = waited(lambda: status(device)["modems"], FOUND_S, lambda all_: all(m["state"] == "ready" for m in all_))
    assert len(ready) == 3


def test_a_message_over_http(sender, modems):
    reply = posted(sender, "081234567890", "Kode OTP: 482913")
    assert reply["response_code"] == "0000", reply
    assert ("6281234567890", "Kode OTP: 482913") in [
        (each.number.lstrip("+"), each.text) for each in modems.control.received()
    ]


def test_a_message_over_https(device, sender, modems):
    device.run("otpb settings set api https_enabled=true")
    reply = posted(sender, "081234567891", "Kode OTP: 482914", f"https://{sender.device_address()}:10443")
    assert reply["response_code"] == "0000", reply
    assert "Kode OTP: 482914" in [each.text for each in modems.control.received()]


def test_unplugged_in_the_middle_of_a_message(device, sender, modems):
    """The message leaves by another modem; the one that went comes back as another tty and is known by its IMEI."""
    imei = modems.control.knobs(0).imei

    def mine():
        return next(modem for modem in status(device)["modems"] if modem["imei"] == imei)

    modems.control.set(0, unplug_at_text=1)
    for turn in range(3):  # they take turns
        text = f"Kode OTP: 48291{turn} di tengah"
        reply = posted(sender, f"08123456780{turn}", text)
        assert reply["response_code"] == "0000", reply
        assert text in [each.text for each in modems.control.received()]
    was = mine()["port"]
    waited(mine, FOUND_S, lambda modem: modem["state"] != "ready")

    modems.plug(OTHER)  # takes the tty that has become free
    waited(lambda: device.run("ls /dev/ttyUSB*", check=False).split(), FOUND_S, lambda ttys: len(ttys) == 3)
    modems.control.replug(0)
    back = waited(mine, FOUND_S, lambda modem: modem["state"] == "ready")
    assert back["port"] != was
    text = "Kode OTP: 482919 kembali"
    for turn in range(3):
        posted(sender, f"08123456779{turn}", text)
    assert text in [each.text for each in modems.control.received(0)]
