"""Lines that stay open for the next mail of a burst: encrypting and logging in anew takes longer than a mail."""

import threading
from typing import Final

from otpbroker.mail.line import Line
from otpbroker.system.timers import Timers

IDLE_S: Final = 20.0
MAILS_A_LINE: Final = 50


class Kept:
    """The idle lines of one account; safe from any thread."""

    def __init__(self, timers: Timers, idle_s: float = IDLE_S) -> None:
        self._timers = timers
        self._idle_s = idle_s
        self._lines: list[Line] = []
        self._lock = threading.Lock()
        self._closed = False

    def take(self) -> Line | None:
        """The line that was used last; the server may have hung up on it meanwhile."""
        with self._lock:
            return self._lines.pop() if self._lines else None

    def keep(self, line: Line) -> None:
        with self._lock:
            keeping = not self._closed and line.used < MAILS_A_LINE
            if keeping:
                self._lines.append(line)
        if keeping:
            used = line.used
            self._timers.after(self._idle_s, lambda: self._drop(line, used))
        else:
            line.hang_up()

    def _drop(self, line: Line, used: int) -> None:
        with self._lock:
            idle = line in self._lines and line.used == used
            if idle:
                self._lines.remove(line)
        if idle:
            line.hang_up()

    def close(self) -> None:
        """No line is kept from now on."""
        with self._lock:
            self._closed = True
            lines, self._lines = self._lines, []
        for line in lines:
            line.hang_up()
