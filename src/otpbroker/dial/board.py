"""How each modem's connection fares, and which ports are in our hands: told to dispatch, which shows it."""

import threading
from collections.abc import Callable
from typing import Final

from msgspec import structs

from otpbroker.system.clock import wall_s
from otpbroker.system.telling import Telling
from otpbroker.verbs.internet import InternetState, InternetWord, Line

PAUSE_S: Final = 0.2

Tell = Callable[[list[InternetState], list[Line]], object]


class Board:
    """`tell` hands everything to dispatch; it raises `BrokerError` where dispatch is away. Used by any thread."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._lock = threading.Lock()
        self._states: dict[str, InternetState] = {}
        self._held: dict[str, Line] = {}
        self._telling = Telling(self._hand_over, pause_s=PAUSE_S)

    def stands(self, modem: str, word: InternetWord, **facts: object) -> None:
        """Where it stands now; the last failure stays until there is another."""
        with self._lock:
            before = self._states.get(modem) or InternetState(modem=modem, state=word, since=wall_s())
            plain = InternetState(
                modem=modem,
                state=word,
                since=before.since if before.state == word else wall_s(),
                key=before.key,
                params=before.params,
                failed_at=before.failed_at,
            )
            self._states[modem] = structs.replace(plain, **facts)
        self._telling.changed()

    def failed(self, modem: str, key: str, retry_s: float) -> None:
        self.stands(modem, "failed", key=key, params={}, failed_at=wall_s(), retry_s=round(retry_s))

    def tell_again(self) -> None:
        """`tell` may have become of another mind."""
        self._telling.changed()

    def hold(self, line: Line) -> None:
        """Told before a call begins."""
        with self._lock:
            self._held[line.modem] = line
        self.tell_now()

    def give_back(self, modem: str) -> None:
        with self._lock:
            self._held.pop(modem, None)
        self.tell_now()

    def tell_now(self) -> bool:
        """Whoever asks dispatch from now on hears it; False where dispatch is away: its next life is told."""
        return self._telling.now()

    def stop(self) -> None:
        self._telling.stop()
        self.tell_now()

    def _hand_over(self) -> None:
        with self._lock:
            states, held = sorted(self._states.values(), key=lambda state: state.modem), list(self._held.values())
        self._tell(states, held)
