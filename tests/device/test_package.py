"""The package on a running Debian: updated, taken away whole, and put where nobody gave it the network."""

import pytest

from emulated.image import PROJECT
from emulated.peers import Neighbour

pytestmark = [pytest.mark.device, pytest.mark.slow, pytest.mark.timeout(900)]

PACKAGE = "/var/tmp/otp-broker.deb"
IMAGES_OWN = (
    "/boot/firmware/otp-broker-image.txt",
    "/etc/initramfs-tools/conf.d/otp-broker",
    "/etc/otp-broker-image",
    "/usr/lib/otp-broker-image",
)
SERVICES = ("otpb-admin", "otpb-api", "otpb-dispatch")
NETWORKS = ("otpb-hostapd", "otpb-dnsmasq", "otpb-firewall")
# Accounts stay, since a file of theirs might.
OURS = "find /boot /etc /usr /var /run \\( -iname '*otpb*' -o -iname '*otp-broker*' -o -iname '*otpbroker*' \\)"


def active(device, units):
    return [device.run(f"systemctl is-active {unit}", check=False) == "active" for unit in units]


@pytest.fixture(scope="module")
def package(device):
    newest = max((PROJECT / "dist").glob("otp-broker_*_all.deb"), key=lambda path: path.stat().st_mtime)
    device.run(f"cat >{PACKAGE}", stdin=newest.read_bytes())
    return f"env DEBIAN_FRONTEND=noninteractive dpkg --force-confold -i {PACKAGE}"


def test_an_update_keeps_what_was_set(device, package):
    device.run("otpb admin add budi name=Budi", stdin=b"eleven gray herons\n")
    device.run("otpb settings set general device_name=Satu")
    before = device.run("cat /run/otpb-hostapd/pid")
    device.run(package, timeout_s=300)
    device.until("systemctl is-active --quiet otpb.target otpb-admin otpb-api")
    assert active(device, (*SERVICES, *NETWORKS)) == [True] * 6
    assert device.run("cat /run/otpb-hostapd/pid") == before
    assert "Satu" in device.run("otpb settings get general")
    assert "budi" in device.run("otpb admin list")
    assert device.failed() == ""


def test_purged_it_leaves_nothing(device, package):
    device.run("dpkg --purge otp-broker", timeout_s=300)
    assert device.run("systemctl list-units 'otpb*' --plain --no-legend") == ""
    processes = "pgrep -fa '[o]tpbroker.services'; pgrep -x hostapd; ps -eo user:32= | grep ^otpb"
    assert device.run(processes, check=False) == ""
    assert device.run("nft list ruleset") == ""
    assert device.run("ip rule list priority 8887") == ""
    assert "192.168.0.11" not in device.run("ip address")
    assert set(device.run(OURS).splitlines()) == {PACKAGE, *IMAGES_OWN}
    assert device.run("find /etc -lname '*otpbroker*'") == ""
    assert device.run("find /etc/systemd/system -maxdepth 1 -lname /dev/null") == ""
    assert device.failed() == ""


def test_put_on_a_debian_with_a_network_it_leaves_that_alone(device, package):
    device.run(package, timeout_s=300)
    device.until("systemctl is-active --quiet otpb.target otpb-admin otpb-api")
    assert active(device, SERVICES) == [True] * 3
    assert active(device, NETWORKS) == [False] * 3
    assert device.run("nft list ruleset") == ""
    assert device.run("find /etc -lname '*otpbroker*'") == ""
    assert "budi" not in device.run("otpb admin list")
    device.run("curl -sS -m 60 -o /dev/null http://127.0.0.1:8888/")
    neighbour = Neighbour(device)
    assert neighbour.reached(neighbour.device_address(), "22,8888,8889") == {22, 8888, 8889}
    assert device.failed() == ""
