"""The RabbitMQ feeder as its own process, against a real broker and a fake dispatch."""

import datetime as dt
import threading

import pytest

from fakes.amqp_desk import DEVICE
from fakes.customer import SEND
from fakes.waiting import waits_for
from otpbroker.config.sections.sms import SmsSection
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.feeders.amqp.octets import read_any_time

N = "08126666666"
BUSY = BrokerError(ResponseCode.LIMIT, "queue.full", retry_after_s=0.2, most=1)

MILLISECONDS = 1_795_747_082_000
# A time that a sender took from a clock of milliseconds, as pika packs it.
FAR = type("Far", (dt.datetime,), {"utctimetuple": lambda _: (1970, 1, 1, 0, 0, MILLISECONDS)})(
    1970, 1, 1, tzinfo=dt.UTC
)

OLDER = b'{"data":[{"receiver":"08126666666","message":"x"},{"receiver":"08126666667","message":"y"}]}'


def test_both_payloads_reach_dispatch_once(desk):
    one = desk()
    one.publish(body=SEND)
    waits_for(lambda: len(one.dispatch.sent) == 1)
    one.publish(body=OLDER)
    waits_for(lambda: len(one.dispatch.sent) == 3)
    first = one.dispatch.sent[0]
    assert (first.door, first.id, first.msisdn, first.text.reveal()) == ("amqp", "123456", N, "OTP Anda adalah 1234")
    assert sorted(one.numbers()[1:]) == ["08126666666", "08126666667"]
    one.feeder.terminate()
    one.feeder.wait()
    assert one.depth() == (0, 0)


def test_a_message_is_acknowledged_after_its_outcome(desk):
    one = desk()
    gate = one.dispatch.by_number[N] = threading.Event()
    one.sms(N)
    waits_for(lambda: one.dispatch.sent)
    one.feeder.kill()
    waits_for(lambda: one.depth()[0] == 1)
    one.dispatch.by_number.clear()
    one.feeder.start()
    waits_for(lambda: one.feeder.state.answered.get("0000"))
    one.feeder.kill()
    assert one.depth()[0] == 0
    gate.set()


def test_replies_go_where_the_sender_wants_them(desk):
    one = desk()
    one.channel.queue_declare("answers")
    done = one.ask(data={"id": 7, "msisdn": N, "message": "x"}, correlation_id="c7")
    assert (done["response_code"], done["data"]["id"], done["data"]["state"]) == ("0000", 7, "submitted")
    one.publish(body=b'{"command":"echo","data":["a",1],"callback_topic":"answers"}', correlation_id="c8")
    properties, echoed = one.message("answers")
    assert (properties.correlation_id, echoed["data"]) == ("c8", ["a", 1])
    assert list(one.ask("get-modem-list")["data"]["modem_list"]) == ["m0"]
    assert one.ask("request-ussd", {"modem_id": "m0", "ussd_code": "*888#"})["data"]["ussd_response"]
    assert one.ask("send-sms", {"msisdn": "x"})["response_code"] == "1105"


def test_names_and_times_as_other_libraries_send_them(desk):
    read_any_time()  # for ourselves
    one = desk()
    far = {"at": FAR}
    one.sms(N, message_id=b"\xff\xfe", correlation_id=b"\xfe\xff", reply_to=one.replies)
    properties, answer = one.message(one.replies)
    assert (properties.correlation_id, answer["response_code"]) == (b"\xfe\xff", "0000")
    one.sms(N, headers=far)
    one.publish(body=b"{malformed", headers=far)
    assert one.message("sms.dead", decode=False)[0].headers["at"] == MILLISECONDS
    assert one.ask("echo", 1)["data"] == 1
    assert one.feeder.state.connected == 1


def test_a_reply_to_nobody_stops_nothing(desk):
    one = desk()
    one.sms(N, reply_to="no-such-queue")
    assert one.ask("echo", 1)["data"] == 1


@pytest.mark.parametrize(
    ("body", "key"),
    [
        (b"{no json", "1105 json.malformed"),
        (b'{"command":"fly","data":{}}', "1109 envelope.command_unknown"),
        (b'{"command":"send-sms","data":{"msisdn":"0812"}}', "1105 envelope.field_missing"),
        (b'{"data":[]}', "1105 envelope.command_count"),
    ],
)
def test_what_is_malformed_is_put_aside_as_it_came(desk, body, key):
    one = desk()
    one.publish(body=body, reply_to=one.replies, message_id="m1")
    properties, found = one.message("sms.dead", decode=False)
    assert (found, properties.message_id) == (body, "m1")
    assert properties.headers["x-otpb-reason"].startswith(key)
    assert one.reply()["response_code"] == key[:4]
    assert one.depth()[0] == 0


