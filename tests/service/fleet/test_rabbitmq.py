"""The broker that tests start does what tests rely on."""

import socket

import pika
import pytest

from fakes.waiting import waits_for


def test_while_frozen_connections_stay_open_and_nothing_answers(rabbitmq):
    with socket.create_connection(("127.0.0.1", rabbitmq.port)) as client:
        rabbitmq.freeze()
        try:
            client.settimeout(0.3)
            client.sendall(b"AMQP\0\0\x09\1")
            with pytest.raises(TimeoutError):
                client.recv(1)
        finally:
            rabbitmq.thaw()
        client.settimeout(5)
        assert client.recv(1) == b"\1"


def test_a_disk_alarm_is_told_to_publishers_until_it_is_over(rabbitmq):
    with rabbitmq.channel(confirm=False) as channel:
        said = []
        channel.connection.add_on_connection_blocked_callback(lambda *_: said.append("blocked"))
        channel.connection.add_on_connection_unblocked_callback(lambda *_: said.append("unblocked"))
        rabbitmq.disk_alarm(True)
        try:
            channel.basic_publish("", "nowhere", b"")
            waits_for(lambda: channel.connection.process_data_events(0.1) or said == ["blocked"])
        finally:
            rabbitmq.disk_alarm(False)
        waits_for(lambda: channel.connection.process_data_events(0.1) or said == ["blocked", "unblocked"])


def test_a_user_gets_in_by_the_right_password_over_tls_too(rabbitmq, vhost):
    rabbitmq.add_user("shop", "a password", vhost)
    pika.BlockingConnection(rabbitmq.parameters(vhost, "shop", "a password", tls=True)).close()
    with pytest.raises(pika.exceptions.AMQPError):
        pika.BlockingConnection(rabbitmq.parameters(vhost, "shop", "another password"))
