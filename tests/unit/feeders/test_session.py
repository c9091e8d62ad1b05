"""A session with links that a test breaks."""

import queue
import threading

import pytest

from fakes.waiting import waits_for
from otpbroker.doors.contract import Outcome
from otpbroker.envelope.reply import Reply
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.feeders import held
from otpbroker.feeders.board import Board
from otpbroker.feeders.feeder import Feeder
from otpbroker.feeders.intake import Policy
from otpbroker.feeders.link import Delivery, Link, LinkError, Verdict
from otpbroker.feeders.session import Plan
from otpbroker.verbs.feeders import Sendable

CALLING = b'{"command":"send-sms","callback_topic":"t","data":{"msisdn":"08126666666","message":"x"}}'
SMS = b'{"command":"send-sms","data":{"msisdn":"08126666666","message":"x"}}'


class FakeLink(Link):
    """Lives until it is closed or broken."""

    server = "server:1"

    def __init__(self, refusal=None):
        self.refusal = refusal
        self.settled, self.answers, self.demands, self.held = [], [], [], []
        self.stopped = False
        self.receiver = None
        self._end = queue.SimpleQueue()

    def run(self, receiver):
        if self.refusal is not None:
            raise self.refusal
        receiver.connected()
        receiver.now("consuming")
        self.receiver = receiver
        end = self._end.get()
        if end is not None:
            raise end

    def demand(self, sendable):
        self.demands.append(sendable)

    def holding(self, messages):
        self.held.append(messages)

    def settle(self, delivery, verdict, reason="", left_s=0.0):
        self.settled.append((delivery.body, verdict))

    def answer(self, topic, body, correlation_id=""):
        self.answers.append((topic, body, correlation_id))

    def stop_consuming(self):
        self.stopped = True

    def close(self):
        self._end.put(None)

    def break_off(self, error=None):
        self._end.put(error or LinkError("feeder.lost", soon=True))


class FakeCommands:
    """Each command gets what `outcomes` holds next: a code, an error, or an event to wait for."""

    def __init__(self):
        self.outcomes = []
        self.after_waiting = ResponseCode.SUCCESS
        self.ran = []

    def run(self, command, sender):
        self.ran.append(sender)
        ordered = self.outcomes.pop(0) if self.outcomes else ResponseCode.SUCCESS
        if isinstance(ordered, BrokerError):
            raise ordered
        if isinstance(ordered, threading.Event):
            ordered.wait(10)
            ordered = self.after_waiting
        return Outcome(Reply("send-sms", ordered, ordered.value, {}))


class NoPoison:
    def begin(self, fingerprint):
        return 0

    def end(self, fingerprint):
        pass


class Bench:
    def __init__(self):
        self.links = []
        self.refusals = []
        self.commands = FakeCommands()
        self.board = Board("fake", lambda state: None)
        policy = Policy(300, "en", lambda: None, lambda body, kind: body)
        self.policy = policy
        self.feeder = Feeder(self.commands, policy, self.board, NoPoison())

    def plan(self, **fields):
        return Plan(**({"make": self.make, "settings": object(), "delay_s": 0.05} | fields))

    def make(self):
        self.links.append(FakeLink(self.refusals.pop(0) if self.refusals else None))
        return self.links[-1]

    def up(self, count=1):
        """The newest link, once it is the `count`-th and consumes."""
        waits_for(lambda: len(self.links) >= count and self.links[-1].receiver)
        return self.links[-1]


@pytest.fixture
def bench():
    made = Bench()
    yield made
    made.feeder.stop()
    made.board.stop()


def test_a_lost_link_is_made_again(bench):
    bench.feeder.configure(bench.plan(), bench.policy)
    bench.up().break_off()
    bench.up(2)
    assert bench.board.state().connected == 2
    assert bench.board.state().last_error == "feeder.lost"


def test_why_it_fails_is_shown_while_it_tries_again(bench):
    shown = []

    class Refused(FakeLink):
        def run(self, receiver):
            shown.append(bench.board.state().state)
            raise LinkError("feeder.credentials")

    bench.feeder.configure(bench.plan(make=Refused), bench.policy)
    waits_for(lambda: len(shown) >= 3)
    assert shown[:3] == ["connecting", "failed", "failed"]
    bench.feeder.configure(bench.plan(), bench.policy)
    bench.up()
    assert bench.board.state().state == "consuming"


def test_a_refusal_is_told_and_asked_again(bench):
    bench.refusals = [LinkError("feeder.credentials")] * 3
    bench.feeder.configure(bench.plan(), bench.policy)
    bench.up(4)
    assert bench.board.state().last_error == "feeder.credentials"


def test_what_can_be_sent_reaches_each_link(bench):
    two = Sendable(modems=2, general=2)
    bench.feeder.demand(two)
    bench.feeder.configure(bench.plan(), bench.policy)
    first = bench.up()
    assert first.demands == [two]
    bench.feeder.demand(Sendable())
    first.break_off()
    assert (first.demands, bench.up(2).demands) == ([two, Sendable()], [Sendable()])


