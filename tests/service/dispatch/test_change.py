"""What changes while messages wait or are in flight: settings, quotas, errands, delivery reports, the end."""

import threading
import time

import pytest

from fakes import disk
from fakes.floor import NO_LIMITS, Gate, Refuse, Silent, modem
from otpbroker.config.sections.sms import LimitsSection, SmsSection
from otpbroker.dispatch.jobs import Errand
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.modem.contract import Blame, ModemError
from otpbroker.modem.status import ModemState


def held(one, modem_id="m0", **gate):
    """The modem is busy with a message to nobody else until the gate opens."""
    gate = Gate(**gate)
    one.floor[modem_id].plan.append(gate)
    answer = one.send("6281299999999", modem=modem_id)
    assert gate.reached.wait(5)
    return gate, answer


# -- settings -----------------------------------------------------------------------------------------------------


def test_what_waits_is_routed_anew_and_what_is_in_flight_stays(desk):
    one = desk(modem("m0", recipient_prefix=("62812",)), modem("m1", recipient_prefix=("62871",)))
    gate, first = held(one)
    waiting = [one.send(f"6281200000{n:03}") for n in range(5)]
    one.configure(modem("m0", recipient_prefix=("62871",)), modem("m1", recipient_prefix=("62812",)))
    assert {answer.get().modem for answer in waiting} == {"m1"}
    gate.open.set()
    assert first.get().modem == "m0"


def test_a_modem_switched_off_finishes_and_takes_nothing_more(desk):
    one = desk(modem("m0"), modem("m1"))
    (gate, first), (other, second) = held(one), held(one, "m1")
    waiting = [one.send(f"6281200000{n:03}") for n in range(5)]
    one.configure(modem("m0", active=False), modem("m1"))
    gate.open.set()
    assert first.get().modem == "m0"
    other.open.set()
    assert {answer.get().modem for answer in [second, *waiting]} == {"m1"}
    one.configure(modem("m0"), modem("m1"))
    one.regain("m0")
    assert one.send(modem="m0").get().modem == "m0"


def test_a_modem_taken_away_under_a_message_that_names_it(desk):
    """The manual page asked for this modem; its removal must hurt nobody else who waits."""
    one = desk(modem("m0"), modem("m1"), return_grace_s=0.1)
    (gate, first), (other, second) = held(one), held(one, "m1")
    named = one.send("6281200000001", modem="m0")
    free = one.send("6281200000002")
    one.configure(modem("m1"))
    assert (named.get().state, named.get().code) == ("failed", ResponseCode.NO_MODEM)
    gate.open.set()
    other.open.set()
    assert first.get().state == second.get().state == free.get().state == "submitted"


def test_a_named_modem_that_fails_and_is_taken_away(desk):
    one = desk(modem("m0"), modem("m1"), return_grace_s=0.1)
    gate, first = held(one, then=Refuse(Blame.TRANSIENT))
    one.configure(modem("m1"))
    gate.open.set()
    assert first.get().state == "failed"
    assert one.send().get().modem == "m1"


def test_a_new_modem_takes_what_waits(desk):
    one = desk()
    gate, first = held(one)
    waiting = one.send()
    one.configure(modem("m0"), modem("m1"))
    assert waiting.get().modem == "m1"
    gate.open.set()
    assert first.get().modem == "m0"


def test_new_limits_count_at_once(desk):
    one = desk()
    one.configure(limits=LimitsSection(per_number_hour=1))
    one.send().get()
    one.settle()
    with pytest.raises(BrokerError) as refused:
        one.send()
    assert refused.value.key == "limit.per_number_hour"
    one.configure(limits=NO_LIMITS)
    assert one.send().get().state == "submitted"


# -- limits and quotas --------------------------------------------------------------------------------------------


def test_a_quota_holds_for_what_waits_too(desk):
    one = desk(modem("m0", quota_day=3), return_grace_s=0.1)
    gate, first = held(one)
    waiting = [one.send(f"6281200000{n:03}") for n in range(5)]
    gate.open.set()
    states = [answer.get().state for answer in [first, *waiting]]
    assert states == ["submitted"] * 3 + ["failed"] * 3
    assert waiting[-1].get().code is ResponseCode.NO_MODEM
    assert one.floor["m0"].texts_out == 3


def test_a_quota_used_up_moves_what_waits(desk):
    one = desk(modem("m0", quota_day=1), modem("m1"))
    (gate, first), (other, second) = held(one), held(one, "m1")
    waiting = [one.send(f"6281200000{n:03}") for n in range(3)]
    gate.open.set()
    assert first.get().modem == "m0"
    other.open.set()
    assert {answer.get().modem for answer in [second, *waiting]} == {"m1"}


