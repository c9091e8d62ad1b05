"""`otpb fleet declare` against a real RabbitMQ."""

import contextlib
import http.server
import json
import socket
import threading

import pika
import pytest
from pika.exceptions import ChannelClosedByBroker

from fakes.canary import Search, token
from fakes.rabbitmq import PASSWORD
from fakes.waiting import waits_for
from otpbroker.envelope.sealed import CONTENT_TYPE, Opener, generate, seal
from otpbroker.errors import BrokerError
from otpbroker.fleet.desired import queue
from otpbroker.fleet.management import Management
from otpbroker.fleet.plan import Step
from otpbroker.secrets import Secret

PERSISTENT = pika.BasicProperties(delivery_mode=2)


def counts(fleet, *queues):
    with fleet.broker.channel(fleet.vhost) as channel:
        return {name: channel.queue_declare(name, passive=True).method.message_count for name in queues}


def test_the_second_time_everything_is_kept_and_nothing_changes(fleet):
    steps, users = fleet.declared("--classes", "0811,62812", "--device", "pi-1", "pi-2", "--publisher", "shop")
    assert set(steps.values()) == {"make"}
    assert {len(password) for password in users.values()} == {19}
    assert set(users) == {"pi-1", "pi-2", "shop"}
    there = fleet.there()
    assert {one["name"] for one in there["queues"]} == {
        *("sms", "sms.62811", "sms.62812", "sms.dead", "sms.retry", "sms.results"),
    }
    assert {json.dumps(one["arguments"]) for one in there["queues"]} == {'{"x-queue-type": "quorum"}'}
    steps, users = fleet.declared("--classes", "62811", "--device", "pi-1", "--publisher", "shop")
    assert set(steps.values()) == {"keep"}
    assert users == {}
    assert fleet.there() == there


def test_a_dry_run_tells_the_same_and_does_nothing(fleet):
    before = fleet.there()
    status, out, _ = fleet.declare("--classes", "62811", "--device", "pi", "--dry-run")
    assert status == 0
    assert "sms.62811" in out
    assert fleet.there() == before
    assert fleet.broker.api("GET", "users", "pi")[0] == 404


def test_a_queue_with_other_arguments_is_refused_by_name_and_nothing_is_touched(fleet):
    body = {"durable": True, "arguments": {"x-queue-type": "classic"}}
    assert fleet.broker.api("PUT", "queues", fleet.vhost, "sms", body=body)[0] == 201
    before = fleet.there()
    status, out, err = fleet.declare("--classes", "62811")
    assert status == 1
    assert "The queue sms is there with other arguments (x-queue-type: classic → quorum)" in err
    assert "REFUSED" in out
    assert fleet.there() == before


def test_each_message_is_in_one_queue_wherever_it_falls(fleet):
    """What nobody takes ends in sms.dead, with the whole way there in its head."""
    limits = ("--class-wait", "0.2", "--retry-delay", "0.2", "--lifetime", "0.2")
    fleet.declared("--classes", "62811,62812,62813", *limits)
    own, default = ["62811", "62811", "62812"], ["62814", "6281", "628111", "default", "", "#"]
    with fleet.broker.channel(fleet.vhost) as channel:
        for key in own + default:
            channel.basic_publish("sms.in", key, b"{}", PERSISTENT, mandatory=True)
        channel.basic_publish("sms.retry", "", b"{}", PERSISTENT, mandatory=True)
        waits_for(lambda: fleet.broker.waiting("sms.dead", fleet.vhost) == len(own + default) + 1)
        ways = [way(channel.basic_get("sms.dead", auto_ack=True)[1]) for _ in range(len(own + default) + 1)]
    expected = [[f"sms.{key}", "sms"] for key in own] + [["sms"]] * len(default) + [["sms.retry", "sms"]]
    assert sorted(ways) == sorted(expected)
    queues = ("sms", "sms.62811", "sms.62812", "sms.62813", "sms.dead", "sms.retry", "sms.results")
    assert counts(fleet, *queues) == dict.fromkeys(queues, 0)


def way(properties):
    """The queues that a message was in, each once, as the broker noted it."""
    deaths = properties.headers["x-death"]
    assert {death["count"] for death in deaths} == {1}
    return [death["queue"] for death in reversed(deaths)]


