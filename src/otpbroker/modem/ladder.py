"""What to try, in which order, with a modem that hangs (pure)."""

from enum import Enum
from typing import Final


class Rung(Enum):
    RE_INIT = "re-init"
    RESTART = "restart"  # AT+CFUN=1,1
    USB_RESET = "usb-reset"
    GIVE_UP = "give-up"


_RUNGS: Final = tuple(Rung)


class Ladder:
    """Each failure climbs one rung; a sign of health steps down to the floor.

    After the last rung it begins again with a restart, and `retry_s`, the time until then, doubles up to its limit: a
    device that runs for years tries again by itself.
    """

    def __init__(self, retry_s: float, longest_retry_s: float) -> None:
        self.retry_s = self._first_retry_s = retry_s
        self._longest_retry_s = longest_retry_s
        self._height = 0
        self._given_up = False

    @property
    def climbed(self) -> bool:
        return self._height > 0

    def climb(self) -> Rung:
        rung = _RUNGS[self._height]
        if rung is not Rung.GIVE_UP:
            self._height += 1
            return rung
        if self._given_up:
            self.retry_s = min(self.retry_s * 2, self._longest_retry_s)
        self._given_up = True
        self._height = _RUNGS.index(Rung.RESTART)
        return rung

    def step_down(self) -> None:
        self._height = 0
        self._given_up = False
        self.retry_s = self._first_retry_s
