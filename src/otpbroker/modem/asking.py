"""Questions that a modem may leave unanswered: each with a short deadline, all within one budget of patience."""

import time

from otpbroker.modem.at import AtChannel, Refused, Silence

_FIRST_S = 1.0
_LEAST_S = 0.3
_BUDGET_S = 5.0


class Asker:
    """Asks what is good to know but not needed. A silent modem costs ever less time, and `_BUDGET_S` in all."""

    def __init__(self, at: AtChannel) -> None:
        self.at = at
        self._deadline_s = _FIRST_S
        self._left_s = _BUDGET_S

    def ask(self, text: str, prefix: str = "", deadline_s: float = 0.0) -> list[str] | None:
        """The lines of the answer, None when it was refused, silent, or patience is at its end."""
        if self._left_s <= 0:
            return None
        started = time.monotonic()
        try:
            return self.at.command(text, prefix, max(deadline_s, self._deadline_s) + 4 * self.at.rtt_s)
        except Refused:
            return None
        except Silence:
            self.at.resync()
            self._left_s -= time.monotonic() - started
            self._deadline_s = max(_LEAST_S, self._deadline_s / 2)
            return None

    def first(self, text: str, prefix: str = "") -> str:
        """The first line of the answer without its prefix, "" when there is none."""
        lines = self.ask(text, prefix)
        return lines[0].removeprefix(prefix).strip() if lines else ""
