"""Who waits to hear that the modems which can send have changed. Held by the broker's lock."""

import time
from collections import Counter
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from otpbroker.dispatch.fleet import Fleet
from otpbroker.system.timers import Timer, Timers
from otpbroker.verbs.feeders import Sendable

LONGEST_WAIT_S: Final = 60.0

Answer = Callable[[Sendable], None]


class Watcher(Struct, eq=False):
    """One who was told `known`, and gets the next `answer`."""

    known: Sendable
    answer: Answer
    timer: Timer | None = None


class Watch:
    """`due` is called, without the lock, for a watcher that has waited long enough."""

    def __init__(self, fleet: Fleet, timers: Timers, due: Callable[[Watcher], None]) -> None:
        self._fleet = fleet
        self._timers = timers
        self._due = due
        self._watchers: set[Watcher] = set()

    def sendable(self) -> Sendable:
        """What the eligible modems can send, quotas and the day's turn counted in."""
        eligible = [candidate for candidate in self._fleet.candidates() if not candidate.obstacle]
        return Sendable(
            modems=len(eligible),
            general=sum(candidate.default or not candidate.prefixes for candidate in eligible),
            prefixes=Counter(prefix for candidate in eligible for prefix in candidate.prefixes),
        )

    def add(self, known: Sendable | None, answer: Answer) -> Callable[[], None] | None:
        """The answer to give at once, or None: it comes with the next change."""
        now = self.sendable()
        if now != known:
            return lambda: answer(now)
        watcher = Watcher(now, answer)
        watcher.timer = self._timers.at(time.monotonic() + LONGEST_WAIT_S, lambda: self._due(watcher))
        self._watchers.add(watcher)
        return None

    def changed(self) -> list[Callable[[], None]]:
        """Something about the modems changed: the answers to give, to those for whom it is news."""
        if not self._watchers:
            return []
        now = self.sendable()
        return [self._told(watcher, now) for watcher in list(self._watchers) if watcher.known != now]

    def waited(self, watcher: Watcher) -> list[Callable[[], None]]:
        """It has waited long enough: the answer to give, none where a change was quicker than its timer."""
        return [self._told(watcher, self.sendable())] if watcher in self._watchers else []

    def _told(self, watcher: Watcher, now: Sendable) -> Callable[[], None]:
        self._watchers.remove(watcher)
        self._timers.cancel(watcher.timer)
        return lambda: watcher.answer(now)
