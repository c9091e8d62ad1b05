"""DDNS and an authority's certificate, at servers that the device finds by the vendors' own names."""

import json
from pathlib import Path

import pytest

from emulated.control import LAN, LAN_ADDRESS

pytestmark = [pytest.mark.device, pytest.mark.slow, pytest.mark.timeout(900)]

FOLDER = "/var/tmp/internet"
TESTS = Path(__file__).parent.parent
PARTS = ("fakes/called_server.py", "fakes/ddns_vendors.py", "fakes/dns.py", "fakes/pebble.py", "device/internet.py")
FIRST, SECOND, THIRD = "8.8.4.4", "8.8.8.8", "9.9.9.9"
FROM_THEM = "openssl s_client -connect 127.0.0.1:10443 -servername otp.example.com </dev/null 2>/dev/null"


class Internet:
    """What the servers of `internet.py` were asked, and what they are to do."""

    def __init__(self, device):
        self._device = device
        self.sees(FIRST)
        device.run(f"mkdir -p {FOLDER}/fakes {FOLDER}/device /etc/netns/{LAN}")
        device.run(f"echo nameserver {LAN_ADDRESS} >/etc/netns/{LAN}/resolv.conf; touch {FOLDER}/asked")
        for name in PARTS:
            device.run(f"cat >{FOLDER}/{name}", stdin=(TESTS / name).read_bytes())
        there = f"ip netns exec {LAN} env PYTHONPATH={FOLDER} python3 -B {FOLDER}/device/internet.py {FOLDER}"
        device.run(f"systemd-run --quiet --unit=internet {there}")
        self.directory = device.until(f"cat {FOLDER}/directory 2>/dev/null", 120)

    def sees(self, address):
        self._device.run(f"mkdir -p {FOLDER} && echo {address} >{FOLDER}/address")

    def order(self, vendor, text):
        self._device.run(f"cat >{FOLDER}/order-{vendor}", stdin=text.encode())

    def asked(self, vendor):
        lines = self._device.run(f"cat {FOLDER}/asked").splitlines()
        return [each for each in map(json.loads, lines) if each["vendor"] == vendor]


@pytest.fixture(scope="module")
def internet(device):
    made = Internet(device)
    told = json.loads(device.run(f"otpb --json settings set ethernet dns_1={LAN_ADDRESS} 2>/dev/null"))
    device.run(f"otpb confirm {told['confirmation']['token']}")
    assert LAN_ADDRESS in device.run("resolvectl dns eth0")
    device.until("getent ahosts api.cloudflare.com")
    return made


@pytest.fixture(scope="module")
def records(device, internet):
    """One at each vendor, all current."""
    device.run("otpb admin add budi name=Budi", stdin=b"eleven gray herons\n")
    device.run("otpb settings set cloudflare token=-", stdin=b"v1.0-token")
    device.run("otpb settings set noip username=user@example.com password=- email=it@example.com", stdin=b"geheim/+:x")
    device.run("otpb settings set dynu username=user@example.com password=- email=it@example.com", stdin=b"geheim/+:x")
    device.run("otpb settings set afraid username=budi password=-", stdin=b"rahasia")
    device.run("otpb ddns add cloud zone=example.com record_name=otp ttl=120")
    device.run("otpb ddns add noip provider=noip record_name=otp.ddns.net")
    device.run("otpb ddns add dynu provider=dynu record_name=otp.freeddns.org")
    device.run("otpb ddns add afraid provider=afraid record_name=otp.mooo.com")
    return until(device, FIRST)


def told(device):
    return {each["name"]: each for each in json.loads(device.run("otpb --json ddns status"))["records"]}


def until(device, address):
    """All of them, as soon as each is current at that address."""
    device.until(f"[ $(otpb ddns status | grep -c 'current .*{address}') = 4 ]", 150)
    return told(device)


