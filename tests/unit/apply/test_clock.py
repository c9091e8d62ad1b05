import os

import pytest

from otpbroker.apply.clock import DeviceClock
from otpbroker.apply.transaction import Settings
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.system.command import Outcome
from otpbroker.system.files import Paths
from otpbroker.verbs.apply import SetClock

NOW, LATER = 1_800_000_000.0, 2_100_000_000.0


class Manager:
    def reload(self, services):
        return []


class Machine:
    """timedated's rule: nobody sets the clock while a time service runs, whether it has found the time or not."""

    def __init__(self, root):
        self.running = True
        self.clock = None
        self.refuses = False
        self.saved = root / "var/lib/systemd/timesync/clock"
        self.device_clock = DeviceClock(Paths(root), self.set, self.run)

    def set(self, unix_s):
        if self.running or self.refuses:
            raise BrokerError(ResponseCode.FAILED, "system.refused", what="SetTime", reason="no")
        self.clock = unix_s

    def run(self, argv):
        assert argv[0] == "systemctl"
        assert argv[2] == "systemd-timesyncd.service"
        if argv[1] == "is-active":
            return Outcome(0 if self.running else 3, "", "")
        self.running = argv[1] == "start"
        if self.running and self.saved.exists() and self.clock is not None:
            self.clock = max(self.clock, self.saved.stat().st_mtime)
        return Outcome(0, "", "")


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def test_the_clock_is_set_by_whoever_may(tmp_path):
    heard = []
    Settings(Paths(tmp_path), Manager(), heard.append).call(SetClock(unix_s=NOW))
    assert heard == [NOW]


def test_a_computer_that_is_not_ours_keeps_its_clock(tmp_path):
    with pytest.raises(BrokerError) as refused:
        Settings(Paths(tmp_path), Manager()).call(SetClock(unix_s=NOW))
    assert refused.value.key == "clock.own"


def test_the_time_service_stands_aside_for_the_moment(machine):
    machine.device_clock.set(NOW)
    assert (machine.clock, machine.running) == (NOW, True)


def test_a_clock_that_was_too_late_does_not_come_back(machine):
    machine.saved.parent.mkdir(parents=True)
    machine.saved.touch()
    os.utime(machine.saved, (LATER, LATER))
    machine.device_clock.set(NOW)
    assert machine.clock == NOW
    os.utime(machine.saved, (NOW - 5, NOW - 5))
    machine.device_clock.set(LATER)
    assert machine.clock == LATER
    assert machine.saved.stat().st_mtime == NOW - 5


def test_one_that_does_not_run_is_not_started(machine):
    machine.running = False
    machine.device_clock.set(NOW)
    assert (machine.clock, machine.running) == (NOW, False)


def test_a_refusal_leaves_the_time_service_running(machine):
    machine.refuses = True
    with pytest.raises(BrokerError):
        machine.device_clock.set(NOW)
    assert machine.running


def test_what_a_time_server_has_set_is_right(machine, tmp_path):
    flag = tmp_path / "run/systemd/timesync/synchronized"
    flag.parent.mkdir(parents=True)
    flag.touch()
    with pytest.raises(BrokerError) as refused:
        machine.device_clock.set(NOW)
    assert refused.value.key == "clock.synchronised"
    assert (machine.clock, machine.running) == (None, True)
