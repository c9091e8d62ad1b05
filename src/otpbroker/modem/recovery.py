"""What is done with a modem that does not answer: the ladder, put into practice."""

import contextlib
import time
from collections.abc import Callable

from otpbroker.modem.at import AtChannel, Silence
from otpbroker.modem.bulletin import Bulletin
from otpbroker.modem.deadlines import Deadlines
from otpbroker.modem.drivers import generic
from otpbroker.modem.drivers.quirks import Quirks
from otpbroker.modem.ladder import Ladder, Rung
from otpbroker.modem.session import Session
from otpbroker.modem.status import ModemState

_GOING_DOWN_S = 2.0
_REENUMERATED_S = 1.0
_SOUND_S = 600.0


class Recovery:
    """Climbs, and steps down again. `pause` waits so many seconds; it returns False when the owner is called away.

    `usb_reset` resets the device behind a port; None where nobody can.
    """

    def __init__(
        self,
        bulletin: Bulletin,
        deadlines: Deadlines,
        usb_reset: Callable[[str], bool] | None,
        pause: Callable[[float], bool],
    ) -> None:
        self._bulletin = bulletin
        self._deadlines = deadlines
        self._usb_reset = usb_reset
        self._pause = pause
        self._ladder = Ladder(deadlines.retry_s, deadlines.longest_retry_s)
        self._quirks: Quirks | None = None

    @property
    def under_way(self) -> bool:
        return self._ladder.climbed

    @property
    def key(self) -> str:
        """Why, as a text key: it answered once and stopped, or nothing at this port ever did."""
        return "modem.no_answer" if self._quirks is None else "modem.hung"

    def came_up(self, session: Session) -> None:
        self._quirks = session.brought.quirks

    def sound(self) -> None:
        """It has done its work."""
        self._ladder.step_down()

    def checked(self, session: Session) -> None:
        """It answers when it is idle: that counts after a while, or one that hangs with each SMS would never climb."""
        if session.age_s > _SOUND_S:
            self._ladder.step_down()

    def climb(self, at: AtChannel) -> float | None:
        """The next rung; the pause before its port is opened anew, None to bring it up again on this one."""
        rung = self._ladder.climb()
        if rung is Rung.USB_RESET and self._usb_reset is None:
            rung = self._ladder.climb()
        if rung is Rung.GIVE_UP:
            return self._give_up(at)
        if not self._bulletin.alarmed:
            self._bulletin.down(ModemState.RECOVERING, self.key)
        if rung is Rung.RESTART:
            self._restart(at)
        elif rung is Rung.USB_RESET and self._usb_reset is not None:
            self._usb_reset(self._bulletin.port)
            return _REENUMERATED_S
        return None

    def _restart(self, at: AtChannel) -> None:
        at.restart((self._quirks or generic.QUIRKS).restart)
        # It may still answer before it goes down.
        if self._pause(min(_GOING_DOWN_S, self._deadlines.restart_s / 2)):
            self._answers_within(at, self._deadlines.restart_s, 0.0)

    def _give_up(self, at: AtChannel) -> float | None:
        """Ask it now and then whether it has come to itself; after a while the ladder is climbed anew."""
        self._bulletin.down(ModemState.DISABLED if self._quirks else ModemState.NOT_A_MODEM, self.key)
        self._bulletin.alarm(self.key)
        return None if self._answers_within(at, self._ladder.retry_s, self._deadlines.stand_by_s) else 0.0

    def _answers_within(self, at: AtChannel, limit_s: float, pause_s: float) -> bool:
        until = time.monotonic() + limit_s
        while (left := until - time.monotonic()) > 0 and self._pause(min(left, pause_s)):
            with contextlib.suppress(Silence):
                at.resync(1)
                return True
        return False