def test_editing_lets_the_old_link_end_what_it_has(bench):
    bench.feeder.configure(bench.plan(), bench.policy)
    old = bench.up()
    gate = threading.Event()
    bench.commands.outcomes = [gate]
    old.receiver.arrived(Delivery(body=SMS))
    waits_for(lambda: bench.commands.ran)
    bench.feeder.configure(bench.plan(), bench.policy)
    assert old.stopped
    bench.up(2)
    assert old.settled == []
    gate.set()
    waits_for(lambda: old.settled == [(SMS, Verdict.DONE)])


def test_switched_off_it_makes_no_link(bench):
    bench.refusals = [LinkError("feeder.credentials")] * 1000
    bench.feeder.configure(bench.plan(delay_s=30), bench.policy)
    waits_for(lambda: bench.board.state().state == "failed")
    bench.feeder.configure(None, bench.policy)
    assert bench.board.state().state == "disabled"
    made = len(bench.links)
    bench.feeder.configure(bench.plan(delay_s=30), bench.policy)
    waits_for(lambda: len(bench.links) == made + 1)


def test_refreshing_ends_what_is_in_hand_first(bench):
    bench.feeder.configure(bench.plan(refresh_s=0.1), bench.policy)
    first = bench.up()
    gate = threading.Event()
    bench.commands.outcomes = [gate]
    first.receiver.arrived(Delivery(body=SMS))
    waits_for(lambda: first.stopped)
    assert len(bench.links) == 1
    gate.set()
    bench.up(2)
    assert first.settled == [(SMS, Verdict.DONE)]


def test_what_waits_for_another_try_goes_back_with_its_link(bench):
    bench.commands.outcomes = [BrokerError(ResponseCode.LIMIT, "queue.full", retry_after_s=30, most=1)]
    bench.feeder.configure(bench.plan(), bench.policy)
    first = bench.up()
    first.receiver.arrived(Delivery(body=SMS))
    waits_for(lambda: first.held == [1])
    assert bench.board.state().held == 1
    first.break_off()
    bench.up(2)
    assert (first.settled, bench.board.state().held, bench.board.state().in_hand) == ([], 0, 0)


def test_whoever_waits_for_a_modem_goes_when_one_comes(bench):
    bench.commands.outcomes = [BrokerError(ResponseCode.NO_MODEM, "route.no_modem")]
    bench.feeder.configure(bench.plan(), bench.policy)
    link = bench.up()
    link.receiver.arrived(Delivery(body=SMS, reply_to="r", correlation_id="c"))
    waits_for(lambda: link.held == [1])
    bench.feeder.demand(Sendable(modems=1))
    waits_for(lambda: link.settled == [(SMS, Verdict.DONE)], timeout_s=2)
    assert [(topic, correlation) for topic, _, correlation in link.answers] == [("r", "c")]


def test_where_others_may_try_a_message_is_passed_on(bench, monkeypatch):
    monkeypatch.setattr(FakeLink, "passes_on", True)
    bench.commands.outcomes = [BrokerError(ResponseCode.NO_MODEM, "route.no_modem")]
    bench.feeder.configure(bench.plan(), bench.policy)
    link = bench.up()
    link.receiver.arrived(Delivery(body=SMS))
    waits_for(lambda: link.settled == [(SMS, Verdict.RETRY)])


def test_lives_shrink_from_try_to_try(bench):
    again = BrokerError(ResponseCode.LIMIT, "queue.full", retry_after_s=0.05, most=1)
    bench.commands.outcomes = [again, again]
    bench.feeder.configure(bench.plan(), bench.policy)
    link = bench.up()
    link.receiver.arrived(Delivery(body=SMS, lifetime_s=20, key="k", redelivered=True))
    waits_for(lambda: link.settled)
    lives = [sender.lifetime_s for sender in bench.commands.ran]
    assert 20 >= lives[0] > lives[1] > lives[2] > 15
    assert {(sender.delivery_key, sender.broker_redelivered) for sender in bench.commands.ran} == {("k", True)}


def test_settings_that_stay_the_same_leave_the_link_alone(bench):
    bench.feeder.configure(bench.plan(settings=("host", 1)), bench.policy)
    link = bench.up()
    bench.feeder.configure(bench.plan(settings=("host", 1)), bench.policy._replace(lifetime_s=7))
    link.receiver.arrived(Delivery(body=SMS))
    waits_for(lambda: link.settled)
    assert (link.stopped, len(bench.links)) == (False, 1)
    assert bench.commands.ran[0].lifetime_s <= 7


