"""Sending to RabbitMQ, over a connection of its own: one that publishes is held up while the server is short of disk or
memory, and must not hold up what is consumed.
"""

import contextlib
import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Final, NamedTuple

import pika
from pika import exceptions
from pika.adapters.blocking_connection import BlockingChannel
from pika.adapters.utils.connection_workflow import AMQPConnectorException

from otpbroker.feeders.link import LinkError

_LOG: Final = logging.getLogger(__name__)
MOST_WAITING: Final = 1000
AGAIN_S: Final = 5.0

Connect = Callable[[], pika.BlockingConnection]


class Outgoing(NamedTuple):
    """`ended` hears whether the server confirmed it; without it the message is a reply, sent once or lost."""

    exchange: str
    routing_key: str
    body: bytes
    properties: pika.BasicProperties
    ended: Callable[[bool], None] | None = None


class Publisher:
    """One thread, one connection, made again when lost. `alarm` hears whether the server takes messages now: it tells
    only who publishes, so an empty message that goes nowhere asks every `probe_s`. `reply_ended` hears of each reply.
    """

    def __init__(
        self, connect: Connect, alarm: Callable[[bool], None], reply_ended: Callable[[bool], None], probe_s: float
    ) -> None:
        self._connect = connect
        self._alarm = alarm
        self._reply_ended = reply_ended
        self._probe_s = probe_s
        self._waiting: deque[Outgoing] = deque()
        self._connection: pika.BlockingConnection | None = None
        self._lock = threading.Condition()
        self._stopping = False
        self._blocked = False
        self._thread = threading.Thread(target=self._run, name="publisher", daemon=True)
        self._thread.start()

    def put(self, outgoing: Outgoing) -> None:
        """Any thread. Where too much waits the oldest reply is lost."""
        with self._lock:
            self._waiting.append(outgoing)
            lost = self._oldest_reply() if len(self._waiting) > MOST_WAITING else None
            self._wake()
        if lost is not None:
            self._reply_ended(False)

    def _oldest_reply(self) -> Outgoing | None:
        oldest = next((waiting for waiting in self._waiting if waiting.ended is None), None)
        if oldest is not None:
            self._waiting.remove(oldest)
        return oldest

    def _wake(self) -> None:
        self._lock.notify_all()
        if self._connection is not None:
            with contextlib.suppress(exceptions.AMQPError):
                self._connection.add_callback_threadsafe(lambda: None)

    def stop(self, wait_s: float) -> None:
        """Send what waits, and end; `wait_s` for that to happen."""
        with self._lock:
            self._stopping = True
            self._wake()
        self._thread.join(wait_s)

    # -- in its own thread --------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping:
            try:
                with contextlib.closing(self._connect()) as connection:
                    self._serve(connection)
            except (exceptions.AMQPError, AMQPConnectorException, OSError, LinkError) as error:
                _LOG.info("the connection for replies was lost or refused: %s", type(error).__name__)
            self._set_blocked(False)
            self._give_up()
            with self._lock:
                self._connection = None
                self._lock.wait_for(lambda: self._stopping, AGAIN_S)

    def _serve(self, connection: pika.BlockingConnection) -> None:
        connection.add_on_connection_blocked_callback(lambda *_: self._set_blocked(True))
        connection.add_on_connection_unblocked_callback(lambda *_: self._set_blocked(False))
        with self._lock:
            self._connection = connection
        replies, confirmed = connection.channel(), connection.channel()
        confirmed.confirm_delivery()
        self._probe(connection, replies)
        while True:
            while self._waiting and not self._blocked:
                self._publish(replies, confirmed, self._waiting.popleft())
            if self._stopping:
                return
            connection.process_data_events(time_limit=None)  # None: until something happens

    def _publish(self, replies: BlockingChannel, confirmed: BlockingChannel, outgoing: Outgoing) -> None:
        channel = replies if outgoing.ended is None else confirmed
        done = False
        try:
            mandatory = outgoing.ended is not None
            channel.basic_publish(
                outgoing.exchange, outgoing.routing_key, outgoing.body, outgoing.properties, mandatory
            )
            done = True
        except (exceptions.UnroutableError, exceptions.NackError):
            return
        finally:
            if outgoing.ended is None:
                self._reply_ended(done)
            else:
                outgoing.ended(done)

    def _probe(self, connection: pika.BlockingConnection, channel: BlockingChannel) -> None:
        if not self._blocked:
            channel.basic_publish("", "otpb.probe", b"")
        connection.call_later(self._probe_s, lambda: self._probe(connection, channel))

    def _set_blocked(self, blocked: bool) -> None:
        if blocked != self._blocked:
            self._blocked = blocked
            self._alarm(blocked)

    def _give_up(self) -> None:
        with self._lock:
            given_up, self._waiting = list(self._waiting), deque()
        for outgoing in given_up:
            if outgoing.ended is None:
                self._reply_ended(False)
            else:
                outgoing.ended(False)
