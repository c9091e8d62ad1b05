"""Traps that others fell into, tried through the doors of the whole system."""

import re
import threading
import time

import pytest

from fakes import air
from fakes.awkward import Terse
from fakes.http import basic
from fakes.whole import AUTH, Whole

# All that may ever be written to a port: a command, a PDU with its 0x1A, ESC.
CONVERSATION = re.compile(rb"(AT[\x20-\x7e]*\r|[0-9A-F]+\x1a|\x1b)*")
BAD_NUMBERS = [
    "0812345678\r",
    "0812345678\r\nAT+CFUN=1,1\r",
    "0812345678\x1a",
    '0812345678";+CMGD=1,4',
    "0812345678',145",
    "+62812345678;ATD112;",
    "0812345678\x00",
    "0812345678\u2028AT",
    "0812ABC45678",
    "62812345678901234567",
    "0812",
    "",
    "*123#",
]
GOOD_NUMBERS = {
    "0812-3456-789": "628123456789",
    "+62 (812) 3456.789": "628123456789",
    " 00628123456789 ": "628123456789",
    "0\uff181\uff12\uff13456789": "628123456789",
    "007628123456789": "628123456789",
}
BAD_TEXTS = ["x\x1aAT+CMGD=1,4\r", "\x1b\rATD112;\r", '"; AT+CPWROFF', "\r\n> \r\nOK\r\n", "\x00\x1a\x00\x1a"]
BAD_CODES = ["*123#\r", '*123#",15\rATD112;', "*123#\x1a", "AT", "", "1" * 161]


def test_nothing_gets_into_the_conversation_with_a_modem(tmp_path):
    with Terse() as modem, Whole(tmp_path, "--modem", modem.path) as whole, whole.client() as client:
        before = len(modem.raw)
        for number in BAD_NUMBERS:
            answer = whole.sms(number, "text", client)
            assert (answer.status, answer.code) in ((200, "1104"), (400, "1105")), repr(number)
        for code in BAD_CODES:
            data = {"modem_id": "m0", "ussd_code": code}
            answer = client.command("request-ussd", data, auth=AUTH)
            assert answer.code in ("1102", "1105"), repr(code)
        whole.otpb("block", "08123456788")
        assert whole.sms("+62 812-3456-788", "blocked", client).code == "1103"
        assert modem.raw[before:] == b"", "a refused request says nothing to a modem"
        for at, text in enumerate(BAD_TEXTS):
            assert whole.sms(f"0812345670{at}", text, client).code == "0000"
        for number in GOOD_NUMBERS:
            assert whole.sms(number, number, client).code == "0000"
        assert CONVERSATION.fullmatch(modem.raw)
        received, _ = air.heard(modem.records())
        assert [each.text for each in received[: len(BAD_TEXTS)]] == BAD_TEXTS
        assert {each.text: each.number for each in received[len(BAD_TEXTS) :]} == GOOD_NUMBERS


@pytest.mark.parametrize(
    "auth",
    [basic("", ""), basic("nobody", ""), basic("shop", ""), basic("nobody", "x"), "Basic", "Basic Og==", "Bearer x"],
)
def test_no_password_is_no_password(shared, auth):
    answer = shared.sms("081234567890", "text", auth=auth)
    assert (answer.status, answer.code) == (401, "1100")
    assert answer.headers["www-authenticate"].startswith("Basic ")
    assert shared.simulated.submitted() == []


def test_lifetimes_are_seconds(tmp_path):
    """`expiration` - `date_time`, whatever the device's clock says; what waited longer is never sent."""
    with Whole(tmp_path, "--simulate", 1) as whole, whole.simulator() as simulator:
        simulator.set(latency_s=3.0)
        first = threading.Thread(target=whole.sms, args=("081200000001", "keeps the modem busy"))
        first.start()
        whole.until(simulator.submitted)
        began = time.monotonic()
        late = whole.sms("081200000002", "too late", date_time=1_600_000_000, expiration=1_600_000_001)
        took_s = time.monotonic() - began
        assert (late.status, late.code, late.data["state"]) == (200, "1203", "expired")
        assert 0.9 < took_s < 2
        simulator.set(latency_s=0.0)
        in_time = whole.sms("081200000003", "in time", date_time=1_600_000_000, expiration=1_600_000_060)
        assert in_time.code == "0000"
        over = whole.sms("081200000004", "over", date_time=1_600_000_060, expiration=1_600_000_000)
        assert over.code in ("1105", "1203")
        first.join()
        assert [each.text for each in air.heard(simulator.submitted())[0]] == ["keeps the modem busy", "in time"]


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    with Whole(tmp_path_factory.mktemp("shared"), "--simulate", 1) as whole, whole.simulator() as simulator:
        whole.simulated = simulator
        yield whole


def test_a_number_is_not_flooded(tmp_path):
    """Five an hour, whatever the id; the sixth reaches no modem."""
    with Whole(tmp_path, "--simulate", 1) as whole, whole.simulator() as simulator:
        answers = [whole.sms("081234567890", f"OTP {at}", id=at) for at in range(7)]
        assert [answer.code for answer in answers] == ["0000"] * 5 + ["1107"] * 2
        assert answers[5].status == 429
        assert int(answers[5].headers["retry-after"]) > 0
        assert len(simulator.submitted()) == 5


def test_a_modem_that_drops_what_it_hears_while_busy(tmp_path):
    with Whole(tmp_path, "--simulate", 1) as whole, whole.simulator() as simulator:
        simulator.set(drop_input_while_busy=True, latency_s=0.03, command_latency_s=0.01, prompt_latency_s=0.01)
        numbers = [f"62812000000{at:02d}" for at in range(20)]
        threads = [threading.Thread(target=whole.sms, args=(number, f"to {number}")) for number in numbers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        received, _ = air.heard(simulator.submitted())
        assert sorted((each.number, each.text) for each in received) == [(number, f"to {number}") for number in numbers]
