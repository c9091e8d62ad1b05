"""How a feeder fares, kept for dispatch to show: told when it changes, at most twice a second."""

import logging
import threading
from collections import Counter
from collections.abc import Callable
from typing import Final

from otpbroker.system.clock import wall_s
from otpbroker.system.telling import Telling
from otpbroker.texts import translate
from otpbroker.verbs.feeders import FeederState, FeederWord

_LOG: Final = logging.getLogger(__name__)
PAUSE_S: Final = 0.5
AGAIN_S: Final = 30.0  # a dispatch that was started anew has forgotten

Param = str | int


class Board:
    """`tell` hands a state to dispatch; it raises `BrokerError` where dispatch is away. Used by any thread."""

    def __init__(self, feeder: str, tell: Callable[[FeederState], object]) -> None:
        self._feeder = feeder
        self._lock = threading.Lock()
        self._word: FeederWord = "disabled"
        self._why: tuple[str, dict[str, Param]] = ("", {})
        self._since = wall_s()
        self._said = ""
        self._error: tuple[str, dict[str, Param], float | None] = ("", {}, None)
        self._answered: Counter[str] = Counter()
        self._counts: Counter[str] = Counter()
        self.server = ""
        self._in_hand = 0
        self.held = 0
        self._telling = Telling(lambda: tell(self.state()), pause_s=PAUSE_S, apart_s=PAUSE_S, again_s=AGAIN_S)

    def stands(self, word: FeederWord, key: str = "", params: dict[str, Param] | None = None) -> None:
        """Where the feeder stands, and why; a change is logged, a failure also remembered as the last error."""
        params = params or {}
        with self._lock:
            if (word, (key, params)) == (self._word, self._why):
                return
            self._word, self._why, self._since = word, (key, params), wall_s()
            if key and word in ("failed", "blocked"):
                self._error = (key, params, self._since)
        self._telling.changed()
        said = f"{word}: {translate(key, params)}" if key else word
        if word != "connecting" and said != self._said:  # a server that stays away is told once
            self._said = said
            _LOG.log(logging.WARNING if key else logging.INFO, "%s: %s", self._feeder, said)

    def tell_again(self) -> None:
        """Whoever asks us anew may have forgotten."""
        self._telling.changed()

    def count(self, what: str) -> None:
        """One more of `received`, `retried`, `dead`, `replies`, `replies_lost`, `connected`."""
        with self._lock:
            self._counts[what] += 1
        self._telling.changed()

    def add_in_hand(self, count: int) -> None:
        """So many more deliveries are in hand, or fewer."""
        with self._lock:
            self._in_hand += count
        self._telling.changed()

    def answered(self, code: str) -> None:
        with self._lock:
            self._answered[code] += 1
        self._telling.changed()

    def state(self) -> FeederState:
        with self._lock:
            key, params = self._why
            last_error, last_error_params, last_error_at = self._error
            return FeederState(
                feeder=self._feeder,
                state=self._word,
                since=self._since,
                server=self.server,
                key=key,
                params=params,
                last_error=last_error,
                last_error_params=last_error_params,
                last_error_at=last_error_at,
                in_hand=self._in_hand,
                held=self.held,
                answered=dict(self._answered),
                **self._counts,
            )

    def stop(self) -> None:
        """Its last word is that it does not run."""
        self._telling.stop()
        self.stands("disabled")
        self.tell_now()

    def tell_now(self) -> None:
        """Whoever asks dispatch from now on hears where the feeder stands."""
        self._telling.now()
