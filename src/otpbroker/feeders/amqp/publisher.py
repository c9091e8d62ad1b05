"""Sending to RabbitMQ, over a connection of its own: one that publishes is held up while the server is short of disk or
memory, and must not hold up what is consumed.
"""

import contextlib
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from enum import Enum
from typing import Final, NamedTuple

import pika
from pika import exceptions
from pika.adapters.blocking_connection import BlockingChannel
from pika.adapters.utils.connection_workflow import AMQPConnectorException

from otpbroker.feeders.link import LinkError

_LOG: Final = logging.getLogger(__name__)
MOST_WAITING: Final = 1000
AGAIN_S: Final = 5.0
_SHUT_S: Final = 300.0  # until an exchange that refused a reply is tried again

Connect = Callable[[], pika.BlockingConnection]


class Fate(Enum):
    """What became of a message that was to be confirmed."""

    CONFIRMED = "confirmed"
    REFUSED = "refused"  # no such place, no right to it, or it is full
    LOST = "lost"  # with the connection: it may have arrived


class Outgoing(NamedTuple):
    """`ended` hears its fate; without it the message is a reply, sent once or lost."""

    exchange: str
    routing_key: str | bytes
    body: bytes
    properties: pika.BasicProperties
    ended: Callable[[Fate], None] | None = None


_PROBE: Final = Outgoing("", "otpb.probe", b"", pika.BasicProperties())


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
        channels = Channels(connection)
        with self._lock:
            self._connection = connection
        self._probe(connection, channels)
        while True:
            while self._waiting and not self._blocked:
                self._publish(channels, self._waiting.popleft())
            if self._stopping:
                return
            connection.process_data_events(time_limit=None)  # None: until something happens

    def _publish(self, channels: "Channels", outgoing: Outgoing) -> None:
        """Also where the connection is lost meanwhile, the message's fate is told."""
        fate, sent = Fate.LOST, False
        try:
            if outgoing.ended is None:
                sent = channels.say(outgoing)
            else:
                fate = channels.hand_over(outgoing)
        finally:
            if outgoing.ended is None:
                self._reply_ended(sent)
            else:
                outgoing.ended(fate)

    def _probe(self, connection: pika.BlockingConnection, channels: "Channels") -> None:
        if not self._blocked:
            channels.say(_PROBE)
        connection.call_later(self._probe_s, lambda: self._probe(connection, channels))

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
                outgoing.ended(Fate.LOST)


class Channels:
    """One for each exchange that replies go to, so that a right that is missing to one closes no other; and one for
    what is confirmed.
    """

    def __init__(self, connection: pika.BlockingConnection) -> None:
        self._connection = connection
        self._replies: dict[str, BlockingChannel] = {}
        self._shut: dict[str, float] = {}
        self._confirmed: BlockingChannel | None = None

    def say(self, outgoing: Outgoing) -> bool:
        """Send a reply; False where it is known that it does not arrive. A refusal comes too late for the first one."""
        exchange = outgoing.exchange
        if self._shut.get(exchange, 0.0) > time.monotonic():
            return False
        if exchange not in self._replies:
            self._replies[exchange] = self._connection.channel()
        try:
            self._replies[exchange].basic_publish(*outgoing[:4])
        except (exceptions.ChannelClosedByBroker, exceptions.ChannelWrongStateError):
            del self._replies[exchange]
            self._shut[exchange] = time.monotonic() + _SHUT_S
            _LOG.warning("no replies by the exchange %s: no right to it, or it is not there", exchange or "amq.default")
            return False
        return True

    def hand_over(self, outgoing: Outgoing) -> Fate:
        if self._confirmed is None:
            self._confirmed = self._connection.channel()
            self._confirmed.confirm_delivery()
        try:
            self._confirmed.basic_publish(*outgoing[:4], mandatory=True)
        except (exceptions.UnroutableError, exceptions.NackError):
            return Fate.REFUSED
        except exceptions.ChannelClosedByBroker:
            self._confirmed = None
            return Fate.REFUSED
        return Fate.CONFIRMED