def test_a_second_way_would_deliver_twice_and_is_refused(fleet):
    fleet.declared("--classes", "62811")
    with fleet.broker.channel(fleet.vhost) as channel:
        channel.queue_declare("copies", durable=True, arguments={"x-queue-type": "quorum"})
        channel.queue_bind("copies", "sms.in", "62811")
        channel.basic_publish("sms.in", "62811", b"{}", PERSISTENT, mandatory=True)
    assert counts(fleet, "copies", "sms.62811") == {"copies": 1, "sms.62811": 1}
    status, _, err = fleet.declare("--classes", "62811")
    assert status == 1
    assert "sms.in → copies (62811)" in err


def may(channel_of, action):
    """Whether the broker lets a user do it."""
    with channel_of() as channel, contextlib.suppress(ChannelClosedByBroker):
        action(channel)
        return True
    return False


QUORUM = {"durable": True, "arguments": {"x-queue-type": "quorum"}}
DOINGS = {
    "publish sms.in": lambda channel: channel.basic_publish("sms.in", "62811", b"{}"),
    "publish sms.retry": lambda channel: channel.basic_publish("sms.retry", "", b"{}"),
    "publish sms.dead": lambda channel: channel.basic_publish("sms.dead", "", b"{}"),
    "publish sms.results": lambda channel: channel.basic_publish("sms.results", "", b"{}"),
    "publish sms.default": lambda channel: channel.basic_publish("sms.default", "", b"{}"),
    "publish amq.default": lambda channel: channel.basic_publish("", "sms.results", b"{}"),
    "publish amq.fanout": lambda channel: channel.basic_publish("amq.fanout", "", b"{}"),
    "get sms": lambda channel: channel.basic_get("sms"),
    "get sms.62811": lambda channel: channel.basic_get("sms.62811"),
    "get sms.dead": lambda channel: channel.basic_get("sms.dead"),
    "get sms.retry": lambda channel: channel.basic_get("sms.retry"),
    "get sms.results": lambda channel: channel.basic_get("sms.results"),
    "get other": lambda channel: channel.basic_get("other"),
    "look at sms": lambda channel: channel.queue_declare("sms", passive=True),
    "make sms": lambda channel: channel.queue_declare("sms", **QUORUM),
    "make sms.1": lambda channel: channel.queue_declare("sms.1", **QUORUM),
    "make amq.gen": lambda channel: channel.queue_declare("", exclusive=True),
    "make exchange": lambda channel: channel.exchange_declare("sms.x", "fanout", durable=True),
    "delete sms": lambda channel: channel.queue_delete("sms"),
    "delete exchange": lambda channel: channel.exchange_delete("sms.in"),
    "bind sms": lambda channel: channel.queue_bind("sms", "sms.in", "62899"),
    "bind sms.retry": lambda channel: channel.queue_bind("sms.retry", "sms.in", "62811"),
    "bind sms.results": lambda channel: channel.queue_bind("sms.results", "sms.default"),
    "bind exchange": lambda channel: channel.exchange_bind("sms.retry", "sms.in", "62811"),
    "unbind sms.62811": lambda channel: channel.queue_unbind("sms.62811", "sms.in", "62811"),
    "purge sms.dead": lambda channel: channel.queue_purge("sms.dead"),
}
DEVICE = {"publish sms.retry", "publish sms.dead", "publish sms.results", "get sms", "get sms.62811", "look at sms"}


def test_users_may_do_what_they_need_and_nothing_else(fleet):
    _, users = fleet.declared("--classes", "62811", "--device", "pi", "--publisher", "shop")
    _, mute = fleet.declared("--device", "mute", "--no-replies")
    with fleet.broker.channel(fleet.vhost) as channel:
        channel.queue_declare("other", **QUORUM)
    for name, password, allowed in (
        ("pi", users["pi"], DEVICE | {"publish amq.default"}),
        ("mute", mute["mute"], DEVICE),
        ("shop", users["shop"], {"publish sms.in", "look at sms"}),
    ):
        of = lambda name=name, password=password: fleet.broker.channel(fleet.vhost, name, password)  # noqa: E731
        assert {doing for doing, action in DOINGS.items() if may(of, action)} == allowed, name


def test_a_sender_hears_the_outcome_without_a_queue_of_its_own(fleet):
    _, users = fleet.declared("--device", "pi", "--publisher", "shop")
    with (
        fleet.broker.channel(fleet.vhost, "shop", users["shop"]) as sender,
        fleet.broker.channel(fleet.vhost, "pi", users["pi"]) as device,
    ):
        heard = []
        sender.basic_consume("amq.rabbitmq.reply-to", lambda *got: heard.append(got[3]), auto_ack=True)
        properties = pika.BasicProperties(delivery_mode=2, reply_to="amq.rabbitmq.reply-to")
        sender.basic_publish("sms.in", "62811", b"{}", properties, mandatory=True)
        asked = []
        waits_for(lambda: asked.append(device.basic_get("sms", auto_ack=True)) or asked[-1][0])
        device.basic_publish("", asked[-1][1].reply_to, b"0000")
        waits_for(lambda: sender.connection.process_data_events(0.1) or heard == [b"0000"])


