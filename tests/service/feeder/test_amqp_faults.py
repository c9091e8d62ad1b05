"""What goes wrong with the server: a clear word each time, and back again without a hand."""

import contextlib
import threading
import time

import pytest

from fakes import rabbitmq as servers
from fakes.amqp_desk import AmqpDesk
from fakes.rabbitmq import PASSWORD
from fakes.waiting import waits_for
from otpbroker.secrets import Secret

N = "08126666666"


def sends(one):
    assert one.ask(data={"msisdn": N, "message": "x"})["response_code"] == "0000"


@pytest.fixture
def lame(tmp_path, rabbitmq, vhost):
    """A feeder that cannot consume: `lame(**settings)`."""
    with contextlib.ExitStack() as open_desks:
        yield lambda **settings: open_desks.enter_context(
            AmqpDesk.open(tmp_path, rabbitmq, vhost, consuming=False, **settings)
        )


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"password": Secret("wrong")}, "feeder.credentials"),
        ({"username": "nobody"}, "feeder.credentials"),
        ({"vhost": "nowhere"}, "feeder.amqp_vhost"),
        ({"host": "no-such-host.invalid"}, "feeder.host_unknown"),
        ({"port": 1}, "feeder.nobody_listens"),
    ],
)
def test_wrong_settings_are_named_and_right_ones_taken_at_once(lame, settings, key):
    one = lame(**settings)
    one.feeder.stands("failed", key)
    assert PASSWORD not in one.feeder.log()
    one.change()
    one.feeder.stands("consuming")
    assert one.feeder.state.last_error == key
    sends(one)


def test_a_server_that_speaks_something_else(lame, rabbitmq):
    one = lame(port=rabbitmq.management_port, timeout_s=2)
    one.feeder.stands("failed")
    assert one.feeder.state.key in ("feeder.amqp_protocol", "feeder.lost", "feeder.timeout")


def test_tls_is_verified_by_name_and_authority(lame, rabbitmq):
    tls = {"tls": True, "port": rabbitmq.tls_port}
    one = lame(**tls)
    one.feeder.stands("failed", "feeder.tls_certificate")
    one.change(**tls, ca_certificate="/no/such/file")
    one.feeder.stands("failed", "feeder.ca_certificate")
    one.change(**tls, ca_certificate=str(rabbitmq.ca), host="127.0.0.1")
    one.feeder.stands("failed", "feeder.tls_certificate")
    assert "127.0.0.1" in one.feeder.state.params["reason"]
    one.change(**tls, ca_certificate=str(rabbitmq.ca))
    one.feeder.stands("consuming")
    sends(one)


def test_plain_text_at_a_tls_port(lame, rabbitmq):
    one = lame(port=rabbitmq.tls_port, timeout_s=2)
    one.feeder.stands("failed")
    one.change(tls=True, port=rabbitmq.port, ca_certificate=str(rabbitmq.ca), timeout_s=2)
    one.feeder.stands("failed", "feeder.tls")


def test_a_queue_of_other_arguments_is_used_as_it_is(lame, rabbitmq, vhost):
    with rabbitmq.channel(vhost) as channel:
        channel.queue_declare("sms", durable=False, auto_delete=False, arguments={"x-max-length": 7})
    one = lame()
    one.feeder.stands("consuming")
    sends(one)


def test_a_queue_of_somebody_elses_own(lame, rabbitmq, vhost):
    with rabbitmq.channel(vhost) as channel:
        channel.queue_declare("sms", exclusive=True)
        one = lame()
        one.feeder.stands("failed", "feeder.amqp_queue_locked")
    one.feeder.stands("consuming")
    sends(one)


def test_a_user_without_the_right_to_declare(lame, rabbitmq, vhost):
    rabbitmq.add_user("poor", PASSWORD, vhost, {"configure": "^$", "write": "", "read": ".*"})
    one = lame(username="poor")
    one.feeder.stands("failed", "feeder.amqp_no_right")
    one.channel.queue_declare("sms", durable=True, arguments={"x-queue-type": "quorum"})
    one.feeder.stands("consuming")
    one.publish(body=b"{malformed")
    waits_for(lambda: one.feeder.state.dead == 1)
    one.sms(N)
    waits_for(lambda: one.feeder.state.answered.get("0000"))


