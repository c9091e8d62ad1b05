"""What is answered 0000 has left a modem, whatever modems and processes do meanwhile; copies are marked."""

import collections
import os
import random
import signal
import threading
import time

import pytest

from fakes import air
from fakes.load import Wish, send_all
from fakes.whole import Whole
from otpbroker.simulator.knobs import STORM

GONE = ("1101", "1102")
WIDE = "Kode Anda 🔐 {at:06d}, jangan beri tahu siapa pun"


def wishes(count, first=0):
    """One in six of two parts, one in three in UCS-2."""
    for at in range(first, first + count):
        text = f"OTP {at:06d} " + "x" * (200 if at % 6 == 0 else 20)
        yield Wish(f"key-{at}", f"62813{at:08d}", WIDE.format(at=at) if at % 3 == 1 else text)


def share_alike(whole, modems):
    """Every modem takes a part of everything."""
    for index in range(modems):
        assert whole.otpb("modem", "set", f"sim{index}", "default_modem=true").returncode == 0


class Verdict:
    """`told` by the door against what the network heard and what the ledger says of it."""

    def __init__(self, whole, simulator, told):
        received, self.in_pieces = air.heard(simulator.submitted())
        self.copies = collections.Counter((each.number, each.text) for each in received)
        self.codes = collections.Counter(each.code for each in told)
        rows = whole.told("messages", "--limit", 10_000)["messages"]
        resent = sum(row["resent"] for row in rows)
        marked = sum(bool(each.data.get("resent")) for each in told)
        wanted = {(each.wish.number, each.wish.text) for each in told}
        self.invented = [message for message in self.copies if message not in wanted]
        sent = [(each.wish.number, each.wish.text) for each in told if each.code == "0000"]
        self.lost = [message for message in sent if message not in self.copies]
        self.extra = sum(self.copies.values()) - len(self.copies)
        self.marked = max(resent, marked)
        self.worst_s = max(each.took_s for each in told)

    def __str__(self):
        return (
            f"answers {dict(self.codes)}, lost {len(self.lost)}, copies {self.extra}, marked {self.marked},"
            f" longest {self.worst_s:.1f} s"
        )


class Trouble(threading.Thread):
    """Calls `strike` every now and then until `end`."""

    def __init__(self, strike, pause_s):
        super().__init__()
        self._strike = strike
        self._pause_s = pause_s
        self._over = threading.Event()
        self.struck = 0
        self.start()

    def run(self):
        while not self._over.wait(self._pause_s):
            self._strike()
            self.struck += 1

    def end(self):
        self._over.set()
        self.join()


def test_modems_that_misbehave_lose_nothing(tmp_path):
    """Storms of unsolicited lines, refusals, lost references, unplugging in the middle of a text, hangs."""
    chance = random.Random(7)
    with Whole(tmp_path, "--simulate", 6) as whole, whole.simulator() as simulator, whole.simulator() as hand:
        share_alike(whole, 6)
        simulator.set(urc_storm=STORM, chunk_octets=3, latency_s=0.02)
        simulator.set(0, garbage="\x00\xff~}\x07~\r\n+X", latency_s=0.02)

        def strike():
            modem, fault = chance.randrange(1, 5), chance.randrange(8)
            if fault == 0:
                hand.set(modem, cms_error={"code": chance.choice([38, 50, 500, 512]), "times": 3})
            elif fault == 1:
                hand.set(modem, lost_cmgs=1, busy=1)
            elif fault == 2:
                hand.set(modem, unplug_at_text=1)
            elif fault == 3:
                hand.unplug(modem)
            elif fault == 4 and not trouble.struck % 4:
                hand.set(modem, hang="until_restart")
            else:
                hand.replug(modem)

        trouble = Trouble(strike, 0.07)
        told = send_all(whole.port, wishes(150), 24, again=lambda code: code in GONE)
        trouble.end()
        verdict = Verdict(whole, simulator, told)
        print(f"{trouble.struck} faults: {verdict}")  # noqa: T201
        assert trouble.struck > 5
        assert not verdict.lost
        assert not verdict.invented
        assert verdict.codes.keys() <= {"0000", "1106"}
        assert verdict.extra <= verdict.marked


def kill(whole, service):
    """Its process id, none if it had none."""
    pid = whole.pids()[service]
    if pid is not None:
        os.kill(pid, signal.SIGKILL)
    return pid


