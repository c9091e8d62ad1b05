"""Brute force and floods: after so many failures (or whatever is counted) within a window, further ones wait."""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from ipaddress import IPv6Address, ip_address
from typing import Final

MAX_FAILURES: Final = 10
WINDOW_S: Final = 15 * 60.0
MAX_KEYS: Final = 4096


class Throttle:
    """Counts failures per key (an address, a user name) in memory of bounded size; the oldest keys are forgotten.
    `most` within `window_s` make their key wait.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, *, most: int = MAX_FAILURES, window_s: float = WINDOW_S
    ) -> None:
        self._clock = clock
        self._most = most
        self._window_s = window_s
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait_s(self, keys: Iterable[str]) -> float:
        """Seconds until all of `keys` may try again; 0 now."""
        now = self._clock()
        with self._lock:
            return max((self._left(self._failures.get(key), now) for key in keys), default=0.0)

    def _left(self, times: deque[float] | None, now: float) -> float:
        if times is None or len(times) < self._most:
            return 0.0
        return max(0.0, times[0] + self._window_s - now)

    def failed(self, keys: Iterable[str]) -> None:
        now = self._clock()
        with self._lock:
            for key in keys:
                self._failures.setdefault(key, deque(maxlen=self._most)).append(now)
                self._failures.move_to_end(key)
            while len(self._failures) > MAX_KEYS:
                self._failures.popitem(last=False)

    def forget(self, key: str) -> None:
        """A right password proves the user; the failures under that name no longer count."""
        with self._lock:
            self._failures.pop(key, None)


def network(address: str) -> str:
    """What counts as one address: an IPv4 address, or an IPv6 /64, which is one customer's to choose from."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return parsed.packed[:8].hex()
