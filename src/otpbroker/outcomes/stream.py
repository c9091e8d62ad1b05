"""A stream of outcomes: the newest in memory, and who waits for the next. Held by its owner's lock."""

import secrets
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from otpbroker.system.timers import Timer, Timers
from otpbroker.verbs.events import LONGEST_WAIT_S, MOST_EVENTS, AwaitOutcomes, Event, Outcomes

KEPT: Final = 10_000
GATHER_S: Final = 0.1  # what happens within it is told at once: a thousand outcomes a second are ten answers

Answer = Callable[[Outcomes], None]


class Follower(Struct, eq=False):
    after: int
    answer: Answer
    timer: Timer | None = None


class Stream:
    """`due` is called, without the lock, when followers are to be told. `life` names this process's stream."""

    def __init__(self, timers: Timers, due: Callable[[], None]) -> None:
        self.life = secrets.token_hex(8)
        self._timers = timers
        self._due = due
        self._count = 0
        self._kept: deque[Event] = deque(maxlen=KEPT)
        self._followers: list[Follower] = []
        self._gathering = False

    @property
    def next(self) -> int:
        """The sequence of the event that is put next."""
        return self._count + 1

    def put(self, event: Event) -> None:
        self._count += 1
        self._kept.append(event)
        if self._followers and not self._gathering:
            self._gathering = True
            self._timers.at(time.monotonic() + GATHER_S, self._due)

    def add(self, call: AwaitOutcomes, answer: Answer) -> Callable[[], None] | None:
        """The answer to give at once, or None: it comes later."""
        if not call.life:
            return lambda: answer(Outcomes(life=self.life, last=self._count))
        after = call.after if call.life == self.life else 0
        if after < self._count:
            outcomes = self._outcomes(after)
            return lambda: answer(outcomes)
        follower = Follower(after, answer)
        follower.timer = self._timers.at(time.monotonic() + LONGEST_WAIT_S, self._due)
        self._followers.append(follower)
        return None

    def tell(self) -> list[Callable[[], None]]:
        """What to call now: every follower gets what there is for it, be it nothing."""
        self._gathering = False
        followers, self._followers = self._followers, []
        return [self._told(follower) for follower in followers]

    def _told(self, follower: Follower) -> Callable[[], None]:
        self._timers.cancel(follower.timer)
        outcomes = self._outcomes(follower.after)
        return lambda: follower.answer(outcomes)

    def _outcomes(self, after: int) -> Outcomes:
        oldest = self._count - len(self._kept)
        begin = max(after, oldest)
        end = max(begin, min(begin + MOST_EVENTS, self._count))
        events = tuple(self._kept[at - oldest] for at in range(begin, end))
        return Outcomes(life=self.life, last=end, lost=begin - after, events=events)
