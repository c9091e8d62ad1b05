"""The bench's own sender does on a real broker what its figures rely on."""

import contextlib
import threading

import pika
import pytest
from bench.application import QUEUE, Application


@pytest.fixture
def application(rabbitmq, vhost):
    with contextlib.closing(Application(rabbitmq.parameters(vhost))) as application:
        yield application


def test_a_backlog_waits_until_it_is_thrown_away(application):
    application.publish_all(range(50))
    assert (application.waiting(), application.consumers()) == (50, 0)
    application.purge()
    assert application.waiting() == 0


def test_every_message_has_its_reply_and_no_more_are_under_way_than_asked_for(application, rabbitmq, vhost):
    under_way = []

    def answer():
        with rabbitmq.channel(vhost, confirm=False) as channel:
            for method, properties, _ in channel.consume(QUEUE, inactivity_timeout=5):
                under_way.append(application.published - len(under_way))
                reply = pika.BasicProperties(content_type="application/json")
                channel.basic_publish("", properties.reply_to, b'{"response_code": "0000"}', reply)
                channel.basic_ack(method.delivery_tag)
                if len(under_way) == 60:
                    break

    answering = threading.Thread(target=answer)
    answering.start()
    assert list(application.ask(range(60), at_once=7)) == ["0000"] * 60
    answering.join()
    assert max(under_way) <= 7