def test_one_malformed_command_does_not_bury_its_neighbours(desk):
    one = desk()
    one.publish(body=b'[{"command":"fly"},' + SEND.encode() + b"]", reply_to=one.replies)
    assert sorted(one.reply()["response_code"] for _ in range(2)) == ["0000", "1109"]
    one.feeder.terminate()
    one.feeder.wait()
    assert (one.depth()[0], one.depth("sms.dead")[0]) == (0, 0)


@pytest.mark.parametrize("code", ["1103", "1104", "1106", "1108", "1203"])
def test_a_final_outcome_is_acknowledged_and_answered(desk, code):
    one = desk()
    one.dispatch.by_number[N] = ResponseCode(code)
    assert one.ask(data={"msisdn": N, "message": "x"})["response_code"] == code
    one.feeder.terminate()
    one.feeder.wait()
    assert (one.depth()[0], one.depth("sms.dead")[0]) == (0, 0)


def test_what_may_pass_is_tried_again_without_a_hot_loop(desk):
    one = desk()
    one.dispatch.by_number[N] = BUSY
    one.sms(N, reply_to=one.replies)
    waits_for(lambda: len(one.dispatch.sent) >= 3)
    assert one.depth()[0] == 0
    assert len(one.dispatch.sent) <= 12
    del one.dispatch.by_number[N]
    assert one.reply()["response_code"] == "0000"
    assert one.feeder.state.retried >= 2


def test_it_is_tried_until_it_expires(desk):
    one = desk()
    one.dispatch.by_number[N] = BUSY
    one.sms(N, reply_to=one.replies, expiration="700")
    reply = one.reply()
    assert (reply["response_code"], reply["data"]["reason"]) == ("1107", "queue.full")
    lives = [verb.lifetime_s for verb in one.dispatch.sent]
    assert len(lives) >= 2
    assert lives == sorted(lives, reverse=True)
    assert lives[0] <= 0.7


def test_a_stuck_message_holds_up_no_other(desk):
    """Also when more of them wait for another try than are taken at once."""
    one = desk()
    for at in range(20):
        number = f"0813000{at:04d}"
        one.dispatch.by_number[number] = BrokerError(ResponseCode.LIMIT, "queue.full", retry_after_s=30, most=1)
        one.sms(number)
    assert one.ask(data={"msisdn": N, "message": "x"})["response_code"] == "0000"


def test_expiry_in_the_command_counts_too(desk):
    one = desk(sms=SmsSection(lifetime_s=120))
    one.publish(data={"msisdn": N, "message": "x", "date_time": 1000, "expiration": 1020})
    one.sms("08126666667")
    one.publish(data={"msisdn": "08126666668", "message": "x", "date_time": 1000, "expiration": 999})
    waits_for(lambda: one.feeder.state.answered.get("1203"))
    lives = {verb.msisdn: verb.lifetime_s for verb in one.dispatch.sent}
    assert lives.keys() == {N, "08126666667"}
    assert 19 < lives[N] <= 20
    assert 119 < lives["08126666667"] <= 120


def test_without_a_modem_nothing_is_taken(desk):
    one = desk()
    one.dispatch.can_send(0)
    one.feeder.stands("no_modem", "feeder.no_modem")
    for _ in range(3):
        one.sms(N)
    assert one.depth() == (3, 0)
    assert one.dispatch.sent == []
    one.dispatch.can_send(2)
    waits_for(lambda: len(one.dispatch.sent) == 3)
    one.feeder.stands("consuming")


def test_a_message_whose_modems_went_away_waits_for_them(desk):
    one = desk()
    one.dispatch.by_number[N] = BrokerError(ResponseCode.NO_MODEM, "route.no_modem")
    one.sms(N, reply_to=one.replies)
    waits_for(lambda: one.dispatch.sent)
    one.dispatch.can_send(0)
    one.feeder.stands("no_modem")
    del one.dispatch.by_number[N]
    one.dispatch.can_send(1)
    assert one.reply(timeout_s=2)["response_code"] == "0000"