def test_a_class_is_removed_when_its_messages_are_done(fleet):
    fleet.declared("--classes", "62811,62812", "--class-wait", "600")
    with fleet.broker.channel(fleet.vhost) as device:
        device.basic_publish("sms.in", "62811", b"{}", PERSISTENT, mandatory=True)
        broker = Management(fleet.url, fleet.vhost, "root", Secret(PASSWORD))
        waits_for(lambda: fleet.broker.api("GET", "queues", fleet.vhost, "sms.62811")[1].get("messages") == 1)
        ended = threading.Event()

        def remove():
            with broker:
                broker.carry_out(Step("remove", queue("sms.62811")), Secret(), 2.0)
            ended.set()

        thread = threading.Thread(target=remove)
        thread.start()
        assert not ended.wait(2.5)
        assert device.basic_get("sms.62811", auto_ack=True)[2] == b"{}"
        thread.join(10)
        assert ended.is_set()
    assert "sms.62811" not in {one["name"] for one in fleet.there()["queues"]}


def test_sealed_messages_are_nowhere_in_the_brokers_data_and_plain_ones_are(fleet):
    fleet.declared("--classes", "62811")
    public, private = generate()
    plain, hidden = token(), token()
    box = seal(json.dumps({"message": hidden}).encode(), public)
    with fleet.broker.channel(fleet.vhost) as channel:
        for body, kind in ((plain.encode(), "application/json"), (box, CONTENT_TYPE)):
            properties = pika.BasicProperties(delivery_mode=2, content_type=kind)
            channel.basic_publish("sms.in", "62811", body, properties, mandatory=True)
        for _ in range(2):
            _, properties, body = channel.basic_get("sms.62811", auto_ack=True)
    assert json.loads(Opener(private).open(body, properties.content_type)) == {"message": hidden}
    found = Search({"plain": plain, "hidden": hidden}).folder(fleet.broker.folder)
    assert {name for name, _, _ in found} == {"plain"}


# What goes wrong


def failure(fleet, *arguments):
    status, out, err = fleet.declare(*arguments)
    assert (status, out) == (1, "")
    return err


@pytest.fixture
def somebody_else():
    """The address of a web server that is no RabbitMQ."""
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        thread.join(5)


def test_what_goes_wrong_is_said_in_plain_words(fleet, somebody_else):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    at = fleet.url
    for url, password, words in (
        (at, "wrong", "refused the user name or the password"),
        (f"http://127.0.0.1:{port}", PASSWORD, "cannot be reached: Connection refused"),
        (somebody_else, PASSWORD, "is not RabbitMQ's management interface"),
        (f"https://127.0.0.1:{fleet.broker.management_port}", PASSWORD, "TLS connection to RabbitMQ failed"),
        ("ftp://localhost", PASSWORD, "must look like https://"),
        ("http://user:x@localhost", PASSWORD, "must look like https://"),
    ):
        fleet.url, fleet.password = url, password
        assert words in failure(fleet)
    fleet.url, fleet.password, fleet.vhost = at, PASSWORD, "nowhere"
    assert "no virtual host nowhere" in failure(fleet)


def test_a_user_who_is_no_administrator_is_told_so(fleet):
    fleet.broker.add_user("limited", "a password", fleet.vhost)
    with (
        Management(fleet.url, fleet.vhost, "limited", Secret("a password")) as broker,
        pytest.raises(BrokerError) as no,
    ):
        broker.carry_out(Step("make", queue("x")), Secret(), 0)
    assert no.value.key in ("fleet.no_right", "fleet.credentials")


def test_the_management_interface_over_tls_is_verified(fleet):
    fleet.url = f"https://127.0.0.1:{fleet.broker.management_tls_port}"
    assert "TLS connection to RabbitMQ failed: IP address mismatch" in failure(fleet, "--ca", fleet.broker.ca)
    fleet.url = f"https://localhost:{fleet.broker.management_tls_port}"
    assert "TLS connection to RabbitMQ failed" in failure(fleet)
    assert fleet.declare("--ca", fleet.broker.ca, "--dry-run")[0] == 0
