"""Forgotten passwords: who asked for a code and may enter it, and how often anybody may. In memory; no code is here."""

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from otpbroker.system.throttle import Throttle, network

CODE_LIFE_S: Final = 600.0
HOUR_S: Final = 3600.0
USER_ASKS: Final = 3  # an hour
ADDRESS_ASKS: Final = 10
MOST: Final = 256


@dataclass(slots=True)
class Reset:
    """One browser's request; where there is nobody to send to, no code is ever right. `key` names the question whether
    one is, so that it may be asked again.
    """

    username: str
    receiver: str
    reference: str
    key: str
    ends_s: float


class Resets:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._by_guest: OrderedDict[str, Reset] = OrderedDict()
        self._users = Throttle(clock, most=USER_ASKS, window_s=HOUR_S)
        self._addresses = Throttle(clock, most=ADDRESS_ASKS, window_s=HOUR_S)
        self._guesses = Throttle(clock)

    def wait_to_ask_s(self, username: str, address: str) -> float:
        """Counts one more request, where it may be made: 0. Else the seconds until then."""
        user, place = [f"user {username[:64]}"], [network(address)]
        with self._lock:
            wait_s = max(self._users.wait_s(user), self._addresses.wait_s(place))
            if wait_s <= 0:
                self._users.failed(user)
                self._addresses.failed(place)
            return wait_s

    def wait_to_guess_s(self, address: str) -> float:
        return self._guesses.wait_s([network(address)])

    def guessed_wrong(self, address: str) -> None:
        self._guesses.failed([network(address)])

    def begin(self, guest: str, username: str, receiver: str) -> Reset:
        """What `guest`, a browser's own name, may enter a code for from now on. One that asks again keeps the code it
        has until another one is under way (`renew`).
        """
        with self._lock:
            known = self._of(guest)
            if known is not None and (known.username, known.receiver) == (username, receiver):
                return known
            reset = Reset(username, receiver, new_name(), new_name(), self._clock() + CODE_LIFE_S)
            self._by_guest[guest] = reset
            self._by_guest.move_to_end(guest)
            while len(self._by_guest) > MOST:
                self._by_guest.popitem(last=False)
            return reset

    def renew(self, reset: Reset, reference: str) -> None:
        """A new code is under way, under `reference`."""
        with self._lock:
            reset.reference, reset.key, reset.ends_s = reference, new_name(), self._clock() + CODE_LIFE_S

    def of(self, guest: str) -> Reset | None:
        with self._lock:
            return self._of(guest)

    def _of(self, guest: str) -> Reset | None:
        reset = self._by_guest.get(guest)
        return reset if reset is not None and self._clock() < reset.ends_s else None

    def end(self, guest: str) -> None:
        with self._lock:
            self._by_guest.pop(guest, None)


def new_name() -> str:
    """One that nobody guesses."""
    return f"panel-{secrets.token_hex(16)}"
