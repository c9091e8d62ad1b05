"""The consumers of one channel, as what can be sent wants them. All of it in the connection's own thread."""

from collections.abc import Callable
from typing import Any

import pika
from pika.adapters.blocking_connection import BlockingChannel

from otpbroker.config.sections.feeders import AmqpSection
from otpbroker.feeders.amqp.connecting import exists
from otpbroker.feeders.amqp.fleet import Source, sources
from otpbroker.verbs.feeders import Sendable


class Consumers:
    """`message` is called with each message, `gone` when the server takes a consumer away: its queue was deleted."""

    def __init__(
        self,
        connection: pika.BlockingConnection,
        settings: AmqpSection,
        prefix_length: int,
        message: Callable[..., Any],
        gone: Callable[[Any], None],
    ) -> None:
        self._connection = connection
        self._settings = settings
        self._prefix_length = prefix_length
        self._message = message
        self._tags: dict[Source, str] = {}
        self._missing: set[str] = set()
        self.channel: BlockingChannel = connection.channel()
        self.channel.add_on_cancel_callback(gone)

    def __bool__(self) -> bool:
        """Whether anything is consumed."""
        return bool(self._tags)

    def adjust(self, sendable: Sendable, held: int) -> None:
        """Consume from what the modems can send and from nothing else. What a cancelled consumer had got and not handed
        over goes back to its queue.
        """
        wanted = {
            source for source in sources(self._settings, sendable, self._prefix_length, held) if self._has(source)
        }
        for source in self._tags.keys() - wanted:
            self.channel.basic_cancel(self._tags.pop(source))
        for source in sorted(wanted - self._tags.keys()):
            self.channel.basic_qos(prefetch_count=source.prefetch)
            arguments = {"x-priority": source.priority} if source.priority else None
            self._tags[source] = self.channel.basic_consume(source.queue, self._message, arguments=arguments)

    def look_again(self) -> None:
        """A class that was not there may have been declared since."""
        self._missing.clear()

    def _has(self, source: Source) -> bool:
        """Whether there is such a queue; a class that the fleet's operator has not declared is nobody's."""
        if source.queue == self._settings.queue or source in self._tags:
            return True
        if source.queue not in self._missing and not exists(self._connection, source.queue):
            self._missing.add(source.queue)
        return source.queue not in self._missing