def back(whole, *gone):
    """All services run, none as a process of `gone`."""
    pids = whole.pids().values()
    return all(pids) and not set(gone) & set(pids) and whole.modems()


def through_kills(tmp_path, services, count):
    chance, modems = random.Random(8), 6
    with Whole(tmp_path, "--simulate", modems) as whole, whole.simulator() as simulator:
        share_alike(whole, modems)
        simulator.set(latency_s=0.02)

        def strike():
            time.sleep(chance.random() / 4)
            kill(whole, chance.choice(services))

        trouble = Trouble(strike, 0.8)
        told = send_all(whole.port, wishes(count), 16, again=lambda code: code in GONE)
        trouble.end()
        whole.until(lambda: back(whole), 30)  # the later, the oftener it was killed before it was ready
        for service in services:
            gone = kill(whole, service)
            assert whole.until(lambda gone=gone: back(whole, gone), 10) < 3
        verdict = Verdict(whole, simulator, told)
        print(f"{'/'.join(services)} killed {trouble.struck} times: {verdict}")  # noqa: T201
        assert trouble.struck >= 2
        assert not verdict.lost
        assert not verdict.invented
        assert verdict.codes.keys() <= {"0000", "1106"}
        assert verdict.extra <= min(verdict.marked, trouble.struck * modems)
        assert verdict.codes["1106"] <= trouble.struck * modems


@pytest.mark.parametrize("service", ["dispatch", "api"])
def test_a_killed_process_loses_nothing(tmp_path, service):
    through_kills(tmp_path, [service], 400)


@pytest.mark.soak
@pytest.mark.timeout(180)
def test_killed_processes_lose_nothing_of_twelve_hundred(tmp_path):
    through_kills(tmp_path, ["dispatch", "api"], 1_200)


@pytest.fixture
def pair(tmp_path):
    """Two modems that take turns."""
    with Whole(tmp_path, "--simulate", 2) as whole, whole.simulator() as simulator:
        share_alike(whole, 2)
        whole.simulated = simulator
        yield whole


def texts(whole):
    return sorted(each.text for each in air.heard(whole.simulated.submitted())[0])


def timed(send):
    began = time.monotonic()
    answer = send()
    return answer, time.monotonic() - began


def test_a_hung_modem_delays_no_message_of_another(pair):
    pair.simulated.set(0, hang="hard")
    answers, took = [], []
    threads = [
        threading.Thread(target=lambda at=at: answers.append(timed(lambda: pair.sms(f"08130000000{at}", f"text {at}"))))
        for at in range(2)
    ]
    for thread in threads:
        thread.start()
    pair.until(lambda: answers and pair.status()["counters"]["in_flight"] == 1, 4)
    with pair.client() as client:
        for at in range(10, 40):
            answer, took_s = timed(lambda at=at: pair.sms(f"0813000000{at}", f"text {at}", client))
            assert (answer.code, answer.data["modem"]) == ("0000", "sim1")
            took.append(took_s)
    for thread in threads:
        thread.join()
    assert [(answer.code, answer.data["modem"]) for answer, _ in answers] == [("0000", "sim1")] * 2
    assert not any("resent" in answer.data for answer, _ in answers)
    moved_s = answers[1][1]
    print(f"others at most {max(took) * 1000:.0f} ms, the stuck one after {moved_s:.2f} s")  # noqa: T201
    assert max(took) < 0.5
    assert moved_s < 6
    assert len(texts(pair)) == 32


def test_unplugged_in_the_middle_of_a_text(pair):
    pair.simulated.set(unplug_at_text=1)
    pair.simulated.set(1, unplug_at_text=0)
    answers = [pair.sms(f"0813000000{at}", f"text {at}") for at in range(10, 14)]
    assert [answer.code for answer in answers] == ["0000"] * 4
    assert sum(answer.data.get("resent", False) for answer in answers) == 1
    assert {answer.data["modem"] for answer in answers} == {"sim1"}
    assert texts(pair) == [f"text {at}" for at in range(10, 14)]


def test_replugged_to_the_first_sms(tmp_path):
    with Whole(tmp_path, "--simulate", 1) as whole, whole.simulator() as simulator:
        assert whole.sms("081300000001", "before").code == "0000"
        simulator.unplug(0)
        whole.until(lambda: whole.modems()["sim0"]["state"] == "absent", 5)
        assert whole.sms("081300000002", "without").code == "1101"
        time.sleep(2)  # long enough for the longest pause between two looks
        simulator.replug(0)
        answer, took_s = timed(lambda: until_sent(whole, "081300000003"))
        print(f"first SMS {took_s:.2f} s after the replug")  # noqa: T201
        assert answer.code == "0000"
        assert took_s < 3


