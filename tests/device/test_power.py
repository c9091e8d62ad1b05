"""From power-on to the page; and what is left on the card after power-off."""

import json
import re
from pathlib import Path

import pytest

from emulated.device import Device
from emulated.image import image
from emulated.modems import Modems
from emulated.peers import Neighbour
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


def ready_s(device):
    """When Debian had started what there is."""
    return (float(device.run("systemctl show -P ActiveEnterTimestampMonotonic multi-user.target")) / 1e6,)


@pytest.mark.slow
def test_power_on_takes_hardly_longer_than_debian_alone(tmp_path, figure):
    """At any power-on but the first, when the device also makes itself one of its own; that is told too. The better of
    two: what else the machine does meanwhile is not the device's.
    """
    took_s = {"bare": [], "device": []}
    for name, told in (("bare", ready_s), ("device", in_the_air_s)):
        with Device(image(name), tmp_path / name, f"power-{name}") as device:
            for turn in ("first", "second", "third"):
                device.boot()
                times = told(device)
                took_s[name].append(max(times))
                said = " and ".join(f"{each:.1f} s" for each in times)
                figure(f"power-on, {name}, {turn}: {said} ({device.cpu_s():.0f} s of processor)")
                device.power_off()
    slower = min(took_s["device"][1:]) / min(took_s["bare"][1:])
    figure(f"access point and page after power-on: {slower:.2f} x Debian alone")
    assert slower <= TIMES_BARE


def test_a_cut_after_any_write_leaves_all_of_a_change_or_none(device, figure):
    """Until its word is given, a change is taken back; from then on it stays. Files written in place fail the same."""
    device.run("cat >/run/power_cut.py", stdin=(Path(__file__).parent / "power_cut.py").read_bytes())
    device.run("modprobe -a loop dm-log-writes")
    found = json.loads(device.run("cd /run && python3 -I power_cut.py 2>power_cut.log", timeout_s=900))
    ours, naive = found["ours"], found["naive"]
    figure(f"power cut after each write, by the last step before it: {ours}; written in place: {naive}")
    assert set(ours["begin"]) == {"old"}
    assert set(ours["waits"]) <= {"old", "new"}
    assert set(ours["confirmed"]) == {"new"}
    assert sum(sum(outcomes.values()) for outcomes in ours.values()) > 40
    assert set(naive["begin"]) - {"old", "new"}


def test_no_text_is_on_the_card_after_power_off(device, tmp_path):
    """Sent, unplugged in the middle, silence, refused by the network, malformed: none leaves its text."""
    tokens = {
        name: canary.token() for name in ("sent", "unplugged", "silent", "refused", "malformed", "stranger", "planted")
    }
    device.run("otpb admin add budi name=Budi", stdin=b"eleven gray herons\n")
    device.run("otpb api-user add shop name=Shop", stdin=b"a long password\n")
    device.run("otpb settings set sms resend_unknown=false")
    device.run("otpb settings set limits per_number_hour=0 per_number_day=0")
    sender = Neighbour(device)
    url = f"http://{sender.device_address()}:8889/api/sms"

    def post(body, user="shop:a long password"):
        sender.run(f"curl -sS -m 90 -u '{user}' --data-binary @- {url}", stdin=body.encode(), timeout_s=120)

    def message(name):
        return json.dumps(
            {"command": "send-sms", "data": {"msisdn": "081234567890", "message": f"kode {tokens[name]}"}}
        )

    with Modems(device, 1, tmp_path / "modems") as modems:
        modems.plug(0)
        imei = modems.control.knobs(0).imei
        port = device.until("ls /dev/ttyUSB*").split()[-1]
        device.run(f"otpb modem add m0 imei={imei} port={port} default_modem=true")
        device.until("otpb modem list | grep -q ready")
        post(message("sent"))
        assert tokens["sent"] in modems.control.received()[0].text
        post(message("stranger"), user="eve:a wrong password")
        post(message("malformed")[:-1])
        modems.control.set(0, cms_error={"code": 38, "times": 1})
        post(message("refused"))
        modems.control.set(0, silent_after_text=1)
        post(message("silent"))
        device.until("otpb modem list | grep -q ready")
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
