"""How one message ends: the modem's word, failover, silence, deadlines, block and loss."""

import pytest

from fakes.floor import Gate, Refuse, RefuseText, Silent, modem
from otpbroker.config.sections.sms import SmsSection
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.modem.contract import Blame
from otpbroker.modem.status import ModemState

LONG = "Kode " * 60


def refused(send, *args, **fields):
    with pytest.raises(BrokerError) as error:
        send(*args, **fields)
    return error.value


def test_the_modems_word_is_the_outcome(desk):
    one = desk()
    sent = one.send().get()
    assert (sent.state, sent.code, sent.modem, sent.parts) == ("submitted", ResponseCode.SUCCESS, "m0", 1)
    row = one.rows()[sent.message_id]
    assert (row.state, row.msisdn_masked, row.units, row.resent) == ("submitted", "62812****890", 15, False)
    assert one.numbers() == [("m0", "6281234567890")]


def test_a_bad_message_is_tried_once(desk):
    one = desk(modem("m0"), modem("m1"))
    one.floor["m0"].plan.append(Refuse(Blame.MESSAGE, "modem.cms.21"))
    sent = one.send().get()
    assert (sent.state, sent.code, sent.key) == ("failed", ResponseCode.FAILED, "modem.cms.21")
    assert one.received == []


@pytest.mark.parametrize("blame", [Blame.MODEM, Blame.TRANSIENT])
@pytest.mark.parametrize("kind", [Refuse, RefuseText])
def test_a_failed_modem_is_left_out(desk, blame, kind):
    one = desk(modem("m0"), modem("m1"))
    one.floor["m0"].outcome = lambda: kind(blame)
    sent = [one.send().get() for _ in range(4)]
    assert [(each.state, each.modem, each.resent) for each in sent] == [("submitted", "m1", False)] * 4


def test_passing_trouble_is_tried_in_rounds(desk):
    one = desk()
    one.floor["m0"].plan.extend([Refuse(Blame.TRANSIENT)] * 2)
    assert one.send().get().state == "submitted"


def test_lasting_trouble_ends_with_its_reason(desk):
    one = desk()
    one.floor["m0"].outcome = lambda: Refuse(Blame.TRANSIENT, "modem.busy")
    sent = one.send().get()
    assert (sent.state, sent.key) == ("failed", "modem.busy")


def test_a_bad_modem_alone_fails_at_once(desk):
    one = desk()
    one.floor["m0"].outcome = lambda: Refuse(Blame.MODEM, "modem.no_sim")
    assert one.send().get().key == "modem.no_sim"


def test_silence_is_resent_once_elsewhere_and_marked(desk):
    one = desk(modem("m0"), modem("m1"), modem("m2"))
    one.floor["m0"].plan.append(Silent())
    sent = one.send().get()
    assert (sent.state, sent.resent) == ("submitted", True)
    assert sent.modem in ("m1", "m2")
    assert one.rows()[sent.message_id].resent


def test_silence_twice_is_unknown(desk):
    one = desk(modem("m0"), modem("m1"), modem("m2"))
    for fake in one.floor.values():
        fake.outcome = Silent
    sent = one.send().get()
    assert (sent.state, sent.code, sent.resent) == ("unknown", ResponseCode.OUTCOME_UNKNOWN, True)
    assert sum(fake.texts_out for fake in one.floor.values()) == 2


def test_what_may_be_out_is_never_called_failed(desk):
    one = desk(modem("m0"), modem("m1"))
    one.floor["m0"].plan.append(Silent())
    one.floor["m1"].plan.append(Refuse(Blame.MESSAGE, "modem.cms.21"))
    assert one.send().get().state == "unknown"


@pytest.mark.parametrize(
    ("sms", "text", "fields"),
    [
        (SmsSection(resend_unknown=False), "Kode 1", {}),
        (SmsSection(), LONG, {}),
        (SmsSection(), "Kode 1", {"modem": "m0"}),
    ],
    ids=["not allowed", "several parts", "one modem named"],
)
def test_silence_without_a_second_copy(desk, sms, text, fields):
    one = desk(modem("m0"), modem("m1"), sms=sms)
    one.floor["m0"].plan.append(Silent())
    sent = one.send(text=text, **fields).get()
    assert (sent.state, sent.resent) == ("unknown", False)
    assert one.floor["m1"].texts_out == 0


