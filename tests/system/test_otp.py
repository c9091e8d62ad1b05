"""One-time passwords of the whole system: read at the phone, verified through the API."""

import itertools
import json
import os
import re
import signal
import socket
import threading
import time
from collections import Counter
from statistics import median

import pytest

from fakes import air
from fakes.otp import wrong
from fakes.whole import AUTH, Whole
from otpbroker.ipc import address
from otpbroker.ipc.wire import ENCODER, OutgoingCall
from otpbroker.secrets import Secret
from otpbroker.verbs.otp import CheckOtp


class Phones:
    """The whole system, and whoever reads the codes that it sends."""

    def __init__(self, whole, simulator):
        self.whole = whole
        self.simulator = simulator

    def command(self, command, data, client=None, **headers):
        if client is not None:
            return client.command(command, data, "/api/otp", AUTH, **headers)
        with self.whole.client() as own:
            return own.command(command, data, "/api/otp", AUTH, **headers)

    def request(self, reference, receiver, message="OTP Anda adalah %s", **more):
        data = {"reference": reference, "receiver": receiver, "message": message, **more}
        return self.command("request-otp", data)

    def verify(self, otp, reference, receiver, client=None, **more):
        answer = self.command("verify-otp", {"reference": reference, "receiver": receiver, "otp": otp, **more}, client)
        return answer.code, answer.data.get("reason", "")

    def code(self, receiver):
        """The newest that this number was sent."""
        heard = [each.text for each in air.heard(self.simulator.submitted())[0] if each.number == "62" + receiver[1:]]
        return re.search(r"\d{4,}", heard[-1])[0]


@pytest.fixture(scope="module")
def phones(tmp_path_factory):
    with Whole(tmp_path_factory.mktemp("otp"), "--simulate", 2) as whole, whole.simulator() as simulator:
        yield Phones(whole, simulator)


def test_a_code_from_the_request_to_the_end(phones):
    number, bound = "081300000001", {"param1": 100000, "param2": "Toko Élan"}
    assert phones.request("invoice 1", number, **bound).code == "0000"
    code = phones.code(number)
    assert len(code) == 6
    assert phones.request("invoice 1", number, **bound).code == "1201"
    assert phones.request("invoice 2", number).code == "1107"
    assert phones.verify(code, "invoice 1", number, **bound | {"param1": 100001}) == ("1202", "otp.wrong")
    assert phones.verify(wrong(code), "invoice 1", number, **bound) == ("1202", "otp.wrong")
    assert phones.verify(int(code), "invoice 1", "+62 813-0000-0001", **bound) == ("0000", "")
    assert phones.verify(code, "invoice 1", number, **bound) == ("1202", "otp.used")


def test_wrong_thrice(phones):
    number = "081300000002"
    assert phones.request("2", number).code == "0000"
    code = phones.code(number)
    assert [phones.verify(wrong(code), "2", number)[1] for _ in range(3)] == ["otp.wrong", "otp.wrong", "otp.locked"]
    assert phones.verify(code, "2", number) == ("1202", "otp.locked")


def test_too_late(phones):
    number = "081300000003"
    assert phones.request("3", number, date_time=1629685778, expiration=1629685779).code == "0000"
    time.sleep(1)
    assert phones.verify(phones.code(number), "3", number) == ("1203", "otp.expired")


