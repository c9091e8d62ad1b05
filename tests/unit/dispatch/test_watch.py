import time

import pytest

from otpbroker.config.sections.general import GeneralSection
from otpbroker.config.sections.modems import ModemSettings
from otpbroker.config.sections.sms import SmsSection
from otpbroker.dispatch import watch as watching
from otpbroker.dispatch.fleet import Fleet
from otpbroker.dispatch.ledger import Ledger
from otpbroker.dispatch.watch import Watch
from otpbroker.modem.status import ModemState, ModemStatus
from otpbroker.system.timers import Timers
from otpbroker.verbs.feeders import Sendable

READY = ModemStatus(state=ModemState.READY, connected=True, registered=True)
BOTH = (
    ModemSettings(id="m0", name="A", recipient_prefix=("62872", "62871")),
    ModemSettings(id="m1", name="B", default_modem=True, recipient_prefix=("62871",), quota_day=1),
)


@pytest.fixture
def fleet(tmp_path):
    ledger = Ledger(tmp_path / "state.sqlite")
    made = Fleet(ledger)
    made.configure(BOTH, SmsSection(), GeneralSection(time_zone="UTC"))
    yield made
    ledger.close()


@pytest.fixture
def timers():
    made = Timers()
    yield made
    made.stop()


def test_what_can_be_sent_follows_modems_and_quotas(fleet, timers):
    watch = Watch(fleet, timers, due=None)
    assert watch.sendable() == Sendable()
    fleet.set_status("m0", READY)
    assert watch.sendable() == Sendable(modems=1, prefixes={"62871": 1, "62872": 1})
    fleet.set_status("m1", READY)
    assert watch.sendable() == Sendable(modems=2, general=1, prefixes={"62871": 2, "62872": 1})
    fleet.count("m1", 1)
    assert watch.sendable() == Sendable(modems=1, prefixes={"62871": 1, "62872": 1})


def test_a_watcher_is_told_news_once(fleet, timers):
    watch, told = Watch(fleet, timers, due=None), []
    at_once = watch.add(None, told.append)
    at_once()
    assert told == [Sendable()]
    assert watch.add(Sendable(), told.append) is None
    assert watch.changed() == []
    fleet.set_status("m0", READY)
    for answer in watch.changed():
        answer()
    assert [word.modems for word in told] == [0, 1]
    assert watch.changed() == []


def test_a_watcher_is_answered_also_without_news(fleet, timers, monkeypatch):
    monkeypatch.setattr(watching, "LONGEST_WAIT_S", 0.1)
    told = []
    watch = Watch(fleet, timers, due=lambda watcher: [answer() for answer in watch.waited(watcher)])
    watch.add(Sendable(), told.append)
    deadline = time.monotonic() + 5
    while not told and time.monotonic() < deadline:
        time.sleep(0.01)
    assert told == [Sendable()]


def test_a_change_that_is_as_quick_as_the_timer_is_told_once(fleet, timers):
    """The timer has gone off, but waits for the lock while the change is told."""
    watch, told = Watch(fleet, timers, due=None), []
    watch.add(Sendable(), told.append)
    (watcher,) = watch._watchers
    fleet.set_status("m0", READY)
    for answer in watch.changed() + watch.waited(watcher):
        answer()
    assert [word.modems for word in told] == [1]