def test_a_deadline_in_the_queue_expires(desk):
    one = desk()
    gate = Gate()
    one.floor["m0"].plan.append(gate)
    first = one.send("6281200000001")
    assert gate.reached.wait(5)
    late = one.send("6281200000002", deadline_s=0.05).get()
    assert (late.state, late.code, late.key) == ("expired", ResponseCode.EXPIRED, "message.expired_in_queue")
    gate.open.set()
    assert first.get().state == "submitted"
    assert one.numbers() == [("m0", "6281200000001")]


def test_a_deadline_before_the_prompt_takes_the_text_back(desk):
    one = desk()
    gate = Gate()
    one.floor["m0"].plan.append(gate)
    late = one.send(lifetime_s=0.05)
    assert late.get().state == "expired"
    gate.open.set()
    one.send("6281200000002").get()
    assert one.numbers() == [("m0", "6281200000002")]
    assert one.rows()[late.get().message_id].state == "expired"


@pytest.mark.parametrize(("then", "truth"), [(None, "submitted"), (Silent(), "unknown"), (RefuseText(), "failed")])
def test_a_deadline_with_the_text_out_is_unknown_until_the_ledger_knows(desk, then, truth):
    one = desk(modem("m0"), modem("m1"))
    gate = Gate(with_text=True, then=then)
    one.floor["m0"].plan.append(gate)
    told = one.send(deadline_s=0.05).get()
    assert (told.state, told.key) == ("unknown", "message.no_answer_in_time")
    assert one.broker.find(told.message_id)[1].state == "sending"
    gate.open.set()
    one.broker.drain(5)
    assert one.broker.find(told.message_id)[1].state == truth
    assert one.rows()[told.message_id].state == truth
    assert one.floor["m1"].texts_out == 0  # its sender has gone: nothing follows


def test_blocked_while_it_waits(desk):
    one = desk()
    gate = Gate()
    one.floor["m0"].plan.append(gate)
    prompted, queued = one.send(), one.send(text="Kode 2")
    assert gate.reached.wait(5)
    one.broker.blocklist.block("6281234567890")
    one.broker.withdraw("6281234567890")
    gate.open.set()
    for answer in (prompted, queued):
        sent = answer.get()
        assert (sent.state, sent.code, sent.key) == ("failed", ResponseCode.BLOCKED, "number.blocked")
    assert refused(one.send).code is ResponseCode.BLOCKED
    one.send("6281200000002").get()
    assert one.numbers() == [("m0", "6281200000002")]


def test_no_modem_at_all_is_said_at_once(desk):
    one = desk(modem("m0"), modem("m1", active=False), ready=False)
    assert refused(one.send).code is ResponseCode.NO_MODEM
    one.regain("m1")
    assert refused(one.send).code is ResponseCode.NO_MODEM
    one.regain("m0")
    assert one.send().get().modem == "m0"


def test_a_modem_lost_while_it_works_gives_its_queue_to_another(desk):
    one = desk(modem("m0", recipient_prefix=("62812",)), modem("m1"))
    gate = Gate(then=Refuse(Blame.MODEM, "modem.unplugged"))
    one.floor["m0"].plan.append(gate)
    answers = [one.send(f"62812000000{n:02}") for n in range(10)]
    assert gate.reached.wait(5)
    one.floor["m0"].be(ModemState.ABSENT)
    gate.open.set()
    assert {answer.get().modem for answer in answers} == {"m1"}


def test_the_last_modem_lost_and_regained(desk):
    one = desk(return_grace_s=10)
    gate = Gate(then=Refuse(Blame.TRANSIENT))
    one.floor["m0"].plan.append(gate)
    answers = [one.send(f"62812000000{n:02}") for n in range(5)]
    assert gate.reached.wait(5)
    told = one.floor["m0"].be(ModemState.RECOVERING)
    gate.open.set()
    assert told.wait(5)
    assert refused(one.send).code is ResponseCode.NO_MODEM
    assert not any(answer.came for answer in answers)
    one.regain("m0")
    assert {answer.get().state for answer in answers} == {"submitted"}


