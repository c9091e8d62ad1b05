"""The board's LEDs, and a buzzer that is one to the kernel (`dtoverlay=gpio-led,gpio=N,label=otpb-buzzer`)."""

import contextlib
import re
from pathlib import Path
from typing import Final, NamedTuple

NAMES: Final = ("ACT", "PWR", "led0", "led1", "otpb-buzzer")
_CHOSEN: Final = re.compile(r"\[([^\]]+)\]")
_BLINK: Final = "timer"


class Signal(NamedTuple):
    """Light and dark, in turns."""

    on_ms: int
    off_ms: int


DONE: Final = Signal(100, 100)
REFUSED: Final = Signal(800, 800)


class Lamps:
    """Those of `NAMES` that `folder` (sysfs's class of LEDs) has. What cannot be written stays dark."""

    def __init__(self, folder: Path) -> None:
        self._lamps = [folder / name for name in NAMES if (folder / name).is_dir()]
        self._before: dict[Path, str] = {}

    def show(self, signal: Signal) -> None:
        for lamp in self._lamps:
            with contextlib.suppress(OSError):
                self._before.setdefault(lamp, _trigger(lamp))
                _write(lamp / "trigger", _BLINK)
                _write(lamp / "delay_on", str(signal.on_ms))
                _write(lamp / "delay_off", str(signal.off_ms))

    def rest(self) -> None:
        """As they were before the first signal."""
        for lamp, trigger in self._before.items():
            with contextlib.suppress(OSError):
                _write(lamp / "trigger", trigger)
        self._before.clear()


def _trigger(lamp: Path) -> str:
    """The one in force stands in brackets; a blinking that an earlier life left is nobody's wish."""
    found = _CHOSEN.search((lamp / "trigger").read_text(encoding="ascii"))
    return found[1] if found and found[1] != _BLINK else "none"


def _write(path: Path, value: str) -> None:
    path.write_text(value, encoding="ascii")
