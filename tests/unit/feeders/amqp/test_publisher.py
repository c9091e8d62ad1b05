"""What becomes of messages when the connection that sends them dies."""

import contextlib
import queue

import pika
import pytest
from pika import exceptions

from fakes.waiting import waits_for
from otpbroker.feeders.amqp.publisher import Fate, Outgoing, Publisher


class Channel:
    is_open = True

    def __init__(self, connection):
        self._connection = connection

    def confirm_delivery(self):
        pass

    def basic_publish(self, _exchange, _routing_key, body, _properties, **_more):
        if body != b"" and self._connection.is_open:
            self._connection.published(body)


class Connection:
    """`faults` are raised one after the other, by what is published."""

    def __init__(self, faults, sent):
        self.is_open = True
        self._faults, self._sent = faults, sent
        self._wakes = queue.Queue()

    def add_on_connection_blocked_callback(self, callback):
        pass

    add_on_connection_unblocked_callback = add_on_connection_blocked_callback

    def channel(self):
        return Channel(self)

    def call_later(self, delay_s, callback):
        pass

    def add_callback_threadsafe(self, callback):
        self._wakes.put(callback)

    def process_data_events(self, **_limits):
        self._wakes.get()

    def published(self, body):
        fault = self._faults.pop(0) if self._faults else None
        if fault is None:
            self._sent.append(body)
            return
        self.is_open = not isinstance(fault, exceptions.AMQPConnectionError)
        raise fault

    def close(self):
        pass


LOST = exceptions.StreamLostError("gone")
REFUSED = exceptions.ChannelClosedByBroker(403, "no right")


@pytest.fixture
def publisher():
    """Makes one, whose connections have faults: `publisher(*faults)`; it, what was sent, how replies ended."""
    with contextlib.ExitStack() as stack:

        def make(*faults):
            faults, sent, replies = list(faults), [], []
            one = Publisher(lambda: Connection(faults, sent), lambda _: None, replies.append, 60)
            stack.callback(one.stop, 1)
            return one, sent, replies

        yield make


def move(body, ended):
    return Outgoing("", "sms.dead", body, pika.BasicProperties(), ended)


def test_what_a_lost_connection_may_have_taken_is_told(publisher):
    one, sent, _ = publisher(LOST)
    ends = []
    one.put(move(b"a", ends.append))
    waits_for(lambda: ends)
    assert (sent, ends) == ([], [Fate.LOST])


def test_a_refusal_ends_one_and_no_other(publisher):
    one, sent, replies = publisher(REFUSED)
    ends = []
    one.put(move(b"a", ends.append))
    one.put(move(b"b", ends.append))
    one.put(Outgoing("", "answers", b"reply", pika.BasicProperties()))
    waits_for(lambda: len(ends) == 2 and replies)
    assert (sent, ends, replies) == ([b"b", b"reply"], [Fate.REFUSED, Fate.CONFIRMED], [True])
