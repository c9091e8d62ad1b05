"""otpb-usbreset: watches USB sticks as long as one is plugged, and ends when none is. udev starts it."""

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from otpbroker.clients.apply import ApplyClient
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.system import options, service
from otpbroker.system.files import Paths
from otpbroker.system.options import Options
from otpbroker.system.udev import Udev
from otpbroker.usbreset.attending import Attendant
from otpbroker.usbreset.lamps import Lamps
from otpbroker.usbreset.obeyed import Obeyed
from otpbroker.usbreset.sticks import Stick, lived_from, sticks
from otpbroker.usbreset.watch import Source, Watch
from otpbroker.verbs.apply import FactoryReset, WasReset
from otpbroker.verbs.audit import STICK, Record

_APPLY_AWAY_S: Final = 30.0
_MOUNTS: Final = Path("/proc/self/mountinfo")
_EX_TEMPFAIL: Final = 75


class Sticks:
    """The sticks of this machine."""

    def __init__(self) -> None:
        udev = Udev.open(("block", "disk"))
        if udev is None:
            raise BrokerError(ResponseCode.FAILED, "usbreset.no_udev")
        self._udev = udev
        self.fd = udev.fd

    def sticks(self) -> list[Stick]:
        mounts = _MOUNTS.read_text(encoding="utf-8", errors="replace")
        return sticks(self._udev.devices(), lived_from(mounts), Path("/sys"))

    def drain(self) -> None:
        self._udev.drain()


class UsbReset:
    """`ended` is called when nothing is left to watch."""

    def __init__(self, paths: Paths, source: Source, lamps: Lamps, ended: Callable[[], None]) -> None:
        self._apply = ApplyClient(paths, restart_s=_APPLY_AWAY_S)
        self._source = source
        self._ended = ended
        obeyed = Obeyed(paths.state / "usbreset/obeyed.json")
        attendant = Attendant(self._reset, self._note, paths.factory / "reset-text", obeyed)
        self._watch = Watch(source, attendant.attend, obeyed, lamps)
        self._idle = False
        self._thread = threading.Thread(target=self._run, name="sticks")
        self._thread.start()

    def _run(self) -> None:
        self._idle = self._watch.run()
        if self._idle:
            self._ended()

    def _reset(self) -> WasReset:
        return self._apply.call(FactoryReset(by=STICK))

    def _note(self, reason: str) -> None:
        with contextlib.suppress(BrokerError):
            self._apply.call(Record(by=STICK, action="audit.reset_refused", params={"reason": reason}))

    def reload(self) -> None:
        """Nothing is kept that could change."""

    def stop(self) -> None:
        """A stick that was plugged while we were about to end must not be missed: another life begins for it."""
        self._watch.stop()
        self._thread.join()
        self._watch.close()
        self._apply.close()
        if self._idle and self._source.sticks():
            raise SystemExit(_EX_TEMPFAIL)


def main() -> int:
    paths = options.read(Options).paths

    def start() -> UsbReset:
        return UsbReset(paths, Sticks(), Lamps(Path("/sys/class/leds")), lambda: os.kill(os.getpid(), signal.SIGTERM))

    return service.run("usbreset", start)


if __name__ == "__main__":
    sys.exit(main())
