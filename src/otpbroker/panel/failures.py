"""Failed sign-ins, counted for the audit trail: whoever guesses must not push all else out of it."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

from otpbroker.system.throttle import WINDOW_S, network

MOST_ADDRESSES: Final = 20
OTHERS: Final = "…"


class Failed(NamedTuple):
    """What to write down: so many failures `times` from `address`."""

    address: str
    times: int


@dataclass(slots=True)
class _Window:
    address: str
    ends_s: float
    more: int = 0


class Failures:
    """The first failure of an address is told at once, the further ones of the next quarter of an hour as one number
    when somebody tries to sign in after it. Beyond `MOST_ADDRESSES` at a time, the others count as one address.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._windows: dict[str, _Window] = {}

    def count(self, address: str) -> list[Failed]:
        """One more from `address`; what is to be told now."""
        with self._lock:
            told = self._over()
            key = network(address)
            if key not in self._windows and len(self._windows) >= MOST_ADDRESSES:
                key = address = OTHERS
            if key in self._windows:
                self._windows[key].more += 1
            else:
                self._windows[key] = _Window(address, self._clock() + WINDOW_S)
                told.append(Failed(address, 1))
            return told

    def over(self) -> list[Failed]:
        """What is to be told of the windows that are over."""
        with self._lock:
            return self._over()

    def _over(self) -> list[Failed]:
        now = self._clock()
        over = [key for key, window in self._windows.items() if window.ends_s <= now]
        ended = [self._windows.pop(key) for key in over]
        return [Failed(window.address, window.more) for window in ended if window.more]
