"""What dispatch says of itself and its modems: asked at most once a second, and watched for the number of threads."""

import threading
import time
from collections.abc import Callable
from typing import Final

from otpbroker.doors.contract import Dispatch
from otpbroker.errors import BrokerError
from otpbroker.verbs.dispatch import DispatchStatus, ModemFacts, Status

FRESH_S: Final = 1.0
TIMEOUT_S: Final = 2.0
WATCH_S: Final = 10.0


def can_send(modem: ModemFacts) -> bool:
    """Eligible for the REST door, as far as a modem says it of itself (SPEC §3; quotas are dispatch's)."""
    return modem.active and modem.sms_api and modem.connected and modem.registered


class Fleet:
    """`size_for` is told how many modems are active."""

    def __init__(self, dispatch: Dispatch, size_for: Callable[[int], None]) -> None:
        self._dispatch = dispatch
        self._size_for = size_for
        self._lock = threading.Lock()
        self._status: DispatchStatus | None = None
        self._asked_at = float("-inf")
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="fleet", daemon=True)

    def status(self) -> DispatchStatus | None:
        """At most a second old, or what was known while another thread asks; the first answer is waited for. None where
        dispatch does not answer.
        """
        first = self._asked_at == float("-inf")
        if self._is_old() and self._lock.acquire(blocking=first):
            try:
                if self._is_old():
                    self._status = self._ask()
                    self._asked_at = time.monotonic()
            finally:
                self._lock.release()
        return self._status

    def _is_old(self) -> bool:
        return time.monotonic() - self._asked_at >= FRESH_S

    def _ask(self) -> DispatchStatus | None:
        try:
            status = self._dispatch.call(Status(), TIMEOUT_S)
        except BrokerError:
            return None
        self._size_for(sum(modem.active for modem in status.modems))
        return status

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()

    def _watch(self) -> None:
        while True:
            self.status()
            if self._stopping.wait(WATCH_S):
                return
