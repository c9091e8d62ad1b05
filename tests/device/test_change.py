"""A change that cuts somebody off is taken back by itself, also where the power fails meanwhile."""

import json

import pytest

from emulated.device import NEW

pytestmark = [pytest.mark.device, pytest.mark.timeout(900)]

WRONG = "10.66.0.5"
STATIC = f"ethernet mode=static address={WRONG} prefix=24"


def changed(device):
    """Its token; the change is in force when this returns."""
    told = json.loads(device.run(f"otpb --json settings set {STATIC} 2>/dev/null"))
    assert told["changed"], told
    device.until(f"ip -4 addr show eth0 | grep -q {WRONG}")
    return told["confirmation"]["token"]


def mode(device):
    return json.loads(device.run("otpb --json settings get ethernet"))["mode"]


def uptime_s(device):
    return float(device.run("cat /proc/uptime").split()[0])


def has_wrong_address(device):
    return WRONG in device.run("ip -4 addr show eth0")


def test_what_nobody_confirms_is_taken_back(device):
    changed(device)
    began = uptime_s(device)
    device.until(f"! ip -4 addr show eth0 | grep -q {WRONG}", 150)
    assert 40 <= uptime_s(device) - began <= 90
    assert mode(device) == "dhcp"
    assert device.failed() == ""


@pytest.mark.slow
def test_what_is_confirmed_stays(device):
    token = changed(device)
    device.run(f"otpb confirm {token}")
    device.run("sleep 66", timeout_s=150)
    assert has_wrong_address(device)
    assert mode(device) == "static"


@pytest.mark.slow
def test_what_waits_when_the_power_fails_is_taken_back(device):
    device.restore(NEW)
    changed(device)
    device.cut_power()
    device.boot()
    assert mode(device) == "dhcp"
    assert not has_wrong_address(device)
