"""One-time passwords: the desk over the real broker, on modems whose outcomes are ordered."""

import re
import threading
import time
from collections import Counter

import pytest

from fakes.floor import Gate, Refuse, Silent
from fakes.otp import NUMBER, Otps, Reply, wrong
from otpbroker.config.sections.otp import OtpSection
from otpbroker.config.sections.sms import LimitsSection
from otpbroker.dispatch.message import CODES
from otpbroker.dispatch.otp import desk as desk_module
from otpbroker.dispatch.otp.slow import MOST_WAITING
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.modem.contract import Blame
from otpbroker.verbs.dispatch import Sent
from otpbroker.verbs.events import AwaitOutcomes
from otpbroker.verbs.otp import SettleOtp

SHOP = ("rest", "shop")
MAIL = "Someone@Example.id"


@pytest.fixture
def otps(desk):
    """Makes a desk of one-time passwords; options of the floor as `floor`."""
    made = []

    def make(floor=None, **settings):
        made.append(Otps(desk(**(floor or {})), **settings))
        return made[-1]

    yield make
    for each in made:
        each.close()


def refusal(act, *args, **fields):
    with pytest.raises(BrokerError) as caught:
        act(*args, **fields)
    return caught.value.code.value, caught.value.key


def test_a_code_is_sent_and_verified_once(otps):
    one = otps()
    sent = one.request(text="Kode %s untuk 100%")
    assert (sent.state, sent.code, sent.modem, sent.replayed) == ("submitted", ResponseCode.SUCCESS, "m0", False)
    (code,) = one.codes()
    assert one.texts() == [f"Kode {code} untuk 100%"]
    assert len(code) == 6
    assert one.verify(wrong(code)) == ("1202", "otp.wrong")
    assert one.verify(code, receiver="+62 812-3456-7890") is None
    assert one.verify(code) == ("1202", "otp.used")
    assert one.floor.broker.find(sent.message_id)[0] == ("rest", "shop")


def test_wrong_thrice_is_locked(otps):
    one = otps()
    one.request()
    (code,) = one.codes()
    keys = [one.verify(wrong(code))[1] for _ in range(3)]
    assert keys == ["otp.wrong", "otp.wrong", "otp.locked"]
    assert one.verify(code) == ("1202", "otp.locked")


BOUND = {"params": ("100000", "", "", "x")}


@pytest.mark.parametrize(
    "other",
    [{"params": ("100001", "", "", "x")}, {"params": ()}, {"receiver": "081234567891"}, {"reference": "2"}],
    ids=["param", "no params", "receiver", "reference"],
)
def test_a_code_is_for_what_it_was_asked_for(otps, other):
    one = otps()
    one.request(**BOUND)
    (code,) = one.codes()
    assert one.verify(code, **(BOUND | other)) == ("1202", "otp.wrong")
    assert one.verify(code, **BOUND) is None


def test_the_settings_are_those_in_force(otps):
    one = otps()
    one.desk.configure(OtpSection(length=8, attempts=1, lifetime_s=1, resend_s=60), "en")
    one.request()
    (code,) = one.codes()
    assert len(code) == 8
    assert refusal(one.ask, "2") == ("1107", "otp.resend")
    assert one.verify(wrong(code)) == ("1202", "otp.locked")
    time.sleep(1)
    assert one.verify(code) == ("1203", "otp.expired")
    one.desk.configure(OtpSection(resend_s=0), "en")
    assert one.request().state == "submitted"


@pytest.mark.parametrize(("asked", "life_s"), [({}, 300), ({"lifetime_s": 60}, 60), ({"transport_s": 30}, 30)])
def test_the_message_lives_no_longer_than_its_code_and_transport(otps, asked, life_s):
    one = otps()
    one.floor.floor["m0"].plan.append(gate := Gate())
    held = one.ask(**asked)
    assert gate.reached.wait(5)
    (message,) = one.floor.broker._recall.in_flight.values()
    assert life_s - 1 < message.expires_s - message.started_s <= life_s
    gate.open.set()
    held.get()
    assert refusal(one.ask, "2", lifetime_s=-1)[0] == "1203"


