"""The sender's side of a message broker: an application that has a queue made and publishes SMS to it."""

import itertools
import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

import pika

from bench.contender import TEXT
from bench.processes import wait_for

QUEUE: Final = "sms"
_REPLIES: Final = "amq.rabbitmq.reply-to"  # RabbitMQ's direct reply-to: to this connection, through no queue
_PERSISTENT: Final = 2


class Application:
    """One connection. The queue outlives the broker's death, and so do the messages."""

    def __init__(self, parameters: pika.ConnectionParameters) -> None:
        self._connection = pika.BlockingConnection(parameters)
        self._channel = self._connection.channel()
        self._channel.queue_declare(QUEUE, durable=True, arguments={"x-queue-type": "quorum"})
        self._codes: list[str] = []
        self.published = 0
        self._channel.basic_consume(_REPLIES, self._replied, auto_ack=True)

    def publish(self, number: int, reply_to: str | None = None) -> None:
        data = {"id": number, "msisdn": str(number), "message": TEXT}
        body = json.dumps({"command": "send-sms", "data": data}).encode()
        properties = pika.BasicProperties(
            content_type="application/json", delivery_mode=_PERSISTENT, message_id=str(number), reply_to=reply_to
        )
        self._channel.basic_publish("", QUEUE, body, properties)
        self.published += 1

    def publish_all(self, numbers: Iterable[int]) -> None:
        """Returns when they all wait in the queue: nobody may consume."""
        before = self.published
        for number in numbers:
            self.publish(number)
        count = self.published - before
        wait_for(lambda: self.waiting() == count, 60, f"{count} messages wait in the queue")

    def ask(self, numbers: Iterable[int], at_once: int = 200) -> Iterator[str]:
        """The response code of each message as its outcome comes; `at_once` of them have none yet."""
        ahead = iter(numbers)
        due = 0
        for number in itertools.islice(ahead, at_once):
            self.publish(number, _REPLIES)
            due += 1
        while due:
            self._connection.process_data_events(time_limit=None)
            codes, self._codes = self._codes, []
            due -= len(codes)
            for number in itertools.islice(ahead, len(codes)):
                self.publish(number, _REPLIES)
                due += 1
            yield from codes

    def _replied(self, _channel: object, _method: object, _properties: object, body: bytes) -> None:
        self._codes.append(json.loads(body)["response_code"])

    def waiting(self) -> int:
        """How many messages nobody has taken."""
        return int(self._declared().message_count)

    def consumers(self) -> int:
        return int(self._declared().consumer_count)

    def _declared(self) -> Any:
        return self._channel.queue_declare(QUEUE, passive=True).method

    def purge(self) -> None:
        self._channel.queue_purge(QUEUE)

    def close(self) -> None:
        if self._connection.is_open:
            self._connection.close()
