"""`scripts/run --modem PORT` with modems that share nothing with our simulator."""

import os
import signal

from fakes import air
from fakes.awkward import Locked, Slow, Terse
from fakes.whole import Whole

TEXTS = ["OTP 123456", "Kode 验证码 🔐 \x1a OK", "panjang sekali " * 20]


def send_all(whole, modem):
    for at, text in enumerate(TEXTS):
        answer = whole.sms(f"0812345678{at}", text)
        assert (answer.code, answer.data["modem"]) == ("0000", "m0"), text
    received, in_pieces = air.heard(modem.records())
    assert not in_pieces
    assert [(each.number, each.text) for each in received] == [
        (f"62812345678{at}", text) for at, text in enumerate(TEXTS)
    ]


def test_a_terse_modem_sends(tmp_path):
    with Terse() as modem, Whole(tmp_path, "--modem", modem.path) as whole:
        assert whole.modems()["m0"]["state"] == "ready"
        send_all(whole, modem)
        assert "WARNING" not in whole.said()


def test_a_slow_modem_sends_and_tells_of_itself(tmp_path):
    with Slow() as modem, Whole(tmp_path, "--modem", modem.path) as whole:
        facts = whole.modems()["m0"]
        assert (facts["state"], facts["registered"], facts["signal_dbm"]) == ("ready", True, -85)
        assert (facts["imei"], facts["manufacturer"], facts["operator"]) == ("352099001761481", "Slowcom", "XL, Axiata")
        send_all(whole, modem)
        assert "WARNING" not in whole.said()


def test_a_locked_sim_is_opened_once_its_pin_is_set(tmp_path):
    with Locked("4711") as modem, Whole(tmp_path, "--modem", modem.path) as whole:
        assert whole.modems()["m0"]["state"] == "pin_required"
        assert whole.sms("081234567890", "too early").code == "1101"
        assert whole.otpb("modem", "set", "m0", "sim_pin=4711").returncode == 0
        whole.until(lambda: whole.modems()["m0"]["state"] == "ready", 15)
        send_all(whole, modem)
        assert [each for each in modem.heard if each.startswith("AT+CPIN=")] == ['AT+CPIN="4711"']


def test_a_refused_pin_is_never_tried_again(tmp_path):
    """Not by a new life of dispatch either, nor when other settings change."""
    with Locked("4711") as modem, Whole(tmp_path, "--modem", modem.path) as whole:
        assert whole.otpb("modem", "set", "m0", "sim_pin=1234").returncode == 0
        whole.until(lambda: whole.modems()["m0"]["state"] == "pin_refused", 15)
        assert whole.otpb("modem", "set", "m0", "baud_rate=9600").returncode == 0
        os.kill(whole.pids()["dispatch"], signal.SIGKILL)
        whole.until(lambda: whole.modems() and whole.modems()["m0"]["state"] == "pin_refused", 15)
        assert [each for each in modem.heard if each.startswith("AT+CPIN=")] == ['AT+CPIN="1234"']
