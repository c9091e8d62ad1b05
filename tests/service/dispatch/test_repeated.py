"""What is sent once although it was asked for twice, and what is sent twice because it is two messages."""

import pytest

from fakes.floor import Gate, Refuse, Silent, modem
from otpbroker.config.sections.sms import SmsSection
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.modem.contract import Blame

ID = "a" * 24
ACROSS = SmsSection(suppress_across_doors=True)


def test_an_idempotency_key_in_flight_waits_for_the_same_outcome(desk):
    one = desk()
    gate = Gate()
    one.floor["m0"].plan.append(gate)
    first = one.send(idempotency_key="k1")
    assert gate.reached.wait(5)
    second = one.send(idempotency_key="k1")
    asynchronous = one.send(idempotency_key="k1", wait=False).get()
    assert (asynchronous.state, asynchronous.replayed) == ("queued", True)
    assert not second.came
    gate.open.set()
    assert not first.get().replayed
    assert (second.get().state, second.get().replayed) == ("submitted", True)
    assert {first.get().message_id, second.get().message_id, asynchronous.message_id} == {first.get().message_id}
    assert len(one.received) == 1


@pytest.mark.parametrize("outcome", [None, Silent()], ids=["submitted", "unknown"])
def test_an_idempotency_key_replays_what_went_out(desk, outcome):
    one = desk()
    one.floor["m0"].plan.append(outcome)
    first, second = one.send(idempotency_key="k1").get(), one.send(idempotency_key="k1").get()
    assert second.replayed
    assert (second.message_id, second.state, second.code) == (first.message_id, first.state, first.code)
    assert one.floor["m0"].texts_out == 1


def test_an_idempotency_key_whose_message_failed_is_tried_afresh(desk):
    one = desk()
    one.floor["m0"].plan.append(Refuse(Blame.MESSAGE))
    assert one.send(idempotency_key="k1").get().state == "failed"
    again = one.send(idempotency_key="k1").get()
    assert (again.state, again.replayed) == ("submitted", False)


@pytest.mark.parametrize("other", [{"text": "Kode 2"}, {"msisdn": "6281234567891"}])
def test_an_idempotency_key_with_other_content_is_refused(desk, other):
    one = desk()
    one.send(idempotency_key="k1").get()
    with pytest.raises(BrokerError) as refused:
        one.send(**{"idempotency_key": "k1"} | other)
    assert (refused.value.code, refused.value.key) == (ResponseCode.INVALID_REQUEST, "idempotency.other_content")
    assert len(one.received) == 1


def test_an_idempotency_key_is_its_users_own(desk):
    one = desk()
    one.send(idempotency_key="k1").get()
    assert not one.send(idempotency_key="k1", user="other").get().replayed
    assert not one.send(idempotency_key="k1", door="amqp").get().replayed


def test_an_idempotency_key_outlives_the_process(desk, tmp_path):
    one = desk()
    first = one.send(idempotency_key="k1").get()
    one.settle()
    two = one.killed(tmp_path / "next")
    try:
        again = two.send(idempotency_key="k1").get()
        assert (again.message_id, again.state, again.replayed) == (first.message_id, "submitted", True)
        # 6281234500890 is shown as 62812****890, too.
        for other in ({"text": "Kode OTP 4829130"}, {"msisdn": "6281234500890"}):
            with pytest.raises(BrokerError) as refused:
                two.send(**{"idempotency_key": "k1"} | other)
            assert refused.value.key == "idempotency.other_content"
        assert two.received == []
    finally:
        two.close()


def test_the_same_id_number_and_text_are_one_message(desk):
    one = desk()
    first, second = one.send(id="123456").get(), one.send(id="123456").get()
    assert (second.message_id, second.replayed) == (first.message_id, True)
    assert len(one.received) == 1


def test_the_same_id_alone_proves_nothing(desk):
    """The customer's samples all say 123456."""
    one = desk()
    for fields in ({}, {"text": "Kode 2"}, {"msisdn": "6281234567891"}, {"user": "other"}, {"door": "amqp"}):
        assert not one.send(**{"id": "123456"} | fields).get().replayed
    assert len(one.received) == 5


def test_without_an_id_every_request_is_a_message(desk):
    one = desk()
    assert not any(one.send().get().replayed for _ in range(3))
    assert len(one.received) == 3


def test_a_failed_message_is_no_duplicate(desk):
    one = desk()
    one.floor["m0"].plan.append(Refuse(Blame.MESSAGE))
    assert one.send(id="1").get().state == "failed"
    assert one.send(id="1").get().state == "submitted"


@pytest.mark.parametrize("fields", [{}, {"id": "123456"}])
def test_suppress_across_doors(desk, fields):
    one = desk(sms=ACROSS)
    assert not one.send(**fields).get().replayed
    assert one.send(door="amqp", user="", **fields).get().replayed
    assert not one.send(door="amqp", user="", text="Kode 2", **fields).get().replayed


