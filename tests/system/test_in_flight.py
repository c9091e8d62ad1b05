"""What is in flight ends as it began, whatever is changed, repeated or stopped meanwhile."""

import signal
import threading
import time

import pytest

from fakes import air
from fakes.whole import AUTH, Whole


@pytest.fixture
def pair(tmp_path):
    """Two modems that take half a second for an SMS."""
    with Whole(tmp_path, "--simulate", 2) as whole, whole.simulator() as simulator:
        assert whole.otpb("modem", "set", "sim1", "default_modem=true").returncode == 0
        simulator.set(latency_s=0.5)
        whole.simulated = simulator
        yield whole


class Senders:
    """One thread for each message; `answers` when all have theirs."""

    def __init__(self, whole, count, **more):
        self._answers = [None] * count

        def send(at):
            self._answers[at] = whole.sms(f"0812000000{at:02d}", f"text {at}", **more)

        self._threads = [threading.Thread(target=send, args=(at,)) for at in range(count)]
        for thread in self._threads:
            thread.start()
        whole.until(lambda: whole.status()["counters"]["accepted"] >= count)

    def answers(self):
        for thread in self._threads:
            thread.join()
        return self._answers


@pytest.mark.parametrize(
    "change", [("set", "sim0", "active=false"), ("remove", "sim0"), ("set", "sim0", "port=/dev/null")]
)
def test_a_modem_is_taken_away_while_it_sends(pair, change):
    """Its own message is finished, those that waited go elsewhere, none twice."""
    senders = Senders(pair, 6)
    assert pair.otpb("modem", *change).returncode == 0
    answers = senders.answers()
    assert [answer.code for answer in answers] == ["0000"] * 6
    assert not any("resent" in answer.data for answer in answers)
    assert sorted(each.text for each in air.heard(pair.simulated.submitted())[0]) == [f"text {at}" for at in range(6)]
    pair.simulated.clear()
    after = pair.sms("081200000090", "after")
    assert (after.code, after.data["modem"]) == ("0000", "sim1")


def test_stopping_lets_what_was_accepted_end(pair):
    senders = Senders(pair, 8)
    with pair.client() as idle:
        began = time.monotonic()
        assert pair.stop() == 0
        assert time.monotonic() - began < 10
        assert idle.is_closed()
    assert [answer.code for answer in senders.answers()] == ["0000"] * 8


def test_a_key_repeated_at_once_is_one_sms(pair):
    answers = []

    def send():
        answers.append(pair.sms("081200000001", "one", headers={"Idempotency_Key": "key"}))

    threads = [threading.Thread(target=send) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {(answer.status, answer.code) for answer in answers} == {(200, "0000")}
    assert sum(answer.data.get("replayed", False) for answer in answers) == 11
    assert len({answer.data["message_id"] for answer in answers}) == 1
    assert len(pair.simulated.submitted()) == 1
    other = pair.sms("081200000001", "another", headers={"Idempotency_Key": "key"})
    assert (other.status, other.code) == (422, "1105")


def test_an_early_answer_leads_to_the_state(pair):
    early = pair.sms("081200000001", "early", headers={"Prefer": "respond-async"})
    assert (early.status, early.code) == (202, "0000")

    def state():
        with pair.client() as client:
            answer = client.request("GET", early.headers["location"], auth=AUTH)
        assert answer.status == 200
        assert "early" not in answer.body.decode()
        return answer.data["state"]

    assert state() in ("queued", "sending")
    pair.until(lambda: state() == "delivered")


def test_signals_until_the_very_end_leave_the_exit_status_zero(tmp_path):
    """As timeout(1) sends them to the process and to its group, at whatever moment the second arrives."""
    with Whole(tmp_path, "--simulate", 1) as whole:
        while whole.process.poll() is None:
            whole.process.send_signal(signal.SIGTERM)
            time.sleep(0.002)
        assert whole.process.returncode == 0
