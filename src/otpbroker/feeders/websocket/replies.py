"""Replies by WebSocket."""

import contextlib
from typing import Final

from msgspec import Raw

from otpbroker.config.sections.feeders import WebSocketSection
from otpbroker.feeders.link import LinkError
from otpbroker.feeders.websocket.wire import Wire

_MOST_TOPICS: Final = 8


class TopicSpeaker:
    """Says replies, over a connection for each topic: the successors' servers look for it in the URL."""

    def __init__(self, settings: WebSocketSection) -> None:
        self._settings = settings
        self._wires: dict[str, Wire] = {}

    def send(self, topic: str, bodies: list[bytes]) -> None:
        kept = self._wires.pop(topic, None)
        if kept is not None:
            with contextlib.suppress(LinkError):  # it may have died meanwhile
                self._say(kept, topic, bodies)
                return
        self._say(Wire(self._settings, topic), topic, bodies)

    def _say(self, wire: Wire, topic: str, bodies: list[bytes]) -> None:
        try:
            wire.open()
            for body in bodies:
                wire.command("send-message", topic, [Raw(body)])
            wire.ask()
            while wire.next() is not None:
                pass
        except LinkError:
            wire.close()
            raise
        self._wires[topic] = wire
        if len(self._wires) > _MOST_TOPICS:
            self._end(next(iter(self._wires)))

    def close(self) -> None:
        for topic in list(self._wires):
            self._end(topic)

    def _end(self, topic: str) -> None:
        wire = self._wires.pop(topic)
        wire.leave()
        wire.close()
