"""Whether the wall's clock can be believed."""

import ctypes
import time
from pathlib import Path
from typing import Final

_STA_UNSYNC: Final = 0x0040
_TIMEX_OCTETS: Final = 256
_STATUS_OFFSET: Final = 5 * ctypes.sizeof(ctypes.c_long)  # modes (padded), offset, freq, maxerror, esterror
FLAG: Final = Path("/run/systemd/timesync/synchronized")
_ADJTIMEX: Final = ctypes.CDLL(None).adjtimex


def unix_time_if_synchronised() -> float | None:
    """The Unix time in seconds, or None while no time source has set the kernel's clock (adjtimex(2))."""
    return time.time() if is_synchronised() else None


def is_synchronised(timesyncd_flag: Path = FLAG) -> bool:
    """On the device the sandbox of our services forbids asking the kernel (`ProtectClock=`): there the flag counts that
    systemd-timesyncd sets.
    """
    timex = ctypes.create_string_buffer(_TIMEX_OCTETS)
    if _ADJTIMEX(timex) < 0:
        return timesyncd_flag.exists()
    status = ctypes.c_int.from_buffer(timex, _STATUS_OFFSET).value
    return not status & _STA_UNSYNC
