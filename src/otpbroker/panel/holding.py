"""What somebody has uploaded and looks at before it is done: in the memory of this process, for a while."""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

MOST: Final = 4
LASTS_S: Final = 900.0
Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class _Held:
    owner: str
    thing: Any
    until: float


class Holding(Generic[Thing]):
    """Each thing belongs to one session, and is found by nobody else. The oldest goes where there are too many."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._held: dict[str, _Held] = {}

    def keep(self, owner: str, thing: Thing) -> str:
        """The name to find it by. What the same owner had kept is forgotten."""
        now, name = self._clock(), secrets.token_urlsafe(16)
        with self._lock:
            self._held = {each: held for each, held in self._held.items() if held.owner != owner and held.until > now}
            while len(self._held) >= MOST:
                del self._held[next(iter(self._held))]
            self._held[name] = _Held(owner, thing, now + LASTS_S)
        return name

    def take(self, owner: str, name: str) -> Thing | None:
        """It, once; None where it is gone."""
        with self._lock:
            held = self._held.get(name)
            if held is None or held.owner != owner:
                return None
            del self._held[name]
        thing: Thing = held.thing
        return thing if held.until > self._clock() else None
