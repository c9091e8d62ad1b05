"""Whether the wall clock can be believed: a Raspberry Pi has none that runs while it is off."""

import ctypes
import time
from typing import Final

_STA_UNSYNC: Final = 0x0040
_TIMEX_OCTETS: Final = 256
_STATUS_OFFSET: Final = 5 * ctypes.sizeof(ctypes.c_long)  # modes (padded), offset, freq, maxerror, esterror


def unix_time_if_synchronised() -> float | None:
    """The Unix time in seconds, or None while no time source has set the kernel's clock (adjtimex(2))."""
    return time.time() if is_synchronised() else None


def is_synchronised() -> bool:
    timex = ctypes.create_string_buffer(_TIMEX_OCTETS)
    if ctypes.CDLL(None).adjtimex(timex) < 0:
        return False
    status = ctypes.c_int.from_buffer(timex, _STATUS_OFFSET).value
    return not status & _STA_UNSYNC
