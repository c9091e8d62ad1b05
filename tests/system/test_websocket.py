"""The whole system at a WSMessageBroker: the customer's samples, two doors, faults, and no text anywhere."""

import json
import ssl
import subprocess
import sys

import pytest
import trustme

from fakes import canary
from fakes.customer import WS_BLOCK as BLOCK
from fakes.customer import WS_SEND as SEND
from fakes.customer import WS_UNBLOCK as UNBLOCK
from fakes.readme import example
from fakes.whole import Whole
from fakes.wsmessagebroker import PASSWORD, USER, WSMessageBroker
from fakes.wssender import hearing, sender

NUMBER = "628126666666"


@pytest.fixture
def whole(tmp_path):
    """Two modems; `whole.simulated` says what they sent."""
    with Whole(tmp_path, "--simulate", 2) as running, running.simulator() as simulator:
        running.simulated = simulator
        yield running


@pytest.fixture
def server():
    with WSMessageBroker() as one:
        yield one


def feed(whole, server, **more):
    """Switch the feeder on, of little patience."""
    fields = {"host": "127.0.0.1", "port": server.port, "username": USER, "timeout_s": 1, "reconnect_delay_s": 0.5}
    settings = [f"{name}={value}" for name, value in ({"enabled": "true"} | fields | more).items()]
    done = whole.otpb("settings", "set", "websocket", "password=-", *settings, stdin=more.get("password", PASSWORD))
    assert done.returncode == 0, done.stderr


def feeder(whole):
    return next(each for each in whole.told("feeder", "status")["feeders"] if each["feeder"] == "websocket")


def stands(whole, word, reason=""):
    """Wait until the command line says so; the state."""
    whole.until(lambda: (shown := feeder(whole))["state"] == word and reason in shown["reason"])
    return feeder(whole)


def texts(whole, count):
    """What the modems have sent, once it is so many."""
    whole.until(lambda: len(whole.simulated.received()) >= count)
    return [each.text for each in whole.simulated.received()]


def answered(whole, **codes):
    whole.until(lambda: feeder(whole)["answered"] == {code.strip("_"): count for code, count in codes.items()})


def sms(text, number=NUMBER, **more):
    command = {"command": "send-sms", "data": {"id": 123456, "msisdn": number, "message": text}} | more
    return json.dumps({"command": "send-message", "channel": "sms", "data": [command]})


def test_the_customers_samples(whole):
    """A server that passes on what it does not read: the PHP server itself drops the sample with a trailing comma."""
    with WSMessageBroker(by_url=True) as server, sender(server.port) as shop:
        feed(whole, server)
        stands(whole, "consuming")
        shop.say(SEND)
        answered(whole, _0000=1)
        assert [(each.number, each.text) for each in whole.simulated.received()] == [(NUMBER, "OTP Anda adalah 1234")]
        shop.say(BLOCK)
        shop.say(SEND.replace('1234"', '5678"'))
        answered(whole, _0000=2, _1103=1)
        assert whole.sms(NUMBER, "through another door").code == "1103"
        shop.say(UNBLOCK)
        shop.say(SEND.replace('1234"', '9012"'))
        answered(whole, _0000=4, _1103=1)
        assert texts(whole, 2) == ["OTP Anda adalah 1234", "OTP Anda adalah 9012"]


def test_the_same_message_by_two_doors(whole, server):
    feed(whole, server)
    server.until_receivers()
    with sender(server.port) as shop:
        assert whole.sms("08126666666", "OTP Anda adalah 1234").code == "0000"
        shop.say(SEND)
        answered(whole, _0000=1)
        assert texts(whole, 2) == ["OTP Anda adalah 1234"] * 2
        assert whole.otpb("settings", "set", "sms", "suppress_across_doors=true").returncode == 0
        assert whole.sms("08126666666", "OTP Anda adalah 5678").code == "0000"
        shop.say(SEND.replace('1234"', '5678"'))
        answered(whole, _0000=2)
    assert texts(whole, 3)[2:] == ["OTP Anda adalah 5678"]
    assert feeder(whole)["connected"] == 1


def test_replies_reach_a_second_subscriber(whole, server):
    feed(whole, server)
    server.until_receivers()
    with hearing(server, "answers") as shop, sender(server.port) as other:
        other.say(sms("Kode 1", callback_topic="answers"))
        other.say(sms("Kode 2", "0812", callback_topic="answers"))
        for command in ("get-modem-list", "echo"):
            data = {"command": command, "data": {"a": [1]}, "callback_topic": "answers"}
            other.say(json.dumps({"command": "send-message", "channel": "sms", "data": [data]}))
        replies = {reply["command"]: reply for reply in shop.replies(4) if reply["response_code"] != "1104"}
    sent = replies["send-sms"]
    assert (sent["response_code"], sent["data"]["id"], sent["data"]["state"]) == ("0000", 123456, "submitted")
    assert sorted(replies["get-modem-list"]["data"]["modem_list"]) == ["sim0", "sim1"]
    assert replies["echo"]["data"] == {"a": [1]}
    whole.until(lambda: feeder(whole)["replies"] == 4)
    assert len(server.receivers()) == 1