REFUSED = {
    "blocked": (lambda one: one.floor.broker.blocklist.block("6281234567890"), ("1103", "number.blocked")),
    "no modem": (lambda one: one.floor.lose("m0"), ("1101", "route.no_modem")),
    "stopping": (lambda one: one.floor.broker.drain(0), ("1102", "dispatch.stopping")),
}


@pytest.mark.parametrize("why", REFUSED)
@pytest.mark.parametrize("wait", [True, False])
def test_what_is_refused_leaves_nothing_behind(otps, why, wait):
    one = otps(resend_s=60)
    act, told = REFUSED[why]
    act(one)
    for _ in range(2):
        assert refusal(one.ask(wait=wait).get) == told
    assert len(one.desk._book) == 0


def test_limits_hold_for_codes_too(otps):
    one = otps({"limits": LimitsSection(per_number_hour=1)})
    one.request("1")
    assert refusal(one.ask("2").get) == ("1107", "limit.per_number_hour")
    one.floor.broker.limits.settings = LimitsSection()
    assert one.request("2").state == "submitted"


def test_what_failed_leaves_the_reference_free(otps):
    one = otps(resend_s=60)
    one.floor.floor["m0"].plan.append(Refuse(Blame.MESSAGE))
    sent = one.request()
    assert (sent.state, sent.code) == ("failed", ResponseCode.FAILED)
    assert one.request().state == "submitted"
    (code,) = one.codes()
    assert one.verify(code) is None


def test_what_may_be_out_stands(otps):
    one = otps()
    one.floor.floor["m0"].plan.append(Silent())
    assert one.request().state == "unknown"
    (code,) = one.codes()
    assert refusal(one.ask) == ("1201", "otp.duplicate")
    assert one.verify(code) is None


def test_a_code_can_be_verified_before_the_modem_has_confirmed_it(otps):
    one = otps()
    one.floor.floor["m0"].plan.append(gate := Gate(with_text=True, then=Silent()))
    held = one.ask()
    assert gate.reached.wait(5)
    gate.open.set()
    held.get()
    assert one.verify(one.codes()[0]) is None


@pytest.mark.parametrize(
    "again", [{"idempotency_key": "k"}, {"door": "amqp", "delivery_key": "k"}, {"message_id": "f" * 24}]
)
def test_a_request_asked_again_has_the_same_outcome_and_no_new_code(otps, again):
    one = otps(resend_s=60)
    one.floor.floor["m0"].plan.append(gate := Gate())
    first = one.ask(**again)
    assert gate.reached.wait(5)
    second = one.ask(**again)
    early = one.ask(**again, wait=False).get().sent
    assert (early.state, early.replayed, second.came) == ("queued", True, False)
    gate.open.set()
    assert not first.get().sent.replayed
    third = one.request(**again)
    for sent in (second.get().sent, third):
        assert (sent.state, sent.replayed, sent.message_id) == ("submitted", True, early.message_id)
    assert len(one.codes()) == 1
    assert one.verify(one.codes()[0]) is None


def test_an_idempotency_key_with_other_content(otps):
    one = otps()
    one.request(idempotency_key="k")
    for other in ({"reference": "2"}, {"params": ("x",)}, {"text": "Code %s"}):
        assert refusal(one.ask, **{"idempotency_key": "k"} | other) == ("1105", "idempotency.other_content")
    assert one.request("2", user="other", idempotency_key="k", receiver="081234567891").state == "submitted"


def test_a_key_whose_message_failed_is_tried_afresh(otps):
    one = otps()
    one.floor.floor["m0"].plan.append(Refuse(Blame.MESSAGE))
    assert one.request(idempotency_key="k").state == "failed"
    again = one.request(idempotency_key="k")
    assert (again.state, again.replayed) == ("submitted", False)


