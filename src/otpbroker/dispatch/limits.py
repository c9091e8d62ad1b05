"""Limits against toll fraud and floods (SPEC §10 `limits`): per destination, per API user, per block of numbers."""

import time
from collections import Counter, deque
from typing import Final

from otpbroker.config.sections.sms import LimitsSection
from otpbroker.dispatch.ledger import Ledger
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.system.clock import wall_s

HOUR_S: Final = 3600
DAY_S: Final = 86400
_CLOCK_SLACK_S: Final = 60
_BLOCK_DIGITS: Final = 4


class Limits:
    """Asked under the broker's lock. What the ledger does not hold yet is counted in `under_way`."""

    def __init__(self, ledger: Ledger, settings: LimitsSection) -> None:
        self._ledger = ledger
        self.settings = settings
        self.under_way: Counter[int] = Counter()
        self._per_user = Windows(1.0, "limit.per_user_second")
        self._per_block = Windows(HOUR_S, "limit.prefix_burst")

    def check(self, number_key: int, msisdn: str, user: str) -> None:
        """Raise 1107 where one more message would pass a limit, with the seconds until it would not."""
        settings = self.settings
        self._check_window(number_key, settings.per_number_hour, HOUR_S, "limit.per_number_hour")
        self._check_window(number_key, settings.per_number_day, DAY_S, "limit.per_number_day")
        if settings.per_user_second and user:
            self._per_user.check(user, settings.per_user_second)
        if settings.prefix_burst:
            self._per_block.check(msisdn[:-_BLOCK_DIGITS], settings.prefix_burst)

    def _check_window(self, number_key: int, most: int, window_s: int, key: str) -> None:
        if not most:
            return
        now = wall_s()
        sent = self._ledger.sent_since(number_key, now - window_s, now + _CLOCK_SLACK_S)
        if sent + self.under_way[number_key] >= most:
            raise BrokerError(ResponseCode.LIMIT, key, retry_after_s=window_s / most, most=most)


class Windows:
    """Sliding windows by name, in memory: at most so many in any `window_s`."""

    def __init__(self, window_s: float, key: str) -> None:
        self._window_s = window_s
        self._key = key
        self._times: dict[str, deque[float]] = {}

    def check(self, name: str, most: int) -> None:
        """Count one more; 1107 where the window is full."""
        now = time.monotonic()
        if name not in self._times:
            self._forget_idle(now - self._window_s)
        times = self._times.setdefault(name, deque())
        while times and times[0] <= now - self._window_s:
            times.popleft()
        if len(times) >= most:
            retry_after_s = times[0] + self._window_s - now
            raise BrokerError(ResponseCode.LIMIT, self._key, retry_after_s=retry_after_s, most=most)
        times.append(now)

    def _forget_idle(self, before: float) -> None:
        """Keep memory bounded under a stream of new names."""
        if len(self._times) < 1000:
            return
        for name in [name for name, times in self._times.items() if not times or times[-1] <= before]:
            del self._times[name]
