"""What another process says of itself, asked once for all who look."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from otpbroker.errors import BrokerError

Said = TypeVar("Said")


class Shared(Generic[Said]):
    """`ask` raises `BrokerError` where the other does not answer. Used by any thread."""

    def __init__(self, ask: Callable[[], Said], fresh_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask
        self._fresh_s = fresh_s
        self._clock = clock
        self._lock = threading.Lock()
        self._known: Said | None = None
        self._asked_at = float("-inf")

    def now(self) -> Said | None:
        """At most `fresh_s` old, or what was known while another thread asks; the first answer is waited for. None
        where there was no answer.
        """
        first = self._asked_at == float("-inf")
        if self._is_old() and self._lock.acquire(blocking=first):
            try:
                if self._is_old():
                    self._known = self._answer()
                    self._asked_at = self._clock()
            finally:
                self._lock.release()
        return self._known

    def forget(self) -> None:
        """What was said holds no longer: the next one who looks asks."""
        self._asked_at = float("-inf")

    def _is_old(self) -> bool:
        return self._clock() - self._asked_at >= self._fresh_s

    def _answer(self) -> Said | None:
        try:
            return self._ask()
        except BrokerError:
            return None
