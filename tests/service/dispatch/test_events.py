"""What followers hear of messages: their outcomes, and later what the network told."""

import threading

import pytest

from fakes.floor import Refuse, modem
from otpbroker.dispatch import events as streaming
from otpbroker.modem.contract import Blame
from otpbroker.outcomes import stream
from otpbroker.verbs.events import AwaitOutcomes

NUMBER = "6281234567890"
CALLBACK = "https://app.example/otp"


class Follower:
    def __init__(self, desk):
        self._desk = desk
        self._news = threading.Condition()
        self.life = ""
        self.last = 0
        self.lost = 0
        self.events = []
        self._ask()

    def _ask(self):
        self._desk.broker.await_outcomes(AwaitOutcomes(life=self.life, after=self.last), self._told)

    def _told(self, outcomes):
        with self._news:
            self.life, self.last = outcomes.life, outcomes.last
            self.lost += outcomes.lost
            self.events += outcomes.events
            self._news.notify_all()
        self._ask()

    def until(self, count):
        with self._news:
            assert self._news.wait_for(lambda: len(self.events) >= count, 10), self.events
            return self.events


def report(one, tp_mr, *, delivered, modem_id="m0"):
    one.broker.delivery_report(modem_id, tp_mr, NUMBER, delivered, "" if delivered else "report.failed")


def told(follower, count):
    return [(event.state, event.key) for event in follower.until(count)]


def test_a_message_is_submitted_and_then_delivered(desk):
    one = desk()
    follower = Follower(one)
    sent = one.send(id="42", callback=CALLBACK).get()
    report(one, 1, delivered=True)
    submitted, delivered = follower.until(2)
    assert (submitted.state, delivered.state) == ("submitted", "delivered")
    for event in (submitted, delivered):
        assert (event.message_id, event.id, event.callback) == (sent.message_id, "42", CALLBACK)
        assert (event.door, event.user, event.msisdn_masked) == ("rest", "shop", "62812****890")
        assert (event.modem, event.parts, event.code) == ("m0", 1, "0000")
    assert [submitted.sequence, delivered.sequence] == [1, 2]


def test_every_end_of_an_accepted_message_is_told_and_no_refusal(desk):
    one = desk(modem("m0"))
    follower = Follower(one)
    one.floor["m0"].plan.append(Refuse(Blame.MESSAGE, "modem.cms.21"))
    one.send().get()
    one.send("6281200000001", "Kode " * 60).get()
    one.broker.blocklist.block("6281200000002")
    with pytest.raises(Exception, match="blocked"):
        one.send("6281200000002")
    report(one, 1, delivered=False)
    one.broker.delivery_report("m0", 1, "6281200000001", True, "")
    one.broker.delivery_report("m0", 2, "6281200000001", False, "report.failed")
    one.broker.delivery_report("m0", 2, "6281200000001", True, "")
    one.send("6281200000003").get()
    assert told(follower, 4) == [
        ("failed", "modem.cms.21"),
        ("submitted", ""),
        ("failed", "report.failed"),
        ("submitted", ""),
    ]


def test_what_was_sent_in_another_life_is_delivered_in_this_one(desk, tmp_path):
    one = desk()
    sent = one.send(id="42", callback=CALLBACK).get()
    one.settle()
    two = one.killed(tmp_path / "two")
    try:
        follower = Follower(two)
        report(two, 1, delivered=True)
        (event,) = follower.until(1)
        assert (event.message_id, event.state, event.user) == (sent.message_id, "delivered", "shop")
        assert (event.id, event.callback) == ("", "")
        assert follower.life != one.broker._events.life
    finally:
        two.close()


def test_callbacks_are_remembered_for_the_newest_only(desk, monkeypatch):
    monkeypatch.setattr(streaming, "_REMEMBERED", 2)
    one = desk()
    follower = Follower(one)
    for number in range(3):
        one.send(text=f"Kode {number}", callback=f"{CALLBACK}/{number}").get()
    for tp_mr in (1, 2, 3):
        report(one, tp_mr, delivered=True)
    assert [event.callback[-2:] for event in follower.until(6)[3:]] == ["", "/1", "/2"]


def test_who_is_slow_hears_how_many_were_lost(desk, monkeypatch):
    monkeypatch.setattr(stream, "KEPT", 5)
    one = desk()
    for number in range(8):
        one.send(f"62812000000{number:02}").get()
    words = []
    one.broker.await_outcomes(AwaitOutcomes(life="another"), words.append)
    assert (words[0].lost, words[0].last, [event.sequence for event in words[0].events]) == (3, 8, [4, 5, 6, 7, 8])
