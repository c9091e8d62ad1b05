"""What is so after power-on, without anybody having touched the device."""

import json

import pytest

pytestmark = [pytest.mark.device, pytest.mark.timeout(900)]

ROOT_SERVICES = (
    "otpb-apply",
    "otpb-usbreset",
    "otpb-recover",
    "otpb-rollback",
    "otpb-firstboot",
    "otpb-dial",
    "otpb-access",
    "otpb-ssh-keys",
)
# hostapd: raw frames beside CAP_NET_ADMIN. PrivateTmp, ProtectHome and ProtectSystem, which it has, systemd does not
# count: it starts before sysinit.target.
MOST_EXPOSED = {"otpb-hostapd": 1.7, **dict.fromkeys(ROOT_SERVICES, 4.0)}
MAY_END = {"otpb-clock.service": "inactive"}  # as soon as the clock is right
MEMORY_KIB = 110_000_000 // 1024


def test_nothing_failed(device):
    assert device.failed() == ""


def test_all_that_should_run_is_active(device):
    wanted = device.run("systemctl show -P Wants otpb.target").split()
    wanted += ["otpb-hostapd.service", "otpb-dnsmasq.service"]
    said = [device.run(f"systemctl show -p Id -p Type -p ActiveState -p Result {name}") for name in wanted]
    units = [dict(line.split("=", 1) for line in each.splitlines()) for each in said]
    lasting = {each["Id"]: each["ActiveState"] for each in units if each.get("Type") != "oneshot"}
    assert len(lasting) > 8
    assert {name: state for name, state in lasting.items() if state not in ("active", MAY_END.get(name))} == {}
    assert {each["Id"]: each["Result"] for each in units if each.get("Result", "success") != "success"} == {}


def test_the_memory_of_our_services(device, figure):
    """Proportional set size of all processes in our units, when those that only look at something have ended."""
    device.until("! systemctl is-active --quiet otpb-network otpb-clock otpb-access", 200)
    units = device.run("systemctl list-units 'otpb-*' --state=active --plain --no-legend | cut -d' ' -f1").split()
    groups = device.run(f"systemctl show -P ControlGroup {' '.join(units)}").split()
    processes = device.run(f"cat {' '.join(f'/sys/fs/cgroup{each}/cgroup.procs' for each in groups)}", check=False)
    numbers = [each for each in processes.split() if each.isdecimal()]
    sizes = device.run(f"grep -h ^Pss: {' '.join(f'/proc/{each}/smaps_rollup' for each in numbers)}")
    kib = sum(int(line.split()[1]) for line in sizes.splitlines())
    figure(f"memory of our services (PSS): {kib / 1024:.1f} MiB")
    assert 20 * 1024 < kib <= MEMORY_KIB


def test_what_our_services_may_do(device):
    """systemd's own exposure figure, of the units as they run."""
    said = json.loads(device.run("systemd-analyze security --json=short", timeout_s=120))
    exposure = {each["unit"]: float(each["exposure"]) for each in said if each["unit"].startswith("otpb-")}
    assert len(exposure) > 6
    limit = {unit: MOST_EXPOSED.get(unit.partition(".")[0], 1.5) for unit in exposure}
    assert {unit: figure for unit, figure in exposure.items() if figure > limit[unit]} == {}


def test_a_stick_that_is_no_reset_stick_is_seen_and_left_alone(device, tmp_path):
    (tmp_path / "stick").write_bytes(bytes(4 << 20))
    device.plug_stick(tmp_path / "stick")
    device.until("[ -b /dev/sda ]")
    device.unplug("stick")
    device.until("! [ -e /dev/sda ]")
    assert device.failed() == ""