def test_a_control_command_is_in_force_for_what_comes_after_it(desk):
    one = desk()
    one.dispatch.can_send(16)
    for at in range(30):
        number = f"0812000{at:04d}"
        one.publish("block-msisdn", {"msisdn": number})
        one.publish(data={"msisdn": number, "message": "x"}, reply_to=one.replies)
    assert [one.reply()["response_code"] for _ in range(30)] == ["1103"] * 30
    for at in range(30):
        one.publish("unblock-msisdn", {"msisdn": f"0812000{at:04d}"})
        one.publish(data={"msisdn": f"0812000{at:04d}", "message": "y"}, reply_to=one.replies)
    assert [one.reply()["response_code"] for _ in range(30)] == ["0000"] * 30


def test_a_redelivered_message_is_told_as_one(desk):
    one = desk()
    gate = one.dispatch.by_number[N] = threading.Event()
    one.sms(N, message_id="m1")
    waits_for(lambda: one.dispatch.sent)
    one.feeder.kill()
    one.dispatch.by_number.clear()
    one.feeder.start()
    waits_for(lambda: len(one.dispatch.sent) == 2)
    first, second = one.dispatch.sent
    assert (first.delivery_key, first.broker_redelivered) == ("m1", False)
    assert (second.delivery_key, second.broker_redelivered) == ("m1", True)
    gate.set()


def test_three_crashes_put_a_message_aside(desk):
    one = desk()
    one.dispatch.by_number[N] = threading.Event()
    one.sms(N)
    for crash in range(3):
        waits_for(lambda wanted=crash + 1: len(one.dispatch.sent) == wanted)
        one.feeder.kill()
        one.feeder.start()
    properties, _ = one.message("sms.dead")
    assert properties.headers["x-otpb-reason"] == "feeder.crashed_often"
    assert len(one.dispatch.sent) == 3


def test_lost_connections_are_no_crashes(desk):
    one = desk()
    one.dispatch.by_number[N] = BUSY
    one.sms(N)
    for lost in range(4):
        waits_for(lambda wanted=lost + 1: one.feeder.state.connected == wanted)
        waits_for(lambda wanted=lost + 1: one.feeder.state.received == wanted)
        one.broker.ctl("close_all_user_connections", DEVICE, "test")
    del one.dispatch.by_number[N]
    waits_for(lambda: one.feeder.state.answered.get("0000"))
    assert one.depth("sms.dead")[0] == 0


def test_sigterm_ends_what_is_in_hand(desk):
    one = desk()
    gate = one.dispatch.by_number[N] = threading.Event()
    one.sms(N, reply_to=one.replies)
    waits_for(lambda: one.dispatch.sent)
    one.feeder.terminate()
    one.feeder.stands("stopping")
    one.sms("08126666667")
    gate.set()
    assert one.feeder.wait(10) == 0
    assert one.reply()["response_code"] == "0000"
    assert one.depth()[0] == 1
    assert one.numbers() == [N]


def test_switching_it_off_stops_it_at_once(desk):
    one = desk()
    one.change(enabled=False)
    one.feeder.stands("disabled")
    one.sms(N)
    waits_for(lambda: one.depth() == (1, 0))
    assert one.dispatch.sent == []
    one.change(enabled=True)
    waits_for(lambda: one.numbers() == [N])


def test_another_queue_takes_effect_at_once(desk):
    one = desk()
    one.change(queue="other")
    waits_for(lambda: one.feeder.state.connected == 2)
    one.sms("08120000001", queue="sms")
    one.sms(N, queue="other")
    waits_for(lambda: one.numbers() == [N])
    assert one.depth("sms") == (1, 0)


def test_refresh_connects_anew_and_loses_nothing(desk):
    one = desk(refresh_s=0.5)
    gate = one.dispatch.by_number[N] = threading.Event()
    one.sms(N, reply_to=one.replies)
    waits_for(lambda: one.dispatch.sent)
    gate.set()
    assert one.reply()["response_code"] == "0000"
    waits_for(lambda: one.feeder.state.connected >= 3)
    assert one.ask(data={"msisdn": "08126666667", "message": "x"})["response_code"] == "0000"
    assert one.numbers() == [N, "08126666667"]


def test_a_text_that_no_sms_could_hold_is_refused_whatever_its_size(desk):
    one = desk()
    for length in (1531, 10_000, 80_000):
        assert one.ask(data={"msisdn": N, "message": "😀" * length})["response_code"] == "1108"
    one.publish(body=b'{"command":"echo","data":"' + b"x" * (1 << 20) + b'"}', reply_to=one.replies)
    assert one.reply()["response_code"] == "1105"
    assert one.message("sms.dead", decode=False)[0].headers["x-otpb-reason"] == "feeder.too_large"
    assert one.dispatch.sent == []