def test_a_number_limit_is_exact_for_a_burst(desk):
    """Five at once are five, not three because some are on their way, not seven because the ledger lags."""
    one = desk(modem("m0"), modem("m1"), modem("m2"), limits=LimitsSection(per_number_hour=5))
    gates = []
    for fake in one.floor.values():
        gates.append(Gate())
        fake.plan.append(gates[-1])
    answers = []
    for n in range(5):
        one.settle()
        answers.append(one.send(text=f"Kode {n}"))
    with pytest.raises(BrokerError):
        one.send()
    for gate in gates:
        gate.open.set()
    assert {answer.get().state for answer in answers} == {"submitted"}
    for _ in range(20):
        with pytest.raises(BrokerError):
            one.send()
    one.settle()
    one.settle()
    assert one.broker.limits.under_way == {}


def test_a_number_limit_counts_nothing_twice(desk):
    """Each is accepted in the very moment in which the one before is written."""
    one = desk(limits=LimitsSection(per_number_hour=5))
    for n in range(40):
        answers = [one.send(f"62812{n:08}", f"Kode {m}").get().state for m in range(5)]
        assert answers == ["submitted"] * 5
        with pytest.raises(BrokerError):
            one.send(f"62812{n:08}")


def test_what_failed_does_not_count(desk):
    one = desk(limits=LimitsSection(per_number_hour=1))
    one.floor["m0"].plan.append(Refuse(Blame.MESSAGE))
    assert one.send().get().state == "failed"
    one.settle()
    assert one.send().get().state == "submitted"


def test_no_modem_uses_up_no_limit(desk):
    one = desk(limits=LimitsSection(prefix_burst=1, per_user_second=1), ready=False)
    for _ in range(5):
        with pytest.raises(BrokerError) as refused:
            one.send()
        assert refused.value.code is ResponseCode.NO_MODEM
    one.regain("m0")
    assert one.send().get().state == "submitted"


def test_the_queue_has_an_end(desk):
    one = desk()
    gate, first = held(one)
    # 60 s at the 0.2 s that a message is taken to need before one was sent
    waiting = [one.send(f"62812{n:08}") for n in range(300)]
    with pytest.raises(BrokerError) as refused:
        one.send()
    assert (refused.value.code, refused.value.key) == (ResponseCode.LIMIT, "queue.full")
    assert refused.value.retry_after_s
    assert one.broker.counters().queued == 300
    gate.open.set()
    assert {answer.get().state for answer in [first, *waiting]} == {"submitted"}


# -- errands ------------------------------------------------------------------------------------------------------


class Asked:
    def __init__(self, one, modem_id, work=lambda driver: None):
        self.word, self._came = None, threading.Event()
        one.broker.post(
            modem_id, Errand(lambda driver: self._say(work(driver) or "done"), lambda key, _: self._say(key))
        )

    def _say(self, word):
        assert self.word is None
        self.word = word
        self._came.set()

    def get(self):
        assert self._came.wait(10)
        return self.word


def test_an_errand_goes_before_what_waits(desk):
    one = desk()
    gate, _ = held(one)
    waiting = one.send()
    errand = Asked(one, "m0", lambda driver: f"after {driver.texts_out}")
    gate.open.set()
    assert errand.get() == "after 1"
    assert waiting.get().state == "submitted"


def test_an_errand_keeps_no_message_from_other_modems(desk):
    one = desk(modem("m0"), modem("m1"))
    gate = Gate()
    errand = Asked(one, "m0", lambda driver: gate.pass_through())
    assert gate.reached.wait(5)
    assert {one.send(f"6281200000{n:03}").get().modem for n in range(10)} == {"m1"}
    gate.open.set()
    assert errand.get() == "done"


def test_errands_that_cannot_be_run_are_answered(desk):
    def unwell(driver):
        raise ModemError(Blame.MODEM, "modem.refused")

    one = desk(modem("m0"), modem("m1"))
    with pytest.raises(BrokerError):
        Asked(one, "m9")
    assert Asked(one, "m0", unwell).get() == "modem.refused"
    gate, _ = held(one)
    waits = Asked(one, "m0")
    one.floor["m0"].be(ModemState.ABSENT)
    gate.open.set()
    assert waits.get() == "modem.not_ready"
    one.lose("m0")
    assert Asked(one, "m0").get() == "modem.not_ready"


def test_an_errand_for_a_modem_that_is_taken_away_is_answered(desk):
    one = desk(modem("m0"), modem("m1"))
    gate, _ = held(one)
    errand = Asked(one, "m0")
    one.configure(modem("m1"))
    assert errand.get() == "modem.not_ready"
    gate.open.set()