def test_a_queue_that_somebody_consumes_alone(lame, rabbitmq, vhost):
    with rabbitmq.channel(vhost) as channel:
        channel.queue_declare("sms", durable=True)
        channel.basic_consume("sms", print, exclusive=True)
        one = lame()
        one.feeder.stands("failed", "feeder.amqp_queue_locked")
    one.feeder.stands("consuming")


def test_refused_replies_harm_nothing_else(lame, rabbitmq, vhost):
    """The server closes the channel of each reply; what moves to the dead queue goes its own way."""
    rabbitmq.add_user("mute", PASSWORD, vhost, {"configure": ".*", "write": "^$", "read": ".*"})
    one = lame(username="mute")
    one.feeder.stands("consuming")
    for at in range(5):
        one.sms(f"0812000000{at}", reply_to=one.replies)
    waits_for(lambda: one.feeder.state.answered.get("0000") == 5)
    waits_for(lambda: one.feeder.state.replies_lost >= 1)
    one.publish(body=b"{malformed", reply_to=one.replies)
    waits_for(lambda: one.feeder.state.dead == 1 and one.depth()[0] == 0)
    assert one.feeder.state.connected == 1
    waits_for(lambda: "does not get into sms.dead" in one.feeder.log())


def test_a_deleted_queue_for_dead_messages_is_made_again(lame):
    one = lame()
    one.feeder.stands("consuming")
    one.channel.queue_delete("sms.dead")
    one.publish(body=b"{malformed")
    waits_for(lambda: one.feeder.state.dead == 1 and one.depth() == (0, 1))
    assert one.message("sms.dead", decode=False)[1] == b"{malformed"


def test_a_deleted_queue_is_made_again(lame):
    one = lame()
    one.feeder.stands("consuming")
    one.channel.queue_delete("sms")
    waits_for(lambda: one.feeder.state.connected == 2)
    assert one.feeder.state.last_error == "feeder.amqp_queue_gone"
    sends(one)


def test_a_disk_alarm_is_told_and_passes(lame, rabbitmq):
    one = lame()
    one.feeder.stands("consuming")
    rabbitmq.disk_alarm(on=True)
    try:
        one.feeder.stands("blocked", "feeder.amqp_alarm")
    finally:
        rabbitmq.disk_alarm(on=False)
    one.feeder.stands("consuming")
    sends(one)


# A server of their own, to kill.


@pytest.mark.slow
def test_a_server_that_comes_late_dies_and_freezes(tmp_path):
    """Absent at the start, killed with a message in hand, frozen: each is told, and consuming follows within 5 s."""
    (tmp_path / "feeder").mkdir()
    late = {"heartbeat_s": 4, "reconnect_delay_s": 5, "username": servers.ADMIN}
    with (
        servers.running(tmp_path, started=False) as fragile,
        AmqpDesk.open(tmp_path / "feeder", fragile, "/", started=False, **late) as one,
    ):
        one.feeder.stands("failed", "feeder.nobody_listens")
        fragile.start()
        assert back_within(one, 5.0)
        one.meet()
        sends(one)
        gate = one.dispatch.by_number[N] = threading.Event()
        one.sms(N)
        waits_for(lambda: len(one.dispatch.sent) == 2)
        fragile.kill()
        one.feeder.stands("failed")
        gate.set()
        fragile.start()
        assert back_within(one, 5.0)
        one.meet()
        waits_for(lambda: len(one.dispatch.sent) == 3)
        assert one.dispatch.sent[2].broker_redelivered
        fragile.freeze()
        one.feeder.stands("blocked", "feeder.silent_now", timeout_s=10)
        one.feeder.stands("failed", "feeder.silent", timeout_s=25)
        fragile.thaw()
        one.feeder.stands("consuming", timeout_s=15)
        sends(one)


def back_within(one, seconds):
    began = time.monotonic()
    one.feeder.stands("consuming")
    return time.monotonic() - began < seconds
