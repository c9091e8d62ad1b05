"""One-time passwords through RabbitMQ: asked for, sent once, verified, whatever becomes of the feeder meanwhile."""

import re
import threading

import pytest

from fakes.waiting import waits_for
from otpbroker.errors import BrokerError, ResponseCode

N = "081234567890"
ASKED = {"reference": 7, "receiver": N, "message": "Kode %s", "param1": "100000"}


def code_in(verb):
    return re.search("[0-9]{6}", verb.text.reveal())[0]


def verified(one, code, **more):
    reply = one.ask("verify-otp", {"reference": "7", "receiver": N, "otp": code, "param1": 100000, **more})
    return reply["response_code"], reply["data"].get("reason", "")


def test_a_code_is_asked_for_and_verified(desk):
    one = desk()
    reply = one.ask("request-otp", ASKED)
    assert (reply["response_code"], reply["data"]["reference"], reply["data"]["receiver"]) == ("0000", 7, N)
    (sent,) = one.dispatch.sent
    code = code_in(sent)
    assert one.ask("request-otp", ASKED)["response_code"] == "1201"
    assert verified(one, code, param1="1") == ("1202", "otp.wrong")
    assert verified(one, int(code)) == ("0000", "")
    assert verified(one, code) == ("1202", "otp.used")
    assert len(one.dispatch.sent) == 1


@pytest.mark.parametrize("named", [{}, {"message_id": "m1"}], ids=["nameless", "named"])
def test_a_request_whose_feeder_dies_is_one_code(desk, named):
    one = desk()
    gate = one.dispatch.by_number[N] = threading.Event()
    one.publish("request-otp", ASKED, reply_to=one.replies, **named)
    waits_for(lambda: one.dispatch.sent)
    one.feeder.kill()
    waits_for(lambda: one.depth()[0] == 1)
    one.feeder.start()
    gate.set()
    reply = one.reply()
    assert (reply["response_code"], reply["data"]["replayed"]) == ("0000", True)
    (sent,) = one.dispatch.sent
    assert verified(one, code_in(sent)) == ("0000", "")


def test_what_may_pass_is_asked_again_with_another_code(desk):
    one = desk()
    one.dispatch.by_number[N] = BrokerError(ResponseCode.LIMIT, "queue.full", retry_after_s=0.2, most=1)
    one.publish("request-otp", ASKED, reply_to=one.replies)
    waits_for(lambda: one.dispatch.sent)
    del one.dispatch.by_number[N]
    assert one.reply()["response_code"] == "0000"
    codes = [code_in(verb) for verb in one.dispatch.sent]
    assert verified(one, codes[0]) == ("1202", "otp.wrong")
    assert verified(one, codes[-1]) == ("0000", "")