def killed_with_text_out(one, folder, **fields):
    """The next life of a process killed between intent and outcome of message ID."""
    gate = Gate(with_text=True)
    one.floor["m0"].plan.append(gate)
    one.send(message_id=ID, **fields)
    assert gate.reached.wait(5)
    two = one.killed(folder)
    gate.open.set()
    return two


def test_killed_before_a_modem_had_it(desk, tmp_path):
    one = desk()
    gate = Gate()
    one.floor["m0"].plan.append(gate)
    held, queued = one.send(), one.send(text="Kode 2", wait=False, message_id=ID).get()
    assert gate.reached.wait(5)
    assert queued.state == "queued"
    two = one.killed(tmp_path / "next")
    gate.open.set()
    held.get()
    try:
        row = two.rows()[ID]
        assert (row.state, row.reason) == ("failed", "message.restarted")
        again = two.send(text="Kode 2", message_id=ID, redelivered=True).get()
        assert (again.state, again.resent, again.replayed) == ("submitted", False, False)
        assert two.rows()[ID].state == "submitted"
    finally:
        two.close()


def test_killed_with_the_text_out_is_resent_once_and_marked(desk, tmp_path):
    two = killed_with_text_out(desk(), tmp_path / "two")
    try:
        assert (two.rows()[ID].state, two.rows()[ID].reason) == ("unknown", "message.in_doubt")
        three = killed_with_text_out(two, tmp_path / "three", redelivered=True)
    finally:
        two.close()
    try:
        assert (three.rows()[ID].state, three.rows()[ID].resent) == ("unknown", True)
        again = three.send(message_id=ID, redelivered=True).get()
        assert (again.state, again.replayed) == ("unknown", True)
        assert three.received == []
    finally:
        three.close()


def test_a_redelivered_message_is_resent_while_in_doubt(desk, tmp_path):
    two = killed_with_text_out(desk(), tmp_path / "two")
    try:
        again = two.send(message_id=ID, redelivered=True).get()
        assert (again.state, again.resent, again.replayed) == ("submitted", True, False)
        more = two.send(message_id=ID, redelivered=True).get()
        assert (more.state, more.replayed) == ("submitted", True)
        assert len(two.received) == 1
        assert two.rows()[ID].state == "submitted"
    finally:
        two.close()


@pytest.mark.parametrize(("sms", "text"), [(SmsSection(resend_unknown=False), "Kode 1"), (SmsSection(), "Kode " * 60)])
def test_in_doubt_and_not_to_be_resent(desk, tmp_path, sms, text):
    two = killed_with_text_out(desk(sms=sms), tmp_path / "two", text=text)
    try:
        again = two.send(message_id=ID, redelivered=True, text=text).get()
        assert (again.state, again.code, again.replayed) == ("unknown", ResponseCode.OUTCOME_UNKNOWN, True)
        assert two.received == []
    finally:
        two.close()


@pytest.mark.parametrize("comes_back", [True, False])
def test_a_redelivered_message_waits_for_modems_that_are_coming_up(desk, tmp_path, comes_back):
    """What may be out is not called failed because the next life began without a modem."""
    one = desk()
    gate = Gate(with_text=True)
    one.floor["m0"].plan.append(gate)
    one.send(message_id=ID)
    assert gate.reached.wait(5)
    two = one.killed(tmp_path / "two", ready=False, return_grace_s=5 if comes_back else 0.1)
    gate.open.set()
    try:
        again = two.send(message_id=ID, redelivered=True)
        fresh = two.send(text="Kode 2", message_id="e" * 24, redelivered=True)
        if comes_back:
            two.regain("m0")
        assert (again.get().state, again.get().resent) == ("submitted" if comes_back else "unknown", True)
        assert fresh.get().state == ("submitted" if comes_back else "failed")
    finally:
        two.close()


def test_a_redelivered_message_joins_itself(desk, tmp_path):
    """A door that lost patience asks again while the message, in doubt before, is on its way."""
    two = killed_with_text_out(desk(), tmp_path / "two")
    try:
        gate = Gate()
        two.floor["m0"].plan.append(gate)
        first = two.send(message_id=ID, redelivered=True)
        assert gate.reached.wait(5)
        second = two.send(message_id=ID, redelivered=True)
        third = two.send(message_id=ID)
        gate.open.set()
        assert {first.get().state, second.get().state, third.get().state} == {"submitted"}
        assert len(two.received) == 1
    finally:
        two.close()


def test_a_redelivered_message_that_the_ledger_never_saw_is_new(desk):
    assert desk().send(message_id=ID, redelivered=True).get().state == "submitted"


def test_a_failed_message_given_again_under_its_id(desk):
    one = desk()
    for _ in range(50):
        one.floor["m0"].plan.append(Refuse(Blame.MESSAGE))
        assert one.send(message_id=ID).get().state == "failed"
    assert one.send(message_id=ID, redelivered=True).get().state == "submitted"
    one.settle()
    one.settle()
    assert one.broker.limits.under_way == {}
    assert one.rows()[ID].state == "submitted"