def test_right_codes_at_once(phones):
    number, answers, together = "081300000004", [], threading.Barrier(3)
    assert phones.request("4", number).code == "0000"
    code = phones.code(number)

    def verify():
        together.wait()
        answers.append(phones.verify(code, "4", number))

    threads = [threading.Thread(target=verify) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [("0000", ""), ("1202", "otp.used"), ("1202", "otp.used")]


def test_settings_take_effect_at_once_and_a_restart_forgets(phones):
    whole, number = phones.whole, "081300000005"
    changed = ("length=8", "attempts=1", "resend_s=0", "lifetime_s=60")
    assert whole.otpb("settings", "set", "otp", *changed).returncode == 0
    assert phones.request("5", number).code == "0000"
    code = phones.code(number)
    assert len(code) == 8
    before = whole.pids()["dispatch"]
    os.kill(before, signal.SIGKILL)
    whole.until(lambda: whole.pids()["dispatch"] not in (None, before))
    whole.until(lambda: {modem["state"] for modem in whole.modems().values()} == {"ready"})
    assert phones.verify(code, "5", number) == ("1202", "otp.wrong")
    assert phones.request("5", number).code == "0000"
    assert phones.verify(wrong(phones.code(number)), "5", number) == ("1202", "otp.locked")
    assert whole.otpb("settings", "set", "otp", "length=6", "attempts=3", "resend_s=30").returncode == 0


def test_a_dispatch_that_dies_with_a_code_in_hand_sends_another(phones):
    whole, number, answers = phones.whole, "081300000006", []
    before, heard = whole.pids()["dispatch"], len(phones.simulator.submitted())
    phones.simulator.set(latency_s=1.0)
    asking = threading.Thread(target=lambda: answers.append(phones.request("6", number)))
    asking.start()
    whole.until(lambda: len(phones.simulator.submitted()) > heard)
    os.kill(before, signal.SIGKILL)
    phones.simulator.set(latency_s=0.0)
    asking.join()
    assert answers[0].code == "0000"
    assert len(phones.simulator.submitted()) == heard + 2
    assert phones.verify(phones.code(number), "6", number) == ("0000", "")


class Flood:
    """Guesses of one code after the other, `A_SECOND`, from a process that may call dispatch as the doors may."""

    A_SECOND = 10_000
    BATCH = 250

    def __init__(self, whole, **guess):
        self._socket = address.connect(whole.root / "run/otpb-dispatch/sock", 20)
        self._batches = [
            b"".join(self._frame(at + n, guess) for n in range(self.BATCH)) for at in range(0, 20_000, 250)
        ]
        self._over = threading.Event()
        self._asked = self._heard = 0
        self.answers = Counter()
        self._threads = [threading.Thread(target=act) for act in (self._ask, self._hear)]

    @staticmethod
    def _frame(number, guess):
        call = CheckOtp(door="rest", user="thief", otp=Secret(str(100_000 + number)), key=str(number), **guess)
        return ENCODER.encode(OutgoingCall(number, call)) + b"\n"

    def __enter__(self):
        self._began = time.monotonic()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        for thread in self._threads:
            thread.join()
        self._socket.close()

    def _ask(self):
        for batch in itertools.cycle(self._batches):
            self._socket.sendall(batch)
            self._asked += self.BATCH
            if self._over.wait(max(0.0, self._began + self._asked / self.A_SECOND - time.monotonic())):
                break
        self.a_second = self._asked / (time.monotonic() - self._began)
        self._socket.shutdown(socket.SHUT_WR)

    def _hear(self):
        with self._socket.makefile("rb") as answers:
            for answer in answers:
                self.answers[json.loads(answer).get("error", {}).get("key", "right")] += 1


def sms_beside(phones, first, seconds):
    """How long messages take, one every hundredth of a second."""
    took, until = [], time.monotonic() + seconds
    with phones.whole.client() as client:
        while time.monotonic() < until:
            began = time.monotonic()
            assert phones.whole.sms(f"0814{first + len(took):07d}", "Kode", client).code == "0000"
            took.append(time.monotonic() - began)
            time.sleep(0.01)
    return took


@pytest.mark.parametrize("known", [True, False], ids=["a known reference", "an unknown one"])
def test_ten_thousand_guesses_a_second_help_nobody_and_hold_up_nobody(phones, known):
    number, reference = f"08130000001{known:d}", f"flood {known}"
    assert phones.request(reference, number).code == "0000"
    code = phones.code(number)
    with Flood(phones.whole, reference=reference if known else "unknown", receiver=number) as flood:
        took = sms_beside(phones, 1000 * known, 1.5)
        assert phones.verify(code, reference, number)[1] == ("otp.locked" if known else "")
    assert flood.a_second > Flood.A_SECOND / 4
    assert flood.answers.keys() <= {"otp.wrong", "otp.locked", "otp.busy"}
    assert flood.answers["otp.wrong"] <= (3 if known else 1000)
    assert median(took) < 0.1, f"{len(took)} SMS beside {flood.a_second:.0f} guesses a second"
