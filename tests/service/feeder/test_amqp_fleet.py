"""A device of a fleet, with no more rights than `otpb fleet declare` gives it."""

import json

import pika
import pytest

from fakes.amqp_desk import AmqpDesk
from fakes.rabbitmq import ADMIN, PASSWORD
from fakes.waiting import waits_for
from otpbroker.envelope.sealed import CONTENT_TYPE, generate, seal
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.secrets import Secret
from running import otpb

NO_MODEM = BrokerError(ResponseCode.NO_MODEM, "route.no_modem")


@pytest.fixture
def device(tmp_path, rabbitmq, vhost):
    """The settings of a device whose fleet has the classes 62811 and 62812."""
    return declared(tmp_path, rabbitmq, vhost)


def declared(tmp_path, rabbitmq, vhost, *more):
    at = ("--url", f"http://127.0.0.1:{rabbitmq.management_port}", "--vhost", vhost, "--user", ADMIN)
    wanted = (
        "--classes",
        "62811,62812",
        "--retry-delay",
        "0.5",
        "--class-wait",
        "0.5",
        "--device",
        f"pi-{vhost}",
        *more,
    )
    done = otpb(tmp_path / "operator", "--json", "fleet", "declare", *at, *wanted, stdin=PASSWORD)
    assert done.returncode == 0, done.stderr
    (user,) = json.loads(done.stdout)["users"]
    return {"fleet": True, "username": user["username"], "password": Secret(user["password"])}


@pytest.fixture
def fleet(desk, device):
    """Its feeder; one modem takes 62811 alone."""
    one = desk(**device)
    one.dispatch.can_send(1, general=0, _62811=1)
    return one


def send(one, number, **properties):
    body = json.dumps({"command": "send-sms", "data": {"id": 1, "msisdn": number, "message": "x"}})
    one.channel.basic_publish("sms.in", number[:5], body, pika.BasicProperties(**properties), mandatory=True)


def test_each_message_comes_once_and_its_outcome_is_told(fleet):
    for number in ("628110000001", "628120000002", "628990000003"):
        send(fleet, number, correlation_id=number, reply_to=fleet.replies)
    waits_for(lambda: len(fleet.dispatch.sent) == 3)
    told = [fleet.message("sms.results") for _ in range(3)]
    assert sorted(fleet.numbers()) == ["628110000001", "628120000002", "628990000003"]
    assert sorted(properties.correlation_id for properties, _ in told) == sorted(fleet.numbers())
    assert {outcome["response_code"] for _, outcome in told} == {"0000"}
    assert {properties.app_id for properties, _ in told} == {"OTP Broker"}
    assert [fleet.reply()["response_code"] for _ in range(3)] == ["0000"] * 3


def test_it_takes_what_its_modems_can_send(fleet):
    waits_for(lambda: fleet.depth("sms.62811")[1] == 1)
    assert fleet.depth("sms.62812")[1] == 0
    assert fleet.depth("sms")[1] == 1
    fleet.dispatch.can_send(1, general=0, _62812=1)
    waits_for(lambda: (fleet.depth("sms.62811")[1], fleet.depth("sms.62812")[1]) == (0, 1))
    fleet.dispatch.can_send(0)
    waits_for(lambda: all(fleet.depth(queue)[1] == 0 for queue in ("sms", "sms.62811", "sms.62812")))


def test_what_fails_for_now_is_passed_on_with_what_is_left_of_its_life(fleet):
    fleet.dispatch.by_number["628110000001"] = NO_MODEM
    send(fleet, "628110000001", expiration="30000", message_id="m1")
    waits_for(lambda: len(fleet.dispatch.sent) == 2)
    del fleet.dispatch.by_number["628110000001"]
    _, outcome = fleet.message("sms.results")
    assert outcome["response_code"] == "0000"
    first, second, *_ = fleet.dispatch.sent
    assert first.lifetime_s - second.lifetime_s >= 5
    assert second.delivery_key == "m1"


def test_a_life_ends_on_the_way(fleet):
    fleet.dispatch.by_number["628110000001"] = NO_MODEM
    send(fleet, "628110000001", expiration="6000")
    _, outcome = fleet.message("sms.results", timeout_s=15)
    assert outcome["response_code"] in ("1101", "1203")
    assert all(fleet.depth(queue)[0] == 0 for queue in ("sms", "sms.62811", "sms.retry", "sms.dead"))


def test_what_nobody_can_use_is_put_aside(fleet):
    fleet.channel.basic_publish("sms.in", "62811", b"{broken", pika.BasicProperties(message_id="m1"), mandatory=True)
    properties, body = fleet.message("sms.dead", decode=False)
    assert (body, properties.message_id) == (b"{broken", "m1")
    assert properties.headers["x-otpb-reason"] == "1105 json.malformed"


def test_sealed_messages_are_opened_and_others_refused(desk, device):
    public, private = generate()
    one = desk(**device, private_key=private, require_sealed=True)
    body = json.dumps({"command": "send-sms", "data": {"msisdn": "628110000001", "message": "x"}}).encode()
    about = pika.BasicProperties(content_type=CONTENT_TYPE)
    one.channel.basic_publish("sms.in", "62811", seal(body, public), about, mandatory=True)
    waits_for(lambda: one.numbers() == ["628110000001"])
    send(one, "628110000002")
    assert one.message("sms.dead", decode=False)[0].headers["x-otpb-reason"] == "1105 sealed.required"


def test_without_its_queues_it_says_who_must_declare_them(tmp_path, rabbitmq, vhost):
    with AmqpDesk.open(tmp_path, rabbitmq, vhost, consuming=False, fleet=True) as one:
        one.feeder.stands("failed", "feeder.amqp_no_queue")


def test_a_device_without_the_right_to_reply_still_tells_outcomes(desk, tmp_path, rabbitmq, vhost):
    one = desk(**declared(tmp_path, rabbitmq, vhost, "--no-replies"))
    for at in range(3):
        send(one, "628110000001", correlation_id=str(at), reply_to=one.replies)
        assert one.message("sms.results")[0].correlation_id == str(at)
    waits_for(lambda: one.feeder.state.replies_lost >= 2)
    assert one.feeder.state.state == "consuming"
    one.channel.basic_publish("sms.in", "62811", b"{broken", mandatory=True)
    assert one.message("sms.dead", decode=False)[1] == b"{broken"


def test_what_cannot_be_passed_on_comes_again_and_not_at_once(fleet):
    fleet.dispatch.by_number["628110000001"] = NO_MODEM
    fleet.channel.exchange_delete("sms.retry")
    send(fleet, "628110000001", expiration="30000", message_id="m1")
    waits_for(lambda: fleet.dispatch.sent)
    del fleet.dispatch.by_number["628110000001"]
    waits_for(lambda: len(fleet.dispatch.sent) == 2, timeout_s=9)
    assert fleet.message("sms.results")[1]["response_code"] == "0000"
    assert fleet.depth("sms.dead")[0] == 0