def test_an_async_message_is_told_by_its_id(desk):
    one = desk()
    gate = Gate()
    one.floor["m0"].plan.append(gate)
    queued = one.send(wait=False).get()
    assert (queued.state, queued.code) == ("queued", ResponseCode.SUCCESS)
    owner, sent = one.broker.find(queued.message_id)
    assert (owner, sent.state) == (("rest", "shop"), "queued")
    gate.open.set()
    one.broker.drain(5)
    assert one.broker.find(queued.message_id)[1].state == "submitted"
    assert one.broker.find("b" * 24) is None


def test_two_modems_no_difference(desk):
    one = desk(modem("m0"), modem("m1"))
    first, second = one.send(id="7").get(), one.send(id="7").get()
    assert first.message_id == second.message_id


@pytest.mark.parametrize("text", ["Kode 1", "Kode " * 60])
def test_a_redelivered_message_that_had_joined_another_of_its_key_is_not_sent(desk, tmp_path, text):
    """Its sender asked twice, the second time through a new door: the ledger knows the first name only."""
    two = killed_with_text_out(desk(), tmp_path / "two", text=text, idempotency_key="key")
    try:
        again = two.send(message_id="e" * 24, redelivered=True, text=text, idempotency_key="key").get()
        assert (again.message_id, again.state, again.replayed) == (ID, "unknown", True)
        assert two.received == []
    finally:
        two.close()


def test_redelivered_messages_that_had_joined_by_their_id_join_again(desk, tmp_path):
    two = killed_with_text_out(desk(), tmp_path / "two", id="123456")
    try:
        first = two.send(message_id=ID, redelivered=True, id="123456").get()
        assert (first.state, first.resent) == ("submitted", True)
        second = two.send(message_id="e" * 24, redelivered=True, id="123456").get()
        assert (second.message_id, second.state, second.replayed) == (ID, "submitted", True)
        assert len(two.received) == 1
    finally:
        two.close()


def amqp(one, **fields):
    return one.send(**({"door": "amqp", "user": ""} | fields))


def test_a_brokers_own_name_is_one_message_redelivered_or_published_twice(desk):
    one = desk()
    first = amqp(one, delivery_key="q/1").get()
    for again in ({}, {"broker_redelivered": True}):
        assert amqp(one, delivery_key="q/1", **again).get().message_id == first.message_id
    assert len(one.received) == 1


def test_a_brokers_name_with_other_content_is_another_message(desk):
    one = desk()
    amqp(one, delivery_key="1").get()
    assert not amqp(one, delivery_key="1", text="Kode 2", broker_redelivered=True).get().replayed
    assert len(one.received) == 2


def test_a_brokers_name_outlives_the_process(desk, tmp_path):
    one = desk()
    first = amqp(one, delivery_key="q/1").get()
    one.settle()
    two = one.killed(tmp_path / "next")
    try:
        again = amqp(two, delivery_key="q/1", broker_redelivered=True).get()
        assert (again.message_id, again.replayed) == (first.message_id, True)
        assert not amqp(two, delivery_key="q/1", msisdn="6281234500890").get().replayed
        assert len(two.received) == 1
    finally:
        two.close()


@pytest.mark.parametrize("fields", [{}, {"id": "123456"}], ids=["no id", "id"])
def test_a_redelivered_message_is_told_by_its_content(desk, fields):
    one = desk()
    first = amqp(one, **fields).get()
    assert amqp(one, broker_redelivered=True, **fields).get().message_id == first.message_id
    assert not amqp(one, broker_redelivered=True, text="Kode 2", **fields).get().replayed
    assert len(one.received) == 2


def test_messages_that_their_broker_names_are_told_by_their_names_alone(desk):
    """The second was never sent, whatever it has in common with the first."""
    one = desk()
    amqp(one, delivery_key="q/1").get()
    assert not amqp(one, delivery_key="q/2", broker_redelivered=True).get().replayed
    assert len(one.received) == 2


def test_without_an_id_a_fresh_message_is_never_taken_for_another(desk):
    one = desk()
    assert [amqp(one).get().replayed for _ in range(2)] == [False, False]


@pytest.mark.parametrize(("resend", "state", "sent"), [(True, "submitted", 1), (False, "unknown", 0)])
def test_what_an_earlier_life_may_have_sent_is_in_doubt(desk, tmp_path, resend, state, sent):
    """All samples have the id 123456: the same number and length do not make it the same message."""
    one = desk(sms=SmsSection(resend_unknown=resend))
    amqp(one, id="123456").get()
    one.settle()
    two = one.killed(tmp_path / "next")
    try:
        again = amqp(two, id="123456", broker_redelivered=True).get()
        assert (again.state, again.resent, len(two.received)) == (state, resend, sent)
        longer = amqp(two, id="123456", text="Kode OTP 48291300", broker_redelivered=True).get()
        assert (longer.state, longer.resent) == ("submitted", False)
    finally:
        two.close()
