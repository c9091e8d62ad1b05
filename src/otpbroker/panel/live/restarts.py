"""Which services ended unexpectedly of late."""

import time
from collections.abc import Callable, Iterable
from typing import Final

from otpbroker.verbs.supervisor import ServiceState

LATELY_S: Final = 600.0


class Restarts:
    """Told every few seconds what the supervisor counts; what it counted before our own start is no news."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._counts: dict[str, int] = {}
        self._last_s: dict[str, float] = {}

    def note(self, services: Iterable[ServiceState]) -> None:
        for each in services:
            if each.restarts > self._counts.setdefault(each.service, each.restarts):
                self._last_s[each.service] = self._clock()
            self._counts[each.service] = each.restarts

    def lately(self) -> frozenset[str]:
        since = self._clock() - LATELY_S
        return frozenset(service for service, at_s in self._last_s.items() if at_s > since)
