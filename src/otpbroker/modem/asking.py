"""Questions that a modem may leave unanswered: each with a short deadline, all within one budget of patience."""

import time

from otpbroker.modem.at import AtChannel, Refused, Silence

_FIRST_S = 1.0
_LEAST_S = 0.3
_BUDGET_S = 5.0
_UP_S = 3.0


class Asker:
    """Asks what is good to know but not needed. A silent modem costs ever less time, and `_BUDGET_S` in all.

    What stayed unanswered is not asked again. Once the modem is up (`up`) every question has its full time: it is known
    by then which ones it answers.
    """

    def __init__(self, at: AtChannel) -> None:
        self.at = at
        self._silent: set[str] = set()
        self._deadline_s = _FIRST_S
        self._left_s = _BUDGET_S

    def up(self) -> None:
        self._deadline_s = _UP_S
        self._left_s = float("inf")

    def answers(self, text: str) -> bool:
        """Whether it is worth asking: it has not been met with silence yet."""
        return text not in self._silent

    def ask(self, text: str, prefix: str = "") -> list[str] | None:
        """The lines of the answer, None when it was refused, silent, or patience is at its end."""
        if self._left_s <= 0 or text in self._silent:
            return None
        started = time.monotonic()
        try:
            return self.at.command(text, prefix, self._deadline_s + 4 * self.at.rtt_s)
        except Refused:
            return None
        except Silence:
            self._silent.add(text)
            self.at.resync()
            self._left_s -= time.monotonic() - started
            self._deadline_s = max(_LEAST_S, self._deadline_s / 2)
            return None

    def first(self, text: str, prefix: str = "") -> str:
        """The first line of the answer without its prefix, "" when there is none."""
        lines = self.ask(text, prefix)
        return lines[0].removeprefix(prefix).strip() if lines else ""
