"""From power-on to the page; and what is left on the card after power-off."""

import json
import re

import pytest

from emulated.control import LAN
from emulated.device import Device
from emulated.image import image
from emulated.modems import Modems
from emulated.peers import Peer
from fakes import canary

pytestmark = [pytest.mark.device, pytest.mark.timeout(1200)]

TIMES_BARE = 1.35
PIECE = 64 << 20


def in_the_air_s(device):
    """When the access point came up and when the panel could be asked, in seconds since the kernel began."""
    said = device.run("journalctl -b -o short-monotonic -u otpb-hostapd --no-pager")
    beacon = re.search(r"^\[ *([\d.]+)\].*AP-ENABLED", said, re.MULTILINE)
    assert beacon, said
    units = device.run("systemctl show -P ActiveEnterTimestampMonotonic otpb-edge otpb-admin").split()
    return float(beacon[1]), max(int(each) for each in units) / 1e6


def test_power_on_takes_hardly_longer_than_debian_alone(tmp_path, figure):
    times = {}
    for name in ("bare", "device"):
        with Device(image(name), tmp_path / name, f"power-{name}") as device:
            device.boot()
            ready = float(device.run("systemctl show -P ActiveEnterTimestampMonotonic multi-user.target")) / 1e6
            times[name] = in_the_air_s(device) if name == "device" else (ready, ready)
            said = " and ".join(f"{each:.1f} s" for each in times[name])
            figure(f"power-on, {name}: {said} ({device.cpu_s():.0f} s of processor)")
    slower = max(times["device"]) / max(times["bare"])
    figure(f"access point and page after power-on: {slower:.2f} x Debian alone")
    assert slower <= TIMES_BARE


def test_no_text_is_on_the_card_after_power_off(device, tmp_path):
    """Sent, unplugged in the middle, silence, refused by the network, malformed: none leaves its text."""
    tokens = {
        name: canary.token() for name in ("sent", "unplugged", "silent", "refused", "malformed", "stranger", "planted")
    }
    device.run("otpb admin add budi name=Budi", stdin=b"eleven gray herons\n")
    device.run("otpb api-user add shop name=Shop", stdin=b"a long password\n")
    device.run("otpb settings set sms resend_unknown=false")
    device.run("otpb settings set limits per_number_hour=0 per_number_day=0")
    sender = Peer(device, LAN, "eth2")
    sender.run("ip link set lo up; ip link set eth2 up")
    sender.lease()
    url = f"http://{device.run('ip -4 -o addr show eth0').split()[3].partition('/')[0]}:8889/api/sms"

    def post(body, user="shop:a long password"):
        sender.run(f"curl -sS -m 90 -u '{user}' --data-binary @- {url}", stdin=body.encode(), timeout_s=120)

    def message(name):
        return json.dumps(
            {"command": "send-sms", "data": {"msisdn": "081234567890", "message": f"kode {tokens[name]}"}}
        )

    with Modems(device, 1, tmp_path / "modems") as modems:
        modems.plug(0)
        imei = modems.control.knobs(0).imei
        port = device.run("timeout 60 sh -c 'until ls /dev/ttyUSB*; do sleep 1; done'").strip().splitlines()[-1]
        device.run(f"otpb modem add m0 imei={imei} port={port} default_modem=true")
        device.run("timeout 90 sh -c 'until otpb modem list | grep -q ready; do sleep 1; done'", timeout_s=120)
        post(message("sent"))
        assert tokens["sent"] in modems.control.received()[0].text
        post(message("stranger"), user="eve:a wrong password")
        post(message("malformed")[:-1])
        modems.control.set(0, cms_error={"code": 38, "times": 1})
        post(message("refused"))
        modems.control.set(0, silent_after_text=1)
        post(message("silent"))
        device.run("timeout 90 sh -c 'until otpb modem list | grep -q ready; do sleep 1; done'", timeout_s=120)
        modems.control.set(0, unplug_at_text=1)
        post(message("unplugged"))
        device.unplug_all()
    # Written and deleted: what is no longer a file is still on the card.
    device.run(f"echo kode {tokens['planted']} >/var/tmp/planted && sync && rm /var/tmp/planted && sync")
    device.power_off()

    hits = found(device.card(tmp_path / "card"), tokens)
    (tmp_path / "card").unlink()
    assert {name for name, *_ in hits} == {"planted"}, hits
    device.boot()


def found(raw, tokens):
    """As canary.Search has it, over the whole disk."""
    search, hits, before = canary.Search(tokens), [], b""
    with raw.open("rb") as disk:
        while piece := disk.read(PIECE):
            if piece.strip(b"\0"):
                hits += search.octets(before + piece, f"before {disk.tell()}")
            before = piece[-200:]
    return hits