# -- delivery reports ---------------------------------------------------------------------------------------------


def reports(one, *told):
    for modem_id, tp_mr, number, delivered in told:
        one.broker.delivery_report(modem_id, tp_mr, number, delivered, "" if delivered else "report.failed")
    return [(row.state, row.reason) for row in one.rows().values()]


def test_a_delivery_report_of_one_part(desk):
    one = desk()
    one.send().get()  # TP-MR 1
    assert reports(one, ("m1", 1, "+6281234567890", True), ("m0", 2, "+6281234567890", True)) == [("submitted", "")]
    assert reports(one, ("m0", 1, "+6281234567891", True), ("m0", 1, "+6281234567890", None)) == [("submitted", "")]
    assert reports(one, ("m0", 1, "junk", True)) == [("submitted", "")]
    assert reports(one, ("m0", 1, "+6281234567890", True)) == [("delivered", "")]
    assert reports(one, ("m0", 1, "+6281234567890", False)) == [("delivered", "")]


def test_every_part_must_be_delivered(desk):
    one = desk()
    assert one.send(text="Kode " * 90).get().parts == 3  # TP-MR 1, 2, 3
    number = "081234567890"
    assert reports(one, ("m0", 2, number, True), ("m0", 1, number, True)) == [("submitted", "")]
    assert reports(one, ("m0", 2, number, True)) == [("submitted", "")]
    assert reports(one, ("m0", 3, number, True)) == [("delivered", "")]


def test_one_part_that_fails_fails_the_message(desk):
    one = desk()
    one.send(text="Kode " * 60).get()
    assert reports(one, ("m0", 1, "6281234567890", False)) == [("failed", "report.failed")]
    assert reports(one, ("m0", 2, "6281234567890", True)) == [("failed", "report.failed")]


def test_a_reference_used_again_names_the_newest_message(desk):
    one = desk()
    first = one.send().get()
    one.floor["m0"]._mr = 0
    second = one.send(text="Kode 2").get()
    one.broker.delivery_report("m0", 1, "6281234567890", True, "")
    assert {key: row.state for key, row in one.rows().items()} == {
        first.message_id: "submitted",
        second.message_id: "delivered",
    }
    assert one.broker.find(second.message_id)[1].state == "delivered"


# -- the end ------------------------------------------------------------------------------------------------------


def test_draining_ends_what_was_accepted_and_takes_nothing_new(desk):
    one = desk()
    gate, first = held(one)
    waiting = one.send()
    drained = threading.Thread(target=one.broker.drain, args=(10,))
    drained.start()
    refused = None
    while refused is None:
        try:
            one.send("6281200000007")
        except BrokerError as error:
            refused = error
    assert (refused.key, refused.retry_after_s) == ("dispatch.stopping", 5)
    gate.open.set()
    drained.join(10)
    assert not drained.is_alive()
    assert first.get().state == waiting.get().state == "submitted"


def test_a_drain_that_takes_too_long_fails_what_waits_and_only_that(desk):
    one = desk()
    gate, first = held(one, with_text=True, then=Silent())
    waiting = one.send()
    one.broker.drain(0.05)
    assert (waiting.get().state, waiting.get().key) == ("failed", "dispatch.stopping")
    assert not first.came
    gate.open.set()
    assert first.get().state == "unknown"


# -- the disk -----------------------------------------------------------------------------------------------------


def test_sms_flow_while_the_disk_is_full(desk):
    one = desk(limits=LimitsSection(per_number_hour=5))
    one.send("6281200000000").get()
    one.settle()
    with disk.full():
        for n in range(20):
            assert one.send(f"6281200001{n:03}").get().state == "submitted"
        for n in range(5):
            assert one.send(text=f"Kode {n}").get().state == "submitted"
        assert one.ledger.broken
        one.settle()
        with pytest.raises(BrokerError) as refused:
            one.send()
        assert refused.value.key == "limit.per_number_hour"
    deadline = time.monotonic() + 10
    while one.ledger.broken and time.monotonic() < deadline:
        one.settle()
    states = [row.state for row in one.rows().values()]
    assert states == ["submitted"] * 26


def test_a_slow_disk_is_named_and_stops_nothing(desk):
    one = desk(sms=SmsSection(deadline_s=10))
    one.ledger._flush_delay_s = 2.3
    assert one.send().get().state == "submitted"
    assert dict(one.broker.told_alarms()) == {"alarm.state_slow": {}}
    one.ledger._flush_delay_s = 0.0
    one.settle()
    one.send().get()
    assert one.broker.told_alarms() == []