def test_what_went_back_is_not_kept_for_another_try(bench):
    """It was being tried while its link was lost."""
    gate = threading.Event()
    bench.commands.outcomes = [gate]
    bench.commands.after_waiting = ResponseCode.NO_MODEM
    bench.feeder.configure(bench.plan(), bench.policy)
    first = bench.up()
    first.receiver.arrived(Delivery(body=SMS))
    waits_for(lambda: bench.commands.ran)
    first.break_off()
    bench.up(2)
    assert bench.board.state().in_hand == 0
    gate.set()
    waits_for(lambda: bench.board.state().retried == 1)
    bench.feeder.demand(Sendable(modems=1))
    assert (len(bench.commands.ran), bench.board.state().held, first.answers) == (1, 0, [])


# Without acknowledgements: what has arrived is ours alone


@pytest.fixture
def alone(bench, monkeypatch):
    monkeypatch.setattr(FakeLink, "gives_back", False)
    bench.commands.outcomes = [BrokerError(ResponseCode.NO_MODEM, "route.no_modem")]
    bench.feeder.configure(bench.plan(), bench.policy)
    bench.first = bench.up()
    bench.first.receiver.arrived(Delivery(body=CALLING))
    waits_for(lambda: bench.first.held == [1])
    return bench


def test_what_nobody_takes_back_outlives_its_link(alone):
    alone.first.break_off()
    alone.up(2)
    assert alone.board.state().in_hand == alone.board.state().held == 1
    alone.feeder.demand(Sendable(modems=1))
    waits_for(lambda: alone.first.settled == [(CALLING, Verdict.DONE)])
    assert b'"0000"' in alone.first.answers[0][1]


def test_it_outlives_the_settings_too(alone):
    alone.feeder.configure(alone.plan(), alone.policy)
    alone.up(2)
    alone.feeder.demand(Sendable(modems=1))
    waits_for(lambda: alone.first.settled == [(CALLING, Verdict.DONE)])
    waits_for(lambda: alone.board.state().in_hand == 0)


@pytest.mark.parametrize(
    "end", [lambda bench: bench.feeder.configure(None, bench.policy), lambda bench: bench.feeder.stop()]
)
def test_its_last_outcome_is_the_last_word_where_the_feeder_ends(alone, end):
    end(alone)
    alone.feeder.demand(Sendable(modems=1))
    assert alone.first.settled == [(CALLING, Verdict.DONE)]
    assert b'"1101"' in alone.first.answers[0][1]
    assert (len(alone.commands.ran), alone.board.state().held) == (1, 0)


def test_it_is_not_kept_without_bound(alone, monkeypatch):
    monkeypatch.setattr(held, "MOST_HELD", 1)
    alone.commands.outcomes = [BrokerError(ResponseCode.NO_MODEM, "route.no_modem")]
    alone.first.receiver.arrived(Delivery(body=CALLING))
    waits_for(lambda: alone.first.settled)
    assert b'"1101"' in alone.first.answers[0][1]
    assert alone.board.state().held == 1


def test_refreshing_waits_for_nobody(bench, monkeypatch):
    monkeypatch.setattr(FakeLink, "gives_back", False)
    gate = threading.Event()
    bench.commands.outcomes = [gate]
    bench.feeder.configure(bench.plan(refresh_s=0.1), bench.policy)
    first = bench.up()
    first.receiver.arrived(Delivery(body=SMS))
    bench.up(2)
    assert (first.stopped, first.settled) == (False, [])
    gate.set()
    waits_for(lambda: first.settled == [(SMS, Verdict.DONE)])


def test_stopping_waits_for_what_is_being_sent(bench, monkeypatch):
    monkeypatch.setattr(FakeLink, "gives_back", False)
    gate = threading.Event()
    bench.commands.outcomes = [gate]
    bench.feeder.configure(bench.plan(delay_s=30), bench.policy)
    link = bench.up()
    link.receiver.arrived(Delivery(body=SMS))
    link.break_off(LinkError("feeder.silent"))
    waits_for(lambda: bench.board.state().state == "failed")
    stopping = threading.Thread(target=bench.feeder.stop)
    stopping.start()
    waits_for(lambda: bench.board.state().state == "stopping")
    assert link.settled == []
    gate.set()
    stopping.join(10)
    assert link.settled == [(SMS, Verdict.DONE)]


def test_a_control_command_waits_for_dispatch_and_what_follows_waits_for_it(bench):
    away = BrokerError(ResponseCode.FAILED, "dispatch.unavailable", retry_after_s=3)
    bench.commands.outcomes = [away, away, away]
    bench.feeder.configure(bench.plan(), bench.policy)
    link = bench.up()
    block = b'{"command":"block-msisdn","data":{"msisdn":"08126666666"}}'
    link.receiver.arrived(Delivery(body=block))
    assert link.settled == [(block, Verdict.DONE)]
    link.receiver.arrived(Delivery(body=SMS))
    waits_for(lambda: len(link.settled) == 2)
    assert len(bench.commands.ran) == 5
