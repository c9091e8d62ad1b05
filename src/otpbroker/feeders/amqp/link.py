"""RabbitMQ (SPEC §5.3): consumes with manual acknowledgement, and stops consuming while nothing can be sent."""

import contextlib
import logging
import threading
from collections.abc import Callable
from functools import partial
from typing import Final

import pika
from pika import exceptions
from pika.adapters.blocking_connection import BlockingChannel
from pika.adapters.utils.connection_workflow import AMQPConnectorException
from pika.spec import Basic

from otpbroker.config.sections.feeders import AmqpSection
from otpbroker.feeders.amqp.connecting import connect, declare, declare_dead
from otpbroker.feeders.amqp.consumers import Consumers
from otpbroker.feeders.amqp.errors import link_error
from otpbroker.feeders.amqp.octets import raw, read_any_time, text
from otpbroker.feeders.amqp.properties import lifetime_s, reply, tries
from otpbroker.feeders.amqp.publisher import Outgoing, Publisher
from otpbroker.feeders.amqp.settling import Settling, beside
from otpbroker.feeders.amqp.silence import Silence
from otpbroker.feeders.link import Delivery, Link, LinkError, Receiver, Verdict
from otpbroker.verbs.feeders import Sendable

logging.getLogger("pika").setLevel(logging.CRITICAL)  # its words quote what it chokes on; ours tell what matters
read_any_time()

_PROBE_S: Final = 10.0
_CLASSES_AGAIN_S: Final = 60.0
LAST_REPLIES_S: Final = 2.0


