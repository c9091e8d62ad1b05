"""The access point as the radio's companion: it comes back by itself, and goes where there is no radio."""

import pytest

from emulated.peers import Station

pytestmark = [pytest.mark.device, pytest.mark.timeout(600)]

ACTIVE = "systemctl is-active --quiet otpb-hostapd"


@pytest.fixture(scope="module")
def phone(device):
    """One that knows name and passphrase."""
    known = dict(
        line.split(": ", 1)
        for line in device.run("cat /var/lib/otpbroker/factory/wlan.yaml").splitlines()
        if ": " in line
    )
    station = Station(device, "radio", "wlan1")
    assert station.join(known["ssid"], known["passphrase"])
    return station


def test_an_access_point_that_dies_comes_back(device, phone):
    before = device.run("cat /run/otpb-hostapd/pid")
    device.run(f"kill -9 {before}")
    device.until(f'{ACTIVE} && [ "$(cat /run/otpb-hostapd/pid)" != {before} ]')
    assert phone.lease()["ip"].startswith("192.168.0.")
    assert "192.168.0.0/24 dev wlan0" in device.run("ip route show table 8887")


def test_it_goes_with_the_radio_and_comes_with_it(device, phone):
    radio = device.run("cat /sys/class/net/wlan0/phy80211/name")
    device.run("iw dev wlan0 del")
    device.until(f"! {ACTIVE} && ! systemctl is-active --quiet otpb-dnsmasq")
    assert device.failed() == ""
    device.run(f"iw phy {radio} interface add wlan0 type managed")
    device.until(f"{ACTIVE} && systemctl is-active --quiet otpb-dnsmasq")
    assert phone.lease()["ip"].startswith("192.168.0.")
