"""Replies on their way, over connections that only they need."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from itertools import islice, takewhile
from typing import Final, NamedTuple, Protocol

from otpbroker.feeders.link import LinkError

_LOG: Final = logging.getLogger(__name__)
KEEP_S: Final = 30.0
MOST_WAITING: Final = 1000
_AT_ONCE: Final = 50


class Speaker(Protocol):
    """Used by one thread."""

    def send(self, topic: str, bodies: list[bytes]) -> None:
        """Returns when the server has them all; raises `LinkError`."""

    def close(self) -> None: ...


class _Reply(NamedTuple):
    topic: str
    body: bytes
    ended: Callable[[bool], None]


class Outbox:
    """Sends replies in order, each once, or loses it. Its thread, and the speaker that the thread makes, live while
    there are replies and `keep_s` longer.
    """

    def __init__(self, make: Callable[[], Speaker], keep_s: float = KEEP_S) -> None:
        self._make = make
        self._keep_s = keep_s
        self._changed = threading.Condition()
        self._waiting: deque[_Reply] = deque()
        self._thread: threading.Thread | None = None
        self._stopping = False

    def put(self, topic: str, body: bytes, ended: Callable[[bool], None]) -> None:
        """Any thread; `ended` hears whether it was sent. Where too much waits the oldest is lost."""
        with self._changed:
            self._waiting.append(_Reply(topic, body, ended))
            lost = self._waiting.popleft() if len(self._waiting) > MOST_WAITING else None
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="replies", daemon=True)
                self._thread.start()
            self._changed.notify_all()
        if lost is not None:
            lost.ended(False)

    def stop(self, wait_s: float) -> None:
        """Send what waits and rest; `wait_s` for that to happen."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join(wait_s)

    def _run(self) -> None:
        speaker = self._make()
        while batch := self._next():
            sent = _sent(speaker, batch)
            for reply in batch:
                reply.ended(sent)
        speaker.close()

    def _next(self) -> list[_Reply]:
        """Some for one topic; none where it is time to rest."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._waiting or self._stopping, self._keep_s) or not self._waiting:
                self._thread = None
                return []
            topic = self._waiting[0].topic
            batch = list(islice(takewhile(lambda reply: reply.topic == topic, self._waiting), _AT_ONCE))
            for _ in batch:
                self._waiting.popleft()
            return batch


def _sent(speaker: Speaker, batch: list[_Reply]) -> bool:
    try:
        speaker.send(batch[0].topic, [reply.body for reply in batch])
    except LinkError as error:
        _LOG.info("%d replies are lost: %s", len(batch), error.key)
        return False
    return True