class AmqpLink(Link):
    """One connection that consumes and one that publishes. `device` is the name that the server's operator sees;
    `now` is the Unix time, None while the clock is not synchronised.
    """

    def __init__(self, settings: AmqpSection, device: str, prefix_length: int, now: Callable[[], float | None]) -> None:
        self._settings = settings
        self._device = device
        self._prefix_length = prefix_length
        self._now = now
        self.server = f"{settings.host}:{settings.port}"
        self.passes_on = settings.fleet
        self._lock = threading.Lock()
        self._todo: list[Callable[[], None]] = []
        self._scheduled = False
        self._connection: pika.BlockingConnection | None = None
        self._consumers: Consumers | None = None
        self._publisher: Publisher | None = None
        self._settling: Settling | None = None
        self._receiver: Receiver | None = None
        self._sendable = Sendable()
        self._held = 0
        self._draining = False
        self._closing = False
        self._blocked = False
        self._silent = False
        self._lost: LinkError | None = None

    # -- in its own thread --------------------------------------------------------------------------------------

    def run(self, receiver: Receiver) -> None:
        self._receiver = receiver
        try:
            self._connection = connect(self._settings, f"{self._device} consumer")
            try:
                self._serve(self._connection, receiver)
            finally:
                self._end()
        except (exceptions.AMQPError, AMQPConnectorException, OSError) as error:
            if not self._closing:
                raise link_error(error, self._settings.queue, self._settings.vhost) from None

    def _serve(self, connection: pika.BlockingConnection, receiver: Receiver) -> None:
        if not self._settings.fleet:
            declare(connection, self._settings.queue)
            declare_dead(connection, self._settings.queue)
        self._consumers = Consumers(connection, self._settings, self._prefix_length, self._message, self._gone)
        receiver.connected()
        replies = partial(connect, self._settings, f"{self._device} replies")
        self._publisher = Publisher(replies, self._alarm, self._reply_ended, _PROBE_S)
        self._settling = Settling(self._settings, connection, self._consumers.channel, self._publisher, self._soon)
        Silence(connection, self._settings.heartbeat_s, self._heard)
        self._look_again(connection)
        while not self._closing:
            self._work_off()
            if self._lost is not None:
                raise self._lost
            connection.process_data_events(time_limit=None)  # None: until something happens

    def _look_again(self, connection: pika.BlockingConnection) -> None:
        if self._consumers is not None:
            self._consumers.look_again()
        self._soon(self._adjust)
        connection.call_later(_CLASSES_AGAIN_S, partial(self._look_again, connection))

    def _adjust(self) -> None:
        if self._consumers is not None:
            self._consumers.adjust(Sendable() if self._draining else self._sendable, self._held)
            self._tell()

    def _message(
        self, _: BlockingChannel, method: Basic.Deliver, properties: pika.BasicProperties, body: bytes
    ) -> None:
        assert self._receiver is not None  # noqa: S101 - we are in its thread
        self._receiver.arrived(
            Delivery(
                body=body,
                content_type=text(properties.content_type),
                key=text(properties.message_id).encode("utf-8", "backslashreplace").decode(),
                redelivered=bool(method.redelivered),
                tries=tries(properties),
                lifetime_s=lifetime_s(properties, self._now()),
                reply_to=text(properties.reply_to),
                correlation_id=text(properties.correlation_id),
                handle=(method.delivery_tag, properties),
            )
        )

    def _tell(self) -> None:
        """Where it stands."""
        if self._receiver is None or self._draining:
            return
        if self._silent:
            self._receiver.now("blocked", "feeder.silent_now")
        elif self._blocked:
            self._receiver.now("blocked", "feeder.amqp_alarm")
        elif self._consumers:
            self._receiver.now("consuming")
        else:
            self._receiver.now("no_modem", "feeder.no_modem")

    def _heard(self, silent: bool) -> None:
        self._silent = silent
        self._tell()

    def _gone(self, _cancelled: object) -> None:
        self._lost = LinkError("feeder.amqp_queue_gone")

    def _end(self) -> None:
        if self._publisher is not None:
            self._publisher.stop(LAST_REPLIES_S if self._draining else 0.0)
        with self._lock:
            connection, self._connection, self._consumers = self._connection, None, None
            self._todo.clear()
        if connection is not None and connection.is_open:
            connection.close()

    # -- called by any thread -----------------------------------------------------------------------------------

    def _soon(self, action: Callable[[], None]) -> None:
        """Do it in the connection's thread; without a connection there is nothing to do."""
        with self._lock:
            if self._connection is None:
                return
            self._todo.append(action)
            if not self._scheduled:
                self._scheduled = True
                with contextlib.suppress(exceptions.ConnectionWrongStateError):  # it is being lost: `run` notices
                    self._connection.add_callback_threadsafe(self._work_off)

    def _work_off(self) -> None:
        with self._lock:
            actions, self._todo = self._todo, []
            self._scheduled = False
        for action in actions:
            action()

    def demand(self, sendable: Sendable) -> None:
        self._sendable = sendable
        self._soon(self._adjust)

    def holding(self, messages: int) -> None:
        if not self._settings.fleet:
            self._held = messages
            self._soon(self._adjust)

    def settle(self, delivery: Delivery, verdict: Verdict, reason: str = "", left_s: float = 0.0) -> None:
        if self._settling is not None:
            self._settling.settle(delivery, verdict, reason, left_s)

    def answer(self, topic: str, body: bytes, correlation_id: str = "") -> None:
        if self._publisher is not None:
            self._publisher.put(Outgoing("", raw(topic), body, reply(correlation_id, self._device)))

    def result(self, body: bytes, correlation_id: str = "") -> None:
        if self._settings.fleet and self._publisher is not None:
            self._publisher.put(Outgoing(*beside(self._settings, "results"), body, reply(correlation_id, self._device)))

    def _alarm(self, blocked: bool) -> None:
        self._blocked = blocked
        self._soon(self._tell)

    def _reply_ended(self, sent: bool) -> None:
        if self._receiver is not None:
            self._receiver.reply_ended(sent=sent)

    def stop_consuming(self) -> None:
        self._draining = True
        self._soon(self._adjust)

    def close(self) -> None:
        self._closing = True
        self._soon(lambda: None)
