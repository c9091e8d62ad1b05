"""Follows the outcomes that one process tells of, through its restarts and ours."""

import threading
from collections.abc import Callable
from typing import Final, Protocol

from otpbroker.errors import BrokerError
from otpbroker.ipc.wire import Result, Verb
from otpbroker.verbs.events import LONGEST_WAIT_S, AwaitOutcomes, Event

_PAUSE_S: Final = 0.2
_FIRST_S: Final = 2.0
_GRACE_S: Final = 15.0
_NEVER_MET: Final = "another"  # whatever life is met later is new, and of interest from its beginning


class Source(Protocol):
    """A client of dispatch or of mail, as far as it is needed here."""

    def call(self, verb: Verb[Result], timeout_s: float | None = 10) -> Result: ...


class Follower:
    """`take` gets the events in order; `miss` how many could not be had. Both in the follower's thread."""

    def __init__(self, source: Source, take: Callable[[tuple[Event, ...]], None], miss: Callable[[int], None]) -> None:
        self._source = source
        self._take = take
        self._miss = miss
        self._asking = AwaitOutcomes()
        self._begun = threading.Event()
        self._stopping = threading.Event()

    def start(self) -> None:
        """Where the source runs already, everything from now on; else everything that it will tell of."""
        threading.Thread(target=self._follow, name="outcomes", daemon=True).start()

    def wait(self) -> None:
        """Until it has begun to follow, or knows that the source is away."""
        self._begun.wait()

    def stop(self) -> None:
        self._stopping.set()

    def _follow(self) -> None:
        """Nothing tells when the source is back, so it is asked again shortly."""
        if not self._ask(_FIRST_S):
            self._asking = AwaitOutcomes(life=_NEVER_MET)
        self._begun.set()
        while not self._stopping.is_set():
            if not self._ask(LONGEST_WAIT_S + _GRACE_S):
                self._stopping.wait(_PAUSE_S)

    def _ask(self, timeout_s: float) -> bool:
        try:
            told = self._source.call(self._asking, timeout_s)
        except BrokerError:
            return False
        if told.lost:
            self._miss(told.lost)
        self._take(told.events)
        self._asking = AwaitOutcomes(life=told.life, after=told.last)
        return True