def until_sent(whole, number):
    with whole.client() as client:
        while (answer := whole.sms(number, "after", client)).code == "1101":
            time.sleep(0.02)
    return answer


def test_an_unplugged_port_does_not_flood_the_log(tmp_path):
    with Whole(tmp_path, "--simulate", 2) as whole, whole.simulator() as simulator:
        before = len(whole.said().splitlines())
        simulator.unplug(0)
        time.sleep(3)
        simulator.replug(0)
        whole.until(lambda: whole.modems()["sim0"]["state"] == "ready", 5)
        lines = whole.said().splitlines()[before:]
        assert 1 <= len(lines) <= 4, lines
        assert all("sim0" in line for line in lines)


def test_the_same_id_with_another_text_is_another_sms_and_with_the_same_is_not(pair):
    answers = [pair.sms("081300000001", text) for text in ("OTP 1", "OTP 2", "OTP 1", "OTP 2")]
    assert [answer.code for answer in answers] == ["0000"] * 4
    assert [answer.data.get("replayed", False) for answer in answers] == [False, False, True, True]
    assert [answer.data["message_id"] for answer in answers[2:]] == [each.data["message_id"] for each in answers[:2]]
    assert texts(pair) == ["OTP 1", "OTP 2"]


def test_two_doors_at_once_never_mix(tmp_path):
    """REST and the command line on one slow modem that says much in between."""
    with Whole(tmp_path, "--simulate", 1) as whole, whole.simulator() as simulator:
        simulator.set(urc_storm=STORM, latency_s=0.01, chunk_octets=7)
        by_rest = list(wishes(60))
        by_hand = [(f"62857{at:08d}", f"by hand {at}") for at in range(6)]
        done = []

        def type_in():
            done.extend(whole.otpb("send", number, stdin=text).returncode for number, text in by_hand)

        hand = threading.Thread(target=type_in)
        hand.start()
        told = send_all(whole.port, by_rest, 4)
        hand.join()
        received, in_pieces = air.heard(simulator.submitted())
        assert not in_pieces
        assert {each.code for each in told} == {"0000"}
        assert done == [0] * len(by_hand)
        sent = {(wish.number, wish.text) for wish in by_rest} | set(by_hand)
        assert collections.Counter((each.number, each.text) for each in received) == dict.fromkeys(sent, 1)


@pytest.mark.slow
def test_texts_in_doubt_are_settled_within_35_seconds(tmp_path):
    """Both modems go silent after the text: a short one goes out once more elsewhere, a long one does not."""
    with Whole(tmp_path, "--simulate", 3) as whole, whole.simulator() as simulator:
        share_alike(whole, 3)
        simulator.set(2, registration=0)
        whole.until(lambda: whole.modems()["sim2"]["state"] != "ready", 5)
        simulator.set(silent_after_text=1)
        simulator.set(2, silent_after_text=0)
        found = {}

        def send(number, text):
            found[number] = timed(lambda: whole.sms(number, text))

        threads = [
            threading.Thread(target=send, args=job) for job in (("081300000001", "OTP 1"), ("081300000002", LONG))
        ]
        for thread in threads:
            thread.start()
        whole.until(lambda: len(simulator.submitted()) == 2, 5)
        simulator.set(2, registration=1)
        whole.until(lambda: whole.modems()["sim2"]["state"] == "ready", 5)
        (other, other_s) = timed(lambda: whole.sms("081300000003", "OTP 3"))
        for thread in threads:
            thread.join()
        (short, short_s), (long, long_s) = found["081300000001"], found["081300000002"]
        print(f"resent after {short_s:.1f} s, unknown after {long_s:.1f} s, the other {other_s * 1000:.0f} ms")  # noqa: T201
        assert (other.code, other_s < 0.5) == ("0000", True)
        assert (short.code, short.data["resent"]) == ("0000", True)
        assert (long.code, long.data["state"]) == ("1106", "unknown")
        assert 20 < short_s < 35
        assert 20 < long_s < 35
        assert len(simulator.submitted()) == 4


LONG = "panjang " * 30