def kernel_says_something(device):
    """An address that nobody outside sees comes, or goes."""
    device.run("address='10.0.2.101/32 dev eth0'; ip address delete $address 2>/dev/null || ip address add $address")


def updates(internet, vendor):
    """Their addresses, in order."""
    names = ("myip", "content")
    asked = [each for each in internet.asked(vendor) if each["method"] != "GET" or "myip" in each["query"]]
    return [next((each["query"][name] for name in names if name in each["query"]), "body") for each in asked]


def test_each_vendor_was_told_once(internet, records):
    assert {each["state"] for each in records.values()} == {"current"}
    assert [updates(internet, vendor) for vendor in ("noip", "dynu", "afraid")] == [[FIRST]] * 3
    assert len(updates(internet, "cloudflare")) == 1


def test_one_change_of_address_is_one_update(device, internet, records):
    """Told by the kernel's word, before the interval is over; one that changes nothing, and a restart, tell nobody."""
    internet.sees(SECOND)
    kernel_says_something(device)
    until(device, SECOND)
    kernel_says_something(device)
    device.run("systemctl restart otpb-ddns")
    until(device, SECOND)
    assert [updates(internet, vendor) for vendor in ("noip", "dynu", "afraid")] == [[FIRST, SECOND]] * 3
    assert len(updates(internet, "cloudflare")) == 2
    assert device.failed() == ""


@pytest.mark.parametrize(("vendor", "word"), [("noip", "badauth"), ("dynu", "abuse")])
def test_a_refusal_stops_it_with_a_message(device, internet, records, vendor, word):
    internet.order(vendor, word)
    internet.sees(THIRD)
    kernel_says_something(device)
    device.until(f"otpb ddns status | grep -q '{vendor} .*stopped'", 120)
    asked = len(updates(internet, vendor))
    said = told(device)[vendor]
    assert said["key"] == f"ddns.{word}"
    assert said["answer"]
    assert "alarm.ddns_stopped" in device.run("otpb --json status")
    internet.sees(FIRST)
    kernel_says_something(device)
    device.until(f"otpb ddns status | grep -q 'afraid .*current .*{FIRST}'", 120)
    device.run("systemctl restart otpb-ddns")
    device.until(f"otpb ddns status | grep -q '{vendor} .*stopped'", 60)
    assert len(updates(internet, vendor)) == asked
    internet.sees(SECOND)


def test_a_certificate_of_an_authority_is_fetched_and_shown(device, internet, records):
    """Proved in the DNS through the Cloudflare account; nginx shows it without a reload, and the proof has gone."""
    device.run("otpb settings set api https_enabled=true")
    device.until("ss -Hltn 'sport = :10443' | grep -q .")
    worker = device.run("pgrep -P $(cat /run/otpb-edge/nginx.pid)")
    names = "names=otp.example.com contact=it@example.com terms_agreed=true"
    device.run(f"otpb settings set acme active=true {names} directory={internet.directory}")
    device.run("otpb certificate request", timeout_s=300)
    assert "otp.example.com" in device.run(f"{FROM_THEM} | openssl x509 -noout -ext subjectAltName")
    assert "Pebble" in device.run(f"{FROM_THEM} | openssl x509 -noout -issuer")
    assert device.run("pgrep -P $(cat /run/otpb-edge/nginx.pid)") == worker
    proofs = [each["method"] for each in internet.asked("cloudflare") if each["method"] in ("POST", "DELETE")][-2:]
    assert proofs == ["POST", "DELETE"]
    assert device.run("systemctl is-active otpb-certificate.timer") == "active"
    assert "not due" in device.run("otpb certificate renew 2>&1", check=False)
    assert device.failed() == ""


def test_what_the_vendors_are_given_is_in_no_log(device, records):
    journal = device.run("journalctl -b --no-pager -u 'otpb-*'", timeout_s=120)
    assert not [secret for secret in ("v1.0-token", "geheim", "rahasia", "PRIVATE KEY") if secret in journal]
