"""Deadlines on the monotonic clock, to a tenth of a second, forgotten at no cost when they are met."""

import threading
import time
from collections.abc import Callable
from typing import Final

_STEP_S: Final = 0.1

Timer = tuple[int, int]


class Timers:
    """Runs `action` once, in the timers' own thread, not before its time. Most timers are cancelled."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._due: dict[int, dict[int, Callable[[], None]]] = {}
        self._count = 0
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="timers", daemon=True)
        self._thread.start()

    def at(self, when_s: float, action: Callable[[], None]) -> Timer:
        """`when_s` is `time.monotonic()` time. The action must not block."""
        step = int(when_s / _STEP_S) + 1
        with self._changed:
            self._count += 1
            earlier = not self._due or step < min(self._due) if step not in self._due else False
            self._due.setdefault(step, {})[self._count] = action
            if earlier:
                self._changed.notify()
            return step, self._count

    def after(self, seconds: float, action: Callable[[], None]) -> Timer:
        """As `at`, that many seconds from now."""
        return self.at(time.monotonic() + seconds, action)

    def cancel(self, timer: Timer | None) -> None:
        if timer is None:
            return
        step, number = timer
        with self._changed:
            actions = self._due.get(step)
            if actions is None:
                return
            actions.pop(number, None)
            if not actions:
                del self._due[step]

    def stop(self) -> None:
        with self._changed:
            self._stopping = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        while (actions := self._wait()) is not None:
            for action in actions:
                action()

    def _wait(self) -> list[Callable[[], None]] | None:
        with self._changed:
            while not self._stopping:
                first = min(self._due, default=None)
                now = time.monotonic()
                if first is not None and first * _STEP_S <= now:
                    return list(self._due.pop(first).values())
                self._changed.wait(None if first is None else first * _STEP_S - now)
            return None
