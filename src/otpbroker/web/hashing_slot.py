"""One password hash at a time: each takes 0.1 s and 32 MiB, so those who wait for it are few."""

import threading
from collections.abc import Callable
from typing import Final

from otpbroker.errors import BrokerError, ResponseCode

MAX_WAITING: Final = 2
MAX_SHARING: Final = 100


class _Flight:
    def __init__(self) -> None:
        self.done = threading.Event()
        self.result = False


class HashingSlot:
    """Runs one check, lets `MAX_WAITING` different ones wait, and refuses further ones at once.

    Whoever brings a credential that is being checked already shares its result without waiting for the slot: the burst
    of right requests after a start is one hash.
    """

    def __init__(self) -> None:
        self._slot = threading.Lock()
        self._lock = threading.Lock()
        self._flights: dict[bytes, _Flight] = {}
        self._sharing = 0

    def run(self, key: bytes, check: Callable[[], bool]) -> bool:
        """`check()`, or the result of the same `key` in flight. Raises `BrokerError` 1107 when too many wait."""
        with self._lock:
            flight = self._flights.get(key)
            first = flight is None
            if flight is None:
                if len(self._flights) > MAX_WAITING:
                    raise _busy()
                flight = self._flights[key] = _Flight()
            elif self._sharing >= MAX_SHARING:
                raise _busy()
            else:
                self._sharing += 1
        return self._fly(key, flight, check) if first else self._share(flight)

    def _fly(self, key: bytes, flight: _Flight, check: Callable[[], bool]) -> bool:
        try:
            with self._slot:
                flight.result = check()
        finally:
            with self._lock:
                del self._flights[key]
            flight.done.set()
        return flight.result

    def _share(self, flight: _Flight) -> bool:
        flight.done.wait()
        with self._lock:
            self._sharing -= 1
        return flight.result


def _busy() -> BrokerError:
    return BrokerError(ResponseCode.LIMIT, "auth.busy", retry_after_s=1)
