"""A feeder at a real RabbitMQ, and a publisher on the other side."""

import contextlib
import json

import pika

from fakes.feeder_process import running_feeder
from fakes.rabbitmq import PASSWORD
from fakes.waiting import waits_for
from otpbroker.config.sections.feeders import AmqpSection
from otpbroker.secrets import Secret

DEVICE = "device"
TEXT = "Kode OTP 482913"


@contextlib.contextmanager
def _channel(broker, home):
    """Of a connection that may be dead before we are."""
    connection = pika.BlockingConnection(broker.parameters(home))
    channel = connection.channel()
    channel.confirm_delivery()
    yield channel
    with contextlib.suppress(pika.exceptions.AMQPError):
        connection.close()


class AmqpDesk:
    """`publish` and `reply` are the sender's; `feeder` is the process, `dispatch` what it asks. In the virtual host
    `home` of `broker`; where that does not run yet the sender comes with `meet`.
    """

    def __init__(self, broker, home, feeder, stack):
        self.broker, self.home, self.feeder = broker, home, feeder
        self.dispatch = feeder.dispatch
        self._stack = stack

    @classmethod
    @contextlib.contextmanager
    def open(cls, folder, broker, home, *, sms=None, consuming=True, started=True, **settings):
        if started:
            broker.add_user(DEVICE, PASSWORD, home)
        section = AmqpSection(**(cls.settings(broker, home) | settings))
        with contextlib.ExitStack() as stack:
            one = cls(broker, home, stack.enter_context(running_feeder(folder, "amqp", section, sms)), stack)
            if started:
                one.meet()
            if started and consuming:
                one.feeder.stands("consuming")
            yield one

    def meet(self):
        """Connect to a server that has come up since."""
        self.channel = self._stack.enter_context(_channel(self.broker, self.home))
        self.replies = self.channel.queue_declare("", exclusive=True).method.queue

    @staticmethod
    def settings(broker, home):
        return {
            "enabled": True,
            "host": "localhost",
            "port": broker.port,
            "vhost": home,
            "username": DEVICE,
            "password": Secret(PASSWORD),
            "reconnect_delay_s": 0.5,
        }

    def change(self, **settings):
        """New settings, and the word of the process on them."""
        section = AmqpSection(**(self.settings(self.broker, self.home) | settings))
        self.feeder.write(section)
        return self.feeder.reload()

    def publish(self, command="send-sms", data=None, *, body=None, queue="sms", **properties):
        """One command, or octets as they are."""
        if body is None:
            body = json.dumps({"command": command, "data": {} if data is None else data})
        self.channel.basic_publish("", queue, body, pika.BasicProperties(**properties))

    def sms(self, number, text=TEXT, **properties):
        self.publish(data={"id": 123456, "msisdn": number, "message": text}, **properties)

    def ask(self, command="send-sms", data=None, **properties):
        """Publish and wait for the reply."""
        self.publish(command, data, reply_to=self.replies, **properties)
        return self.reply()

    def reply(self, queue=None, timeout_s=10):
        return self.message(queue or self.replies, timeout_s)[1]

    def message(self, queue, timeout_s=10, *, decode=True):
        """The properties and the content of the next message in a queue."""
        found = []

        def arrived():
            method, properties, body = self.channel.basic_get(queue, auto_ack=True)
            if method is not None:
                found.append((properties, json.loads(body) if decode else body))
            return found

        waits_for(arrived, timeout_s)
        return found[0]

    def depth(self, queue="sms"):
        """Messages ready, and consumers."""
        method = self.channel.queue_declare(queue, passive=True).method
        return method.message_count, method.consumer_count

    def numbers(self):
        """What dispatch was given, in order."""
        return [verb.msisdn for verb in self.dispatch.sent]