@pytest.mark.parametrize("blame", [Blame.MODEM, Blame.TRANSIENT])
def test_the_last_modem_unplugged_at_the_prompt_and_plugged_again(desk, blame):
    one = desk(return_grace_s=10)
    gate = Gate(then=Refuse(blame, "modem.unplugged", down=True))
    one.floor["m0"].plan.append(gate)
    answer = one.send()
    assert gate.reached.wait(5)
    gate.open.set()
    one.regain("m0")
    assert answer.get().state == "submitted"


def test_no_modem_comes_back(desk):
    one = desk()
    gate = Gate(then=Refuse(Blame.TRANSIENT))
    one.floor["m0"].plan.append(gate)
    answers = [one.send("6281200000001"), one.send("6281200000002")]
    assert gate.reached.wait(5)
    one.floor["m0"].be(ModemState.ABSENT)
    gate.open.set()
    for answer in answers:
        sent = answer.get()
        assert (sent.state, sent.code, sent.key) == ("failed", ResponseCode.NO_MODEM, "route.no_modem")


def test_a_modem_that_is_back_but_busy_is_waited_for(desk):
    """The grace is for absent modems; a message of one that came back waits until its own deadline."""
    one = desk(return_grace_s=0.3)
    first, second = Gate(then=Refuse(Blame.MODEM, "modem.unplugged")), Gate()
    one.floor["m0"].plan.extend([first, second])
    answers = [one.send(f"628120000000{n}") for n in range(3)]
    assert first.reached.wait(5)
    told = one.floor["m0"].be(ModemState.ABSENT)
    first.open.set()
    assert told.wait(5)
    one.regain("m0")
    assert second.reached.wait(5)
    beyond_grace = one.send("6281200000009", deadline_s=0.6)
    assert beyond_grace.get().state == "expired"
    second.open.set()
    assert [answer.get().state for answer in answers] == ["failed", "submitted", "submitted"]


def test_several_parts_keep_to_one_modem_and_their_order(desk):
    one = desk(modem("m0"), modem("m1"))
    sent = one.send(text=LONG).get()
    assert (sent.state, sent.parts) == ("submitted", 2)
    assert [modem_id for modem_id, _ in one.received] == [sent.modem] * 2


def test_a_hung_modem_delays_nobody_else(desk):
    one = desk(modem("m0"), modem("m1"))
    gate = Gate(with_text=True, then=Silent())
    one.floor["m0"].plan.append(gate)
    stuck = one.send()
    assert gate.reached.wait(5)
    assert {one.send(f"62812000000{n:02}").get().modem for n in range(20)} == {"m1"}
    gate.open.set()
    assert stuck.get().resent


def test_a_named_modem_and_none_else(desk):
    one = desk(modem("m0"), modem("m1", sms_api=False), modem("m2", active=False))
    assert one.send(modem="m1").get().modem == "m1"
    assert refused(one.send, modem="m2").code is ResponseCode.NO_MODEM
    assert refused(one.send, modem="m9").key == "modem.unknown"
    one.floor["m1"].plan.append(Refuse(Blame.MODEM, "modem.no_sim"))
    assert one.send(modem="m1").get().key == "modem.no_sim"


def test_numbers_and_lives_that_are_refused(desk):
    one = desk()
    assert refused(one.send, "08123").code is ResponseCode.INVALID_NUMBER
    assert refused(one.send, "+33612345678").key == "number.country"
    assert refused(one.send, text="x" * 1531).code is ResponseCode.TOO_LONG
    assert refused(one.send, lifetime_s=0).code is ResponseCode.EXPIRED
    assert refused(one.send, lifetime_s=float("nan")).code is ResponseCode.EXPIRED
    assert one.send(lifetime_s=1e308, wait=False).get().state == "queued"
    assert one.send("3636", short_code=True, modem="m0").get().state == "submitted"
    counted = one.broker.counters().by_state
    assert (counted["refused.1104"], counted["refused.1108"], counted["refused.1203"]) == (2, 1, 2)