def test_given_again_by_a_broker_without_a_name(otps):
    one = otps()
    first = one.request(door="amqp", user="")
    again = one.request(door="amqp", user="", broker_redelivered=True)
    assert (again.message_id, again.replayed) == (first.message_id, True)
    assert refusal(one.ask, door="amqp", broker_redelivered=True, text="Code %s") == ("1201", "otp.duplicate")
    assert len(one.codes()) == 1


def test_an_early_answer_and_what_comes_of_it(otps):
    one = otps()
    one.floor.floor["m0"].plan.append(gate := Gate(then=Refuse(Blame.MESSAGE)))
    early = one.request(wait=False, idempotency_key="k")
    assert (early.state, early.code) == ("queued", ResponseCode.SUCCESS)
    assert refusal(one.ask) == ("1201", "otp.duplicate")
    joined = one.ask(idempotency_key="k")
    gate.open.set()
    assert (joined.get().sent.state, joined.get().sent.message_id) == ("failed", early.message_id)
    assert len(one.desk._book) == 0


def test_whoever_follows_outcomes_is_told_of_the_reference_and_not_of_the_code(otps):
    one = otps()
    heard = []
    one.floor.broker.await_outcomes(AwaitOutcomes(), heard.append)
    sent = one.request("invoice 7", callback="https://app.example/otp", params=("secret",))
    one.floor.broker.await_outcomes(AwaitOutcomes(life=heard[0].life), heard.append)
    (event,) = heard[1].events
    assert (event.message_id, event.reference, event.callback) == (
        sent.message_id,
        "invoice 7",
        "https://app.example/otp",
    )
    assert not re.search(f"secret|{one.codes()[0]}", repr(event))


def test_a_restart_forgets_every_code(otps, tmp_path):
    one = otps()
    one.request()
    (code,) = one.codes()
    life = Otps(one.floor)
    try:
        assert life.verify(code) == ("1202", "otp.wrong")
        assert life.request(redelivered=True).state == "submitted"
        assert life.verify(one.codes()[1]) is None
    finally:
        life.close()


def test_a_question_asked_again_under_its_key(otps):
    one = otps()
    one.request()
    (code,) = one.codes()
    assert [one.verify(code, key="k") for _ in range(2)] == [None, None]
    assert one.verify(code, key="k", user="other") == ("1202", "otp.used")


