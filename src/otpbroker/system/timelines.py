"""Where the last hours lie in the wall clock's time, also where somebody has set that clock meanwhile.

What is written down has the wall's time, since that outlives the process; but "within the last hour" is a lapse of
real time. So each time that the wall clock has jumped against the monotonic one, a new timeline begins: `back` tells
what the last so many seconds were called on each.
"""

import threading
import time
from collections.abc import Callable
from typing import Final

from otpbroker.system.clock import wall_s

JUMP_S: Final = 5.0  # less is how a clock is brought right without a jump
KEPT_S: Final = 4 * 86_400.0  # nobody asks further back
_EVER: Final = float("-inf")
Span = tuple[float, float]


class Timelines:
    """Used by any thread. A jump counts from the first call after it."""

    def __init__(self, wall: Callable[[], float] = wall_s, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._lines: list[tuple[float, float]] = []  # when each began, and what the wall's clock is ahead on it
        self.now()

    def now(self) -> float:
        """The wall's time, for what is written down."""
        with self._lock:
            wall, now_s = self._wall(), self._monotonic()
            ahead_s = wall - now_s
            if not self._lines:
                self._lines.append((_EVER, ahead_s))
            elif abs(ahead_s - self._lines[-1][1]) > JUMP_S:
                self._lines = [*self._recent(now_s), (now_s, ahead_s)]
            else:
                self._lines[-1] = (self._lines[-1][0], ahead_s)
            return wall

    def _recent(self, now_s: float) -> list[tuple[float, float]]:
        ends = [began for began, _ in self._lines[1:]] + [now_s]
        return [line for line, end in zip(self._lines, ends, strict=True) if end > now_s - KEPT_S]

    def back(self, window_s: float) -> list[Span]:
        """What the last `window_s` were called: first and last moment, on each timeline."""
        self.now()
        with self._lock:
            now_s = self._monotonic()
            ends = [began for began, _ in self._lines[1:]] + [now_s]
            spans = []
            for (began, ahead_s), end in zip(self._lines, ends, strict=True):
                if end > now_s - window_s:
                    spans.append((max(began, now_s - window_s) + ahead_s, end + ahead_s))
            return spans

    def since(self, window_s: float) -> float:
        """The earliest of these moments."""
        return min(first for first, _ in self.back(window_s))
