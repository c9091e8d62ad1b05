"""WSMessageBroker (SPEC §5.4) and its successors' servers: hears what is sent to our channel.

None of them knows an acknowledgement: what has arrived is ours alone. The PHP server greets a socket, and passes on to
it what is sent to a channel that the socket asked for; any other word from the socket ends that. Its successors greet
nobody and pass on what is sent to the topic of the socket's URL. So we ask at once, and ping: whoever answers has read
our question, and has told before whether it refuses us.
"""

import threading
from typing import Final

from otpbroker.config.sections.feeders import WebSocketSection
from otpbroker.feeders.link import Delivery, Link, LinkError, Receiver, Verdict
from otpbroker.feeders.outbox import Outbox
from otpbroker.feeders.websocket.replies import TopicSpeaker
from otpbroker.feeders.websocket.wire import Wire
from otpbroker.verbs.feeders import Sendable

LAST_REPLIES_S: Final = 2.0


class WebSocketLink(Link):
    """One connection that hears; replies go over others, since a socket that speaks hears no more."""

    gives_back = False

    def __init__(self, settings: WebSocketSection) -> None:
        self._channel = settings.channel
        self.server = f"{settings.host}:{settings.port}"
        self._wire = Wire(settings, settings.channel)
        self._outbox = Outbox(lambda: TopicSpeaker(settings))
        self._lock = threading.Lock()
        self._receiver: Receiver | None = None
        self._sendable = Sendable()
        self._hearing = False
        self._deaf = False
        self._leaving = False
        self._closed = threading.Event()

    def run(self, receiver: Receiver) -> None:
        self._receiver = receiver
        try:
            self._hear(receiver)
        except LinkError:
            if not (self._deaf or self._leaving):
                raise
        finally:
            with self._lock:
                self._hearing = False
            self._wire.close()
        if self._deaf:
            self._closed.wait()
            self._outbox.stop(LAST_REPLIES_S)

    def _hear(self, receiver: Receiver) -> None:
        self._wire.open()
        self._wire.command("receive-message", self._channel, [])
        self._wire.ask()
        while True:
            message = self._wire.next()
            if message is None:
                self._heard()
            elif not self._deaf:
                delivery = Delivery(body=message)
                receiver.arrived(delivery)
                delivery.body = b""  # what is kept for later are its commands

    def _heard(self) -> None:
        """The server has read all that we said."""
        if not self._hearing and self._receiver is not None:
            with self._lock:
                self._hearing = True
            self._receiver.connected()
            self._tell()

    def _tell(self) -> None:
        """Where it stands. Without a modem it goes on: a server keeps nothing for us, or keeps it for ever."""
        with self._lock:
            if self._receiver is None or not self._hearing:
                return
            if self._sendable.modems:
                self._receiver.now("consuming")
            else:
                self._receiver.now("no_modem", "feeder.no_modem_held")

    def demand(self, sendable: Sendable) -> None:
        self._sendable = sendable
        self._tell()

    def settle(self, delivery: Delivery, verdict: Verdict, reason: str = "", left_s: float = 0.0) -> None:
        """Nobody waits for it."""

    def answer(self, topic: str, body: bytes, correlation_id: str = "") -> None:  # noqa: ARG002 - has no place for it
        self._outbox.put(topic, body, self._reply_ended)

    def _reply_ended(self, sent: bool) -> None:
        if self._receiver is not None:
            self._receiver.reply_ended(sent=sent)

    def stop_consuming(self) -> None:
        self._deaf = True
        self._wire.cut()

    def close(self) -> None:
        self._leaving = True
        self._closed.set()
        self._wire.leave()
