"""RabbitMQ (SPEC §5.3): consumes with manual acknowledgement, and stops consuming while nothing can be sent."""

import contextlib
import logging
import threading
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import pika
from pika import exceptions
from pika.adapters.blocking_connection import BlockingChannel
from pika.adapters.utils.connection_workflow import AMQPConnectorException
from pika.spec import Basic

from otpbroker.config.sections.feeders import AmqpSection
from otpbroker.feeders.amqp.errors import link_error
from otpbroker.feeders.amqp.fleet import LEFT_HEADER, RETRY_DELAY_S, Source, sources
from otpbroker.feeders.amqp.properties import lifetime_s, tries
from otpbroker.feeders.amqp.publisher import Outgoing, Publisher
from otpbroker.feeders.link import Delivery, Link, LinkError, Receiver, Verdict
from otpbroker.feeders.trust import client_tls
from otpbroker.verbs.feeders import Sendable

logging.getLogger("pika").setLevel(logging.CRITICAL)  # its words quote what it chokes on; ours tell what matters

_QUORUM: Final = {"x-queue-type": "quorum"}
_PERSISTENT: Final = 2
_PROBE_S: Final = 10.0
_CLASSES_AGAIN_S: Final = 60.0  # until a class that was declared since is found
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
        self._channel: BlockingChannel | None = None
        self._publisher: Publisher | None = None
        self._receiver: Receiver | None = None
        self._sendable = Sendable()
        self._held = 0
        self._consuming: dict[Source, str] = {}
        self._missing: set[str] = set()
        self._draining = False
        self._closing = False
        self._blocked = False
        self._silent = False
        self._lost: LinkError | None = None

    # -- in its own thread --------------------------------------------------------------------------------------

    def run(self, receiver: Receiver) -> None:
        self._receiver = receiver
        try:
            self._connection = self._connect("consumer")
            try:
                self._serve(self._connection, receiver)
            finally:
                self._end()
        except (exceptions.AMQPError, AMQPConnectorException, OSError) as error:
            if not self._closing:
                raise link_error(error, self._settings.queue, self._settings.vhost) from None

    def _serve(self, connection: pika.BlockingConnection, receiver: Receiver) -> None:
        self._declare(connection)
        self._channel = connection.channel()
        self._channel.add_on_cancel_callback(lambda _: self._lose(LinkError("feeder.amqp_queue_gone")))
        receiver.connected()
        self._publisher = Publisher(partial(self._connect, "replies"), self._alarm, self._reply_ended, _PROBE_S)
        self._listen(connection)
        self._look_again(connection)
        self._adjust()
        while not self._closing:
            self._work_off()
            if self._lost is not None:
                raise self._lost
            connection.process_data_events(time_limit=None)  # None: until something happens

    def _connect(self, purpose: str) -> pika.BlockingConnection:
        settings = self._settings
        tls = client_tls(settings.ca_certificate) if settings.tls else None
        return pika.BlockingConnection(
            pika.ConnectionParameters(
                host=settings.host,
                port=settings.port,
                virtual_host=settings.vhost,
                credentials=pika.PlainCredentials(settings.username, settings.password.reveal(), erase_on_connect=True),
                ssl_options=pika.SSLOptions(tls, settings.host) if tls is not None else None,
                heartbeat=settings.heartbeat_s,
                socket_timeout=settings.timeout_s,
                stack_timeout=settings.timeout_s,
                connection_attempts=1,
                client_properties={"connection_name": f"{self._device} {purpose}", "product": "OTP Broker"},
            )
        )

    def _declare(self, connection: pika.BlockingConnection) -> None:
        """The queue as it is, whatever its arguments; made where it is not there and we may. Never in a fleet."""
        queue = self._settings.queue
        if self._settings.fleet:
            return
        if not _exists(connection, queue):
            connection.channel().queue_declare(queue, durable=True, arguments=_QUORUM)
        dead = f"{queue}.dead"
        try:
            if not _exists(connection, dead):
                connection.channel().queue_declare(dead, durable=True, arguments=_QUORUM)
        except exceptions.ChannelClosedByBroker:
            self._missing.add(dead)

    def _listen(self, connection: pika.BlockingConnection, heard: int = -1, silent_s: float = 0.0) -> None:
        """Say when a server that should give a sign of life twice in a heartbeat gave none in a whole one. Whether the
        connection is lost is for pika to say, later.
        """
        every_s = self._settings.heartbeat_s / 3
        if not every_s:
            return
        now = connection._impl.bytes_received  # noqa: SLF001 - pika tells it nowhere else
        silent_s = silent_s + every_s if now == heard else 0.0
        if self._silent != (silent_s >= self._settings.heartbeat_s):
            self._silent = not self._silent
            self._tell()
        connection.call_later(every_s, partial(self._listen, connection, now, silent_s))

    def _look_again(self, connection: pika.BlockingConnection) -> None:
        if self._settings.fleet:
            self._missing.clear()
            self._soon(self._adjust)
            connection.call_later(_CLASSES_AGAIN_S, partial(self._look_again, connection))

    def _adjust(self) -> None:
        """Consume from what the modems can send, with two messages in hand for each of them; from nothing else."""
        wanted = set() if self._draining else set(self._sources())
        for source in self._consuming.keys() - wanted:
            self._cancel(self._consuming.pop(source))
        for source in sorted(wanted - self._consuming.keys()):
            self._consuming[source] = self._consume(source)
        self._tell()

    def _sources(self) -> list[Source]:
        found = sources(self._settings, self._sendable, self._prefix_length, self._held)
        return [source for source in found if source.queue not in self._missing and self._is_there(source)]

    def _is_there(self, source: Source) -> bool:
        """A class that the fleet's operator has not declared is nobody's."""
        if source.queue == self._settings.queue or source in self._consuming:
            return True
        assert self._connection is not None  # noqa: S101 - we are in its thread
        if _exists(self._connection, source.queue):
            return True
        self._missing.add(source.queue)
        return False

    def _consume(self, source: Source) -> str:
        """The new consumer's tag."""
        assert self._channel is not None  # noqa: S101 - we are in its thread
        self._channel.basic_qos(prefetch_count=source.prefetch)
        arguments = {"x-priority": source.priority} if source.priority else None
        return str(self._channel.basic_consume(source.queue, self._message, arguments=arguments))

    def _cancel(self, tag: str) -> None:
        """What arrived but was not handed over yet goes back to the queue."""
        assert self._channel is not None  # noqa: S101 - we are in its thread
        self._channel.basic_cancel(tag)

    def _message(
        self, _: BlockingChannel, method: Basic.Deliver, properties: pika.BasicProperties, body: bytes
    ) -> None:
        assert self._receiver is not None  # noqa: S101 - we are in its thread
        self._receiver.arrived(
            Delivery(
                body=body,
                content_type=properties.content_type or "",
                key=properties.message_id or "",
                redelivered=bool(method.redelivered),
                tries=tries(properties),
                lifetime_s=lifetime_s(properties, self._now()),
                reply_to=properties.reply_to or "",
                correlation_id=properties.correlation_id or "",
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
        elif self._consuming:
            self._receiver.now("consuming")
        else:
            self._receiver.now("no_modem", "feeder.no_modem")

    def _alarm(self, blocked: bool) -> None:
        self._blocked = blocked
        self._soon(self._tell)

    def _reply_ended(self, sent: bool) -> None:
        if self._receiver is not None:
            self._receiver.reply_ended(sent=sent)

    def _lose(self, error: LinkError) -> None:
        self._lost = error

    def _end(self) -> None:
        if self._publisher is not None:
            self._publisher.stop(LAST_REPLIES_S if self._draining else 0.0)
        with self._lock:
            connection, self._connection, self._channel = self._connection, None, None
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
        if verdict is Verdict.DONE:
            self._soon(partial(self._ack, delivery))
        elif verdict is Verdict.DEAD:
            self._move(delivery, self._dead, {"x-otpb-reason": reason[:200]}, None)
        else:
            left_ms = max(1, int((left_s - RETRY_DELAY_S) * 1000))
            self._move(delivery, self._retry, {LEFT_HEADER: left_ms}, str(int(RETRY_DELAY_S * 1000)))

    @property
    def _dead(self) -> tuple[str, str]:
        """Exchange and routing key."""
        name = f"{self._settings.queue}.dead"
        return (name, "") if self._settings.fleet else ("", name)

    @property
    def _retry(self) -> tuple[str, str]:
        return f"{self._settings.queue}.retry", ""

    def _move(self, delivery: Delivery, to: tuple[str, str], headers: dict[str, Any], expiration: str | None) -> None:
        """Publish it elsewhere; once that is confirmed, or refused, settle it here."""
        publisher = self._publisher
        if publisher is None:
            return
        _, given = _handle(delivery)
        properties = pika.BasicProperties(
            content_type=given.content_type,
            headers={k: v for k, v in (given.headers or {}).items() if not k.startswith("x-death")} | headers,
            delivery_mode=_PERSISTENT,
            correlation_id=given.correlation_id,
            reply_to=given.reply_to,
            message_id=given.message_id,
            expiration=expiration,
        )
        publisher.put(Outgoing(*to, delivery.body, properties, partial(self._moved, delivery)))

    def _moved(self, delivery: Delivery, confirmed: bool) -> None:
        self._soon(partial(self._ack if confirmed else self._reject, delivery))

    def _ack(self, delivery: Delivery) -> None:
        if self._channel is not None and self._channel.is_open:
            self._channel.basic_ack(_handle(delivery)[0])

    def _reject(self, delivery: Delivery) -> None:
        """We may not publish where it belongs: the operator's own dead-letter policy has it."""
        if self._channel is not None and self._channel.is_open:
            self._channel.basic_reject(_handle(delivery)[0], requeue=False)

    def answer(self, topic: str, body: bytes, correlation_id: str = "") -> None:
        self._publish("", topic, body, correlation_id)

    def result(self, body: bytes, correlation_id: str = "") -> None:
        if self._settings.fleet:
            self._publish(f"{self._settings.queue}.results", "", body, correlation_id)

    def _publish(self, exchange: str, routing_key: str, body: bytes, correlation_id: str) -> None:
        if self._publisher is not None:
            properties = pika.BasicProperties(
                content_type="application/json", correlation_id=correlation_id or None, app_id=self._device
            )
            self._publisher.put(Outgoing(exchange, routing_key, body, properties))

    def stop_consuming(self) -> None:
        self._draining = True
        self._soon(self._adjust)

    def close(self) -> None:
        self._closing = True
        self._soon(lambda: None)


def _handle(delivery: Delivery) -> tuple[int, pika.BasicProperties]:
    handle = delivery.handle
    assert isinstance(handle, tuple)  # noqa: S101 - ours
    return handle


def _exists(connection: pika.BlockingConnection, queue: str) -> bool:
    """A refused question closes its channel, so each has its own. Raises what is no plain absence."""
    channel = connection.channel()
    try:
        channel.queue_declare(queue, passive=True)
    except exceptions.ChannelClosedByBroker as error:
        if error.reply_code == 404:
            return False
        raise
    channel.close()
    return True
