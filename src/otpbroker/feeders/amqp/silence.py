"""Whether a server gives the signs of life that it should. Whether the connection is lost is for pika to say, later."""

from collections.abc import Callable
from typing import Final

import pika

_LOOKS: Final = 3  # in a heartbeat, within which the server sends two signs


class Silence:
    """Tells `changed` when the server gave no sign in a whole heartbeat, and when it does again. In its own thread."""

    def __init__(self, connection: pika.BlockingConnection, heartbeat_s: int, changed: Callable[[bool], None]) -> None:
        self._connection = connection
        self._changed = changed
        self._octets = -1
        self._missed = 0
        self._every_s = heartbeat_s / _LOOKS
        if heartbeat_s:
            self._look()

    def _look(self) -> None:
        octets = self._connection._impl.bytes_received  # noqa: SLF001 - pika tells it nowhere else
        before = self._missed >= _LOOKS
        self._missed = self._missed + 1 if octets == self._octets else 0
        self._octets = octets
        if before != (self._missed >= _LOOKS):
            self._changed(not before)
        self._connection.call_later(self._every_s, self._look)
