"""Every accepted message ends exactly once, whatever modems, disks, clients and administrators do meanwhile."""

import random
import threading
from collections import Counter

import pytest

from fakes.floor import Gate, Refuse, RefuseText, Silent, modem
from otpbroker.config.sections.sms import SmsSection
from otpbroker.errors import BrokerError
from otpbroker.modem.contract import Blame
from otpbroker.modem.status import ModemState
from otpbroker.sms import submit

FINAL = {"submitted", "failed", "expired", "unknown"}
OUTCOMES = [
    *[lambda: None] * 12,
    lambda: Refuse(Blame.MESSAGE),
    lambda: Refuse(Blame.MODEM),
    lambda: Refuse(Blame.TRANSIENT),
    lambda: RefuseText(Blame.TRANSIENT),
    lambda: RefuseText(Blame.MODEM),
    Silent,
]


class Storm:
    """Some seconds' worth of everything at once, from a seed."""

    def __init__(self, one, seed, messages):
        self.one, self.seed, self.messages = one, seed, messages
        self.answers, self.refused = [], Counter()
        self._over = threading.Event()

    def run(self):
        for number, fake in enumerate(self.one.floor.values()):
            fake.outcome = self._outcomes(random.Random(f"{self.seed} {number}"))
        chaos = threading.Thread(target=self._chaos)
        chaos.start()
        self._send()
        self._over.set()
        chaos.join()
        for fake in self.one.floor.values():
            fake.be(ModemState.READY).wait(10)

    def _outcomes(self, dice):
        def outcome():
            make = dice.choice(OUTCOMES)
            return make()

        return outcome

    def _send(self):
        dice = random.Random(self.seed)
        for number in range(self.messages):
            fields = {"msisdn": f"62812{dice.randrange(50):08}", "text": "Kode " * dice.choice([1, 1, 1, 60])}
            fields |= dice.choice([{}, {}, {"wait": False}, {"deadline_s": 0.02}, {"lifetime_s": 0.05}])
            fields |= dice.choice([{}, {}, {"modem": "m0"}, {"id": str(dice.randrange(5))}])
            fields |= dice.choice([{}, {}, {"idempotency_key": f"k{number}"}])
            try:
                self.answers.append(self.one.send(**fields))
            except BrokerError as error:
                self.refused[error.key] += 1

    def _chaos(self):
        dice = random.Random(-self.seed)
        while not self._over.wait(0.002):
            dice.choice([self._flap, self._flap, self._settings, self._block])(dice)

    def _flap(self, dice):
        state = dice.choice([ModemState.READY, ModemState.READY, ModemState.RECOVERING])
        self.one.floor[dice.choice(list(self.one.floor))].be(state)

    def _settings(self, dice):
        prefixes = [(), ("62812",), ("628120", "62871")]
        self.one.configure(*(modem(f"m{n}", recipient_prefix=dice.choice(prefixes)) for n in range(4)))

    def _block(self, dice):
        number = f"62812{dice.randrange(50):08}"
        self.one.broker.blocklist.block(number)
        self.one.broker.withdraw(number)
        self.one.broker.blocklist.unblock(number)


@pytest.mark.parametrize("seed", range(1, 7))
def test_every_message_ends_once(desk, seed):
    one = desk(*(modem(f"m{n}") for n in range(4)), sms=SmsSection(deadline_s=5, lifetime_s=5), return_grace_s=0.2)
    storm = Storm(one, seed, 400)
    storm.run()
    for answer in storm.answers:
        answer.get()
    broker = one.broker
    broker.drain(15)
    one.settle()
    one.settle()
    assert broker._recall.in_flight == {}
    assert broker.places.waiting == 0
    assert broker.places._slots == {}
    assert broker.limits.under_way == {}
    assert broker.timers._due == {}
    counted = broker.counters()
    rows = one.rows()
    assert {row.state for row in rows.values()} <= FINAL
    assert counted.accepted == len(rows) == sum(counted.by_state[state] for state in FINAL)
    assert Counter(row.state for row in rows.values()) == {
        state: count for state, count in counted.by_state.items() if state in FINAL and count
    }
    for answer in storm.answers:
        assert len(answer.words) == 1
        sent = answer.words[0]
        row = rows[sent.message_id]
        if sent.state in ("submitted", "failed", "expired"):
            assert row.state == sent.state
        else:  # queued: told at once; unknown: the modem may have told the truth later
            assert row.state in FINAL


def test_what_was_called_submitted_was_taken_and_what_was_not_left_no_text(desk):
    one = desk(*(modem(f"m{n}") for n in range(4)), return_grace_s=0.2)
    for number, fake in enumerate(one.floor.values()):
        fake.outcome = Storm(one, 0, 0)._outcomes(random.Random(number))
    words = {f"62812{n:08}": one.send(f"62812{n:08}", f"Kode {n}") for n in range(600) if n % 300 < 250}
    words = {number: answer.get() for number, answer in words.items()}
    out = Counter(submit.decode(pdu.hex).tp_da.value for _, pdu in one.received)
    for number, sent in words.items():
        if sent.state == "submitted":
            assert 1 <= out[number] <= (2 if sent.resent else 1), sent
        elif sent.state == "failed":
            assert out[number] == 0, sent
        else:
            assert (sent.state, out[number] >= 1) == ("unknown", True)
    counts = Counter(sent.state for sent in words.values())
    assert counts["submitted"] > 300
    assert counts["failed"]


def test_fair_turns_while_all_are_free(desk):
    one = desk(*(modem(f"m{n}") for n in range(4)))
    taken = Counter()
    for n in range(102):
        taken[one.send(f"62812{n:08}").get().modem] += 1
        while len(one.broker.places._free) < 4:
            one.settle()
    assert max(taken.values()) - min(taken.values()) <= 1


def test_a_busy_fleet_serves_in_order(desk):
    one = desk(modem("m0"))
    gate = Gate()
    one.floor["m0"].plan.append(gate)
    answers = [one.send(f"62812{n:08}") for n in range(50)]
    gate.open.set()
    for answer in answers:
        answer.get()
    assert [number for _, number in one.numbers()] == [f"62812{n:08}" for n in range(50)]
