"""Who may set the clock: the device's own otpb-apply is given a way; everywhere else the machine keeps its time."""

import contextlib
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.system import bus, command, timekeeping
from otpbroker.system.command import Outcome
from otpbroker.system.files import Paths, ensure_folder
from otpbroker.system.synchrony import FLAG
from otpbroker.verbs.apply import SetClock

_LOG: Final = logging.getLogger(__name__)
_UNIT: Final = "systemd-timesyncd.service"
_ASK_S: Final = 15.0
LEAST_UNIX_S: Final = 1_700_000_000  # what a person may mean


def keep(_unix_s: float) -> None:
    """Refuses: this computer is somebody's, and its clock not ours."""
    raise BrokerError(ResponseCode.FAILED, "clock.own")


def judge(paths: Paths, verb: SetClock) -> None:
    """Raises `BrokerError` where it is not to be set so."""
    if verb.source == "network":
        if not timekeeping.is_unknown(paths):
            raise BrokerError(ResponseCode.FAILED, "clock.not_needed")
        if not timekeeping.is_plausible(verb.unix_s):
            raise BrokerError(ResponseCode.FAILED, "clock.implausible")
    elif verb.unix_s < LEAST_UNIX_S:
        raise BrokerError(ResponseCode.INVALID_REQUEST, "clock.implausible")


def remember(paths: Paths) -> None:
    """From here on the network's time is not asked for, until the machine starts anew."""
    with contextlib.suppress(OSError):
        ensure_folder(paths.clock_set.parent, 0o755)
        paths.clock_set.touch()


class DeviceClock:
    """While systemd-timesyncd runs nobody else may set the clock (org.freedesktop.timedate1(5)), whether it has found
    the time or not. Where it has, it is right; where it has not, it is stopped for the moment.
    """

    def __init__(
        self,
        paths: Paths,
        set_clock: Callable[[float], None] = bus.set_clock,
        run: Callable[[Sequence[str]], Outcome] = lambda argv: command.run(argv, timeout_s=_ASK_S),
    ) -> None:
        self._flag = paths.root / FLAG.relative_to("/")
        self._saved = paths.root / "var/lib/systemd/timesync/clock"
        self._set_clock = set_clock
        self._run = run

    def set(self, unix_s: float) -> None:
        """Raises `BrokerError`."""
        if self._flag.exists():
            raise BrokerError(ResponseCode.FAILED, "clock.synchronised")
        with self._nobody_else():
            self._set_clock(unix_s)
            self._forget_later(unix_s)

    @contextlib.contextmanager
    def _nobody_else(self) -> Iterator[None]:
        runs = self._ask("is-active")
        if runs:
            self._ask("stop")
        try:
            yield
        finally:
            if runs:
                self._ask("start")

    def _ask(self, action: str) -> bool:
        """Whether it said yes."""
        with contextlib.suppress(OSError, TimeoutError):
            return self._run(["systemctl", action, _UNIT]).returncode == 0
        return False

    def _forget_later(self, unix_s: float) -> None:
        """Timesyncd lets no clock be earlier than what it has saved, and may have saved one that was too late."""
        try:
            if self._saved.stat().st_mtime > unix_s:
                os.utime(self._saved, (unix_s, unix_s))
        except FileNotFoundError:
            pass
        except OSError as error:
            _LOG.warning("the clock may go back to what it was: %s", error.strerror)
