"""What to try, in which order, with a modem that hangs (pure)."""

from enum import Enum
from typing import Final

_FIRST_RETRY_S: Final = 60.0
_LONGEST_RETRY_S: Final = 600.0


class Rung(Enum):
    RE_INIT = "re-init"
    RESTART = "restart"  # AT+CFUN=1,1
    USB_RESET = "usb-reset"
    GIVE_UP = "give-up"


_RUNGS: Final = tuple(Rung)


class Ladder:
    """Each failure climbs one rung; a sign of health steps down to the floor.

    On the last rung it stays, and `retry_s` doubles from one minute to ten: a device that runs for years tries again.
    """

    def __init__(self) -> None:
        self._height = 0
        self.retry_s = _FIRST_RETRY_S

    @property
    def climbed(self) -> bool:
        return self._height > 0

    def climb(self) -> Rung:
        rung = _RUNGS[min(self._height, len(_RUNGS) - 1)]
        if self._height >= len(_RUNGS):
            self.retry_s = min(self.retry_s * 2, _LONGEST_RETRY_S)
        self._height += 1
        return rung

    def step_down(self) -> None:
        self.__init__()  # type: ignore[misc]
