"""The clock and where it comes from, restarts, and the certificate of HTTPS, on the running device."""

import json
import time

import pytest

from emulated.modems import Modems

pytestmark = [pytest.mark.device, pytest.mark.timeout(900)]

TEN_YEARS_S = 315_576_000
ADMIN = b"eleven gray herons\n"


def now(device):
    return int(device.run("date +%s"))


@pytest.fixture
def clock(device):
    """Right again afterwards, whatever a test has done to it."""
    before, up_s = now(device), float(device.run("cut -d' ' -f1 /proc/uptime"))
    yield
    up_s = float(device.run("cut -d' ' -f1 /proc/uptime")) - up_s
    device.run(f"otpb clock set {int(before + up_s)}")


def test_the_time_server_of_the_settings_is_asked(device):
    device.run("otpb settings set general ntp_server=time.example ntp_interval=600")
    device.until("timedatectl show-timesync -P SystemNTPServers | grep -qx time.example")
    assert device.run("timedatectl show-timesync -P PollIntervalMaxUSec") == "10min"
    assert device.run("systemctl is-active systemd-timesyncd") == "active"
    assert "time.example" in device.run("systemd-analyze cat-config systemd/timesyncd.conf")


def test_the_time_zone_is_the_machines(device):
    device.run("otpb settings set general time_zone=Asia/Jayapura")
    assert device.run("timedatectl show -P Timezone") == "Asia/Jayapura"
    device.run("otpb settings set general time_zone=Asia/Jakarta")
    assert device.run("date +%z") == "+0700"


def test_the_clock_is_set_while_the_time_service_finds_no_server(device, clock):
    """Ten years ahead, and back from what that has saved."""
    right = now(device)
    for wanted in (right + TEN_YEARS_S, right + 60):
        device.run(f"otpb clock set {wanted}")
        device.until("systemctl is-active --quiet systemd-timesyncd")
        assert abs(now(device) - wanted) < 120
        assert device.run("otpb --json status | head -c 1") == "{"
        assert device.failed() == ""


def modems_of(device):
    return json.loads(device.run("otpb --json status"))


def test_a_clock_that_nobody_has_told_takes_the_networks_time(device, clock, tmp_path):
    """Without the emulated machine's RTC, of whose class nothing is left to be seen."""
    with Modems(device, 1, tmp_path) as modems:
        modems.plug(0)
        device.until("otpb --json status | grep -q ttyUSB", 180)
        (found,) = modems_of(device)["found"]
        device.run(f"otpb modem add clock imei={found['imei']} port={found['port']}")
        device.until("""otpb --json status | grep -q '"state": "ready"'""", 180)
        device.run("systemctl stop otpb-clock; mount -t tmpfs none /sys/class/rtc; systemctl restart otpb-apply")
        try:
            device.run("systemctl stop systemd-timesyncd; date -s @1700000100")  # it would know better
            device.run("rm -f /run/otpbroker/clock-set; systemctl start otpb-clock")
            device.until(f"[ $(date +%s) -gt {int(time.time()) - 86_400} ]", 180)
            assert abs(now(device) - time.time()) < 900  # the simulated modem has this machine's
            device.until("! systemctl is-active --quiet otpb-clock")
            assert "mobile network" in device.run("otpb audit --limit 5")
        finally:
            device.run("umount /sys/class/rtc; systemctl restart otpb-apply; systemctl start systemd-timesyncd")
        device.unplug_all()


def test_a_schedule_is_a_timer_and_a_clock_that_is_set_restarts_nothing(device, clock):
    device.run("otpb settings set general restart_device='Sun 03:30'")
    told = device.run("systemctl show -P TimersCalendar otpb-restart@device.timer")
    assert "OnCalendar=Sun *-*-* 03:30:00 Asia/Jakarta" in told
    assert device.run("systemctl is-active otpb-restart@device.timer") == "active"
    device.run("otpb settings set general restart_device=04:45")
    assert "OnCalendar=*-*-* 04:45:00" in device.run("systemctl show -P TimersCalendar otpb-restart@device.timer")
    day = device.run("date -d tomorrow +%Y-%m-%d")
    device.run(f"otpb clock set {day}T04:44:50")
    device.until("journalctl -b -u otpb-restart@device.service --no-pager | grep -q 'no restart'", 120)
    device.run("otpb settings set general restart_device=")
    assert device.run("systemctl is-active otpb-restart@device.timer", check=False) != "active"
    assert device.failed() == ""


def test_the_services_restart(device):
    before = device.run("systemctl show -P MainPID otpb-dispatch otpb-admin").split()
    device.run("otpb restart services")
    device.until(f"! systemctl show -P MainPID otpb-admin | grep -qx {before[-1]}", 180)
    device.until("systemctl is-active --quiet otpb-dispatch otpb-admin otpb-api otpb-edge", 180)
    device.until("otpb status >/dev/null", 120)
    assert not {*device.run("systemctl show -P MainPID otpb-dispatch otpb-admin").split()} & {*before}
    assert device.failed() == ""


LOOK = """
import hashlib, ssl
pem = ssl.get_server_certificate(("127.0.0.1", 10443))
print(hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest().upper())
"""


def fingerprint(device):
    """Of what HTTPS shows, as `otpb certificate` writes it."""
    digits = device.run("python3 -", stdin=LOOK.encode())
    return ":".join(digits[at : at + 2] for at in range(0, len(digits), 2))


@pytest.mark.slow
def test_another_certificate_is_shown_without_a_reload(device):
    device.run("otpb admin add budi name=Budi", stdin=ADMIN, check=False)
    device.run("otpb settings set api https_enabled=true")
    device.until("ss -Hltn 'sport = :10443' | grep -q .")
    own, worker = fingerprint(device), device.run("pgrep -P $(cat /run/otpb-edge/nginx.pid)")
    seen = {own}
    for name in ("one", "two", "three"):
        device.run(f"otpb certificate make {name} {name}.example.com --activate")
        told = json.loads(device.run("otpb --json certificate list"))
        assert fingerprint(device) == told["shown"]["fingerprint"]
        assert told["shown"]["name"] == name
        seen.add(told["shown"]["fingerprint"])
    assert len(seen) == 4
    assert device.run("pgrep -P $(cat /run/otpb-edge/nginx.pid)") == worker
    device.run("otpb certificate remove three")
    assert fingerprint(device) == own


@pytest.mark.slow
def test_the_device_restarts_and_is_there_again(device):
    """The emulated one is switched off by it: QEMU runs with -no-reboot."""
    device.run("otpb restart device")
    device.await_off()
    device.boot()
    assert json.loads(device.run("otpb --json certificate list"))["shown"] is not None
    assert "Restart" in device.run("otpb audit")
