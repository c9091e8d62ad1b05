import json
import re

from hypothesis import example, given
from hypothesis import strategies as st

from fakes.outcomes import mail_outcome, outcome
from otpbroker.calling.line import request
from otpbroker.calling.target import Target
from otpbroker.envelope.url import URL
from otpbroker.errors import ResponseCode
from otpbroker.notifier import payload


def test_a_body_says_what_happened_and_when():
    event = outcome("failed", code=ResponseCode.FAILED, key="modem.cms.21", message_id="a" * 24, callback="https://x/")
    assert json.loads(payload.body(event)) == {
        "type": "message.failed",
        "timestamp": "2026-11-27T01:51:42.250Z",
        "data": {
            "channel": "sms",
            "id": "42",
            "reference": "",
            "message_id": "a" * 24,
            "door": "rest",
            "user": "shop",
            "state": "failed",
            "response_code": "1102",
            "reason": "modem.cms.21",
            "msisdn": "62812****890",
            "modem": "m0",
            "parts": 1,
            "cost": "",
            "resent": False,
        },
    }


def test_a_mail_has_its_recipient_and_account_and_nothing_of_a_modem():
    event = mail_outcome(message_id="b" * 24, reference="7", callback="https://x/")
    assert json.loads(payload.body(event))["data"] == {
        "channel": "email",
        "id": "m1",
        "reference": "7",
        "message_id": "b" * 24,
        "door": "rest",
        "user": "shop",
        "state": "submitted",
        "response_code": "0000",
        "reason": "",
        "recipient": "u****@example.org",
        "account": "gmail",
    }


def test_a_call_is_named_by_its_message_and_state_and_without_a_full_stop():
    submitted = outcome(message_id="a" * 24)
    assert payload.call_id(submitted) == f"msg_{'a' * 24}_submitted"
    assert "." not in payload.call_id(submitted)


def test_a_target_is_what_a_request_needs():
    assert Target.of("https://App.Example/otp?x=1#part") == (True, "app.example", 443, "/otp?x=1")
    assert Target.of("http://[fd00::1]:8080") == (False, "fd00::1", 8080, "/")
    assert Target.of("http://a?b").path == "/?b"
    for address, authority in {
        "https://a:443/x": "a",
        "https://a:80/x": "a:80",
        "http://a:80/": "a",
        "http://[fd00::1]:8080/": "[fd00::1]:8080",
    }.items():
        assert Target.of(address).authority == authority
    assert Target.of("http://a/x").origin == "http://a"


@given(st.from_regex(URL, fullmatch=True))
@example("http://[:::]/")
@example("https://a#x/?y")
@example("http://.a.:1?[")
def test_whatever_passes_the_border_can_be_asked_for(address):
    target = Target.of(address)
    head, _, body = request("POST", target, {"webhook-id": "msg_1"}, b"{}").partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    assert (len(lines), body) == (6, b"{}")
    assert re.fullmatch(rb"POST /[!-~]* HTTP/1.1", lines[0])
    assert 0 < target.port < 65536
