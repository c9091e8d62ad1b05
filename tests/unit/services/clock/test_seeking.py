import os
import time

import pytest

from fakes.dispatch import modem
from otpbroker.apply.transaction import Settings
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.services.clock.seeking import PATIENCE_S, Seeking
from otpbroker.system import timekeeping
from otpbroker.system.files import Paths
from otpbroker.verbs.apply import SetClock
from otpbroker.verbs.audit import NETWORK
from otpbroker.verbs.dispatch import ModemFactsList, ModemList, NetworkTime, NetworkTimeTold
from otpbroker.verbs.feeders import AwaitSendable, Sendable

NOW = time.time()
NEVER_SET = 3471724812.0  # 6 January 1980, which two digits make 2080


class Manager:
    def reload(self, services):
        return []


class Machine:
    """A device whose clock nobody has set, and its otpb-apply."""

    def __init__(self, folder):
        self.paths = Paths(folder)
        self.clock = []
        self.settings = Settings(self.paths, Manager(), self.clock.append)

    def needs(self):
        return timekeeping.is_unknown(self.paths)


class Modems:
    """dispatch: `times` by modem, that are ready after as many questions as `after` says; then time itself runs out."""

    def __init__(self, times, after=0, *, lost=0):
        self.times = times
        self.after = after
        self.lost = lost
        self.now_s = 0.0

    def call(self, verb, timeout_s=None):
        if self.lost:
            self.lost -= 1
            raise BrokerError(ResponseCode.FAILED, "dispatch.unavailable", retry_after_s=3)
        if isinstance(verb, AwaitSendable):
            self.after -= 1
            self.now_s += 60 if verb.known is not None else 0
            return Sendable(modems=len(self.times) if self.after < 0 else 0)
        if isinstance(verb, ModemList):
            state = "ready" if self.after < 0 else "searching"
            return ModemFactsList(modems=[modem(name, state=state) for name in self.times])
        assert isinstance(verb, NetworkTime)
        if isinstance(self.times[verb.modem], Exception):
            raise self.times[verb.modem]
        return NetworkTimeTold(unix_s=self.times[verb.modem])


@pytest.fixture
def machine(tmp_path, monkeypatch):
    monkeypatch.setattr(timekeeping, "is_synchronised", lambda flag: flag.exists())
    return Machine(tmp_path)


def sought(machine, modems):
    return Seeking(modems, machine.settings, machine.needs, lambda: modems.now_s).run()


def test_the_clock_is_set_once(machine):
    assert sought(machine, Modems({"m0": NOW}))
    assert machine.clock == [NOW]
    assert not sought(machine, Modems({"m0": NOW}))  # the next life of the service
    assert machine.clock == [NOW]


def test_it_waits_for_a_modem_and_for_dispatch(machine):
    assert sought(machine, Modems({"m0": NOW}, after=3))
    assert machine.clock == [NOW]


@pytest.mark.parametrize("wrong", [NEVER_SET, 1_072_915_200.0, 0.0, None])
def test_a_modem_that_nobody_told_sets_nothing_and_the_next_one_does(machine, wrong):
    assert sought(machine, Modems({"m0": wrong, "m1": NOW}))
    assert machine.clock == [NOW]
    other = Machine(machine.paths.root / "other")
    assert not sought(other, Modems({"m0": wrong}))
    assert other.clock == []


def test_a_modem_that_is_gone_meanwhile_is_passed_over(machine):
    gone = BrokerError(ResponseCode.FAILED, "modem.not_ready")
    assert sought(machine, Modems({"m0": gone, "m1": NOW}))


def test_patience_ends(machine):
    modems = Modems({"m0": None})
    assert not sought(machine, modems)
    assert PATIENCE_S <= modems.now_s < PATIENCE_S + 120


@pytest.mark.parametrize("who", ["server", "rtc", "person"])
def test_who_knows_better_goes_first(machine, who):
    root = machine.paths.root
    if who == "server":
        (root / "run/systemd/timesync").mkdir(parents=True)
        (root / "run/systemd/timesync/synchronized").touch()
    elif who == "rtc":
        (root / "sys/class/rtc/rtc0").mkdir(parents=True)
        (root / "sys/class/rtc/rtc0/since_epoch").write_text(f"{NOW:.0f}\n")
    else:
        machine.settings.call(SetClock(unix_s=NOW - 100, by="budi"))
    before = list(machine.clock)
    assert not sought(machine, Modems({"m0": NOW}))
    with pytest.raises(BrokerError) as refused:
        machine.settings.call(SetClock(unix_s=NOW, source="network", by=NETWORK))
    assert refused.value.key == "clock.not_needed"
    assert machine.clock == before


def test_an_rtc_whose_battery_is_empty_knows_nothing(machine):
    (machine.paths.root / "sys/class/rtc/rtc0").mkdir(parents=True)
    (machine.paths.root / "sys/class/rtc/rtc0/since_epoch").write_text("946684800\n")
    assert sought(machine, Modems({"m0": NOW}))


def test_not_before_the_program_was_built(machine, monkeypatch, tmp_path):
    file = tmp_path / "program"
    file.touch()
    os.utime(file, (NOW, NOW))
    monkeypatch.setattr(timekeeping, "__file__", str(file))
    assert timekeeping.is_plausible(NOW + 1)
    assert not timekeeping.is_plausible(NOW - 1)