def test_the_readmes_sender(whole, tmp_path):
    (tmp_path / "send.py").write_text(example("Messages from WSMessageBroker", "python"))
    for text, dialect in (("Kode 1", {}), ("Kode 2", {"by_url": True})):
        with WSMessageBroker(**dialect) as server:
            feed(whole, server)
            server.until_receivers()
            environment = {"WS_URL": f"ws://127.0.0.1:{server.port}/ws", "WS_USER": f"{USER}:{PASSWORD}"}
            argv = [sys.executable, tmp_path / "send.py", "0812 3456789"]
            done = subprocess.run(
                argv, input=text.encode(), capture_output=True, env=environment, check=True, timeout=30
            )
        reply = json.loads(done.stdout)
        assert (reply["response_code"], reply["data"]["state"]) == ("0000", "submitted")
    assert texts(whole, 2) == ["Kode 1", "Kode 2"]


def test_each_fault_is_told_and_passes(whole, server):
    server.stop()
    feed(whole, server)
    stands(whole, "failed", "Nothing listens")
    server.start()
    server.until_receivers(timeout_s=5)
    server.stop()
    stands(whole, "failed", "Nothing listens")
    server.start()
    server.until_receivers(timeout_s=5)
    server.freeze()
    whole.until(lambda: feeder(whole)["last_error_reason"] == "The server has been silent for too long")
    server.drop()
    server.thaw()
    stands(whole, "consuming")
    feed(whole, server, password="wrong")
    assert stands(whole, "failed", "refuses user name and password")["server"] == f"127.0.0.1:{server.port}"
    asked = len(server.requests)
    server.until(lambda: len(server.requests) >= asked + 2)
    feed(whole, server)
    stands(whole, "consuming")
    server.publish(sms("after all"))
    assert texts(whole, 1) == ["after all"]


def test_a_wrong_certificate_is_told_and_passes(whole, tmp_path):
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("other.example").configure_cert(tls)
    with WSMessageBroker(tls=tls) as server:
        feed(whole, server, tls="true", ca_certificate=tmp_path / "ca.pem")
        stands(whole, "failed", "certificate of the server is not trusted")
        assert server.requests == []
        server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(server.tls)
        stands(whole, "consuming")


def test_switched_off_it_sends_nothing_more(whole, server):
    feed(whole, server)
    server.until_receivers()
    whole.otpb("modem", "set", "sim0", "active=false")
    whole.otpb("modem", "set", "sim1", "active=false")
    stands(whole, "no_modem")
    server.publish(sms("held"))
    whole.until(lambda: feeder(whole)["held"] == 1)
    assert whole.otpb("settings", "set", "websocket", "enabled=false").returncode == 0
    assert server.clients == []
    whole.otpb("modem", "set", "sim0", "active=true")
    shown = stands(whole, "disabled")
    assert (shown["held"], shown["in_hand"], shown["answered"]) == (0, 0, {"1101": 1})
    assert whole.sms("08126666666", "by hand").code == "0000"
    assert texts(whole, 1) == ["by hand"]


def test_what_was_held_goes_when_a_modem_comes(whole, server):
    feed(whole, server)
    server.until_receivers()
    for modem in ("sim0", "sim1"):
        whole.otpb("modem", "set", modem, "active=false")
    stands(whole, "no_modem", "held here until its time is over")
    server.publish(sms("held"))
    whole.until(lambda: feeder(whole)["held"] == 1)
    server.drop()
    whole.until(lambda: feeder(whole)["connected"] == 2)
    whole.otpb("settings", "set", "websocket", "reconnect_delay_s=1")
    whole.until(lambda: feeder(whole)["connected"] == 3)
    assert feeder(whole)["held"] == 1
    whole.otpb("modem", "set", "sim0", "active=true")
    assert texts(whole, 1) == ["held"]


def test_no_text_stays_anywhere(whole, server, tmp_path):
    birds = {name: canary.token() for name in ("sent", "blocked", "cut", "field", "held", "wide", "topic", "command")}
    feed(whole, server)
    server.until_receivers()
    with hearing(server, birds["topic"]) as shop:
        server.publish(sms(birds["sent"], callback_topic=birds["topic"]))
        shop.replies(1)
    whole.otpb("block", "0813999999999")
    server.publish(sms(birds["blocked"], "0813999999999"))
    server.publish(sms(f"{birds['wide']} 验证码"))
    server.publish(sms(birds["cut"])[:-3])
    server.publish(json.dumps({"command": "send-sms", "data": {"message": birds["field"]}}))
    server.publish(json.dumps({"command": birds["command"], "data": birds["field"]}))
    server.publish(b"\xff" + sms(birds["cut"]).encode())
    whole.until(lambda: feeder(whole)["dead"] == 4)
    for modem in ("sim0", "sim1"):
        whole.otpb("modem", "set", modem, "active=false")
    server.publish(sms(birds["held"]))
    whole.until(lambda: feeder(whole)["held"] == 1)
    search = canary.Search(birds)
    assert search.folder(tmp_path) + search.processes(whole.pids().values()) == []
    assert whole.said().count(" octets is put aside: 11") == 4
    assert whole.stop() == 0
    assert search.folder(tmp_path) == []
    assert canary.Search({"password": PASSWORD}).folder(tmp_path, leave_out=[tmp_path / "device/etc"]) == []
