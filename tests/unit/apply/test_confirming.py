"""A change that could lock its maker out: kept by his word, else taken back, also across a power cut."""

import threading

import pytest

from fakes.units import starts_where_any_exists
from otpbroker.apply.transaction import Settings
from otpbroker.config.sections.network import EthernetSection, WlanSection
from otpbroker.config.sections.sms import SmsSection
from otpbroker.config.store import Store
from otpbroker.errors import BrokerError
from otpbroker.network.plan import Facts
from otpbroker.secrets import Secret
from otpbroker.system.files import Paths
from otpbroker.verbs.apply import Confirm, GetWaiting, ServiceWord, SetSection, TakeBack
from otpbroker.verbs.audit import AuditTrail

ELSEWHERE = {"mode": "static", "address": "10.1.2.3", "gateway": "10.1.2.1"}


class Machine:
    """Lives by the settings on disk, as the device does; `refuses` is what it says to the next ones."""

    def __init__(self, paths):
        self.store = Store(paths)
        self.address = ""
        self.refuses = ""
        self.back = threading.Event()

    def facts(self):
        return Facts(ethernet=self.store.load(EthernetSection), wlan=self.store.load(WlanSection), taken_over=True)

    def converge(self):
        was, self.address = self.address, self.store.load(EthernetSection).address
        if was and not self.address:
            self.back.set()
        refused, self.refuses = self.refuses, ""
        return [ServiceWord(service="edge", state="refused", text=refused)] if refused else []

    def reload(self, services):
        return [ServiceWord(service=service, state="reloaded") for service in services]


@pytest.fixture
def paths(tmp_path):
    return Paths(tmp_path)


@pytest.fixture
def machine(paths):
    return Machine(paths)


def life(paths, machine, confirm_s=60.0):
    return Settings(paths, machine, host=machine, confirm_s=confirm_s)


def change(section, **given):
    return SetSection(section=section, values={name: Secret(value) for name, value in given.items()}, by="budi")


def test_a_change_of_address_waits_and_stays_by_its_makers_word(paths, machine):
    settings = life(paths, machine)
    done = settings.call(change("ethernet", **ELSEWHERE))
    assert (done.changed, done.confirmation.within_s) == (True, 60)
    assert done.confirmation.addresses == ["http://10.1.2.3:8888/"]
    assert machine.address == "10.1.2.3"
    waiting = settings.call(GetWaiting())
    assert (waiting.sections, 50 < waiting.confirmation.within_s <= 60) == (["ethernet"], True)
    assert settings.call(Confirm(token=done.confirmation.token, by="budi")).sections == ["ethernet"]
    assert settings.call(GetWaiting()).confirmation is None
    life(paths, machine).recover()
    assert machine.address == "10.1.2.3"
    assert settings.call(AuditTrail()).entries[0].action == "audit.change_confirmed"


def test_without_a_word_it_is_taken_back(paths, machine):
    settings = life(paths, machine, confirm_s=0.2)
    done = settings.call(change("ethernet", **ELSEWHERE))
    assert machine.back.wait(5)
    with pytest.raises(BrokerError) as refused:
        settings.call(Confirm(token=done.confirmation.token))
    assert refused.value.key == "confirm.unknown"
    assert Store(paths).is_factory("ethernet")
    assert [entry.action for entry in settings.call(AuditTrail()).entries[:2]] == [
        "audit.change_expired",
        "audit.changed",
    ]


def test_a_power_cut_while_it_waits_takes_it_back(paths, machine):
    life(paths, machine).call(change("ethernet", **ELSEWHERE))
    life(paths, machine).recover()  # the next boot
    assert machine.address == ""
    life(paths, machine).recover()
    assert Store(paths).is_factory("ethernet")


def test_its_maker_may_take_it_back_at_once(paths, machine):
    settings = life(paths, machine)
    done = settings.call(change("ethernet", **ELSEWHERE))
    with pytest.raises(BrokerError):
        settings.call(TakeBack(token="guessed"))
    assert settings.call(TakeBack(token=done.confirmation.token)).sections == ["ethernet"]
    assert machine.address == ""


def test_at_power_on_it_is_taken_back_before_the_page_shows(paths, machine):
    settings = life(paths, machine)
    token = settings.call(change("ethernet", **ELSEWHERE)).confirmation.token
    assert starts_where_any_exists("otpb-rollback.service", paths.root)
    settings.call(Confirm(token=token))
    assert not starts_where_any_exists("otpb-rollback.service", paths.root)


def test_meanwhile_nothing_else_that_could_lock_out_changes(paths, machine):
    settings = life(paths, machine)
    token = settings.call(change("ethernet", **ELSEWHERE)).confirmation.token
    done = settings.call(change("wlan", address="10.9.9.1"))
    assert [(problem.path, problem.key) for problem in done.problems] == [("wlan", "settings.unconfirmed")]
    settings.call(Confirm(token=token))
    assert settings.call(change("wlan", address="10.9.9.1")).confirmation is not None


def test_other_settings_change_meanwhile_but_not_those(paths, machine):
    settings = life(paths, machine)
    settings.call(change("ethernet", **ELSEWHERE))
    assert settings.call(change("sms", routing="tariff")).confirmation is None
    again = settings.call(change("ethernet", mode="dhcp"))
    assert (again.changed, [problem.key for problem in again.problems]) == (False, ["settings.unconfirmed"])
    life(paths, machine).recover()
    assert Store(paths).load(SmsSection).routing == "tariff"


def test_what_locks_nobody_out_needs_no_word(paths, machine):
    done = life(paths, machine).call(change("sms", routing="tariff"))
    assert (done.changed, done.confirmation) == (True, None)


def test_what_the_machine_refuses_is_taken_back_at_once(paths, machine):
    machine.refuses = "no such address"
    done = life(paths, machine).call(change("ethernet", **ELSEWHERE))
    assert (done.changed, done.problems[0].params["reason"]) == (False, "no such address")
    assert Store(paths).is_factory("ethernet")
    assert machine.address == ""
