"""How a delivery ends at RabbitMQ: acknowledged, or moved to a queue beside its own and acknowledged then."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Final

import pika
from pika.adapters.blocking_connection import BlockingChannel

from otpbroker.config.sections.feeders import AmqpSection
from otpbroker.feeders.amqp.connecting import declare_dead
from otpbroker.feeders.amqp.fleet import RETRY_DELAY_S
from otpbroker.feeders.amqp.properties import buried, retried
from otpbroker.feeders.amqp.publisher import Fate, Outgoing, Publisher
from otpbroker.feeders.link import Delivery, Verdict

_LOG: Final = logging.getLogger(__name__)


def beside(settings: AmqpSection, tail: str) -> tuple[str, str]:
    """Exchange and routing key of what stands beside our queue: in a fleet it has an exchange of its own."""
    name = f"{settings.queue}.{tail}"
    return (name, "") if settings.fleet else ("", name)


class Settling:
    """What came by `channel` of `connection`. `soon` has something done in that connection's thread."""

    def __init__(
        self,
        settings: AmqpSection,
        connection: pika.BlockingConnection,
        channel: BlockingChannel,
        publisher: Publisher,
        soon: Callable[[Callable[[], None]], None],
    ) -> None:
        self._settings = settings
        self._connection = connection
        self._channel = channel
        self._publisher = publisher
        self._soon = soon

    def settle(self, delivery: Delivery, verdict: Verdict, reason: str, left_s: float) -> None:
        """Any thread."""
        given = handle(delivery)[1]
        if verdict is Verdict.DONE:
            self._soon(partial(self._ack, delivery))
        elif verdict is Verdict.RETRY:
            self._move(delivery, "retry", retried(given, left_s), self._give_back_later)
        else:
            properties = buried(given, reason)
            self._move(delivery, "dead", properties, partial(self._bury_again, properties))

    def _move(
        self, delivery: Delivery, tail: str, properties: pika.BasicProperties, refused: Callable[[Delivery], None]
    ) -> None:
        """Publish it to `STEM.tail`, and settle it here once its fate is known: lost on the way, we have it yet."""
        ends = {Fate.CONFIRMED: self._ack, Fate.REFUSED: refused, Fate.LOST: self._give_back_later}
        to = beside(self._settings, tail)
        self._publisher.put(
            Outgoing(*to, delivery.body, properties, lambda fate: self._soon(partial(ends[fate], delivery)))
        )

    # -- in the connection's thread -----------------------------------------------------------------------------

    def _give_back_later(self, delivery: Delivery) -> None:
        """Not at once: it would come again at once."""
        self._connection.call_later(RETRY_DELAY_S, partial(self._reject, delivery, requeue=True))

    def _bury_again(self, properties: pika.BasicProperties, delivery: Delivery) -> None:
        """The queue for dead messages may have been deleted."""
        if not self._settings.fleet:
            declare_dead(self._connection, self._settings.queue)
        self._move(delivery, "dead", properties, self._drop)

    def _drop(self, delivery: Delivery) -> None:
        """We may not publish where it belongs: the operator's own dead-letter policy has it."""
        _LOG.warning("what is put aside does not get into %s.dead; see the user's rights", self._settings.queue)
        self._reject(delivery, requeue=False)

    def _ack(self, delivery: Delivery) -> None:
        if self._channel.is_open:
            self._channel.basic_ack(handle(delivery)[0])

    def _reject(self, delivery: Delivery, *, requeue: bool) -> None:
        if self._channel.is_open:
            self._channel.basic_reject(handle(delivery)[0], requeue=requeue)


def handle(delivery: Delivery) -> tuple[int, pika.BasicProperties]:
    """Of a delivery that came from RabbitMQ: its tag and its properties."""
    given = delivery.handle
    assert isinstance(given, tuple)  # noqa: S101 - ours
    return given
