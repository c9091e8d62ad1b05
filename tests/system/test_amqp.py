"""The customer's samples and a canary through a real RabbitMQ and the whole system."""

import json
import os
import signal

import pika
import pytest

from fakes import air, canary
from fakes.customer import BLOCK, SEND, UNBLOCK
from fakes.rabbitmq import ADMIN, PASSWORD
from fakes.whole import Whole


class Door:
    """A system that takes from the queue `sms` of a virtual host, and the sender there."""

    def __init__(self, whole, channel):
        self.whole, self.channel = whole, channel
        self.replies = channel.queue_declare("", exclusive=True).method.queue
        self.simulator = whole.simulator()

    def ask(self, body, **properties):
        self.publish(body, reply_to=self.replies, **properties)
        return self.reply()

    def publish(self, body, **properties):
        self.channel.basic_publish("", "sms", body, pika.BasicProperties(**properties))

    def reply(self):
        found = []
        self.whole.until(lambda: found.append(self.channel.basic_get(self.replies, auto_ack=True)) or found[-1][0], 30)
        return json.loads(found[-1][2])

    def heard(self):
        return [(each.number, each.text) for each in air.heard(self.simulator.submitted())[0]]

    def feeder(self):
        (state,) = (each for each in self.whole.told("feeder", "status")["feeders"] if each["feeder"] == "amqp")
        return state


@pytest.fixture
def door(tmp_path, rabbitmq, vhost):
    with Whole(tmp_path, "--simulate", 1) as whole, rabbitmq.channel(vhost) as channel:
        where = ("host=127.0.0.1", f"port={rabbitmq.port}", f"vhost={vhost}", f"username={ADMIN}", "password=-")
        done = whole.otpb("settings", "set", "amqp", *where, "enabled=true", stdin=PASSWORD)
        assert done.returncode == 0, done.stderr
        one = Door(whole, channel)
        whole.until(lambda: one.feeder()["state"] == "consuming")
        with one.simulator:
            yield one


def test_the_customers_samples(door):
    assert door.ask(SEND)["response_code"] == "0000"
    assert door.heard() == [("628126666666", "OTP Anda adalah 1234")]
    assert door.ask(BLOCK)["response_code"] == "0000"
    assert door.ask(SEND.replace("1234", "5678"))["response_code"] == "1103"
    assert door.whole.sms("08126666666", "through another door").code == "1103"
    assert door.ask(UNBLOCK)["response_code"] == "0000"
    assert door.ask(SEND.replace("1234", "9012"))["response_code"] == "0000"
    assert len(door.heard()) == 2
    door.whole.until(lambda: door.feeder()["answered"].get("0000") == 4)
    told = door.whole.otpb("feeder", "status").stdout
    assert "consuming" in told
    assert "0000:4" in told
    rows = door.whole.told("messages")["messages"]
    assert {(row["door"], row["msisdn_masked"], row["state"]) for row in rows} <= {
        ("amqp", "62812****666", state) for state in ("submitted", "delivered")
    }
    assert len(rows) == 2


@pytest.mark.parametrize(("suppress", "copies"), [("false", 2), ("true", 1)])
def test_one_message_by_two_doors(door, suppress, copies):
    """Two, as the document says, and one with *suppress across doors*."""
    assert door.whole.otpb("settings", "set", "sms", f"suppress_across_doors={suppress}").returncode == 0
    door.whole.until(lambda: door.feeder()["state"] == "consuming")
    assert door.ask(SEND)["response_code"] == "0000"
    assert door.whole.sms("08126666666", "OTP Anda adalah 1234").code == "0000"
    assert len(door.heard()) == copies


def test_what_dispatch_or_the_feeder_had_in_hand_when_they_died_is_sent_once(door):
    door.simulator.set(latency_s=0.5)
    for at, victim in enumerate(("feeder-amqp", "dispatch", "feeder-amqp")):
        before = len(door.heard())
        door.publish(SEND.replace("08126666666", f"0812666000{at}"), message_id=f"m{at}", reply_to=door.replies)
        door.whole.until(lambda wanted=before: len(door.heard()) > wanted)
        os.kill(door.whole.pids()[victim], signal.SIGKILL)
        assert door.reply()["response_code"] in ("0000", "1106")
    numbers = [number for number, _ in door.heard()]
    assert set(numbers) == {f"62812666000{at}" for at in range(3)}
    assert len(numbers) <= 4  # what was out when dispatch died is in doubt, and sent once more


def test_no_outcome_leaves_a_text_behind(door, tmp_path):
    whole, birds = door.whole, {}

    def text(name):
        birds[name] = canary.token()
        return birds[name]

    def sms(name, number, **more):
        return json.dumps({"command": "send-sms", "data": {"msisdn": number, "message": text(name), **more}})

    assert door.ask(sms("sent", "081300000001"))["response_code"] == "0000"
    assert door.ask(json.dumps({"command": "echo", "data": text("echo")}))["response_code"] == "0000"
    assert door.ask(sms("malformed", "081300000002")[:-2])["response_code"] == "1105"
    assert door.ask(sms("invalid", "12"))["response_code"] == "1104"
    assert door.ask(json.dumps({"command": text("command")}))["response_code"] == "1109"
    assert door.ask(sms("late", "081300000003", date_time=2, expiration=1))["response_code"] == "1203"
    assert whole.otpb("block", "081300000004").returncode == 0
    assert door.ask(sms("blocked", "081300000004"))["response_code"] == "1103"
    door.simulator.set(cms_error={"code": 38, "times": -1})
    assert door.ask(sms("waiting", "081300000005"), expiration="1500")["response_code"] in ("1102", "1203")
    door.simulator.set(cms_error=None, latency_s=2)
    door.publish(sms("killed", "081300000006"))
    whole.until(lambda: door.feeder()["in_hand"] == 1)
    os.kill(whole.pids()["feeder-amqp"], signal.SIGABRT)
    whole.until(lambda: door.feeder()["answered"].get("0000"))
    search = canary.Search(birds)
    assert search.folder(tmp_path) == []
    assert search.processes([whole.process.pid, *filter(None, whole.pids().values())]) == []