def test_right_guesses_in_parallel_succeed_once(otps):
    one = otps(attempts=10)
    one.request()
    (code,) = one.codes()
    answers, together = [], threading.Barrier(10)

    def guess():
        together.wait()
        answers.append(one.verify(code))

    threads = [threading.Thread(target=guess) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(answers) == {None: 1, ("1202", "otp.used"): 9}


def told(reply):
    try:
        reply.get()
    except BrokerError as error:
        return error.key
    return None


def test_guesses_wait_in_a_short_line_and_those_sent_away_do_not_count(otps):
    one = otps(attempts=1)
    one.request()
    (code,) = one.codes()
    begun, go_on = threading.Event(), threading.Event()
    one.desk._slow.put(SHOP, lambda: (begun.set(), go_on.wait(5)))
    assert begun.wait(5)
    waiting = [one.guess("1", reference=f"unknown {n}") for n in range(MOST_WAITING)]
    assert refusal(one.guess, code) == refusal(one.ask, "2") == ("1107", "otp.busy")
    other = one.guess("1", reference="unknown", user="other")
    go_on.set()
    assert {told(reply) for reply in [*waiting, other]} == {"otp.wrong"}
    assert one.verify(code) is None
    assert one.request("2").state == "submitted"


def test_an_unknown_reference_costs_what_a_wrong_code_does(otps):
    one = otps(attempts=10)
    one.request()
    clock = time.pthread_getcpuclockid(one.desk._slow._thread.ident)
    cost = {}
    for reference in ("1", "unknown"):
        began = time.clock_gettime(clock)
        assert {one.verify("0", reference=reference) for _ in range(9)} == {("1202", "otp.wrong")}
        cost[reference] = time.clock_gettime(clock) - began
    assert cost["unknown"] == pytest.approx(cost["1"], rel=0.5)


# -- by mail ----------------------------------------------------------------------------------------------------------


def code_in(letter):
    return letter.text.reveal().removeprefix("Kode ")


def settle(one, letter, state="submitted"):
    """What a door says of a letter; whether its code is known."""
    sent = Sent(message_id=letter.token, state=state, code=CODES[state], modem="gmail")
    reply = Reply()
    one.desk.settle(SettleOtp(reference="1", sent=sent), reply)
    return reply.get().known


@pytest.mark.parametrize(("language", "subject"), [("en", "Your code"), ("id", "Kode Anda")])
def test_a_code_to_an_address_is_a_letter_for_the_door(otps, language, subject):
    one = otps(language=language)
    letter = one.ask(receiver=MAIL, wait=False).get().letter
    assert (letter.subject, 299 < letter.life_s <= 300) == (subject, True)
    assert settle(one, letter)
    assert one.verify(code_in(letter), receiver=NUMBER) == ("1202", "otp.wrong")
    assert one.verify(code_in(letter), receiver=" someone@example.ID ") is None
    assert one.codes() == []


def test_a_letter_that_did_not_go_out_leaves_nothing_behind(otps):
    one = otps(resend_s=60)
    first = one.ask(receiver=MAIL).get().letter
    assert refusal(one.ask, receiver=MAIL) == ("1201", "otp.duplicate")
    assert settle(one, first, "failed")
    assert not settle(one, first)
    assert one.verify(code_in(first), receiver=MAIL) == ("1202", "otp.wrong")
    assert one.ask(receiver=MAIL).get().letter is not None


def test_who_asks_again_under_a_key_waits_for_the_letters_word(otps):
    one = otps()
    letter = one.ask(receiver=MAIL, idempotency_key="k").get().letter
    joined = one.ask(receiver=MAIL, idempotency_key="k", wait=False)
    assert not joined.came
    settle(one, letter)
    late = one.ask(receiver=MAIL, idempotency_key="k")
    for reply in (joined, late):
        assert (reply.get().sent.modem, reply.get().sent.replayed) == ("gmail", True)


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ({}, {"broker_redelivered": True}),
        ({"delivery_key": "k"}, {"delivery_key": "k", "broker_redelivered": True}),
        ({"message_id": "f" * 24}, {"message_id": "f" * 24, "redelivered": True}),
    ],
)
def test_a_letter_whose_door_is_lost_is_written_again(otps, first, again):
    one = otps()
    lost = one.ask(receiver=MAIL, door="amqp", **first).get().letter
    letter = one.ask(receiver=MAIL, door="amqp", **again).get().letter
    assert not settle(one, lost, "failed")
    assert settle(one, letter)
    assert one.verify(code_in(lost), receiver=MAIL) == ("1202", "otp.wrong")
    assert one.verify(code_in(letter), receiver=MAIL) is None


def test_a_letter_that_nobody_tells_of_may_be_out(otps, monkeypatch):
    monkeypatch.setattr(desk_module, "NO_WORD_S", 0.1)
    one = otps()
    letter = one.ask(receiver=MAIL, idempotency_key="k", deadline_s=0.1).get().letter
    sent = one.request(receiver=MAIL, idempotency_key="k")
    assert (sent.state, sent.code, sent.key) == ("unknown", ResponseCode.OUTCOME_UNKNOWN, "otp.no_word")
    assert one.verify(code_in(letter), receiver=MAIL) is None
    assert settle(one, letter)
