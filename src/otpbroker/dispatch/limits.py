"""Limits against toll fraud and floods (SPEC §10 `limits`): per destination, per API user, per block of numbers."""

import time
from collections import deque
from typing import Final

from otpbroker.config.sections.sms import LimitsSection
from otpbroker.dispatch.ledger import Ledger
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.system.timelines import Timelines

HOUR_S: Final = 3600
DAY_S: Final = 86400
_CLOCK_SLACK_S: Final = 60
_NEIGHBOURHOOD: Final = 10_000
_MANY: Final = 1000


class Limits:
    """Asked under the broker's lock. `under_way` names what has not ended, or whose end the ledger must yet store."""

    def __init__(self, ledger: Ledger, settings: LimitsSection, timelines: Timelines | None = None) -> None:
        self._ledger = ledger
        self._timelines = timelines or Timelines()
        self.settings = settings
        self.under_way: dict[int, set[str]] = {}
        self._per_user = Windows(1.0, "limit.per_user_second")
        self._neighbours = Neighbours(HOUR_S, "limit.prefix_burst")

    def check(self, number_key: int, msisdn: str, user: str) -> None:
        """Raise 1107 where one more message would pass a limit, with the seconds until it would not."""
        settings = self.settings
        self._check_window(number_key, settings.per_number_hour, HOUR_S, "limit.per_number_hour")
        self._check_window(number_key, settings.per_number_day, DAY_S, "limit.per_number_day")
        if settings.per_user_second and user:
            self._per_user.check(user, settings.per_user_second)
        if settings.prefix_burst:
            self._neighbours.check(int(msisdn), settings.prefix_burst)

    def began(self, number_key: int, message_id: str) -> None:
        self.under_way.setdefault(number_key, set()).add(message_id)

    def ended(self, number_key: int, message_id: str) -> None:
        """The ledger names the message itself from here on, or it never will. One that failed and was given again
        under its id may end twice.
        """
        messages = self.under_way.pop(number_key, set()) - {message_id}
        if messages:
            self.under_way[number_key] = messages

    def _check_window(self, number_key: int, most: int, window_s: int, key: str) -> None:
        if not most:
            return
        sent: set[str] = set()
        for first, last in self._timelines.back(window_s):
            sent |= self._ledger.sent_since(number_key, first, last + _CLOCK_SLACK_S)
        if len(sent | self.under_way.get(number_key, set())) >= most:
            raise BrokerError(ResponseCode.LIMIT, key, retry_after_s=window_s / most, most=most)


class Windows:
    """Sliding windows by name, in memory: at most so many in any `window_s`."""

    def __init__(self, window_s: float, key: str) -> None:
        self._window_s = window_s
        self._key = key
        self._times: dict[str, deque[float]] = {}
        self._forget_at = _MANY

    def check(self, name: str, most: int) -> None:
        """Count one more; 1107 where the window is full."""
        now = time.monotonic()
        times = self._times.setdefault(name, deque())
        while times and times[0] <= now - self._window_s:
            times.popleft()
        if len(times) >= most:
            retry_after_s = times[0] + self._window_s - now
            raise BrokerError(ResponseCode.LIMIT, self._key, retry_after_s=retry_after_s, most=most)
        times.append(now)
        if len(self._times) >= self._forget_at:
            self._forget_idle(now - self._window_s)

    def _forget_idle(self, before: float) -> None:
        """Keep memory bounded under a stream of new names, at a cost that the stream shares."""
        for name in [name for name, times in self._times.items() if not times or times[-1] <= before]:
            del self._times[name]
        self._forget_at = max(_MANY, 2 * len(self._times))


class Neighbours:
    """A sliding window over the numbers within 10,000 of each other, wherever they begin: who counts through a range
    finds no edge in it.
    """

    def __init__(self, window_s: float, key: str) -> None:
        self._window_s = window_s
        self._key = key
        self._newest: deque[tuple[float, int]] = deque()
        self._blocks: dict[int, deque[tuple[float, int]]] = {}

    def check(self, number: int, most: int) -> None:
        """Count one more; 1107 where its neighbourhood is full."""
        now = time.monotonic()
        self._forget(now - self._window_s)
        block = number // _NEIGHBOURHOOD
        near = sorted(
            at
            for beside in (block - 1, block, block + 1)
            for at, other in self._blocks.get(beside, ())
            if abs(other - number) < _NEIGHBOURHOOD
        )
        if len(near) >= most:
            retry_after_s = near[-most] + self._window_s - now
            raise BrokerError(ResponseCode.LIMIT, self._key, retry_after_s=retry_after_s, most=most)
        self._newest.append((now, block))
        self._blocks.setdefault(block, deque()).append((now, number))

    def _forget(self, before: float) -> None:
        while self._newest and self._newest[0][0] <= before:
            _, block = self._newest.popleft()
            self._blocks[block].popleft()
            if not self._blocks[block]:
                del self._blocks[block]
